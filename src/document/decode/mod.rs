//! From bytes to text.
//!
//! In: bytes, what came with them (a charset of an archive's record), perhaps an encoding that overrides all. Out: [`Decoded`]: the text,
//! the encoding, what told it, and notes on what was replaced or mended. Never: a byte lost without a note.
//!
//! In this order: the override; a byte order mark; valid UTF-8; the charset that came with the bytes; that of the page; the trial
//! decoding that gives the most Vietnamese syllables; what the bytes look like.

mod legacy;
mod mojibake;
mod syllable;

use encoding_rs::{Encoding as Standard, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1258};
use std::borrow::Cow;
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization;

/// A trial decoding is believed when so many of the words with marks are syllables.
const GOOD: f64 = 0.6;
/// How much of a page is searched for its charset.
const HEAD: usize = 4096;

/// An encoding that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// One of the web's.
    Standard(&'static Standard),
    Tcvn3,
    Vni,
    Viqr,
}

impl Encoding {
    pub fn name(self) -> String {
        match self {
            Encoding::Standard(e) => e.name().to_lowercase(),
            Encoding::Tcvn3 => "tcvn3".to_owned(),
            Encoding::Vni => "vni".to_owned(),
            Encoding::Viqr => "viqr".to_owned(),
        }
    }
}

impl FromStr for Encoding {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name.trim().to_ascii_lowercase().as_str() {
            "tcvn3" | "tcvn" | "abc" | "tcvn-5712" => Ok(Encoding::Tcvn3),
            "vni" | "vni-windows" | "vni-win" => Ok(Encoding::Vni),
            "viqr" => Ok(Encoding::Viqr),
            label => Standard::for_label(label.as_bytes()).map(Encoding::Standard).ok_or_else(|| {
                format!(
                    "no encoding is called {name:?}; use utf-8, utf-16le, utf-16be, windows-1258, tcvn3 (ABC), vni, viqr, or another name that the web knows"
                )
            }),
        }
    }
}

/// Decoded bytes.
#[derive(Debug)]
pub struct Decoded<'b> {
    pub text: Cow<'b, str>,
    pub encoding: Encoding,
    /// What told the encoding; none for plain UTF-8.
    pub by: Option<&'static str>,
    pub notes: Vec<String>,
}

impl Decoded<'_> {
    /// The encoding and what told it, unless it goes without saying.
    pub fn told(&self) -> Option<String> {
        self.by.map(|by| format!("{} ({by})", self.encoding.name()))
    }
}

/// Why bytes are no text.
#[derive(Debug)]
pub struct Fault {
    pub reason: String,
    pub advice: &'static str,
}

/// Decodes a text. `charset` came with the bytes.
///
/// # Errors
/// When the bytes are no text.
pub fn text<'b>(bytes: &'b [u8], charset: Option<&str>, forced: Option<Encoding>) -> Result<Decoded<'b>, Fault> {
    decode(bytes, charset.map(|c| (c, "http")).as_slice(), forced)
}

/// Decodes a page, which may tell its charset itself.
///
/// # Errors
/// When the bytes are no text.
pub fn page<'b>(bytes: &'b [u8], charset: Option<&str>, forced: Option<Encoding>) -> Result<Decoded<'b>, Fault> {
    // Two bytes a letter were seen before: a page whose ASCII can be read says `utf-16` by mistake.
    let own = own_charset(bytes).filter(|c| !c.starts_with("utf-16"));
    let declared: Vec<(&str, &'static str)> = charset.map(|c| (c, "http")).into_iter().chain(own.as_deref().map(|c| (c, "meta"))).collect();
    decode(bytes, &declared, forced)
}

/// `charset=…` in the head of a page.
fn own_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    (!name.is_empty()).then_some(name)
}

fn decode<'b>(bytes: &'b [u8], declared: &[(&str, &'static str)], forced: Option<Encoding>) -> Result<Decoded<'b>, Fault> {
    if let Some(encoding) = forced {
        return Ok(with(bytes, encoding, Some("asked for")));
    }
    if let Some((encoding, length)) = Standard::for_bom(bytes) {
        let by = (encoding != UTF_8).then_some("byte order mark");
        return Ok(mended(with(&bytes[length..], Encoding::Standard(encoding), by)));
    }
    if let Some(encoding) = two_bytes(bytes) {
        return Ok(with(bytes, Encoding::Standard(encoding), Some("looks")));
    }
    if memchr::memchr(0, &bytes[..bytes.len().min(HEAD)]).is_some() {
        return Err(Fault { reason: "no text: it holds zero bytes".to_owned(), advice: "name text files, pages, or archives of them" });
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(utf8(text));
    }
    Ok(tried(bytes, declared))
}

/// Valid UTF-8, which may hold what was no UTF-8 before.
fn utf8(text: &str) -> Decoded<'_> {
    if text.is_ascii()
        && let Some(decoded) = viqr(text)
    {
        return decoded;
    }
    mended(Decoded { text: Cow::Borrowed(text), encoding: Encoding::Standard(UTF_8), by: None, notes: Vec::new() })
}

/// VIQR is ASCII: it is read when most of the words that would change become syllables.
fn viqr(text: &str) -> Option<Decoded<'_>> {
    let head = text.get(..64 << 10).unwrap_or(text);
    if !(head.contains('^') || head.contains("dd") || head.contains("+'") || head.contains("u+")) {
        return None;
    }
    let score = syllable::score(&legacy::viqr(head));
    let words = head.split_whitespace().count();
    let believed = score.marked >= 5 && score.share() >= 0.85 && score.marked * 4 >= words;
    believed.then(|| with(text.as_bytes(), Encoding::Viqr, Some("syllables")))
}

fn mended(decoded: Decoded<'_>) -> Decoded<'_> {
    match mojibake::repair(&decoded.text) {
        Some((text, lines)) => {
            let mut notes = decoded.notes;
            notes.push(format!("encoded twice: {lines} lines were mended"));
            Decoded { text: Cow::Owned(text), by: decoded.by.or(Some("mended")), notes, ..decoded }
        }
        None => decoded,
    }
}

/// The best of the trial decodings.
fn tried<'b>(bytes: &'b [u8], declared: &[(&str, &'static str)]) -> Decoded<'b> {
    let said = declared.iter().find_map(|(label, by)| Some((label.parse::<Encoding>().ok()?, *by)));
    let looks = Encoding::Standard(looks(bytes));
    let trials = [Encoding::Standard(WINDOWS_1258), Encoding::Tcvn3, Encoding::Vni, Encoding::Standard(UTF_8)];
    let candidates = said.map(|s| s.0).into_iter().chain(trials).chain([looks]);
    let sample = &bytes[..bytes.len().min(256 << 10)];
    let scored: Vec<(Encoding, f64)> = candidates.map(|e| (e, syllable::score(&with(sample, e, None).text).share())).collect();
    // The first of equals, which is what was declared.
    let best = scored.iter().fold(None, |best: Option<&(Encoding, f64)>, next| if best.is_none_or(|b| next.1 > b.1) { Some(next) } else { best });
    match (best, said) {
        (Some((encoding, share)), said) if *share >= GOOD => {
            let by = said.filter(|s| s.0 == *encoding).map_or("syllables", |s| s.1);
            mended(with(bytes, *encoding, Some(by)))
        }
        (_, Some((encoding, by))) => with(bytes, encoding, Some(by)),
        _ => {
            let mut decoded = with(bytes, looks, Some("looks"));
            decoded.notes.push("the encoding is uncertain: hardly a word is Vietnamese".to_owned());
            decoded
        }
    }
}

/// UTF-16 without a mark: every other byte is small.
fn two_bytes(bytes: &[u8]) -> Option<&'static Standard> {
    let head = &bytes[..bytes.len().min(HEAD) & !1];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    let most = |n: usize| half >= 4 && n * 10 >= half * 4;
    match (most(even), most(odd)) {
        (false, true) if even * 20 < half => Some(UTF_16LE),
        (true, false) if odd * 20 < half => Some(UTF_16BE),
        _ => None,
    }
}

fn looks(bytes: &[u8]) -> &'static Standard {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(Some(b"vn"), chardetng::Utf8Detection::Allow)
}

/// Decodes in one encoding.
fn with<'b>(bytes: &'b [u8], encoding: Encoding, by: Option<&'static str>) -> Decoded<'b> {
    let mut notes = Vec::new();
    let text = match encoding {
        Encoding::Tcvn3 => Cow::Owned(legacy::tcvn3(bytes)),
        Encoding::Vni => Cow::Owned(legacy::vni(bytes)),
        Encoding::Viqr => Cow::Owned(legacy::viqr(&String::from_utf8_lossy(bytes))),
        Encoding::Standard(e) => {
            let (text, failed) = e.decode_without_bom_handling(bytes);
            if failed {
                let replaced = text.matches('\u{FFFD}').count();
                notes.push(format!("{replaced} places are no {} and were replaced", e.name()));
            }
            // Its tone marks stand behind their letters.
            if e == WINDOWS_1258 { Cow::Owned(text.nfc().collect()) } else { text }
        }
    };
    if encoding == Encoding::Tcvn3 {
        notes.push("tcvn3 tells capitals with marks by their font: they are in lower case here".to_owned());
    }
    Decoded { text, encoding, by, notes }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Tính đến tháng 7/2022, tỉnh Hà Giang có 35,7% hộ nghèo; ước đạt 1.234 tỷ đồng, tăng so với cùng kỳ năm trước.";

    fn read(bytes: &[u8]) -> (String, Option<String>) {
        let decoded = text(bytes, None, None).unwrap();
        (decoded.text.to_string(), decoded.told())
    }

    /// As windows-1258 writes it: the letter with its shape, then the tone.
    fn to_1258(text: &str) -> Vec<u8> {
        let mut out = String::new();
        for c in text.chars() {
            let parts: Vec<char> = c.to_string().nfd().collect();
            let (tones, rest): (Vec<char>, Vec<char>) = parts.into_iter().partition(|c| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}'));
            out.extend(rest.into_iter().collect::<String>().nfc());
            out.extend(tones);
        }
        let (bytes, _, failed) = WINDOWS_1258.encode(&out);
        assert!(!failed);
        bytes.into_owned()
    }

    #[test]
    fn encodings_are_told_apart_by_their_syllables() {
        assert_eq!(read(TEXT.as_bytes()), (TEXT.to_owned(), None));
        assert_eq!(read(&to_1258(TEXT)), (TEXT.to_owned(), Some("windows-1258 (syllables)".into())));
        let utf16: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16), (TEXT.to_owned(), Some("utf-16le (looks)".into())));
        let marked: Vec<u8> = [0xFE, 0xFF].into_iter().chain(TEXT.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        assert_eq!(read(&marked), (TEXT.to_owned(), Some("utf-16be (byte order mark)".into())));
    }

    #[test]
    fn legacy_encodings_are_found_whatever_a_page_says() {
        // "Toàn tỉnh có 94 xã đạt chuẩn nông thôn mới." in TCVN3 and in VNI.
        let abc = b"<meta charset=windows-1252>To\xb5n t\xd8nh c\xe3 94 x\xb7 \xae\xb9t chu\xc8n n\xabng th\xabn m\xedi.";
        let decoded = page(abc, None, None).unwrap();
        assert!(decoded.text.ends_with("Toàn tỉnh có 94 xã đạt chuẩn nông thôn mới."), "{}", decoded.text);
        assert_eq!(decoded.told().as_deref(), Some("tcvn3 (syllables)"));
        let vni = b"Toa\xf8n t\xe6nh co\xf9 94 xa\xf5 \xf1a\xeft chua\xe5n no\xe2ng tho\xe2n m\xf4\xf9i.";
        assert_eq!(read(vni), ("Toàn tỉnh có 94 xã đạt chuẩn nông thôn mới.".to_owned(), Some("vni (syllables)".into())));
        let viqr = "Toa`n ti?nh co' 94 xa~ dda.t chua^?n no^ng tho^n mo+'i. He^'t.";
        assert_eq!(read(viqr.as_bytes()), ("Toàn tỉnh có 94 xã đạt chuẩn nông thôn mới. Hết.".to_owned(), Some("viqr (syllables)".into())));
    }

    #[test]
    fn the_override_wins_and_unknown_names_are_told() {
        let decoded = text(b"m\xedi", None, Some("ABC".parse().unwrap())).unwrap();
        assert_eq!(decoded.text, "mới");
        assert!("latin-17".parse::<Encoding>().unwrap_err().contains("windows-1258"));
    }

    #[test]
    fn other_languages_and_plain_text_are_left_as_they_are() {
        for english in ["It's 5^2 + 3; don't add. Does it? Yes.", "dd if=/dev/zero of=a"] {
            assert_eq!(read(english.as_bytes()), (english.to_owned(), None));
        }
        let french = "L'été dernier, la région a créé des emplois à côté.";
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(french);
        assert_eq!(page(&bytes, Some("windows-1252"), None).unwrap().text, french);
        assert!(text(b"\x89PNG\0\0\0\r1234", None, None).is_err());
    }

    #[test]
    fn a_page_that_calls_itself_utf16_in_single_bytes_is_none() {
        let page = [b"<meta charset=utf-16>x ".as_slice(), b"caf\xe9 ol\xe9"].concat();
        assert!(super::page(&page, None, None).unwrap().text.ends_with("café olé"));
    }

    #[test]
    fn valid_utf8_wins_over_what_is_declared_and_broken_utf8_is_told() {
        let latin = format!("<meta charset=iso-8859-1>{TEXT}");
        assert_eq!(page(latin.as_bytes(), None, None).unwrap().text, latin);
        let mut broken = TEXT.repeat(3).into_bytes();
        broken.push(0xE1);
        let decoded = page(&broken, Some("utf-8"), None).unwrap();
        assert_eq!((decoded.told().as_deref(), decoded.notes.len()), (Some("utf-8 (http)"), 1));
    }
}
