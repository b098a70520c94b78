//! Anchors: where a text may hold a figure, and where it may name a place. One pass finds them; text without one costs no more
//! than that.
//!
//! In: normalized text, the rules. Out: [`Anchors`]: digits, words that a spelled-out figure begins with, words for places. Never: a
//! judgement whether a figure or a place is there.

use crate::rules::RuleSet;
use crate::text::{Blocks, Letters, Span, word};

/// The anchors of a text, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anchors {
    /// Where figures may begin.
    figures: Vec<u32>,
    /// Words for places: start and end.
    places: Vec<(u32, u32)>,
}

/// Bytes of a word that the filter looks at.
const WINDOW: usize = size_of::<u64>();

impl Anchors {
    pub fn find(text: &str, rules: &RuleSet) -> Self {
        let mut out = Self::default();
        for block in Blocks::of(text) {
            let mut starts = block.word_starts | block.digit_starts;
            while starts != 0 {
                let bit = starts.trailing_zeros();
                starts &= starts - 1;
                let at = block.start + bit as usize;
                // One anchor for a run of digits.
                if block.digit_starts >> bit & 1 == 1 {
                    out.figures.push(at as u32);
                    continue;
                }
                let len = (!(block.words >> bit)).trailing_zeros();
                let first = if bit + len < u64::BITS || len as usize >= WINDOW {
                    word::first(word::window(text.as_bytes(), at), len as usize)
                } else {
                    word_of_two_blocks(text.as_bytes(), at)
                };
                if rules.anchors.may_begin(first) {
                    out.word(text, at, first, rules);
                }
            }
        }
        out
    }

    fn word(&mut self, text: &str, at: usize, first: u64, rules: &RuleSet) {
        let [figure, place] = rules.anchors.longest(&text[at..], first);
        if figure.is_some_and(|len| stands_alone(text, at, at + len)) {
            self.figures.push(at as u32);
        }
        if let Some(len) = place.filter(|len| stands_alone(text, at, at + len)) {
            self.places.push((at as u32, (at + len) as u32));
        }
    }

    /// Holds the text no figure?
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty()
    }

    /// Where the runs of digits begin.
    pub fn digits(&self, text: &str) -> impl Iterator<Item = usize> {
        self.figures.iter().map(|&at| at as usize).filter(|&at| text.as_bytes()[at].is_ascii_digit())
    }

    /// May a figure begin in a part of the text? A run of digits counts where it begins.
    pub fn within(&self, span: Span) -> bool {
        let at = self.figures.partition_point(|&a| (a as usize) < span.start);
        self.figures.get(at).is_some_and(|&a| (a as usize) < span.end)
    }

    /// May a part of the text name a place: a word of place with a capital or nothing behind it, `huyện Sơn Động`, `cả nước`; not
    /// `xã hội`?
    pub fn may_name_place(&self, text: &str, span: Span) -> bool {
        const LONG: u32 = 9;
        let from = self.places.partition_point(|p| (p.0 as usize) < span.start);
        self.places[from..].iter().take_while(|p| p.1 as usize <= span.end).any(|&(start, end)| {
            let next = text[end as usize..span.end].chars().find(|c| !c.is_whitespace() && *c != '.');
            let long = end - start > LONG || text[start as usize..].starts_with(char::is_uppercase);
            long || next.is_none_or(|c| c.is_uppercase() || !c.is_alphabetic())
        })
    }
}

/// The first bytes of a word that goes on behind its block, or ends with it.
fn word_of_two_blocks(bytes: &[u8], at: usize) -> u64 {
    let window = word::window(bytes, at);
    let len = word::length(window);
    let mark = window.to_le_bytes()[..len].iter().position(|b| matches!(b, 0xC2 | 0xE2 | 0xEF));
    word::first(window, mark.unwrap_or(len))
}

/// No letter on either side.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| Letters::table().lower(c).is_some());
    !letter(text[..start].chars().next_back()) && !letter(text[end..].chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_number_words_are_anchors() {
        let text = "Sáng nay có 1.250 hộ, “hai” xã; bao nhiêu nữa?";
        let anchors = Anchors::find(text, &RuleSet::embedded());
        let found: Vec<&str> = anchors.figures.iter().map(|&a| &text[a as usize..a as usize + 3]).collect();
        assert_eq!(found, ["1.2", "250", "hai"]);
        let at = |part: &str| text.find(part).map(|i| Span::new(i, i + part.len())).unwrap();
        assert_eq!(["Sáng nay có", "hai” xã", "bao nhiêu nữa", "1.250 hộ"].map(|p| anchors.within(at(p))), [false, true, false, true]);
    }

    #[test]
    fn words_for_places_need_a_name_behind_them() {
        let text = "Kinh tế - xã hội. Huyện Sơn Động họp. Cả nước vui. Về xã.";
        let anchors = Anchors::find(text, &RuleSet::embedded());
        let found = text.match_indices('.').scan(0, |from, (at, _)| Some(Span::new(std::mem::replace(from, at + 1), at)));
        assert_eq!(found.map(|s| anchors.may_name_place(text, s)).collect::<Vec<_>>(), [false, true, true, true]);
    }
}
