//! Documents: what the program reads, one by one, and where each came from.
//!
//! In: bytes, a name, hints. Out: [`Document`]. Never: a judgement on content.
//!
//! | file | question |
//! |---|---|
//! | `inputs.rs` | which files, rows and members of archives are there, in which order? |
//! | `format.rs` | how is a file read, by its name? |
//! | `archive/` | which documents are in an archive? |
//! | `raw.rs` | what is a document as read, before it is decoded? |
//! | `row.rs` | what does a row of JSONL hold? |
//! | `decode/` | which text do the bytes stand for? |
//! | `docx.rs` | what does a Word file say? |
//! | `page/` | what does a saved page say? |

#[cfg(feature = "pages")]
mod archive;
mod decode;
#[cfg(feature = "pages")]
mod docx;
mod format;
mod inputs;
#[cfg(feature = "pages")]
pub mod page;
mod raw;
mod row;

pub use decode::Encoding;
pub use inputs::{Input, InputError, Inputs, Item, LIMIT};
pub use raw::{Raw, Reader, Sort};
pub use row::iso_date;

#[cfg(feature = "nightly")]
pub(crate) use archive::{ARTICLE, PART, Unpack, charset, sort_of_type, unpack};
#[cfg(feature = "nightly")]
pub(crate) use decode::page as decode_page;

/// A text to read figures from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Names the document in records: the `id` of a JSONL row, or the path of a file below the folder that was given.
    pub id: String,
    /// The source text as given, or as its page shows it; spans of records point into it. Cells of a table stand in one line, apart
    /// by tabs.
    pub text: String,
    /// ISO date of publication, when known. Relative times (`6 tháng đầu năm`, `đến nay`) are resolved with it.
    pub published: Option<String>,
    pub title: Option<String>,
    pub url: Option<String>,
    pub origin: Origin,
}

/// Where the parts of a document came from, and how it was decoded. Empty for what was given as text.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Origin {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The encoding of the bytes and what told it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// What a reader of the document should know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
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
