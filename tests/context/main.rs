//! What a sentence, its bracket, its paragraph and its document say of a figure: grammar that no single rule holds.

mod place;
mod quantity;
mod subject;
mod time;

use solieu::{Document, Extractor, Record};

/// The figure of a text that is quoted so.
fn figure(text: &str, quote: &str) -> Record {
    let records = Extractor::new().extract(&Document::new("case", text));
    let quotes: Vec<String> = records.iter().map(|r| r.quote.clone()).collect();
    records.into_iter().find(|r| r.quote == quote).unwrap_or_else(|| panic!("no figure {quote:?} in {text:?}, only {quotes:?}"))
}

fn place(text: &str, quote: &str) -> Option<String> {
    figure(text, quote).place.map(|p| p.name)
}

fn end(text: &str, quote: &str) -> Option<String> {
    figure(text, quote).period.and_then(|p| p.end)
}

fn subject(text: &str, quote: &str) -> String {
    figure(text, quote).subject.unwrap_or_default()
}

/// The figure of a text of a day that is quoted so.
fn published(text: &str, day: &str, quote: &str) -> Record {
    let document = Document { published: Some(day.to_owned()), ..Document::new("case", text) };
    let records = Extractor::new().extract(&document);
    records.into_iter().find(|r| r.quote == quote).unwrap_or_else(|| panic!("no figure {quote:?} in {text:?}"))
}
