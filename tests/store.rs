//! The store as its users meet it: `extract --store`, `runs`, `show`, `decide`; and what a kill leaves of it.

#![cfg(feature = "sqlite")]

use assert_cmd::Command;
use serde_json::Value;
use solieu::store::{Asked, RunName, State, Store};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;

const TEXT: &str = "Đến ngày 31/12/2024, tỉnh Hòa Bình có 73/129 xã đạt chuẩn nông thôn mới. Tỷ lệ hộ nghèo còn 9,34%.";

fn solieu(dir: &TempDir, args: &[&str]) -> Command {
    let mut command = Command::cargo_bin("solieu").unwrap();
    command.current_dir(dir.path()).env("USER", "an").env_remove("COLUMNS").args(args);
    command
}

/// Standard output of a command that ends well.
fn told(dir: &TempDir, args: &[&str]) -> String {
    let output = solieu(dir, args).assert().success().get_output().stdout.clone();
    String::from_utf8(output).unwrap()
}

/// Standard error of a command that ends with this status.
fn faults(dir: &TempDir, status: i32, args: &[&str]) -> String {
    let output = solieu(dir, args).assert().code(status).get_output().stderr.clone();
    String::from_utf8(output).unwrap()
}

fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn folder() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("tin.txt"), TEXT).unwrap();
    dir
}

fn extracted() -> TempDir {
    let dir = folder();
    assert_eq!(told(&dir, &["extract", "tin.txt", "--store", "s.sqlite"]), "");
    dir
}

fn ids(dir: &TempDir) -> Vec<String> {
    let records = told(dir, &["extract", "tin.txt"]);
    rows(&records).iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_store_is_beside_another_output_or_in_place_of_it() {
    let dir = extracted();
    let alone = told(&dir, &["extract", "tin.txt"]);
    assert_eq!(told(&dir, &["extract", "tin.txt", "--store", "s.sqlite", "--format", "jsonl"]), alone);
    assert_eq!(told(&dir, &["extract", "tin.txt", "--store", "s.sqlite", "-o", "a.jsonl"]), "");
    assert_eq!(fs::read_to_string(dir.path().join("a.jsonl")).unwrap(), alone);
    let runs = rows(&told(&dir, &["runs", "s.sqlite", "--format", "json"]));
    assert_eq!(runs.len(), 3);
    for run in &runs {
        assert_eq!((&run["state"], &run["documents"], &run["figures"]), (&"finished".into(), &1.into(), &2.into()));
        assert_eq!((&run["inputs"][0], &run["settings"]["--encoding"]), (&"tin.txt".into(), &"detected".into()));
    }
    assert!(told(&dir, &["runs", "s.sqlite"]).lines().count() == 4);
}

#[test]
fn inputs_that_are_skipped_are_kept_with_the_run() {
    let dir = folder();
    faults(&dir, 1, &["extract", "tin.txt", "none.txt", "--store", "s.sqlite"]);
    let store = Store::existing(&dir.path().join("s.sqlite")).unwrap();
    let run = store.run(RunName::Last).unwrap();
    assert_eq!((run.skipped, run.documents), (1, 1));
    assert_eq!(store.skipped(run.run).unwrap()[0].path, Path::new("none.txt"));
}

#[test]
fn what_is_no_store_is_refused_and_stays_as_it_is() {
    let dir = folder();
    told(&dir, &["extract", "tin.txt", "-o", "export.sqlite"]);
    let before = fs::read(dir.path().join("export.sqlite")).unwrap();
    let error = faults(&dir, 2, &["extract", "tin.txt", "--store", "export.sqlite"]);
    assert!(error.contains("no store of solieu") && error.contains("--format sqlite"), "{error}");
    assert!(faults(&dir, 2, &["runs", "tin.txt"]).contains("not a SQLite file"));
    assert!(faults(&dir, 2, &["runs", "none.sqlite"]).contains("no such store"));
    assert_eq!(before, fs::read(dir.path().join("export.sqlite")).unwrap());
    assert!(!dir.path().join("none.sqlite").exists());
}

#[test]
fn a_record_is_shown_with_all_that_is_known_of_it() {
    let dir = extracted();
    let id = &ids(&dir)[0];
    let text = told(&dir, &["show", &id[..9], "--store", "s.sqlite"]);
    for part in [
        id.as_str(),
        "tỉnh Hòa Bình có 73/129 xã đạt chuẩn",
        "indicator.id         ntm.commune.met",
        "ratio.slash",
        "no decisions",
        "period     open to 2024-12-31",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    told(&dir, &["decide", "note", id, "xem lại", "--store", "s.sqlite"]);
    let json: Value = serde_json::from_str(&told(&dir, &["show", id, "--store", "s.sqlite", "--format", "json"])).unwrap();
    assert_eq!((&json["decisions"][0]["note"], &json["document"]["text"], &json["runs"]), (&"xem lại".into(), &TEXT.into(), &serde_json::json!([1])));
    assert!(faults(&dir, 2, &["show", "zz", "--store", "s.sqlite"]).contains("no record \"zz\""));
    assert!(faults(&dir, 2, &["show", "", "--store", "s.sqlite"]).contains("give more letters"));
}

#[test]
fn runs_are_removed_with_what_nothing_else_needs() {
    let dir = extracted();
    fs::write(dir.path().join("tin.txt"), TEXT.replace("9,34%", "8,34%")).unwrap();
    told(&dir, &["extract", "tin.txt", "--store", "s.sqlite"]);
    assert!(faults(&dir, 2, &["runs", "remove", "s.sqlite", "1", "7"]).contains("its runs are 1, 2"));
    assert!(told(&dir, &["runs", "remove", "s.sqlite", "1"]).starts_with("removed run 1 (finished, documents: 1"));
    let mut store = Store::existing(&dir.path().join("s.sqlite")).unwrap();
    let count = |sql: &str, store: &mut Store| store.connection().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM documents", &mut store), 1);
    assert_eq!(count("SELECT count(*) FROM records", &mut store), 2);
    assert_eq!(count("SELECT count(*) FROM figures WHERE run = 2 AND amount = '8.34'", &mut store), 1);
}

#[test]
fn an_unfinished_run_is_told_as_such_and_not_removed_while_it_may_be_at_work() {
    let dir = extracted();
    Store::existing(&dir.path().join("s.sqlite")).unwrap().begin(&solieu::store::NewRun::default()).unwrap();
    assert!(told(&dir, &["runs", "s.sqlite"]).contains("unfinished, last written"));
    assert!(faults(&dir, 2, &["runs", "remove", "s.sqlite", "2"]).contains("may be at work"));
    told(&dir, &["runs", "remove", "s.sqlite", "2", "--force"]);
    assert_eq!(rows(&told(&dir, &["runs", "s.sqlite", "--format", "json"])).len(), 1);
}

#[test]
fn decisions_become_gold_that_eval_reads() {
    let dir = extracted();
    let ids = ids(&dir);
    told(&dir, &["decide", "accept", &ids[0], "--store", "s.sqlite"]);
    let left = faults(&dir, 0, &["decide", "export", "--store", "s.sqlite", "-o", "gold.jsonl"]);
    assert!(left.contains("documents: 0, figures: 0") && left.contains("not settled: 1"), "{left}");
    told(&dir, &["decide", "export", "--store", "s.sqlite", "--partial", "-o", "gold.jsonl"]);
    let gold = rows(&fs::read_to_string(dir.path().join("gold.jsonl")).unwrap());
    assert_eq!((&gold[0]["figures"][0]["optional"], &gold[0]["figures"][1]["optional"]), (&Value::Null, &true.into()));
    told(&dir, &["decide", "edit", &ids[1], "value.amount=9.5", "--store", "s.sqlite"]);
    told(&dir, &["decide", "export", "--store", "s.sqlite", "-o", "gold.jsonl"]);
    let gold = rows(&fs::read_to_string(dir.path().join("gold.jsonl")).unwrap());
    assert_eq!((&gold[0]["figures"][1]["amount"], &gold[0]["figures"][1]["quote"], &gold[0]["id"]), (&"9.5".into(), &"9,34%".into(), &"tin.txt".into()));
    assert!(told(&dir, &["eval", "gold.jsonl"]).contains("value            P 0.500"));
    // Two reviewers who disagree: the figure is open again, and told.
    told(&dir, &["decide", "reject", &ids[1], "--store", "s.sqlite", "--reviewer", "bình"]);
    let left = faults(&dir, 0, &["decide", "export", "--store", "s.sqlite", "-o", "gold.jsonl"]);
    assert!(left.contains("disagree on: 1"), "{left}");
    solieu(&dir, &["decide", "disagreements", "--store", "s.sqlite"]).assert().code(1);
    told(&dir, &["decide", "export", "--store", "s.sqlite", "--reviewer", "bình", "-o", "gold.jsonl"]);
}

#[test]
fn a_decision_holds_as_long_as_its_record_stays_as_it_is() {
    let dir = extracted();
    for id in ids(&dir) {
        told(&dir, &["decide", "accept", &id, "--store", "s.sqlite"]);
    }
    // The same place and quote, but another unit: the id stays, what was judged does not.
    fs::create_dir(dir.path().join("rules")).unwrap();
    let money = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("patterns/indicators/poverty.toml")).unwrap();
    fs::create_dir_all(dir.path().join("rules/indicators")).unwrap();
    fs::write(dir.path().join("rules/indicators/poverty.toml"), money.replace("poverty.poor.rate", "poverty.poor.share")).unwrap();
    told(&dir, &["extract", "tin.txt", "--store", "s.sqlite", "--patterns", "rules"]);
    let left = faults(&dir, 0, &["decide", "export", "--store", "s.sqlite", "--partial"]);
    assert!(left.contains("reads their records in another way: 1"), "{left}");
}

#[test]
fn bulk_is_told_before_it_is_done_and_passes_over_what_is_decided() {
    let dir = extracted();
    let store = ["--store", "s.sqlite"];
    let with = |args: &[&'static str]| [args, &store].concat();
    assert!(faults(&dir, 2, &with(&["decide", "accept"])).contains("nothing is named"));
    assert!(faults(&dir, 2, &with(&["decide", "accept", "--all"])).contains("would accept 2 items; nothing was done: add --yes"));
    assert!(faults(&dir, 2, &with(&["decide", "accept", "--place", "X", "--yes"])).contains("the filter matches nothing"));
    told(&dir, &with(&["decide", "reject", "--indicator", "ntm.*", "--yes"]));
    assert_eq!(told(&dir, &with(&["decide", "accept", "--all", "--yes"])), "accept: 1 item\n");
    assert_eq!(told(&dir, &with(&["decide", "accept", "--all", "--again", "--yes"])), "accept: 2 items\n");
    let id = &ids(&dir)[0];
    assert_eq!(told(&dir, &["decide", "undo", id, "--store", "s.sqlite"]), format!("undo: {id} (accept)\n"));
    let standing = rows(&told(&dir, &with(&["decide", "list", "--format", "json"])));
    let verdict = standing.iter().find(|s| s["record"] == **id).unwrap();
    assert_eq!(verdict["verdict"], "reject");
    assert!(faults(&dir, 2, &["decide", "undo", id, "--store", "s.sqlite", "--reviewer", "bình"]).contains("nothing to take back"));
    assert!(faults(&dir, 2, &["decide", "edit", id, "unti=x", "--store", "s.sqlite"]).contains("no field `unti`"));
}

#[test]
fn what_changed_between_runs_is_decided_on_by_its_items() {
    let dir = extracted();
    fs::write(dir.path().join("tin.txt"), TEXT.replace("9,34%", "8,34%")).unwrap();
    told(&dir, &["extract", "tin.txt", "--store", "s.sqlite"]);
    let output = solieu(&dir, &["diff", "s.sqlite#prev", "s.sqlite#last", "--format", "json"]).assert().code(1).get_output().stdout.clone();
    let item = rows(&String::from_utf8(output).unwrap()).into_iter().find(|item| item["class"] == "value").unwrap();
    assert_eq!(item["reason"], "series");
    let key = item["key"].as_str().unwrap();
    assert!(faults(&dir, 2, &["decide", "accept", key, "--store", "s.sqlite"]).contains("needs --since"));
    told(&dir, &["decide", "accept", key, "--store", "s.sqlite", "--since", "prev", "--note", "đã sửa"]);
    let store = Store::existing(&dir.path().join("s.sqlite")).unwrap();
    let standing = store.standings(Asked::default()).unwrap().remove(0);
    assert_eq!((standing.item.as_str(), standing.reviewer.as_str(), standing.judgement.notes[0].as_str()), (key, "an", "đã sửa"));
    assert_eq!(standing.judged.unwrap().value.amount, "8.34");
}

#[test]
fn two_programs_write_to_one_store_and_nothing_is_lost_or_doubled() {
    let dir = tempfile::tempdir().unwrap();
    let rows: String = (0..400).map(|n| format!("{}\n", serde_json::json!({"id": format!("d{n}"), "text": format!("{TEXT} {n}")}))).collect();
    fs::write(dir.path().join("tin.jsonl"), rows).unwrap();
    let start = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_solieu"));
        command.current_dir(dir.path()).args(["extract", "tin.jsonl", "--store", "s.sqlite"]).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut both = [start(), start(), start()];
    assert!(both.iter_mut().all(|child| child.wait().unwrap().success()));
    let mut store = Store::existing(&dir.path().join("s.sqlite")).unwrap();
    let runs = store.runs().unwrap();
    assert_eq!(runs.iter().map(|run| (run.state, run.documents)).collect::<Vec<_>>(), [(State::Finished, 400); 3]);
    let count = |sql: &str, store: &mut Store| store.connection().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM run_documents", &mut store), 1200);
    assert_eq!(count("SELECT count(*) FROM documents", &mut store), 400);
}

/// Kills the program at many moments: what was committed is whole, and the run is told as unfinished.
#[test]
fn a_kill_at_any_moment_loses_nothing_committed() {
    let dir = tempfile::tempdir().unwrap();
    let rows: String = (0..6000).map(|n| format!("{}\n", serde_json::json!({"id": format!("d{n}"), "text": format!("{TEXT} {n}")}))).collect();
    fs::write(dir.path().join("tin.jsonl"), rows).unwrap();
    let path = dir.path().join("s.sqlite");
    let mut documents = Vec::new();
    let in_the_midst = |documents: &[usize]| documents.iter().any(|n| *n > 0 && *n < 6000);
    // A slow machine needs longer until there is something to be cut.
    for round in 0..60_u64 {
        if round >= 12 && in_the_midst(&documents) {
            break;
        }
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_solieu"));
        let mut child = command.current_dir(dir.path()).args(["extract", "tin.jsonl", "--store", "s.sqlite"]).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(15 + 35 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        if !path.exists() {
            continue;
        }
        let mut store = Store::existing(&path).unwrap();
        let runs = store.runs().unwrap();
        // Each run of before still has what it had, and each has as many documents as it says.
        let told: Vec<usize> = runs.iter().map(|run| run.documents).collect();
        assert!(told.starts_with(&documents), "{told:?} {documents:?}");
        for run in &runs {
            assert_eq!(store.documents(run.run).unwrap().len(), run.documents);
            let figures = "SELECT count(*) FROM figures WHERE run = ?";
            let count = store.connection().query_row(figures, [run.run], |row| row.get::<_, i64>(0)).unwrap();
            assert_eq!(count, i64::try_from(run.figures).unwrap());
        }
        let whole: String = store.connection().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(whole, "ok");
        assert!(!store.connection().prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap());
        documents = told;
    }
    let mut store = Store::existing(&path).unwrap();
    let unfinished: Vec<i64> = store.runs().unwrap().iter().filter(|r| r.state == State::Unfinished).map(|r| r.run).collect();
    assert!(!unfinished.is_empty() && in_the_midst(&documents), "no kill came in the midst: {documents:?}");
    unfinished.iter().for_each(|run| store.remove(*run).unwrap());
    drop(store);
    told(&dir, &["extract", "tin.jsonl", "--store", "s.sqlite"]);
    assert_eq!(Store::existing(&path).unwrap().run(RunName::Last).unwrap().documents, 6000);
}
