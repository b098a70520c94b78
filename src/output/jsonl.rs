//! JSON Lines: one record a line, as `solieu schema` describes it.

use super::Format;
use crate::document::Document;
use crate::record::Record;

/// One record a line.
pub struct Jsonl;

impl Format for Jsonl {
    fn write(&self, _: &Document, records: &[Record], out: &mut Vec<u8>) {
        for record in records {
            serde_json::to_writer(&mut *out, record).expect("a record has string keys only, and memory takes all");
            out.push(b'\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Extractor;

    #[test]
    fn each_line_is_a_record_again() {
        let document = Document::new("a", "Tỉnh Lai Châu có 94 xã và 1.200 hộ nghèo.\nKhông có gì.");
        let records = Extractor::new().extract(&document);
        assert_eq!(records.len(), 2);
        let bytes = Jsonl.bytes(&document, &records);
        let again: Vec<Record> = serde_json::Deserializer::from_slice(&bytes).into_iter().map(Result::unwrap).collect();
        assert_eq!(again, records);
        assert_eq!(bytes.iter().filter(|b| **b == b'\n').count(), 2);
    }
}
