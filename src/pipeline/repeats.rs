//! Rows that bear the id of an earlier row.
//!
//! In: the ids of rows, in input order, each with its place. Out: for a repeated one, what to tell: both places. Never: a row left out
//! for it, or more memory than [`KEPT`] ids take twice.
//!
//! Rows are told and read all the same. Leaving one out would lose an article when two feeds number alike, and the choice would
//! depend on where an interrupted run went on, which does not read again what stood before.

use crate::document::{Input, InputError};
use rustc_hash::FxHashMap;
use std::path::PathBuf;
use xxhash_rust::xxh3::xxh3_64;

/// So many ids are remembered for sure, and up to twice as many.
const KEPT: usize = 500_000;

/// Where an id stood: the number of its file, and the line.
type Place = (u32, u32);

/// The ids so far, by hash.
#[derive(Default)]
pub(super) struct Repeats {
    now: FxHashMap<u64, Place>,
    before: FxHashMap<u64, Place>,
    files: Vec<PathBuf>,
}

impl Repeats {
    /// Takes note of an id; tells of the row that had it before.
    pub fn note(&mut self, id: &str, input: &Input) -> Option<InputError> {
        if self.files.last() != Some(&input.path) {
            self.files.push(input.path.clone());
        }
        let line = u32::try_from(input.line?).unwrap_or(u32::MAX);
        let place = (u32::try_from(self.files.len() - 1).ok()?, line);
        let key = xxh3_64(id.as_bytes());
        let first = self.now.get(&key).or_else(|| self.before.get(&key)).copied();
        self.keep(key, first.unwrap_or(place));
        let (file, line) = first?;
        let path = self.files.get(file as usize)?.display();
        Some(InputError {
            path: input.path.clone(),
            line: input.line,
            reason: format!("the row repeats an id: {id:?} is that of {path}:{line}"),
            advice: "both were read, and a reader of ids cannot tell them apart; drop one, or give each an id of its own".to_owned(),
        })
    }

    fn keep(&mut self, key: u64, place: Place) {
        if self.now.len() >= KEPT {
            self.before = std::mem::take(&mut self.now);
        }
        self.now.insert(key, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &str, line: usize) -> Input {
        Input { path: path.into(), line: Some(line) }
    }

    #[test]
    fn the_first_place_of_an_id_is_told_also_in_another_file() {
        let mut repeats = Repeats::default();
        assert!(repeats.note("7", &at("a.jsonl", 1)).is_none() && repeats.note("8", &at("a.jsonl", 2)).is_none());
        assert!(repeats.note("7", &at("a.jsonl", 3)).unwrap().to_string().starts_with("a.jsonl:3: the row repeats an id: \"7\" is that of a.jsonl:1;"));
        assert!(repeats.note("7", &at("b.jsonl", 5)).unwrap().to_string().starts_with("b.jsonl:5: the row repeats an id: \"7\" is that of a.jsonl:1;"));
    }

    #[test]
    fn memory_is_bounded_and_the_latest_ids_are_kept() {
        let mut repeats = Repeats::default();
        let ids: Vec<String> = (0..KEPT * 3).map(|i| i.to_string()).collect();
        assert!(ids.iter().zip(1..).all(|(id, line)| repeats.note(id, &at("a.jsonl", line)).is_none()));
        assert!(repeats.now.len() + repeats.before.len() <= 2 * KEPT);
        assert!(repeats.note(&ids[KEPT * 5 / 2], &at("a.jsonl", 1)).is_some());
    }
}
