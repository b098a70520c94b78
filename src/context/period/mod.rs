//! Periods: when a figure holds. Scopes: words right behind the figure, then before it in its clause, the sentence, the paragraph, the
//! heading, the title.
//!
//! In: a figure in its scene, with the times of its sentence (`mention.rs`, whose dates `dates.rs` reckons). Out: dates, either side
//! open, or none. Never: a date that no words tell.

mod dates;
mod mention;

use super::clause::{Border, Clause};
use super::{Context, Scene, Source, State};
use crate::rules::{Class, Classes, Cue, Data, Hit, RuleId, RuleSet, Yields};
use crate::terms::{Change, Kind, Qualifier, Status};
pub use dates::Year;
use dates::whole_year;
use jiff::ToSpan;
use jiff::civil::Date;
pub use mention::Told;
use mention::names_plan;
pub use mention::{dateline, first_months, impossible_date, lone_date, mentions, month_of, months_until, months_up_to, told_year, year_of};
use std::ops::Range;
use std::sync::Arc;

/// A span of days; an open side is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dates {
    pub start: Option<Date>,
    pub end: Option<Date>,
    /// The words that tell it; shared, since many figures have the same time.
    pub text: Arc<str>,
}

impl Dates {
    /// A single day.
    pub fn is_day(&self) -> bool {
        self.start.is_some() && self.start == self.end
    }
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
        Data::Period(Yields::Occasion) => (state.occasion.clone().or_else(|| told(&m.dates)), Source::Rule(m.rule)),
        Data::Period(Yields::SameTime) => (state.last.clone(), Source::Rule(m.rule)),
        _ => (told(&m.dates), Source::Rule(m.rule)),
    };
    if let Some(reference) = reference(scene, i, contexts) {
        return reference;
    }
    if let Some(dates) = year_in_bracket(scene, i) {
        return (Some(dates), Source::Clause);
    }
    let clause = scene.clause_of(q.number.start);
    let limit = reach(scene, i);
    let until = usable.iter().any(|m| m.tokens.end <= q.tokens.start && m.dates.start.is_none() && m.dates.end.is_some() && governs(scene, m, i));
    // `so với mức 2,8% trong năm 2015`: the time of the level compared with.
    let level_compared = scene.comparisons().iter().any(|c| c.end == q.tokens.start && scene.has(c.start, Class::Comparison));
    if level_compared && let Some(m) = scene.read.periods.iter().find(|m| m.tokens.start >= q.tokens.end && m.tokens.start < limit && attached(scene, i, m)) {
        return found(m);
    }
    let outside = |m: &Mention| scene.clause_of(anchor(scene, m)).depth <= clause.depth;
    let attached = usable.iter().find(|m| m.tokens.start >= q.tokens.end && m.tokens.start < limit && outside(m) && attached(scene, i, m));
    if let Some(m) = attached.filter(|m| !until || m.tokens.start <= q.tokens.end + 2) {
        return found(m);
    }
    let clause_mention =
        usable.iter().rev().find(|m| m.tokens.end <= q.tokens.start && clause.tokens.contains(&anchor(scene, m)) && !taken(scene, m, i) && !of_thing(scene, m));
    if let Some(m) = clause_mention {
        return found(m);
    }
    // `9,1 bác sĩ, trong khi chỉ tiêu cả năm là 11; thấp nhất là …`
    let opened = |m: &Mention| (scene.clause_of(m.tokens.start).tokens.start..=m.tokens.start).any(|t| t > 0 && super::status::contrasts(scene, t));
    let aside = |m: &Mention| m.of_plan && opened(m) && (m.tokens.end..q.tokens.start).any(|t| scene.sentence().is_mark(t, ";"));
    if let Some(m) = usable.iter().rev().find(|m| m.tokens.end <= q.tokens.start && governs(scene, m, i) && !aside(m)) {
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
    if attends(scene, i) {
        let published = scene.frame.published.map(|d| Dates { start: Some(d), end: Some(d), text: Arc::default() });
        return (state.occasion.clone().or(published), Source::Document);
    }
    if status == Status::Actual && of_norm(scene, i) {
        return (None, Source::Default);
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
    let apart = |d: &Dates| d.start.is_none() && is_apart(scene, i, status);
    inherited.into_iter().find_map(|(d, source)| d.clone().filter(|d| !apart(d)).map(|d| (told(&d), source))).unwrap_or((None, Source::Default))
}

/// `Hội nghị được kết nối đến điểm cầu 63 tỉnh`, `gần 250 đại biểu`, `Đến dự có … cùng hơn 120 nông dân`: who takes part in an event, on its day.
fn attends(scene: &Scene<'_, '_>, i: usize) -> bool {
    let q = scene.figure(i);
    let from = scene.clause_of(q.number.start).tokens.start.max(scene.previous_end(i));
    const OPENING: usize = 3;
    let opens = (0..OPENING.min(q.tokens.start)).any(|t| scene.is(t, Cue::Attends));
    q.counted && scene.read.periods.is_empty() && (opens || (from..q.tokens.end).any(|t| scene.is(t, Cue::Attends)))
}

/// `mức hỗ trợ không quá 40 triệu đồng/hộ`: a limit that is in force, at no time of its own.
fn of_norm(scene: &Scene<'_, '_>, i: usize) -> bool {
    let start = scene.figure(i).tokens.start;
    let from = scene.clause_of(start).tokens.start.max(scene.previous_end(i));
    let limits = |h: &Hit| matches!(scene.rules.rule(h.rule).data, Data::Qualifier(Qualifier::AtMost | Qualifier::AtLeast));
    let limited = (from..start).any(|t| scene.sentence().of(t, Classes::only(Class::Qualifier)).any(limits));
    limited && (from..start).any(|t| scene.is(t, Cue::Norm))
}

/// What somebody proposes, or says in a quotation, is no part of the state that the text told.
fn is_apart(scene: &Scene<'_, '_>, i: usize, status: Status) -> bool {
    let s = scene.sentence();
    let proposed = || (0..scene.figure(i).tokens.start).any(|t| scene.is(t, Cue::Proposes));
    status == Status::Target && proposed() || s.is_mark(0, "“") || s.is_mark(0, "\"")
}

/// `61,9% (2015), 55,3% (2016)`: a bracket with nothing but a year, right behind the figure.
fn year_in_bracket(scene: &Scene<'_, '_>, i: usize) -> Option<Dates> {
    const YEARS: Range<i16> = 1900..2100;
    let s = scene.sentence();
    let at = scene.figure(i).tokens.end;
    let bracket = s.is_mark(at, "(") && s.is_mark(at + 2, ")");
    let year = s.tokens.get(at + 1).filter(|t| bracket && t.is_number())?.text(s.text).parse().ok()?;
    let dates = whole_year(year).filter(|_| YEARS.contains(&year))?;
    Some(Dates { text: s.word(at + 1).into(), ..dates })
}

/// How many clauses a bracket may have that says an amount again.
const LONGEST_BRACKET: usize = 4;

/// Where the words behind a figure end that may tell its time: past a bracket that says it again, as in `198,1 tỷ yen (1,74 tỷ USD) trong
/// năm 2016`.
fn reach(scene: &Scene<'_, '_>, i: usize) -> usize {
    let q = scene.figure(i);
    let clause = scene.clause_of(q.number.start);
    let plain = scene.next_start(i).min(clause.tokens.end);
    if !scene.sentence().is_mark(q.tokens.end, "(") {
        return plain;
    }
    let inside = scene.clauses.partition_point(|c| c.tokens.start <= q.tokens.end);
    let closes = |c: &&Clause| c.border == Border::Close && c.depth == clause.depth;
    let Some(behind) = scene.clauses[inside..].iter().take(LONGEST_BRACKET).find(closes) else { return plain };
    let next = scene.figures()[i + 1..].iter().map(|f| f.tokens.start).find(|&t| t >= behind.tokens.start);
    next.unwrap_or(scene.sentence().len()).min(behind.tokens.end)
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
    let s = scene.sentence();
    let near = |p: &Mention| !(p.tokens.end..bracket.open).any(|t| s.is_mark(t, ","));
    let of_comparison = scene.read.periods.iter().rev().find(|p| p.tokens.end <= bracket.open && p.tokens.start >= bracket.from && p.compared && near(p));
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
    Some(Dates { start: back(dates.start), end: back(dates.end), text: Arc::default() })
}

/// A time behind a figure belongs to it when nothing else begins between.
fn attached(scene: &Scene<'_, '_>, i: usize, m: &Mention) -> bool {
    let from = scene.figure(i).tokens.end;
    let s = scene.sentence();
    m.tokens.start - from <= 14
        && !(from..m.tokens.start)
            .any(|t| matches!(s.word(t), "và" | "theo") || s.begins(t, Classes::of([Class::Comparison, Class::Status])) && s.word(t) != "đã")
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
    // `trên 7,5% (năm 2020 ước 5,6%)`: what a bracket begins with holds in it.
    let start = scene.figure(i).tokens.start;
    let opens_bracket = m.tokens.start > 0 && s.is_mark(m.tokens.start - 1, "(");
    let own_bracket = opens_bracket && m.tokens.end <= start && !(m.tokens.end..start).any(|t| s.is_mark(t, ")"));
    scene.figures()[..i].iter().filter(|q| q.kind != Kind::Duration && !own_bracket).any(|q| {
        q.tokens.end <= m.tokens.start
            && m.tokens.start - q.tokens.end <= 3
            && !(q.tokens.end..m.tokens.start).any(|t| s.is_mark(t, ",") || s.is_mark(t, ";") || s.word(t) == "và")
    })
}

/// `Tình hình sản xuất (nguồn: Sở, đến ngày 10/3): …`: the bracket of a heading that a colon ends.
fn heads_list(scene: &Scene<'_, '_>, m: &Mention) -> bool {
    scene.sentence().is_mark(m.tokens.end, ")") && scene.sentence().is_mark(m.tokens.end + 1, ":")
}

/// Where a time stands; one that is a bracket of its own (`kỳ nghỉ lễ vừa qua (27/4 - 1/5)`) stands behind the word before it.
fn anchor(scene: &Scene<'_, '_>, m: &Mention) -> usize {
    let bracket = scene.sentence().is_mark(m.tokens.start, "(") && scene.sentence().is_mark(m.tokens.end - 1, ")");
    if bracket { m.tokens.start.saturating_sub(1) } else { m.tokens.start }
}

/// A time of an earlier clause holds on unless it stood in a bracket that closed, or belongs to an earlier figure.
fn governs(scene: &Scene<'_, '_>, m: &Mention, i: usize) -> bool {
    let a = scene.clause_of(anchor(scene, m));
    let b = scene.clause_of(scene.figure(i).number.start);
    (a.depth <= b.depth || heads_list(scene, m)) && !taken(scene, m, i) && !of_plan(scene, m) && !of_thing(scene, m)
}

/// `Đến ngày 25/11, vốn của chương trình năm 2025 giải ngân …`: behind a state as of a date its year only names the thing.
fn of_thing(scene: &Scene<'_, '_>, m: &Mention) -> bool {
    let whole_year = matches!(scene.rules.rule(m.rule).data, Data::Period(Yields::Year));
    let inside = m.tokens.start > scene.clause_of(m.tokens.start).tokens.start && !scene.is(m.tokens.start, Cue::WholeYear);
    let year = m.dates.end.map(Date::year);
    let state = |p: &Mention| p.tokens.end <= m.tokens.start && p.dates.start.is_none() && p.dates.end.map(Date::year) == year && !p.compared;
    whole_year && inside && m.dates.start.is_some() && scene.read.periods.iter().any(state)
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

/// A day or some days on which something happened: `dịp này` may mean it later.
pub fn is_occasion(rules: &RuleSet, m: &Mention) -> bool {
    matches!(rules.rule(m.rule).data, Data::Period(Yields::Day | Yields::Days | Yields::Today)) && m.dates.start.is_some() && m.dates.end.is_some()
}

/// `dịp này`, `cùng thời gian`: an earlier time of the text.
pub fn is_earlier(rules: &RuleSet, m: &Mention) -> bool {
    matches!(rules.rule(m.rule).data, Data::Period(Yields::Occasion | Yields::SameTime))
}

/// Words whose date is only that of publication: `đến nay`.
pub fn is_relative(rules: &RuleSet, m: &Mention) -> bool {
    matches!(rules.rule(m.rule).data, Data::Period(Yields::Now | Yields::SamePoint | Yields::Occasion | Yields::SameTime))
}

/// `cùng thời điểm`
pub fn is_same_point(rules: &RuleSet, m: &Mention) -> bool {
    matches!(rules.rule(m.rule).data, Data::Period(Yields::SamePoint))
}

/// `đến năm 2025`
pub fn is_end_of_year(rules: &RuleSet, m: &Mention) -> bool {
    matches!(rules.rule(m.rule).data, Data::Period(Yields::EndOfYear))
}

/// A single day: in a heading it is the date of the report, not the time of its figures.
pub fn is_day(rules: &RuleSet, m: &Mention) -> bool {
    matches!(rules.rule(m.rule).data, Data::Period(Yields::Day))
}
