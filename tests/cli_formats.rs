//! The formats of `solieu extract`, where its output goes, and how it tells of its progress, as users meet them.

use assert_cmd::Command;
use predicates::prelude::*;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const TEXT: &str = "Cuối năm 2022, tỉnh Lai Châu có 94/106 xã đạt chuẩn nông thôn mới; tỷ lệ hộ nghèo giảm còn 3,02%.";

fn extract() -> Command {
    let mut command = Command::cargo_bin("solieu").unwrap();
    command.env_remove("NO_COLOR").env_remove("COLUMNS").arg("extract");
    command
}

fn row(id: &str, text: &str) -> String {
    format!("{}\n", json!({"id": id, "text": text, "url": format!("https://example.org/{id}")}))
}

/// The bundled articles, some times over, with broken rows.
fn articles(dir: &Path) -> String {
    let texts: Vec<String> = fs::read_dir("corpus/press").unwrap().map(|e| fs::read_to_string(e.unwrap().path()).unwrap()).collect();
    let rows: String = (0..300).map(|i| if i % 50 == 7 { "{\n".to_owned() } else { row(&format!("d{i}"), &texts[i % texts.len()]) }).collect();
    let path = dir.join("in.jsonl");
    fs::write(&path, rows).unwrap();
    path.display().to_string()
}

fn formats() -> Vec<&'static str> {
    let all = [
        ("jsonl", true),
        ("csv", true),
        ("webannotation", true),
        ("sdmx-csv", true),
        ("parquet", cfg!(feature = "parquet")),
        ("sqlite", cfg!(feature = "sqlite")),
    ];
    all.into_iter().filter(|(_, built)| *built).map(|(name, _)| name).collect()
}

#[test]
fn every_format_has_the_same_bytes_for_any_number_of_jobs_in_a_file_and_in_a_folder() {
    let dir = TempDir::new().unwrap();
    let input = articles(dir.path());
    for format in formats() {
        let run = |jobs: &str, out: &Path| extract().args([&input, "--format", format, "--jobs", jobs, "-o"]).arg(out).assert().code(1);
        let [one, two] = ["one", "two"].map(|name| dir.path().join(format!("{name}.{format}")));
        run("1", &one);
        run("3", &two);
        let folder = dir.path().join(format!("{format}/"));
        fs::create_dir(&folder).unwrap();
        run("2", &folder);
        let whole = fs::read(&one).unwrap();
        assert!(whole.len() > 10_000 && whole == fs::read(&two).unwrap(), "{format}: --jobs 3 gives other bytes");
        let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
        assert!(files.len() == 1 && whole == fs::read(&files[0]).unwrap(), "{format}: a folder gives other bytes: {files:?}");
    }
}

#[test]
fn the_ending_of_the_output_tells_the_format_and_a_format_overrules_it() {
    let dir = TempDir::new().unwrap();
    let start = |name: &str, more: &[&str]| {
        let out = dir.path().join(name);
        extract().args(more).arg("-o").arg(&out).write_stdin(TEXT).assert().success();
        fs::read(out).unwrap()
    };
    assert!(start("a.csv", &[]).starts_with(b"document_no,figure_no,id,"));
    assert!(start("b.csv", &["--excel"]).starts_with("\u{FEFF}document_no;".as_bytes()));
    assert!(start("c.csv", &["--format", "jsonl"]).starts_with(b"{\"id\":"));
    assert!(start("d.txt", &[]).starts_with(b"{\"id\":"));
    #[cfg(feature = "parquet")]
    assert!(start("e.parquet", &[]).starts_with(b"PAR1"));
    #[cfg(feature = "sqlite")]
    assert!(start("f.db", &[]).starts_with(b"SQLite format 3\0"));
}

#[test]
fn a_package_is_two_tables_and_their_description() {
    let dir = TempDir::new().unwrap();
    let out = dir.path().join("tables");
    extract().arg("--package").arg(&out).write_stdin(row("a", TEXT) + &row("b", "Không có gì.")).assert().success().stdout("");
    let lines = |name: &str| fs::read_to_string(out.join(name)).unwrap().lines().count();
    assert_eq!((lines("documents.csv"), lines("records.csv")), (3, 3));
    let package: Value = serde_json::from_slice(&fs::read(out.join("datapackage.json")).unwrap()).unwrap();
    assert_eq!(package["resources"][1]["path"], "records.csv");
    assert_eq!(fs::read_dir(&out).unwrap().count(), 3);
}

#[test]
fn what_cannot_be_written_is_told_before_anything_is_read() {
    let told = |arguments: &[&str], reason: &str| {
        extract().args(arguments).write_stdin(TEXT).assert().code(2).stdout("").stderr(predicate::str::contains(reason.to_owned()));
    };
    let sqlite = if cfg!(feature = "sqlite") { "SQLite cannot be written into a pipe; name a file with -o" } else { "build it with the feature `sqlite`" };
    told(&["--format", "sqlite"], sqlite);
    told(&["--excel", "--format", "jsonl"], "--excel is for CSV");
    told(&["--resume"], "--resume needs the folder of the run");
    told(&["--package", "x", "--format", "csv"], "cannot be used with");
    told(&["--resume", "-o", "x", "--format", "table"], "a table is for reading");
    told(&["--resume", "-o", "Cargo.toml"], "Cargo.toml: no folder");
    told(&["--package", "/proc/none"], "/proc/none: cannot be used for output");
}

#[test]
fn figures_without_a_series_are_counted_where_they_have_no_place() {
    let text = format!("{TEXT} Có 5 con đò.");
    let done = extract().args(["--format", "sdmx-csv"]).write_stdin(text).assert().success();
    let lines = String::from_utf8(done.get_output().stdout.clone()).unwrap().lines().count();
    assert_eq!(lines, 3);
    done.stderr("solieu: figures left out: 1; they are in no catalogued series, or their time has no end\n");
}

#[test]
fn records_of_a_page_carry_a_link_and_others_none() {
    let links = |input: String| {
        let done = extract().write_stdin(input).assert().success();
        let rows = String::from_utf8(done.get_output().stdout.clone()).unwrap();
        rows.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["link"].clone()).collect::<Vec<_>>()
    };
    let found = links(row("tin", TEXT));
    assert!(found.iter().all(|l| l.as_str().unwrap().starts_with("https://example.org/tin#:~:text=")), "{found:?}");
    assert_eq!(links(TEXT.to_owned()), [Value::Null, Value::Null]);
}

fn json_lines(stderr: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(stderr).lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{l}: {e}"))).collect()
}

#[test]
fn programs_are_told_all_in_json() {
    let dir = TempDir::new().unwrap();
    let input = dir.path().join("in.jsonl");
    fs::write(&input, row("a", TEXT) + "{\n" + &row("b", TEXT)).unwrap();
    let done = extract().args(["--progress", "json"]).arg(&input).assert().code(1);
    let lines = json_lines(&done.get_output().stderr);
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["event"], &lines[0]["line"]), (&json!("skipped"), &json!(2)));
    let summary = &lines[1];
    assert_eq!((&summary["event"], &summary["documents"], &summary["figures"], &summary["skipped"]), (&json!("summary"), &json!(2), &json!(4), &json!(1)));
    assert_eq!((&summary["kinds"], &summary["reasons"]), (&json!({"percent": 2, "ratio": 2}), &json!({"no JSON row": 1})));
    assert_eq!(summary["total_bytes"], fs::metadata(&input).unwrap().len());
}

#[test]
fn programs_are_told_every_ten_seconds_even_when_nothing_moves() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_solieu"));
    let mut child = command.args(["extract", "--progress", "json"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(row("a", TEXT).as_bytes()).unwrap();
    std::thread::sleep(Duration::from_secs(14));
    drop(stdin);
    let events: Vec<Value> = json_lines(&child.wait_with_output().unwrap().stderr).into_iter().map(|l| l["event"].clone()).collect();
    assert!(began.elapsed() < Duration::from_secs(19));
    assert_eq!(events, ["progress", "summary"]);
}
