//! `solieu eval` agrees with the project's scorer to the last digit.

use assert_cmd::Command;
use serde_json::{Value, json};
use solieu::eval::{self, Predicted, Scored};
use std::fs;
use std::path::Path;
use std::process::Command as Process;

/// Where scorer and gold files lie, when the repository is checked out beside the project's shared folder.
const SHARED: &str = "../shared/eval";

fn solieu(args: &[&str]) -> Vec<u8> {
    Command::cargo_bin("solieu").unwrap().args(args).assert().success().get_output().stdout.clone()
}

fn python(args: &[&str]) -> Option<Vec<u8>> {
    let done = Process::new("python3").arg(format!("{SHARED}/score.py")).args(args).output().ok()?;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(done.stdout)
}

/// Spoils some records, so that every field has wrong, missing and spurious cases to count.
fn spoil(records: &[u8], path: &Path) {
    let mut out = String::new();
    for (i, line) in String::from_utf8_lossy(records).lines().enumerate() {
        let mut record: Value = serde_json::from_str(line).unwrap();
        match i % 13 {
            1 => continue,
            2 => record["value"]["amount"] = json!("7e2"),
            3 => record["unit"] = json!("xã, phường"),
            4 => record["qualifier"] = json!("over"),
            5 => record["subject"] = Value::Null,
            6 => record["place"] = json!({"name": "tỉnh Hoà Bình", "level": "province"}),
            7 => record["period"] = json!({"start": null, "end": "2022-12-31"}),
            8 => record["span"]["chars"][0] = json!(record["span"]["chars"][0].as_u64().unwrap().saturating_sub(9)),
            9 => record["basis"] = json!("so với cùng kỳ"),
            10 => record["document"] = json!({"id": record["document"]}),
            11 => (record["status"], record["change"]) = (Value::Null, json!("increase")),
            _ => {}
        }
        out += &format!("{record}\n");
    }
    fs::write(path, out).unwrap();
}

#[test]
fn all_numbers_are_those_of_the_shared_scorer() {
    if !Path::new(SHARED).exists() || Process::new("python3").arg("--version").output().is_err() {
        eprintln!("{SHARED} or python3 is not here; the built-in gold file alone was scored");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    for name in ["seeds", "news-dev", "press-dev"] {
        let gold = format!("{SHARED}/{name}.jsonl");
        let (clean, spoiled) = (dir.path().join("clean.jsonl"), dir.path().join("spoiled.jsonl"));
        let records = solieu(&["extract", &gold]);
        fs::write(&clean, &records).unwrap();
        spoil(&records, &spoiled);
        for predicted in [clean.display().to_string(), spoiled.display().to_string()] {
            let ours: Value = serde_json::from_slice(&solieu(&["eval", "--json", &gold, &predicted])).unwrap();
            let theirs: Value = serde_json::from_slice(&python(&["--json", &gold, &predicted]).unwrap()).unwrap();
            assert_eq!(ours, theirs, "{name} {predicted}");
            let (ours, theirs) = (solieu(&["eval", &gold, &predicted]), python(&[&gold, &predicted]).unwrap());
            assert_eq!(String::from_utf8(ours), String::from_utf8(theirs));
        }
        let direct: Value = serde_json::from_slice(&solieu(&["eval", "--json", &gold])).unwrap();
        let by_file: Value = serde_json::from_slice(&solieu(&["eval", "--json", &gold, &clean.display().to_string()])).unwrap();
        assert_eq!(direct, by_file);
    }
}

const TEXT: &str = "Năm 2022, tỉnh có hơn 94 xã, giảm 1,5% và chừng 3 nhóm.";

/// Two figures that count and an optional one.
fn gold() -> Value {
    json!({"id": "a", "text": TEXT, "figures": [
        {"start": 23, "end": 28, "quote": "94 xã", "kind": "count", "amount": "94", "unit": "xã", "qualifier": "over", "subject": "xã", "time": {"start": "2022-01-01", "end": "2022-12-31"}},
        {"start": 35, "end": 39, "quote": "1,5%", "kind": "percent", "amount": "1.5", "unit": "%", "change": "decrease", "subject": "xã", "place": "Lai Châu"},
        {"start": 49, "end": 55, "quote": "3 nhóm", "kind": "count", "amount": "3", "unit": "nhóm", "optional": true},
    ]})
}

fn record(span: [usize; 2], quote: &str, kind: &str, amount: &str, unit: &str) -> Value {
    json!({"document": "a", "quote": quote, "span": {"chars": span}, "kind": kind, "value": {"amount": amount, "upper": null, "of": null},
        "unit": unit, "qualifier": "exact", "change": "none", "status": "actual", "subject": "số xã", "basis": null, "place": null, "period": null})
}

#[test]
fn a_small_gold_file_gives_the_numbers_worked_out_by_hand() {
    let gold = vec![serde_json::from_value(gold()).unwrap()];
    // 94 is found with its value, not its qualifier and time; 1,5 % is missed; the optional 3 is free; 2022 is spurious.
    let found = [record([23, 28], "94 xã", "count", "94.0", "xã"), record([49, 50], "3", "count", "3", ""), record([4, 8], "2022", "count", "2022", "")];
    let found: Vec<Predicted> = found.into_iter().map(|r| serde_json::from_value(r).unwrap()).collect();
    let predicted = [("a".to_owned(), found)].into();
    let scores = Scored::new(&gold, &predicted).scores();
    assert_eq!((scores.documents, scores.gold, scores.predicted), (1, 2, 2));
    let f1 = |name: &str| scores.row(name).f1;
    for right in ["found", "exact_span", "value", "unit", "kind", "change", "status", "subject", "basis", "place"] {
        assert_eq!(f1(right), 0.5, "{right}");
    }
    for wrong in ["qualifier", "time", "quantity", "record", "marked qualifier", "marked change", "marked place", "marked time"] {
        assert_eq!(f1(wrong), 0.0, "{wrong}");
    }
}

#[test]
fn errors_and_changes_name_figure_and_context() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, rows: &[Value]| {
        let path = dir.path().join(name);
        fs::write(&path, rows.iter().map(|r| format!("{r}\n")).collect::<String>()).unwrap();
        path.display().to_string()
    };
    let good = record([23, 28], "94 xã", "count", "94", "xã");
    let wrong = record([23, 28], "94 xã", "count", "95", "xã");
    let (gold, old, new) = (write("gold", &[gold()]), write("old", &[good]), write("new", &[wrong, record([4, 8], "2022", "count", "2022", "")]));
    let text = String::from_utf8(solieu(&["eval", &gold, &new, "--errors", "3", "--against", &old])).unwrap();
    for line in [
        "value            P 0.000  R 0.000  F1 0.000",
        "value            0.6667 → 0.0000  -0.6667",
        "== value: won 0, lost 1",
        "  - a | 94 xã | want 94 was 94 now 95 | Năm 2022, tỉnh có hơn 94 xã, giảm 1,5% và chừng 3 nhóm.",
        "  - a | 2022 | was nothing now 2022 | Năm 2022, tỉnh có hơn 94 xã",
        "== missed: 1",
        "  a | 94 xã | want 'over' got 'exact' | Năm 2022, tỉnh có hơn 94 xã, giảm 1,5% và chừng 3 nhóm.",
    ] {
        assert!(text.contains(line), "{line}\n--- is not in ---\n{text}");
    }
}

#[test]
fn a_gold_file_that_cannot_be_read_is_told_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("gold.jsonl");
    fs::write(&path, format!("{}\n{{\"id\": \"b\"}}\n", gold())).unwrap();
    let error = eval::gold(&path).unwrap_err().to_string();
    assert!(error.contains("gold.jsonl:2: missing field `text`") && error.contains("expected one gold document a line"), "{error}");
    Command::cargo_bin("solieu").unwrap().args(["eval", "no-such-file"]).assert().code(2);
}
