//! Sizes, times and path filters as people write them.
//!
//! In: `16 MB`, `1h 30m`, `/tin-tuc/*`. Out: bytes, durations, [`Filter`]s. Never: a unit that is guessed.

use regex::Regex;
use std::time::Duration;

/// `16 MB`, `500 kB`, `2 GiB`, `1000`.
pub fn bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1000,
        "kib" => 1 << 10,
        "mb" => 1_000_000,
        "mib" => 1 << 20,
        "gb" => 1_000_000_000,
        "gib" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(unit).filter(|n| *n > 0)
}

/// `2s`, `1.5s`, `5h 30m`, `500ms`.
pub fn duration(text: &str) -> Option<Duration> {
    let read: jiff::SignedDuration = text.trim().parse().ok()?;
    Duration::try_from(read).ok()
}

/// A filter over paths, written as in robots.txt: it holds for all that begins like it; `*` stands for anything, `$` for the end.
#[derive(Debug, Clone)]
pub struct Filter(Regex);

impl Filter {
    pub fn read(text: &str) -> Option<Self> {
        if !text.starts_with('/') && !text.starts_with('*') {
            return None;
        }
        let (body, end) = text.strip_suffix('$').map_or((text, ""), |body| (body, "$"));
        let body: Vec<String> = body.split('*').map(regex::escape).collect();
        Regex::new(&format!("^{}{end}", body.join(".*"))).ok().map(Self)
    }

    /// Does it hold for this path with its query?
    pub fn holds(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times() {
        assert_eq!(bytes("16 MB"), Some(16_000_000));
        assert_eq!(bytes("2GiB"), Some(2 << 30));
        assert_eq!(bytes("16 sheets"), None);
        assert_eq!(bytes("0"), None);
        assert_eq!(duration("1.5s"), Some(Duration::from_millis(1500)));
        assert_eq!(duration("5h 30m"), Some(Duration::from_secs(19800)));
        assert_eq!(duration("-2s"), None);
        assert_eq!(duration("soon"), None);
    }

    #[test]
    fn filters_are_prefixes_with_stars() {
        let holds = |filter: &str, path: &str| Filter::read(filter).unwrap().holds(path);
        assert!(holds("/tin-tuc/", "/tin-tuc/a.html"));
        assert!(!holds("/tin-tuc/", "/en/tin-tuc/a.html"));
        assert!(holds("*/tin-tuc/", "/en/tin-tuc/a.html"));
        assert!(holds("/*.html$", "/a/b.html"));
        assert!(!holds("/*.html$", "/a/b.html?x=1"));
        assert!(Filter::read("tin-tuc").is_none());
    }
}
