//! JSON Lines: one record a line, as `solieu schema` describes it.

use super::Format;
use crate::pipeline::Reading;

/// One record a line.
pub struct Jsonl;

impl Format for Jsonl {
    fn write(&self, reading: &Reading, out: &mut Vec<u8>) {
        for record in &reading.records {
            serde_json::to_writer(&mut *out, record).expect("a record has string keys only, and memory takes all");
            out.push(b'\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Extractor, Record};

    #[test]
    fn each_line_is_a_record_again() {
        let document = Document::new("a", "Tỉnh Lai Châu có 94 xã và 1.200 hộ nghèo.\nKhông có gì.");
        let records = Extractor::new().extract(&document);
        assert_eq!(records.len(), 2);
        let reading = Reading { number: 1, document, records };
        let bytes = Jsonl.bytes(&reading);
        let again: Vec<Record> = serde_json::Deserializer::from_slice(&bytes).into_iter().map(Result::unwrap).collect();
        assert_eq!(again, reading.records);
        assert_eq!(bytes.iter().filter(|b| **b == b'\n').count(), 2);
    }
}
