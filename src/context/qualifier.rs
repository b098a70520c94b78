//! Qualifiers: how exact a number is said to be. Scope: the words right before and right behind the figure.

use super::{Scene, Source};
use crate::rules::{Class, Classes, Cue, Data, Hit, NumeralRole, Role};
use crate::terms::{Change, Kind, Qualifier};
use rust_decimal::Decimal;

/// How many words of a fixed phrase may stand before the qualifier that ends it.
const LONGEST_NAME: u32 = 4;

pub fn of(scene: &Scene<'_, '_>, i: usize, change: Change) -> (Qualifier, Source) {
    let s = scene.sentence();
    let q = scene.figure(i);
    let value = |hit: &Hit| match scene.rules.rule(hit.rule).data {
        Data::Qualifier(value) => Some((value, Source::Rule(hit.rule))),
        _ => None,
    };
    let after = |t: usize| s.longest_as(t, Class::Qualifier, Role::After);
    let behind = after(q.tokens.end).or_else(|| after(q.number.end)).or_else(|| behind_noun(scene, i));
    if let Some(found) = behind.and_then(value) {
        return found;
    }
    let before = before(scene, i);
    let vague =
        s.of(q.number.start, Classes::only(Class::Numeral)).find(|h| matches!(scene.rules.rule(h.rule).data, Data::Numeral { role: NumeralRole::Vague, .. }));
    // `trăm rưỡi` is exact.
    let half =
        s.of(q.number.start + 1, Classes::only(Class::Numeral)).any(|h| matches!(scene.rules.rule(h.rule).data, Data::Numeral { role: NumeralRole::Half, .. }));
    let vague = vague.filter(|_| q.number.len() > 1 && !half).map(|h| (Qualifier::Approx, Source::Rule(h.rule)));
    match before.and_then(value).or(vague) {
        // `vượt 15 xã so với kế hoạch` is the size of the excess.
        Some((Qualifier::Over, _)) if change == Change::Increase && is_excess(scene, i) || is_gap(scene, i) || is_where(scene, i) => {
            (Qualifier::Exact, Source::Default)
        }
        Some(found) => found,
        None => (Qualifier::Exact, Source::Default),
    }
}

/// The qualifier before a figure, or before its verb of change (`ít nhất thêm 5 trường hợp`); none that ends a name (`tốc độ tối đa 350 km/h`).
fn before<'s>(scene: &'s Scene<'_, '_>, i: usize) -> Option<&'s Hit> {
    let s = scene.sentence();
    let q = scene.figure(i);
    let change = || s.ending(q.tokens.start, Class::Change, Role::Form);
    let before_change = || s.ending(change()?.start as usize, Class::Qualifier, Role::Before).filter(|h| limits(scene, h));
    let found = s.ending(q.tokens.start, Class::Qualifier, Role::Before).or_else(|| before_number(scene, i)).or_else(before_change)?;
    let names = |b: u32| s.of(b as usize, Classes::only(Class::Compound)).any(|c| c.end == found.end);
    let named = (found.start.saturating_sub(LONGEST_NAME)..found.start).any(names);
    (!named).then_some(found)
}

/// Does a qualifier set a limit (`ít nhất`), which a change may have?
fn limits(scene: &Scene<'_, '_>, hit: &Hit) -> bool {
    matches!(scene.rules.rule(hit.rule).data, Data::Qualifier(Qualifier::AtLeast | Qualifier::AtMost))
}

/// `từ 90% số nhà sập trở lên`: behind the noun, when `từ` opens the range.
fn behind_noun<'s>(scene: &'s Scene<'_, '_>, i: usize) -> Option<&'s Hit> {
    const LONGEST: usize = 6;
    let s = scene.sentence();
    let q = scene.figure(i);
    let opened = q.tokens.start.checked_sub(1).is_some_and(|t| scene.is(t, Cue::Leaves));
    let words = q.tokens.end..scene.next_start(i).min(q.tokens.end + LONGEST);
    words.filter(|_| opened).take_while(|&t| s.tokens[t].is_word()).find_map(|t| s.longest_as(t, Class::Qualifier, Role::After))
}

/// In a ratio of words the qualifier stands before the part: `cứ 10 hộ thì có gần 6 hộ`.
fn before_number<'s>(scene: &'s Scene<'_, '_>, i: usize) -> Option<&'s Hit> {
    let q = scene.figure(i);
    let s = scene.sentence();
    let last_number = (q.number.start + 1..q.number.end).rev().find(|&t| s.tokens[t].is_number())?;
    q.of?;
    s.ending(last_number, Class::Qualifier, Role::Before).filter(|h| h.start as usize > q.number.start)
}

/// `cao hơn 5,8% so với chỉ tiêu`: the last word compares, and belongs to the one before.
fn is_gap(scene: &Scene<'_, '_>, i: usize) -> bool {
    let start = scene.figure(i).tokens.start;
    start > 1 && scene.is(start - 2, Cue::Gap) && scene.sentence().longest(start - 2, Class::Change).is_some_and(|h| h.end as usize == start)
}

/// `đi trên 2 xe máy`, `vượt qua 3 đối thủ`: where, or whom, and not more than, before a few things.
fn is_where(scene: &Scene<'_, '_>, i: usize) -> bool {
    /// The fewest things that texts call more than a number.
    const FEWEST: Decimal = Decimal::from_parts(9, 0, 0, false, 0);
    let q = scene.figure(i);
    let start = q.tokens.start;
    let on = (start.saturating_sub(2)..start).any(|t| scene.cue(t, Cue::On) == Some(start));
    on && q.counted && q.kind == Kind::Count && q.amount < FEWEST && !q.unit_tokens.is_empty() && !scene.is(q.unit_tokens.start, Cue::Graded)
}

fn is_excess(scene: &Scene<'_, '_>, i: usize) -> bool {
    let start = scene.figure(i).tokens.start;
    start > 0 && scene.is(start - 1, Cue::Exceeds) && super::change::is_excess(scene, i)
}
