//! Numbers that belong together: ranges, ratios, lists with one unit.

use super::*;
use crate::rules::Cue;

impl Scanner<'_> {
    /// `ba, bốn tiêu chí`, `hai ba chục triệu`: two small numerals in a row are a range. Gives the lower end and the upper one.
    pub(super) fn numeral_pair(&self, at: usize, first: &numeral::Spelled) -> Option<(Decimal, Number)> {
        numeral::role_at(self.sentence, self.rules, at).filter(|(_, role)| *role == NumeralRole::Digit)?;
        let worded = self.join(first.end, false).filter(|_| self.sentence.tokens[first.end].is_word()).map(|(end, _)| end);
        let next = worded.unwrap_or(first.end + usize::from(self.sentence.is_mark(first.end, ",")));
        let second = numeral::read(self.sentence, self.rules, next)?;
        let second = self.with_scale(Number { value: second.value, scale: None, scaled: second.scaled, end: second.end, spelled: true });
        let (digit, step) = leading(second.value)?;
        // `năm đến sáu lần`, `ba đến năm hộ`; without a word the two are neighbours.
        let in_order = if worded.is_some() { first.value < digit } else { first.value.checked_add(Decimal::ONE)? == digit };
        let millions = second.value >= Decimal::from(1_000_000);
        let fits = millions || unit::read(self.sentence, self.rules, second.end, second.scaled).is_some();
        Some((first.value.checked_mul(step)?, second)).filter(|_| fits && in_order)
    }

    pub(super) fn push_pair(&mut self, at: usize, (low, second): (Decimal, Number)) -> usize {
        let unit = unit::read(self.sentence, self.rules, second.end, second.scaled);
        let rule = self.rules.known.range_words;
        self.push(at, Number { value: low, ..second }, Some(second.value), None, unit, rule)
    }

    /// Range or ratio: a second number that belongs to the first.
    pub(super) fn joined(&mut self, at: usize, first: &Number) -> Option<usize> {
        self.slash_ratio(at, first).or_else(|| self.range(at, first)).or_else(|| self.sides(at))
    }

    fn join(&self, at: usize, ratio: bool) -> Option<(usize, RuleId)> {
        let hit = self
            .sentence
            .of(at, Classes::only(Class::Join))
            .filter(|h| matches!(self.rules.rule(h.rule).data, Data::Join { ratio: r } if r == ratio))
            .max_by_key(|h| h.end)?;
        Some((hit.end as usize, hit.rule))
    }

    pub(super) fn ratio_join(&self, at: usize) -> Option<usize> {
        self.join(at, true).map(|(end, _)| end)
    }

    /// `5.813/8.227 xã`
    fn slash_ratio(&mut self, at: usize, first: &Number) -> Option<usize> {
        if !self.sentence.is_mark(first.end, "/") || first.scale.is_some() || first.spelled {
            return None;
        }
        let (second_at, rule) = self.join(first.end, true)?;
        self.sentence.tokens.get(second_at).filter(|t| t.is_number())?;
        let second = self.number(second_at)?;
        // `2/3 số hộ`: the noun is what is counted.
        let noun = self.sentence.cue(second.end, Cue::NumberOf).unwrap_or(second.end);
        let unit = unit::read(self.sentence, self.rules, noun, second.scaled).filter(|u| !u.per);
        let money = second.scale.is_some() || unit.as_ref().is_some_and(|u| u.dimension == Some(Dimension::Money));
        let whole = |d: Decimal| d.fract().is_zero();
        // `718,9/857 km`
        let measured = unit.as_ref().is_some_and(|u| u.dimension == Some(Dimension::Measure)) && first.value <= second.value;
        if self.sentence.is_mark(second.end, "/") || !money && !measured && !(whole(first.value) && whole(second.value)) {
            return None;
        }
        let dated = reject::before(self.sentence, self.rules, at, self.strength(&second, unit.as_ref())).is_some();
        if dated || unit.is_none() && !self.bare_ratio(at, first, &second) {
            return None;
        }
        let low = first.value.checked_mul(second.scale.unwrap_or(Decimal::ONE))?;
        Some(self.push(at, Number { value: low, ..second }, None, Some(second.value), unit, Some(rule)))
    }

    /// A ratio without a noun: behind a verb of reaching, and no date.
    fn bare_ratio(&self, at: usize, first: &Number, second: &Number) -> bool {
        let reached = at > 0 && self.sentence.of(at - 1, Classes::of([Class::Reach, Class::Change])).any(|h| h.end as usize == at);
        let date = first.value <= Decimal::from(31) && second.value <= Decimal::from(12) || second.value >= Decimal::from(1900);
        // `xã Pà Cò 8/19, xã Tân Pheo 9/19`
        let same_whole = self.out.figures.iter().any(|q| q.of == Some(second.value));
        // `gần 1/3 trong số đó`
        let partitive =
            self.ratio_join(second.end).is_some_and(|end| end > second.end + 1) && self.sentence.tokens.get(second.end).is_some_and(|t| t.is_word());
        (reached && !date || same_whole || partitive) && first.value <= second.value
    }

    /// `4 - 5%`, `12 đến 15 triệu đồng`, `130.000 đồng đến 180.000 đồng`
    fn range(&mut self, at: usize, first: &Number) -> Option<usize> {
        let own = unit::known(self.sentence, self.rules, first.end);
        let first_end = own.as_ref().map_or(first.end, |u| u.tokens.end);
        let (second_at, rule) = self.join(first_end, false)?;
        let second_at = if self.sentence.longest(second_at, Class::Qualifier).is_some() && own.is_some() { second_at + 1 } else { second_at };
        let second = match self.sentence.tokens.get(second_at)? {
            t if t.is_number() => self.number(second_at)?,
            _ => {
                let n = numeral::read(self.sentence, self.rules, second_at)?;
                self.with_scale(Number { value: n.value, scale: None, scaled: false, end: n.end, spelled: true })
            }
        };
        let unit = unit::read(self.sentence, self.rules, second.end, second.scaled);
        if own.as_ref().is_some_and(|o| unit.as_ref().is_none_or(|u| !u.symbol.starts_with(&*o.symbol) && !o.symbol.starts_with(&*u.symbol))) {
            return None;
        }
        let worded = !self.sentence.is_dash(first_end);
        let counts = unit.as_ref().is_some_and(|u| u.dimension.is_some() || u.rule != self.other()) || second.scale.is_some() || unit.is_some() && worded;
        if let Some(by) = reject::before(self.sentence, self.rules, at, self.strength(&second, unit.as_ref())) {
            return Some(self.reject(at..second.end, by));
        }
        // `25 - 27 độ vĩ Bắc`
        if let Some(by) = reject::after(self.sentence, self.rules, second_at, second.end).filter(|_| own.is_none()) {
            return Some(self.reject(at..second.end, by));
        }
        if self.sentence.is_dash(second.end) && self.sentence.tokens.get(second.end + 1).is_some_and(|t| t.is_number()) && own.is_none() {
            return self.dash_list(at);
        }
        if !counts && !(worded && self.may_drop_unit(at)) && !self.reached(at) {
            return None;
        }
        let low = self.lower_end(first, &second, at, second_at);
        if low > second.value && own.is_none() {
            return None;
        }
        Some(self.push(at, Number { value: low, ..second }, Some(second.value), None, unit, Some(rule)))
    }

    fn reached(&self, at: usize) -> bool {
        at > 0 && self.sentence.of(at - 1, Classes::of([Class::Reach, Class::Change, Class::Opener])).any(|h| h.end as usize == at)
    }

    fn may_drop_unit(&self, at: usize) -> bool {
        at > 0 && !self.out.figures.is_empty()
    }

    /// The lower end takes the scale, or the three zeros, that only the upper end has.
    fn lower_end(&self, first: &Number, second: &Number, at: usize, second_at: usize) -> Decimal {
        if first.scale.is_some() {
            return first.value;
        }
        let thousands = first.value.checked_mul(Decimal::ONE_THOUSAND).unwrap_or(first.value);
        if let Some(scale) = second.scale {
            let scaled = first.value.checked_mul(scale).unwrap_or(first.value);
            // 500 – 1,2 triệu: the lower end has a scale of its own that nobody wrote.
            return if scaled <= second.value { scaled } else { thousands };
        }
        let grouped = self.sentence.word(second_at).ends_with(".000") && !self.sentence.word(at).contains(['.', ',']);
        if grouped && first.value < Decimal::ONE_THOUSAND && thousands < second.value { thousands } else { first.value }
    }

    /// Where the numbers of a row begin that signs join, two at least; no more than `most`.
    fn row(&self, at: usize, most: usize, sign: impl Fn(usize) -> bool) -> Option<Vec<usize>> {
        let next = |&at: &usize| (sign(at + 1) && self.sentence.tokens.get(at + 2).is_some_and(|t| t.is_number())).then_some(at + 2);
        let starts: Vec<usize> = std::iter::successors(Some(at), next).take(most).collect();
        (starts.len() > 1).then_some(starts)
    }

    /// `143,6 x 70,9 x 7,6 mm`: the sides of a thing, each a figure.
    fn sides(&mut self, at: usize) -> Option<usize> {
        const SIDES: usize = 3;
        let starts = self.row(at, SIDES, |t| matches!(self.sentence.word(t), "x" | "×" | "X"))?;
        let last = self.number(*starts.last()?)?;
        let unit = unit::measured(self.sentence, self.rules, last.end).filter(|u| u.dimension == Some(Dimension::Measure))?;
        self.push_row(&starts, last, Some(unit))
    }

    /// `25 – 40 – 70 – 100.000 đồng/tháng`: three and more are a list.
    fn dash_list(&mut self, at: usize) -> Option<usize> {
        let starts = self.row(at, usize::MAX, |t| self.sentence.is_dash(t))?;
        let last = self.number(*starts.last()?)?;
        let unit = unit::read(self.sentence, self.rules, last.end, last.scaled).filter(|u| u.dimension.is_some() || u.rule != self.other());
        if unit.is_none() && last.scale.is_none() {
            return Some(self.reject(at..last.end, By::Check("long-code")));
        }
        self.push_row(&starts, last, unit)
    }

    /// Adds the figures of a row, whose unit stands behind the last.
    fn push_row(&mut self, starts: &[usize], last: Number, unit: Option<Unit<'_>>) -> Option<usize> {
        let last_at = *starts.last()?;
        for &start in &starts[..starts.len() - 1] {
            let number = self.number(start)?;
            let value = self.lower_end(&number, &last, start, last_at);
            self.push_without_unit(start, value, last.scale, unit.as_ref());
        }
        Some(self.push(last_at, last, None, None, unit, None))
    }

    fn push_without_unit(&mut self, at: usize, amount: Decimal, scale: Option<Decimal>, unit: Option<&Unit<'_>>) {
        let mut q = self.figure(at, Number { value: amount, scale, scaled: scale.is_some(), end: at + 1, spelled: false }, unit.cloned());
        q.tokens = at..at + 1;
        q.unit_tokens = at + 1..at + 1;
        self.out.figures.push(q);
    }
}

/// A round number as a digit, or ten, and a power of ten: 80,000,000 is 8 and 10,000,000.
fn leading(value: Decimal) -> Option<(Decimal, Decimal)> {
    let mut step = Decimal::ONE;
    while value > step.checked_mul(Decimal::TEN)? {
        step = step.checked_mul(Decimal::TEN)?;
    }
    let digit = value.checked_div(step)?;
    digit.fract().is_zero().then_some((digit, step))
}
