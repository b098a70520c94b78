//! Where paragraphs and sentences begin and end.
//!
//! In: normalized text. Out: byte spans that do not overlap and leave out only white space. Never: a border inside a
//! number.

use super::{Letters, Span};
use rustc_hash::FxHashSet;

/// Words whose full stop does not end a sentence (`TP.`, `tr.`), folded, without the stop.
#[derive(Debug, Default, Clone)]
pub struct Abbreviations {
    words: FxHashSet<String>,
    /// Bytes of the longest.
    longest: usize,
}

impl Abbreviations {
    pub fn new(words: impl IntoIterator<Item = String>) -> Self {
        let words: FxHashSet<String> = words.into_iter().collect();
        Self { longest: words.iter().map(String::len).max().unwrap_or(0), words }
    }

    fn holds(&self, word: &str) -> bool {
        word.len() <= self.longest && self.words.contains(&word.to_lowercase())
    }
}

/// The paragraphs of a text: its lines, a line that is only wrapped joined with the one before.
pub fn paragraphs(text: &str) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = trim(text, Span::new(start, end));
        start = end + 1;
        if line.start >= line.end {
            continue;
        }
        match out.last_mut() {
            Some(last) if wraps(text, *last, line) => last.end = line.end,
            _ => out.push(line),
        }
    }
    out
}

/// Does `next` go on with the sentence that `last` breaks off?
fn wraps(text: &str, last: Span, next: Span) -> bool {
    if memchr::memchr_iter(b'\n', &text.as_bytes()[last.end..next.start]).count() > 1 {
        return false;
    }
    // Rows of a table, with their cells apart by tabs.
    if memchr::memchr(b'\t', &text.as_bytes()[last.start..next.end]).is_some() {
        return false;
    }
    let Some(end) = last.of(text).chars().next_back() else {
        return false;
    };
    let first = next.of(text).chars().next().unwrap_or(' ');
    if matches!(end, '.' | '!' | '?' | '…' | ':' | ';') {
        return false;
    }
    let continues = matches!(first, '%' | '/' | ')' | ',') || first.is_lowercase();
    continues && (last.end - last.start > 40 || end.is_ascii_digit() || end == ',' || end == '/')
}

/// The sentences of one paragraph.
pub fn sentences(text: &str, paragraph: Span, abbreviations: &Abbreviations) -> Vec<Span> {
    let mut out = Vec::new();
    let mut start = paragraph.start;
    let body = paragraph.of(text);
    // `…` begins with 0xE2, as dashes and quotes do.
    let marks = memchr::memchr3_iter(b'.', b'!', b'?', body.as_bytes());
    let ellipses = memchr::memchr_iter(0xE2, body.as_bytes()).filter(|&i| body.as_bytes()[i..].starts_with("…".as_bytes()));
    for i in merged(marks, ellipses) {
        let at = paragraph.start + i;
        let c = body[i..].chars().next().unwrap_or('.');
        let end = at + c.len_utf8();
        if end > start && ends_sentence(&text[start..at], c, &text[end..paragraph.end], abbreviations) {
            out.push(trim(text, Span::new(start, end)));
            start = end;
        }
    }
    out.push(trim(text, Span::new(start, paragraph.end)));
    out.retain(|s| s.start < s.end);
    if out.iter().any(|s| s.end - s.start > LONGEST) { out.into_iter().flat_map(|s| cut(text, s)).collect() } else { out }
}

/// Bytes of the longest sentence. The rooms behind look at each figure beside the others of its sentence, and nobody writes so long a one:
/// it is a table that lost its lines, or meant to harm.
const LONGEST: usize = 4 << 10;

/// Cuts a sentence that is too long, behind a semicolon, a comma or a word.
fn cut(text: &str, sentence: Span) -> Vec<Span> {
    let mut out = Vec::new();
    let mut rest = sentence;
    while rest.end - rest.start > LONGEST {
        let limit = boundary(text, rest.start + LONGEST);
        let middle = boundary(text, rest.start + LONGEST / 2);
        let window = &text[middle..limit];
        let between_words = || window.match_indices(' ').rev().find(|(at, _)| !window[..*at].ends_with(|c: char| c.is_ascii_digit())).map(|(at, _)| at);
        let behind_letter = || window.char_indices().rev().find(|(_, c)| c.is_alphabetic()).map(|(at, c)| at + c.len_utf8());
        let at = window.rfind("; ").or_else(|| window.rfind(", ")).map(|at| at + 1).or_else(between_words).or_else(behind_letter).or_else(|| window.rfind(' '));
        let end = at.map_or(limit, |at| middle + at);
        out.push(trim(text, Span::new(rest.start, end)));
        rest = trim(text, Span::new(end, rest.end));
    }
    out.push(rest);
    out.retain(|s| s.start < s.end);
    out
}

/// The last place between two characters up to this byte.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Two growing rows as one.
fn merged(a: impl Iterator<Item = usize>, b: impl Iterator<Item = usize>) -> impl Iterator<Item = usize> {
    let (mut a, mut b) = (a.peekable(), b.peekable());
    std::iter::from_fn(move || match (a.peek(), b.peek()) {
        (Some(x), Some(y)) if x < y => a.next(),
        (_, Some(_)) => b.next(),
        _ => a.next(),
    })
}

fn ends_sentence(before: &str, mark: char, after: &str, abbreviations: &Abbreviations) -> bool {
    let spaced = after.starts_with(char::is_whitespace);
    let next = after.trim_start().trim_start_matches(['"', '”', '“', '\'', '(', '-', '–', '*', ' ', '\u{A0}']).chars().next();
    let Some(next) = next else { return true };
    if !next.is_uppercase() && !(spaced && next.is_ascii_digit()) {
        return false;
    }
    let last_word = last_word(before);
    if mark == '.' && (abbreviations.holds(last_word) || is_initial(last_word)) {
        return false;
    }
    if spaced {
        return next.is_uppercase() || !last_word.chars().all(|c| c.is_ascii_digit());
    }
    // Glued: `tốt.Tỉnh`, but not `T.H`, `v1.A` or `a.b`.
    last_word.chars().count() > 1 && last_word.chars().next_back().is_some_and(char::is_lowercase)
}

/// The letters and digits at the end of a text.
fn last_word(text: &str) -> &str {
    let letters = Letters::table();
    let part = |c: char| letters.lower(c).is_some() || c.is_numeric();
    let start = text.char_indices().rev().take_while(|&(_, c)| part(c)).last().map_or(text.len(), |(at, _)| at);
    &text[start..]
}

fn is_initial(word: &str) -> bool {
    let mut chars = word.chars();
    matches!((chars.next(), chars.next()), (Some(c), None) if c.is_uppercase())
}

fn trim(text: &str, span: Span) -> Span {
    let body = span.of(text);
    let start = span.start + (body.len() - body.trim_start().len());
    Span::new(start, start.max(span.start + body.trim_end().len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        let abbreviations = Abbreviations::new(["tp".to_owned(), "tr".to_owned()]);
        let paragraphs = paragraphs(text);
        paragraphs.into_iter().flat_map(|p| sentences(text, p, &abbreviations)).map(|s| s.of(text)).collect()
    }

    #[test]
    fn numbers_abbreviations_and_initials_do_not_end_a_sentence() {
        assert_eq!(split("Có 5.813 xã. TP. Huế có 3. Ảnh: T.H và K. Năm."), ["Có 5.813 xã.", "TP. Huế có 3.", "Ảnh: T.H và K. Năm."]);
    }

    #[test]
    fn glued_sentences_part() {
        assert_eq!(split("kết quả tốt.Tỉnh giao 5 xã…Bộ nói"), ["kết quả tốt.", "Tỉnh giao 5 xã…", "Bộ nói"]);
    }

    #[test]
    fn a_wrapped_line_is_one_paragraph() {
        assert_eq!(split("Tổng vốn giải ngân của cả nước là 24.372,898 tỷ\nđồng.\n\nHết"), ["Tổng vốn giải ngân của cả nước là 24.372,898 tỷ\nđồng.", "Hết"]);
    }

    #[test]
    fn an_endless_sentence_is_cut_between_words_and_inside_no_number() {
        for part in ["thu 5.813 xã và 24.372 898 tỷ đồng; ", "thu 5.813 xã, chi 2 tỷ ", "thu 5 813 xã ", "đạt5.813xã"] {
            let text = part.repeat(2000);
            let found = split(&text);
            assert!(found.len() > 2 && found.iter().all(|s| s.len() <= LONGEST), "{part}");
            let bare = |s: &str| s.split_whitespace().collect::<String>();
            assert_eq!(bare(&found.concat()), bare(&text));
            assert!(!found.iter().any(|s| ["813", "898", "."].iter().any(|inside| s.starts_with(inside))), "{part}");
        }
    }

    proptest! {
        #[test]
        fn sentences_leave_out_only_white_space(s in "[A-Za-zđ0-9.,!? \n…]{0,80}") {
            let mut at = 0;
            let abbreviations = Abbreviations::default();
            for span in paragraphs(&s).into_iter().flat_map(|p| sentences(&s, p, &abbreviations)) {
                prop_assert!(span.start >= at);
                prop_assert!(s[at..span.start].trim().is_empty());
                at = span.end;
            }
            prop_assert!(s[at..].trim().is_empty());
        }
    }
}
