//! Opening a store: is it one, of which schema, and who else works on it?
//!
//! In: a path. Out: a store of the newest schema. Never: a touch of a file that is no store, or of a store that a newer program
//! has made.

use super::{PATIENCE, Result, Store, StoreError};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::path::Path;
use std::time::{Duration, Instant};

/// "soli", in the head of the file: tells a store from other SQLite files.
const APPLICATION_ID: i32 = 0x736f_6c69;
/// What leads from each schema to the next.
const MIGRATIONS: &[&str] = &[include_str!("schema/1-runs.sql"), include_str!("schema/2-decisions.sql")];
/// Between two tries where SQLite itself does not wait.
const PAUSE: Duration = Duration::from_millis(20);

impl Store {
    /// Opens a store, and makes one where there is none.
    ///
    /// # Errors
    /// When the file is no store, a newer program has made it, another process does not let go of it, or the disk fails.
    pub fn open(path: &Path) -> Result<Self> {
        Self::with(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, PATIENCE)
    }

    /// Opens a store that is there.
    ///
    /// # Errors
    /// As [`Store::open`]; and when there is none.
    pub fn existing(path: &Path) -> Result<Self> {
        if !path.exists() {
            let advice = format!("check the path; `solieu extract … --store {}` makes one", path.display());
            return Err(StoreError::Told { path: path.to_owned(), reason: "no such store".into(), advice });
        }
        Self::with(path, OpenFlags::SQLITE_OPEN_READ_WRITE, PATIENCE)
    }

    /// Opens a store that waits for others at most so long.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn patient(path: &Path, patience: Duration) -> Result<Self> {
        Self::with(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, patience)
    }

    fn with(path: &Path, flags: OpenFlags, patience: Duration) -> Result<Self> {
        let failed = |error| failed(path, patience, error);
        let mut connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(failed)?;
        connection.busy_timeout(patience).map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(64);
        is_store(&connection, path).map_err(|e| e.unwrap_or_else(failed))?;
        settle(&connection, patience).map_err(failed)?;
        migrate(&mut connection, MIGRATIONS).map_err(failed)?;
        Ok(Self { connection, path: path.to_owned() })
    }
}

/// What SQLite says, as users are told.
pub(super) fn failed(path: &Path, patience: Duration, source: rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy { path, seconds: patience.as_secs() },
        Some(ErrorCode::NotADatabase) => foreign(&path, "not a SQLite file"),
        Some(ErrorCode::CannotOpen) => {
            StoreError::Told { path, reason: "cannot be opened".into(), advice: "name a file in a folder that exists and may be written".into() }
        }
        _ => StoreError::Sqlite { path, source },
    }
}

fn foreign(path: &Path, what: &str) -> StoreError {
    let advice = "name a store, as `solieu extract … --store FILE` makes one, or a new file".to_owned();
    StoreError::Told { path: path.to_owned(), reason: format!("{what}, no store of solieu"), advice }
}

/// An error that is either told already or still SQLite's own.
struct Refused(std::result::Result<StoreError, rusqlite::Error>);

impl Refused {
    fn unwrap_or_else(self, failed: impl Fn(rusqlite::Error) -> StoreError) -> StoreError {
        self.0.unwrap_or_else(failed)
    }
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        Self(Err(error))
    }
}

/// Refuses files that are something else, before anything is written to them.
fn is_store(connection: &Connection, path: &Path) -> std::result::Result<(), Refused> {
    let number = |pragma: &str| connection.query_row(pragma, [], |row| row.get::<_, i32>(0));
    let version = number("PRAGMA user_version")?;
    let empty = number("SELECT count(*) FROM sqlite_schema")? == 0;
    if !empty && number("PRAGMA application_id")? != APPLICATION_ID {
        return Err(Refused(Ok(foreign(path, "a SQLite file of another kind (output of `--format sqlite` is no store)"))));
    }
    if usize::try_from(version).is_ok_and(|v| v > MIGRATIONS.len()) {
        let reason = format!("made by a newer solieu: its schema is {version}, this program knows up to {}", MIGRATIONS.len());
        return Err(Refused(Ok(StoreError::Told { path: path.to_owned(), reason, advice: "update the program".into() })));
    }
    Ok(())
}

/// WAL, so that readers do not wait for writers; a commit is on the disk when it returns. SQLite does not wait by itself when two
/// processes turn WAL on at once.
fn settle(connection: &Connection, patience: Duration) -> rusqlite::Result<()> {
    let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;";
    let began = Instant::now();
    loop {
        match connection.execute_batch(pragmas) {
            Err(error) if is_busy(&error) && began.elapsed() < patience => std::thread::sleep(PAUSE),
            done => return done,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Brings the schema up to date. The version is read within the transaction: of two processes that come at once one waits, and
/// finds it done. (The crate `rusqlite_migration` reads it before, and has no release for this rusqlite.)
fn migrate(connection: &mut Connection, migrations: &[&str]) -> rusqlite::Result<()> {
    let version = |connection: &Connection| connection.query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0));
    if version(connection)? as usize == migrations.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for sql in migrations.iter().skip(version(&transaction)? as usize) {
        transaction.execute_batch(sql)?;
    }
    transaction.execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {}", migrations.len()))?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(store: &Store, table: &str) -> i64 {
        store.connection.query_row("SELECT count(*) FROM pragma_table_info(?)", [table], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_store_of_an_older_schema_is_brought_up_to_date_and_keeps_its_rows() {
        let dir = tempfile::tempdir().unwrap();
        for old in 1..MIGRATIONS.len() {
            let path = dir.path().join(format!("{old}.sqlite"));
            let mut connection = Connection::open(&path).unwrap();
            migrate(&mut connection, &MIGRATIONS[..old]).unwrap();
            connection.execute("INSERT INTO documents VALUES ('h', 'a.txt', NULL, NULL, NULL, 'Có 5 xã.')", []).unwrap();
            drop(connection);
            let store = Store::existing(&path).unwrap();
            assert!(columns(&store, "decisions") > 0);
            let text: String = store.connection.query_row("SELECT text FROM documents", [], |row| row.get(0)).unwrap();
            assert_eq!(text, "Có 5 xã.");
            assert_eq!(store.connection.query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0)).unwrap() as usize, MIGRATIONS.len());
        }
    }

    #[test]
    fn other_files_and_newer_stores_are_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        std::fs::write(path("text"), "x".repeat(200)).unwrap();
        Connection::open(path("other")).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
        drop(Store::open(&path("newer")).unwrap());
        Connection::open(path("newer")).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
        for (name, told) in [("text", "not a SQLite file"), ("other", "of another kind"), ("newer", "made by a newer"), ("none/of/it", "folder that exists")] {
            let error = Store::open(&path(name)).err().unwrap().to_string();
            assert!(error.contains(told), "{error}");
        }
        assert!(Store::existing(&path("none")).err().unwrap().to_string().contains("no such store"));
        assert!(!path("none").exists());
    }

    #[test]
    fn many_may_open_a_new_store_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.sqlite");
        std::thread::scope(|scope| {
            let opened: Vec<_> = (0..8).map(|_| scope.spawn(|| Store::open(&path).map(drop))).collect();
            opened.into_iter().for_each(|thread| thread.join().unwrap().unwrap());
        });
    }

    #[test]
    fn who_waits_too_long_is_told_so() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.sqlite");
        let first = Store::open(&path).unwrap();
        first.connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut second = Store::patient(&path, Duration::from_millis(50)).unwrap();
        let error = second.begin(&super::super::NewRun::default()).unwrap_err().to_string();
        assert!(error.contains("another process"), "{error}");
    }
}
