//! Rule files: any text is compiled or has faults, each at a place in it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use solieu::rules::{SourceFile, compile};

fuzz_target!(|data: &str| {
    let file = SourceFile { name: "words/a.toml".to_owned(), text: data.to_owned().into(), overlay: true };
    let (_, diagnostics) = compile(vec![file]);
    for d in diagnostics {
        assert!(d.span.start <= d.span.end && d.span.end <= data.len() && data.is_char_boundary(d.span.start), "{d:?}");
    }
});
