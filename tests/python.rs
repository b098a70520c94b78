//! Output as its readers meet it: opened with pandas, Polars and DuckDB, checked by the validators of the formats, links followed
//! in a real browser, figures reviewed there. Runs where Python is, in an environment of its own below `target/`; a machine without Python, network or
//! browser skips it, unless `SOLIEU_REQUIRE_PYTHON` is set, as the gate does.

mod venv;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use venv::{Requirements, run, skip};

/// What is installed, and how.
const REQUIREMENTS: [Requirements; 2] = [("tests/python/requirements.txt", &[]), ("tests/python/profiles.txt", &["--no-deps"])];

/// The interpreter of the environment; none where that cannot be made.
fn python() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    PYTHON.get_or_init(|| venv::python("python", &REQUIREMENTS)).as_deref()
}

fn solieu(arguments: &[&str]) {
    let done = run(Command::new(env!("CARGO_BIN_EXE_solieu")).args(arguments));
    done.unwrap();
}

/// The bundled articles, and rows that are hard on tables.
fn input(dir: &Path) -> String {
    let mut rows = String::new();
    for entry in fs::read_dir("corpus/press").unwrap() {
        let path = entry.unwrap().path();
        let id = path.file_stem().unwrap().to_string_lossy().into_owned();
        rows += &serde_json::json!({"id": id, "text": fs::read_to_string(&path).unwrap(), "url": format!("https://example.org/{id}.html")}).to_string();
        rows.push('\n');
    }
    for (id, text) in [
        ("=cmd|'/c calc'!A0", "Cuối năm 2022, tỷ lệ hộ nghèo của tỉnh Lai Châu giảm còn 3,02%."),
        ("@a;b,\"c\"\nd", "Cán cân thương mại âm 35,9 nghìn tỷ đồng; độ dày 0,12345678912 mm."),
        ("nothing", "Không có gì để đọc."),
        ("-1", "Giá trị xuất khẩu năm 2023 của cả nước đạt 12.345.678.901.234.567 đồng."),
    ] {
        rows += &serde_json::json!({"id": id, "title": "+tin\tmới", "published": "2024-01-05", "text": text}).to_string();
        rows.push('\n');
    }
    let path = dir.join("in.jsonl");
    fs::write(&path, rows).unwrap();
    path.display().to_string()
}

#[test]
fn every_format_opens_and_validates() {
    let Some(python) = python() else { return };
    let dir = tempfile::tempdir().unwrap();
    let input = input(dir.path());
    let out = |name: &str| dir.path().join(name).display().to_string();
    for (name, format) in [
        ("records.jsonl", "jsonl"),
        ("records.csv", "csv"),
        ("records.parquet", "parquet"),
        ("records.sqlite", "sqlite"),
        ("annotations.jsonl", "webannotation"),
        ("observations.csv", "sdmx-csv"),
    ] {
        solieu(&["extract", &input, "--format", format, "-o", &out(name)]);
    }
    solieu(&["extract", &input, "--format", "csv", "--excel", "-o", &out("excel.csv")]);
    solieu(&["extract", &input, "--package", &out("package")]);
    fs::write(out("schema.json"), solieu::record::schema().to_string()).unwrap();
    run(Command::new(python).arg("tests/python/open.py").arg(dir.path())).unwrap();
}

#[test]
fn links_scroll_a_browser_to_the_figure() {
    let Some(python) = python() else { return };
    let there = |name: &str| Command::new(name).arg("--version").output().is_ok_and(|o| o.status.success());
    if !there("chromium") || !there("chromedriver") {
        return skip("no chromium with chromedriver");
    }
    let dir = tempfile::tempdir().unwrap();
    run(Command::new(python).arg("tests/python/links.py").arg(env!("CARGO_BIN_EXE_solieu")).arg(dir.path())).unwrap();
}

#[test]
#[cfg(feature = "review")]
fn figures_are_reviewed_by_keyboard_in_a_browser() {
    let Some(python) = python() else { return };
    let there = |name: &str| Command::new(name).arg("--version").output().is_ok_and(|o| o.status.success());
    if !there("chromium") || !there("chromedriver") {
        return skip("no chromium with chromedriver");
    }
    let dir = tempfile::tempdir().unwrap();
    let shots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("review");
    run(Command::new(python).arg("tests/python/review.py").arg(env!("CARGO_BIN_EXE_solieu")).arg(dir.path()).arg(shots)).unwrap();
}
