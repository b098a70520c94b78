//! The books that this build can write.

use crate::target::Target;
use solieu::output::{Book, Origin};
use std::io;
use std::path::Path;

/// Makes a book at a path.
pub type Bind = fn(&Path, &Origin) -> io::Result<Box<dyn Book>>;

#[cfg(feature = "parquet")]
pub fn parquet(path: &Path, origin: &Origin) -> io::Result<Box<dyn Book>> {
    let file = io::BufWriter::new(std::fs::File::create(path)?);
    Ok(Box::new(solieu::output::Parquet::new(file, origin)?))
}

#[cfg(feature = "sqlite")]
pub fn sqlite(path: &Path, origin: &Origin) -> io::Result<Box<dyn Book>> {
    Ok(Box::new(solieu::output::Sqlite::new(path, origin)?))
}

/// The book that can be written into a stream.
#[cfg(feature = "parquet")]
pub fn stream(target: Target, origin: &Origin) -> io::Result<Box<dyn Book>> {
    Ok(Box::new(solieu::output::Parquet::new(target, origin)?))
}

#[cfg(not(feature = "parquet"))]
pub fn stream(_: Target, _: &Origin) -> io::Result<Box<dyn Book>> {
    Err(io::ErrorKind::Unsupported.into())
}
