//! A document as read, and its decoding on the worker threads.
//!
//! In: bytes, what sort of file they are, what is known of them. Out: a [`Document`]. Never: a byte that is lost without a note.

use super::decode::{self, Encoding};
use super::inputs::{Input, InputError, fail};
use super::row::{self, Content};
use super::{Document, Origin};
use crate::rules::RuleSet;
use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
#[cfg(feature = "pages")]
use std::sync::OnceLock;

/// How documents are read: the rules that hold the profiles of portals, and an encoding that overrides all others.
#[derive(Debug, Default)]
pub struct Reader {
    rules: Option<Arc<RuleSet>>,
    encoding: Option<Encoding>,
    without_profiles: bool,
    #[cfg(feature = "pages")]
    profiles: OnceLock<super::page::Profiles>,
}

impl Reader {
    /// With the profiles of these rules; by default with those that are part of the program.
    pub fn with_rules(mut self, rules: Arc<RuleSet>) -> Self {
        self.rules = Some(rules);
        self
    }

    /// Reads all bytes in this encoding, whatever they say of themselves.
    pub fn with_encoding(mut self, encoding: Option<Encoding>) -> Self {
        self.encoding = encoding;
        self
    }

    /// Finds articles without the profiles of portals, but for what holds for every page.
    pub fn without_profiles(mut self) -> Self {
        self.without_profiles = true;
        self
    }

    #[cfg(feature = "pages")]
    fn profiles(&self) -> &super::page::Profiles {
        self.profiles.get_or_init(|| {
            let profiles = match &self.rules {
                Some(rules) => super::page::Profiles::new(rules),
                None => super::page::Profiles::new(&RuleSet::embedded()),
            };
            if self.without_profiles { profiles.general() } else { profiles }
        })
    }
}

/// What sort of document the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// A row of JSONL.
    Row,
    Text,
    Html,
    /// A Word file.
    #[cfg_attr(not(feature = "pages"), allow(dead_code))]
    Docx,
    /// What is called `.doc`: a Word file of before 2007, or something else under its name.
    #[cfg_attr(not(feature = "pages"), allow(dead_code))]
    Doc,
}

/// A document as read, not yet decoded: decoding happens on the worker threads.
#[derive(Debug, Clone)]
pub struct Raw {
    pub(super) sort: Sort,
    /// The id; rows have their own.
    pub(super) id: String,
    pub(super) bytes: Vec<u8>,
    /// What came with the bytes: the address and charset of an archive's record.
    pub(super) url: Option<String>,
    pub(super) charset: Option<String>,
    /// What happened to the bytes before they came here.
    pub(super) notes: Vec<String>,
    pub(super) reader: Arc<Reader>,
}

/// What the input holds; how it is read is a matter of the run.
impl Hash for Raw {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.sort, &self.id, &self.bytes, &self.url, &self.charset, &self.notes).hash(state);
    }
}

impl Raw {
    /// Bytes that are at hand, as a crawler has them.
    pub fn new(id: impl Into<String>, sort: Sort, bytes: Vec<u8>, reader: Arc<Reader>) -> Self {
        Self { sort, id: id.into(), bytes, url: None, charset: None, notes: Vec::new(), reader }
    }

    /// A saved page. `charset` is what came with it, as the header of a server; the page may say another.
    pub fn of_page(id: String, html: Vec<u8>, url: Option<String>, charset: Option<String>, reader: Arc<Reader>) -> Self {
        Self { url, charset, ..Self::new(id, Sort::Html, html, reader) }
    }

    /// Decodes a document.
    ///
    /// # Errors
    /// When the bytes are no text in any encoding, a row is no JSON object or lacks `id` or `text`, or `published` is no ISO date.
    pub fn decode(&self, input: &Input) -> Result<Document, InputError> {
        match self.sort {
            Sort::Row => self.row(input),
            Sort::Text => self.text(input),
            Sort::Html => self.html(input),
            Sort::Docx => self.docx(input),
            Sort::Doc => self.doc(input),
        }
    }

    /// A page of the web as the nightly job has fetched it, which reads as it does out of an archive.
    #[cfg(feature = "nightly")]
    pub(crate) fn fetched(url: &str, sort: Sort, bytes: Vec<u8>, charset: Option<String>, reader: Arc<Reader>) -> Self {
        Self { url: Some(url.to_owned()), charset, ..Self::new(url, sort, bytes, reader) }
    }

    /// The source of a page, whatever its bytes are.
    #[cfg(feature = "nightly")]
    pub(crate) fn lossy(&self) -> Cow<'_, str> {
        match decode::page(&self.bytes, self.charset.as_deref(), None) {
            Ok(decoded) => Cow::Owned(decoded.text.into_owned()),
            Err(_) => String::from_utf8_lossy(&self.bytes),
        }
    }

    /// Is it a row of JSONL, whose id is its own?
    pub fn is_row(&self) -> bool {
        self.sort == Sort::Row
    }

    /// Bytes as read.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn text(&self, input: &Input) -> Result<Document, InputError> {
        let decoded = decode::text(&self.bytes, self.charset.as_deref(), self.reader.encoding).map_err(|e| fail(input, e.reason, e.advice))?;
        let origin = self.origin(&decoded);
        Ok(Document { origin, url: self.url.clone(), ..Document::new(self.id.as_str(), decoded.text) })
    }

    fn row(&self, input: &Input) -> Result<Document, InputError> {
        let line = self.row_text(input)?;
        let row = row::read(&line, input)?;
        let document = match row.content {
            Content::Text(text) => Document { id: row.id, text: text.into_owned(), ..Document::default() },
            Content::Html(html) => {
                let decoded = decode::page(html.as_bytes(), None, None).map_err(|e| fail(input, e.reason, e.advice))?;
                self.page(row.id, &decoded.text, row.url.as_deref(), self.origin(&decoded), input)?
            }
        };
        let Document { id, text, published, title, url, mut origin } = document;
        let (published, from_published) = given(row.published, published, origin.published.take());
        let (title, from_title) = given(row.title, title, origin.title.take());
        let (url, from_url) = given(row.url, url, origin.url.take());
        let paged = origin.text.is_some();
        let told = |from: Option<String>| from.filter(|_| paged);
        let origin = Origin { published: told(from_published), title: told(from_title), url: told(from_url), ..origin };
        Ok(Document { id, text, published, title, url, origin })
    }

    /// JSON is UTF-8: nothing is guessed.
    fn row_text(&self, input: &Input) -> Result<Cow<'_, str>, InputError> {
        if let Some(forced) = self.reader.encoding {
            return Ok(decode::text(&self.bytes, None, Some(forced)).map_err(|e| fail(input, e.reason, e.advice))?.text);
        }
        let text = simdutf8::compat::from_utf8(&self.bytes);
        text.map(Cow::Borrowed).map_err(|e| fail(input, format!("not UTF-8 at byte {}", e.valid_up_to()), "convert it to UTF-8 first, or name its --encoding"))
    }

    fn html(&self, input: &Input) -> Result<Document, InputError> {
        let decoded = decode::page(&self.bytes, self.charset.as_deref(), self.reader.encoding).map_err(|e| fail(input, e.reason, e.advice))?;
        self.page(self.id.clone(), &decoded.text, self.url.as_deref(), self.origin(&decoded), input)
    }

    /// What the bytes went through.
    fn origin(&self, decoded: &decode::Decoded<'_>) -> Origin {
        let notes = self.notes.iter().chain(&decoded.notes).cloned().collect();
        Origin { encoding: decoded.told(), notes, ..Origin::default() }
    }

    /// Portals serve pages and new Word files under the old name.
    fn doc(&self, input: &Input) -> Result<Document, InputError> {
        if self.bytes.starts_with(b"PK") {
            return self.docx(input);
        }
        if sort_of(&self.bytes) == Sort::Html {
            return self.html(input);
        }
        let what = if self.bytes.starts_with(b"{\\rtf") { "RTF" } else { "Word's format of before 2007" };
        Err(fail(input, format!("{what} is not supported yet"), "convert it first, as with `soffice --headless --convert-to docx`"))
    }

    #[cfg(feature = "pages")]
    fn docx(&self, input: &Input) -> Result<Document, InputError> {
        let advice = "save it as .docx or .txt again";
        let docx = super::docx::read(&self.bytes, super::LIMIT).map_err(|reason| fail(input, reason, advice))?;
        let from = |title: &Option<String>| title.as_ref().map(|_| "properties".to_owned());
        let origin = Origin { title: from(&docx.title), text: Some("docx".to_owned()), ..Origin::default() };
        Ok(Document { title: docx.title, origin, ..Document::new(self.id.as_str(), docx.text) })
    }

    #[cfg(not(feature = "pages"))]
    fn docx(&self, input: &Input) -> Result<Document, InputError> {
        Err(fail(input, "Word files are not read by this build", "build with the feature `pages`"))
    }

    #[cfg(feature = "pages")]
    fn page(&self, id: String, html: &str, url: Option<&str>, mut origin: Origin, _: &Input) -> Result<Document, InputError> {
        let page = super::page::read(html, url, self.reader.profiles());
        let part = |told: Option<super::page::Told>| told.map_or((None, None), |t| (Some(t.value), Some(t.from)));
        let (title, published, url) = (part(page.title), part(page.published), part(page.url));
        origin.notes.extend(page.notes);
        let origin = Origin { title: title.1, published: published.1, url: url.1, text: Some(page.text_from), ..origin };
        Ok(Document { id, text: page.text, title: title.0, published: published.0, url: url.0, origin })
    }

    #[cfg(not(feature = "pages"))]
    fn page(&self, _: String, _: &str, _: Option<&str>, _: Origin, input: &Input) -> Result<Document, InputError> {
        Err(fail(input, "pages are not read by this build", "build with the feature `pages`"))
    }
}

/// What a row says wins over what its page says; each with where it came from.
fn given(said: Option<String>, found: Option<String>, from: Option<String>) -> (Option<String>, Option<String>) {
    match said {
        Some(value) => (Some(value), Some("given".to_owned())),
        None => (found, from),
    }
}

/// A page begins with its doctype or its first element.
pub(super) fn sort_of(bytes: &[u8]) -> Sort {
    let start = without_mark(&bytes[..bytes.len().min(512)]).to_ascii_lowercase();
    let page = cfg!(feature = "pages") && [&b"<!doctype html"[..], b"<html", b"<head", b"<!-- saved from"].iter().any(|s| start.starts_with(s));
    if page { Sort::Html } else { Sort::Text }
}

/// The start of a file, behind a byte order mark and white space.
pub(super) fn without_mark(start: &[u8]) -> &[u8] {
    start.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(start).trim_ascii_start()
}
