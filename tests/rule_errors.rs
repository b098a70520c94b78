//! One golden file per mistake: what `solieu rules check` says of `tests/rule_errors/<mistake>`, a rule file or a folder of
//! them, stands in `<mistake>.out`. `UPDATE_GOLDEN=1` writes the messages anew; read them before you keep them.

use solieu::rules::check::{Checked, check};
use solieu::rules::{Severity, SourceFile, source};
use std::fs;
use std::path::{Path, PathBuf};

const FOLDER: &str = "tests/rule_errors";

fn files(mistake: &Path) -> Vec<SourceFile> {
    if mistake.is_dir() {
        return source::folder(mistake).unwrap();
    }
    let name = mistake.file_name().unwrap().to_string_lossy().into_owned();
    vec![SourceFile { name, text: fs::read_to_string(mistake).unwrap().into(), overlay: true }]
}

fn rendered(checked: &Checked) -> String {
    let text = |name: &str| checked.rules.files.iter().find(|f| f.name == name).map_or("", |f| &f.text);
    let mut out = String::new();
    for diagnostic in &checked.diagnostics {
        out += &format!("{}\n\n", diagnostic.render(text(&diagnostic.file), false));
    }
    out + &format!("errors: {}, warnings: {}\n", checked.count(Severity::Error), checked.count(Severity::Warning))
}

fn mistakes() -> Vec<PathBuf> {
    let entries = fs::read_dir(FOLDER).unwrap().map(|e| e.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|p| p.extension().is_none_or(|e| e != "out")).collect();
    found.sort();
    found
}

#[test]
fn every_mistake_is_told_as_its_golden_file_says() {
    let mut wrong = Vec::new();
    for mistake in mistakes() {
        let told = rendered(&check(files(&mistake), None).unwrap());
        let golden = mistake.with_extension("out");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&golden, &told).unwrap();
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if told != expected {
            wrong.push(format!("--- {} says\n{expected}+++ but it is\n{told}", golden.display()));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} messages differ; UPDATE_GOLDEN=1 writes them anew", wrong.join("\n"), wrong.len());
}

#[test]
fn no_mistake_goes_untold_and_every_golden_file_has_one() {
    for mistake in mistakes() {
        assert!(!check(files(&mistake), None).unwrap().diagnostics.is_empty(), "{} is no mistake", mistake.display());
    }
    let goldens = fs::read_dir(FOLDER).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "out"));
    assert_eq!(goldens.count(), mistakes().len());
}
