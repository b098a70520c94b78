//! Record ids.

use smallvec::SmallVec;
use xxhash_rust::xxh3::xxh3_64;

/// The id of a figure: a hash of the document's id, its place in the document and what it says. Rules don't enter, so an
/// edited rule keeps every id.
pub fn record_id(document: &str, bytes: [usize; 2], quote: &str) -> String {
    let mut key: SmallVec<[u8; 256]> = SmallVec::with_capacity(document.len() + quote.len() + 17);
    key.extend_from_slice(document.as_bytes());
    key.push(0);
    key.extend_from_slice(&(bytes[0] as u64).to_le_bytes());
    key.extend_from_slice(&(bytes[1] as u64).to_le_bytes());
    key.extend_from_slice(quote.as_bytes());
    hexadecimal(xxh3_64(&key))
}

/// Sixteen digits.
fn hexadecimal(value: u64) -> String {
    (0..16).rev().map(|i| char::from(b"0123456789abcdef"[(value >> (4 * i)) as usize & 15])).collect()
}

#[cfg(test)]
mod tests {
    use super::record_id;

    #[test]
    fn ids_are_stable_and_tell_places_apart() {
        assert_eq!(record_id("a", [0, 4], "5 xã"), record_id("a", [0, 4], "5 xã"));
        assert_ne!(record_id("a", [0, 4], "5 xã"), record_id("a", [9, 13], "5 xã"));
        assert_ne!(record_id("a", [0, 4], "5 xã"), record_id("b", [0, 4], "5 xã"));
    }
}
