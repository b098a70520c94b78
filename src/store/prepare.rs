//! What is kept of a reading: made on the worker threads, so that the thread that writes has little to do.
//!
//! In: a reading. Out: its document and records as they are stored, each with the hash it is found by. Never: a loss: the body of a
//! record is the record.

use crate::document::Document;
use crate::pipeline::Reading;
use crate::record::Record;

/// Bytes of a hash that are kept: enough that nobody meets two texts of one hash, not even on purpose.
pub(super) const HASH: usize = 16;

/// A reading, ready to be stored.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(super) number: u64,
    pub(super) document: Document,
    pub(super) document_hash: String,
    pub(super) hash: [u8; HASH],
    pub(super) records: Vec<Body>,
}

/// A record as it is stored.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub id: String,
    pub hash: [u8; HASH],
    pub json: String,
}

impl Prepared {
    pub fn new(reading: Reading) -> Self {
        let document_hash = document_hash(&reading.document);
        let records: Vec<Body> = reading.records.iter().map(Body::of).collect();
        let mut hasher = blake3::Hasher::new();
        hasher.update(document_hash.as_bytes());
        for record in &records {
            hasher.update(&record.hash);
        }
        Self { number: reading.number, document: reading.document, document_hash, hash: short(&hasher), records }
    }
}

impl Body {
    fn of(record: &Record) -> Self {
        let json = serde_json::to_string(record).expect("a record is text and numbers");
        Self { id: record.id.clone(), hash: body_hash(&json), json }
    }
}

/// The hash that a document is found by: 32 hex digits of all that a reading depends on.
pub fn document_hash(document: &Document) -> String {
    let mut hasher = blake3::Hasher::new();
    let parts = [Some(&document.id), document.title.as_ref(), document.published.as_ref(), document.url.as_ref(), Some(&document.text)];
    for part in parts {
        // The length stands before each part, and tells none from empty.
        hasher.update(&part.map_or(u64::MAX, |p| p.len() as u64).to_le_bytes());
        hasher.update(part.map_or(&[], |p| p.as_bytes()));
    }
    short(&hasher).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hash that a record is found by.
pub fn body_hash(json: &str) -> [u8; HASH] {
    short(blake3::Hasher::new().update(json.as_bytes()))
}

fn short(hasher: &blake3::Hasher) -> [u8; HASH] {
    let mut out = [0; HASH];
    hasher.finalize_xof().fill(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_a_document_knows_each_part_and_where_it_stands() {
        let document =
            |title: Option<&str>, url: Option<&str>| Document { title: title.map(Into::into), url: url.map(Into::into), ..Document::new("a", "Có 5 xã.") };
        let hashes: std::collections::BTreeSet<_> =
            [document(None, None), document(Some(""), None), document(Some("x"), None), document(None, Some("x"))].iter().map(document_hash).collect();
        assert_eq!(hashes.len(), 4);
        assert!(hashes.iter().all(|h| h.len() == 2 * HASH));
    }
}
