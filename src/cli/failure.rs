//! How a command ends: its exit status, and what is said when it could not be run.

use anstyle::{AnsiColor, Style};
use solieu::rules::{LoadError, RuleSet, Severity};
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

const WRONG: Style = AnsiColor::Red.on_default().bold();

/// How a command ended that could be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Everything is as it should be.
    Good,
    /// Some inputs or checks failed; the rest was done.
    Partial,
    /// The command could not be run.
    Unusable,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Good => ExitCode::SUCCESS,
            Status::Partial => ExitCode::from(1),
            Status::Unusable => ExitCode::from(2),
        }
    }
}

/// Why a command could not be run, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What is wrong and what to do about it.
    #[error("{0}")]
    Told(String),
    /// Faults of rule files, already rendered.
    #[error("{rendered}\nsolieu: errors in the rules of {dir}: {count}; mend them, then see `solieu rules check {dir}`")]
    Rules { dir: String, count: usize, rendered: String },
    /// Faults of a list of portals, already rendered.
    #[cfg(feature = "nightly")]
    #[error("{rendered}\nsolieu: errors in {file}: {count}; mend them, then see `solieu portals check --offline {file}`")]
    Config { file: String, count: usize, rendered: String },
    /// The reader of standard output went away: it has what it wanted.
    #[error("standard output was closed")]
    Closed,
}

impl Failure {
    pub fn told(text: impl Into<String>) -> Self {
        Failure::Told(text.into())
    }

    /// A run that could not be written to its end; in a folder what is done stays.
    pub fn output(error: io::Error, folder: Option<&Path>) -> Self {
        #[cfg(feature = "sqlite")]
        if let Some(told) = error.get_ref().and_then(|e| e.downcast_ref::<solieu::store::StoreError>()) {
            return Failure::Told(format!("{told}; what is committed stays there, as an unfinished run"));
        }
        match folder {
            Some(dir) if error.kind() == io::ErrorKind::InvalidData => Failure::Told(format!("{}: {error}", dir.display())),
            Some(dir) => {
                let dir = dir.display();
                Failure::Told(format!("{dir}: the output cannot be written: {error}; what is done stays there: mend it and go on with --resume"))
            }
            None => error.into(),
        }
    }

    /// Says what went wrong.
    pub fn report(self) -> Status {
        match self {
            Failure::Closed => return Status::Good,
            Failure::Told(text) => anstream::eprintln!("{WRONG}solieu{WRONG:#}: {text}"),
            #[cfg(feature = "nightly")]
            faults @ Failure::Config { .. } => anstream::eprintln!("{faults}"),
            faults @ Failure::Rules { .. } => anstream::eprintln!("{faults}"),
        }
        Status::Unusable
    }
}

#[cfg(feature = "sqlite")]
impl From<solieu::store::StoreError> for Failure {
    fn from(error: solieu::store::StoreError) -> Self {
        Failure::Told(error.to_string())
    }
}

impl From<solieu::diff::SideError> for Failure {
    fn from(error: solieu::diff::SideError) -> Self {
        Failure::Told(error.to_string())
    }
}

/// A stream that cannot be written.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::Closed,
            _ => Failure::Told(format!("the output cannot be written: {error}; check the disk and the permissions")),
        }
    }
}

/// The rules to use: the embedded ones, or with those of a folder laid over them.
pub fn rules(dir: Option<&Path>) -> Result<Arc<RuleSet>, Failure> {
    let Some(dir) = dir else {
        return Ok(RuleSet::embedded());
    };
    match RuleSet::overlaid(dir) {
        Ok(rules) => Ok(Arc::new(rules)),
        Err(LoadError::Read(e)) => Err(Failure::told(e.to_string())),
        Err(LoadError::Faults { files, diagnostics }) => {
            let text = |name: &str| files.iter().rev().find(|f| f.name == name).map_or("", |f| f.text.as_ref());
            let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error);
            let rendered: Vec<String> = errors.map(|d| d.render(text(&d.file), true)).collect();
            Err(Failure::Rules { dir: dir.display().to_string(), count: rendered.len(), rendered: rendered.join("\n\n") })
        }
    }
}
