//! What the job knows, in the file of the store: pages, tasks of the night, history.
//!
//! In: a configuration, what came of each request. Out: tasks, and what a night has done so far. Never: a page done without its records, or
//! records without their page: both are one transaction, which begins with the bytes of the archive on the disk and is the only word on
//! where the archive ends.
//!
//! | file | question |
//! |---|---|
//! | `schema.sql` | which tables are there? |
//! | `tasks.rs` | what is to be asked for, in which order? |
//! | `page.rs` | what is known of a page, and when is it due? |
//! | `commit.rs` | what came of a request? |
//! | `fate.rs` | what does a page become by it? |
//! | `archive.rs` | which records of the archive does it make? |
//! | `near.rs` | which other pages have the same text, or nearly? |
//! | `history.rs` | what did a night do? |

mod archive;
mod commit;
mod fate;
mod history;
mod near;
mod page;
mod tasks;

pub use commit::{Answer, Receipt};
pub use history::{Counts, Fetch};
pub use tasks::{Next, Task};

use super::clock::Clock;
use super::config::Config;
use super::warc::Writer;
use crate::output::Origin;
use crate::pipeline::Summary;
use crate::store::{NewRun, RunId, Store, StoreError};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::io;
use std::path::PathBuf;

const SCHEMA: i64 = 1;
/// A night that broke off is gone on with when it began at most so many seconds ago; else the next one takes over what is left.
const SAME_NIGHT: i64 = 20 * 3600;

/// Why the state cannot be read or written. The night stops; what is done is done.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the store cannot be written: {0}; check the disk, then start the night again: it goes on where it stopped")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the archive cannot be written: {0}; check the disk, then start the night again: it goes on where it stopped")]
    Archive(#[from] io::Error),
    #[error("{0}")]
    Told(String),
}

pub type Result<T> = std::result::Result<T, StateError>;

/// The state of one night.
pub struct State {
    store: Store,
    clock: Clock,
    pub night: i64,
    pub run: RunId,
    /// The night was begun by a process that did not end it.
    pub resumed: bool,
    /// When it began, in seconds since 1970.
    pub began: i64,
    recheck: Vec<u64>,
    /// Keys of queries that name no article.
    ignored: Vec<String>,
    folder: PathBuf,
    archive_limit: u64,
    writer: Option<Writer>,
    document_no: u64,
    summary: Summary,
}

impl State {
    /// Opens the state and begins a night, or goes on with one that broke off.
    ///
    /// # Errors
    /// When the store or the archive cannot be used.
    pub fn begin(config: &Config, origin: &Origin, ignored: &[String], clock: Clock) -> Result<Self> {
        if let Some(folder) = config.store.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        let mut store = Store::open(&config.store)?;
        prepare(store.connection())?;
        let now = clock.now().as_second();
        let open = close_old(&mut store, now)?;
        let resumed = open.is_some();
        let (night, run, began) = match open {
            Some(open) => open,
            None => start(&mut store, config, origin, now)?,
        };
        let mut state = Self {
            store,
            clock,
            night,
            run,
            resumed,
            began,
            recheck: config.recheck.clone(),
            ignored: ignored.to_vec(),
            folder: config.archive.clone(),
            archive_limit: config.limits.archive_file,
            writer: None,
            document_no: 0,
            summary: Summary::default(),
        };
        state.load()?;
        state.seed(config)?;
        Ok(state)
    }

    /// What the run of the night has so far, and where its archive ends.
    fn load(&mut self) -> Result<()> {
        let run = self.run;
        let connection = self.store.connection();
        let number: i64 = connection.query_row("SELECT coalesce(max(document_no), 0) FROM run_documents WHERE run = ?", [run], |r| r.get(0))?;
        let summary: String = connection.query_row("SELECT summary FROM runs WHERE run = ?", [run], |r| r.get(0))?;
        self.document_no = u64::try_from(number).unwrap_or(0);
        self.summary = serde_json::from_str(&summary).unwrap_or_default();
        self.cut_archives()
    }

    pub fn store(&mut self) -> &mut Store {
        &mut self.store
    }

    fn connection(&mut self) -> &mut Connection {
        self.store.connection()
    }

    fn now(&self) -> i64 {
        self.clock.now().as_second()
    }

    /// The answer to `/robots.txt` of a host, as this night has seen it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn robots(&mut self, host: &str) -> Result<Option<(u16, Vec<u8>)>> {
        let night = self.night;
        let sql = "SELECT status, body FROM nightly_robots WHERE night = ? AND host = ?";
        Ok(self.connection().query_row(sql, params![night, host], |r| Ok((r.get(0)?, r.get(1)?))).optional()?)
    }

    /// Closes the night: what waits is left to the next.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn finish(&mut self) -> Result<()> {
        let (night, now, run) = (self.night, self.now(), self.run);
        let transaction = self.connection().transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute("UPDATE nightly_tasks SET state = 'left' WHERE night = ? AND state = 'waiting'", [night])?;
        transaction.execute("UPDATE nightly_nights SET state = 'done', ended = ? WHERE night = ?", [now, night])?;
        transaction.commit()?;
        Ok(self.store.finish(run)?)
    }
}

/// Makes the tables where they are not, and brings older ones up to date.
pub fn prepare(connection: &mut Connection) -> Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch("CREATE TABLE IF NOT EXISTS nightly_schema (version INTEGER NOT NULL) STRICT")?;
    let version: Option<i64> = transaction.query_row("SELECT version FROM nightly_schema", [], |r| r.get(0)).optional()?;
    match version {
        None => {
            transaction.execute_batch(include_str!("schema.sql"))?;
            transaction.execute("INSERT INTO nightly_schema VALUES (?)", [SCHEMA])?;
        }
        Some(SCHEMA) => {}
        Some(newer) => {
            return Err(StateError::Told(format!("the nightly tables of the store are of schema {newer}, made by a newer solieu; update the program")));
        }
    }
    Ok(transaction.commit()?)
}

/// The night that is open and young enough to be gone on with. Others are closed, and runs that no night knows are removed.
fn close_old(store: &mut Store, now: i64) -> Result<Option<(i64, RunId, i64)>> {
    let connection = store.connection();
    let sql = "SELECT night, run, began FROM nightly_nights WHERE state = 'open' ORDER BY night DESC";
    let rows: Vec<(i64, RunId, i64)> = connection.prepare(sql)?.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
    let mut open = None;
    for (night, run, began) in rows {
        if open.is_none() && now - began < SAME_NIGHT {
            open = Some((night, run, began));
            continue;
        }
        let transaction = store.connection().transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute("UPDATE nightly_tasks SET state = 'left' WHERE night = ? AND state = 'waiting'", [night])?;
        transaction.execute("UPDATE nightly_nights SET state = 'broken', ended = ? WHERE night = ?", [now, night])?;
        transaction.commit()?;
        store.finish(run)?;
    }
    let loose = "SELECT run FROM runs WHERE finished IS NULL AND settings ->> '$.job' = 'nightly' AND run NOT IN (SELECT run FROM nightly_nights)";
    let loose: Vec<RunId> = store.connection().prepare(loose)?.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    loose.into_iter().try_for_each(|run| store.remove(run))?;
    Ok(open)
}

fn start(store: &mut Store, config: &Config, origin: &Origin, now: i64) -> Result<(i64, RunId, i64)> {
    let settings = serde_json::json!({"job": "nightly", "archive": config.archive});
    let inputs = config.portals.iter().map(|p| p.name.clone()).collect();
    let settings = settings.as_object().cloned().unwrap_or_default();
    let run = store.begin(&NewRun { program: origin.program.clone(), rules: origin.rules.clone(), inputs, settings })?;
    let connection = store.connection();
    // What earlier nights left is known by the state of its pages.
    connection.execute("DELETE FROM nightly_tasks", [])?;
    connection.execute("INSERT INTO nightly_nights (run, began, state) VALUES (?, ?, 'open')", params![run, now])?;
    Ok((connection.last_insert_rowid(), run, now))
}
