//! Where output goes: standard output, or a file that appears when it is whole.

use crate::failure::Failure;
use anstream::AutoStream;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

const BUFFER: usize = 256 << 10;

/// A stream to write output to; [`Target::finish`] must be called when all is written.
pub struct Target {
    stream: Box<dyn Write + Send>,
    pending: Option<Pending>,
}

/// A temporary file that becomes the real one; removed when it does not get that far.
pub struct Pending {
    temporary: PathBuf,
    path: PathBuf,
}

impl Target {
    /// `coloured` output may hold escape codes, which are stripped unless a terminal or the user wants them.
    pub fn open(path: Option<&Path>, coloured: bool) -> Result<Self, Failure> {
        match path {
            None => Ok(Self { stream: stdout(coloured), pending: None }),
            Some(path) => Self::file(path, coloured).map_err(|e| unwritable(path, &e)),
        }
    }

    fn file(path: &Path, coloured: bool) -> io::Result<Self> {
        if path.exists() && !path.is_file() && !path.is_dir() {
            return Ok(Self { stream: plain(File::create(path)?, coloured), pending: None });
        }
        let pending = Pending::new(path)?;
        let file = OpenOptions::new().write(true).create_new(true).open(&pending.temporary)?;
        Ok(Self { stream: plain(file, coloured), pending: Some(pending) })
    }

    /// Hands out the file that waits to be put in its place: the caller does it then.
    pub fn keep(&mut self) -> Option<Pending> {
        self.pending.take()
    }

    /// Writes out what is buffered and puts the file in its place.
    pub fn finish(mut self) -> io::Result<()> {
        self.stream.flush()?;
        match self.pending.take() {
            Some(pending) => pending.put(),
            None => Ok(()),
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl Pending {
    /// A file beside the one that it will become.
    pub fn beside(path: &Path) -> Result<Self, Failure> {
        Self::new(path).map_err(|e| unwritable(path, &e))
    }

    fn new(path: &Path) -> io::Result<Self> {
        // A link keeps pointing, and a device or a pipe is no file that could be replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if path.exists() && !path.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
        let temporary = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
        Ok(Self { temporary, path })
    }

    pub fn temporary(&self) -> &Path {
        &self.temporary
    }

    /// The file is on the disk before it gets its name: a reader never sees half of it, not even after a power cut.
    pub fn put(self) -> io::Result<()> {
        File::open(&self.temporary)?.sync_all()?;
        fs::rename(&self.temporary, &self.path)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // After `put` there is nothing left to remove.
        let _ = fs::remove_file(&self.temporary);
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::told(format!("{}: cannot be written: {error}; name a file in a folder that exists", path.display()))
}

fn stdout(coloured: bool) -> Box<dyn Write + Send> {
    if coloured { Box::new(AutoStream::auto(io::stdout())) } else { Box::new(BufWriter::with_capacity(BUFFER, io::stdout())) }
}

fn plain(file: File, coloured: bool) -> Box<dyn Write + Send> {
    if coloured { Box::new(AutoStream::auto(file)) } else { Box::new(BufWriter::with_capacity(BUFFER, file)) }
}
