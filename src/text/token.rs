//! Tokens of a sentence: words, numbers, punctuation marks.
//!
//! In: a sentence of normalized text and the vocabulary. Out: tokens in order, byte spans into the normalized text.
//! A letter next to a digit begins a new token (`đạt63,2`, `464công`), except in unit symbols (`m2`). Never: a
//! judgement whether a number is a figure.

use super::letters::Letters;
use super::syllable::is_syllable;
use super::vocabulary::Written;
use super::{Span, Sym, Vocabulary};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Word,
    Number,
    Mark,
}

/// What the spelling of a token tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u8);

impl Flags {
    /// White space before the token.
    pub const SPACE: Flags = Flags(1);
    /// Begins with a capital letter.
    pub const CAPITAL: Flags = Flags(2);
    /// Two or more letters, all capital.
    pub const UPPER: Flags = Flags(4);
    /// A letter stands directly before a number, or a digit directly before a word.
    pub const GLUED: Flags = Flags(8);
    /// A line break before the token.
    pub const BREAK: Flags = Flags(16);

    pub fn has(self, other: Flags) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn set(&mut self, other: Flags) {
        self.0 |= other.0;
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub start: u32,
    pub end: u32,
    pub sym: Sym,
    pub kind: Kind,
    pub flags: Flags,
}

impl Token {
    pub fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    #[inline]
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start as usize..self.end as usize]
    }

    /// As [`Token::text`]: comparing bytes needs no look for borders of characters.
    #[inline]
    pub fn bytes<'t>(&self, text: &'t str) -> &'t [u8] {
        &text.as_bytes()[self.start as usize..self.end as usize]
    }

    pub fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    pub fn is_number(&self) -> bool {
        self.kind == Kind::Number
    }

    pub fn is_capital(&self) -> bool {
        self.flags.has(Flags::CAPITAL)
    }
}

/// What is counted in twos and threes behind a length (`dài 10 m 3 làn`): there the digit is no power.
const COUNTED: [&str; 12] = ["người", "hộ", "nhà", "tầng", "làn", "bên", "phía", "con", "cái", "chiếc", "lần", "năm"];

/// Length units whose square and cube are written with a digit.
pub const POWERED: [&str; 6] = ["m", "km", "cm", "mm", "dm", "hm"];

/// Cuts a sentence into tokens, appending to `out`.
pub fn tokenize(text: &str, sentence: Span, vocabulary: &Vocabulary, out: &mut Vec<Token>) {
    let text = &text[..sentence.end];
    let mut lexer = Lexer { text, at: sentence.start, vocabulary, letters: Letters::table(), folded: String::new(), out };
    let mut flags = Flags::default();
    while let Some(&byte) = text.as_bytes().get(lexer.at) {
        match BYTES[usize::from(byte)] {
            Byte::Blank => {
                flags.set(Flags::SPACE);
                lexer.at += 1;
                continue;
            }
            Byte::Digit => lexer.number(flags),
            Byte::Letter => match vocabulary.written(text.as_bytes(), lexer.at) {
                Some((written, len)) => lexer.known_word(written, len, flags),
                None => lexer.other(flags),
            },
            Byte::Mark => lexer.ascii_mark(byte, flags),
            Byte::Other => {
                if lexer.skip_space(&mut flags) {
                    continue;
                }
                lexer.other(flags);
            }
        }
        flags = Flags::default();
    }
}

/// What a token can begin with, by its first byte.
#[derive(Clone, Copy)]
enum Byte {
    Blank,
    Digit,
    /// A Latin letter, or the first byte of one beyond ASCII, mostly.
    Letter,
    /// A punctuation mark of ASCII.
    Mark,
    Other,
}

const BYTES: [Byte; 256] = {
    let mut table = [Byte::Other; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = match b as u8 {
            b' ' => Byte::Blank,
            b'0'..=b'9' => Byte::Digit,
            b'a'..=b'z' | b'A'..=b'Z' | 0xC3..=0xC6 | 0xE1 => Byte::Letter,
            b'!'..=b'~' => Byte::Mark,
            _ => Byte::Other,
        };
        b += 1;
    }
    table
};

/// A run of letters.
#[derive(Debug, Clone, Copy)]
struct Run {
    count: usize,
    /// All are capital.
    upper: bool,
    /// None is capital.
    plain: bool,
}

struct Lexer<'a> {
    /// To the end of the sentence.
    text: &'a str,
    at: usize,
    vocabulary: &'a Vocabulary,
    letters: &'a Letters,
    folded: String,
    out: &'a mut Vec<Token>,
}

impl Lexer<'_> {
    /// White space of any kind, one character.
    fn skip_space(&mut self, flags: &mut Flags) -> bool {
        let Some(c) = self.peek().filter(|c| c.is_whitespace()) else {
            return false;
        };
        flags.set(Flags::SPACE);
        if c == '\n' {
            flags.set(Flags::BREAK);
        }
        self.at += c.len_utf8();
        true
    }

    /// A token that begins with any character but white space.
    fn other(&mut self, flags: Flags) {
        let Some(c) = self.peek() else { return };
        match self.letters.lower(c) {
            Some(lower) => self.word(lower != c, flags),
            None => self.mark(c, flags),
        }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn push(&mut self, start: usize, sym: Sym, kind: Kind, flags: Flags) {
        self.out.push(Token { start: start as u32, end: self.at as u32, sym, kind, flags });
    }

    fn number(&mut self, mut flags: Flags) {
        let start = self.at;
        if !flags.has(Flags::SPACE) && self.out.last().is_some_and(|t| t.kind == Kind::Word) {
            flags.set(Flags::GLUED);
        }
        self.at = number_end(self.text.as_bytes(), start);
        let sym = self.vocabulary.number(self.text.as_bytes(), start, self.at - start);
        self.push(start, sym, Kind::Number, flags);
    }

    fn known_word(&mut self, written: Written, len: usize, mut flags: Flags) {
        self.glue(&mut flags);
        flags.set(written.flags);
        let start = self.at;
        self.at += len;
        self.push(start, written.sym, Kind::Word, flags);
    }

    /// Marks a word that stands directly behind a number; tells whether one is before it.
    fn glue(&self, flags: &mut Flags) -> bool {
        let after_number = self.out.last().is_some_and(Token::is_number);
        if after_number && !flags.has(Flags::SPACE) {
            flags.set(Flags::GLUED);
        }
        after_number
    }

    fn word(&mut self, capital: bool, mut flags: Flags) {
        let start = self.at;
        let after_number = self.glue(&mut flags);
        if capital {
            flags.set(Flags::CAPITAL);
        }
        let run = self.take_letters();
        if run.upper && run.count > 1 {
            flags.set(Flags::UPPER);
        }
        self.fold(start, run);
        if run.count <= 2 && matches!(self.text.as_bytes()[self.at - 1], b'm' | b'M') {
            self.take_power();
        }
        let mut sym = self.vocabulary.get(&self.folded);
        if sym == 0 && after_number && run.count > 3 {
            sym = self.unglue(start, flags);
        }
        self.push_word(start, sym, flags);
    }

    fn push_word(&mut self, start: usize, sym: Sym, flags: Flags) {
        // `unglue` has already pushed the first half and left the rest in `folded`.
        let start = match self.out.last() {
            Some(t) if t.end as usize > start => t.end as usize,
            _ => start,
        };
        self.push(start, sym, Kind::Word, flags);
    }

    /// Takes letters; gives how many, whether all are capital, and whether none is.
    fn take_letters(&mut self) -> Run {
        let mut run = Run { count: 0, upper: true, plain: true };
        for c in self.text[self.at..].chars() {
            let lower = match self.letters.lower(c) {
                Some(lower) => lower,
                None if ('\u{300}'..'\u{370}').contains(&c) => c,
                None => break,
            };
            run.upper &= lower != c;
            run.plain &= lower == c;
            run.count += 1;
            self.at += c.len_utf8();
        }
        run
    }

    /// Puts the small letters of a run of letters into `folded`.
    fn fold(&mut self, start: usize, run: Run) {
        self.folded.clear();
        let word = &self.text[start..self.at];
        if run.plain {
            self.folded.push_str(word);
        } else {
            self.folded.extend(word.chars().map(|c| self.letters.lower(c).unwrap_or(c)));
        }
    }

    /// `m2`, `km3`, and `m 3` where nothing follows that three may be counted of.
    fn take_power(&mut self) {
        if !POWERED.contains(&self.folded.as_str()) {
            return;
        }
        let rest = &self.text[self.at..];
        let tight = rest.starts_with(['2', '3']);
        let loose = rest.strip_prefix([' ', '\u{A0}']).is_some_and(|r| r.starts_with(['2', '3']));
        if !tight && !loose {
            return;
        }
        let digit = self.at + usize::from(loose) * rest.chars().next().map_or(0, char::len_utf8);
        let behind = self.text[digit + 1..].trim_start_matches(' ');
        let counts = COUNTED.iter().any(|w| behind.strip_prefix(w).is_some_and(|b| !b.starts_with(char::is_alphanumeric)));
        let stops = !counts && behind.chars().next().is_none_or(|c| !c.is_ascii_digit() && !(loose && c == '%'));
        let fits = if tight { !self.text[digit + 1..].starts_with(|c: char| c.is_ascii_digit()) } else { stops };
        if fits {
            self.folded.push_str(&self.text[digit..digit + 1]);
            self.at = digit + 1;
        }
    }

    /// `tỷđồng` behind a number: two known words that make no syllable, as `kho` and `ảnh` do. Pushes the first and gives the symbol of the second.
    fn unglue(&mut self, start: usize, flags: Flags) -> Sym {
        let lower = &self.folded;
        let cut = lower
            .char_indices()
            .skip(2)
            .filter(|&(i, _)| lower[i..].chars().count() > 1)
            .find(|&(i, _)| self.vocabulary.get(&lower[..i]) != 0 && self.vocabulary.get(&lower[i..]) != 0);
        let Some((i, _)) = cut.filter(|_| !is_syllable(lower)) else { return 0 };
        let chars = lower[..i].chars().count();
        let end = start + self.text[start..].chars().take(chars).map(char::len_utf8).sum::<usize>();
        let (first, second) = (self.vocabulary.get(&lower[..i]), self.vocabulary.get(&lower[i..]));
        self.out.push(Token { start: start as u32, end: end as u32, sym: first, kind: Kind::Word, flags });
        second
    }

    fn ascii_mark(&mut self, mark: u8, flags: Flags) {
        let start = self.at;
        self.at += 1;
        self.push(start, self.vocabulary.ascii(mark), Kind::Mark, flags);
    }

    fn mark(&mut self, c: char, flags: Flags) {
        let start = self.at;
        self.at += c.len_utf8();
        let sym = match c {
            '‐' | '‑' | '‒' | '–' | '—' | '−' => self.vocabulary.get("-"),
            '“' | '”' | '„' | '«' | '»' => self.vocabulary.get("\""),
            '…' => self.vocabulary.get("."),
            _ => self.vocabulary.get(&self.text[start..self.at]),
        };
        self.push(start, sym, Kind::Mark, flags);
    }
}

/// Where the number that begins at `start` ends: digits, and single dots or commas between digits when the groups
/// make one number (`24.372,898`), not a row of them (`16.5.2017`, `1,4,9`).
fn number_end(bytes: &[u8], start: usize) -> usize {
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let first = start + digits(start);
    // Behind a sign that did not join (`16.5.2017`) the rest is cut too.
    let continued = start >= 2 && matches!(bytes[start - 1], b'.' | b',') && bytes[start - 2].is_ascii_digit();
    if continued {
        return first;
    }
    many_groups(bytes, start, first, digits).unwrap_or_else(|| match bytes.get(first) {
        Some(b'.' | b',') if single_group(bytes, first, digits) => first + 1 + digits(first + 1),
        _ => first,
    })
}

/// The end of two or more groups that make one number: of three digits behind one sign, then perhaps a fraction behind the other.
fn many_groups(bytes: &[u8], start: usize, first: usize, digits: impl Fn(usize) -> usize) -> Option<usize> {
    let group = |at: usize| matches!(bytes.get(at), Some(b'.' | b',')).then(|| digits(at + 1)).filter(|&len| len > 0);
    let mut from = first;
    let mut len = group(from)?;
    loop {
        let end = from + 1 + len;
        let next = group(end);
        if next.is_none() && from == first {
            return None;
        }
        let same = bytes[from] == bytes[first];
        match next {
            None if !same => return Some(end),
            _ if !same || len != 3 => return None,
            None => return (first - start <= 3).then_some(end),
            Some(next) => (from, len) = (end, next),
        }
    }
}

fn single_group(bytes: &[u8], first: usize, digits: impl Fn(usize) -> usize) -> bool {
    let len = digits(first + 1);
    len > 0 && !matches!((bytes.get(first + 1 + len), bytes.get(first + 2 + len)), (Some(b'.' | b','), Some(d)) if d.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<String> {
        let mut vocabulary = Vocabulary::default();
        for word in ["tỷ", "đồng", "-", "/", "%"] {
            vocabulary.intern(word);
        }
        let mut out = Vec::new();
        tokenize(text, Span::new(0, text.len()), &vocabulary, &mut out);
        out.iter().map(|t| t.text(text).to_owned()).collect()
    }

    #[test]
    fn numbers_stay_whole_and_dates_do_not() {
        assert_eq!(cut("24.372,898 tỷ"), ["24.372,898", "tỷ"]);
        assert_eq!(cut("16.5.2017"), ["16", ".", "5", ".", "2017"]);
        assert_eq!(cut("số 1,4,9"), ["số", "1", ",", "4", ",", "9"]);
        assert_eq!(cut("1,234,567.8 và 12,5."), ["1,234,567.8", "và", "12,5", "."]);
    }

    #[test]
    fn glued_words_part() {
        assert_eq!(cut("5.800tỷđồng"), ["5.800", "tỷ", "đồng"]);
        assert_eq!(cut("đạt63,2%"), ["đạt", "63,2", "%"]);
        assert_eq!(cut("14 giảng viên"), ["14", "giảng", "viên"]);
    }

    #[test]
    fn powers_belong_to_the_unit() {
        assert_eq!(cut("187.000m2 đất"), ["187.000", "m2", "đất"]);
        assert_eq!(cut("30.000m 3 /ngày"), ["30.000", "m 3", "/", "ngày"]);
        assert_eq!(cut("rộng 10 m 3 người"), ["rộng", "10", "m", "3", "người"]);
        assert_eq!(cut("rộng 10 m 2 sát đường"), ["rộng", "10", "m 2", "sát", "đường"]);
    }

    proptest! {
        #[test]
        fn tokens_cover_all_but_white_space(s in "\\PC{0,60}") {
            let vocabulary = Vocabulary::default();
            let mut out = Vec::new();
            tokenize(&s, Span::new(0, s.len()), &vocabulary, &mut out);
            let mut at = 0;
            for t in &out {
                prop_assert!(t.start as usize >= at && t.end > t.start);
                prop_assert!(s[at..t.start as usize].chars().all(char::is_whitespace));
                at = t.end as usize;
            }
            prop_assert!(s[at..].chars().all(char::is_whitespace));
        }
    }
}
