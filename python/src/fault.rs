//! Errors: what is wrong with a row, and how Python is told.
//!
//! In: what went wrong. Out: the row, its id, the reason, what to do; as a Python exception or as text for a row of its own. Never: a
//! stop at a bad row unless that is asked for.

use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use solieu::document::InputError;
use solieu::rules::{LoadError, Severity};

create_exception!(solieu, Error, PyValueError, "What is wrong with the input, and what to do about it. Base of all errors of this package.");
create_exception!(
    solieu,
    RowError,
    Error,
    "A row (or a file) that cannot be read.\n\nAttributes: `row`, its place in the data from 0; `id`, its id or None; `reason`; `advice`."
);
create_exception!(solieu, RulesError, Error, "Faults in the rules of a folder, all of them, each with file, line and what to do.");

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// From 0.
    pub row: u64,
    pub id: Option<String>,
    pub reason: String,
    pub advice: String,
}

impl std::error::Error for Fault {}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "row {}", self.row)?;
        if let Some(id) = &self.id {
            write!(f, " (id {id:?})")?;
        }
        write!(f, ": {}", self.told())
    }
}

impl Fault {
    pub fn new(row: u64, id: Option<String>, reason: impl Into<String>, advice: &str) -> Self {
        Self { row, id, reason: reason.into(), advice: advice.to_owned() }
    }

    /// An input that is known by its row.
    pub fn of_row(error: InputError, row: u64, id: Option<String>) -> Self {
        Self { row, id, reason: error.reason, advice: error.advice }
    }

    /// What is wrong and what to do, without the place.
    pub fn told(&self) -> String {
        format!("{}; {}", self.reason, self.advice)
    }
}

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        Python::attach(|py| {
            let error = RowError::new_err(fault.to_string());
            let value = error.value(py);
            let set = || -> PyResult<()> {
                value.setattr("row", fault.row)?;
                value.setattr("id", fault.id.as_deref())?;
                value.setattr("reason", &fault.reason)?;
                value.setattr("advice", &fault.advice)
            };
            set().map_or_else(|failed| failed, |()| error)
        })
    }
}

/// Why a folder of rules cannot be used.
pub fn of_rules(error: LoadError, dir: &str) -> PyErr {
    match error {
        LoadError::Read(error) => RulesError::new_err(error.to_string()),
        LoadError::Faults { files, diagnostics } => {
            let text = |name: &str| files.iter().rev().find(|f| f.name == name).map_or("", |f| f.text.as_ref());
            let errors: Vec<String> = diagnostics.iter().filter(|d| d.severity == Severity::Error).map(|d| d.render(text(&d.file), false)).collect();
            RulesError::new_err(format!("errors in the rules of {dir}: {}; mend them\n\n{}", errors.len(), errors.join("\n\n")))
        }
    }
}
