//! The words by which a scan sees that a figure may begin, or that a place is named.
//!
//! In: words and short phrases of the rules. Out: which of them a text begins with. Never: a look at what stands around.

use crate::text::word;
use rustc_hash::FxHashMap;

/// What a phrase is an anchor of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// A figure in words begins with it.
    Figure,
    /// It names a place, or tells the level of one.
    Place,
}

/// The phrases by their first words: a filter answers for most words of a text.
#[derive(Debug, Clone)]
pub struct AnchorWords {
    /// A bit for each hash of a first word.
    filter: Box<[u64; FILTER / 64]>,
    /// The longest first.
    phrases: FxHashMap<u64, Vec<(Anchor, Box<str>)>>,
}

/// Bits of the filter: 4 KiB, which stay in the nearest cache.
const FILTER: usize = 1 << 15;

/// Knuth's multiplicative hash.
#[inline]
fn slot(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - FILTER.trailing_zeros())) as usize
}

/// The first bytes of the first word, of eight at most.
fn first_word(phrase: &str) -> u64 {
    let window = word::window(phrase.as_bytes(), 0);
    word::first(window, word::length(window))
}

impl Default for AnchorWords {
    fn default() -> Self {
        Self { filter: Box::new([0; FILTER / 64]), phrases: FxHashMap::default() }
    }
}

impl AnchorWords {
    /// Adds a phrase that begins with a letter, as it is and with a capital.
    pub fn add(&mut self, kind: Anchor, phrase: &str) {
        let mut chars = phrase.chars();
        let capital: String = chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect();
        for phrase in [phrase, &capital] {
            let first = first_word(phrase);
            let slot = slot(first);
            self.filter[slot / 64] |= 1 << (slot % 64);
            let phrases = self.phrases.entry(first).or_default();
            let at = phrases.partition_point(|(_, p)| p.len() >= phrase.len());
            phrases.insert(at, (kind, phrase.into()));
        }
    }

    /// May a phrase begin with a word of these first bytes? Few do that don't.
    #[inline]
    pub fn may_begin(&self, first: u64) -> bool {
        let slot = slot(first);
        self.filter[slot / 64] & 1 << (slot % 64) != 0
    }

    /// The length of the longest phrase of each kind that a text begins with, whose first word has these first bytes: of figures, of
    /// places.
    pub fn longest(&self, text: &str, first: u64) -> [Option<usize>; 2] {
        let phrases = self.phrases.get(&first).map_or(&[][..], |p| p);
        [Anchor::Figure, Anchor::Place].map(|kind| phrases.iter().find(|(k, p)| *k == kind && text.starts_with(&**p)).map(|(_, p)| p.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_of_each_kind_is_found() {
        let mut words = AnchorWords::default();
        for phrase in ["ba", "một tr", "một triệu"] {
            words.add(Anchor::Figure, phrase);
        }
        for phrase in ["Ba Vì", "phường", "TP"] {
            words.add(Anchor::Place, phrase);
        }
        let at = |text: &str| {
            let found = words.longest(text, first_word(text));
            assert!(words.may_begin(first_word(text)) || found == [None; 2], "{text}");
            found
        };
        assert_eq!(
            [at("một triệu"), at("Một trăm"), at("mốt"), at("bà")],
            [[Some("một triệu".len()), None], [Some("một tr".len()), None], [None, None], [None, None]]
        );
        assert_eq!(
            [at("Ba Vì"), at("ba"), at("Phường A"), at("TP"), at("T"), at("")],
            [[Some(2), Some(6)], [Some(2), None], [None, Some(9)], [None, Some(2)], [None, None], [None, None]]
        );
    }
}
