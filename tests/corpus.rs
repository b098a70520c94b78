//! The bundled corpus: what is read from each article, that nothing is read where nothing is, and scores that cannot slip
//! unseen.

use serde_json::{Value, json};
use solieu::{Document, Extractor, Record};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn articles(folder: &str) -> BTreeMap<String, String> {
    let files = std::fs::read_dir(root().join(folder)).expect("the corpus is part of the repository");
    let read = |path: PathBuf| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap());
    files.map(|f| read(f.unwrap().path())).filter(|(name, _)| name.ends_with(".txt")).collect()
}

/// A record on one line, as a reviewer reads it.
fn line(r: &Record) -> Value {
    let of = |v: &Option<String>| v.clone().unwrap_or_default();
    let value = format!("{} {} {}", r.value.amount, of(&r.value.upper), of(&r.value.of)).trim_end().to_owned();
    let period = r.period.as_ref().map(|p| format!("{}..{}", of(&p.start), of(&p.end)));
    let said = format!("{} {} {}", r.qualifier.as_str(), r.change.as_str(), r.status.as_str());
    let place = r.place.as_ref().map(|p| format!("{} [{}]", p.name, of(&p.code)));
    json!([r.quote, r.kind.as_str(), value, r.unit, said, r.subject, r.basis, place, period, r.indicator.as_ref().map(|i| &i.id), r.rule, r.checks])
}

#[test]
fn every_article_gives_the_reviewed_records() {
    let extractor = Extractor::new();
    for (name, text) in articles("press") {
        let records = extractor.extract(&Document::new(name.as_str(), text));
        let lines: Vec<String> = records.iter().map(|r| line(r).to_string()).collect();
        insta::with_settings!({ snapshot_path => "snapshots/corpus", prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(name.trim_end_matches(".txt"), lines.join("\n"));
        });
    }
}

#[test]
fn silence_stays_silent() {
    let extractor = Extractor::new();
    for (name, text) in articles("silence") {
        let quotes: Vec<String> = extractor.extract(&Document::new(name.as_str(), text)).into_iter().map(|r| r.quote).collect();
        assert!(quotes.is_empty(), "{name} holds no figure, but {quotes:?} were read");
    }
}

#[test]
fn gold_speaks_of_the_articles_as_they_are() {
    let articles = articles("press");
    let gold = solieu::eval::gold(&root().join("gold.jsonl")).expect("the gold file can be read");
    assert_eq!(gold.len(), articles.len(), "each article has its gold");
    for row in &gold {
        assert_eq!(Some(&row.text), articles.get(&row.id), "{}: gold and article differ", row.id);
    }
}

/// Scores as of the last change. A change may raise a floor (by hand, with its reason in the commit), never pass below it:
/// one figure of the corpus is 0.0009.
#[test]
fn scores_do_not_slip() {
    let floors: BTreeMap<String, f64> = serde_json::from_str(include_str!("floors.json")).expect("floors.json holds numbers by name");
    let gold = solieu::eval::gold(&root().join("gold.jsonl")).expect("the gold file can be read");
    let predicted = solieu::eval::extracted(&gold, &Extractor::new());
    let scores = solieu::eval::Scored::new(&gold, &predicted).scores();
    let low: Vec<String> = floors
        .iter()
        .map(|(name, floor)| (name, scores.row(name).f1, floor))
        .filter(|(_, f1, floor)| f1 < floor)
        .map(|(n, f, l)| format!("{n}: {f} < {l}"))
        .collect();
    assert!(low.is_empty(), "scores fell: {low:?}");
    assert!(floors.len() >= 12, "every score that the project promises has a floor");
}
