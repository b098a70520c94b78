//! What of a record is compared: the one definition of "equal", for finding differences and for showing them.
//!
//! In: a record as JSON. Out: an [`Entry`]: hashes of its parts, and where it is. `link` is made of other parts, and not compared.
//! Never: a part that is compared and cannot be shown.

use super::class::Class;
use crate::record::{Spans, sentence};
use serde::Deserialize;
use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use xxhash_rust::xxh3::Xxh3;

/// Where a record is on its side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// Number of its document in the run of a store; 0 elsewhere.
    pub document: u64,
    /// Byte of its line, or its number in the store.
    pub record: u64,
}

/// A record, as far as it is compared. Hashes have 64 bits; 0 stands for nothing.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub at: At,
    pub id: u64,
    pub document: u64,
    /// Code points.
    pub span: [u32; 2],
    value: u64,
    unit: u64,
    fields: u64,
    rule: u64,
    words: u64,
    /// Of the sentence, where its text is known; else of its length and the place of the figure in it.
    sentence: u64,
    range: u64,
    position: u64,
    /// The figure wherever it stands in its document: all of it, or what the text says of it alone.
    pub same: u64,
    pub alike: u64,
    /// What figures of one series share, with how they are said, and without.
    pub series: u64,
    pub time: u64,
    pub subject: u64,
}

impl Entry {
    /// Reads a record. `text` is that of its document, where it is known.
    ///
    /// # Errors
    /// When it is no record.
    pub fn read(json: &str, at: At, text: Option<&str>) -> Result<Self, serde_json::Error> {
        let facts: Facts<'_> = serde_json::from_str(json)?;
        Ok(facts.entry(at, text))
    }

    /// How the two differ; none when they are equal.
    pub fn class(&self, new: &Entry) -> Option<Class> {
        let text = |old: &Entry, new: &Entry| match [old.sentence, new.sentence].contains(&0) {
            true => [old.range, new.range].contains(&0) || old.range == new.range,
            false => old.sentence == new.sentence,
        };
        let differs = [
            (self.value != new.value, Class::Value),
            (self.unit != new.unit, Class::Unit),
            (self.fields != new.fields, Class::Field),
            (self.rule != new.rule, Class::Rule),
            (self.words != new.words || !text(self, new), Class::Text),
            (self.position != new.position, Class::Moved),
        ];
        differs.into_iter().find(|(differs, _)| *differs).map(|(_, class)| class)
    }
}

/// A record, borrowed from its line.
#[derive(Deserialize)]
struct Facts<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    document: Cow<'a, str>,
    #[serde(borrow)]
    quote: Cow<'a, str>,
    span: Spans,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    value: Value<'a>,
    #[serde(borrow)]
    unit: Cow<'a, str>,
    #[serde(borrow)]
    qualifier: Cow<'a, str>,
    #[serde(borrow)]
    change: Cow<'a, str>,
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(borrow)]
    subject: Option<Cow<'a, str>>,
    #[serde(borrow)]
    basis: Option<Cow<'a, str>>,
    #[serde(borrow)]
    indicator: Option<Indicator<'a>>,
    #[serde(borrow)]
    place: Option<Place<'a>>,
    #[serde(borrow)]
    period: Option<Period<'a>>,
    #[serde(default)]
    sentence: [usize; 2],
    #[serde(borrow)]
    rule: Cow<'a, str>,
    #[serde(borrow)]
    checks: Vec<Cow<'a, str>>,
    /// Only in lines that were made of a Parquet file.
    #[serde(default, borrow)]
    sentence_text: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Hash)]
struct Value<'a> {
    #[serde(borrow)]
    amount: Cow<'a, str>,
    #[serde(borrow)]
    upper: Option<Cow<'a, str>>,
    #[serde(borrow)]
    of: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Hash)]
struct Indicator<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(default, borrow)]
    programme: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Hash)]
struct Place<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(default, borrow)]
    code: Option<Cow<'a, str>>,
    #[serde(borrow)]
    level: Cow<'a, str>,
}

#[derive(Deserialize, Hash)]
struct Period<'a> {
    #[serde(borrow)]
    start: Option<Cow<'a, str>>,
    #[serde(borrow)]
    end: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    text: Option<Cow<'a, str>>,
}

impl Facts<'_> {
    fn entry(&self, at: At, text: Option<&str>) -> Entry {
        let known = text.map(|text| Cow::Owned(sentence(text, &self.span, self.sentence)));
        let days = self.period.as_ref().map(|p| (&p.start, &p.end));
        let document = hash(&self.document);
        let value = hash(&self.value);
        let unit = hash(&self.unit);
        let said = (&self.kind, &self.status, &self.change);
        let fields = hash(&(said, &self.qualifier, &self.subject, &self.basis, &self.indicator, &self.place, days, &self.checks));
        let whose = (document, &self.place, days);
        let series = |hash: u64| if self.indicator.is_some() { hash } else { 0 };
        let subject = self.subject.is_some() && self.indicator.is_none();
        let offset = self.span.chars[0].saturating_sub(self.sentence[0]);
        let length = self.sentence[1].saturating_sub(self.sentence[0]);
        Entry {
            at,
            id: number(&self.id),
            document,
            span: self.span.chars.map(|c| u32::try_from(c).unwrap_or(u32::MAX)),
            value,
            unit,
            fields,
            rule: hash(&self.rule),
            words: hash(&(&self.quote, self.period.as_ref().map(|p| &p.text))),
            sentence: known.as_ref().or(self.sentence_text.as_ref()).map_or(0, hash),
            range: if length == 0 { 0 } else { hash(&(offset, length)) },
            position: hash(&(document, self.span.chars, self.span.bytes)),
            same: hash(&(&self.quote, value, unit, fields)),
            alike: hash(&(document, &self.quote, &self.kind, value, unit)),
            series: series(hash(&(whose, &self.indicator, said))),
            time: series(hash(&(whose, &self.indicator))),
            subject: if subject { hash(&(whose, &self.subject, unit, said)) } else { 0 },
        }
    }
}

/// Ids of this program are 16 hex digits; any other is hashed.
fn number(id: &str) -> u64 {
    let own = id.len() == 16 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if own { u64::from_str_radix(id, 16).unwrap_or_default() } else { hash(&id) }
}

/// Never 0.
fn hash(value: &impl Hash) -> u64 {
    let mut hasher = Xxh3::new();
    value.hash(&mut hasher);
    hasher.finish().max(1)
}
