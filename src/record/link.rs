//! Deep links: the address of the page with a text fragment that scrolls a browser to the figure.
//!
//! A fragment is `#:~:text=prefix-,quote,-suffix`. Browsers look for the first place with these words, whatever their case and
//! their accents, each part within one block of the page, and prefix and suffix must begin and end at words. So the words
//! around the figure come from its own line, as many as tell the place from all others of the text; only a line that says
//! nothing but the figure takes words of its neighbours.

use super::{Range, Record, Spans};
use crate::document::Document;
use memchr::memmem;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::Write as _;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// How many words are tried on each side, one after the other.
const WORDS: [usize; 3] = [3, 6, 12];
/// Words from the lines before and behind, where the own line does not do.
const NEIGHBOURS: usize = 6;
/// The longest prefix and suffix, in bytes: no address may grow without end.
const LONGEST: usize = 160;
/// So many bytes are looked at on each side: a word that is cut at its end is too far away to be taken.
const WINDOW: usize = LONGEST + 32;
/// A quote that is longer is given by its first and last words.
const LONG_QUOTE: usize = 300;
/// So many bytes are searched in a document for words that stand twice; then the first try is taken.
const PATIENCE: usize = 64 << 20;
/// At most so many characters before and after a figure are given of its sentence.
const AROUND: usize = 300;

/// Gives the records of a document with an address their links.
pub fn attach(document: &Document, records: &mut [Record]) {
    let Some(page) = document.url.as_deref().and_then(page) else { return };
    if records.is_empty() {
        return;
    }
    let mut search = Search { folded: fold(&document.text), patience: PATIENCE };
    for record in records {
        let mut link = String::with_capacity(page.len() + 160);
        link.push_str(&page);
        link.push_str(":~:text=");
        search.parts(&document.text, record.span.bytes).write(&mut link);
        record.link = Some(link);
    }
}

/// The sentence of a figure: at most 300 characters before and after it.
pub fn sentence(source: &str, span: &Spans, sentence: Range) -> String {
    let wanted = span.chars[0].saturating_sub(sentence[0]);
    let rest = sentence[1].saturating_sub(span.chars[1]);
    let before = last_chars(source.get(..span.bytes[0]).unwrap_or_default(), wanted.min(AROUND));
    let after = first_chars(source.get(span.bytes[1]..).unwrap_or_default(), rest.min(AROUND));
    let more = |cut: usize| if cut > AROUND { "…" } else { "" };
    let quote = source.get(span.bytes[0]..span.bytes[1]).unwrap_or_default();
    [more(wanted), before, quote, after, more(rest)].concat()
}

/// At most `count` characters before and after a span.
pub fn around(text: &str, [start, end]: [usize; 2], count: usize) -> [&str; 2] {
    [last_chars(text.get(..start).unwrap_or_default(), count), first_chars(text.get(end..).unwrap_or_default(), count)]
}

/// At most so many characters from the start of a text.
fn first_chars(text: &str, count: usize) -> &str {
    let mut rest = text.chars();
    if let Some(last) = count.checked_sub(1) {
        rest.nth(last);
    }
    &text[..text.len() - rest.as_str().len()]
}

/// At most so many characters from the end of a text. They are counted at their first bytes, block by block: this is done for every row of
/// a table.
fn last_chars(text: &str, mut count: usize) -> &str {
    const BLOCK: usize = 32;
    let begins = |byte: u8| (byte as i8) >= -0x40;
    let bytes = text.as_bytes();
    let mut start = bytes.len();
    while let Some(block) = start.checked_sub(BLOCK).map(|from| &bytes[from..start]) {
        let starts = block.iter().filter(|b| begins(**b)).count();
        if starts >= count {
            break;
        }
        (count, start) = (count - starts, start - BLOCK);
    }
    while count > 0 && start > 0 {
        start -= 1;
        count -= usize::from(begins(bytes[start]));
    }
    &text[start..]
}

/// The address up to the fragment directive; none when it is no address of the web.
fn page(url: &str) -> Option<String> {
    let url = url.trim();
    let web = ["http://", "https://"].iter().any(|s| url.get(..s.len()).is_some_and(|start| start.eq_ignore_ascii_case(s)));
    if !web {
        return None;
    }
    let url = url.split_once(":~:").map_or(url, |(page, _)| page);
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        if c.is_whitespace() || c.is_control() {
            let _ = write!(out, "{}", utf8_percent_encode(c.encode_utf8(&mut [0; 4]), NON_ALPHANUMERIC));
        } else {
            out.push(c);
        }
    }
    if !out.contains('#') {
        out.push('#');
    }
    Some(out)
}

/// What the fragment names, as it stands in the text.
#[derive(Debug, Clone, Copy)]
struct Parts<'t> {
    prefix: &'t str,
    quote: &'t str,
    suffix: &'t str,
    /// From the first character of the prefix to the last of the suffix.
    whole: &'t str,
}

impl<'t> Parts<'t> {
    fn new(text: &'t str, [start, end]: [usize; 2], prefix: &'t str, suffix: &'t str) -> Self {
        let quote = text.get(start..end).unwrap_or_default();
        let offset = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
        let left = if prefix.is_empty() { start } else { offset(prefix) };
        let right = if suffix.is_empty() { end } else { offset(suffix) + suffix.len() };
        Self { prefix, quote, suffix, whole: text.get(left..right).unwrap_or(quote) }
    }

    /// One word beside a number says little.
    fn has_two_words(&self) -> bool {
        self.prefix.split(char::is_whitespace).chain(self.suffix.split(char::is_whitespace)).filter(|w| !w.is_empty()).nth(1).is_some()
    }

    fn write(&self, out: &mut String) {
        if !self.prefix.is_empty() {
            encode(self.prefix, out);
            out.push_str("-,");
        }
        let (first, last) = ends(self.quote).unwrap_or((self.quote, ""));
        encode(first, out);
        for (sign, part) in [(",", last), (",-", self.suffix)] {
            if !part.is_empty() {
                out.push_str(sign);
                encode(part, out);
            }
        }
    }
}

/// What browsers take for one block ends here.
fn parts_blocks(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | '|' | '\u{2028}' | '\u{2029}')
}

/// First and last words of a quote that spreads over blocks, or is long.
fn ends(quote: &str) -> Option<(&str, &str)> {
    let first = quote.split(parts_blocks).next().unwrap_or(quote);
    let last = quote.rsplit(parts_blocks).next().unwrap_or(quote);
    if first.len() < quote.len() {
        return Some((first.trim(), last.trim()));
    }
    (quote.len() > LONG_QUOTE).then(|| (words_after(quote, NEIGHBOURS), words_before(quote, NEIGHBOURS)))
}

/// Appends words with one space between them, and no sign that means something in a fragment.
fn encode(text: &str, out: &mut String) {
    for (i, word) in text.split(char::is_whitespace).filter(|w| !w.is_empty()).enumerate() {
        if i > 0 {
            out.push_str("%20");
        }
        out.extend(utf8_percent_encode(word, NON_ALPHANUMERIC));
    }
}

/// With words of the lines before and behind, where the own has none.
fn wide<'t>(text: &'t str, span: [usize; 2], before: &'t str, after: &'t str, line: (&'t str, &'t str)) -> Parts<'t> {
    let near = |side: &'t str, other: &'t str| if side.is_empty() { other } else { side };
    let between = |c: char| c.is_whitespace() || parts_blocks(c);
    let previous = near(line.0, last_line(before.trim_end_matches(between)));
    let next = near(line.1, first_line(after.trim_start_matches(between)));
    Parts::new(text, span, words_before(previous, NEIGHBOURS), words_after(next, NEIGHBOURS))
}

/// The end of a text back to the end of the block before it, and no farther than words are taken from.
fn last_line(text: &str) -> &str {
    text[boundary(text, text.len().saturating_sub(WINDOW))..].rsplit(parts_blocks).next().unwrap_or_default()
}

/// The start of a text, likewise.
fn first_line(text: &str) -> &str {
    text[..boundary(text, WINDOW)].split(parts_blocks).next().unwrap_or_default()
}

/// The first place between two characters from this byte on.
fn boundary(text: &str, from: usize) -> usize {
    (from..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// The last words of a text.
fn words_before(text: &str, count: usize) -> &str {
    let text = text.trim();
    let mut start = text.len();
    for word in text.rsplit(char::is_whitespace).filter(|w| !w.is_empty()).take(count) {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        if text.len() - at > LONGEST {
            break;
        }
        start = at;
    }
    &text[start..]
}

/// The first words of a text.
fn words_after(text: &str, count: usize) -> &str {
    let text = text.trim();
    let mut end = 0;
    for word in text.split(char::is_whitespace).filter(|w| !w.is_empty()).take(count) {
        let behind = word.as_ptr() as usize - text.as_ptr() as usize + word.len();
        if behind > LONGEST {
            break;
        }
        end = behind;
    }
    &text[..end]
}

/// The text as browsers compare it, to see what stands in it twice.
struct Search {
    folded: String,
    patience: usize,
}

impl Search {
    /// The fewest words around a figure that tell its place from all others.
    fn parts<'t>(&mut self, text: &'t str, span: [usize; 2]) -> Parts<'t> {
        let (before, after) = (text.get(..span[0]).unwrap_or_default(), text.get(span[1]..).unwrap_or_default());
        let space = |c: char| c.is_whitespace() && !parts_blocks(c);
        let line = (last_line(before.trim_end_matches(space)), first_line(after.trim_start_matches(space)));
        let own = |n: usize| Parts::new(text, span, words_before(line.0, n), words_after(line.1, n));
        let alone = WORDS.iter().map(|n| own(*n)).find(|parts| parts.has_two_words() && self.is_alone(parts.whole));
        alone.or_else(|| Some(wide(text, span, before, after, line)).filter(|parts| self.is_alone(parts.whole))).unwrap_or_else(|| own(NEIGHBOURS))
    }

    fn is_alone(&mut self, words: &str) -> bool {
        if self.patience < self.folded.len() {
            return true;
        }
        self.patience -= self.folded.len();
        memmem::find_iter(self.folded.as_bytes(), fold(words).trim().as_bytes()).take(2).count() < 2
    }
}

/// Small letters without marks, one space for any space: the "base characters" that browsers compare.
fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || parts_blocks(c) {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else {
            decompose_canonical(c, |base| match base {
                'đ' | 'Đ' => out.push('d'),
                base if base.is_ascii() => out.push(base.to_ascii_lowercase()),
                base if is_combining_mark(base) => {}
                base => out.extend(base.to_lowercase()),
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Extractor;

    fn links(url: &str, text: &str) -> Vec<Option<String>> {
        let document = Document { url: Some(url.into()), ..Document::new("a", text) };
        Extractor::new().extract(&document).into_iter().map(|r| r.link).collect()
    }

    fn directives(text: &str) -> Vec<String> {
        let url = "https://example.org/tin";
        let read = |link: Option<String>| {
            let link = link.unwrap();
            let directive = link.strip_prefix("https://example.org/tin#:~:text=").unwrap();
            percent_encoding::percent_decode_str(directive).decode_utf8().unwrap().into_owned()
        };
        links(url, text).into_iter().map(read).collect()
    }

    #[test]
    fn characters_are_counted_from_both_ends() {
        let text = "Tỉnh Lai Châu có 94 xã đạt chuẩn nông thôn mới ".repeat(3);
        let chars: Vec<char> = text.chars().collect();
        for count in 0..chars.len() + 2 {
            let some = count.min(chars.len());
            assert_eq!(first_chars(&text, count).chars().collect::<Vec<_>>(), chars[..some]);
            assert_eq!(last_chars(&text, count).chars().collect::<Vec<_>>(), chars[chars.len() - some..]);
        }
    }

    #[test]
    fn words_of_the_line_stand_around_the_figure() {
        let text = "Mở đầu.\nNăm 2023, tỉnh Lai Châu có 94 xã đạt chuẩn nông thôn mới.\nHết.";
        assert_eq!(directives(text), ["Lai Châu có-,94 xã,-đạt chuẩn nông"]);
    }

    #[test]
    fn words_that_stand_twice_are_not_enough_whatever_their_case() {
        let text = "TOÀN HUYỆN CÓ 94 XÃ ĐẠT CHUẨN NÔNG THÔN MỚI.\nNăm nay toàn huyện có 94 xã đạt chuẩn nông thôn mới.";
        assert_eq!(directives(text).pop().unwrap(), "Năm nay toàn huyện có-,94 xã,-đạt chuẩn nông thôn mới.");
        let text = "Huyện một rất nghèo vẫn có 94 xã đạt chuẩn.\nHuyện hai rất nghèo vẫn có 94 xã đạt chuẩn.";
        assert_eq!(directives(text)[1], "Huyện hai rất nghèo vẫn có-,94 xã,-đạt chuẩn.");
    }

    #[test]
    fn a_figure_alone_on_its_line_takes_words_of_its_neighbours() {
        let text = "Toàn tỉnh có\n94 xã\nđạt chuẩn nông thôn mới.";
        assert_eq!(directives(text), ["Toàn tỉnh có-,94 xã,-đạt chuẩn nông thôn mới."]);
    }

    #[test]
    fn signs_of_the_fragment_are_escaped() {
        let link = links("https://example.org/tin?id=1", "Tỉnh A-B, C&D có 94 xã, giảm.")[0].clone().unwrap();
        assert_eq!(link, "https://example.org/tin?id=1#:~:text=A%2DB%2C%20C%26D%20c%C3%B3-,94%20x%C3%A3,-%2C%20gi%E1%BA%A3m%2E");
    }

    #[test]
    fn the_page_keeps_its_own_fragment_and_loses_an_older_directive() {
        let start = |url: &str| links(url, "Tỉnh có 94 xã.")[0].clone().map(|l| l.split_once(":~:text=").unwrap().0.to_owned());
        assert_eq!(start("HTTP://example.org/a#muc").as_deref(), Some("HTTP://example.org/a#muc"));
        assert_eq!(start("https://example.org/a#:~:text=cu").as_deref(), Some("https://example.org/a#"));
        assert_eq!(start("https://example.org/a b\n").as_deref(), Some("https://example.org/a%20b#"));
        assert_eq!((start("javascript:alert(1)"), start("tin/1.html"), start("")), (None, None, None));
    }

    #[test]
    fn no_link_grows_without_end() {
        let long = "x".repeat(5000);
        let link = links("https://example.org/", &format!("{long} có 94 xã {long}"))[0].clone().unwrap();
        assert!(link.len() < 200, "{link}");
    }
}
