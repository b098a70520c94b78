//! robots.txt, as RFC 9309 has it.
//!
//! In: the answer to `/robots.txt`. Out: which addresses may be asked, how long to wait between them, which sitemaps there are. Never: a
//! server asked that could not tell its rules.

use robotxt::{AccessResult, Robots};
use std::time::Duration;
use url::Url;

/// By which name rules are written for this job.
pub const AGENT: &str = "solieu";
/// What of a file is read; the standard asks for at least this much.
const LIMIT: usize = 512 << 10;

/// What a server's robots.txt says to this job.
#[derive(Debug, Clone)]
pub struct Rules {
    robots: Robots,
    /// Told in reports when all is closed because the file could not be read.
    pub unreachable: bool,
}

impl Rules {
    /// Of an answer: `2xx` holds, `4xx` allows all, anything else closes the server for the night.
    pub fn of(status: u16, body: &[u8]) -> Self {
        match status {
            200..300 => Self::read(AccessResult::Successful(&body[..body.len().min(LIMIT)])),
            // A redirect that leads nowhere counts as no file (RFC 9309, 2.3.1.2).
            300..500 if status != 429 => Self::read(AccessResult::Unavailable),
            _ => Self::unreachable(),
        }
    }

    /// Of a server that gave no answer.
    pub fn unreachable() -> Self {
        Self { unreachable: true, ..Self::read(AccessResult::Unreachable) }
    }

    fn read(access: AccessResult<'_>) -> Self {
        Self { robots: Robots::from_access(access, AGENT), unreachable: false }
    }

    pub fn allows(&self, url: &Url) -> bool {
        url.path() == "/robots.txt" || self.robots.is_url_allowed(url)
    }

    /// `Crawl-delay`, when one is told.
    pub fn delay(&self) -> Option<Duration> {
        self.robots.crawl_delay()
    }

    pub fn sitemaps(&self) -> &[Url] {
        self.robots.sitemaps()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(rules: &Rules, path: &str) -> bool {
        rules.allows(&Url::parse(&format!("https://a.example{path}")).unwrap())
    }

    #[test]
    fn rules_for_us_come_before_those_for_all() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: Solieu\nDisallow: /quan-tri/\nAllow: /quan-tri/tin$\nCrawl-delay: 2.5\nSitemap: https://a.example/s.xml\n";
        let rules = Rules::of(200, text.as_bytes());
        assert!(allows(&rules, "/tin/1") && !allows(&rules, "/quan-tri/x") && allows(&rules, "/quan-tri/tin"));
        assert_eq!(rules.delay(), Some(Duration::from_millis(2500)));
        assert_eq!(rules.sitemaps().len(), 1);
    }

    #[test]
    fn a_missing_file_opens_and_a_broken_server_closes() {
        assert!(allows(&Rules::of(404, b""), "/x") && allows(&Rules::of(403, b"Disallow: /"), "/x"));
        for closed in [Rules::of(503, b""), Rules::of(429, b""), Rules::unreachable()] {
            assert!(!allows(&closed, "/x") && closed.unreachable);
        }
    }
}
