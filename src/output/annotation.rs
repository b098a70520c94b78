//! W3C Web Annotation: one annotation a line, each a JSON-LD document of its own.
//!
//! In: readings. Out: lines. The target is the page, found by its words; of a document without an address it is the text, found by
//! its words and by position. The body is the record. Never: a position in a page: ours are positions in the text that was read.

use super::Format;
use crate::document::Document;
use crate::pipeline::Reading;
use crate::record::{Record, around};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

const CONTEXT: &str = "http://www.w3.org/ns/anno.jsonld";
/// What the specification of text fragments is called in a selector.
const FRAGMENTS: &str = "https://wicg.github.io/scroll-to-text-fragment/";
/// So many characters before and after a figure say which of its like is meant.
const AROUND: usize = 32;
/// What may not stand in an address as it is.
const ODD: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}').add(b'|').add(b'\\').add(b'^');

/// Web annotations, one a line.
pub struct Annotations;

impl Format for Annotations {
    fn write(&self, reading: &Reading, out: &mut Vec<u8>) {
        for record in &reading.records {
            serde_json::to_writer(&mut *out, &annotation(&reading.document, record)).expect("keys are strings, and memory takes all");
            out.push(b'\n');
        }
    }
}

fn annotation(document: &Document, record: &Record) -> Value {
    let whole = serde_json::to_string(record).expect("a record has string keys only");
    let mut bodies = vec![json!({"type": "TextualBody", "purpose": "describing", "format": "application/json", "value": whole})];
    if let Some(indicator) = &record.indicator {
        bodies.push(json!({"type": "TextualBody", "purpose": "tagging", "format": "text/plain", "value": indicator.id}));
    }
    json!({
        "@context": CONTEXT,
        "id": format!("urn:solieu:record:{}", record.id),
        "type": "Annotation",
        "motivation": "identifying",
        "body": bodies,
        "target": {"source": source(document), "selector": selectors(document, record)},
    })
}

fn source(document: &Document) -> String {
    match &document.url {
        Some(url) => utf8_percent_encode(url, ODD).to_string(),
        None => format!("urn:solieu:document:{}", utf8_percent_encode(&document.id, NON_ALPHANUMERIC)),
    }
}

fn selectors(document: &Document, record: &Record) -> Vec<Value> {
    let [prefix, suffix] = around(&document.text, record.span.bytes, AROUND);
    let quote = json!({"type": "TextQuoteSelector", "exact": record.quote, "prefix": prefix, "suffix": suffix});
    let fragment = record.link.as_deref().and_then(|l| l.split_once('#'));
    match (&document.url, fragment) {
        (None, _) => vec![quote, json!({"type": "TextPositionSelector", "start": record.span.chars[0], "end": record.span.chars[1]})],
        (Some(_), None) => vec![quote],
        (Some(_), Some((_, fragment))) => vec![quote, json!({"type": "FragmentSelector", "conformsTo": FRAGMENTS, "value": fragment})],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Extractor;

    fn target(url: Option<&str>) -> Value {
        let document = Document { url: url.map(str::to_owned), ..Document::new("a b.txt", "Tỉnh 😀 Lai Châu có 94 xã nghèo.") };
        let records = Extractor::new().extract(&document);
        let line = Annotations.bytes(&Reading { number: 1, document, records });
        let annotation: Value = serde_json::from_slice(&line).unwrap();
        let record: Record = serde_json::from_str(annotation["body"][0]["value"].as_str().unwrap()).unwrap();
        assert_eq!(record.quote, "94 xã");
        annotation["target"].clone()
    }

    #[test]
    fn a_text_is_pointed_into_by_words_and_code_points() {
        let target = target(None);
        assert_eq!(target["source"], "urn:solieu:document:a%20b%2Etxt");
        let quote = json!({"type": "TextQuoteSelector", "exact": "94 xã", "prefix": "Tỉnh 😀 Lai Châu có ", "suffix": " nghèo."});
        assert_eq!(target["selector"], json!([quote, {"type": "TextPositionSelector", "start": 19, "end": 24}]));
    }

    #[test]
    fn a_page_is_pointed_into_by_words_alone() {
        let target = target(Some("https://example.org/a b"));
        assert_eq!(target["source"], "https://example.org/a%20b");
        assert_eq!(target["selector"][1]["type"], "FragmentSelector");
        assert!(target["selector"][1]["value"].as_str().unwrap().starts_with(":~:text="));
    }
}
