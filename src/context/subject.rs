//! Subjects: what is counted or measured, in words of the text.
//!
//! Counts take the counted phrase behind the number; shares and amounts take the noun phrase before their verb, or the noun
//! right behind them when a verb of doing stands before. What the clause leaves out comes from the nearest earlier
//! words that name it. Scopes: clause, earlier clauses of the sentence, the figure before, the paragraph, the heading.

use super::clause::{Border, Clause};
use super::{Context, PeriodMention, Scene, Source, State};
use crate::quantity::Quantity;
use crate::rules::{Class, Classes, Cue, Data, Hit, Role, Scope, Verb};
use crate::sentence::Sentence;
use crate::terms::{Change, Kind};
use crate::text::Span;
use crate::text::tidy;
use std::ops::Range;

/// How many tokens a counted phrase may have.
const LONGEST_RIGHT: usize = 18;
/// How many tokens a subject before the verb may have.
const LONGEST_LEFT: usize = 24;
/// How many tokens of a verb phrase go with a bare counted noun.
const VERB_PHRASE: usize = 4;
/// How many words a cue may have.
const LONGEST_CUE: usize = 3;
/// How many words may complete a magnitude.
const LONGEST_OWNER: usize = 8;

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
    let q = scene.figure(i);
    // `vượt chỉ tiêu đề ra (giảm 4%)` is the planned change of what the sentence speaks of.
    if let Some(found) = compared(scene, i).filter(|_| !changes_inside(scene, i)) {
        return (Some(found), Source::Clause);
    }
    let named_by = |k: usize| contexts[k].subject.0.clone();
    if let Some(restated) = i.checked_sub(1).filter(|_| restates).and_then(named_by) {
        return (Some(restated), Source::Previous);
    }
    // A level in a bracket has a subject of its own, which does not go on behind it.
    let previous = scene.peer(i).and_then(named_by);
    if adds_to_same(scene, i, change)
        && let Some(same) = previous.clone()
    {
        return (Some(same), Source::Previous);
    }
    if let Some(noun) = defines_before(scene, i) {
        return (Some(noun), Source::Clause);
    }
    if let Some(found) = if q.counted { counted(scene, i, previous.as_deref(), state, change) } else { measured(scene, i, previous.is_some()) } {
        let short = |words: &String| words.split_whitespace().count() <= LONGEST_OWNER;
        let in_sentence = || previous.clone().or_else(|| earlier_clause(scene, i));
        let before = || in_sentence().or_else(|| inherited(scene, i, state).0);
        let near = || previous.clone().or_else(|| earlier_clause(scene, i).filter(short));
        return (Some(completed(scene, i, found, before, near)), Source::Clause);
    }
    if let Some(found) = previous.or_else(|| earlier_clause(scene, i)) {
        return (Some(found), Source::Previous);
    }
    inherited(scene, i, state)
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
    (!only_time && !text.is_empty() && !text.starts_with("cùng kỳ")).then_some(text)
}

/// From the paragraph, the heading, or the paragraph before.
fn inherited(scene: &Scene<'_, '_>, i: usize, state: &State) -> (Option<String>, Source) {
    let same_paragraph = state.subject.clone().filter(|_| state.subject_paragraph == scene.read.paragraph);
    if let Some(subject) = same_paragraph {
        return (Some(subject), Source::Paragraph);
    }
    if let Some(heading) = state.heading.clone() {
        return (Some(heading), Source::Document);
    }
    let noun = scene.figure(i).counted.then(|| scene.figure(i).unit.clone());
    (noun.or_else(|| state.subject.clone()), Source::Document)
}

/// The words of a heading, without its number.
pub fn heading(scene: &Scene<'_, '_>) -> Option<String> {
    trimmed(scene, 0..scene.sentence().len()).map(|r| render(scene, r))
}

fn introducer(scene: &Scene<'_, '_>, i: usize) -> Introducer {
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
        let ends: Vec<_> = (from..at)
            .find_map(|b| {
                let hits: Vec<_> = s
                    .at(b)
                    .iter()
                    .filter(|h| {
                        h.end as usize == at && matches!(h.class, Class::Reach | Class::Change | Class::Qualifier | Class::Status | Class::Opener | Class::Per)
                    })
                    .collect();
                (!hits.is_empty() && !protected(scene, b, at)).then_some((b, hits))
            })
            .into_iter()
            .collect();
        let Some((start, hits)) = ends.first() else { return Introducer::Lexical };
        if hits.iter().any(|h| h.class == Class::Change) {
            return Introducer::Level;
        }
        match hits.iter().find_map(|h| if let Data::Reach(verb) = scene.rules.rule(h.rule).data { Some(verb) } else { None }) {
            Some(Verb::Level) => return Introducer::Level,
            Some(Verb::Exist) => return Introducer::Exist,
            _ => at = *start,
        }
    }
}

/// Subject of a counted noun.
fn counted(scene: &Scene<'_, '_>, i: usize, previous: Option<&str>, state: &State, change: Change) -> Option<String> {
    let q = scene.figure(i);
    if q.unit_tokens.is_empty() {
        return elliptical(scene, i, previous, state);
    }
    let noun = tidy(scene.sentence().quote(&q.unit_tokens));
    let right = counted_phrase(scene, i);
    if right.split_whitespace().count() > noun.split_whitespace().count() {
        return Some(right);
    }
    if let Some(row) = previous.filter(|_| goes_on(scene, i)) {
        return Some(row.to_owned());
    }
    let is_plan = |l: &String| is_whole(scene, l, |h| h.class == Class::Base && scene.rules.known.base_plan == Some(h.rule));
    let left = left_phrase(scene, i).filter(|l| change == Change::None || !is_plan(l));
    let introducer = introducer(scene, i);
    if left.is_none() && (change != Change::None || introducer == Introducer::Level) {
        let head = q.unit.split([' ', ',']).next().unwrap_or("").to_lowercase();
        let named = |text: &&str| text.to_lowercase().split_whitespace().any(|w| w == head);
        if let Some(carried) = previous.or(state.subject.as_deref()).filter(named) {
            return Some(carried.to_owned());
        }
    }
    match (left, introducer) {
        (Some(left), Introducer::Level) => Some(left),
        // `lực lượng công an hiện có 500 người`
        (Some(left), Introducer::Exist) if counts_named(scene, q) && left.split_whitespace().count() > 1 => Some(left),
        (None, Introducer::Exist | Introducer::Nothing) if counts_named(scene, q) && topic(scene, i).is_some() => {
            topic(scene, i).map(|topic| format!("{right} {topic}"))
        }
        (Some(left), Introducer::Lexical) if is_classifier(scene, q) => Some(left),
        (Some(_), Introducer::Lexical) => Some(with_verb(scene, i, &right)),
        (None, _) if is_classifier(scene, q) => previous.map(str::to_owned).or(Some(right)),
        _ => Some(right),
    }
}

/// `hỗ trợ chuyển đổi nghề cho 1.245 hộ`: the verb phrase goes with a noun that says little by itself.
fn with_verb(scene: &Scene<'_, '_>, i: usize, noun: &str) -> String {
    let q = scene.figure(i);
    let clause = scene.clause_of(q.number.start);
    let from = clause.tokens.start.max(scene.previous_end(i));
    let mut to = q.tokens.start;
    while to > from && is_qualifying(scene, to - 1) {
        to -= 1;
    }
    let s = scene.sentence();
    let near = verb_start(scene, from, to);
    let mut cut = (near..to).rev().find(|&t| matches!(s.word(t), "và" | "cùng")).map_or(near, |t| t + 1);
    loop {
        let next = cut_start(scene, cut, to);
        if next == cut {
            break;
        }
        cut = next;
    }
    let verb = render(scene, cut..to);
    if verb.is_empty() { noun.to_owned() } else { format!("{verb} {noun}") }
}

/// Where the verb phrase before a counted noun begins: behind its particle (`đã quyết định truy tố 4 bị can`), else some words before,
/// never inside a name.
fn verb_start(scene: &Scene<'_, '_>, from: usize, to: usize) -> usize {
    let s = scene.sentence();
    let particle =
        (from.max(to.saturating_sub(VERB_PHRASE + 2))..to).rev().find(|&t| t + 1 < to && scene.cue(t, Cue::Auxiliary).is_some() && !starts_compound(scene, t));
    if let Some(t) = particle {
        return t + 1;
    }
    let mut near = from.max(to.saturating_sub(VERB_PHRASE));
    while near > from && near < to && s.tokens[near].is_capital() && s.tokens[near - 1].is_capital() {
        near += 1;
    }
    near
}

fn is_qualifying(scene: &Scene<'_, '_>, t: usize) -> bool {
    let s = scene.sentence();
    (t.saturating_sub(3)..=t).any(|b| s.of(b, Classes::only(Class::Qualifier)).any(|h| h.end as usize > t))
}

/// A number whose noun was dropped: what the clause names, or the noun with what is said of it.
fn elliptical(scene: &Scene<'_, '_>, i: usize, previous: Option<&str>, state: &State) -> Option<String> {
    let q = scene.figure(i);
    let says_something = |l: &String| l.split_whitespace().count() > 1 && cue_of(scene, l) != Some(Cue::Anaphor);
    if let Some(left) = left_phrase(scene, i).filter(says_something) {
        return Some(left);
    }
    let s = scene.sentence();
    let end = extent(scene, q.tokens.end, q.tokens.end, scene.next_start(i).max(q.tokens.end));
    let grade = scene.figures().get(i + 1).filter(|n| n.tokens.start <= end + 1 && n.unit == "sao").map(|n| n.tokens.end);
    let tail = tidy(s.quote(&(q.tokens.end..grade.unwrap_or(end))));
    if !tail.is_empty() {
        return Some(format!("{} {tail}", q.unit));
    }
    previous.map(str::to_owned).or_else(|| state.subject.clone())
}

/// Does the counted noun only count what was named before?
fn counts_named(scene: &Scene<'_, '_>, q: &Quantity) -> bool {
    scene.cue(q.unit_tokens.start, Cue::Bare) == Some(q.unit_tokens.end)
}

/// `412 vụ, huyện Trảng Bom 187 vụ`: a row that goes on with another place and the same bare noun.
fn goes_on(scene: &Scene<'_, '_>, i: usize) -> bool {
    let s = scene.sentence();
    let q = scene.figure(i);
    let Some(p) = scene.peer(i).map(|p| scene.figure(p)) else { return false };
    let named = |t: usize| scene.read.places.iter().any(|m| m.tokens.contains(&t));
    let small = |t: usize| !s.tokens[t].is_word() || named(t) || verbal(scene, t) && !scene.has(t, Class::Change);
    let between = p.tokens.end..q.tokens.start;
    p.unit == q.unit && counts_named(scene, q) && between.clone().any(named) && between.clone().all(small)
}

/// The topic that a comma sets off at the start of the sentence: `Riêng thủy sản, lũy kế 11 tháng thu về 9,2 tỷ USD`.
fn topic(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    const LONGEST: usize = 8;
    let first = scene.clauses.iter().find(|c| !c.tokens.is_empty())?;
    let at = scene.clauses.iter().position(|c| c == first)?;
    let set_off = scene.clauses.get(at + 1).is_some_and(|c| c.border == Border::Comma && c.tokens.start <= scene.figure(i).tokens.start);
    let start = first.tokens.start;
    let opened = scene.cue(start, Cue::Topic)?;
    if !set_off || scene.compared(start) {
        return None;
    }
    let range = trimmed(scene, opened..first.tokens.end)?;
    (range.len() <= LONGEST && range.end + 1 >= first.tokens.end).then(|| render(scene, range))
}

fn is_classifier(scene: &Scene<'_, '_>, q: &Quantity) -> bool {
    let hit = scene.sentence().longest(q.unit_tokens.start, Class::Counter);
    hit.is_some_and(|h| matches!(scene.rules.rule(h.rule).data, Data::Counter { classifier: true }))
}

/// The counted noun and what is said of it: directly behind, past an inserted bracket, past a list of places.
fn counted_phrase(scene: &Scene<'_, '_>, i: usize) -> String {
    let s = scene.sentence();
    let q = scene.figure(i);
    let noun = q.unit_tokens.clone();
    let limit = scene.next_start(i).max(noun.end);
    let end = with_next(scene, i, extent(scene, noun.start, q.tokens.end.max(noun.end), limit));
    let text = if q.tokens.end > noun.end {
        // A ratio in words: the noun, and what is said behind the whole.
        format!("{} {}", tidy(s.quote(&noun)), tidy(s.quote(&(q.tokens.end..end)))).trim_end().to_owned()
    } else {
        tidy(s.quote(&(noun.start..end)))
    };
    let tail = if s.is_mark(end, "(") { past_bracket(scene, end) } else { past_phrase(scene, end).or_else(|| shared(scene, i, end)) };
    match tail {
        Some(tail) if end == noun.end || !s.is_mark(end, "(") => format!("{text} {tail}"),
        _ => text,
    }
}

/// `11 xã đạt 16 – 18 tiêu chí`: a verb of having and another figure, without a comma, say which ones are counted.
fn with_next(scene: &Scene<'_, '_>, i: usize, end: usize) -> usize {
    let Some(next) = scene.figures().get(i + 1) else { return end };
    if end <= next.tokens.start && defines(scene, i) { extent(scene, next.tokens.start, next.tokens.end, next_after(scene, next.tokens.start)) } else { end }
}

/// Does the next figure say which ones this one counts?
fn defines(scene: &Scene<'_, '_>, i: usize) -> bool {
    let s = scene.sentence();
    let Some(next) = scene.figures().get(i + 1) else { return false };
    let q = scene.figure(i);
    let gap = q.tokens.end.max(q.unit_tokens.end)..next.tokens.start;
    let verb = (gap.start..gap.end).find(|&t| scene.is(t, Cue::Defines));
    let leads = verb.is_some_and(|v| (gap.start..v).all(|t| scene.is(t, Cue::Remaining)));
    q.counted
        && leads
        && gap.len() <= 6
        && gap.clone().all(|t| s.tokens[t].is_word() && s.longest(t, Class::Change).is_none())
        && s.word(gap.end - 1) != "và"
        && q.amount != rust_decimal::Decimal::ONE
        && !matches!(next.kind, Kind::Money)
}

/// The figure that only says which ones the one before counts: `xã` and `tiêu chí` of `11 xã đạt 16 – 18 tiêu chí`.
fn defines_before(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let p = i.checked_sub(1).filter(|&p| defines(scene, p))?;
    let noun = |q: &Quantity| (!q.unit_tokens.is_empty() && q.counted).then(|| tidy(scene.sentence().quote(&q.unit_tokens)));
    let own = scene.figure(i);
    let named = scene.figure(p).tokens.end..own.tokens.start;
    if named.clone().any(|t| scene.has(t, Class::Magnitude)) {
        return None;
    }
    if own.counted && own.unit_tokens.is_empty() {
        return Some(own.unit.clone());
    }
    if own.base.is_some() { None } else { noun(own).or_else(|| noun(scene.figure(p))) }
}

/// `75 xã (chiếm 77,3% tổng số xã) đạt tiêu chí …`
fn past_bracket(scene: &Scene<'_, '_>, open: usize) -> Option<String> {
    let s = scene.sentence();
    let close = (open..s.len()).find(|&t| s.is_mark(t, ")"))?;
    let end = extent(scene, close + 1, close + 1, next_after(scene, close));
    (end > close + 1 && !scene.has(close + 1, Class::Stop)).then(|| tidy(s.quote(&(close + 1..end))))
}

/// `329 đơn vị cấp huyện thuộc 48 tỉnh, thành phố được công nhận …`, `85/85 xã của tỉnh đều đã đạt chuẩn`: what is said of
/// the noun behind a phrase that only tells where.
fn past_phrase(scene: &Scene<'_, '_>, at: usize) -> Option<String> {
    let s = scene.sentence();
    if !scene.is(at, Cue::Where) {
        return None;
    }
    let end = (at..s.len()).find(|&t| matches!(s.word(t), ";" | "." | ":") || t > at + 30).unwrap_or(s.len());
    let verb = (at + 1..end).find(|&t| {
        (scene.is(t, Cue::Passed) || s.word(t) == "có" && !s.tokens.get(t + 1).is_some_and(|n| n.is_number()))
            && !scene.figures().iter().any(|q| q.tokens.contains(&t))
    })?;
    // Another figure between may only tell where: it has no verb of its own.
    let level_between =
        (at..verb).any(|t| s.at(t).iter().any(|h| matches!(scene.rules.rule(h.rule).data, Data::Reach(Verb::Level | Verb::Exist)) && h.class == Class::Reach));
    let stop = extent(scene, verb, verb, next_after(scene, verb));
    (!level_between && stop > verb + 1).then(|| tidy(s.quote(&(verb..stop))))
}

/// `9 bộ và 22/34 địa phương có tỷ lệ …`: coordinated nouns share what is said behind the last.
fn shared(scene: &Scene<'_, '_>, i: usize, end: usize) -> Option<String> {
    let s = scene.sentence();
    let next = scene.figures().get(i + 1).filter(|n| n.counted && !n.unit_tokens.is_empty())?;
    let same = scene.figure(i).unit == next.unit;
    let joined = s.word(end) == "và" && (next.tokens.start == end + 1 || same && next.tokens.start < end + 9);
    let tail = extent(scene, next.unit_tokens.start, next.tokens.end, next_after(scene, next.tokens.start));
    (joined && tail > next.unit_tokens.end).then(|| tidy(s.quote(&(next.unit_tokens.end..tail))))
}

fn next_after(scene: &Scene<'_, '_>, token: usize) -> usize {
    scene.figures().iter().map(|q| q.tokens.start).find(|&t| t > token).unwrap_or(scene.sentence().len())
}

/// How far a phrase goes on from `from`: to a mark, a function word, a time, or the verb of the next figure.
fn extent(scene: &Scene<'_, '_>, start: usize, from: usize, limit: usize) -> usize {
    let s = scene.sentence();
    let mut t = from;
    while t < limit && t - start < LONGEST_RIGHT {
        let token = s.tokens[t];
        let mark = !token.is_word() && !token.is_number() && !matches!(s.word(t), "/" | "-" | "–" | "&" | "\"" | "“" | "”");
        let border = scene.clauses.iter().any(|c| c.border == Border::Dash && c.tokens.start == t + 1);
        if mark || border || t > start && (stops(scene, t) || leads_to_figure(scene, t, limit)) {
            break;
        }
        t += 1;
    }
    t
}

/// A function word or a time that ends a noun phrase, unless a fixed phrase runs across it.
fn stops(scene: &Scene<'_, '_>, t: usize) -> bool {
    let s = scene.sentence();
    if scene.read.periods.iter().any(|p| time_start(scene, p) == t) {
        return true;
    }
    // `thông số vượt quy chuẩn` says which ones, `vượt kế hoạch` how many.
    let passes = s.word(t) == "vượt" && s.tokens.get(t + 1).is_some_and(|n| n.is_word()) && !scene.has(t + 1, Class::Base) && !verbal(scene, t + 1);
    if passes {
        return false;
    }
    s.longest(t, Class::Stop).is_some_and(|h| !protected(scene, t, h.end as usize) && !starts_compound(scene, t))
}

fn starts_compound(scene: &Scene<'_, '_>, t: usize) -> bool {
    scene.sentence().longest(t, Class::Compound).is_some()
}

/// From here only verbs and small words lead to the next figure.
fn leads_to_figure(scene: &Scene<'_, '_>, t: usize, limit: usize) -> bool {
    limit < scene.sentence().len() && (t..limit).all(|u| verbal(scene, u))
}

fn verbal(scene: &Scene<'_, '_>, t: usize) -> bool {
    let s = scene.sentence();
    let here = |b: usize| s.of(b, Classes::of([Class::Reach, Class::Qualifier, Class::Change, Class::Status, Class::Opener])).any(|h| h.end as usize > t);
    (t.saturating_sub(3)..=t).any(here)
}

/// Subject of a share, an amount, a rate.
fn measured(scene: &Scene<'_, '_>, i: usize, has_previous: bool) -> Option<String> {
    let q = scene.figure(i);
    let introducer = introducer(scene, i);
    let left = left_phrase(scene, i);
    if let Some(noun) = counted_rate(scene, i, left.as_deref()) {
        return Some(noun);
    }
    let amount = q.base.is_some() || matches!(q.kind, Kind::Money | Kind::Rate | Kind::Measure);
    let magnitude = introducer == Introducer::Lexical
        && amount
        && left.as_deref().is_some_and(|l| names_magnitude(scene, l) && (q.base.is_some() || !l.to_lowercase().starts_with("thu ")));
    if magnitude {
        return left;
    }
    let is_verb = |l: &&str| l.split_whitespace().count() <= 2 && l.starts_with(char::is_lowercase) && (*l == "thu" || !names_magnitude(scene, l));
    let verb = left.as_deref().filter(|l| introducer != Introducer::Nothing && is_verb(l));
    if !has_previous && let (Some(verb), Some(topic)) = (verb, topic(scene, i)) {
        return Some(if topic.contains(verb) { topic } else { format!("{topic} {verb}") });
    }
    if let Some(left) = left.as_deref().filter(|l| s_from(scene, q) && introducer == Introducer::Lexical && l.split_whitespace().count() > 2) {
        return Some(left.to_owned());
    }
    if let Some(purpose) = purpose(scene, i, left.as_deref()).filter(|_| introducer == Introducer::Lexical) {
        return Some(purpose);
    }
    let takes_right = !matches!(q.kind, Kind::Multiple | Kind::Rank | Kind::Points);
    if takes_right
        && (introducer != Introducer::Level || left.is_none() && !has_previous)
        && let Some(right) = right_phrase(scene, i)
    {
        let verb_names = introducer == Introducer::Lexical && right.split_whitespace().count() == 1;
        return Some(if verb_names { with_verb(scene, i, &right) } else { right });
    }
    left
}

/// `hỗ trợ các chủ thể 11,8 tỷ đồng từ nguồn …`
fn s_from(scene: &Scene<'_, '_>, q: &Quantity) -> bool {
    scene.sentence().word(q.tokens.end) == "từ"
}

/// `8,1 bác sĩ/vạn dân`: a counted noun above the line is the subject, unless the clause names it.
fn counted_rate(scene: &Scene<'_, '_>, i: usize, left: Option<&str>) -> Option<String> {
    let s = scene.sentence();
    let q = scene.figure(i);
    let noun = s.longest(q.unit_tokens.start, Class::Counter).filter(|_| q.kind == Kind::Rate && !q.unit_tokens.is_empty())?;
    let text = tidy(s.quote(&(noun.start as usize..(noun.end as usize).min(q.unit_tokens.end))));
    let head = text.to_lowercase();
    if left.is_some() && s.longest(q.unit_tokens.start, Class::Unit).is_some() {
        return None;
    }
    let named = left.is_some_and(|l| l.to_lowercase().contains(&head) || names_magnitude(scene, l));
    let change = s.begins(q.tokens.start.saturating_sub(1), Classes::only(Class::Change));
    (!named && !change).then_some(text)
}

/// Does a phrase begin with a noun that is measured (`tỷ lệ …`, `độ bao phủ`)?
fn names_magnitude(scene: &Scene<'_, '_>, text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or("");
    is_whole(scene, first, |h| scene.rules.rule(h.rule).data == Data::Cue(Cue::Head))
}

/// `65% số xã đạt chuẩn`, `418,3 tỷ đồng vốn đầu tư`, `12 công dừa sáp`: the noun directly behind.
fn right_phrase(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let s = scene.sentence();
    let q = scene.figure(i);
    let limit = scene.next_start(i);
    let plan = q.base.as_ref().is_some_and(|b| scene.rules.known.base_plan.is_some_and(|id| s.longest(b.start, Class::Base).is_some_and(|h| h.rule == id)));
    if let Some(base) = q.base.clone().filter(|_| !plan) {
        let mut end = extent(scene, base.start, base.end, limit.max(base.end));
        if s.word(end) == "là" {
            end = extent(scene, end, end + 1, limit.max(base.end));
        }
        let text = trimmed(scene, base.start..end).map(|r| render(scene, r))?;
        return Some(past_phrase(scene, end).map_or(text.clone(), |tail| format!("{text} {tail}")));
    }
    // `hơn một nửa là điều dưỡng`
    if q.kind == Kind::Percent && s.word(q.tokens.end) == "là" && introducer(scene, i) == Introducer::Nothing {
        let end = extent(scene, q.tokens.end, q.tokens.end + 1, limit);
        return trimmed(scene, q.tokens.end + 1..end).map(|r| render(scene, r));
    }
    let first = s.tokens.get(q.tokens.end)?;
    let function = [Class::Stop, Class::Change, Class::Reach, Class::Comparison, Class::Boundary, Class::Status, Class::Opener, Class::Period];
    let is_function =
        scene.cue(q.tokens.end, Cue::Auxiliary).is_some() || function.iter().any(|&c| scene.has(q.tokens.end, c)) && !starts_compound(scene, q.tokens.end);
    if plan || !first.is_word() || is_function {
        return source_of_money(scene, i);
    }
    let mut end = extent(scene, q.tokens.end, q.tokens.end, limit);
    // `66 tấn thịt bò đã được chuyển đi`
    end = (q.tokens.end..end).find(|&t| scene.cue(t, Cue::Auxiliary).is_some() && !starts_compound(scene, t)).unwrap_or(end);
    // `Cỗ máy 2.0 lít cung cấp 245 mã lực`: what leads to the next amount is its verb.
    let leads = scene.figures().get(i + 1).is_some_and(|n| n.tokens.start == end && !n.counted);
    if leads && left_phrase(scene, i).is_some() {
        return None;
    }
    // `418,3 tỷ đồng vốn 3 chương trình`: a count inside the noun phrase.
    if let Some(next) = scene.figures().get(i + 1).filter(|n| n.tokens.start == end && n.counted && end > q.tokens.end) {
        end = extent(scene, q.tokens.end, next.tokens.end, next_after(scene, end));
    }
    trimmed(scene, q.tokens.end..end).map(|r| render(scene, r))
}

/// `bố trí 3.112 tỷ đồng cho vùng khó khăn`: a bare verb before the amount, and what it is for behind.
fn purpose(scene: &Scene<'_, '_>, i: usize, verb: Option<&str>) -> Option<String> {
    const LONGEST_VERB: usize = 2;
    let s = scene.sentence();
    let q = scene.figure(i);
    let verb = verb.filter(|v| q.kind == Kind::Money && v.split_whitespace().count() <= LONGEST_VERB && !names_magnitude(scene, v))?;
    let at = q.tokens.end;
    if !matches!(s.word(at), "cho" | "để") {
        return None;
    }
    let end = extent(scene, at + 1, at + 1, scene.next_start(i).max(at + 1));
    let phrase = trimmed(scene, at + 1..end).map(|r| render(scene, r))?;
    Some(format!("{verb} {} {phrase}", s.word(at)))
}

/// `100.000 tỷ đồng từ ngân sách trung ương`
fn source_of_money(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let s = scene.sentence();
    let q = scene.figure(i);
    if q.kind != Kind::Money || s.word(q.tokens.end) != "từ" {
        return None;
    }
    let end = extent(scene, q.tokens.end, q.tokens.end + 1, scene.next_start(i));
    trimmed(scene, q.tokens.end + 1..end).map(|r| render(scene, r))
}

/// The noun phrase before the verb of a figure, in its clause.
fn left_phrase(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let q = scene.figure(i);
    let clause = scene.clause_of(q.number.start);
    let to = q.tokens.start;
    let mut from = left_border(scene, clause).max(left_bound(scene, i));
    from = from.max(to.saturating_sub(LONGEST_LEFT));
    from = narrowed(scene, from, to);
    let range = if from < to { trimmed(scene, from..to) } else { None };
    if range.as_ref().is_some_and(|r| lists_name(scene, i, r)) {
        return None;
    }
    if let Some(named) = before_purpose(scene, clause, to) {
        return Some(named);
    }
    let found = range.map(|r| render(scene, r)).filter(|t| !t.is_empty());
    found.or_else(|| if clause.border == Border::Close { before_bracket(scene, clause) } else { None }).or_else(|| {
        if clause.border == Border::Colon && scene.previous_end(i) <= clause.tokens.start { before_colon(scene, clause.tokens.start) } else { None }
    })
}

/// `nguồn vốn ủy thác để bổ sung vốn vay là 2.981 tỷ đồng`: what stands before the purpose.
fn before_purpose(scene: &Scene<'_, '_>, clause: &Clause, number: usize) -> Option<String> {
    let s = scene.sentence();
    let opened = clause.border == Border::Word && matches!(s.word(clause.tokens.start), "để" | "nhằm");
    if !opened || number == 0 || s.word(number - 1) != "là" {
        return None;
    }
    let before = scene.clauses.iter().rev().find(|c| c.tokens.end <= clause.tokens.start && !c.tokens.is_empty())?;
    let figures = scene.figures().iter().any(|q| before.tokens.contains(&q.number.start));
    let contiguous = before.tokens.end == clause.tokens.start && !figures;
    trimmed(scene, before.tokens.clone()).filter(|_| contiguous).map(|r| render(scene, r))
}

/// Where the words before a figure may begin: behind the figure before, unless that one only counts something inside the phrase
/// (`vốn ba chương trình mục tiêu quốc gia là …`, `giá qua 9 lần điều chỉnh đã tăng …`).
fn left_bound(scene: &Scene<'_, '_>, i: usize) -> usize {
    let end = scene.previous_end(i);
    let Some(p) = i.checked_sub(1) else { return end };
    let before = scene.figure(p);
    let clause = scene.clause_of(scene.figure(i).number.start);
    let inside = matches!(before.kind, Kind::Count | Kind::Duration)
        && before.tokens.start > clause.tokens.start
        && end < scene.figure(i).tokens.start
        && introducer(scene, p) == Introducer::Lexical
        && matches!(introducer(scene, i), Introducer::Level);
    if inside { left_bound(scene, p) } else { end }
}

/// `huyện A 41%, Đăk Glei 38%`: nothing but a name in a row of figures, which says whose figure it is and not what.
fn lists_name(scene: &Scene<'_, '_>, i: usize, range: &Range<usize>) -> bool {
    let s = scene.sentence();
    let Some(before) = i.checked_sub(1).map(|p| scene.figure(p)) else { return false };
    let row = before.kind == scene.figure(i).kind && before.unit == scene.figure(i).unit && !before.counted;
    row && range.len() <= 4 && range.clone().all(|t| s.tokens[t].is_word() && s.tokens[t].is_capital() || s.is_mark(t, "'")) && range.len() > 1
}

/// `COD (lượng oxy cần thiết) vượt 18 lần`: what stands before the bracket, when nothing stands behind it.
fn before_bracket(scene: &Scene<'_, '_>, clause: &Clause) -> Option<String> {
    let at = scene.clauses.iter().position(|c| c == clause)?;
    let before = scene.clauses[..at].iter().rev().find(|c| c.depth <= clause.depth)?;
    let figures = scene.figures().iter().any(|q| q.number.start >= before.tokens.start && q.number.start < before.tokens.end);
    if figures {
        return None;
    }
    let from = narrowed(scene, before.tokens.start, before.tokens.end);
    trimmed(scene, from..before.tokens.end).map(|r| render(scene, r))
}

/// A percentage in the bracket of a place: `Long An (75,1%)`.
fn rates_place(scene: &Scene<'_, '_>, i: usize) -> bool {
    let q = scene.figure(i);
    let open = scene.clause_of(q.number.start);
    q.kind == Kind::Percent && open.border == Border::Open && scene.read.places.iter().any(|p| p.tokens.end + 1 == open.tokens.start)
}

/// Is a phrase nothing but a noun that is counted: `địa phương` of `Các địa phương dẫn đầu: Long An (75,1%)`?
fn is_noun(scene: &Scene<'_, '_>, phrase: &str) -> bool {
    is_whole(scene, phrase, |h| h.class == Class::Counter)
}

/// Is a short phrase, as a whole, one that a rule names?
fn is_whole(scene: &Scene<'_, '_>, phrase: &str, rule: impl Fn(&Hit) -> bool) -> bool {
    if phrase.split_whitespace().count() > LONGEST_CUE {
        return false;
    }
    let whole = Sentence::read(phrase, Span::new(0, phrase.len()), scene.rules);
    whole.at(0).iter().any(|h| h.end as usize == whole.len() && rule(h))
}

/// The cue that a short phrase is, as a whole.
fn cue_of(scene: &Scene<'_, '_>, phrase: &str) -> Option<Cue> {
    if phrase.split_whitespace().count() > LONGEST_CUE {
        return None;
    }
    let whole = Sentence::read(phrase, Span::new(0, phrase.len()), scene.rules);
    let hit = whole.at(0).iter().find(|h| h.class == Class::Cue && h.end as usize == whole.len())?;
    if let Data::Cue(cue) = scene.rules.rule(hit.rule).data { Some(cue) } else { None }
}

/// `tỷ lệ này`, `con số đó`: completed by, or given up for, the words named before.
fn completed(scene: &Scene<'_, '_>, i: usize, found: String, antecedent: impl Fn() -> Option<String>, near: impl Fn() -> Option<String>) -> String {
    if rates_place(scene, i) && is_noun(scene, &found) {
        return antecedent().unwrap_or(found);
    }
    match cue_of(scene, &found) {
        Some(Cue::Anaphor) => return antecedent().unwrap_or(found),
        Some(Cue::Leftover) => return near().unwrap_or(found),
        Some(Cue::Incomplete) => {}
        _ => return found,
    }
    let owner = match owner(scene, i) {
        Owner::Told(owner) => Some(owner),
        Owner::Before => antecedent(),
        Owner::Unknown => None,
    };
    let head = found.to_lowercase();
    let head = head.strip_suffix(" này").or_else(|| head.strip_suffix(" đó")).unwrap_or(&head);
    match owner.filter(|a| a.split_whitespace().count() <= LONGEST_OWNER) {
        Some(owner) if owner.to_lowercase().contains(head) => owner,
        Some(owner) => format!("{head} {owner}"),
        None => found,
    }
}

/// Where the owner of a magnitude is named.
enum Owner {
    /// In its clause, before `có`.
    Told(String),
    /// Before its clause.
    Before,
    Unknown,
}

/// `loại nho mẫu đơn có giá 3 triệu` tells the owner; `…, giá 3 triệu` leaves it to what was named before.
fn owner(scene: &Scene<'_, '_>, i: usize) -> Owner {
    let s = scene.sentence();
    let clause = scene.clause_of(scene.figure(i).number.start);
    let from = left_border(scene, clause).max(left_bound(scene, i));
    let to = scene.figure(i).tokens.start;
    let Some(at) =
        (from..to).rev().find(|&t| scene.cue(t, Cue::Incomplete).is_some() && !(from..t).any(|b| scene.cue(b, Cue::Incomplete).is_some_and(|e| e > t)))
    else {
        return Owner::Unknown;
    };
    if trimmed(scene, from..at).is_none() && !s.word(at.saturating_sub(1)).eq_ignore_ascii_case("với") {
        return Owner::Before;
    }
    if at > 0 && s.word(at - 1) == "có" {
        return trimmed(scene, from..at - 1).map_or(Owner::Before, |r| Owner::Told(render(scene, r)));
    }
    Owner::Unknown
}

/// Cuts off what stands before the words that name the figure: the agent of a goal (`tỉnh phấn đấu …`), and the clause before
/// a magnitude (`… với tổng vốn đăng ký`, `… có giá bán`).
fn narrowed(scene: &Scene<'_, '_>, from: usize, to: usize) -> usize {
    let s = scene.sentence();
    let names = |start: usize| trimmed(scene, start..to).is_some();
    // `vốn đã giao và dự kiến giao là …`: a lone verb is no subject.
    let says_more = |start: usize| trimmed(scene, start..to).is_some_and(|r| r.len() > 1 || scene.sentence().tokens[r.start].is_capital());
    let goal = (from..to).rev().find_map(|t| {
        let hit = s.of(t, Classes::only(Class::Status)).max_by_key(|h| h.end).filter(|h| (h.end as usize) < to)?;
        let verb = matches!(scene.rules.rule(hit.rule).data, Data::Status { scope: Scope::Sentence | Scope::Weak, .. });
        let noun = !verb || s.of(t, Classes::of([Class::Compound, Class::Base, Class::Magnitude])).any(|h| h.end >= hit.end);
        (!noun && !protected(scene, t, hit.end as usize) && says_more(hit.end as usize)).then_some(hit.end as usize)
    });
    let from = goal.unwrap_or(from);
    let magnitude = (from + 1..to).rev().find(|&t| scene.is(t - 1, Cue::Opens) && s.longest(t, Class::Magnitude).is_some() && !protected(scene, t - 1, t));
    magnitude.filter(|&t| names(t)).unwrap_or(from)
}

/// Where a clause begins; an abbreviation in brackets does not begin one: `Chỉ số giá tiêu dùng (CPI) tháng 8 tăng`.
fn left_border(scene: &Scene<'_, '_>, clause: &Clause) -> usize {
    if clause.border != Border::Close {
        return clause.tokens.start;
    }
    let at = scene.clauses.iter().position(|c| c == clause).unwrap_or(0);
    let (Some(inside), Some(before)) = (at.checked_sub(1).map(|k| &scene.clauses[k]), at.checked_sub(2).map(|k| &scene.clauses[k])) else {
        return clause.tokens.start;
    };
    let short = inside.border == Border::Open && inside.tokens.len() <= 4 && !scene.figures().iter().any(|q| inside.tokens.contains(&q.number.start));
    if short { before.tokens.start } else { clause.tokens.start }
}

fn before_colon(scene: &Scene<'_, '_>, start: usize) -> Option<String> {
    let s = scene.sentence();
    let before = scene.clauses.iter().rev().find(|c| c.tokens.end < start && !c.tokens.is_empty())?;
    // `Dư nợ tại một số địa phương: …` tells where, and the list tells it again.
    let place = (before.tokens.start + 1..before.tokens.end).find(|&t| matches!(s.word(t), "tại" | "ở") && !protected(scene, t, t + 1));
    let named = place.and_then(|t| trimmed(scene, before.tokens.start..t));
    named.or_else(|| trimmed(scene, before.tokens.clone())).map(|r| render(scene, r))
}

/// The nearest earlier clause of the sentence that names something.
fn earlier_clause(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let q = scene.figure(i);
    let clause = scene.clause_of(q.number.start);
    let earlier = scene
        .clauses
        .iter()
        .rev()
        .filter(|c| c.tokens.end <= clause.tokens.start && c.tokens.start >= scene.previous_end(i) && !c.tokens.is_empty() && c.depth <= clause.depth);
    for c in earlier {
        // `Bí thư Thành ủy cho rằng …`: who says it.
        let speaks = scene.clauses.iter().any(|n| n.tokens.start == c.tokens.end && scene.cue(n.tokens.start, Cue::Says).is_some());
        if speaks || scene.is(c.tokens.start, Cue::Adverbial) {
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
    let (mut start, mut end) = (range.start, range.end);
    loop {
        let before = (start, end);
        end = cut_end(scene, start, end);
        start = cut_start(scene, start, end);
        if (start, end) == before {
            break;
        }
    }
    let says = (start..end).any(|t| scene.sentence().tokens[t].is_word());
    (start < end && says).then_some(start..end)
}

fn cut_end(scene: &Scene<'_, '_>, start: usize, end: usize) -> usize {
    let s = scene.sentence();
    if end <= start {
        return start;
    }
    if let Some(p) = scene.read.periods.iter().find(|p| p.tokens.end == end && p.tokens.start < end) {
        return time_start(scene, p).max(start);
    }
    let token = s.tokens[end - 1];
    if !token.is_word() && !s.is_mark(end - 1, "\"") && !s.is_mark(end - 1, ")") {
        return end - 1;
    }
    // `Chợ Mới`: the last word of a name is no adverb.
    let place = scene.read.places.iter().find(|p| p.tokens.end == end && p.tokens.start >= start && !p.here);
    if let Some(p) = place.filter(|p| !named_thing(scene, p.tokens.start, start)) {
        return p.tokens.start;
    }
    const SMALL: [Class; 9] =
        [Class::Reach, Class::Change, Class::Status, Class::Qualifier, Class::Opener, Class::Here, Class::Per, Class::Filler, Class::Rank];
    let small = (start..end)
        .find(|&b| s.at(b).iter().any(|h| h.end as usize == end && SMALL.contains(&h.class) && h.role != Role::Unless) && !protected(scene, b, end))
        .filter(|&b| !(b..end).any(|m| s.longest(m, Class::Magnitude).is_some_and(|h| h.end as usize >= end)));
    if let Some(b) = small {
        return b;
    }
    match scene.read.places.iter().find(|p| p.tokens.end == end && p.tokens.start >= start) {
        Some(p) if !named_thing(scene, p.tokens.start, start) => p.tokens.start,
        _ => end,
    }
}

fn cut_start(scene: &Scene<'_, '_>, start: usize, end: usize) -> usize {
    let s = scene.sentence();
    if start >= end {
        return end;
    }
    let inside = |p: &&PeriodMention| p.tokens.start <= start && p.tokens.end > start && p.tokens.end <= end && time_start(scene, p) <= start;
    if let Some(p) = scene.read.periods.iter().find(inside) {
        return p.tokens.end;
    }
    if !s.tokens[start].is_word() {
        return start + 1;
    }
    if let Some(p) = scene.read.places.iter().find(|p| p.tokens.start == start && p.tokens.end <= end) {
        return p.tokens.end;
    }
    const SMALL: [Class; 9] =
        [Class::Filler, Class::Boundary, Class::Opener, Class::Here, Class::Comparison, Class::Status, Class::Change, Class::Qualifier, Class::Reach];
    let hit = s.at(start).iter().filter(|h| SMALL.contains(&h.class) && h.end as usize <= end).max_by_key(|h| h.end);
    // `tổng mức đầu tư` tells a plan, and what is measured.
    let magnitude = |h: &Hit| s.longest(start, Class::Magnitude).is_some_and(|m| m.end >= h.end);
    match hit {
        Some(h) if magnitude(h) => start,
        Some(h) if !protected(scene, start, h.end as usize) && !names_figure(scene, start, end) => h.end as usize,
        _ => start,
    }
}

/// Where the words of a time begin that say nothing else: `vụ xuân `**`2022`**.
fn time_start(scene: &Scene<'_, '_>, p: &PeriodMention) -> usize {
    let named = scene.sentence().longest(p.tokens.start, Class::Compound).map(|h| h.end as usize);
    named.filter(|&end| end < p.tokens.end).unwrap_or(p.tokens.start)
}

/// The word is part of a longer fixed phrase or noun: `thu nhập `**`bình quân`**, `nông thôn `**`mới`**.
fn protected(scene: &Scene<'_, '_>, start: usize, end: usize) -> bool {
    let s = scene.sentence();
    let held = |b: usize| {
        s.at(b).iter().any(|h| match h.class {
            Class::Compound => h.end as usize >= end,
            Class::Counter | Class::Base => h.end as usize >= end && h.len() > end - start,
            _ => false,
        })
    };
    (start.saturating_sub(4)..=start).any(held)
}

/// A plan that is itself the figure: `dự toán bố trí từ ngân sách tỉnh là …`.
fn names_figure(scene: &Scene<'_, '_>, start: usize, end: usize) -> bool {
    let s = scene.sentence();
    s.of(start, Classes::only(Class::Base)).any(|h| (h.end as usize) <= end) && end - start > 1
}

/// `Dự án Cảng … Đà Nẵng`: the place is part of a name.
fn named_thing(scene: &Scene<'_, '_>, at: usize, start: usize) -> bool {
    let s = scene.sentence();
    at > start && s.tokens[at - 1].is_word() && s.tokens[at - 1].is_capital() && !scene.has(at - 1, Class::Level)
}

/// The words of a range without the times and places inside it.
fn render(scene: &Scene<'_, '_>, range: Range<usize>) -> String {
    let s = scene.sentence();
    let mut words: Vec<String> = Vec::new();
    let (mut t, mut from) = (range.start, range.start);
    let drop_until = |t: usize| {
        let period = scene.read.periods.iter().find(|p| time_start(scene, p) == t && p.tokens.end < range.end).map(|p| p.tokens.end);
        let here = s.of(t, Classes::only(Class::Here)).find(|h| (h.end as usize) <= range.end && h.len() > 1).map(|h| h.end as usize);
        period.or(here)
    };
    while t < range.end {
        match drop_until(t).filter(|_| t > range.start) {
            Some(end) => {
                words.push(tidy(s.quote(&(from..t))));
                (t, from) = (end, end);
            }
            None => t += 1,
        }
    }
    words.push(tidy(s.quote(&(from..range.end))));
    words.retain(|w| !w.is_empty());
    words.join(" ").trim_matches(|c: char| matches!(c, '"' | '“' | '”' | '-' | '–' | '*' | ' ')).to_owned()
}
