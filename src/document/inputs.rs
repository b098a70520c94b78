//! Finding and reading inputs: files, folders, JSONL, archives, standard input.
//!
//! In: paths. Out: documents in the order of the paths, folders sorted, and an error for each input that cannot be
//! read. Never: a stop at a bad input, a line held that is longer than the limit, or a document dropped in silence.

use super::format::Format;
use super::raw::{Raw, Reader, Sort, sort_of, without_mark};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The longest JSONL line, file or member of an archive that is read, in bytes: memory stays bounded by the largest document.
pub const LIMIT: usize = 64 << 20;
const BUFFER: usize = 1 << 20;

/// Where a document comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Input {
    /// The path as given, or `-`; of a member of an archive, its path below that of the archive.
    pub path: PathBuf,
    /// The line of a JSONL file, or the record of a web archive, from 1.
    pub line: Option<usize>,
}

/// Why an input could not be read; the run goes on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}{}: {reason}; {advice}", path.display(), line.map(|l| format!(":{l}")).unwrap_or_default())]
pub struct InputError {
    pub path: PathBuf,
    pub line: Option<usize>,
    pub reason: String,
    pub advice: String,
}

/// What reading gives, in input order.
pub type Item = Result<(Input, Raw), InputError>;

pub(super) fn fail(input: &Input, reason: impl Into<String>, advice: &str) -> InputError {
    InputError { path: input.path.clone(), line: input.line, reason: reason.into(), advice: advice.to_owned() }
}

/// What every source of documents needs to know.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    pub limit: usize,
    pub reader: Arc<Reader>,
}

impl Terms {
    /// A document that was read whole.
    pub fn raw(&self, id: String, sort: Sort, bytes: Vec<u8>) -> Raw {
        Raw::new(id, sort, bytes, self.reader.clone())
    }
}

/// Documents that come one after the other out of one file.
pub(super) type Stream = Box<dyn Iterator<Item = Item> + Send>;

/// All documents of some paths, read as they are asked for.
pub struct Inputs {
    waiting: VecDeque<Source>,
    /// Several paths were given.
    many: bool,
    open: Option<Stream>,
    terms: Terms,
}

enum Source {
    /// A path as given by the user.
    Given(PathBuf),
    /// A file found in a folder, with its id.
    Found(PathBuf, String),
    /// A part of a folder that cannot be listed.
    Bad(InputError),
}

impl Inputs {
    /// `paths` may name files of text, pages, JSONL, archives, folders, or `-` for standard input (JSONL, one page, or one text). The id
    /// of a file is its path below the folder that was given, or its name; of several paths each id keeps its path, so that no two
    /// files share one.
    pub fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let waiting: VecDeque<Source> = paths.into_iter().map(Source::Given).collect();
        Self { many: waiting.len() > 1, waiting, open: None, terms: Terms { limit: LIMIT, reader: Arc::default() } }
    }

    /// With another limit than [`LIMIT`] for a JSONL line, a file or a member of an archive, in bytes.
    pub fn with_limit(mut self, bytes: usize) -> Self {
        self.terms.limit = bytes;
        self
    }

    /// With another way of reading than the default.
    pub fn with_reader(mut self, reader: Reader) -> Self {
        self.terms.reader = Arc::new(reader);
        self
    }

    fn next_source(&mut self, source: Source) -> Option<Item> {
        let (path, id) = match source {
            Source::Given(path) if path == Path::new("-") => return self.stdin(),
            Source::Given(path) if path.is_dir() => return self.folder(&path),
            Source::Given(path) => {
                let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
                let id = if self.many { slashed(&path) } else { name };
                (path, id)
            }
            Source::Found(path, id) => (path, id),
            Source::Bad(error) => return Some(Err(error)),
        };
        let input = Input { path: path.clone(), line: None };
        match File::open(&path) {
            Ok(file) => self.file(file, input, id),
            Err(e) => Some(Err(fail(&input, format!("cannot be opened: {e}"), "check the path and its permissions"))),
        }
    }

    fn file(&mut self, file: File, input: Input, id: String) -> Option<Item> {
        let format = Format::of(&input.path);
        match format {
            Some(Format::Whole(sort)) => return Some(whole(file, input, id, Some(sort), &self.terms)),
            Some(Format::Rows) => self.open = Some(Box::new(Lines::new(BufReader::with_capacity(BUFFER, file), input.path, &self.terms))),
            #[cfg(feature = "pages")]
            Some(Format::Archive(kind)) => self.open = Some(super::archive::open(kind, file, input.path, id, &self.terms)),
            Some(Format::Unread(what)) => return Some(Err(what.fault(&input))),
            None => return Some(whole(file, input, id, None, &self.terms)),
        }
        None
    }

    fn folder(&mut self, dir: &Path) -> Option<Item> {
        let mut found = Vec::new();
        for entry in walkdir::WalkDir::new(dir).follow_links(true).sort_by_file_name() {
            match entry {
                Ok(e) if e.file_type().is_file() && Format::of(e.path()).is_some() => {
                    let below = if self.many { e.path() } else { e.path().strip_prefix(dir).unwrap_or(e.path()) };
                    let id = slashed(below);
                    found.push(Source::Found(e.into_path(), id));
                }
                Ok(_) => {}
                Err(e) => {
                    let input = Input { path: e.path().unwrap_or(dir).to_owned(), line: None };
                    found.push(Source::Bad(fail(&input, format!("cannot be listed: {e}"), "check the permissions of the folder")));
                }
            }
        }
        if found.is_empty() {
            let input = Input { path: dir.to_owned(), line: None };
            let reason = format!("no file in this folder ends in {}", Format::endings());
            return Some(Err(fail(&input, reason, "name a file, or a folder that holds some")));
        }
        for source in found.into_iter().rev() {
            self.waiting.push_front(source);
        }
        None
    }

    /// Standard input is JSONL when it begins with `{`, else one page or text.
    fn stdin(&mut self) -> Option<Item> {
        let mut reader = BufReader::with_capacity(BUFFER, io::stdin());
        let path = PathBuf::from("-");
        let input = Input { path: path.clone(), line: None };
        match reader.fill_buf() {
            Err(e) => Some(Err(fail(&input, format!("standard input cannot be read: {e}"), "pipe a text or JSONL into it"))),
            Ok(start) if without_mark(start).starts_with(b"{") => {
                self.open = Some(Box::new(Lines::new(reader, path, &self.terms)));
                None
            }
            Ok(_) => Some(whole(reader, input, "-".to_owned(), None, &self.terms)),
        }
    }
}

/// A path with `/` between folders on every system.
fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// A document that is a whole file; what sort it is may be told by how it begins.
pub(super) fn whole(reader: impl Read, input: Input, id: String, sort: Option<Sort>, terms: &Terms) -> Item {
    let mut bytes = Vec::new();
    match reader.take(terms.limit as u64 + 1).read_to_end(&mut bytes) {
        Err(e) => Err(fail(&input, format!("cannot be read: {e}"), "check the file")),
        Ok(n) if n > terms.limit => Err(too_long(&input, terms.limit)),
        Ok(_) => {
            let sort = sort.unwrap_or_else(|| sort_of(&bytes));
            Ok((input, terms.raw(id, sort, bytes)))
        }
    }
}

pub(super) fn too_long(input: &Input, limit: usize) -> InputError {
    fail(input, format!("longer than {limit} bytes"), "split it into documents of ordinary size, or raise the limit")
}

/// The rows of a JSONL file.
pub(super) struct Lines<R> {
    reader: R,
    path: PathBuf,
    number: usize,
    terms: Terms,
    broken: bool,
}

impl<R: BufRead> Lines<R> {
    pub fn new(reader: R, path: PathBuf, terms: &Terms) -> Self {
        Self { reader, path, number: 0, terms: terms.clone(), broken: false }
    }

    /// Passes over the rest of a line that is too long, without holding it.
    fn skip_long(&mut self, input: &Input) -> Item {
        match self.reader.skip_until(b'\n') {
            Ok(_) => Err(too_long(input, self.terms.limit)),
            Err(e) => self.unreadable(input, &e),
        }
    }

    fn unreadable(&mut self, input: &Input, e: &io::Error) -> Item {
        self.broken = true;
        Err(fail(input, format!("cannot be read: {e}"), "check the file"))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        while !self.broken {
            self.number += 1;
            let input = Input { path: self.path.clone(), line: Some(self.number) };
            let mut bytes = Vec::new();
            let limit = self.terms.limit;
            let read = (&mut self.reader).take(limit as u64 + 1).read_until(b'\n', &mut bytes);
            match read {
                Err(e) => return Some(self.unreadable(&input, &e)),
                Ok(0) => return None,
                Ok(n) if n > limit && !bytes.ends_with(b"\n") => return Some(self.skip_long(&input)),
                Ok(_) if bytes.trim_ascii().is_empty() => {}
                Ok(_) => return Some(Ok((input, self.terms.raw(String::new(), Sort::Row, bytes)))),
            }
        }
        None
    }
}

impl Iterator for Inputs {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(open) = &mut self.open {
                match open.next() {
                    Some(item) => return Some(item),
                    None => self.open = None,
                }
            }
            let source = self.waiting.pop_front()?;
            if let Some(item) = self.next_source(source) {
                return Some(item);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use super::*;

    fn row(bytes: &[u8]) -> Raw {
        Terms { limit: LIMIT, reader: Arc::default() }.raw(String::new(), Sort::Row, bytes.to_vec())
    }

    fn read(content: &str, limit: usize) -> Vec<Result<String, (Option<usize>, String)>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("in.jsonl");
        std::fs::write(&path, content).unwrap();
        let items = Inputs::new([path]).with_limit(limit);
        items
            .map(|item| match item {
                Ok((_, raw)) => Ok(String::from_utf8(raw.bytes).unwrap().trim_end().to_owned()),
                Err(e) => Err((e.line, e.reason)),
            })
            .collect()
    }

    #[test]
    fn a_line_over_the_limit_is_passed_over_and_the_next_is_read() {
        let found = read("1234567\n12345678\n1234\n", 7);
        assert_eq!(found, [Ok("1234567".into()), Err((Some(2), "longer than 7 bytes".into())), Ok("1234".into())]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_loops_told() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("a")).unwrap();
        std::fs::write(dir.path().join("x.txt"), "5 xã").unwrap();
        std::os::unix::fs::symlink("../x.txt", dir.path().join("a/y.txt")).unwrap();
        std::os::unix::fs::symlink("..", dir.path().join("a/z")).unwrap();
        let found: Vec<Result<String, String>> = Inputs::new([dir.path().to_owned()]).map(|i| i.map(|(_, raw)| raw.id).map_err(|e| e.reason)).collect();
        assert!(matches!(&found[..], [Ok(a), Err(e), Ok(b)] if a == "a/y.txt" && b == "x.txt" && e.starts_with("cannot be listed")), "{found:?}");
    }

    #[test]
    fn a_last_line_needs_no_line_break() {
        assert_eq!(read("{}\n\n{}", 7), [Ok("{}".into()), Ok("{}".into())]);
    }

    #[test]
    fn a_row_tells_the_column_of_its_fault_but_no_line() {
        let input = Input { path: "a.jsonl".into(), line: Some(7) };
        let error = row(b"{\"id\": }").decode(&input).unwrap_err().to_string();
        assert!(error.starts_with("a.jsonl:7: no JSON row: expected value at column 8"), "{error}");
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_row() {
        let input = Input { path: "a.jsonl".into(), line: Some(1) };
        let text = "\u{FEFF}{\"id\": \"a\", \"text\": \"b\"}";
        assert_eq!(row(text.as_bytes()).decode(&input).unwrap(), Document::new("a", "b"));
    }
}
