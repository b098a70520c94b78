//! Differences of what the extractor reads of small texts.

use super::*;
use crate::{Document, Extractor, Record};
use std::io::Write;

const TEXT: &str = "Năm 2024, tỉnh Lai Châu có 94 xã. Tỷ lệ hộ nghèo còn 18,5%. Sản lượng lúa đạt 230.000 tấn.";

fn records(name: &str, text: &str) -> Vec<Record> {
    Extractor::new().extract(&Document::new(name, text))
}

fn side(name: &str, records: &[Record]) -> Side {
    let mut file = tempfile::tempfile().unwrap();
    for record in records {
        writeln!(file, "{}", serde_json::to_string(record).unwrap()).unwrap();
    }
    Side::lines(name.into(), file)
}

fn diff(old: &[Record], new: &[Record]) -> Diff {
    Diff::new(side("old", old), side("new", new)).unwrap()
}

fn told(diff: &Diff) -> Vec<(Class, Option<Reason>)> {
    diff.items().map(|item| item.map(|i| (i.class, i.reason)).unwrap()).collect()
}

/// The difference after one edit of the records.
fn edited(edit: impl Fn(&mut Record)) -> Item {
    let old = records("a", TEXT);
    let mut new = old.clone();
    edit(&mut new[1]);
    let diff = diff(&old, &new);
    assert_eq!((diff.len(), diff.counts().same), (1, 2));
    diff.item(0).unwrap().unwrap()
}

#[test]
fn equal_sides_do_not_differ() {
    let all = records("a", TEXT);
    let mut turned = all.clone();
    turned.reverse();
    assert!(diff(&all, &turned).is_empty());
    assert_eq!(diff(&all, &all).counts().records(), [3, 3]);
}

#[test]
fn each_sort_of_change_has_its_class_and_names_its_fields() {
    type Edit = (fn(&mut Record), Class, &'static str);
    let edits: [Edit; 7] = [
        (|r| r.value.amount = "9".into(), Class::Value, "value.amount"),
        (|r| r.unit = "hộ".into(), Class::Unit, "unit"),
        (|r| r.subject = None, Class::Field, "subject"),
        (|r| r.rule = "x".into(), Class::Rule, "rule"),
        (|r| r.quote = "x".into(), Class::Text, "quote"),
        (|r| r.sentence[1] += 1, Class::Text, "sentence"),
        (|r| (r.span.chars[0], r.sentence) = (r.span.chars[0] + 1, r.sentence.map(|s| s + 1)), Class::Moved, "span.chars"),
    ];
    for (edit, class, field) in edits {
        let item = edited(edit);
        assert_eq!((item.class, item.reason, item.changes[0].field, item.changes.len()), (class, Some(Reason::Id), field, 1));
    }
    let item = edited(|r| (r.rule, r.value.amount) = ("x".into(), "9".into()));
    assert_eq!((item.class, item.changes.len()), (Class::Value, 2));
}

#[test]
fn figures_that_an_edit_of_the_text_moved_are_the_same_figures() {
    let new = records("a", &TEXT.replace("tỉnh Lai Châu", "toàn tỉnh Lai Châu"));
    let moved = (Class::Moved, Some(Reason::Moved));
    let diff = diff(&records("a", TEXT), &new);
    assert_eq!(told(&diff)[1..], [moved; 2]);
}

#[test]
fn a_corrected_figure_is_another_value_of_its_series_or_subject() {
    let old = records("a", TEXT);
    let new = records("a", &TEXT.replace("18,5%", "19,45%").replace("230.000", "1.230.000"));
    let found = diff(&old, &new);
    let rice = if old[2].indicator.is_some() { Reason::Series } else { Reason::Subject };
    assert_eq!(told(&found), [(Class::Value, Some(Reason::Series)), (Class::Value, Some(rice))]);
}

#[test]
fn a_quote_that_takes_more_words_is_the_same_figure() {
    let old = records("a", TEXT);
    let mut new = old.clone();
    new[0].quote.push('.');
    new[0].span = crate::record::Spans { chars: [old[0].span.chars[0], old[0].span.chars[1] + 1], bytes: [old[0].span.bytes[0], old[0].span.bytes[1] + 1] };
    new[0].id = "ffffffffffffffff".into();
    assert_eq!(told(&diff(&old, &new)), [(Class::Text, Some(Reason::Overlap))]);
}

#[test]
fn documents_of_another_name_are_found_when_they_are_the_only_ones() {
    let found = diff(&records("a.txt", TEXT), &records("press/a.txt", TEXT));
    assert_eq!(told(&found), [(Class::Moved, Some(Reason::Document)); 3]);
    let twice = [records("x.txt", TEXT), records("y.txt", TEXT)].concat();
    assert_eq!(diff(&records("a.txt", TEXT), &twice).counts().of(Class::Added), 6);
}

#[test]
fn ids_that_are_there_twice_are_told_with_their_number() {
    let one = records("a", TEXT);
    let twice = [one.clone(), one.clone()].concat();
    let error = Diff::new(side("old", &one), side("new.jsonl", &twice)).err().unwrap().to_string();
    assert!(error.starts_with("new.jsonl: 6 records share 3 ids"), "{error}");
}

#[test]
fn a_line_that_is_no_record_is_told_with_its_number() {
    let mut file = tempfile::tempfile().unwrap();
    write!(file, "{}\n\n{{\"id\": 5}}\n", serde_json::to_string(&records("a", TEXT)[0]).unwrap()).unwrap();
    let error = Diff::new(side("old", &[]), Side::lines("b.jsonl".into(), file)).err().unwrap().to_string();
    assert!(error.starts_with("b.jsonl:3: ") && error.contains("expected one record a line"), "{error}");
}

#[test]
fn a_filter_holds_for_either_side() {
    let old = records("a", TEXT);
    let mut new = old.clone();
    new[1].indicator = None;
    let found = diff(&old, &new);
    let filter = |pattern: &str| Filter { indicators: vec![Wildcard::new(pattern)], ..Filter::default() };
    let count = |filter: Filter| found.filtered(&filter).count();
    assert_eq!([count(filter("poverty.*")), count(filter("none")), count(filter("ntm.*")), count(Filter::default())], [1, 1, 0, 1]);
}

#[test]
fn keys_name_the_records_and_not_the_run() {
    let [a, b] = [records("a", TEXT).remove(0), records("b", TEXT).remove(0)];
    let keys = [(Some(&a), None), (None, Some(&a)), (Some(&a), Some(&b)), (Some(&b), Some(&a)), (None, None)].map(|(o, n)| item_key(o, n));
    assert_eq!(keys.iter().collect::<std::collections::BTreeSet<_>>().len(), 5);
    assert_eq!(item_key(None, Some(&a)), keys[1]);
}
