//! Subjects: what is counted or measured, in words of the text.
//!
//! In: a figure in its scene, the contexts of the figures before, what the sentences before left. Out: words of the text, and the scope
//! that gave them. Never: words that the text does not have, but for the order of a magnitude and its owner (`giá` + `cà phê`).
//!
//! Counts take the counted phrase behind the number (`counted.rs`); shares and amounts take the noun phrase before their verb
//! (`left.rs`), or the noun right behind them when a verb of doing stands before (`measured.rs`). Nouns in a row share what is said
//! behind the last (`coordinated.rs`). Words that only point back are completed by what was named before (`named.rs`), nouns that stand alone
//! by what follows (`alone.rs`). Rows of figures take those of an earlier row (`row.rs`). `edge.rs` says where phrases begin and end. Scopes:
//! clause, earlier clauses of the sentence, the figure before, the paragraph, the heading.

mod alone;
mod coordinated;
mod counted;
mod edge;
mod left;
mod measured;
mod named;
mod row;

use super::clause::{Border, Clause, is_superlative};
use super::{Context, Scene, Source, State};
use crate::rules::{Class, Classes, Cue, Data, Verb};
use crate::terms::{Change, Kind};
use crate::text::tidy;
use alone::{told_behind, told_of};
pub use counted::keep_counted;
use counted::{counted, defines_before, names_or_small};
use edge::{extent, protected, render, trimmed, verbal};
use left::earlier_clause;
use measured::measured;
use named::{LONGEST_OWNER, completed, in_row};
use row::{aspect, before_own_bracket, respective};

/// What stands right before a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Introducer {
    /// A verb of reaching or change, or a colon: the subject is before it.
    Level,
    /// A verb of having.
    Exist,
    /// Another word.
    Lexical,
    /// The border of the clause, or another figure.
    Nothing,
}

pub fn of(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], state: &State, change: Change, restates: bool) -> (Option<String>, Source) {
    let found = match aspect(scene, i, contexts, change) {
        Some(named) => (Some(named), Source::Clause),
        None => whole(scene, i, contexts, state, change, restates),
    };
    let q = scene.figure(i);
    if q.kind != Kind::Percent || q.base.is_some() || !found.0.as_deref().is_some_and(|f| is_group(scene, f)) {
        return found;
    }
    share_of_group(scene, i, contexts, state).map_or(found, |same| (Some(same), Source::Previous))
}

/// `11/63 tỉnh đạt trên 95%`, `huyện A 41%`: a share that only places were found for is of what shares were told of before.
fn share_of_group(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], state: &State) -> Option<String> {
    let named = |k: usize| contexts[k].subject.0.clone().filter(|s| !is_group(scene, s));
    let earlier = (0..i).rev().filter(|&k| scene.figure(k).kind == Kind::Percent).find_map(named);
    earlier.or_else(|| told_in_unit(state, &scene.figure(i).unit))
}

/// Words for places in general, or for one by its level: `địa phương`, `huyện Bàu Bàng`.
fn is_group(scene: &Scene<'_, '_>, phrase: &str) -> bool {
    const LONGEST: usize = 3;
    if phrase.split_whitespace().count() > LONGEST {
        return false;
    }
    let (hits, length) = named::hits_at_start(scene, phrase);
    let leveled = hits.iter().any(|h| h.class == Class::Level);
    hits.iter().any(|h| h.cue == Some(Cue::Group) && (leveled || h.end as usize == length))
}

/// What was last measured in a unit.
fn told_in_unit(state: &State, unit: &str) -> Option<String> {
    state.measured.iter().find(|(u, _)| u == unit).map(|(_, told)| told.clone())
}

/// Without a look at the side of it that a change is told of.
fn whole(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], state: &State, change: Change, restates: bool) -> (Option<String>, Source) {
    let q = scene.figure(i);
    // `vượt chỉ tiêu đề ra (giảm 4%)` is the planned change of what the sentence speaks of.
    if let Some(found) = compared(scene, i).filter(|_| !changes_inside(scene, i)) {
        return (Some(found), Source::Clause);
    }
    if let Some(found) = counted::measured_whole(scene, q) {
        return (Some(found), Source::Clause);
    }
    let named_by = |k: usize| contexts[k].subject.0.clone();
    if let Some(restated) = i.checked_sub(1).filter(|_| restates).and_then(named_by) {
        return (Some(restated), Source::Previous);
    }
    if let Some(same) = part_changes(scene, i, contexts, change) {
        return (Some(same), Source::Previous);
    }
    if let Some(same) = compared_level(scene, i).and_then(named_by) {
        return (Some(same), Source::Previous);
    }
    // A level in a bracket has a subject of its own, which does not go on behind it.
    let previous = scene.peer(i).and_then(named_by);
    if (adds_to_same(scene, i, change) || other_side(scene, i))
        && let Some(same) = previous.clone()
    {
        return (Some(same), Source::Previous);
    }
    if let Some(same) = same_unit(scene, i, contexts, change).and_then(named_by) {
        return (Some(same), Source::Previous);
    }
    if let Some(noun) = defines_before(scene, i) {
        return (Some(noun), Source::Clause);
    }
    if let Some(noun) = told_of(scene, i, contexts) {
        return (Some(noun), Source::Clause);
    }
    if let Some(same) = respective(scene, i).and_then(named_by) {
        return (Some(same), Source::Previous);
    }
    if let Some(named) = before_own_bracket(scene, i) {
        return (Some(named), Source::Clause);
    }
    if let Some(found) = magnitude_in_bracket(scene, i) {
        return (Some(found), Source::Clause);
    }
    if let Some(found) = if q.counted { counted(scene, i, previous.as_deref(), state, change) } else { measured(scene, i, previous.is_some()) } {
        let short = |words: &String| words.split_whitespace().count() <= LONGEST_OWNER;
        let in_sentence = || previous.clone().or_else(|| earlier_clause(scene, i));
        let before = || in_sentence().or_else(|| inherited(scene, i, state).0);
        // What stands before a semicolon is told.
        let goes_on = !(scene.previous_end(i)..scene.figure(i).tokens.start).any(|t| scene.sentence().is_mark(t, ";"));
        let near = || previous.clone().or_else(|| earlier_clause(scene, i).filter(short)).filter(|_| goes_on);
        // `Cà phê 8.940 ha, sản lượng 26.800 tấn, giá bán 112.000 đ/kg`: no magnitude owns another.
        let bearer = || (0..i).rev().filter_map(named_by).find(|named| !named::is_magnitude(scene, named));
        let found = completed(scene, i, found, before, near, bearer);
        let found = in_row(scene, i, found, previous.as_deref());
        return (Some(told_behind(scene, i, found)), Source::Clause);
    }
    if let Some(same) = row_of_bracket(scene, i).and_then(named_by) {
        return (Some(same), Source::Previous);
    }
    if let Some(same) = same_kind(scene, i, contexts, state) {
        return (Some(same), Source::Previous);
    }
    if let Some(same) = of_plan(scene, i).and_then(named_by) {
        return (Some(same), Source::Previous);
    }
    if let Some(found) = previous.or_else(|| earlier_clause(scene, i)) {
        return (Some(found), Source::Previous);
    }
    inherited(scene, i, state)
}

/// `Huyện A có dư nợ lớn nhất (812 tỷ), kế đó là huyện B 795 tỷ`: the figure in the bracket before, when a row goes on with names alone.
fn row_of_bracket(scene: &Scene<'_, '_>, i: usize) -> Option<usize> {
    let s = scene.sentence();
    let (p, q) = (scene.figure(i.checked_sub(1)?), scene.figure(i));
    let name = |t: usize| s.tokens[t].is_capital() || names_or_small(scene, t) || is_superlative(s, t);
    let closed = scene.clause_of(p.number.start).depth > scene.clause_of(q.number.start).depth;
    (closed && p.kind == q.kind && p.unit == q.unit && (p.tokens.end..q.tokens.start).all(name)).then_some(i - 1)
}

/// `mảnh đất số 120 (diện tích 276 m2)`: what is measured, and of what, before the bracket.
fn magnitude_in_bracket(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    const LONGEST: usize = 12;
    let s = scene.sentence();
    let clause = scene.clause_of(scene.figure(i).number.start);
    if clause.border != Border::Open || scene.figure(i).counted {
        return None;
    }
    let range = trimmed(scene, clause.tokens.start..scene.figure(i).tokens.start)?;
    let start = if s.is_any(range.start, &["với", "có"]) { range.start + 1 } else { range.start };
    let waits = [Cue::Incomplete, Cue::Unfinished].into_iter().any(|c| scene.cue(start, c) == Some(range.end));
    let owner = |c: &Clause| {
        let from = (c.tokens.clone().rev()).find(|&t| s.is_any(t, &["là"])).map_or(c.tokens.start, |t| t + 1);
        trimmed(scene, left::narrowed(scene, from, c.tokens.end)..c.tokens.end).filter(|r| r.len() <= LONGEST)
    };
    let bound = scene.previous_end(i);
    let outside = |c: &&Clause| c.tokens.end < clause.tokens.start && c.tokens.start >= bound && !c.tokens.is_empty() && c.depth < clause.depth;
    let owner = scene.clauses.iter().rev().filter(outside).find_map(owner).filter(|_| waits)?;
    Some(format!("{} {}", render(scene, start..range.end), render(scene, owner)))
}

/// `242 dự án với số vốn 3.945 triệu USD, trong đó Hàn Quốc 138 dự án, 1.610 triệu USD`: money behind a count, with no words of its own, is
/// what money was before.
fn same_kind(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], state: &State) -> Option<String> {
    let q = scene.figure(i);
    let peer = scene.figure(scene.peer(i)?);
    // `9 huyện còn nợ khối lượng, nhiều nhất là huyện A với 27,6 tỷ đồng` goes on with what the sentence speaks of.
    let most = (peer.tokens.end..q.tokens.start).any(|t| is_superlative(scene.sentence(), t));
    if q.kind != Kind::Money || !peer.counted || most || scene.sentence().word(peer.tokens.end) == "với" {
        return None;
    }
    let earlier = (0..i).rev().find(|&k| scene.figure(k).kind == Kind::Money && scene.figure(k).unit == q.unit);
    let paragraph = || state.money.clone().filter(|(p, _)| *p == scene.read.paragraph).map(|(_, s)| s);
    earlier.and_then(|k| contexts[k].subject.0.clone()).or_else(paragraph)
}

/// `322 vụ, tăng 180 vụ`, `500 tấn gạo, đợt 2 thêm 1.500 tấn`: more or less of what was counted before, and nothing said behind.
fn adds_to_same(scene: &Scene<'_, '_>, i: usize, change: Change) -> bool {
    let s = scene.sentence();
    let q = scene.figure(i);
    let Some(p) = scene.peer(i).map(|p| scene.figure(p)) else { return false };
    let same = p.unit == q.unit && p.kind == q.kind && matches!(q.kind, Kind::Count | Kind::Measure);
    let start = q.tokens.start;
    let bare = (p.tokens.end..start).all(|t| !s.tokens[t].is_word() || verbal(scene, t));
    let more = start > 0 && s.word(start - 1).eq_ignore_ascii_case("thêm") && extent(scene, q.tokens.end, q.tokens.end, scene.next_start(i)) == q.tokens.end;
    same && (bare && matches!(change, Change::Increase | Change::Decrease) || more)
}

/// `187 vụ tai nạn, làm chết 74 người; so với cùng kỳ giảm 23 vụ`: more or less of what was counted with this noun before.
fn same_unit(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], change: Change) -> Option<usize> {
    let q = scene.figure(i);
    let bare = !q.unit_tokens.is_empty() && (extent(scene, q.tokens.end, q.tokens.end, scene.next_start(i)) == q.tokens.end || ends_here(scene, q.tokens.end));
    let changed = matches!(change, Change::Increase | Change::Decrease);
    let same = |unit: &str| unit.strip_prefix(&*q.unit).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let before = |k: &usize| same(&scene.figure(*k).unit) && scene.figure(*k).counted && contexts[*k].change.0 == Change::None;
    // `5.218 ca, tăng 41% so với cùng kỳ (3.685 ca)`
    let earlier = || super::clause::reference(scene, i).is_some();
    if q.counted && bare && (changed || earlier()) { (0..i).rev().find(before) } else { None }
}

/// `Tỷ lệ hộ nghèo giảm 3%, riêng các huyện nghèo giảm 5%`: the same change of a part of the places.
fn part_changes(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], change: Change) -> Option<String> {
    let q = scene.figure(i);
    let p = scene.peer(i).filter(|_| matches!(change, Change::Increase | Change::Decrease))?;
    let before = scene.figure(p);
    let clause = scene.clause_of(q.number.start).tokens.start.max(before.tokens.end);
    let same = q.kind == Kind::Percent && before.kind == q.kind && contexts[p].change.0 == change;
    let range = trimmed(scene, clause..q.tokens.start).filter(|_| same)?;
    let area = scene.sentence().begins(range.start, Classes::only(Class::Level)) || scene.is(range.start, Cue::Area);
    let whole = contexts[p].subject.0.as_deref().filter(|w| area && w.split_whitespace().count() <= LONGEST_OWNER)?;
    Some(format!("{whole} {}", render(scene, range)))
}

/// `giải ngân 158 tỷ đồng trên tổng kế hoạch 201 tỷ đồng, đạt 87%`: a share of a plan that stands between is one of the result before.
fn of_plan(scene: &Scene<'_, '_>, i: usize) -> Option<usize> {
    let p = scene.peer(i).filter(|_| scene.figure(i).kind == Kind::Percent)?;
    let before = scene.figure(p);
    let first = scene.peer(p).filter(|&f| scene.figure(f).kind == before.kind && scene.figure(f).unit == before.unit)?;
    let gap = scene.figure(first).tokens.end..before.tokens.start;
    let plan = gap.clone().any(|t| scene.rules.known.base_plan.is_some_and(|id| scene.sentence().longest(t, Class::Base).is_some_and(|h| h.rule == id)));
    let near = gap.len() <= 8 && !gap.clone().any(|t| scene.sentence().is_mark(t, ",") || scene.sentence().is_mark(t, ";"));
    (plan && near).then_some(first)
}

/// Does no noun go on at a token: a small word, or one that joins?
fn ends_here(scene: &Scene<'_, '_>, t: usize) -> bool {
    edge::stops(scene, t) || scene.has(t, Class::Boundary) || scene.sentence().is_any(t, &["và", "nhưng", "song", "còn"])
}

/// `143,59 x 70,94 x 7,57 mm`
fn other_side(scene: &Scene<'_, '_>, i: usize) -> bool {
    let start = scene.figure(i).tokens.start;
    scene.previous_end(i) + 1 == start && scene.sentence().is_any(start - 1, &["x", "X", "×"])
}

/// Does the clause of a figure itself tell a change?
fn changes_inside(scene: &Scene<'_, '_>, i: usize) -> bool {
    let start = scene.figure(i).tokens.start;
    (scene.clause_of(start).tokens.start..start).any(|t| scene.has(t, Class::Change))
}

/// The thing that the figure before was compared with, when its level stands in brackets: `kế hoạch năm (667,1 tỷ đồng)`.
fn compared(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let bracket = super::clause::reference(scene, i)?;
    let s = scene.sentence();
    let from = s.longest(bracket.from, Class::Comparison).map_or(bracket.from, |h| h.end as usize);
    let only_time = scene.read.periods.iter().any(|p| p.tokens.start <= from && p.tokens.end >= bracket.open);
    let text = tidy(s.quote(&(from..bracket.open)));
    (!only_time && !text.is_empty() && !text.starts_with("cùng kỳ")).then(|| text.into_owned())
}

/// `thâm hụt bằng 2,7% GDP, so với mức 2,8% GDP năm 2015`: another level of what the figure before tells.
fn compared_level(scene: &Scene<'_, '_>, i: usize) -> Option<usize> {
    let s = scene.sentence();
    let start = scene.figure(i).tokens.start;
    let told = scene.comparisons().iter().find(|c| c.end == start)?;
    let opened = s.longest(told.start, Class::Comparison)?.end as usize;
    let before = scene.peer(i).filter(|&p| scene.figure(p).tokens.end <= told.start)?;
    let small = (opened..start).all(|t| scene.has(t, Class::Reach) || scene.is(t, Cue::Anaphor) || scene.is(t, Cue::Incomplete) || verbal(scene, t));
    small.then_some(before)
}

/// From the paragraph, the heading, or the paragraph before.
fn inherited(scene: &Scene<'_, '_>, i: usize, state: &State) -> (Option<String>, Source) {
    // What was measured in the same unit says more than what the last figure was.
    let same_paragraph = state.subject.clone().filter(|_| state.subject_paragraph == scene.read.paragraph);
    let q = scene.figure(i);
    let same_unit = || told_in_unit(state, &q.unit).filter(|_| !q.counted);
    if let Some(subject) = same_paragraph {
        return (Some(same_unit().unwrap_or(subject)), Source::Paragraph);
    }
    if let Some(heading) = state.heading.clone() {
        return (Some(heading), Source::Document);
    }
    let noun = scene.figure(i).counted.then(|| scene.figure(i).unit.clone());
    (noun.or_else(|| state.subject.clone()), Source::Document)
}

/// Keeps what was measured in each unit: `Diện tích trồng rừng đạt 15.320 ha, độ che phủ 63%. Dẫn đầu là huyện A với 3.412 ha`.
pub fn keep_measured(scene: &Scene<'_, '_>, contexts: &[Context], kept: &mut Vec<(String, String)>) {
    for (q, c) in scene.figures().iter().zip(contexts).filter(|(q, _)| matches!(q.kind, Kind::Measure | Kind::Percent)) {
        if let Some(subject) = c.subject.0.as_ref().filter(|s| q.kind != Kind::Percent || names_share(scene, s)) {
            kept.retain(|(unit, _)| *unit != q.unit);
            kept.push((q.unit.clone(), subject.clone()));
        }
    }
}

/// Does a phrase name what shares are told of: `tỷ lệ hộ nghèo`, `giải ngân`?
fn names_share(scene: &Scene<'_, '_>, phrase: &str) -> bool {
    measured::names_magnitude(scene, phrase) || named::hits_at_start(scene, phrase).0.iter().any(|h| h.cue == Some(Cue::Unfinished))
}

/// The words of a heading, without its number.
pub fn heading(scene: &Scene<'_, '_>) -> Option<String> {
    trimmed(scene, 0..scene.sentence().len()).map(|r| render(scene, r))
}

fn introducer(scene: &Scene<'_, '_>, i: usize) -> Introducer {
    const SMALL: Classes = Classes::of([Class::Reach, Class::Change, Class::Qualifier, Class::Status, Class::Opener, Class::Per]);
    let s = scene.sentence();
    let clause = scene.clause_of(scene.figure(i).number.start);
    let from = clause.tokens.start.max(scene.previous_end(i));
    let mut at = scene.figure(i).tokens.start;
    loop {
        if at <= from {
            return if clause.border == Border::Colon && at == clause.tokens.start { Introducer::Level } else { Introducer::Nothing };
        }
        if let Some(p) = scene.read.periods.iter().find(|p| p.tokens.end == at) {
            at = p.tokens.start.max(from);
            continue;
        }
        let ending = |b: usize| s.of(b, SMALL).filter(move |h| h.end as usize == at);
        let leads = |&b: &usize| ending(b).next().is_some() && !protected(scene, b, at);
        let found = if s.ends(at, SMALL) { (from..at).find(leads) } else { None };
        let Some(start) = found else {
            let measured = scene.figure(i).kind == Kind::Measure
                && at > from + 1
                && scene.is(at - 1, Cue::Dimension)
                && !scene.has(at - 2, Class::Magnitude)
                && !s.covers(at - 1, Classes::of([Class::Magnitude, Class::Compound]))
                && !scene.is(at - 2, Cue::DimensionNoun);
            return if measured { Introducer::Level } else { Introducer::Lexical };
        };
        if ending(start).any(|h| h.class == Class::Change) {
            return Introducer::Level;
        }
        match ending(start).find_map(|h| if let Data::Reach(verb) = scene.rules.rule(h.rule).data { Some(verb) } else { None }) {
            Some(Verb::Level) => return Introducer::Level,
            Some(Verb::Exist) => return Introducer::Exist,
            _ => at = start,
        }
    }
}
