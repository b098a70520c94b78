//! `solieu extract` as its users meet it: what it reads, what it prints, how it ends.

use assert_cmd::Command;
use predicates::prelude::*;
use solieu::Record;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const GOOD: &str = "Tính đến tháng 7/2022, cả nước có 5.813/8.227 xã đạt chuẩn nông thôn mới.";
const OTHER: &str = "Tỉnh Lai Châu có 94 xã.";

fn solieu() -> Command {
    let mut command = Command::cargo_bin("solieu").unwrap();
    command.env_remove("NO_COLOR").env_remove("COLUMNS");
    command
}

fn extract() -> Command {
    let mut command = solieu();
    command.arg("extract");
    command
}

fn records(stdout: &[u8]) -> Vec<Record> {
    serde_json::Deserializer::from_slice(stdout).into_iter().map(Result::unwrap).collect()
}

/// Document and quote of every record.
fn told(stdout: &[u8]) -> Vec<String> {
    records(stdout).iter().map(|r| format!("{} {}", r.document, r.quote)).collect()
}

fn row(id: &str, text: &str) -> String {
    format!("{}\n", serde_json::json!({"id": id, "text": text}))
}

fn write(dir: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path.display().to_string()
}

#[test]
fn a_folder_gives_its_texts_in_order_of_name() {
    let dir = TempDir::new().unwrap();
    write(dir.path(), "b.txt", OTHER);
    write(dir.path(), "a/deep.txt", GOOD);
    write(dir.path(), "c.jsonl", row("row", OTHER));
    write(dir.path(), "ignored.md", "Có 7 xã.");
    let done = extract().arg(dir.path()).assert().success().stderr("");
    assert_eq!(told(&done.get_output().stdout), ["a/deep.txt 5.813/8.227 xã", "b.txt 94 xã", "row 94 xã"]);
}

#[test]
fn a_publication_date_resolves_relative_times() {
    let dir = TempDir::new().unwrap();
    let text = "6 tháng đầu năm, tỉnh Lai Châu có thêm 4 xã đạt chuẩn.";
    let path = write(dir.path(), "in.jsonl", serde_json::json!({"id": "a", "text": text, "published": "2022-07-29"}).to_string());
    let done = extract().arg(path).assert().success();
    let period = records(&done.get_output().stdout)[0].period.clone().unwrap();
    assert_eq!((period.start.as_deref(), period.end.as_deref()), (Some("2022-01-01"), Some("2022-06-30")));
}

#[test]
fn standard_input_is_a_text_or_rows() {
    let text = extract().write_stdin(OTHER).assert().success();
    assert_eq!(told(&text.get_output().stdout), ["- 94 xã"]);
    let rows = extract().arg("-").write_stdin(row("x", OTHER) + &row("y", GOOD)).assert().success();
    assert_eq!(told(&rows.get_output().stdout), ["x 94 xã", "y 5.813/8.227 xã"]);
    extract().write_stdin("").assert().success().stdout("");
}

#[test]
fn spans_point_into_the_source_as_given() {
    let source = "\u{200B}Tỉnh có 1.200 hộ,\r\n ðạt\u{00A0}３0%.";
    let done = extract().write_stdin(source).assert().success();
    let records = records(&done.get_output().stdout);
    assert!(!records.is_empty());
    for r in records {
        assert_eq!(source[r.span.bytes[0]..r.span.bytes[1]], r.quote);
        assert_eq!(source.chars().skip(r.span.chars[0]).take(r.span.chars[1] - r.span.chars[0]).collect::<String>(), r.quote);
    }
}

#[test]
fn a_table_holds_what_the_records_hold() {
    let done = extract().args(["--format", "table"]).write_stdin(GOOD).assert().success();
    done.stdout(predicate::str::contains("5.813/8.227 xã").and(predicate::str::contains("Việt Nam")).and(predicate::str::contains("\u{1b}").not()));
    extract().args(["--format", "table", "--color", "always"]).write_stdin(GOOD).assert().stdout(predicate::str::contains("\u{1b}["));
}

#[test]
fn an_output_file_appears_whole_and_alone() {
    let dir = TempDir::new().unwrap();
    let out = dir.path().join("out.jsonl");
    fs::write(&out, "old").unwrap();
    extract().arg("-o").arg(&out).write_stdin(OTHER).assert().success().stdout("");
    assert_eq!(told(&fs::read(&out).unwrap()), ["- 94 xã"]);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn an_output_file_that_cannot_be_written_is_told_at_once() {
    let dir = TempDir::new().unwrap();
    let out = dir.path().join("no/such/folder.jsonl");
    extract().arg("-o").arg(&out).write_stdin(OTHER).assert().code(2).stderr(predicate::str::contains("folder.jsonl: cannot be written"));
}

#[test]
fn bad_rows_are_told_with_their_line_and_the_good_ones_extracted() {
    let dir = TempDir::new().unwrap();
    let mut content = row("first", OTHER).into_bytes();
    content.extend(b"{\"id\": \"broken\"\n{\"text\": \"no id\"}\n\n");
    content.extend(b"{\"id\": \"latin\", \"text\": \"x\xE9\"}\n");
    content.extend(b"{\"id\": \"date\", \"text\": \"\", \"published\": \"hom qua\"}\n");
    content.extend(row("last", GOOD).into_bytes());
    let path = write(dir.path(), "in.jsonl", content);
    let done = extract().arg(&path).assert().code(1);
    assert_eq!(told(&done.get_output().stdout), ["first 94 xã", "last 5.813/8.227 xã"]);
    let stderr = String::from_utf8(done.get_output().stderr.clone()).unwrap();
    let lines: Vec<&str> = stderr.lines().collect();
    let expected = [
        (2, "no JSON row: EOF while parsing an object at column"),
        (3, "the row has no `id`"),
        (5, "not UTF-8 at byte 26"),
        (6, "`published` is no date: \"hom qua\""),
    ];
    for (line, (number, reason)) in lines.iter().zip(expected) {
        assert!(line.starts_with(&format!("solieu: {path}:{number}: {reason}")), "{line}");
    }
    assert_eq!(lines[4], "solieu: 4 inputs skipped; documents: 2, figures: 2");
    let reasons = ["`published` is no date", "no JSON row", "not UTF-8 at byte", "the row has no `id`"];
    assert_eq!(lines[5..], reasons.map(|r| format!("solieu:   1 × {r}")));
}

#[test]
fn bad_files_are_told_and_the_rest_extracted() {
    let dir = TempDir::new().unwrap();
    let good = write(dir.path(), "good.txt", OTHER);
    let binary = write(dir.path(), "binary.txt", b"94 x\0\x01\xE3 5 6 7");
    let missing = dir.path().join("missing.txt").display().to_string();
    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let done = extract().args([&missing, &binary]).arg(&empty).arg(&good).assert().code(1);
    // With several paths an id keeps its path, lest two files of one name collide.
    assert_eq!(told(&done.get_output().stdout), [format!("{good} 94 xã")]);
    done.stderr(
        predicate::str::contains(format!("{missing}: cannot be opened: No such file"))
            .and(predicate::str::contains(format!("{binary}: no text: it holds zero bytes; name text files")))
            .and(predicate::str::contains(format!("{}: no file in this folder ends in .txt, .jsonl, .html", empty.display())))
            .and(predicate::str::contains("solieu: 3 inputs skipped; documents: 1, figures: 1")),
    );
}

#[test]
fn a_line_over_the_limit_is_skipped() {
    let dir = TempDir::new().unwrap();
    let path = write(dir.path(), "in.jsonl", row("long", &GOOD.repeat(20)) + &row("short", OTHER));
    let done = extract().args(["--max-bytes", "500", &path]).assert().code(1);
    assert_eq!(told(&done.get_output().stdout), ["short 94 xã"]);
    done.stderr(predicate::str::contains(format!("{path}:1: longer than 500 bytes; split it")));
}

#[test]
fn faulty_patterns_stop_the_run_with_all_their_faults() {
    let dir = TempDir::new().unwrap();
    write(dir.path(), "words/mine.toml", "class = \"filler\"\n[[rule]]\nid = \"a\"\nwhy = \"\"\nforms = [\"(một\"]\n[[rule]]\nid = \"b\"\nforms = [\"x\"]\n");
    let done = extract().arg("--patterns").arg(dir.path()).write_stdin(OTHER).assert().code(2).stdout("");
    done.stderr(
        predicate::str::contains("words/mine.toml:5:11").and(predicate::str::contains("[missing-key]")).and(predicate::str::contains("errors in the rules")),
    );
}

#[test]
fn patterns_extend_the_built_in_rules() {
    let dir = TempDir::new().unwrap();
    let rule = "class = \"counter\"\n[[rule]]\nid = \"counter.mine\"\nwhy = \"A noun of our own.\"\nforms = [\"gàu sòng tát nước\"]\n";
    write(dir.path(), "units/mine.toml", rule);
    let done = extract().arg("--patterns").arg(dir.path()).write_stdin("Hợp tác xã có 35 gàu sòng tát nước.").assert().success();
    let records = records(&done.get_output().stdout);
    assert_eq!((records[0].unit.as_str(), records[0].rule.as_str()), ("gàu sòng tát nước", "counter.mine"));
}

#[test]
fn the_output_is_the_same_for_any_number_of_jobs() {
    let dir = TempDir::new().unwrap();
    let texts: Vec<String> = fs::read_dir("corpus/press").unwrap().map(|e| fs::read_to_string(e.unwrap().path()).unwrap()).collect();
    let rows: String = (0..400).map(|i| if i % 50 == 7 { "{\n".to_owned() } else { row(&format!("d{i}"), &texts[i % texts.len()]) }).collect();
    let path = write(dir.path(), "in.jsonl", rows);
    let run = |jobs: &str| extract().args(["--jobs", jobs, &path]).assert().code(1).get_output().clone();
    let one = run("1");
    assert!(records(&one.stdout).len() > 2000);
    for jobs in ["2", "4"] {
        let other = run(jobs);
        assert!(one.stdout == other.stdout && one.stderr == other.stderr, "--jobs {jobs} gives other output than --jobs 1");
    }
}

#[test]
fn a_closed_pipe_ends_the_run_quietly() {
    let dir = TempDir::new().unwrap();
    let path = write(dir.path(), "in.jsonl", (0..3000).map(|i| row(&i.to_string(), GOOD)).collect::<String>());
    let script = format!("{} extract {path} | head -n 1 >/dev/null; echo ${{PIPESTATUS[0]}}", env!("CARGO_BIN_EXE_solieu"));
    Command::new("bash").args(["-c", &script]).assert().success().stdout("0\n").stderr("");
}

#[test]
fn wrong_usage_is_status_2() {
    extract().args(["--jobs", "0", "x.txt"]).assert().code(2);
    extract().args(["--format", "xml"]).assert().code(2).stderr(predicate::str::contains("jsonl"));
    solieu().arg("extrakt").assert().code(2);
}

#[test]
fn completions_and_manual_pages_name_the_commands() {
    solieu().args(["completions", "bash"]).assert().success().stdout(predicate::str::contains("extract"));
    solieu().arg("man").assert().success().stdout(predicate::str::contains(".TH solieu"));
    let dir = TempDir::new().unwrap();
    solieu().arg("man").arg(dir.path()).assert().success();
    assert!(fs::read_to_string(dir.path().join("solieu-extract.1")).unwrap().contains("patterns"));
}
