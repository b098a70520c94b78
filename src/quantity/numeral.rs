//! Spelled-out numbers: `mười lăm`, `hai mươi mốt`, `một ngàn hai trăm`, `ba trăm lẻ năm`.
//!
//! In: a sentence and a token. Out: the value of the longest number in words that begins there, and its end. Never: a
//! number in digits.

use crate::rules::{Class, Classes, Data, NumeralRole, RuleSet};
use crate::sentence::Sentence;
use rust_decimal::Decimal;

/// A number in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelled {
    pub value: Decimal,
    pub end: usize,
    /// Has a scale word in it (trăm and above).
    pub scaled: bool,
    /// Only one numeral word: needs a noun beside it to be a figure.
    pub single: bool,
}

/// The numeral word at a token.
pub fn role_at(sentence: &Sentence<'_>, rules: &RuleSet, token: usize) -> Option<(u64, NumeralRole)> {
    sentence.of(token, Classes::only(Class::Numeral)).find_map(|h| match rules.rule(h.rule).data {
        Data::Numeral { value, role } => Some((value, role)),
        _ => None,
    })
}

/// Is a token the word for five that is also the one for year?
pub fn is_year_word(sentence: &Sentence<'_>, token: usize) -> bool {
    sentence.word(token).eq_ignore_ascii_case("năm")
}

/// The power of ten of the scale word at a token.
pub fn scale_at(sentence: &Sentence<'_>, rules: &RuleSet, token: usize) -> Option<u32> {
    let power = sentence.of(token, Classes::only(Class::Scale)).find_map(|h| match rules.rule(h.rule).data {
        Data::Scale { power } => Some(power),
        _ => None,
    })?;
    // `3 tỷ phú`, `2 triệu chứng`: the word begins a counted noun.
    let noun = sentence.of(token, Classes::only(Class::Counter)).any(|h| h.len() > 1);
    (!noun).then_some(power)
}

/// Ten to a power.
pub fn ten_to(power: u32) -> Decimal {
    Decimal::from_i128_with_scale(10i128.pow(power.min(27)), 0)
}

/// Reads the number in words at `start`.
pub fn read(sentence: &Sentence<'_>, rules: &RuleSet, start: usize) -> Option<Spelled> {
    let (mut total, mut at, mut scaled) = (Decimal::ZERO, start, false);
    let mut last_power = u32::MAX;
    while let Some((below, next)) = below_thousand(sentence, rules, at) {
        let power = scale_at(sentence, rules, next).filter(|&p| p > 2 && p < last_power);
        let Some(power) = power else {
            // A bare digit behind a scale belongs to it only as its tail: một triệu hai = 1,2 triệu.
            total = total.checked_add(Decimal::from(below))?;
            at = next;
            break;
        };
        total = total.checked_add(Decimal::from(below).checked_mul(ten_to(power))?)?;
        (last_power, scaled, at) = (power, true, next + 1);
        if let Some((_, NumeralRole::Half)) = role_at(sentence, rules, at) {
            total = total.checked_add(ten_to(power) / Decimal::TWO)?;
            at += 1;
            break;
        }
    }
    // nghìn rưỡi, triệu rưỡi: one and a half.
    if at == start {
        let power = scale_at(sentence, rules, start)?;
        matches!(role_at(sentence, rules, start + 1), Some((_, NumeralRole::Half))).then_some(())?;
        let value = ten_to(power) + ten_to(power) / Decimal::TWO;
        return Some(Spelled { value, end: start + 2, scaled: true, single: false });
    }
    let hundred = total >= Decimal::ONE_HUNDRED;
    Some(Spelled { value: total.normalize(), end: at, scaled: scaled || hundred, single: at == start + 1 })
}

/// A number from 1 to 999 in words.
fn below_thousand(sentence: &Sentence<'_>, rules: &RuleSet, start: usize) -> Option<(u64, usize)> {
    let role = |t: usize| role_at(sentence, rules, t);
    let hundred = |t: usize| matches!(role(t), Some((_, NumeralRole::Hundred))) || scale_at(sentence, rules, t) == Some(2);
    let half = |t: usize| matches!(role(t), Some((_, NumeralRole::Half)));
    // `trăm rưỡi triệu`
    if hundred(start) && half(start + 1) {
        return Some((150, start + 2));
    }
    let (first, mut at) = below_hundred(sentence, rules, start)?;
    if first > 9 || !hundred(at) {
        return Some((first, at));
    }
    let mut value = first * 100;
    at += 1;
    if half(at) {
        return Some((value + 50, at + 1));
    }
    if let Some((_, NumeralRole::Zero)) = role(at) {
        at += 1;
    }
    if let Some((rest, end)) = below_hundred(sentence, rules, at) {
        value += rest;
        at = end;
    }
    Some((value, at))
}

fn below_hundred(sentence: &Sentence<'_>, rules: &RuleSet, start: usize) -> Option<(u64, usize)> {
    let role = |t: usize| role_at(sentence, rules, t);
    // Behind tens five is `lăm`: `hai mươi năm` is twenty years.
    let unit = |t: usize| match role(t) {
        Some((v, NumeralRole::Digit)) if !is_year_word(sentence, t) => Some(v),
        _ => None,
    };
    match role(start)? {
        (_, NumeralRole::Ten) => Some(unit(start + 1).map_or((10, start + 1), |u| (10 + u, start + 2))),
        (v, NumeralRole::Digit) => match role(start + 1) {
            Some((_, NumeralRole::Tens | NumeralRole::Dozen)) => {
                let tens = v * 10;
                Some(unit(start + 2).map_or((tens, start + 2), |u| (tens + u, start + 3)))
            }
            _ => Some((v, start + 1)),
        },
        (_, NumeralRole::Dozen) => Some((10, start + 1)),
        // `vài chục`, `hàng trăm`, `hàng nghìn`: only before a word that scales it.
        (v, NumeralRole::Vague) => match role(start + 1) {
            Some((_, NumeralRole::Dozen)) => Some((v * 10, start + 2)),
            Some((_, NumeralRole::Hundred)) => Some((v, start + 1)),
            _ => scale_at(sentence, rules, start + 1).map(|_| (v, start + 1)),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn value(text: &str) -> Option<(String, usize)> {
        let rules = RuleSet::embedded();
        let sentence = Sentence::read(text, Span::new(0, text.len()), &rules);
        read(&sentence, &rules, 0).map(|s| (s.value.to_string(), s.end))
    }

    #[test]
    fn spelled_numbers() {
        let cases = [
            ("mười lăm xã", "15", 2),
            ("hai mươi mốt hộ", "21", 3),
            ("chín đơn vị", "9", 1),
            ("hai triệu rưỡi đồng", "2500000", 3),
            ("nghìn rưỡi hộ", "1500", 2),
            ("một ngàn hai trăm tỷ", "1200", 4),
            ("ba trăm lẻ năm người", "305", 4),
            ("ba trăm rưỡi", "350", 3),
            ("trăm rưỡi triệu đồng", "150000000", 3),
            ("hai ba chục", "2", 1),
            ("vài chục hộ", "20", 2),
            ("hàng trăm tỷ đồng", "100000000000", 3),
            ("hàng chục nghìn người", "10000", 3),
        ];
        for (text, want, end) in cases {
            assert_eq!(value(text), Some((want.to_owned(), end)), "{text}");
        }
        assert_eq!(["xã", "hàng hóa", "vài xã"].map(value), [None, None, None]);
    }
}
