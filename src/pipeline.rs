//! The run: documents through the extractor on all cores, results in input order, memory bounded.
//!
//! In: inputs, an extractor, what to make of the records of a document, a sink. Out: the sink gets every result and every
//! error in input order, whatever the number of jobs; a [`Summary`]. Never: knowledge of an output format, a stop at a bad
//! document, or more text in memory than `BATCH_BYTES` times a few per job (and one document, when it is larger).

use crate::document::{Document, Input, InputError, Inputs, Raw};
use crate::extract::Extractor;
use crate::record::Record;
use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, sync_channel};

/// A batch is closed when it holds this much text …
const BATCH_BYTES: usize = 256 << 10;
/// … or this many documents.
const BATCH_DOCUMENTS: usize = 256;
/// Batches in flight per job: enough that no worker waits for the reader, few enough that output does not pile up.
const AHEAD: usize = 3;

/// How to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Worker threads; with 1 everything happens on the calling thread.
    pub jobs: usize,
}

impl Default for Options {
    /// One job per core.
    fn default() -> Self {
        Self { jobs: std::thread::available_parallelism().map_or(1, usize::from) }
    }
}

/// Takes the results, one after the other, in input order.
pub trait Sink<T> {
    /// Takes what was made of one document.
    ///
    /// # Errors
    /// Ends the run.
    fn take(&mut self, piece: T) -> io::Result<()>;

    /// Takes the error of an input that was skipped.
    fn fault(&mut self, error: InputError);
}

/// Told how far the run is, after each batch.
pub trait Progress {
    fn advance(&self, so_far: &Summary);
}

/// For callers that show no progress.
pub struct Silent;

impl Progress for Silent {
    fn advance(&self, _: &Summary) {}
}

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    pub documents: usize,
    pub records: usize,
    /// Bytes of the documents as read.
    pub bytes: usize,
    /// Inputs that were skipped.
    pub faults: usize,
}

/// Runs the extractor over all inputs. `make` is called on the worker threads, once for each document.
///
/// # Errors
/// When the sink fails, or no worker threads can be started. Bad inputs are no error here: the sink is told of each.
pub fn run<T: Send>(
    inputs: Inputs,
    extractor: &Extractor,
    options: Options,
    make: impl Fn(&Document, Vec<Record>) -> T + Sync,
    sink: &mut dyn Sink<T>,
    progress: &dyn Progress,
) -> io::Result<Summary> {
    let make = |document: &Document| {
        let records = extractor.extract(document);
        let count = records.len();
        (make(document, records), count)
    };
    each(inputs, options, make, sink, progress)
}

/// Reads all inputs without extracting. `make` is called on the worker threads, once for each document.
///
/// # Errors
/// As [`run`].
pub fn documents<T: Send>(inputs: Inputs, options: Options, make: impl Fn(&Document) -> T + Sync, sink: &mut dyn Sink<T>) -> io::Result<Summary> {
    each(inputs, options, |document| (make(document), 0), sink, &Silent)
}

/// Makes something of each document, and counts records.
fn each<T: Send>(
    inputs: Inputs,
    options: Options,
    make: impl Fn(&Document) -> (T, usize) + Sync,
    sink: &mut dyn Sink<T>,
    progress: &dyn Progress,
) -> io::Result<Summary> {
    let work = |batch: Batch| batch.items.into_iter().map(|item| one(item, &make)).collect::<Vec<_>>();
    let mut out = Out { sink, progress, summary: Summary::default() };
    if options.jobs <= 1 {
        for batch in Batches(inputs) {
            let bytes = batch.bytes;
            out.put(work(batch), bytes)?;
        }
        return Ok(out.summary);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.jobs).build().map_err(io::Error::other)?;
    let work = &work;
    pool.in_place_scope(|scope| {
        let mut flying: VecDeque<Flight<T>> = VecDeque::new();
        for batch in Batches(inputs) {
            let (sender, done) = sync_channel(1);
            flying.push_back(Flight { bytes: batch.bytes, done });
            // The receiver is gone when the run has failed; then nobody wants the result.
            scope.spawn(move |_| drop(sender.send(work(batch))));
            while is_too_much(&flying, options.jobs) {
                land(&mut flying, &mut out)?;
            }
        }
        while !flying.is_empty() {
            land(&mut flying, &mut out)?;
        }
        Ok(out.summary)
    })
}

/// A batch that is being worked on.
struct Flight<T> {
    bytes: usize,
    done: Receiver<Vec<Done<T>>>,
}

/// What became of one item: the result with the number of records, or why there is none.
type Done<T> = Result<(T, usize), InputError>;

fn is_too_much<T>(flying: &VecDeque<Flight<T>>, jobs: usize) -> bool {
    let bytes: usize = flying.iter().map(|f| f.bytes).sum();
    flying.len() > AHEAD * jobs || bytes > AHEAD * jobs * BATCH_BYTES && flying.len() > 1
}

/// Waits for the oldest batch and hands it out.
fn land<T>(flying: &mut VecDeque<Flight<T>>, out: &mut Out<'_, T>) -> io::Result<()> {
    let Some(flight) = flying.pop_front() else {
        return Ok(());
    };
    let done = flight.done.recv().map_err(|_| io::Error::other("a worker thread ended without a result"))?;
    out.put(done, flight.bytes)
}

struct Out<'a, T> {
    sink: &'a mut dyn Sink<T>,
    progress: &'a dyn Progress,
    summary: Summary,
}

impl<T> Out<'_, T> {
    fn put(&mut self, done: Vec<Done<T>>, bytes: usize) -> io::Result<()> {
        self.summary.bytes += bytes;
        for item in done {
            match item {
                Ok((piece, records)) => {
                    self.summary.documents += 1;
                    self.summary.records += records;
                    self.sink.take(piece)?;
                }
                Err(error) => {
                    self.summary.faults += 1;
                    self.sink.fault(error);
                }
            }
        }
        self.progress.advance(&self.summary);
        Ok(())
    }
}

/// Inputs in portions that are worth a thread's while.
struct Batches(Inputs);

struct Batch {
    items: Vec<crate::document::Item>,
    bytes: usize,
}

impl Iterator for Batches {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let mut batch = Batch { items: Vec::new(), bytes: 0 };
        while batch.bytes < BATCH_BYTES && batch.items.len() < BATCH_DOCUMENTS {
            let Some(item) = self.0.next() else { break };
            batch.bytes += item.as_ref().map_or(0, |(_, raw)| raw.len());
            batch.items.push(item);
        }
        (!batch.items.is_empty()).then_some(batch)
    }
}

fn one<T>(item: crate::document::Item, make: impl Fn(&Document) -> (T, usize)) -> Done<T> {
    let (input, raw) = item?;
    // Nothing that a panic may leave half done outlives this call: the rules are read only, the rest is dropped.
    catch_unwind(AssertUnwindSafe(|| read(&input, &raw, make))).unwrap_or_else(|panic| Err(broken(&input, &*panic)))
}

fn read<T>(input: &Input, raw: &Raw, make: impl Fn(&Document) -> (T, usize)) -> Done<T> {
    Ok(make(&raw.decode(input)?))
}

/// A fault of the program itself, told like one of the input so that the run goes on.
fn broken(input: &Input, panic: &(dyn std::any::Any + Send)) -> InputError {
    let told = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    InputError {
        path: input.path.clone(),
        line: input.line,
        reason: format!("the extractor failed on this document: {}", told.unwrap_or("no message")),
        advice: "this is a fault of solieu; please report it with the text".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::{Path, PathBuf};

    #[derive(Default)]
    struct Kept {
        ids: Vec<String>,
        faults: Vec<String>,
        full_after: Option<usize>,
    }

    impl Sink<String> for Kept {
        fn take(&mut self, id: String) -> io::Result<()> {
            if self.full_after == Some(self.ids.len()) {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.ids.push(id);
            Ok(())
        }

        fn fault(&mut self, error: InputError) {
            self.faults.push(error.to_string());
        }
    }

    /// A JSONL file of so many documents; every tenth is broken.
    fn file(dir: &tempfile::TempDir, documents: usize) -> PathBuf {
        let path = dir.path().join("in.jsonl");
        let row = |i: usize| if i % 10 == 9 { "{\n".to_owned() } else { format!("{{\"id\": \"{i}\", \"text\": \"Tỉnh có {i} xã.\"}}\n") };
        std::fs::write(&path, (0..documents).map(row).collect::<String>()).unwrap();
        path
    }

    fn keep(path: &Path, jobs: usize, sink: &mut Kept) -> io::Result<Summary> {
        let make = |d: &Document, _: Vec<Record>| {
            assert!(d.id != "3", "three is too much");
            d.id.clone()
        };
        run(Inputs::new([path.to_owned()]), &Extractor::new(), Options { jobs }, make, sink, &Silent)
    }

    #[test]
    fn results_keep_their_order_and_a_panic_costs_one_document() {
        let dir = tempfile::tempdir().unwrap();
        let path = file(&dir, 2000);
        let mut first = Kept::default();
        let summary = keep(&path, 1, &mut first).unwrap();
        let ids: Vec<String> = (0..2000).filter(|i| i % 10 != 9 && *i != 3).map(|i| i.to_string()).collect();
        assert_eq!(first.ids, ids);
        assert_eq!((summary.documents, summary.records, summary.faults), (1799, 1799, 201));
        assert!(first.faults[0].contains(":4: the extractor failed on this document: three is too much"), "{}", first.faults[0]);
        for jobs in [2, 5] {
            let mut other = Kept::default();
            assert_eq!(keep(&path, jobs, &mut other).unwrap(), summary);
            assert_eq!((&other.ids, &other.faults), (&first.ids, &first.faults));
        }
    }

    #[test]
    fn a_sink_that_fails_ends_the_run() {
        let dir = tempfile::tempdir().unwrap();
        let path = file(&dir, 3000);
        for jobs in [1, 3] {
            let mut sink = Kept { full_after: Some(700), ..Kept::default() };
            let error = keep(&path, jobs, &mut sink).unwrap_err();
            assert_eq!((error.kind(), sink.ids.len()), (io::ErrorKind::BrokenPipe, 700));
        }
    }

    #[test]
    fn batches_are_closed_by_bytes_and_by_count() {
        let dir = tempfile::tempdir().unwrap();
        let many = Batches(Inputs::new([file(&dir, 1000)]));
        assert_eq!(many.map(|b| b.items.len()).collect::<Vec<_>>(), [256, 256, 256, 232]);
        let large = "x".repeat(BATCH_BYTES);
        let path = dir.path().join("in.jsonl");
        std::fs::write(&path, format!("{large}\n{large}\n1\n")).unwrap();
        assert_eq!(Batches(Inputs::new([path])).map(|b| b.items.len()).collect::<Vec<_>>(), [1, 1, 1]);
    }
}
