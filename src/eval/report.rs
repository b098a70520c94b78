//! Scores, errors and changes as people read them.

use super::compare::Changed;
use super::gold::{Amounts, Figure, Predicted, Said, Time};
use super::score::{FIELDS, Scored, Scores, name};
use std::fmt::Write as _;

/// One line a row, with three digits.
pub fn scores(scores: &Scores) -> String {
    let mut out = format!("{} documents, {} gold figures, {} predicted\n", scores.documents, scores.gold, scores.predicted);
    for (name, row) in &scores.rows {
        let _ = writeln!(out, "{name:16} P {:.3}  R {:.3}  F1 {:.3}", row.precision, row.recall, row.f1);
    }
    out
}

/// Up to so many errors of each sort.
pub fn errors(scored: &Scored<'_>, limit: usize) -> String {
    let mut out = section("missed", &missed(scored), limit);
    out += &section("spurious", &spurious(scored), limit);
    for (k, field) in FIELDS.into_iter().enumerate() {
        out += &section(field, &wrong(scored, k), limit);
    }
    out
}

fn section(sort: &str, rows: &[String], limit: usize) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut out = format!("\n== {sort}: {}\n", rows.len());
    for row in rows.iter().take(limit) {
        let _ = writeln!(out, "  {row}");
    }
    out
}

fn line(parts: &[&str]) -> String {
    parts.join(" | ").replace('\n', "⏎")
}

fn missed(scored: &Scored<'_>) -> Vec<String> {
    let missed = scored.figures().filter(|(_, _, pair)| pair.is_none());
    missed.map(|(d, f, _)| line(&[&d.gold.id, &f.quote, d.around([f.start, f.end], 50, 30)])).collect()
}

fn spurious(scored: &Scored<'_>) -> Vec<String> {
    let of = |d: &super::score::ScoredDocument<'_>| {
        let rows = d.spurious.iter().map(|p| line(&[&d.gold.id, p.quote.as_deref().unwrap_or("–"), d.around(p.span.chars, 50, 40)]));
        rows.collect::<Vec<_>>()
    };
    scored.documents.iter().flat_map(of).collect()
}

fn wrong(scored: &Scored<'_>, k: usize) -> Vec<String> {
    let wrong = scored.figures().filter_map(|(d, f, pair)| pair.filter(|p| !p.right[k]).map(|p| (d, f, p)));
    wrong
        .map(|(d, f, pair)| {
            let told = format!("want {} got {}", wanted(f, FIELDS[k]), given(pair.predicted, FIELDS[k]));
            line(&[&d.gold.id, &f.quote, &told, d.around([f.start, f.end], 60, 40)])
        })
        .collect()
}

/// The scores that moved, then what was won and lost, field by field.
pub fn changes(old: &Scores, new: &Scores, changed: &[Changed<'_>]) -> String {
    let mut out = String::from("\nF1 before and now\n");
    for ((name, before), (_, now)) in old.rows.iter().zip(&new.rows).filter(|((_, a), (_, b))| a.f1 != b.f1) {
        let _ = writeln!(out, "{name:16} {:.4} → {:.4}  {:+.4}", before.f1, now.f1, now.f1 - before.f1);
    }
    for field in ["found", "spurious"].into_iter().chain(FIELDS) {
        let rows: Vec<&Changed<'_>> = changed.iter().filter(|c| c.field == field).collect();
        if rows.is_empty() {
            continue;
        }
        let won = rows.iter().filter(|c| c.won).count();
        let _ = writeln!(out, "\n== {field}: won {won}, lost {}", rows.len() - won);
        for row in rows {
            let _ = writeln!(out, "  {}", change(row));
        }
    }
    out
}

fn change(c: &Changed<'_>) -> String {
    let sign = if c.won { "+" } else { "-" };
    let quote = c.figure.map(|f| f.quote.as_str()).or_else(|| c.old.or(c.new)?.quote.as_deref()).unwrap_or("–");
    let side = |p: Option<&Predicted>| match (c.field, p) {
        (_, None) => "nothing".to_owned(),
        ("found" | "spurious", Some(p)) => p.quote.clone().unwrap_or_default(),
        (field, Some(p)) => given(p, field),
    };
    let want = c.figure.filter(|_| FIELDS.contains(&c.field)).map_or_else(String::new, |f| format!("want {} ", wanted(f, c.field)));
    format!("{sign} {}", line(&[c.document, quote, &format!("{want}was {} now {}", side(c.old), side(c.new)), c.context]))
}

/// What the gold file says of a field.
fn wanted(f: &Figure, field: &str) -> String {
    told_of(&f.said, Some(&f.value), f.time.as_ref(), field)
}

/// What a record says of a field.
fn given(p: &Predicted, field: &str) -> String {
    told_of(&p.said, p.value.as_ref(), p.period.as_ref(), field)
}

fn told_of(said: &Said, number: Option<&Amounts>, period: Option<&Time>, field: &str) -> String {
    match field {
        "value" => number.map_or_else(|| told(None), value),
        "time" => time(period),
        "place" => told(name(said.place.as_ref())),
        "unit" => told(said.unit.as_deref()),
        "kind" => told(said.kind.as_deref()),
        "qualifier" => told(said.qualifier.as_deref()),
        "change" => told(said.change.as_deref()),
        "status" => told(said.status.as_deref()),
        "subject" => told(said.subject.as_deref()),
        _ => told(said.basis.as_deref()),
    }
}

fn told(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), |t| format!("'{t}'"))
}

fn value(Amounts { amount, upper, of }: &Amounts) -> String {
    let amount = amount.text().unwrap_or("null");
    match (upper.text(), of.text()) {
        (Some(upper), _) => format!("{amount}–{upper}"),
        (_, Some(of)) => format!("{amount} of {of}"),
        _ => amount.to_owned(),
    }
}

fn time(time: Option<&Time>) -> String {
    let day = |d: Option<&String>| d.map_or("", String::as_str).to_owned();
    time.map_or_else(|| told(None), |t| format!("{}…{}", day(t.start.as_ref()), day(t.end.as_ref())))
}
