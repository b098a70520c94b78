//! Whatever the text: no panic, and every quote is what its spans cover.

use proptest::prelude::*;
use solieu::{Document, Extractor};

/// Pieces that figures are made of, in odd company: decomposed letters, invisible characters, glued words, typographic marks.
const PIECES: &[&str] = &[
    "5.813/8.227 xã",
    "24.372,898 tỷ đồng",
    "đạt",
    " ",
    "  ",
    "\n",
    "\u{200B}",
    "\u{A0}",
    "tỉ",
    "89,5%",
    "–",
    "từ",
    "đến",
    "gấp đôi",
    "một nửa",
    "hai mươi mốt",
    "hộ nghèo",
    ".",
    ", ",
    "; ",
    "(",
    ")",
    "năm 2023",
    "31/12/2023",
    "6 tháng đầu năm",
    "quý I",
    "Lai Châu",
    "huyện Sơn Động",
    "cả nước",
    "giảm còn",
    "tăng",
    "so với cùng kỳ",
    "kế hoạch",
    "２０",
    "m²",
    "30.000m 3 /ngày",
    "Ðà Nẵng",
    "đa\u{323}t",
    "x\u{303}a",
    "trong đó",
    "lần lượt là",
    "âm",
    "$",
    "QL1A",
    "COVID-19",
    "0237.3.000",
    "1,831",
    "8.12%",
    "triệu",
    "/",
    "-",
    "9999999999999999999999999999999",
    "9999999999999999999999999999",
    "79 tỷ tỷ tỷ",
    "đồng",
    ", gồm ",
    "cứ 10 hộ thì có 6 hộ",
    "bình quân mỗi xã",
    "xếp thứ 5/63",
    "tỷ",
    "nghìn",
    "rưỡi",
    "😀",
    "\u{FEFF}",
    "\u{202E}",
    "%",
    "trở lên",
    "ước",
    "phấn đấu",
];

fn check(text: &str) -> Result<(), TestCaseError> {
    let records = Extractor::new().extract(&Document::new("t", text));
    let mut end = 0;
    for r in &records {
        let [a, b] = r.span.bytes;
        prop_assert!(a < b && text.is_char_boundary(a) && text.is_char_boundary(b), "{:?} of {text:?}", r.span);
        prop_assert_eq!(&text[a..b], r.quote.as_str());
        let by_chars: String = text.chars().skip(r.span.chars[0]).take(r.span.chars[1] - r.span.chars[0]).collect();
        prop_assert_eq!(&by_chars, &r.quote);
        prop_assert!(r.sentence[0] <= r.span.chars[0] && r.span.chars[1] <= r.sentence[1]);
        prop_assert!(a >= end, "figures do not overlap: {text:?}");
        end = b;
    }
    Ok(())
}

/// Numbers at the edge of what a decimal holds: read or left, never a fault.
#[test]
fn the_largest_numbers_are_no_fault() {
    for text in [
        "từ 9999999999999999999999999999 – 1 triệu đồng",
        "đạt 9999999999999999999999999999 - 5%",
        "có 79 tỷ tỷ tỷ rưỡi đồng",
        "Tổng vốn 79 tỷ tỷ tỷ đồng, gồm 79 tỷ tỷ tỷ đồng và 79 tỷ tỷ tỷ đồng.",
        "9999999999999999999999999999/1 xã, đạt -9999999999999999999999999999%",
    ] {
        assert!(check(text).is_ok(), "{text}");
        assert!(!Extractor::new().extract(&Document::new("t", text)).is_empty(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn quotes_are_what_spans_cover(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40)) {
        check(&pieces.concat())?;
    }

    #[test]
    fn words_apart_too(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40)) {
        check(&pieces.join(" "))?;
    }

    #[test]
    fn arbitrary_text_is_survived(text in "\\PC{0,120}") {
        check(&text)?;
    }
}
