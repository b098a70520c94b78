//! Lists of names with a value each, whose unit stands in the line above: prices of a day, areas by commune.
//!
//! In: the paragraphs of a text. Out: the same paragraphs, each item taken apart into its name and its value, and [`Cell`]s for the
//! values. Never: a list without a unit of measurement above it, or of a single item; a year or a day that is taken for a value.

use super::{Cell, Tables, bare, begins, is, labelled_unit};
use crate::rules::{Class, Cue, Data, RuleSet};
use crate::text::Span;

/// The fewest items of a list.
const FEWEST: usize = 2;
/// The longest item, in bytes.
const LONGEST: usize = 160;

/// Takes the items of lists apart; none when the text has no such list.
pub fn split(text: &str, paragraphs: &[Span], rules: &RuleSet) -> Option<(Vec<Span>, Tables)> {
    let mut out: Option<(Vec<Span>, Tables)> = None;
    let mut at = 0;
    while at < paragraphs.len() {
        let items = heading_unit(paragraphs[at].of(text), rules).map(|unit| (unit, items(text, &paragraphs[at + 1..], rules)));
        match items.filter(|(_, items)| items.len() >= FEWEST) {
            Some((unit, items)) => {
                let (spans, tables) = out.get_or_insert_with(|| (paragraphs[..at].to_vec(), Tables::default()));
                spans.push(paragraphs[at]);
                let heading = paragraphs[at].of(text).trim();
                for item in &items {
                    tables.inside.push(spans.len()..spans.len() + 1);
                    spans.push(item.name);
                    for (value, verb) in &item.values {
                        let verb = verb.map(|v| v.of(text).to_owned());
                        tables.cells.push(Cell { paragraph: spans.len(), verb, ..cell(heading, item.name.of(text), &unit, rules) });
                        spans.push(*value);
                    }
                }
                at += 1 + items.len();
            }
            None => {
                if let Some((spans, _)) = &mut out {
                    spans.push(paragraphs[at]);
                }
                at += 1;
            }
        }
    }
    out
}

/// The unit that a line tells for those below it: `Giá nông sản (đồng/kg):`, `Giá nông sản, đơn vị tính: đồng/kg`.
fn heading_unit(line: &str, rules: &RuleSet) -> Option<String> {
    let line = line.trim().trim_end_matches([':', '.']).trim_end();
    let bracket = line.strip_suffix(')').and_then(|l| l.rsplit_once('('));
    let unit = match bracket {
        Some((_, inside)) => labelled_unit(inside, rules).unwrap_or_else(|| inside.trim().to_owned()),
        None => labelled_unit(line.rsplit_once(',').map_or(line, |(_, tail)| tail.trim()), rules)?,
    };
    begins(rules, &unit, |h, _| h.class == Class::Scale || matches!(rules.rule(h.rule).data, Data::Unit { scaled: false, .. })).then_some(unit)
}

/// One item: its name, and its values with the verb before each.
struct Item {
    name: Span,
    values: Vec<(Span, Option<Span>)>,
}

/// The items from here on: lines that end with a number behind a name.
fn items(text: &str, paragraphs: &[Span], rules: &RuleSet) -> Vec<Item> {
    paragraphs.iter().map_while(|p| item(text, *p, rules)).collect()
}

/// `Cà phê: 58.000`, `- Thịt lợn 110 - 120`, `Cá lóc: 62.000, giảm 3.000`.
fn item(text: &str, line: Span, rules: &RuleSet) -> Option<Item> {
    let whole = line.of(text);
    let body = whole.trim_end().trim_end_matches(['.', ';', ',']);
    if body.len() > LONGEST || !body.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let at = |part: &str| Span::new(line.start + offset(whole, part), line.start + offset(whole, part) + part.len());
    let mut parts = body.split(", ");
    let first = parts.next()?;
    let start = value_start(first)?;
    let name = first[..start].trim_end_matches([':', '-', '–', '=', ' ', '\t']).trim_start_matches(['-', '–', '+', '*', '•', ' ']);
    if name.chars().filter(|c| c.is_alphabetic()).count() < 2 || is_year(&first[start..]) {
        return None;
    }
    let mut values = vec![(at(&first[start..]), None)];
    for part in parts {
        let start = value_start(part)?;
        let verb = part[..start].trim();
        if !begins(rules, verb, |h, all| all && h.class == Class::Change) {
            return None;
        }
        values.push((at(&part[start..]), Some(at(verb))));
    }
    Some(Item { name: at(name), values })
}

/// Where a part of a text begins in it.
fn offset(whole: &str, part: &str) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

fn is_year(value: &str) -> bool {
    value.len() == 4 && (value.starts_with("19") || value.starts_with("20"))
}

/// Where the number at the end of a line begins, or the span of two numbers.
fn value_start(body: &str) -> Option<usize> {
    let number =
        |text: &str| text.rfind(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).map_or(0, |i| i + text[i..].chars().next().map_or(1, char::len_utf8));
    let last = number(body);
    let before = body[..last].trim_end();
    let first = before.strip_suffix(['-', '–']).map(str::trim_end).filter(|b| b.ends_with(|c: char| c.is_ascii_digit()));
    let start = first.map_or(last, number);
    let apart = body[..start].ends_with([' ', ':', '\t']);
    (apart && body[start..].starts_with(|c: char| c.is_ascii_digit())).then_some(start)
}

/// The value of one item; a heading that names a magnitude (`Giá nông sản`) names that of the items.
fn cell(heading: &str, name: &str, unit: &str, rules: &RuleSet) -> Cell {
    let column = bare(heading).trim_end_matches(':').trim();
    let first = column.split(' ').next().unwrap_or("");
    let magnitude = is(rules, first, Cue::Incomplete) && !name.to_lowercase().starts_with(&first.to_lowercase());
    let subject = if magnitude { format!("{} {name}", first.to_lowercase()) } else { name.to_owned() };
    Cell {
        paragraph: 0,
        column: column.to_owned(),
        heading: heading.to_owned(),
        subject: Some(subject),
        before: None,
        row: None,
        unit: Some(unit.to_owned()),
        verb: None,
        listed: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::paragraphs;

    fn read(text: &str) -> Option<Vec<(String, String, Option<String>)>> {
        let (spans, tables) = split(text, &paragraphs(text), &RuleSet::embedded())?;
        Some(tables.cells.iter().map(|c| (spans[c.paragraph].of(text).to_owned(), c.subject.clone().unwrap(), c.unit.clone())).collect())
    }

    #[test]
    fn items_take_the_unit_above() {
        let list = "Giá nông sản (đồng/kg):\n- Cà phê: 58.000\n- Sầu riêng: 75.000 - 80.000;\n- Lúa OM 18 7.900.\nThị trường ổn định.";
        let unit = || Some("đồng/kg".to_owned());
        let items = [("58.000", "giá Cà phê"), ("75.000 - 80.000", "giá Sầu riêng"), ("7.900", "giá Lúa OM 18")];
        let want: Vec<_> = items.map(|(value, subject)| (value.to_owned(), subject.to_owned(), unit())).to_vec();
        assert_eq!(read(list), Some(want.clone()));
        assert_eq!(read(&list.replace("(đồng/kg):", "tuần này, đơn vị tính: đồng/kg")), Some(want));
    }

    #[test]
    fn a_second_value_keeps_its_verb() {
        let list = "(Đơn vị tính: đồng/kg)\nThịt heo: 145.000 - 150.000, tăng 5.000\nCá lóc: 62.000";
        let (spans, tables) = split(list, &paragraphs(list), &RuleSet::embedded()).unwrap();
        let said: Vec<_> = tables.cells.iter().map(|c| (spans[c.paragraph].of(list), c.subject.as_deref(), c.verb.as_deref())).collect();
        assert_eq!(said, [("145.000 - 150.000", Some("Thịt heo"), None), ("5.000", Some("Thịt heo"), Some("tăng")), ("62.000", Some("Cá lóc"), None)]);
    }

    #[test]
    fn no_list_without_a_unit_or_with_one_item() {
        assert_eq!(read("Các đội (bảng A):\nHải Phòng: 12\nNam Định: 9"), None);
        assert_eq!(read("Giá nông sản (đồng/kg):\nCà phê: 58.000\nThị trường ổn định."), None);
        assert_eq!(read("Dân số (người):\nNăm 2020\nNăm 2021"), None);
    }
}
