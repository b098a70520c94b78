//! The words that rules know, as small numbers.
//!
//! A word is kept lower-case and composed. Other accepted spellings of the same word (tone mark on the other vowel,
//! `i` for `y`) get the same number, so that rules are written once and text is never rewritten.

use super::letters::Letters;
use super::token::{Flags, POWERED};
use super::word;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// A symbol of the matching alphabet: a known word, a punctuation mark, or 0 for a word that no rule names.
pub type Sym = u32;

/// Words and punctuation marks, numbered.
#[derive(Debug, Default, Clone)]
pub struct Vocabulary {
    ids: FxHashMap<Box<str>, Sym>,
    /// The usual ways to write them, by their bytes: what most words of a text are found by. Eight bytes at most.
    short: FxHashMap<u64, Written>,
    /// Nine to sixteen bytes.
    long: FxHashMap<u128, Written>,
    /// ASCII characters that are words.
    ascii: Vec<Sym>,
    words: Vec<Box<str>>,
}

/// A word as it is written: in small letters, with a capital, in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    pub sym: Sym,
    /// [`Flags::CAPITAL`] and [`Flags::UPPER`].
    pub flags: Flags,
}

/// Longer words are looked up by their small letters.
const LONGEST_WRITTEN: usize = size_of::<u128>();

/// Numbers that are words of rules (`135`, `30a`) are not longer.
const SHORT_NUMBER: usize = 4;

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
            self.ids.entry(spelling.into_boxed_str()).or_insert(id);
        }
        id
    }

    /// The number of a folded word, or 0.
    #[inline]
    pub fn get(&self, word: &str) -> Sym {
        self.ids.get(word).copied().unwrap_or(0)
    }

    /// Enters the usual ways to write each word. A word that comes later is found by its small letters only.
    pub fn freeze(&mut self) {
        // Behind these a digit may belong to the word (`m2`).
        let plain = self.ids.iter().filter(|(word, _)| !POWERED.contains(&&***word));
        let written = plain.flat_map(|(word, &sym)| ways(word).into_iter().map(move |way| (bytes_of(way.as_bytes()), Written { sym, flags: flags(&way) })));
        for (bytes, written) in written {
            match (bytes, bytes.map(u64::try_from)) {
                (_, Some(Ok(short))) => _ = self.short.insert(short, written),
                (Some(bytes), _) => _ = self.long.insert(bytes, written),
                (None, _) => {}
            }
        }
        let numbers = self.ids.iter().filter(|(word, _)| word.len() <= SHORT_NUMBER && word.starts_with(|c: char| c.is_ascii_digit()));
        self.short.extend(numbers.filter_map(|(word, &sym)| Some((bytes_of(word.as_bytes())? as u64, Written { sym, flags: Flags::default() }))));
        self.ascii = (0..0x80u8).map(|b| self.get(char::from(b).encode_utf8(&mut [0; 1]))).collect();
    }

    /// The number of an ASCII character that is a word, or 0.
    #[inline]
    pub fn ascii(&self, byte: u8) -> Sym {
        self.ascii.get(usize::from(byte)).copied().unwrap_or(0)
    }

    /// The number of a word of digits, or 0.
    #[inline]
    pub fn number(&self, text: &[u8], at: usize, len: usize) -> Sym {
        let known = if len <= SHORT_NUMBER { self.short.get(&word::first(word::window(text, at), len)) } else { None };
        known.map_or(0, |w| w.sym)
    }

    /// The word that a text has at a byte, and how many bytes it takes; none when it is not known, or not written in a usual way.
    #[inline]
    pub fn written(&self, text: &[u8], at: usize) -> Option<(Written, usize)> {
        let low = word::window(text, at);
        let len = word::length(low);
        if len == size_of::<u64>() {
            return self.written_long(text, at, low);
        }
        self.short.get(&word::first(low, len)).map(|&written| (written, len))
    }

    fn written_long(&self, text: &[u8], at: usize, low: u64) -> Option<(Written, usize)> {
        let behind = at + size_of::<u64>();
        let high = word::window(text, behind);
        let more = word::length(high).min(text.len() - behind);
        let written = match more {
            0 => self.short.get(&low),
            // A word that fills both may go on.
            8 if text.get(behind + more).is_some_and(|b| !b.is_ascii() || b.is_ascii_alphabetic()) => None,
            _ => self.long.get(&(u128::from(low) | u128::from(word::first(high, more)) << 64)),
        };
        written.map(|&written| (written, size_of::<u64>() + more))
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

/// Up to sixteen bytes as one number.
fn bytes_of(word: &[u8]) -> Option<u128> {
    let mut bytes = [0; LONGEST_WRITTEN];
    bytes.get_mut(..word.len())?.copy_from_slice(word);
    Some(u128::from_le_bytes(bytes))
}

/// A word of small letters with a capital, and in capitals; nothing of what is no word.
fn ways(word: &str) -> Vec<String> {
    let letters = Letters::table();
    if !word.chars().all(|c| letters.lower(c) == Some(c)) {
        return Vec::new();
    }
    let capitals: String = word.chars().flat_map(char::to_uppercase).collect();
    let first = word.chars().next().map_or(0, char::len_utf8);
    let capital: String = word[..first].chars().flat_map(char::to_uppercase).chain(word[first..].chars()).collect();
    let mut out = vec![word.to_owned(), capital, capitals];
    // `ß` in capitals is another word.
    out.retain(|way| way.chars().map(|c| letters.lower(c).unwrap_or(c)).eq(word.chars()));
    out
}

/// What the spelling of a word tells.
fn flags(word: &str) -> Flags {
    let letters = Letters::table();
    let capital = |c: char| letters.lower(c) != Some(c);
    let mut flags = Flags::default();
    if word.chars().next().is_some_and(capital) {
        flags.set(Flags::CAPITAL);
    }
    if word.chars().nth(1).is_some() && word.chars().all(capital) {
        flags.set(Flags::UPPER);
    }
    flags
}

/// Lower case, composed, single spaces: the form in which rules and texts are compared as strings.
pub fn fold(text: &str) -> String {
    let may_compose = text.bytes().any(|b| matches!(b, 0xCC | 0xCD));
    if may_compose { folded(text.nfc(), text.len()) } else { folded(text.chars(), text.len()) }
}

/// White space as single blanks, none before a comma.
pub fn tidy(text: &str) -> Cow<'_, str> {
    if is_tidy(text.as_bytes()) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() && !word.starts_with(',') {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.into()
}

/// Surely tidy: only single blanks between words.
fn is_tidy(text: &[u8]) -> bool {
    const BLANK: u8 = 1;
    const NOT_BEHIND_BLANK: u8 = 2;
    const DOUBTFUL: u8 = 4;
    // Other white space is below the blank, or begins with one of these bytes; U+1680 goes on with the last.
    const BYTES: [u8; 256] = {
        let mut table = [0; 256];
        let mut b = 0;
        while b < 256 {
            table[b] = match b as u8 {
                b' ' => BLANK | NOT_BEHIND_BLANK,
                b',' => NOT_BEHIND_BLANK,
                0..b' ' | 0xC2 | 0xE2 | 0xE3 | 0x9A => DOUBTFUL,
                _ => 0,
            };
            b += 1;
        }
        table
    };
    let mut before = BLANK;
    let mut bad = 0;
    for &b in text {
        let byte = BYTES[usize::from(b)];
        bad |= byte & DOUBTFUL | byte & before << 1;
        before = byte & BLANK;
    }
    bad == 0 && (before == 0 || text.is_empty())
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
    fn usual_ways_to_write_a_word_are_found_by_their_bytes() {
        let mut v = Vocabulary::default();
        let (nghieng, hoa) = (v.intern("nghiêng"), v.intern("hòa"));
        v.intern("m");
        v.intern("%");
        v.freeze();
        let found = |text: &'static str| v.written(text.as_bytes(), 0).map(|(w, len)| (w.sym, w.flags, &text[len..]));
        let mut upper = Flags::CAPITAL;
        upper.set(Flags::UPPER);
        assert_eq!(found("nghiêng"), Some((nghieng, Flags::default(), "")));
        assert_eq!(found("Hoà, và nhiều chữ nữa"), Some((hoa, Flags::CAPITAL, ", và nhiều chữ nữa")));
        assert_eq!(found("HÒA5 và nhiều chữ nữa"), Some((hoa, upper, "5 và nhiều chữ nữa")));
        for other in ["hOA", "hòa” và", "hòaa", "m2", "%", "", "nghiêngnghiêngnghiêng"] {
            assert_eq!(found(other), None, "{other}");
        }
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
