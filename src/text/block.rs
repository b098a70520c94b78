//! The kinds of bytes of a text, 64 at a time: a scan of a whole text has no time for each of them.
//!
//! In: UTF-8. Out: which bytes are digits and which are of words, a bit each. Never: whether a character beyond ASCII is a letter.

use wide::i8x16;

/// Bytes of a block: as many as a mask has bits.
const BLOCK: usize = u64::BITS as usize;

/// A bit for each byte, the first one lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Block {
    /// Where the block begins in the text.
    pub start: usize,
    pub digits: u64,
    /// Letters, and parts of characters beyond ASCII but for dashes, quotes and rare spaces.
    pub words: u64,
    /// Digits, and bytes of words, that the byte before is not one of.
    pub digit_starts: u64,
    pub word_starts: u64,
}

/// The blocks of a text.
#[derive(Debug)]
pub struct Blocks<'t> {
    bytes: &'t [u8],
    start: usize,
    /// Of the block before.
    last: Block,
    /// Bytes at the start that go on with a mark of the block before.
    marks: u64,
}

impl<'t> Blocks<'t> {
    pub fn of(text: &'t str) -> Self {
        Self { bytes: text.as_bytes(), start: 0, last: Block::default(), marks: 0 }
    }
}

impl Iterator for Blocks<'_> {
    type Item = Block;

    #[inline]
    fn next(&mut self) -> Option<Block> {
        let rest = self.bytes.get(self.start..).filter(|rest| !rest.is_empty())?;
        let block = match rest.first_chunk() {
            Some(bytes) => self.block(bytes),
            None => {
                let mut bytes = [b' '; BLOCK];
                bytes[..rest.len()].copy_from_slice(rest);
                self.block(&bytes)
            }
        };
        self.start += BLOCK;
        self.last = block;
        Some(block)
    }
}

impl Blocks<'_> {
    #[inline]
    fn block(&mut self, bytes: &[u8; BLOCK]) -> Block {
        let [mut digits, mut words, mut of_two, mut of_three] = [0; 4];
        for (i, bytes) in bytes.chunks_exact(16).enumerate() {
            let kinds = kinds(bytes.try_into().unwrap_or(&[0; 16]));
            for (mask, kind) in [&mut digits, &mut words, &mut of_two, &mut of_three].into_iter().zip(kinds) {
                *mask |= u64::from(kind) << (16 * i);
            }
        }
        let marks = self.marks | of_two | of_two << 1 | of_three | of_three << 1 | of_three << 2;
        self.marks = of_two >> 63 | of_three >> 62 | of_three >> 63;
        let words = words & !marks;
        let starts = |mask: u64, last: u64| mask & !(mask << 1 | last >> 63);
        Block { start: self.start, digits, words, digit_starts: starts(digits, self.last.digits), word_starts: starts(words, self.last.words) }
    }
}

/// Which bytes are digits; letters or beyond ASCII; first bytes of marks of two bytes (C2), of three (E2, EF).
#[inline]
fn kinds(bytes: &[u8; 16]) -> [u16; 4] {
    let all = |b: u8| i8x16::splat(b as i8);
    let bytes = i8x16::new(bytes.map(|b| b as i8));
    // Bytes beyond ASCII are negative.
    let between = |bytes: i8x16, low: u8, high: u8| bytes.simd_gt(all(low - 1)) & bytes.simd_lt(all(high + 1));
    let digits = between(bytes, b'0', b'9');
    let words = between(bytes | all(0x20), b'a', b'z') | bytes;
    let of_three = bytes.simd_eq(all(0xE2)) | bytes.simd_eq(all(0xEF));
    // A mask has the highest bit of each byte.
    [digits, words, bytes.simd_eq(all(0xC2)), of_three].map(|mask| mask.to_bitmask() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same, byte for byte: word, digit.
    fn plain(text: &str) -> Vec<(bool, bool)> {
        let kinds = text.chars().flat_map(|c| {
            let mark = matches!(text_lead(c), 0xC2 | 0xE2 | 0xEF);
            std::iter::repeat_n((c.is_ascii_alphabetic() || !c.is_ascii() && !mark, c.is_ascii_digit()), c.len_utf8())
        });
        kinds.collect()
    }

    fn text_lead(c: char) -> u8 {
        c.encode_utf8(&mut [0; 4]).as_bytes()[0]
    }

    proptest! {
        #[test]
        fn blocks_are_what_single_bytes_are(text in "([a-zA-Zđỷ @`{\\[/09:5\u{A0}“”…\u{FEFF}😀]{0,40}){0,5}") {
            let kinds = plain(&text);
            let mut seen = Vec::new();
            let (mut words, mut digits) = (Vec::new(), Vec::new());
            for block in Blocks::of(&text) {
                prop_assert_eq!(block.start, seen.len());
                let here = |mask: u64| (0..64).filter(move |i| mask >> i & 1 == 1).map(move |i| block.start + i);
                seen.extend((0..64).map(|i| (block.words >> i & 1 == 1, block.digits >> i & 1 == 1)));
                words.extend(here(block.word_starts));
                digits.extend(here(block.digit_starts));
            }
            seen.truncate(text.len());
            prop_assert_eq!(&seen, &kinds);
            let starts = |is: fn(&(bool, bool)) -> bool| (0..kinds.len()).filter(|&i| is(&kinds[i]) && (i == 0 || !is(&kinds[i - 1]))).collect::<Vec<_>>();
            prop_assert_eq!(words, starts(|k| k.0));
            prop_assert_eq!(digits, starts(|k| k.1));
        }
    }
}
