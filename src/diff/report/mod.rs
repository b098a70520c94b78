//! How differences are printed: for people on a terminal, for programs, for a pull request, for a browser.
//!
//! In: what was compared, and the items that are shown. Out: text, item after item. Never: a text of a document that a reader of the
//! format would take for something else: each format escapes what it quotes.

mod html;
mod json;
mod markdown;
#[cfg(feature = "cli")]
mod table;

pub use html::Html;
pub use json::Json;
pub use markdown::Markdown;
#[cfg(feature = "cli")]
pub use table::Table;

use super::{Class, Counts, Item, Shown};
use crate::record::Record;
use std::io::{self, Write};

/// What stands above the items.
#[derive(Debug, Clone)]
pub struct Heading {
    /// The old side and the new one, as named.
    pub sides: [String; 2],
    /// Of all items.
    pub counts: Counts,
    /// Of those that the filter lets through, when there is one.
    pub filtered: Option<Counts>,
}

/// A way to print items.
pub trait Report {
    /// # Errors
    /// When the stream cannot be written.
    fn head(&mut self, heading: &Heading, out: &mut dyn Write) -> io::Result<()>;

    /// # Errors
    /// When the stream cannot be written.
    fn item(&mut self, item: &Item, out: &mut dyn Write) -> io::Result<()>;

    /// What stands below, with the number of items that were not shown.
    ///
    /// # Errors
    /// When the stream cannot be written.
    fn foot(&mut self, left: usize, out: &mut dyn Write) -> io::Result<()>;
}

impl Heading {
    /// One line: how many records and items.
    fn line(&self) -> String {
        let [old, new] = self.counts.records();
        let mut line = format!("records: {old} → {new}, same: {}", self.counts.same);
        line += &classes(&self.counts);
        if let Some(filtered) = &self.filtered {
            line += &format!("; under the filter: {}{}", filtered.items(), classes(filtered));
        }
        line
    }
}

fn classes(counts: &Counts) -> String {
    let told = Class::ALL.iter().filter(|c| counts.of(**c) > 0).map(|c| format!(", {}: {}", c.as_str(), counts.of(*c)));
    told.collect()
}

/// What an item says in short: the old figure, the new one.
fn quotes(item: &Item) -> [Option<String>; 2] {
    [&item.old, &item.new].map(|shown| shown.as_ref().map(|s| one_line(&s.record.quote)))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Series, place and time of a record, as far as known.
fn whose(record: &Record) -> String {
    let period = record.period.as_ref().map(|p| match (&p.start, &p.end) {
        (Some(start), Some(end)) => format!("{start}…{end}"),
        (Some(start), None) => format!("{start}…"),
        (None, end) => format!("→ {}", end.as_deref().unwrap_or("?")),
    });
    let what = record.indicator.as_ref().map(|i| i.id.clone()).or(record.subject.clone());
    let parts = [what, record.place.as_ref().map(|p| p.name.clone()), period];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn said(value: Option<&String>) -> String {
    value.map_or_else(|| "–".to_owned(), |v| one_line(v))
}

fn document(item: &Item) -> &str {
    item.shown().map_or("", |Shown { record, .. }| record.document.as_str())
}
