//! Mentions settled with what the document knows.
//!
//! In: the raw mentions of a sentence, the tally, the main place. Out: [`Mention`]s with a place each. Never: a place that is neither in
//! the gazetteer nor named with its level somewhere in the text.

use super::elsewhere::names_facility;
use super::find::{Raw, RawMention, capital_word, name_run};
use super::tally::{MainPlace, Names, Tally};
use super::{Mention, PlaceRef};
use crate::rules::{Class, Classes, Cue, Refers, Role, RuleId, RuleSet};
use crate::sentence::Sentence;
use crate::terms::Level;
use std::ops::Range;

/// Settles the mentions of a sentence with what the document knows.
pub fn resolve(
    s: &Sentence<'_>,
    rules: &RuleSet,
    raw: &[RawMention],
    (tally, main): (&Tally, &MainPlace),
    compared: &[Range<usize>],
    last: &mut LastNamed,
) -> Vec<Mention> {
    let mut out: Vec<Mention> = Vec::new();
    for m in raw {
        let (place, here) = match &m.raw {
            Raw::Here(refers) => match stands_for(*refers, main, &out, last) {
                Some(place) => (place, true),
                None => continue,
            },
            Raw::Home | Raw::Namesake(_) => continue,
            Raw::Origin(place) => {
                last.keep(place);
                continue;
            }
            Raw::Named(place) => match named(rules, place, tally, main, out.last(), &m.tokens) {
                Some(place) => (place, false),
                None => continue,
            },
        };
        last.keep(&place);
        let compared = compared.iter().any(|c| c.contains(&m.tokens.start)) || is_beside(s, m.tokens.start);
        out.push(Mention { tokens: m.tokens.clone(), place, rule: m.rule, compared, here });
    }
    again(s, tally, compared, &mut out);
    out
}

/// `nghèo nhất tỉnh A`, `chỉ sau Bến Tre`, `sau khi hợp nhất với Hà Giang`: a place that another is told beside.
fn is_beside(s: &Sentence<'_>, start: usize) -> bool {
    const LONGEST: usize = 4;
    (start.saturating_sub(LONGEST)..start).any(|t| s.cue(t, Cue::Beside) == Some(start))
}

/// Communes and villages by their bare name, when the text has named them with their level word elsewhere.
pub(super) fn again(s: &Sentence<'_>, tally: &Tally, compared: &[Range<usize>], out: &mut Vec<Mention>) {
    if tally.named.is_empty() {
        return;
    }
    let before = std::mem::take(out);
    let inside = |t: usize| before.iter().find(|m| m.tokens.contains(&t)).map(|m| m.tokens.end);
    let mut found: Vec<Mention> = Vec::new();
    each_bare(s, &tally.named, inside, |tokens, place, rule| {
        let compared = compared.iter().any(|c| c.contains(&tokens.start));
        found.push(Mention { tokens, place: place.clone(), rule, compared, here: false });
    });
    *out = before;
    out.append(&mut found);
    out.sort_by_key(|m| m.tokens.start);
}

/// Each run of capitalized words that is a known name, outside of what is read already.
pub(super) fn each_bare<'n>(
    s: &Sentence<'_>,
    named: &'n Names,
    inside: impl Fn(usize) -> Option<usize>,
    mut found: impl FnMut(Range<usize>, &'n PlaceRef, RuleId),
) {
    if named.is_empty() {
        return;
    }
    let mut t = 0;
    while t < s.len() {
        if !capital_word(s, t) {
            t += 1;
            continue;
        }
        let read = inside(t);
        let starts = read.is_none()
            && !names_facility(s, t)
            && !(t > 0 && capital_word(s, t - 1) && !opens_sentence(s, t - 1))
            && s.ending(t, Class::Surname, Role::Form).is_none();
        let name = if starts { (t + 1..=name_run(s, t)).rev().find_map(|end| named.get(s.quote(&(t..end))).map(|p| (end, p))) } else { None };
        let Some((end, (place, rule))) = name else {
            t = read.unwrap_or(t + 1);
            continue;
        };
        found(t..end, place, *rule);
        t = end;
    }
}

/// `Riêng Hồ Thầu`: a small word that has its capital from the start of the sentence.
fn opens_sentence(s: &Sentence<'_>, t: usize) -> bool {
    t == 0 && s.begins(t, Classes::of([Class::Filler, Class::Boundary])) && s.longest(t, Class::Level).is_none()
}

/// The last place of each level that the text has named, for `nước này`, `huyện này`.
#[derive(Debug, Clone, Default)]
pub struct LastNamed(Vec<PlaceRef>);

impl LastNamed {
    fn keep(&mut self, place: &PlaceRef) {
        if place.is_nowhere() {
            return;
        }
        self.0.retain(|p| p.level != place.level);
        self.0.push(place.clone());
    }

    /// The one named last of these levels.
    fn of(&self, levels: &[Level]) -> Option<PlaceRef> {
        self.0.iter().rev().find(|p| levels.contains(&p.level)).cloned()
    }
}

pub(super) fn stands_for(refers: Refers, main: &MainPlace, before: &[Mention], named: &LastNamed) -> Option<PlaceRef> {
    let last = |level| before.iter().rev().find(|m| m.place.level == level && !m.compared).map(|m| m.place.clone());
    match refers {
        Refers::Country => Some(PlaceRef::country()),
        Refers::Province => last(Level::Province).or_else(|| main.province.clone()),
        Refers::District => last(Level::District).or_else(|| main.district.clone()),
        Refers::Commune => last(Level::Commune).or_else(|| main.commune.clone()),
        Refers::Any => main.main.clone(),
        Refers::Central => None,
        Refers::World => Some(PlaceRef::nowhere()),
        Refers::ThatCountry => named.of(&[Level::Country]),
        Refers::ThatCity => named.of(&[Level::Province, Level::District]),
        Refers::ThatDistrict => named.of(&[Level::District]),
        Refers::ThatCommune => named.of(&[Level::Commune]),
    }
}

/// A bare district name counts when the text has given it a level before, when it stands in a list of districts, or
/// when it lies in the province of the text.
pub(super) fn named(rules: &RuleSet, place: &PlaceRef, tally: &Tally, main: &MainPlace, before: Option<&Mention>, tokens: &Range<usize>) -> Option<PlaceRef> {
    // `xã Côn Minh` of the text, not the city in China.
    if place.level == Level::Region && place.name == place.bare {
        return Some(tally.named.get(&place.bare).map_or_else(|| place.clone(), |(known, _)| known.clone()));
    }
    if place.level != Level::District || place.name != place.bare {
        return Some(place.clone());
    }
    if let Some((known, _)) = tally.named.get(&place.bare) {
        return Some(known.clone());
    }
    if let Some(before) = before.filter(|b| matches!(b.place.level, Level::District | Level::Commune) && !b.here)
        && tokens.start.saturating_sub(before.tokens.end) <= 8
    {
        let word = before.place.name.strip_suffix(&before.place.bare).unwrap_or("").trim();
        let word = if word.is_empty() || word == "thành phố" || word == "thị xã" { "huyện" } else { word };
        return Some(PlaceRef::new(word, place.bare.clone(), before.place.level));
    }
    by_gazetteer(rules, &place.bare, Some(main.province.as_ref()?))
}

/// The district of this name in a province, with its level word.
pub(super) fn by_gazetteer(rules: &RuleSet, bare: &str, province: Option<&PlaceRef>) -> Option<PlaceRef> {
    let mut units = rules.gazetteer.find(bare, Level::District).filter(|u| province.is_none_or(|p| rules.gazetteer.is_below(u, &p.bare, None)));
    let unit = units.next()?;
    // A town and the district around it: the name alone.
    if units.next().is_some() {
        return province.map(|_| PlaceRef::bare(bare.to_owned(), Level::District));
    }
    let word = unit.full_name.strip_suffix(&*unit.name).unwrap_or("Huyện ").trim().to_lowercase();
    Some(PlaceRef::new(&word, bare.to_owned(), Level::District))
}
