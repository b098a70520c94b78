//! Clauses: where the words that belong to one figure end.
//!
//! Borders: commas, semicolons, colons, brackets, dashes between words, and words that open a clause (`trong đó`).

use super::Scene;
use crate::quantity::Quantity;
use crate::rules::{Class, Classes, Cue, Data, Hit, Verb};
use crate::sentence::Sentence;
use crate::terms::Kind;
use crate::text::Flags;
use std::ops::Range;

/// What begins a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    Start,
    Comma,
    Semicolon,
    Colon,
    Open,
    Close,
    Dash,
    Word,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Without the mark that begins it.
    pub tokens: Range<usize>,
    pub border: Border,
    /// How many brackets are open.
    pub depth: usize,
}

/// Does a token end a superlative (`nhanh nhất`)? Not in `ít nhất 5 xã` or `thống nhất`.
pub(super) fn is_superlative(s: &Sentence<'_>, t: usize) -> bool {
    let ends = |b: usize, class: Class| s.of(b, Classes::only(class)).any(|h| h.end as usize == t + 1);
    let number = || s.tokens.get(t + 1).is_some_and(|n| n.is_number());
    let other = |b: usize| ends(b, Class::Compound) || ends(b, Class::Qualifier) && number();
    s.cue(t, Cue::Superlative) == Some(t + 1) && !t.checked_sub(1).is_some_and(other)
}

/// Cuts a sentence into clauses that cover it.
pub fn cut(sentence: &Sentence<'_>, figures: &[Quantity]) -> Vec<Clause> {
    let mut out = vec![Clause { tokens: 0..0, border: Border::Start, depth: 0 }];
    let mut depth = 0usize;
    let inside = |t: usize| figures.iter().any(|q| q.tokens.contains(&t));
    let mut t = 0;
    while t < sentence.len() {
        // Inside a fixed phrase or a name (`TP. Hồ Chí Minh`) a mark cuts nothing.
        let covers = |h: &Hit| match h.class {
            Class::Compound => h.end as usize > t + 1,
            Class::Level | Class::Place => h.end as usize > t,
            _ => false,
        };
        let held = |t: usize| (t.saturating_sub(3)..t).any(|b| sentence.at(b).iter().any(covers));
        let border =
            border_at(sentence, t).filter(|_| !quotes_name(sentence, t)).or_else(|| opens_item(sentence, figures, t)).filter(|_| !inside(t) && !held(t));
        let Some((border, len)) = border else {
            t += 1;
            continue;
        };
        if let Some(last) = out.last_mut() {
            last.tokens.end = t;
        }
        depth = match border {
            Border::Open => depth + 1,
            Border::Close => depth.saturating_sub(1),
            _ => depth,
        };
        out.push(Clause { tokens: t + len..t + len, border, depth });
        t += len.max(1);
    }
    if let Some(last) = out.last_mut() {
        last.tokens.end = sentence.len();
    }
    out
}

/// `4 “ông lớn” tăng 5%`: a mark before or behind a few quoted words, which are part of a clause.
fn quotes_name(sentence: &Sentence<'_>, t: usize) -> bool {
    const LONGEST: usize = 5;
    let quote = |t: usize| ["\"", "“", "”"].iter().any(|q| sentence.is_mark(t, q));
    let word = |&t: &usize| sentence.tokens.get(t).is_some_and(|t| t.is_word() || t.is_number());
    if !quote(t) {
        return false;
    }
    let opens = word(&(t + 1)) && !sentence.tokens[t + 1].flags.has(Flags::SPACE);
    let words = if opens { (t + 1..t + 2 + LONGEST).take_while(word).count() } else { (0..t).rev().take(LONGEST + 1).take_while(word).count() };
    let other = if opens { Some(t + 1 + words) } else { t.checked_sub(1 + words) };
    (1..=LONGEST).contains(&words) && other.is_some_and(quote)
}

fn border_at(sentence: &Sentence<'_>, t: usize) -> Option<(Border, usize)> {
    if sentence.tokens[t].is_word() {
        if apart(sentence, t) {
            return Some((Border::Semicolon, 0));
        }
        // `tỷ lệ phòng học kiên cố nâng từ 70% lên 79%`: a verb of what stands before it.
        let rises = || sentence.begins(t, Classes::only(Class::Change)) && sentence.is(t + 1, Cue::Leaves);
        let opens =
            sentence.longest(t, Class::Boundary).filter(|h| t > 0 && !inside_fixed(sentence, t, h.end) && !begins_fixed(sentence, t, h.end) && !rises());
        return opens.map(|_| (Border::Word, 0));
    }
    if sentence.tokens[t].is_number() {
        return None;
    }
    let border = match sentence.word(t) {
        // `nợ BHXH, BHYT` is one noun.
        "," if between_abbreviations(sentence, t) => return None,
        "," => Border::Comma,
        ";" => Border::Semicolon,
        ":" => Border::Colon,
        "(" | "[" => Border::Open,
        ")" | "]" => Border::Close,
        "." | "…" | "!" | "?" | "\"" | "“" | "”" | "|" | "+" | "*" | "•" => Border::Semicolon,
        _ if sentence.is_dash(t) && spaced_dash(sentence, t) => Border::Dash,
        _ => return None,
    };
    Some((border, 1))
}

/// `thương mại | song phương`: a longer fixed phrase begins at the word.
fn begins_fixed(sentence: &Sentence<'_>, t: usize, end: u32) -> bool {
    sentence.longest(t, Class::Compound).is_some_and(|h| h.end > end)
}

/// `xuất khẩu sầu riêng`, `nông, lâm nghiệp và thủy sản`: a word behind the first of a fixed phrase that reaches `end`.
pub fn inside_fixed(sentence: &Sentence<'_>, t: usize, end: u32) -> bool {
    const LONGEST: usize = 6;
    (t.saturating_sub(LONGEST)..t).any(|b| sentence.longest(b, Class::Compound).is_some_and(|h| h.end >= end))
}

/// `- 250 g măng - 2 tép tỏi`: a dash before a figure that names its thing behind it.
fn opens_item(sentence: &Sentence<'_>, figures: &[Quantity], t: usize) -> Option<(Border, usize)> {
    let spaced = |t: usize| sentence.tokens.get(t).is_some_and(|t| t.flags.has(Flags::SPACE));
    if !sentence.is_dash(t) || !spaced(t) || !spaced(t + 1) {
        return None;
    }
    let figure = figures.iter().find(|q| q.tokens.start == t + 1)?;
    let named = figure.counted || sentence.tokens.get(figure.tokens.end).is_some_and(|w| w.is_word() && !w.is_capital());
    named.then_some((Border::Dash, 1))
}

/// Two blanks before a capital: paragraphs that were run together, as behind a caption.
fn apart(sentence: &Sentence<'_>, t: usize) -> bool {
    let Some(before) = t.checked_sub(1).map(|b| sentence.tokens[b]) else { return false };
    let token = sentence.tokens[t];
    token.is_capital() && before.is_word() && token.start - before.end > 1
}

fn between_abbreviations(sentence: &Sentence<'_>, t: usize) -> bool {
    let upper = |i: usize| sentence.tokens.get(i).is_some_and(|t| t.is_word() && t.flags.has(Flags::UPPER));
    t > 0 && upper(t - 1) && upper(t + 1)
}

/// A dash with blanks, between words: not in `kinh tế - xã hội`, which has small letters on both sides.
fn spaced_dash(sentence: &Sentence<'_>, t: usize) -> bool {
    if t == 0 {
        return true;
    }
    let blank_before = sentence.tokens[t].flags.has(Flags::SPACE);
    let after = sentence.tokens.get(t + 1);
    let capital_after = after.is_some_and(|n| n.is_capital());
    let capital_before = sentence.tokens[t - 1].is_capital();
    blank_before && capital_after && !capital_before && sentence.tokens[t - 1].is_word()
}

/// Does a figure only say the one before in other terms: in brackets right behind it, or behind `tương đương`, `tức`, `bằng`?
pub fn restates(scene: &Scene<'_, '_>, before: &Quantity, figure: &Quantity) -> bool {
    const SMALL: Classes = Classes::of([Class::Reach, Class::Qualifier, Class::Status, Class::Filler, Class::Opener]);
    let s = scene.sentence();
    let between = before.tokens.end..figure.tokens.start;
    if between.len() > 8 {
        return false;
    }
    let bracket =
        s.is_mark(figure.tokens.start.wrapping_sub(1), "(") && scene.clause_of(before.tokens.start).depth < scene.clause_of(figure.tokens.start).depth;
    // `63.310 tỷ yên (564,4 tỷ USD)`: the same in another currency.
    let same = before.kind != figure.kind || figure.kind == Kind::Money && before.unit != figure.unit;
    let sign = between.clone().find(|&t| scene.is(t, Cue::Equals) || s.is_mark(t, "=")).filter(|_| !between.clone().any(|t| s.is_mark(t, ";")));
    // `2.418 hộ, dân tộc Mông chiếm 97,3%` is of what the new clause names.
    let named = |sign: usize| (between.start..sign).rev().take_while(|&t| s.tokens[t].is_word()).filter(|&t| !s.covers(t, SMALL)).count() > 0;
    let equal = sign.is_some_and(|sign| !((between.start..sign).any(|t| s.is_mark(t, ",")) && named(sign)));
    // `222 triệu đơn vị tương ứng giá trị giao dịch 5.161 tỷ` names an amount of its own.
    let equal = equal && !between.clone().any(|t| s.longest(t, Class::Magnitude).is_some_and(|h| h.len() > 1 || s.word(t) == "giá"));
    // `50 hộ, tỷ lệ nghèo (42,7%)` is of what the new clause names.
    let of_other = || {
        let open = figure.tokens.start - 1;
        let clause = (between.start..open).rev().find(|&t| s.is_mark(t, ",") || s.is_mark(t, ";"));
        clause.is_some_and(|mark| (mark + 1..open).any(|t| s.tokens[t].is_word() && !s.covers(t, SMALL)))
    };
    same && (bracket && between.len() <= 6 && !of_other() || equal)
}

/// A bracket that tells the level of what the figure before was compared with or measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// Where the words compared with begin.
    pub from: usize,
    /// The bracket.
    pub open: usize,
    /// They are a plan.
    pub plan: bool,
}

/// Does a figure stand first in such a bracket: `đạt 62,7% kế hoạch năm (667,1 tỷ đồng)`, `gấp 1,46 lần năm 2010 (17 triệu)`?
pub fn reference(scene: &Scene<'_, '_>, i: usize) -> Option<Reference> {
    const NEAR: usize = 12;
    let s = scene.sentence();
    let q = scene.figure(i);
    let clause = scene.clause_of(q.number.start);
    let before = scene.figures().get(i.checked_sub(1)?)?;
    let first = clause.border == Border::Open && before.tokens.end <= clause.tokens.start;
    let open = clause.tokens.start.checked_sub(1).filter(|_| first)?;
    let from = before.base.as_ref().map_or(before.tokens.end, |b| b.start);
    // `gấp 2,3 lần cùng kỳ) và Malaysia (21.300 lượt)`: the bracket of another.
    if (from..open).any(|t| s.is_mark(t, ")")) {
        return None;
    }
    // `đạt 40,5% kế hoạch, thấp hơn bình quân cả nước (46,3%)`: of what stands behind the comma.
    let comma = (before.tokens.end..open).rev().find(|&t| s.is_mark(t, ","));
    let other = comma.and_then(|comma| super::change::gap(scene, comma + 1..open));
    let from = other.unwrap_or(from);
    let is_plan = |t: usize| s.of(t, Classes::only(Class::Base)).any(|h| scene.rules.known.base_plan == Some(h.rule)) || s.word(t) == "giao";
    let named = scene.comparisons().iter().any(|c| c.end == open || c.start >= from && c.start < open);
    let compared = named || other.is_some() || before.kind == Kind::Multiple;
    let plan = other.is_none() && (from..open).any(is_plan);
    // `(đạt 76.373 tỷ đồng)` is the level itself.
    if s.of(clause.tokens.start, Classes::only(Class::Reach)).any(|h| matches!(scene.rules.rule(h.rule).data, Data::Reach(Verb::Level)))
        && !scene.has(clause.tokens.start, Class::Change)
    {
        return None;
    }
    let share_of_share = q.kind == Kind::Percent && !matches!(before.kind, Kind::Percent | Kind::Points);
    (open - from <= NEAR && !share_of_share && (compared || plan && (before.base.is_some() || open > from + 1))).then_some(Reference { from, open, plan })
}
