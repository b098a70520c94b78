//! The store: runs, documents, records and decisions in one SQLite file.
//!
//! In: readings of a run, decisions of reviewers. Out: the same again, by run, by record, by reviewer. Never: a decision of its
//! own, a change of a record, or half of a batch: a batch is one transaction, and what is committed outlives a crash.
//!
//! | file | question |
//! |---|---|
//! | `open.rs` | is this a store, of which schema, and who else works on it? |
//! | `prepare.rs` | what is kept of a reading? Made on the worker threads |
//! | `run.rs` | which runs are there, and how does one begin, go on and end? |
//! | `read.rs` | what did a run read? |
//! | `decision.rs` | what did reviewers decide, and what of it stands? |
//! | `queue.rs` | what was decided since, and what do a few decisions come to? |
//! | `gold.rs` | what of it can `solieu eval` be given? |
//!
//! The schema is in `schema/`, one file a version; `docs/store.md` tells it to those who query it.

mod decision;
mod gold;
mod open;
mod prepare;
mod queue;
mod read;
mod run;

pub use decision::{Asked, Decision, Disagreement, Judgement, NewDecision, Standing, Verdict};
pub use gold::Exported;
pub use prepare::{Prepared, body_hash, document_hash};
pub use queue::stands;
pub use read::{Found, StoredDocument, StoredRecord};
#[cfg(feature = "nightly")]
pub(crate) use run::put;
pub use run::{NewRun, Run, RunId, RunName, State};

use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// So long one process waits for another.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// One SQLite file. Open one for each thread or process: they wait for each other.
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

/// Why the store cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{path}: {reason}; {advice}", path = path.display())]
    Told { path: PathBuf, reason: String, advice: String },
    #[error("{path}: another process writes to the store and has not let go of it for {seconds} s; try again when it is done", path = path.display())]
    Busy { path: PathBuf, seconds: u64 },
    #[error("{path}: the store cannot be used: {source}; check the disk and the permissions, and `PRAGMA integrity_check` when it was copied", path = path.display())]
    Sqlite { path: PathBuf, source: rusqlite::Error },
}

pub type Result<T> = std::result::Result<T, StoreError>;

impl Store {
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The connection, for parts of the program that keep tables of their own in the store.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    pub(crate) fn told(&self, reason: impl Into<String>, advice: impl Into<String>) -> StoreError {
        StoreError::Told { path: self.path.clone(), reason: reason.into(), advice: advice.into() }
    }

    pub(crate) fn failed(&self, error: rusqlite::Error) -> StoreError {
        open::failed(&self.path, PATIENCE, error)
    }
}

/// The present time, as the store writes it.
pub(crate) fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
