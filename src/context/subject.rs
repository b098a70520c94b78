//! Subjects: what is counted or measured, in words of the text.
//!
//! Counts take the counted phrase behind the number; shares and amounts take the noun phrase before their verb. What
//! the clause leaves out comes from the nearest earlier words that name it. Scopes: clause, earlier clauses of the
//! sentence, the figure before, the heading.

use super::clause::Border;
use super::{Context, Scene, Source, State, measures_something};
use crate::quantity::{Quantity, tidy};
use crate::rules::{Class, Role};
use crate::terms::{Change, Kind};
use std::ops::Range;

/// How many tokens a counted phrase may have.
const LONGEST_RIGHT: usize = 18;
/// How many tokens a subject before the verb may have.
const LONGEST_LEFT: usize = 22;

pub fn of(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], state: &State, change: Change, restates: bool) -> (Option<String>, Source) {
    let q = scene.figure(i);
    let previous = contexts.last().and_then(|c| c.subject.0.clone());
    if restates && previous.is_some() {
        return (previous, Source::Previous);
    }
    if let Some(found) = if q.counted { counted(scene, i, &previous, state, change) } else { measured(scene, i) } {
        return (Some(found), Source::Clause);
    }
    if let Some(found) = previous.or_else(|| earlier_clause(scene, i)) {
        return (Some(found), Source::Previous);
    }
    match (&state.subject, &state.heading) {
        (Some(subject), _) if state.paragraph == scene.read.paragraph => (Some(subject.clone()), Source::Paragraph),
        (_, Some(heading)) => (Some(heading.clone()), Source::Document),
        (subject, None) => (subject.clone(), Source::Document),
    }
}

/// The words of a heading, without its number.
pub fn heading(scene: &Scene<'_, '_>) -> Option<String> {
    trimmed(scene, 0..scene.sentence().len()).map(|r| render(scene, r))
}

/// Subject of a counted noun.
fn counted(scene: &Scene<'_, '_>, i: usize, previous: &Option<String>, state: &State, change: Change) -> Option<String> {
    let s = scene.sentence();
    let q = scene.figure(i);
    let noun = q.unit_tokens.clone();
    let right = if noun.is_empty() { String::new() } else { counted_phrase(scene, i) };
    let bare = noun.is_empty() || right.split_whitespace().count() <= tidy(s.quote(&noun)).split_whitespace().count();
    if !bare {
        return Some(right);
    }
    let left = left_phrase(scene, i);
    let head = q.unit.split([' ', ',']).next().unwrap_or("").to_lowercase();
    let has_head = |text: &str| text.to_lowercase().split_whitespace().any(|w| w == head);
    if noun.is_empty() {
        return elliptical(scene, i, previous, state);
    }
    if change != Change::None && left.is_none() {
        let carried = previous.as_ref().or(state.subject.as_ref()).filter(|p| has_head(p));
        if let Some(carried) = carried {
            return Some(carried.clone());
        }
    }
    match left {
        Some(left) if left.ends_with(" cho") => Some(format!("{left} {right}")),
        Some(left) if introduced(scene, i) || is_classifier(scene, q) => Some(left),
        _ => Some(right),
    }
}

/// A number whose noun was dropped: the noun, and what the clause says of it.
fn elliptical(scene: &Scene<'_, '_>, i: usize, previous: &Option<String>, state: &State) -> Option<String> {
    let q = scene.figure(i);
    if let Some(left) = left_phrase(scene, i).filter(|l| l.split_whitespace().count() > 1) {
        return Some(left);
    }
    let s = scene.sentence();
    let end = extent(scene, q.tokens.end, q.tokens.end, scene.next_start(i));
    let tail = tidy(s.quote(&(q.tokens.end..end)));
    if !tail.is_empty() {
        return Some(format!("{} {tail}", q.unit));
    }
    previous.clone().or_else(|| state.subject.clone())
}

/// The figure stands behind a colon or a verb of reaching, so that what is before it names it.
fn introduced(scene: &Scene<'_, '_>, i: usize) -> bool {
    let s = scene.sentence();
    let start = scene.figure(i).tokens.start;
    start > 0 && (s.is_mark(start - 1, ":") || s.tokens[start - 1].is_word())
}

fn is_classifier(scene: &Scene<'_, '_>, q: &Quantity) -> bool {
    let s = scene.sentence();
    s.longest(q.unit_tokens.start, Class::Counter).is_some_and(|h| matches!(scene.rules.rule(h.rule).data, crate::rules::Data::Counter { classifier: true }))
}

/// The counted noun and what is said of it, past an inserted bracket.
fn counted_phrase(scene: &Scene<'_, '_>, i: usize) -> String {
    let s = scene.sentence();
    let q = scene.figure(i);
    let noun = q.unit_tokens.clone();
    let limit = scene.sentence().len();
    let end = extent(scene, noun.start, q.tokens.end.max(noun.end), limit.min(next_outside_brackets(scene, i)));
    let mut text = tidy(s.quote(&(noun.start..end)));
    if end == noun.end && s.is_mark(end, "(") {
        // `75 xã (chiếm 77,3% tổng số xã) đạt tiêu chí …`
        if let Some(close) = (end..s.len()).find(|&t| s.is_mark(t, ")")) {
            let tail = extent(scene, close + 1, close + 1, next_after(scene, close));
            if tail > close + 1 && !scene.has(close + 1, Class::Stop) {
                text = format!("{text} {}", tidy(s.quote(&(close + 1..tail))));
            }
        }
    }
    text
}

fn next_outside_brackets(scene: &Scene<'_, '_>, i: usize) -> usize {
    scene.next_start(i)
}

fn next_after(scene: &Scene<'_, '_>, token: usize) -> usize {
    scene.figures().iter().map(|q| q.tokens.start).find(|&t| t > token).unwrap_or(scene.sentence().len())
}

/// How far a phrase goes on from `from`: to a mark, a function word, a period, or a verb before the next figure.
fn extent(scene: &Scene<'_, '_>, start: usize, from: usize, limit: usize) -> usize {
    let s = scene.sentence();
    let mut t = from;
    while t < limit && t - start < LONGEST_RIGHT {
        let token = s.tokens[t];
        let mark = !token.is_word() && !token.is_number() && !matches!(s.word(t), "/" | "-" | "–" | "&" | "\"" | "“" | "”");
        if mark || s.is_dash(t) && super::clause::cut(s, scene.figures(), scene.rules).iter().any(|c| c.border == Border::Dash && c.tokens.start == t + 1) {
            break;
        }
        if t > start && (stops(scene, t) || leads_to_figure(scene, t, limit)) {
            break;
        }
        t += 1;
    }
    t
}

/// A function word, a time, or a place that ends a noun phrase, unless a known series runs across it.
fn stops(scene: &Scene<'_, '_>, t: usize) -> bool {
    let s = scene.sentence();
    let period = scene.read.periods.iter().any(|p| p.tokens.start == t);
    if period {
        return true;
    }
    let Some(hit) = s.longest(t, Class::Stop) else {
        return false;
    };
    // `nhà ở`, `bình quân`, `qua đào tạo`: the stop word is inside a known noun or series.
    let inside = (t.saturating_sub(3)..t).any(|b| s.at(b).iter().any(|h| matches!(h.class, Class::Counter | Class::Base) && h.end as usize > t));
    let _ = hit;
    !inside
}

/// From here only verbs and small words lead to the next figure.
fn leads_to_figure(scene: &Scene<'_, '_>, t: usize, limit: usize) -> bool {
    let s = scene.sentence();
    if limit >= s.len() || !verbal(scene, t) {
        return false;
    }
    (t..limit).all(|u| verbal(scene, u))
}

fn verbal(scene: &Scene<'_, '_>, t: usize) -> bool {
    let s = scene.sentence();
    let here = |b: usize| {
        s.at(b).iter().any(|h| matches!(h.class, Class::Reach | Class::Qualifier | Class::Change | Class::Status | Class::Opener) && h.end as usize > t)
    };
    (t.saturating_sub(3)..=t).any(here)
}

/// Subject of a share, an amount, a rate.
fn measured(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let q = scene.figure(i);
    let left = left_phrase(scene, i);
    if let Some(left) = left.filter(|l| !l.is_empty()) {
        return Some(left);
    }
    right_phrase(scene, i).filter(|_| q.kind != Kind::Multiple && q.kind != Kind::Rank)
}

/// `65% số xã đạt chuẩn`, `418,3 tỷ đồng vốn đầu tư`, `12 công dừa sáp`: the noun directly behind.
fn right_phrase(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let s = scene.sentence();
    let q = scene.figure(i);
    let start = q.base.as_ref().map_or(q.tokens.end, |b| b.start);
    let limit = scene.next_start(i);
    let first = s.tokens.get(q.tokens.end);
    if q.base.is_none() && first.is_none_or(|t| !t.is_word() || scene.has(q.tokens.end, Class::Stop) || scene.has(q.tokens.end, Class::Change)) {
        return source_of_money(scene, i);
    }
    let end = extent(scene, start, q.tokens.end, limit);
    trimmed(scene, start..end).map(|r| render(scene, r))
}

/// `100.000 tỷ đồng từ ngân sách trung ương`
fn source_of_money(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let s = scene.sentence();
    let q = scene.figure(i);
    if q.kind != Kind::Money || !matches!(s.word(q.tokens.end), "từ" | "cho" | "vào" | "để") {
        return None;
    }
    let end = extent(scene, q.tokens.end, q.tokens.end + 1, scene.next_start(i));
    trimmed(scene, q.tokens.end + 1..end).map(|r| render(scene, r))
}

/// The noun phrase before the verb of a figure, in its clause.
fn left_phrase(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let q = scene.figure(i);
    let clause = scene.clause_of(q.number.start);
    let mut from = clause.tokens.start.max(scene.previous_end(i));
    let to = q.tokens.start;
    if to - from.min(to) > LONGEST_LEFT {
        from = to - LONGEST_LEFT;
    }
    let at_colon = to == clause.tokens.start && clause.border == Border::Colon;
    if at_colon || to <= from && clause.border == Border::Colon {
        return before_colon(scene, clause.tokens.start);
    }
    trimmed(scene, from..to).map(|r| render(scene, r))
}

fn before_colon(scene: &Scene<'_, '_>, start: usize) -> Option<String> {
    let before = scene.clauses.iter().rev().find(|c| c.tokens.end < start && !c.tokens.is_empty())?;
    trimmed(scene, before.tokens.clone()).map(|r| render(scene, r))
}

/// The nearest earlier clause of the sentence that names something.
fn earlier_clause(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let q = scene.figure(i);
    let from = scene.previous_end(i);
    let clause = scene.clause_of(q.number.start);
    let earlier = scene.clauses.iter().rev().filter(|c| c.tokens.end <= clause.tokens.start && c.tokens.start >= from && !c.tokens.is_empty());
    for c in earlier {
        let said = scene.sentence().word(c.tokens.start).to_lowercase();
        if matches!(said.as_str(), "theo" | "tại" | "ngày") {
            continue;
        }
        if let Some(range) = trimmed(scene, c.tokens.clone()) {
            return Some(render(scene, range));
        }
    }
    None
}

/// A range without the small words, verbs, times and places at its edges; none when nothing is left.
fn trimmed(scene: &Scene<'_, '_>, range: Range<usize>) -> Option<Range<usize>> {
    let s = scene.sentence();
    let (mut start, mut end) = (range.start, range.end);
    loop {
        let before = (start, end);
        end = cut_end(scene, start, end);
        start = cut_start(scene, start, end);
        if (start, end) == before {
            break;
        }
    }
    let says = (start..end).any(|t| s.tokens[t].is_word() && s.tokens[t].end - s.tokens[t].start > 1 || s.tokens[t].is_word());
    (start < end && says).then_some(start..end)
}

fn cut_end(scene: &Scene<'_, '_>, start: usize, end: usize) -> usize {
    let s = scene.sentence();
    if end <= start {
        return start;
    }
    let token = s.tokens[end - 1];
    if !token.is_word() && !s.is_mark(end - 1, "\"") || token.is_number() {
        return end - 1;
    }
    let covering = |classes: &[Class]| {
        (start..end)
            .find(|&b| s.at(b).iter().any(|h| h.end as usize == end && classes.contains(&h.class) && h.role != Role::Unless && !protected(scene, b, end)))
    };
    if let Some(b) =
        covering(&[Class::Reach, Class::Change, Class::Status, Class::Qualifier, Class::Opener, Class::Here, Class::Per, Class::Filler, Class::Rank])
    {
        return b;
    }
    if let Some(p) = scene.read.periods.iter().find(|p| p.tokens.end == end && p.tokens.start >= start) {
        return p.tokens.start;
    }
    match scene.read.places.iter().find(|p| p.tokens.end == end && p.tokens.start >= start) {
        Some(p) if !named_thing(scene, p.tokens.start) => p.tokens.start,
        _ => end,
    }
}

fn cut_start(scene: &Scene<'_, '_>, start: usize, end: usize) -> usize {
    let s = scene.sentence();
    if start >= end {
        return end;
    }
    let token = s.tokens[start];
    if !token.is_word() {
        return start + 1;
    }
    if let Some(p) = scene.read.periods.iter().find(|p| p.tokens.start == start && p.tokens.end <= end) {
        return p.tokens.end;
    }
    if let Some(p) = scene.read.places.iter().find(|p| p.tokens.start == start && p.tokens.end <= end) {
        return p.tokens.end;
    }
    let hit = s
        .at(start)
        .iter()
        .filter(|h| {
            matches!(
                h.class,
                Class::Filler
                    | Class::Boundary
                    | Class::Opener
                    | Class::Here
                    | Class::Comparison
                    | Class::Status
                    | Class::Change
                    | Class::Qualifier
                    | Class::Reach
            ) && h.end as usize <= end
        })
        .max_by_key(|h| h.end);
    match hit {
        Some(h) if !protected(scene, start, h.end as usize) && !heads_noun(scene, start, h.end as usize) => h.end as usize,
        _ => start,
    }
}

/// `bình quân`, `tăng trưởng`, `giải ngân`: the word is part of a longer known noun.
fn protected(scene: &Scene<'_, '_>, start: usize, end: usize) -> bool {
    let s = scene.sentence();
    let longer = |b: usize| {
        s.at(b).iter().any(|h| matches!(h.class, Class::Counter | Class::Base) && (h.start as usize) <= start && h.end as usize >= end && h.len() > end - start)
    };
    (start.saturating_sub(3)..=start).any(longer)
}

/// A status or change word that names the figure itself: `dự toán bố trí …`, `mức tăng …`, `kế hoạch vốn`.
fn heads_noun(scene: &Scene<'_, '_>, start: usize, end: usize) -> bool {
    let s = scene.sentence();
    let word = s.word(start).to_lowercase();
    match word.as_str() {
        "dự" => s.word(start + 1).eq_ignore_ascii_case("toán"),
        "kế" | "tỷ" | "tỉ" | "mức" | "số" | "tổng" => true,
        "giá" => true,
        "tăng" => s.word(start + 1) == "trưởng" && end < s.len(),
        _ => false,
    }
}

/// `Dự án Cảng … Đà Nẵng`: the place is part of a name.
fn named_thing(scene: &Scene<'_, '_>, at: usize) -> bool {
    let s = scene.sentence();
    at > 0 && s.tokens[at - 1].is_word() && s.tokens[at - 1].is_capital() && !scene.has(at - 1, Class::Level)
}

/// The words of a range without the places and times inside it.
fn render(scene: &Scene<'_, '_>, range: Range<usize>) -> String {
    let s = scene.sentence();
    let mut words: Vec<String> = Vec::new();
    let mut t = range.start;
    let mut from = t;
    let drop_until = |t: usize| {
        let period = scene.read.periods.iter().find(|p| p.tokens.start == t && p.tokens.end < range.end).map(|p| p.tokens.end);
        let here = s.at(t).iter().find(|h| h.class == Class::Here && h.end as usize <= range.end && h.len() > 1).map(|h| h.end as usize);
        period.or(here)
    };
    while t < range.end {
        if t > range.start
            && let Some(end) = drop_until(t)
        {
            words.push(tidy(s.quote(&(from..t))));
            (t, from) = (end, end);
            continue;
        }
        t += 1;
    }
    words.push(tidy(s.quote(&(from..range.end))));
    words.retain(|w| !w.is_empty());
    let text = words.join(" ");
    let _ = measures_something(Kind::Count);
    text.trim_matches(|c: char| c == '"' || c == '“' || c == '”' || c.is_whitespace()).to_owned()
}
