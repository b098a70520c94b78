//! Decoding: the first byte asks for an encoding or for none; the rest becomes a text, or a fault that says why not.

#![no_main]

use libfuzzer_sys::fuzz_target;
use solieu::document::{Encoding, Input, Raw, Reader, Sort};
use std::sync::Arc;

const NAMES: [&str; 6] = ["tcvn3", "vni", "viqr", "windows-1258", "utf-16le", "utf-8"];

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let asked = NAMES.get(usize::from(*first) % 8).and_then(|name| name.parse::<Encoding>().ok());
    let reader = Arc::new(Reader::default().with_encoding(asked));
    let input = Input { path: "a.txt".into(), line: None };
    match Raw::new("a", Sort::Text, bytes.to_vec(), reader).decode(&input) {
        Ok(document) if asked.is_none() && std::str::from_utf8(bytes).is_ok_and(|t| t.is_ascii()) && document.origin.encoding.is_none() => {
            assert_eq!(document.text.as_bytes(), bytes);
        }
        Ok(_) => {}
        Err(e) => assert!(!e.reason.is_empty() && asked.is_none()),
    }
});
