//! Nouns in a row that share what is said behind the last of them.
//!
//! In: the end of what is said of a counted or measured noun. Out: the words behind the row that hold for it too. Never: what is said of
//! one of the nouns alone.

use super::super::Scene;
use super::counted::is_qualifying;
use super::edge::{extent, next_after, protected, starts_compound, verbal};
use crate::quantity::Quantity;
use crate::rules::{Class, Classes, Cue};
use crate::terms::Kind;
use crate::text::tidy;
use std::ops::Range;

/// How many nouns or figures may follow the first one.
const LONGEST_ROW: usize = 3;

/// How many tokens each of them may have.
const LONGEST_NOUN: usize = 3;

/// These begin something else (`38,6 nghìn ha tôm, diện tích bị thiệt hại là …`).
const OTHER: Classes = Classes::of([Class::Boundary, Class::Magnitude]);

/// `7 tàu với 52 ngư dân | bị nước ngoài bắt giữ`, `5.413 ha lúa, 1.602 ha hoa màu | bị thiệt hại`: what happens to the things of the last
/// figure in a row happens to those of this one, of which nothing is said.
pub(super) fn of_row(scene: &Scene<'_, '_>, i: usize, end: usize) -> Option<String> {
    let s = scene.sentence();
    let own = scene.figure(i);
    let alike = |next: &Quantity| if own.counted { next.counted } else { own.kind == Kind::Measure && (next.counted || next.unit == own.unit) };
    let mut at = end;
    for next in scene.figures().iter().skip(i + 1).take(LONGEST_ROW) {
        let joined = s.is_any(at, &[",", "/", "và", "với", "cùng"]) && (at + 1..next.tokens.start).all(|t| is_qualifying(scene, t));
        if !joined || next.tokens.start <= at || !alike(next) {
            return None;
        }
        let noun = next.tokens.end.max(next.unit_tokens.end);
        let stop = extent(scene, next.tokens.start, noun, next_after(scene, next.tokens.start));
        if let Some(verb) = (noun..stop.min(noun + LONGEST_NOUN)).find(|&t| suffers(scene, t)) {
            return (!scene.is(verb - 1, Cue::Remaining)).then(|| tidy(s.quote(&(verb..stop))).into_owned());
        }
        // `76 vụ với 65 người chết và 30 người bị thương`: something else happened to those.
        if next.counted && stop > noun {
            return None;
        }
        at = stop;
    }
    None
}

/// `4.907,5 ha lúa, | hoa màu mất trắng`: the end of a phrase with the other nouns that its figure measures, and what happens to them all.
pub(super) fn past_row(scene: &Scene<'_, '_>, at: usize) -> Option<usize> {
    let s = scene.sentence();
    let limit = next_after(scene, at);
    let mut from = at;
    for _ in 0..LONGEST_ROW {
        if !s.is_any(from, &["và", ","]) {
            return None;
        }
        let noun = (from + 1..limit.min(from + 2 + LONGEST_NOUN))
            .take_while(|&t| s.tokens[t].is_word() && s.word(t) != "và" && !suffers(scene, t) && !verbal(scene, t) && !s.begins(t, OTHER));
        let end = from + 1 + noun.count();
        if end < limit && end > from + 1 && suffers(scene, end) {
            return Some(extent(scene, end, end, limit));
        }
        from = end;
    }
    None
}

/// Are these a few words alone: a noun of which nothing is said?
pub(super) fn is_bare(scene: &Scene<'_, '_>, range: Range<usize>) -> bool {
    range.len() <= LONGEST_NOUN + 1 && range.into_iter().all(|t| scene.sentence().tokens[t].is_word())
}

fn suffers(scene: &Scene<'_, '_>, t: usize) -> bool {
    scene.is(t, Cue::Suffers) && (!protected(scene, t, t + 1) || starts_compound(scene, t))
}
