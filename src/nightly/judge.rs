//! What an answer says.
//!
//! In: an exchange, and what its page is thought to be. Out: an outcome, links, or an article with its records. Never: a look at the store, or
//! a wait.

use super::address;
use super::feed;
use super::fetch::{Exchange, Failure};
use super::link::Link;
use super::listing::{self, Profiles, Wall};
use super::near;
use super::outcome::Outcome;
use super::sitemap::{self, Sitemap};
use crate::document::{self, Document, Input, Raw, Reader};
use crate::extract::Extractor;
use crate::record::Record;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;
use url::Url;

/// What a page is thought to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Article,
    List,
    Feed,
    Sitemap,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::Article => "article",
            Kind::List => "list",
            Kind::Feed => "feed",
            Kind::Sitemap => "sitemap",
        }
    }

    pub fn of_word(word: &str) -> Self {
        match word {
            "list" => Kind::List,
            "feed" => Kind::Feed,
            "sitemap" => Kind::Sitemap,
            _ => Kind::Article,
        }
    }
}

/// The reason of a list that gives nothing: its layout is not known, or has changed.
pub const NO_LINKS: &str = "no link to an article is found on it";

/// What came of an answer.
#[derive(Debug, Default)]
pub struct Judged {
    /// None while only the store can tell: is the article new, changed, or known under another address?
    pub outcome: Option<Outcome>,
    pub reason: Option<String>,
    pub articles: Vec<Link>,
    /// Further lists, feeds and sitemaps, with what each is.
    pub further: Vec<(Kind, Link)>,
    /// Where a redirect leads.
    pub target: Option<Url>,
    pub article: Option<Article>,
    /// The address that the page says is its own.
    pub canonical: Option<Url>,
    /// Articles that a list had, and the profile it was read with.
    pub profile: Option<String>,
}

/// An article and what was read from it.
#[derive(Debug)]
pub struct Article {
    pub document: Document,
    pub records: Vec<Record>,
    /// Hash of the text, …
    pub text: String,
    /// … and of title, date and text.
    pub reading: String,
    pub print: Option<u64>,
}

/// What answers are read with; share it between threads.
pub struct Judge {
    pub profiles: Profiles,
    pub reader: Arc<Reader>,
    pub extractor: Extractor,
    /// The longest body, unpacked, in bytes.
    pub body: u64,
}

impl Judge {
    /// Reads an answer. `profile` is what the configuration names for lists.
    pub fn read(&self, exchange: &Exchange, kind: Kind, profile: Option<&str>) -> Judged {
        if let Some(location) = exchange.location() {
            return redirect(location, &exchange.url);
        }
        match exchange.status {
            200 => self.body(exchange, kind, profile),
            304 => Judged::of(if kind == Kind::Article { Outcome::Unchanged } else { Outcome::Listed }),
            404 | 410 => Judged::of(Outcome::Gone),
            429 | 503 => self.refusal(exchange, Outcome::Busy),
            401 | 403 | 407 | 451 => self.refusal(exchange, Outcome::Blocked),
            500.. => self.refusal(exchange, Outcome::ServerError),
            other => Judged::told(Outcome::Broken, format!("status {other}")),
        }
    }

    /// A server that says no; some say so with a page that asks for a human.
    fn refusal(&self, exchange: &Exchange, otherwise: Outcome) -> Judged {
        let source = exchange.unpacked(self.body).unwrap_or_default();
        let walled = self.profiles.wall(&String::from_utf8_lossy(&source)) == Some(Wall::Blocked);
        Judged::told(if walled { Outcome::Blocked } else { otherwise }, format!("status {}", exchange.status))
    }

    fn body(&self, exchange: &Exchange, kind: Kind, profile: Option<&str>) -> Judged {
        let bytes = match exchange.unpacked(self.body) {
            Ok(bytes) => bytes,
            Err(failure) => return Judged::failed(&failure),
        };
        match kind {
            Kind::Article => self.article(exchange, bytes),
            Kind::List => self.list(exchange, &bytes, profile),
            Kind::Feed => self.feed(exchange, &bytes),
            Kind::Sitemap => sitemap(&bytes, &exchange.url),
        }
    }

    fn feed(&self, exchange: &Exchange, bytes: &[u8]) -> Judged {
        match feed::read(bytes, &exchange.url) {
            Ok(articles) => Judged { articles, ..Judged::of(Outcome::Listed) },
            // A firewall answers for feeds, too.
            Err(reason) => match self.profiles.wall(&String::from_utf8_lossy(bytes)) {
                Some(Wall::Blocked) => Judged::told(Outcome::Blocked, "a page that keeps visitors out, where a feed should be"),
                _ => Judged::told(Outcome::Unreadable, reason),
            },
        }
    }

    fn list(&self, exchange: &Exchange, bytes: &[u8], profile: Option<&str>) -> Judged {
        let charset = exchange.header("content-type").and_then(document::charset);
        let Ok(decoded) = document::decode_page(bytes, charset.as_deref(), None) else {
            return Judged::told(Outcome::Unreadable, "its bytes are no text in any encoding");
        };
        let listing = self.profiles.read(&decoded.text, &exchange.url, profile);
        if listing.articles.is_empty() {
            match self.profiles.wall(&decoded.text) {
                Some(Wall::Blocked) => return Judged::of(Outcome::Blocked),
                Some(Wall::Scripted) => return Judged::of(Outcome::NeedsJs),
                None => {}
            }
        }
        let link = |url| Link { url, date: None, text: None };
        let next = listing.next.map(|url| (Kind::List, link(url)));
        let further = listing.feeds.into_iter().map(|url| (Kind::Feed, link(url))).chain(next).collect();
        let reason = listing.articles.is_empty().then(|| NO_LINKS.to_owned());
        Judged { articles: listing.articles, further, profile: listing.profile, reason, ..Judged::of(Outcome::Listed) }
    }

    fn article(&self, exchange: &Exchange, bytes: Vec<u8>) -> Judged {
        let media = exchange.header("content-type").unwrap_or("text/html");
        let Some(sort) = document::sort_of_type(media) else {
            return Judged::told(Outcome::Unsupported, media.to_owned());
        };
        let url = exchange.url.as_str();
        let raw = Raw::fetched(url, sort, bytes, document::charset(media), self.reader.clone());
        match raw.decode(&Input { path: PathBuf::from(url), line: None }) {
            Err(fault) => Judged::told(Outcome::Unreadable, fault.reason),
            Ok(document) if document.text.trim().is_empty() => self.empty(&raw, &document),
            Ok(document) => {
                let canonical = listing::canonical(&raw.lossy(), &exchange.url);
                Judged { article: Some(self.extracted(document)), canonical, ..Judged::default() }
            }
        }
    }

    /// A page without an article: is it kept from us?
    fn empty(&self, raw: &Raw, document: &Document) -> Judged {
        match self.profiles.wall(&raw.lossy()) {
            Some(Wall::Blocked) => Judged::of(Outcome::Blocked),
            Some(Wall::Scripted) => Judged::of(Outcome::NeedsJs),
            None => Judged { reason: document.origin.notes.first().cloned(), ..Judged::of(Outcome::NoArticle) },
        }
    }

    fn extracted(&self, document: Document) -> Article {
        let records = self.extractor.extract(&document);
        let hash = |parts: &[&str]| super::warc::digest(parts.join("\0").as_bytes());
        let text = hash(&[&document.text]);
        let reading = hash(&[document.title.as_deref().unwrap_or(""), document.published.as_deref().unwrap_or(""), &document.text]);
        Article { print: near::fingerprint(&document.text), text, reading, records, document }
    }
}

impl Judged {
    pub fn of(outcome: Outcome) -> Self {
        Self { outcome: Some(outcome), ..Self::default() }
    }

    pub fn told(outcome: Outcome, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..Self::of(outcome) }
    }

    pub fn failed(failure: &Failure) -> Self {
        Self::told(failure.into(), failure.to_string())
    }
}

fn redirect(location: &str, base: &Url) -> Judged {
    match address::parse(location, Some(base)) {
        Ok(url) => Judged { target: Some(url), ..Judged::of(Outcome::Moved) },
        Err(reason) => Judged::told(Outcome::Refused, format!("a redirect to {location:?}: {reason}")),
    }
}

fn sitemap(bytes: &[u8], base: &Url) -> Judged {
    match sitemap::read(bytes, base) {
        Ok(Sitemap::Pages(articles)) => Judged { articles, ..Judged::of(Outcome::Listed) },
        Ok(Sitemap::Index(maps)) => Judged { further: maps.into_iter().map(|l| (Kind::Sitemap, l)).collect(), ..Judged::of(Outcome::Listed) },
        Err(reason) => Judged::told(Outcome::Unreadable, reason),
    }
}
