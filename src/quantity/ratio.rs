//! Part and whole that words join: `3.199 trong tổng số 15.763`, `trong 327 cặp kết hôn, có 76 cặp`, `cứ 10 hộ thì 6 hộ`.
//!
//! In: the figures of a sentence, some without a unit. Out: the same, each such pair as one ratio whose quote spans both. Never: a
//! ratio over the end of a clause that a semicolon or a full stop makes.

use super::{Quantities, Quantity};
use crate::rules::{Class, Classes, Cue, Data, Hit, Role, RuleSet};
use crate::sentence::Sentence;
use crate::terms::Kind;
use rust_decimal::Decimal;

/// How long the words between part and whole may be.
const BETWEEN: usize = 10;

/// How long where the opening words, or the same noun on both sides, leave no doubt.
const FAR_BETWEEN: usize = 30;

/// How long where nothing opens the whole: `7 chiếc thì 4 chiếc`.
const CLOSE: usize = 4;

/// Joins parts and wholes.
pub(super) fn join(sentence: &Sentence<'_>, rules: &RuleSet, out: &mut Quantities) {
    let mut i = 0;
    while i + 1 < out.figures.len() {
        let (left, right) = (&out.figures[i], &out.figures[i + 1]);
        if let Some(ratio) = part_first(sentence, rules, left, right).or_else(|| whole_first(sentence, rules, left, right)) {
            out.figures.splice(i..i + 2, [ratio]);
        }
        i += 1;
    }
}

fn countable(q: &Quantity) -> bool {
    matches!(q.kind, Kind::Count) && q.upper.is_none() && q.amount.fract().is_zero()
}

/// Amounts of one unit (`4,2 km trong tổng số 51,8 km`).
fn measured_alike(a: &Quantity, b: &Quantity) -> bool {
    matches!(a.kind, Kind::Measure | Kind::Money) && a.kind == b.kind && a.unit == b.unit && a.upper.is_none() && b.upper.is_none()
}

fn head(unit: &str) -> &str {
    unit.split([' ', ',']).next().unwrap_or(unit)
}

fn same_noun(a: &Quantity, b: &Quantity) -> bool {
    head(&a.unit).eq_ignore_ascii_case(head(&b.unit))
}

/// `3.199 trong tổng số 15.763`, `9 trong 13 dự án`.
fn part_first(sentence: &Sentence<'_>, rules: &RuleSet, part: &Quantity, whole: &Quantity) -> Option<Quantity> {
    // `88 trên tổng số 241 tỷ đồng`: the part has the scale of the whole.
    let money = whole.kind == Kind::Money && part.unit.is_empty() && whole.upper.is_none();
    let amount = if money { part.amount.checked_mul(whole.scale.unwrap_or(Decimal::ONE))? } else { part.amount };
    let alike = measured_alike(part, whole);
    let fits = countable(part) && (countable(whole) || money) || alike;
    let (from, to) = (part.tokens.end, whole.number.start);
    if !fits
        || whole.unit.is_empty()
        || amount > whole.amount
        || from >= to
        || to - from > BETWEEN
        || (from..to).any(|t| ends_clause(sentence, t) || sentence.is_mark(t, "("))
    {
        return None;
    }
    let hit = sentence.ending(to, Class::Join, Role::Form).filter(|h| h.start as usize >= from)?;
    let is_ratio = matches!(rules.rule(hit.rule).data, Data::Join { ratio: true });
    let same = part.unit.is_empty() || same_noun(part, whole) || hit.len() > 1 || hit.start as usize > from;
    (is_ratio && same && (!alike || hit.len() > 1) && !sentence.is_mark(hit.start as usize, "/")).then(|| Quantity {
        tokens: part.tokens.start..whole.tokens.end,
        number: part.number.start..whole.number.end,
        amount,
        of: Some(whole.amount),
        kind: Kind::Ratio,
        unit: if part.unit.is_empty() { whole.unit.clone() } else { part.unit.clone() },
        unit_tokens: if part.unit.is_empty() { whole.unit_tokens.clone() } else { part.unit_tokens.clone() },
        counted: !money && !alike,
        rule: hit.rule,
        ..part.clone()
    })
}

/// What opens a whole that stands before its part.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opener {
    /// `cứ 10 hộ`
    Each,
    /// `trong 327 cặp`
    In,
    /// `trong số 59 tàu`
    Among,
    Nothing,
}

impl Opener {
    fn of(sentence: &Sentence<'_>, whole: &Quantity) -> Self {
        let start = (0..whole.number.start).rev().find(|&t| !sentence.covers(t, Classes::only(Class::Qualifier))).map_or(0, |t| t + 1);
        // `2/3 trong số 336 thủy thủ`: behind a part of its own.
        let opens = |h: &&Hit| h.len() > 1 && (h.start as usize).checked_sub(1).is_none_or(|t| !sentence.tokens[t].is_number());
        match start.checked_sub(1).map(|t| sentence.lower(t)).as_deref() {
            Some("cứ") => Self::Each,
            _ if sentence.ending(start, Class::Join, Role::Form).filter(opens).is_some() => Self::Among,
            Some("trong") => Self::In,
            _ => Self::Nothing,
        }
    }
}

/// `trong 327 cặp kết hôn, có 76 cặp`, `cứ 10 hộ thì có gần 6 hộ`.
fn whole_first(sentence: &Sentence<'_>, rules: &RuleSet, whole: &Quantity, part: &Quantity) -> Option<Quantity> {
    let (from, to) = (whole.tokens.end, part.number.start);
    let opener = Opener::of(sentence, whole);
    let counts = countable(whole) && countable(part) || opener == Opener::Each && measured_alike(whole, part);
    if !counts || whole.unit.is_empty() || part.amount > whole.amount || from >= to || (from..to).any(|t| ends_clause(sentence, t) || is_breakdown(sentence, t))
    {
        return None;
    }
    is_part(sentence, opener, whole, part).then(|| Quantity {
        tokens: whole.tokens.start..part.tokens.end,
        number: whole.number.start..part.number.end,
        amount: part.amount,
        of: Some(whole.amount),
        kind: Kind::Ratio,
        // `trong 37 chủ đầu tư, có 8 đơn vị`: the part says what it is.
        unit: if part.unit_tokens.is_empty() { whole.unit.clone() } else { part.unit.clone() },
        unit_tokens: if part.unit.is_empty() { part.tokens.end..part.tokens.end } else { part.unit_tokens.clone() },
        counted: part.kind == Kind::Count,
        rule: rules.known.ratio_words.unwrap_or(part.rule),
        ..part.clone()
    })
}

/// Do the words between say that the second figure is part of the first?
fn is_part(sentence: &Sentence<'_>, opener: Opener, whole: &Quantity, part: &Quantity) -> bool {
    let (from, to) = (whole.tokens.end, part.number.start);
    let between = || from..to;
    let generic = |q: &Quantity| sentence.is(q.unit_tokens.start, Cue::Generic) && !q.unit_tokens.is_empty();
    let twice = !part.unit.is_empty() && same_noun(whole, part);
    let same = part.unit.is_empty() || twice || generic(part) || generic(whole);
    let comma = between().any(|t| sentence.is_mark(t, ","));
    let then = between().any(|t| sentence.is_any(t, &["thì"]));
    let has = then || between().any(|t| sentence.is_any(t, &["có"]) && !sentence.is_any(t + 1, &["thể"]));
    // `trong 74 huyện nghèo, 22 huyện được giao chỉ tiêu`
    let begins = !part.unit.is_empty() && sentence.is_mark(to - 1, ",");
    // `trong 1.100 kiến nghị, đã xử lý được 850`
    let reached = part.unit.is_empty() && comma && sentence.ends(to, Classes::only(Class::Reach));
    let near = to - from <= BETWEEN;
    let far = !near && to - from <= FAR_BETWEEN;
    match opener {
        Opener::Each => near && has && same,
        Opener::In => near && same && (has || begins || reached) || far && twice && comma,
        Opener::Among => near && (has || same && (begins || reached)) || far && (twice || generic(part)),
        // `10 chuyến thì có tới 5 chuyến`
        Opener::Nothing => to - from <= CLOSE && then && twice,
    }
}

fn ends_clause(sentence: &Sentence<'_>, t: usize) -> bool {
    sentence.is_mark(t, ";") || sentence.is_mark(t, ".")
}

fn is_breakdown(sentence: &Sentence<'_>, t: usize) -> bool {
    sentence.longest(t, Class::Boundary).is_some_and(|h| h.len() > 1)
}
