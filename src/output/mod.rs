//! Output formats: one file each.
//!
//! In: readings (a document with its records). Out: bytes, to be written in the order of the documents. Never: a decision on
//! what to print where; the caller owns the stream.
//!
//! Formats that are written row after row are [`Format`]s, called on the worker threads. Those that are one whole (Parquet,
//! SQLite) are [`Book`]s: the workers make [`Rows`], and one thread puts these into the book.

mod annotation;
#[cfg(feature = "arrow")]
pub mod arrow;
pub mod columns;
mod csv;
mod folder;
mod jsonl;
mod package;
#[cfg(feature = "parquet")]
mod parquet;
mod reference;
mod rows;
mod sdmx;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "cli")]
mod table;

pub use self::csv::{Csv, Flavour};
#[cfg(feature = "parquet")]
pub use self::parquet::Parquet;
pub use annotation::Annotations;
pub use folder::{Folder, FolderError, Opened, Part, WORK};
pub use jsonl::Jsonl;
pub use package::datapackage;
pub use reference::reference;
pub use rows::{Rows, fill};
pub use sdmx::SdmxCsv;
#[cfg(feature = "sqlite")]
pub use sqlite::Sqlite;
#[cfg(feature = "cli")]
pub use table::Table;

use crate::pipeline::Reading;
use columns::Sheet;
use std::io;

/// A way to write readings down, one after the other. Called on the worker threads, so it keeps nothing between documents.
pub trait Format: Sync {
    /// What stands before the first document.
    fn head(&self) -> Vec<u8> {
        Vec::new()
    }

    /// Appends a reading.
    fn write(&self, reading: &Reading, out: &mut Vec<u8>);

    /// How many records of a reading this format has no place for.
    fn left_out(&self, _: &Reading) -> usize {
        0
    }

    /// The bytes of one reading.
    fn bytes(&self, reading: &Reading) -> Vec<u8> {
        const USUAL: usize = 640;
        let mut out = Vec::with_capacity(reading.records.len() * USUAL);
        self.write(reading, &mut out);
        out
    }
}

/// A file that is no row of lines, filled row by row and whole only when it is finished.
pub trait Book {
    /// Takes a row of a sheet, a cell for each column.
    ///
    /// # Errors
    /// When the file cannot be written.
    fn row(&mut self, sheet: &'static Sheet, cells: &[Option<String>]) -> io::Result<()>;

    /// Writes what is left, and what makes the file readable.
    ///
    /// # Errors
    /// When the file cannot be written.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// What a file says of its making: nothing that differs between two runs of one program over the same inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The program with its version.
    pub program: String,
    /// Hash of the rules.
    pub rules: String,
}

impl Origin {
    /// This program with these rules.
    pub fn of(rules: &crate::rules::RuleSet) -> Self {
        Self { program: concat!("solieu ", env!("CARGO_PKG_VERSION")).to_owned(), rules: rules.hash.to_string() }
    }

    /// Keys and values for files that hold such pairs.
    pub fn pairs(&self) -> [(&'static str, String); 3] {
        [("program", self.program.clone()), ("rules", self.rules.clone()), ("schema_version", columns::SCHEMA_VERSION.to_string())]
    }
}
