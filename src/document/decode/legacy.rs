//! The encodings of Vietnamese before Unicode, which no crate knows: TCVN3 (ABC), VNI for Windows, VIQR.
//!
//! In: bytes. Out: their text, composed. Never: a byte that is lost: what a table does not know is read as windows-1252.
//!
//! TCVN3 writes capitals with marks in another font, so that their case is lost; the seven capitals that its table has are kept.

use encoding_rs::WINDOWS_1252;
use unicode_normalization::UnicodeNormalization;

/// What TCVN3 puts where, from byte to letter.
const TCVN3: [(u8, &str); 8] = [
    (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
    (0xB5, "àảãáạ"),
    (0xBB, "ằẳẵắ"),
    (0xC6, "ặầẩẫấậè"),
    (0xCE, "ẻẽéẹềểễếệìỉ"),
    (0xDC, "ĩíịò"),
    (0xE1, "ỏõóọồổỗốộờởỡớợù"),
    (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
];

/// Decodes TCVN3.
pub fn tcvn3(bytes: &[u8]) -> String {
    let letter = |byte: u8| TCVN3.iter().find_map(|(first, letters)| letters.chars().nth(usize::from(byte.checked_sub(*first)?)));
    let table: Vec<Option<char>> = (0..=255).map(|b| if b < 0xA1 { None } else { letter(b) }).collect();
    let latin = latin(bytes);
    bytes.iter().zip(latin).map(|(b, other)| table[usize::from(*b)].unwrap_or(other)).collect()
}

/// The letters of windows-1252, one a byte.
fn latin(bytes: &[u8]) -> impl Iterator<Item = char> + '_ {
    let table: Vec<char> = (0..=255_u8).map(|b| WINDOWS_1252.decode_without_bom_handling(&[b]).0.chars().next().unwrap_or('\u{FFFD}')).collect();
    bytes.iter().map(move |b| table[usize::from(*b)])
}

/// Letters that VNI writes with one byte, as windows-1252 shows it.
const VNI_LETTERS: [(char, char); 9] = [('ñ', 'đ'), ('ô', 'ơ'), ('ö', 'ư'), ('í', 'í'), ('ì', 'ì'), ('æ', 'ỉ'), ('ó', 'ĩ'), ('ò', 'ị'), ('î', 'ỵ')];
/// The bytes behind a vowel, as windows-1252 shows them, with the marks that they stand for.
const VNI_MARKS: [(char, &str); 17] = [
    ('ù', "\u{301}"),
    ('ø', "\u{300}"),
    ('û', "\u{309}"),
    ('õ', "\u{303}"),
    ('ï', "\u{323}"),
    ('â', "\u{302}"),
    ('á', "\u{302}\u{301}"),
    ('à', "\u{302}\u{300}"),
    ('å', "\u{302}\u{309}"),
    ('ã', "\u{302}\u{303}"),
    ('ä', "\u{302}\u{323}"),
    ('ê', "\u{306}"),
    ('é', "\u{306}\u{301}"),
    ('è', "\u{306}\u{300}"),
    ('ú', "\u{306}\u{309}"),
    ('ü', "\u{306}\u{303}"),
    ('ë', "\u{306}\u{323}"),
];

/// Decodes VNI for Windows.
pub fn vni(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    let mut vowel = None;
    for c in latin(bytes) {
        let lower = lower(c);
        let marks = VNI_MARKS.iter().find(|(mark, _)| *mark == lower).map(|(_, marks)| *marks);
        if let (Some(v), Some(marks)) = (vowel.take(), marks)
            && takes(v, marks)
        {
            out.push_str(marks);
            continue;
        }
        let letter = VNI_LETTERS.iter().find(|(written, _)| *written == lower).map(|(_, letter)| *letter);
        let letter = letter.map_or(c, |l| if c == lower { l } else { l.to_uppercase().next().unwrap_or(l) });
        vowel = Some(letter).filter(|l| "aeouyơưAEOUYƠƯ".contains(*l));
        out.push(letter);
    }
    out.nfc().collect()
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// Is there such a letter?
fn takes(vowel: char, marks: &str) -> bool {
    match lower(vowel) {
        'a' => true,
        'e' | 'o' => !marks.starts_with('\u{306}'),
        _ => !marks.starts_with(['\u{306}', '\u{302}']),
    }
}

/// Decodes VIQR. A full stop or question mark behind a vowel is a tone mark, but not where a sentence ends.
pub fn viqr(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        let next = chars.get(i + 1).copied();
        i += 1;
        match (c, next) {
            ('\\', Some(n)) if "'`?~.^(+dD\\".contains(n) => {
                out.push(n);
                i += 1;
            }
            ('d', Some('d')) => {
                out.push('đ');
                i += 1;
            }
            ('D', Some('D' | 'd')) => {
                out.push('Đ');
                i += 1;
            }
            _ if "aeiouyAEIOUY".contains(c) => {
                out.push(c);
                i += marks(&chars[i..], lower(c), &mut out);
            }
            _ => out.push(c),
        }
    }
    out.nfc().collect()
}

/// The marks behind a vowel; gives how many signs they are.
fn marks(rest: &[char], vowel: char, out: &mut String) -> usize {
    let shape = match (rest.first(), vowel) {
        (Some('^'), 'a' | 'e' | 'o') => "\u{302}",
        (Some('('), 'a') => "\u{306}",
        (Some('+' | '*'), 'o' | 'u') => "\u{31B}",
        _ => "",
    };
    out.push_str(shape);
    let used = usize::from(!shape.is_empty());
    let tone = match rest.get(used) {
        Some('\'') => "\u{301}",
        Some('`') => "\u{300}",
        Some('~') => "\u{303}",
        Some('?') if !ends(&rest[used + 1..]) => "\u{309}",
        Some('.') if !ends(&rest[used + 1..]) => "\u{323}",
        _ => "",
    };
    out.push_str(tone);
    used + usize::from(!tone.is_empty())
}

/// Does a sentence end before this: at a line break, or a capital behind white space?
fn ends(rest: &[char]) -> bool {
    let next = rest.iter().find(|c| !matches!(c, ' ' | '"'));
    rest.first().is_none_or(|c| c.is_whitespace() || *c == '"') && next.is_none_or(|c| c.is_uppercase() || matches!(c, '\n' | '\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All letters with marks.
    fn letters() -> String {
        let tones = ["", "\u{301}", "\u{300}", "\u{309}", "\u{303}", "\u{323}"];
        let lower: String = "aăâeêioôơuưy".chars().flat_map(|v| tones.iter().flat_map(move |t| format!("{v}{t}").nfc().collect::<Vec<_>>())).collect();
        lower.chars().chain(['đ']).filter(|c| c.is_alphabetic() && !c.is_ascii()).collect()
    }

    fn to_tcvn3(text: &str) -> Vec<u8> {
        let byte = |c: char| TCVN3.iter().find_map(|(first, letters)| letters.chars().position(|l| l == c).map(|i| first + u8::try_from(i).unwrap()));
        text.chars().map(|c| byte(c).unwrap_or_else(|| u8::try_from(c).unwrap())).collect()
    }

    fn to_vni(text: &str) -> Vec<u8> {
        let mut out = String::new();
        for c in text.chars() {
            let capital = c.is_uppercase();
            let small = lower(c);
            let single = VNI_LETTERS.iter().find(|(_, l)| *l == small).map(|(w, _)| w.to_string());
            let written = single.unwrap_or_else(|| {
                let (mut base, mut marks) = (String::new(), String::new());
                small.to_string().nfd().for_each(|c| if matches!(c, '\u{300}'..='\u{30F}' | '\u{323}') { marks.push(c) } else { base.push(c) });
                // The standard order puts the dot below before the other marks.
                if marks.starts_with('\u{323}') && marks.chars().count() > 1 {
                    marks = marks.chars().rev().collect();
                }
                let base: String = base.nfc().collect();
                let base = VNI_LETTERS.iter().find(|(_, l)| l.to_string() == base).map_or(base.clone(), |(w, _)| w.to_string());
                let mark = VNI_MARKS.iter().find(|(_, m)| *m == marks).map_or(String::new(), |(w, _)| w.to_string());
                base + &mark
            });
            out += &if capital { written.to_uppercase() } else { written };
        }
        encoding_rs::WINDOWS_1252.encode(&out).0.into_owned()
    }

    fn to_viqr(text: &str) -> String {
        let sign = |c| match c {
            '\u{301}' => '\'',
            '\u{300}' => '`',
            '\u{309}' => '?',
            '\u{303}' => '~',
            '\u{323}' => '.',
            '\u{302}' => '^',
            '\u{306}' => '(',
            '\u{31B}' => '+',
            c => c,
        };
        let letter = |c: char| {
            let mut parts: Vec<char> = c.to_string().nfd().collect();
            if parts.get(1) == Some(&'\u{323}') && parts.len() > 2 {
                parts.swap(1, 2);
            }
            parts.into_iter().map(sign).collect::<String>()
        };
        text.chars()
            .map(|c| {
                if c == 'đ' {
                    "dd".to_owned()
                } else if c == 'Đ' {
                    "DD".to_owned()
                } else {
                    letter(c)
                }
            })
            .collect()
    }

    #[test]
    fn every_letter_comes_back() {
        let small = letters();
        assert_eq!(small.chars().count(), 12 * 6 - 6 + 1);
        assert_eq!(tcvn3(&to_tcvn3(&small)), small);
        assert_eq!(vni(&to_vni(&small)), small);
        assert_eq!(viqr(&to_viqr(&small)), small);
        let capital = small.to_uppercase();
        assert_eq!(vni(&to_vni(&capital)), capital);
        assert_eq!(viqr(&to_viqr(&capital)), capital);
        assert_eq!(tcvn3(&to_tcvn3("ĂÂÊÔƠƯĐ")), "ĂÂÊÔƠƯĐ");
    }

    #[test]
    fn texts_come_back_whole() {
        let text = "Tỉnh Hà Giang có 35,7% hộ nghèo; ước đạt 1.234 tỷ đồng (tăng 5%). Đúng không? Một xã được vay.";
        assert_eq!(vni(&to_vni(text)), text);
        assert_eq!(viqr(&to_viqr(text)), text);
        assert_eq!(tcvn3(&to_tcvn3(text)), text);
    }

    /// As the C library knows them, where it is at hand.
    #[test]
    fn tcvn3_agrees_with_iconv() {
        let bytes: Vec<u8> = (0xA1..=0xFE).collect();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        for byte in bytes {
            let ours = tcvn3(&[byte]);
            std::fs::write(&path, [byte]).unwrap();
            let Ok(out) = std::process::Command::new("iconv").args(["-f", "TCVN5712-1", "-t", "UTF-8"]).arg(&path).output() else { return };
            let theirs = String::from_utf8_lossy(&out.stdout).into_owned();
            // The C library's table has capitals where the fonts of TCVN3 have none.
            let has = TCVN3.iter().any(|(first, letters)| (0..letters.chars().count()).any(|i| usize::from(*first) + i == usize::from(byte)));
            if out.status.success() && has {
                assert_eq!(ours, theirs.nfc().collect::<String>(), "{byte:#x}");
            }
        }
    }
}
