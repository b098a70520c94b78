//! Basis: of what a percentage is taken, or with what a change is compared. Scope: the words behind the figure in its
//! clause, those between a verb of comparison and the figure, then coordination.

use super::clause::Border;
use super::{Context, Scene, Source};
use crate::quantity::Quantity;
use crate::rules::{Class, Classes, Cue};
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
        return (Some(tidy(s.quote(base)).into_owned()), Source::Clause);
    }
    if let Some(range) = compared_behind(scene, i) {
        return (Some(tidy(s.quote(&range)).into_owned()), Source::Clause);
    }
    if let Some(range) = behind_list(scene, i, change) {
        return (Some(tidy(s.quote(&range)).into_owned()), Source::Sentence);
    }
    if let Some(range) = between(scene, i, change) {
        return (Some(tidy(s.quote(&range)).into_owned()), Source::Clause);
    }
    if (q.kind == Kind::Multiple || of_time(s, q))
        && let Some(range) = phrase(s, scene.figures(), q.tokens.end)
    {
        return (Some(tidy(s.quote(&range)).into_owned()), Source::Clause);
    }
    if let Some(range) = of_total(s, scene.figures(), q) {
        return (Some(tidy(s.quote(&range)).into_owned()), Source::Clause);
    }
    if let Some(range) = leading(scene, i, change) {
        return (Some(tidy(s.quote(&range)).into_owned()), Source::Sentence);
    }
    if let Some(found) = carried(scene, i, contexts, change, restates) {
        return (Some(found), Source::Previous);
    }
    (None, Source::Default)
}

/// `chiếm 20% trong tổng thu nhập`: the total that a share is taken of, behind a word for the inside.
fn of_total(s: &Sentence<'_>, figures: &[Quantity], q: &Quantity) -> Option<Range<usize>> {
    let at = q.tokens.end;
    let total = q.kind == Kind::Percent && s.is_any(at, &["trong", "trên"]) && s.is_any(at + 1, &["tổng"]);
    if total { phrase(s, figures, at + 1) } else { None }
}

/// What the figures of a sentence are compared with, in tokens: the times and places in it are those of the other, not of the
/// figure.
#[derive(Debug, Clone, Default)]
pub struct Comparisons {
    /// Those with an opening word (`so với năm 2010`), in order, then what multiples and shares are taken of.
    pub all: Vec<Range<usize>>,
    /// How many have an opening word.
    told: usize,
}

impl Comparisons {
    /// Those that have an opening word, in order.
    pub fn told(&self) -> &[Range<usize>] {
        &self.all[..self.told]
    }
}

/// All comparisons of a sentence.
pub fn comparisons(s: &Sentence<'_>, figures: &[Quantity]) -> Comparisons {
    let mut out = compared_with(s, figures);
    let told = out.len();
    out.extend(gaps(s, figures));
    out.extend(figures.iter().filter_map(|q| match q.kind {
        Kind::Multiple => phrase(s, figures, q.tokens.end),
        // `50% GDP và năm 2015 …` goes on with another year.
        // `80% diện tích xong trước ngày 25/02`: until when is no year of the whole.
        Kind::Percent => q.base.as_ref().filter(|b| s.word(b.end) != "và").and_then(|b| phrase(s, figures, b.end).map(|r| b.start..before_opener(s, r))),
        _ => None,
    }));
    out.extend(figures.iter().filter(|q| of_time(s, q)).filter_map(|q| phrase(s, figures, q.tokens.end)));
    Comparisons { all: out, told }
}

/// `bằng hai phần ba năm 2019`: a share in words of what was at another time.
fn of_time(s: &Sentence<'_>, q: &Quantity) -> bool {
    q.kind == Kind::Percent && q.base.is_none() && !s.tokens[q.number.start].is_number() && s.begins(q.tokens.end, Classes::only(Class::Period))
}

/// Where words such as `trước ngày`, `đến` open a time in a phrase, or its end.
fn before_opener(s: &Sentence<'_>, phrase: Range<usize>) -> usize {
    phrase.clone().find(|&t| s.begins(t, Classes::only(Class::Opener))).unwrap_or(phrase.end)
}

/// `nhiều hơn cuối năm 2017 là 9 xã`, `kém bình quân cả nước 2,8 điểm`: what a figure is more or less than.
fn gaps<'a>(s: &'a Sentence<'_>, figures: &'a [Quantity]) -> impl Iterator<Item = Range<usize>> + 'a {
    let changes = s.holds(Classes::only(Class::Change));
    let ends = |k: usize| k.checked_sub(1).map_or(0, |p| figures[p].tokens.end);
    (0..if changes { figures.len() } else { 0 }).filter_map(move |k| {
        let number = figures[k].tokens.start;
        let from = ends(k).max(number.saturating_sub(LONGEST + 1));
        let mut words = (from..number).rev().take_while(|&t| s.tokens[t].is_word() || s.tokens[t].is_number() || s.is_mark(t, "/"));
        let gap = words.find_map(|t| s.longest(t, Class::Change).filter(|h| s.is(t, Cue::Gap) && s.is_any(h.end as usize - 1, &["hơn", "kém"])))?;
        let other = gap.end as usize..number;
        (!other.is_empty()).then_some(other)
    })
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
            // `so với cùng kỳ | giảm 23 vụ`: the words already say with what.
            let whole = hit.len() > 2 && s.begins(hit.end as usize, Classes::only(Class::Change));
            let named = if whole { None } else { phrase(s, figures, hit.end as usize) };
            out.push(t..named.map_or(hit.end as usize, |r| before_subject(s, t, r)));
        }
    }
    out
}

/// `So với phiên trước | giá vàng giảm 30.000 đồng`: where no comma closes a comparison that opens the sentence, what is measured does.
fn before_subject(s: &Sentence<'_>, opener: usize, phrase: Range<usize>) -> usize {
    let opens = opener == 0 || !s.tokens[opener - 1].is_word() && !s.tokens[opener - 1].is_number();
    let told = opens && s.begins(phrase.end, Classes::only(Class::Change));
    let subject = || (phrase.start + 1..phrase.end).find(|&t| s.begins(t, Classes::only(Class::Magnitude)));
    if told { subject().unwrap_or(phrase.end) } else { phrase.end }
}

/// The noun phrase that begins at a token, up to a mark, a figure or a word that opens a clause.
fn phrase(s: &Sentence<'_>, figures: &[Quantity], at: usize) -> Option<Range<usize>> {
    let mut end = at;
    while end < s.len() && end - at < LONGEST {
        let figure = figures.binary_search_by_key(&end, |q| q.tokens.start).is_ok();
        let mark = !s.tokens[end].is_word() && !s.tokens[end].is_number() && !matches!(s.word(end), "/" | "-" | "–" | "\"");
        let stops = end > at
            && s.at(end)
                .iter()
                .any(|h| matches!(h.class, Class::Boundary | Class::Change | Class::Comparison) || h.class == Class::Stop && s.is(end, Cue::Link));
        if figure || mark || stops {
            break;
        }
        end += 1;
    }
    (end > at).then_some(at..end)
}

/// Does a verb of change stand right before a figure?
fn changes(scene: &Scene<'_, '_>, i: usize) -> bool {
    scene.sentence().ends(scene.figure(i).tokens.start, Classes::only(Class::Change))
}

/// `tăng 30 xã so với năm 2010`
pub(super) fn compared_behind(scene: &Scene<'_, '_>, i: usize) -> Option<Range<usize>> {
    let s = scene.sentence();
    let q = scene.figure(i);
    let clause = scene.clause_of(q.number.start);
    let limit = clause.tokens.end.min(scene.next_start(i));
    let start = (q.tokens.end..limit).find(|&t| s.longest(t, Class::Comparison).is_some());
    // `(tăng 8%) so với tháng trước`: right behind the bracket of a change.
    let own = || {
        let closed = clause.border == Border::Open && s.is_mark(clause.tokens.end, ")") && q.tokens.end == clause.tokens.end;
        (closed && changes(scene, i) && s.longest(clause.tokens.end + 1, Class::Comparison).is_some()).then_some(clause.tokens.end + 1)
    };
    // A bracket may stand between the figure and what it is compared with.
    let start = start.or_else(own).or_else(|| {
        if scene.figures().get(i + 1).is_some_and(|n| n.tokens.start > q.tokens.end && n.tokens.start <= q.tokens.end + 3) && changes(scene, i + 1) {
            return None;
        }
        let t = scene.clauses.iter().find(|c| c.tokens.start > q.tokens.end && c.border == Border::Close)?.tokens.start;
        (s.is_mark(q.tokens.end, "(") && s.longest(t, Class::Comparison).is_some()).then_some(t)
    })?;
    scene.told().iter().find(|c| c.start == start).cloned()
}

/// `tăng lần lượt 62% và 25% so với kế hoạch`: what stands behind the last of a list holds for all of it.
fn behind_list(scene: &Scene<'_, '_>, i: usize, change: Change) -> Option<Range<usize>> {
    if !matches!(change, Change::Increase | Change::Decrease) {
        return None;
    }
    let last = (i..scene.figures().len()).find(|&k| !listed(scene, k) && !coordinated(scene, k) && !sides(scene, k))?;
    if last > i { compared_behind(scene, last) } else { None }
}

/// `thu giảm 6% và chi giảm 22% so với tháng trước`: does another change follow in a clause joined to this one?
fn coordinated(scene: &Scene<'_, '_>, i: usize) -> bool {
    const LONGEST: usize = 10;
    let s = scene.sentence();
    let (p, Some(q)) = (scene.figure(i), scene.figures().get(i + 1)) else { return false };
    let between = p.tokens.end..q.tokens.start;
    let joined = |t: usize| scene.is(t, Cue::Joins) || s.is_mark(t, ",");
    p.kind == Kind::Percent
        && q.kind == p.kind
        && between.len() <= LONGEST
        && (joined(p.tokens.end) || scene.is(p.tokens.end + 1, Cue::Joins))
        && changes(scene, i)
        && changes(scene, i + 1)
        && !between.clone().any(|t| scene.has(t, Class::Comparison) || s.is_mark(t, ";"))
}

/// `tăng 18,4% về số dự án và 42% về vốn so với cùng kỳ`
fn sides(scene: &Scene<'_, '_>, i: usize) -> bool {
    let (p, Some(q)) = (scene.figure(i), scene.figures().get(i + 1)) else { return false };
    let side = |q: &Quantity| scene.is(q.tokens.end, Cue::Side);
    p.kind == q.kind && side(p) && side(q) && !scene.comparisons().iter().any(|c| p.tokens.end < c.start && c.start < q.tokens.start)
}

/// Does the next figure stand behind nothing but a comma or `và`?
fn listed(scene: &Scene<'_, '_>, i: usize) -> bool {
    let s = scene.sentence();
    let (p, Some(q)) = (scene.figure(i), scene.figures().get(i + 1)) else { return false };
    let between = p.tokens.end..q.tokens.start;
    p.kind == q.kind && !between.is_empty() && between.len() <= 4 && between.clone().all(|t| s.is_mark(t, ",") || matches!(s.word(t), "và" | "hoặc"))
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
    let end = (verb.end as usize..number).find(|&t| scene.has(t, Class::Qualifier) || matches!(s.word(t), "là" | "tới" | "từ")).unwrap_or(number);
    let range = verb.end as usize..end;
    let compares = scene.is(verb.start as usize, Cue::Gap);
    let is_base = s.longest(range.start, Class::Base).is_some() || s.word(range.start) == "mức" || s.word(range.start) == "bình";
    (compares && !range.is_empty() && (is_base || !s.word(verb.start as usize).eq_ignore_ascii_case("vượt"))).then_some(range)
}

/// `So với cùng kỳ, tổng thu tăng 5%, chi giảm 2%`: a comparison that stands by itself before the clauses it holds for.
fn leading(scene: &Scene<'_, '_>, i: usize, change: Change) -> Option<Range<usize>> {
    if !matches!(change, Change::Increase | Change::Decrease) {
        return None;
    }
    let s = scene.sentence();
    let number = scene.figure(i).tokens.start;
    let opens = |c: &Range<usize>| {
        let clause = scene.clause_of(c.start);
        let first = c.start <= clause.tokens.start + 1 && c.end >= clause.tokens.end;
        first && clause.border != Border::Open && s.is_mark(c.end, ",")
    };
    // `so với tháng trước giảm 3 vụ`
    let right_before = |c: &&Range<usize>| {
        let verb = s.longest(c.end, Class::Change).map(|h| h.end as usize);
        verb.is_some_and(|verb| verb <= number && (verb..number).all(|t| scene.has(t, Class::Qualifier)))
    };
    // What was expected or planned: the figure is its level.
    let level = |c: &&Range<usize>| (c.start..c.end).any(|t| scene.has(t, Class::Status));
    if let Some(own) = scene.told().iter().rev().find(|c| c.end < number).filter(|c| right_before(c) && !level(c)) {
        return Some(own.clone());
    }
    // `so với cùng kỳ giảm 2 vụ nhưng tăng 3 người chết`: up to the semicolon.
    let begins =
        |c: &Range<usize>| c.start <= scene.clause_of(c.start).tokens.start + 1 && (scene.has(c.end, Class::Change) || scene.has(c.end, Class::Magnitude));
    let spread = |c: &&Range<usize>| c.end <= number && begins(c) && !level(c) && !(c.end..number).any(|t| s.is_mark(t, ";") || s.is_mark(t, ")"));
    if let Some(own) = scene.told().iter().rev().find(spread) {
        return Some(own.clone());
    }
    let leading = scene.told().iter().rev().find(|c| c.end <= number && opens(c))?;
    let new_sentence = (leading.end..number).any(|t| s.is_mark(t, ";"));
    (!new_sentence || leading.start <= 1).then(|| leading.clone())
}

/// A basis carries through the parts of a total and an elliptical list within one sentence.
fn carried(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], change: Change, restates: bool) -> Option<String> {
    let q = scene.figure(i);
    if restates || q.kind != Kind::Percent {
        return None;
    }
    if listed(scene, i.checked_sub(1)?) {
        return contexts.last()?.basis.0.clone();
    }
    let grows = |c: Change| matches!(c, Change::Increase | Change::Decrease);
    let earlier = scene.peer(i).into_iter().flat_map(|p| (0..=p).rev()).find(|&k| scene.figure(k).kind == Kind::Percent)?;
    let (told, from) = (contexts[earlier].basis.0.clone()?, &contexts[earlier]);
    if grows(change) {
        let origin = contexts.iter().position(|c| c.basis.0.as_ref() == Some(&told)).unwrap_or(earlier);
        return grows(from.change.0).then_some(told).filter(|t| parts_between(scene, origin, i) && compares(t));
    }
    let share = !grows(from.change.0) && change == Change::None;
    let of_plan = (0..=earlier).rev().find_map(|k| scene.figure(k).base.as_ref()).is_some_and(|b| names_plan(scene, b.start));
    // `chiếm 40%`, `tỷ lệ hộ nghèo là 8%` are of something else.
    let another = |t: usize| scene.is(t, Cue::Shares) || scene.is(t, Cue::Head);
    let inside = || scene.clause_of(q.number.start).depth > scene.clause_of(scene.figure(earlier).number.start).depth;
    let part_of_plan = || of_plan && !inside() && !(scene.previous_end(i)..q.tokens.start).any(another);
    let row = || earlier + 1 == i && only_names(scene, i) && (scene.figure(earlier).base.is_some() || from.basis.1 == Source::Previous);
    (share && (part_of_plan() || row() || names_parts(scene, i))).then_some(told).filter(|t| !compares(t))
}

fn names_plan(scene: &Scene<'_, '_>, t: usize) -> bool {
    scene.sentence().longest(t, Class::Base).is_some_and(|h| scene.rules.known.base_plan == Some(h.rule))
}

fn compares(basis: &str) -> bool {
    basis.to_lowercase().starts_with("so ")
}

/// Does a breakdown stand between two figures: `tăng 6% so với cùng kỳ, trong đó khu vực I tăng 3%, khu vực II tăng 8%`?
fn parts_between(scene: &Scene<'_, '_>, from: usize, to: usize) -> bool {
    let s = scene.sentence();
    (scene.figure(from).tokens.end..scene.figure(to).tokens.start)
        .any(|t| s.of(t, Classes::only(Class::Boundary)).any(|h| scene.rules.known.boundary_parts == Some(h.rule)))
}

/// `Trung Quốc chiếm 23% tổng giá trị, Hoa Kỳ 20%`, `91,5% dân số được dùng nước sạch; huyện A đạt 83,2%`: nothing but a name in the
/// clause of a share.
fn only_names(scene: &Scene<'_, '_>, i: usize) -> bool {
    let s = scene.sentence();
    let number = scene.figure(i).tokens.start;
    let small = |t: usize| scene.is(t, Cue::Joins) || [Class::Qualifier, Class::Level, Class::Reach].iter().any(|&c| scene.has(t, c));
    let in_place = |t: usize| scene.read.places.iter().any(|p| p.tokens.contains(&t));
    let from = scene.previous_end(i).max(scene.clause_of(number).tokens.start);
    // `20% GRDP (năm 2021: 6,86%)` is what it was at another time.
    let inside = scene.clause_of(number).depth > 0;
    let timed = inside && scene.read.periods.iter().any(|p| (scene.previous_end(i)..number).contains(&p.tokens.start));
    !timed && (from..number).all(|t| !s.tokens[t].is_word() || s.tokens[t].is_capital() || in_place(t) || small(t))
}

/// `80% số xã đạt chuẩn, trong đó 35% đạt chuẩn nâng cao`
fn names_parts(scene: &Scene<'_, '_>, i: usize) -> bool {
    let s = scene.sentence();
    let start = scene.figure(i).tokens.start;
    let from = scene.clause_of(start).tokens.start;
    s.of(from, Classes::only(Class::Boundary)).any(|h| scene.rules.known.boundary_parts == Some(h.rule) && h.end as usize == start)
}
