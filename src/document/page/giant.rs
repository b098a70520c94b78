//! Tags of megabytes.
//!
//! In: the source of a page. Out: the same, with tags that are too long reduced to their name. Never: a word of the text lost, or work that
//! grows faster than the page.

use memchr::{memchr, memmem};
use std::borrow::Cow;

/// The longest tag whose attributes are read, in bytes.
pub const TAG: usize = 64 << 10;

/// The page with tags of more than [`TAG`] bytes reduced to their name, and how many there were.
pub fn without(source: &str) -> (Cow<'_, str>, usize) {
    let bytes = source.as_bytes();
    let mut out = String::new();
    let mut kept = 0;
    let mut giants = 0;
    let mut at = 0;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let start = at + found;
        at = match opening(bytes, start) {
            Opening::Text => start + 1,
            Opening::Until(end) => end,
            Opening::Giant { name, end } => {
                out.push_str(&source[kept..name]);
                out.push('>');
                kept = end;
                giants += 1;
                end
            }
        };
    }
    if kept == 0 {
        return (Cow::Borrowed(source), 0);
    }
    out.push_str(&source[kept..]);
    (Cow::Owned(out), giants)
}

/// What begins at a `<`.
enum Opening {
    Text,
    /// A tag, comment or script that ends here.
    Until(usize),
    /// A tag that is too long: where its name ends, and where it may be said to end itself.
    Giant {
        name: usize,
        end: usize,
    },
}

fn opening(bytes: &[u8], start: usize) -> Opening {
    let rest = &bytes[start..];
    if rest.starts_with(b"<!--") {
        return Opening::Until(memmem::find(&rest[4..], b"-->").map_or(bytes.len(), |i| start + 4 + i + 3));
    }
    let letter = if rest.get(1) == Some(&b'/') { 2 } else { 1 };
    if !rest.get(letter).is_some_and(u8::is_ascii_alphabetic) {
        return Opening::Text;
    }
    let name = start + letter + rest[letter..].iter().take(TAG).take_while(|b| !b.is_ascii_whitespace() && **b != b'>' && **b != b'/').count();
    let Some(end) = tag_end(bytes, name) else {
        let name = name.min(start + 32);
        let name = (start..=name).rev().find(|&i| bytes.get(i).is_none_or(|b| (*b as i8) >= -0x40)).unwrap_or(start);
        let end = memchr(b'>', &bytes[(start + TAG).min(bytes.len())..]).map_or(bytes.len(), |i| start + TAG + i + 1);
        return Opening::Giant { name, end };
    };
    let tag = &bytes[start + 1..name];
    for raw in [&b"script"[..], b"style", b"textarea"] {
        if tag.eq_ignore_ascii_case(raw) {
            return Opening::Until(raw_end(bytes, end, raw));
        }
    }
    Opening::Until(end)
}

/// The end of a tag that is not too long.
fn tag_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut quote = None;
    for (i, &b) in bytes.iter().enumerate().skip(from).take(TAG) {
        match quote {
            None if b == b'>' => return Some(i + 1),
            None if (b == b'"' || b == b'\'') && i > 0 && (bytes[i - 1] == b'=' || bytes[i - 1].is_ascii_whitespace()) => quote = Some(b),
            Some(q) if q == b => quote = None,
            _ => {}
        }
    }
    // The page ends inside the tag.
    (bytes.len() - from < TAG).then_some(bytes.len())
}

/// Where a script or style ends: before its end tag.
fn raw_end(bytes: &[u8], from: usize, name: &[u8]) -> usize {
    let mut at = from;
    while let Some(i) = memmem::find(&bytes[at..], b"</") {
        at += i + 2;
        if bytes[at..].get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) {
            return at - 2;
        }
    }
    bytes.len()
}
