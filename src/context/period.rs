//! Periods: when a figure holds. Scopes: words right behind the figure, then before it in its clause, the sentence, the
//! paragraph, the heading, the title.

use super::{Context, Scene, Source, State};
use crate::rules::{Class, Classes, Data, Hit, Role, RuleId, RuleSet, Slot, Yields};
use crate::sentence::Sentence;
use crate::terms::{Change, Status};
use jiff::ToSpan;
use jiff::civil::Date;
use std::ops::Range;

/// A span of days; an open side is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dates {
    pub start: Option<Date>,
    pub end: Option<Date>,
    pub text: String,
}

/// Words that tell a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub tokens: Range<usize>,
    pub dates: Dates,
    pub rule: RuleId,
    /// Inside `so với …`: with what something is compared, not when it holds.
    pub compared: bool,
    /// May govern later clauses and sentences.
    pub governs: bool,
    /// The year of a plan: later it governs what is planned, no more.
    pub of_plan: bool,
}

/// How many tokens may stand between a plan and its year.
const PLAN_REACH: usize = 9;
/// How many tokens the number of a document may have, with its name.
const LONGEST_NUMBER: usize = 12;

/// What is known of the year of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Year {
    pub published: Option<Date>,
    /// The year that the text makes clear.
    pub told: Option<i16>,
    /// The first months that the text reports on: a bare `6 tháng` then is that time.
    pub months: Option<u32>,
}

impl Year {
    fn current(self) -> Option<i16> {
        self.told.or(self.published.map(|d| d.year()))
    }

    fn of_publication(self) -> Option<i16> {
        self.published.map(|d| d.year())
    }
}

pub fn of(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], state: &State, status: Status, change: Change) -> (Option<Dates>, Source) {
    let q = scene.figure(i);
    let mut usable: Vec<&Mention> = scene.read.periods.iter().filter(|p| !p.compared).collect();
    // A time with dates is stronger than a vague one (`các năm trước`).
    let yields = |m: &Mention| if let Data::Period(yields) = scene.rules.rule(m.rule).data { yields } else { Yields::None };
    let told_before = |point: bool| usable.iter().any(|m| told(&m.dates).is_some() && m.tokens.end <= q.tokens.start && (!point || m.dates.start.is_none()));
    let (dated, pointed) = (told_before(false), told_before(true));
    usable.retain(|m| match yields(m) {
        Yields::None => !dated,
        // `đến nay` in a text without a date is the state that the sentence has told.
        Yields::Now => told(&m.dates).is_some() || !pointed,
        _ => true,
    });
    let found = |m: &Mention| match scene.rules.rule(m.rule).data {
        Data::Period(Yields::SamePoint) => (state.point.clone().or_else(|| told(&m.dates)), Source::Rule(m.rule)),
        _ => (told(&m.dates), Source::Rule(m.rule)),
    };
    if let Some(reference) = reference(scene, i, contexts) {
        return reference;
    }
    let clause = scene.clause_of(q.number.start);
    let limit = scene.next_start(i).min(clause.tokens.end);
    let until = usable.iter().any(|m| m.tokens.end <= q.tokens.start && m.dates.start.is_none() && m.dates.end.is_some() && governs(scene, m, i));
    // `so với mức 2,8% trong năm 2015`: the time of the level compared with.
    let level_compared = scene.comparisons.iter().any(|c| c.end == q.tokens.start && scene.has(c.start, Class::Comparison));
    if level_compared && let Some(m) = scene.read.periods.iter().find(|m| m.tokens.start >= q.tokens.end && m.tokens.start < limit && attached(scene, i, m)) {
        return found(m);
    }
    let attached = usable.iter().find(|m| m.tokens.start >= q.tokens.end && m.tokens.start < limit && attached(scene, i, m));
    if let Some(m) = attached.filter(|m| !until || m.tokens.start <= q.tokens.end + 2) {
        return found(m);
    }
    let clause_mention =
        usable.iter().rev().find(|m| m.tokens.end <= q.tokens.start && clause.tokens.contains(&m.tokens.start) && !taken(scene, m, i) && !of_thing(scene, m));
    if let Some(m) = clause_mention {
        return found(m);
    }
    if let Some(m) = usable.iter().rev().find(|m| m.tokens.end <= q.tokens.start && governs(scene, m, i)) {
        return found(m);
    }
    let alone = |m: &&&Mention| m.tokens.start >= q.tokens.end && (scene.figures().len() == 1 || clause.tokens.contains(&m.tokens.start));
    if let Some(m) = attached.or(usable.iter().find(alone)) {
        return found(m);
    }
    let from_to = matches!(change, Change::IncreaseTo | Change::DecreaseTo);
    if let Some(peer) = scene.peer(i).filter(|&p| !(from_to && has_own(scene, p))) {
        return (contexts[peer].period.0.clone(), Source::Previous);
    }
    if let Some(year) = state.plan_period.as_ref().filter(|_| status == Status::Target) {
        return (told(year), Source::Paragraph);
    }
    let inherited = [
        (&state.period, Source::Paragraph),
        (&state.heading_period, Source::Document),
        (&scene.frame.title_period, Source::Document),
        (&state.list_period, Source::Paragraph),
    ];
    inherited.into_iter().find_map(|(d, source)| d.clone().map(|d| (told(&d), source))).unwrap_or((None, Source::Default))
}

fn told(dates: &Dates) -> Option<Dates> {
    Some(dates.clone()).filter(|d| d.start.is_some() || d.end.is_some())
}

/// Does a time right behind a figure belong to it alone: `từ 2,9 triệu đồng năm 2023 lên 3,3 triệu đồng`?
fn has_own(scene: &Scene<'_, '_>, i: usize) -> bool {
    let end = scene.figure(i).tokens.end;
    scene.read.periods.iter().any(|m| m.tokens.start == end)
}

/// A level in brackets behind what a figure is compared with holds for the time compared with: `gấp 1,46 lần năm 2010 (17
/// triệu)`; a plan in brackets holds for its whole year.
fn reference(scene: &Scene<'_, '_>, i: usize, contexts: &[Context]) -> Option<(Option<Dates>, Source)> {
    let bracket = super::clause::reference(scene, i)?;
    let own = scene.read.periods.iter().any(|p| p.tokens.start >= bracket.open && p.tokens.end <= scene.figure(i).tokens.start);
    if own {
        return None;
    }
    let of_comparison = scene.read.periods.iter().rev().find(|p| p.tokens.end <= bracket.open && p.tokens.start >= bracket.from && p.compared);
    if let Some(m) = of_comparison.filter(|m| matches!(scene.rules.rule(m.rule).data, Data::Period(Yields::SamePeriod))) {
        let own = contexts.last()?.period.0.as_ref()?;
        return Some((shifted(own, m.dates.end?.year()), Source::Rule(m.rule)));
    }
    if let Some(m) = of_comparison {
        return told(&m.dates).map(|d| (Some(d), Source::Rule(m.rule)));
    }
    let year = contexts.last()?.period.0.as_ref()?.end?.year();
    bracket.plan.then(|| (whole_year(year), Source::Previous))
}

/// The same days of another year.
fn shifted(dates: &Dates, year: i16) -> Option<Dates> {
    let years = i32::from(dates.end?.year()) - i32::from(year);
    let back = |d: Option<Date>| d.and_then(|d| d.checked_sub(years.years()).ok());
    Some(Dates { start: back(dates.start), end: back(dates.end), text: String::new() })
}

/// A time behind a figure belongs to it when nothing else begins between.
fn attached(scene: &Scene<'_, '_>, i: usize, m: &Mention) -> bool {
    let from = scene.figure(i).tokens.end;
    let s = scene.sentence();
    m.tokens.start - from <= 14
        && !(from..m.tokens.start)
            .any(|t| matches!(s.word(t), "và" | "theo") || s.begins(t, Classes::of([Class::Comparison, Class::Status])) && s.word(t) != "đã")
}

/// `Quyết định số 930/QĐ-TTg ngày 30/6/2009`: the day of a document.
fn of_document(s: &Sentence<'_>, start: usize) -> bool {
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
fn names_plan(s: &Sentence<'_>, rules: &RuleSet, start: usize) -> bool {
    (start.saturating_sub(PLAN_REACH)..start).any(|t| s.of(t, Classes::only(Class::Base)).any(|h| Some(h.rule) == rules.known.base_plan))
}

/// `theo kế hoạch vốn … năm 2024`, behind a state as of a date in the same sentence: the year is the plan's name.
fn of_plan(scene: &Scene<'_, '_>, m: &Mention) -> bool {
    let s = scene.sentence();
    let plan = names_plan(s, scene.rules, m.tokens.start);
    let whole_year = matches!(scene.rules.rule(m.rule).data, Data::Period(Yields::Year));
    let state = scene.read.periods.iter().any(|p| p.tokens.end <= m.tokens.start && p.dates.start.is_none() && p.dates.end.is_some() && !p.compared);
    plan && whole_year && state
}

/// A time that stands behind an earlier figure is that figure's.
fn taken(scene: &Scene<'_, '_>, m: &Mention, i: usize) -> bool {
    let s = scene.sentence();
    scene.figures()[..i].iter().any(|q| {
        q.tokens.end <= m.tokens.start
            && m.tokens.start - q.tokens.end <= 3
            && !(q.tokens.end..m.tokens.start).any(|t| s.is_mark(t, ",") || s.is_mark(t, ";") || s.word(t) == "và")
    })
}

/// A time of an earlier clause holds on unless it stood in a bracket that closed, or belongs to an earlier figure.
fn governs(scene: &Scene<'_, '_>, m: &Mention, i: usize) -> bool {
    let a = scene.clause_of(m.tokens.start);
    let b = scene.clause_of(scene.figure(i).number.start);
    a.depth <= b.depth && !taken(scene, m, i) && !of_plan(scene, m) && !of_thing(scene, m)
}

/// `Đến ngày 25/11, vốn của chương trình năm 2025 giải ngân …`: behind a state as of a date its year only names the thing.
fn of_thing(scene: &Scene<'_, '_>, m: &Mention) -> bool {
    let whole_year = matches!(scene.rules.rule(m.rule).data, Data::Period(Yields::Year));
    let inside = m.tokens.start > scene.clause_of(m.tokens.start).tokens.start;
    let year = m.dates.end.map(Date::year);
    let state = |p: &Mention| p.tokens.end <= m.tokens.start && p.dates.start.is_none() && p.dates.end.map(Date::year) == year && !p.compared;
    whole_year && inside && m.dates.start.is_some() && scene.read.periods.iter().any(state)
}

/// All times of a sentence.
pub fn mentions(s: &Sentence<'_>, rules: &RuleSet, year: Year, compared: &[Range<usize>]) -> Vec<Mention> {
    let mut out: Vec<Mention> = Vec::new();
    let mut t = 0;
    while t < s.len() {
        let hit = s.of(t, Classes::only(Class::Period)).filter(|h| !held(s, h)).max_by_key(|h| (h.end, h.rule));
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
    joined(s, out)
}

/// A time inside a document number, a line of publication or a fixed phrase is none; `đến cuối năm` gives way to the longer
/// `cuối năm 2017` that begins in it.
fn held(s: &Sentence<'_>, hit: &Hit) -> bool {
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

fn mention(s: &Sentence<'_>, rules: &RuleSet, year: Year, hit: &Hit, compared: &[Range<usize>]) -> Option<Mention> {
    let Data::Period(yields) = rules.rule(hit.rule).data else {
        return None;
    };
    let slots = slots(s, rules, hit);
    // `6 tháng qua` in a report on six months.
    let reported = yields == Yields::None && year.months.is_some() && year.months == get(&slots, Slot::Small, 0) && s.word(hit.end as usize - 2) == "tháng";
    let yields = if reported { Yields::FirstMonths } else { yields };
    let (mut start_token, end_token) = (hit.start as usize, hit.end as usize);
    let mut dates = resolve(yields, &slots, year, s, start_token..end_token)?;
    // `năm qua` in a text without a date says nothing: what governs goes on.
    if matches!(yields, Yields::LastYear | Yields::ThisYear | Yields::NextYear | Yields::LastMonth | Yields::ThisMonth | Yields::Today | Yields::Yesterday)
        && told(&dates).is_none()
    {
        return None;
    }
    let opener = s.ending(start_token, Class::Opener, Role::Form);
    if let Some(opener) = opener {
        start_token = opener.start as usize;
        match rules.rule(opener.rule).data {
            Data::Opener { until: true } => dates.start = None,
            Data::Opener { until: false } if !matches!(yields, Yields::Days | Yields::Years | Yields::Months) => {
                dates.end = if yields == Yields::Day { year.published } else { dates.end };
            }
            _ => {}
        }
    }
    let is_compared = yields == Yields::SamePeriod || compared.iter().any(|c| c.contains(&start_token));
    let tokens = start_token..end_token;
    if yields == Yields::Day && opener.is_none() && of_document(s, start_token) {
        return None;
    }
    dates.text = crate::text::tidy(s.quote(&tokens));
    // The day of an event does not govern later sentences; a state as of a day does.
    let governs = yields != Yields::Day || dates.start.is_none();
    let of_plan = yields == Yields::Year && names_plan(s, rules, start_token);
    Some(Mention { tokens, dates, rule: hit.rule, compared: is_compared, governs, of_plan })
}

/// `Vốn thực hiện 8 tháng ước …` in a report on the first eight months.
fn bare_months(s: &Sentence<'_>, rules: &RuleSet, year: Year, t: usize, compared: &[Range<usize>]) -> Option<Mention> {
    let months = year.months?;
    let is_it = rules.lexicon.slot_value(Slot::Small, s.text, s.tokens.get(t)?) == Some(months) && s.word(t + 1).eq_ignore_ascii_case("tháng");
    let y = year.current()?;
    let tokens = t..t + 2;
    let text = crate::text::tidy(s.quote(&tokens));
    let dates = Dates { start: date(y, 1, 1), end: month_end(y, months), text };
    let compared = compared.iter().any(|c| c.contains(&t));
    is_it.then_some(rules.known.period_first_months).flatten().map(|rule| Mention { tokens, dates, rule, compared, governs: true, of_plan: false })
}

/// The number of first months that a sentence speaks of.
pub fn first_months(s: &Sentence<'_>, rules: &RuleSet) -> Option<u32> {
    if !s.holds(Classes::only(Class::Period)) {
        return None;
    }
    let is_first = |h: &&Hit| h.class == Class::Period && matches!(rules.rule(h.rule).data, Data::Period(Yields::FirstMonths));
    s.hits().iter().filter(is_first).find_map(|h| get(&slots(s, rules, h), Slot::Small, 0)).filter(|n| (1..=12).contains(n))
}

/// `từ tháng 3/2020 đến tháng 5/2021`: two times that one phrase joins.
fn joined(s: &Sentence<'_>, mentions: Vec<Mention>) -> Vec<Mention> {
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
                last.dates.text = crate::text::tidy(s.quote(&last.tokens));
                continue;
            }
            if gap.len() <= 1 && opened && until && last.dates.start.is_some() && m.dates.end.is_some() {
                last.dates.end = m.dates.end;
                last.tokens.end = m.tokens.end;
                last.dates.text = crate::text::tidy(s.quote(&last.tokens));
                continue;
            }
        }
        out.push(m);
    }
    out
}

fn slots(s: &Sentence<'_>, rules: &RuleSet, hit: &Hit) -> Vec<(Slot, u32)> {
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

fn get(slots: &[(Slot, u32)], slot: Slot, nth: usize) -> Option<u32> {
    slots.iter().filter(|(s, _)| *s == slot).nth(nth).map(|(_, v)| *v)
}

fn date(year: i16, month: u32, day: u32) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn month_end(year: i16, month: u32) -> Option<Date> {
    Some(date(year, month, 1)?.last_of_month())
}

fn span(start: Option<Date>, end: Option<Date>) -> Option<Dates> {
    Some(Dates { start, end, text: String::new() })
}

fn whole_year(year: i16) -> Option<Dates> {
    span(date(year, 1, 1), date(year, 12, 31))
}

/// The dates that a phrase of a kind gives, with the numbers in it.
fn resolve(yields: Yields, slots: &[(Slot, u32)], year: Year, s: &Sentence<'_>, tokens: Range<usize>) -> Option<Dates> {
    let own = get(slots, Slot::Year, 0).map(|y| y as i16);
    let y = own.or(year.current());
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
            let n = n.filter(|n| (1..=12).contains(n))?;
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
        Yields::Year => match y {
            Some(y) => whole_year(y),
            None => unknown(),
        },
        Yields::Years => years(slots),
        Yields::SinceYear => since(slots, year, s, &tokens),
        Yields::StartOfYear => start_of_year(slots, y, own, year, s, &tokens),
        Yields::EndOfYear => end_of_year(y, year, s, &tokens),
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
        Yields::SamePeriod => match own.or(y.map(|y| y - 1)) {
            Some(y) => whole_year(y),
            None => unknown(),
        },
        Yields::None => unknown(),
    }
}

fn day(slots: &[(Slot, u32)], y: Option<i16>) -> Option<Dates> {
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
fn day_until(slots: &[(Slot, u32)], y: Option<i16>) -> Option<Dates> {
    let last = || month_end(y?, get(slots, Slot::Month, 0)?);
    let dates = day(slots, y)?;
    span(None, dates.end.or_else(last))
}

fn days(slots: &[(Slot, u32)], y: Option<i16>) -> Option<Dates> {
    let last_month = slots.iter().filter(|(s, _)| *s == Slot::Month).count().checked_sub(1)?;
    let (m1, m2) = (get(slots, Slot::Month, 0)?, get(slots, Slot::Month, last_month)?);
    let Some(y) = y else { return span(None, None) };
    let last_year = get(slots, Slot::Year, 1).map_or(y, |v| v as i16);
    span(date(y, m1, get(slots, Slot::Day, 0)?), date(last_year, m2, get(slots, Slot::Day, 1)?))
}

fn months(slots: &[(Slot, u32)], y: Option<i16>) -> Option<Dates> {
    let (m1, m2) = (get(slots, Slot::Month, 0)?, get(slots, Slot::Month, 1)?);
    let Some(y) = y else { return span(None, None) };
    let y2 = get(slots, Slot::Year, 1).map_or(y, |v| v as i16);
    let y1 = if y2 == y && m1 > m2 { y - 1 } else { y };
    span(date(y1, m1, 1), month_end(y2, m2))
}

fn quarter(q: Option<u32>, y: Option<i16>, s: &Sentence<'_>, tokens: &Range<usize>) -> Option<Dates> {
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

fn years(slots: &[(Slot, u32)]) -> Option<Dates> {
    let first = get(slots, Slot::Year, 0)? as i16;
    let last = match (get(slots, Slot::Year, 1), get(slots, Slot::ShortYear, 0)) {
        (Some(y), _) => y as i16,
        (None, Some(short)) => first / 100 * 100 + short as i16,
        (None, None) => return None,
    };
    (first <= last).then(|| Dates { start: date(first, 1, 1), end: date(last, 12, 31), text: String::new() })
}

fn since(slots: &[(Slot, u32)], year: Year, s: &Sentence<'_>, tokens: &Range<usize>) -> Option<Dates> {
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

fn start_of_year(slots: &[(Slot, u32)], y: Option<i16>, own: Option<i16>, year: Year, s: &Sentence<'_>, tokens: &Range<usize>) -> Option<Dates> {
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

fn end_of_year(y: Option<i16>, year: Year, s: &Sentence<'_>, tokens: &Range<usize>) -> Option<Dates> {
    let last = tokens.clone().any(|t| matches!(s.word(t), "ngoái" | "trước"));
    let y = if last && !tokens.clone().any(|t| s.tokens[t].is_number()) { year.of_publication().map(|y| y - 1) } else { y };
    match y {
        Some(y) => span(None, date(y, 12, 31)),
        None => span(None, None),
    }
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

/// The year that a sentence makes clear: the first in words of time; the year behind `so với năm` is the one before.
pub fn told_year(s: &Sentence<'_>, rules: &RuleSet) -> Option<i16> {
    if !s.holds(Classes::only(Class::Period)) {
        return None;
    }
    let comparison = s.hits().iter().find(|h| h.class == Class::Comparison).map(|h| h.start);
    let with_year = |h: &Hit| rules.lexicon.entry(h).slots.iter().any(|s| s.1 == Slot::Year);
    let is_time = |h: &&Hit| {
        h.class == Class::Period && with_year(h) && !held(s, h) && !matches!(rules.rule(h.rule).data, Data::Period(Yields::Years | Yields::SinceYear))
    };
    let year = |h: &Hit| get(&slots(s, rules, h), Slot::Year, 0).map(|y| y as i16);
    let compared = |h: &Hit| comparison.is_some_and(|c| h.start > c && h.start - c <= 6) || matches!(rules.rule(h.rule).data, Data::Period(Yields::SamePeriod));
    let mut times = s.hits().iter().filter(is_time);
    let own = times.clone().find(|h| !compared(h) && year(h).is_some()).and_then(year);
    own.or_else(|| times.find_map(year).map(|y| y + 1))
}

/// Does a phrase name a day that the calendar does not have?
pub fn impossible_date(s: &Sentence<'_>, rules: &RuleSet, hit: &Hit) -> bool {
    let slots = slots(s, rules, hit);
    match (get(&slots, Slot::Day, 0), get(&slots, Slot::Month, 0), get(&slots, Slot::Year, 0)) {
        (Some(d), Some(m), y) => date(y.map_or(2024, |y| y as i16), m, d).is_none(),
        _ => false,
    }
}

/// A span of several years in a title is the name of a programme, not the time of its figures.
pub fn is_programme_span(rules: &RuleSet, m: &Mention) -> bool {
    matches!(rules.rule(m.rule).data, Data::Period(Yields::Years | Yields::Now))
}

/// A state as of a date, or a time from the start of a year up to a date: `cùng thời điểm` may mean it later.
pub fn is_point(rules: &RuleSet, m: &Mention) -> bool {
    let whole = |d: Date| d.month() == 12 && d.day() == 31;
    let since_new_year = matches!(rules.rule(m.rule).data, Data::Period(Yields::StartOfYear)) && m.dates.end.is_some_and(|d| !whole(d));
    !is_relative(rules, m) && m.dates.end.is_some() && (m.dates.start.is_none() || since_new_year)
}

/// Words whose date is only that of publication: `đến nay`.
pub fn is_relative(rules: &RuleSet, m: &Mention) -> bool {
    matches!(rules.rule(m.rule).data, Data::Period(Yields::Now | Yields::SamePoint))
}

/// A single day: in a heading it is the date of the report, not the time of its figures.
pub fn is_day(rules: &RuleSet, m: &Mention) -> bool {
    matches!(rules.rule(m.rule).data, Data::Period(Yields::Day))
}

/// The date of a line that holds nothing but a date.
pub fn lone_date(s: &Sentence<'_>, rules: &RuleSet) -> Option<Date> {
    let hit = s.of(0, Classes::only(Class::Period)).filter(|h| matches!(rules.rule(h.rule).data, Data::Period(Yields::Day))).max_by_key(|h| h.end)?;
    let rest = s.len() - hit.end as usize;
    let slots = slots(s, rules, hit);
    let clock = (hit.end as usize..s.len()).all(|t| s.tokens[t].is_number() || !s.tokens[t].is_word());
    (rest <= 4 && clock).then(|| date(get(&slots, Slot::Year, 0)? as i16, get(&slots, Slot::Month, 0)?, get(&slots, Slot::Day, 0)?)).flatten()
}
