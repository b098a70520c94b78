//! Finding and reading inputs: files, folders, JSONL, standard input.
//!
//! In: paths. Out: documents in the order of the paths, folders sorted, and an error for each input that cannot be
//! read. Never: a stop at a bad input, a line held that is longer than the limit, or a document dropped in silence.

use super::Document;
use serde::Deserialize;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The longest JSONL line or text file that is read, in bytes: memory stays bounded by the largest document.
pub const LIMIT: usize = 64 << 20;
/// Endings of the files that a folder is searched for.
const ENDINGS: [&str; 2] = ["txt", "jsonl"];

/// Where a document comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Input {
    /// The path as given, or `-`.
    pub path: PathBuf,
    /// The line of a JSONL file, from 1.
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

/// A document as read, not yet decoded: decoding happens on the worker threads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Raw {
    /// A row of JSONL.
    Row(Vec<u8>),
    /// A text file, with its id.
    Text(String, Vec<u8>),
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    id: Option<Id<'a>>,
    #[serde(borrow)]
    text: Option<std::borrow::Cow<'a, str>>,
    #[serde(default, borrow)]
    published: Option<std::borrow::Cow<'a, str>>,
    #[serde(default, borrow)]
    title: Option<std::borrow::Cow<'a, str>>,
    #[serde(default, borrow)]
    url: Option<std::borrow::Cow<'a, str>>,
}

/// Ids are strings; a number is taken as it is written.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id<'a> {
    #[serde(borrow)]
    Text(std::borrow::Cow<'a, str>),
    Number(i64),
}

impl Raw {
    /// Decodes a document.
    ///
    /// # Errors
    /// When the bytes are no UTF-8, a row is no JSON object or lacks `id` or `text`, or `published` is no ISO date.
    pub fn decode(&self, input: &Input) -> Result<Document, InputError> {
        match self {
            Raw::Text(id, bytes) => {
                let text = utf8(bytes, input)?;
                Ok(Document::new(id.as_str(), text.strip_prefix('\u{FEFF}').unwrap_or(text)))
            }
            Raw::Row(bytes) => row(utf8(bytes, input)?, input),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Raw::Row(b) | Raw::Text(_, b) => b.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn fail(input: &Input, reason: impl Into<String>, advice: &str) -> InputError {
    InputError { path: input.path.clone(), line: input.line, reason: reason.into(), advice: advice.to_owned() }
}

fn utf8<'b>(bytes: &'b [u8], input: &Input) -> Result<&'b str, InputError> {
    std::str::from_utf8(bytes).map_err(|e| fail(input, format!("not UTF-8 at byte {}", e.valid_up_to()), "convert it to UTF-8 first"))
}

fn row(line: &str, input: &Input) -> Result<Document, InputError> {
    let advice = "expected {\"id\": …, \"text\": …, \"published\"?: \"YYYY-MM-DD\", \"title\"?, \"url\"?}";
    let line = line.strip_prefix('\u{FEFF}').unwrap_or(line).trim_end();
    let row: Row<'_> = serde_json::from_str(line).map_err(|e| fail(input, format!("no JSON row: {}", in_the_row(&e)), advice))?;
    let Some(id) = row.id else {
        return Err(fail(input, "the row has no `id`", advice));
    };
    let Some(text) = row.text else {
        return Err(fail(input, "the row has no `text`", advice));
    };
    let published = match row.published {
        Some(date) => Some(iso_date(&date).ok_or_else(|| fail(input, format!("`published` is no date: {date:?}"), "write it as YYYY-MM-DD"))?),
        None => None,
    };
    Ok(Document {
        id: match id {
            Id::Text(text) => text.into_owned(),
            Id::Number(number) => number.to_string(),
        },
        text: text.into_owned(),
        published,
        title: row.title.map(Into::into),
        url: row.url.map(Into::into),
    })
}

/// What is wrong with a row, by column: the reader of a row knows no line but its own, which is always the first.
fn in_the_row(e: &serde_json::Error) -> String {
    e.to_string().replace(" at line 1 column ", " at column ")
}

/// The date part of an ISO date or time.
fn iso_date(text: &str) -> Option<String> {
    let date: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    Some(date.to_string())
}

/// All documents of some paths, read as they are asked for.
pub struct Inputs {
    waiting: VecDeque<Source>,
    /// Several paths were given.
    many: bool,
    lines: Option<Lines>,
    limit: usize,
}

enum Source {
    /// A path as given by the user.
    Given(PathBuf),
    /// A file found in a folder, with its id.
    Found(PathBuf, String),
    /// A part of a folder that cannot be listed.
    Bad(InputError),
}

struct Lines {
    reader: Box<dyn BufRead + Send>,
    path: PathBuf,
    number: usize,
    limit: usize,
}

impl Inputs {
    /// `paths` may name text files, JSONL files, folders, or `-` for standard input (JSONL, or one text). The id of a text file
    /// is its path below the folder that was given, or its name; of several paths each id keeps its path, so that no two
    /// files share one.
    pub fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let waiting: VecDeque<Source> = paths.into_iter().map(Source::Given).collect();
        Self { many: waiting.len() > 1, waiting, lines: None, limit: LIMIT }
    }

    /// With another limit than [`LIMIT`] for a JSONL line or a text file, in bytes.
    pub fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    fn open(&mut self, source: Source) -> Option<Item> {
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
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(e) => {
                return Some(Err(fail(&input, format!("cannot be opened: {e}"), "check the path and its permissions")));
            }
        };
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("jsonl")) {
            self.lines = Some(Lines { reader: Box::new(BufReader::with_capacity(1 << 20, file)), path, number: 0, limit: self.limit });
            return None;
        }
        Some(whole(file, &input, id, self.limit))
    }

    fn folder(&mut self, dir: &Path) -> Option<Item> {
        let mut found = Vec::new();
        for entry in walkdir::WalkDir::new(dir).sort_by_file_name() {
            match entry {
                Ok(e) if e.file_type().is_file() && e.path().extension().is_some_and(|x| ENDINGS.iter().any(|end| x.eq_ignore_ascii_case(end))) => {
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
            return Some(Err(fail(&input, "no .txt or .jsonl file in this folder", "name a file, or a folder that holds some")));
        }
        for source in found.into_iter().rev() {
            self.waiting.push_front(source);
        }
        None
    }

    /// Standard input is JSONL when it begins with `{`, else one text.
    fn stdin(&mut self) -> Option<Item> {
        let mut reader = BufReader::with_capacity(1 << 20, io::stdin());
        let path = PathBuf::from("-");
        let input = Input { path: path.clone(), line: None };
        match reader.fill_buf() {
            Err(e) => Some(Err(fail(&input, format!("standard input cannot be read: {e}"), "pipe a text or JSONL into it"))),
            Ok(start) if start.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(start).trim_ascii_start().starts_with(b"{") => {
                self.lines = Some(Lines { reader: Box::new(reader), path, number: 0, limit: self.limit });
                None
            }
            Ok(_) => Some(whole(reader, &input, "-".to_owned(), self.limit)),
        }
    }
}

/// A path with `/` between folders on every system.
fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn whole(reader: impl Read, input: &Input, id: String, limit: usize) -> Item {
    let mut bytes = Vec::new();
    match reader.take(limit as u64 + 1).read_to_end(&mut bytes) {
        Err(e) => Err(fail(input, format!("cannot be read: {e}"), "check the file")),
        Ok(n) if n > limit => Err(too_long(input, limit)),
        Ok(_) => Ok((input.clone(), Raw::Text(id, bytes))),
    }
}

fn too_long(input: &Input, limit: usize) -> InputError {
    fail(input, format!("longer than {limit} bytes"), "split it into documents of ordinary size, or raise the limit")
}

impl Lines {
    fn next(&mut self) -> Option<Item> {
        loop {
            self.number += 1;
            let input = Input { path: self.path.clone(), line: Some(self.number) };
            let mut bytes = Vec::new();
            let read = (&mut self.reader).take(self.limit as u64 + 1).read_until(b'\n', &mut bytes);
            match read {
                Err(e) => {
                    return Some(Err(fail(&input, format!("cannot be read: {e}"), "check the file")));
                }
                Ok(0) => return None,
                Ok(n) if n > self.limit && !bytes.ends_with(b"\n") => return Some(self.skip_long(&input)),
                Ok(_) if bytes.trim_ascii().is_empty() => {}
                Ok(_) => return Some(Ok((input, Raw::Row(bytes)))),
            }
        }
    }

    /// Passes over the rest of a line that is too long, without holding it.
    fn skip_long(&mut self, input: &Input) -> Item {
        match self.reader.skip_until(b'\n') {
            Ok(_) => Err(too_long(input, self.limit)),
            Err(e) => Err(fail(input, format!("cannot be read: {e}"), "check the file")),
        }
    }
}

impl Iterator for Inputs {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(lines) = &mut self.lines {
                match lines.next() {
                    Some(Err(e)) if e.reason.starts_with("cannot be read") => {
                        self.lines = None;
                        return Some(Err(e));
                    }
                    Some(item) => return Some(item),
                    None => self.lines = None,
                }
            }
            let source = self.waiting.pop_front()?;
            if let Some(item) = self.open(source) {
                return Some(item);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &str, limit: usize) -> Vec<Result<String, (Option<usize>, String)>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("in.jsonl");
        std::fs::write(&path, content).unwrap();
        let items = Inputs::new([path]).with_limit(limit);
        items
            .map(|item| match item {
                Ok((_, Raw::Row(bytes) | Raw::Text(_, bytes))) => Ok(String::from_utf8(bytes).unwrap().trim_end().to_owned()),
                Err(e) => Err((e.line, e.reason)),
            })
            .collect()
    }

    #[test]
    fn a_line_over_the_limit_is_passed_over_and_the_next_is_read() {
        let found = read("1234567\n12345678\n1234\n", 7);
        assert_eq!(found, [Ok("1234567".into()), Err((Some(2), "longer than 7 bytes".into())), Ok("1234".into())]);
    }

    #[test]
    fn a_last_line_needs_no_line_break() {
        assert_eq!(read("{}\n\n{}", 7), [Ok("{}".into()), Ok("{}".into())]);
    }

    #[test]
    fn a_row_tells_the_column_of_its_fault_but_no_line() {
        let input = Input { path: "a.jsonl".into(), line: Some(7) };
        let error = Raw::Row(b"{\"id\": }".to_vec()).decode(&input).unwrap_err().to_string();
        assert!(error.starts_with("a.jsonl:7: no JSON row: expected value at column 8"), "{error}");
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_row() {
        let input = Input { path: "a.jsonl".into(), line: Some(1) };
        let row = "\u{FEFF}{\"id\": \"a\", \"text\": \"b\"}";
        assert_eq!(Raw::Row(row.into()).decode(&input).unwrap(), Document::new("a", "b"));
    }
}
