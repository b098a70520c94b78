//! Normal form of a text, for matching only, with the way back to the source.
//!
//! In: the source text as given. Out: the same text with letters composed (NFC), invisible characters removed,
//! full-width forms and look-alike letters replaced, and a list of the edits. Never: a change that the list does not
//! know. Text that is already in normal form is borrowed.
//!
//! What is normalized and why: decomposed letters (`đạt` has two spellings that `==` tells apart), zero-width and
//! bidi characters (portals leave them inside numbers), full-width digits, `Ð`/`ð`/`Ɖ` (what windows-1252 makes of
//! `Đ`/`đ`), superscript `²`/`³` behind a letter, fraction and division slashes. Tone-mark place (`hoà`/`hòa`), `i`/`y` and case are not
//! touched here: the lexicon knows both spellings of its words.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// A half-open range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The part of `text` that the span covers.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }
}

/// One place where the normal form differs from the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    pub normal: Span,
    pub source: Span,
}

/// A text in normal form that knows its source.
#[derive(Debug, Clone)]
pub struct NormalText<'s> {
    source: &'s str,
    text: Cow<'s, str>,
    edits: Vec<Edit>,
}

impl<'s> NormalText<'s> {
    pub fn new(source: &'s str) -> Self {
        match next_special(source, 0) {
            None => Self { source, text: Cow::Borrowed(source), edits: Vec::new() },
            Some(at) => rewrite(source, at),
        }
    }

    pub fn source(&self) -> &'s str {
        self.source
    }

    /// The normal form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The source bytes behind a span of the normal form. A span that begins or ends inside a composed letter takes
    /// the whole letter.
    pub fn to_source(&self, span: Span) -> Span {
        if self.edits.is_empty() {
            return span;
        }
        let start = self.source_start(span.start);
        Span::new(start, self.source_end(span.end).max(start))
    }

    fn source_start(&self, at: usize) -> usize {
        // The last edit that ends at or before `at` shifts; one that holds `at` gives its own start.
        let i = self.edits.partition_point(|e| e.normal.end <= at);
        match self.edits.get(i) {
            Some(e) if e.normal.start < at => e.source.start,
            _ => self.shifted(i, at),
        }
    }

    fn source_end(&self, at: usize) -> usize {
        let i = self.edits.partition_point(|e| e.normal.end < at);
        match self.edits.get(i) {
            Some(e) if e.normal.start < at => e.source.end,
            _ => {
                // Invisible characters just behind the span stay outside.
                let i = self.edits.partition_point(|e| e.normal.end < at || (e.normal.end == at && e.normal.start < at));
                self.shifted(i, at)
            }
        }
    }

    fn shifted(&self, edits_before: usize, at: usize) -> usize {
        match edits_before.checked_sub(1).map(|i| self.edits[i]) {
            None => at,
            Some(e) => at - e.normal.end + e.source.end,
        }
    }
}

/// What a special character becomes.
enum Mend {
    Drop,
    Put(char),
    /// A combining mark: compose it with what stands before it.
    Compose,
    Keep,
}

fn mend(c: char, before: Option<char>) -> Mend {
    match c {
        '\u{0300}'..='\u{036F}' => Mend::Compose,
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => Mend::Drop,
        '\u{00D0}' | '\u{0189}' => Mend::Put('Đ'),
        '\u{00F0}' => Mend::Put('đ'),
        '\u{00B2}' if before.is_some_and(char::is_alphabetic) => Mend::Put('2'),
        '\u{00B3}' if before.is_some_and(char::is_alphabetic) => Mend::Put('3'),
        '\u{2044}' | '\u{2215}' => Mend::Put('/'),
        '\u{FF01}'..='\u{FF5E}' => Mend::Put(char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)),
        _ => Mend::Keep,
    }
}

/// The first byte at or behind `from` where a character may need mending. Blocks without one are passed over as a whole.
fn next_special(text: &str, from: usize) -> Option<usize> {
    const BLOCK: usize = 64;
    let bytes = text.as_bytes();
    let mut i = from;
    while i + BLOCK + 2 <= bytes.len() {
        if holds_special::<BLOCK>(&bytes[i..]) {
            match special_in(bytes, i, i + BLOCK) {
                Some(at) => return Some(at),
                None => i += BLOCK,
            }
        } else {
            i += BLOCK;
        }
    }
    special_in(bytes, i, bytes.len())
}

/// May a special character begin in the first `N` bytes? Without a branch, so that the compiler takes many bytes at once.
fn holds_special<const N: usize>(bytes: &[u8]) -> bool {
    let (first, second) = (&bytes[..N], &bytes[1..=N]);
    let mut found = 0u8;
    for i in 0..N {
        let (a, b) = (first[i], second[i]);
        // `â` to `ý` and `đ`, `ơ`, `ư` begin with 0xC3 to 0xC6 too; dashes and quotes with 0xE2.
        let rare = (a & 0xFE == 0xCC) | (a == 0xC2) | (a & 0xF2 == 0xE2);
        found |= u8::from(rare | (a == 0xC3) & (b & 0xDF == 0x90) | (a == 0xC6) & (b == 0x89));
    }
    found != 0
}

/// The first byte of a range where a character that may need mending begins.
fn special_in(bytes: &[u8], from: usize, to: usize) -> Option<usize> {
    /// Lead bytes of special characters.
    const LEADS: [bool; 256] = {
        let (mut leads, mut i) = ([false; 256], 0);
        let of = [0xC2, 0xC3, 0xC6, 0xCC, 0xCD, 0xE2, 0xEF];
        while i < of.len() {
            leads[of[i]] = true;
            i += 1;
        }
        leads
    };
    let mut i = from;
    while let Some(ahead) = bytes[i..to].iter().position(|&b| LEADS[usize::from(b)]) {
        i += ahead;
        let special = match bytes[i] {
            0xCC | 0xCD => true,
            0xC2 => matches!(bytes[i + 1], 0xAD | 0xB2 | 0xB3),
            0xC3 => matches!(bytes[i + 1], 0x90 | 0xB0),
            0xC6 => bytes[i + 1] == 0x89,
            0xE2 => match bytes[i + 1] {
                0x80 => matches!(bytes[i + 2], 0x8B..=0x8F | 0xAA..=0xAE),
                0x81 => matches!(bytes[i + 2], 0x84 | 0xA0..=0xA9),
                0x88 => bytes[i + 2] == 0x95,
                _ => false,
            },
            0xEF => matches!((bytes[i + 1], bytes[i + 2]), (0xBB, 0xBF) | (0xBC, _) | (0xBD, 0x80..=0x9E)),
            _ => false,
        };
        if special {
            return Some(i);
        }
        i += 1;
    }
    None
}

fn rewrite(source: &str, first: usize) -> NormalText<'_> {
    let mut out = String::with_capacity(source.len());
    let mut edits: Vec<Edit> = Vec::new();
    let (mut done, mut next) = (0, Some(first));
    while let Some(at) = next {
        let c = source[at..].chars().next().unwrap_or(' ');
        let before = source[done..at].chars().next_back().or_else(|| out.chars().next_back());
        let after = at + c.len_utf8();
        next = match mend(c, before) {
            Mend::Keep => next_special(source, after),
            Mend::Compose => {
                let end = compose(source, &mut out, &mut edits, done, at);
                done = end;
                next_special(source, end)
            }
            other => {
                out.push_str(&source[done..at]);
                let start = out.len();
                if let Mend::Put(put) = other {
                    out.push(put);
                }
                edits.push(Edit { normal: Span::new(start, out.len()), source: Span::new(at, after) });
                done = after;
                next_special(source, after)
            }
        };
    }
    out.push_str(&source[done..]);
    NormalText { source, text: Cow::Owned(out), edits }
}

/// Composes the letter before the combining mark at `at` with all marks that follow; gives the source byte behind.
fn compose(source: &str, out: &mut String, edits: &mut Vec<Edit>, done: usize, at: usize) -> usize {
    let base = source[done..at].char_indices().next_back().map_or(at, |(i, _)| done + i);
    let len: usize = source[at..].chars().take_while(|c| ('\u{0300}'..='\u{036F}').contains(c)).map(char::len_utf8).sum();
    let end = at + len;
    out.push_str(&source[done..base]);
    let start = out.len();
    out.extend(source[base..end].nfc());
    if out[start..] != source[base..end] {
        edits.push(Edit { normal: Span::new(start, out.len()), source: Span::new(base, end) });
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn clean_text_is_borrowed() {
        let t = NormalText::new("Tỷ lệ hộ nghèo giảm còn 3,81% – năm 2023");
        assert!(matches!(t.text, Cow::Borrowed(_)));
    }

    #[test]
    fn decomposed_letters_come_together_and_map_back() {
        let source: String = "đạt 5.813 xã".nfd().collect();
        let t = NormalText::new(&source);
        assert_eq!(t.as_str(), "đạt 5.813 xã");
        let at = t.as_str().find("xã").unwrap();
        let span = t.to_source(Span::new(at, t.as_str().len()));
        assert_eq!(span.of(&source).nfc().collect::<String>(), "xã");
    }

    #[test]
    fn invisible_characters_go_and_stay_outside_at_the_edges() {
        let t = NormalText::new("a\u{200B}1\u{200B}234\u{FEFF} b");
        assert_eq!(t.as_str(), "a1234 b");
        assert_eq!(t.to_source(Span::new(1, 5)).of(t.source()), "1\u{200B}234");
    }

    #[test]
    fn lookalikes_superscripts_and_full_width() {
        let t = NormalText::new("Ðà Nẵng ５０％ 30 m² 5²");
        assert_eq!(t.as_str(), "Đà Nẵng 50% 30 m2 5²");
    }

    proptest! {
        #[test]
        fn every_span_maps_to_character_borders(s in "[a-zđĐạ\u{0301}\u{0323}\u{200B}Ð５ .0-9]{0,40}") {
            let t = NormalText::new(&s);
            let ends: Vec<usize> = t.as_str().char_indices().map(|(i, _)| i).chain([t.as_str().len()]).collect();
            for (i, &a) in ends.iter().enumerate() {
                for &b in &ends[i..] {
                    let span = t.to_source(Span::new(a, b));
                    prop_assert!(span.start <= span.end && span.end <= s.len(), "{a}..{b} -> {span:?}");
                    prop_assert!(s.is_char_boundary(span.start) && s.is_char_boundary(span.end));
                    // Normalizing what the span covers gives the span's own text again.
                    let inside = |at: usize| t.edits().iter().any(|e| e.normal.start < at && at < e.normal.end);
                    if a < b && !inside(a) && !inside(b) {
                        let again: String = NormalText::new(span.of(&s)).as_str().nfc().collect();
                        let want: String = t.as_str()[a..b].nfc().collect();
                        prop_assert_eq!(again, want);
                    }
                }
            }
        }
    }
}
