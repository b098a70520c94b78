//! Archives and Word files: the first byte says which; every member is read or told, and reading ends.

#![no_main]

use libfuzzer_sys::fuzz_target;
use solieu::document::Inputs;

const NAMES: [&str; 7] = ["a.warc", "a.warc.gz", "a.zip", "a.tar", "a.tar.gz", "a.docx", "a.jsonl.gz"];

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join(NAMES[usize::from(*first) % NAMES.len()]);
    std::fs::write(&path, bytes).expect("a file");
    let items = Inputs::new([path]).with_limit(1 << 20).take(5000);
    let seen = items.map(|item| item.and_then(|(input, raw)| raw.decode(&input)).map_err(|e| assert!(!e.reason.is_empty()))).count();
    assert!(seen > 0 || bytes.is_empty() || *first % 7 == 6, "neither a document nor a fault");
});
