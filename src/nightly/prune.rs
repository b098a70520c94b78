//! Making room: files of the archive, history and reports that are older than is wanted.
//!
//! In: a configuration, ages in days. Out: what was removed, or would be. Never: a record, a document or a decision removed; a page whose
//! archived body is gone taken for archived.

use super::clock::Clock;
use super::config::Config;
use super::lock::{Lock, Locked};
use super::state::{StateError, prepare};
use crate::store::Store;
use rusqlite::{Connection, TransactionBehavior, params};
use std::io;
use std::path::{Path, PathBuf};

const DAY: i64 = 24 * 3600;

/// What is kept, in days; none: everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keep {
    pub archives: Option<u32>,
    pub history: Option<u32>,
    pub reports: Option<u32>,
    /// Only tell what would be removed.
    pub dry: bool,
}

/// What was removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pruned {
    pub archives: Vec<PathBuf>,
    pub bytes: u64,
    /// Requests of the history.
    pub requests: usize,
    pub reports: Vec<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
pub enum PruneError {
    #[error(transparent)]
    Locked(#[from] Locked),
    #[error(transparent)]
    State(#[from] StateError),
    #[error("{path}: cannot be removed: {source}; check the permissions", path = path.display())]
    Remove { path: PathBuf, source: io::Error },
}

impl From<rusqlite::Error> for PruneError {
    fn from(error: rusqlite::Error) -> Self {
        Self::State(error.into())
    }
}

/// Removes what is older than is kept. No night may be at work.
///
/// # Errors
/// When a night is at work, or something cannot be removed; what is removed is told by the store.
pub fn prune(config: &Config, keep: Keep, clock: Clock) -> Result<Pruned, PruneError> {
    let _lock = Lock::take(&config.store)?;
    let mut store = Store::existing(&config.store).map_err(StateError::from)?;
    prepare(store.connection())?;
    let now = clock.now().as_second();
    let before = |days: u32| now - i64::from(days) * DAY;
    let mut pruned = Pruned::default();
    if let Some(days) = keep.archives {
        archives(store.connection(), &config.archive, before(days), keep.dry, &mut pruned)?;
    }
    if let Some(days) = keep.history {
        pruned.requests = history(store.connection(), before(days), keep.dry)?;
    }
    if let Some(days) = keep.reports {
        reports(store.connection(), &config.reports, before(days), keep.dry, &mut pruned)?;
    }
    Ok(pruned)
}

/// First the store says that a file is gone, then it goes: an interruption leaves a file that the next call removes.
fn archives(connection: &mut Connection, folder: &Path, before: i64, dry: bool, pruned: &mut Pruned) -> Result<(), PruneError> {
    let sql =
        "SELECT path, length, a.pruned IS NULL FROM nightly_archives a JOIN nightly_nights USING (night) WHERE state <> 'open' AND began < ? ORDER BY path";
    let old: Vec<(String, u64, bool)> =
        connection.prepare(sql)?.query_map([before], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
    for (name, length, fresh) in old {
        let path = folder.join(&name);
        if !fresh && !path.exists() {
            continue;
        }
        if !dry {
            forget(connection, &name)?;
            match std::fs::remove_file(&path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(PruneError::Remove { path, source }),
                _ => {}
            }
        }
        pruned.bytes += length;
        pruned.archives.push(path);
    }
    Ok(())
}

/// Pages whose body was in the file are archived anew when they are asked for again.
fn forget(connection: &mut Connection, path: &str) -> Result<(), PruneError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("UPDATE nightly_archives SET pruned = unixepoch() WHERE path = ?", [path])?;
    let sql = "UPDATE nightly_pages SET body = NULL, etag = NULL, modified = NULL, response = NULL \
               WHERE page IN (SELECT page FROM nightly_fetches WHERE archive = ? AND status = 200)";
    transaction.execute(sql, [path])?;
    Ok(transaction.commit()?)
}

fn history(connection: &mut Connection, before: i64, dry: bool) -> Result<usize, PruneError> {
    if dry {
        return Ok(connection.query_row("SELECT count(*) FROM nightly_fetches WHERE at < ?", [before], |r| r.get(0))?);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let gone = transaction.execute("DELETE FROM nightly_fetches WHERE at < ?", params![before])?;
    transaction.execute("DELETE FROM nightly_robots WHERE night IN (SELECT night FROM nightly_nights WHERE state <> 'open' AND began < ?)", [before])?;
    transaction.commit()?;
    Ok(gone)
}

fn reports(connection: &mut Connection, folder: &Path, before: i64, dry: bool, pruned: &mut Pruned) -> Result<(), PruneError> {
    let sql = "SELECT night FROM nightly_nights WHERE state <> 'open' AND began < ?";
    let nights: Vec<i64> = connection.prepare(sql)?.query_map([before], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    let endings: Vec<String> = nights.iter().map(|n| format!("-n{n:05}")).collect();
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect();
    found.sort();
    for path in found.into_iter().filter(|p| endings.iter().any(|e| p.to_string_lossy().ends_with(e.as_str()))) {
        if !dry {
            std::fs::remove_dir_all(&path).map_err(|source| PruneError::Remove { path: path.clone(), source })?;
        }
        pruned.reports.push(path);
    }
    Ok(())
}
