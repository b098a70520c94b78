//! What a night did, for its report.
//!
//! In: the number of a night. Out: its requests, counts by portal, summaries of earlier nights. Never: a judgement.

use super::{Result, State};
use crate::nightly::outcome::Outcome;
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A night of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Night {
    pub night: i64,
    pub run: i64,
    /// Seconds since 1970.
    pub began: i64,
}

/// What a portal gave in a night.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Requests that were answered or not, with robots.txt and lists.
    pub requests: u64,
    pub bytes: u64,
    /// Articles by what came of them.
    pub outcomes: BTreeMap<String, u64>,
    /// Lists, feeds and sitemaps that were read, and that were not.
    pub lists: u64,
    pub lists_failed: u64,
    /// Figures of new and changed articles.
    pub figures: u64,
    /// Addresses that were found tonight.
    pub found: u64,
    /// Tasks that are left to the next night.
    pub left: u64,
}

impl Counts {
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.outcomes.get(&outcome.word()).copied().unwrap_or(0)
    }

    /// Articles that could not be had.
    pub fn failed(&self) -> u64 {
        self.outcomes.iter().filter(|(word, _)| Outcome::of_word(word).is_some_and(|o| !o.is_good())).map(|(_, n)| n).sum()
    }
}

/// A request of a night that a report tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    pub portal: String,
    pub kind: String,
    pub url: String,
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub status: Option<u16>,
    pub figures: u64,
    pub before: Option<(String, i64)>,
    pub document: Option<String>,
}

fn fetch(row: &Row<'_>) -> rusqlite::Result<Fetch> {
    let word: String = row.get(3)?;
    let before: Option<String> = row.get(7)?;
    Ok(Fetch {
        portal: row.get::<_, Option<String>>(0)?.unwrap_or_default(),
        kind: row.get(1)?,
        url: row.get(2)?,
        outcome: Outcome::of_word(&word).unwrap_or(Outcome::Broken),
        reason: row.get(4)?,
        status: row.get(5)?,
        figures: row.get(6)?,
        before: before.zip(row.get::<_, Option<i64>>(8)?),
        document: row.get(9)?,
    })
}

impl State {
    /// The requests of the night that came to one of these ends, at most so many for each portal.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn fetches(&mut self, wanted: &dyn Fn(Outcome) -> bool, most: usize) -> Result<Vec<Fetch>> {
        let night = self.night;
        let sql = "SELECT portal, kind, url, outcome, reason, status, figures, before, before_run, document FROM nightly_fetches WHERE night = ? AND final = 1 \
                   ORDER BY portal, url, fetch";
        let mut select = self.connection().prepare(sql)?;
        let mut rows = select.query([night])?;
        let (mut out, mut of_portal) = (Vec::<Fetch>::new(), BTreeMap::<String, usize>::new());
        while let Some(row) = rows.next()? {
            let fetch = fetch(row)?;
            if wanted(fetch.outcome) {
                let seen = of_portal.entry(fetch.portal.clone()).or_default();
                *seen += 1;
                if *seen <= most {
                    out.push(fetch);
                }
            }
        }
        Ok(out)
    }

    /// What a portal gave in this night so far.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn counts(&mut self, portal: &str) -> Result<Counts> {
        let night = self.night;
        let connection = self.connection();
        let mut counts = Counts::default();
        let sql =
            "SELECT kind, outcome, count(*), sum(bytes), sum(figures), sum(final) FROM nightly_fetches WHERE night = ? AND portal = ? GROUP BY kind, outcome";
        let mut select = connection.prepare_cached(sql)?;
        let mut rows = select.query(params![night, portal])?;
        while let Some(row) = rows.next()? {
            let (kind, word, last): (String, String, u64) = (row.get(0)?, row.get(1)?, row.get(5)?);
            counts.requests += row.get::<_, u64>(2)?;
            counts.bytes += row.get::<_, u64>(3)?;
            counts.figures += row.get::<_, u64>(4)?;
            let good = Outcome::of_word(&word).is_some_and(Outcome::is_good);
            match kind.as_str() {
                "article" if last > 0 => *counts.outcomes.entry(word).or_default() += last,
                "article" | "robots" => {}
                _ if good => counts.lists += last,
                _ => counts.lists_failed += last,
            }
        }
        let count = |sql: &str| connection.query_row(sql, params![night, portal], |r| r.get::<_, u64>(0));
        counts.found = count("SELECT count(*) FROM nightly_pages WHERE found = ? AND portal = ? AND kind = 'article'")?;
        counts.left = count("SELECT count(*) FROM nightly_tasks WHERE night = ? AND portal = ? AND state <> 'done'")?;
        Ok(counts)
    }

    /// Bytes and requests that a portal has cost in this night.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn spent(&mut self, portal: &str) -> Result<(u64, u64)> {
        let night = self.night;
        let sql = "SELECT count(*), coalesce(sum(bytes), 0) FROM nightly_fetches WHERE night = ? AND portal = ?";
        Ok(self.connection().query_row(sql, params![night, portal], |r| Ok((r.get(0)?, r.get(1)?)))?)
    }

    /// Keeps what a portal gave, for the charts of later nights.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn keep(&mut self, portal: &str, counts: &Counts) -> Result<()> {
        let night = self.night;
        let json = serde_json::to_string(counts).unwrap_or_default();
        self.connection().execute("INSERT OR REPLACE INTO nightly_summaries VALUES (?, ?, ?)", params![night, portal, json])?;
        Ok(())
    }

    /// What a portal gave in earlier nights, the oldest first: when each began, and its counts.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn earlier(&mut self, portal: &str, most: usize) -> Result<Vec<(i64, Counts)>> {
        let night = self.night;
        let sql = "SELECT began, summary FROM nightly_summaries JOIN nightly_nights USING (night) WHERE portal = ? AND night < ? ORDER BY night DESC LIMIT ?";
        let mut select = self.connection().prepare_cached(sql)?;
        let read = |r: &Row<'_>| Ok((r.get::<_, i64>(0)?, serde_json::from_str(&r.get::<_, String>(1)?).unwrap_or_default()));
        let mut found: Vec<(i64, Counts)> =
            select.query_map(params![portal, night, i64::try_from(most).unwrap_or(i64::MAX)], read)?.collect::<rusqlite::Result<_>>()?;
        found.reverse();
        Ok(found)
    }

    /// Pairs of pages whose texts are nearly the same, found in this night.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn near(&mut self, most: usize) -> Result<Vec<(String, String, u32)>> {
        let night = self.night;
        let sql = "SELECT a.url, b.url, bits FROM nightly_near n JOIN nightly_pages a ON a.page = n.page JOIN nightly_pages b ON b.page = n.other \
                   WHERE n.night = ? ORDER BY a.url, b.url LIMIT ?";
        let mut select = self.connection().prepare(sql)?;
        let read = |r: &Row<'_>| Ok((r.get(0)?, r.get(1)?, r.get(2)?));
        Ok(select.query_map(params![night, i64::try_from(most).unwrap_or(i64::MAX)], read)?.collect::<rusqlite::Result<_>>()?)
    }

    /// This night, as it stands in the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn this(&mut self) -> Result<Night> {
        let night = self.night;
        let sql = "SELECT night, run, began FROM nightly_nights WHERE night = ?";
        let found = self.connection().query_row(sql, [night], |r| Ok(Night { night: r.get(0)?, run: r.get(1)?, began: r.get(2)? })).optional()?;
        found.ok_or_else(|| super::StateError::Told(format!("night {night} is gone from the store")))
    }
}
