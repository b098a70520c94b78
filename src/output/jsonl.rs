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

/// Writes what `serde_json` writes of a record, some times as fast: keys are written whole, with the signs around them, and texts
/// searched once for what must be escaped.
pub fn write(r: &Record, out: &mut Vec<u8>) {
    // One growth for most records.
    out.reserve(KEYS + 2 * (r.document.len() + r.quote.len()) + r.subject.as_ref().map_or(0, String::len) + r.link.as_ref().map_or(0, String::len));
    plain(out, b"{\"id\":\"", &r.id);
    string(out, b"\",\"document\":", &r.document);
    string(out, b",\"quote\":", &r.quote);
    range(out, b",\"span\":{\"chars\":[", r.span.chars);
    range(out, b"],\"bytes\":[", r.span.bytes);
    plain(out, b"]},\"kind\":\"", r.kind.as_str());
    plain(out, b"\",\"value\":{\"amount\":\"", &r.value.amount);
    optional(out, b"\",\"upper\":", r.value.upper.as_deref());
    optional(out, b",\"of\":", r.value.of.as_deref());
    string(out, b"},\"unit\":", &r.unit);
    plain(out, b",\"qualifier\":\"", r.qualifier.as_str());
    plain(out, b"\",\"change\":\"", r.change.as_str());
    plain(out, b"\",\"status\":\"", r.status.as_str());
    optional(out, b"\",\"subject\":", r.subject.as_deref());
    optional(out, b",\"basis\":", r.basis.as_deref());
    object(out, b",\"indicator\":", r.indicator.as_ref(), |out, i| {
        string(out, b"{\"id\":", &i.id);
        optional(out, b",\"programme\":", i.programme.as_deref());
    });
    object(out, b",\"place\":", r.place.as_ref(), |out, p| {
        string(out, b"{\"name\":", &p.name);
        optional(out, b",\"code\":", p.code.as_deref());
        plain(out, b",\"level\":\"", p.level.as_str());
        out.push(b'"');
    });
    object(out, b",\"period\":", r.period.as_ref(), |out, p| {
        optional(out, b"{\"start\":", p.start.as_deref());
        optional(out, b",\"end\":", p.end.as_deref());
        optional(out, b",\"text\":", p.text.as_deref());
    });
    range(out, b",\"sentence\":[", r.sentence);
    string(out, b"],\"rule\":", &r.rule);
    out.extend_from_slice(b",\"checks\":[");
    for (i, check) in r.checks.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        string(out, b"", check);
    }
    optional(out, b"],\"link\":", r.link.as_deref());
    out.push(b'}');
}

/// Bytes of all keys and of what is short, about.
const KEYS: usize = 640;

// Inlined everywhere below, a key is copied as the constant that it is.
#[inline(always)]
fn object<T, const N: usize>(out: &mut Vec<u8>, key: &[u8; N], value: Option<&T>, write: impl Fn(&mut Vec<u8>, &T)) {
    out.extend_from_slice(key);
    match value {
        Some(value) => {
            write(out, value);
            out.push(b'}');
        }
        None => out.extend_from_slice(b"null"),
    }
}

#[inline(always)]
fn optional<const N: usize>(out: &mut Vec<u8>, key: &[u8; N], value: Option<&str>) {
    out.extend_from_slice(key);
    match value {
        Some(value) => quoted(out, value),
        None => out.extend_from_slice(b"null"),
    }
}

#[inline(always)]
fn string<const N: usize>(out: &mut Vec<u8>, key: &[u8; N], value: &str) {
    out.extend_from_slice(key);
    quoted(out, value);
}

fn quoted(out: &mut Vec<u8>, value: &str) {
    if escapes(value.as_bytes()) {
        serde_json::to_writer(out, value).expect("memory takes all");
    } else {
        out.push(b'"');
        out.extend_from_slice(value.as_bytes());
        out.push(b'"');
    }
}

/// A value without a character that must be escaped: a term, a decimal, an id of ours. The keys around it bring its quotes.
#[inline(always)]
fn plain<const N: usize>(out: &mut Vec<u8>, key: &[u8; N], value: &str) {
    out.extend_from_slice(key);
    out.extend_from_slice(value.as_bytes());
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

#[inline(always)]
fn range<const N: usize>(out: &mut Vec<u8>, key: &[u8; N], [from, to]: [usize; 2]) {
    out.extend_from_slice(key);
    out.extend_from_slice(itoa::Buffer::new().format(from).as_bytes());
    out.push(b',');
    out.extend_from_slice(itoa::Buffer::new().format(to).as_bytes());
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
