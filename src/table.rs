//! Tables: rows in lines with cells apart by tabs, or flattened, one cell a line; lists of names with a value each (`list.rs`).
//!
//! In: the paragraphs of a text, and the words of headings from the rules. Out: the paragraphs with rows taken apart, and [`Cell`]s: which paragraph is a value, of which row and
//! column, and what the headings say of it. Never: a flattened table that is only guessed: at least two rows of two columns with a
//! heading for each.

mod grid;
mod list;

use crate::rules::{Class, Cue, Data, Hit, RuleSet};
use crate::terms::Level;
use crate::text::{Span, tokenize};
use std::ops::Range;

/// The longest line that can be a cell.
const LONGEST: usize = 60;
/// The fewest lines of a table: three headings, two rows.
const SMALLEST: usize = 8;

/// One value of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Index of the paragraph that holds the value.
    pub paragraph: usize,
    /// The heading of its column.
    pub column: String,
    /// All that stands above the column: its heading with those over several columns, a time among them.
    pub heading: String,
    /// What the row says is measured, where rows are no places.
    pub subject: Option<String>,
    /// The heading of the column before, which a share is taken of.
    pub before: Option<String>,
    /// The name of its row, with the level word of the row heading (`xã Mường Lát`); none for the total.
    pub row: Option<String>,
    /// The unit that column or table tell.
    pub unit: Option<String>,
    /// The verb before a second value: `tăng` of `62.000, tăng 5.000`.
    pub verb: Option<String>,
    /// The value of an item of a list, and not of a table.
    pub listed: bool,
}

/// The tables of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tables {
    pub cells: Vec<Cell>,
    /// Paragraphs that are headings, names and values of tables.
    pub inside: Vec<Range<usize>>,
}

impl Tables {
    pub fn cell(&self, paragraph: usize) -> Option<&Cell> {
        self.cells.binary_search_by_key(&paragraph, |c| c.paragraph).ok().map(|i| &self.cells[i])
    }

    pub fn holds(&self, paragraph: usize) -> bool {
        let next = self.inside.partition_point(|r| r.start <= paragraph);
        next > 0 && self.inside[next - 1].contains(&paragraph)
    }
}

/// The paragraphs of a text with the rows of its tables taken apart, and its tables.
pub fn split(text: &str, paragraphs: Vec<Span>, rules: &RuleSet) -> (Vec<Span>, Tables) {
    if let Some(found) = grid::split(text, &paragraphs, rules).or_else(|| list::split(text, &paragraphs, rules)) {
        return found;
    }
    let tables = find(text, &paragraphs, rules);
    (paragraphs, tables)
}

/// Finds the flattened tables among paragraphs.
pub fn find(text: &str, paragraphs: &[Span], rules: &RuleSet) -> Tables {
    if paragraphs.len() < SMALLEST {
        return Tables::default();
    }
    let lines: Vec<&str> = paragraphs.iter().map(|p| p.of(text).trim()).collect();
    let mut out = Tables::default();
    let mut start = 0;
    while start < lines.len() {
        let end = block_end(text, paragraphs, &lines, start);
        if end - start >= SMALLEST
            && let Some((headings, cells)) = block(&lines, start, end, rules)
        {
            out.inside.push(headings..end);
            out.cells.extend(cells);
        }
        start = end.max(start + 1);
    }
    out
}

/// Short lines without a blank line between them.
fn block_end(text: &str, paragraphs: &[Span], lines: &[&str], start: usize) -> usize {
    let mut end = start;
    while end < lines.len() && lines[end].chars().count() <= LONGEST {
        let apart = end > start && text[paragraphs[end - 1].end..paragraphs[end].start].matches('\n').count() > 1;
        if apart {
            break;
        }
        end += 1;
    }
    end
}

fn is_number(line: &str) -> bool {
    let line = line.trim_end_matches('%').trim_end();
    line.chars().any(|c| c.is_ascii_digit()) && line.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-'))
}

/// Where the headings of one block of lines begin, and its values.
fn block(lines: &[&str], start: usize, end: usize, rules: &RuleSet) -> Option<(usize, Vec<Cell>)> {
    let rows = rows(lines, start, end);
    let width = rows.iter().map(|r| r.1.len()).min().filter(|&w| w >= 2 && rows.len() >= 2)?;
    // A row may begin with its number, which then ends the values of the row before.
    let regular = rows.iter().all(|(_, values)| values.len() == width || values.len() == width + 1);
    let first = rows[0].0;
    // The number of the first row stands between the headings and its name.
    let numbered = lines[start..first].iter().rev().take_while(|l| is_number(l)).count();
    let headings: Vec<&str> = lines[start..first - numbered].iter().rev().take_while(|l| !is_number(l)).copied().collect();
    if !regular || headings.len() <= width {
        return None;
    }
    let columns: Vec<&str> = headings[..width].iter().rev().copied().collect();
    let level = headings[width];
    let things = begins(rules, level, |h, _| h.cue == Some(Cue::Thing));
    let unit = lines[..first].iter().rev().take(20).find_map(|l| labelled_unit(l, rules));
    let unit = |column: &&str| column_unit(column).or_else(|| unit.clone()).or_else(|| counted_noun(column, rules).map(str::to_lowercase));
    let units: Vec<Option<String>> = columns.iter().map(unit).collect();
    let mut out = Vec::new();
    for (name, values) in &rows {
        for (k, &paragraph) in values.iter().take(width).enumerate() {
            out.push(Cell {
                paragraph,
                column: bare(columns[k]).to_owned(),
                heading: columns[k].to_owned(),
                subject: things.then(|| format!("{} {}", bare(lines[*name]), bare(columns[k]))),
                before: k.checked_sub(1).map(|b| bare(columns[b]).to_owned()),
                row: row_name(lines[*name], level, rules).filter(|_| !things),
                unit: units[k].clone(),
                verb: None,
                listed: false,
            });
        }
    }
    Some((first - (width + numbered).min(first - start), out))
}

/// Names of rows with the numbers that follow each.
fn rows(lines: &[&str], start: usize, end: usize) -> Vec<(usize, Vec<usize>)> {
    let mut out: Vec<(usize, Vec<usize>)> = Vec::new();
    for (i, line) in lines.iter().enumerate().take(end).skip(start) {
        if is_number(line) {
            if let Some((_, values)) = out.last_mut() {
                values.push(i);
            }
            continue;
        }
        // A name without numbers behind it is a heading: rows begin anew.
        if out.last().is_some_and(|(_, values)| values.len() < 2) {
            out.clear();
        }
        out.push((i, Vec::new()));
    }
    out.retain(|(_, values)| !values.is_empty());
    out
}

/// The name of a row with the level word of its heading; none for the row that sums up.
fn row_name(name: &str, level: &str, rules: &RuleSet) -> Option<String> {
    if is(rules, name.trim_end_matches(':').trim(), Cue::Total) {
        return None;
    }
    let word = level_word(level, rules).filter(|word| !name.to_lowercase().starts_with(word.as_str()));
    Some(word.map_or_else(|| name.to_owned(), |word| format!("{word} {name}")))
}

/// The word for a level below the province that ends the heading of names: `Xã`, `Tên xã`.
fn level_word(heading: &str, rules: &RuleSet) -> Option<String> {
    let below = |h: &Hit| matches!(rules.rule(h.rule).data, Data::Level { level: Level::District | Level::Commune | Level::Village, .. });
    let names = heading.match_indices(' ').map(|(at, _)| &heading[at + 1..]);
    // `Huyện, thành phố`: the first is what most of them are.
    let first = heading.split([',', '/']).next().unwrap_or(heading).trim_end();
    std::iter::once(heading)
        .chain(names)
        .chain((first != heading).then_some(first))
        .find(|tail| begins(rules, tail, |h, whole| whole && h.class == Class::Level && below(h)))
        .map(str::to_lowercase)
}

/// Is a text, as a whole, a cue of this part?
fn is(rules: &RuleSet, text: &str, cue: Cue) -> bool {
    begins(rules, text, |h, whole| whole && h.cue == Some(cue))
}

/// Does a text begin with a phrase that fits? The second argument tells whether the phrase is all of it.
fn begins(rules: &RuleSet, text: &str, fits: impl Fn(&Hit, bool) -> bool) -> bool {
    let (mut tokens, mut hits) = (Vec::new(), Vec::new());
    tokenize(text, Span::new(0, text.len()), &rules.vocabulary, &mut tokens);
    let first = tokens.first().map(|t| t.start);
    rules.lexicon.find_from(text, &tokens, |t| Some(t.start) == first, &mut hits);
    hits.iter().any(|h| fits(h, h.end as usize == tokens.len()))
}

/// `Đơn vị tính: triệu đồng`, `(Kèm theo Tờ trình số 5; đơn vị tính: hộ)`
fn labelled_unit(line: &str, rules: &RuleSet) -> Option<String> {
    if !line.contains(':') {
        return None;
    }
    line.split(['(', ')', ';']).find_map(|part| {
        let (label, unit) = part.split_once(':')?;
        is(rules, label.trim(), Cue::UnitLabel).then(|| unit.trim().to_owned())
    })
}

/// `Số hộ`, `Hộ nghèo`: the noun that a column counts.
fn counted_noun<'h>(heading: &'h str, rules: &RuleSet) -> Option<&'h str> {
    let (mut tokens, mut hits) = (Vec::new(), Vec::new());
    tokenize(heading, Span::new(0, heading.len()), &rules.vocabulary, &mut tokens);
    rules.lexicon.find_from(heading, &tokens, |_| true, &mut hits);
    let from = hits.iter().filter(|h| h.start == 0 && h.cue == Some(Cue::NumberOf)).map(|h| h.end).max().unwrap_or(0);
    let noun = hits.iter().filter(|h| h.start == from && h.class == Class::Counter).max_by_key(|h| h.end)?;
    Some(&heading[tokens[noun.start as usize].start as usize..tokens[noun.end as usize - 1].end as usize])
}

/// `Tỷ lệ (%)`, `Diện tích (ha)`
fn column_unit(column: &str) -> Option<String> {
    let (_, rest) = column.split_once('(')?;
    Some(rest.split(')').next()?.trim().to_owned())
}

/// A heading without the unit in brackets.
fn bare(column: &str) -> &str {
    column.split('(').next().unwrap_or(column).trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::paragraphs;

    const TABLE: &str =
        "Đơn vị tính: triệu đồng\nSTT\nXã\nKế hoạch\nTỷ lệ (%)\n1\nTân An\n12.450\n30,0\n2\nTân Lập\n8.600\n34,5\nTổng cộng\n21.050\n31,8\n\nHết.";

    #[test]
    fn values_know_row_column_and_unit() {
        let cells = find(TABLE, &paragraphs(TABLE), &RuleSet::embedded()).cells;
        let said: Vec<_> = cells.iter().map(|c| (c.row.as_deref(), c.column.as_str(), c.unit.as_deref())).collect();
        assert_eq!(
            said,
            [
                (Some("xã Tân An"), "Kế hoạch", Some("triệu đồng")),
                (Some("xã Tân An"), "Tỷ lệ", Some("%")),
                (Some("xã Tân Lập"), "Kế hoạch", Some("triệu đồng")),
                (Some("xã Tân Lập"), "Tỷ lệ", Some("%")),
                (None, "Kế hoạch", Some("triệu đồng")),
                (None, "Tỷ lệ", Some("%")),
            ]
        );
    }

    #[test]
    fn headings_say_what_is_counted_and_what_the_names_are() {
        let table = "(Kèm theo Báo cáo số 5)\nTT\nTên xã\nTổng số hộ\nHộ nghèo\n1\nTân An\n1.240\n30\n2\nTân Lập\n860\n34\nCộng\n2.100\n64\n\nHết.";
        let cells = find(table, &paragraphs(table), &RuleSet::embedded()).cells;
        assert_eq!((cells[0].row.as_deref(), cells[0].unit.as_deref()), (Some("xã Tân An"), Some("hộ")));
        assert_eq!((cells[5].row.as_deref(), cells[5].unit.as_deref()), (None, Some("hộ nghèo")));
        let label = |line: &str| labelled_unit(line, &RuleSet::embedded());
        assert_eq!(label("(Kèm theo Báo cáo số 5; đơn vị tính: ha)").as_deref(), Some("ha"));
        assert_eq!((label("Đơn vị tính: triệu đồng").as_deref(), label("Kính gửi: các xã")), (Some("triệu đồng"), None));
    }

    #[test]
    fn a_list_is_no_table() {
        let list = "Nội dung\nMột\n1\nHai\n2\nBa\n3\nBốn\n4\nNăm\n5";
        assert!(find(list, &paragraphs(list), &RuleSet::embedded()).cells.is_empty());
    }
}
