//! Edges of phrases: where a noun phrase ends, and what is cut off it.
//!
//! In: a range of tokens. Out: the range without small words, times and places at its edges, and its text. Never: a cut through a fixed
//! phrase or a name.

use super::super::clause::{Border, Clause};
use super::super::{PeriodMention, Scene, quotation};
use crate::rules::{Class, Classes, Cue, Data, Hit, Refers, Role};
use crate::text::{Flags, tidy};
use std::ops::Range;

/// How many tokens a fixed name may have.
const LONGEST_NAME: usize = 9;

/// How many tokens a counted phrase may have.
pub(super) const LONGEST_RIGHT: usize = 18;

pub(super) fn next_after(scene: &Scene<'_, '_>, token: usize) -> usize {
    scene.figures().iter().map(|q| q.tokens.start).find(|&t| t > token).unwrap_or(scene.sentence().len())
}

/// How far a phrase goes on from `from`: to a mark, a function word, a time, or the verb of the next figure.
pub(super) fn extent(scene: &Scene<'_, '_>, start: usize, from: usize, limit: usize) -> usize {
    let s = scene.sentence();
    let mut t = from;
    while t < limit && t - start < LONGEST_RIGHT {
        let token = s.tokens[t];
        let mark = !token.is_word() && !token.is_number() && !matches!(s.word(t), "/" | "-" | "–" | "&" | "\"" | "“" | "”");
        if quotation::opens(s, t)
            && let Some(close) = quotation::closing(s, t, limit)
        {
            t = close + 1;
            continue;
        }
        if mark || quotation::closes(s, t) || borders(scene, start, t) || t > start && (stops(scene, t) || leads_to_figure(scene, t, limit)) {
            break;
        }
        t += 1;
    }
    // `17 tàu / 129 ngư dân`
    if t == limit && t > from && s.is_mark(t - 1, "/") { t - 1 } else { t }
}

/// The end of a phrase with whose it is, where it is or what it is for, when one of these cues stands behind it: `22 tàu | của ngư dân`,
/// `15 tỷ đồng bồi thường | cho ngư dân`. A place or a time alone does not tell these from others.
pub(super) fn past_relation(scene: &Scene<'_, '_>, end: usize, limit: usize, cues: &[Cue]) -> usize {
    let s = scene.sentence();
    let Some(from) = cues.iter().find_map(|&c| scene.cue(end, c)) else { return end };
    let told = scene.read.places.iter().any(|p| p.tokens.contains(&from) || p.tokens.start == from + 1)
        || scene.read.periods.iter().any(|p| p.tokens.start <= from + 1 && p.tokens.end > from);
    let Some(first) = s.tokens.get(from).filter(|t| t.is_word()) else { return end };
    // `2 vụ ở Helmand`: a name that nobody knows is a place, unless it owns them.
    let is_name = first.is_capital() && first.sym == 0 && !s.is_any(end, &["của"]);
    let is_noun = !scene.is(from, Cue::NoRelation) && !scene.has(from, Class::Numeral) && !is_name;
    let stop = extent(scene, from, from, limit.max(from));
    if stop > from && is_noun && !told { stop } else { end }
}

/// Does a clause end at a token without a mark, or at a dash? A quotation goes on: `chứng nhận “Cánh buồm xanh”`.
pub(super) fn borders(scene: &Scene<'_, '_>, start: usize, t: usize) -> bool {
    let s = scene.sentence();
    let spaced = |t: usize| s.tokens.get(t).is_some_and(|t| t.flags.has(Flags::SPACE));
    let opens_quote = || s.is_any(t - 1, &["\"", "“"]) && spaced(t - 1) && !spaced(t);
    let from = scene.clauses.partition_point(|c| c.tokens.start < t);
    let near = scene.clauses[from..].iter().take_while(|c| c.tokens.start <= t + 1);
    let ends = |c: &Clause| match c.border {
        Border::Dash => c.tokens.start == t + 1,
        Border::Semicolon => c.tokens.start == t && t > start && !opens_quote(),
        _ => false,
    };
    near.into_iter().any(ends)
}

/// A function word or a time that ends a noun phrase, unless a fixed phrase runs across it.
pub(super) fn stops(scene: &Scene<'_, '_>, t: usize) -> bool {
    let s = scene.sentence();
    if scene.read.periods.iter().any(|p| time_start(scene, p) == t) {
        return true;
    }
    // `đồng bằng sông Cửu Long`
    if scene.read.places.iter().any(|p| p.tokens.start < t && t < p.tokens.end) {
        return false;
    }
    // `thông số vượt quy chuẩn` says which ones, `vượt kế hoạch` how many.
    let passes = s.word(t) == "vượt" && s.tokens.get(t + 1).is_some_and(|n| n.is_word()) && !scene.has(t + 1, Class::Base) && !verbal(scene, t + 1);
    // `thủ tục thuộc lĩnh vực …` says which ones, `xã thuộc 23 tỉnh` where.
    let belongs = || s.word(t) == "thuộc" && s.tokens.get(t + 1).is_some_and(|n| n.is_word()) && !begins_place(scene, t + 1);
    if passes || belongs() {
        return false;
    }
    s.longest(t, Class::Stop).is_some_and(|h| !protected(scene, t, h.end as usize) && !starts_compound(scene, t))
}

fn begins_place(scene: &Scene<'_, '_>, t: usize) -> bool {
    scene.sentence().begins(t, Classes::of([Class::Level, Class::Numeral])) || scene.read.places.iter().any(|p| p.tokens.start == t)
}

pub(super) fn starts_compound(scene: &Scene<'_, '_>, t: usize) -> bool {
    scene.sentence().longest(t, Class::Compound).is_some()
}

/// From here only verbs and small words lead to the next figure.
pub(super) fn leads_to_figure(scene: &Scene<'_, '_>, t: usize, limit: usize) -> bool {
    // `nguồn vốn thực | hiện 3 chương trình`: not in the middle of a word.
    let inside = || protected(scene, t, t + 1) && !starts_compound(scene, t);
    limit < scene.sentence().len() && (t..limit).all(|u| verbal(scene, u)) && !inside() || owns_magnitude(scene, t, limit)
}

/// `1 bộ kim tiêm | có giá là 4.200 đồng`: the verb of having, and a magnitude that waits for its owner.
fn owns_magnitude(scene: &Scene<'_, '_>, t: usize, limit: usize) -> bool {
    let s = scene.sentence();
    let end = || [Cue::Incomplete, Cue::Unfinished].into_iter().find_map(|c| scene.cue(t + 1, c)).filter(|&end| end <= limit);
    limit < s.len() && s.is_any(t, &["có", "với"]) && end().is_some_and(|end| (end..limit).all(|u| verbal(scene, u)))
}

pub(super) fn verbal(scene: &Scene<'_, '_>, t: usize) -> bool {
    const VERBAL: Classes = Classes::of([Class::Reach, Class::Qualifier, Class::Change, Class::Status, Class::Opener]);
    let s = scene.sentence();
    s.covers(t, VERBAL) && (t.saturating_sub(3)..=t).any(|b| s.of(b, VERBAL).any(|h| h.end as usize > t))
}

/// A range without the small words, verbs, times and places at its edges; none when nothing is left.
pub(super) fn trimmed(scene: &Scene<'_, '_>, range: Range<usize>) -> Option<Range<usize>> {
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

pub(super) fn cut_end(scene: &Scene<'_, '_>, start: usize, end: usize) -> usize {
    let s = scene.sentence();
    if end <= start {
        return start;
    }
    if let Some(p) = scene.read.periods.iter().find(|p| p.tokens.end == end && p.tokens.start < end) {
        return time_start(scene, p).max(start);
    }
    let token = s.tokens[end - 1];
    // `chuẩn nghèo giai đoạn 2016-2020` is one name.
    if token.is_number() && (end.saturating_sub(LONGEST_NAME)..end - 1).any(|b| s.of(b, Classes::only(Class::Compound)).any(|h| h.end as usize == end)) {
        return end;
    }
    // `xăng RON 92`, `xăng E5`
    let of_name = |end: usize| s.tokens[end - 2].flags.has(Flags::UPPER) && !scene.figures().iter().any(|q| q.tokens.contains(&(end - 1)));
    if token.is_number() && end >= start + 2 && of_name(end) {
        return end;
    }
    let closes = s.is_mark(end - 1, "”") && (start..end).any(|t| s.is_mark(t, "“"));
    if !token.is_word() && !closes && !s.is_mark(end - 1, "\"") && !s.is_mark(end - 1, ")") {
        return end - 1;
    }
    // `Chợ Mới`: the last word of a name is no adverb.
    let place = scene.read.places.iter().find(|p| p.tokens.end == end && p.tokens.start >= start && !p.here);
    if let Some(p) = place.filter(|p| !named_thing(scene, p.tokens.start, start)) {
        return p.tokens.start;
    }
    if let Some(of) = place.and_then(|p| owner(scene, start, p.tokens.start)) {
        return of;
    }
    const SMALL: Classes =
        Classes::of([Class::Reach, Class::Change, Class::Status, Class::Qualifier, Class::Opener, Class::Here, Class::Per, Class::Filler, Class::Rank]);
    // `khu vực dịch vụ | tăng trưởng 7%`: right before its figure a noun of change is a verb, unless it is part of a longer noun.
    let led = scene.figures().iter().any(|q| q.tokens.start == end);
    let longer = |b: usize| (b.saturating_sub(LONGEST_NAME)..b).any(|a| s.of(a, Classes::of([Class::Compound, Class::Change])).any(|h| h.end as usize >= end));
    let grows = |b: usize| led && b > start && scene.has(b, Class::Change) && !longer(b) && trimmed(scene, start..b).is_some();
    let small = (start..if s.ends(end, SMALL) { end } else { start })
        .find(|&b| {
            let ends = s.of(b, SMALL).any(|h| h.end as usize == end && h.role != Role::Unless && !tells_which(scene, h) && kept(scene, h).is_none());
            ends && (is_verb(scene, b) || grows(b) || !protected(scene, b, end))
        })
        // `tốc độ tăng trưởng` is a noun, `đã tăng trưởng` none.
        .filter(|&b| is_verb(scene, b) || grows(b) || !(b..end).any(|m| s.longest(m, Class::Magnitude).is_some_and(|h| h.end as usize >= end)));
    if let Some(b) = small {
        return b;
    }
    match scene.read.places.iter().find(|p| p.tokens.end == end && p.tokens.start >= start) {
        Some(p) if !named_thing(scene, p.tokens.start, start) => p.tokens.start,
        _ => end,
    }
}

/// `phải | giải ngân`, `giải ngân | được`: where the word in a phrase of status begins that says what is measured.
pub(super) fn kept(scene: &Scene<'_, '_>, hit: &Hit) -> Option<usize> {
    let of_status = hit.class == Class::Status && hit.len() > 2;
    let verb = |t: usize| scene.cue(t, Cue::Unfinished).is_some_and(|end| end > t + 1) && !scene.has(t, Class::Base);
    (hit.start as usize..hit.end as usize).find(|&t| of_status && verb(t))
}

/// Does a verb of change begin at a token: behind its particle (`đã tăng trưởng`), or with one of reaching (`đạt tăng trưởng`)?
fn is_verb(scene: &Scene<'_, '_>, t: usize) -> bool {
    let particle = || t > 0 && scene.cue(t - 1, Cue::Auxiliary) == Some(t);
    let reached = || scene.has(t, Class::Reach) && !scene.sentence().of(t, Classes::only(Class::Change)).any(|h| h.len() == 1);
    scene.has(t, Class::Change) && (particle() || reached())
}

/// `tổng nguồn vốn của Chi nhánh Ngân hàng tỉnh A`: a body with its place at the end only says whose it is.
fn owner(scene: &Scene<'_, '_>, start: usize, place: usize) -> Option<usize> {
    let s = scene.sentence();
    let of = (start + 2..place).rev().find(|&t| s.is_any(t, &["của"]))?;
    let name = s.tokens[of + 1].is_capital() && (of + 1..place).all(|t| s.tokens[t].is_word());
    name.then_some(of)
}

pub(super) fn cut_start(scene: &Scene<'_, '_>, start: usize, end: usize) -> usize {
    let s = scene.sentence();
    if start >= end {
        return end;
    }
    let inside = |p: &&PeriodMention| p.tokens.start <= start && p.tokens.end > start && p.tokens.end <= end && time_start(scene, p) <= start;
    if let Some(p) = scene.read.periods.iter().find(inside) {
        return p.tokens.end;
    }
    // `Rễ cây có | thể dài 9 m`: not in the middle of a small word.
    let across = |b: usize| s.of(b, Classes::only(Class::Filler)).map(|h| h.end as usize).find(|&over| over > start && over <= end);
    if let Some(over) = start.checked_sub(1).and_then(across) {
        return over;
    }
    // `“Cánh đồng xanh” bán được 3.200 vé`: a name in quotation marks is kept whole.
    if quotation::opens(s, start) && quotation::closing(s, start, end).is_some_and(|close| close + 1 < end) {
        return start;
    }
    if !s.tokens[start].is_word() {
        return start + 1;
    }
    if let Some(p) = scene.read.places.iter().find(|p| p.tokens.start == start && p.tokens.end <= end) {
        return p.tokens.end;
    }
    const SMALL: Classes = Classes::of([
        Class::Filler,
        Class::Boundary,
        Class::Opener,
        Class::Here,
        Class::Comparison,
        Class::Status,
        Class::Change,
        Class::Qualifier,
        Class::Reach,
    ]);
    let hit = s.of(start, SMALL).filter(|h| h.end as usize <= end).max_by_key(|h| h.end);
    // `tổng mức đầu tư` tells a plan, and what is measured.
    let magnitude = |h: &Hit| s.longest(start, Class::Magnitude).is_some_and(|m| m.end >= h.end);
    let said = hit.and_then(|h| kept(scene, h));
    match hit {
        Some(h) if magnitude(h) || acts(scene, h, end) => start,
        // `riêng các huyện nghèo`: more than one are no place of the text.
        Some(h) if h.class == Class::Here && h.len() == 1 && start > 0 && s.is_any(start - 1, &["các", "những"]) => start,
        Some(_) if said.is_some() => said.unwrap_or(start),
        Some(h) if !protected(scene, start, h.end as usize) && !names_figure(scene, start, end) => h.end as usize,
        _ => start,
    }
}

/// `Bộ Tài chính | đã cấp`: a body of the state before nothing but its verb.
fn acts(scene: &Scene<'_, '_>, hit: &Hit, end: usize) -> bool {
    const LONGEST_VERB: usize = 4;
    let verb = hit.end as usize;
    let central = matches!(scene.rules.rule(hit.rule).data, Data::Here(Refers::Central));
    central && end - verb <= LONGEST_VERB && scene.sentence().tokens.get(verb).is_some_and(|t| t.is_word() && !t.is_capital())
}

/// Where the words of a time begin that say nothing else: `vụ xuân `**`2022`**.
pub(super) fn time_start(scene: &Scene<'_, '_>, p: &PeriodMention) -> usize {
    let s = scene.sentence();
    if !s.begins(p.tokens.start, Classes::only(Class::Compound)) {
        return p.tokens.start;
    }
    let named = s.longest(p.tokens.start, Class::Compound).map(|h| h.end as usize);
    named.filter(|&end| end < p.tokens.end).unwrap_or(p.tokens.start)
}

/// The word is part of a longer fixed phrase or noun: `thu nhập `**`bình quân`**, `nông thôn `**`mới`**.
pub(super) fn protected(scene: &Scene<'_, '_>, start: usize, end: usize) -> bool {
    let s = scene.sentence();
    const FIXED: Classes = Classes::of([Class::Compound, Class::Counter, Class::Base]);
    let held = |b: usize| {
        s.at(b).iter().any(|h| match h.class {
            Class::Compound => h.end as usize >= end,
            Class::Counter | Class::Base => h.end as usize >= end && h.len() > end - start,
            _ => false,
        })
    };
    let cut = |b: usize| s.of(b, Classes::only(Class::Compound)).any(|h| h.end as usize > end);
    s.covers(start, FIXED) && (start.saturating_sub(4)..=start).any(held) || (start + 1..end).any(cut)
}

/// `giá vàng thế giới`: words for a place that say which price it is, and are no place of their own.
fn tells_which(scene: &Scene<'_, '_>, hit: &Hit) -> bool {
    let world = matches!(scene.rules.rule(hit.rule).data, Data::Here(Refers::World));
    world && !scene.read.places.iter().any(|p| p.tokens.start == hit.start as usize)
}

/// A plan that is itself the figure: `dự toán bố trí từ ngân sách tỉnh là …`.
pub(super) fn names_figure(scene: &Scene<'_, '_>, start: usize, end: usize) -> bool {
    let s = scene.sentence();
    s.of(start, Classes::only(Class::Base)).any(|h| (h.end as usize) <= end) && end - start > 1
}

/// `Dự án Cảng … Đà Nẵng`: the place is part of a name.
pub(super) fn named_thing(scene: &Scene<'_, '_>, at: usize, start: usize) -> bool {
    let s = scene.sentence();
    at > start && s.tokens[at - 1].is_word() && s.tokens[at - 1].is_capital() && !scene.has(at - 1, Class::Level)
}

/// The words of a range without the times and places inside it.
pub(super) fn render(scene: &Scene<'_, '_>, range: Range<usize>) -> String {
    let s = scene.sentence();
    let mut out = String::new();
    let mut from = range.start;
    let mut t = range.start + 1;
    while t < range.end {
        match dropped(scene, t, range.end) {
            Some(end) => {
                // `hộ nghèo của cả nước được vay`
                let to = if scene.cue(t - 1, Cue::Within) == Some(t) { t - 1 } else { t };
                add(&mut out, s.quote(&(from..to.max(from))));
                (t, from) = (end, end);
            }
            None => t += 1,
        }
    }
    add(&mut out, s.quote(&(from..range.end)));
    let bare = unquoted(&out);
    if bare.len() == out.len() { out } else { bare.to_owned() }
}

/// Without dashes, blanks and lone quotation marks at its ends: those of `4 “ông lớn”` belong to it.
fn unquoted(phrase: &str) -> &str {
    let is_quote = |c: char| matches!(c, '"' | '“' | '”');
    let is_edge = |c: char| matches!(c, '-' | '–' | '*' | ' ');
    // The marks beyond ASCII begin with this byte.
    if !phrase.bytes().any(|b| matches!(b, b'"' | 0xE2)) {
        return phrase.trim_matches(is_edge);
    }
    let mut rest = phrase;
    loop {
        let bare = rest.trim_matches(is_edge);
        let quotes = bare.chars().filter(|&c| is_quote(c)).count();
        let enclosed = quotes == 2 && bare.starts_with(is_quote) && bare.ends_with(is_quote);
        rest = match quotes {
            _ if enclosed => bare.trim_matches(is_quote),
            n if n % 2 == 1 => bare.strip_suffix(is_quote).or_else(|| bare.strip_prefix(is_quote)).unwrap_or(bare),
            _ => bare,
        };
        if rest.len() == bare.len() {
            return rest;
        }
    }
}

/// The end of a time, or of words for a place, that begins at a token and is left out of a phrase.
fn dropped(scene: &Scene<'_, '_>, t: usize, end: usize) -> Option<usize> {
    let s = scene.sentence();
    let period = scene.read.periods.iter().find(|p| p.tokens.end < end && time_start(scene, p) == t).map(|p| p.tokens.end);
    if let Some(close) = aside(scene, t, end) {
        return Some(close);
    }
    // `toàn xã` of `toàn xã hội`
    let part = |here: &Hit| s.of(t, Classes::only(Class::Compound)).any(|h| h.end > here.end);
    let stands = |h: &&Hit| (h.end as usize) <= end && h.len() > 1 && !part(h) && !tells_which(scene, h);
    period.or_else(|| s.of(t, Classes::only(Class::Here)).find(stands).map(|h| h.end as usize))
}

/// `doanh thu bán vé (gồm cả thuế, phí) của Vietlott`: the end of a bracket inside a phrase that is more than an abbreviation.
fn aside(scene: &Scene<'_, '_>, t: usize, end: usize) -> Option<usize> {
    const ABBREVIATION: usize = 4;
    let s = scene.sentence();
    let close = if s.is_mark(t, "(") { (t + 1..end).find(|&u| s.is_mark(u, ")"))? } else { return None };
    (close > t + ABBREVIATION && close + 1 < end).then_some(close + 1)
}

fn add(out: &mut String, words: &str) {
    let words = tidy(words);
    if !out.is_empty() && !words.is_empty() {
        out.push(' ');
    }
    if out.is_empty() { *out = words.into_owned() } else { out.push_str(&words) }
}
