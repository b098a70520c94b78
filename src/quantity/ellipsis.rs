//! Units that a text drops: in lists, on second mention, behind a scale word.
//!
//! In: the figures of a sentence, some without a unit, and the last unit of the paragraph. Out: figures that all have
//! one; numbers that count nothing are rejected.

use super::number::Style;
use super::{By, Last, Memory, Quantities, Quantity, Rejected, ratio};
use crate::rules::{Class, Classes, Cue, RuleSet};
use crate::sentence::Sentence;
use crate::terms::Kind;
use crate::text::Span;
use rust_decimal::Decimal;
use std::ops::Range;

/// Restores dropped units, and remembers the last ones for the next sentence.
pub fn restore(sentence: &Sentence<'_>, rules: &RuleSet, out: &mut Quantities, memory: &mut Memory) {
    from_the_right(sentence, &mut out.figures);
    ratio::join(sentence, rules, out);
    let mut kept: Vec<Quantity> = Vec::with_capacity(out.figures.len());
    for mut q in std::mem::take(&mut out.figures) {
        if q.unit.is_empty() && !from_the_left(sentence, rules, &mut q, &kept, memory) {
            out.rejected.push(Rejected { tokens: q.tokens.clone(), by: By::Check("bare") });
            continue;
        }
        memory.keep(&q);
        kept.push(q);
    }
    out.figures = kept;
    shared_denominators(sentence, &mut out.figures);
    rates_from_to(sentence, &mut out.figures);
    changes_of_rates(sentence, &mut out.figures);
    points(sentence, rules, &mut out.figures);
}

/// `8,3 bác sĩ và 19,9 giường bệnh/vạn dân`: of things that have no halves the rate is meant, whose denominator stands behind the last.
fn shared_denominators(sentence: &Sentence<'_>, figures: &mut [Quantity]) {
    for i in (1..figures.len()).rev() {
        let (left, right) = figures.split_at_mut(i);
        let (Some(left), Some(right)) = (left.last_mut(), right.first()) else { continue };
        let broken = left.kind == Kind::Count && left.counted && left.scale.is_none() && !left.amount.fract().is_zero();
        let Some((_, denominator)) = right.unit.split_once('/').filter(|_| right.kind == Kind::Rate) else { continue };
        if broken && only_list_words(sentence, left.tokens.end, right.number.start) {
            left.unit = format!("{}/{denominator}", left.unit);
            (left.kind, left.counted) = (Kind::Rate, false);
        }
    }
}

/// `60,5 triệu đồng/người/năm, tăng 5,2 triệu đồng`: by how much a rate has changed is one too; of things that have no halves
/// (`tăng 1,3 tiêu chí`) only where it says so.
fn changes_of_rates(sentence: &Sentence<'_>, figures: &mut [Quantity]) {
    for i in 1..figures.len() {
        let (left, right) = figures.split_at_mut(i);
        let (Some(left), Some(right)) = (left.last(), right.first_mut()) else { continue };
        let broken = right.kind == Kind::Count && right.counted && !right.amount.fract().is_zero();
        let of_rate =
            left.kind == Kind::Rate && (right.kind == Kind::Money || broken) && left.unit.strip_prefix(&*right.unit).is_some_and(|rest| rest.starts_with('/'));
        let gap = left.tokens.end..right.tokens.start;
        let near = gap.len() <= 4 && sentence.is_mark(gap.start, ",") || broken;
        let changed = near && sentence.ends(gap.end, Classes::only(Class::Change)) || compared(sentence, &gap);
        if of_rate && changed {
            right.unit.clone_from(&left.unit);
            (right.kind, right.counted) = (Kind::Rate, false);
        }
    }
}

/// `giá bình quân 626,9 USD/tấn, cao hơn năm ngoái 58 USD`: between a comma and the amount stands by how much of what.
fn compared(sentence: &Sentence<'_>, gap: &Range<usize>) -> bool {
    const LONGEST: usize = 8;
    let more = |t: usize| sentence.of(t, Classes::only(Class::Change)).any(|h| sentence.is_any(h.end as usize - 1, &["hơn"]));
    gap.len() <= LONGEST
        && sentence.is_mark(gap.start, ",")
        && more(gap.start + 1)
        && (gap.start + 1..gap.end).all(|t| sentence.tokens[t].is_word() || sentence.tokens[t].is_number())
}

/// `từ 320.000 đồng lên 410.000 đồng/m3`: both are rates.
fn rates_from_to(sentence: &Sentence<'_>, figures: &mut [Quantity]) {
    for i in 1..figures.len() {
        let (left, right) = figures.split_at_mut(i);
        let (Some(left), Some(right)) = (left.last_mut(), right.first()) else { continue };
        let denominator = right.kind == Kind::Rate && right.unit.strip_prefix(&*left.unit).is_some_and(|rest| rest.starts_with('/'));
        if denominator && left.kind == Kind::Money && from_to(sentence, left, right) {
            left.unit.clone_from(&right.unit);
            left.kind = Kind::Rate;
        }
    }
}

/// `công nghiệp đóng góp 4,2 điểm phần trăm, dịch vụ 2,5 điểm`: the points are the same.
fn points(sentence: &Sentence<'_>, rules: &RuleSet, figures: &mut [Quantity]) {
    for i in 1..figures.len() {
        let (left, right) = figures.split_at_mut(i);
        let (Some(left), Some(right)) = (left.last(), right.first_mut()) else { continue };
        let bare = left.kind == Kind::Points && right.kind == Kind::Measure && Some(right.rule) == rules.known.score_point;
        let row = (left.tokens.end..right.tokens.start).all(|t| !sentence.is_mark(t, ";") && sentence.longest(t, Class::Reach).is_none());
        if bare && row {
            (right.kind, right.rule) = (left.kind, left.rule);
            right.unit.clone_from(&left.unit);
        }
    }
}

impl Memory {
    fn keep(&mut self, q: &Quantity) {
        let last = Last { unit: q.unit.clone(), kind: q.kind, amount: q.amount, rule: q.rule };
        match q.kind {
            // Grades, ranks and lengths of time are not taken up again.
            Kind::Duration | Kind::Rank | Kind::Multiple => {}
            Kind::Measure if q.unit == "sao" => {}
            Kind::Count | Kind::Ratio if q.counted => self.counted = Some(last),
            kind => {
                if kind == Kind::Money {
                    self.money = Some(last.clone());
                }
                self.measured = Some(last);
            }
        }
    }
}

/// Between two members of a list: a comma, `và`, `hoặc`, `hay`.
fn only_list_words(sentence: &Sentence<'_>, from: usize, to: usize) -> bool {
    from < to && to - from <= 2 && (from..to).all(|t| sentence.is_mark(t, ",") || matches!(sentence.word(t), "và" | "hoặc" | "hay"))
}

/// `từ 400.000 lên 600.000 đồng/ha`
fn from_to(sentence: &Sentence<'_>, left: &Quantity, right: &Quantity) -> bool {
    let gap = left.tokens.end..right.number.start;
    let from = left.tokens.start.checked_sub(1).is_some_and(|t| sentence.is(t, Cue::Leaves));
    from && gap.len() == 1 && sentence.is(gap.start, Cue::Comes) && right.kind != Kind::Rank
}

/// `1,71 và 13,2 tỷ USD`: the left one takes unit and scale of the right one.
fn from_the_right(sentence: &Sentence<'_>, figures: &mut [Quantity]) {
    for i in (1..figures.len()).rev() {
        let (left, right) = figures.split_at_mut(i);
        let (Some(left), Some(right)) = (left.last_mut(), right.first()) else {
            continue;
        };
        let part_of_name = left.number.start > 0 && sentence.tokens[left.number.start - 1].is_capital() && sentence.tokens[left.number.start - 1].is_word();
        if !left.unit.is_empty()
            || left.scaled && !right.scaled
            || right.unit.is_empty()
            || right.kind == Kind::Ratio
            || part_of_name
            || !only_list_words(sentence, left.tokens.end, right.number.start) && !from_to(sentence, left, right)
        {
            continue;
        }
        // `từ 400.000 lên 1,2 triệu đồng`: a number that long has no scale.
        if left.scale.is_none()
            && left.amount < Decimal::ONE_THOUSAND
            && let Some(scale) = right.scale
        {
            left.amount = left.amount.checked_mul(scale).unwrap_or(left.amount);
            left.scale = right.scale;
        }
        left.unit.clone_from(&right.unit);
        (left.kind, left.counted, left.rule) = (right.kind, right.counted, right.rule);
        if left.kind == Kind::Ratio {
            left.kind = Kind::Count;
        }
    }
}

/// A unit from what was said before.
fn from_the_left(sentence: &Sentence<'_>, rules: &RuleSet, q: &mut Quantity, before: &[Quantity], memory: &Memory) -> bool {
    let ellipsis = rules.known.counter_ellipsis.unwrap_or(q.rule);
    if q.scaled {
        // `số thuê bao khoảng 68,8 triệu`
        if let Some((unit, rule)) = named_in_clause(sentence, q) {
            (q.unit, q.counted, q.kind, q.rule) = (unit, true, if q.of.is_some() { Kind::Ratio } else { Kind::Count }, rule);
            return true;
        }
        return part_of_count(sentence, rules, q, before.last(), ellipsis)
            || beside(q, before.last(), ellipsis)
            || scaled(q, memory, ellipsis, rules.known.money_vnd.unwrap_or(q.rule));
    }
    if let Some(label) = labelled(sentence, rules, q) {
        return takes(q, label);
    }
    let usable = introduced(sentence, q)
        || partitive(sentence, q)
        || !before.is_empty() && (listed(sentence, q) || trailing(sentence, q, before) || placed(sentence, q, before));
    if !usable {
        return false;
    }
    if let Some((unit, rule)) = named_in_clause(sentence, q) {
        (q.unit, q.counted, q.rule) = (unit, true, rule);
        return true;
    }
    let whole = q.amount.fract().is_zero() && q.upper.is_none_or(|u| u.fract().is_zero());
    let parallel = parallel(sentence, q, before).map(|p| Last { unit: p.unit.clone(), kind: p.kind, amount: p.amount, rule: p.rule });
    let counted = memory.counted.clone().filter(|_| whole && q.upper.is_none());
    // `9,1 bác sĩ/vạn dân, trong khi chỉ tiêu là 11`
    let told = || before.last().filter(|p| p.kind == Kind::Rate && level_of_plan(sentence, q));
    let told = told().map(|p| Last { unit: p.unit.clone(), kind: p.kind, amount: p.amount, rule: p.rule });
    let Some(last) = told.or(parallel).or(counted).or(memory.measured.clone()).or(memory.counted.clone().filter(|_| whole)) else { return false };
    q.counted = matches!(last.kind, Kind::Count | Kind::Ratio);
    q.kind = match (q.of, last.kind) {
        (Some(_), _) => Kind::Ratio,
        (None, Kind::Ratio) => Kind::Count,
        (None, kind) => kind,
    };
    (q.unit, q.rule) = (last.unit, ellipsis);
    true
}

/// Does a plan stand right before a number: `chỉ tiêu được giao là 11`?
fn level_of_plan(sentence: &Sentence<'_>, q: &Quantity) -> bool {
    const REACH: usize = 5;
    let at = q.number.start;
    (at.saturating_sub(REACH)..at).any(|t| sentence.begins(t, Classes::only(Class::Base)) || sentence.is(t, Cue::Anaphor))
}

/// `Xi măng (nghìn tấn): 1.418`: one of the unit in the bracket before the colon.
fn labelled(sentence: &Sentence<'_>, rules: &RuleSet, q: &Quantity) -> Option<Quantity> {
    const LONGEST: usize = 8;
    let close = q.tokens.start.checked_sub(2).filter(|&t| sentence.is_mark(t + 1, ":") && sentence.is_mark(t, ")"))?;
    let open = (close.saturating_sub(LONGEST)..close).rev().find(|&t| sentence.is_mark(t, "("))?;
    let text = format!("1 {}", sentence.quote(&(open + 1..close)));
    let one = Sentence::read(&text, Span::new(0, text.len()), rules);
    let figure = super::scan::scan(&one, rules, &Style::default, None).figures.into_iter().next()?;
    let whole = figure.tokens == (0..one.len()) && !figure.unit_tokens.is_empty();
    (whole && matches!(figure.kind, Kind::Money | Kind::Measure | Kind::Rate | Kind::Count)).then_some(figure)
}

/// A bare number takes unit and scale of one.
fn takes(q: &mut Quantity, one: Quantity) -> bool {
    let scaled = |v: Decimal| v.checked_mul(one.amount).unwrap_or(v);
    (q.amount, q.upper, q.of) = (scaled(q.amount), q.upper.map(scaled), q.of.map(scaled));
    (q.kind, q.counted, q.rule) = (if q.of.is_some() { Kind::Ratio } else { one.kind }, one.counted, one.rule);
    q.unit = one.unit;
    true
}

/// `số xã của cả nước giảm còn 2.621`: the clause itself names what is counted.
fn named_in_clause(sentence: &Sentence<'_>, q: &Quantity) -> Option<(String, u32)> {
    let at = q.number.start;
    let clause = (0..at).rev().take_while(|&t| !sentence.is_mark(t, ",") && !sentence.is_mark(t, ";") && !sentence.is_mark(t, ")")).last()?;
    let hit = (clause..at).find_map(|t| {
        // `lưu lượng hành khách đạt 83 triệu`
        let flow = q.scaled && sentence.is_any(t, &["lượng"]);
        let number_word = flow || sentence.word(t).eq_ignore_ascii_case("số");
        sentence.longest(t + 1, Class::Counter).filter(|h| number_word && (h.end as usize) < at)
    })?;
    Some((crate::text::tidy(sentence.quote(&(hit.start as usize..hit.end as usize))).into_owned(), hit.rule))
}

/// The nearest figure before that stands behind the same verb: `9 xã đạt từ 14 đến 16 tiêu chí, 31 xã đạt 9 đến 13`.
fn parallel<'q>(sentence: &Sentence<'_>, q: &Quantity, before: &'q [Quantity]) -> Option<&'q Quantity> {
    let verb = |at: usize| {
        let word = |t: usize| t.checked_sub(1).map_or("", |t| sentence.word(t));
        if word(at) == "từ" { word(at - 1) } else { word(at) }.to_lowercase()
    };
    let own = verb(q.number.start);
    let is_verb = q.number.start > 0 && sentence.longest(q.number.start - 1, Class::Reach).is_some();
    before
        .iter()
        .rev()
        .find(|p| is_verb && !p.unit_tokens.is_empty() && p.upper.is_some() == q.upper.is_some() && verb(p.number.start) == own && p.unit != "sao")
}

/// `tiếp nhận 486 hồ sơ, trả trước hạn 312`: a whole number at the end of a clause with a verb of its own.
fn trailing(sentence: &Sentence<'_>, q: &Quantity, before: &[Quantity]) -> bool {
    let at = q.number.start;
    let word_before =
        at > 1 && sentence.tokens[at - 1].is_word() && !sentence.tokens[at - 1].is_capital() && sentence.longest(at - 1, Class::Counter).is_none();
    let ends = sentence.tokens.get(q.tokens.end).is_none_or(|t| !t.is_word() && !t.is_number() && matches!(sentence.word(q.tokens.end), "," | "." | ";" | ")"));
    let two_digits = q.amount >= Decimal::TEN && q.of.is_none();
    // `6.217 hồ sơ (trực tuyến 88%); trả đúng hạn 6.102`
    let same_sentence = before.iter().rev().take(2).any(|p| p.kind == Kind::Count && p.counted);
    word_before && ends && two_digits && same_sentence && sentence.ending(at, Class::Exclusion, crate::rules::Role::Before).is_none()
}

/// How many words the name of a region may have.
const LONGEST_REGION: usize = 8;

/// `huyện Đại Từ 52, Đồng Hỷ 41`: behind a name that stands in a list. A number below ten may be part of the name (`A Lưới 2`).
fn placed(sentence: &Sentence<'_>, q: &Quantity, before: &[Quantity]) -> bool {
    let at = q.number.start;
    // `Đồng bằng sông Hồng 13,2`
    let region = (at.saturating_sub(LONGEST_REGION)..at).find(|&t| sentence.of(t, Classes::only(Class::Place)).any(|h| h.end as usize == at));
    let name = region.or_else(|| (0..at).rev().take_while(|&t| sentence.tokens[t].is_word() && sentence.tokens[t].is_capital()).last());
    let Some(first) = name.filter(|&t| region.is_some() || at - t <= 4) else { return false };
    let listed = first
        .checked_sub(1)
        .is_some_and(|t| sentence.is_mark(t, ",") || sentence.is_mark(t, ";") || sentence.word(t) == "và" || sentence.longest(t, Class::Level).is_some())
        || (first.saturating_sub(3)..first).any(|t| sentence.cue(t, Cue::NextInRow) == Some(first));
    let ends = sentence.tokens.get(q.tokens.end).is_none_or(|t| !t.is_word() && !t.is_number() || sentence.word(q.tokens.end) == "và");
    // `thị xã A 4 tàu, huyện B 2, C 1`: in a row of counts also a small number.
    let level = |t: usize| sentence.ending(t, Class::Level, crate::rules::Role::Form).map_or(t, |h| h.start as usize);
    let in_row = || before.last().is_some_and(|p| p.counted && p.amount < Decimal::TEN && p.tokens.end + 1 == level(first));
    listed && ends && (q.of.is_some() || q.amount >= Decimal::TEN || in_row()) && sentence.ending(at, Class::Exclusion, crate::rules::Role::Before).is_none()
}

/// How far apart two amounts of one thing may be.
const NEAR: u64 = 50;

fn near(a: Decimal, b: Decimal, factor: u64) -> bool {
    let factor = Decimal::from(factor);
    a.checked_mul(factor).is_none_or(|x| x >= b) && b.checked_mul(factor).is_none_or(|x| x >= a)
}

/// From here on an amount without a currency is one of dong.
const ONLY_DONG: i64 = 1_000_000_000_000;

/// `211 tỷ`, `3,2 triệu`: the rate or the counted thing that was just spoken of in such amounts, else money.
fn scaled(q: &mut Quantity, memory: &Memory, ellipsis: u32, money: u32) -> bool {
    let measured = memory.measured.as_ref().filter(|l| match l.kind {
        Kind::Money => true,
        Kind::Rate => near(l.amount, q.amount, NEAR),
        _ => false,
    });
    let counted = memory.counted.as_ref().filter(|l| near(l.amount, q.amount, 10) && measured.is_none_or(|m| !near(m.amount, q.amount, 10)));
    // `gói tín dụng 100.000 tỷ`: so much is never dollars.
    let small = q.amount < Decimal::from(ONLY_DONG);
    let measured = measured.filter(|l| l.kind != Kind::Money || l.unit == "VND" || small || near(l.amount, q.amount, NEAR));
    let foreign = |l: &&Last| l.unit != "VND" && small;
    // `tăng 17,7%, nhập khẩu 38,6 tỷ`: the currency that was spoken of before.
    match counted.or(measured).or(memory.money.as_ref().filter(foreign)) {
        Some(last) => {
            q.unit.clone_from(&last.unit);
            q.counted = matches!(last.kind, Kind::Count | Kind::Ratio);
            (q.kind, q.rule) = (if q.counted { Kind::Count } else { last.kind }, ellipsis);
        }
        None => {
            q.unit = "VND".into();
            (q.kind, q.rule) = (Kind::Money, money);
        }
    }
    if q.of.is_some() {
        q.kind = Kind::Ratio;
    }
    true
}

/// `4,06 triệu lượt người, trong đó khách quốc tế 384 nghìn`: a part of what was counted, behind a word that opens the parts.
fn part_of_count(sentence: &Sentence<'_>, rules: &RuleSet, q: &mut Quantity, before: Option<&Quantity>, ellipsis: u32) -> bool {
    let opens = |p: &&Quantity| {
        (p.tokens.end..q.tokens.start).any(|t| sentence.of(t, Classes::only(Class::Boundary)).any(|h| rules.known.boundary_parts == Some(h.rule)))
    };
    let whole = |p: &&Quantity| p.kind == Kind::Count && p.scaled && p.amount > q.amount && near(p.amount, q.amount, 1000);
    let Some(whole) = before.filter(whole).filter(opens).filter(|_| q.of.is_none()) else { return false };
    q.unit.clone_from(&whole.unit);
    (q.kind, q.counted, q.rule) = (Kind::Count, true, ellipsis);
    true
}

/// `xoài 6,9 vạn tấn, nhãn 7,3 vạn`: of the same scale and about as much as the figure before it in the sentence.
fn beside(q: &mut Quantity, before: Option<&Quantity>, ellipsis: u32) -> bool {
    let like = |p: &&Quantity| {
        p.scale.is_some() && p.scale == q.scale && matches!(p.kind, Kind::Measure | Kind::Rate | Kind::Money | Kind::Count) && near(p.amount, q.amount, 100)
    };
    let Some(last) = before.filter(like).filter(|_| q.of.is_none()) else { return false };
    q.unit.clone_from(&last.unit);
    (q.kind, q.counted, q.rule) = (last.kind, last.counted, ellipsis);
    true
}

/// `5 trong số đó`: some of what was counted before.
fn partitive(sentence: &Sentence<'_>, q: &Quantity) -> bool {
    let at = q.number.end;
    sentence.word(at) == "trong" && sentence.word(at + 1) == "số" && matches!(sentence.word(at + 2), "đó" | "này" | "họ" | "ấy" | "trên")
}

/// A verb of reaching or change, or a qualifier, right before the number.
fn introduced(sentence: &Sentence<'_>, q: &Quantity) -> bool {
    let at = q.number.start;
    let before = at > 0 && sentence.of(at - 1, Classes::of([Class::Reach, Class::Change, Class::Qualifier, Class::Opener])).any(|h| h.end as usize == at)
        || sentence.ending(at, Class::Reach, crate::rules::Role::Form).is_some();
    before && ends_phrase(sentence, q.tokens.end)
}

/// `trong đó 4 đạt 5 sao, 64 đạt 4 sao, 263 còn lại`: behind a comma or an opener of a breakdown, before a verb.
fn listed(sentence: &Sentence<'_>, q: &Quantity) -> bool {
    let at = q.number.start;
    let opened = at > 0
        && (sentence.is_mark(at - 1, ",")
            || sentence.is_mark(at - 1, ";")
            || sentence.ending(at, Class::Boundary, crate::rules::Role::Form).is_some()
            || sentence.word(at - 1) == "và");
    let verb = sentence.begins(q.tokens.end, Classes::only(Class::Reach)) || sentence.longest(q.tokens.end, Class::Boundary).is_some();
    opened && verb
}

fn ends_phrase(sentence: &Sentence<'_>, at: usize) -> bool {
    let Some(token) = sentence.tokens.get(at) else {
        return true;
    };
    !token.is_word() && !token.is_number() && sentence.word(at) != "/"
        || [Class::Stop, Class::Boundary, Class::Period, Class::Opener, Class::Change, Class::Reach, Class::Here, Class::Qualifier]
            .iter()
            .any(|&c| sentence.longest(at, c).is_some())
        || token.is_capital()
}
