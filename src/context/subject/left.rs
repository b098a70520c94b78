//! The words before a figure that name it, in its clause or an earlier one.
//!
//! In: a figure. Out: a noun phrase without verbs of reaching. Never: words of another figure's clause, unless that figure only counts
//! something inside the phrase.

use super::super::Scene;
use super::super::change::gap;
use super::super::clause::{Border, Clause};
use super::edge::{kept, protected, render, trimmed, verbal};
use super::named::is_whole;
use super::{Introducer, introducer};
use crate::quantity::Quantity;
use crate::rules::{Class, Classes, Cue, Data, Scope};
use crate::terms::Kind;
use std::ops::Range;

/// How many tokens a subject before the verb may have.
pub(super) const LONGEST_LEFT: usize = 24;

/// The noun phrase before the verb of a figure, in its clause.
pub(super) fn left_phrase(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let q = scene.figure(i);
    let clause = scene.clause_of(q.number.start);
    let to = q.tokens.start;
    let mut from = left_border(scene, clause).max(left_bound(scene, i));
    // `36,4 triệu đồng (mua vào) và 36,6 triệu đồng`: that bracket is the other figure's.
    if clause.border == Border::Close && scene.sentence().is_mark(from, "(") {
        from = clause.tokens.start;
    }
    from = from.max(to.saturating_sub(LONGEST_LEFT));
    let bound = left_bound(scene, i);
    from = list_start(scene, from, bound);
    from = noun_list(scene, clause, from..to, bound).map_or(from, |start| start.max(to.saturating_sub(LONGEST_LEFT)));
    from = narrowed(scene, from, to);
    // `giá vàng thấp hơn giá trong nước 2,6 triệu`: what it is compared with is no part of it.
    let to = (from..to).rev().find(|&t| gap(scene, t..to).is_some()).unwrap_or(to);
    let to = passive(scene, from, to).unwrap_or(to);
    let range = if from < to { trimmed(scene, from..to) } else { None };
    if range.as_ref().is_some_and(|r| lists_name(scene, i, r)) {
        return None;
    }
    if let Some(named) = before_purpose(scene, clause, to).filter(|_| scene.previous_end(i) <= clause.tokens.start) {
        return Some(named);
    }
    // `Thành phố đặt chỉ tiêu giảm 30% chi phí`: whose figure it is, not what.
    let found = range.map(|r| render(scene, r)).filter(|t| !t.is_empty() && !is_whole(scene, t, |h| h.class == Class::Here));
    found.or_else(|| if clause.border == Border::Close { before_bracket(scene, clause) } else { None }).or_else(|| {
        if clause.border == Border::Colon && scene.previous_end(i) <= clause.tokens.start { before_colon(scene, clause.tokens.start) } else { None }
    })
}

/// `Apple, Amazon và Google tăng 3%`: where the list of names begins whose last two stand at a token.
fn list_start(scene: &Scene<'_, '_>, from: usize, bound: usize) -> usize {
    const LONGEST: usize = 5;
    let s = scene.sentence();
    let capital = |t: usize| s.tokens.get(t).is_some_and(|t| t.is_word() && t.is_capital());
    let names = (from..from + LONGEST).take_while(|&t| capital(t)).count();
    let joined = scene.is(from + names, Cue::Joins) && capital(from + names + 1);
    let mut start = from;
    while names > 0 && joined && start > bound + 1 && s.is_mark(start - 1, ",") {
        let first = (bound..start - 1).rev().take_while(|&t| capital(t)).last();
        match first.filter(|first| start - 1 - first <= LONGEST) {
            Some(first) => start = first,
            None => break,
        }
    }
    start
}

/// `bán buôn và bán lẻ, sửa chữa ô tô, mô tô, xe máy chiếm 29,4%`: where a list of nouns begins whose last one stands in a range: two
/// commas or more, and nothing but words between them.
fn noun_list(scene: &Scene<'_, '_>, clause: &Clause, own: Range<usize>, bound: usize) -> Option<usize> {
    const LONGEST: usize = 5;
    let s = scene.sentence();
    let k = scene.clauses.iter().position(|c| c == clause && c.border == Border::Comma)?;
    let bare = |tokens: &Range<usize>| tokens.clone().all(|t| s.tokens[t].is_word() && !verbal(scene, t));
    let named = |tokens: &Range<usize>| {
        let meets = |other: &Range<usize>| other.start < tokens.end && other.end > tokens.start;
        scene.read.periods.iter().any(|p| meets(&p.tokens))
            || scene.read.places.iter().any(|p| meets(&p.tokens))
            || scene.figures().iter().any(|q| meets(&q.tokens))
    };
    let says = |t: usize| scene.cue(t, Cue::Says).is_some() || scene.cue(t, Cue::Auxiliary).is_some();
    let is_item = |c: &Clause| {
        let short = c.tokens.len() <= LONGEST || c.border != Border::Comma;
        short
            && !c.tokens.is_empty()
            && c.tokens.start >= bound
            && c.depth == clause.depth
            && bare(&c.tokens)
            && !named(&c.tokens)
            && !c.tokens.clone().any(says)
    };
    let items = (1..=k).rev().take_while(|&c| scene.clauses[c].border == Border::Comma && is_item(&scene.clauses[c - 1])).count();
    let first = &scene.clauses[k - items];
    let last = own.start..trimmed(scene, own)?.end;
    let small = last.len() <= LONGEST + 1 && bare(&last);
    let nouns = items > 1 && first.border != Border::Comma && !s.tokens[scene.clauses[k - items + 1].tokens.start].is_capital();
    (nouns && small).then_some(first.tokens.start)
}

/// `giá vàng SJC | được công ty A niêm yết ở mức`, `giá vàng SJC | được niêm yết lúc 8 giờ`: where words begin that only say who made a price
/// or a share, or when.
fn passive(scene: &Scene<'_, '_>, from: usize, to: usize) -> Option<usize> {
    let s = scene.sentence();
    let start = if from < to { trimmed(scene, from..to)?.start } else { return None };
    let measured = s.longest(start, Class::Magnitude).is_some() || scene.is(start, Cue::Head) || scene.is(start, Cue::Incomplete);
    let agent = |t: usize| s.tokens.get(t).is_some_and(|w| w.is_capital()) || scene.is(t, Cue::Company) || scene.is(t, Cue::Body);
    (start + 1..to.saturating_sub(3))
        .find(|&t| measured && s.is_any(t, &["được", "do", "bị"]) && (agent(t + 1) || scene.is(t + 1, Cue::Traded)) && !protected(scene, t, t + 1))
}

/// `nguồn vốn ủy thác để bổ sung vốn vay là 2.981 tỷ đồng`, `tỷ giá trần mà các ngân hàng được áp dụng là 23.109 đồng`: what stands before the
/// purpose, or before what is said of it.
pub(super) fn before_purpose(scene: &Scene<'_, '_>, clause: &Clause, number: usize) -> Option<String> {
    let s = scene.sentence();
    let opened = clause.border == Border::Word && matches!(s.word(clause.tokens.start), "để" | "nhằm" | "mà");
    if !opened || number == 0 || s.word(number - 1) != "là" {
        return None;
    }
    let before = scene.clauses.iter().rev().find(|c| c.tokens.end <= clause.tokens.start && !c.tokens.is_empty())?;
    let figures = scene.figures().iter().any(|q| before.tokens.contains(&q.number.start));
    let contiguous = before.tokens.end == clause.tokens.start && !figures;
    trimmed(scene, before.tokens.clone()).filter(|_| contiguous).map(|r| render(scene, r))
}

/// Where the words before a figure may begin: behind the figure before, unless that one only counts something inside the phrase
/// (`vốn ba chương trình mục tiêu quốc gia là …`, `giá qua 9 lần điều chỉnh đã tăng …`).
pub(super) fn left_bound(scene: &Scene<'_, '_>, i: usize) -> usize {
    let end = scene.previous_end(i);
    let Some(p) = i.checked_sub(1) else { return end };
    let before = scene.figure(p);
    let clause = scene.clause_of(scene.figure(i).number.start);
    let inside = matches!(before.kind, Kind::Count | Kind::Duration)
        && before.tokens.start > clause.tokens.start
        && !(end..scene.figure(i).tokens.start).any(|t| scene.sentence().word(t) == "và")
        && end < scene.figure(i).tokens.start
        && introducer(scene, p) == Introducer::Lexical
        && (matches!(introducer(scene, i), Introducer::Level) || of_age(scene, clause, before));
    if inside { left_bound(scene, p) } else { end }
}

/// `tỷ lệ trẻ dưới 1 tuổi được tiêm đủ mũi mới 31,8%`: does an age only say of whom a share is?
fn of_age(scene: &Scene<'_, '_>, clause: &Clause, before: &Quantity) -> bool {
    let named = || trimmed(scene, clause.tokens.start..before.tokens.start);
    before.kind == Kind::Duration && named().is_some_and(|r| scene.is(r.start, Cue::Head))
}

/// `huyện A 41%, Đăk Glei 38%`: nothing but a name in a row of figures, which says whose figure it is and not what.
pub(super) fn lists_name(scene: &Scene<'_, '_>, i: usize, range: &Range<usize>) -> bool {
    let s = scene.sentence();
    let Some(before) = i.checked_sub(1).map(|p| scene.figure(p)) else { return false };
    let row = before.kind == scene.figure(i).kind && before.unit == scene.figure(i).unit && !before.counted;
    row && range.len() <= 4 && range.clone().all(|t| s.tokens[t].is_word() && s.tokens[t].is_capital() || s.is_mark(t, "'")) && range.len() > 1
}

/// `COD (lượng oxy cần thiết) vượt 18 lần`: what stands before the bracket, when nothing stands behind it.
pub(super) fn before_bracket(scene: &Scene<'_, '_>, clause: &Clause) -> Option<String> {
    let at = scene.clauses.iter().position(|c| c == clause)?;
    let before = scene.clauses[..at].iter().rev().find(|c| c.depth <= clause.depth)?;
    let figures = scene.figures().iter().any(|q| q.number.start >= before.tokens.start && q.number.start < before.tokens.end);
    if figures {
        return None;
    }
    let from = narrowed(scene, before.tokens.start, before.tokens.end);
    trimmed(scene, from..before.tokens.end).map(|r| render(scene, r))
}

/// Cuts off what stands before the words that name the figure: the agent of a goal (`tỉnh phấn đấu …`), and the clause before
/// a magnitude (`… với tổng vốn đăng ký`, `… có giá bán`).
pub(super) fn narrowed(scene: &Scene<'_, '_>, from: usize, to: usize) -> usize {
    let s = scene.sentence();
    let names = |start: usize| trimmed(scene, start..to).is_some();
    // `vốn đã giao và dự kiến giao là …`: a lone verb is no subject.
    let says_more = |start: usize| trimmed(scene, start..to).is_some_and(|r| r.len() > 1 || scene.sentence().tokens[r.start].is_capital());
    let goal = (from..to).rev().find_map(|t| {
        let hit = s.of(t, Classes::only(Class::Status)).max_by_key(|h| h.end).filter(|h| (h.end as usize) < to || kept(scene, h).is_some())?;
        let verb = matches!(scene.rules.rule(hit.rule).data, Data::Status { scope: Scope::Sentence | Scope::Weak, .. });
        let noun = !verb || s.of(t, Classes::of([Class::Compound, Class::Base, Class::Magnitude])).any(|h| h.end >= hit.end);
        let behind = kept(scene, hit).unwrap_or(hit.end as usize);
        (!noun && !protected(scene, t, hit.end as usize) && says_more(behind)).then_some(behind)
    });
    // `vốn đầu tư ước giải ngân 12 tỷ đồng`: the verb goes with its noun.
    let lone = |g: usize| {
        trimmed(scene, g..to).is_some_and(|r| scene.cue(r.start, Cue::Unfinished) == Some(r.end))
            && trimmed(scene, from..g).is_some_and(|r| r.len() > 1 && (s.longest(r.start, Class::Magnitude).is_some() || scene.is(r.start, Cue::Head)))
    };
    let from = goal.filter(|&g| !lone(g)).unwrap_or(from);
    let from = part_with_side(scene, from, to).unwrap_or(from);
    let from = behind_actor(scene, from, to).unwrap_or(from);
    if let Some(share) = share(scene, from, to) {
        return share;
    }
    // `GDP của Brazil đạt tăng trưởng 1%`: the noun is reached.
    let reached = |t: usize| s.longest(t - 1, Class::Change).is_some_and(|h| h.end as usize > t);
    let opens = |t: usize| scene.is(t - 1, Cue::Opens) && s.longest(t, Class::Magnitude).is_some() && !reached(t) && !protected(scene, t - 1, t);
    let magnitude = (from + 1..to).rev().find(|&t| opens(t)).or_else(|| last_noun(scene, from, to));
    magnitude.filter(|&t| names(t)).unwrap_or(from)
}

/// `Xe có | yên ngồi cao 755 mm`: the part whose side is measured, behind the verb of having.
fn part_with_side(scene: &Scene<'_, '_>, from: usize, to: usize) -> Option<usize> {
    const NEAR: usize = 3;
    let side = (from.max(to.saturating_sub(NEAR))..to).find(|&t| scene.is(t, Cue::Dimension) && (t + 1..to).all(|u| verbal(scene, u)))?;
    let had = (from + 1..side).rev().find(|&t| scene.sentence().is_any(t, &["có"]))?;
    trimmed(scene, had + 1..side).map(|_| had + 1)
}

/// `vụ vừa rồi chị | bán 3 tấn`, `tôi dự báo | khách cả năm`: a pronoun is who acts or speaks, and what stands before it says when.
fn behind_actor(scene: &Scene<'_, '_>, from: usize, to: usize) -> Option<usize> {
    let s = scene.sentence();
    let capital = |t: usize| s.tokens.get(t).is_some_and(|t| t.is_word() && t.is_capital());
    // `tàu anh câu được 42 con`: whose it is.
    let owns = |t: usize| t > from && s.ends(t, Classes::only(Class::Counter));
    let pronoun = |t: usize| scene.cue(t, Cue::Actor).filter(|&end| !protected(scene, t, end) && (t == 0 || !capital(t)) && !owns(t));
    let end = (from..to).rev().find_map(pronoun)?;
    let end = (end..to).find(|&t| !capital(t))?;
    trimmed(scene, end..to).map(|_| end)
}

/// `Dự án được phê duyệt | diện tích 3,4 ha`: the magnitude right before a number, behind a verb with its particle.
fn last_noun(scene: &Scene<'_, '_>, from: usize, to: usize) -> Option<usize> {
    const LONG: usize = 6;
    let s = scene.sentence();
    let start = (from.max(to.saturating_sub(LONG))..to).find(|&t| s.of(t, Classes::only(Class::Magnitude)).any(|h| h.end as usize == to))?;
    let verb = (from..start).any(|t| scene.cue(t, Cue::Auxiliary).is_some_and(|e| e < start) && !protected(scene, t, t + 1));
    (start - from >= LONG && verb).then_some(start)
}

/// `khuyến cáo | tỷ lệ kiểm tra chỉ nên chiếm 15%`: where words for a share begin, with what it is a share of behind them.
fn share(scene: &Scene<'_, '_>, from: usize, to: usize) -> Option<usize> {
    let s = scene.sentence();
    // `mức giảm tỷ lệ hộ nghèo` is one magnitude.
    let owned = |t: usize| s.is_any(t - 1, &["có", "của", "với", "và"]) || s.ends(t, Classes::only(Class::Magnitude));
    let (start, end) = (from + 1..to).rev().filter(|&t| s.is_any(t + 1, &["lệ"]) && !owned(t)).find_map(|t| Some((t, s.cue(t, Cue::Incomplete)?)))?;
    trimmed(scene, start..to).filter(|r| r.end > end).map(|_| start)
}

/// Where a clause begins; an abbreviation in brackets does not begin one (`Chỉ số giá tiêu dùng (CPI) tháng 8 tăng`), nor does an aside
/// before the owner (`doanh thu bán vé (gồm cả thuế) của Vietlott`).
pub(super) fn left_border(scene: &Scene<'_, '_>, clause: &Clause) -> usize {
    if clause.border != Border::Close {
        return behind_comparison(scene, clause);
    }
    let at = scene.clauses.iter().position(|c| c == clause).unwrap_or(0);
    if let Some(owned) = before_aside(scene, &scene.clauses[..at], clause) {
        return owned.tokens.start;
    }
    let (Some(inside), Some(before)) = (at.checked_sub(1).map(|k| &scene.clauses[k]), at.checked_sub(2).map(|k| &scene.clauses[k])) else {
        return clause.tokens.start;
    };
    let short = inside.border == Border::Open && inside.tokens.len() <= 4 && !scene.figures().iter().any(|q| inside.tokens.contains(&q.number.start));
    if short { before.tokens.start } else { clause.tokens.start }
}

/// `So với phiên trước | giá vàng giảm`: the start of a clause, or where the comparison ends that opens it.
fn behind_comparison(scene: &Scene<'_, '_>, clause: &Clause) -> usize {
    let opens = |c: &&Range<usize>| c.start == clause.tokens.start && c.end < clause.tokens.end && scene.has(c.end, Class::Magnitude);
    scene.told().iter().find(opens).map_or(clause.tokens.start, |c| c.end)
}

/// The clause before a bracket, when it goes on behind it with its owner; a time may stand between.
fn before_aside<'c>(scene: &Scene<'_, '_>, earlier: &'c [Clause], clause: &Clause) -> Option<&'c Clause> {
    let period = |at: usize| scene.read.periods.iter().find(|p| p.tokens.start == at).map(|p| p.tokens.end);
    let start = clause.tokens.start;
    let of = period(start).unwrap_or(start);
    let before = earlier.iter().rev().find(|c| c.depth <= clause.depth)?;
    let figures = scene.figures().iter().any(|q| q.number.start >= before.tokens.start && q.number.start < start);
    (scene.sentence().is_any(of, &["của"]) && !figures).then_some(before)
}

pub(super) fn before_colon(scene: &Scene<'_, '_>, start: usize) -> Option<String> {
    let s = scene.sentence();
    // `Xi măng (nghìn tấn): 1.418`: not the bracket.
    let depth = scene.clause_of(start).depth;
    let before = scene.clauses.iter().rev().find(|c| c.tokens.end < start && !c.tokens.is_empty() && c.depth <= depth)?;
    // `lưu lượng xả hôm nay (6/2) của các hồ chứa là: …`
    let at = scene.clauses.iter().position(|c| c == before).filter(|_| before.border == Border::Close);
    let before = at.and_then(|at| before_aside(scene, &scene.clauses[..at], before)).unwrap_or(before);
    // `Dư nợ tại một số địa phương: …` tells where, and the list tells it again.
    let place = (before.tokens.start + 1..before.tokens.end).find(|&t| matches!(s.word(t), "tại" | "ở") && !protected(scene, t, t + 1));
    let end = passive(scene, before.tokens.start, before.tokens.end).unwrap_or(before.tokens.end);
    let named = place.and_then(|t| trimmed(scene, before.tokens.start..t.min(end)));
    named.or_else(|| trimmed(scene, before.tokens.start..end)).map(|r| render(scene, r))
}

/// The nearest earlier clause of the sentence that names something.
pub(super) fn earlier_clause(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let q = scene.figure(i);
    let clause = scene.clause_of(q.number.start);
    let earlier = scene
        .clauses
        .iter()
        .rev()
        .filter(|c| c.tokens.end <= clause.tokens.start && c.tokens.start >= scene.previous_end(i) && !c.tokens.is_empty() && c.depth <= clause.depth);
    for c in earlier {
        // `Bí thư Thành ủy cho rằng …`: who says it.
        let speaks = scene.clauses.iter().any(|n| n.tokens.start == c.tokens.end && scene.cue(n.tokens.start, Cue::Says).is_some());
        if speaks || scene.is(c.tokens.start, Cue::Adverbial) {
            continue;
        }
        if let Some(range) = trimmed(scene, c.tokens.clone()) {
            return Some(render(scene, range));
        }
    }
    None
}
