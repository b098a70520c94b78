//! The books that this build can write. One that it cannot is refused before anything is read.

use crate::failure::Failure;
use crate::target::Target;
use solieu::output::{Book, Origin};
use std::io;
use std::path::Path;

/// Makes a book at a path.
pub type Bind = fn(&Path, &Origin) -> io::Result<Box<dyn Book>>;

/// Refuses a format that this build leaves out.
pub fn built(name: &str) -> Result<(), Failure> {
    let left_out = !cfg!(feature = "parquet") && name == "parquet" || !cfg!(feature = "sqlite") && name == "sqlite";
    if left_out { Err(Failure::told(format!("this build of solieu writes no {name}; build it with the feature `{name}`"))) } else { Ok(()) }
}

#[cfg(feature = "parquet")]
pub fn parquet(path: &Path, origin: &Origin) -> io::Result<Box<dyn Book>> {
    let file = io::BufWriter::new(std::fs::File::create(path)?);
    Ok(Box::new(solieu::output::Parquet::new(file, origin)?))
}

/// A book that is written into a stream.
#[cfg(feature = "parquet")]
pub fn stream(target: Target, origin: &Origin) -> io::Result<Box<dyn Book>> {
    Ok(Box::new(solieu::output::Parquet::new(target, origin)?))
}

#[cfg(feature = "sqlite")]
pub fn sqlite(path: &Path, origin: &Origin) -> io::Result<Box<dyn Book>> {
    Ok(Box::new(solieu::output::Sqlite::new(path, origin)?))
}

#[cfg(not(feature = "parquet"))]
pub fn parquet(_: &Path, _: &Origin) -> io::Result<Box<dyn Book>> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(feature = "parquet"))]
pub fn stream(_: Target, _: &Origin) -> io::Result<Box<dyn Book>> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(feature = "sqlite"))]
pub fn sqlite(_: &Path, _: &Origin) -> io::Result<Box<dyn Book>> {
    Err(io::ErrorKind::Unsupported.into())
}
