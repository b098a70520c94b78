//! JSON Lines: one record a line, as `solieu schema` describes it.

use super::Format;
use crate::pipeline::Reading;
use crate::record::Record;

/// One record a line.
pub struct Jsonl;

impl Format for Jsonl {
    fn write(&self, reading: &Reading, out: &mut Vec<u8>) {
        for record in &reading.records {
            write(record, out);
            out.push(b'\n');
        }
    }
}

/// Writes what `serde_json` writes of a record, some times as fast: keys are written whole, and texts searched once for what must
/// be escaped.
pub fn write(r: &Record, out: &mut Vec<u8>) {
    plain(out, "{\"id\":", &r.id);
    string(out, ",\"document\":", &r.document);
    string(out, ",\"quote\":", &r.quote);
    range(out, ",\"span\":{\"chars\":", r.span.chars);
    range(out, ",\"bytes\":", r.span.bytes);
    plain(out, "},\"kind\":", r.kind.as_str());
    plain(out, ",\"value\":{\"amount\":", &r.value.amount);
    optional(out, ",\"upper\":", r.value.upper.as_deref());
    optional(out, ",\"of\":", r.value.of.as_deref());
    string(out, "},\"unit\":", &r.unit);
    plain(out, ",\"qualifier\":", r.qualifier.as_str());
    plain(out, ",\"change\":", r.change.as_str());
    plain(out, ",\"status\":", r.status.as_str());
    optional(out, ",\"subject\":", r.subject.as_deref());
    optional(out, ",\"basis\":", r.basis.as_deref());
    object(out, ",\"indicator\":", r.indicator.as_ref(), |out, i| {
        string(out, "{\"id\":", &i.id);
        optional(out, ",\"programme\":", i.programme.as_deref());
    });
    object(out, ",\"place\":", r.place.as_ref(), |out, p| {
        string(out, "{\"name\":", &p.name);
        optional(out, ",\"code\":", p.code.as_deref());
        plain(out, ",\"level\":", p.level.as_str());
    });
    object(out, ",\"period\":", r.period.as_ref(), |out, p| {
        optional(out, "{\"start\":", p.start.as_deref());
        optional(out, ",\"end\":", p.end.as_deref());
        optional(out, ",\"text\":", p.text.as_deref());
    });
    range(out, ",\"sentence\":", r.sentence);
    string(out, ",\"rule\":", &r.rule);
    out.extend_from_slice(b",\"checks\":[");
    for (i, check) in r.checks.iter().enumerate() {
        string(out, if i == 0 { "" } else { "," }, check);
    }
    optional(out, "],\"link\":", r.link.as_deref());
    out.push(b'}');
}

fn object<T>(out: &mut Vec<u8>, key: &str, value: Option<&T>, write: impl Fn(&mut Vec<u8>, &T)) {
    out.extend_from_slice(key.as_bytes());
    match value {
        Some(value) => {
            write(out, value);
            out.push(b'}');
        }
        None => out.extend_from_slice(b"null"),
    }
}

fn optional(out: &mut Vec<u8>, key: &str, value: Option<&str>) {
    match value {
        Some(value) => string(out, key, value),
        None => {
            out.extend_from_slice(key.as_bytes());
            out.extend_from_slice(b"null");
        }
    }
}

fn string(out: &mut Vec<u8>, key: &str, value: &str) {
    if escapes(value.as_bytes()) {
        out.extend_from_slice(key.as_bytes());
        serde_json::to_writer(out, value).expect("memory takes all");
    } else {
        plain(out, key, value);
    }
}

/// A value without a character that must be escaped: a term, a decimal, an id of ours.
fn plain(out: &mut Vec<u8>, key: &str, value: &str) {
    out.reserve(key.len() + value.len() + 2);
    out.extend_from_slice(key.as_bytes());
    out.push(b'"');
    out.extend_from_slice(value.as_bytes());
    out.push(b'"');
}

/// Does a text hold a quote, a backslash or a control character? Eight bytes at once: most values are short.
fn escapes(text: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    // A byte is zero where taking one from it borrows (https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord).
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let bad = |bytes: &[u8; 8]| {
        let word = u64::from_ne_bytes(*bytes);
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        (control | zero(word ^ (ONES * u64::from(b'"'))) | zero(word ^ (ONES * u64::from(b'\\')))) & (ONES << 7) != 0
    };
    match text.last_chunk() {
        Some(last) => bad(last) || text.as_chunks().0.iter().any(bad),
        None => text.iter().any(|&b| b < 0x20 || b == b'"' || b == b'\\'),
    }
}

fn range(out: &mut Vec<u8>, key: &str, [from, to]: [usize; 2]) {
    out.extend_from_slice(key.as_bytes());
    out.push(b'[');
    out.extend_from_slice(itoa::Buffer::new().format(from).as_bytes());
    out.push(b',');
    out.extend_from_slice(itoa::Buffer::new().format(to).as_bytes());
    out.push(b']');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Extractor};
    use proptest::prelude::*;

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

    #[test]
    fn each_place_of_a_sign_is_seen() {
        for len in 0..20 {
            let text = vec![b'~'; len];
            assert!(!escapes(&text) && !escapes("đạtỷ".repeat(len).as_bytes()));
            for (at, bad) in (0..len).flat_map(|at| [b'"', b'\\', 0, 0x1F].map(|bad| (at, bad))) {
                let mut text = text.clone();
                text[at] = bad;
                assert!(escapes(&text), "{len} {at} {bad}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_line_is_what_serde_writes(words in "\\PC{0,12}|[\"\\\\\n\t\u{1}a]{0,6}", id in "\\PC{0,8}", url in proptest::option::of("\\PC{0,9}")) {
            let text = format!("Năm 2024, tỉnh Lai Châu có 94 xã {words} đạt chuẩn nông thôn mới, tăng từ 5% lên 6,5-7% kế hoạch và 12/40 {words}.");
            let document = Document { url: url.map(|u| format!("https://a.vn/{u}")), ..Document::new(id, text) };
            for record in Extractor::new().extract(&document) {
                let mut ours = Vec::new();
                write(&record, &mut ours);
                prop_assert_eq!(String::from_utf8(ours).unwrap(), serde_json::to_string(&record).unwrap());
            }
        }
    }
}
