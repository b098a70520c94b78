//! The desk: a queue of items and what is done with them.
//!
//! In: a store, one run of it or two, queries and decisions of reviewers. Out: items with their place in the queue; decisions in the
//! store. Never: a change of a record, or a decision on an item that nobody asked for.

use super::index::Index;
use super::ledger::{Ledger, State};
use super::query::{Query, told};
use crate::diff::{Diff, Item, Side, SideError};
use crate::extract::Extractor;
use crate::record::corrected;
use crate::store::{NewDecision, Run, RunName, Store, StoreError, StoredDocument, Verdict, document_hash};
use crate::{Document, Record};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Decisions of a bulk action that are written in one transaction.
const BATCH: usize = 2000;

/// A queue of items, open to reviewers.
pub struct Desk {
    diff: Diff,
    index: Index,
    /// The older run, where two are compared, and the newer.
    pub runs: (Option<Run>, Run),
    extractor: Extractor,
    path: PathBuf,
    book: Mutex<Book>,
}

/// The store, and what is known of its log.
struct Book {
    store: Store,
    ledger: Ledger,
    /// By reviewer: first and last decision of what was decided at once, as long as the program runs.
    bulks: BTreeMap<String, Vec<[i64; 2]>>,
}

/// Why a queue cannot be worked on.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Side(#[from] SideError),
    /// The correction of a field is none, and why.
    #[error("{0}")]
    Field(String),
    /// A bulk action would decide on another number of items than was confirmed.
    #[error("{now} items now, {then} when it was confirmed")]
    Moved { then: usize, now: usize },
    /// No such item in this queue.
    #[error("no such item")]
    Missing,
}

/// How many items of a filter are in which state for a reviewer, whatever the filter says of states.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    pub all: usize,
    pub done: usize,
    pub states: BTreeMap<State, usize>,
}

/// Where a query stands in its queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stand {
    /// Items that the filter asks for, by their places.
    pub places: Vec<usize>,
    pub progress: Progress,
    /// The item that is shown; none when the queue is at its end.
    pub here: Option<usize>,
    /// Where it is, or would be, among the places.
    pub position: usize,
    /// Whether the filter asks for it.
    pub inside: bool,
}

impl Stand {
    pub fn previous(&self) -> Option<usize> {
        self.position.checked_sub(1).and_then(|at| self.places.get(at)).copied()
    }

    pub fn next(&self) -> Option<usize> {
        self.places.get(self.position + usize::from(self.inside)).copied()
    }
}

impl Desk {
    /// Opens the queue of two runs of a store, or of one alone: then each of its records is an item.
    ///
    /// # Errors
    /// When the store cannot be read, or has no such runs.
    pub fn open(path: &Path, old: Option<RunName>, new: RunName, extractor: Extractor) -> Result<Self, DeskError> {
        let store = Store::existing(path)?;
        let runs = (old.map(|name| store.run(name)).transpose()?, store.run(new)?);
        let old = match &runs.0 {
            Some(run) => Side::run(Store::existing(path)?, run.run),
            None => nothing()?,
        };
        let diff = Diff::new(old, Side::run(Store::existing(path)?, runs.1.run))?;
        let index = Index::new(&diff)?;
        let book = Book { store, ledger: Ledger::default(), bulks: BTreeMap::new() };
        let desk = Self { diff, index, runs, extractor, path: path.to_owned(), book: Mutex::new(book) };
        drop(desk.book()?);
        Ok(desk)
    }

    pub fn len(&self) -> usize {
        self.index.len()
    }

    pub fn is_empty(&self) -> bool {
        self.index.len() == 0
    }

    pub fn index(&self) -> &Index {
        &self.index
    }

    pub fn extractor(&self) -> &Extractor {
        &self.extractor
    }

    pub fn diff(&self) -> &Diff {
        &self.diff
    }

    /// Whether one run is looked at, not two.
    pub fn is_single(&self) -> bool {
        self.runs.0.is_none()
    }

    /// The book, with all that the log has by now: other programs write to it, too.
    fn book(&self) -> Result<MutexGuard<'_, Book>, StoreError> {
        let mut guard = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let Book { store, ledger, .. } = &mut *guard;
        store.each_decision_after(ledger.last, |decision| ledger.add(decision, |key| self.index.place(key).is_some()))?;
        Ok(guard)
    }

    /// Looks into store and ledger.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn with<T>(&self, look: impl FnOnce(&Store, &Ledger) -> T) -> Result<T, StoreError> {
        let book = self.book()?;
        Ok(look(&book.store, &book.ledger))
    }

    /// The item at a place.
    ///
    /// # Errors
    /// When a side cannot be read again.
    pub fn item(&self, place: usize) -> Result<Item, DeskError> {
        Ok(self.diff.item(place).ok_or(DeskError::Missing)??)
    }

    /// The place of an item.
    ///
    /// # Errors
    /// When this queue has none of this key.
    pub fn place(&self, key: Option<u64>) -> Result<usize, DeskError> {
        key.and_then(|key| self.index.place(key)).ok_or(DeskError::Missing)
    }

    /// Where a query stands: at its item, or else at the first that the filter asks for.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn stand(&self, query: &Query, reviewer: &str) -> Result<Stand, DeskError> {
        let book = self.book()?;
        let mut stand = Stand::default();
        for place in self.index.asked(query) {
            let key = self.index.entries[place].key;
            let state = book.ledger.state(key, reviewer);
            stand.progress.all += 1;
            stand.progress.done += usize::from(state != State::Open);
            *stand.progress.states.entry(state).or_default() += 1;
            if book.ledger.has(key, reviewer, State::Disputed) {
                *stand.progress.states.entry(State::Disputed).or_default() += 1;
            }
            if query.state.is_none_or(|wanted| book.ledger.has(key, reviewer, wanted)) {
                stand.places.push(place);
            }
        }
        stand.here = match query.at {
            Some(key) => self.index.place(key),
            None => stand.places.first().copied(),
        };
        if let Some(here) = stand.here {
            stand.position = stand.places.partition_point(|place| *place < here);
            stand.inside = stand.places.get(stand.position) == Some(&here);
        }
        Ok(stand)
    }

    /// The next item of a queue behind a place; else the first before it that is still to be done.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn after(&self, query: &Query, reviewer: &str, place: usize) -> Result<Option<u64>, DeskError> {
        let stand = self.stand(query, reviewer)?;
        let next = stand.places.iter().find(|p| **p > place);
        Ok(next.map(|p| self.index.entries[*p].key))
    }

    /// Hands out the records of the newer run.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn each_record(&self, mut take: impl FnMut(&Record)) -> Result<(), DeskError> {
        let store = Store::existing(&self.path)?;
        let each = |shown: crate::diff::Shown| {
            take(&shown.record);
            Ok(())
        };
        Ok(Side::run(store, self.runs.1.run).each(each)?)
    }

    /// The document of a side, if the text is still what its hash says.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn document(&self, hash: &str) -> Result<Option<StoredDocument>, DeskError> {
        let document = self.book()?.store.document(hash)?;
        Ok(document.filter(|d| document_hash(&plain(d)) == d.hash))
    }

    /// Writes down what a reviewer says of an item.
    ///
    /// # Errors
    /// When there is no such item, the correction is none, or the store cannot be written.
    pub fn decide(&self, reviewer: &str, key: u64, said: Said) -> Result<(), DeskError> {
        let item = self.item(self.place(Some(key))?)?;
        let decision = said.of(&item, reviewer)?;
        self.book()?.store.decide(&[decision])?;
        Ok(())
    }

    /// Writes down the same of all items that a query asks for, if they are as many as was confirmed; those of which it is said already
    /// are passed over. Gives how many decisions that were.
    ///
    /// # Errors
    /// When there are more or fewer items by now, or the store cannot be written; what is written then stays, and can be taken back.
    pub fn bulk(&self, reviewer: &str, query: &Query, said: &Said, confirmed: usize) -> Result<usize, DeskError> {
        let places = self.stand(query, reviewer)?.places;
        if places.len() != confirmed {
            return Err(DeskError::Moved { then: confirmed, now: places.len() });
        }
        let wanted = said.state();
        let mut written = 0;
        let mut first = None;
        for batch in places.chunks(BATCH) {
            let mut book = self.book()?;
            let left = batch.iter().filter(|p| Some(book.ledger.state(self.index.entries[**p].key, reviewer)) != wanted);
            let decisions = left.map(|p| said.clone().of(&self.item(*p)?, reviewer)).collect::<Result<Vec<_>, _>>()?;
            if decisions.is_empty() {
                continue;
            }
            let last = book.store.decide(&decisions)?;
            written += decisions.len();
            let first = *first.get_or_insert(last + 1 - i64::try_from(decisions.len()).unwrap_or(i64::MAX));
            let bulks = book.bulks.entry(reviewer.to_owned()).or_default();
            bulks.retain(|[start, _]| *start != first);
            bulks.push([first, last]);
        }
        Ok(written)
    }

    /// Takes back a reviewer's last decision on an item of this queue, or the last bulk action whole. Gives the first item and how many
    /// decisions that were; none when there is nothing to take back.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn undo(&self, reviewer: &str) -> Result<Option<(u64, usize)>, DeskError> {
        let mut book = self.book()?;
        let bulks = book.bulks.get(reviewer).cloned().unwrap_or_default();
        let group = book.ledger.undoable(reviewer, |last| bulks.iter().find(|[first, end]| (*first..=*end).contains(&last)).copied());
        let Some((key, _)) = group.last() else { return Ok(None) };
        let (key, count) = (*key, group.len());
        let undo = |said: &NewDecision| NewDecision { verdict: Verdict::Undo, fields: None, note: None, judged: None, ..said.clone() };
        let decisions: Vec<NewDecision> = group.iter().map(|(_, decision)| undo(&decision.said)).collect();
        book.store.decide(&decisions)?;
        Ok(Some((key, count)))
    }
}

/// What is said of an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    Accept,
    Reject,
    Skip,
    /// Fields with points, as [`crate::record::FIELDS`] names them.
    Edit(Map<String, Value>),
    Note(String),
}

impl Said {
    /// Accept, reject or skip, by the word of the store.
    pub fn plain(word: &str) -> Option<Self> {
        match Verdict::from_word(word)? {
            Verdict::Accept => Some(Self::Accept),
            Verdict::Reject => Some(Self::Reject),
            Verdict::Skip => Some(Self::Skip),
            _ => None,
        }
    }

    /// The state that an item has afterwards; none where that depends on more.
    fn state(&self) -> Option<State> {
        match self {
            Self::Accept => Some(State::Accepted),
            Self::Reject => Some(State::Rejected),
            Self::Skip => Some(State::Skipped),
            Self::Edit(_) | Self::Note(_) => None,
        }
    }

    fn of(self, item: &Item, reviewer: &str) -> Result<NewDecision, DeskError> {
        let verdict = match &self {
            Self::Accept => Verdict::Accept,
            Self::Reject => Verdict::Reject,
            Self::Skip => Verdict::Skip,
            Self::Edit(_) => Verdict::Edit,
            Self::Note(_) => Verdict::Note,
        };
        let mut decision = item.decision(reviewer, verdict);
        match self {
            Self::Edit(fields) => {
                let record: Option<&Record> = item.shown().map(|s| &s.record);
                record.map_or(Ok(()), |record| corrected(record, &fields).map(drop)).map_err(DeskError::Field)?;
                decision.fields = Some(fields);
            }
            Self::Note(words) => decision.note = Some(words),
            Self::Accept | Self::Reject | Self::Skip => {}
        }
        Ok(decision)
    }
}

/// A side without records: compared with it, each record of a run is an item.
fn nothing() -> Result<Side, SideError> {
    let told = |e: std::io::Error| SideError::Unreadable { side: "nothing".into(), line: None, reason: format!("no temporary file: {e}") };
    tempfile::tempfile().map(|file| Side::lines("–".into(), file)).map_err(told)
}

/// A document of the store as one to read figures from.
pub fn plain(d: &StoredDocument) -> Document {
    Document { title: d.title.clone(), published: d.published.clone(), url: d.url.clone(), ..Document::new(d.name.as_str(), d.text.as_str()) }
}

/// The permanent address of an item.
pub fn address(key: u64) -> String {
    format!("/item/{}", told(key))
}
