//! What looks like a number and is none.
//!
//! Most of it is told by exclusion and period rules. What only spelling tells is checked here, under a name:
//! `glued-code` (U23, QL1A, 5G), `long-code` (0237, phone numbers), `list-number` (`1.` at the start of a sentence), `bare-year`,
//! `name` (a number behind a name), `quoted` (the name of a movement), `bare` (a number that counts nothing).

use super::{By, Rejected};
use crate::rules::{Class, Classes, Data, Role, RuleSet};
use crate::sentence::Sentence;
use crate::text::Flags;

/// A phrase that begins at this token and holds no figure: a date, a document number, an idiom.
pub fn phrase_at(sentence: &Sentence<'_>, rules: &RuleSet, at: usize) -> Option<Rejected> {
    let hit = sentence
        .of(at, Classes::of([Class::Exclusion, Class::Period, Class::Dateline]))
        .filter(|h| h.role == Role::Form && holds_number(sentence, h.start as usize, h.end as usize))
        .filter(|h| h.class != Class::Period && !sentence.tokens[at].is_number() || !is_ratio_of_things(sentence, rules, h.start as usize, h.end as usize))
        .filter(|h| h.class != Class::Exclusion || !is_announced(sentence, h.end as usize))
        .max_by_key(|h| h.end)?;
    // A share in words that is longer than the idiom wins: `một phần tư` against `một phần`.
    if sentence.longest(at, Class::Fraction).is_some_and(|f| f.end > hit.end) {
        return None;
    }
    // `hết năm` runs on as `năm 2023`.
    let runs_on = (at + 1..hit.end as usize).filter(|_| hit.class == Class::Period).filter_map(|t| sentence.longest(t, Class::Period)).map(|h| h.end);
    let end = runs_on.max().map_or(hit.end, |end| end.max(hit.end));
    Some(Rejected { tokens: at..end as usize, by: By::Rule(hit.rule) })
}

fn holds_number(sentence: &Sentence<'_>, start: usize, end: usize) -> bool {
    (start..end).any(|t| sentence.tokens[t].is_number() || sentence.longest(t, Class::Numeral).is_some())
}

/// `đến 6/10 huyện`: day and month in form, but a counted noun follows.
fn is_ratio_of_things(sentence: &Sentence<'_>, rules: &RuleSet, start: usize, end: usize) -> bool {
    let numbers = (start..end).filter(|&t| sentence.tokens[t].is_number()).count();
    let says_day = (start..end).any(|t| matches!(&*sentence.lower(t), "ngày" | "sáng" | "chiều" | "tối" | "tháng"));
    numbers == 2
        && !says_day
        && end - start <= 4
        && sentence.longest(end, Class::Counter).is_some_and(|h| !begins_verb(sentence, end, h.end))
        && super::names_place(sentence, rules, end).is_none()
        && (start..end).any(|t| sentence.is_mark(t, "/"))
}

/// `đến 30/9 giải ngân`: the noun is the first syllable of a verb, which excludes the number before it.
fn begins_verb(sentence: &Sentence<'_>, at: usize, noun_end: u32) -> bool {
    sentence.longest_as(at, Class::Exclusion, Role::After).is_some_and(|h| h.end > noun_end)
}

/// `con số: 18/18 xã`, `Dự án 4: 19 công trình`: a colon announces what is counted, and the number before `end` is no time or code.
fn is_announced(sentence: &Sentence<'_>, end: usize) -> bool {
    let last = end.checked_sub(1).map(|t| sentence.tokens[t]).filter(|t| t.is_number() && t.flags.has(Flags::SPACE));
    let ratio = sentence.is_mark(end, "/") && sentence.tokens.get(end + 1).is_some_and(|t| t.is_number());
    let noun = if ratio { end + 2 } else { end };
    last.is_some() && end > 1 && sentence.is_mark(end - 2, ":") && sentence.longest(noun, Class::Counter).is_some()
}

/// `“3 sẵn sàng”`: a small number that begins a few quoted words, the name of a movement.
pub fn quoted(sentence: &Sentence<'_>, start: usize, end: usize) -> bool {
    const LONGEST: usize = 3;
    let quote = |t: usize| ["\"", "“", "”"].iter().any(|q| sentence.is_mark(t, q));
    let words = (end..end + LONGEST).take_while(|&t| sentence.tokens.get(t).is_some_and(|t| t.is_word())).count();
    let small = sentence.word(start).len() == 1 && end == start + 1;
    small && start > 0 && quote(start - 1) && !sentence.tokens[start].flags.has(Flags::SPACE) && words > 0 && quote(end + words)
}

/// How much what follows a number speaks for a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Nothing, or a word that no list knows.
    Bare,
    /// A known noun, or a length of time.
    Counted,
    /// A scale word or a unit of measurement: no exclusion holds.
    Measured,
}

/// A word before the number excludes it; `hard` ones even when a known noun follows.
pub fn before(sentence: &Sentence<'_>, rules: &RuleSet, number: usize, strength: Strength) -> Option<By> {
    let hit = sentence.ending(number, Class::Exclusion, Role::Before)?;
    let hard = matches!(rules.rule(hit.rule).data, Data::Exclusion { hard: true });
    // `UBND Quận 2 tổ chức lễ`: a capital in the middle of a sentence makes a name.
    let (first, before) = (hit.start as usize, (hit.start as usize).checked_sub(1));
    let name = sentence.tokens[first].is_capital() && before.is_some_and(|t| sentence.tokens[t].is_word() && !sentence.tokens[t].is_capital());
    let holds = strength == Strength::Bare || (hard || name) && strength == Strength::Counted;
    holds.then_some(By::Rule(hit.rule))
}

/// Does a name stand right before the number, or the number of a name: `Alpha i7 2019`, `B-Line 2019`?
pub fn behind_name(sentence: &Sentence<'_>, number: usize) -> bool {
    let Some(last) = number.checked_sub(1).map(|t| sentence.tokens[t]) else { return false };
    let goes_on = |t: usize| sentence.tokens[t].is_word() || sentence.is_dash(t);
    number > 1 && (last.is_word() && last.is_capital() && goes_on(number - 2) || last.is_number() && sentence.tokens[number - 2].is_word())
}

/// `tổ 2 phường Hòa Nghĩa`, `cơ sở 2 Bệnh viện Việt Tiệp`: the name of another place, or of a body, follows.
pub fn follows_address(sentence: &Sentence<'_>, rules: &RuleSet, end: usize) -> bool {
    super::names_place(sentence, rules, end).is_some() || sentence.tokens.get(end).is_some_and(|t| t.is_capital() && !t.flags.has(Flags::UPPER))
}

/// A word behind the number excludes it (`3 không`): small numbers only, unless the rule is hard (`16,2 độ vĩ Bắc`).
pub fn after(sentence: &Sentence<'_>, rules: &RuleSet, start: usize, end: usize) -> Option<By> {
    let one_digit = end == start + 1 && sentence.word(start).len() <= 2 && !sentence.word(start).starts_with('0');
    let hit = sentence.longest_as(end, Class::Exclusion, Role::After)?;
    let hard = matches!(rules.rule(hit.rule).data, Data::Exclusion { hard: true });
    (one_digit || hard).then_some(By::Rule(hit.rule))
}

/// What the spelling of the token itself tells.
pub fn spelling(sentence: &Sentence<'_>, rules: &RuleSet, at: usize) -> Option<By> {
    let token = sentence.tokens[at];
    let word = sentence.word(at);
    if token.flags.has(Flags::GLUED) && glued_to_name(sentence, at) || glued_suffix(sentence, rules, at) {
        return Some(By::Check("glued-code"));
    }
    // `F-35`, `U-23`: a dash without blanks behind a capital letter.
    let hyphenated = at >= 2 && sentence.is_dash(at - 1) && !token.flags.has(Flags::SPACE) && !sentence.tokens[at - 1].flags.has(Flags::SPACE);
    if hyphenated && (sentence.tokens[at - 2].flags.has(Flags::UPPER) || sentence.tokens[at - 2].is_capital() && sentence.word(at - 2).chars().count() == 1) {
        return Some(By::Check("glued-code"));
    }
    if word.len() >= 3 && word.starts_with('0') && word.as_bytes()[1].is_ascii_digit() {
        return Some(By::Check("long-code"));
    }
    // `1900.0045`
    if word.split_once('.').is_some_and(|(head, rest)| head.len() > 3 && rest.len() > 3) {
        return Some(By::Check("long-code"));
    }
    let dotted = |t: usize| sentence.is_mark(t, ".") && !sentence.tokens[t].flags.has(Flags::SPACE);
    let numbered = |t: usize| sentence.tokens[t].is_number() || sentence.tokens[t].flags.has(Flags::UPPER);
    if at >= 2 && dotted(at - 1) && numbered(at - 2) && !token.flags.has(Flags::SPACE) {
        return Some(By::Check("long-code"));
    }
    is_list_number(sentence, at).then_some(By::Check("list-number"))
}

/// The letter before belongs to a name: a capital, or a word that no rule knows.
fn glued_to_name(sentence: &Sentence<'_>, at: usize) -> bool {
    let before = sentence.tokens[at - 1];
    // `BMW i3`
    let of_model = |t: usize| before.end - before.start == 1 && (before.is_capital() || t > 0 && sentence.tokens[t - 1].flags.has(Flags::UPPER));
    before.flags.has(Flags::UPPER) || before.sym == 0 || of_model(at - 1)
}

/// `5G`, `30a`, `4K`: a letter behind the number that is no unit.
fn glued_suffix(sentence: &Sentence<'_>, rules: &RuleSet, at: usize) -> bool {
    let Some(next) = sentence.tokens.get(at + 1).filter(|t| t.is_word() && t.flags.has(Flags::GLUED)) else {
        return false;
    };
    let noun = || [Class::Scale, Class::Counter].iter().any(|&c| sentence.longest(at + 1, c).is_some());
    let known = super::unit::measured(sentence, rules, at + 1).is_some() || !next.is_capital() && noun();
    !known && (next.sym == 0 || next.is_capital() || next.end - next.start <= 2)
}

/// `1.`, `2/`, `3)`, `(4)` at the start of a sentence.
fn is_list_number(sentence: &Sentence<'_>, at: usize) -> bool {
    let first = at == 0 || at == 1 && (sentence.is_mark(0, "(") || sentence.is_dash(0) || sentence.is_mark(0, "*"));
    let starts = first || sentence.tokens[at].flags.has(Flags::BREAK);
    let marked = [".", ")", "/"].iter().any(|m| sentence.is_mark(at + 1, m));
    let text_follows = sentence.tokens.get(at + 2).is_none_or(|t| t.is_capital() || t.is_word() && t.flags.has(Flags::SPACE) || !t.is_word() && !t.is_number());
    starts && marked && text_follows && sentence.word(at).len() <= 2
}
