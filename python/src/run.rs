//! The run over portions: on all cores, results in order, memory bounded.
//!
//! In: portions of the input as they are asked for, and what to do with one. Out: the result of each, in their order. Never: more
//! portions in flight than a few for each job, or the interpreter: workers know nothing of Python.

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

/// A portion is closed when it holds this much text …
pub const PORTION_BYTES: usize = 256 << 10;
/// … or this many documents.
pub const PORTION_ROWS: usize = 256;
/// Portions in flight per job.
const AHEAD: usize = 3;

/// What is worked on at once.
pub trait Portion: Send + 'static {
    /// How much text it holds.
    fn bytes(&self) -> usize;
}

/// Works through portions.
pub struct Ordered<P, T> {
    portions: Box<dyn Iterator<Item = P> + Send>,
    work: Arc<dyn Fn(P) -> T + Send + Sync>,
    /// None with one job: then all happens on the calling thread.
    pool: Option<ThreadPool>,
    jobs: usize,
    flying: VecDeque<(usize, Receiver<T>)>,
}

impl<P: Portion, T: Send + 'static> Ordered<P, T> {
    /// # Errors
    /// When no threads can be started.
    pub fn new(
        portions: impl Iterator<Item = P> + Send + 'static,
        jobs: usize,
        work: impl Fn(P) -> T + Send + Sync + 'static,
    ) -> Result<Self, ThreadPoolBuildError> {
        let pool = if jobs > 1 { Some(ThreadPoolBuilder::new().num_threads(jobs).build()?) } else { None };
        Ok(Self { portions: Box::new(portions), work: Arc::new(work), pool, jobs, flying: VecDeque::new() })
    }

    fn is_full(&self) -> bool {
        let bytes: usize = self.flying.iter().map(|(bytes, _)| bytes).sum();
        self.flying.len() >= AHEAD * self.jobs || bytes > AHEAD * self.jobs * PORTION_BYTES
    }
}

impl<P: Portion, T: Send + 'static> Iterator for Ordered<P, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let Some(pool) = &self.pool else {
            return self.portions.next().map(|portion| (self.work)(portion));
        };
        while !self.is_full() {
            let Some(portion) = self.portions.next() else { break };
            let (sender, done) = sync_channel(1);
            let work = self.work.clone();
            self.flying.push_back((portion.bytes(), done));
            // The receiver is gone when the run was dropped; then nobody wants the result.
            pool.spawn(move || drop(sender.send(work(portion))));
        }
        let (_, done) = self.flying.pop_front()?;
        // A worker catches the panics of documents, so only a fault of the run itself ends without a result.
        Some(done.recv().expect("a worker thread ended without a result"))
    }
}
