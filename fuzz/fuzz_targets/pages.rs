//! Pages: whatever their bytes are, they are read, and what is printed of them has no letter that the page has not.

#![no_main]

use libfuzzer_sys::fuzz_target;
use solieu::document::{Input, Raw, Reader, Sort};
use std::sync::{Arc, LazyLock};

static READER: LazyLock<Arc<Reader>> = LazyLock::new(Arc::default);

fuzz_target!(|data: &[u8]| {
    let input = Input { path: "a.html".into(), line: None };
    let Ok(document) = Raw::new("a", Sort::Html, data.to_vec(), READER.clone()).decode(&input) else { return };
    assert!(!document.text.contains(['\r', '\u{200B}', '\0']), "{:?}", document.text);
    assert!(document.published.is_none_or(|d| d.len() == 10));
    assert!(document.text.is_empty() || document.text.ends_with('\n'));
});
