//! The run: documents through the extractor on all cores, results in input order, memory bounded.
//!
//! In: inputs, an extractor, what to make of a document and its records, a sink. Out: the sink gets every result and every
//! error in input order, whatever the number of jobs, and after each batch the [`Position`] from which another run can go on;
//! a [`Summary`]. Never: knowledge of an output format, a stop at a bad document, or more text in memory than `BATCH_BYTES`
//! times a few per job (and one document, when it is larger).

mod batch;
mod repeats;
mod summary;

pub use batch::Position;
pub use summary::Summary;

use crate::document::{Document, Input, InputError, Inputs, Item};
use crate::extract::Extractor;
use crate::record::Record;
use batch::{BATCH_BYTES, Batch, Batches};
use repeats::Repeats;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, sync_channel};
use summary::{Kinds, count};

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

/// A document with what was read from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Place of the document among all inputs of the run, from 1; those that were skipped count.
    pub number: u64,
    pub document: Document,
    pub records: Vec<Record>,
}

/// Where a run begins: at the first input, or where an earlier run stopped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    pub position: Position,
    /// What was done up to there.
    pub summary: Summary,
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

    /// Told of a row that bears the id of an earlier one; it is read all the same.
    fn repeat(&mut self, told: InputError) {
        self.fault(told);
    }

    /// Told after each batch from where another run could go on.
    ///
    /// # Errors
    /// Ends the run.
    fn reached(&mut self, _: Position, _: &Summary) -> io::Result<()> {
        Ok(())
    }
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

/// Runs the extractor over all inputs. `make` is called on the worker threads, once for each document.
///
/// # Errors
/// When the sink fails, or no worker threads can be started. Bad inputs are no error here: the sink is told of each.
pub fn run<T: Send>(
    inputs: Inputs,
    extractor: &Extractor,
    options: Options,
    make: impl Fn(Reading) -> T + Sync,
    sink: &mut dyn Sink<T>,
    progress: &dyn Progress,
) -> io::Result<Summary> {
    run_from(Start::default(), inputs, extractor, options, make, sink, progress)
}

/// Goes on where an earlier run over the same inputs stopped: passes over what that one has done, without extracting.
///
/// # Errors
/// As [`run`]; and `InvalidData` when the inputs that are passed over are not those of the earlier run.
pub fn run_from<T: Send>(
    start: Start,
    inputs: Inputs,
    extractor: &Extractor,
    options: Options,
    make: impl Fn(Reading) -> T + Sync,
    sink: &mut dyn Sink<T>,
    progress: &dyn Progress,
) -> io::Result<Summary> {
    let read = |number, document: Document| {
        let records = extractor.extract(&document);
        let kinds = count(&records);
        (make(Reading { number, document, records }), kinds)
    };
    each(start, inputs, options, read, sink, progress)
}

/// Reads all inputs without extracting. `make` is called on the worker threads, once for each document.
///
/// # Errors
/// As [`run`].
pub fn documents<T: Send>(inputs: Inputs, options: Options, make: impl Fn(&Document) -> T + Sync, sink: &mut dyn Sink<T>) -> io::Result<Summary> {
    each(Start::default(), inputs, options, |_, document| (make(&document), Kinds::default()), sink, &Silent)
}

/// Makes something of each document, with the number of its figures.
fn each<T: Send>(
    start: Start,
    inputs: Inputs,
    options: Options,
    make: impl Fn(u64, Document) -> (T, Kinds) + Sync,
    sink: &mut dyn Sink<T>,
    progress: &dyn Progress,
) -> io::Result<Summary> {
    let batches = Batches::after(start.position, inputs)?;
    let mut out = Out { sink, progress, summary: start.summary, repeats: Repeats::default() };
    let work = |batch: Batch| batch.items.into_iter().zip(batch.first..).map(|(item, n)| one(item, n, &make)).collect::<Vec<_>>();
    if options.jobs <= 1 {
        for batch in batches {
            let (bytes, end) = (batch.bytes, batch.end);
            out.put(work(batch), bytes, end)?;
        }
        return Ok(out.summary);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.jobs).build().map_err(io::Error::other)?;
    let work = &work;
    pool.in_place_scope(|scope| {
        let mut flying: VecDeque<Flight<T>> = VecDeque::new();
        for batch in batches {
            let (sender, done) = sync_channel(1);
            flying.push_back(Flight { bytes: batch.bytes, end: batch.end, done });
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
    end: Position,
    done: Receiver<Vec<Done<T>>>,
}

/// What became of one item: the result, or why there is none.
type Done<T> = Result<Made<T>, InputError>;

struct Made<T> {
    piece: T,
    kinds: Kinds,
    /// The place and id of a row.
    row: Option<(Input, String)>,
}

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
    out.put(done, flight.bytes, flight.end)
}

struct Out<'a, T> {
    sink: &'a mut dyn Sink<T>,
    progress: &'a dyn Progress,
    summary: Summary,
    repeats: Repeats,
}

impl<T> Out<'_, T> {
    fn put(&mut self, done: Vec<Done<T>>, bytes: usize, end: Position) -> io::Result<()> {
        self.summary.bytes += bytes;
        for item in done {
            match item {
                Ok(Made { piece, kinds, row }) => {
                    self.summary.add(&kinds);
                    if let Some(told) = row.and_then(|(input, id)| self.repeats.note(&id, &input)) {
                        self.summary.repeats += 1;
                        self.sink.repeat(told);
                    }
                    self.sink.take(piece)?;
                }
                Err(error) => {
                    self.summary.skip(&error);
                    self.sink.fault(error);
                }
            }
        }
        self.progress.advance(&self.summary);
        self.sink.reached(end, &self.summary)
    }
}

fn one<T>(item: Item, number: u64, make: impl Fn(u64, Document) -> (T, Kinds)) -> Done<T> {
    let (input, raw) = item?;
    let made = |document: Document| {
        let row = raw.is_row().then(|| (input.clone(), document.id.clone()));
        let (piece, kinds) = make(number, document);
        Made { piece, kinds, row }
    };
    guarded(&input, || raw.decode(&input).map(made))
}

/// Works on one document; a panic costs that document and is told as its error.
///
/// # Errors
/// Those of the work, and a panic in it.
pub fn guarded<T>(input: &Input, work: impl FnOnce() -> Result<T, InputError>) -> Result<T, InputError> {
    // Nothing that a panic may leave half done outlives this call: the rules are read only, the rest is dropped.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(broken(input, &*panic)))
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
    use crate::terms::Kind;
    use std::collections::BTreeMap;
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
        let make = |r: Reading| {
            assert!(r.document.id != "3", "three is too much");
            assert_eq!(r.number.to_string(), (r.document.id.parse::<u64>().unwrap() + 1).to_string());
            r.document.id
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
        assert_eq!(summary.kinds, BTreeMap::from([(Kind::Count, 1799)]));
        let reasons = ["no JSON row", "the extractor failed on this document"].map(str::to_owned);
        assert_eq!(summary.reasons, reasons.into_iter().zip([200, 1]).collect());
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

    /// Stops after some batches, and remembers where.
    #[derive(Default)]
    struct Stopping {
        ids: Vec<String>,
        start: Start,
        batches: usize,
    }

    impl Sink<String> for Stopping {
        fn take(&mut self, id: String) -> io::Result<()> {
            self.ids.push(id);
            Ok(())
        }

        fn fault(&mut self, _: InputError) {}

        fn reached(&mut self, position: Position, summary: &Summary) -> io::Result<()> {
            self.start = Start { position, summary: summary.clone() };
            self.batches = self.batches.checked_sub(1).ok_or(io::ErrorKind::Interrupted)?;
            Ok(())
        }
    }

    fn go_on(start: Start, path: &Path, batches: usize) -> (io::Result<Summary>, Stopping) {
        let mut sink = Stopping { batches, ..Stopping::default() };
        let done = run_from(start, Inputs::new([path.to_owned()]), &Extractor::new(), Options { jobs: 2 }, |r| r.document.id, &mut sink, &Silent);
        (done, sink)
    }

    #[test]
    fn a_run_goes_on_where_another_stopped() {
        let dir = tempfile::tempdir().unwrap();
        let path = file(&dir, 2000);
        let (whole, all) = go_on(Start::default(), &path, usize::MAX);
        let (stopped, mut first) = go_on(Start::default(), &path, 2);
        assert!(stopped.is_err());
        let (done, second) = go_on(first.start.clone(), &path, usize::MAX);
        first.ids.extend(second.ids);
        assert_eq!((done.unwrap(), first.ids), (whole.unwrap(), all.ids));
        let (done, nothing) = go_on(all.start, &path, usize::MAX);
        assert_eq!((done.unwrap().documents, nothing.ids.len()), (1800, 0));
    }

    #[test]
    fn other_inputs_than_those_of_the_earlier_run_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = file(&dir, 2000);
        let start = go_on(Start::default(), &path, 2).1.start;
        let text = std::fs::read_to_string(&path).unwrap();
        for other in [text.replacen("5 xã", "6 xã", 1), text[..text.len() / 9].to_owned()] {
            std::fs::write(&path, other).unwrap();
            let (done, sink) = go_on(start.clone(), &path, usize::MAX);
            assert_eq!((done.unwrap_err().kind(), sink.ids.len()), (io::ErrorKind::InvalidData, 0));
        }
    }
}
