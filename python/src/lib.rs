//! The Python module `solieu._solieu`: a thin face of the library.
//!
//! In: calls from Python. Out: objects of `record.rs` and `data.rs`, or exceptions that name the row. Never: an extraction rule, or work on
//! texts while the interpreter is held.
//!
//! | file | question |
//! |---|---|
//! | `input.rs` | which document does a row of Arrow data stand for? |
//! | `files.rs` | which documents are in files? |
//! | `run.rs` | how are portions worked on, on all cores and in order? |
//! | `table.rs` | how do records become Arrow batches? |
//! | `data.rs` | how does Python take these? |
//! | `record.rs`, `page.rs` | what is a record, a page, as an object? |
//! | `fault.rs` | what is wrong, and how is it told? |

mod data;
mod extractor;
mod fault;
mod files;
mod input;
mod page;
mod record;
mod run;
mod table;

use pyo3::prelude::*;

/// As the program: records are many small strings.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[pymodule]
mod _solieu {
    use super::*;

    #[pymodule_export]
    use super::data::{Stream, Table};
    #[pymodule_export]
    use super::extractor::Extractor;
    #[pymodule_export]
    use super::fault::{Error, RowError, RulesError};
    #[pymodule_export]
    use super::page::Page;
    #[pymodule_export]
    use super::record::{Reading, Record};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
