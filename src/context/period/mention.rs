//! The times that a sentence tells.
//!
//! In: a sentence, what is known of the year. Out: [`Mention`]s in order. Never: the day of a document, a time inside a name.

use super::super::clause::is_superlative;
use super::dates::{Year, date, get, month_end, resolve, slots};
use super::{Dates, Mention, told};
use crate::rules::{Class, Classes, Cue, Data, Dimension, Hit, Role, RuleSet, Slot, Yields};
use crate::sentence::Sentence;
use jiff::civil::Date;
use smallvec::SmallVec;
use std::ops::Range;

/// How many tokens may stand between a plan and its year.
pub(super) const PLAN_REACH: usize = 9;

/// How many tokens the number of a document may have, with its name.
pub(super) const LONGEST_NUMBER: usize = 12;

/// How many tokens of a comparison may stand before its year: `so với kế hoạch dự trữ hàng hóa Tết năm 2016`.
const LONGEST_COMPARISON: u32 = 12;

/// `Quyết định số 930/QĐ-TTg ngày 30/6/2009`: the day of a document.
pub(super) fn of_document(s: &Sentence<'_>, start: usize) -> bool {
    let mut t = start - usize::from(start > 0 && s.is_mark(start - 1, ","));
    let mut code = false;
    while t > 0 && start - t < LONGEST_NUMBER {
        t -= 1;
        if s.ending(t + 1, Class::Exclusion, Role::Before).is_some_and(|h| (h.end - h.start) > 0) && code {
            return true;
        }
        let token = &s.tokens[t];
        let part = token.is_number() || token.is_capital() || s.is_dash(t) || s.is_mark(t, "/") || matches!(s.word(t), "số");
        if !part {
            return false;
        }
        code |= token.is_number();
    }
    false
}

/// `kế hoạch vốn … năm 2024`: the year belongs to the plan.
pub(super) fn names_plan(s: &Sentence<'_>, rules: &RuleSet, start: usize) -> bool {
    (start.saturating_sub(PLAN_REACH)..start).any(|t| s.of(t, Classes::only(Class::Base)).any(|h| Some(h.rule) == rules.known.base_plan))
}

/// All times of a sentence.
pub fn mentions(s: &Sentence<'_>, rules: &RuleSet, year: Year, compared: &[Range<usize>]) -> Vec<Mention> {
    let mut out: Vec<Mention> = Vec::new();
    let mut t = 0;
    while t < s.len() {
        if year.months.is_none() && !s.begins(t, Classes::only(Class::Period)) {
            t += 1;
            continue;
        }
        let hit = s.of(t, Classes::only(Class::Period)).filter(|h| !held(s, rules, h)).max_by_key(|h| (h.end, h.rule));
        let Some(hit) = hit else {
            out.extend(bare_months(s, rules, year, t, compared));
            t += 1;
            continue;
        };
        if let Some(m) = mention(s, rules, year, hit, compared) {
            out.push(m);
        }
        t = hit.end as usize;
    }
    set_aside_agenda(s, &mut out);
    joined(s, out)
}

/// `sơ kết 6 tháng đầu năm, triển khai nhiệm vụ 6 tháng cuối năm`: the second time is that of nothing reported.
fn set_aside_agenda(s: &Sentence<'_>, out: &mut [Mention]) {
    const REACH: usize = 6;
    for k in 1..out.len() {
        let at = out[k].tokens.start;
        out[k].compared |= (out[k - 1].tokens.end.max(at.saturating_sub(REACH))..at).any(|b| s.cue(b, Cue::Agenda) == Some(at));
    }
}

/// A time inside a document number, a line of publication or a fixed phrase is none; `đến cuối năm` gives way to the longer
/// `cuối năm 2017` that begins in it.
pub(super) fn held(s: &Sentence<'_>, rules: &RuleSet, hit: &Hit) -> bool {
    let start = hit.start as usize;
    // `sinh năm 1991`; `Thông tư liên tịch 01/2015`
    let born = start > 0 && s.word(start - 1).eq_ignore_ascii_case("sinh");
    let document = || {
        s.ending(start, Class::Exclusion, Role::Before)
            .is_some_and(|h| rules.known.exclusion_document_part == Some(h.rule) && s.tokens[h.start as usize].is_capital())
    };
    // `Bản tin số 12/2025`
    let numbered = || start > 0 && s.lower(start - 1) == "số";
    let of_number = s.tokens[start].is_number() && (document() || numbered());
    if born || of_number {
        return true;
    }
    let around = (hit.start.saturating_sub(6)..=hit.start).any(|b| {
        s.at(b as usize).iter().any(|h| match h.class {
            Class::Exclusion => h.role == Role::Form && h.end > hit.end && h.len() > hit.len() + 1,
            Class::Dateline => h.end >= hit.end,
            Class::Compound => h.end >= hit.end && h.len() > hit.len(),
            _ => false,
        })
    });
    let longer = (hit.start + 1..hit.end).any(|b| s.of(b as usize, Classes::only(Class::Period)).any(|h| h.end > hit.end));
    around || longer
}

/// `thấp nhất trong vòng | 10 năm qua`: among how many years the figure is the most; what governs goes on.
fn is_ranked(s: &Sentence<'_>, start: usize) -> bool {
    const REACH: usize = 3;
    // `lần đầu tiên trong 6 năm`
    let first = |t: usize| s.cue(t, Cue::Superlative).is_some_and(|end| end > t + 1);
    (start.saturating_sub(REACH)..start).any(|t| first(t) || is_superlative(s, t))
}

pub(super) fn mention(s: &Sentence<'_>, rules: &RuleSet, year: Year, hit: &Hit, compared: &[Range<usize>]) -> Option<Mention> {
    let Data::Period(yields) = rules.rule(hit.rule).data else {
        return None;
    };
    let this_year = yields == Yields::ThisYear || (hit.start as usize + 1..hit.end as usize).any(|t| s.is_any(t - 1, &["năm"]) && s.is_any(t, &["nay"]));
    let year = year.at(hit.start as usize, this_year);
    let slots = slots(s, rules, hit);
    // `6 tháng qua` in a report on six months.
    let reported = yields == Yields::None && year.months.is_some() && year.months == get(&slots, Slot::Small, 0) && s.word(hit.end as usize - 2) == "tháng";
    let yields = if reported { Yields::FirstMonths } else { yields };
    let (mut start_token, end_token) = (hit.start as usize, hit.end as usize);
    if yields == Yields::None && is_ranked(s, start_token) {
        return None;
    }
    let mut dates = resolve(yields, &slots, year, s, start_token..end_token)?;
    // `năm qua` in a text without a date says nothing: what governs goes on.
    if matches!(yields, Yields::LastYear | Yields::ThisYear | Yields::NextYear | Yields::LastMonth | Yields::ThisMonth | Yields::Today | Yields::Yesterday)
        && told(&dates).is_none()
    {
        return None;
    }
    let opener = s.ending(start_token, Class::Opener, Role::Form).or_else(|| s.ending(before_clock(s, start_token), Class::Opener, Role::Form));
    if let Some(opener) = opener {
        start_token = opener.start as usize;
        match rules.rule(opener.rule).data {
            Data::Opener { until: true } => dates.start = None,
            // `từ cuối tháng 11/2014`
            Data::Opener { until: false } if matches!(yields, Yields::EndOfMonth | Yields::EndOfYear) => {
                dates.start = dates.end.map(|end| if yields == Yields::EndOfMonth { end.first_of_month() } else { end.first_of_year() });
                dates.end = year.published;
            }
            Data::Opener { until: false } if !matches!(yields, Yields::Days | Yields::Years | Yields::SeasonYears | Yields::Months) => {
                dates.end = dates.end.filter(|_| !matches!(yields, Yields::Day | Yields::Month));
            }
            _ => {}
        }
    }
    let is_compared = yields == Yields::SamePeriod || compared.iter().any(|c| c.contains(&start_token));
    let tokens = start_token..end_token;
    if yields == Yields::Day && opener.is_none() && of_document(s, start_token) {
        return None;
    }
    dates.text = crate::text::tidy(s.quote(&tokens)).into();
    // The day of an event does not govern later sentences; a state as of a day does.
    let governs = yields != Yields::Day || dates.start.is_none();
    let of_plan = yields == Yields::Year && names_plan(s, rules, start_token);
    Some(Mention { tokens, dates, rule: hit.rule, compared: is_compared, governs, of_plan })
}

/// `tính đến 17h00 ngày 12/9`: where the time of day begins that stands before a date.
fn before_clock(s: &Sentence<'_>, date: usize) -> usize {
    const LONGEST: usize = 4;
    let clock = |b: &usize| s.of(*b, Classes::only(Class::Exclusion)).any(|h| h.role == Role::Form && h.end as usize == date) && s.tokens[*b].is_number();
    (date.saturating_sub(LONGEST)..date).find(clock).unwrap_or(date)
}

/// The month that a heading reports on: `TÌNH HÌNH KINH TẾ - XÃ HỘI THÁNG 5 NĂM 2023`.
pub fn month_of(s: &Sentence<'_>, rules: &RuleSet) -> Option<u32> {
    let is_month = |h: &&Hit| h.class == Class::Period && matches!(rules.rule(h.rule).data, Data::Period(Yields::Month)) && !held(s, rules, h);
    s.hits().iter().filter(is_month).find_map(|h| get(&slots(s, rules, h), Slot::Month, 0)).filter(|m| (2..=12).contains(m))
}

/// The month that a line speaks of, when the same number of months stands in one of the lines: `Xuất khẩu 5 tháng vượt 24 tỷ USD` above
/// `tháng 5/2024 ước đạt …`.
pub fn months_up_to(lines: &[&Sentence<'_>], rules: &RuleSet) -> Option<u32> {
    let says = |s: &Sentence<'_>, months: u32| {
        let number = |t: usize| rules.lexicon.slot_value(Slot::Small, s.text, &s.tokens[t]) == Some(months);
        (1..s.len()).any(|t| s.is_any(t, &["tháng"]) && number(t - 1))
    };
    lines.iter().find_map(|s| month_of(s, rules)).filter(|&m| lines.iter().any(|s| says(s, m)))
}

/// `Vốn thực hiện 8 tháng ước …` in a report on the first eight months.
pub(super) fn bare_months(s: &Sentence<'_>, rules: &RuleSet, year: Year, t: usize, compared: &[Range<usize>]) -> Option<Mention> {
    let months = year.months?;
    if !s.word(t + 1).eq_ignore_ascii_case("tháng") || rules.lexicon.slot_value(Slot::Small, s.text, s.tokens.get(t)?) != Some(months) {
        return None;
    }
    let y = year.current()?;
    let tokens = t..t + 2;
    let text = crate::text::tidy(s.quote(&tokens));
    let dates = Dates { start: date(y, 1, 1), end: month_end(y, months), text: text.into() };
    let compared = compared.iter().any(|c| c.contains(&t));
    rules.known.period_first_months.map(|rule| Mention { tokens, dates, rule, compared, governs: true, of_plan: false })
}

/// The number of first months that a sentence speaks of.
pub fn first_months(s: &Sentence<'_>, rules: &RuleSet) -> Option<u32> {
    if !s.holds(Classes::only(Class::Period)) {
        return None;
    }
    let is_first = |h: &&Hit| h.class == Class::Period && matches!(rules.rule(h.rule).data, Data::Period(Yields::FirstMonths));
    s.hits().iter().filter(is_first).find_map(|h| get(&slots(s, rules, h), Slot::Small, 0)).filter(|n| (1..=12).contains(n))
}

/// The first months that a state as of the end of a month closes: a report until 30 June is one on six months.
pub fn months_until(mentions: &[Mention]) -> Option<u32> {
    let ends = |m: &Mention| m.dates.end.filter(|d| m.dates.start.is_none() && !m.compared && *d == d.last_of_month());
    mentions.iter().find_map(ends).map(|d| d.month() as u32)
}

/// The year that a sentence speaks of as a whole.
pub fn year_of(mentions: &[Mention]) -> Option<i16> {
    // Also a state as of the end of a year.
    let ends = |m: &Mention| m.dates.end.filter(|d| !m.compared && *d == d.last_of_year());
    let year = |m: &Mention| ends(m).filter(|d| m.dates.start.is_none_or(|s| s == d.first_of_year()));
    mentions.iter().rev().find_map(year).map(|d| d.year())
}

/// `từ tháng 3/2020 đến tháng 5/2021`: two times that one phrase joins.
pub(super) fn joined(s: &Sentence<'_>, mentions: Vec<Mention>) -> Vec<Mention> {
    let mut out: Vec<Mention> = Vec::new();
    for m in mentions {
        if let Some(last) = out.last_mut() {
            let gap = last.tokens.end..m.tokens.start.max(last.tokens.end);
            let opened = s.word(last.tokens.start).eq_ignore_ascii_case("từ");
            let until = s.word(m.tokens.start).eq_ignore_ascii_case("đến") || gap.len() == 1 && s.word(gap.start).eq_ignore_ascii_case("đến");
            let follows =
                gap.len() == 1 && s.word(gap.start) == "và" && last.dates.end.and_then(|d| d.tomorrow().ok()).is_some_and(|d| Some(d) == m.dates.start);
            if follows {
                last.dates.end = m.dates.end;
                last.tokens.end = m.tokens.end;
                last.dates.text = crate::text::tidy(s.quote(&last.tokens)).into();
                continue;
            }
            if gap.len() <= 1 && opened && until && last.dates.start.is_some() && m.dates.end.is_some() {
                last.dates.end = m.dates.end;
                last.tokens.end = m.tokens.end;
                last.dates.text = crate::text::tidy(s.quote(&last.tokens)).into();
                continue;
            }
        }
        out.push(m);
    }
    out
}

/// The date that a line tells as that of publication: `Thứ Năm, 12/10/2023`, or `Sáng nay (29/7)` with the year that the text
/// makes clear.
pub fn dateline(s: &Sentence<'_>, rules: &RuleSet, told: Option<i16>) -> Option<Date> {
    if !s.holds(Classes::only(Class::Dateline)) {
        return None;
    }
    let hit = s.hits().iter().find(|h| h.class == Class::Dateline)?;
    let slots = slots(s, rules, hit);
    let year = get(&slots, Slot::Year, 0).map(|y| y as i16).or(told)?;
    date(year, get(&slots, Slot::Month, 0)?, get(&slots, Slot::Day, 0)?)
}

/// A year that a sentence makes clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub year: i16,
    /// The token where it stands.
    pub at: usize,
    /// Only what something is compared with has a year: its own is the one after.
    pub compared: bool,
    /// The end of a year, at which a state is told.
    pub end_of_year: bool,
}

/// The year that a sentence makes clear: the first in words of time; the year behind `so với năm` is the one before.
pub fn told_year(s: &Sentence<'_>, rules: &RuleSet) -> Option<Told> {
    if !s.holds(Classes::only(Class::Period)) {
        return None;
    }
    let periods: SmallVec<[&Hit; 8]> = s.hits().iter().filter(|h| h.class == Class::Period).collect();
    let comparisons = s.hits().iter().filter(|h| h.class == Class::Comparison).map(|h| h.start);
    let with_year = |h: &Hit| rules.lexicon.entry(h).slots.iter().any(|s| s.1 == Slot::Year);
    // `Báo cáo số 07/BC-UBND ngày 03/01/2018`: also without the word for the day.
    let dates_document = |h: &Hit| {
        let start = h.start as usize;
        let says_day = |t: usize| s.is_any(t, &["ngày", "Ngày"]);
        let day = if start > 0 && says_day(start - 1) { start - 1 } else { start };
        (s.tokens[start].is_number() || says_day(start)) && s.tokens[h.end as usize - 1].is_number() && of_document(s, day)
    };
    let is_time = |h: &&Hit| {
        with_year(h)
            && !held(s, rules, h)
            && !matches!(rules.rule(h.rule).data, Data::Period(Yields::Years | Yields::SeasonYears | Yields::SinceYear))
            && !dates_document(h)
    };
    let year = |h: &Hit| get(&slots(s, rules, h), Slot::Year, 0).map(|y| y as i16);
    let began = |h: &Hit| {
        let opener = s.ending(h.start as usize, Class::Opener, Role::Form);
        opener.is_some_and(|o| matches!(rules.rule(o.rule).data, Data::Opener { until: false }))
            && matches!(rules.rule(h.rule).data, Data::Period(Yields::Year))
    };
    let compared = |h: &Hit| {
        let gap = h.start > 0
            && (h.start.saturating_sub(3)..h.start)
                .any(|b| s.longest(b as usize, Class::Change).is_some_and(|c| c.end == h.start) && s.is(b as usize, Cue::Gap));
        let same_period = |h: &Hit| matches!(rules.rule(h.rule).data, Data::Period(Yields::SamePeriod));
        // `gấp rưỡi năm 2015`, `gấp 3 lần năm 2015`
        let times = |b: usize| {
            let ends = |o: &Hit| {
                o.end == h.start && matches!(rules.rule(o.rule).data, Data::Fraction { times: true, .. } | Data::Unit { dimension: Dimension::Multiple, .. })
            };
            s.of(b, Classes::of([Class::Fraction, Class::Unit])).any(ends)
        };
        comparisons.clone().any(|c| h.start > c && h.start - c <= LONGEST_COMPARISON)
            || (h.start.saturating_sub(2)..h.start).any(|b| times(b as usize))
            || gap
            || same_period(h)
            // `gấp đôi cùng kỳ năm 2023`
            || periods.iter().any(|o| o.start < h.start && o.end >= h.end && same_period(o))
    };
    let mut times = periods.iter().copied().filter(is_time).filter(|h| !began(h));
    let told = |h: &Hit, year: i16, compared: bool| {
        let end_of_year = matches!(rules.rule(h.rule).data, Data::Period(Yields::EndOfYear));
        Told { year, at: h.start as usize, compared, end_of_year }
    };
    let own = times.clone().filter(|h| !compared(h)).find_map(|h| year(h).map(|y| told(h, y, false)));
    // `tháng 6 tăng 5% so với tháng 5/2017`: a later month is of the same year.
    let month = |h: &Hit| get(&slots(s, rules, h), Slot::Month, 0);
    let later = |than: u32| periods.iter().any(|h| !compared(h) && month(h).is_some_and(|m| m > than));
    own.or_else(|| times.find_map(|h| year(h).map(|y| told(h, y + i16::from(!month(h).is_some_and(later)), true))))
}

/// Does a phrase name a day that the calendar does not have?
pub fn impossible_date(s: &Sentence<'_>, rules: &RuleSet, hit: &Hit) -> bool {
    let slots = slots(s, rules, hit);
    match (get(&slots, Slot::Day, 0), get(&slots, Slot::Month, 0), get(&slots, Slot::Year, 0)) {
        (Some(d), Some(m), y) => date(y.map_or(2024, |y| y as i16), m, d).is_none(),
        _ => false,
    }
}

/// The date of a line that holds nothing but a date.
pub fn lone_date(s: &Sentence<'_>, rules: &RuleSet) -> Option<Date> {
    let hit = s.of(0, Classes::only(Class::Period)).filter(|h| matches!(rules.rule(h.rule).data, Data::Period(Yields::Day))).max_by_key(|h| h.end)?;
    let rest = s.len() - hit.end as usize;
    let slots = slots(s, rules, hit);
    let clock = (hit.end as usize..s.len()).all(|t| s.tokens[t].is_number() || !s.tokens[t].is_word());
    (rest <= 4 && clock).then(|| date(get(&slots, Slot::Year, 0)? as i16, get(&slots, Slot::Month, 0)?, get(&slots, Slot::Day, 0)?)).flatten()
}
