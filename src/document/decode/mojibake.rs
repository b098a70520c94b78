//! Text that was UTF-8, was read as windows-1252, and was written as UTF-8 again: `Tá»‰nh` for `Tỉnh`.
//!
//! In: a text. Out: the text before that, when there is no doubt; by line, since pages mix. Never: a line that would lose a
//! character, or that is no better Vietnamese afterwards.

use super::syllable;
use std::borrow::Cow;

/// The text before it was encoded twice, and how many lines that concerned.
pub fn repair(text: &str) -> Option<(String, usize)> {
    if !suspicious(text) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut mended = 0;
    for line in text.split_inclusive('\n') {
        let before = undone(line).filter(|before| is_better(before, line));
        mended += usize::from(before.is_some());
        out.push_str(before.as_deref().unwrap_or(line));
    }
    (mended > 0).then_some((out, mended))
}

/// Holds the second half of a letter as a sign of its own, as correct Vietnamese hardly does.
fn suspicious(text: &str) -> bool {
    ["áº", "á»", "Ã¡", "Ã ", "Ä‘", "Æ°", "Æ¡", "Ã´", "Ãª", "Ã¢", "â€", "Ã©", "Ã\u{a0}"].iter().any(|s| text.contains(s))
}

/// The bytes that were read wrongly, as UTF-8.
fn undone(line: &str) -> Option<Cow<'static, str>> {
    let bytes: Option<Vec<u8>> = line.chars().map(byte).collect();
    String::from_utf8(bytes?).ok().map(Cow::Owned)
}

/// The byte that windows-1252 reads so; the five that it leaves open stand for themselves.
fn byte(c: char) -> Option<u8> {
    if let Ok(byte @ (0..=0x7F | 0x81 | 0x8D | 0x8F | 0x90 | 0x9D | 0xA0..=0xFF)) = u8::try_from(c) {
        return Some(byte);
    }
    let mut buffer = [0; 4];
    let (bytes, _, failed) = encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
    (!failed && bytes.len() == 1).then(|| bytes[0])
}

/// Every word with a mark is a syllable now or nearly so, and few were before.
fn is_better(after: &str, before: &str) -> bool {
    let (after_score, before_score) = (syllable::score(after), syllable::score(before));
    let punctuation_only = after_score.marked == 0 && before_score.marked > before_score.good;
    punctuation_only || after_score.share() >= 0.7 && before_score.share() <= 0.3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubled(text: &str) -> String {
        text.bytes()
            .map(
                |b| {
                    if matches!(b, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D) { char::from(b) } else { encoding_rs::WINDOWS_1252.decode(&[b]).0.chars().next().unwrap() }
                },
            )
            .collect()
    }

    #[test]
    fn doubly_encoded_lines_are_mended_and_others_left() {
        let good = "Tỉnh Lai Châu đạt 35,7% “kế hoạch” năm 2023, Đường, Ốc, Ở Ỷ ÁÀẢÃẠ.";
        let text = format!("{}\n{good}\n", doubled(good));
        assert_eq!(repair(&text), Some((format!("{good}\n{good}\n"), 1)));
        assert_eq!(repair(good), None);
    }

    #[test]
    fn what_only_looks_alike_stays() {
        for text in ["Ã là một chữ của tiếng Bồ Đào Nha, như trong São Paulo", "Hà Nội: Ã¡ và á»", "Café Ã©t cetera naïve"] {
            assert_eq!(repair(text), None, "{text}");
        }
    }
}
