//! The tasks of a night: what is to be asked for, in which order.
//!
//! In: a configuration, links. Out: tasks by host. Never: a page that is asked for twice in a night, or one that the filters of its portal
//! keep out.

use super::{Result, State};
use crate::nightly::address;
use crate::nightly::config::{Config, Portal};
use crate::nightly::judge::Kind;
use crate::nightly::link::Link;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use url::Url;

/// What comes first: what tells of articles, then articles, then articles that are looked at again.
const FEED: i64 = 0;
const SITEMAP: i64 = 5;
const LIST: i64 = 10;
const ARTICLE: i64 = 20;
const RECHECK: i64 = 60;
/// After so many days an address that was gone may be there again.
const GONE_DAYS: i64 = 7;
const DAY: i64 = 24 * 3600;

/// A page to ask for, with what is known of it.
#[derive(Debug, Clone)]
pub struct Task {
    pub page: i64,
    pub url: Url,
    pub portal: String,
    pub kind: Kind,
    pub tries: u32,
    pub hops: u32,
    pub depth: u32,
    pub etag: Option<String>,
    pub modified: Option<String>,
}

/// Where a link stands.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    pub night: i64,
    pub now: i64,
    pub hops: u32,
    pub depth: u32,
}

impl State {
    /// Puts in what a night begins with; what is there already stays.
    pub(super) fn seed(&mut self, config: &Config) -> Result<()> {
        let (night, now, ignored) = (self.night, self.now(), self.ignored.clone());
        let found = Found { night, now, hops: 0, depth: 0 };
        let transaction = self.connection().transaction_with_behavior(TransactionBehavior::Immediate)?;
        for portal in &config.portals {
            let seeds = [(Kind::Feed, &portal.feeds), (Kind::Sitemap, &portal.sitemaps), (Kind::List, &portal.start)];
            for (kind, urls) in seeds {
                for url in urls {
                    put(&transaction, portal, kind, &Link { url: url.clone(), date: None, text: None }, found, &ignored)?;
                }
            }
            let sql = "INSERT OR IGNORE INTO nightly_tasks (night, page, host, portal, rank, state) \
                       SELECT ?1, page, host, portal, CASE WHEN kind <> 'article' THEN 10 WHEN state = 'new' THEN ?2 ELSE ?3 END, 'waiting' FROM nightly_pages \
                       WHERE portal = ?4 AND (kind = 'article' AND (state = 'new' AND coalesce(due, 0) <= ?5 OR state = 'known' AND due <= ?5) \
                       OR kind = 'feed' AND state = 'known' OR kind <> 'article' AND state = 'new')";
            transaction.execute(sql, params![night, ARTICLE, RECHECK, portal.name, now])?;
        }
        Ok(transaction.commit()?)
    }

    /// The hosts that have something to be asked for.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn hosts(&mut self) -> Result<Vec<String>> {
        let night = self.night;
        let mut select = self.connection().prepare("SELECT DISTINCT host FROM nightly_tasks WHERE night = ? AND state = 'waiting' ORDER BY host")?;
        Ok(select.query_map([night], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// The next task of a host that may be asked for at `millis`; else when there will be one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn next(&mut self, host: &str, millis: i64) -> Result<Next> {
        let night = self.night;
        let connection = self.connection();
        let sql = "SELECT page, url, p.portal, kind, tries, hops, depth, etag, modified FROM nightly_tasks t JOIN nightly_pages p USING (page) \
                   WHERE night = ?1 AND t.host = ?2 AND t.state = 'waiting' AND after <= ?3 ORDER BY rank, page LIMIT 1";
        if let Some(task) = connection.prepare_cached(sql)?.query_row(params![night, host, millis], task).optional()? {
            return Ok(Next::Task(Box::new(task)));
        }
        let sql = "SELECT min(after) FROM nightly_tasks WHERE night = ? AND host = ? AND state = 'waiting'";
        let after: Option<i64> = connection.prepare_cached(sql)?.query_row(params![night, host], |r| r.get(0))?;
        Ok(after.map_or(Next::Nothing, Next::At))
    }

    /// Leaves the tasks of a host, or of a portal, to the next night.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn leave(&mut self, host: Option<&str>, portal: Option<&str>) -> Result<usize> {
        let night = self.night;
        let sql =
            "UPDATE nightly_tasks SET state = 'left' WHERE night = ?1 AND state = 'waiting' AND (?2 IS NULL OR host = ?2) AND (?3 IS NULL OR portal = ?3)";
        Ok(self.connection().execute(sql, params![night, host, portal])?)
    }
}

/// What a host has to be asked for.
#[derive(Debug)]
pub enum Next {
    Task(Box<Task>),
    /// Something, at this time in milliseconds.
    At(i64),
    Nothing,
}

fn task(row: &Row<'_>) -> rusqlite::Result<Task> {
    let url: String = row.get(1)?;
    let kind: String = row.get(3)?;
    let url = Url::parse(&url).map_err(|e| rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(e)))?;
    Ok(Task {
        page: row.get(0)?,
        url,
        portal: row.get(2)?,
        kind: Kind::of_word(&kind),
        tries: row.get(4)?,
        hops: row.get(5)?,
        depth: row.get(6)?,
        etag: row.get(7)?,
        modified: row.get(8)?,
    })
}

/// What became of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// A page that was not known.
    New(i64),
    /// One that is known, and asked for again.
    Again(i64),
    /// One that is known.
    Known(i64),
    /// One that is known since tonight, by another way.
    Tonight(i64),
    /// Not of the portal, or kept out by its filters, or too old.
    Out,
}

impl Put {
    pub fn page(self) -> Option<i64> {
        match self {
            Put::New(page) | Put::Again(page) | Put::Known(page) | Put::Tonight(page) => Some(page),
            Put::Out => None,
        }
    }
}

/// The page of a key, by itself or by another name.
pub fn page_of(connection: &Connection, key: &str) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT page FROM nightly_pages WHERE key = ?1 UNION ALL SELECT page FROM nightly_aliases WHERE key = ?1 LIMIT 1";
    connection.prepare_cached(sql)?.query_row([key], |r| r.get(0)).optional()
}

/// Puts in a link.
pub fn put(transaction: &Transaction<'_>, portal: &Portal, kind: Kind, link: &Link, found: Found, ignored: &[String]) -> rusqlite::Result<Put> {
    if !portal.owns(&link.url) || kind == Kind::Article && !portal.wants(&link.url) {
        return Ok(Put::Out);
    }
    let told = link.date.map(|d| d.as_second());
    let key = address::key(&link.url, ignored);
    if let Some(page) = page_of(transaction, &key)? {
        return again(transaction, portal, kind, page, told, found);
    }
    let oldest = found.now - i64::try_from(portal.budget.age_days).unwrap_or(i64::MAX / DAY) * DAY;
    if kind == Kind::Article && told.is_some_and(|t| t < oldest) {
        return Ok(Put::Out);
    }
    let url = address::clean(&link.url, ignored);
    let host = address::origin(&url);
    let sql = "INSERT INTO nightly_pages (key, url, host, portal, kind, state, found, told) VALUES (?, ?, ?, ?, ?, 'new', ?, ?)";
    let page = transaction.prepare_cached(sql)?.insert(params![key, url.as_str(), host, portal.name, kind.word(), found.night, told])?;
    let rank = match kind {
        Kind::Feed => FEED,
        Kind::Sitemap => SITEMAP,
        Kind::List => LIST,
        Kind::Article => ARTICLE,
    };
    ask(transaction, page, rank, found)?;
    Ok(Put::New(page))
}

/// A link to a page that is known.
fn again(transaction: &Transaction<'_>, portal: &Portal, kind: Kind, page: i64, told: Option<i64>, found: Found) -> rusqlite::Result<Put> {
    let sql = "SELECT kind, state, checked, portal, found FROM nightly_pages WHERE page = ?";
    let row = |r: &Row<'_>| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, Option<i64>>(2)?, r.get::<_, String>(3)?, r.get::<_, i64>(4)?));
    let (known, state, checked, owner, since) = transaction.prepare_cached(sql)?.query_row([page], row)?;
    let checked = checked.unwrap_or(0);
    let edited = told.is_some_and(|t| t > checked && t <= found.now + DAY);
    let wanted = match (kind, Kind::of_word(&known)) {
        (Kind::Article, Kind::Article) => match state.as_str() {
            "known" => edited,
            "gone" => found.now - checked > GONE_DAYS * DAY,
            _ => false,
        },
        // A link to a list among articles is no article.
        (Kind::Article, _) => false,
        (Kind::Sitemap, Kind::Sitemap) => told.is_none() || edited,
        (asked, known) => asked == known,
    };
    if !wanted || owner != portal.name {
        return Ok(if since == found.night { Put::Tonight(page) } else { Put::Known(page) });
    }
    let rank = match kind {
        Kind::Feed => FEED,
        Kind::Sitemap => SITEMAP,
        Kind::List => LIST,
        Kind::Article => RECHECK - 1,
    };
    ask(transaction, page, rank, found)?;
    Ok(Put::Again(page))
}

/// Makes a task of a page, unless the night has one.
pub fn ask(transaction: &Transaction<'_>, page: i64, rank: i64, found: Found) -> rusqlite::Result<()> {
    let sql = "INSERT OR IGNORE INTO nightly_tasks (night, page, host, portal, rank, state, hops, depth) \
               SELECT ?1, page, host, portal, ?3, 'waiting', ?4, ?5 FROM nightly_pages WHERE page = ?2";
    transaction.prepare_cached(sql)?.execute(params![found.night, page, rank, found.hops, found.depth]).map(drop)
}
