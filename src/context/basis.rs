//! Basis: of what a percentage is taken, or with what a change is compared. Scope: the words behind the figure in its
//! clause, those between a verb of comparison and the figure, then coordination.

use super::{Context, Scene, Source};
use crate::quantity::Quantity;
use crate::rules::{Class, Classes};
use crate::sentence::Sentence;
use crate::terms::{Change, Kind};
use crate::text::tidy;
use std::ops::Range;

/// How many tokens a basis may have.
const LONGEST: usize = 9;

pub fn of(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], change: Change, restates: bool) -> (Option<String>, Source) {
    let s = scene.sentence();
    let q = scene.figure(i);
    if let Some(base) = &q.base {
        return (Some(tidy(s.quote(base))), Source::Clause);
    }
    if let Some(range) = compared_behind(scene, i) {
        return (Some(tidy(s.quote(&range))), Source::Clause);
    }
    if let Some(range) = between(scene, i, change) {
        return (Some(tidy(s.quote(&range))), Source::Clause);
    }
    if q.kind == Kind::Multiple
        && let Some(range) = phrase(s, scene.figures(), q.tokens.end)
    {
        return (Some(tidy(s.quote(&range))), Source::Clause);
    }
    if let Some(range) = leading(scene, i, change) {
        return (Some(tidy(s.quote(&range))), Source::Sentence);
    }
    if let Some(found) = carried(scene, i, contexts, restates) {
        return (Some(found), Source::Previous);
    }
    (None, Source::Default)
}

/// All comparisons of a sentence with their opening word (`so với năm 2010`), and what multiples and shares are taken of: the
/// times and places in them are those of the other, not of the figure.
pub fn comparisons(s: &Sentence<'_>, figures: &[Quantity]) -> Vec<Range<usize>> {
    let mut out = compared_with(s, figures);
    out.extend(figures.iter().filter_map(|q| match q.kind {
        Kind::Multiple => phrase(s, figures, q.tokens.end),
        Kind::Percent => q.base.as_ref().and_then(|b| phrase(s, figures, b.end).map(|r| b.start..r.end)),
        _ => None,
    }));
    out
}

fn compared_with(s: &Sentence<'_>, figures: &[Quantity]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    if !s.holds(Classes::only(Class::Comparison)) {
        return out;
    }
    for t in 0..s.len() {
        if out.last().is_some_and(|r| r.contains(&t)) {
            continue;
        }
        if let Some(hit) = s.longest(t, Class::Comparison) {
            let end = phrase(s, figures, hit.end as usize).map_or(hit.end as usize, |r| r.end);
            out.push(t..end);
        }
    }
    out
}

/// The noun phrase that begins at a token, up to a mark, a figure or a word that opens a clause.
fn phrase(s: &Sentence<'_>, figures: &[Quantity], at: usize) -> Option<Range<usize>> {
    let mut end = at;
    while end < s.len() && end - at < LONGEST {
        let figure = figures.iter().any(|q| q.tokens.start == end);
        let mark = !s.tokens[end].is_word() && !s.tokens[end].is_number() && !matches!(s.word(end), "/" | "-" | "–" | "\"");
        let stops = end > at
            && s.at(end).iter().any(|h| {
                matches!(h.class, Class::Boundary | Class::Change | Class::Comparison)
                    || h.class == Class::Stop && matches!(s.word(end), "và" | "do" | "nên" | "thì" | "để" | "là" | "với" | "chiếm" | "bằng" | "nhưng" | "còn")
            });
        if figure || mark || stops {
            break;
        }
        end += 1;
    }
    (end > at).then_some(at..end)
}

/// `tăng 30 xã so với năm 2010`
fn compared_behind(scene: &Scene<'_, '_>, i: usize) -> Option<Range<usize>> {
    let s = scene.sentence();
    let q = scene.figure(i);
    let clause = scene.clause_of(q.number.start);
    let limit = clause.tokens.end.min(scene.next_start(i));
    let start = (q.tokens.end..limit).find(|&t| s.longest(t, Class::Comparison).is_some());
    // A bracket may stand between the figure and what it is compared with.
    let start = start.or_else(|| {
        let t = scene.clauses.iter().find(|c| c.tokens.start > q.tokens.end && c.border == super::clause::Border::Close)?.tokens.start;
        (s.is_mark(q.tokens.end, "(") && s.longest(t, Class::Comparison).is_some()).then_some(t)
    })?;
    compared_with(s, scene.figures()).into_iter().find(|c| c.start == start)
}

/// `cao hơn bình quân cả nước 7,2 điểm %`, `vượt kế hoạch 7 xã`
fn between(scene: &Scene<'_, '_>, i: usize, change: Change) -> Option<Range<usize>> {
    let s = scene.sentence();
    let number = scene.figure(i).tokens.start;
    if !matches!(change, Change::Increase | Change::Decrease) {
        return None;
    }
    let clause = scene.clause_of(number);
    let from = clause.tokens.start.max(scene.previous_end(i));
    let verb = (from..number).rev().find_map(|t| s.longest(t, Class::Change).filter(|h| h.end as usize <= number))?;
    let end = (verb.end as usize..number).find(|&t| scene.has(t, Class::Qualifier) || matches!(s.word(t), "là" | "tới")).unwrap_or(number);
    let range = verb.end as usize..end;
    let word = s.lower(verb.start as usize);
    let compares = matches!(&*word, "cao" | "thấp" | "vượt" | "nhiều" | "ít" | "lớn" | "kém" | "nhanh" | "đắt" | "rẻ");
    let is_base = s.longest(range.start, Class::Base).is_some() || s.word(range.start) == "mức" || s.word(range.start) == "bình";
    (compares && !range.is_empty() && (is_base || word != "vượt")).then_some(range)
}

/// `So với cùng kỳ, tổng thu tăng 5%, chi giảm 2%`
fn leading(scene: &Scene<'_, '_>, i: usize, change: Change) -> Option<Range<usize>> {
    if !matches!(change, Change::Increase | Change::Decrease) {
        return None;
    }
    let s = scene.sentence();
    let first = compared_with(s, scene.figures()).into_iter().next()?;
    let opens = first.start <= 1 && s.tokens.get(first.end).is_some_and(|t| !t.is_word());
    (opens && first.end <= scene.figure(i).tokens.start).then_some(first)
}

/// A basis carries through an elliptical list within one sentence.
fn carried(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], restates: bool) -> Option<String> {
    let q = scene.figure(i);
    let (p, previous) = (scene.figures().get(i.checked_sub(1)?)?, contexts.last()?);
    if restates || p.kind != q.kind || q.kind != Kind::Percent {
        return None;
    }
    let s = scene.sentence();
    let between = p.tokens.end..q.tokens.start;
    let list = between.len() <= 4 && between.clone().all(|t| s.is_mark(t, ",") || matches!(s.word(t), "và" | "hoặc"));
    if list { previous.basis.0.clone() } else { None }
}
