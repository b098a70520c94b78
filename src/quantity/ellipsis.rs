//! Units that a text drops: in lists, on second mention, behind a scale word.
//!
//! In: the figures of a sentence, some without a unit, and the last unit of the paragraph. Out: figures that all have
//! one; numbers that count nothing are rejected.

use super::{By, Memory, Quantities, Quantity, Rejected};
use crate::rules::{Class, RuleSet};
use crate::sentence::Sentence;
use crate::terms::Kind;

/// Restores dropped units.
pub fn restore(sentence: &Sentence<'_>, rules: &RuleSet, out: &mut Quantities, memory: &Memory) {
    from_the_right(sentence, &mut out.figures);
    word_ratios(sentence, rules, out);
    let mut last = memory.last.clone();
    let mut kept: Vec<Quantity> = Vec::with_capacity(out.figures.len());
    for mut q in std::mem::take(&mut out.figures) {
        if q.unit.is_empty() && !from_the_left(sentence, rules, &mut q, kept.last(), &last) {
            out.rejected.push(Rejected { tokens: q.tokens.clone(), by: By::Check("bare") });
            continue;
        }
        if !matches!(q.kind, Kind::Duration | Kind::Rank | Kind::Multiple) {
            last = Some((q.unit.clone(), q.kind, q.counted, q.rule));
        }
        kept.push(q);
    }
    out.figures = kept;
}

/// Between two members of a list: a comma, `và`, `hoặc`, `hay`.
fn only_list_words(sentence: &Sentence<'_>, from: usize, to: usize) -> bool {
    from < to && to - from <= 2 && (from..to).all(|t| sentence.is_mark(t, ",") || matches!(sentence.word(t), "và" | "hoặc" | "hay"))
}

/// `1,71 và 13,2 tỷ USD`: the left one takes unit and scale of the right one.
fn from_the_right(sentence: &Sentence<'_>, figures: &mut [Quantity]) {
    for i in (1..figures.len()).rev() {
        let (left, right) = figures.split_at_mut(i);
        let (Some(left), Some(right)) = (left.last_mut(), right.first()) else {
            continue;
        };
        if !left.unit.is_empty() || right.unit.is_empty() || !only_list_words(sentence, left.tokens.end, right.number.start) {
            continue;
        }
        if left.scale.is_none()
            && let Some(scale) = right.scale
        {
            left.amount = left.amount.checked_mul(scale).unwrap_or(left.amount);
            left.scale = right.scale;
        }
        left.unit.clone_from(&right.unit);
        (left.kind, left.counted, left.rule) = (right.kind, right.counted, right.rule);
        if left.kind == Kind::Ratio {
            left.kind = Kind::Count;
        }
    }
}

/// A unit from what was said before.
fn from_the_left(sentence: &Sentence<'_>, rules: &RuleSet, q: &mut Quantity, previous: Option<&Quantity>, last: &Option<(String, Kind, bool, u32)>) -> bool {
    let ellipsis = rules.id_of("counter.ellipsis").unwrap_or(q.rule);
    let money = rules.id_of("money.vnd").unwrap_or(q.rule);
    if q.scale.is_some() && q.of.is_none() {
        return scaled(q, last, ellipsis, money);
    }
    if q.of.is_some() && q.scale.is_some() {
        (q.unit, q.rule) = ("VND".into(), money);
        return true;
    }
    let Some((unit, kind, counted, _)) = last else {
        return false;
    };
    let usable = !matches!(kind, Kind::Rank | Kind::Duration | Kind::Multiple);
    if !usable || !(introduced(sentence, q) || previous.is_some() && listed(sentence, q)) {
        return false;
    }
    if q.of.is_none() && !q.amount.fract().is_zero() && *counted {
        return false;
    }
    q.unit.clone_from(unit);
    q.counted = *counted;
    q.kind = if q.of.is_some() {
        Kind::Ratio
    } else if *kind == Kind::Ratio {
        Kind::Count
    } else {
        *kind
    };
    q.rule = ellipsis;
    true
}

/// `211 tỷ`, `3,2 triệu`: money, or the rate of money that was just spoken of.
fn scaled(q: &mut Quantity, last: &Option<(String, Kind, bool, u32)>, ellipsis: u32, money: u32) -> bool {
    match last {
        Some((unit, kind @ (Kind::Money | Kind::Rate), false, _)) if !unit.is_empty() && (unit.contains("VND") || unit.contains("USD")) => {
            q.unit.clone_from(unit);
            (q.kind, q.rule) = (*kind, ellipsis);
        }
        _ => {
            q.unit = "VND".into();
            (q.kind, q.rule) = (Kind::Money, money);
        }
    }
    true
}

/// A verb of reaching or change, or a qualifier, right before the number.
fn introduced(sentence: &Sentence<'_>, q: &Quantity) -> bool {
    let at = q.number.start;
    let before = at > 0
        && sentence.at(at - 1).iter().any(|h| matches!(h.class, Class::Reach | Class::Change | Class::Qualifier | Class::Opener) && h.end as usize == at)
        || sentence.ending(at, Class::Reach, crate::rules::Role::Form).is_some();
    before && ends_phrase(sentence, q.tokens.end)
}

/// `trong đó 4 đạt 5 sao, 64 đạt 4 sao, 263 còn lại`: behind a comma or an opener of a breakdown, before a verb.
fn listed(sentence: &Sentence<'_>, q: &Quantity) -> bool {
    let at = q.number.start;
    let opened = at > 0
        && (sentence.is_mark(at - 1, ",")
            || sentence.is_mark(at - 1, ";")
            || sentence.ending(at, Class::Boundary, crate::rules::Role::Form).is_some()
            || sentence.word(at - 1) == "và");
    let verb = sentence.at(q.tokens.end).iter().any(|h| matches!(h.class, Class::Reach)) || sentence.longest(q.tokens.end, Class::Boundary).is_some();
    opened && verb
}

fn ends_phrase(sentence: &Sentence<'_>, at: usize) -> bool {
    let Some(token) = sentence.tokens.get(at) else {
        return true;
    };
    !token.is_word() && !token.is_number() && sentence.word(at) != "/"
        || [Class::Stop, Class::Boundary, Class::Period, Class::Opener, Class::Change, Class::Reach, Class::Here, Class::Qualifier]
            .iter()
            .any(|&c| sentence.longest(at, c).is_some())
        || token.is_capital()
}

/// Part and whole that words join: `3.199 trong tổng số 15.763`, `9 trong 13 dự án`, `trong 327 cặp kết hôn, có 76 cặp`.
fn word_ratios(sentence: &Sentence<'_>, rules: &RuleSet, out: &mut Quantities) {
    let mut i = 0;
    while i + 1 < out.figures.len() {
        if let Some(merged) =
            part_of(sentence, rules, &out.figures[i], &out.figures[i + 1]).or_else(|| whole_first(sentence, rules, &out.figures[i], &out.figures[i + 1]))
        {
            out.figures.splice(i..i + 2, [merged]);
        }
        i += 1;
    }
}

fn countable(q: &Quantity) -> bool {
    matches!(q.kind, Kind::Count) && q.upper.is_none() && q.amount.fract().is_zero()
}

/// How long the words between part and whole may be.
const BETWEEN: usize = 10;

fn part_of(sentence: &Sentence<'_>, rules: &RuleSet, part: &Quantity, whole: &Quantity) -> Option<Quantity> {
    if !countable(part) || !countable(whole) || whole.unit.is_empty() || part.amount > whole.amount {
        return None;
    }
    let (from, to) = (part.tokens.end, whole.number.start);
    if from >= to || to - from > BETWEEN || (from..to).any(|t| sentence.is_mark(t, ";") || sentence.is_mark(t, ".") || sentence.is_mark(t, "(")) {
        return None;
    }
    let hit = sentence.ending(to, Class::Join, crate::rules::Role::Form).filter(|h| h.start as usize >= from)?;
    let is_ratio = matches!(rules.rule(hit.rule).data, crate::rules::Data::Join { ratio: true });
    let same_noun = part.unit.is_empty() || head(&part.unit) == head(&whole.unit) || hit.len() > 1 || hit.start as usize > from;
    (is_ratio && same_noun && !sentence.is_mark(hit.start as usize, "/")).then(|| Quantity {
        tokens: part.tokens.start..whole.tokens.end,
        number: part.number.start..whole.number.end,
        of: Some(whole.amount),
        kind: Kind::Ratio,
        unit: if part.unit.is_empty() { whole.unit.clone() } else { part.unit.clone() },
        unit_tokens: if part.unit.is_empty() { whole.unit_tokens.clone() } else { part.unit_tokens.clone() },
        counted: true,
        rule: hit.rule,
        ..part.clone()
    })
}

fn head(unit: &str) -> &str {
    unit.split([' ', ',']).next().unwrap_or(unit)
}

/// `trong 327 cặp kết hôn, có 76 cặp`, `cứ 10 hộ thì có gần 6 hộ`.
fn whole_first(sentence: &Sentence<'_>, rules: &RuleSet, whole: &Quantity, part: &Quantity) -> Option<Quantity> {
    if !countable(whole) || !countable(part) || whole.unit.is_empty() || part.amount > whole.amount || whole.number.start == 0 {
        return None;
    }
    let opened = matches!(sentence.word(whole.number.start - 1).to_lowercase().as_str(), "trong" | "cứ")
        || sentence.ending(whole.number.start, Class::Join, crate::rules::Role::Form).is_some_and(|h| h.len() > 1);
    let (from, to) = (whole.tokens.end, part.number.start);
    let has = (from..to).any(|t| sentence.word(t) == "có");
    let same = part.unit.is_empty() || head(&whole.unit).eq_ignore_ascii_case(head(&part.unit));
    let breakdown = (from..to).any(|t| sentence.longest(t, Class::Boundary).is_some_and(|h| h.len() > 1));
    if !opened || !has || !same || breakdown || to <= from || to - from > BETWEEN || (from..to).any(|t| sentence.is_mark(t, ";") || sentence.is_mark(t, ".")) {
        return None;
    }
    Some(Quantity {
        tokens: whole.tokens.start..part.tokens.end,
        number: whole.number.start..part.number.end,
        amount: part.amount,
        of: Some(whole.amount),
        kind: Kind::Ratio,
        unit: whole.unit.clone(),
        unit_tokens: if part.unit.is_empty() { part.tokens.end..part.tokens.end } else { part.unit_tokens.clone() },
        counted: true,
        rule: rules.id_of("ratio.words").unwrap_or(part.rule),
        ..part.clone()
    })
}
