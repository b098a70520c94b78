//! What a run did, in numbers.
//!
//! In: the figures of each document, and each fault. Out: a [`Summary`]. Never: text of the input: reasons are told without what
//! differs from fault to fault.

use crate::document::InputError;
use crate::record::Record;
use crate::terms::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// So many different reasons of faults are counted one by one; those of a hostile input would have no end.
const REASONS: usize = 50;

/// Figures of each kind, in the order of [`Kind::ALL`].
pub(super) type Kinds = [usize; Kind::ALL.len()];

/// Counts the figures of a document.
pub(super) fn count(records: &[Record]) -> Kinds {
    let mut kinds = Kinds::default();
    for record in records {
        kinds[record.kind as usize] += 1;
    }
    kinds
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub documents: usize,
    pub records: usize,
    /// Bytes of the documents as read.
    pub bytes: usize,
    /// Inputs that were skipped.
    pub faults: usize,
    /// Rows that bear the id of an earlier one.
    #[serde(default)]
    pub repeats: usize,
    /// How many figures of each kind.
    pub kinds: BTreeMap<Kind, usize>,
    /// How many inputs were skipped for which reason.
    pub reasons: BTreeMap<String, usize>,
}

impl Summary {
    pub(super) fn add(&mut self, kinds: &Kinds) {
        self.documents += 1;
        for (&kind, &count) in Kind::ALL.iter().zip(kinds).filter(|(_, count)| **count > 0) {
            self.records += count;
            *self.kinds.entry(kind).or_default() += count;
        }
    }

    pub(super) fn skip(&mut self, error: &InputError) {
        self.faults += 1;
        let reason = outline(&error.reason);
        let known = self.reasons.contains_key(reason) || self.reasons.len() < REASONS;
        *self.reasons.entry(if known { reason } else { "other reasons" }.to_owned()).or_default() += 1;
    }
}

/// A reason without what differs from input to input: `not UTF-8 at byte 7` and `… 9` are one.
fn outline(reason: &str) -> &str {
    let end = reason.find([':', '"']).unwrap_or(reason.len());
    let number = reason[..end].match_indices(' ').find(|(at, _)| reason.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit));
    reason[..number.map_or(end, |(at, _)| at)].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_without_what_differs() {
        let told = ["not UTF-8 at byte 7", "`published` is no date: \"3\"", "longer than 5 bytes", "the row has no `id`", ""].map(outline);
        assert_eq!(told, ["not UTF-8 at byte", "`published` is no date", "longer than", "the row has no `id`", ""]);
    }
}
