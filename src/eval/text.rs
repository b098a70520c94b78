//! When two texts, units, places or numbers say the same: the rules of the project's scorer, to the letter.

use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Spellings that count as one.
const SPELLINGS: [(&str, &str); 7] = [("oà", "òa"), ("oá", "óa"), ("oả", "ỏa"), ("oã", "õa"), ("oạ", "ọa"), ("uỷ", "ủy"), ("tỉ", "tỷ")];
/// What may stand around a text and says nothing.
const EDGES: [char; 11] = [' ', '.', ',', ';', ':', '(', ')', '“', '”', '"', '\''];
const UNIT_ALIASES: [(&str, &str); 27] = [
    ("đồng", "VND"),
    ("vnđ", "VND"),
    ("vnd", "VND"),
    ("đ", "VND"),
    ("usd", "USD"),
    ("đô la", "USD"),
    ("đô la mỹ", "USD"),
    ("$", "USD"),
    ("phần trăm", "%"),
    ("điểm phần trăm", "pp"),
    ("điểm %", "pp"),
    ("héc ta", "ha"),
    ("hecta", "ha"),
    ("ha", "ha"),
    ("m²", "m2"),
    ("mét vuông", "m2"),
    ("m³", "m3"),
    ("mét khối", "m3"),
    ("km²", "km2"),
    ("ki-lô-mét", "km"),
    ("mét", "m"),
    ("t", "tấn"),
    ("kilogram", "kg"),
    ("ki-lô-gam", "kg"),
    ("°c", "°C"),
    ("độ c", "°C"),
    ("độ", "°C"),
];
const PLACE_ALIASES: [(&str, &str); 7] = [
    ("cả nước", "việt nam"),
    ("toàn quốc", "việt nam"),
    ("hcm", "hồ chí minh"),
    ("tp hcm", "hồ chí minh"),
    ("tphcm", "hồ chí minh"),
    ("thừa thiên - huế", "thừa thiên huế"),
    ("đbscl", "đồng bằng sông cửu long"),
];

static SPACES: LazyLock<Regex> = LazyLock::new(|| regex(r"[\s\x1c-\x1f]+"));
static SYLLABLE: LazyLock<Regex> = LazyLock::new(|| regex(r"[\p{L}\p{N}_]+"));
static PLACE_WORDS: LazyLock<Regex> = LazyLock::new(|| regex(r"^(tỉnh|thành phố|tp\.?|t\.p\.?|thủ đô)\s*"));
/// The part of a quote that is the number: a digit inside the unit (`km2`, `3 sao`) must not stretch it.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| regex(r"^\P{Nd}*(\p{Nd}[\p{Nd}.,\s]*(?:\s*(?:/|-|–|đến|tới)\s*\p{Nd}[\p{Nd}.,]*)?)"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

/// Lower case, one spelling, single blanks, no marks at the edges.
pub fn fold(text: &str) -> String {
    let lower = text.nfc().collect::<String>().to_lowercase();
    let one_spelling = SPELLINGS.iter().fold(lower, |text, (from, to)| text.replace(from, to));
    SPACES.replace_all(&one_spelling, " ").trim_matches(EDGES).to_owned()
}

/// Units are the same after aliases, part by part; one may extend the other (`đơn vị`, `đơn vị cấp huyện`).
pub fn same_unit(gold: &str, found: &str) -> bool {
    let (gold, found) = (unit_parts(gold), unit_parts(found));
    gold.len() == found.len() && gold.iter().zip(&found).all(|(a, b)| a == b || extends(a, b) || extends(b, a))
}

fn extends(long: &str, short: &str) -> bool {
    !short.is_empty() && long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '))
}

fn unit_parts(unit: &str) -> Vec<String> {
    let alias = |part: &str| UNIT_ALIASES.iter().find(|(from, _)| *from == part).map_or(part, |(_, to)| to).to_owned();
    fold(unit).split('/').map(|part| alias(part.trim())).collect()
}

/// At least half of the syllables shared; nothing equals nothing.
pub fn same_text(gold: Option<&str>, found: Option<&str>) -> bool {
    match (gold.filter(|t| !t.is_empty()), found.filter(|t| !t.is_empty())) {
        (None, None) => true,
        (Some(gold), Some(found)) => overlap(gold, found) >= 0.5,
        _ => false,
    }
}

/// F1 of the syllables.
fn overlap(a: &str, b: &str) -> f64 {
    let (a, b) = (syllables(a), syllables(b));
    let common: usize = a.iter().map(|(word, n)| b.get(word).map_or(0, |m| *n.min(m))).sum();
    if common == 0 {
        return 0.0;
    }
    (2 * common) as f64 / (a.values().sum::<usize>() + b.values().sum::<usize>()) as f64
}

fn syllables(text: &str) -> HashMap<String, usize> {
    let mut out = HashMap::new();
    for m in SYLLABLE.find_iter(&fold(text)) {
        *out.entry(m.as_str().to_owned()).or_default() += 1;
    }
    out
}

/// The name of a place by which it is compared; empty for none.
pub fn place_name(name: Option<&str>) -> String {
    let folded = fold(name.unwrap_or(""));
    let bare = PLACE_WORDS.replace(&folded, "");
    PLACE_ALIASES.iter().find(|(from, _)| *from == bare).map_or(&*bare, |(_, to)| to).to_owned()
}

/// A number by its value, or a text that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Number {
    /// Digits without zeros at the ends, times a power of ten.
    Decimal {
        negative: bool,
        digits: String,
        power: i64,
    },
    Other(String),
}

/// Reads a number; none when it is absent or empty.
pub fn number(text: Option<&str>) -> Option<Number> {
    let text = text.filter(|t| !t.is_empty())?;
    Some(decimal(text.trim()).unwrap_or_else(|| Number::Other(text.to_owned())))
}

fn decimal(text: &str) -> Option<Number> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let significant = all.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return Some(Number::Decimal { negative: false, digits: String::new(), power: 0 });
    }
    let zeros = all.len() - all.trim_end_matches('0').len();
    let power = exponent.parse::<i64>().ok()?.checked_add(zeros as i64)?.checked_sub(fraction.len() as i64)?;
    Some(Number::Decimal { negative, digits: significant.to_owned(), power })
}

/// The code points of the number of a quote that stands at `start..end`: from its first to its last digit, or all of it when
/// it is spelled out.
pub fn number_span(quote: &str, start: usize, end: usize) -> (usize, usize) {
    let digits: Vec<usize> = quote.chars().enumerate().filter(|(_, c)| is_digit(*c)).map(|(i, _)| i).collect();
    let (Some(first), Some(last)) = (digits.first(), digits.last()) else {
        return (start, end);
    };
    let behind = NUMBER.captures(quote).and_then(|c| c.get(1)).map_or(last + 1, |m| quote[..m.end()].chars().count());
    (start + first, start + behind)
}

/// A digit of any script, raised, lowered or circled ones too.
fn is_digit(c: char) -> bool {
    static DIGIT: LazyLock<Regex> = LazyLock::new(|| {
        regex(concat!(
            r"^[\p{Nd}\u{B2}\u{B3}\u{B9}\u{1369}-\u{1371}\u{19DA}\u{2070}\u{2074}-\u{2079}\u{2080}-\u{2089}\u{2460}-\u{2468}",
            r"\u{2474}-\u{247C}\u{2488}-\u{2490}\u{24EA}\u{24F5}-\u{24FD}\u{24FF}\u{2776}-\u{277E}\u{2780}-\u{2788}\u{278A}-\u{2792}",
            r"\u{10A40}-\u{10A43}\u{10E60}-\u{10E68}\u{11052}-\u{1105A}\u{1F100}-\u{1F10A}]$"
        ))
    });
    c.is_ascii_digit() || !c.is_ascii() && DIGIT.is_match(c.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_takes_case_spelling_and_edges_away() {
        assert_eq!(fold("  (Tỉ lệ  hoà\u{00A0}giải). "), "tỷ lệ hòa giải");
    }

    #[test]
    fn units_compare_after_aliases() {
        assert!(same_unit("VND/người/năm", "đồng/người/năm"));
        assert!(same_unit("đơn vị", "đơn vị cấp huyện") && same_unit("đơn vị cấp huyện", "đơn vị"));
        assert!(!same_unit("xã", "xãn") && !same_unit("tạ/ha", "tạ") && !same_unit("", "xã"));
        assert!(same_unit("", ""));
    }

    #[test]
    fn texts_share_half_of_their_syllables() {
        assert!(same_text(Some("tỷ lệ hộ nghèo"), Some("hộ nghèo")));
        assert!(!same_text(Some("tỷ lệ hộ nghèo"), Some("hộ dân")));
        assert!(same_text(None, Some("")) && !same_text(None, Some("x")));
    }

    #[test]
    fn places_compare_by_bare_name() {
        assert_eq!(place_name(Some("TP. Hồ Chí Minh")), "hồ chí minh");
        assert_eq!(place_name(Some("Thành phố Đà Nẵng")), "đà nẵng");
        // The scorer makes one spelling of `tỉ` and `tỷ` first, inside `tỉnh` too, and so keeps that word.
        assert_eq!(place_name(Some("tỉnh Lai Châu")), "tỷnh lai châu");
        assert_eq!(place_name(Some("Cả nước")), place_name(Some("Việt Nam")));
        assert_eq!(place_name(None), "");
    }

    #[test]
    fn numbers_compare_by_value() {
        let same = |a: &str, b: &str| number(Some(a)) == number(Some(b));
        assert!(same("1200", "1.2e3") && same("0.50", ".5") && same("-0", "0") && same("10", "010.0"));
        assert!(!same("12", "120") && !same("5", "-5") && !same("1,5", "1.5"));
        assert_eq!(number(Some("")), None);
    }

    #[test]
    fn the_number_of_a_quote_leaves_its_unit_out() {
        assert_eq!(number_span("5.813/8.227 xã", 10, 24), (10, 21));
        assert_eq!(number_span("30 km2", 0, 6), (0, 3));
        assert_eq!(number_span("một nửa", 3, 10), (3, 10));
        assert_eq!(number_span("từ 94 đến 100% kế hoạch", 5, 28), (8, 18));
    }
}
