//! Sitemaps and their indexes.
//!
//! In: the bytes of a sitemap, packed or not. Out: the pages or further sitemaps it names, with their dates. Never: more unpacked than the
//! standard allows, or an entry lost for a fault in another.

use super::address;
use super::dates;
use super::link::Link;
use flate2::read::MultiGzDecoder;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::Read;
use url::Url;

/// The standard's limits: 50 MiB unpacked, 50,000 entries.
const BYTES: u64 = 50 << 20;
const ENTRIES: usize = 50_000;

/// What a sitemap holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sitemap {
    Pages(Vec<Link>),
    /// Further sitemaps.
    Index(Vec<Link>),
}

/// Reads a sitemap that was found at `base`; a list of addresses in plain text is one too.
///
/// # Errors
/// When it is none, or too long.
pub fn read(bytes: &[u8], base: &Url) -> Result<Sitemap, String> {
    let unpacked = unpack(bytes)?;
    let text = String::from_utf8_lossy(&unpacked);
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    if text.starts_with("http") {
        let links = text.lines().take(ENTRIES).filter_map(|l| Some(Link { url: address::parse(l, Some(base)).ok()?, date: None, text: None }));
        return Ok(Sitemap::Pages(links.collect()));
    }
    xml(text, base)
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>, String> {
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        return Ok(bytes.to_vec());
    }
    let mut out = Vec::new();
    MultiGzDecoder::new(bytes).take(BYTES + 1).read_to_end(&mut out).map_err(|e| format!("cannot be unpacked: {e}"))?;
    if out.len() as u64 > BYTES { Err(format!("longer than {BYTES} bytes")) } else { Ok(out) }
}

fn xml(text: &str, base: &Url) -> Result<Sitemap, String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    reader.config_mut().check_end_names = false;
    let (mut links, mut index, mut known) = (Vec::new(), false, false);
    let mut entry = Entry::default();
    let mut element = String::new();
    while links.len() < ENTRIES {
        match reader.read_event() {
            Ok(Event::Start(e)) => {
                element = e.local_name().as_ref().to_owned();
                index |= element == "sitemapindex";
                known |= element == "sitemapindex" || element == "urlset";
            }
            Ok(Event::Text(t)) => entry.put(&element, &t),
            Ok(Event::CData(t)) => entry.put(&element, &t),
            Ok(Event::GeneralRef(r)) => entry.put(&element, if &*r == "amp" { "&" } else { "" }),
            Ok(Event::End(e)) => {
                if matches!(e.local_name().as_ref(), "url" | "sitemap") {
                    links.extend(std::mem::take(&mut entry).link(base));
                }
                element.clear();
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            // What stands before the fault is good.
            Err(_) if !links.is_empty() => break,
            Err(e) => return Err(format!("no sitemap can be read in it: {e}")),
        }
    }
    match (known, index) {
        (false, _) => Err("no sitemap: neither <urlset> nor <sitemapindex> is in it".to_owned()),
        (_, true) => Ok(Sitemap::Index(links)),
        _ => Ok(Sitemap::Pages(links)),
    }
}

#[derive(Default)]
struct Entry {
    loc: String,
    changed: String,
    published: String,
}

impl Entry {
    fn put(&mut self, element: &str, text: &str) {
        match element {
            "loc" => self.loc.push_str(text),
            "lastmod" => self.changed.push_str(text),
            "publication_date" => self.published.push_str(text),
            _ => {}
        }
    }

    fn link(self, base: &Url) -> Option<Link> {
        let url = address::parse(&self.loc, Some(base)).ok()?;
        Some(Link { url, date: dates::read(&self.changed).or_else(|| dates::read(&self.published)), text: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://a.example/sitemap.xml").unwrap()
    }

    #[test]
    fn pages_with_dates_and_odd_writing() {
        let text = "<?xml version=\"1.0\"?><urlset xmlns=\"x\" xmlns:news=\"y\"><url><loc> https://a.example/bai?a=1&amp;b=2 </loc><lastmod>2025-11-12T08:30:00+07:00</lastmod></url>\
            <url><loc>/bai-2</loc><news:news><news:publication_date>12/11/2025 08:30:00</news:publication_date></news:news></url><url><loc>javascript:x</loc></url></urlset>";
        let Ok(Sitemap::Pages(links)) = read(text.as_bytes(), &base()) else { panic!("no pages") };
        let found: Vec<_> = links.iter().map(|l| (l.url.as_str(), l.date.unwrap().to_string())).collect();
        let date = "2025-11-12T01:30:00Z".to_owned();
        assert_eq!(found, [("https://a.example/bai?a=1&b=2", date.clone()), ("https://a.example/bai-2", date)]);
    }

    #[test]
    fn indexes_packed_ones_and_what_is_none() {
        let text = "<sitemapindex><sitemap><loc>https://a.example/s1.xml</loc></sitemap></sitemapindex>";
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut gz, text.as_bytes()).unwrap();
        assert!(matches!(read(&gz.finish().unwrap(), &base()), Ok(Sitemap::Index(links)) if links.len() == 1));
        assert!(read(b"<html></html>", &base()).is_err());
        assert!(matches!(read(b"https://a.example/1\nhttps://a.example/2\n", &base()), Ok(Sitemap::Pages(links)) if links.len() == 2));
        // A file that was cut gives what it has.
        let cut = "<urlset><url><loc>https://a.example/1</loc></url><url><loc";
        assert!(matches!(read(cut.as_bytes(), &base()), Ok(Sitemap::Pages(links)) if links.len() == 1));
    }

    #[test]
    fn bombs_are_refused() {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::copy(&mut std::io::repeat(b' ').take(BYTES + 2), &mut gz).unwrap();
        assert!(read(&gz.finish().unwrap(), &base()).unwrap_err().contains("longer"));
    }
}
