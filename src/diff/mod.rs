//! The difference of two runs: which figures came, went and changed, and how.
//!
//! In: two sides, each a JSONL or Parquet file of records or a run of a store. Out: items, each with its class, what changed, and why
//! its two records were paired; a summary of all. Never: writing, a guess that depends on order or chance, or the records of a side
//! in memory: of each record some hashes are kept, and what is shown is read again.
//!
//! | file | question |
//! |---|---|
//! | `side.rs` | where are the records of a side, and how is one read again? |
//! | `parquet.rs` | what does a row of a Parquet file say? |
//! | `entry.rs` | what of a record is compared? The one definition of "equal" |
//! | `pair.rs` | which records of the two sides belong together, and why? |
//! | `class.rs` | what sort of difference is it? |
//! | `item.rs` | what is handed out? |
//! | `filter.rs` | which items are asked for? |
//! | `select.rs` | which items of a store are decided on? |
//! | `spool.rs` | how does a run become a side at once? |
//! | `report/` | how are items printed? |
//!
//! `diff(A, B)` and `diff(B, A)` are mirror images: the same pairs, with added for removed.

mod class;
mod entry;
mod filter;
mod item;
mod pair;
#[cfg(feature = "parquet")]
mod parquet;
pub mod report;
#[cfg(feature = "sqlite")]
mod select;
mod side;
mod spool;

pub use crate::record::item_key;
pub use class::{Class, Counts, Reason};
pub use filter::{Filter, Wildcard};
pub use item::{Change, Item, Shown};
#[cfg(feature = "sqlite")]
pub use select::Scope;
pub use side::{Side, SideError, SideName};
pub use spool::{Spool, spool_lines};

use pair::Pair;

/// Two sides, compared. Items are read from them as they are asked for.
pub struct Diff {
    old: Side,
    new: Side,
    pairs: Vec<Pair>,
    counts: Counts,
}

impl Diff {
    /// Compares two sides.
    ///
    /// # Errors
    /// When a side cannot be read, holds something else than records, or two of its records have one id.
    pub fn new(mut old: Side, mut new: Side) -> Result<Self, SideError> {
        let (olds, news) = rayon::join(|| old.entries(), || new.entries());
        let (pairs, same) = pair::pairs(olds?, news?, &old, &new)?;
        let mut counts = Counts { same, ..Counts::default() };
        pairs.iter().for_each(|pair| counts.add(pair.class));
        Ok(Self { old, new, pairs, counts })
    }

    /// How many items there are of each class.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The class of each item, in their order.
    pub fn classes(&self) -> impl Iterator<Item = Class> + '_ {
        self.pairs.iter().map(|pair| pair.class)
    }

    /// An item, by its place from 0.
    ///
    /// # Errors
    /// When a side cannot be read again.
    pub fn item(&self, place: usize) -> Option<Result<Item, SideError>> {
        self.pairs.get(place).map(|pair| self.read(pair))
    }

    /// All items, in the order of documents and of figures in them.
    ///
    /// # Errors
    /// When a side cannot be read again.
    pub fn items(&self) -> impl Iterator<Item = Result<Item, SideError>> + '_ {
        self.pairs.iter().map(|pair| self.read(pair))
    }

    /// The items that a filter lets through.
    ///
    /// # Errors
    /// When a side cannot be read again.
    pub fn filtered<'d>(&'d self, filter: &'d Filter) -> impl Iterator<Item = Result<Item, SideError>> + 'd {
        let classes = self.pairs.iter().filter(|pair| filter.has_class(pair.class));
        classes.map(|pair| self.read(pair)).filter(|item| item.as_ref().map_or(true, |item| filter.has(item)))
    }

    pub fn sides(&self) -> [&Side; 2] {
        [&self.old, &self.new]
    }

    fn read(&self, pair: &Pair) -> Result<Item, SideError> {
        let old = pair.old.map(|at| self.old.read(at)).transpose()?;
        let new = pair.new.map(|at| self.new.read(at)).transpose()?;
        Ok(Item::new(pair.class, pair.reason, old, new))
    }
}

#[cfg(test)]
mod tests;
