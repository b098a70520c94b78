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
    weights: Vec<Weight>,
    /// What companies and goods are called after, with its weight.
    origins: Vec<(PlaceRef, u32)>,
    /// The place in `weights` of each level and folded bare name.
    known: FxHashMap<(Level, String), usize>,
    /// Words for the whole country.
    national: u32,
    /// Bodies of a state, which may be another one.
    central: u32,
    /// Words for the province.
    here_province: u32,
    /// Words for what lies below it (`huyện quyết tâm`).
    here_lower: u32,
    /// Names with their level words.
    pub(super) named: Names,
}

/// How often a place is named.
#[derive(Debug, Clone)]
struct Weight {
    place: PlaceRef,
    total: u32,
    /// But where it only tells where a smaller one lies.
    own: u32,
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

/// A country or a region that weighs no more than one mention in the first paragraph is told by the way.
const BY_THE_WAY: u32 = 4;

impl Tally {
    /// Counts the mentions of a sentence.
    pub fn add(&mut self, s: &Sentence<'_>, mentions: &[RawMention], weight: u32) {
        let mut seen: Vec<&Raw> = Vec::new();
        for (k, m) in mentions.iter().enumerate() {
            if seen.contains(&&m.raw) {
                continue;
            }
            seen.push(&m.raw);
            match &m.raw {
                Raw::Named(place) if place.name == "Việt Nam" => self.national += weight,
                // `xuất khẩu sang Qatar` is about who exports.
                Raw::Named(place) if place.level == Level::Country && m.tokens.start.checked_sub(1).is_some_and(|t| s.is(t, Cue::Partner)) => {}
                Raw::Origin(place) if matches!(place.level, Level::Province | Level::Region) => self.origins.push((place.clone(), weight)),
                Raw::Named(place) | Raw::Origin(place) => {
                    if place.name != place.bare {
                        self.named.add(&fold(&place.bare), place, m.rule);
                    }
                    self.weigh(place, weight, if is_parent(s, mentions, k) { 0 } else { weight });
                }
                Raw::Here(Refers::Country) => self.national += weight,
                Raw::Here(Refers::Central) => self.central += weight,
                Raw::Here(Refers::Province) => self.here_province += weight,
                Raw::Here(Refers::District | Refers::Commune) => self.here_lower += weight,
                Raw::Here(_) | Raw::Home | Raw::Namesake(_) => {}
            }
        }
    }

    fn weigh(&mut self, place: &PlaceRef, total: u32, own: u32) {
        let at = *self.known.entry((place.level, fold(&place.bare))).or_insert(self.weights.len());
        if at == self.weights.len() {
            self.weights.push(Weight { place: place.clone(), total: 0, own: 0 });
        }
        self.weights[at].total += total;
        self.weights[at].own += own;
    }

    /// What a company is called after counts in a text that names it otherwise, or that speaks of its province without a name.
    fn weigh_origins(&mut self) {
        for (place, weight) in std::mem::take(&mut self.origins) {
            if self.here_province > 0 || self.weights.iter().any(|w| w.place == place) {
                self.weigh(&place, weight, weight);
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
                self.weights.iter_mut().filter(|w| w.place == *place).for_each(|w| w.total += weight);
            }
        });
        self.named = named;
    }

    fn of(&self, level: Level) -> impl Iterator<Item = &Weight> {
        self.weights.iter().filter(move |w| w.place.level == level)
    }

    /// The first of the heaviest, so that the result does not depend on luck.
    fn best(&self, level: Level) -> Option<&Weight> {
        self.of(level).reduce(|best, w| if w.total > best.total { w } else { best })
    }

    /// A district with its level word, from an earlier mention or the gazetteer.
    fn full(&self, place: PlaceRef, rules: &RuleSet, province: Option<&PlaceRef>) -> PlaceRef {
        if place.level != Level::District || place.name != place.bare {
            return place;
        }
        let known = self.named.get(&place.bare).map(|(p, _)| p.clone());
        known.or_else(|| by_gazetteer(rules, &place.bare, province)).unwrap_or(place)
    }

    /// A bare name of a district in a text that names no province is as likely that of something else (`tàu Thống Nhất`).
    fn is_sure(&self, w: &Weight) -> bool {
        w.place.level != Level::District || w.place.name != w.place.bare || self.named.get(&w.place.bare).is_some() || self.best(Level::Province).is_some()
    }

    /// Settles what the text is about. A title that is a line of its own says more than a first sentence.
    pub fn settle(&mut self, rules: &RuleSet, title: &[RawMention], own_line: bool) -> MainPlace {
        self.weigh_origins();
        let of_title = |level| {
            title.iter().rev().find_map(|m| match &m.raw {
                Raw::Named(p) if p.level == level => Some(p.clone()),
                _ => None,
            })
        };
        let provinces: u32 = self.of(Level::Province).map(|w| w.total).sum();
        let equals = |total: u32| self.of(Level::Province).filter(|w| w.total == total).count();
        // Of several provinces that are named equally often the text is about none.
        let heaviest = self.best(Level::Province).filter(|w| w.total * 3 >= provinces && equals(w.total) < 3).map(|w| w.place.clone());
        let best = |level| self.best(level).map(|w| w.place.clone());
        let province = of_title(Level::Province).or(heaviest).or_else(|| self.held(rules));
        let district = of_title(Level::District).or_else(|| best(Level::District)).map(|p| self.full(p, rules, province.as_ref()));
        let commune = of_title(Level::Commune).or_else(|| best(Level::Commune));
        let local = of_title(Level::Commune).or_else(|| of_title(Level::District).map(|p| self.full(p, rules, province.as_ref())));
        let of_province = province.as_ref().and_then(|p| self.weights.iter().find(|w| w.place == *p));
        let weight = of_province.map_or(0, |w| w.total);
        let told = self.national + self.central();
        let titled = of_title(Level::Province).is_some() && (own_line || told <= weight + self.here_province);
        // A text that says `toàn tỉnh` more often than it speaks of the country is about the province that it names.
        let here = weight > 0 && self.here_province > told;
        let national = told > 0 && told >= weight && !here && told >= self.local_weight() && !titled;
        let several = self.of(Level::Province).filter(|w| w.own > 0).count() > 2 && province.is_none();
        let in_province = of_province
            .is_some_and(|w| of_title(Level::Province).is_none() && !national && self.lower_own() + self.here_lower > 2 * w.own + self.here_province);
        let main = if let Some(local) = local {
            Some(local)
        } else if in_province {
            self.lower(&district, &commune)
        } else if let Some(foreign) = self.foreign(weight) {
            Some(foreign)
        } else if national || several {
            Some(PlaceRef::country())
        } else {
            // A text about a province that it never names.
            let nameless = province.is_none() && self.here_province > self.local_weight();
            // One mention far from the head is told by the way.
            let told = self.lowest().is_some_and(|w| w.total > 1 && self.is_sure(w));
            province.clone().or_else(|| self.lower(&district, &commune).filter(|_| !nameless && told)).or_else(|| self.region())
        };
        MainPlace { main, province, district, commune }
    }

    /// Of the provinces that are named most and equally often, the only one with a district that the text names too.
    fn held(&self, rules: &RuleSet) -> Option<PlaceRef> {
        let most = self.best(Level::Province)?.total;
        let lies_in = |district: &Weight, province: &Weight| {
            rules.gazetteer.find(&district.place.bare, Level::District).any(|u| rules.gazetteer.is_below(u, &province.place.bare, None))
        };
        let holds = |p: &&Weight| p.total == most && self.of(Level::District).any(|d| lies_in(d, p));
        let mut holders = self.of(Level::Province).filter(holds);
        holders.next().filter(|_| holders.next().is_none()).map(|w| w.place.clone())
    }

    /// How much bodies of the state tell of the country: nothing in a text that names another one, and nothing of this.
    fn central(&self) -> u32 {
        let ours = self.national > 0 || self.best(Level::Province).is_some();
        if ours || self.best(Level::Country).is_none_or(|w| w.total < self.central) { self.central } else { 0 }
    }

    /// The country that a text from abroad is about.
    fn foreign(&self, province: u32) -> Option<PlaceRef> {
        let heaviest = self.best(Level::Country)?;
        (heaviest.total > BY_THE_WAY && self.national + self.central() == 0 && province == 0).then(|| heaviest.place.clone())
    }

    /// The region that a text is about which names nothing below it.
    fn region(&self) -> Option<PlaceRef> {
        self.best(Level::Region).filter(|w| w.total > BY_THE_WAY).map(|w| w.place.clone())
    }

    /// The heaviest district or the heaviest commune: the one that is named more often but to tell where something lies.
    fn lowest(&self) -> Option<&Weight> {
        let (district, commune) = (self.best(Level::District), self.best(Level::Commune));
        let key = |w: &Weight| (w.own, w.total);
        district.into_iter().chain(commune).reduce(|district, commune| if key(commune) > key(district) { commune } else { district })
    }

    /// The same, with its level word.
    fn lower(&self, district: &Option<PlaceRef>, commune: &Option<PlaceRef>) -> Option<PlaceRef> {
        let small = commune.is_some() && self.lowest().is_some_and(|w| w.place.level == Level::Commune);
        if small { commune.clone() } else { district.clone().or_else(|| commune.clone()) }
    }

    fn lower_own(&self) -> u32 {
        self.lowest().map_or(0, |w| w.own)
    }

    fn local_weight(&self) -> u32 {
        [Level::District, Level::Commune].into_iter().filter_map(|l| self.best(l)).map(|w| w.total).max().unwrap_or(0)
    }
}

/// `xã Cát Tiến (huyện Phù Cát, Bình Định)`: does the mention only tell where the smaller place before it lies?
fn is_parent(s: &Sentence<'_>, mentions: &[RawMention], k: usize) -> bool {
    let level = |m: &RawMention| match &m.raw {
        Raw::Named(place) => Some(place.level),
        _ => None,
    };
    let Some(before) = k.checked_sub(1).map(|b| &mentions[b]) else { return false };
    let gap = before.tokens.end..mentions[k].tokens.start;
    level(&mentions[k]).is_some_and(|l| level(before) > Some(l)) && gap.len() <= 2 && { gap }.all(|t| s.is_any(t, &[",", "(", "-", "của", "thuộc"]))
}
