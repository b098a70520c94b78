//! Which format a file is in, by its name.
//!
//! In: a path. Out: [`Format`], none for files that a folder is not searched for. Never: a look into the file, or a document that is passed
//! over because its format is known and not read.

#[cfg(feature = "pages")]
use super::archive::Kind;
use super::inputs::{Input, InputError, fail};
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
    /// Known, and not read.
    Unread(Unread),
}

/// A format that may hold documents and is not read: each file is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unread {
    name: &'static str,
    advice: &'static str,
}

impl Unread {
    pub fn fault(self, input: &Input) -> InputError {
        fail(input, format!("{} is not supported yet", self.name), self.advice)
    }
}

const PDF: Unread = Unread { name: "PDF", advice: "convert it to text first, as with `pdftotext -layout`, and look whether its numbers are whole" };
const OFFICE: Unread = Unread { name: "this office format", advice: "convert it first, as with `soffice --headless --convert-to docx`" };
const PACKED: Unread = Unread { name: "this way of packing", advice: "unpack it, or pack it as .zip, .tar.gz or .gz" };

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
    (".doc", Format::Whole(Sort::Doc)),
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
    #[cfg(feature = "pages")]
    (".gz", Format::Archive(Kind::Gz)),
    (".pdf", Format::Unread(PDF)),
    (".rtf", Format::Unread(OFFICE)),
    (".odt", Format::Unread(OFFICE)),
    (".7z", Format::Unread(PACKED)),
    (".rar", Format::Unread(PACKED)),
    (".bz2", Format::Unread(PACKED)),
    (".xz", Format::Unread(PACKED)),
    (".zst", Format::Unread(PACKED)),
];

impl Format {
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let fitting = ENDINGS.iter().filter(|(ending, _)| name.len() > ending.len() && name.ends_with(ending));
        let (_, format) = fitting.max_by_key(|(ending, _)| ending.len())?;
        #[cfg(feature = "pages")]
        if *format == Format::Archive(Kind::Gz) {
            // A packed picture is no more a document than a plain one.
            return Self::of(Path::new(name.strip_suffix(".gz")?)).map(|_| *format);
        }
        Some(*format)
    }

    /// All endings, for messages.
    pub fn endings() -> String {
        let all: Vec<&str> = ENDINGS.iter().filter(|(_, format)| !matches!(format, Format::Unread(_))).map(|(ending, _)| *ending).collect();
        match all.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => all.join(""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_ending_wins_and_packed_files_are_what_they_pack() {
        let of = |name: &str| Format::of(Path::new(name));
        assert_eq!(of("a/B.TXT"), Some(Format::Whole(Sort::Text)));
        assert_eq!(of("a.png"), None);
        assert_eq!(of("a.pdf"), Some(Format::Unread(PDF)));
        #[cfg(feature = "pages")]
        for (name, kind) in [("a.tar.gz", Some(Kind::TarGz)), ("a.jsonl.gz", Some(Kind::Gz)), ("a.png.gz", None), (".gz", None)] {
            assert_eq!(of(name), kind.map(Format::Archive), "{name}");
        }
    }
}
