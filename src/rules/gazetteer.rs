//! Administrative units by name: code, level, parent and validity.
//!
//! In: `places/units.csv` (`level,code,name,full_name,parent_code,valid_from,valid_to`). Out: units that bear a name.
//! Since 2025-07-01 province codes are reused with another meaning, so a code is given only when the date of the text
//! leaves one unit. Never: a guess between units of one name.

use crate::terms::Level;
use crate::text::fold;
use once_cell::sync::OnceCell;
use rustc_hash::FxHashMap;

/// One administrative unit in one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub level: Level,
    pub code: Box<str>,
    pub name: Box<str>,
    /// With its level word: `Huyện Sơn Động`.
    pub full_name: Box<str>,
    pub parent: Box<str>,
    /// ISO dates, inclusive; empty when open.
    pub valid_from: Box<str>,
    pub valid_to: Box<str>,
}

impl Unit {
    /// Was the unit there on this ISO date? An unknown date does not exclude.
    pub fn was_there(&self, date: Option<&str>) -> bool {
        let Some(date) = date else { return true };
        (self.valid_from.is_empty() || date >= &*self.valid_from) && (self.valid_to.is_empty() || date <= &*self.valid_to)
    }
}

/// All units, by folded bare name. Communes, most of the table, are read when the first text asks for one.
#[derive(Debug, Default, Clone)]
pub struct Gazetteer {
    /// Provinces and districts.
    upper: Units,
    /// Lines of communes and villages.
    lower_lines: Box<str>,
    lower: OnceCell<Units>,
    /// Districts by code.
    districts: FxHashMap<Box<str>, u32>,
}

#[derive(Debug, Default, Clone)]
struct Units {
    units: Vec<Unit>,
    by_name: FxHashMap<Box<str>, Vec<u32>>,
}

impl Units {
    fn add(&mut self, unit: Unit) {
        self.by_name.entry(key(&unit.name).into()).or_default().push(self.units.len() as u32);
        self.units.push(unit);
    }
}

impl Gazetteer {
    /// Reads the table; gives the numbers of lines that it cannot read, from 1.
    pub fn read(csv: &str) -> (Self, Vec<usize>) {
        let mut gazetteer = Self::default();
        let mut bad = Vec::new();
        let mut lower = String::with_capacity(csv.len());
        for (i, line) in csv.lines().enumerate().skip(1).filter(|(_, l)| !l.trim().is_empty()) {
            match parse(line) {
                Some(unit) if unit.level < Level::Commune => gazetteer.add(unit.owned()),
                Some(_) => lower.extend([line, "\n"]),
                None => bad.push(i + 1),
            }
        }
        gazetteer.lower_lines = lower.into();
        (gazetteer, bad)
    }

    fn add(&mut self, unit: Unit) {
        if unit.level == Level::District {
            self.districts.insert(unit.code.clone(), self.upper.units.len() as u32);
        }
        self.upper.add(unit);
    }

    /// Provinces and districts.
    pub fn upper(&self) -> &[Unit] {
        &self.upper.units
    }

    fn lower(&self) -> &Units {
        self.lower.get_or_init(|| {
            let mut units = Units::default();
            self.lower_lines.lines().filter_map(parse).for_each(|unit| units.add(unit.owned()));
            units
        })
    }

    /// Units of a bare name and level.
    pub fn find<'g>(&'g self, name: &str, level: Level) -> impl Iterator<Item = &'g Unit> + use<'g> {
        let units = if level < Level::Commune { &self.upper } else { self.lower() };
        let found = units.by_name.get(key(name).as_str()).map_or(&[][..], |v| v);
        found.iter().map(|&i| &units.units[i as usize]).filter(move |u| u.level == level)
    }

    /// The code of the one unit with this name and level, on this date, below this province; none when several fit.
    pub fn code(&self, name: &str, level: Level, date: Option<&str>, province: Option<&str>) -> Option<&str> {
        let mut fitting: Vec<&Unit> = self.find(name, level).filter(|u| u.was_there(date)).collect();
        // A figure "of 2025" of a unit that ended within the year still means that unit.
        if fitting.is_empty() {
            fitting = self.find(name, level).collect();
        }
        if let Some(province) = province.filter(|_| level != Level::Province) {
            fitting.retain(|u| self.is_below(u, province, date));
        }
        let first = fitting.first()?;
        fitting.iter().all(|u| u.code == first.code).then_some(&first.code)
    }

    /// Does a unit lie in the province of this name?
    pub fn is_below(&self, unit: &Unit, province: &str, date: Option<&str>) -> bool {
        let parent_is =
            |code: &str, at: &Unit| self.find(province, Level::Province).any(|p| *p.code == *code && p.valid_to == at.valid_to && p.was_there(date));
        if parent_is(&unit.parent, unit) {
            return true;
        }
        let district = self.districts.get(&unit.parent).map(|&i| &self.upper.units[i as usize]).filter(|d| d.valid_to == unit.valid_to);
        unit.level == Level::Commune && district.is_some_and(|d| parent_is(&d.parent, d))
    }
}

/// The form under which a name is looked up: folded, tone mark on the first vowel, hyphens as spaces.
fn key(name: &str) -> String {
    const PLACES: [(&str, &str); 10] =
        [("oà", "òa"), ("oá", "óa"), ("oả", "ỏa"), ("oã", "õa"), ("oạ", "ọa"), ("uỳ", "ùy"), ("uý", "úy"), ("uỷ", "ủy"), ("uỹ", "ũy"), ("uỵ", "ụy")];
    let mut folded = if name.contains(['-', '–']) { fold(&name.replace(['-', '–'], " ")) } else { fold(name) };
    if folded.contains('’') {
        folded = folded.replace('’', "'");
    }
    // Only a few names have one of these vowels behind another.
    let marked = |c| matches!(c, 'à' | 'á' | 'ả' | 'ã' | 'ạ' | 'ỳ' | 'ý' | 'ỷ' | 'ỹ' | 'ỵ');
    let mut before = ' ';
    let second = folded.chars().any(|c| matches!(std::mem::replace(&mut before, c), 'o' | 'u') && marked(c));
    if second {
        for (second, first) in PLACES {
            folded = folded.replace(second, first);
        }
    }
    folded
}

/// A line of the table, checked.
struct Line<'l> {
    level: Level,
    cells: [&'l str; 6],
}

fn parse(line: &str) -> Option<Line<'_>> {
    let mut from = 0;
    let mut cells = memchr::memchr_iter(b',', line.as_bytes()).chain([line.len()]).map(|to| line[std::mem::replace(&mut from, to + 1)..to].trim());
    let level = Level::from_term(cells.next()?)?;
    let line = Line { level, cells: [cells.next()?, cells.next()?, cells.next()?, cells.next()?, cells.next()?, cells.next()?] };
    (!line.cells[0].is_empty() && !line.cells[1].is_empty()).then_some(line)
}

impl Line<'_> {
    fn owned(&self) -> Unit {
        let [code, name, full_name, parent, valid_from, valid_to] = self.cells.map(Into::into);
        Unit { level: self.level, code, name, full_name, parent, valid_from, valid_to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &str = "level,code,name,full_name,parent_code,valid_from,valid_to\n\
        province,24,Bắc Giang,Tỉnh Bắc Giang,,,2025-06-30\n\
        province,24,Bắc Ninh,Tỉnh Bắc Ninh,,2025-07-01,\n\
        province,27,Bắc Ninh,Tỉnh Bắc Ninh,,,2025-06-30\n\
        district,220,Sơn Động,Huyện Sơn Động,24,,2025-06-30\n\
        broken line\n";

    #[test]
    fn a_code_needs_its_date() {
        let (g, bad) = Gazetteer::read(CSV);
        assert_eq!(bad, [6]);
        assert_eq!(g.code("Bắc Ninh", Level::Province, Some("2024-01-01"), None), Some("27"));
        assert_eq!(g.code("Bắc Ninh", Level::Province, Some("2026-01-01"), None), Some("24"));
        assert_eq!(g.code("Bắc Ninh", Level::Province, None, None), None, "two units fit: no guess");
        assert_eq!(g.code("Sơn Động", Level::District, Some("2024-01-01"), Some("Bắc Giang")), Some("220"));
        assert_eq!(g.code("Sơn Động", Level::District, Some("2024-01-01"), Some("Bắc Ninh")), None);
    }
}
