//! What is written, and where to: to one stream or file, into a book, or into a folder that survives an interruption.

use crate::book::Bind;
use crate::failure::Failure;
use crate::keep::{Keeper, Kept};
use crate::progress::Reporter;
use crate::target::{Pending, Target};
use solieu::document::InputError;
use solieu::output::{Book, Folder, Format, Opened, Origin, Part, fill};
use solieu::pipeline::{Position, Reading, Sink, Start, Summary};
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};

/// What is written.
pub struct Layout {
    /// The files that are written line by line, with their names in a folder.
    pub files: Vec<(&'static str, Box<dyn Format>)>,
    /// What the first of them, which are rows then, is made into.
    pub book: Option<(&'static str, Bind)>,
    /// What describes them.
    pub extra: Option<(&'static str, Vec<u8>)>,
    /// Lines may hold escape codes.
    pub coloured: bool,
    pub origin: Origin,
}

impl Layout {
    /// What is made of a document; called on the worker threads.
    pub fn piece(&self, reading: Reading, keeps: bool) -> Piece {
        let bytes = self.files.iter().map(|(_, format)| format.bytes(&reading)).collect();
        let left_out = self.files.iter().map(|(_, format)| format.left_out(&reading)).sum();
        Piece { bytes, left_out, kept: keeps.then(|| Kept::new(reading)) }
    }

    fn parts(&self) -> Vec<Part> {
        let part = |(name, format): &(&str, Box<dyn Format>)| Part { name: (*name).to_owned(), head: format.head(), kept: self.book.is_none() };
        self.files.iter().map(part).collect()
    }

    /// Adds to the work folder what is made when all else is there.
    fn complete(&self, work: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        if let (Some((name, bind)), Some((rows, _))) = (self.book, self.files.first()) {
            let path = work.join(name);
            if path.exists() {
                std::fs::remove_file(&path)?;
            }
            let mut book = bind(&path, &self.origin)?;
            fill(book.as_mut(), BufReader::with_capacity(1 << 20, std::fs::File::open(work.join(rows))?))?;
            book.finish()?;
            names.push(name.to_owned());
        }
        if let Some((name, bytes)) = &self.extra {
            std::fs::write(work.join(name), bytes)?;
            names.push((*name).to_owned());
        }
        Ok(names)
    }
}

/// What is made of one document.
pub struct Piece {
    /// For each file.
    bytes: Vec<Vec<u8>>,
    left_out: usize,
    /// For the store, when there is one.
    kept: Option<Kept>,
}

/// Where output goes.
pub enum Outlet {
    Stream(Target),
    Book(Box<dyn Book>, Option<Pending>),
    Folder(Box<Folder>),
    /// The folder holds the whole output of an earlier run, which was interrupted at its very end.
    Done(Box<Start>),
}

impl Outlet {
    /// To a file, or to standard output.
    pub fn file(layout: &Layout, path: Option<&Path>, book: impl FnOnce(Target) -> io::Result<Box<dyn Book>>) -> Result<Self, Failure> {
        let mut target = Target::open(path, layout.coloured)?;
        match layout.book {
            None => {
                for (_, format) in &layout.files {
                    target.write_all(&format.head())?;
                }
                Ok(Outlet::Stream(target))
            }
            Some(_) => {
                let pending = target.keep();
                Ok(Outlet::Book(book(target)?, pending))
            }
        }
    }

    /// A book that makes its file itself.
    pub fn bound(layout: &Layout, path: &Path, bind: Bind) -> Result<Self, Failure> {
        let pending = Pending::beside(path)?;
        Ok(Outlet::Book(bind(pending.temporary(), &layout.origin)?, Some(pending)))
    }

    pub fn folder(layout: &Layout, dir: &Path, settings: serde_json::Map<String, serde_json::Value>, resume: bool) -> Result<Self, Failure> {
        match Folder::open(dir, settings, layout.parts(), resume).map_err(|e| Failure::told(e.to_string()))? {
            Opened::Going(folder) => Ok(Outlet::Folder(folder)),
            Opened::Whole(start) => Ok(Outlet::Done(start)),
        }
    }

    /// Where the run has to begin.
    pub fn start(&self) -> Start {
        match self {
            Outlet::Folder(folder) => folder.start(),
            Outlet::Stream(_) | Outlet::Book(..) | Outlet::Done(_) => Start::default(),
        }
    }

    /// How many records an earlier run had no place for.
    pub fn left_out(&self) -> usize {
        match self {
            Outlet::Folder(folder) => folder.left_out(),
            Outlet::Stream(_) | Outlet::Book(..) | Outlet::Done(_) => 0,
        }
    }

    fn take(&mut self, piece: &Piece) -> io::Result<()> {
        match self {
            Outlet::Stream(target) => piece.bytes.iter().try_for_each(|bytes| target.write_all(bytes)),
            Outlet::Book(book, _) => piece.bytes.iter().try_for_each(|rows| fill(book.as_mut(), rows.as_slice())),
            Outlet::Folder(folder) => folder.write(piece.bytes.iter().map(Vec::as_slice)),
            Outlet::Done(_) => Ok(()),
        }
    }

    /// Puts everything in its place.
    pub fn finish(self, layout: &Layout, summary: &Summary) -> io::Result<()> {
        match self {
            Outlet::Stream(target) => target.finish(),
            Outlet::Book(book, pending) => {
                book.finish()?;
                pending.map_or(Ok(()), Pending::put)
            }
            Outlet::Folder(folder) => folder.finish(summary, |work| layout.complete(work)),
            Outlet::Done(_) => Ok(()),
        }
    }
}

/// Takes what the run gives, and tells of faults.
pub struct Writer<'a> {
    pub outlet: Outlet,
    pub reporter: &'a Reporter,
    /// Records for which the format has no place.
    pub left_out: usize,
    pub keeper: Option<&'a mut Keeper>,
}

impl Sink<Piece> for Writer<'_> {
    fn take(&mut self, piece: Piece) -> io::Result<()> {
        self.left_out += piece.left_out;
        self.outlet.take(&piece)?;
        if let (Some(keeper), Some(kept)) = (&mut self.keeper, piece.kept) {
            keeper.take(kept);
        }
        Ok(())
    }

    fn fault(&mut self, error: InputError) {
        self.reporter.fault(&error);
        if let Some(keeper) = &mut self.keeper {
            keeper.fault(error);
        }
    }

    fn repeat(&mut self, told: InputError) {
        self.reporter.repeat(&told);
    }

    fn reached(&mut self, position: Position, so_far: &Summary) -> io::Result<()> {
        if let Some(keeper) = &mut self.keeper {
            keeper.reached(position, so_far)?;
        }
        match &mut self.outlet {
            Outlet::Folder(folder) => folder.reached(position, so_far, self.left_out),
            Outlet::Stream(_) | Outlet::Book(..) | Outlet::Done(_) => Ok(()),
        }
    }
}

/// Whether a path of output means a folder.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().to_string_lossy().ends_with(std::path::is_separator)
}

/// A folder as the user wrote it, without the separator at its end.
pub fn tidy(path: &Path) -> PathBuf {
    path.components().collect()
}
