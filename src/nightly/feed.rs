//! RSS and Atom.
//!
//! In: the bytes of a feed. Out: its articles, each with address, title and date. Never: a whole feed lost for a bare `&`, or a date for its form.

use super::address;
use super::dates;
use super::link::Link;
use feed_rs::parser;
use url::Url;

/// Feeds hold tens of articles; more is no feed.
const ENTRIES: usize = 5000;

/// Reads a feed that was found at `base`.
///
/// # Errors
/// When it is none.
pub fn read(bytes: &[u8], base: &Url) -> Result<Vec<Link>, String> {
    let cleaned = clean(bytes);
    let moment = |text: &str| chrono::DateTime::from_timestamp(dates::read(text)?.as_second(), 0);
    let parser = parser::Builder::new().base_uri(Some(base.as_str())).timestamp_parser(moment).sanitize_content(false).build();
    let feed = parser.parse(cleaned.as_slice()).map_err(|e| format!("no feed can be read in it: {e}"))?;
    Ok(feed.entries.into_iter().take(ENTRIES).filter_map(|e| link(e, base)).collect())
}

fn link(entry: feed_rs::model::Entry, base: &Url) -> Option<Link> {
    let alternate = |l: &&feed_rs::model::Link| l.rel.as_deref().is_none_or(|r| r == "alternate");
    let href = entry.links.iter().find(alternate).or(entry.links.first()).map(|l| l.href.clone());
    // RSS without <link>: the guid is the address.
    let url = address::parse(href.as_deref().unwrap_or(&entry.id), Some(base)).ok().filter(|_| href.is_some() || entry.id.starts_with("http"))?;
    let date = entry.published.or(entry.updated).and_then(|d| jiff::Timestamp::from_second(d.timestamp()).ok());
    Some(Link { url, date, text: entry.title.map(|t| t.content) })
}

/// Without what stands before the document, and with every `&` that begins no entity of XML written out.
fn clean(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|b| *b == b'<').unwrap_or(0);
    let mut out = Vec::with_capacity(bytes.len() + 64);
    let mut rest = &bytes[start..];
    while let Some(at) = memchr::memchr2(b'&', b'<', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let step = if rest.starts_with(b"<![CDATA[") { memchr::memmem::find(rest, b"]]>").map_or(rest.len(), |end| end + 3) } else { 1 };
        out.extend_from_slice(&rest[..step]);
        if rest[0] == b'&' && !is_entity(&rest[1..]) {
            out.extend_from_slice(b"amp;");
        }
        rest = &rest[step..];
    }
    out.extend_from_slice(rest);
    out
}

fn is_entity(rest: &[u8]) -> bool {
    let Some(end) = rest.iter().take(12).position(|b| *b == b';') else {
        return false;
    };
    match &rest[..end] {
        b"amp" | b"lt" | b"gt" | b"quot" | b"apos" => true,
        [b'#', b'x' | b'X', hex @ ..] => !hex.is_empty() && hex.iter().all(u8::is_ascii_hexdigit),
        [b'#', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_rss(items: &str) -> Vec<(String, Option<String>)> {
        let base = Url::parse("https://a.example/rss/tin.xml").unwrap();
        let feed = format!("\u{FEFF}\n<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><title>Tin & bài</title>{items}</channel></rss>");
        read(feed.as_bytes(), &base).unwrap().into_iter().map(|l| (l.url.to_string(), l.date.map(|d| d.to_string()))).collect()
    }

    #[test]
    fn bare_ampersands_and_dates_of_portals_do_not_stop_it() {
        let items = "<item><title>Lúa & ngô&nbsp;2025</title><link>https://a.example/bai?x=1&y=2</link><pubDate>12/11/2025 08:30:00</pubDate></item>\
            <item><title><![CDATA[A & B]]></title><link>/bai-2.html</link><pubDate>Wed, 12 Nov 2025 08:30:00 GMT+7</pubDate></item>\
            <item><title>C</title><guid>https://a.example/bai-3</guid></item>";
        let date = Some("2025-11-12T01:30:00Z".to_owned());
        assert_eq!(
            read_rss(items),
            [("https://a.example/bai?x=1&y=2".into(), date.clone()), ("https://a.example/bai-2.html".into(), date), ("https://a.example/bai-3".into(), None)]
        );
    }

    #[test]
    fn atom_is_read_and_a_page_is_no_feed() {
        let base = Url::parse("https://a.example/").unwrap();
        let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title><entry><title>A</title><link rel=\"self\" href=\"/api/1\"/><link href=\"/bai-1\"/><updated>2025-11-12T08:30:00+07:00</updated></entry></feed>";
        assert_eq!(read(atom.as_bytes(), &base).unwrap()[0].url.path(), "/bai-1");
        assert!(read(b"<html><body>404</body></html>", &base).is_err());
    }
}
