//! Numbers and units: any row of their pieces is read without a fault, and what is read is a decimal of the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;
use solieu::{Document, Extractor};
use std::sync::LazyLock;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(Extractor::new);

/// What figures are made of.
const PIECES: [&str; 64] = [
    "0", "1", "2", "3", "5", "7", "9", "12", "2024", "000", ".", ",", "/", "-", "–", ":", "%", "+", "(", ")", " ", " ", " ", "\t", "\n", "\u{A0}", "tỷ",
    "triệu", "nghìn", "trăm", "mươi", "mười", "lăm", "rưỡi", "một", "hai", "ba", "đồng", "USD", "ha", "km", "m2", "tấn", "xã", "hộ", "người", "năm", "tháng",
    "ngày", "quý", "lần", "điểm phần trăm", "từ", "đến", "trên", "khoảng", "gấp", "tăng", "giảm", "so với", "và", "trong đó", "bằng", ".",
];

fuzz_target!(|data: &[u8]| {
    let text: String = data.iter().take(400).map(|b| PIECES[usize::from(*b) % PIECES.len()]).collect();
    for record in EXTRACTOR.extract(&Document::new("a", text.as_str())) {
        let [start, end] = record.span.bytes;
        assert_eq!(text.get(start..end), Some(record.quote.as_str()));
        for number in [Some(&record.value.amount), record.value.upper.as_ref(), record.value.of.as_ref()].into_iter().flatten() {
            assert!(number.parse::<Decimal>().is_ok(), "{number:?} of {text:?}");
        }
    }
});
