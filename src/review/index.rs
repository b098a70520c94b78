//! The index: of every item what filters ask for, so that no filter has to read records.
//!
//! In: a difference, read once. Out: for a query the places of the items that it asks for. Never: records: of each item some numbers and
//! a line of words are kept.

use super::query::{Query, key};
use crate::diff::{Class, Diff, Item, Shown, SideError};
use crate::record::Record;
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A name by its number in [`Names`].
type Name = u32;

/// What is kept of an item.
#[derive(Debug)]
pub struct Entry {
    pub key: u64,
    pub class: Class,
    /// Of the old record and of the new one, if they differ.
    indicators: Box<[Name]>,
    places: Box<[Name]>,
    documents: Box<[Name]>,
    checks: Box<[Name]>,
    /// Quotes as the list shows them.
    pub label: Box<str>,
    /// What words are sought in: without accents, in small letters.
    words: Box<str>,
}

/// Names that items share.
#[derive(Debug, Default)]
pub struct Names {
    names: Vec<Box<str>>,
    numbers: FxHashMap<Box<str>, Name>,
    /// How many items have it.
    counts: Vec<usize>,
}

#[derive(Debug, Default)]
pub struct Index {
    pub entries: Vec<Entry>,
    by_key: FxHashMap<u64, usize>,
    pub indicators: Names,
    pub places: Names,
    pub documents: Names,
    pub checks: Names,
}

impl Names {
    fn number(&mut self, name: &str) -> Name {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = Name::try_from(self.names.len()).unwrap_or(Name::MAX);
        self.names.push(name.into());
        self.counts.push(0);
        self.numbers.insert(name.into(), number);
        number
    }

    fn numbers<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> Box<[Name]> {
        let mut numbers: Vec<Name> = names.map(|name| self.number(name)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.iter().for_each(|n| self.counts[*n as usize] += 1);
        numbers.into()
    }

    /// The most frequent names, with how many items have each.
    pub fn frequent(&self, count: usize) -> Vec<(&str, usize)> {
        let mut all: Vec<(&str, usize)> = self.names.iter().map(AsRef::as_ref).zip(self.counts.iter().copied()).collect();
        all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all.truncate(count);
        all
    }

    /// For each name whether it is asked for; none when all are.
    fn asked(&self, text: &str) -> Option<Vec<bool>> {
        Query::wildcard(text).map(|wildcard| self.names.iter().map(|name| name.split('\t').any(|part| wildcard.is(part))).collect())
    }
}

impl Index {
    /// Reads all items once.
    ///
    /// # Errors
    /// When a side cannot be read.
    pub fn new(diff: &Diff) -> Result<Self, SideError> {
        let mut index = Self::default();
        for (place, item) in diff.items().enumerate() {
            index.add(place, &item?);
        }
        Ok(index)
    }

    fn add(&mut self, place: usize, item: &Item) {
        let key = key(&item.key).unwrap_or_default();
        let records: Vec<&Record> = [&item.old, &item.new].into_iter().flatten().map(|s| &s.record).collect();
        let indicators = self.indicators.numbers(records.iter().map(|r| r.indicator.as_ref().map_or("none", |i| i.id.as_str())));
        let names: Vec<String> =
            records.iter().filter_map(|r| r.place.as_ref()).map(|p| format!("{}\t{}", p.name, p.code.as_deref().unwrap_or_default())).collect();
        let places = self.places.numbers(names.iter().map(String::as_str));
        let documents = self.documents.numbers(records.iter().map(|r| r.document.as_str()));
        let checks = self.checks.numbers(records.iter().flat_map(|r| r.checks.iter().map(String::as_str)));
        let entry = Entry { key, class: item.class, indicators, places, documents, checks, label: label(item).into(), words: words(&records).into() };
        self.entries.push(entry);
        self.by_key.insert(key, place);
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The place of an item.
    pub fn place(&self, key: u64) -> Option<usize> {
        self.by_key.get(&key).copied()
    }

    /// The places of items that a filter asks for, in their order, but for what reviewers said of them.
    pub fn asked<'i>(&'i self, query: &'i Query) -> impl Iterator<Item = usize> + 'i {
        let lists = [self.indicators.asked(&query.indicator), self.places.asked(&query.place), self.documents.asked(&query.document)];
        let checks = self.checks.asked(&query.check);
        let words: Vec<String> = query.words.split_whitespace().map(fold).collect();
        let has = move |entry: &Entry| {
            let named = [&entry.indicators, &entry.places, &entry.documents];
            query.class.is_none_or(|class| entry.class == class)
                && named.iter().zip(&lists).all(|(names, asked)| is_asked(names, asked.as_deref()))
                && is_asked(&entry.checks, checks.as_deref())
                && words.iter().all(|word| entry.words.contains(word.as_str()))
        };
        self.entries.iter().enumerate().filter(move |(_, entry)| has(entry)).map(|(place, _)| place)
    }
}

fn is_asked(names: &[Name], asked: Option<&[bool]>) -> bool {
    asked.is_none_or(|asked| names.iter().any(|n| asked.get(*n as usize).copied().unwrap_or(false)))
}

/// The quote, or both where they differ.
fn label(item: &Item) -> String {
    let quote = |shown: &Option<Shown>| shown.as_ref().map(|s| s.record.quote.clone());
    match (quote(&item.old), quote(&item.new)) {
        (Some(old), Some(new)) if old != new => format!("{old} → {new}"),
        (old, new) => new.or(old).unwrap_or_default(),
    }
}

fn words(records: &[&Record]) -> String {
    let mut all: Vec<&str> = Vec::new();
    for r in records {
        let place = r.place.as_ref().map(|p| p.name.as_str());
        let parts = [Some(r.id.as_str()), Some(&r.document), Some(&r.quote), Some(&r.unit), r.subject.as_deref(), r.basis.as_deref(), place];
        all.extend(parts.into_iter().flatten());
        all.extend(r.indicator.as_ref().map(|i| i.id.as_str()));
        all.push(&r.rule);
    }
    let mut seen = Vec::new();
    all.retain(|part| {
        !seen.contains(part) && {
            seen.push(*part);
            true
        }
    });
    fold(&all.join("\n"))
}

/// Without accents, in small letters: only to find, never to judge.
fn fold(text: &str) -> String {
    let letters = text.nfd().filter(|c| !is_combining_mark(*c));
    letters.map(|c| if matches!(c, 'đ' | 'Đ') { 'd' } else { c }).flat_map(char::to_lowercase).collect()
}
