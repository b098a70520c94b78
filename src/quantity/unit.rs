//! Units behind a number: measured units, counted nouns, and what they are taken per.
//!
//! In: a sentence and the token behind a number. Out: the unit's symbol as records write it, its tokens and its rule.
//! Never: a look at what stands before the number, but for `bình quân mỗi …`.

use super::numeral::{role_at, scale_at, ten_to};
use crate::rules::{Class, Classes, Cue, Data, Dimension, Hit, NumeralRole, Role, RuleId, RuleSet};
use crate::sentence::Sentence;
use crate::terms::Level;
use crate::text::Flags;
use crate::text::tidy;
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::ops::Range;

/// What a number counts or is measured in.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit<'a> {
    pub symbol: Cow<'a, str>,
    /// None for counted nouns.
    pub dimension: Option<Dimension>,
    /// A factor that the unit brings, `trđ` = 1,000,000 VND.
    pub factor: Decimal,
    pub tokens: Range<usize>,
    /// A denominator follows: the figure is a rate.
    pub per: bool,
    pub rule: RuleId,
}

/// The unit that begins at a token.
pub fn read<'a>(sentence: &Sentence<'a>, rules: &'a RuleSet, at: usize, scaled: bool) -> Option<Unit<'a>> {
    // `1 tỷ số thuê bao`, `3 triệu các hộ`
    let noun = sentence.cue(at, Cue::NumberOf).filter(|&noun| scaled && sentence.begins(noun, Classes::only(Class::Counter)));
    let at = noun.unwrap_or(at);
    // `kiện đòi 16,5 tỷ Hoa hậu Thế giới người Việt`: an amount, and the name of somebody, or another line.
    let digits = || at.checked_sub(2).is_some_and(|t| sentence.tokens[t].is_number());
    let named = scaled && digits() && sentence.tokens.get(at).is_some_and(|t| t.is_capital() && !t.flags.has(Flags::UPPER));
    let mut unit = match (measured(sentence, rules, at), counted(sentence, rules, at).filter(|_| !named)) {
        (Some(m), Some(c)) if c.tokens.end > m.tokens.end => c,
        (Some(m), _) => m,
        (None, Some(c)) => c,
        (None, None) => fallback(sentence, rules, at, scaled).or_else(|| money_per(sentence, rules, at, scaled))?,
    };
    add_denominators(sentence, rules, &mut unit);
    Some(unit)
}

/// As [`read`], of a unit or a noun that a rule names, with what stands behind a slash.
pub fn known<'a>(sentence: &Sentence<'a>, rules: &'a RuleSet, at: usize) -> Option<Unit<'a>> {
    let mut unit = measured(sentence, rules, at).or_else(|| counted(sentence, rules, at))?;
    if sentence.is_mark(unit.tokens.end, "/") {
        add_denominators(sentence, rules, &mut unit);
    }
    Some(unit)
}

/// A unit of measurement.
pub fn measured<'a>(sentence: &Sentence<'_>, rules: &'a RuleSet, at: usize) -> Option<Unit<'a>> {
    let hit = sentence.of(at, Classes::only(Class::Unit)).filter(|h| fits_case(sentence, h.start as usize, h.end as usize)).max_by_key(|h| h.end)?;
    // `140.000 đồng bào`, `số 1 công bố`: the word begins a longer one.
    if begins_longer(sentence, at, hit.end, &[Class::Compound, Class::Boundary]) {
        return None;
    }
    let Data::Unit { symbol, dimension, factor, scaled } = &rules.rule(hit.rule).data else {
        return None;
    };
    if *scaled && !sentence.ends(at, Classes::only(Class::Scale)) && !is_thousands(sentence, at) {
        return None;
    }
    let per = symbol.contains('/');
    Some(Unit { symbol: Cow::Borrowed(symbol), dimension: Some(*dimension), factor: *factor, tokens: at..hit.end as usize, per, rule: hit.rule })
}

/// Does the word at a token begin a phrase of one of these classes that reaches beyond `end`?
fn begins_longer(sentence: &Sentence<'_>, at: usize, end: u32, classes: &[Class]) -> bool {
    classes.iter().any(|&class| sentence.longest(at, class).is_some_and(|h| h.end > end))
}

/// Does a number of four digits and more stand before a token?
fn is_thousands(sentence: &Sentence<'_>, at: usize) -> bool {
    const SHORTEST: u32 = "1.000".len() as u32;
    at.checked_sub(1).map(|b| sentence.tokens[b]).is_some_and(|t| t.is_number() && t.end - t.start >= SHORTEST)
}

/// One-letter units are small letters, but for the currency signs: `5 G` is no gram.
fn fits_case(sentence: &Sentence<'_>, start: usize, end: usize) -> bool {
    let token = sentence.tokens[start];
    end > start + 1 || token.end - token.start > 1 || !token.is_capital()
}

/// A known counted noun, with the nouns coordinated with it (`xã, phường, thị trấn`).
pub fn counted<'a>(sentence: &Sentence<'a>, rules: &RuleSet, at: usize) -> Option<Unit<'a>> {
    // `hộ dân tộc thiểu số`: not `hộ dân`, whose second word begins a longer one.
    let cut = |end: usize| (at + 1..end).any(|t| sentence.longest(t, Class::Compound).is_some_and(|c| c.end as usize > end));
    let hit = sentence.of(at, Classes::only(Class::Counter)).filter(|h| !cut(h.end as usize)).max_by_key(|h| h.end)?;
    // `SOM 2 bao gồm …`
    if begins_longer(sentence, at, hit.end, &[Class::Boundary]) {
        return None;
    }
    let mut end = hit.end as usize;
    // `100 triệu thuê bao, thuê bao trong nước 61 triệu` begins anew.
    let same = |from: usize, to: usize| tidy(sentence.quote(&(from..to))).eq_ignore_ascii_case(&tidy(sentence.quote(&(at..hit.end as usize))));
    // `2 công ty, giám đốc công ty A đã yêu cầu …` tells of one of them.
    let of_one = |next: usize| same(next, (next + hit.len()).min(sentence.len()));
    while let Some(next) = coordinated(sentence, end).filter(|&next| !same(end + 1, next) && !of_one(next)) {
        end = next;
    }
    let rule = hit.rule;
    debug_assert!(matches!(rules.rule(rule).data, Data::Counter { .. }));
    Some(Unit { symbol: tidy(sentence.quote(&(at..end))), dimension: None, factor: Decimal::ONE, tokens: at..end, per: false, rule })
}

/// The end of `, noun` behind a counted noun.
fn coordinated(sentence: &Sentence<'_>, at: usize) -> Option<usize> {
    if !sentence.is_mark(at, ",") {
        return None;
    }
    // `160 cây, bao gồm …`
    let longer = |class: Class, end: u32| sentence.longest(at + 1, class).is_some_and(|h| h.end > end);
    let hit = sentence.longest(at + 1, Class::Counter).filter(|h| !longer(Class::Boundary, h.end) && !longer(Class::Compound, h.end))?;
    let end = hit.end as usize;
    let abbreviated = |t: &crate::text::Token| t.flags.has(crate::text::Flags::UPPER) && t.end - t.start > 1;
    let name_follows = sentence.tokens.get(end).is_some_and(|t| t.is_capital() && !abbreviated(t) || t.is_number());
    let is_level = sentence.longest(at + 1, Class::Level).is_some();
    let verb_follows = sentence.longest(end, Class::Change).is_some() && !is_level;
    // `19 sở, ban, ngành và 11 huyện`: `và` begins anew.
    let figure_follows = (end..end + 3)
        .take_while(|&t| sentence.longest(t, Class::Stop).is_none() || sentence.word(t) == "cho")
        .any(|t| sentence.tokens.get(t).is_some_and(|t| t.is_number()));
    (!name_follows && !verb_follows && !figure_follows && !sentence.tokens.get(end).is_some_and(|t| t.is_number())).then_some(end)
}

/// Bytes of an abbreviation that is counted: `50 BV`, `12 THPT`.
const LONGEST_ABBREVIATION: u32 = 5;

/// A noun that no list knows: one small word that is no function word, or an abbreviation.
fn fallback<'a>(sentence: &Sentence<'a>, rules: &RuleSet, at: usize, scaled: bool) -> Option<Unit<'a>> {
    let token = sentence.tokens.get(at)?;
    let function = [Class::Stop, Class::Reach, Class::Boundary, Class::Qualifier, Class::Change, Class::Status, Class::Filler, Class::Numeral, Class::Scale]
        .iter()
        .any(|&c| sentence.longest(at, c).is_some())
        || sentence.is(at, Cue::NoNoun);
    let listed = sentence.tokens.get(at + 1).is_some_and(|t| t.is_number());
    let abbreviation = token.flags.has(Flags::UPPER) && token.end - token.start <= LONGEST_ABBREVIATION && !token.flags.has(Flags::GLUED) && !listed;
    if scaled || !token.is_word() || token.is_capital() && !abbreviation || function || token.flags.has(Flags::BREAK) || token.end - token.start < 2 {
        return None;
    }
    let rule = rules.known.counter_other?;
    Some(Unit { symbol: token.text(sentence.text).into(), dimension: None, factor: Decimal::ONE, tokens: at..at + 1, per: false, rule })
}

/// `1,5 triệu/tháng`: a scale word and a denominator are money.
fn money_per(sentence: &Sentence<'_>, rules: &RuleSet, at: usize, scaled: bool) -> Option<Unit<'static>> {
    let rule = rules.known.money_vnd.filter(|_| scaled && sentence.is_mark(at, "/"))?;
    let unit = Unit { symbol: "VND".into(), dimension: Some(Dimension::Money), factor: Decimal::ONE, tokens: at..at, per: false, rule };
    denominator(sentence, rules, &unit).map(|_| unit)
}

/// `/người/năm`, `/1 vạn dân`, `mỗi lít`.
fn add_denominators(sentence: &Sentence<'_>, rules: &RuleSet, unit: &mut Unit<'_>) {
    while let Some((symbol, end)) = denominator(sentence, rules, unit) {
        unit.symbol = format!("{}/{symbol}", unit.symbol).into();
        unit.tokens.end = end;
        unit.per = true;
    }
    if let Some((time, end)) = per_time_behind_noun(sentence, rules, unit).filter(|_| !unit.per) {
        unit.symbol = format!("{}/{time}", unit.symbol).into();
        unit.tokens.end = end;
        unit.per = true;
    }
}

/// `2 triệu tấn thép dẹt/năm`: what is measured stands between the unit and the time.
fn per_time_behind_noun<'a>(sentence: &Sentence<'a>, rules: &'a RuleSet, unit: &Unit<'_>) -> Option<(Cow<'a, str>, usize)> {
    const LONGEST: usize = 3;
    const NO_NOUN: Classes = Classes::of([Class::Stop, Class::Reach, Class::Boundary, Class::Qualifier, Class::Change, Class::Status, Class::Filler]);
    if !matches!(unit.dimension, Some(Dimension::Measure) | None) {
        return None;
    }
    let from = unit.tokens.end;
    let noun =
        |&t: &usize| sentence.tokens.get(t).is_some_and(|w| w.is_word() && !w.is_capital() && !w.flags.has(Flags::BREAK)) && !sentence.begins(t, NO_NOUN);
    let slash = from + (from..from + LONGEST).take_while(noun).count();
    let time = measured(sentence, rules, slash + 1).filter(|u| u.dimension == Some(Dimension::Duration) && slash > from && sentence.is_mark(slash, "/"))?;
    Some((time.symbol, time.tokens.end))
}

fn denominator(sentence: &Sentence<'_>, rules: &RuleSet, unit: &Unit<'_>) -> Option<(String, usize)> {
    let at = unit.tokens.end;
    if sentence.is_mark(at, "/") {
        // `2,1 tỷ đồng/dự toán 1,9 tỷ đồng`
        if sentence.begins(at + 1, Classes::only(Class::Base)) && sentence.longest(at + 1, Class::Counter).is_none() {
            return None;
        }
        let (factor, start) = below_the_line(sentence, rules, at + 1)?;
        let noun = per_noun(sentence, rules, start)?;
        return Some((format!("{factor}{}", noun.0), noun.1));
    }
    // đồng mỗi lít, đồng một kg, lần mỗi ngày; `một` only behind money, or before a time.
    let each = sentence.longest_as(at, Class::Per, Role::After).filter(|_| !unit.per)?.end as usize;
    let each_one = sentence.word(each - 1) == "mỗi";
    let of_time = unit.dimension == Some(Dimension::Measure) && measured(sentence, rules, each).is_some_and(|u| u.dimension == Some(Dimension::Duration));
    // `10,6 bác sĩ trên một vạn dân`
    let (factor, start) = below_the_line(sentence, rules, each)?;
    if unit.dimension != Some(Dimension::Money) && !each_one && !of_time && factor.is_empty() {
        return None;
    }
    per_noun(sentence, rules, start).map(|(noun, end)| (format!("{factor}{noun}"), end))
}

/// A number below the line: `1 vạn dân` is `10000 dân`; 1 alone says nothing.
fn below_the_line(sentence: &Sentence<'_>, rules: &RuleSet, at: usize) -> Option<(String, usize)> {
    let mut value = Decimal::ONE;
    let mut end = at;
    if let Some(token) = sentence.tokens.get(at).filter(|t| t.is_number()) {
        value = token.text(sentence.text).replace('.', "").parse().ok()?;
        // Only round numbers stand below a line; 333 hộ/1.750 nhân khẩu are two figures.
        let digits = value.to_string();
        if !digits.starts_with('1') || digits.trim_end_matches('0') != "1" {
            return None;
        }
        end += 1;
    }
    while let Some(power) = scale_at(sentence, rules, end) {
        value = value.checked_mul(ten_to(power))?;
        end += 1;
    }
    let factor = if value == Decimal::ONE { String::new() } else { format!("{} ", value.normalize()) };
    Some((factor, end))
}

/// The head noun or unit below the line.
fn per_noun<'a>(sentence: &Sentence<'a>, rules: &'a RuleSet, at: usize) -> Option<(Cow<'a, str>, usize)> {
    let unit = measured(sentence, rules, at);
    let noun = sentence.longest(at, Class::Counter).map(|h| h.end as usize);
    if let Some(unit) = unit.filter(|u| noun.is_none_or(|n| n <= u.tokens.end)) {
        // ngày đêm is a day; `người/năm` keeps its own denominators.
        return Some((unit.symbol, unit.tokens.end));
    }
    if let Some(end) = noun {
        return Some((tidy(sentence.quote(&(at..end))), end));
    }
    let token = sentence.tokens.get(at)?;
    let is_name = token.is_capital() || !token.is_word();
    (!is_name).then(|| (token.text(sentence.text).into(), at + 1))
}

/// `bình quân mỗi xã` before a count makes it a rate: the noun of which one is meant.
pub fn per_before<'a>(sentence: &Sentence<'a>, rules: &'a RuleSet, number: usize) -> Option<Cow<'a, str>> {
    let reach = number.saturating_sub(7);
    let hit = (reach..number).rev().find_map(|i| sentence.longest_as(i, Class::Per, Role::Form).filter(|h| h.end as usize <= number))?;
    let (noun, end) = per_noun(sentence, rules, hit.end as usize)?;
    let only_small_words =
        (end..number).all(|t| [Class::Reach, Class::Qualifier, Class::Filler].iter().any(|&c| sentence.longest(t, c).is_some()) && !sentence.is_mark(t, ","));
    let changes = (end..number).any(|t| sentence.longest(t, Class::Change).is_some());
    (only_small_words && !changes).then_some(noun)
}

/// Do words around a whole number of times tell a multiple (`gấp 3 lần`, `3 lần so với`), and not how often something happened
/// (`khám 57 lần`)?
pub fn multiplies(sentence: &Sentence<'_>, number: usize, end: usize) -> bool {
    const REACH: usize = 7;
    let cue = |h: &Hit| h.cue == Some(Cue::Multiplies) && h.end as usize <= number;
    let mut before = (number.saturating_sub(REACH)..number).rev().take_while(|&t| sentence.tokens[t].is_word());
    before.any(|t| sentence.of(t, Classes::only(Class::Cue)).any(cue)) || sentence.longest(end, Class::Comparison).is_some()
}

/// The level word of a place at a token, when a name follows.
pub fn names_place(sentence: &Sentence<'_>, rules: &RuleSet, at: usize) -> Option<Level> {
    let hit = sentence.longest_as(at, Class::Level, Role::Form)?;
    let named = sentence.tokens.get(hit.end as usize).is_some_and(|t| t.is_word() && t.is_capital());
    match rules.rule(hit.rule).data {
        Data::Level { level, .. } if named => Some(level),
        _ => None,
    }
}

/// Does a numeral such as `âm` stand right before a token?
pub fn negative_before(sentence: &Sentence<'_>, rules: &RuleSet, number: usize) -> bool {
    let part = |t: usize| t > 0 && sentence.of(t - 1, Classes::only(Class::Compound)).any(|h| h.end as usize > t);
    // `siêu âm 229 trường hợp`
    number > 0 && matches!(role_at(sentence, rules, number - 1), Some((_, NumeralRole::Negative))) && !part(number - 1)
}
