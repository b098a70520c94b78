//! What came of a request, as one transaction.
//!
//! In: a task, the answer or its failure, what the answer says. Out: page, history, records, links, the archive: all or nothing. Never: a
//! task that is done without them.

use super::archive::{self, Earlier, Entry, Place};
use super::fate::Fate;
use super::page::Page;
use super::tasks::{Found, Put, Task, page_of, put};
use super::{Result, State};
use crate::document::ARTICLE;
use crate::nightly::address;
use crate::nightly::config::Portal;
use crate::nightly::fetch::{Exchange, Failure};
use crate::nightly::judge::{Judged, Kind};
use crate::nightly::link::Link;
use crate::nightly::outcome::Outcome;
use crate::nightly::warc::{self, Writer};
use crate::pipeline::Summary;
use crate::store;
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use std::path::Path;
use std::time::Duration;
use url::Url;

/// More further sitemaps are not followed.
const MAPS: usize = 200;
/// Indexes of sitemaps within indexes.
const MAP_DEPTH: u32 = 3;
/// Redirects in a row.
const HOPS: u32 = 5;

/// What was asked and what came back.
pub struct Answer<'a> {
    /// None for robots.txt.
    pub task: Option<&'a Task>,
    pub portal: &'a Portal,
    pub url: &'a Url,
    pub at: Timestamp,
    pub took: Duration,
    pub exchange: std::result::Result<&'a Exchange, &'a Failure>,
    /// Ask again in this night, at this time in milliseconds.
    pub again: Option<i64>,
    /// Status and body of a robots.txt, as this night goes by it.
    pub robots: Option<(u16, Vec<u8>)>,
}

/// What was committed.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub figures: usize,
    /// Articles that were not known before.
    pub found: usize,
    /// Hosts that have something to be asked for now.
    pub hosts: Vec<String>,
}

/// What a commit works with.
pub(super) struct Work<'w> {
    pub transaction: &'w Transaction<'w>,
    pub answer: &'w Answer<'w>,
    pub judged: &'w Judged,
    pub found: Found,
    pub ignored: &'w [String],
    pub recheck: &'w [u64],
    pub run: i64,
}

impl State {
    /// Stores what came of a request.
    ///
    /// # Errors
    /// When store or archive cannot be written; then nothing of it is stored.
    pub fn commit(&mut self, answer: &Answer<'_>, mut judged: Judged) -> Result<Receipt> {
        let length = match answer.exchange {
            Ok(_) => Some(self.archive()?.length()),
            Err(_) => None,
        };
        let done = self.transact(answer, &mut judged);
        if let (Err(_), Some(length), Some(writer)) = (&done, length, &mut self.writer) {
            writer.back_to(length)?;
        }
        let (receipt, summary, number) = done?;
        (self.summary, self.document_no) = (summary, number);
        Ok(receipt)
    }

    fn transact(&mut self, answer: &Answer<'_>, judged: &mut Judged) -> Result<(Receipt, Summary, u64)> {
        let (night, run, now) = (self.night, self.run, self.clock.now().as_second());
        let (hops, depth) = answer.task.map_or((0, 0), |t| (t.hops, t.depth));
        let (mut summary, mut number) = (self.summary.clone(), self.document_no);
        let article = judged.article.take();
        let transaction = self.store.connection().transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found = Found { night, now, hops, depth };
        let work = Work { transaction: &transaction, answer, judged, found, ignored: &self.ignored, recheck: &self.recheck, run };
        let mut fate = work.fate(article, &mut summary, &mut number)?;
        let new = if answer.again.is_none() { work.links(&mut fate)? } else { 0 };
        let place = match (answer.exchange, &mut self.writer) {
            (Ok(exchange), Some(writer)) => Some(work.archive(writer, &self.folder, exchange, &mut fate)?),
            _ => None,
        };
        if let Some(stored) = &fate.stored {
            store::put(&transaction, run, stored)?;
            summarize(&transaction, run, &summary)?;
        }
        work.settle(&fate)?;
        work.history(&fate, place.as_ref())?;
        let hosts = work.hosts()?;
        transaction.commit()?;
        let receipt = Receipt { outcome: fate.outcome, reason: fate.reason, figures: fate.figures, found: new, hosts };
        Ok((receipt, summary, number))
    }
}

/// The numbers of the run, as `solieu runs` shows them.
fn summarize(connection: &Connection, run: i64, summary: &Summary) -> Result<()> {
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let json = serde_json::to_string(summary).unwrap_or_else(|_| "{}".to_owned());
    connection.prepare_cached("UPDATE runs SET written = ?2, summary = ?3 WHERE run = ?1")?.execute(params![run, now, json])?;
    Ok(())
}

impl Work<'_> {
    /// Writes the exchange to the archive: as a revisit where its body is archived already.
    fn archive(&self, writer: &mut Writer, folder: &Path, exchange: &Exchange, fate: &mut Fate) -> Result<Place> {
        let body = warc::digest(&exchange.body);
        let is_same = exchange.status == 304 || exchange.status == 200 && fate.page.as_ref().is_some_and(|p| p.body.as_deref() == Some(body.as_str()));
        let earlier = fate.page.as_ref().filter(|_| is_same).and_then(earlier);
        let part = match fate.outcome {
            Outcome::New | Outcome::Changed => ARTICLE.to_owned(),
            Outcome::Listed => self.answer.task.map_or("robots", |t| t.kind.word()).to_owned(),
            other => other.word(),
        };
        let place = archive::write(self.transaction, writer, folder, self.found.night, &Entry { exchange, part: &part, earlier: earlier.as_ref() })?;
        if let Some(page) = fate.page.as_mut().filter(|_| exchange.status == 200 && fate.outcome.is_good()) {
            page.body = Some(body);
            page.payload = Some(place.response.payload.clone());
            page.response = Some(place.response.id.clone());
            page.response_date = Some(place.response.date.clone());
        }
        Ok(place)
    }

    /// Puts in what the answer points to; how many articles were not known.
    fn links(&self, fate: &mut Fate) -> Result<usize> {
        let mut new = 0;
        let mut fresh = false;
        for link in &self.judged.articles {
            let put = self.put(Kind::Article, link, 0, 0)?;
            new += usize::from(matches!(put, Put::New(_)));
            fresh |= matches!(put, Put::New(_) | Put::Tonight(_));
        }
        self.further(fresh)?;
        if let Some(target) = &self.judged.target {
            self.redirect(target, fate)?;
        }
        if let (Some(url), Some(task)) = (&self.judged.canonical, self.answer.task) {
            self.alias(url, task)?;
        }
        Ok(new)
    }

    fn put(&self, kind: Kind, link: &Link, hops: u32, depth: u32) -> Result<Put> {
        Ok(put(self.transaction, self.answer.portal, kind, link, Found { hops, depth, ..self.found }, self.ignored)?)
    }

    /// Next pages of a list while they name something that was not known before tonight, feeds that a page names, sitemaps of an index.
    fn further(&self, fresh: bool) -> Result<()> {
        let portal = self.answer.portal;
        let depth = self.found.depth + 1;
        let oldest = self.found.now - i64::try_from(portal.budget.age_days).unwrap_or(0) * 24 * 3600;
        let mut maps: Vec<&Link> = Vec::new();
        for (kind, link) in &self.judged.further {
            match kind {
                Kind::List if fresh && u64::from(depth) < portal.budget.listing_pages => {
                    self.put(Kind::List, link, 0, depth)?;
                }
                Kind::Feed if portal.discover && depth == 1 => {
                    self.put(Kind::Feed, link, 0, depth)?;
                }
                Kind::Sitemap if depth <= MAP_DEPTH && link.date.is_none_or(|d| d.as_second() >= oldest) => maps.push(link),
                _ => {}
            }
        }
        maps.sort_by_key(|l| std::cmp::Reverse(l.date));
        maps.into_iter().take(MAPS).try_for_each(|map| self.put(Kind::Sitemap, map, 0, depth).map(drop))
    }

    /// A redirect is followed as a task of its own, in the queue of the server it leads to.
    fn redirect(&self, target: &Url, fate: &mut Fate) -> Result<()> {
        let (Some(task), Some(page)) = (self.answer.task, &mut fate.page) else {
            return Ok(());
        };
        if self.found.hops + 1 > HOPS {
            (fate.outcome, fate.reason) = (Outcome::Broken, Some(format!("more than {HOPS} redirects in a row")));
            page.state = fate.was.clone();
            return Ok(());
        }
        let link = Link { url: target.clone(), date: None, text: None };
        let same = address::key(target, self.ignored) == address::key(&task.url, self.ignored);
        if same && self.answer.portal.owns(target) {
            if address::clean(target, self.ignored) == task.url {
                (fate.outcome, fate.reason) = (Outcome::Broken, Some("it leads to itself: it wants a cookie or a session".to_owned()));
                (page.state, page.failures) = (fate.was.clone(), page.failures + 1);
                fate.due = Some(page.due_after_failure(self.found.now));
                return Ok(());
            }
            page.state = fate.was.clone();
            return self.renamed(target, page.page);
        }
        match put(self.transaction, self.answer.portal, task.kind, &link, Found { hops: self.found.hops + 1, ..self.found }, self.ignored)? {
            Put::Out => (fate.outcome, fate.reason) = (Outcome::Elsewhere, Some(format!("a redirect to {target}"))),
            put => {
                fate.reason = Some(format!("to {target}"));
                if let Some(other) = put.page().filter(|other| page.state == "moved" && *other != page.page) {
                    self.name(&address::key(&task.url, self.ignored), other)?;
                }
            }
        }
        Ok(())
    }

    /// The same page under another writing of its address, as https: it is asked for there, now and later.
    fn renamed(&self, target: &Url, page: i64) -> Result<()> {
        let target = address::clean(target, self.ignored);
        let host = address::origin(&target);
        self.transaction.execute("UPDATE nightly_pages SET url = ?2, host = ?3 WHERE page = ?1", params![page, target.as_str(), host])?;
        let sql = "UPDATE nightly_tasks SET host = ?3, hops = hops + 1 WHERE night = ?1 AND page = ?2";
        self.transaction.execute(sql, params![self.found.night, page, host])?;
        Ok(())
    }

    /// The address that an article says is its own leads to it, too, when it is another writing of the path. Portals give one address to
    /// all articles of a section by mistake: taken at its word, it would hide another article. (Equal texts are stored once anyway.)
    fn alias(&self, url: &Url, task: &Task) -> Result<()> {
        let key = address::key(url, self.ignored);
        let same_path = url.path().trim_end_matches('/') == task.url.path().trim_end_matches('/');
        if same_path && self.answer.portal.owns(url) && page_of(self.transaction, &key)?.is_none() {
            self.name(&key, task.page)?;
        }
        Ok(())
    }

    fn name(&self, key: &str, page: i64) -> Result<()> {
        self.transaction.prepare_cached("INSERT OR IGNORE INTO nightly_aliases VALUES (?, ?)")?.execute(params![key, page])?;
        Ok(())
    }

    /// Writes page and task.
    fn settle(&self, fate: &Fate) -> Result<()> {
        if let Some((status, body)) = &self.answer.robots {
            let sql = "INSERT OR REPLACE INTO nightly_robots VALUES (?, ?, ?, ?)";
            self.transaction.execute(sql, params![self.found.night, address::origin(self.answer.url), status, body])?;
        }
        let (Some(task), Some(page)) = (self.answer.task, &fate.page) else {
            return Ok(());
        };
        page.write(self.transaction, fate.outcome.is_good().then_some(self.found.now), fate.due)?;
        if let Ok(exchange) = self.answer.exchange
            && exchange.status == 200
            && fate.outcome.is_good()
        {
            let sql = "UPDATE nightly_pages SET etag = ?2, modified = ?3 WHERE page = ?1";
            self.transaction.prepare_cached(sql)?.execute(params![page.page, exchange.header("etag"), exchange.header("last-modified")])?;
        }
        let moved: bool = fate.outcome == Outcome::Moved && self.stays(task)?;
        let (state, after) = match self.answer.again {
            Some(at) => ("waiting", at),
            None if moved => ("waiting", 0),
            None => ("done", 0),
        };
        let sql = "UPDATE nightly_tasks SET state = ?3, after = ?4, tries = tries + 1 WHERE night = ?1 AND page = ?2";
        self.transaction.prepare_cached(sql)?.execute(params![self.found.night, task.page, state, after])?;
        Ok(())
    }

    /// Was the page only renamed, so that its task is still to be done?
    fn stays(&self, task: &Task) -> Result<bool> {
        let url: String = self.transaction.query_row("SELECT url FROM nightly_pages WHERE page = ?", [task.page], |r| r.get(0))?;
        Ok(url != task.url.as_str())
    }

    fn history(&self, fate: &Fate, place: Option<&Place>) -> Result<()> {
        let answer = self.answer;
        let (status, bytes) = answer.exchange.map_or((None, 0), |e| (Some(e.status), e.response.len()));
        let (before, before_run) = fate.before.as_ref().map_or((None, None), |(d, r)| (Some(d), Some(r)));
        let sql = "INSERT INTO nightly_fetches (night, page, portal, kind, url, at, took_ms, status, outcome, reason, bytes, figures, archive, start, before,                    before_run, document, final) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        self.transaction.prepare_cached(sql)?.execute(params![
            self.found.night,
            answer.task.map(|t| t.page),
            answer.portal.name,
            answer.task.map_or("robots", |t| t.kind.word()),
            answer.url.as_str(),
            answer.at.as_second(),
            i64::try_from(answer.took.as_millis()).unwrap_or(i64::MAX),
            status,
            fate.outcome.word(),
            fate.reason,
            i64::try_from(bytes).unwrap_or(i64::MAX),
            i64::try_from(fate.figures).unwrap_or(i64::MAX),
            place.map(|p| &p.file),
            place.map(|p| i64::try_from(p.start).unwrap_or(i64::MAX)),
            before,
            before_run,
            fate.page.as_ref().and_then(|p| p.document.as_ref()).filter(|_| matches!(fate.outcome, Outcome::New | Outcome::Changed | Outcome::Duplicate)),
            answer.again.is_none(),
        ])?;
        Ok(())
    }

    /// The hosts that wait for something now. Few, and read from an index.
    fn hosts(&self) -> Result<Vec<String>> {
        if self.judged.articles.is_empty() && self.judged.further.is_empty() && self.judged.target.is_none() {
            return Ok(Vec::new());
        }
        let mut select = self.transaction.prepare_cached("SELECT DISTINCT host FROM nightly_tasks WHERE night = ? AND state = 'waiting'")?;
        Ok(select.query_map([self.found.night], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?)
    }
}

fn earlier(page: &Page) -> Option<Earlier> {
    Some(Earlier { id: page.response.clone()?, date: page.response_date.clone()?, payload: page.payload.clone()? })
}
