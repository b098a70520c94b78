//! Record ids, and keys of what is decided on.

use super::Record;
use smallvec::SmallVec;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

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
    let digit = |i: usize| b"0123456789abcdef"[(value >> (60 - 4 * i)) as usize & 15];
    let digits: [u8; 16] = std::array::from_fn(digit);
    str::from_utf8(&digits).expect("digits are text").to_owned()
}

/// Names a pair of records, or one alone: 16 hex digits, made of all that they say. What was decided on an item holds as long as
/// its records stay as they are.
pub fn item_key(old: Option<&Record>, new: Option<&Record>) -> String {
    let mut hasher = Xxh3::new();
    for record in [old, new] {
        hasher.update(&serde_json::to_vec(&record).unwrap_or_default());
        hasher.update(b"\n");
    }
    hexadecimal(hasher.digest())
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
