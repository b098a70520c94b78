//! Texts: whatever they hold, each record points to its quote, in bytes and in characters, and records stand in the order of the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use solieu::{Document, Extractor};
use std::sync::LazyLock;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(Extractor::new);

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let records = EXTRACTOR.extract(&Document::new("a", text.as_ref()));
    for record in &records {
        let [start, end] = record.span.bytes;
        assert_eq!(text.get(start..end), Some(record.quote.as_str()));
        let [first, last] = record.span.chars;
        assert_eq!(text.chars().skip(first).take(last - first).collect::<String>(), record.quote);
        assert!(record.sentence[0] <= first && last <= record.sentence[1], "{record:?}");
    }
    assert!(records.windows(2).all(|w| w[0].span.bytes[0] <= w[1].span.bytes[0]));
});
