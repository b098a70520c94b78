//! Runs: how one begins, goes on in batches, and ends; which there are; how one is removed.
//!
//! In: what a run is made of, prepared readings. Out: runs as the store has them. Never: a run that looks whole and is not: it is
//! finished only by [`Store::finish`].

use super::{Prepared, Result, Store, now};
use crate::document::InputError;
use crate::pipeline::{Start, Summary};
use rusqlite::{OptionalExtension, Row, Transaction, TransactionBehavior, params};
use serde::Serialize;
use serde_json::{Map, Value};

/// The number of a run in its store.
pub type RunId = i64;

/// A run that begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewRun {
    /// Program and version.
    pub program: String,
    /// Hash of the rules.
    pub rules: String,
    /// Paths as given.
    pub inputs: Vec<String>,
    pub settings: Map<String, Value>,
}

/// A run of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    pub run: RunId,
    pub state: State,
    /// RFC 3339, UTC.
    pub started: String,
    /// When something was written last.
    pub written: String,
    pub finished: Option<String>,
    pub program: String,
    pub rules: String,
    pub inputs: Vec<String>,
    pub settings: Map<String, Value>,
    pub documents: usize,
    pub figures: usize,
    /// Inputs that were skipped.
    pub skipped: usize,
    /// Where a run over the same inputs would go on.
    #[serde(skip)]
    pub start: Start,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Finished,
    /// At work, or broken off.
    Unfinished,
}

/// How a run is named: `#3`, `#last`, `#prev`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunName {
    Number(RunId),
    /// The finished run with the highest number.
    Last,
    /// The finished run before it.
    Previous,
}

impl RunName {
    /// Reads what stands behind `#`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "last" => Some(Self::Last),
            "prev" => Some(Self::Previous),
            number => number.parse().ok().filter(|n| *n > 0).map(Self::Number),
        }
    }
}

impl Store {
    /// Begins a run.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn begin(&mut self, run: &NewRun) -> Result<RunId> {
        let sql = "INSERT INTO runs (started, written, program, rules, inputs, settings, summary) VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6)";
        let values = params![now(), run.program, run.rules, json(&run.inputs), json(&run.settings), json(&Summary::default())];
        self.connection.execute(sql, values).map_err(|e| self.failed(e))?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Stores a batch in one transaction: readings, inputs that were skipped, and from where another run could go on.
    ///
    /// # Errors
    /// When the store cannot be written; then nothing of the batch is in it.
    pub fn add(&mut self, run: RunId, readings: &[Prepared], skipped: &[InputError], reached: &Start) -> Result<()> {
        self.in_transaction(|transaction| {
            let sql = "UPDATE runs SET written = ?2, summary = ?3, position = ?4 WHERE run = ?1";
            if transaction.execute(sql, params![run, now(), json(&reached.summary), json(&reached.position)])? == 0 {
                return Ok(false);
            }
            readings.iter().try_for_each(|reading| put(transaction, run, reading))?;
            let mut skip = transaction.prepare_cached("INSERT INTO run_skips VALUES (?, ?, ?, ?, ?)")?;
            for error in skipped {
                let line = error.line.and_then(|l| i64::try_from(l).ok());
                skip.execute(params![run, error.path.to_string_lossy(), line, error.reason, error.advice])?;
            }
            Ok(true)
        })
        .and_then(|there| if there { Ok(()) } else { Err(self.told(format!("run {run} was removed while it was at work"), "start it again")) })
    }

    /// Marks a run as whole.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn finish(&mut self, run: RunId) -> Result<()> {
        let done = self.connection.execute("UPDATE runs SET finished = ?2, written = ?2 WHERE run = ?1", params![run, now()]);
        done.map(drop).map_err(|e| self.failed(e))
    }

    /// All runs, by number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn runs(&self) -> Result<Vec<Run>> {
        let all = || {
            let mut select = self.connection.prepare_cached("SELECT * FROM runs ORDER BY run")?;
            let runs = select.query_map([], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(runs)
        };
        all().map_err(|e| self.failed(e))
    }

    /// A run by its name.
    ///
    /// # Errors
    /// When there is none of this name; the message tells which there are.
    pub fn run(&self, name: RunName) -> Result<Run> {
        let runs = self.runs()?;
        let finished = || runs.iter().rev().filter(|r| r.state == State::Finished);
        let (found, wanted) = match name {
            RunName::Number(number) => (runs.iter().find(|r| r.run == number), format!("run {number}")),
            RunName::Last => (finished().next(), "finished run".to_owned()),
            RunName::Previous => (finished().nth(1), "finished run before the last".to_owned()),
        };
        found.cloned().ok_or_else(|| {
            let known: Vec<String> =
                runs.iter().map(|r| if r.state == State::Finished { r.run.to_string() } else { format!("{} (unfinished)", r.run) }).collect();
            let known = if known.is_empty() { "the store has no runs".to_owned() } else { format!("its runs are {}", known.join(", ")) };
            self.told(format!("no {wanted}; {known}"), "see `solieu runs`")
        })
    }

    /// Removes a run, with what no other run and no decision needs.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn remove(&mut self, run: RunId) -> Result<()> {
        self.in_transaction(|transaction| {
            let steps = [
                "CREATE TEMP TABLE IF NOT EXISTS gone (reading INTEGER PRIMARY KEY, document TEXT)",
                "DELETE FROM temp.gone",
                "INSERT OR IGNORE INTO temp.gone SELECT reading, document FROM run_documents JOIN readings USING (reading) WHERE run = ?1",
                "DELETE FROM runs WHERE run = ?1",
                "DELETE FROM temp.gone WHERE EXISTS (SELECT 1 FROM run_documents d WHERE d.reading = gone.reading)",
                "CREATE TEMP TABLE IF NOT EXISTS loose (record_no INTEGER PRIMARY KEY)",
                "DELETE FROM temp.loose",
                "INSERT OR IGNORE INTO temp.loose SELECT record_no FROM temp.gone JOIN reading_records USING (reading)",
                "DELETE FROM readings WHERE reading IN (SELECT reading FROM temp.gone)",
                "DELETE FROM records WHERE record_no IN (SELECT record_no FROM temp.loose) \
                 AND NOT EXISTS (SELECT 1 FROM reading_records r WHERE r.record_no = records.record_no)",
                "DELETE FROM documents WHERE document IN (SELECT document FROM temp.gone) \
                 AND NOT EXISTS (SELECT 1 FROM readings r WHERE r.document = documents.document) \
                 AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.document = documents.document)",
            ];
            for sql in steps {
                let mut statement = transaction.prepare(sql)?;
                if statement.parameter_count() == 1 {
                    statement.execute([run])?
                } else {
                    statement.execute([])?
                };
            }
            Ok(())
        })
    }

    /// Inputs that a run skipped.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn skipped(&self, run: RunId) -> Result<Vec<InputError>> {
        let all = || {
            let mut select = self.connection.prepare_cached("SELECT path, line, reason, advice FROM run_skips WHERE run = ? ORDER BY rowid")?;
            let skip = |row: &Row<'_>| {
                let line: Option<i64> = row.get(1)?;
                Ok(InputError {
                    path: row.get::<_, String>(0)?.into(),
                    line: line.and_then(|l| usize::try_from(l).ok()),
                    reason: row.get(2)?,
                    advice: row.get(3)?,
                })
            };
            let skips = select.query_map([run], skip)?.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(skips)
        };
        all().map_err(|e| self.failed(e))
    }

    /// Does something in one transaction that writes: all of it or nothing.
    pub(super) fn in_transaction<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T> {
        let done = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).and_then(|transaction| {
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        });
        done.map_err(|e| self.failed(e))
    }
}

/// Keeps a reading; one that is there already is only named.
pub(crate) fn put(transaction: &Transaction<'_>, run: RunId, prepared: &Prepared) -> rusqlite::Result<()> {
    let mut find = transaction.prepare_cached("SELECT reading FROM readings WHERE hash = ?")?;
    let reading = match find.query_row([prepared.hash], |row| row.get::<_, i64>(0)).optional()? {
        Some(reading) => reading,
        None => keep(transaction, prepared)?,
    };
    let number = i64::try_from(prepared.number).unwrap_or(i64::MAX);
    transaction.prepare_cached("INSERT INTO run_documents VALUES (?, ?, ?)")?.execute(params![run, number, reading]).map(drop)
}

fn keep(transaction: &Transaction<'_>, prepared: &Prepared) -> rusqlite::Result<i64> {
    let document = &prepared.document;
    let sql = "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    let values = params![prepared.document_hash, document.id, document.title, document.published, document.url, document.text];
    transaction.prepare_cached(sql)?.execute(values)?;
    let sql = "INSERT INTO readings (hash, document, figures) VALUES (?, ?, ?)";
    let figures = i64::try_from(prepared.records.len()).unwrap_or(i64::MAX);
    let reading = transaction.prepare_cached(sql)?.insert(params![prepared.hash, prepared.document_hash, figures])?;
    let mut insert = transaction.prepare_cached("INSERT INTO records (hash, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")?;
    let sql = "INSERT INTO reading_records SELECT ?, ?, record_no FROM records WHERE hash = ?";
    let mut name = transaction.prepare_cached(sql)?;
    for (number, record) in (1_i64..).zip(&prepared.records) {
        insert.execute(params![record.hash, record.id, record.json])?;
        name.execute(params![reading, number, record.hash])?;
    }
    Ok(reading)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Run> {
    let json = |column: &str| row.get::<_, Option<String>>(column);
    let finished: Option<String> = row.get("finished")?;
    let summary: Summary = parse(json("summary")?)?;
    Ok(Run {
        run: row.get("run")?,
        state: if finished.is_some() { State::Finished } else { State::Unfinished },
        started: row.get("started")?,
        written: row.get("written")?,
        finished,
        program: row.get("program")?,
        rules: row.get("rules")?,
        inputs: parse(json("inputs")?)?,
        settings: parse(json("settings")?)?,
        documents: summary.documents,
        figures: summary.records,
        skipped: summary.faults,
        start: Start { position: parse(json("position")?)?, summary },
    })
}

/// What the store keeps as JSON is made of text and numbers only.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("text and numbers serialize")
}

fn parse<T: serde::de::DeserializeOwned + Default>(json: Option<String>) -> rusqlite::Result<T> {
    let Some(json) = json else { return Ok(T::default()) };
    serde_json::from_str(&json).map_err(|e| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, e.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Reading;
    use crate::{Document, Extractor};
    use std::path::Path;

    const TEXTS: [&str; 2] = ["Năm 2024, tỉnh Lai Châu có 94 xã, giảm 3,02%.", "Không có gì."];

    fn prepared(number: u64, text: &str) -> Prepared {
        of_document(number, Document::new(format!("{number}.txt"), text))
    }

    fn of_document(number: u64, document: Document) -> Prepared {
        Prepared::new(Reading { number, records: Extractor::new().extract(&document), document })
    }

    fn whole(store: &mut Store, texts: &[&str]) -> RunId {
        let run = store.begin(&NewRun { inputs: vec!["tin".into()], ..NewRun::default() }).unwrap();
        let readings: Vec<Prepared> = (1..).zip(texts).map(|(n, text)| prepared(n, text)).collect();
        store.add(run, &readings, &[], &Start { summary: Summary { documents: texts.len(), ..Summary::default() }, ..Start::default() }).unwrap();
        store.finish(run).unwrap();
        run
    }

    fn count(store: &Store, table: &str) -> i64 {
        store.connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn what_did_not_change_is_kept_once_and_goes_with_its_last_run() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(&dir.path().join("s")).unwrap();
        let first = whole(&mut store, &TEXTS);
        let tables = ["documents", "readings", "records", "reading_records"];
        let before: Vec<i64> = tables.iter().map(|t| count(&store, t)).collect();
        let second = whole(&mut store, &TEXTS);
        assert_eq!((before.clone(), before[2]), (tables.iter().map(|t| count(&store, t)).collect(), 2));
        assert_eq!(count(&store, "figures"), 4);
        let third = whole(&mut store, &["Năm 2024, tỉnh Lai Châu có 94 xã, giảm 4,02%.", TEXTS[1]]);
        // One figure of two is another one.
        assert_eq!((count(&store, "records"), count(&store, "documents")), (3, 3));
        for run in [third, first] {
            store.remove(run).unwrap();
        }
        assert_eq!(before, tables.iter().map(|t| count(&store, t)).collect::<Vec<_>>());
        store.remove(second).unwrap();
        assert!(tables.iter().all(|t| count(&store, t) == 0) && store.runs().unwrap().is_empty());
        assert_eq!(store.begin(&NewRun::default()).unwrap(), third + 1);
    }

    #[test]
    fn runs_are_named_and_an_unfinished_one_is_told_as_such() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(&dir.path().join("s")).unwrap();
        assert!(store.run(RunName::Last).unwrap_err().to_string().contains("the store has no runs"));
        let runs = [whole(&mut store, &TEXTS), whole(&mut store, &TEXTS)];
        let open = store.begin(&NewRun::default()).unwrap();
        let of = |name: &str| store.run(RunName::parse(name).unwrap()).unwrap();
        assert_eq!([of("last").run, of("prev").run, of("1").run], [runs[1], runs[0], runs[0]]);
        assert_eq!((of("3").run, of("3").state, of("2").documents), (open, State::Unfinished, 2));
        let told = store.run(RunName::Number(9)).unwrap_err().to_string();
        assert!(told.contains("no run 9; its runs are 1, 2, 3 (unfinished)"), "{told}");
        assert_eq!(["0", "-1", "x", ""].map(RunName::parse), [None; 4]);
    }

    #[test]
    fn a_run_that_is_gone_takes_no_more() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(&dir.path().join("s")).unwrap();
        let run = store.begin(&NewRun::default()).unwrap();
        store.remove(run).unwrap();
        assert!(store.add(run, &[prepared(1, TEXTS[0])], &[], &Start::default()).unwrap_err().to_string().contains("was removed"));
        assert_eq!(count(&store, "documents"), 0);
    }

    #[test]
    fn records_and_documents_come_back_as_they_went_in() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(&dir.path().join("s")).unwrap();
        let fault = InputError { path: Path::new("a.jsonl").into(), line: Some(3), reason: "r".into(), advice: "a".into() };
        let run = store.begin(&NewRun::default()).unwrap();
        let document = Document { url: Some("https://example.org/".into()), ..Document::new("1.txt", TEXTS[0]) };
        store.add(run, &[of_document(1, document.clone())], std::slice::from_ref(&fault), &Start::default()).unwrap();
        let records = Extractor::new().extract(&document);
        let hash = store.documents(run).unwrap().remove(0);
        assert_eq!((store.records_of(run, &hash).unwrap(), store.skipped(run).unwrap()), (records.clone(), vec![fault]));
        let kept = store.document(&hash).unwrap().unwrap();
        assert_eq!((kept.name, kept.url, kept.text), (document.id, document.url, document.text));
        let found = store.find(&records[1].id[..10], 5).unwrap();
        assert_eq!((found.len(), &found[0].record, &found[0].runs), (1, &records[1], &vec![run]));
        assert!(store.find("zz", 5).unwrap().is_empty());
    }
}
