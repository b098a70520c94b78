//! The walk over a sentence that finds its numbers.

mod amount;
mod join;

use super::number::{Behind, Style, value};
use super::numeral::{self, scale_at, ten_to};
use super::unit::{self, Unit};
use super::{By, Quantities, Quantity, Rejected, kind_of, reject};
use crate::rules::{Class, Classes, Cue, Data, Dimension, NumeralRole, Role, RuleId, RuleSet};
use crate::sentence::Sentence;
use crate::terms::Kind;
use crate::text::Flags;
use rust_decimal::Decimal;
use std::ops::Range;

/// A number with its scale words.
#[derive(Debug, Clone, Copy)]
struct Number {
    value: Decimal,
    /// Product of the scale words; none without.
    scale: Option<Decimal>,
    /// A scale word is part of it, in digits or spelled out.
    scaled: bool,
    end: usize,
    spelled: bool,
}

/// Finds all quantities of a sentence, some of them still without a unit.
pub fn scan(sentence: &Sentence<'_>, rules: &RuleSet, style: &dyn Fn() -> Style, months: Option<u32>) -> Quantities {
    let mut scanner = Scanner { sentence, rules, style, months, out: Quantities::default() };
    let mut at = 0;
    while at < sentence.len() {
        at = scanner.step(at).max(at + 1);
    }
    scanner.out
}

struct Scanner<'a> {
    sentence: &'a Sentence<'a>,
    rules: &'a RuleSet,
    style: &'a dyn Fn() -> Style,
    /// The first months that the text reports on.
    months: Option<u32>,
    out: Quantities,
}

impl Scanner<'_> {
    /// Reads what begins at a token; gives the token behind it.
    fn step(&mut self, at: usize) -> usize {
        const BEGINS: Classes = Classes::of([Class::Exclusion, Class::Period, Class::Dateline, Class::Rank, Class::Fraction, Class::Numeral, Class::Scale]);
        let number_follows = self.sentence.tokens.get(at + 1).is_some_and(|t| t.is_number());
        if !self.sentence.begins(at, BEGINS) && !self.sentence.tokens[at].is_number() && !number_follows {
            return at + 1;
        }
        if let Some(rejected) = reject::phrase_at(self.sentence, self.rules, at) {
            let end = rejected.tokens.end;
            self.out.rejected.push(rejected);
            return end;
        }
        if let Some(end) = self.rank(at) {
            return end;
        }
        if let Some(end) = self.in_words(at) {
            return end;
        }
        if self.sentence.tokens[at].is_number() {
            return self.digits(at);
        }
        match numeral::read(self.sentence, self.rules, at) {
            Some(n) => self.numeral(at, &n),
            None => at + 1,
        }
    }

    /// A number in words.
    fn numeral(&mut self, at: usize, n: &numeral::Spelled) -> usize {
        if let Some(pair) = self.numeral_pair(at, n).filter(|_| n.single) {
            return self.push_pair(at, pair);
        }
        if n.single && !self.single_counts(at, n.end) {
            return n.end;
        }
        let number = self.with_scale(Number { value: n.value, scale: None, scaled: n.scaled, end: n.end, spelled: true });
        // `cả trăm anh em`: rough and of nothing that is known, it is no money.
        let vague = matches!(numeral::role_at(self.sentence, self.rules, at), Some((_, NumeralRole::Vague)));
        if vague && number.value < Decimal::from(1_000_000) && unit::read(self.sentence, self.rules, number.end, number.scaled).is_none() {
            return self.reject(at..number.end, By::Check("bare"));
        }
        self.quantity(at, number)
    }

    /// A single numeral word is a figure only before a counted noun or a unit, and `một` only before a scale or as `hơn một tấn`.
    fn single_counts(&self, at: usize, end: usize) -> bool {
        let Some((value, role)) = numeral::role_at(self.sentence, self.rules, at) else {
            return false;
        };
        let noun = self.sentence.longest(end, Class::Counter).is_some()
            || unit::measured(self.sentence, self.rules, end).is_some_and(|u| u.tokens.end > u.tokens.start)
            || scale_at(self.sentence, self.rules, end).is_some();
        let is_year_word = value == 5 && numeral::is_year_word(self.sentence, at);
        let after_noun = at > 0 && self.sentence.longest(at - 1, Class::Counter).is_some_and(|h| h.end as usize == at);
        role == NumeralRole::Digit
            && noun
            && (value != 1 || scale_at(self.sentence, self.rules, end).is_some() || self.one_counts(at, end))
            && !after_noun
            && (!is_year_word || self.five_counts(at))
            || matches!(role, NumeralRole::Ten | NumeralRole::Dozen) && noun
    }

    /// `hơn một tấn`: how exact it is stands before, and what is weighed or measured behind; `tăng một bậc`: a change.
    fn one_counts(&self, at: usize, end: usize) -> bool {
        if self.sentence.is(end, Cue::Step) {
            return self.sentence.ends(at, Classes::only(Class::Change));
        }
        let measured = unit::measured(self.sentence, self.rules, end).is_some_and(|u| u.dimension == Some(Dimension::Measure));
        measured && self.sentence.ends(at, Classes::only(Class::Qualifier))
    }

    /// `năm` is five, not year, behind a verb of having.
    fn five_counts(&self, at: usize) -> bool {
        at > 0 && self.sentence.of(at - 1, Classes::of([Class::Reach, Class::Qualifier])).any(|h| h.end as usize == at)
    }

    fn reject(&mut self, tokens: Range<usize>, by: By) -> usize {
        let end = tokens.end;
        self.out.rejected.push(Rejected { tokens, by });
        end
    }

    /// Shares and multiples in words.
    fn in_words(&mut self, at: usize) -> Option<usize> {
        let hit = self.sentence.longest(at, Class::Fraction)?;
        let Data::Fraction { value, times } = self.rules.rule(hit.rule).data else {
            return None;
        };
        let mut end = hit.end as usize;
        // `nửa` alone is half of something only behind words for how much (`quá nửa`, `bằng nửa năm ngoái`).
        let bare = hit.len() == 1 && self.sentence.lower(at) == "nửa";
        if bare && scale_at(self.sentence, self.rules, at + 1).is_some() {
            // `nửa tỷ đồng`
            let half = Number { value: Decimal::new(5, 1), scale: None, scaled: false, end: at + 1, spelled: true };
            return Some(self.quantity(at, self.with_scale(half)));
        }
        // `nửa năm` is a length of time.
        let lasts = || unit::measured(self.sentence, self.rules, at + 1).is_some_and(|u| u.dimension == Some(Dimension::Duration));
        if bare && (!self.sentence.ends(at, Classes::of([Class::Qualifier, Class::Reach])) || lasts()) {
            return None;
        }
        let spelled_out = unit::measured(self.sentence, self.rules, end).is_some_and(|u| u.dimension == Some(Dimension::Multiple));
        if times && spelled_out {
            return None;
        }
        // `nửa số đơn`: the noun belongs to the quote, as behind a percentage.
        let number = at..end;
        let base_from = if self.sentence.longest(end.saturating_sub(1), Class::Base).is_some_and(|h| h.end as usize > end) { end - 1 } else { end };
        let base = if times { None } else { self.base(base_from) };
        end = base.as_ref().map_or(end, |b| b.end);
        let (kind, symbol) = if times { (Kind::Multiple, "lần") } else { (Kind::Percent, "%") };
        self.out.figures.push(Quantity {
            tokens: at..end,
            number,
            kind,
            amount: value,
            upper: None,
            of: None,
            unit: symbol.into(),
            unit_tokens: end..end,
            counted: false,
            base,
            scale: None,
            scaled: false,
            rule: hit.rule,
        });
        Some(end)
    }

    fn rank(&mut self, at: usize) -> Option<usize> {
        if let Some(hit) = self.sentence.longest(at, Class::Rank) {
            let end = hit.end as usize;
            if let Data::Rank { place: Some(place) } = self.rules.rule(hit.rule).data {
                return Some(self.push_rank(end - 1..end, Decimal::from(place), end, hit.rule));
            }
            return self.rank_number(end, hit.rule);
        }
        // `kỳ họp thứ 3 Quốc hội khóa XIV`
        if self.sentence.ending(at + 1, Class::Exclusion, Role::Before).is_some_and(|h| h.len() > 1) {
            return None;
        }
        // `thứ 3 cả nước`, and `thứ 6/34` behind another rank.
        let again = self.sentence.word(at).eq_ignore_ascii_case("thứ") && self.sentence.tokens.get(at + 1).is_some_and(|t| t.is_number());
        if !again {
            return None;
        }
        let rule = self.rules.known.rank_place?;
        let another = self.out.figures.iter().any(|q| q.kind == Kind::Rank);
        // `thứ 31 tỉnh Quảng Trị`: the name of a place follows, not the list.
        let whole = self.sentence.longest(at + 2, Class::Here).filter(|h| !self.sentence.tokens.get(h.end as usize).is_some_and(|t| t.is_capital()));
        let of_all = whole.is_some() || self.sentence.is_mark(at + 2, "/");
        if another || of_all { self.rank_number(at + 1, rule) } else { None }
    }

    fn rank_number(&mut self, at: usize, rule: RuleId) -> Option<usize> {
        let place = self.plain(at)?;
        Some(self.push_rank(at..at + 1, place, at + 1, rule))
    }

    fn plain(&self, at: usize) -> Option<Decimal> {
        let token = self.sentence.tokens.get(at)?;
        let word = self.sentence.word(at);
        // `1.633`
        let grouped = || word.split_once('.').is_some_and(|(head, rest)| !head.starts_with('0') && rest.len() == 3 && !rest.contains(['.', ',']));
        let whole = word.bytes().all(|b| b.is_ascii_digit()) || grouped();
        if token.is_number() && whole { word.replace('.', "").parse().ok() } else { None }
    }

    fn push_rank(&mut self, number: Range<usize>, amount: Decimal, at: usize, rule: RuleId) -> usize {
        let (mut of, mut end) = (None, at);
        let whole_at = if self.sentence.is_mark(at, "/") {
            Some(at + 1)
        } else {
            self.ratio_join(at).filter(|_| self.sentence.tokens.get(at).is_some_and(|t| t.is_word()))
        };
        if let Some(whole_at) = whole_at
            && let Some(whole) = self.plain(whole_at)
        {
            (of, end) = (Some(whole), whole_at + 1);
            if let Some(noun) = unit::counted(self.sentence, self.rules, end) {
                end = noun.tokens.end;
            }
        }
        self.out.figures.push(Quantity {
            tokens: number.start..end,
            number,
            kind: Kind::Rank,
            amount,
            upper: None,
            of,
            unit: "hạng".into(),
            unit_tokens: end..end,
            counted: false,
            base: None,
            scale: None,
            scaled: false,
            rule,
        });
        // `lần lượt đứng thứ 42, 39 và 38`
        let next = end + 1;
        let listed = self.sentence.is_mark(end, ",") || self.sentence.word(end) == "và";
        match self.plain(next).filter(|_| listed && unit::read(self.sentence, self.rules, next + 1, false).is_none()) {
            Some(place) => self.push_rank(next..next + 1, place, next + 1, rule),
            None => end,
        }
    }

    /// A number in digits.
    fn digits(&mut self, at: usize) -> usize {
        if let Some(by) = reject::spelling(self.sentence, self.rules, at) {
            return self.reject(at..at + 1, by);
        }
        // `42/2010`, whose first half was no figure.
        let goes_on = at > 1 && self.sentence.is_mark(at - 1, "/") && !self.sentence.tokens[at].flags.has(Flags::SPACE);
        if goes_on && self.out.rejected.last().is_some_and(|r| r.tokens.end == at - 1 && r.tokens.start + 1 == at - 1) {
            return self.reject(at..at + 1, By::Check("long-code"));
        }
        match self.number(at) {
            Some(number) => self.quantity(at, number),
            None => self.reject(at..at + 1, By::Check("long-code")),
        }
    }

    /// Makes a figure of a number: what follows it, and what joins it to another number.
    fn quantity(&mut self, at: usize, first: Number) -> usize {
        if let Some(end) = self.joined(at, &first) {
            return end;
        }
        if let Some(end) = self.metres(at, &first) {
            return end;
        }
        let unit = unit::read(self.sentence, self.rules, first.end, first.scaled).filter(|u| !self.dates(u));
        let strength = self.strength(&first, unit.as_ref());
        let strong = strength != reject::Strength::Bare;
        // `World Cup 2018 khu vực châu Âu`
        if strength == reject::Strength::Counted && self.is_bare_year(at, &first) && reject::behind_name(self.sentence, at) {
            return self.reject(at..first.end, By::Check("bare-year"));
        }
        let address = strength == reject::Strength::Counted && reject::follows_address(self.sentence, self.rules, first.end);
        let spoken = if address { reject::Strength::Bare } else { strength };
        if let Some(by) = reject::before(self.sentence, self.rules, at, spoken) {
            let end = unit.filter(|u| u.dimension == Some(Dimension::Duration)).map_or(first.end, |u| u.tokens.end);
            return self.reject(at..self.listed(end), by);
        }
        if let (Some(months), Some(u)) = (self.months, &unit)
            && u.symbol == "tháng"
            && first.value == Decimal::from(months)
            && let Some(rule) = self.rules.known.period_first_months
        {
            let end = u.tokens.end;
            return self.reject(at..end, By::Rule(rule));
        }
        if let Some(by) = reject::after(self.sentence, self.rules, at, first.end) {
            return self.reject(at..first.end, by);
        }
        if strength < reject::Strength::Measured && reject::quoted(self.sentence, at, first.end) {
            return self.reject(at..first.end, By::Check("quoted"));
        }
        if !strong && unit.is_some() && !self.counts_here(at) {
            return self.reject(at..first.end, By::Check("name"));
        }
        if !strong && self.is_bare_year(at, &first) {
            return self.reject(at..first.end, By::Check("bare-year"));
        }
        self.push(at, first, None, None, unit, None)
    }

    /// `lớp 10 năm học 2021 - 2022`, `17g00 ngày 1/6`: the word for a length of time begins a date.
    fn dates(&self, unit: &Unit<'_>) -> bool {
        let number = |t: usize| self.sentence.tokens[t].is_number();
        let dated = |end: usize| (unit.tokens.end..end).any(number);
        unit.dimension == Some(Dimension::Duration) && self.sentence.of(unit.tokens.start, Classes::only(Class::Period)).any(|h| dated(h.end as usize))
    }

    /// `1m78`: metres and centimetres.
    fn metres(&mut self, at: usize, first: &Number) -> Option<usize> {
        let s = self.sentence;
        let unit = unit::measured(s, self.rules, first.end).filter(|u| u.symbol == "m" && !first.scaled)?;
        let rest = s.tokens.get(unit.tokens.end).filter(|t| t.is_number() && t.flags.has(Flags::GLUED))?;
        let digits = rest.text(s.text);
        if digits.len() > 2 || !first.value.fract().is_zero() {
            return None;
        }
        let part = Decimal::new(digits.parse().ok()?, digits.len() as u32);
        let end = unit.tokens.end + 1;
        let number = Number { value: first.value.checked_add(part)?, end, ..*first };
        Some(self.push(at, number, None, None, Some(Unit { tokens: end..end, ..unit }), None))
    }

    /// `biểu số 2,4,7`, `trang 4, 5 số báo`: numbers that count nothing, which a comma joins to one that is none.
    fn listed(&self, mut end: usize) -> usize {
        let number = |t: usize| self.sentence.tokens.get(t).is_some_and(|t| t.is_number());
        let glued = |t: usize| !self.sentence.tokens[t].flags.has(Flags::SPACE);
        let short = |t: usize| self.sentence.tokens[t].end - self.sentence.tokens[t].start <= 3;
        let counts = |t: usize| scale_at(self.sentence, self.rules, t).is_some() || unit::known(self.sentence, self.rules, t).is_some();
        while self.sentence.is_mark(end, ",") && number(end + 1) && (glued(end) && glued(end + 1) || short(end + 1) && !counts(end + 2)) {
            end += 2;
        }
        end
    }

    /// How much what follows a number speaks for a figure.
    fn strength(&self, number: &Number, unit: Option<&Unit<'_>>) -> reject::Strength {
        match unit {
            _ if number.scaled => reject::Strength::Measured,
            Some(u) if u.dimension.is_some_and(|d| d != Dimension::Duration) => reject::Strength::Measured,
            Some(u) if u.dimension.is_some() || u.rule != self.other() => reject::Strength::Counted,
            _ => reject::Strength::Bare,
        }
    }

    fn other(&self) -> RuleId {
        self.rules.known.counter_other.unwrap_or(RuleId::MAX)
    }

    /// A number right behind a name is part of it (`Vinasun 27 lăn bánh`) unless a known noun or a unit follows.
    fn counts_here(&self, at: usize) -> bool {
        if !reject::behind_name(self.sentence, at) {
            return true;
        }
        const SMALL: [Class; 9] =
            [Class::Reach, Class::Qualifier, Class::Change, Class::Status, Class::Opener, Class::Boundary, Class::Stop, Class::Filler, Class::Here];
        let ends_here = |t: usize| self.sentence.at(t).iter().any(|h| h.end as usize == at && (SMALL.contains(&h.class) || h.class == Class::Period));
        (at.saturating_sub(4)..at).any(ends_here)
    }

    fn is_bare_year(&self, at: usize, number: &Number) -> bool {
        let word = self.sentence.word(at);
        !number.spelled && word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()) && word.parse::<u32>().is_ok_and(|y| (1900..2100).contains(&y))
    }

    fn figure(&self, at: usize, number: Number, unit: Option<Unit<'_>>) -> Quantity {
        let other = self.other();
        let mut q = Quantity {
            tokens: at..number.end,
            number: at..number.end,
            kind: Kind::Count,
            amount: number.value,
            upper: None,
            of: None,
            unit: String::new(),
            unit_tokens: number.end..number.end,
            counted: false,
            base: None,
            scale: number.scale,
            scaled: number.scaled,
            rule: other,
        };
        if let Some(unit) = unit {
            q.kind = kind_of(&unit);
            q.amount = q.amount.checked_mul(unit.factor).unwrap_or(q.amount);
            q.counted = unit.dimension.is_none() && !unit.per;
            q.tokens.end = unit.tokens.end;
            q.unit_tokens = unit.tokens;
            q.unit = unit.symbol.into_owned();
            q.rule = unit.rule;
        }
        q
    }

    /// Adds a figure; gives the token behind it.
    fn push(&mut self, at: usize, number: Number, upper: Option<Decimal>, of: Option<Decimal>, unit: Option<Unit<'_>>, rule: Option<RuleId>) -> usize {
        let factor = unit.as_ref().map_or(Decimal::ONE, |u| u.factor);
        let mut q = self.figure(at, number, unit);
        let scaled = |v: Decimal| v.checked_mul(factor).unwrap_or(v);
        (q.upper, q.of) = (upper.map(scaled), of.map(scaled));
        if of.is_some() {
            q.kind = Kind::Ratio;
        }
        if let Some(rule) = rule {
            q.rule = rule;
        }
        if q.kind == Kind::Multiple && q.amount.fract().is_zero() && !unit::multiplies(self.sentence, at, q.tokens.end) {
            (q.kind, q.counted) = (Kind::Count, true);
        }
        self.sign(at, &mut q);
        if q.kind == Kind::Percent {
            q.base = self.base(q.tokens.end);
            q.tokens.end = q.base.as_ref().map_or(q.tokens.end, |b| b.end);
        }
        if q.unit == "%" || q.unit.starts_with("%/") {
            q.unit = "%".into();
        }
        if q.counted
            && q.kind == Kind::Count
            && let Some(per) = unit::per_before(self.sentence, self.rules, at)
        {
            q.unit = format!("{}/{per}", q.unit);
            (q.kind, q.counted) = (Kind::Rate, false);
        }
        let end = q.tokens.end;
        self.out.figures.push(q);
        end
    }

    /// `âm 35,9 nghìn tỷ`, `-2,1%`, `$108`.
    fn sign(&self, at: usize, q: &mut Quantity) {
        let s = self.sentence;
        // A token that closed the figure before is not the opening of this one.
        if self.out.figures.last().is_some_and(|f| f.tokens.end >= at) {
            return;
        }
        let glued = at > 1 && s.is_dash(at - 1) && !s.tokens[at].flags.has(Flags::SPACE);
        let apart = || s.tokens[at - 1].flags.has(Flags::SPACE) && !s.tokens[at - 2].is_number() && matches!(q.kind, Kind::Percent | Kind::Points);
        // `Công ty Nam Việt (-24,6 tỷ đồng)`
        let in_bracket = || s.is_mark(at - 2, "(") && !q.counted;
        if unit::negative_before(s, self.rules, at) || glued && (apart() || in_bracket()) {
            q.amount = -q.amount;
            q.tokens.start -= 1;
        } else if let Some(exact) = s.ending(at, Class::Qualifier, Role::Before)
            && unit::negative_before(s, self.rules, exact.start as usize)
        {
            // `âm gần 33 tỷ đồng`
            q.amount = -q.amount;
        }
        if at > 0 && q.unit_tokens.is_empty() && !q.counted {
            let prefix = s.of(at - 1, Classes::only(Class::Unit)).find(|h| h.end as usize == at && !s.tokens[at - 1].is_word());
            if let Some(hit) = prefix
                && let Data::Unit { symbol, dimension: Dimension::Money, .. } = &self.rules.rule(hit.rule).data
            {
                (q.unit, q.kind, q.rule) = (symbol.to_string(), Kind::Money, hit.rule);
                q.tokens.start = at - 1;
            }
        }
    }

    /// The noun of which a percentage is taken, when it directly follows: `89,5% kế hoạch`, `100% trạm y tế`.
    fn base(&self, at: usize) -> Option<Range<usize>> {
        let base = self.sentence.longest(at, Class::Base).map(|h| h.end as usize);
        let noun = unit::counted(self.sentence, self.rules, at).map(|u| u.tokens.end);
        let mut end = base.into_iter().chain(noun).max()?;
        // `100% trạm y tế và phòng khám có bác sĩ`
        if self.sentence.word(end) == "và"
            && let Some(next) = unit::counted(self.sentence, self.rules, end + 1)
            && noun == Some(end)
        {
            end = next.tokens.end;
        }
        Some(at..end)
    }
}
