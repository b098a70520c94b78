//! `solieu series` as its users meet it, with golden outputs.

mod golden;

use assert_cmd::Command;
use golden::golden;
use std::fs;
use tempfile::TempDir;

/// Two sources that agree on 2022 and not on 2023; a target; a change; another place; one that is inexact.
const NEWS: [(&str, &str, &str); 5] = [
    ("a", "2023-01-20", "Đến ngày 31/12/2022, tỉnh Hòa Bình có 73/129 xã đạt chuẩn nông thôn mới."),
    (
        "b",
        "2024-01-20",
        "Đến ngày 31/12/2022, tỉnh Hòa Bình có 73/129 xã đạt chuẩn nông thôn mới. Đến ngày 31/12/2023, tỉnh Hòa Bình có 79/129 xã đạt chuẩn nông thôn mới, tăng 6 xã.",
    ),
    ("c", "2024-02-20", "Đến ngày 31/12/2023, tỉnh Hòa Bình có 80/129 xã đạt chuẩn nông thôn mới. Mục tiêu năm 2024 có 90 xã đạt chuẩn nông thôn mới."),
    ("d", "2024-01-11", "Đến ngày 31/12/2023, tỉnh Lai Châu có gần 40 xã đạt chuẩn nông thôn mới."),
    ("<e>", "2024-01-11", "Đến ngày 31/12/2023, tỉnh Lai Châu có 38 xã đạt chuẩn nông thôn mới."),
];

fn folder() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let row = |(id, published, text): &(&str, &str, &str)| {
        format!("{}\n", serde_json::json!({"id": id, "published": published, "text": text, "url": format!("https://example.org/{published}")}))
    };
    fs::write(dir.path().join("news.jsonl"), NEWS.iter().map(row).collect::<String>()).unwrap();
    let mut command = Command::cargo_bin("solieu").unwrap();
    command.current_dir(dir.path()).args(["extract", "news.jsonl", "-o", "records.jsonl"]).assert().success();
    dir
}

fn run(dir: &TempDir, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("solieu").unwrap();
    let output = command.current_dir(dir.path()).args(["series", "--indicator"]).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn every_format_says_what_it_said() {
    let dir = folder();
    for (args, name) in [
        (["--format", "table"].as_slice(), "communes.txt"),
        (&["--format", "csv"], "communes.csv"),
        (&["--format", "json"], "communes.json"),
        (&["--format", "svg"], "communes.svg"),
        (&["--format", "svg", "--by", "place", "--period", "2023"], "places.svg"),
    ] {
        let (status, text, error) = run(&dir, &[&["ntm.commune.met", "records.jsonl"], args].concat());
        assert_eq!(status, 0, "{error}");
        golden(&format!("series/{name}"), &text);
    }
}

#[test]
fn contradictions_are_marked_and_what_agrees_is_one_point() {
    let dir = folder();
    let (_, text, error) = run(&dir, &["ntm.commune.met", "records.jsonl", "--format", "json"]);
    assert!(error.contains("contradict another of their place and time: 2"), "{error}");
    let series: serde_json::Value = serde_json::from_str(&text).unwrap();
    let points: Vec<&serde_json::Value> =
        series["panels"].as_array().unwrap().iter().flat_map(|p| p["lines"].as_array().unwrap()).flat_map(|l| l["points"].as_array().unwrap()).collect();
    let of = |amount: &str| *points.iter().find(|p| p["amount"] == amount).unwrap();
    assert_eq!(of("73")["sources"].as_array().unwrap().len(), 2);
    assert!(["79", "80"].iter().all(|a| of(a)["conflict"] == true) && ["73", "40", "38"].iter().all(|a| of(a)["conflict"] == false));
    assert!(of("79")["sources"][0]["link"].as_str().unwrap().starts_with("https://example.org/2024-01-20#:~:text="));
}

#[test]
fn levels_and_changes_and_statuses_are_told_apart() {
    let dir = folder();
    let (_, text, _) = run(&dir, &["ntm.commune.met", "records.jsonl", "--place", "Hòa Bình", "--format", "csv"]);
    let has = |measure: &str, status: &str, amount: &str| {
        let rows = text.lines().map(|l| l.split(',').collect::<Vec<_>>());
        rows.filter(|r| r[3] == measure && r[6] == status && r[10] == amount).count()
    };
    assert_eq!([has("level", "actual", "73"), has("increase", "actual", "6"), has("level", "target", "90"), has("level", "actual", "90")], [2, 1, 1, 0]);
    assert!(!text.contains("Lai Châu"));
}

#[test]
fn what_is_not_there_is_told() {
    let dir = folder();
    for (args, told) in [
        (["ntm.comune.met", "records.jsonl"].as_slice(), "no indicator \"ntm.comune.met\""),
        (&["poverty.poor.rate", "records.jsonl"], "there are: ntm.commune.met"),
        (&["ntm.commune.met", "records.jsonl", "--place", "Cà Mau"], "its places are: Hòa Bình, Lai Châu"),
        (&["ntm.commune.met", "none.jsonl"], "none.jsonl: cannot be opened"),
    ] {
        let (status, _, error) = run(&dir, args);
        assert!(status == 2 && error.contains(told), "{error}");
    }
}

#[test]
fn a_drawing_has_words_and_needs_nothing_from_elsewhere() {
    let dir = folder();
    let (_, svg, _) = run(&dir, &["ntm.commune.met", "records.jsonl", "--format", "svg"]);
    for part in
        ["role=\"img\"", "aria-labelledby=\"title desc\"", "<title id=\"title\">", "<desc id=\"desc\">", "href=\"https://example.org/", "class=\"conflict\""]
    {
        assert!(svg.contains(part), "{part}");
    }
    for part in ["<script", "<image", "url(", "@import", "<e>", "NaN", "inf\""] {
        assert!(!svg.contains(part), "{part}");
    }
    #[cfg(feature = "pages")]
    is_xml(&svg);
}

#[cfg(feature = "pages")]
fn is_xml(svg: &str) {
    let mut reader = quick_xml::Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
}
