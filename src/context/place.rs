//! Places: whose figure it is. Scopes: the clause (before the figure, then behind it), earlier clauses of the sentence, the figure
//! before, the heading, the paragraph, the document's own place.
//!
//! A name is resolved by its level word (`huyện Sơn Động`), by the gazetteer, or by an earlier mention with a level word.
//! `toàn tỉnh` is the province that the text is about. A code is given by the record room, when it is certain.

use super::{Context, Scene, Source, State};
use crate::rules::{Class, Classes, Cue, Data, Hit, Refers, Role, RuleId, RuleSet};
use crate::sentence::Sentence;
use crate::terms::{Kind, Level};
use crate::text::{Flags, fold};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A place by name, as records write it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PlaceRef {
    /// `Lai Châu`, `huyện Sơn Động`, `Việt Nam`.
    pub name: String,
    /// Without the level word.
    pub bare: String,
    pub level: Level,
}

/// Words that name a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub tokens: Range<usize>,
    pub place: PlaceRef,
    pub rule: RuleId,
    /// Inside `so với …`.
    pub compared: bool,
    /// Stands for the place of the text (`toàn tỉnh`).
    pub here: bool,
}

/// What the document says of places as a whole.
#[derive(Debug, Clone, Default)]
pub struct MainPlace {
    /// The place that the text is about.
    pub main: Option<PlaceRef>,
    pub province: Option<PlaceRef>,
    pub district: Option<PlaceRef>,
    pub commune: Option<PlaceRef>,
}

/// How often the document names each place, with weight for title and first sentences; and names with their level words.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    weights: Vec<(PlaceRef, u32)>,
    national: u32,
    named: FxHashMap<String, (PlaceRef, RuleId)>,
}

/// A named place or a word for one, before the document's own place is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raw {
    Named(PlaceRef),
    /// A country that tells where a thing comes from (`nho Mỹ`): it counts for what the text is about, no more.
    Origin(PlaceRef),
    Here(Refers),
}

/// A mention before it is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawMention {
    pub tokens: Range<usize>,
    pub raw: Raw,
    pub rule: RuleId,
}

/// The most capitalized words that a name may have.
const LONGEST_NAME: usize = 5;

impl Tally {
    /// Counts the mentions of a sentence.
    pub fn add(&mut self, mentions: &[RawMention], weight: u32) {
        let mut seen: Vec<&Raw> = Vec::new();
        for m in mentions {
            if seen.contains(&&m.raw) {
                continue;
            }
            seen.push(&m.raw);
            match &m.raw {
                Raw::Named(place) if place.name == "Việt Nam" => self.national += weight,
                Raw::Named(place) | Raw::Origin(place) => {
                    if place.name != place.bare {
                        self.named.entry(fold(&place.bare)).or_insert_with(|| (place.clone(), m.rule));
                    }
                    match self.weights.iter_mut().find(|(p, _)| p.level == place.level && fold(&p.bare) == fold(&place.bare)) {
                        Some((_, w)) => *w += weight,
                        None => self.weights.push((place.clone(), weight)),
                    }
                }
                Raw::Here(Refers::Country | Refers::Central) => self.national += weight,
                Raw::Here(_) => {}
            }
        }
    }

    /// Counts the communes and villages that a sentence calls by their bare name, once all sentences have been added.
    pub fn add_bare(&mut self, s: &Sentence<'_>, mentions: &[RawMention], weight: u32) {
        let named = std::mem::take(&mut self.named);
        let inside = |t: usize| mentions.iter().find(|m| m.tokens.contains(&t)).map(|m| m.tokens.end);
        let mut seen: Vec<&PlaceRef> = Vec::new();
        each_bare(s, &named, inside, |_, place, _| {
            if !seen.contains(&place) {
                seen.push(place);
                self.weights.iter_mut().filter(|(p, _)| p == place).for_each(|(_, w)| *w += weight);
            }
        });
        self.named = named;
    }

    fn best(&self, level: Level) -> Option<(&PlaceRef, u32)> {
        // The first of the heaviest, so that the result does not depend on luck.
        let mut best: Option<(&PlaceRef, u32)> = None;
        for (p, w) in self.weights.iter().filter(|(p, _)| p.level == level) {
            if best.is_none_or(|(_, b)| *w > b) {
                best = Some((p, *w));
            }
        }
        best
    }

    /// A district with its level word, from an earlier mention or the gazetteer.
    fn full(&self, place: PlaceRef, rules: &RuleSet, province: Option<&PlaceRef>) -> PlaceRef {
        if place.level != Level::District || place.name != place.bare {
            return place;
        }
        let known = self.named.get(&fold(&place.bare)).map(|(p, _)| p.clone());
        known.or_else(|| by_gazetteer(rules, &place.bare, province)).unwrap_or(place)
    }

    /// Settles what the text is about.
    pub fn settle(&self, rules: &RuleSet, title: &[RawMention]) -> MainPlace {
        let of_title = |level| {
            title.iter().rev().find_map(|m| match &m.raw {
                Raw::Named(p) if p.level == level => Some(p.clone()),
                _ => None,
            })
        };
        let provinces: u32 = self.weights.iter().filter(|(p, _)| p.level == Level::Province).map(|(_, w)| w).sum();
        let equals = |w: u32| self.weights.iter().filter(|(p, v)| p.level == Level::Province && *v == w).count();
        // Of several provinces that are named equally often the text is about none.
        let heaviest = self.best(Level::Province).filter(|(_, w)| *w * 3 >= provinces && (equals(*w) < 3)).map(|(p, _)| p.clone());
        let province = of_title(Level::Province).or(heaviest);
        let district = of_title(Level::District).or_else(|| self.best(Level::District).map(|(p, _)| p.clone())).map(|p| self.full(p, rules, province.as_ref()));
        let commune = of_title(Level::Commune).or_else(|| self.best(Level::Commune).map(|(p, _)| p.clone()));
        let local = of_title(Level::Commune).or_else(|| of_title(Level::District).map(|p| self.full(p, rules, province.as_ref())));
        let weight = province.as_ref().and_then(|p| self.weights.iter().find(|(q, _)| q == p)).map_or(0, |(_, w)| *w);
        let country = PlaceRef { name: "Việt Nam".into(), bare: "Việt Nam".into(), level: Level::Country };
        let national = self.national > 0 && self.national >= weight && self.national >= self.local_weight() && of_title(Level::Province).is_none();
        let several = self.weights.iter().filter(|(p, _)| p.level == Level::Province).count() > 2 && province.is_none();
        let main = if let Some(local) = local {
            Some(local)
        } else if let Some(foreign) = self.foreign(weight) {
            Some(foreign)
        } else if national || several {
            Some(country)
        } else {
            province.clone().or_else(|| self.lower(&district, &commune)).or_else(|| self.best(Level::Region).map(|(p, _)| p.clone()))
        };
        MainPlace { main, province, district, commune }
    }

    /// The country that a text from abroad is about.
    fn foreign(&self, province: u32) -> Option<PlaceRef> {
        let (place, weight) = self.best(Level::Country)?;
        (weight > 4 && self.national == 0 && province == 0).then(|| place.clone())
    }

    /// The heaviest district or commune.
    fn lower(&self, district: &Option<PlaceRef>, commune: &Option<PlaceRef>) -> Option<PlaceRef> {
        let weight = |level| self.best(level).map_or(0, |(_, w)| w);
        let small = commune.is_some() && weight(Level::Commune) > weight(Level::District);
        if small { commune.clone() } else { district.clone().or_else(|| commune.clone()) }
    }

    fn local_weight(&self) -> u32 {
        [Level::District, Level::Commune].into_iter().filter_map(|l| self.best(l)).map(|(_, w)| w).max().unwrap_or(0)
    }
}

/// All mentions of a sentence, not yet resolved.
pub fn find(s: &Sentence<'_>, rules: &RuleSet) -> Vec<RawMention> {
    let mut names = Vec::new();
    rules.place_names.find_from(s.text, &s.tokens, |t| t.is_word() && t.is_capital(), &mut names);
    let mut out: Vec<RawMention> = Vec::new();
    let mut t = 0;
    while t < s.len() {
        if !s.begins(t, Classes::of([Class::Level, Class::Place, Class::Here])) && !capital_word(s, t) {
            t += 1;
            continue;
        }
        let candidates = [by_number(s, rules, t), listed(s, rules, t), leveled(s, rules, t, &names), bare(s, rules, t, &names), here(s, rules, t)];
        // The longest wins; of equal ones the first.
        let found = candidates.into_iter().flatten().reduce(|best, m| if m.tokens.end > best.tokens.end { m } else { best });
        match found {
            Some(m) => {
                t = m.tokens.end.max(t + 1);
                out.push(m);
            }
            None => t += 1,
        }
    }
    out
}

fn capital_word(s: &Sentence<'_>, t: usize) -> bool {
    s.tokens.get(t).is_some_and(|t| t.is_word() && t.is_capital())
}

/// `huyện Sơn Động`, `tỉnh Lai Châu`, `TP. Huế`
fn leveled(s: &Sentence<'_>, rules: &RuleSet, t: usize, names: &[Hit]) -> Option<RawMention> {
    let hit = s.longest_as(t, Class::Level, Role::Form)?;
    let Data::Level { level, word } = &rules.rule(hit.rule).data else {
        return None;
    };
    let start = hit.end as usize;
    if !capital_word(s, start) || s.tokens[start].flags.has(Flags::BREAK) {
        return None;
    }
    // `xã NTM`: an abbreviation is no name, unless the whole line is in capitals.
    if s.tokens[start].flags.has(Flags::UPPER) && !s.tokens[hit.start as usize].flags.has(Flags::UPPER) {
        return None;
    }
    let known = longest_name(s, rules, start, names, false);
    if *level == Level::Province && known.is_none() || shouted(s, start) && !is_listed(s, rules, start, *level, known.is_some()) {
        return None;
    }
    let run = name_run(s, start);
    let (end, unit) = match known {
        Some((end, unit)) if end >= run || *level == Level::Province || level_fits(*level, unit) => (end, Some(unit)),
        _ => (run, None),
    };
    let bare = titled(s.quote(&(start..end)));
    let is_city = word.as_ref() == "thành phố";
    let province = *level == Level::Province && (!is_city || unit == Some(Level::Province));
    let place = if province {
        PlaceRef { name: bare.clone(), bare, level: Level::Province }
    } else if is_city {
        PlaceRef { name: format!("thành phố {bare}"), bare, level: Level::District }
    } else {
        let written = s.quote(&(t..start)).trim().to_lowercase();
        let word = if written.ends_with('.') || written.chars().count() <= 2 { word.to_string() } else { written };
        PlaceRef { name: format!("{word} {bare}"), bare, level: *level }
    };
    Some(RawMention { tokens: t..end, raw: Raw::Named(place), rule: hit.rule })
}

fn level_fits(level: Level, unit: Level) -> bool {
    level == unit
}

/// The longest gazetteer name that begins at a token: its end and its highest level.
fn longest_name(s: &Sentence<'_>, rules: &RuleSet, t: usize, names: &[Hit], strict: bool) -> Option<(usize, Level)> {
    let from = names.partition_point(|h| (h.start as usize) < t);
    let here = names[from..].iter().take_while(|h| h.start as usize == t);
    // Behind a level word the later words may be small: `tỉnh Quảng ninh`.
    let capital = |h: &&Hit| (t..h.end as usize).all(|i| !s.tokens[i].is_word() || s.tokens[i].is_capital() || !strict && i > t);
    let end = here.clone().filter(capital).map(|h| h.end).max()?;
    let level = here.filter(|h| h.end == end).map(|h| rules.gazetteer.upper()[h.rule as usize].level).min()?;
    Some((end as usize, level))
}

/// The end of a run of capitalized words.
fn name_run(s: &Sentence<'_>, start: usize) -> usize {
    let mut t = start;
    while t < s.len() && t - start < LONGEST_NAME && capital_word(s, t) && !(t > start && s.tokens[t].flags.has(Flags::BREAK)) {
        // An all-capital abbreviation behind a name is another thing.
        if t > start && s.tokens[t].flags.has(Flags::UPPER) && !s.tokens[start].flags.has(Flags::UPPER) {
            break;
        }
        // `Bí thư xã Đồng Tâm Nguyễn Văn An`: a person behind the place.
        if t > start && (s.longest(t, Class::Level).is_some() || t > start + 1 && s.longest(t, Class::Surname).is_some()) {
            break;
        }
        t += 1;
    }
    t
}

/// A region, a country, another name: places of `places/*.toml`.
fn listed(s: &Sentence<'_>, rules: &RuleSet, t: usize) -> Option<RawMention> {
    let hit = s.longest_as(t, Class::Place, Role::Form)?;
    let Data::Place { name, level, .. } = &rules.rule(hit.rule).data else {
        return None;
    };
    // `nhiều nước trên thế giới`
    if (t.saturating_sub(4)..t).any(|b| s.longest(b, Class::Compound).is_some_and(|h| h.end >= hit.end)) {
        return None;
    }
    let proper = name.chars().next().is_some_and(char::is_uppercase);
    let last = hit.end as usize - 1;
    if proper && !(capital_word(s, t) || capital_word(s, last)) || s.ending(t, Class::Surname, Role::Form).is_some() {
        return None;
    }
    let hyphen = s.tokens.get(hit.end as usize).is_some_and(|n| (s.is_dash(hit.end as usize) || n.is_number()) && !n.flags.has(Flags::SPACE));
    let in_name = hyphen || t > 0 && capital_word(s, t - 1) && !s.tokens[t - 1].flags.has(Flags::UPPER);
    let place = PlaceRef { name: name.to_string(), bare: name.to_string(), level: *level };
    let raw = match (*level == Level::Country, &**name == "Việt Nam") {
        (true, true) if in_name => return None,
        (true, false) if in_name || !stands_free(s, rules, t) => Raw::Origin(place),
        _ => Raw::Named(place),
    };
    Some(RawMention { tokens: t..hit.end as usize, raw, rule: hit.rule })
}

/// A country right behind a noun tells where a thing comes from (`nho Mỹ`), not whose the figure is.
fn stands_free(s: &Sentence<'_>, rules: &RuleSet, t: usize) -> bool {
    let Some(before) = t.checked_sub(1) else { return true };
    !s.tokens[before].is_word()
        || s.begins(before, Classes::of([Class::Stop, Class::Filler, Class::Reach, Class::Join, Class::Boundary]))
        || super::cue_at(s, rules, before, Cue::Market).is_some()
        || (t.saturating_sub(4)..t).any(|b| s.at(b).iter().any(|h| rules.rule(h.rule).data == Data::Cue(Cue::Body)) && (b..t).all(|i| s.tokens[i].is_word()))
}

/// A province by its bare name; a district only in [`resolve`], with the document's help.
fn bare(s: &Sentence<'_>, rules: &RuleSet, t: usize, names: &[Hit]) -> Option<RawMention> {
    if !capital_word(s, t) || s.ending(t, Class::Surname, Role::Form).is_some() {
        return None;
    }
    let (end, level) = longest_name(s, rules, t, names, true)?;
    // `Hà Nội Xanh`, `Bình Minh Group`: a longer name.
    let longer = capital_word(s, end) && !s.tokens[end].flags.has(Flags::UPPER) && level != Level::Province;
    let part_of_name = level != Level::Province && t > 0 && capital_word(s, t - 1) && s.longest(t - 1, Class::Level).is_none();
    if longer || part_of_name {
        return None;
    }
    let rule = rules.known.level_province?;
    let name = titled(s.quote(&(t..end)));
    let place = PlaceRef { name: name.clone(), bare: name, level };
    Some(RawMention { tokens: t..end, raw: Raw::Named(place), rule })
}

fn shouted(s: &Sentence<'_>, t: usize) -> bool {
    s.tokens[t].flags.has(Flags::UPPER)
}

/// In a line of capitals only names that the gazetteer knows are names: `KINH TẾ - XÃ HỘI TỈNH …`.
fn is_listed(s: &Sentence<'_>, rules: &RuleSet, start: usize, level: Level, known: bool) -> bool {
    let run = name_run(s, start);
    known || level == Level::Commune && (start + 1..=run).any(|end| rules.gazetteer.find(s.quote(&(start..end)), Level::Commune).next().is_some())
}

/// `quận 2`, `phường 5`, `ấp 7`: places named by a number.
fn by_number(s: &Sentence<'_>, rules: &RuleSet, t: usize) -> Option<RawMention> {
    let hit = s.longest_as(t, Class::Level, Role::Form)?;
    let Data::Level { level, word } = &rules.rule(hit.rule).data else { return None };
    let at = hit.end as usize;
    let number = s.tokens.get(at).filter(|t| t.is_number() && t.end - t.start <= 2)?;
    let named = *level != Level::Village && matches!(word.as_ref(), "quận" | "phường") && s.longest(at + 1, Class::Counter).is_none();
    let after_number = t > 0 && s.tokens[t - 1].is_number();
    let measured = s.begins(at + 1, Classes::of([Class::Unit, Class::Scale])) || s.is_mark(at + 1, "%") || s.is_mark(at + 1, "/");
    let bare = number.text(s.text).to_owned();
    let name = format!("{word} {bare}");
    (named && !after_number && !measured).then(|| RawMention { tokens: t..at + 1, raw: Raw::Named(PlaceRef { name, bare, level: *level }), rule: hit.rule })
}

/// `toàn tỉnh`, `cả nước`
fn here(s: &Sentence<'_>, rules: &RuleSet, t: usize) -> Option<RawMention> {
    let hit = s.longest_as(t, Class::Here, Role::Form)?;
    let Data::Here(refers) = rules.rule(hit.rule).data else {
        return None;
    };
    let last = hit.end as usize - 1;
    let names_another = s.longest(last, Class::Level).is_some() && capital_word(s, last + 1);
    if names_another {
        return None;
    }
    let one_word = hit.len() == 1;
    // Bare `tỉnh`, `xã` stand for the place only at the start of a clause, before a verb.
    let stands_alone = s.tokens.get(hit.end as usize).is_some_and(|n| n.is_word() && !n.is_capital())
        && (t == 0 || !s.tokens[t - 1].is_word() && !s.tokens[t - 1].is_number())
        && s.begins(hit.end as usize, Classes::of([Class::Reach, Class::Status, Class::Change, Class::Filler]));
    (!one_word || stands_alone).then_some(RawMention { tokens: t..hit.end as usize, raw: Raw::Here(refers), rule: hit.rule })
}

/// `QUẢNG TRỊ` as `Quảng Trị`.
fn titled(name: &str) -> String {
    let tidy = crate::text::tidy(name);
    if !tidy.chars().all(|c| !c.is_alphabetic() || c.is_uppercase()) {
        return capitalized(&tidy);
    }
    capitalized(&tidy.to_lowercase())
}

fn capitalized(name: &str) -> String {
    let word = |w: &str| {
        let mut chars = w.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>()
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Settles the mentions of a sentence with what the document knows.
pub fn resolve(s: &Sentence<'_>, rules: &RuleSet, raw: &[RawMention], tally: &Tally, main: &MainPlace, compared: &[Range<usize>]) -> Vec<Mention> {
    let mut out: Vec<Mention> = Vec::new();
    for m in raw {
        let (place, here) = match &m.raw {
            Raw::Here(refers) => match stands_for(*refers, main, &out) {
                Some(place) => (place, true),
                None => continue,
            },
            Raw::Origin(_) => continue,
            Raw::Named(place) => match named(rules, place, tally, main, out.last(), &m.tokens) {
                Some(place) => (place, false),
                None => continue,
            },
        };
        let compared = compared.iter().any(|c| c.contains(&m.tokens.start));
        out.push(Mention { tokens: m.tokens.clone(), place, rule: m.rule, compared, here });
    }
    again(s, tally, compared, &mut out);
    out
}

/// Communes and villages by their bare name, when the text has named them with their level word elsewhere.
fn again(s: &Sentence<'_>, tally: &Tally, compared: &[Range<usize>], out: &mut Vec<Mention>) {
    if tally.named.is_empty() {
        return;
    }
    let before = std::mem::take(out);
    let inside = |t: usize| before.iter().find(|m| m.tokens.contains(&t)).map(|m| m.tokens.end);
    let mut found: Vec<Mention> = Vec::new();
    each_bare(s, &tally.named, inside, |tokens, place, rule| {
        let compared = compared.iter().any(|c| c.contains(&tokens.start));
        found.push(Mention { tokens, place: place.clone(), rule, compared, here: false });
    });
    *out = before;
    out.append(&mut found);
    out.sort_by_key(|m| m.tokens.start);
}

/// Each run of capitalized words that is a known name, outside of what is read already.
fn each_bare<'n>(
    s: &Sentence<'_>,
    named: &'n FxHashMap<String, (PlaceRef, RuleId)>,
    inside: impl Fn(usize) -> Option<usize>,
    mut found: impl FnMut(Range<usize>, &'n PlaceRef, RuleId),
) {
    if named.is_empty() {
        return;
    }
    let mut t = 0;
    while t < s.len() {
        let read = inside(t);
        let starts = read.is_none() && capital_word(s, t) && !(t > 0 && capital_word(s, t - 1)) && s.ending(t, Class::Surname, Role::Form).is_none();
        let name = if starts { (t + 1..=name_run(s, t)).rev().find_map(|end| named.get(&fold(s.quote(&(t..end)))).map(|p| (end, p))) } else { None };
        let Some((end, (place, rule))) = name else {
            t = read.unwrap_or(t + 1);
            continue;
        };
        found(t..end, place, *rule);
        t = end;
    }
}

fn stands_for(refers: Refers, main: &MainPlace, before: &[Mention]) -> Option<PlaceRef> {
    let last = |level| before.iter().rev().find(|m| m.place.level == level).map(|m| m.place.clone());
    match refers {
        Refers::Country => Some(PlaceRef { name: "Việt Nam".into(), bare: "Việt Nam".into(), level: Level::Country }),
        Refers::Province => last(Level::Province).or_else(|| main.province.clone()),
        Refers::District => last(Level::District).or_else(|| main.district.clone()),
        Refers::Commune => last(Level::Commune).or_else(|| main.commune.clone()),
        Refers::Any => main.main.clone(),
        Refers::Central => None,
    }
}

/// A bare district name counts when the text has given it a level before, when it stands in a list of districts, or
/// when it lies in the province of the text.
fn named(rules: &RuleSet, place: &PlaceRef, tally: &Tally, main: &MainPlace, before: Option<&Mention>, tokens: &Range<usize>) -> Option<PlaceRef> {
    if place.level != Level::District || place.name != place.bare {
        return Some(place.clone());
    }
    if let Some((known, _)) = tally.named.get(&fold(&place.bare)) {
        return Some(known.clone());
    }
    if let Some(before) = before.filter(|b| matches!(b.place.level, Level::District | Level::Commune) && !b.here)
        && tokens.start.saturating_sub(before.tokens.end) <= 8
    {
        let word = before.place.name.strip_suffix(&before.place.bare).unwrap_or("").trim();
        let word = if word.is_empty() || word == "thành phố" || word == "thị xã" { "huyện" } else { word };
        return Some(PlaceRef { name: format!("{word} {}", place.bare), bare: place.bare.clone(), level: before.place.level });
    }
    by_gazetteer(rules, &place.bare, Some(main.province.as_ref()?))
}

/// The district of this name in a province, with its level word.
fn by_gazetteer(rules: &RuleSet, bare: &str, province: Option<&PlaceRef>) -> Option<PlaceRef> {
    let mut units = rules.gazetteer.find(bare, Level::District).filter(|u| province.is_none_or(|p| rules.gazetteer.is_below(u, &p.bare, None)));
    let unit = units.next()?;
    if units.next().is_some() {
        return None;
    }
    let word = unit.full_name.strip_suffix(&*unit.name).unwrap_or("Huyện ").trim().to_lowercase();
    Some(PlaceRef { name: format!("{word} {bare}"), bare: bare.to_owned(), level: Level::District })
}

/// Places of a list that a row of figures takes one by one: `Nam Giang và Bắc Trà My lần lượt là 19,4% và 22,5%`.
pub fn distributed(scene: &Scene<'_, '_>) -> Vec<(usize, PlaceRef)> {
    let s = scene.sentence();
    let figures = scene.figures();
    if figures.len() < 2 {
        return Vec::new();
    }
    let Some(at) = (0..s.len()).find(|&t| matches!((s.word(t), s.word(t + 1)), ("lần", "lượt") | ("tương", "ứng"))) else {
        return Vec::new();
    };
    let places: Vec<&Mention> = scene.read.places.iter().filter(|p| p.tokens.end <= at).collect();
    let first = figures.iter().position(|q| q.tokens.start > at).unwrap_or(figures.len());
    // The list right before the words, joined by commas and `và`.
    let mut list: Vec<&Mention> = Vec::new();
    for p in places.iter().rev() {
        let joined = list.last().is_none_or(|next| {
            let gap = p.tokens.end..next.tokens.start;
            gap.len() <= 2 && gap.clone().all(|t| s.is_mark(t, ",") || s.word(t) == "và")
        });
        if !joined {
            break;
        }
        list.push(p);
    }
    list.reverse();
    // The row of figures behind the words, joined as the places are.
    let joined = |a: usize, b: usize| {
        let gap = figures[a].tokens.end..figures[b].tokens.start;
        gap.len() <= 3 && gap.clone().all(|t| s.is_mark(t, ",") || s.is_mark(t, ";") || s.word(t) == "và" || s.longest(t, Class::Qualifier).is_some())
    };
    let row = if first < figures.len() { 1 + (first..figures.len() - 1).take_while(|&k| joined(k, k + 1)).count() } else { 0 };
    if list.len() < 2 || list.len() != row {
        return Vec::new();
    }
    list.into_iter().enumerate().map(|(k, p)| (first + k, p.place.clone())).collect()
}

/// The one place that a sentence speaks of, the most specific of a chain; none when it lists several.
pub fn topic(read: &super::Read<'_>) -> Option<PlaceRef> {
    let s = &read.sentence;
    // What is listed behind a colon does not become the topic of what was told before it.
    let colon = (0..s.len()).find(|&t| s.is_mark(t, ":")).filter(|&c| read.places.iter().any(|p| p.tokens.end <= c));
    let named: Vec<&Mention> = read.places.iter().filter(|p| !p.compared && colon.is_none_or(|c| p.tokens.start < c)).collect();
    let lowest = named.iter().map(|p| p.place.level).max()?;
    let mut at_level = named.iter().filter(|p| p.place.level == lowest);
    let first = at_level.next()?;
    at_level.all(|p| p.place == first.place).then(|| first.place.clone())
}

pub fn of(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], state: &State, shared: &[(usize, PlaceRef)]) -> (Option<PlaceRef>, Source) {
    let q = scene.figure(i);
    if let Some((_, place)) = shared.iter().find(|(k, _)| *k == i) {
        return (Some(place.clone()), Source::Sentence);
    }
    let clause = scene.clause_of(q.number.start);
    let depth = clause.depth;
    let closed = |p: &&Mention| p.tokens.end <= q.tokens.start && scene.clause_of(p.tokens.start).depth > depth;
    let ranked = |p: &&Mention| scene.figures().iter().any(|f| f.kind == Kind::Rank && f.tokens.end == p.tokens.start);
    let usable: Vec<&Mention> = scene.read.places.iter().filter(|p| !p.compared && !ranked(p) && !closed(p)).collect();
    let before = usable.iter().rposition(|p| p.tokens.end <= q.tokens.start);
    let before = before.map(|k| owner(scene, &usable, k));
    let in_clause = |k: &usize| clause.tokens.contains(&usable[*k].tokens.start);
    if let Some(k) = before.filter(in_clause) {
        return settled(scene, &usable, k);
    }
    let limit = scene.next_start(i).min(clause.tokens.end);
    let after = usable.iter().position(|p| p.tokens.start >= q.tokens.end && p.tokens.start < limit);
    if let Some(k) = after.filter(|&k| belongs_behind(scene, usable[k])) {
        let list = usable.get(k + 1).is_some_and(|n| adjacent(scene, usable[k], n) && n.place.level == usable[k].place.level);
        return (Some(usable[k].place.clone()).filter(|_| !list), Source::Rule(usable[k].rule));
    }
    if let Some(k) = before {
        return settled(scene, &usable, k);
    }
    if let (Some(previous), true) = (contexts.last(), i > 0) {
        return (previous.place.0.clone(), Source::Previous);
    }
    // `bà A (TP. Hồ Chí Minh) khám 57 lần`: a place in a bracket, when the sentence names no other.
    if let Some(p) = scene.read.places.iter().find(|p| !p.compared && closed(p)).filter(|_| usable.is_empty()) {
        return (Some(p.place.clone()), Source::Sentence);
    }
    let carried = state.place.clone().filter(|p| state.paragraph == scene.read.paragraph && scene.read.places.is_empty() && p.level != Level::Country);
    if let Some(place) = carried {
        return (Some(place), Source::Paragraph);
    }
    if let Some(place) = state.heading_place.clone() {
        return (Some(place), Source::Document);
    }
    (scene.frame.main.main.clone(), Source::Document)
}

/// The other side of a relation gives way to the place before it in its clause: `của Mỹ với Trung Quốc` is Mỹ.
fn owner(scene: &Scene<'_, '_>, usable: &[&Mention], k: usize) -> usize {
    let at = usable[k].tokens.start;
    let partner = at.checked_sub(1).is_some_and(|t| scene.cue(t, Cue::Partner) == Some(at));
    let clause = scene.clause_of(at);
    let mut first = k;
    while first > 0 && adjacent(scene, usable[first - 1], usable[first]) {
        first -= 1;
    }
    let wide = |m: &Mention| matches!(m.place.level, Level::Country | Level::Region);
    let same = |b: usize| usable[b].place.level <= usable[k].place.level || wide(usable[b]) && wide(usable[k]);
    let before = first.checked_sub(1).filter(|&b| partner && clause.tokens.contains(&usable[b].tokens.start) && !usable[b].here && same(b));
    before.map_or(k, |b| owner(scene, usable, b))
}

/// Only a comma, a bracket or `và` between two mentions.
fn adjacent(scene: &Scene<'_, '_>, a: &Mention, b: &Mention) -> bool {
    let s = scene.sentence();
    let gap = a.tokens.end..b.tokens.start;
    gap.len() <= 2 && gap.clone().all(|t| s.is_mark(t, ",") || s.is_mark(t, "(") || s.is_mark(t, "-") || matches!(s.word(t), "và" | "của" | "thuộc"))
}

/// A mention with its neighbours: `xã A, huyện B, tỉnh C` is xã A; `A và B cùng có 13 xã` is none.
fn settled(scene: &Scene<'_, '_>, usable: &[&Mention], k: usize) -> (Option<PlaceRef>, Source) {
    let mut at = k;
    while at > 0 && adjacent(scene, usable[at - 1], usable[at]) && usable[at - 1].place.level > usable[at].place.level {
        at -= 1;
    }
    let source = Source::Rule(usable[at].rule);
    let list = at == k
        && k > 0
        && adjacent(scene, usable[k - 1], usable[k])
        && usable[k - 1].place.level == usable[k].place.level
        && usable[k - 1].place != usable[k].place;
    (Some(usable[at].place.clone()).filter(|_| !list), source)
}

/// `tại An Vinh`, `của huyện An Lão`, `ở xã …`: a place behind the figure is its own behind such a word.
fn belongs_behind(scene: &Scene<'_, '_>, p: &Mention) -> bool {
    p.here || p.tokens.start.checked_sub(1).is_some_and(|t| scene.is(t, Cue::Within))
}

/// The place that a text of nothing but a name means.
pub fn named_by(s: &Sentence<'_>, rules: &RuleSet) -> Option<(PlaceRef, RuleId)> {
    find(s, rules).into_iter().find_map(|m| match m.raw {
        Raw::Named(place) => Some((place, m.rule)),
        _ => None,
    })
}
