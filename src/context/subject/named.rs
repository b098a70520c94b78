//! Words that point back (`tỷ lệ này`, `giá`), and the topic of a sentence.
//!
//! In: a short phrase that was found for a figure. Out: the phrase, completed by its owner or replaced by what it stands for. Never:
//! an owner of more than a few words.

use super::super::Scene;
use super::super::clause::Border;
use super::edge::{protected, render, trimmed};
use super::left::{left_border, left_bound};
use super::measured::names_magnitude;
use crate::rules::{Class, Cue, Hit};
use crate::sentence::Sentence;
use crate::terms::Kind;
use crate::text::{Span, tokenize};
use smallvec::SmallVec;
use std::ops::Range;

/// How many words a cue may have.
pub(super) const LONGEST_CUE: usize = 3;

/// How many words may complete a magnitude.
pub(super) const LONGEST_OWNER: usize = 8;

/// How many, when they stand right before `có` or `với`.
const LONGEST_BEARER: usize = 12;

/// The topic that a comma sets off at the start of the sentence: `Riêng thủy sản, lũy kế 11 tháng thu về 9,2 tỷ USD`.
pub(super) fn topic(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
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

/// A percentage in the bracket of a place: `Long An (75,1%)`.
pub(super) fn rates_place(scene: &Scene<'_, '_>, i: usize) -> bool {
    let q = scene.figure(i);
    let open = scene.clause_of(q.number.start);
    q.kind == Kind::Percent && open.border == Border::Open && scene.read.places.iter().any(|p| p.tokens.end + 1 == open.tokens.start)
}

/// Is a phrase nothing but a noun that is counted: `địa phương` of `Các địa phương dẫn đầu: Long An (75,1%)`?
pub(super) fn is_noun(scene: &Scene<'_, '_>, phrase: &str) -> bool {
    is_whole(scene, phrase, |h| h.class == Class::Counter)
}

/// Is a short phrase, as a whole, one that a rule names?
pub(super) fn is_whole(scene: &Scene<'_, '_>, phrase: &str, rule: impl Fn(&Hit) -> bool) -> bool {
    if phrase.split_whitespace().count() > LONGEST_CUE {
        return false;
    }
    let (hits, length) = hits_at_start(scene, phrase);
    hits.iter().any(|h| h.end as usize == length && rule(h))
}

/// Is a short phrase, as a whole, a noun that is measured, and says nothing of what?
pub(super) fn is_magnitude(scene: &Scene<'_, '_>, phrase: &str) -> bool {
    is_whole(scene, phrase, |h| h.class == Class::Magnitude)
}

/// The cue that a short phrase is, as a whole.
pub(super) fn cue_of(scene: &Scene<'_, '_>, phrase: &str) -> Option<Cue> {
    if phrase.bytes().filter(|b| *b == b' ').count() >= LONGEST_CUE {
        return None;
    }
    let (hits, length) = hits_at_start(scene, phrase);
    hits.iter().find(|h| h.class == Class::Cue && h.end as usize == length)?.cue
}

/// What the rules know at the start of a phrase, and how many tokens the phrase has.
pub(super) fn hits_at_start(scene: &Scene<'_, '_>, phrase: &str) -> (SmallVec<[Hit; 8]>, usize) {
    let mut tokens = Vec::with_capacity(8);
    tokenize(phrase, Span::new(0, phrase.len()), &scene.rules.vocabulary, &mut tokens);
    (scene.rules.lexicon.find_at_start(phrase, &tokens), tokens.len())
}

/// `tỷ lệ này`, `con số đó`: completed by, or given up for, the words named before.
pub(super) fn completed(
    scene: &Scene<'_, '_>,
    i: usize,
    found: String,
    antecedent: impl Fn() -> Option<String>,
    near: impl Fn() -> Option<String>,
    bearer: impl Fn() -> Option<String>,
) -> String {
    if rates_place(scene, i) && is_noun(scene, &found) {
        return antecedent().unwrap_or(found);
    }
    if points_back(scene, i, &found)
        && let Some(named) = antecedent().filter(|named| says_word(named, &found))
    {
        return named;
    }
    let cue = match cue_of(scene, &found) {
        Some(Cue::Anaphor) => return antecedent().unwrap_or(found),
        Some(Cue::Leftover) => return near().or_else(antecedent).unwrap_or(found),
        Some(cue @ (Cue::Incomplete | Cue::Unfinished)) => cue,
        _ => return found,
    };
    let owner = match owner(scene, i, cue) {
        Owner::Told(owner) => Some((owner, LONGEST_BEARER)),
        Owner::Before => {
            // One word is what is left of a time (`Sáng 12/10, … giải ngân`).
            let told = if cue == Cue::Unfinished { near().filter(|owner| owner.contains(' ')) } else { antecedent() };
            told.and_then(|o| if is_magnitude(scene, &o) { bearer() } else { Some(o) }).map(|o| (o, LONGEST_OWNER))
        }
        Owner::Unknown => None,
    };
    let head = found.to_lowercase();
    let head = head.strip_suffix(" này").or_else(|| head.strip_suffix(" đó")).unwrap_or(&head);
    match owner.and_then(|(a, longest)| short_owner(scene, without_cue(scene, a), longest)) {
        Some(owner) if owner.to_lowercase().contains(head) => owner,
        Some(owner) => format!("{head} {owner}"),
        None => found,
    }
}

/// `khoảng phí này sẽ tăng`: a word or two with one that points back, right behind them in the text before a figure.
fn points_back(scene: &Scene<'_, '_>, i: usize, found: &str) -> bool {
    const LONGEST: usize = 2;
    let s = scene.sentence();
    let length = found.split(' ').count();
    let range = scene.previous_end(i)..scene.figure(i).tokens.start;
    length <= LONGEST
        && range.clone().any(|t| t + length < range.end && scene.is(t + length, Cue::Points) && s.quote(&(t..t + length)).eq_ignore_ascii_case(found))
}

/// Does a phrase hold a word or two?
pub(super) fn says_word(phrase: &str, words: &str) -> bool {
    format!(" {} ", phrase.to_lowercase()).contains(&format!(" {} ", words.to_lowercase()))
}

/// `tỷ lệ trẻ đến trường đạt 97,6%, tiểu học 100%`: a name in a row of shares or amounts takes the magnitude that began the row.
pub(super) fn in_row(scene: &Scene<'_, '_>, i: usize, found: String, previous: Option<&str>) -> String {
    const LONGEST: usize = 5;
    let s = scene.sentence();
    let q = scene.figure(i);
    let Some((before, row)) = scene.peer(i).map(|p| scene.figure(p)).zip(previous) else { return found };
    let goes_on = s.is_mark(before.tokens.end, ",") || s.is_mark(before.tokens.end, ";") || s.word(before.tokens.end) == "và";
    let same = !q.counted && q.kind == before.kind && q.unit == before.unit && goes_on;
    let told_before = || s.quote(&(before.tokens.end..q.tokens.start)).contains(&*found);
    if !same || found == row || !told_before() || found.split_whitespace().count() > LONGEST || names_magnitude(scene, &found) {
        return found;
    }
    // `tầng 4 là 123 triệu đồng` names no magnitude.
    let named = hits_at_start(scene, &found).0.iter().any(|h| h.class == Class::Magnitude || h.cue.is_some_and(|c| c != Cue::Graded));
    let (hits, length) = hits_at_start(scene, row);
    let waits = |h: &&Hit| matches!(h.cue, Some(Cue::Incomplete | Cue::Unfinished));
    let head = hits.iter().filter(waits).map(|h| h.end as usize).max().filter(|&end| end < length && !named);
    match head.and_then(|words| row.match_indices(' ').nth(words - 1)) {
        Some((at, _)) => format!("{} {found}", &row[..at]),
        None => found,
    }
}

/// An owner that was completed itself: `kế hoạch | vốn các chương trình`.
fn without_cue(scene: &Scene<'_, '_>, owner: String) -> String {
    let (hits, length) = hits_at_start(scene, &owner);
    let words = hits.iter().filter(|h| matches!(h.cue, Some(Cue::Incomplete | Cue::Unfinished))).map(|h| h.end as usize).max().filter(|&end| end < length);
    match words.and_then(|words| owner.match_indices(' ').nth(words - 1)) {
        Some((at, _)) => owner[at + 1..].to_owned(),
        None => owner,
    }
}

/// An owner of a few words; of a long clause what `với` or the like opens last: `dân còn mê mẩn với | loại cà chua thân gỗ`.
fn short_owner(scene: &Scene<'_, '_>, owner: String, longest: usize) -> Option<String> {
    let short = |text: &str| (1..=longest).contains(&text.split_whitespace().count());
    if short(&owner) {
        return Some(owner);
    }
    let whole = Sentence::read(&owner, Span::new(0, owner.len()), scene.rules);
    let from = (1..whole.len().saturating_sub(1)).rev().find_map(|t| whole.cue(t, Cue::Topic))?;
    let tail = whole.quote(&(from..whole.len()));
    short(tail).then(|| tail.to_owned())
}

/// Where the owner of a magnitude is named.
pub(super) enum Owner {
    /// In its clause, before `có` or `với`.
    Told(String),
    /// Before its clause.
    Before,
    Unknown,
}

/// `loại nho mẫu đơn có giá 3 triệu` tells the owner; `…, giá 3 triệu` leaves it to what was named before.
pub(super) fn owner(scene: &Scene<'_, '_>, i: usize, cue: Cue) -> Owner {
    let s = scene.sentence();
    let told = |r: Range<usize>| Owner::Told(render(scene, r));
    let clause = scene.clause_of(scene.figure(i).number.start);
    let from = left_border(scene, clause).max(left_bound(scene, i));
    let to = scene.figure(i).tokens.start;
    let Some(at) = (from..to).rev().find(|&t| scene.is(t, cue) && !(from..t).any(|b| scene.cue(b, cue).is_some_and(|e| e > t))) else {
        return Owner::Unknown;
    };
    if trimmed(scene, from..at).is_none() && !s.word(at.saturating_sub(1)).eq_ignore_ascii_case("với") {
        return Owner::Before;
    }
    let counted_before = from == scene.previous_end(i) && from > clause.tokens.start;
    let sum = cue == Cue::Unfinished && scene.figure(i).kind == Kind::Money;
    let before = at.saturating_sub(1);
    match s.word(before) {
        // `61 lô đất với diện tích`: of what was counted, but `140 người với số tiền` is no money of theirs.
        "với" | "đạt" if counted_before && sum => Owner::Unknown,
        "với" | "đạt" if counted_before => Owner::Before,
        "có" => bearer(scene, from..before).map_or(Owner::Before, told),
        // `…, bày mâm cúng với giá bán`: whose price it is was told before.
        _ if scene.is(before, Cue::Bears) && !opens_with_verb(scene, from..at) => bearer(scene, from..before).map_or(Owner::Unknown, told),
        _ => Owner::Unknown,
    }
}

/// Do words behind a comma go on with a verb of their own, without a particle and without a name?
fn opens_with_verb(scene: &Scene<'_, '_>, range: Range<usize>) -> bool {
    let s = scene.sentence();
    let opened = range.start > 0 && s.is_mark(range.start - 1, ",") && !s.tokens[range.start].is_capital();
    opened && !range.clone().any(|t| scene.cue(t, Cue::Auxiliary).is_some())
}

/// Of the words before `có giá`, `với giá`: the thing that a passive names (`Nhà máy A | được phê duyệt năm 2021`), or what somebody does
/// (`Sở đã | xử phạt vi phạm hành chính`), without where that is.
fn bearer(scene: &Scene<'_, '_>, range: Range<usize>) -> Option<Range<usize>> {
    let s = scene.sentence();
    let range = trimmed(scene, range)?;
    let verb = (range.start + 1..range.end).find(|&t| scene.cue(t, Cue::Auxiliary).is_some() && !protected(scene, t, t + 1));
    let is_passive = |t: usize| (t..t + 2).any(|t| s.is_any(t, &["được", "bị"]));
    let (start, end) = match verb {
        Some(t) if is_passive(t) => (range.start, t),
        Some(t) => (t + 1, range.end),
        None => (range.start, range.end),
    };
    let place = (start + 2..end).find(|&t| s.is_any(t, &["tại", "ở", "trên", "trong"]) && !protected(scene, t, t + 1));
    trimmed(scene, start..place.unwrap_or(end))
}
