//! Output formats: one file each, behind one trait.
//!
//! In: the records of one document. Out: bytes, to be written in the order of the documents. Never: a decision on what to
//! print where; the caller owns the stream.

mod jsonl;
#[cfg(feature = "cli")]
mod table;

pub use jsonl::Jsonl;
#[cfg(feature = "cli")]
pub use table::Table;

use crate::document::Document;
use crate::record::Record;

/// A way to write records down. Called on the worker threads, so it keeps nothing between documents.
pub trait Format: Sync {
    /// Appends the records of a document.
    fn write(&self, document: &Document, records: &[Record], out: &mut Vec<u8>);

    /// The bytes of one document.
    fn bytes(&self, document: &Document, records: &[Record]) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(document, records, &mut out);
        out
    }
}
