//! Words by their bytes: eight at a time, since each word of a text comes by.
//!
//! In: UTF-8. Out: where a word ends, as far as ASCII tells. Never: whether a character beyond ASCII is a letter.

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGH: u64 = ONES << 7;

/// Eight bytes of a text from here on; zeros behind its end.
#[inline]
pub fn window(text: &[u8], at: usize) -> u64 {
    match text.get(at..).and_then(|rest| rest.first_chunk()) {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => last_window(text, at),
    }
}

fn last_window(text: &[u8], at: usize) -> u64 {
    match text.last_chunk() {
        Some(bytes) if at < text.len() => u64::from_le_bytes(*bytes) >> (8 * (8 - (text.len() - at))),
        _ => text[at..].iter().rev().fold(0, |window, &b| window << 8 | u64::from(b)),
    }
}

/// How many of these bytes come before the first that is ASCII and no letter.
#[inline]
pub fn length(window: u64) -> usize {
    // Each byte by itself: small letters, then whether it reaches `a` and passes `z`, in the highest bit.
    let small = window & !HIGH | (ONES << 5);
    let from_a = small + ONES * (0x80 - b'a' as u64);
    let past_z = small + ONES * (0x80 - (b'z' + 1) as u64);
    let ends = !(from_a & !past_z | window) & HIGH;
    (ends.trailing_zeros() / 8) as usize
}

/// The first of these bytes, at most eight.
#[inline]
pub fn first(window: u64, len: usize) -> u64 {
    const FIRST: [u64; 9] = [0, 0xFF, 0xFFFF, 0xFF_FFFF, u32::MAX as u64, 0xFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF, 0xFF_FFFF_FFFF_FFFF, u64::MAX];
    window & FIRST[len.min(8)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn eight_bytes_are_seen_as_one_by_one(text in "([a-zA-Zđ ỷ@`{\\[5\u{A0}“]{0,4}){0,3}", at in 0usize..6) {
            let bytes = &text.as_bytes()[at.min(text.len())..];
            let eight = &bytes[..bytes.len().min(8)];
            let w = window(text.as_bytes(), at.min(text.len()));
            let len = eight.iter().position(|b| b.is_ascii() && !b.is_ascii_alphabetic()).unwrap_or(eight.len());
            prop_assert_eq!(length(w), len);
            prop_assert_eq!(first(w, len), eight[..len].iter().rev().fold(0, |k, &b| k << 8 | u64::from(b)));
        }
    }
}
