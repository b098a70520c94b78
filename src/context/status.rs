//! Status: fact, estimate, forecast or target. Scope: from the word on, over coordinated clauses to the end of the sentence;
//! a breakdown has the status of its total, also in an elliptical sentence right behind; list items have that of the
//! line that announces them; words that name the figure itself reach to the end of their clause; `đã` ends it.

use super::change::is_left;
use super::clause::{Border, Clause};
use super::{Context, Scene, Source, State};
use crate::rules::{Class, Classes, Cue, Data, Hit, RuleId, RuleSet, Scope};
use crate::sentence::Sentence;
use crate::terms::{Kind, Status};
use crate::text::Flags;
use std::ops::Range;

/// How many tokens may stand between words that name a figure and its number.
const NAME_REACH: usize = 24;

/// How many words may stand between what something is measured against and its level.
const LEVEL_REACH: usize = 4;

pub fn of(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], state: &State) -> (Status, Source) {
    if let Some(found) = reference(scene, i) {
        return found;
    }
    if let Some(found) = assigned_behind(scene, i) {
        return found;
    }
    if is_past(scene, i) || is_present(scene, i) {
        return (Status::Actual, Source::Sentence);
    }
    if let Some(found) = nearest(scene, i) {
        // `sẽ tăng từ 1,21 triệu đồng lên 1,3 triệu đồng`: the first is what it was.
        if found.0 == Status::Actual
            && let Some(will) = will_behind(scene, i)
        {
            return will;
        }
        let left = found.0 == Status::Forecast && is_left(scene, i);
        return if left { (Status::Actual, Source::Default) } else { found };
    }
    if let Some(found) = will_behind(scene, i) {
        return found;
    }
    if let Some(total) = total_of(scene, i) {
        return (contexts[total].status.0, Source::Previous);
    }
    if elliptical(scene) && measures_result(scene) {
        return state.result_status.map_or((Status::Actual, Source::Default), |(value, rule)| (value, Source::Rule(rule)));
    }
    if state.in_list && is_over(scene, i) {
        return (Status::Actual, Source::Sentence);
    }
    match state.status.or(state.list_status.filter(|_| state.in_list)) {
        Some((value, rule)) if state.in_list || elliptical(scene) => (value, Source::Rule(rule)),
        _ => (Status::Actual, Source::Default),
    }
}

/// `phấn đấu không quá 30% (năm 2021, tỷ lệ của tỉnh là 40,12%)`: a bracket with a time of its own that is over, and no word of status.
fn is_past(scene: &Scene<'_, '_>, i: usize) -> bool {
    let start = scene.figure(i).number.start;
    if scene.clause_of(start).depth == 0 {
        return false;
    }
    let from = (0..start).rev().find(|&t| scene.sentence().is_mark(t, "("));
    let silent = |from: &usize| !(*from..start).any(|t| scene.has(t, Class::Status));
    let own = |from: usize| scene.read.periods.iter().find(|p| p.tokens.start == from + 1).and_then(|p| p.dates.end);
    from.filter(silent).and_then(own).zip(scene.frame.published).is_some_and(|(end, published)| end < published)
}

/// `từ 61% | hiện nay lên 68%`. A multiple of the present level (`gấp năm lần hiện nay`) may be planned.
fn is_present(scene: &Scene<'_, '_>, i: usize) -> bool {
    let q = scene.figure(i);
    q.kind != Kind::Multiple && scene.is(q.tokens.end, Cue::Present)
}

/// `trong 2 năm 2021 - 2022, tỉnh có 214 viên chức nghỉ việc` in a list of targets: a clause opened by a time that is over.
fn is_over(scene: &Scene<'_, '_>, i: usize) -> bool {
    let start = scene.figure(i).number.start;
    let told = scene.read.periods.iter().rev().find(|p| p.tokens.end <= start && !p.compared);
    let end = told.filter(|p| p.dates.start.is_some()).and_then(|p| p.dates.end);
    end.zip(scene.frame.published).is_some_and(|(end, published)| end < published)
}

/// The nearest status word before the figure that reaches it.
fn nearest(scene: &Scene<'_, '_>, i: usize) -> Option<(Status, Source)> {
    if !scene.sentence().holds(Classes::only(Class::Status)) {
        return None;
    }
    let number = scene.figure(i).tokens.start;
    let clause = scene.clause_of(number);
    let mut weak = None;
    for t in (0..number).rev().filter(|&t| scene.has(t, Class::Status)) {
        let Some((hit, value, scope)) = status_at(scene, t) else { continue };
        if hit.end as usize > number {
            continue;
        }
        if told_level(scene, i, t..hit.end as usize, value) {
            return Some((value, Source::Rule(hit.rule)));
        }
        if ignored(scene, t, hit.end as usize, value) {
            continue;
        }
        let same_clause = clause.tokens.contains(&t);
        let reaches = match scope {
            Scope::Sentence | Scope::Weak => coordinated(scene, t, number) && !(value == Status::Estimate && begins_anew(scene, i, t)),
            Scope::Amount => coordinated(scene, t, number) && matches!(scene.figure(i).kind, Kind::Money | Kind::Measure),
            Scope::Clause => same_clause || value == Status::Actual && coordinated(scene, t, number),
            Scope::Noun => names_figure(scene, i, t, hit.end as usize),
        };
        // `Mục tiêu đến năm 2020, mặt hàng tôm sẽ mang về …`: the target holds for what will be.
        // `9,1 bác sĩ, trong khi chỉ tiêu là 11; giường bệnh …`: an aside ends with its part of the sentence.
        let aside = value == Status::Target && t > 0 && contrasts(scene, t) && (t..number).any(|u| scene.sentence().is_mark(u, ";"));
        if aside {
            continue;
        }
        let goal = value == Status::Target && scope == Scope::Sentence;
        if !reaches || weak.is_some() && (!same_clause && !goal || value == Status::Actual) {
            continue;
        }
        if scope == Scope::Weak {
            weak = Some((value, Source::Rule(hit.rule)));
            continue;
        }
        return Some((value, Source::Rule(hit.rule)));
    }
    weak
}

/// Does a boundary of contrast (`trong khi`) stand right before a token?
pub(super) fn contrasts(scene: &Scene<'_, '_>, t: usize) -> bool {
    scene.sentence().ends(t, Classes::only(Class::Boundary)) && scene.sentence().is_any(t - 1, &["khi"])
}

fn status_at<'s>(scene: &'s Scene<'_, '_>, t: usize) -> Option<(&'s Hit, Status, Scope)> {
    let s = scene.sentence();
    let hit = s.of(t, Classes::only(Class::Status)).max_by_key(|h| h.end)?;
    let Data::Status { value, scope } = scene.rules.rule(hit.rule).data else { return None };
    // Inside a longer fixed phrase the word says nothing: chương trình `mục tiêu` quốc gia.
    let held = (t.saturating_sub(4)..=t).any(|b| s.of(b, Classes::only(Class::Compound)).any(|h| h.end >= hit.end && h.len() > hit.len()));
    // `được giao dịch` is not `được giao`.
    let cut = (t + 1..hit.end as usize).any(|b| s.of(b, Classes::only(Class::Compound)).any(|h| h.end > hit.end));
    let longer = (t.saturating_sub(4)..t).any(|b| s.of(b, Classes::only(Class::Status)).any(|h| h.end >= hit.end));
    // `xã Nậm Cần`
    let named = scene.read.places.iter().any(|p| p.tokens.contains(&t) && s.tokens[t].is_capital());
    (!held && !cut && !longer && !named).then_some((hit, value, scope))
}

/// Status words that say nothing of the figure: inside a comparison, as a basis, or as the thing that was reached or passed.
fn ignored(scene: &Scene<'_, '_>, start: usize, end: usize, value: Status) -> bool {
    let s = scene.sentence();
    let is_base = scene.figures().iter().any(|q| q.base.as_ref().is_some_and(|b| b.start <= start && start < b.end) || q.tokens.contains(&start));
    let before = start.checked_sub(1).map_or("", |t| s.word(t)).to_lowercase();
    let compared = before == "với" && start > 1 && s.word(start - 2).eq_ignore_ascii_case("so");
    // `Để hoàn thành mục tiêu tăng trưởng 12,5%`
    let aimed = start > 2 && scene.is(start - 3, Cue::Aim);
    let passed = value == Status::Target && !aimed && !scene.has(start, Class::Magnitude) && (compared || start > 0 && scene.is(start - 1, Cue::MeasuredBy));
    // `cao hơn dự kiến`, `như dự báo`: what was expected is the measure.
    let noun = s.tokens.get(end).is_none_or(|t| !t.is_word()) || scene.has(end, Class::Stop);
    let measure = noun && value == Status::Forecast && matches!(before.as_str(), "hơn" | "như" | "với" | "vượt" | "kém" | "quá");
    let stop = scene.has(end, Class::Base) && value == Status::Target && before == "đạt";
    is_base || gives(scene, start, end).is_some() || scene.compared(start) || passed || measure || stop
}

/// `so với dự đoán giảm 1,2%`, `trên dự toán 5 tỷ đồng`: the level itself that something is measured against, right behind its name.
/// `tăng so với kế hoạch 5%` tells the gap.
fn told_level(scene: &Scene<'_, '_>, i: usize, name: Range<usize>, value: Status) -> bool {
    let s = scene.sentence();
    let number = scene.figure(i).tokens.start;
    let measured = (name.start.saturating_sub(3)..name.start).any(|t| scene.cue(t, Cue::MeasuredAgainst) == Some(name.start));
    let behind_another = i > 0 && scene.previous_end(i) <= name.start && scene.clause_of(number).tokens.contains(&name.start);
    if value == Status::Actual || !measured || !behind_another || number - name.end > LEVEL_REACH {
        return false;
    }
    let words = (name.end..number).all(|t| s.tokens[t].is_word());
    let share = matches!(scene.figure(i).kind, Kind::Percent | Kind::Points);
    match number.checked_sub(1).filter(|&t| t >= name.end) {
        // `(4,15% so với chỉ tiêu 4%)`: one level and another.
        None => !share || level_before(scene, i, name.start),
        Some(last) => words && is_small(scene, last) && (value == Status::Forecast || !scene.has(last, Class::Change)),
    }
}

/// Does a level of the same kind stand right before the words that measure it, with no verb of change?
fn level_before(scene: &Scene<'_, '_>, i: usize, name: usize) -> bool {
    let (p, q) = (scene.figure(i - 1), scene.figure(i));
    let start = p.tokens.start;
    p.kind == q.kind && name - p.tokens.end <= 2 && !(start.saturating_sub(4)..start).any(|t| scene.has(t, Class::Change))
}

/// `sản lượng ước 1.060 tấn; đàn trâu 1.024 con`: in a list of items what stands behind a semicolon is told by itself, unless it is a
/// part or goes on.
fn begins_anew(scene: &Scene<'_, '_>, i: usize, from: usize) -> bool {
    let s = scene.sentence();
    let number = scene.figure(i).tokens.start;
    (from..number).any(|t| s.is_mark(t, ";")) && (is_list_item(scene) || scene.read.heading)
}

/// Does the reach of a status word at `from` hold on to the figure at `to`?
fn coordinated(scene: &Scene<'_, '_>, from: usize, to: usize) -> bool {
    let s = scene.sentence();
    let (a, b) = (scene.clause_of(from), scene.clause_of(to));
    // A bracket that closed before the figure keeps its status to itself.
    a.depth <= b.depth && !(from..to).any(|t| s.is_mark(t, "."))
}

/// `dự toán 1.350 tỷ đồng`, `vốn được giao là 24 tỷ`: nothing but small words and nouns between, no other figure.
fn names_figure(scene: &Scene<'_, '_>, i: usize, start: usize, end: usize) -> bool {
    let s = scene.sentence();
    let number = scene.figure(i).tokens.start;
    let clause = scene.clause_of(number);
    // `vốn được giao lớn nhất tỉnh (214 tỷ đồng)`: nothing but the figure stands in its own clause.
    let bare = (clause.tokens.start..number).all(|t| is_small(scene, t));
    let named_before = bare && clause.tokens.start > 0 && scene.clause_of(clause.tokens.start - 1).tokens.contains(&start);
    // `tổng kế hoạch vốn của 2 chương trình là 1.128 tỷ đồng`: a count inside the name.
    let before = i.checked_sub(1).map(|p| scene.figure(p));
    let inside = before
        .is_some_and(|p| p.counted && p.tokens.start > end && s.is_any(p.tokens.start - 1, &["của"]) && (p.tokens.end..number).all(|t| is_small(scene, t)));
    // `Tổng kế hoạch vốn (gồm cả vốn kéo dài) là 1.596 tỷ đồng`
    let outside = |c: &&Clause| c.tokens.end <= clause.tokens.start && c.depth <= clause.depth && !c.tokens.is_empty();
    let past_bracket = bare && clause.border == Border::Close && scene.clauses.iter().rev().find(outside).is_some_and(|c| c.tokens.contains(&start));
    // `Kế hoạch vốn năm 2024, kể cả phần chuyển nguồn, là 1.287 tỷ đồng`
    let past_aside = bare && (end..clause.tokens.start).any(|t| scene.is(t, Cue::Aside) && scene.sentence().is_mark(t - 1, ","));
    if !clause.tokens.contains(&start) && !named_before && !past_bracket && !past_aside || scene.previous_end(i) > start && !inside {
        return false;
    }
    // `301 dự án còn hiệu lực, tổng vốn đầu tư 12,4 tỷ USD`: what was registered for all of them.
    let of_project = scene.sentence().of(start, Classes::only(Class::Status)).any(|h| scene.rules.known.status_project == Some(h.rule));
    if of_project && scene.figures()[..i].iter().any(|q| q.counted) {
        return false;
    }
    // What is paid out of assigned money is a result: `giải ngân các nguồn vốn Chính phủ giao là …`.
    let paid = (clause.tokens.start..start).any(|t| s.word(t) == "ngân" && s.word(t.saturating_sub(1)).eq_ignore_ascii_case("giải"));
    if paid && s.word(end - 1) == "giao" {
        return false;
    }
    let reached = (end..number).any(|t| scene.is(t, Cue::Result));
    // `(bao gồm cả vốn năm trước được phép kéo dài)` is no way between them.
    let between = (end..number).filter(|&t| scene.clause_of(t).depth <= clause.depth).count();
    between <= NAME_REACH && !reached
}

fn is_small(scene: &Scene<'_, '_>, t: usize) -> bool {
    scene.has(t, Class::Qualifier) || scene.has(t, Class::Reach)
}

/// A level in brackets behind what a figure is compared with: `kế hoạch năm (667,1 tỷ đồng)` is the plan, `năm 2010 (17 triệu)`
/// a fact.
fn reference(scene: &Scene<'_, '_>, i: usize) -> Option<(Status, Source)> {
    let bracket = super::clause::reference(scene, i)?;
    if bracket.plan {
        return Some((Status::Target, Source::Clause));
    }
    Some((own_status(scene, bracket.open, scene.figure(i).tokens.start), Source::Clause))
}

/// The status that the bracket itself tells.
fn own_status(scene: &Scene<'_, '_>, from: usize, to: usize) -> Status {
    (from..to).rev().find_map(|t| status_at(scene, t)).map_or(Status::Actual, |(_, value, _)| value)
}

/// The figure whose breakdown this one belongs to, in the sentence.
fn total_of(scene: &Scene<'_, '_>, i: usize) -> Option<usize> {
    let s = scene.sentence();
    let number = scene.figure(i).tokens.start;
    let opener = scene.parts.iter().copied().rev().find(|&t| t < number)?;
    let depth = scene.clause_of(opener).depth;
    let total = scene.figures().iter().rposition(|q| q.tokens.end <= opener && scene.clause_of(q.number.start).depth <= depth)?;
    (!(opener..number).any(|t| s.is_mark(t, "."))).then_some(total)
}

/// Where words open the parts of a total.
pub fn parts(rules: &RuleSet, s: &Sentence<'_>) -> Vec<usize> {
    (0..s.len()).filter(|&t| s.is_any(t, &["gồm", "Gồm"]) || opens_parts(rules, s, t)).collect()
}

fn opens_parts(rules: &RuleSet, s: &Sentence<'_>, t: usize) -> bool {
    s.of(t, Classes::only(Class::Boundary)).any(|h| rules.known.boundary_parts == Some(h.rule))
}

/// A sentence that opens with a word of breakdown, right behind one with a status.
fn elliptical(scene: &Scene<'_, '_>) -> bool {
    opens_parts(scene.rules, scene.sentence(), 0)
}

/// `4.221 tỷ đồng trên 3.050 tỷ đồng được giao`, `1.096,7 tỷ đồng Trung ương giao`
fn assigned_behind(scene: &Scene<'_, '_>, i: usize) -> Option<(Status, Source)> {
    let at = scene.figure(i).tokens.end;
    let (hit, value, scope) = status_at(scene, at)?;
    let passive = scene.cue(at, Cue::Auxiliary).is_some() && matches!(scene.figure(i).kind, Kind::Money | Kind::Count);
    (scope == Scope::Noun && passive || gives(scene, at, hit.end as usize) == Some(Kind::Money)).then_some((value, Source::Rule(hit.rule)))
}

/// The kind of the figure that words of status stand right behind, when they tell who has assigned it or its plan.
fn gives(scene: &Scene<'_, '_>, start: usize, end: usize) -> Option<Kind> {
    let told = end > start + 1 && scene.sentence().is_any(end - 1, &["giao"]);
    scene.figures().iter().find(|q| told && q.tokens.end == start).map(|q| q.kind)
}

/// `258 nghìn học sinh sẽ dự lễ khai giảng`: the verb of what is counted tells the future.
fn will_behind(scene: &Scene<'_, '_>, i: usize) -> Option<(Status, Source)> {
    const NOUN: usize = 5;
    let s = scene.sentence();
    let q = scene.figure(i);
    let limit = scene.next_start(i).min(scene.clause_of(q.number.start).tokens.end).min(q.tokens.end + NOUN);
    let at = (q.tokens.end..limit)
        .filter(|&t| !scene.is(t, Cue::Remaining))
        .find(|&t| !s.tokens[t].is_word() || scene.has(t, Class::Stop) || scene.has(t, Class::Status) || scene.has(t, Class::Reach))?;
    let (hit, value, scope) = status_at(scene, at)?;
    let verb = s.tokens.get(hit.end as usize).is_some_and(|t| t.is_word());
    (q.counted && value == Status::Forecast && matches!(scope, Scope::Weak | Scope::Sentence) && verb).then_some((value, Source::Rule(hit.rule)))
}

/// `giải ngân là 5.700 tỷ đồng, đạt 2,2% kế hoạch`: what is measured against a plan is a result.
fn measures_result(scene: &Scene<'_, '_>) -> bool {
    let s = scene.sentence();
    let plan = |t: usize| s.longest(t, Class::Base).is_some_and(|h| scene.rules.known.base_plan == Some(h.rule));
    scene.figures().iter().any(|q| q.kind == Kind::Percent && q.base.as_ref().is_some_and(|b| plan(b.start)))
}

/// Leaves the status of the main figure to an elliptical sentence, and that of an announcing line to its list.
pub fn leave(scene: &Scene<'_, '_>, contexts: &[Context], state: &mut State, heading: bool) {
    let main = scene.figures().iter().position(|q| scene.clause_of(q.number.start).depth == 0);
    let first = main.and_then(|i| contexts.get(i));
    state.status = first.and_then(|c| match c.status {
        (value, Source::Rule(rule)) if value != Status::Actual => Some((value, rule)),
        _ => None,
    });
    match first.map(|c| c.status) {
        Some((Status::Estimate, Source::Rule(rule))) => state.result_status = Some((Status::Estimate, rule)),
        Some((Status::Actual, _)) => state.result_status = None,
        _ => {}
    }
    if asks(scene) {
        let goal = last_status(scene).filter(|(value, _)| *value == Status::Target);
        (state.list_status, state.headed, state.in_list) = (goal, None, false);
    } else if announces(scene) {
        (state.list_status, state.headed) = (last_status(scene), None);
        state.in_list = false;
    } else if let Some(status) = heads(scene, heading) {
        (state.list_status, state.headed) = (status, status.map(|_| scene.sentence().span.end));
        state.in_list = false;
    }
}

/// `II. MỤC TIÊU NĂM 2024`: the status that a heading gives to the items below it; none of its own ends that of an earlier one.
fn heads(scene: &Scene<'_, '_>, heading: bool) -> Option<Option<(Status, RuleId)>> {
    const FIRST: usize = 4;
    // Bytes: `VIII`.
    const LABEL: usize = 4;
    if !heading || !scene.figures().is_empty() || !is_section(scene) {
        return None;
    }
    // Behind the number of the section: `MỘT SỐ CHỈ TIÊU QUÝ I` tells results.
    let s = scene.sentence();
    let number = |t: &usize| !s.tokens[*t].is_word() || s.tokens[*t].flags.has(Flags::UPPER) && s.word(*t).len() <= LABEL;
    let told = (0..s.len().min(FIRST)).find(|t| !number(t)).and_then(|t| status_at(scene, t));
    // `Dự toán năm 2022` is a plan, `Quy mô trường lớp` none, and `Chỉ tiêu` heads a column of results.
    let plan = |scope: Scope| matches!(scope, Scope::Sentence | Scope::Noun) && !scene.read.periods.is_empty();
    Some(told.filter(|(_, value, scope)| *value == Status::Target && plan(*scope)).map(|(hit, value, _)| (value, hit.rule)))
}

/// Does a section begin between a place in the text and the sentence? Lines without a digit are not read, so that their text is looked at.
pub fn opens_section(scene: &Scene<'_, '_>, from: usize) -> bool {
    let s = scene.sentence();
    let between = s.text.get(from..s.span.start).unwrap_or("");
    between.lines().map(str::trim).any(|line| {
        let label = line.split(['.', '/', ')']).next().unwrap_or("");
        let roman = !label.is_empty() && label.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L'));
        let letters = || line.chars().filter(|c| c.is_alphabetic());
        roman || letters().count() > 3 && letters().all(char::is_uppercase)
    })
}

/// Does a heading open a section: behind its number (`II.`, `Điều 2.`) or in capitals? The heading of a column does not.
fn is_section(scene: &Scene<'_, '_>) -> bool {
    let s = scene.sentence();
    let before = s.text[..s.span.start].rsplit('\n').next().unwrap_or("");
    let numbered = before.contains(|c: char| c.is_alphanumeric()) || s.tokens.first().is_some_and(|t| t.is_number());
    numbered || s.tokens.first().is_some_and(|t| t.flags.has(Flags::UPPER) && t.end - t.start > 1)
}

/// A line that ends with a colon announces a list.
pub fn announces(scene: &Scene<'_, '_>) -> bool {
    let s = scene.sentence();
    !s.is_empty() && s.is_mark(s.len() - 1, ":")
}

/// A line that ends with a question: what it asks about holds for the answer below it.
pub fn asks(scene: &Scene<'_, '_>) -> bool {
    let s = scene.sentence();
    !s.is_empty() && s.is_mark(s.len() - 1, "?")
}

fn last_status(scene: &Scene<'_, '_>) -> Option<(Status, RuleId)> {
    let s = scene.sentence();
    let from = if s.holds(Classes::only(Class::Status)) { 0 } else { s.len() };
    (from..s.len())
        .rev()
        .find_map(|t| status_at(scene, t).filter(|_| !scene.compared(t)))
        .and_then(|(hit, value, _)| (value != Status::Actual).then_some((value, hit.rule)))
}

/// Does a paragraph begin as a list item: a dash, a star, a letter or number with a bracket?
pub fn is_list_item(scene: &Scene<'_, '_>) -> bool {
    let s = scene.sentence();
    let marked = |t: usize| s.is_mark(t, ")") || s.is_mark(t, ".") || s.is_mark(t, "/");
    let bracketed = s.is_mark(0, "(") && s.is_mark(2, ")") && s.word(1).chars().count() <= 2;
    bracketed || s.is_dash(0) || s.is_mark(0, "+") || s.is_mark(0, "*") || s.is_mark(0, "•") || s.len() > 1 && s.word(0).chars().count() <= 2 && marked(1)
}
