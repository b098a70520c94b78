//! Which format a file is in, by its name.
//!
//! In: a path. Out: [`Format`], none for files that a folder is not searched for. Never: a look into the file.

#[cfg(feature = "pages")]
use super::archive::Kind;
use super::raw::Sort;
use std::path::Path;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One document.
    Whole(Sort),
    /// A document a line.
    Rows,
    #[cfg(feature = "pages")]
    Archive(Kind),
}

/// The longest ending that fits wins: `.tar.gz` is no `.gz`.
const ENDINGS: &[(&str, Format)] = &[
    (".txt", Format::Whole(Sort::Text)),
    (".jsonl", Format::Rows),
    #[cfg(feature = "pages")]
    (".html", Format::Whole(Sort::Html)),
    #[cfg(feature = "pages")]
    (".htm", Format::Whole(Sort::Html)),
    #[cfg(feature = "pages")]
    (".docx", Format::Whole(Sort::Docx)),
    #[cfg(feature = "pages")]
    (".pdf", Format::Whole(Sort::Pdf)),
    #[cfg(feature = "pages")]
    (".warc", Format::Archive(Kind::Warc)),
    #[cfg(feature = "pages")]
    (".warc.gz", Format::Archive(Kind::WarcGz)),
    #[cfg(feature = "pages")]
    (".zip", Format::Archive(Kind::Zip)),
    #[cfg(feature = "pages")]
    (".tar", Format::Archive(Kind::Tar)),
    #[cfg(feature = "pages")]
    (".tar.gz", Format::Archive(Kind::TarGz)),
    #[cfg(feature = "pages")]
    (".tgz", Format::Archive(Kind::TarGz)),
];

impl Format {
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        ENDINGS
            .iter()
            .filter(|(ending, _)| name.len() > ending.len() && name.ends_with(ending))
            .max_by_key(|(ending, _)| ending.len())
            .map(|(_, format)| *format)
    }

    /// All endings, for messages.
    pub fn endings() -> String {
        let all: Vec<&str> = ENDINGS.iter().map(|(ending, _)| *ending).collect();
        match all.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => all.join(""),
        }
    }
}
