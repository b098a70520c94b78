//! Counts: the counted noun and what is said of it.
//!
//! In: a figure with a counted noun. Out: the noun with what tells these from others. Never: the agent of the verb before it.

use super::super::clause::Border;
use super::super::{Scene, State, quotation};
use super::coordinated::of_row;
use super::edge::{cut_start, extent, next_after, past_relation, protected, render, starts_compound, stops, trimmed, verbal};
use super::left::left_phrase;
use super::measured::names_magnitude;
use super::named::{LONGEST_OWNER, cue_of, hits_at_start, is_whole, says_word, topic};
use super::{Introducer, introducer};
use crate::quantity::Quantity;
use crate::rules::{Class, Classes, Cue, Data, Role, Verb};
use crate::terms::{Change, Kind};
use crate::text::tidy;
use std::borrow::Cow;

/// How many tokens of a verb phrase go with a bare counted noun.
pub(super) const VERB_PHRASE: usize = 4;

/// Subject of a counted noun.
pub(super) fn counted(scene: &Scene<'_, '_>, i: usize, previous: Option<&str>, state: &State, change: Change) -> Option<String> {
    let q = scene.figure(i);
    if q.unit_tokens.is_empty() {
        return elliptical(scene, i, previous, state);
    }
    let noun = tidy(scene.sentence().quote(&q.unit_tokens));
    let right = counted_phrase(scene, i);
    if right.split_whitespace().count() > noun.split_whitespace().count() {
        return Some(right);
    }
    if let Some(told) = told_before(scene, i, state) {
        return Some(told);
    }
    // `chi trả 611,8 tỷ đồng cho 73.400 hộ`
    if let Some(paid) = previous.filter(|p| given_to(scene, i) && !is_classifier(scene, q) && is_brief(p)) {
        return Some(format!("{paid} cho {noun}"));
    }
    let left = left_phrase(scene, i);
    // `8 xã đạt chuẩn, đưa tổng số lên 49 xã`, `4/5 trường đạt chuẩn, chỉ tiêu 5 trường`
    let points_back = left.as_deref().is_some_and(|l| cue_of(scene, l) == Some(Cue::Anaphor));
    if let Some(same) = previous.filter(|p| points_back && begins_with(p, &noun)) {
        return Some(same.to_owned());
    }
    if let Some(topic) = told_topic(scene, i) {
        return Some(if counts_named(scene, q) { topic } else { format!("{noun} {topic}") });
    }
    // `So với cùng kỳ, giảm 115 vụ`, in a text that counted `vụ tai nạn giao thông`
    let changed = counts_named(scene, q) && change != Change::None && left.is_none() && !in_sentence(scene, i);
    if let Some((_, told)) = state.counted.iter().find(|(unit, _)| changed && *unit == q.unit) {
        return Some(told.clone());
    }
    if let Some(row) = previous.filter(|_| goes_on(scene, i)) {
        return Some(row.to_owned());
    }
    // `71 xã đạt chuẩn; huyện A 12/12 xã`
    let whole = |p: &&str| q.of.is_some() && begins_with(p, &noun);
    if let Some(same) = previous.filter(whole) {
        return Some(same.to_owned());
    }
    let is_plan = |l: &String| is_whole(scene, l, |h| h.class == Class::Base && scene.rules.known.base_plan == Some(h.rule));
    let left = left.filter(|l| change == Change::None || !is_plan(l));
    let introducer = introducer(scene, i);
    if left.is_none() && (change != Change::None || introducer == Introducer::Level) {
        let head = q.unit.split([' ', ',']).next().unwrap_or("").to_lowercase();
        let named = |text: &&str| text.to_lowercase().split_whitespace().any(|w| w == head);
        if let Some(carried) = previous.or(state.subject.as_deref()).filter(named) {
            return Some(carried.to_owned());
        }
    }
    // `số hộ nghèo gần 1.200 hộ`
    if let Some(number) = left.as_ref().filter(|l| names_number(scene, l) && says_noun(l, &noun)) {
        return Some(number.clone());
    }
    match (left, introducer) {
        // `lập thêm 2 hợp tác xã`: a lone verb is done to what is counted.
        (Some(left), Introducer::Level) if change != Change::None && is_lone_verb(scene, &left) => Some(right),
        // `4 xã trong biểu giảm được 287 hộ nghèo`: a noun that says more than whose they are.
        (Some(left), Introducer::Level) if change != Change::None && noun.contains(' ') && !says_noun(&left, &noun) && !names_magnitude(scene, &left) => {
            Some(right)
        }
        (Some(left), Introducer::Level) => Some(left),
        // `lực lượng công an hiện có 500 người`
        (Some(left), Introducer::Exist) if counts_named(scene, q) && left.split_whitespace().count() > 1 => Some(left),
        // `các dự án được cấp mới giấy chứng nhận có 340 dự án`
        (Some(left), Introducer::Exist) if left.len() > noun.len() && says_word(&left, &noun) => Some(left),
        (None, Introducer::Exist | Introducer::Nothing) if counts_named(scene, q) && topic(scene, i).is_some() => {
            topic(scene, i).map(|topic| format!("{right} {topic}"))
        }
        // `chi trả hơn 24.817 tỷ đồng cho trên 1.616.000 lượt người`
        _ if is_classifier(scene, q) && given_to(scene, i) => Some(right),
        // `tàu vỏ thép 297 tàu`, `số người có việc làm 53,4 triệu người`
        (Some(left), Introducer::Lexical)
            if is_classifier(scene, q) || begins_with(&left, &noun) || counts_named(scene, q) && names_magnitude(scene, &left) =>
        {
            Some(left)
        }
        (Some(_), Introducer::Lexical) => Some(with_verb(scene, i, &right)),
        (None, _) if is_classifier(scene, q) => previous.map(str::to_owned).or(Some(right)),
        _ => Some(right),
    }
}

/// Few words: what was done, and not to whom or for what.
fn is_brief(phrase: &str) -> bool {
    phrase.split_whitespace().count() <= LONGEST_OWNER
}

/// `Huyện A xảy ra 31 vụ`, in a text that counted `vụ tai nạn giao thông` before: nothing but places and small words stand in the clause.
fn told_before(scene: &Scene<'_, '_>, i: usize, state: &State) -> Option<String> {
    let q = scene.figure(i);
    let from = scene.clause_of(q.number.start).tokens.start.max(scene.previous_end(i));
    let small = |t: usize| names_or_small(scene, t) || scene.is(t, Cue::Happens) || t > from && scene.cue(t - 1, Cue::Happens) == Some(t + 1);
    let silent = (from..q.tokens.start).any(|t| names(scene, t))
        && (from..q.tokens.start).all(small)
        && counts_named(scene, q)
        && topic(scene, i).is_none()
        && introducer(scene, i) != Introducer::Level;
    let told = state.counted.iter().find(|(unit, _)| *unit == q.unit).filter(|_| silent && !in_sentence(scene, i))?;
    Some(told.1.clone())
}

/// Is a token part of a place or of a time?
fn names(scene: &Scene<'_, '_>, t: usize) -> bool {
    scene.read.places.iter().any(|p| p.tokens.contains(&t)) || scene.read.periods.iter().any(|p| p.tokens.contains(&t))
}

/// As [`names`], or a mark, a verb of reaching, a small word.
pub(super) fn names_or_small(scene: &Scene<'_, '_>, t: usize) -> bool {
    const SMALL: Classes = Classes::of([Class::Filler, Class::Boundary]);
    let s = scene.sentence();
    !s.tokens[t].is_word() || names(scene, t) || verbal(scene, t) || s.covers(t, SMALL)
}

/// Was something counted with the same noun before in the sentence?
fn in_sentence(scene: &Scene<'_, '_>, i: usize) -> bool {
    scene.figures()[..i].iter().any(|p| p.unit.starts_with(&scene.figure(i).unit))
}

/// Keeps what was counted with nouns that say little by themselves.
pub fn keep_counted(scene: &Scene<'_, '_>, contexts: &[super::super::Context], kept: &mut Vec<(String, String)>) {
    for (q, c) in scene.figures().iter().zip(contexts) {
        // A part is not what the text counts.
        if scene.parts.iter().any(|&t| t < q.tokens.start) {
            continue;
        }
        let bare = scene.cue(q.unit_tokens.start, Cue::Bare).filter(|_| q.counted && !q.unit_tokens.is_empty());
        let Some(noun) = bare.map(|end| tidy(scene.sentence().quote(&(q.unit_tokens.start..end))).into_owned()) else { continue };
        let Some(subject) = c.subject.0.clone().filter(|s| s.len() > noun.len() && s.starts_with(&noun)) else { continue };
        kept.retain(|(unit, _)| *unit != noun);
        kept.push((noun, subject));
    }
}

/// One word in small letters, which is no magnitude, or what is done to those who are counted.
fn is_lone_verb(scene: &Scene<'_, '_>, phrase: &str) -> bool {
    let one = !phrase.contains(' ') && phrase.starts_with(char::is_lowercase) && !names_magnitude(scene, phrase);
    one || cue_of(scene, phrase) == Some(Cue::Doing)
}

/// Does a phrase begin with the word for a number of things (`số`, `tổng số`)?
fn names_number(scene: &Scene<'_, '_>, phrase: &str) -> bool {
    phrase.contains(' ') && hits_at_start(scene, phrase).0.iter().any(|h| h.cue == Some(Cue::Head))
}

/// Does a phrase hold the first word of a noun?
fn says_noun(phrase: &str, noun: &str) -> bool {
    let head = noun.split(' ').next().unwrap_or(noun).to_lowercase();
    phrase.to_lowercase().split(' ').any(|w| w == head)
}

/// `Số giáo viên thì chỉ tuyển được 350 người`: what stands before `thì`, in a clause of words alone.
fn told_topic(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let s = scene.sentence();
    let clause = scene.clause_of(scene.figure(i).number.start);
    let first = scene.clauses.iter().find(|c| !c.tokens.is_empty())?;
    let opened = clause.border == Border::Word && s.is_any(clause.tokens.start, &["thì"]) && first.tokens.end == clause.tokens.start;
    if !opened || scene.previous_end(i) > 0 {
        return None;
    }
    trimmed(scene, first.tokens.clone()).map(|r| render(scene, r))
}

fn begins_with(phrase: &str, noun: &str) -> bool {
    phrase.to_lowercase().strip_prefix(&noun.to_lowercase()).is_some_and(|rest| rest.starts_with(' '))
}

/// `hỗ trợ chuyển đổi nghề cho 1.245 hộ`: the verb phrase goes with a noun that says little by itself.
pub(super) fn with_verb(scene: &Scene<'_, '_>, i: usize, noun: &str) -> String {
    let q = scene.figure(i);
    let clause = scene.clause_of(q.number.start);
    let from = clause.tokens.start.max(scene.previous_end(i));
    let mut to = q.tokens.start;
    while to > from && is_qualifying(scene, to - 1) {
        to -= 1;
    }
    let s = scene.sentence();
    // `Bộ giao chỉ tiêu 130.000 người`: nothing is done to them.
    if s.ends(to, Classes::only(Class::Status)) {
        return noun.to_owned();
    }
    let near = verb_start(scene, from, to);
    let mut cut = (near..to).rev().find(|&t| matches!(s.word(t), "và" | "cùng")).map_or(near, |t| t + 1);
    loop {
        let next = cut_start(scene, cut, to);
        if next == cut {
            break;
        }
        cut = next;
    }
    let cut = quotation::opening(s, from, cut).unwrap_or(cut);
    let verb = render(scene, cut..to);
    if verb.is_empty() { noun.to_owned() } else { format!("{verb} {noun}") }
}

/// Where the verb phrase before a counted noun begins: behind its particle (`đã quyết định truy tố 4 bị can`), else some words before,
/// never inside a name.
pub(super) fn verb_start(scene: &Scene<'_, '_>, from: usize, to: usize) -> usize {
    let s = scene.sentence();
    let particle =
        (from.max(to.saturating_sub(VERB_PHRASE + 2))..to).rev().find(|&t| t + 1 < to && scene.cue(t, Cue::Auxiliary).is_some() && !starts_compound(scene, t));
    if let Some(t) = particle {
        return t + 1;
    }
    if let Some(verb) = (from.max(to.saturating_sub(VERB_PHRASE * 2))..to).find(|&t| scene.is(t, Cue::Doing)) {
        return verb;
    }
    let mut near = from.max(to.saturating_sub(VERB_PHRASE));
    // `thành phố Biên Hòa | xảy ra 412 vụ`
    if let Some(p) = scene.read.places.iter().find(|p| p.tokens.start <= from && p.tokens.end > near && p.tokens.end < to) {
        near = p.tokens.end;
    }
    // `cho biết | cả năm trồng 250.000 ha rừng`
    let opens_in = |b: usize| s.longest(b, Class::Boundary).map(|h| h.end as usize).filter(|&end| end > near && end < to);
    near = (near.saturating_sub(VERB_PHRASE).max(from)..near).find_map(opens_in).unwrap_or(near);
    while near > from && near < to && s.tokens[near].is_capital() && s.tokens[near - 1].is_capital() {
        near += 1;
    }
    // `vay nhà | ở xã hội cho 162 người`
    const FIXED: Classes = Classes::of([Class::Compound, Class::Counter, Class::Magnitude, Class::Base, Class::Status]);
    let holds = |&b: &usize| near < to && s.of(b, FIXED).any(|h| h.end as usize > near);
    (near.saturating_sub(VERB_PHRASE).max(from)..near).find(holds).unwrap_or(near)
}

pub(super) fn is_qualifying(scene: &Scene<'_, '_>, t: usize) -> bool {
    let s = scene.sentence();
    (t.saturating_sub(3)..=t).any(|b| s.of(b, Classes::only(Class::Qualifier)).any(|h| h.end as usize > t))
}

/// A number whose noun was dropped: what the clause names, or the noun with what is said of it.
pub(super) fn elliptical(scene: &Scene<'_, '_>, i: usize, previous: Option<&str>, state: &State) -> Option<String> {
    let q = scene.figure(i);
    let says_something = |l: &String| l.split_whitespace().count() > 1 && cue_of(scene, l) != Some(Cue::Anaphor);
    if let Some(left) = left_phrase(scene, i).filter(says_something) {
        return Some(left);
    }
    let s = scene.sentence();
    // `lần lượt 639 và 525 người`: of the noun behind the next one.
    let next = scene.figures().get(i + 1).filter(|n| n.unit == q.unit && n.tokens.start == q.tokens.end + 1);
    if next.is_some() && s.is_any(q.tokens.end, &["và"]) {
        return Some(q.unit.clone());
    }
    let end = extent(scene, q.tokens.end, q.tokens.end, scene.next_start(i).max(q.tokens.end));
    let grade = scene.figures().get(i + 1).filter(|n| n.tokens.start <= end + 1 && n.unit == "sao").map(|n| n.tokens.end);
    let tail = tidy(s.quote(&(q.tokens.end..grade.unwrap_or(end))));
    if !tail.is_empty() {
        return Some(format!("{} {tail}", q.unit));
    }
    previous.map(str::to_owned).or_else(|| state.subject.clone())
}

/// Does the counted noun only count what was named before?
pub(super) fn counts_named(scene: &Scene<'_, '_>, q: &Quantity) -> bool {
    scene.cue(q.unit_tokens.start, Cue::Bare) == Some(q.unit_tokens.end)
}

/// `412 vụ, huyện Trảng Bom 187 vụ`, `năm 2011 là 2.054 em, năm 2012 còn 1.610 em`: a row that goes on with the same bare noun and another
/// time, or with the same noun and another place (`108.900 nhà tốc mái, trong đó huyện Vạn Ninh 31.400 nhà`).
pub(super) fn goes_on(scene: &Scene<'_, '_>, i: usize) -> bool {
    let q = scene.figure(i);
    let Some(p) = scene.peer(i).map(|p| scene.figure(p)) else { return false };
    let quiet = |from: usize| (from..q.tokens.start).any(|t| names(scene, t)) && (from..q.tokens.start).all(|t| names_or_small(scene, t));
    let from = scene.clause_of(q.number.start).tokens.start.max(p.tokens.end);
    let placed = scene.read.places.iter().any(|m| (from..q.tokens.start).contains(&m.tokens.start));
    p.unit == q.unit && (counts_named(scene, q) && quiet(p.tokens.end) || placed && quiet(from))
}

pub(super) fn is_classifier(scene: &Scene<'_, '_>, q: &Quantity) -> bool {
    let hit = scene.sentence().longest(q.unit_tokens.start, Class::Counter);
    hit.is_some_and(|h| matches!(scene.rules.rule(h.rule).data, Data::Counter { classifier: true }))
}

/// The counted noun and what is said of it: directly behind, past an inserted bracket, past a list of places.
pub(super) fn counted_phrase(scene: &Scene<'_, '_>, i: usize) -> String {
    let s = scene.sentence();
    let q = scene.figure(i);
    let noun = q.unit_tokens.clone();
    let limit = scene.next_start(i).max(noun.end);
    let end = with_next(scene, i, extent(scene, noun.start, q.tokens.end.max(noun.end), limit));
    let end = without_auxiliary(scene, noun.end, end);
    let end = if end == noun.end { past_relation(scene, end, scene.next_start(i), &[Cue::Relation]) } else { end };
    let end = past_origin(scene, noun.end, end);
    let text = if let Some(part) = part_of_ratio(scene, q) {
        part
    } else if let Some(said) = past_qualifier(scene, noun.end, limit) {
        format!("{} {said}", tidy(s.quote(&noun)))
    } else if q.tokens.end > noun.end {
        // A ratio in words: the noun, and what is said behind the whole.
        format!("{} {}", tidy(s.quote(&noun)), tidy(s.quote(&(q.tokens.end..end)))).trim_end().to_owned()
    } else {
        tidy(s.quote(&(noun.start..end))).into_owned()
    };
    let tail = if s.is_mark(end, "(") {
        past_bracket(scene, end)
    } else {
        past_phrase(scene, end)
            .or_else(|| past_others(scene, end))
            .or_else(|| shared(scene, i, end))
            .or_else(|| if end == noun.end { of_row(scene, i, end) } else { None })
    };
    match tail {
        Some(tail) if end == noun.end || !s.is_mark(end, "(") => format!("{text} {tail}"),
        _ => text,
    }
}

/// `1 em | từ Thanh Hóa`, `1 em đến | từ Hải Dương`: where those come from who are counted tells them from others.
fn past_origin(scene: &Scene<'_, '_>, noun: usize, end: usize) -> usize {
    let from = (noun..noun + 2).find(|&t| scene.is(t, Cue::Leaves)).filter(|_| end <= noun + 1);
    let place = from.and_then(|t| scene.read.places.iter().find(|p| p.tokens.start == t + 1));
    place.map_or(end, |p| p.tokens.end)
}

/// Does `cho` stand right behind an amount and before this figure, with no more than how exact it is between?
fn given_to(scene: &Scene<'_, '_>, i: usize) -> bool {
    let start = scene.figure(i).tokens.start;
    let before = (scene.previous_end(i)..start).rev().find(|&t| !is_qualifying(scene, t));
    before.is_some_and(|t| t > 0 && t == scene.previous_end(i) && scene.sentence().is_any(t, &["cho"]))
}

/// `8 xã trở lên | đạt chuẩn`: what is said of the noun behind the words for how exact the number is.
fn past_qualifier(scene: &Scene<'_, '_>, end: usize, limit: usize) -> Option<String> {
    let behind = scene.sentence().longest_as(end, Class::Qualifier, Role::After)?.end as usize;
    let from = Some(behind).filter(|&from| from < scene.sentence().len() && !stops(scene, from) && !verbal(scene, from))?;
    let stop = extent(scene, from, from, limit.max(from));
    (stop > from).then(|| tidy(scene.sentence().quote(&(from..stop))).into_owned())
}

/// `249 người giữ chức vụ lãnh đạo, quản lý trong 2.495 cán bộ`: what is said of the part before the whole.
fn part_of_ratio(scene: &Scene<'_, '_>, q: &Quantity) -> Option<String> {
    let noun = q.unit_tokens.clone();
    let join = (noun.end..q.tokens.end).find(|&t| scene.has(t, Class::Join))?;
    let only_words = (noun.end..join).all(|t| !scene.sentence().tokens[t].is_number());
    (q.of.is_some() && join > noun.end + 1 && only_words).then(|| tidy(scene.sentence().quote(&(noun.start..join))).into_owned())
}

/// `cứ 10 ha rừng trồng thì có ít nhất 4 ha`: what the whole is measured of.
pub(super) fn measured_whole(scene: &Scene<'_, '_>, q: &Quantity) -> Option<String> {
    let s = scene.sentence();
    let opened = q.tokens.start > 0 && s.lower(q.tokens.start - 1) == "cứ";
    let part = (q.number.start + 1..q.number.end).rev().find(|&t| s.tokens[t].is_number()).filter(|_| opened && q.of.is_some() && !q.counted)?;
    let from = s.longest(q.number.start + 1, Class::Unit)?.end as usize;
    let range = trimmed(scene, from..extent(scene, from, from, part.max(from)))?;
    Some(tidy(s.quote(&range)).into_owned())
}

/// How many tokens such a particle may have.
const LONGEST_PARTICLE: usize = 2;

/// `3 khách hàng trúng thưởng đã | đến nhận`, `2 lô hàng có thể bị | thu hồi`: the particle begins what they did, or what was done to them.
fn without_auxiliary(scene: &Scene<'_, '_>, start: usize, end: usize) -> usize {
    // The last word of a longer phrase that a rule knows: `chuẩn bị`.
    let of_phrase = |b: usize| scene.sentence().at(b - 1).iter().any(|h| h.end as usize == end);
    let particle =
        |b: &usize| [Cue::Auxiliary, Cue::Dangling].into_iter().any(|c| scene.cue(*b, c) == Some(end)) && !protected(scene, *b, end) && !of_phrase(*b);
    let cut = (start..end).rev().take(LONGEST_PARTICLE).find(particle);
    cut.map_or(end, |b| without_auxiliary(scene, start, b))
}

/// `11 xã đạt 16 – 18 tiêu chí`: a verb of having and another figure, without a comma, say which ones are counted.
pub(super) fn with_next(scene: &Scene<'_, '_>, i: usize, end: usize) -> usize {
    let Some(next) = scene.figures().get(i + 1) else { return end };
    if end <= next.tokens.start && defines(scene, i) { extent(scene, next.tokens.start, next.tokens.end, next_after(scene, next.tokens.start)) } else { end }
}

/// Does the next figure say which ones this one counts?
pub(super) fn defines(scene: &Scene<'_, '_>, i: usize) -> bool {
    let s = scene.sentence();
    let Some(next) = scene.figures().get(i + 1) else { return false };
    let q = scene.figure(i);
    let gap = q.tokens.end.max(q.unit_tokens.end)..next.tokens.start;
    let verb = (gap.start..gap.end).find(|&t| scene.is(t, Cue::Defines));
    let leads = verb.is_some_and(|v| (gap.start..v).all(|t| scene.is(t, Cue::Remaining)));
    q.counted
        && leads
        && gap.len() <= 6
        && gap.clone().all(|t| s.tokens[t].is_word() && s.longest(t, Class::Change).is_none())
        && s.word(gap.end - 1) != "và"
        && q.amount != rust_decimal::Decimal::ONE
        && !matches!(next.kind, Kind::Money)
}

/// The figure that only says which ones the one before counts: `xã` and `tiêu chí` of `11 xã đạt 16 – 18 tiêu chí`.
pub(super) fn defines_before(scene: &Scene<'_, '_>, i: usize) -> Option<String> {
    let p = i.checked_sub(1).filter(|&p| defines(scene, p))?;
    let noun = |q: &Quantity| (!q.unit_tokens.is_empty() && q.counted).then(|| tidy(scene.sentence().quote(&q.unit_tokens)));
    let own = scene.figure(i);
    let named = scene.figure(p).tokens.end..own.tokens.start;
    if named.clone().any(|t| scene.has(t, Class::Magnitude)) {
        return None;
    }
    if own.counted && own.unit_tokens.is_empty() {
        return Some(own.unit.clone());
    }
    if own.base.is_some() { None } else { noun(own).or_else(|| noun(scene.figure(p))).map(Cow::into_owned) }
}

/// `75 xã (chiếm 77,3% tổng số xã) đạt tiêu chí …`
pub(super) fn past_bracket(scene: &Scene<'_, '_>, open: usize) -> Option<String> {
    let s = scene.sentence();
    let close = (open..s.len()).find(|&t| s.is_mark(t, ")"))?;
    let end = extent(scene, close + 1, close + 1, next_after(scene, close));
    (end > close + 1 && !scene.has(close + 1, Class::Stop)).then(|| tidy(s.quote(&(close + 1..end))).into_owned())
}

/// `329 đơn vị cấp huyện thuộc 48 tỉnh, thành phố được công nhận …`, `85/85 xã của tỉnh đều đã đạt chuẩn`: what is said of
/// the noun behind a phrase that only tells where.
pub(super) fn past_phrase(scene: &Scene<'_, '_>, at: usize) -> Option<String> {
    let s = scene.sentence();
    if !scene.is(at, Cue::Where) {
        return None;
    }
    let end = (at..s.len()).find(|&t| matches!(s.word(t), ";" | "." | ":") || t > at + 30).unwrap_or(s.len());
    let verb = (at + 1..end).find(|&t| {
        (scene.is(t, Cue::Passed) || s.word(t) == "có" && !s.tokens.get(t + 1).is_some_and(|n| n.is_number()))
            && !scene.figures().iter().any(|q| q.tokens.contains(&t))
    })?;
    // Another figure between may only tell where: it has no verb of its own.
    let level_between =
        (at..verb).any(|t| s.at(t).iter().any(|h| matches!(scene.rules.rule(h.rule).data, Data::Reach(Verb::Level | Verb::Exist)) && h.class == Class::Reach));
    let stop = extent(scene, verb, verb, next_after(scene, verb));
    (!level_between && stop > verb + 1).then(|| tidy(s.quote(&(verb..stop))).into_owned())
}

/// `2,3 triệu lượt hộ nghèo và các đối tượng khác được vay vốn`: what is said behind nouns that are counted along.
pub(super) fn past_others(scene: &Scene<'_, '_>, at: usize) -> Option<String> {
    const LONGEST: usize = 12;
    let s = scene.sentence();
    if s.word(at) != "và" && !s.is_mark(at, ",") {
        return None;
    }
    let limit = next_after(scene, at).min(at + LONGEST);
    let verb = (at + 1..limit).find(|&t| scene.is(t, Cue::Passed) && !protected(scene, t, t + 1) || scene.is(t, Cue::Passed) && starts_compound(scene, t))?;
    let nouns = (at + 1..verb).all(|t| s.tokens[t].is_word() && !verbal(scene, t) && !scene.has(t, Class::Boundary));
    let stop = extent(scene, verb, verb, next_after(scene, verb));
    (nouns && verb > at + 2 && stop > verb + 1).then(|| tidy(s.quote(&(verb..stop))).into_owned())
}

/// `9 bộ và 22/34 địa phương có tỷ lệ …`: coordinated nouns share what is said behind the last.
pub(super) fn shared(scene: &Scene<'_, '_>, i: usize, end: usize) -> Option<String> {
    let s = scene.sentence();
    let next = scene.figures().get(i + 1).filter(|n| n.counted && !n.unit_tokens.is_empty())?;
    let same = scene.figure(i).unit == next.unit;
    let joined = s.word(end) == "và" && (next.tokens.start == end + 1 || same && next.tokens.start < end + 9);
    let tail = extent(scene, next.unit_tokens.start, next.tokens.end, next_after(scene, next.tokens.start));
    (joined && tail > next.unit_tokens.end).then(|| tidy(s.quote(&(next.unit_tokens.end..tail))).into_owned())
}
