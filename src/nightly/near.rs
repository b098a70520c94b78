//! The same release on several portals.
//!
//! In: the text of an article. Out: a fingerprint, by which texts that differ in a few words are found. Never: two texts made one.
//!
//! Simhash (Charikar 2002) over shingles of three words; near is what differs in at most [`NEAR`] of 64 bits (Manku and others 2007).

use crate::text::fold;
use xxhash_rust::xxh3::xxh3_64;

/// The most bits in which near texts differ.
pub const NEAR: u32 = 6;
/// Bands by which near texts are looked up: texts that differ in fewer bits than there are bands share one.
pub const BANDS: usize = 8;
const SHINGLE: usize = 3;
/// Shorter texts are alike by chance.
const WORDS: usize = 40;

/// The fingerprint of a text; none for a short one.
pub fn fingerprint(text: &str) -> Option<u64> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    if words.len() < WORDS {
        return None;
    }
    let mut weights = [0i32; 64];
    for shingle in words.windows(SHINGLE) {
        let hash = xxh3_64(shingle.join(" ").as_bytes());
        for (bit, weight) in weights.iter_mut().enumerate() {
            *weight += if hash >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    Some(weights.iter().enumerate().fold(0, |print, (bit, weight)| print | u64::from(*weight > 0) << bit))
}

/// The bands of a fingerprint: number and bits of each in one value.
pub fn bands(print: u64) -> [i64; BANDS] {
    std::array::from_fn(|i| (i as i64) << 8 | (print >> (8 * i) & 0xFF) as i64)
}

/// In how many bits they differ.
pub fn distance(a: u64, b: u64) -> u32 {
    (a ^ b).count_ones()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(seed: usize) -> String {
        let words = [
            "tỉnh", "xã", "đạt", "chuẩn", "nông", "thôn", "mới", "hộ", "nghèo", "giảm", "tăng", "vốn", "đầu", "tư", "công", "ngân", "sách", "thu", "chi",
            "huyện",
        ];
        (0..160).map(|i| words[(i * i * (seed + 3) + i * 7 + seed) % words.len()].to_owned() + &format!("{}", (i * seed) % 13)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_release_with_another_first_line_is_near_and_another_text_is_not() {
        let text = article(1);
        let print = fingerprint(&text).unwrap();
        let reposted = fingerprint(&format!("(Theo Cổng tỉnh) {text} Ban biên tập")).unwrap();
        assert!(distance(print, reposted) <= NEAR, "{}", distance(print, reposted));
        for seed in 2..30 {
            assert!(distance(print, fingerprint(&article(seed)).unwrap()) > NEAR, "{seed}");
        }
        assert_eq!(fingerprint("Có 5 xã."), None);
    }

    #[test]
    fn near_prints_share_a_band() {
        let print = 0x0123_4567_89AB_CDEFu64;
        for bits in [[0, 9, 17, 25, 33, 41], [1, 2, 3, 4, 5, 6], [63, 62, 50, 40, 30, 20]] {
            let other = bits.iter().fold(print, |p, b| p ^ 1 << b);
            assert!(bands(print).iter().any(|b| bands(other).contains(b)));
        }
    }
}
