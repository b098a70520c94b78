//! Figures in rows and in brackets, whose names stand elsewhere.
//!
//! In: a figure. Out: the earlier figure whose subject it has, or the words before its bracket. Never: a subject for a row that has
//! a name of its own.

use super::super::clause::{Border, Clause};
use super::super::{Context, Scene};
use super::counted::counts_named;
use super::edge::{extent, render, trimmed, verbal};
use super::left::{before_colon, left_phrase};
use super::named::cue_of;
use crate::rules::{Class, Classes, Cue};
use crate::terms::{Change, Kind};
use crate::text::{Flags, tidy};

/// `doanh thu 3.262 tỷ đồng, lợi nhuận 525 tỷ đồng, tăng lần lượt 62,4% và 25%`: the figure before that this one goes with.
pub(super) fn respective(scene: &Scene<'_, '_>, i: usize) -> Option<usize> {
    const NEAR: usize = 24;
    let start = scene.figure(i).tokens.start;
    let word = (start.saturating_sub(NEAR)..start).rev().find(|&t| scene.is(t, Cue::Respective))?;
    let figures = scene.figures();
    let first = figures.iter().position(|q| q.tokens.start > word)?;
    let end = (first..figures.len() - 1).find(|&k| !joined(scene, k)).unwrap_or(figures.len() - 1) + 1;
    let named = left_phrase(scene, first).is_some_and(|l| cue_of(scene, &l) != Some(Cue::Anaphor));
    // Words of another clause between the two rows name what the second is of: `ít nhất là Rơ Măm và Brâu, lần lượt 639 và 525 người`.
    let s = scene.sentence();
    let own = scene.clause_of(figures[first].number.start).tokens.start;
    let told = |t: usize| scene.compared(t) || scene.read.periods.iter().any(|p| p.tokens.contains(&t));
    let apart = (scene.previous_end(first)..own).any(|t| s.tokens[t].is_word() && !verbal(scene, t) && !told(t));
    let row = end - first;
    (!apart && row > 1 && row <= first && (first..end).contains(&i) && !named).then(|| i - row)
}

fn names_plan(scene: &Scene<'_, '_>, t: usize) -> bool {
    use crate::rules::{Data, Scope};
    use crate::terms::Status;
    let target = |h: &crate::rules::Hit| matches!(scene.rules.rule(h.rule).data, Data::Status { value: Status::Target, scope: Scope::Noun | Scope::Sentence });
    scene.sentence().of(t, Classes::only(Class::Status)).any(target)
}

/// Do only marks, `và` and verbs of change stand between a figure and the next?
fn joined(scene: &Scene<'_, '_>, i: usize) -> bool {
    let s = scene.sentence();
    let gap = scene.figure(i).tokens.end..scene.figure(i + 1).tokens.start;
    gap.len() <= 4 && gap.clone().all(|t| s.is_mark(t, ",") || s.word(t) == "và" || scene.has(t, Class::Change) || scene.has(t, Class::Qualifier))
}

/// `tăng 38% về số dự án và tăng 23% về vốn`: the side of the thing that a change is told of, behind the name of the thing.
pub(super) fn aspect(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], change: Change) -> Option<String> {
    let side = side_of(scene, i).filter(|_| matches!(change, Change::Increase | Change::Decrease))?;
    // `904 dự án với số vốn 5 tỷ USD, tăng 6,3% về số dự án`: named before by itself.
    let noun = side.split_once(' ').map(|(_, noun)| noun).filter(|noun| noun.starts_with("số ") && !noun.starts_with("số lượng"));
    if let Some(noun) = noun.filter(|_| scene.peer(i).is_some_and(|p| scene.figure(p).kind == Kind::Money)) {
        return Some(noun.to_owned());
    }
    let from = scene.previous_end(i).max(scene.clause_of(scene.figure(i).number.start).tokens.start);
    let own = trimmed(scene, from..scene.figure(i).tokens.start).filter(|r| !scene.is(r.start, Cue::Side) && side_of(scene, i.wrapping_sub(1)).is_none());
    let named = own.map(|r| render(scene, r)).or_else(|| {
        let before = scene.peer(i)?;
        let named = contexts[before].subject.0.clone()?;
        Some(side_of(scene, before).and_then(|s| named.strip_suffix(&s).map(|n| n.trim_end().to_owned())).unwrap_or(named))
    })?;
    Some(format!("{named} {side}"))
}

/// `về lượng` behind a share.
fn side_of(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    const LONGEST: usize = 6;
    let s = scene.sentence();
    let q = scene.figures().get(i).filter(|q| q.kind == Kind::Percent)?;
    let at = q.tokens.end;
    let end = scene.cue(at, Cue::Side)?;
    let end = extent(scene, end, end, (at + LONGEST).min(scene.next_start(i)));
    (end > at + 1).then(|| tidy(s.quote(&(at..end))).into_owned())
}

/// `giảm tỷ trọng nông nghiệp (từ 48% xuống 45%), tăng tỷ trọng công nghiệp (từ 17% lên 18%)`: what stands right before the bracket
/// that a figure opens, when no other figure does.
pub(super) fn before_own_bracket(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let s = scene.sentence();
    let q = scene.figure(i);
    let clause = scene.clause_of(q.number.start);
    let leads = (clause.tokens.start..q.tokens.start).all(|t| verbal(scene, t));
    let bare = !q.counted || counts_named(scene, q) && extent(scene, q.tokens.end, q.tokens.end, scene.next_start(i)) == q.tokens.end;
    if clause.border != Border::Open || !leads || !bare {
        return None;
    }
    let open = clause.tokens.start - 1;
    let before = scene.clauses.iter().rev().find(|c| c.tokens.end <= open && !c.tokens.is_empty())?;
    if before.tokens.end != open || before.tokens.start < scene.previous_end(i) {
        return None;
    }
    // `54/94 trường mầm non, phổ thông đạt chuẩn (57,4%)` says the ratio again.
    if q.kind == Kind::Percent && before.border == Border::Comma && scene.peer(i).is_some_and(|p| scene.figure(p).kind == Kind::Ratio) {
        return None;
    }
    // `vượt chỉ tiêu đề ra (giảm 4%)`: a verb of reaching goes on with what was named before.
    let first = before.tokens.start;
    let goes_on = scene.has(first, Class::Reach) && verbal(scene, first) && !scene.is(first, Cue::Head);
    let of_plan = super::super::clause::reference(scene, i).is_some_and(|r| r.plan) || before.tokens.clone().any(|t| names_plan(scene, t));
    if goes_on || of_plan {
        return None;
    }
    let range = trimmed(scene, before.tokens.clone())?;
    // Names in a list say whose the figures are; what is measured was named before.
    let is_name = range.clone().all(|t| s.tokens[t].is_capital() || s.tokens[t].flags.has(Flags::UPPER) || !s.tokens[t].is_word());
    if is_name {
        return in_list_of_names(scene, before, clause).map(|head| format!("{head} {}", render(scene, range)));
    }
    Some(render(scene, range))
}

/// `lưu lượng xả của các hồ là: Hồ Hòa Bình (2.223 m3/s), Hồ Thác Bà (424 m3/s)`: what opens a list of names, each with its bracket.
fn in_list_of_names(scene: &Scene<'_, '_>, before: &Clause, bracket: &Clause) -> Option<String> {
    let s = scene.sentence();
    let at = scene.clauses.iter().position(|c| c == before)?;
    let opener = scene.clauses[..=at].iter().rev().find(|c| c.border == Border::Colon)?;
    let mut list = scene.clauses.iter().filter(|c| c.tokens.start >= opener.tokens.start && c.tokens.end <= before.tokens.end && c.depth < bracket.depth);
    let is_name = |t: usize| !s.tokens[t].is_word() || s.tokens[t].is_capital() || scene.is(t, Cue::Joins);
    if list.all(|c| c.tokens.clone().all(is_name)) { before_colon(scene, opener.tokens.start) } else { None }
}
