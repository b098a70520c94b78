//! Documents: what the program reads, one by one, and where each came from.
//!
//! In: bytes, a name, hints. Out: [`Document`]. Never: a judgement on content.

mod read;

pub use read::{Input, InputError, Inputs, Item, LIMIT, Raw};

/// A text to read figures from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Names the document in records: the `id` of a JSONL row, or the path of a file below the folder that was given.
    pub id: String,
    /// The source text as given; spans of records point into it.
    pub text: String,
    /// ISO date of publication, when known. Relative times (`6 tháng đầu năm`, `đến nay`) are resolved with it.
    pub published: Option<String>,
    pub title: Option<String>,
    pub url: Option<String>,
}

impl Document {
    /// A document of plain text.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), ..Self::default() }
    }

    /// With a publication date (`YYYY-MM-DD`).
    pub fn published(mut self, date: impl Into<String>) -> Self {
        self.published = Some(date.into());
        self
    }
}
