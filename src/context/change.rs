//! Changes: a level, the size of a change, or the level reached. Scope: the words before the figure in its clause, then
//! coordination (a list takes the verb of its first member) and restatement.

use super::{Context, Scene, Source};
use crate::quantity::Quantity;
use crate::rules::{Class, Classes, Cue, Data, Hit, Role, Verb};
use crate::terms::{Change, Kind};
use crate::text::Flags;
use std::ops::Range;

/// How many words may say what a figure is more or less than.
const LONGEST_GAP: usize = 10;

pub fn of(scene: &Scene<'_, '_>, i: usize, previous: Option<&Context>, restates: bool) -> (Change, Source) {
    let q = scene.figure(i);
    if matches!(q.kind, Kind::Rank) {
        return (Change::None, Source::Default);
    }
    let clause = scene.clause_of(q.number.start);
    let from = clause.tokens.start.max(scene.previous_end(i));
    if is_plus(scene, i) {
        return (Change::Increase, Source::Clause);
    }
    if let Some(found) = verb_before(scene, i, from) {
        // `đội lên gấp đôi`: how many times as much it has become.
        let grows = q.kind == Kind::Multiple && found.0 == Change::IncreaseTo;
        return if grows { (Change::Increase, found.1) } else { found };
    }
    if let Some(previous) = previous
        && previous.change.0 != Change::None
        && super::clause::reference(scene, i).is_none()
        && !is_share_of_level(scene, i, previous.change.0)
        && (restates && !is_of_something(scene, i)
            || listed(scene, &scene.figures()[i - 1], q)
            || compared_too(scene, i)
            || other_side(scene, i)
            || respective(scene, i)
            || matches!(previous.change.0, Change::Increase | Change::Decrease) && (elliptical(scene, i) || next_place(scene, i)))
    {
        return (previous.change.0, Source::Previous);
    }
    (Change::None, Source::Default)
}

/// `màn hình 5,9 triệu cái (+51%)`: a sign at the number, in a bracket of its own.
fn is_plus(scene: &Scene<'_, '_>, i: usize) -> bool {
    let s = scene.sentence();
    let start = scene.figure(i).tokens.start;
    start > 1 && s.is_mark(start - 1, "+") && s.is_mark(start - 2, "(") && !s.tokens[start].flags.has(Flags::SPACE)
}

/// `bằng B% của C`, `đạt 113% kế hoạch`: a share of its own, not the change again.
fn is_of_something(scene: &Scene<'_, '_>, i: usize) -> bool {
    let s = scene.sentence();
    let q = scene.figure(i);
    let of = s.word(q.tokens.end) == "của";
    of || q.base.is_some() && scene.figures().get(i.wrapping_sub(1)).is_some_and(|p| p.kind == Kind::Money)
}

/// `tăng lên 5.000 hộ, bằng 43% số hộ`: a share of the level that was reached.
fn is_share_of_level(scene: &Scene<'_, '_>, i: usize, before: Change) -> bool {
    let share = scene.figure(i).kind == Kind::Percent && scene.figure(i - 1).kind != Kind::Percent;
    let said = scene.figure(i).tokens.start.checked_sub(1).is_some_and(|t| scene.is(t, Cue::Equals));
    let multiple = scene.figure(i).kind == Kind::Multiple;
    (share || multiple) && said && matches!(before, Change::IncreaseTo | Change::DecreaseTo)
}

/// `tăng 3,6% so với tháng 4 và 11,9% so với cùng kỳ`: the same change against something else.
fn compared_too(scene: &Scene<'_, '_>, i: usize) -> bool {
    let s = scene.sentence();
    let (before, q) = (scene.figure(i - 1), scene.figure(i));
    let end = scene.told().iter().find(|c| c.start == before.tokens.end).map(|c| c.end);
    let joined = |end: usize| (end..q.tokens.start).all(|t| s.is_mark(t, ",") || scene.is(t, Cue::Joins) || scene.has(t, Class::Qualifier));
    before.kind == q.kind && end.is_some_and(|end| end < q.tokens.start && joined(end)) && scene.told().iter().any(|c| c.start == q.tokens.end)
}

/// `tăng 18,4% về số dự án và 42% về vốn`: the same change of another side.
fn other_side(scene: &Scene<'_, '_>, i: usize) -> bool {
    let (before, q) = (scene.figure(i - 1), scene.figure(i));
    let gap = before.tokens.end..q.tokens.start;
    let joined = gap.len() <= LONGEST_GAP && gap.clone().last().is_some_and(|t| scene.is(t, Cue::Joins) || scene.sentence().is_mark(t, ","));
    before.kind == q.kind && scene.is(before.tokens.end, Cue::Side) && scene.is(q.tokens.end, Cue::Side) && joined
}

/// `bán lẻ tăng 12,9%, lưu trú 13,8%`: another thing and how much, the verb left out.
fn elliptical(scene: &Scene<'_, '_>, i: usize) -> bool {
    const LONGEST: usize = 10;
    const SAYS: Classes = Classes::of([Class::Change, Class::Status, Class::Comparison, Class::Stop, Class::Period, Class::Qualifier]);
    let s = scene.sentence();
    let (before, q) = (scene.figure(i - 1), scene.figure(i));
    let between = before.tokens.end..q.tokens.start;
    let opened = |t: usize| s.is_mark(t, ",") || scene.parts.contains(&t) || scene.is(t, Cue::Joins);
    let words = between.clone().filter(|&t| s.tokens[t].is_word()).count();
    let opener = |t: usize| scene.parts.iter().any(|&p| p <= t && s.longest(p, Class::Boundary).is_some_and(|h| t < h.end as usize));
    let verb = |t: usize| {
        s.begins(t, SAYS)
            || scene.is(t, Cue::Head)
            || s.of(t, Classes::only(Class::Reach)).any(|h| !matches!(scene.rules.rule(h.rule).data, Data::Reach(Verb::Small)))
    };
    before.kind == q.kind
        && matches!(q.kind, Kind::Percent)
        && (before.base.is_none() && q.base.is_none())
        && (1..=LONGEST).contains(&words)
        && between.clone().any(opened)
        && !between
            .clone()
            .any(|t| !opener(t) && verb(t) && !super::clause::inside_fixed(s, t, t as u32 + 2) || ["(", ":", ";"].iter().any(|m| s.is_mark(t, m)))
}

/// `Sóc Trăng giảm 312.000 thẻ, kế đến là Nghệ An 139.500 thẻ`: nothing but another place stands before the same unit.
fn next_place(scene: &Scene<'_, '_>, i: usize) -> bool {
    let s = scene.sentence();
    let (before, q) = (scene.figure(i - 1), scene.figure(i));
    let between = before.tokens.end..q.tokens.start;
    let place = |t: usize| scene.read.places.iter().any(|p| p.tokens.contains(&t));
    let placed = between.clone().any(place);
    let next = |t: usize| (between.start..=t).any(|b| scene.cue(b, Cue::NextInRow).is_some_and(|end| end > t));
    let small = |t: usize| s.is_mark(t, ",") || scene.is(t, Cue::Joins) || scene.has(t, Class::Qualifier) || next(t);
    placed && before.unit == q.unit && between.clone().all(|t| place(t) || small(t))
}

/// `giảm lần lượt 3 dự án và 41,5%`: the members of a list that one verb holds for may be of several kinds.
fn respective(scene: &Scene<'_, '_>, i: usize) -> bool {
    let s = scene.sentence();
    let (before, q) = (scene.figure(i - 1), scene.figure(i));
    let announced = before.tokens.start.checked_sub(2).is_some_and(|t| scene.cue(t, Cue::Respective) == Some(before.tokens.start));
    let between = before.tokens.end..q.tokens.start;
    announced && between.len() == 1 && between.clone().all(|t| scene.is(t, Cue::Joins) || s.is_mark(t, ","))
}

/// Only list words, and nothing else, between two figures.
fn listed(scene: &Scene<'_, '_>, before: &Quantity, q: &Quantity) -> bool {
    let s = scene.sentence();
    let between = before.tokens.end..q.tokens.start;
    !between.is_empty()
        && between.len() <= 6
        && between.clone().all(|t| {
            s.is_mark(t, ",")
                || matches!(s.word(t), "và" | "hoặc" | "hay")
                || scene.read.periods.iter().any(|p| p.tokens.contains(&t))
                || scene.has(t, Class::Qualifier)
        })
        && before.kind == q.kind
}

fn verb_before(scene: &Scene<'_, '_>, i: usize, from: usize) -> Option<(Change, Source)> {
    let s = scene.sentence();
    let number = scene.figure(i).tokens.start;
    // Verbs from the number backwards; the nearest that governs it wins.
    let mut t = number;
    while t > from {
        t -= 1;
        let Some(hit) = widest(s.of(t, Classes::only(Class::Change)).filter(|h| (h.end as usize) <= number)) else {
            continue;
        };
        // `thâm hụt`: no verb of its own.
        if (t.saturating_sub(3)..=t).any(|b| s.of(b, Classes::only(Class::Compound)).any(|h| h.end >= hit.end && h.len() > hit.len() && h.len() == 2)) {
            continue;
        }
        // `không vượt quá 30%`, `không thấp hơn 36 triệu`: a limit.
        if (t.saturating_sub(3)..t).any(|b| s.of(b, Classes::only(Class::Qualifier)).any(|h| h.end >= hit.end)) {
            continue;
        }
        // A longer phrase that begins earlier holds this one: `giảm xuống còn`.
        if let Some(found) = governs(scene, i, hit, from) {
            return Some(found);
        }
    }
    superlative(scene, i).or_else(|| bare_reach(scene, i, from))
}

/// `huyện A giảm nhanh nhất, 9,7 điểm phần trăm`: the verb stands at the end of the clause before, the figure alone behind the mark.
fn superlative(scene: &Scene<'_, '_>, i: usize) -> Option<(Change, Source)> {
    let s = scene.sentence();
    let number = scene.figure(i).tokens.start;
    let mark = number.checked_sub(1).filter(|&t| t > 1 && (s.is_mark(t, ",") || s.is_mark(t, ":")) && super::clause::is_superlative(s, t - 1))?;
    let hit = s.ending(mark, Class::Change, Role::Form)?;
    match scene.rules.rule(hit.rule).data {
        Data::Change { value, noun: false, reach: false } => Some((value, Source::Rule(hit.rule))),
        _ => None,
    }
}

fn widest<'h>(hits: impl Iterator<Item = &'h Hit>) -> Option<&'h Hit> {
    hits.max_by_key(|h| h.end)
}

fn governs(scene: &Scene<'_, '_>, i: usize, hit: &Hit, from: usize) -> Option<(Change, Source)> {
    let s = scene.sentence();
    let number = scene.figure(i).tokens.start;
    let (start, end) = (hit.start as usize, hit.end as usize);
    let Data::Change { value, noun, reach } = scene.rules.rule(hit.rule).data else {
        return None;
    };
    let longer = (from..start).find_map(|b| widest(s.of(b, Classes::only(Class::Change)).filter(|h| h.end as usize >= end && (h.end as usize) <= number)));
    if let Some(longer) = longer {
        return governs(scene, i, longer, from);
    }
    let source = Source::Rule(hit.rule);
    // `vượt 1 tỷ USD` tells how high, `vượt 5% kế hoạch` by how much.
    if end == number && scene.is(start, Cue::Exceeds) && !is_excess(scene, i) {
        return Some((Change::None, Source::Default));
    }
    let between = end..number;
    let direct = between.clone().all(|t| is_small(scene, t));
    if noun {
        // nâng tổng số xã lên 115: the verb needs `lên` or `là` at the number.
        let to = between.clone().rev().find(|&t| scene.is(t, Cue::Arrives));
        return to.filter(|&t| (t + 1..number).all(|u| is_small(scene, u))).map(|_| (value, source));
    }
    if reach {
        return direct.then_some((value, source));
    }
    if is_nominal(scene, start, from) {
        return None;
    }
    if leaves(scene, i, end) {
        return Some((Change::None, Source::Default));
    }
    // `tăng trưởng tín dụng 16%` is a noun with what grows behind it, `phấn đấu tăng trưởng …` a verb.
    let is_level = |h: &Hit| matches!(scene.rules.rule(h.rule).data, Data::Reach(Verb::Level));
    let nominal = || {
        // `tăng trưởng quý I đạt 7,46%`
        let reached = || between.clone().any(|t| s.of(t, Classes::only(Class::Reach)).any(is_level));
        !s.ends(start, Classes::only(Class::Status))
            && s.of(start, Classes::only(Class::Compound)).any(|h| h.end == hit.end)
            && (between.clone().any(|t| s.tokens[t].is_word() && !is_small(scene, t)) || reached())
    };
    if nominal() {
        return Some((Change::None, Source::Default));
    }
    let (up, down) = (value == Change::Increase, value == Change::Decrease);
    let reaches = |words: &[&str]| between.clone().rev().take_while(|&t| is_small(scene, t)).any(|t| words.contains(&s.word(t)));
    if direct && !between.clone().any(|t| s.is_any(t, &["lên", "còn", "xuống"])) {
        return Some((value, source));
    }
    match () {
        () if up && reaches(&["lên"]) => Some((Change::IncreaseTo, source)),
        () if down && reaches(&["còn", "xuống"]) => Some((Change::DecreaseTo, source)),
        // `thấp hơn giá trong nước khoảng 2,6 triệu đồng`
        () if gap(scene, start..number) == Some(end) => Some((value, source)),
        () if between.clone().any(|t| scene.has(t, Class::Reach) && !scene.is(t, Cue::Transparent) && !scene.has(t, Class::Qualifier)) => None,
        () if is_sum(scene, i, end) => Some((value, source)),
        () if matches!(scene.figure(i).kind, Kind::Percent | Kind::Points) || s.longest_as(end, Class::Base, Role::Form).is_some() => Some((value, source)),
        () => None,
    }
}

/// `thấp hơn giá vàng trong nước` before a figure: the end of `thấp hơn`, when only the name of the other follows.
pub fn gap(scene: &Scene<'_, '_>, tokens: Range<usize>) -> Option<usize> {
    const ENDS: Classes = Classes::of([Class::Stop, Class::Boundary]);
    let s = scene.sentence();
    let end = s.longest(tokens.start, Class::Change)?.end as usize;
    // `cao hơn vụ thuận từ 6-7 lần`, `thấp hơn giá trong nước khoảng 2,6 triệu đồng`
    let last = (end..tokens.end).rev().find(|&t| !scene.has(t, Class::Qualifier) && !s.is_any(t, &["từ"])).map_or(end, |t| t + 1);
    let other = end..last;
    // `bình quân cả nước` is no verb, `chỉ tiêu tỉnh giao` one name.
    let plan = other.clone().any(|t| scene.has(t, Class::Base));
    let averages = |t: usize| s.of(t, Classes::only(Class::Reach)).any(|h| h.len() > 1 && matches!(scene.rules.rule(h.rule).data, Data::Reach(Verb::Small)));
    let reaches = |t: usize| s.of(t, Classes::only(Class::Reach)).any(|h| !matches!(scene.rules.rule(h.rule).data, Data::Reach(Verb::Small)));
    // `nhiều hơn năm học trước 14 trường`
    let earlier = |t: usize| t + 1 == last && s.is_any(t, &["trước"]);
    let ends = |t: usize| s.begins(t, ENDS) && !averages(t) && !earlier(t) || reaches(t) || scene.has(t, Class::Status) && !plan;
    let named =
        !other.is_empty() && other.len() <= LONGEST_GAP && !other.clone().any(|t| ends(t) && !scene.has(t, Class::Compound) && !scene.has(t, Class::Base));
    (scene.is(tokens.start, Cue::Gap) && s.is_any(end - 1, &["hơn", "kém"]) && named).then_some(end)
}

/// Is a figure behind `vượt` the size of an excess: a share, or more than something that is named?
pub fn is_excess(scene: &Scene<'_, '_>, i: usize) -> bool {
    matches!(scene.figure(i).kind, Kind::Percent | Kind::Points | Kind::Multiple) || super::basis::compared_behind(scene, i).is_some()
}

/// Is a figure the level that a change left?
pub fn is_left(scene: &Scene<'_, '_>, i: usize) -> bool {
    let number = scene.figure(i).tokens.start;
    let from = scene.clause_of(number).tokens.start;
    let verb = (from..number).rev().find_map(|t| scene.sentence().longest(t, Class::Change));
    verb.is_some_and(|hit| leaves(scene, i, hit.end as usize))
}

/// `tỷ lệ từ 38% cuối năm 2022 nay đã lên 67%`: the first of two levels, with or without a verb of change.
pub fn is_from(scene: &Scene<'_, '_>, i: usize) -> bool {
    scene.figure(i).tokens.start.checked_sub(1).is_some_and(|t| leaves(scene, i, t))
}

/// `tăng từ 12 tầng lên 15 tầng`: the level that the change left, right before the one that it reached.
fn leaves(scene: &Scene<'_, '_>, i: usize, verb_end: usize) -> bool {
    let number = scene.figure(i).tokens.start;
    let Some(next) = scene.figures().get(i + 1) else { return false };
    let from = (verb_end..number).rev().find(|&t| !scene.has(t, Class::Qualifier)).is_some_and(|t| scene.is(t, Cue::Leaves));
    let gap = scene.figure(i).tokens.end..next.tokens.start;
    let to = gap.clone().rev().find(|&t| !scene.has(t, Class::Qualifier)).is_some_and(|t| scene.is(t, Cue::Comes));
    let only_time = gap.clone().filter(|&t| scene.sentence().tokens[t].is_word()).count() <= 6 && !gap.clone().any(|t| scene.sentence().is_mark(t, ","));
    from && to && only_time && next.kind == scene.figure(i).kind
}

/// `giảm thu 120 triệu đồng`, `tăng giá thêm 500 đồng/lít`: nothing but the one word for what rises or falls stands between.
fn is_sum(scene: &Scene<'_, '_>, i: usize, verb_end: usize) -> bool {
    let q = scene.figure(i);
    let named = scene.cue(verb_end, Cue::Sum);
    let amount = matches!(q.kind, Kind::Money | Kind::Rate);
    amount && named.is_some_and(|end| end <= q.tokens.start && (end..q.tokens.start).all(|t| is_small(scene, t) && !scene.is(t, Cue::Arrives)))
}

/// Words that may stand between a verb of change and its number.
fn is_small(scene: &Scene<'_, '_>, t: usize) -> bool {
    scene.has(t, Class::Qualifier) || scene.read.periods.iter().any(|p| p.tokens.contains(&t)) || scene.is(t, Cue::Between)
}

/// `tốc độ tăng`, `mức giảm`: growth as a noun is a level.
fn is_nominal(scene: &Scene<'_, '_>, start: usize, from: usize) -> bool {
    (start.saturating_sub(2).max(from)..start).any(|t| scene.cue(t, Cue::Nominal) == Some(start))
}

/// `còn 9,6%`, `xuống 27,8%`, `lên 45%` without a verb of change in the clause: reached when the sentence speaks of one.
fn bare_reach(scene: &Scene<'_, '_>, i: usize, from: usize) -> Option<(Change, Source)> {
    let s = scene.sentence();
    let number = scene.figure(i).tokens.start;
    let at = (from..number).rev().take(4).find(|&t| s.is_any(t, &["còn", "xuống", "lên"]))?;
    // `khi lên 9 tuổi`, `còn 6 tiếng nữa`
    if scene.figure(i).kind == Kind::Duration {
        return None;
    }
    // `công suất từ 800 CV trở lên là 539 chiếc`
    let of_qualifier = at > 0 && s.of(at - 1, Classes::only(Class::Qualifier)).any(|h| h.end as usize == at + 1);
    if of_qualifier || !(at + 1..number).all(|t| is_small(scene, t)) {
        return None;
    }
    let word = s.word(at);
    let before = at.checked_sub(1).map_or("", |t| s.word(t)).to_lowercase();
    let earlier = |classes: &[Change]| {
        (0..at).any(|t| s.at(t).iter().any(|h| matches!(scene.rules.rule(h.rule).data, Data::Change { value, .. } if classes.contains(&value))))
    };
    let from_word = (0..at).any(|t| s.word(t).eq_ignore_ascii_case("từ"));
    let falls = earlier(&[Change::Decrease, Change::DecreaseTo]) || from_word;
    match word {
        "còn" if matches!(before.as_str(), "hiện" | "vẫn" | "nay") => None,
        "còn" => {
            let later = scene.figures().get(i + 1).is_some()
                && (number..s.len()).any(|t| s.at(t).iter().any(|h| matches!(scene.rules.rule(h.rule).data, Data::Change { value: Change::Decrease, .. })));
            // `đầu năm có 612 hộ nghèo, cuối năm còn 498 hộ`
            let q = scene.figure(i);
            let fewer =
                || scene.figures()[..i].iter().any(|p| p.unit == q.unit && p.kind == q.kind && p.amount > q.amount) && at > 0 && s.is_any(at - 1, &["năm"]);
            (falls || later || fewer()).then_some((Change::DecreaseTo, Source::Sentence))
        }
        "xuống" => Some((Change::DecreaseTo, Source::Clause)),
        // `thứ 3 trong 34 tỉnh, lên 2 bậc` tells how many.
        "lên" if scene.is(scene.figure(i).unit_tokens.start, Cue::Step) => Some((Change::Increase, Source::Clause)),
        // `khôi phục đàn lợn lên khoảng 750 nghìn con`; `lên tới` alone only says that it is much.
        "lên" => {
            let much = s.is_any(at + 1, &["tới", "đến", "sát"]);
            let adjusted = || (from..at).any(|t| scene.is(t, Cue::Adjusts));
            (!much || from_word || adjusted() || earlier(&[Change::Increase, Change::IncreaseTo])).then_some((Change::IncreaseTo, Source::Sentence))
        }
        _ => None,
    }
}
