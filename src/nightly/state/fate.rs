//! What a page becomes by an answer.
//!
//! In: what is known of a page, what its answer says. Out: the outcome, the page as it is from now on, what is stored. Never: records for a
//! text that is stored already.

use super::Result;
use super::commit::Work;
use super::near;
use super::page::Page;
use crate::nightly::judge::{Article, Kind};
use crate::nightly::outcome::Outcome;
use crate::pipeline::{Reading, Summary};
use crate::store::{self, Prepared};

/// After so many nights without it a page is gone.
const GIVEN_UP: u32 = 4;

/// What a page becomes.
pub(super) struct Fate {
    pub outcome: Outcome,
    pub reason: Option<String>,
    /// None for robots.txt.
    pub page: Option<Page>,
    pub due: Option<i64>,
    /// The state of the page before.
    pub was: String,
    /// Of a change: document and run that were there.
    pub before: Option<(String, i64)>,
    pub stored: Option<Prepared>,
    pub figures: usize,
}

impl Work<'_> {
    /// Settles the outcome, and what is stored.
    pub fn fate(&self, article: Option<Article>, summary: &mut Summary, number: &mut u64) -> Result<Fate> {
        let (outcome, reason) = (self.judged.outcome.unwrap_or(Outcome::Unchanged), self.judged.reason.clone());
        let mut fate = Fate { outcome, reason, page: None, due: None, was: String::new(), before: None, stored: None, figures: 0 };
        let Some(task) = self.answer.task else {
            return Ok(fate);
        };
        let mut page = Page::read(self.transaction, task.page)?;
        fate.was = page.state.clone();
        if let Some(article) = article {
            self.article(article, &mut page, &mut fate, summary, number)?;
        }
        self.become_(task.kind, &mut page, &mut fate);
        fate.page = Some(page);
        Ok(fate)
    }

    /// New, changed, unchanged, or known under another address?
    fn article(&self, article: Article, page: &mut Page, fate: &mut Fate, summary: &mut Summary, number: &mut u64) -> Result<()> {
        if page.reading.as_deref() == Some(article.reading.as_str()) {
            fate.outcome = Outcome::Unchanged;
            return Ok(());
        }
        fate.before = page.document.clone().zip(page.run);
        page.reading = Some(article.reading.clone());
        let same = near::same(self.transaction, &article.text)?.filter(|same| same.page != page.page);
        if let Some(same) = same {
            fate.outcome = Outcome::Duplicate;
            let sql = "SELECT url FROM nightly_pages WHERE page = ?";
            fate.reason = Some(self.transaction.query_row(sql, [same.page], |r| r.get::<_, String>(0))?);
            (page.document, page.run) = (Some(same.document), Some(same.run));
            return Ok(());
        }
        fate.outcome = if fate.before.is_some() { Outcome::Changed } else { Outcome::New };
        let document = store::document_hash(&article.document);
        near::note(self.transaction, page.page, &article, &document, self.run, self.found.night)?;
        (page.document, page.run) = (Some(document), Some(self.run));
        self.store(article, fate, summary, number);
        Ok(())
    }

    fn store(&self, article: Article, fate: &mut Fate, summary: &mut Summary, number: &mut u64) {
        *number += 1;
        summary.documents += 1;
        summary.records += article.records.len();
        summary.bytes += article.document.text.len();
        for record in &article.records {
            *summary.kinds.entry(record.kind).or_default() += 1;
        }
        fate.figures = article.records.len();
        fate.stored = Some(Prepared::new(Reading { number: *number, document: article.document, records: article.records }));
    }

    fn become_(&self, kind: Kind, page: &mut Page, fate: &mut Fate) {
        let now = self.found.now;
        if !fate.outcome.is_good() {
            // Tries within a night are one failure.
            page.failures += u32::from(self.answer.again.is_none());
            fate.due = Some(page.due_after_failure(now));
            return;
        }
        if kind == Kind::Article && self.may_come_back(fate.outcome, page) {
            page.failures += 1;
            fate.due = Some(page.due_after_failure(now));
            return;
        }
        page.failures = 0;
        page.state = match fate.outcome {
            Outcome::Gone if kind == Kind::Article => "gone",
            Outcome::Moved if kind == Kind::Article => "moved",
            _ => "known",
        }
        .to_owned();
        match fate.outcome {
            Outcome::New | Outcome::Changed | Outcome::Duplicate => (page.changed, page.checks) = (Some(now), 0),
            _ => page.checks += 1,
        }
        page.changed = page.changed.or(Some(now));
        fate.due = match fate.outcome {
            // What is no article may become one: a page that was opened before its text was there, or while the portal was repaired.
            Outcome::New | Outcome::Changed | Outcome::Duplicate | Outcome::Unchanged | Outcome::NoArticle => page.due(self.recheck, now),
            _ => None,
        };
    }

    /// A portal under repair redirects for the time being, or has nothing anywhere: its articles are not given up for one such night.
    fn may_come_back(&self, outcome: Outcome, page: &Page) -> bool {
        let status = self.answer.exchange.map_or(0, |e| e.status);
        match outcome {
            Outcome::Moved => !matches!(status, 301 | 308),
            Outcome::Gone => status != 410 && page.failures + 1 < GIVEN_UP,
            _ => false,
        }
    }
}
