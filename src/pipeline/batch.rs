//! The inputs of a run in portions, and how far they were taken.
//!
//! In: inputs. Out: batches in input order, each with the [`Position`] behind it. Never: a batch of more than one document that holds
//! much more than [`BATCH_BYTES`], or a run that goes on over other inputs than it began with.

use crate::document::{Inputs, Item};
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::io;
use xxhash_rust::xxh3::Xxh3;

/// A batch is closed when it holds this much text …
pub(super) const BATCH_BYTES: usize = 256 << 10;
/// … or this many documents.
const BATCH_DOCUMENTS: usize = 256;

/// How far the inputs were taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Inputs taken, bad ones included.
    pub items: u64,
    /// A hash of all of them: the same inputs lead to the same position.
    pub fingerprint: u64,
}

impl Position {
    fn pass(&mut self, item: &Item) {
        let mut hasher = Xxh3::new();
        self.fingerprint.hash(&mut hasher);
        item.hash(&mut hasher);
        *self = Self { items: self.items + 1, fingerprint: hasher.finish() };
    }
}

/// Inputs in portions that are worth a thread's while.
pub(super) struct Batches {
    inputs: Inputs,
    position: Position,
}

pub(super) struct Batch {
    pub items: Vec<Item>,
    /// Number of the first item.
    pub first: u64,
    pub bytes: usize,
    /// The position behind the last item.
    pub end: Position,
}

impl Batches {
    /// Passes over the inputs before a position.
    pub fn after(done: Position, mut inputs: Inputs) -> io::Result<Self> {
        let mut position = Position::default();
        while position.items < done.items {
            let Some(item) = inputs.next() else { break };
            position.pass(&item);
        }
        let told = "the inputs are not those of the interrupted run; give the same ones, or begin anew";
        if position == done { Ok(Self { inputs, position }) } else { Err(io::Error::new(io::ErrorKind::InvalidData, told)) }
    }
}

impl Iterator for Batches {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let (mut items, mut bytes) = (Vec::new(), 0);
        let first = self.position.items + 1;
        while bytes < BATCH_BYTES && items.len() < BATCH_DOCUMENTS {
            let Some(item) = self.inputs.next() else { break };
            self.position.pass(&item);
            bytes += item.as_ref().map_or(0, |(_, raw)| raw.len());
            items.push(item);
        }
        (!items.is_empty()).then_some(Batch { items, first, bytes, end: self.position })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn batches_are_closed_by_bytes_and_by_count() {
        let dir = tempfile::tempdir().unwrap();
        let batches = |path: PathBuf| Batches::after(Position::default(), Inputs::new([path])).unwrap();
        let path = dir.path().join("in.jsonl");
        std::fs::write(&path, "{}\n".repeat(1000)).unwrap();
        let many = batches(path.clone());
        assert_eq!(many.map(|b| b.items.len()).collect::<Vec<_>>(), [256, 256, 256, 232]);
        let large = "x".repeat(BATCH_BYTES);
        std::fs::write(&path, format!("{large}\n{large}\n1\n")).unwrap();
        assert_eq!(batches(path).map(|b| b.items.len()).collect::<Vec<_>>(), [1, 1, 1]);
    }
}
