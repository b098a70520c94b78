//! Nouns in a row that share what is said behind the last of them.
//!
//! In: the end of what is said of a counted or measured noun. Out: the words behind the row that hold for it too. Never: what is said of
//! one of the nouns alone.

use super::super::Scene;
use super::counted::is_qualifying;
use super::edge::{extent, next_after, protected, starts_compound, verbal};
use crate::rules::{Class, Classes, Cue};
use crate::text::tidy;

/// How many tokens of further nouns may stand before what is said of all.
const LONGEST_ROW: usize = 12;

/// These begin something else (`38,6 nghìn ha tôm, diện tích bị thiệt hại là …`).
const OTHER: Classes = Classes::of([Class::Boundary, Class::Magnitude]);

/// `7 tàu với 52 ngư dân | bị nước ngoài bắt giữ`, `5.413 ha lúa, 1.602 ha hoa màu | bị thiệt hại`: what happens to the things of the last
/// figure in a row happens to those of this one, of which nothing is said.
pub(super) fn of_row(scene: &Scene<'_, '_>, i: usize, end: usize) -> Option<String> {
    const LONGEST: usize = 3;
    let s = scene.sentence();
    let own = scene.figure(i);
    if (own.tokens.start..end).any(|t| suffers(scene, t)) {
        return None;
    }
    let mut at = end;
    for next in scene.figures().iter().skip(i + 1).take(LONGEST) {
        let joined = s.is_any(at, &[",", "/", "và", "với", "cùng"]) && (at + 1..next.tokens.start).all(|t| is_qualifying(scene, t));
        if !joined || next.tokens.start <= at {
            return None;
        }
        let noun = next.tokens.end.max(next.unit_tokens.end);
        let stop = extent(scene, next.tokens.start, noun, next_after(scene, next.tokens.start));
        if let Some(verb) = (noun..stop).find(|&t| suffers(scene, t)) {
            return Some(tidy(s.quote(&(verb..stop))).into_owned());
        }
        at = stop;
    }
    None
}

/// `4.907,5 ha lúa, | hoa màu mất trắng`: the end of a phrase with the other nouns that its figure counts, and what happens to them all.
pub(super) fn past_row(scene: &Scene<'_, '_>, at: usize) -> Option<usize> {
    let s = scene.sentence();
    if !s.is_any(at, &["và", ","]) {
        return None;
    }
    let limit = next_after(scene, at).min(at + LONGEST_ROW);
    let verb = (at + 1..limit).find(|&t| suffers(scene, t))?;
    let noun = |t: usize| s.is_mark(t, ",") || s.tokens[t].is_word() && !verbal(scene, t) && !s.begins(t, OTHER);
    (verb > at + 1 && (at + 1..verb).all(noun)).then(|| extent(scene, verb, verb, next_after(scene, verb)))
}

fn suffers(scene: &Scene<'_, '_>, t: usize) -> bool {
    scene.is(t, Cue::Suffers) && (!protected(scene, t, t + 1) || starts_compound(scene, t))
}
