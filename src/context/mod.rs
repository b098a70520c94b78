//! Context: what the sentence says of each figure.
//!
//! In: the sentences of a document with their quantities. Out: for each figure a [`Context`]: qualifier, change, status, basis,
//! subject, place and period, each with the rule or the scope that gave it. Never: a change of a quantity.
//!
//! Scopes, narrowest first: the words at the number, its clause, coordination and ellipsis, the sentence, the paragraph,
//! the document. Each file tells which scopes it uses.

mod basis;
mod cell;
mod change;
mod clause;
mod period;
mod place;
mod qualifier;
mod quotation;
mod status;
mod subject;

pub use basis::{Comparisons, comparisons};
pub use clause::Clause;
pub use period::{
    Dates, Mention as PeriodMention, Year, dateline, first_months, impossible_date, is_programme_span, lone_date, mentions, month_of, months_until,
    months_up_to, told_year, year_of,
};
pub use place::{
    LastNamed, MainPlace, Mention as PlaceMention, PlaceRef, RawMention, Tally, find as find_places, is_caption, resolve as resolve_places, without_namesakes,
};

use crate::quantity::{Quantities, Quantity};
use crate::rules::{Class, Classes, Cue, RuleId, RuleSet};
use crate::sentence::Sentence;
use crate::table::Cell;
use crate::terms::{Change, Qualifier, Status};
use std::ops::Range;

/// A sentence with all that was found in it.
#[derive(Debug, Clone)]
pub struct Read<'t> {
    pub sentence: Sentence<'t>,
    pub quantities: Quantities,
    pub comparisons: Comparisons,
    pub periods: Vec<PeriodMention>,
    pub places: Vec<PlaceMention>,
    /// The paragraph, from 0.
    pub paragraph: usize,
    /// The sentence in its paragraph, from 0.
    pub index: usize,
    /// The value of a flattened table that this line is.
    pub cell: Option<Cell>,
    /// The title, or a heading: a line of its own without a full stop.
    pub heading: bool,
}

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The default: no word says otherwise.
    Default,
    Rule(RuleId),
    /// Words of the clause, no rule of their own.
    Clause,
    /// Taken over from the figure before.
    Previous,
    Sentence,
    Paragraph,
    Document,
}

/// What the text says of one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    pub qualifier: (Qualifier, Source),
    pub change: (Change, Source),
    pub status: (Status, Source),
    pub basis: (Option<String>, Source),
    pub subject: (Option<String>, Source),
    pub place: (Option<PlaceRef>, Source),
    pub period: (Option<Dates>, Source),
}

/// What a document knows as a whole.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    pub main: MainPlace,
    /// The period of the title, for reports on one period.
    pub title_period: Option<Dates>,
    /// The day of publication, when known.
    pub published: Option<jiff::civil::Date>,
}

/// One sentence in its document.
pub struct Scene<'a, 't> {
    pub rules: &'a RuleSet,
    pub read: &'a Read<'t>,
    pub frame: &'a Frame,
    pub clauses: Vec<Clause>,
    /// Where words open the parts of a total.
    pub parts: Vec<usize>,
}

/// What the sentences before leave.
#[derive(Debug, Clone, Default)]
pub struct State {
    pub paragraph: usize,
    pub place: Option<PlaceRef>,
    pub period: Option<Dates>,
    /// How many sentences without a figure stand behind the one that told it.
    silent: usize,
    /// The sentence behind the last one with a figure or a time, in its paragraph.
    next: usize,
    /// The time of the line that announced a list.
    pub list_period: Option<Dates>,
    /// That line was a question: the time holds for the answer right below it.
    asked: bool,
    /// The year of the plan that was told last.
    pub plan_period: Option<Dates>,
    pub subject: Option<String>,
    /// The paragraph that `subject` comes from.
    pub subject_paragraph: usize,
    /// What was last measured in each unit in this paragraph.
    pub measured: Vec<(String, String)>,
    /// What was last counted with a noun that says little by itself (`vụ`), by that noun.
    pub counted: Vec<(String, String)>,
    /// What the last amount of money was, and the paragraph that tells it.
    pub money: Option<(usize, String)>,
    /// The heading above.
    pub heading: Option<String>,
    pub heading_period: Option<Dates>,
    /// The day that the heading tells: that of a list of prices below it.
    pub heading_day: Option<Dates>,
    pub heading_place: Option<PlaceRef>,
    /// The last state as of a date that the text told: `cùng thời điểm` means it.
    pub point: Option<Dates>,
    /// The days of the event that the text tells of, or its first day: `dịp này` means them.
    pub occasion: Option<Dates>,
    /// The time that was told last, also in an earlier paragraph: `cùng thời gian` means it.
    pub last: Option<Dates>,
    /// The status that an elliptical next sentence takes over.
    pub status: Option<(Status, RuleId)>,
    /// The status of the last result: parts of it may follow behind a plan.
    pub result_status: Option<(Status, RuleId)>,
    /// The status of a line that announced a list.
    pub list_status: Option<(Status, RuleId)>,
    /// That line was a heading: what it says holds for all below it, up to here in the text so far.
    pub headed: Option<usize>,
    /// The paragraph is an item of that list.
    pub in_list: bool,
}

impl State {
    fn enter(&mut self, scene: &Scene<'_, '_>) {
        let paragraph = scene.read.paragraph;
        if self.paragraph != paragraph {
            let is_item = status::is_list_item(scene);
            let headed = self.headed.filter(|&from| !status::opens_section(scene, from)).map(|_| scene.sentence().span.end);
            // What a question is about holds for the answer right below it.
            let answers = !self.asked || paragraph == self.paragraph + 1;
            let in_list = self.list_status.is_some() && answers && (is_item && self.headed.is_none() || headed.is_some());
            *self = State {
                heading: self.heading.take(),
                list_period: self.list_period.take().filter(|_| is_item && answers),
                asked: self.asked,
                heading_period: self.heading_period.take(),
                heading_day: self.heading_day.take(),
                heading_place: self.heading_place.take(),
                subject: self.subject.take(),
                counted: std::mem::take(&mut self.counted),
                point: self.point.take(),
                occasion: self.occasion.take(),
                last: self.last.take(),
                subject_paragraph: self.subject_paragraph,
                paragraph,
                in_list,
                list_status: self.list_status.filter(|_| in_list),
                headed: headed.filter(|_| in_list),
                ..State::default()
            };
        }
    }
}

/// Behind how many sentences without a figure a span of time no longer goes on.
const SILENT: usize = 2;

impl State {
    /// Counts the sentences without a figure before one that has some: a state as of a date goes on behind them, a span does not.
    fn pass(&mut self, read: &Read<'_>) {
        if read.quantities.figures.is_empty() {
            return;
        }
        self.silent += read.index.saturating_sub(self.next);
        self.next = read.index + 1;
        if self.silent >= SILENT {
            self.period = self.period.take().filter(|p| p.start.is_none());
        }
    }
}

/// Reads the context of all figures of a sentence.
pub fn read(rules: &RuleSet, frame: &Frame, read: &Read<'_>, state: &mut State) -> Vec<Context> {
    if let Some(cell) = &read.cell {
        return cell::read(rules, frame, cell, read, state);
    }
    let scene = Scene {
        rules,
        read,
        frame,
        // Only figures ask for clauses.
        clauses: if read.quantities.figures.is_empty() { Vec::new() } else { clause::cut(&read.sentence, &read.quantities.figures) },
        parts: if read.quantities.figures.len() < 2 { Vec::new() } else { status::parts(rules, &read.sentence) },
    };
    state.enter(&scene);
    // `… tại huyện A. Ảnh: B/TTXVN`: the sentence before told what a picture shows.
    if place::opens_with_credit(&read.sentence) {
        (state.place, state.period) = (None, None);
    }
    state.pass(read);
    let figures = &read.quantities.figures;
    let mut out: Vec<Context> = Vec::with_capacity(figures.len());
    let shared_places = place::distributed(&scene);
    for (i, figure) in figures.iter().enumerate() {
        let previous = out.last();
        let restates = i > 0 && clause::restates(&scene, &figures[i - 1], figure);
        let status = status::of(&scene, i, &out, state);
        let change = change::of(&scene, i, previous, restates);
        let qualifier = qualifier::of(&scene, i, change.0);
        let change = if qualifier.0 == Qualifier::Over && change.1 == qualifier.1 { (Change::None, Source::Default) } else { change };
        let subject = subject::of(&scene, i, &out, state, change.0, restates);
        let basis = basis::of(&scene, i, &out, change.0, restates);
        let place = place::of(&scene, i, &out, state, &shared_places);
        let period = period::of(&scene, i, &out, state, status.0, change.0);
        let status = if is_to_come(&scene, status, &period, out.last()) { (Status::Target, period.1) } else { status };
        out.push(Context { qualifier, change, status, basis, subject, place, period });
    }
    leave(&scene, &out, state);
    out
}

/// `Năm 2026: thu nhập bình quân 68 triệu đồng/người` in a text of 2025: a plan, since nothing says that it is expected.
fn is_to_come(scene: &Scene<'_, '_>, status: (Status, Source), period: &(Option<Dates>, Source), previous: Option<&Context>) -> bool {
    let start = period.0.as_ref().and_then(|d| d.start);
    let own = match period.1 {
        Source::Rule(_) => true,
        Source::Previous => previous.is_some_and(|c| c.status.0 == Status::Target),
        _ => false,
    };
    own && status == (Status::Actual, Source::Default) && scene.frame.published.is_some_and(|p| start.is_some_and(|s| s > p && s.year() > p.year()))
}

/// What this sentence leaves to the next.
fn leave(scene: &Scene<'_, '_>, contexts: &[Context], state: &mut State) {
    let read = scene.read;
    // `(Đơn vị tính: đồng/kg)` only adds to the heading above.
    let heading = read.heading || is_heading(scene);
    let only_unit = scene.sentence().is_mark(0, "(") || scene.is(0, Cue::UnitLabel);
    // `Thứ Tư, 15/9/2021 | 19:30` names nothing.
    let dated = read.sentence.holds(Classes::only(Class::Dateline));
    if heading && !only_unit {
        state.heading_day = read.periods.iter().find(|p| !p.compared && period::is_day(scene.rules, p)).map(|p| p.dates.clone());
        if !dated {
            state.heading = subject::heading(scene);
        }
        state.heading_period =
            read.periods.iter().find(|p| !p.compared && !period::is_day(scene.rules, p) && !period::is_programme_span(scene.rules, p)).map(|p| p.dates.clone());
        state.heading_place = place::topic(scene);
    }
    if let Some(last) = contexts.last() {
        state.subject.clone_from(&last.subject.0);
        state.subject_paragraph = read.paragraph;
    }
    // `từ 68 tỷ đồng hồi cuối năm 2019 lên 94 tỷ đồng`: the time of what was.
    let of_past = |p: &PeriodMention| {
        scene
            .figures()
            .iter()
            .enumerate()
            .any(|(i, q)| q.tokens.end <= p.tokens.start && p.tokens.start <= q.tokens.end + 1 && (change::is_left(scene, i) || change::is_from(scene, i)))
    };
    subject::keep_counted(scene, contexts, &mut state.counted);
    subject::keep_measured(scene, contexts, &mut state.measured);
    let amounts = || contexts.iter().enumerate().rev().filter(|(i, _)| scene.figure(*i).kind == crate::terms::Kind::Money);
    if let Some(subject) = amounts().find_map(|(_, c)| c.subject.0.clone()) {
        state.money = Some((read.paragraph, subject));
    }
    let governs = |p: &&PeriodMention| !p.compared && !of_past(p) && p.governs && !(period::is_relative(scene.rules, p) && p.dates.end.is_some());
    // `Dự án khởi công năm 2015. Cầu dài 9 km`: what a sentence without figures tells by the way, in the middle of a paragraph.
    let reports = !contexts.is_empty() || begins_paragraph(&read.sentence);
    // `Đến năm 2025, phấn đấu 60 xã đạt chuẩn`: the time of a goal governs later goals, no more.
    let of_goal = |p: &PeriodMention| {
        let mut held = contexts.iter().filter(|c| c.period.0.as_ref() == Some(&p.dates)).peekable();
        period::is_end_of_year(scene.rules, p) && held.peek().is_some() && held.all(|c| c.status.0 == Status::Target)
    };
    let of_plan = |p: &&PeriodMention| p.of_plan || of_goal(p);
    let held: Vec<&PeriodMention> = read.periods.iter().filter(governs).filter(|p| !of_plan(p)).collect();
    if let Some(p) = last_state(&held, contexts).or(held.first().copied()).filter(|_| reports) {
        state.period = Some(p.dates.clone());
        (state.silent, state.next) = (0, read.index + 1);
        state.plan_period = None;
    }
    if let Some(p) = read.periods.iter().filter(governs).find(of_plan) {
        state.plan_period = Some(p.dates.clone());
    }
    // `Cũng trong dịp này`, and what follows.
    if let Some(p) = read.periods.iter().find(|p| !p.compared && period::is_earlier(scene.rules, p)) {
        let told = contexts.iter().find(|c| c.period.1 == Source::Rule(p.rule)).and_then(|c| c.period.0.clone());
        state.period = told.or(state.period.take());
    }
    // `Cùng thời điểm` is the point told before.
    if state.point.is_some() && read.periods.iter().any(|p| !p.compared && period::is_same_point(scene.rules, p)) {
        state.period.clone_from(&state.point);
    }
    for p in read.periods.iter().filter(|p| !p.compared) {
        if period::is_earlier(scene.rules, p) {
            continue;
        }
        let days = period::is_occasion(scene.rules, p);
        if days && (state.occasion.is_none() || !p.dates.is_day()) {
            state.occasion = Some(p.dates.clone());
        }
        if p.dates.end.is_some() {
            state.last = Some(p.dates.clone());
        }
    }
    if let Some(p) = read.periods.iter().find(|p| !p.compared && period::is_point(scene.rules, p)) {
        state.point = Some(Dates { start: None, ..p.dates.clone() });
    }
    if !read.places.is_empty() {
        state.place = place::topic(scene);
    }
    if status::asks(scene) {
        state.list_period = read.periods.iter().rev().find(|p| !p.compared).map(|p| p.dates.clone());
        state.asked = true;
    }
    if status::announces(scene) {
        state.asked = false;
        state.list_period.clone_from(&state.period);
    }
    status::leave(scene, contexts, state, heading);
}

/// Of the times of one sentence, the last, when it takes the first one in or comes after it as a state, and no plan is told of it.
fn last_state<'m>(held: &[&'m PeriodMention], contexts: &[Context]) -> Option<&'m PeriodMention> {
    let (first, last) = (held.first()?, held.last()?);
    let is_state = |p: &PeriodMention| p.dates.start.is_none() && p.dates.end.is_some();
    let year = |p: &PeriodMention| p.dates.end.map(|d| d.year());
    // `Cuối năm 2015 còn 62 hộ nghèo; đến cuối năm 2018 chỉ còn 20 hộ`
    let later = is_state(last) && first.dates.end < last.dates.end && (is_state(first) || year(first) == year(last));
    let told = || contexts.iter().filter(|c| c.period.0.as_ref() == Some(&last.dates)).map(|c| c.status.0);
    let wider = takes_in(last, first) && told().all(|status| status != Status::Target);
    let is_fact = later && told().next().is_some() && told().all(|status| status == Status::Actual);
    (wider || is_fact).then_some(*last)
}

/// `Tháng 6 thu 90 tỷ đồng; 6 tháng đầu năm thu 480 tỷ đồng`: a time with another inside it, of the same year.
fn takes_in(whole: &PeriodMention, part: &PeriodMention) -> bool {
    let ends = |p: &PeriodMention| p.dates.start.zip(p.dates.end);
    let Some((whole, part)) = ends(whole).zip(ends(part)) else { return false };
    whole != part && whole.0 <= part.0 && part.1 <= whole.1 && whole.0.year() == whole.1.year()
}

/// Does a sentence stand first in its paragraph, perhaps behind its number (`4. Ngân sách 6 tháng.`)?
fn begins_paragraph(s: &Sentence<'_>) -> bool {
    // `VIII.`
    const LABEL: usize = 5;
    let before = s.text[..s.span.start].chars().rev().take_while(|&c| c != '\n');
    before.filter(|c| !c.is_whitespace()).take(LABEL + 1).count() <= LABEL
}

/// The rest of a line that its number was cut off from (`1. Thi tốt nghiệp năm 2023`): no figure, no full stop.
fn is_heading(scene: &Scene<'_, '_>) -> bool {
    const LONGEST: usize = 24;
    let s = scene.sentence();
    if !scene.figures().is_empty() || s.len() > LONGEST {
        return false;
    }
    let ends_line = s.text[s.span.end..].trim_start_matches(' ').starts_with('\n');
    let open = s.tokens.last().is_some_and(|t| t.is_word() || t.is_number());
    let numbered = || {
        let line = s.text[..s.span.start].rsplit('\n').next().unwrap_or("").trim();
        // `Biểu số 03. Kết quả …`, `Điều 2. Dự toán năm 2022`
        let label = line.len() <= LONGEST && line.ends_with('.') && line.contains(|c: char| c.is_ascii_digit());
        (1..=6).contains(&line.len()) || label
    };
    ends_line && open && numbered()
}

impl Scene<'_, '_> {
    fn sentence(&self) -> &Sentence<'_> {
        &self.read.sentence
    }

    /// What the sentence compares with.
    fn comparisons(&self) -> &[Range<usize>] {
        &self.read.comparisons.all
    }

    /// The comparisons that have an opening word (`so với năm 2010`), in order.
    fn told(&self) -> &[Range<usize>] {
        self.read.comparisons.told()
    }

    fn figure(&self, i: usize) -> &Quantity {
        &self.read.quantities.figures[i]
    }

    fn figures(&self) -> &[Quantity] {
        &self.read.quantities.figures
    }

    fn clause_of(&self, token: usize) -> &Clause {
        let i = self.clauses.partition_point(|c| c.tokens.end <= token);
        &self.clauses[i.min(self.clauses.len() - 1)]
    }

    /// The nearest figure before that does not stand in a bracket of its own.
    fn peer(&self, i: usize) -> Option<usize> {
        let depth = self.clause_of(self.figure(i).number.start).depth;
        (0..i).rev().find(|&k| self.clause_of(self.figure(k).number.start).depth <= depth)
    }

    /// The end of the figure before in the sentence, or 0.
    fn previous_end(&self, i: usize) -> usize {
        i.checked_sub(1).map_or(0, |p| self.figure(p).tokens.end)
    }

    /// The start of the next figure, or the end of the sentence.
    fn next_start(&self, i: usize) -> usize {
        self.figures().get(i + 1).map_or(self.sentence().len(), |q| q.tokens.start)
    }

    fn has(&self, token: usize, class: Class) -> bool {
        self.sentence().begins(token, Classes::only(class))
    }

    /// The end of the longest cue of this part that begins at a token.
    fn cue(&self, token: usize, cue: Cue) -> Option<usize> {
        self.sentence().cue(token, cue)
    }

    /// Does a cue of this part begin at a token?
    fn is(&self, token: usize, cue: Cue) -> bool {
        self.sentence().is(token, cue)
    }

    /// Is a token inside a comparison (`so với …`) of its clause?
    fn compared(&self, token: usize) -> bool {
        self.comparisons().iter().any(|c| c.contains(&token))
    }
}
