//! Dates from words: what a phrase of a kind means with its numbers and the year of the text.
//!
//! In: what a rule yields, the numbers in its slots, [`Year`]. Out: [`Dates`], open where the text leaves them open; none when the
//! calendar has no such time. Never: a year that neither the text nor the date of publication tells.

use super::{Dates, Told};
use crate::rules::{Hit, RuleSet, Slot, Yields};
use crate::sentence::Sentence;
use jiff::ToSpan;
use jiff::civil::Date;
use smallvec::SmallVec;
use std::ops::Range;

/// What is known of the year of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Year {
    pub published: Option<Date>,
    /// The year that the text makes clear.
    pub told: Option<i16>,
    /// Where the sentence itself tells that year; what stands before is of the year of publication.
    pub told_at: Option<usize>,
    /// The first months that the text reports on: a bare `6 tháng` then is that time.
    pub months: Option<u32>,
    /// The year that the paragraph told last: that of `cả năm`.
    pub above: Option<i16>,
}

impl Year {
    /// In a sentence that makes a year clear, or none: with a date of publication only the sentence itself can mean another year.
    pub fn in_sentence(self, told: Option<Told>) -> Self {
        let before = self.told.filter(|_| self.published.is_none());
        let published = self.published.map(|d| d.year());
        // `tăng từ 68 tỷ đồng cuối năm 2019 lên 94 tỷ đồng cuối tháng 6`
        // `cuối năm 2012 còn 22.540 hộ nghèo` in a text on 2013.
        let told = told.filter(|t| !(t.end_of_year && published.or(before).is_some_and(|p| t.year < p))).filter(|t| !(t.compared && before.is_some()));
        Self { told: told.map(|t| t.year).or(before), told_at: told.filter(|t| !t.compared).map(|t| t.at), ..self }
    }

    /// As a phrase at a token knows it: `Đêm 9/9, nước sông vượt đỉnh lũ năm 1968` is no day of 1968; `9 tháng năm nay` is of the year of
    /// publication, or behind `năm 2016` of the year after it.
    pub(super) fn at(self, token: usize, this_year: bool) -> Self {
        match self.told_at {
            Some(at) if (token < at || this_year) && self.published.is_some() => Self { told: None, ..self },
            Some(at) if token > at && self.published.is_none() && this_year => Self { told: self.told.map(|y| y + 1), ..self },
            _ => self,
        }
    }

    pub(super) fn current(self) -> Option<i16> {
        self.told.or(self.published.map(|d| d.year()))
    }

    /// The year that a report at the beginning of the next one is about.
    fn reported(self) -> Option<i16> {
        const REPORTS: i8 = 3;
        let published = self.published.filter(|d| d.month() <= REPORTS)?;
        self.above.filter(|&y| self.told.is_none() && y == published.year() - 1)
    }

    fn of_publication(self) -> Option<i16> {
        self.published.map(|d| d.year())
    }
}

/// The values of the slots of a hit, few of which have more than two.
pub(super) fn slots(s: &Sentence<'_>, rules: &RuleSet, hit: &Hit) -> SmallVec<[(Slot, u32); 4]> {
    let entry = rules.lexicon.entry(hit);
    entry
        .slots
        .iter()
        .filter_map(|&(at, slot)| {
            let token = s.tokens.get(hit.start as usize + at as usize)?;
            rules.lexicon.slot_value(slot, s.text, token).map(|v| (slot, v))
        })
        .collect()
}

pub(super) fn get(slots: &[(Slot, u32)], slot: Slot, nth: usize) -> Option<u32> {
    slots.iter().filter(|(s, _)| *s == slot).nth(nth).map(|(_, v)| *v)
}

pub(super) fn date(year: i16, month: u32, day: u32) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

pub(super) fn month_end(year: i16, month: u32) -> Option<Date> {
    Some(date(year, month, 1)?.last_of_month())
}

pub(super) fn span(start: Option<Date>, end: Option<Date>) -> Option<Dates> {
    Some(Dates { start, end, text: Default::default() })
}

pub(super) fn whole_year(year: i16) -> Option<Dates> {
    span(date(year, 1, 1), date(year, 12, 31))
}

/// The dates that a phrase of a kind gives, with the numbers in it.
pub(super) fn resolve(yields: Yields, slots: &[(Slot, u32)], year: Year, s: &Sentence<'_>, tokens: Range<usize>) -> Option<Dates> {
    let own = get(slots, Slot::Year, 0).map(|y| y as i16);
    let y = own.or(year.current());
    let about = own.or(year.reported()).or(y);
    let n = get(slots, Slot::Small, 0);
    let m = get(slots, Slot::Month, 0);
    let unknown = || span(None, None);
    match yields {
        Yields::Day => day(slots, y),
        Yields::DayUntil => day_until(slots, y),
        Yields::Days => days(slots, y),
        Yields::Month => {
            let (m, y) = match get(slots, Slot::MonthYear, 0) {
                Some(my) => (my / 10_000, Some((my % 10_000) as i16)),
                None => (m?, y),
            };
            let Some(y) = y else { return unknown() };
            span(date(y, m, 1), month_end(y, m))
        }
        Yields::HalfMonth => {
            let (m, Some(y)) = (m?, y) else { return unknown() };
            let second = n == Some(2) || tokens.clone().any(|t| s.word(t).eq_ignore_ascii_case("cuối"));
            if second { span(date(y, m, 16), month_end(y, m)) } else { span(date(y, m, 1), date(y, m, 15)) }
        }
        Yields::DaysOfMonth => {
            let (n, m, Some(y)) = (n?, m?, y) else { return unknown() };
            let last = month_end(y, m)?;
            let first = last.first_of_month();
            let days = last.day() as u32;
            if !(1..=days).contains(&n) {
                return None;
            }
            let of_end = tokens.clone().any(|t| s.word(t).eq_ignore_ascii_case("cuối"));
            if of_end { span(date(y, m, days + 1 - n), Some(last)) } else { span(Some(first), date(y, m, n)) }
        }
        Yields::EndOfMonth => {
            let (m, y) = match get(slots, Slot::MonthYear, 0) {
                Some(my) => (my / 10_000, Some((my % 10_000) as i16)),
                None => (m?, y),
            };
            let Some(y) = y else { return unknown() };
            span(None, month_end(y, m))
        }
        Yields::Months => months(slots, y),
        Yields::FirstMonths => {
            let n = Some(n.unwrap_or(1)).filter(|n| (1..=12).contains(n))?;
            let Some(y) = y else { return unknown() };
            span(date(y, 1, 1), month_end(y, n))
        }
        Yields::LastMonths => {
            let Some(y) = y else { return unknown() };
            let n = n.unwrap_or(1).clamp(1, 12);
            span(if slots.iter().any(|(k, _)| *k == Slot::Small) { date(y, 13 - n, 1) } else { None }, date(y, 12, 31))
        }
        Yields::Quarter => quarter(get(slots, Slot::Quarter, 0), y, s, &tokens),
        Yields::Quarters => {
            let n = n.filter(|n| (1..=4).contains(n))?;
            let Some(y) = y else { return unknown() };
            span(date(y, 1, 1), month_end(y, n * 3))
        }
        Yields::Half => {
            let Some(y) = y else { return unknown() };
            let second = tokens.clone().any(|t| s.word(t).eq_ignore_ascii_case("cuối"));
            if second { span(date(y, 7, 1), date(y, 12, 31)) } else { span(date(y, 1, 1), date(y, 6, 30)) }
        }
        Yields::NineMonths => span(date(y?, 1, 1), date(y?, 9, 30)),
        Yields::Year => match about {
            Some(y) => whole_year(y),
            None => unknown(),
        },
        Yields::Years | Yields::SeasonYears => years(slots),
        Yields::SinceYear => since(slots, year, s, &tokens),
        Yields::StartOfYear => start_of_year(slots, about, own, year, s, &tokens),
        Yields::EndOfYear => end_of_year(about, year, s, &tokens),
        Yields::Now => span(None, year.published),
        Yields::ThisYear => year.of_publication().or(year.told).map_or_else(unknown, whole_year),
        Yields::LastYear => year.of_publication().map_or_else(unknown, |y| whole_year(y - 1)),
        Yields::NextYear => year.of_publication().map_or_else(unknown, |y| whole_year(y + 1)),
        Yields::ThisMonth => year.published.map_or_else(unknown, |d| span(Some(d.first_of_month()), Some(d.last_of_month()))),
        Yields::LastMonth => {
            let Some(d) = year.published.and_then(|d| d.checked_sub(1.month()).ok()) else {
                return unknown();
            };
            span(Some(d.first_of_month()), Some(d.last_of_month()))
        }
        Yields::Today => span(year.published, year.published),
        Yields::Yesterday => {
            let d = year.published.and_then(|d| d.checked_sub(1.day()).ok());
            span(d, d)
        }
        Yields::SamePoint => span(None, year.published),
        Yields::Occasion => span(year.published, year.published),
        Yields::SameTime => unknown(),
        Yields::SamePeriod => match own.or(y.map(|y| y - 1)) {
            Some(y) => whole_year(y),
            None => unknown(),
        },
        Yields::None => unknown(),
    }
}

pub(super) fn day(slots: &[(Slot, u32)], y: Option<i16>) -> Option<Dates> {
    let (d, m) = match get(slots, Slot::DayMonth, 0) {
        Some(dm) => (dm / 100, dm % 100),
        None => (get(slots, Slot::Day, 0)?, get(slots, Slot::Month, 0)?),
    };
    match y {
        Some(y) => {
            let at = date(y, m, d);
            span(at, at)
        }
        None => span(None, None),
    }
}

/// Up to a day; a day that the calendar does not have is the end of its month (`đến 31/6`), and reported by a check.
pub(super) fn day_until(slots: &[(Slot, u32)], y: Option<i16>) -> Option<Dates> {
    let last = || month_end(y?, get(slots, Slot::Month, 0)?);
    let dates = day(slots, y)?;
    span(None, dates.end.or_else(last))
}

pub(super) fn days(slots: &[(Slot, u32)], y: Option<i16>) -> Option<Dates> {
    let last_month = slots.iter().filter(|(s, _)| *s == Slot::Month).count().checked_sub(1)?;
    let (m1, m2) = (get(slots, Slot::Month, 0)?, get(slots, Slot::Month, last_month)?);
    let Some(y) = y else { return span(None, None) };
    let last_year = get(slots, Slot::Year, 1).map_or(y, |v| v as i16);
    span(date(y, m1, get(slots, Slot::Day, 0)?), date(last_year, m2, get(slots, Slot::Day, 1)?))
}

pub(super) fn months(slots: &[(Slot, u32)], y: Option<i16>) -> Option<Dates> {
    let (m1, m2) = (get(slots, Slot::Month, 0)?, get(slots, Slot::Month, 1)?);
    let Some(y) = y else { return span(None, None) };
    let y2 = get(slots, Slot::Year, 1).map_or(y, |v| v as i16);
    let y1 = if y2 == y && m1 > m2 { y - 1 } else { y };
    span(date(y1, m1, 1), month_end(y2, m2))
}

pub(super) fn quarter(q: Option<u32>, y: Option<i16>, s: &Sentence<'_>, tokens: &Range<usize>) -> Option<Dates> {
    let q = match q {
        Some(q) => q,
        None if tokens.clone().any(|t| s.word(t).eq_ignore_ascii_case("cuối")) => 4,
        None => 1,
    };
    match y {
        Some(y) => span(date(y, q * 3 - 2, 1), month_end(y, q * 3)),
        None => span(None, None),
    }
}

pub(super) fn years(slots: &[(Slot, u32)]) -> Option<Dates> {
    let first = get(slots, Slot::Year, 0)? as i16;
    let last = match (get(slots, Slot::Year, 1), get(slots, Slot::ShortYear, 0)) {
        (Some(y), _) => y as i16,
        (None, Some(short)) => first / 100 * 100 + short as i16,
        (None, None) => return None,
    };
    (first <= last).then(|| Dates { start: date(first, 1, 1), end: date(last, 12, 31), text: Default::default() })
}

pub(super) fn since(slots: &[(Slot, u32)], year: Year, s: &Sentence<'_>, tokens: &Range<usize>) -> Option<Dates> {
    let y = get(slots, Slot::Year, 0)? as i16;
    let m = get(slots, Slot::Month, 0);
    let now = tokens.clone().any(|t| matches!(s.word(t), "nay" | "đây"));
    let after = tokens.clone().any(|t| s.word(t) == "sau");
    let start = match (get(slots, Slot::Day, 0), m) {
        (Some(d), Some(m)) => date(y, m, d),
        (None, Some(m)) => date(y, m, 1),
        _ if after => date(y + 1, 1, 1),
        _ => date(y, 1, 1),
    };
    span(start, if now { year.published } else { None })
}

pub(super) fn start_of_year(slots: &[(Slot, u32)], y: Option<i16>, own: Option<i16>, year: Year, s: &Sentence<'_>, tokens: &Range<usize>) -> Option<Dates> {
    let Some(y) = y else { return span(None, None) };
    let until = match (get(slots, Slot::Day, 0), get(slots, Slot::Month, 0)) {
        (Some(d), Some(m)) => date(y, m, d),
        (None, Some(m)) => month_end(y, m),
        _ if tokens.clone().any(|t| s.word(t) == "nay") => year.published,
        _ if s.word(tokens.start).eq_ignore_ascii_case("từ") => year.published,
        _ => date(y, 12, 31),
    };
    let _ = own;
    span(date(y, 1, 1), until)
}

pub(super) fn end_of_year(y: Option<i16>, year: Year, s: &Sentence<'_>, tokens: &Range<usize>) -> Option<Dates> {
    let last = tokens.clone().any(|t| matches!(s.word(t), "ngoái" | "trước"));
    let y = if last && !tokens.clone().any(|t| s.tokens[t].is_number()) { year.of_publication().map(|y| y - 1) } else { y };
    match y {
        Some(y) => span(None, date(y, 12, 31)),
        None => span(None, None),
    }
}
