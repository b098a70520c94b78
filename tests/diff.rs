//! `solieu diff` as its users meet it, golden outputs, and properties that hold for any two sides.

mod golden;

use assert_cmd::Command;
use golden::golden;
use proptest::prelude::*;
use solieu::diff::{Class, Diff, Item, Side};
use solieu::{Document, Extractor, Record};
use std::fs;
use std::io::Write;
use std::path::Path;
use tempfile::TempDir;

const OLD: &str = "Năm 2024, tỉnh Lai Châu có 94 xã, trong đó 38 xã đạt chuẩn nông thôn mới. Tỷ lệ hộ nghèo còn 18,5%. Sản lượng lúa ước đạt 230.000 tấn. \
                   Tỉnh Sơn La có 204 xã.";
/// A word more at the beginning, another poverty rate, an estimate that became a fact, a figure less, one more.
const NEW: &str = "Trong năm 2024, tỉnh Lai Châu có 94 xã, trong đó 38 xã đạt chuẩn nông thôn mới. Tỷ lệ hộ nghèo còn 17,9%. Sản lượng lúa đạt 230.000 tấn. \
                   Diện tích chè 10.700 ha.";
const HOSTILE: &str = "<script>alert(1)</script> có 5 xã <img src=x onerror=alert(2)> \u{202E}đạt | chuẩn `nông thôn` mới @ai";

fn records(name: &str, text: &str) -> Vec<Record> {
    Extractor::new().extract(&Document { url: Some("javascript:alert(3)".into()), ..Document::new(name, text) })
}

fn write(dir: &TempDir, name: &str, records: &[Record]) {
    let lines: String = records.iter().map(|r| serde_json::to_string(r).unwrap() + "\n").collect();
    fs::write(dir.path().join(name), lines).unwrap();
}

fn sides(old: &str, new: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(&dir, "old.jsonl", &records("tin.txt", old));
    write(&dir, "new.jsonl", &records("tin.txt", new));
    dir
}

fn run(dir: &TempDir, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("solieu").unwrap();
    let output = command.current_dir(dir.path()).env_remove("COLUMNS").arg("diff").args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn every_format_says_what_it_said() {
    let dir = sides(OLD, NEW);
    for (format, name) in [("table", "edited.txt"), ("json", "edited.jsonl"), ("markdown", "edited.md"), ("html", "edited.html")] {
        let (status, text, _) = run(&dir, &["old.jsonl", "new.jsonl", "--format", format]);
        assert_eq!(status, 1);
        golden(&format!("diff/{name}"), &text);
    }
}

#[test]
fn what_documents_say_stays_text() {
    let dir = sides("Không có gì.", HOSTILE);
    let html = run(&dir, &["old.jsonl", "new.jsonl", "--format", "html"]).1;
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("href=\"javascript:") && html.contains("default-src 'none'"));
    let markdown = run(&dir, &["old.jsonl", "new.jsonl", "--format", "markdown"]).1;
    assert!(!markdown.contains("<script") && !markdown.contains(" @ai") && !markdown.contains('\u{202E}'));
    assert!(!run(&dir, &["old.jsonl", "new.jsonl"]).1.contains('\u{202E}'));
}

#[test]
fn the_status_tells_same_different_and_failed() {
    let dir = sides(OLD, NEW);
    assert_eq!(run(&dir, &["old.jsonl", "old.jsonl"]).0, 0);
    assert_eq!(run(&dir, &["old.jsonl", "new.jsonl"]).0, 1);
    for (args, told) in [
        (["old.jsonl", "none.jsonl"].as_slice(), "none.jsonl: cannot be opened"),
        (&["old.jsonl"], "two sides are needed"),
        (&["old.jsonl#3", "new.jsonl"], "old.jsonl#3: no store"),
        (&["old.jsonl", "new.jsonl", "--class", "vlaue"], "no such class"),
        (&["-", "-"], "only one side"),
    ] {
        let (status, _, error) = run(&dir, args);
        assert!(status == 2 && (error.contains(told) || told.contains("no store") && error.contains("cannot be opened")), "{error}");
    }
    fs::write(dir.path().join("bad.jsonl"), "{\"id\": 1}\n").unwrap();
    assert!(run(&dir, &["bad.jsonl", "new.jsonl"]).2.contains("bad.jsonl:1: "));
    let twice = [records("a", OLD), records("a", OLD)].concat();
    write(&dir, "twice.jsonl", &twice);
    let (status, _, error) = run(&dir, &["old.jsonl", "twice.jsonl"]);
    assert!(status == 2 && error.contains(&format!("{} records share {} ids", twice.len(), twice.len() / 2)), "{error}");
}

#[test]
fn filters_count_and_an_empty_one_is_told() {
    let dir = sides(OLD, NEW);
    let (status, text, _) = run(&dir, &["old.jsonl", "new.jsonl", "--class", "value", "--format", "json"]);
    assert_eq!((status, text.lines().count()), (1, 1));
    assert!(text.contains("\"old\":\"18.5\",\"new\":\"17.9\""));
    let (status, text, error) = run(&dir, &["old.jsonl", "new.jsonl", "--place", "Cà Mau"]);
    assert!(status == 0 && text.contains("under the filter: 0") && error.contains("the filter matches none of"), "{error}");
    let (_, text, _) = run(&dir, &["old.jsonl", "new.jsonl", "--indicator", "poverty.*", "--summary", "--format", "json"]);
    let summary: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(summary["filtered"]["classes"]["value"], 1);
    let (_, text, _) = run(&dir, &["old.jsonl", "new.jsonl", "--limit", "1"]);
    assert!(text.contains("more; --limit 0 shows all"), "{text}");
}

#[test]
fn standard_input_is_a_side() {
    let dir = sides(OLD, NEW);
    let lines = fs::read(dir.path().join("new.jsonl")).unwrap();
    let mut command = Command::cargo_bin("solieu").unwrap();
    command.current_dir(dir.path()).args(["diff", "-", "new.jsonl"]).write_stdin(lines).assert().code(0);
}

#[test]
fn two_sets_of_rules_are_compared_in_one_step() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("tin.txt"), OLD).unwrap();
    fs::create_dir_all(dir.path().join("mine/indicators")).unwrap();
    let rules = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("patterns/indicators/poverty.toml")).unwrap();
    fs::write(dir.path().join("mine/indicators/poverty.toml"), rules.replace("poverty.poor.rate", "poverty.poor.share")).unwrap();
    let (status, text, error) = run(&dir, &["--rules", "built-in", "mine", "--format", "json", "--", "tin.txt"]);
    let items: Vec<serde_json::Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!((status, items.len()), (1, 1), "{error}");
    assert_eq!((&items[0]["class"], &items[0]["changes"][0]["field"]), (&"field".into(), &"indicator.id".into()));
    assert_eq!(run(&dir, &["--rules", "built-in", "built-in", "--", "tin.txt"]).0, 0);
    assert_eq!(run(&dir, &["--rules", "built-in", "built-in", "--", "none.txt"]).0, 2);
}

#[cfg(all(feature = "sqlite", feature = "parquet"))]
#[test]
fn a_run_is_the_same_in_every_form() {
    let dir = tempfile::tempdir().unwrap();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/press");
    for output in [["-o", "a.jsonl"], ["-o", "a.parquet"], ["--store", "s.sqlite"]] {
        let mut command = Command::cargo_bin("solieu").unwrap();
        command.current_dir(dir.path()).arg("extract").arg(&corpus).args(output).assert().success();
    }
    for old in ["a.jsonl", "a.parquet", "s.sqlite"] {
        for new in ["a.jsonl", "a.parquet", "s.sqlite#1"] {
            let (status, text, error) = run(&dir, &[old, new]);
            assert_eq!(status, 0, "{old} {new}\n{text}{error}");
        }
    }
}

fn side(records: &[Record]) -> Side {
    let mut file = tempfile::tempfile().unwrap();
    records.iter().for_each(|r| writeln!(file, "{}", serde_json::to_string(r).unwrap()).unwrap());
    Side::lines("side".into(), file)
}

fn items(old: &[Record], new: &[Record]) -> (Diff, Vec<Item>) {
    let diff = Diff::new(side(old), side(new)).unwrap();
    let items = diff.items().map(Result::unwrap).collect();
    (diff, items)
}

/// What an item says, from the other side.
fn mirrored(item: &Item) -> (Class, Option<String>, Option<String>, String) {
    let class = match item.class {
        Class::Added => Class::Removed,
        Class::Removed => Class::Added,
        other => other,
    };
    let id = |shown: &Option<solieu::diff::Shown>| shown.as_ref().map(|s| s.record.id.clone());
    (class, id(&item.new), id(&item.old), format!("{:?}", item.reason))
}

/// Texts of a few sentences, with other numbers, in a few documents.
fn texts() -> impl Strategy<Value = Vec<Record>> {
    let sentence = prop_oneof![
        (1..6_u8).prop_map(|n| format!("Tỉnh Lai Châu có {n} xã.")),
        (1..6_u8).prop_map(|n| format!("Tỷ lệ hộ nghèo năm 2024 còn {n},5%.")),
        (1..4_u8).prop_map(|n| format!("Sản lượng chè ước đạt {n}0 tấn.")),
        Just("Trời đẹp.".to_owned()),
    ];
    let document = prop::collection::vec(sentence, 0..6).prop_map(|s| s.join(" "));
    let named = |texts: Vec<String>| (0..).zip(texts).flat_map(|(n, text): (usize, String)| records(&format!("d{n}"), &text)).collect();
    prop::collection::vec(document, 0..4).prop_map(named)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_differs_from_itself(all in texts()) {
        let (diff, items) = items(&all, &all);
        prop_assert!(items.is_empty() && diff.counts().same == all.len());
    }

    #[test]
    fn a_difference_has_its_mirror_image_and_every_record_once(old in texts(), new in texts()) {
        let (diff, there) = items(&old, &new);
        let (_, back) = items(&new, &old);
        let plain = |item: &Item| {
            let (class, old, new, reason) = mirrored(item);
            let class = match class { Class::Added => Class::Removed, Class::Removed => Class::Added, other => other };
            (class, new, old, reason)
        };
        let mut one: Vec<_> = there.iter().map(plain).collect();
        let mut other: Vec<_> = back.iter().map(mirrored).collect();
        one.sort();
        other.sort();
        prop_assert_eq!(one, other);
        prop_assert_eq!(diff.counts().records(), [old.len(), new.len()]);
        prop_assert_eq!(diff.counts().items(), there.len());
        // No item says that nothing changed.
        prop_assert!(there.iter().all(|i| i.reason.is_none() != (i.old.is_some() && i.new.is_some()) && (i.reason.is_none() || !i.changes.is_empty())));
    }
}
