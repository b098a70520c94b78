//! Gold files and records as the scorer reads them.

use crate::document::Document;
use crate::extract::Extractor;
use crate::record::Record;
use rayon::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Why a gold file or a file of records cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {reason}; expected {expected}", path.display(), line.map(|l| format!(":{l}")).unwrap_or_default())]
pub struct GoldError {
    pub path: PathBuf,
    pub line: Option<usize>,
    pub reason: String,
    pub expected: &'static str,
}

/// A document with the figures that people found in it.
#[derive(Debug, Clone, Deserialize)]
pub struct GoldDocument {
    pub id: String,
    pub text: String,
    #[serde(default)]
    pub published: Option<String>,
    pub figures: Vec<Figure>,
}

/// A figure of a gold file. Offsets count code points.
#[derive(Debug, Clone, Deserialize)]
pub struct Figure {
    pub start: usize,
    pub end: usize,
    pub quote: String,
    #[serde(flatten)]
    pub value: Amounts,
    #[serde(flatten)]
    pub said: Said,
    #[serde(default)]
    pub time: Option<Time>,
    /// May be left out: neither rewarded nor punished.
    #[serde(default)]
    pub optional: bool,
}

/// What gold files and records say alike; an absent qualifier, change or status is the default one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Said {
    pub kind: Option<String>,
    pub unit: Option<String>,
    pub qualifier: Option<String>,
    pub change: Option<String>,
    pub status: Option<String>,
    pub subject: Option<String>,
    pub basis: Option<String>,
    pub place: Option<PlaceName>,
}

/// The number of a figure.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Amounts {
    pub amount: Plain,
    pub upper: Plain,
    pub of: Plain,
}

/// A number written as a string, or as a JSON number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plain(pub Option<String>);

impl Plain {
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Null => Ok(Self(None)),
            serde_json::Value::String(text) => Ok(Self(Some(text))),
            serde_json::Value::Number(number) => Ok(Self(Some(number.to_string()))),
            other => Err(serde::de::Error::custom(format!("a number was expected, not {other}"))),
        }
    }
}

/// A place, by name alone or with more said of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum PlaceName {
    Name(String),
    Place { name: Option<String> },
}

impl PlaceName {
    pub fn name(&self) -> Option<&str> {
        match self {
            PlaceName::Name(name) => Some(name),
            PlaceName::Place { name } => name.as_deref(),
        }
    }
}

/// ISO dates, inclusive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Time {
    #[serde(default)]
    pub start: Option<String>,
    #[serde(default)]
    pub end: Option<String>,
}

/// A record as far as it is judged.
#[derive(Debug, Clone, Deserialize)]
pub struct Predicted {
    pub document: Named,
    #[serde(default)]
    pub quote: Option<String>,
    pub span: PredictedSpan,
    #[serde(default)]
    pub value: Option<Amounts>,
    #[serde(flatten)]
    pub said: Said,
    #[serde(default)]
    pub period: Option<Time>,
}

/// A document by its id.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Named {
    Id(String),
    Document { id: String },
}

#[derive(Debug, Clone, Deserialize)]
pub struct PredictedSpan {
    pub chars: [usize; 2],
}

impl Predicted {
    pub fn document(&self) -> &str {
        match &self.document {
            Named::Id(id) | Named::Document { id } => id,
        }
    }
}

impl From<Record> for Predicted {
    fn from(r: Record) -> Self {
        let some = |text: &str| Some(text.to_owned());
        Self {
            document: Named::Id(r.document),
            quote: Some(r.quote),
            span: PredictedSpan { chars: r.span.chars },
            value: Some(Amounts { amount: Plain(Some(r.value.amount)), upper: Plain(r.value.upper), of: Plain(r.value.of) }),
            said: Said {
                kind: some(r.kind.as_str()),
                unit: Some(r.unit),
                qualifier: some(r.qualifier.as_str()),
                change: some(r.change.as_str()),
                status: some(r.status.as_str()),
                subject: r.subject,
                basis: r.basis,
                place: r.place.map(|p| PlaceName::Name(p.name)),
            },
            period: r.period.map(|p| Time { start: p.start, end: p.end }),
        }
    }
}

/// Records by document.
pub type ByDocument = HashMap<String, Vec<Predicted>>;

/// Reads a gold file.
///
/// # Errors
/// At the first line that is no gold document.
pub fn gold(path: &Path) -> Result<Vec<GoldDocument>, GoldError> {
    lines(path, "one gold document a line: {\"id\", \"text\", \"published\"?, \"figures\": [...]}")
}

/// Reads the records of an earlier run.
///
/// # Errors
/// At the first line that is no record.
pub fn predicted(path: &Path) -> Result<ByDocument, GoldError> {
    let records = lines(path, "one record a line, as `solieu extract --format jsonl` prints it")?;
    Ok(by_document(records))
}

/// Runs the extractor on the texts of a gold file.
pub fn extracted(gold: &[GoldDocument], extractor: &Extractor) -> ByDocument {
    let of = |d: &GoldDocument| {
        let document = Document { id: d.id.clone(), text: d.text.clone(), published: d.published.clone(), ..Document::default() };
        extractor.extract(&document).into_iter().map(Predicted::from).collect::<Vec<_>>()
    };
    by_document(gold.par_iter().flat_map_iter(of).collect())
}

fn by_document(records: Vec<Predicted>) -> ByDocument {
    let mut out = ByDocument::new();
    for record in records {
        out.entry(record.document().to_owned()).or_default().push(record);
    }
    out
}

fn lines<T: DeserializeOwned>(path: &Path, expected: &'static str) -> Result<Vec<T>, GoldError> {
    let fail = |line, reason: String| GoldError { path: path.to_owned(), line, reason, expected };
    let file = File::open(path).map_err(|e| fail(None, format!("cannot be opened: {e}")))?;
    let mut out = Vec::new();
    for (i, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(|e| fail(Some(i + 1), format!("cannot be read: {e}")))?;
        if !line.trim().is_empty() {
            out.push(serde_json::from_str(&line).map_err(|e| fail(Some(i + 1), e.to_string()))?);
        }
    }
    Ok(out)
}
