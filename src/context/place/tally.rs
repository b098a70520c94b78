//! What a text is about: the place that it names most, with weight for its head.
//!
//! In: the mentions of every sentence, then of the title. Out: [`MainPlace`]. Never: a choice between places that are named equally often.

use super::PlaceRef;
use super::find::{Raw, RawMention};
use super::resolve::{by_gazetteer, each_bare};
use crate::rules::{Cue, Refers, RuleId, RuleSet};
use crate::sentence::Sentence;
use crate::terms::Level;
use crate::text::{Letters, fold};
use rustc_hash::FxHashMap;

/// What the document says of places as a whole.
#[derive(Debug, Clone, Default)]
pub struct MainPlace {
    /// The place that the text is about.
    pub main: Option<PlaceRef>,
    pub province: Option<PlaceRef>,
    pub district: Option<PlaceRef>,
    pub commune: Option<PlaceRef>,
}

/// How often the document names each place, with weight for title and first sentences; and names with their level words.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    weights: Vec<(PlaceRef, u32)>,
    /// The place in `weights` of each level and folded bare name.
    known: FxHashMap<(Level, String), usize>,
    /// Words for the whole country.
    national: u32,
    /// Bodies of a state, which may be another one.
    central: u32,
    /// Names with their level words.
    pub(super) named: Names,
}

/// Names with their level words, by the folded bare name.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    places: FxHashMap<String, (PlaceRef, RuleId)>,
    /// A bit for each first letter: most words of a text begin no name.
    initials: u64,
}

impl Names {
    /// The first place of a name stays.
    fn add(&mut self, bare: &str, place: &PlaceRef, rule: RuleId) {
        if !self.places.contains_key(bare) {
            self.places.insert(bare.to_owned(), (place.clone(), rule));
            self.initials |= initial(bare);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The place that is called so, in any case of letters.
    pub(super) fn get(&self, name: &str) -> Option<&(PlaceRef, RuleId)> {
        if self.initials & initial(name) == 0 { None } else { self.places.get(&fold(name)) }
    }
}

fn initial(name: &str) -> u64 {
    let first = name.chars().next().unwrap_or(' ');
    1 << (Letters::table().lower(first).unwrap_or(first) as u32 % u64::BITS)
}

impl Tally {
    /// Counts the mentions of a sentence.
    pub fn add(&mut self, s: &Sentence<'_>, mentions: &[RawMention], weight: u32) {
        let mut seen: Vec<&Raw> = Vec::new();
        for m in mentions {
            if seen.contains(&&m.raw) {
                continue;
            }
            seen.push(&m.raw);
            match &m.raw {
                Raw::Named(place) if place.name == "Việt Nam" => self.national += weight,
                // `xuất khẩu sang Qatar` is about who exports.
                Raw::Named(place) if place.level == Level::Country && m.tokens.start.checked_sub(1).is_some_and(|t| s.is(t, Cue::Partner)) => {}
                Raw::Named(place) | Raw::Origin(place) => {
                    let bare = fold(&place.bare);
                    if place.name != place.bare {
                        self.named.add(&bare, place, m.rule);
                    }
                    let at = *self.known.entry((place.level, bare)).or_insert(self.weights.len());
                    match self.weights.get_mut(at) {
                        Some((_, w)) => *w += weight,
                        None => self.weights.push((place.clone(), weight)),
                    }
                }
                Raw::Here(Refers::Country) => self.national += weight,
                Raw::Here(Refers::Central) => self.central += weight,
                Raw::Here(_) => {}
            }
        }
    }

    /// Counts the communes and villages that a sentence calls by their bare name, once all sentences have been added.
    pub fn add_bare(&mut self, s: &Sentence<'_>, mentions: &[RawMention], weight: u32) {
        let named = std::mem::take(&mut self.named);
        let inside = |t: usize| mentions.iter().find(|m| m.tokens.contains(&t)).map(|m| m.tokens.end);
        let mut seen: Vec<&PlaceRef> = Vec::new();
        each_bare(s, &named, inside, |_, place, _| {
            if !seen.contains(&place) {
                seen.push(place);
                self.weights.iter_mut().filter(|(p, _)| p == place).for_each(|(_, w)| *w += weight);
            }
        });
        self.named = named;
    }

    fn best(&self, level: Level) -> Option<(&PlaceRef, u32)> {
        // The first of the heaviest, so that the result does not depend on luck.
        let mut best: Option<(&PlaceRef, u32)> = None;
        for (p, w) in self.weights.iter().filter(|(p, _)| p.level == level) {
            if best.is_none_or(|(_, b)| *w > b) {
                best = Some((p, *w));
            }
        }
        best
    }

    /// A district with its level word, from an earlier mention or the gazetteer.
    fn full(&self, place: PlaceRef, rules: &RuleSet, province: Option<&PlaceRef>) -> PlaceRef {
        if place.level != Level::District || place.name != place.bare {
            return place;
        }
        let known = self.named.get(&place.bare).map(|(p, _)| p.clone());
        known.or_else(|| by_gazetteer(rules, &place.bare, province)).unwrap_or(place)
    }

    /// Settles what the text is about.
    pub fn settle(&self, rules: &RuleSet, title: &[RawMention]) -> MainPlace {
        let of_title = |level| {
            title.iter().rev().find_map(|m| match &m.raw {
                Raw::Named(p) if p.level == level => Some(p.clone()),
                _ => None,
            })
        };
        let provinces: u32 = self.weights.iter().filter(|(p, _)| p.level == Level::Province).map(|(_, w)| w).sum();
        let equals = |w: u32| self.weights.iter().filter(|(p, v)| p.level == Level::Province && *v == w).count();
        // Of several provinces that are named equally often the text is about none.
        let heaviest = self.best(Level::Province).filter(|(_, w)| *w * 3 >= provinces && (equals(*w) < 3)).map(|(p, _)| p.clone());
        let province = of_title(Level::Province).or(heaviest);
        let district = of_title(Level::District).or_else(|| self.best(Level::District).map(|(p, _)| p.clone())).map(|p| self.full(p, rules, province.as_ref()));
        let commune = of_title(Level::Commune).or_else(|| self.best(Level::Commune).map(|(p, _)| p.clone()));
        let local = of_title(Level::Commune).or_else(|| of_title(Level::District).map(|p| self.full(p, rules, province.as_ref())));
        let weight = province.as_ref().and_then(|p| self.weights.iter().find(|(q, _)| q == p)).map_or(0, |(_, w)| *w);
        let country = PlaceRef::country();
        let told = self.national + self.central();
        let national = told > 0 && told >= weight && told >= self.local_weight() && of_title(Level::Province).is_none();
        let several = self.weights.iter().filter(|(p, _)| p.level == Level::Province).count() > 2 && province.is_none();
        let main = if let Some(local) = local {
            Some(local)
        } else if let Some(foreign) = self.foreign(weight) {
            Some(foreign)
        } else if national || several {
            Some(country)
        } else {
            province.clone().or_else(|| self.lower(&district, &commune)).or_else(|| self.best(Level::Region).map(|(p, _)| p.clone()))
        };
        MainPlace { main, province, district, commune }
    }

    /// How much bodies of the state tell of the country: nothing in a text that names another one, and nothing of this.
    fn central(&self) -> u32 {
        let ours = self.national > 0 || self.best(Level::Province).is_some();
        if ours || self.best(Level::Country).is_none_or(|(_, w)| w < self.central) { self.central } else { 0 }
    }

    /// The country that a text from abroad is about.
    fn foreign(&self, province: u32) -> Option<PlaceRef> {
        let (place, weight) = self.best(Level::Country)?;
        (weight > 4 && self.national + self.central() == 0 && province == 0).then(|| place.clone())
    }

    /// The heaviest district or commune.
    fn lower(&self, district: &Option<PlaceRef>, commune: &Option<PlaceRef>) -> Option<PlaceRef> {
        let weight = |level| self.best(level).map_or(0, |(_, w)| w);
        let small = commune.is_some() && weight(Level::Commune) > weight(Level::District);
        if small { commune.clone() } else { district.clone().or_else(|| commune.clone()) }
    }

    fn local_weight(&self) -> u32 {
        [Level::District, Level::Commune].into_iter().filter_map(|l| self.best(l)).map(|(_, w)| w).max().unwrap_or(0)
    }
}
