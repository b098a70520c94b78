//! The rule files: embedded in the binary, or from a folder that extends and replaces them.
//!
//! In: a folder, or nothing. Out: named texts, and which layer each belongs to. Never: a look at what they say.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/patterns.rs"));
}

/// One rule file.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path below `patterns/`, with `/` between folders.
    pub name: String,
    pub text: std::borrow::Cow<'static, str>,
    /// From `--patterns DIR` (true) or embedded (false).
    pub overlay: bool,
}

/// Why a folder of rules could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {reason}; expected a folder of rule files as `patterns/` is one (see patterns/README.md)", path = path.display())]
pub struct ReadError {
    pub path: PathBuf,
    pub reason: String,
}

/// The files that are part of the program.
pub fn embedded() -> Vec<SourceFile> {
    embedded::FILES.iter().map(|&(name, text)| SourceFile { name: name.to_owned(), text: text.into(), overlay: false }).collect()
}

/// The files of `dir`, found by folder.
///
/// # Errors
/// When the folder or a file in it cannot be read as UTF-8.
pub fn folder(dir: &Path) -> Result<Vec<SourceFile>, ReadError> {
    let fail = |path: &Path, reason: String| ReadError { path: path.to_owned(), reason };
    if !dir.is_dir() {
        return Err(fail(dir, "no such folder".into()));
    }
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(dir).sort_by_file_name() {
        let entry = entry.map_err(|e| fail(dir, e.to_string()))?;
        let path = entry.path();
        if !entry.file_type().is_file() || !path.extension().is_some_and(|e| e == "toml" || e == "csv") {
            continue;
        }
        let text = std::fs::read_to_string(path).map_err(|e| fail(path, e.to_string()))?;
        let name = path.strip_prefix(dir).unwrap_or(path).to_string_lossy().replace('\\', "/");
        files.push(SourceFile { name, text: text.into(), overlay: true });
    }
    if files.is_empty() {
        return Err(fail(dir, "no .toml or .csv file in it".into()));
    }
    Ok(files)
}

/// The embedded files with those of `dir` laid over them: the same path replaces, another adds. A folder that has all the
/// folders of `patterns/` is a whole set and stands alone, so that what it leaves out is gone.
///
/// # Errors
/// As [`folder`].
pub fn overlaid(dir: &Path) -> Result<Vec<SourceFile>, ReadError> {
    let over = folder(dir)?;
    if is_whole(&over) {
        return Ok(over);
    }
    let mut files: Vec<SourceFile> = embedded().into_iter().filter(|e| !over.iter().any(|o| o.name == e.name)).collect();
    files.extend(over);
    Ok(files)
}

fn is_whole(files: &[SourceFile]) -> bool {
    let folders = |files: &[SourceFile]| files.iter().filter_map(|f| Some(f.name.split_once('/')?.0.to_owned())).collect::<BTreeSet<_>>();
    folders(files).is_superset(&folders(&embedded()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(names: &[&str]) -> Vec<SourceFile> {
        let dir = tempfile::tempdir().unwrap();
        for name in names {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        overlaid(dir.path()).unwrap()
    }

    #[test]
    fn an_overlay_replaces_by_path_and_adds() {
        let files = laid(&["words/status.toml", "indicators/mine.toml"]);
        assert_eq!(files.len(), embedded().len() + 1);
        assert_eq!(files.iter().filter(|f| f.overlay).count(), 2);
    }

    #[test]
    fn a_whole_set_stands_alone() {
        let names = [
            "words/a.toml",
            "units/a.toml",
            "exclusions/a.toml",
            "periods/a.toml",
            "places/a.toml",
            "quantities/a.toml",
            "indicators/a.toml",
            "portals/a.toml",
        ];
        assert_eq!(laid(&names).len(), names.len());
    }
}
