//! The number at a token: digits that stray spaces cut, scale words, lower parts.

use super::*;
use std::borrow::Cow;

impl Scanner<'_> {
    /// The number in digits at a token, with scale words: `24.372,898 tỷ`, `761 tỷ 036 triệu`.
    pub(super) fn number(&self, at: usize) -> Option<Number> {
        let (raw, mut end) = self.mended(at);
        let value = value(&raw, self.behind(end), self.lazy_style(&raw))?;
        let mut number = Number { value, scale: None, scaled: false, end, spelled: false };
        number = self.with_scale(number);
        end = number.end;
        while let Some((add, next)) = self.lower_part(&number, end) {
            number.value = number.value.checked_add(add)?;
            (number.end, end) = (next, next);
        }
        Some(number)
    }

    fn lazy_style(&self, raw: &str) -> Style {
        let signs = raw.bytes().filter(|b| !b.is_ascii_digit()).count();
        if signs == 1 { (self.style)() } else { Style::default() }
    }

    /// Puts together a number that stray spaces cut: `12 ,5 %`, `1 234 567 đồng`.
    fn mended(&self, at: usize) -> (Cow<'_, str>, usize) {
        let s = self.sentence;
        let raw = s.word(at);
        let end = at + 1;
        let token = |i: usize| s.tokens.get(i).filter(|t| t.is_number());
        let plain = |i: usize| token(i).map(|_| s.word(i)).filter(|w| w.bytes().all(|b| b.is_ascii_digit()));
        if s.is_mark(end, ",")
            && s.tokens[end].flags.has(Flags::SPACE)
            && raw.bytes().all(|b| b.is_ascii_digit())
            && let (Some(fraction), false) = (plain(end + 1), s.tokens.get(end + 1).is_some_and(|t| t.flags.has(Flags::SPACE)))
        {
            return (format!("{raw},{fraction}").into(), end + 2);
        }
        // `24. 372,898 tỷ`, `12, 5%`: a sign with a space behind, then what only fits as the rest of the number.
        if s.is_mark(end, ".")
            && !s.tokens[end].flags.has(Flags::SPACE)
            && raw.len() <= 3
            && raw.bytes().all(|b| b.is_ascii_digit())
            && !raw.starts_with('0')
            && let Some(rest) = token(end + 1).map(|_| s.word(end + 1))
        {
            let head = rest.split([',', '.']).next().unwrap_or("");
            let unit_follows =
                scale_at(s, self.rules, end + 2).is_some() || s.longest(end + 2, Class::Counter).is_some() || unit::measured(s, self.rules, end + 2).is_some();
            if head.len() == 3 && unit_follows {
                return (format!("{raw}.{rest}").into(), end + 2);
            }
        }
        if raw.len() > 3 || raw.starts_with('0') || plain(at).is_none() {
            return (raw.into(), end);
        }
        let group = |t: usize| plain(t).filter(|g| g.len() == 3);
        let to = (end..).find(|&t| group(t).is_none()).unwrap_or(end);
        if to == end {
            return (raw.into(), end);
        }
        let date_before = at > 0 && s.ending(at, Class::Exclusion, Role::Before).is_some();
        let unit_follows = scale_at(s, self.rules, to).is_some() || s.longest(to, Class::Counter).is_some() || unit::measured(s, self.rules, to).is_some();
        if !unit_follows || date_before {
            return (raw.into(), end);
        }
        (std::iter::once(raw).chain((end..to).filter_map(group)).collect(), to)
    }

    /// What stands behind a number token: does it go with whole numbers only?
    fn behind(&self, end: usize) -> Behind {
        if scale_at(self.sentence, self.rules, end).is_some() {
            return Behind::Fractional;
        }
        let unit = unit::measured(self.sentence, self.rules, end);
        match unit.as_ref().and_then(|u| u.dimension) {
            Some(Dimension::Money) if unit.is_some_and(|u| u.symbol == "VND") => Behind::Dong,
            Some(Dimension::Money) => Behind::Whole,
            Some(_) => Behind::Fractional,
            None if self.sentence.longest(end, Class::Counter).is_some() => Behind::Counted,
            None => Behind::Unknown,
        }
    }

    pub(super) fn with_scale(&self, mut number: Number) -> Number {
        while let Some(power) = scale_at(self.sentence, self.rules, number.end) {
            let scale = number.scale.unwrap_or(Decimal::ONE).checked_mul(ten_to(power));
            let (Some(scale), Some(value)) = (scale, number.value.checked_mul(ten_to(power))) else {
                break;
            };
            number.scale = Some(scale);
            number.scaled = true;
            number.value = value.normalize();
            number.end += 1;
        }
        if let (Some(scale), Some((_, NumeralRole::Half))) = (number.scale, numeral::role_at(self.sentence, self.rules, number.end))
            && let Some(value) = number.value.checked_add(scale / Decimal::TWO)
        {
            number.value = value;
            number.end += 1;
        }
        number
    }

    /// The part behind a scale word that belongs to the same number: `036 triệu` in `761 tỷ 036 triệu`, `250 tỷ` in
    /// `1 nghìn 250 tỷ`, `2` in `4 tỷ 2`. Gives what to add.
    fn lower_part(&self, number: &Number, at: usize) -> Option<(Decimal, usize)> {
        let scale = number.scale?;
        let token = self.sentence.tokens.get(at).filter(|t| t.is_number())?;
        let word = self.sentence.word(at);
        if word.len() > 3 || !word.bytes().all(|b| b.is_ascii_digit()) || token.flags.has(Flags::BREAK) {
            return None;
        }
        let part: Decimal = word.parse().ok()?;
        if let Some(power) = scale_at(self.sentence, self.rules, at + 1) {
            let lower = ten_to(power);
            if lower < scale {
                return Some((part.checked_mul(lower)?, at + 2));
            }
            // 1 nghìn 250 tỷ: the scale behind holds for both parts.
            return Some((number.value.checked_mul(lower)?.checked_add(part.checked_mul(lower)?)?.checked_sub(number.value)?, at + 2));
        }
        let ends = self
            .sentence
            .tokens
            .get(at + 1)
            .is_none_or(|t| !t.is_word() && !t.is_number() && self.sentence.word(at + 1) != "/" && self.sentence.word(at + 1) != "%");
        if word.len() == 1 && ends { Some((part.checked_mul(scale / Decimal::TEN)?, at + 1)) } else { None }
    }
}
