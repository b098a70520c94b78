//! Shares, amounts and rates: the noun before the verb, or the one right behind the figure.
//!
//! In: a figure that is no count. Out: what is measured. Never: a time, or the plan that a share is taken of.

use super::super::Scene;
use super::coordinated::{is_bare, of_row, past_row};
use super::counted::{is_qualifying, past_others, past_phrase, with_verb};
use super::edge::{extent, next_after, past_relation, render, starts_compound, trimmed};
use super::left::left_phrase;
use super::named::{LONGEST_OWNER, cue_of, hits_at_start, is_whole, topic};
use super::{Introducer, introducer};
use crate::quantity::Quantity;
use crate::rules::{Class, Classes, Cue};
use crate::terms::Kind;
use crate::text::tidy;

/// How many words behind a figure may leave it to a relation to say which ones they are.
const SHORT_NOUN: usize = 4;

/// Subject of a share, an amount, a rate.
pub(super) fn measured(scene: &Scene<'_, '_>, i: usize, has_previous: bool) -> Option<String> {
    let q = scene.figure(i);
    if let Some(side) = ranked_by(scene, i) {
        return Some(side);
    }
    if let Some(plan) = plan_beside(scene, i) {
        return Some(plan);
    }
    let introducer = introducer(scene, i);
    let left = left_phrase(scene, i);
    if let Some(noun) = counted_rate(scene, i, left.as_deref()) {
        return Some(noun);
    }
    if let Some(noun) = noun_inside(scene, q).filter(|_| !left.as_deref().is_some_and(|l| names_magnitude(scene, l))) {
        return Some(noun);
    }
    let is_verb = |l: &&str| l.split_whitespace().count() <= 2 && l.starts_with(char::is_lowercase) && !names_magnitude(scene, l);
    if shares(scene, q) && introducer != Introducer::Nothing && left.as_deref().is_some_and(|l| !is_verb(&l)) {
        return left;
    }
    if has_previous && left.as_deref().is_some_and(|l| is_whole(scene, l, |h| h.class == Class::Change)) && goes_on(scene, i) {
        return None;
    }
    let amount = q.base.is_some() || matches!(q.kind, Kind::Money | Kind::Rate | Kind::Measure);
    // `làm giảm 10% số người tử vong`: the noun behind is what falls.
    let noun = |b: &std::ops::Range<usize>| {
        scene.is(b.start, Cue::Head)
            || left.is_none() && !is_plan(scene, b.start) && !scene.read.periods.iter().any(|p| p.tokens.start < b.end && p.tokens.end > b.start)
    };
    if let Some(plan) = plan_paid_out(scene, i, left.as_deref()).filter(|_| introducer == Introducer::Lexical) {
        return Some(plan);
    }
    if let Some(cut) = what_is_cut(scene, i, left.as_deref()) {
        return Some(cut);
    }
    if q.base.as_ref().is_some_and(noun) && changes(scene, q.tokens.start) {
        return right_phrase(scene, i).or(left);
    }
    // `- Nông nghiệp: 1.087 ha lúa bị ngập`: the label of an item says less than the noun.
    if q.kind == Kind::Measure
        && labelled(scene, i)
        && let Some(right) = right_phrase(scene, i)
    {
        return Some(right);
    }
    // `Mục tiêu không thay đổi: ít nhất 80% số xã đạt chuẩn`: what stands before the colon announces.
    let of_things = q.kind == Kind::Percent && q.base.as_ref().is_some_and(|b| !is_plan(scene, b.start));
    if of_things && behind_colon(scene, i) && !left.as_deref().is_some_and(|l| names_magnitude(scene, l)) {
        return right_phrase(scene, i).or(left);
    }
    // `FPT đạt 2.472 tỷ đồng doanh thu`
    if q.kind == Kind::Money
        && introducer == Introducer::Level
        && scene.has(q.tokens.end, Class::Magnitude)
        && !left.as_deref().is_some_and(|l| names_magnitude(scene, l))
    {
        return right_phrase(scene, i).or(left);
    }
    let magnitude = introducer == Introducer::Lexical && amount && left.as_deref().is_some_and(|l| names_magnitude(scene, l));
    if magnitude {
        return left;
    }
    let verb = left.as_deref().filter(|l| introducer != Introducer::Nothing && is_verb(l));
    if !has_previous && let (Some(verb), Some(topic)) = (verb, topic(scene, i)) {
        return Some(if topic.contains(verb) { topic } else { format!("{topic} {verb}") });
    }
    if let Some(left) = left.as_deref().filter(|l| from_source(scene, q) && introducer == Introducer::Lexical && l.split_whitespace().count() > 2) {
        return Some(left.to_owned());
    }
    if let Some(aim) = left.as_deref().filter(|_| introducer == Introducer::Lexical).and_then(|done| done_for(scene, i, done)) {
        return Some(aim);
    }
    // `phụ nữ làm chủ một phần tư số cơ sở`: nothing is said of what it is a part of.
    if introducer == Introducer::Lexical && nothing_said(scene, i) && left.as_deref().is_some_and(|l| !is_verb(&l)) {
        return left;
    }
    let takes_right = !matches!(q.kind, Kind::Multiple | Kind::Rank | Kind::Points);
    if takes_right
        && (introducer != Introducer::Level || left.is_none() && !has_previous)
        && let Some(right) = right_phrase(scene, i)
    {
        if let Some(gift) = given_for(scene, i, &right).filter(|_| introducer == Introducer::Lexical) {
            return Some(gift);
        }
        let verb_names = introducer == Introducer::Lexical && right.split_whitespace().count() == 1;
        return Some(if verb_names { with_verb(scene, i, &right) } else { right });
    }
    left
}

/// Is there nothing between a colon and a figure but how exact it is?
fn behind_colon(scene: &Scene<'_, '_>, i: usize) -> bool {
    let start = scene.figure(i).tokens.start;
    (0..start).rev().find(|&t| !is_qualifying(scene, t)).is_some_and(|t| scene.sentence().is_mark(t, ":"))
}

/// `hiến 25.000 m2 đất để mở rộng đường`: a measured thing named by one word, with its verb and what it is for.
fn given_for(scene: &Scene<'_, '_>, i: usize, right: &str) -> Option<String> {
    let (s, q) = (scene.sentence(), scene.figure(i));
    let at = (q.tokens.end..scene.next_start(i)).take(3).find(|&t| s.is_any(t, &["để"]))?;
    let single = q.kind == Kind::Measure && right.split_whitespace().count() == 1;
    let aim = trimmed(scene, at + 1..extent(scene, at + 1, at + 1, scene.next_start(i))).filter(|_| single)?;
    // `98,4 tỷ đồng và 1.050 tấn gạo để cứu đói`: without its verb it is the thing alone.
    let given = Some(with_verb(scene, i, right)).filter(|given| given != right)?;
    Some(format!("{given} {} {}", s.word(at), render(scene, aim)))
}

/// `thành phố xếp thứ 3 cả nước về tổng lượt khách`: what the order is by, behind the rank and those beside it.
fn ranked_by(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let s = scene.sentence();
    let rank = |k: usize| scene.figure(k).kind == Kind::Rank;
    let last = (i..scene.figures().len()).take_while(|&k| rank(k)).last()?;
    let end = scene.next_start(last);
    let at = (scene.figure(i).tokens.end..end).take_while(|&t| !s.is_mark(t, ",") && !s.is_mark(t, ";")).find(|&t| scene.is(t, Cue::Side))?;
    let range = at + 1..extent(scene, at + 1, at + 1, end);
    trimmed(scene, range).map(|r| render(scene, r))
}

/// `thu 2,146 tỷ đồng/dự toán 1,95 tỷ đồng`: the plan between a slash and its amount.
fn plan_beside(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let s = scene.sentence();
    let start = scene.figure(i).tokens.start;
    let slash = (scene.previous_end(i)..start).rev().find(|&t| s.is_mark(t, "/")).filter(|_| scene.figure(i).kind == Kind::Money)?;
    let named = is_plan(scene, slash + 1) && s.of(slash + 1, Classes::only(Class::Base)).any(|h| h.end as usize == start);
    named.then(|| tidy(s.quote(&(slash + 1..start))).into_owned())
}

fn is_plan(scene: &Scene<'_, '_>, t: usize) -> bool {
    scene.rules.known.base_plan.is_some_and(|id| scene.sentence().longest(t, Class::Base).is_some_and(|h| h.rule == id))
}

/// Does a figure stand right behind the colon of a label?
fn labelled(scene: &Scene<'_, '_>, i: usize) -> bool {
    let q = scene.figure(i);
    let clause = scene.clause_of(q.number.start);
    clause.border == super::super::clause::Border::Colon && clause.tokens.start == q.tokens.start
}

/// Does the clause end behind what a share is taken of?
fn nothing_said(scene: &Scene<'_, '_>, i: usize) -> bool {
    let q = scene.figure(i);
    let s = scene.sentence();
    q.base.as_ref().is_some_and(|b| b.end == q.tokens.end && (b.end >= s.len() || !s.tokens[b.end].is_word()))
}

/// `30% số phiếu`: a share of a whole that somebody has.
fn shares(scene: &Scene<'_, '_>, q: &Quantity) -> bool {
    q.kind == Kind::Percent && scene.is(q.base.as_ref().map_or(q.tokens.end, |b| b.start), Cue::PartOf)
}

/// `bán 6.815 xe, tăng trưởng 19%`: do two words alone stand before the figure in its clause?
fn goes_on(scene: &Scene<'_, '_>, i: usize) -> bool {
    let start = scene.figure(i).tokens.start;
    scene.previous_end(i).max(scene.clause_of(start).tokens.start) + 3 >= start
}

/// Does a verb of change stand at the number, with nothing but small words between?
fn changes(scene: &Scene<'_, '_>, number: usize) -> bool {
    let s = scene.sentence();
    let verb = (number.saturating_sub(4)..number).rev().find(|&t| scene.has(t, Class::Change) && s.longest(t, Class::Magnitude).is_none());
    verb.is_some_and(|v| (v + 1..number).all(|t| scene.is(t, Cue::Between) || scene.has(t, Class::Qualifier)))
}

/// `giải ngân tối thiểu 95% kế hoạch vốn được giao`: the verb alone, and the plan that it is a share of.
fn plan_paid_out(scene: &Scene<'_, '_>, i: usize, left: Option<&str>) -> Option<String> {
    // `kế hoạch` alone says nothing more.
    const PLAN: usize = 2;
    let base = scene.figure(i).base.as_ref().filter(|b| b.len() > PLAN && is_plan(scene, b.start))?;
    let verb = left.filter(|l| l.starts_with(char::is_lowercase) && cue_of(scene, l) == Some(Cue::Unfinished))?;
    let end = extent(scene, base.start, base.end, scene.next_start(i).max(base.end));
    trimmed(scene, base.start..end).map(|r| format!("{verb} {}", render(scene, r)))
}

/// `Thành phố cắt giảm 30% thời gian giải quyết`: what somebody makes less, behind the share of it.
fn what_is_cut(scene: &Scene<'_, '_>, i: usize, left: Option<&str>) -> Option<String> {
    const NEAR: usize = 6;
    let q = scene.figure(i);
    let base = q.base.as_ref().filter(|b| q.kind == Kind::Percent && !is_plan(scene, b.start) && changes(scene, q.tokens.start))?.start;
    let cuts = (q.tokens.start.saturating_sub(NEAR)..q.tokens.start).any(|t| scene.is(t, Cue::Cuts));
    let acts = || scene.has(base, Class::Magnitude) && left.is_some_and(|l| !names_magnitude(scene, l)) && introducer(scene, i) == Introducer::Level;
    if cuts || acts() { right_phrase(scene, i) } else { None }
}

/// `bố trí 3.112 tỷ đồng cho vùng khó khăn`, `MACC đã tịch thu 45 triệu ringgit của giám đốc`, `bàn giao 98 ha cho Bộ`: what is done, and to whom or for what, on both sides of the
/// amount.
fn done_for(scene: &Scene<'_, '_>, i: usize, done: &str) -> Option<String> {
    let s = scene.sentence();
    let q = scene.figure(i);
    let at = q.tokens.end;
    let told = matches!(q.kind, Kind::Money | Kind::Measure) && scene.is(at, Cue::Aim) && done.split_whitespace().count() <= LONGEST_OWNER;
    if !told || names_magnitude(scene, done) {
        return None;
    }
    let end = extent(scene, at + 1, at + 1, scene.next_start(i).max(at + 1));
    let phrase = trimmed(scene, at + 1..end).map(|r| render(scene, r))?;
    Some(format!("{done} {} {phrase}", s.word(at)))
}

/// `hỗ trợ các chủ thể 11,8 tỷ đồng từ nguồn …`
pub(super) fn from_source(scene: &Scene<'_, '_>, q: &Quantity) -> bool {
    scene.sentence().word(q.tokens.end) == "từ"
}

/// `8,1 bác sĩ/vạn dân`: a counted noun above the line is the subject, unless the clause names it.
pub(super) fn counted_rate(scene: &Scene<'_, '_>, i: usize, left: Option<&str>) -> Option<String> {
    let s = scene.sentence();
    let q = scene.figure(i);
    let noun = s.longest(q.unit_tokens.start, Class::Counter).filter(|_| q.kind == Kind::Rate && !q.unit_tokens.is_empty())?;
    let text = tidy(s.quote(&(noun.start as usize..(noun.end as usize).min(q.unit_tokens.end))));
    let head = text.to_lowercase();
    if left.is_some() && s.longest(q.unit_tokens.start, Class::Unit).is_some() {
        return None;
    }
    let named = left.is_some_and(|l| l.to_lowercase().contains(&head) || names_magnitude(scene, l));
    let change = s.begins(q.tokens.start.saturating_sub(1), Classes::only(Class::Change));
    // `năng lực cửa khẩu từ 450 xe/ngày lên 1.500 xe/ngày`
    let reached = i > 0 && scene.figure(i - 1).unit == q.unit && super::super::change::is_from(scene, i - 1);
    (!named && !change && !reached).then(|| text.into_owned())
}

/// `617 tấn rác sinh hoạt/ngày`: what is measured stands between the unit and the time.
fn noun_inside(scene: &Scene<'_, '_>, q: &Quantity) -> Option<String> {
    let s = scene.sentence();
    let from = s.longest(q.unit_tokens.start, Class::Unit).filter(|_| q.kind == Kind::Rate && !q.unit_tokens.is_empty())?.end as usize;
    let slash = (from..q.unit_tokens.end).find(|&t| s.is_mark(t, "/"))?;
    (slash > from).then(|| tidy(s.quote(&(from..slash))).into_owned())
}

/// Does a phrase begin with a noun that is measured (`tỷ lệ …`, `độ bao phủ`)?
pub(super) fn names_magnitude(scene: &Scene<'_, '_>, text: &str) -> bool {
    let end = text.match_indices(' ').nth(1).map_or(text.len(), |(at, _)| at);
    hits_at_start(scene, &text[..end]).0.iter().any(|h| h.cue == Some(Cue::Head))
}

/// `65% số xã đạt chuẩn`, `418,3 tỷ đồng vốn đầu tư`, `12 công dừa sáp`: the noun directly behind.
pub(super) fn right_phrase(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let s = scene.sentence();
    let q = scene.figure(i);
    let limit = scene.next_start(i);
    let plan = q.base.as_ref().is_some_and(|b| scene.rules.known.base_plan.is_some_and(|id| s.longest(b.start, Class::Base).is_some_and(|h| h.rule == id)));
    if let Some(base) = q.base.clone().filter(|_| !plan) {
        let mut end = extent(scene, base.start, base.end, limit.max(base.end));
        if s.word(end) == "là" {
            end = extent(scene, end, end + 1, limit.max(base.end));
        }
        let text = trimmed(scene, base.start..end).map(|r| render(scene, r))?;
        return Some(past_phrase(scene, end).map_or(text.clone(), |tail| format!("{text} {tail}")));
    }
    if is_named_behind(scene, i) {
        let end = extent(scene, q.tokens.end, q.tokens.end + 1, limit);
        return trimmed(scene, q.tokens.end + 1..end).map(|r| render(scene, r));
    }
    let first = s.tokens.get(q.tokens.end)?;
    let function = [Class::Stop, Class::Change, Class::Reach, Class::Comparison, Class::Boundary, Class::Status, Class::Opener, Class::Period];
    let is_function =
        scene.cue(q.tokens.end, Cue::Auxiliary).is_some() || function.iter().any(|&c| scene.has(q.tokens.end, c)) && !starts_compound(scene, q.tokens.end);
    let no_noun = q.kind != Kind::Duration && scene.is(q.tokens.end, Cue::NoNoun);
    if plan || !first.is_word() || is_function || no_noun {
        return source_of_money(scene, i);
    }
    let mut end = extent(scene, q.tokens.end, q.tokens.end, limit);
    // `66 tấn thịt bò | đã được chuyển đi`, but `100% rác được phân loại tại nhà`
    let share = || q.kind == Kind::Percent && left_phrase(scene, i).is_none();
    end = (q.tokens.end..end).find(|&t| scene.cue(t, Cue::Auxiliary).is_some() && !starts_compound(scene, t) && !share()).unwrap_or(end);
    // `Cỗ máy 2.0 lít cung cấp 245 mã lực`: what leads to the next amount is its verb.
    let leads = scene.figures().get(i + 1).is_some_and(|n| n.tokens.start == end && !n.counted);
    if leads && left_phrase(scene, i).is_some() {
        return None;
    }
    // `418,3 tỷ đồng vốn 3 chương trình`: a count inside the noun phrase.
    if let Some(next) = scene.figures().get(i + 1).filter(|n| n.tokens.start == end && n.counted && end > q.tokens.end) {
        end = extent(scene, q.tokens.end, next.tokens.end, next_after(scene, end));
    }
    if (1..=SHORT_NOUN).contains(&(end - q.tokens.end)) {
        end = past_relation(scene, end, limit, &[Cue::Relation, Cue::Purpose]);
    }
    let bare = is_bare(scene, q.tokens.end..end);
    let end = past_row(scene, end).filter(|_| bare && q.kind == Kind::Measure).unwrap_or(end);
    let found = trimmed(scene, q.tokens.end..end).map(|r| render(scene, r))?;
    let tail = past_others(scene, end).or_else(|| if bare { of_row(scene, i, end) } else { None });
    Some(tail.map_or(found.clone(), |tail| format!("{found} {tail}")))
}

/// `hơn một nửa là điều dưỡng`, `trong đó 4.500 ha là gỗ lớn`: `là` behind a share, or behind a part with no words of its own.
fn is_named_behind(scene: &Scene<'_, '_>, i: usize) -> bool {
    const OPENER: usize = 2;
    let q = scene.figure(i);
    let is_part = |t: usize| t >= scene.previous_end(i) && t < q.tokens.start && (t + OPENER..q.tokens.start).all(|u| is_qualifying(scene, u));
    let is_share = || q.kind == Kind::Percent && introducer(scene, i) == Introducer::Nothing;
    scene.sentence().word(q.tokens.end) == "là" && (is_share() || scene.parts.iter().any(|&t| is_part(t)))
}

/// `100.000 tỷ đồng từ ngân sách trung ương`
pub(super) fn source_of_money(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let s = scene.sentence();
    let q = scene.figure(i);
    if q.kind != Kind::Money || s.word(q.tokens.end) != "từ" {
        return None;
    }
    let end = extent(scene, q.tokens.end, q.tokens.end + 1, scene.next_start(i));
    trimmed(scene, q.tokens.end + 1..end).map(|r| render(scene, r))
}
