//! `solieu rules` as rule authors meet it.

use assert_cmd::Command;
use predicates::prelude::*;
use serde_json::Value;
use std::fs;
use tempfile::TempDir;

const RULE: &str = r#"class = "unit"

[[rule]]
id = "area.thuoc"
why = "Thước of 24 square metres; never converted."
symbol = "thước"
dimension = "measure"
forms = ["thước đất"]

[[rule.example]]
text = "Mỗi hộ có 12 thước đất."
expect = { quote = "12 thước đất", kind = "measure", amount = "12", unit = "thước", subject = "hộ" }

[[rule.near_miss]]
text = "Mỗi hộ có 12 thước vải."
"#;

fn rules(args: &[&str]) -> Command {
    let mut command = Command::cargo_bin("solieu").unwrap();
    command.env_remove("NO_COLOR").arg("rules").args(args);
    command
}

fn overlay(rule: &str) -> TempDir {
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("units")).unwrap();
    fs::write(dir.path().join("units/mine.toml"), rule).unwrap();
    dir
}

/// The faults that a check of an overlay finds in the overlay itself.
fn own_faults(rule: &str, more: &[&str]) -> Vec<Value> {
    let dir = overlay(rule);
    let path = dir.path().display().to_string();
    let args: Vec<&str> = ["check", &path, "--format", "json"].iter().chain(more).copied().collect();
    let stdout = rules(&args).output().unwrap().stdout;
    let all: Vec<Value> = serde_json::from_slice(&stdout).unwrap();
    all.into_iter().filter(|d| d["file"] == "units/mine.toml").collect()
}

#[test]
fn a_list_names_rules_by_class() {
    rules(&["list"]).assert().success().stdout(predicate::str::contains("money.vnd").and(predicate::str::contains("ntm.commune.met")));
    let units = rules(&["list", "--class", "unit"]).assert().success();
    units.stdout(predicate::str::contains("money.vnd").and(predicate::str::contains("ntm.commune.met").not()));
    rules(&["list", "--class", "units"]).assert().code(2).stderr(predicate::str::contains("use one of: "));
}

#[test]
fn a_rule_is_shown_as_written_with_its_place() {
    let shown = rules(&["show", "area.km2"]).assert().success();
    shown.stdout(
        predicate::str::contains("units/area.toml:").and(predicate::str::contains("\"ki lô mét vuông\"")).and(predicate::str::contains("area.ha").not()),
    );
    rules(&["show", "area.km3"]).assert().code(2).stderr(predicate::str::contains("no rule is called `area.km3`; did you mean area.km2?"));
}

#[test]
fn a_good_overlay_has_no_fault_of_its_own() {
    assert_eq!(own_faults(RULE, &[]), Vec::<Value>::new());
}

#[test]
fn faults_carry_code_line_and_column() {
    let faults = own_faults(&RULE.replace("amount = \"12\"", "amount = \"13\"").replace("thước vải", "thước đất"), &[]);
    let placed: Vec<_> = faults.iter().map(|d| (d["code"].as_str().unwrap(), d["line"].as_u64().unwrap(), d["severity"].as_str().unwrap())).collect();
    assert_eq!(placed, [("example-fails", 12, "error"), ("near-miss-matches", 14, "error")]);
    assert_eq!(faults[0]["column"], 54);
    assert!(faults[0]["message"].as_str().unwrap().contains("`amount` should be \"13\" and is \"12\""), "{}", faults[0]);
}

#[test]
fn a_faulty_overlay_is_status_1_and_shows_the_line() {
    let dir = overlay(&RULE.replace("amount = \"12\"", "amount = \"13\""));
    let checked = rules(&["check", &dir.path().display().to_string()]).assert().code(1);
    checked.stdout(
        predicate::str::contains("error[example-fails]").and(predicate::str::contains("units/mine.toml:12:54")).and(predicate::str::contains("; errors: ")),
    );
    rules(&["check", "no/such/folder"]).assert().code(2).stderr(predicate::str::contains("no/such/folder: no such folder"));
}

#[test]
fn a_corpus_tells_rules_that_never_fire() {
    let silent = own_faults(RULE, &["--corpus", "corpus/press"]);
    assert_eq!(silent.iter().map(|d| d["code"].as_str().unwrap()).collect::<Vec<_>>(), ["never-fires"]);
    let dir = TempDir::new().unwrap();
    let text = dir.path().join("a.txt");
    fs::write(&text, "Ông Tư có 40 thước đất.").unwrap();
    assert_eq!(own_faults(RULE, &["--corpus", &text.display().to_string()]), Vec::<Value>::new());
}

#[test]
fn an_explanation_shows_rejected_numbers_and_where_each_value_came_from() {
    let text = "Ngày 5/7/2022, tỉnh Lai Châu có hơn 94\u{200B} xã, tăng 12 xã so với năm 2020.";
    let shown = rules(&["explain", text, "--published", "2022-07-29"]).assert().success();
    let stdout = String::from_utf8(shown.get_output().stdout.clone()).unwrap();
    for part in [
        "edits: 1",
        "published  2022-07-29",
        "no figure  năm 2020",
        "94 xã",
        "qualifier  over  qualifier.over",
        "increase",
        "Lai Châu (province)",
        "by default",
        "indicator",
    ] {
        assert!(stdout.contains(part), "{part}\n--- is not in ---\n{stdout}");
    }
    assert!(!stdout.contains('\u{1b}'));
}

#[test]
fn an_explanation_of_a_text_without_numbers_says_so() {
    rules(&["explain", "-"]).write_stdin("Không có gì.").assert().success().stdout(predicate::str::contains("nothing is read"));
    rules(&["explain", "x", "--published", "hôm qua"]).assert().code(2);
}
