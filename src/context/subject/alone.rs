//! Nouns that stand alone: what is said of them behind.
//!
//! In: a figure and the subject that was found for it. Out: the same, with the words behind the figure when it is nothing but the
//! noun that is counted or that the share is taken of (`46 xã | không còn thuộc diện hỗ trợ`). Never: words past a mark.

use super::super::{Context, Scene};
use super::counted::is_qualifying;
use super::edge::{borders, time_start, verbal};
use crate::rules::{Class, Classes, Cue};
use crate::terms::Kind;
use crate::text::tidy;
use rust_decimal::Decimal;
use std::ops::Range;

/// How many tokens may follow a noun that has none.
const LONGEST: usize = 10;

/// With how many tokens behind it a noun still says little, and how many it takes then: `xã không | còn thuộc`.
const FEW: usize = 2;
const SHORT: usize = 4;

/// A subject, or what tells its noun from others, behind the figure.
pub(super) fn told_behind(scene: &Scene<'_, '_>, i: usize, found: String) -> String {
    let Some(noun) = noun(scene, i) else { return found };
    let s = scene.sentence();
    let last = (noun.end + FEW).min(s.len());
    // Most subjects say more: nothing is quoted for them.
    if found.len() > s.bytes(&(noun.start..last)).of(s.text).len() {
        return found;
    }
    let said = |end: usize| tidy(s.quote(&(noun.start..end)));
    let is_said = |end: &usize| found.eq_ignore_ascii_case(&said(*end));
    let Some(from) = (noun.end..=last).find(is_said) else { return found };
    let longest = if from == noun.end { LONGEST } else { SHORT };
    let end = end_behind(scene, noun.end, from, longest);
    if end <= from { found } else { said(end).into_owned() }
}

/// `mặt hàng` of `1 tỷ USD` in `7 mặt hàng đạt trên 1 tỷ USD`: the noun before, when the figure only tells which ones are counted.
pub(super) fn told_of(scene: &Scene<'_, '_>, i: usize, contexts: &[Context]) -> Option<String> {
    let own = scene.figure(i);
    let p = i.checked_sub(1).filter(|_| !own.counted && own.base.is_none())?;
    let noun = noun(scene, p)?;
    let s = scene.sentence();
    let alone = tidy(s.quote(&noun));
    // `đạt trên`, `từ`, `chưa đến`: the figure has no verb and no noun of its own.
    let small = |t: usize| verbal(scene, t) || is_qualifying(scene, t) || s.covers(t, Classes::of([Class::Stop, Class::Filler]));
    let is_limit = scene.figure(p).amount != Decimal::ONE && (noun.end..own.tokens.start).all(small);
    let tail = contexts[p].subject.0.as_deref()?.strip_prefix(&*alone)?.strip_prefix(' ')?;
    let end = end_behind(scene, noun.end, noun.end, LONGEST);
    let told = end >= own.tokens.end && tidy(s.quote(&(noun.end..end))) == tail;
    (told && is_limit).then(|| alone.into_owned())
}

/// What is counted, or what a share is taken of, when the figure ends with it.
fn noun(scene: &Scene<'_, '_>, i: usize) -> Option<Range<usize>> {
    let q = scene.figure(i);
    let base = || q.base.clone().filter(|b| q.kind == Kind::Percent && !scene.has(b.start, Class::Base));
    let noun = if q.counted { Some(q.unit_tokens.clone()) } else { base() };
    noun.filter(|n| !n.is_empty() && n.end == q.tokens.end)
}

/// Where what is said of a noun ends, from a token on: at a mark, at a time, at the end of the clause.
fn end_behind(scene: &Scene<'_, '_>, noun: usize, from: usize, longest: usize) -> usize {
    let s = scene.sentence();
    let is_word = s.tokens.get(from).is_some_and(|t| t.is_word());
    if !is_word || scene.is(from, Cue::NoTail) {
        return from;
    }
    let near = |t: usize| scene.figures().iter().any(|q| (t..t + 3).contains(&q.tokens.start));
    // `2 nhóm giảm | là hàng ăn`, `4 huyện nêu trên | giảm 2.319 hộ`
    let other = |t: usize| t > from && s.is_any(t, &["là"]) || scene.has(t, Class::Change) && near(t + 1);
    let mut t = from;
    while t < s.len() && t - noun < longest {
        let figure = scene.figures().iter().find(|q| q.tokens.contains(&t));
        let mark = !s.tokens[t].is_word() && figure.is_none();
        // A noun with a word of its own takes no other figure.
        if from > noun && figure.is_some() {
            return from;
        }
        if mark || other(t) || borders(scene, from, t) || scene.read.periods.iter().any(|p| time_start(scene, p) == t) {
            break;
        }
        t = figure.map_or(t + 1, |q| q.tokens.end);
    }
    // `căn đầu tiên cho công | nhân`: most nouns have two syllables.
    let cut = t > from + 1 && t - noun == longest && scene.has(t - 2, Class::Stop);
    if cut && s.tokens.get(t).is_some_and(|n| n.is_word()) && !scene.has(t, Class::Stop) {
        t += 1;
    }
    // `thuộc diện hỗ | trợ`: no word of the rules is cut.
    let across = |b: usize| s.at(b).iter().map(|h| h.end as usize).find(|&end| end > t);
    t = (t.saturating_sub(FEW).max(from)..t).find_map(across).unwrap_or(t);
    // `5 dự án được điều chỉnh | đã`
    while t > from && (scene.has(t - 1, Class::Stop) || scene.cue(t - 1, Cue::Auxiliary) == Some(t)) {
        t -= 1;
    }
    // `4 cán bộ tại Cà Mau`, `2 vụ việc ở Lashkar`
    let in_place = |u: usize| s.tokens[u].is_capital() || scene.read.places.iter().any(|p| p.tokens.contains(&u));
    let only_where = t > from && (in_place(from) || scene.is(from, Cue::Relation)) && (from + 1..t).all(in_place);
    let bare = t == noun + 1 && scene.has(noun, Class::Stop);
    if only_where || bare { from } else { t }
}
