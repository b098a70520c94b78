//! Saved pages as Python objects.
//!
//! In: the source of a page. Out: what it says, and where each part came from. Never: a judgement; the library reads.

use pyo3::prelude::*;
use solieu::Document;
use std::collections::BTreeMap;

/// What a page says: title, text, date, address, and where each came from.
#[pyclass(frozen, get_all, module = "solieu")]
pub struct Page {
    /// Title, lead and body, a paragraph a line, the cells of a table apart by tabs; empty when the page is no article.
    text: String,
    title: Option<String>,
    /// ISO date of publication.
    published: Option<String>,
    url: Option<String>,
    /// Who found `text`, `title`, `published`, `url` and `encoding`: a profile, `json-ld`, `readability` …
    origin: BTreeMap<&'static str, String>,
    /// What a reader of the page should know, as that it is no article.
    notes: Vec<String>,
}

impl From<Document> for Page {
    fn from(document: Document) -> Self {
        let from = document.origin;
        let parts = [("text", from.text), ("title", from.title), ("published", from.published), ("url", from.url), ("encoding", from.encoding)];
        let origin = parts.into_iter().filter_map(|(part, source)| Some((part, source?))).collect();
        Self { text: document.text, title: document.title, published: document.published, url: document.url, origin, notes: from.notes }
    }
}

#[pymethods]
impl Page {
    fn __repr__(&self) -> String {
        format!("<Page {:?}, {} characters>", self.title.as_deref().unwrap_or(""), self.text.chars().count())
    }
}
