//! Status: fact, estimate, forecast or target. Scope: from the word on, over coordinated clauses to the end of the sentence,
//! and an elliptical sentence right behind; words that name the figure itself reach to the end of their clause; `đã` ends it.

use super::{Context, Scene, Source, State};
use crate::rules::{Class, Data, Scope};
use crate::terms::Status;

pub fn of(scene: &Scene<'_, '_>, i: usize, _previous: Option<&Context>, state: &State) -> (Status, Source) {
    let s = scene.sentence();
    let number = scene.figure(i).tokens.start;
    let clause = scene.clause_of(number);
    for t in (0..number).rev() {
        let Some(hit) = s.at(t).iter().filter(|h| h.class == Class::Status).max_by_key(|h| h.end) else {
            continue;
        };
        let Data::Status { value, scope } = scene.rules.rule(hit.rule).data else {
            continue;
        };
        if ignored(scene, t, hit.end as usize, value) {
            continue;
        }
        let same_clause = clause.tokens.contains(&t);
        let reaches = match scope {
            Scope::Sentence => coordinated(scene, t, number),
            Scope::Clause => same_clause || value == Status::Actual && coordinated(scene, t, number),
            Scope::Noun => names_figure(scene, i, t, hit.end as usize),
        };
        if reaches {
            return (value, Source::Rule(hit.rule));
        }
    }
    match state.status {
        Some((value, rule)) if elliptical(scene) => (value, Source::Rule(rule)),
        _ => (Status::Actual, Source::Default),
    }
}

/// Status words that say nothing of the figure: inside a comparison, as a basis, or as the thing that was reached or passed.
fn ignored(scene: &Scene<'_, '_>, start: usize, end: usize, value: Status) -> bool {
    let s = scene.sentence();
    let is_base = scene.figures().iter().any(|q| q.base.as_ref().is_some_and(|b| b.start <= start && start < b.end) || q.tokens.contains(&start));
    let before = start.checked_sub(1).map_or("", |t| s.word(t)).to_lowercase();
    let passed =
        value == Status::Target && matches!(before.as_str(), "vượt" | "bằng" | "với" | "so" | "của" | "theo" | "đúng" | "thành" | "hiện" | "về" | "số");
    let stop = scene.has(end, Class::Base) && value == Status::Target && matches!(before.as_str(), "đạt");
    is_base || scene.compared(start) || passed || stop
}

/// Does the reach of a status word at `from` hold on to the figure at `to`?
fn coordinated(scene: &Scene<'_, '_>, from: usize, to: usize) -> bool {
    let s = scene.sentence();
    let (a, b) = (scene.clause_of(from), scene.clause_of(to));
    // A bracket that closed before the figure keeps its status to itself.
    if a.depth > b.depth {
        return false;
    }
    !(from..to).any(|t| s.is_mark(t, "."))
}

/// `dự toán 1.350 tỷ đồng`, `vốn được giao là 24 tỷ`: nothing but small words and nouns between, no other figure.
fn names_figure(scene: &Scene<'_, '_>, i: usize, start: usize, end: usize) -> bool {
    let s = scene.sentence();
    let number = scene.figure(i).tokens.start;
    let clause = scene.clause_of(number);
    if !clause.tokens.contains(&start) || scene.previous_end(i) > start {
        return false;
    }
    let reached = (end..number).any(|t| matches!(s.word(t), "đạt" | "bằng" | "giải" | "thực" | "hoàn" | "vượt" | "tăng" | "giảm" | "chi" | "ngân"));
    number - end <= 12 && !reached
}

/// A sentence without a verb of its own, right behind one with a status: it begins with a breakdown word or a figure.
fn elliptical(scene: &Scene<'_, '_>) -> bool {
    let s = scene.sentence();
    let opens = s.longest(0, Class::Boundary).is_some() || s.tokens.first().is_some_and(|t| t.is_number());
    opens && scene.read.periods.is_empty()
}

/// Leaves the status of the last figure to an elliptical sentence.
pub fn leave(_scene: &Scene<'_, '_>, contexts: &[Context], state: &mut State) {
    state.status = contexts.last().and_then(|c| match c.status {
        (value, Source::Rule(rule)) if value != Status::Actual => Some((value, rule)),
        _ => None,
    });
}
