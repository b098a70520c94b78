//! The words that rules know, as small numbers.
//!
//! A word is kept lower-case and composed. Other accepted spellings of the same word (tone mark on the other vowel,
//! `i` for `y`) get the same number, so that rules are written once and text is never rewritten.

use super::letters::Letters;
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

/// A symbol of the matching alphabet: a known word, a punctuation mark, or 0 for a word that no rule names.
pub type Sym = u32;

/// Words and punctuation marks, numbered.
#[derive(Debug, Default, Clone)]
pub struct Vocabulary {
    ids: FxHashMap<Box<str>, Sym>,
    /// The same by [`Packed`] letters, for words that are not too long: what a text asks for.
    packed: FxHashMap<u128, Sym>,
    words: Vec<Box<str>>,
}

/// Up to nine folded letters as one number: no syllable of Vietnamese has more than seven.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Packed(u128);

impl Packed {
    /// So many letters fit.
    pub const MOST: usize = 9;
    /// Letters are below U+2000.
    const BITS: u32 = 13;

    /// Adds a letter by its code point, which must be below U+2000.
    #[inline]
    pub fn push(&mut self, letter: u16) {
        self.0 = self.0 << Self::BITS | u128::from(letter);
    }

    /// A word in small letters; none when it does not fit.
    fn of(word: &str) -> Option<Self> {
        let mut packed = Self::default();
        for (i, c) in word.chars().enumerate() {
            let letter = u16::try_from(u32::from(c)).ok().filter(|&l| l < 1 << Self::BITS && i < Self::MOST)?;
            packed.push(letter);
        }
        Some(packed)
    }
}

/// Tone marks on the first vowel (schoolbooks before 2018, most newspapers) and on the second (QĐ 1989/QĐ-BGDĐT).
/// Only open syllables differ.
const TONE_PLACES: [(&str, &str); 15] = [
    ("òa", "oà"),
    ("óa", "oá"),
    ("ỏa", "oả"),
    ("õa", "oã"),
    ("ọa", "oạ"),
    ("òe", "oè"),
    ("óe", "oé"),
    ("ỏe", "oẻ"),
    ("õe", "oẽ"),
    ("ọe", "oẹ"),
    ("ùy", "uỳ"),
    ("úy", "uý"),
    ("ủy", "uỷ"),
    ("ũy", "uỹ"),
    ("ụy", "uỵ"),
];
const I_AND_Y: [(char, char); 6] = [('i', 'y'), ('í', 'ý'), ('ì', 'ỳ'), ('ỉ', 'ỷ'), ('ĩ', 'ỹ'), ('ị', 'ỵ')];
const I_Y_ONSETS: [&str; 7] = ["h", "k", "l", "m", "s", "t", "qu"];

impl Vocabulary {
    /// The number of `word` (already folded), which is new or known.
    pub fn intern(&mut self, word: &str) -> Sym {
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        self.words.push(word.into());
        let id = self.words.len() as Sym;
        for spelling in spellings(word) {
            if let Some(Packed(letters)) = Packed::of(&spelling) {
                self.packed.entry(letters).or_insert(id);
            }
            self.ids.entry(spelling.into_boxed_str()).or_insert(id);
        }
        id
    }

    /// The number of a folded word, or 0.
    #[inline]
    pub fn get(&self, word: &str) -> Sym {
        self.ids.get(word).copied().unwrap_or(0)
    }

    /// The number of a folded word by its letters, or 0.
    #[inline]
    pub fn get_packed(&self, word: Packed) -> Sym {
        self.packed.get(&word.0).copied().unwrap_or(0)
    }

    pub fn word(&self, sym: Sym) -> &str {
        sym.checked_sub(1).and_then(|i| self.words.get(i as usize)).map_or("", |w| w)
    }

    pub fn len(&self) -> usize {
        self.words.len()
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// Lower case, composed, single spaces: the form in which rules and texts are compared as strings.
pub fn fold(text: &str) -> String {
    let may_compose = text.bytes().any(|b| matches!(b, 0xCC | 0xCD));
    if may_compose { folded(text.nfc(), text.len()) } else { folded(text.chars(), text.len()) }
}

/// White space as single blanks, none before a comma.
pub fn tidy(text: &str) -> String {
    if is_tidy(text.as_bytes()) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() && !word.starts_with(',') {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Surely tidy: only single blanks between words. Lead bytes of other white space give up.
fn is_tidy(text: &[u8]) -> bool {
    let mut blank = true;
    for (i, &b) in text.iter().enumerate() {
        match b {
            b' ' if blank => return false,
            b',' if blank => return false,
            0..b' ' | 0xC2 | 0xE2 | 0xE3 => return false,
            0xE1 if text.get(i + 1) == Some(&0x9A) => return false,
            _ => {}
        }
        blank = b == b' ';
    }
    !blank || text.is_empty()
}

fn folded(chars: impl Iterator<Item = char>, len: usize) -> String {
    let letters = Letters::table();
    let mut out = String::with_capacity(len);
    let mut space = false;
    for c in chars {
        match letters.lower(c) {
            None if c.is_whitespace() => space = true,
            lower => {
                if space && !out.is_empty() {
                    out.push(' ');
                }
                space = false;
                out.push(lower.unwrap_or(c));
            }
        }
    }
    out
}

/// A word and the other accepted spellings of it.
fn spellings(word: &str) -> Vec<String> {
    let mut out = vec![word.to_owned()];
    for (first, second) in TONE_PLACES {
        for (from, to) in [(first, second), (second, first)] {
            if let Some(head) = word.strip_suffix(from) {
                out.push(format!("{head}{to}"));
            }
        }
    }
    for (i, y) in I_AND_Y {
        for (from, to) in [(i, y), (y, i)] {
            if let Some(head) = word.strip_suffix(from)
                && I_Y_ONSETS.contains(&head)
            {
                out.push(format!("{head}{to}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_share_a_number() {
        let mut v = Vocabulary::default();
        let (ty, hoa, thuy) = (v.intern("tỷ"), v.intern("hòa"), v.intern("thủy"));
        assert_eq!((v.get("tỉ"), v.get("hoà"), v.get("thuỷ")), (ty, hoa, thuy));
        assert_eq!(v.get("xa"), 0);
    }

    #[test]
    fn folding_lowers_composes_and_keeps_single_spaces() {
        assert_eq!(fold("  Tỉnh\u{A0} SƠN\n La "), "tỉnh sơn la");
        assert_eq!(fold("Đa\u{323}t"), "đạt");
    }

    #[test]
    fn tidy_text_has_single_blanks() {
        for (text, tidied) in [("xã , phường", "xã, phường"), (" a\u{A0} b\nc ", "a b c"), ("hộ nghèo", "hộ nghèo"), (" ", ""), ("", "")] {
            assert_eq!(tidy(text), tidied);
        }
    }

    #[test]
    fn the_order_of_spellings_does_not_matter() {
        let mut v = Vocabulary::default();
        let (ti, ty) = (v.intern("tỉ"), v.intern("tỷ"));
        assert_eq!(ti, ty);
        assert_ne!(v.intern("mái"), v.intern("máy"), "only a vowel that stands alone changes its letter");
    }
}
