//! Excerpts: the figure in its paragraph, cut into pieces on this side, so that a page only prints them.
//!
//! In: the text of a document, a record. Out: the pieces around the figure, and text whose invisible signs can be seen. Never: a highlight
//! of other words than the record's quote: where the text has something else, there is no excerpt.

use crate::record::{Record, around};
use maud::{Markup, html};

/// At most so many characters before and after the figure.
const WINDOW: usize = 350;
/// A line that is shorter takes its neighbours.
const SHORT: usize = 120;

/// A window of a text, in pieces that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt<'t> {
    /// Something stands before the window, or behind it.
    pub cut: [bool; 2],
    pub before: &'t str,
    /// The sentence up to the figure, and from it on.
    pub lead: &'t str,
    pub quote: &'t str,
    pub rest: &'t str,
    pub after: &'t str,
}

impl<'t> Excerpt<'t> {
    /// The paragraph of a figure; none when its quote is not where its span says.
    pub fn new(text: &'t str, record: &Record) -> Option<Self> {
        let [start, end] = record.span.bytes;
        let quote = text.get(start..end).filter(|q| *q == record.quote)?;
        let [left, right] = around(text, record.span.bytes, WINDOW);
        let left = &left[lines_before(left)..];
        let right = &right[..lines_after(right)];
        let cut = [start > left.len(), end + right.len() < text.len()];
        let chars = |n: usize, from: usize| n.saturating_sub(from);
        let (before, lead) = left.split_at(last_chars(left, chars(record.span.chars[0], record.sentence[0])));
        let (rest, after) = right.split_at(first_chars(right, chars(record.sentence[1], record.span.chars[1])));
        Some(Self { cut, before, lead, quote, rest, after })
    }
}

/// Where the paragraph begins; one that is short takes lines before it.
fn lines_before(text: &str) -> usize {
    let ends = text.rmatch_indices('\n').map(|(at, _)| at + 1);
    ends.into_iter().find(|at| text[*at..].chars().count() >= SHORT).unwrap_or(0)
}

fn lines_after(text: &str) -> usize {
    text.match_indices('\n').map(|(at, _)| at).find(|at| text[..*at].chars().count() >= SHORT).unwrap_or(text.len())
}

/// The byte where the last `count` characters begin.
fn last_chars(text: &str, count: usize) -> usize {
    if count == 0 { text.len() } else { text.char_indices().rev().nth(count - 1).map_or(0, |(at, _)| at) }
}

fn first_chars(text: &str, count: usize) -> usize {
    text.char_indices().nth(count).map_or(text.len(), |(at, _)| at)
}

/// Text of a document: signs that turn the order of letters, or cannot be seen, are shown by their number.
pub fn visible(text: &str) -> Markup {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| is_hidden(*c)) {
        pieces.push((&text[start..at], Some(c)));
        start = at + c.len_utf8();
    }
    pieces.push((&text[start..], None));
    html! {
        @for (plain, hidden) in pieces {
            (plain)
            @if let Some(c) = hidden { span class="hidden-sign" { (format!("U+{:04X}", u32::from(c))) } }
        }
    }
}

/// Text for where no markup can stand: without those signs.
pub fn plain_line(text: &str) -> String {
    text.chars().filter(|c| !is_hidden(*c)).collect()
}

/// Controls of direction, invisible signs and control characters, but for tabs and line ends.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
        || c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

/// An address that may be gone to: of the web, and nothing else.
pub fn web(url: Option<&str>) -> Option<&str> {
    let url = url?;
    let schemes = ["https://", "http://"];
    let is_web = schemes.iter().any(|s| url.get(..s.len()).is_some_and(|start| start.eq_ignore_ascii_case(s)));
    (is_web && !url.chars().any(|c| c.is_control() || is_hidden(c))).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Extractor};

    fn record(text: &str, which: usize) -> Record {
        Extractor::new().extract(&Document::new("a", text)).remove(which)
    }

    #[test]
    fn pieces_follow_each_other_and_the_sentence_stands_out() {
        let text = format!("Mở đầu.\n{}Tỉnh Lai Châu có 94 xã, giảm 5 xã. Hết.\n{}", "Không có gì ở đây cả. ".repeat(9), "Sau đó. ".repeat(60));
        let record = record(&text, 0);
        let e = Excerpt::new(&text, &record).unwrap();
        assert_eq!((e.lead, e.quote, e.rest), ("Tỉnh Lai Châu có ", "94 xã", ", giảm 5 xã."));
        assert!(text.contains(&[e.before, e.lead, e.quote, e.rest, e.after].concat()));
        assert_eq!((e.cut, e.before.contains("Mở đầu")), ([true, true], false));
    }

    #[test]
    fn a_short_line_takes_its_neighbours_and_a_long_one_is_cut() {
        let table = "Chỉ tiêu\tNăm 2023\nHộ nghèo\t1.250 hộ\n";
        let one = record("Có 94 xã.", 0);
        assert_eq!(Excerpt::new("Có 94 xã.", &one).unwrap().cut, [false, false]);
        let long = format!("{table}{} có 94 xã {}", "x".repeat(3000), "y".repeat(3000));
        let record = record(&long, Extractor::new().extract(&Document::new("a", &*long)).len() - 1);
        let e = Excerpt::new(&long, &record).unwrap();
        let chars = |a: &str, b: &str| a.chars().count() + b.chars().count();
        assert_eq!((chars(e.before, e.lead), chars(e.rest, e.after), e.cut), (WINDOW, WINDOW, [true, true]));
    }

    #[test]
    fn a_text_that_says_something_else_is_not_highlighted() {
        let record = record("Có 94 xã.", 0);
        assert_eq!(Excerpt::new("Có 95 xã.", &record), None);
        assert_eq!(Excerpt::new("", &record), None);
    }

    #[test]
    fn what_is_hidden_is_shown_and_what_is_markup_is_text() {
        let shown = visible("a\u{202e}b<script>\u{200b}\u{0}\n\tđ").into_string();
        assert_eq!(
            shown,
            "a<span class=\"hidden-sign\">U+202E</span>b&lt;script&gt;<span class=\"hidden-sign\">U+200B</span><span class=\"hidden-sign\">U+0000</span>\n\tđ"
        );
    }

    #[test]
    fn only_the_web_is_gone_to() {
        assert_eq!(web(Some("HTTPS://example.org/a")), Some("HTTPS://example.org/a"));
        for url in ["javascript:alert(1)", "data:text/html,x", " https://example.org", "//example.org", "https://a\u{202e}b/", "http://a\nb", "đ", ""] {
            assert_eq!(web(Some(url)), None, "{url}");
        }
    }
}
