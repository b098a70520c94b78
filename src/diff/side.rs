//! The sides of a difference: where their records are, and how one is read again.
//!
//! In: the name of a file, or of a run of a store. Out: entries of all its records, and any of its records again. Never: all records
//! in memory; a line that is no record and is passed over.

use super::entry::{At, Entry};
use super::item::Shown;
#[cfg(feature = "sqlite")]
use crate::record::{Record, sentence};
#[cfg(feature = "sqlite")]
use crate::store::{RunId, RunName, Store, StoreError, StoredDocument};
use rayon::prelude::*;
use serde::Deserialize;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Lines that are read before they are compared, by all threads.
const BLOCK: usize = 4 << 20;
/// No record is longer.
const LONGEST: u64 = 64 << 20;
const EXPECTED: &str = "expected one record a line, as `solieu extract --format jsonl` prints it, a Parquet file of records, or a run of a store (FILE#last)";

/// One side: a file of records, or a run of a store.
pub struct Side {
    name: String,
    source: Mutex<Source>,
}

/// How a side is named: a path, with `#RUN` behind that of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideName {
    pub path: PathBuf,
    /// What stands behind `#`: `last`, `prev` or a number.
    pub run: Option<String>,
}

/// Why a side cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SideError {
    #[error("{side}{}: {reason}; {EXPECTED}", line.map(|l| format!(":{l}")).unwrap_or_default())]
    Unreadable { side: String, line: Option<usize>, reason: String },
    #[error(
        "{side}: {records} records share {ids} ids, such as {first} of {document}; give each document an id of its own, and read none twice (`solieu extract` makes ids of the document's id and of the place in it)"
    )]
    Repeated { side: String, records: usize, ids: usize, first: String, document: String },
    #[cfg(feature = "sqlite")]
    #[error(transparent)]
    Store(#[from] StoreError),
}

enum Source {
    Lines(BufReader<File>),
    #[cfg(feature = "sqlite")]
    Run {
        store: Box<Store>,
        run: RunId,
        /// The document that was read last, with its number: the next record is often in it, too.
        last: Option<Box<(u64, StoredDocument)>>,
    },
}

/// What a line may have besides its record.
#[derive(Deserialize)]
struct Beside {
    sentence_text: Option<String>,
}

impl SideName {
    /// Reads a name. A file that has `#` in its own name is a file.
    pub fn parse(name: &str) -> Self {
        match name.rsplit_once('#') {
            Some((path, run)) if !Path::new(name).exists() => Self { path: path.into(), run: Some(run.to_owned()) },
            _ => Self { path: name.into(), run: None },
        }
    }
}

impl std::str::FromStr for SideName {
    type Err = std::convert::Infallible;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(Self::parse(name))
    }
}

impl std::fmt::Display for SideName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.path.display())?;
        self.run.as_ref().map_or(Ok(()), |run| write!(f, "#{run}"))
    }
}

impl Side {
    /// Opens a side. What a file is, its first bytes tell; of a store without `#RUN` it is the last finished run. `-` is standard input.
    ///
    /// # Errors
    /// When it cannot be read, is something else, or the store has no such run.
    pub fn open(name: &SideName) -> Result<Self, SideError> {
        let told = name.to_string();
        let fail = |reason: String| SideError::Unreadable { side: told.clone(), line: None, reason };
        if name.path == Path::new("-") && name.run.is_none() {
            let file = spooled(io::stdin().lock()).map_err(|e| fail(format!("standard input cannot be kept: {e}")))?;
            return Ok(Self::lines("-".into(), file));
        }
        let mut file = File::open(&name.path).map_err(|e| fail(format!("cannot be opened: {e}")))?;
        let mut head = Vec::new();
        file.by_ref().take(16).read_to_end(&mut head).and_then(|_| file.rewind()).map_err(|e| fail(format!("cannot be read: {e}")))?;
        if head.starts_with(b"SQLite format 3\0") {
            return Self::of_store(name);
        }
        if name.run.is_some() {
            return Err(fail("no store".into()));
        }
        if head.starts_with(b"PAR1") {
            return Self::of_parquet(told, file);
        }
        Ok(Self::lines(told, file))
    }

    #[cfg(feature = "sqlite")]
    fn of_store(name: &SideName) -> Result<Self, SideError> {
        let store = Store::existing(&name.path)?;
        let run = name.run.as_deref().map_or(Some(RunName::Last), RunName::parse);
        let run = run.ok_or_else(|| store.told(format!("no name of a run: #{}", name.run.as_deref().unwrap_or_default()), "write #last, #prev or #3"))?;
        let run = store.run(run)?;
        Ok(Self::run(store, run.run))
    }

    #[cfg(not(feature = "sqlite"))]
    fn of_store(name: &SideName) -> Result<Self, SideError> {
        Err(SideError::Unreadable {
            side: name.to_string(),
            line: None,
            reason: "stores are not read by this build; build it with the feature `sqlite`".into(),
        })
    }

    #[cfg(feature = "parquet")]
    fn of_parquet(name: String, file: File) -> Result<Self, SideError> {
        match super::parquet::lines(file) {
            Ok(file) => Ok(Self::lines(name, file)),
            Err(e) => Err(SideError::Unreadable { side: name, line: None, reason: e.to_string() }),
        }
    }

    #[cfg(not(feature = "parquet"))]
    fn of_parquet(name: String, _: File) -> Result<Self, SideError> {
        Err(SideError::Unreadable { side: name, line: None, reason: "Parquet is not read by this build; build it with the feature `parquet`".into() })
    }

    /// Lines of a file that can be read again.
    pub fn lines(name: String, file: File) -> Self {
        Self { name, source: Mutex::new(Source::Lines(BufReader::with_capacity(1 << 16, file))) }
    }

    /// A run of a store.
    #[cfg(feature = "sqlite")]
    pub fn run(store: Store, run: RunId) -> Self {
        let name = format!("{}#{run}", store.path().display());
        Self { name, source: Mutex::new(Source::Run { store: Box::new(store), run, last: None }) }
    }

    /// As the user named it; of a store with the number of the run.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Hands out all records, in their order.
    ///
    /// # Errors
    /// When they cannot be read, or the caller fails.
    pub fn each(&mut self, mut take: impl FnMut(Shown) -> Result<(), SideError>) -> Result<(), SideError> {
        let name = self.name.clone();
        match self.source.get_mut().unwrap_or_else(PoisonError::into_inner) {
            Source::Lines(lines) => blocks(&name, lines, |block| {
                for (line, json, _) in block {
                    take(shown(json).map_err(|e| unreadable(&name, *line, e.to_string()))?)?;
                }
                Ok(())
            }),
            #[cfg(feature = "sqlite")]
            Source::Run { store, run, .. } => {
                let mut last: Option<StoredDocument> = None;
                store.each_record(*run, |stored| {
                    if last.as_ref().is_none_or(|d| d.hash != stored.document) {
                        last = store.document(stored.document).map_err(SideError::from)?;
                    }
                    let record = serde_json::from_str(stored.body).map_err(|e| damaged(&name, &e))?;
                    take(in_document(record, last.as_ref()))
                })
            }
        }
    }

    /// What is compared of all records.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) fn entries(&mut self) -> Result<Vec<Entry>, SideError> {
        let name = self.name.clone();
        let mut entries = Vec::new();
        match self.source.get_mut().unwrap_or_else(PoisonError::into_inner) {
            Source::Lines(lines) => blocks(&name, lines, |block| {
                let read = |(line, json, at): &(usize, &[u8], u64)| entry(json, *at).map_err(|e| unreadable(&name, *line, e));
                entries.extend(block.par_iter().map(read).collect::<Result<Vec<_>, _>>()?);
                Ok(())
            })?,
            #[cfg(feature = "sqlite")]
            Source::Run { store, run, .. } => {
                let mut last: Option<StoredDocument> = None;
                store.each_record(*run, |stored| {
                    if last.as_ref().is_none_or(|d| d.hash != stored.document) {
                        last = store.document(stored.document)?;
                    }
                    let at = At { document: stored.document_no.unsigned_abs(), record: stored.record_no.unsigned_abs() };
                    entries.push(Entry::read(stored.body, at, last.as_ref().map(|d| d.text.as_str())).map_err(|e| damaged(&name, &e))?);
                    Ok::<_, SideError>(())
                })?;
            }
        }
        Ok(entries)
    }

    /// Reads a record again.
    ///
    /// # Errors
    /// When it is not there any more.
    pub(super) fn read(&self, at: At) -> Result<Shown, SideError> {
        match &mut *self.source.lock().unwrap_or_else(PoisonError::into_inner) {
            Source::Lines(lines) => {
                let changed = |reason: String| unreadable(&self.name, 0, format!("changed while it was read: {reason}"));
                let mut line = Vec::new();
                lines.seek(SeekFrom::Start(at.record)).and_then(|_| lines.take(LONGEST).read_until(b'\n', &mut line)).map_err(|e| changed(e.to_string()))?;
                shown(&line).map_err(|e| changed(e.to_string()))
            }
            #[cfg(feature = "sqlite")]
            Source::Run { store, run, last } => {
                let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
                if last.as_ref().is_none_or(|last| last.0 != at.document) {
                    *last = Some(Box::new((at.document, store.document_of(*run, number(at.document))?)));
                }
                let record = serde_json::from_str(&store.body(number(at.record))?).map_err(|e| damaged(&self.name, &e))?;
                Ok(in_document(record, last.as_ref().map(|last| &last.1)))
            }
        }
    }
}

fn unreadable(side: &str, line: usize, reason: String) -> SideError {
    SideError::Unreadable { side: side.to_owned(), line: Some(line).filter(|l| *l > 0), reason }
}

#[cfg(feature = "sqlite")]
fn damaged(side: &str, error: &serde_json::Error) -> SideError {
    unreadable(side, 0, format!("a record of the store cannot be read: {error}"))
}

#[cfg(feature = "sqlite")]
fn in_document(record: Record, document: Option<&StoredDocument>) -> Shown {
    let sentence = document.map(|d| sentence(&d.text, &record.span, record.sentence));
    Shown { record, sentence, document_hash: document.map(|d| d.hash.clone()) }
}

fn entry(json: &[u8], at: u64) -> Result<Entry, String> {
    let text = std::str::from_utf8(json).map_err(|e| e.to_string())?;
    Entry::read(text, At { document: 0, record: at }, None).map_err(|e| e.to_string().replace(" at line 1 column ", " at column "))
}

fn shown(json: &[u8]) -> Result<Shown, serde_json::Error> {
    let Beside { sentence_text } = serde_json::from_slice(json)?;
    Ok(Shown { record: serde_json::from_slice(json)?, sentence: sentence_text, document_hash: None })
}

/// A line with its number from 1, and the byte where it begins.
type Numbered<'a> = (usize, &'a [u8], u64);

/// Hands out lines, block by block; empty ones are passed over.
fn blocks(name: &str, lines: &mut BufReader<File>, mut take: impl FnMut(&[Numbered<'_>]) -> Result<(), SideError>) -> Result<(), SideError> {
    let fail = |line, e: io::Error| unreadable(name, line, format!("cannot be read: {e}"));
    lines.rewind().map_err(|e| fail(0, e))?;
    let (mut number, mut at, mut block, mut places) = (0, 0_u64, Vec::with_capacity(BLOCK), Vec::new());
    loop {
        let start = block.len();
        let read = lines.take(LONGEST).read_until(b'\n', &mut block).map_err(|e| fail(number + 1, e))?;
        if read as u64 == LONGEST {
            return Err(unreadable(name, number + 1, format!("the line is longer than {LONGEST} bytes")));
        }
        number += usize::from(read > 0);
        if !block[start..].trim_ascii().is_empty() {
            places.push((number, start..block.len(), at));
        }
        at += read as u64;
        if read == 0 || block.len() >= BLOCK {
            let numbered: Vec<Numbered<'_>> = places.iter().map(|(n, range, at)| (*n, &block[range.clone()], *at)).collect();
            take(&numbered)?;
            block.clear();
            places.clear();
        }
        if read == 0 {
            return Ok(());
        }
    }
}

/// A file without a name that holds what a stream gives.
pub(super) fn spooled(mut stream: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut stream, &mut file)?;
    Ok(file)
}
