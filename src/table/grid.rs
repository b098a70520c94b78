//! Tables whose rows are lines and whose cells stand apart by tabs, as pages, office files and spreadsheets give them, or by bars, as
//! plain text does.
//!
//! In: the paragraphs of a text. Out: the same paragraphs with each such row taken apart into its cells, and [`Cell`]s for the values.
//! Never: a value without a heading above it; a heading, a row's number or a year that is taken for a value.

use super::{Cell, Tables, bare, begins, column_unit, is, labelled_unit, row_name};
use crate::rules::{Class, Cue, RuleSet};
use crate::text::Span;
use std::ops::Range;

/// The longest cell that can be a value, in characters.
const VALUE: usize = 40;
/// Lines above a table that may tell its unit.
const ABOVE: usize = 20;

/// Takes the rows of tables apart; none when the text has no such rows.
pub fn split(text: &str, paragraphs: &[Span], rules: &RuleSet) -> Option<(Vec<Span>, Tables)> {
    [b'\t', b'|'].into_iter().find_map(|mark| split_at(mark, text, paragraphs, rules))
}

fn split_at(mark: u8, text: &str, paragraphs: &[Span], rules: &RuleSet) -> Option<(Vec<Span>, Tables)> {
    memchr::memchr(mark, text.as_bytes())?;
    let blocks = blocks(mark, text, paragraphs);
    if blocks.is_empty() {
        return None;
    }
    let mut out = (Vec::with_capacity(paragraphs.len()), Tables::default());
    let mut at = 0;
    for block in blocks {
        out.0.extend_from_slice(&paragraphs[at..block.start]);
        let unit = paragraphs[..block.start].iter().rev().take(ABOVE).find_map(|p| labelled_unit(p.of(text).trim(), rules));
        let before = (out.0.len(), out.1.inside.len(), out.1.cells.len());
        Grid::new(mark, text, &paragraphs[block.clone()], unit, rules).put(&mut out.0, &mut out.1);
        // Bars also stand between the entries of a menu or the parts of a line.
        if mark != b'\t' && out.1.cells.len() == before.2 {
            out.0.truncate(before.0);
            out.1.inside.truncate(before.1);
            out.0.extend_from_slice(&paragraphs[block.clone()]);
        }
        at = block.end;
    }
    out.0.extend_from_slice(&paragraphs[at..]);
    (mark == b'\t' || !out.1.cells.is_empty()).then_some(out)
}

/// At least two lines, one after the other, with the same number of marks.
fn blocks(mark: u8, text: &str, paragraphs: &[Span]) -> Vec<Range<usize>> {
    let tabs: Vec<usize> =
        paragraphs.iter().enumerate().map(|(i, _)| memchr::memchr_iter(mark, line(text, paragraphs, i).of(text).as_bytes()).count()).collect();
    let mut out = Vec::new();
    let mut start = 0;
    while start < tabs.len() {
        let end = (start..tabs.len()).find(|&i| tabs[i] != tabs[start]).unwrap_or(tabs.len());
        if tabs[start] > 0 && end - start >= 2 {
            out.push(start..end);
        }
        start = end;
    }
    out
}

/// The whole line of a paragraph: empty cells at its edges count.
fn line(text: &str, paragraphs: &[Span], i: usize) -> Span {
    let p = paragraphs[i];
    let from = i.checked_sub(1).map_or(0, |b| paragraphs[b].end);
    let to = paragraphs.get(i + 1).map_or(text.len(), |n| n.start);
    let start = text[from..p.start].rfind('\n').map_or(from, |at| from + at + 1);
    let end = text[p.end..to].find('\n').map_or(to, |at| p.end + at);
    Span::new(start, end)
}

struct Grid<'t> {
    text: &'t str,
    rules: &'t RuleSet,
    rows: Vec<Vec<Span>>,
    /// The unit that a line above tells.
    unit: Option<String>,
}

/// What the headings say of a column.
#[derive(Debug, Clone, Default)]
struct Column {
    /// The heading that names the values.
    name: String,
    /// All that is said above the column, times spelled out.
    heading: String,
    unit: Option<String>,
    /// Numbers the rows.
    ordinal: bool,
    /// Tells the unit of each row.
    units: bool,
}

impl<'t> Grid<'t> {
    fn new(mark: u8, text: &'t str, paragraphs: &[Span], unit: Option<String>, rules: &'t RuleSet) -> Self {
        let cells = |i: usize| {
            let line = line(text, paragraphs, i);
            let mut at = line.start;
            let piece = |piece: &str| {
                let start = at + (piece.len() - piece.trim_start().len());
                // `|---|---|` only draws the line below the headings.
                let drawn = mark != b'\t' && piece.trim().len() > 2 && piece.trim().bytes().all(|b| matches!(b, b'-' | b':'));
                let span = Span::new(start, if drawn { start } else { start + piece.trim().len() });
                at += piece.len() + 1;
                span
            };
            line.of(text).split(mark as char).map(piece).collect()
        };
        Self { text, rules, rows: (0..paragraphs.len()).map(cells).collect(), unit }
    }

    fn begins_with(&self, text: &str, cue: Cue) -> bool {
        begins(self.rules, text, |h, _| h.cue == Some(cue))
    }

    fn cell(&self, row: usize, column: usize) -> &'t str {
        self.rows[row][column].of(self.text)
    }

    fn width(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    fn filled(&self, row: usize) -> usize {
        self.rows[row].iter().filter(|c| c.start < c.end).count()
    }

    /// Puts the cells among the paragraphs of the text.
    fn put(&self, paragraphs: &mut Vec<Span>, tables: &mut Tables) {
        let start = (0..self.rows.len()).find(|&r| self.filled(r) >= 2).unwrap_or(0);
        let body = self.body(start);
        let columns = self.columns(start..body);
        let names = self.names(&columns, body);
        let unit = (0..start).find_map(|r| (0..self.width()).find_map(|k| labelled_unit(self.cell(r, k), self.rules))).or_else(|| self.unit.clone());
        let mut name = None;
        for row in 0..self.rows.len() {
            let headed = (start..body).contains(&row) || row >= body && (start..body).any(|h| self.same(h, row)) || row == body && self.counts(row);
            name = if row < body { None } else { self.name(row, names).or(name) };
            for (k, span) in self.rows[row].iter().enumerate().filter(|(_, s)| s.start < s.end) {
                let at = paragraphs.len();
                paragraphs.push(*span);
                let value = row >= body && !headed && body > start && Some(k) != names;
                match value.then(|| self.value((row, k), &columns, names, name, unit.as_deref())).flatten() {
                    Some(cell) => tables.cells.push(Cell { paragraph: at, ..cell }),
                    None if headed || Some(k) == names || columns[k].units || columns[k].ordinal => tables.inside.push(at..at + 1),
                    None => {}
                }
            }
        }
    }

    /// Where the headings end: at the first row that has a value which is no year.
    fn body(&self, start: usize) -> usize {
        let is_body = |r: &usize| self.filled(*r) >= 2 && (1..self.width()).any(|k| is_value(self.cell(*r, k)) && !is_year(self.cell(*r, k)));
        (start..self.rows.len()).find(is_body).unwrap_or(self.rows.len()).max(start)
    }

    fn same(&self, a: usize, b: usize) -> bool {
        (0..self.width()).all(|k| self.cell(a, k) == self.cell(b, k))
    }

    /// The row that numbers the columns: `1 2 3`, `A B 1 2`.
    fn counts(&self, row: usize) -> bool {
        let numbers: Vec<usize> = (0..self.width()).filter_map(|k| self.cell(row, k).trim_matches(['(', ')']).parse().ok()).collect();
        let short = (0..self.width()).all(|k| self.cell(row, k).chars().count() <= 8);
        short && numbers.len() >= 2 && numbers.windows(2).all(|w| w[1] == w[0] + 1) && numbers[0] == 1
    }

    fn columns(&self, headings: Range<usize>) -> Vec<Column> {
        (0..self.width()).map(|k| self.column(&headings, k)).collect()
    }

    /// What stands above a column; a heading over several columns stands in the first of them.
    fn column(&self, headings: &Range<usize>, k: usize) -> Column {
        let mut said: Vec<&str> = Vec::new();
        for row in headings.clone() {
            let own = self.cell(row, k);
            let over = || (0..k).rev().map(|left| self.cell(row, left)).find(|c| !c.is_empty());
            let below = (row + 1..headings.end).any(|r| !self.cell(r, k).is_empty());
            let cell = if own.is_empty() && below { over().unwrap_or("") } else { own };
            if !cell.is_empty() && !said.contains(&cell) {
                said.push(cell);
            }
        }
        let is_time = |s: &&str| is_year(s) || self.begins_with(s, Cue::Timed);
        let name = said.iter().rev().find(|s| !is_time(s)).copied().unwrap_or("");
        let spelled = said.iter().map(|s| if is_year(s) { format!("năm {s}") } else { (*s).to_owned() });
        let name = bare(name).to_owned();
        Column {
            ordinal: name == "#" || is(self.rules, &name, Cue::Ordinal),
            // A column headed `Đơn vị` may name places.
            units: is(self.rules, &name, Cue::UnitLabel) && !begins(self.rules, &name, |h, whole| whole && h.class == Class::Counter),
            name,
            heading: spelled.collect::<Vec<_>>().join(", "),
            unit: said.iter().rev().find_map(|s| column_unit(s)),
        }
    }

    /// The column that names the rows: the first whose cells are words.
    fn names(&self, columns: &[Column], body: usize) -> Option<usize> {
        let is_named = |k: &usize| {
            let cells = (body..self.rows.len()).map(|r| self.cell(r, *k)).filter(|c| !c.is_empty());
            let (words, all) = cells.fold((0, 0), |(w, n), c| (w + usize::from(!is_value(c) && c.chars().count() > 1), n + 1));
            words * 2 > all && !columns[*k].ordinal
        };
        (0..self.width()).find(is_named)
    }

    /// What names a row: its cell in the column of names, or words before it, as `Tổng` over several columns.
    fn name(&self, row: usize, names: Option<usize>) -> Option<&'t str> {
        let words = |k: &usize| !self.cell(row, *k).is_empty() && (Some(*k) == names || self.cell(row, *k).chars().filter(|c| c.is_alphabetic()).count() > 2);
        (0..=names?).rev().find(words).map(|k| self.cell(row, k))
    }

    fn value(&self, (row, k): (usize, usize), columns: &[Column], names: Option<usize>, name: Option<&str>, unit: Option<&str>) -> Option<Cell> {
        let column = &columns[k];
        let text = self.cell(row, k);
        if !is_value(text) || column.ordinal || column.heading.is_empty() || is_year(text) && column.name.to_lowercase() == "năm" {
            return None;
        }
        let in_row = columns.iter().position(|c| c.units).map(|u| self.cell(row, u)).filter(|c| !c.is_empty() && !is_value(c));
        let head = names.map(|n| columns[n].name.as_str()).unwrap_or_default();
        let things = in_row.is_some() || column.name.is_empty() || self.begins_with(head, Cue::Thing);
        let row_text = name.map(|n| n.trim_start_matches(['-', '+', '*', ' ']).trim());
        Some(Cell {
            paragraph: 0,
            column: column.name.clone(),
            heading: column.heading.clone(),
            subject: row_text.filter(|_| things).map(|n| bare(n).to_owned()),
            before: k.checked_sub(1).map(|b| columns[b].name.clone()).filter(|b| !b.is_empty() && Some(k - 1) != names),
            row: row_text.filter(|_| !things).and_then(|n| row_name(n, head, self.rules)),
            unit: column.unit.as_deref().or(row_text.and_then(column_unit).as_deref()).or(in_row).or(unit).map(str::to_owned),
            verb: None,
            listed: false,
        })
    }
}

/// A number, perhaps with its unit behind it; no date.
fn is_value(cell: &str) -> bool {
    let number = cell.trim_start_matches(['-', '+', '−', '(', '>', '<', '≥', '≤', '~', ' ']);
    number.starts_with(|c: char| c.is_ascii_digit()) && cell.chars().count() <= VALUE && cell.matches('/').count() < 2 && !compares_years(cell)
}

/// `2019 so với 2018 (%)`, `2019/2018`: a heading.
fn compares_years(cell: &str) -> bool {
    let years = cell.split(|c: char| !c.is_ascii_digit()).filter(|part| is_year(part));
    years.count() == 2
}

fn is_year(cell: &str) -> bool {
    let digits = cell.trim();
    digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()) && matches!(&digits[..2], "19" | "20")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::paragraphs;

    type Said<'a> = (&'a str, Option<&'a str>, Option<&'a str>, &'a str, Option<&'a str>);

    fn check(text: &str, expected: &[Said<'_>]) {
        let (spans, tables) = split(text, &paragraphs(text), &RuleSet::embedded()).unwrap();
        let said: Vec<_> =
            tables.cells.iter().map(|c| (spans[c.paragraph].of(text), c.row.as_deref(), c.subject.as_deref(), c.heading.as_str(), c.unit.as_deref())).collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn merged_headings_say_time_and_name() {
        let text = "Đơn vị tính: ha\nSTT\tXã\tDiện tích\t\tTỷ lệ (%)\n\t\t2022\t2023\t\n1\tTân An\t5\t6,5\t30\n2\tTân Lập\t7\t8\t40\nTổng\t\t12\t14,5\t\n";
        check(
            text,
            &[
                ("5", Some("xã Tân An"), None, "Diện tích, năm 2022", Some("ha")),
                ("6,5", Some("xã Tân An"), None, "Diện tích, năm 2023", Some("ha")),
                ("30", Some("xã Tân An"), None, "Tỷ lệ (%)", Some("%")),
                ("7", Some("xã Tân Lập"), None, "Diện tích, năm 2022", Some("ha")),
                ("8", Some("xã Tân Lập"), None, "Diện tích, năm 2023", Some("ha")),
                ("40", Some("xã Tân Lập"), None, "Tỷ lệ (%)", Some("%")),
                ("12", None, None, "Diện tích, năm 2022", Some("ha")),
                ("14,5", None, None, "Diện tích, năm 2023", Some("ha")),
            ],
        );
    }

    #[test]
    fn rows_that_name_the_thing_bring_their_unit() {
        let text = "Chỉ tiêu\tĐVT\tNăm 2023\tƯớc 2024\nA\tB\t1\t2\nSản lượng lúa\ttấn\t1.200\t1.300\nHộ nghèo\thộ\t52\t40\nChỉ tiêu\tĐVT\tNăm 2023\tƯớc 2024\nĐiện\tkWh\t5\t6";
        let told: Vec<_> = [("1.200", "Sản lượng lúa", "tấn"), ("52", "Hộ nghèo", "hộ"), ("5", "Điện", "kWh")].to_vec();
        let (spans, tables) = split(text, &paragraphs(text), &RuleSet::embedded()).unwrap();
        let first: Vec<_> =
            tables.cells.iter().step_by(2).map(|c| (spans[c.paragraph].of(text), c.subject.as_deref().unwrap(), c.unit.as_deref().unwrap())).collect();
        assert_eq!(first, told);
        assert_eq!(tables.cells[1].heading, "Ước 2024");
    }

    #[test]
    fn a_heading_may_begin_with_the_year_that_it_compares() {
        let text = "Chỉ tiêu\tĐơn vị tính\tNăm 2018\t2019 so với 2018 (%)\nĐàn lợn\tnghìn con\t1.062,5\t56,6\nDiện tích nuôi\tha\t15.412\t99,8";
        let (spans, tables) = split(text, &paragraphs(text), &RuleSet::embedded()).unwrap();
        let told: Vec<_> = tables.cells.iter().map(|c| (spans[c.paragraph].of(text), c.heading.as_str())).collect();
        assert_eq!(told[..2], [("1.062,5", "Năm 2018"), ("56,6", "2019 so với 2018 (%)")]);
    }

    #[test]
    fn text_with_a_single_tab_is_left_alone() {
        let text = "Tổng số:\t12 xã\nKhông có bảng nào ở đây.";
        assert!(split(text, &paragraphs(text), &RuleSet::embedded()).is_none());
    }
}
