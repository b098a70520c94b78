//! Anchors: where a text may hold a figure, and where it may name a place. One pass finds them; text without one costs no more
//! than that.
//!
//! In: normalized text, the rules. Out: [`Anchors`]: digits, words that a spelled-out figure begins with, words for places. Never: a
//! judgement whether a figure or a place is there.

use crate::rules::RuleSet;
use crate::text::{Letters, Span, word};

/// The anchors of a text, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anchors {
    /// Where figures may begin.
    figures: Vec<u32>,
    /// Words for places: start and end.
    places: Vec<(u32, u32)>,
}

/// What a byte is to the scan: a letter or a part of one, a digit, the first of two or three bytes of a dash, a quote or a rare space.
const WORD: u8 = 1;
const DIGIT: u8 = 2;
const MARK_OF_TWO: u8 = 3;
const MARK_OF_THREE: u8 = 4;

const BYTES: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = match b as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' => WORD,
            0xC2 => MARK_OF_TWO,
            0xE2 | 0xEF => MARK_OF_THREE,
            0x80.. => WORD,
            _ => 0,
        };
        b += 1;
    }
    table
};

/// The end of a run of bytes of one kind.
#[inline]
fn run(bytes: &[u8], mut at: usize, kind: u8) -> usize {
    while bytes.get(at).is_some_and(|&b| BYTES[usize::from(b)] == kind) {
        at += 1;
    }
    at
}

impl Anchors {
    pub fn find(text: &str, rules: &RuleSet) -> Self {
        let mut out = Self::default();
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match BYTES[usize::from(byte)] {
                WORD => {
                    let window = word::window(bytes, at);
                    let mut len = word::length(window);
                    if word::holds_mark(word::first(window, len)) {
                        len = run(&bytes[..at + len], at, WORD) - at;
                    }
                    let first = word::first(window, len);
                    if rules.anchors.may_begin(first) {
                        out.word(text, at, first, rules);
                    }
                    at += len;
                    if len == size_of::<u64>() {
                        at = run(bytes, at, WORD);
                    }
                }
                // One anchor for a run of digits.
                DIGIT => {
                    out.figures.push(at as u32);
                    at = run(bytes, at + 1, DIGIT);
                }
                MARK_OF_TWO => at += 2,
                MARK_OF_THREE => at += 3,
                _ => at += 1,
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
