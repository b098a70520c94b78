//! Record ids, and keys of what is decided on.

use super::Record;
use xxhash_rust::xxh3::Xxh3;

/// The id of a figure: a hash of the document's id, its place in the document and what it says. Rules don't enter, so an
/// edited rule keeps every id.
pub fn record_id(document: &str, bytes: [usize; 2], quote: &str) -> String {
    let mut hasher = Xxh3::new();
    hasher.update(document.as_bytes());
    hasher.update(&[0]);
    hasher.update(&(bytes[0] as u64).to_le_bytes());
    hasher.update(&(bytes[1] as u64).to_le_bytes());
    hasher.update(quote.as_bytes());
    format!("{:016x}", hasher.digest())
}

/// Names a pair of records, or one alone: 16 hex digits, made of all that they say. What was decided on an item holds as long as
/// its records stay as they are.
pub fn item_key(old: Option<&Record>, new: Option<&Record>) -> String {
    let mut hasher = Xxh3::new();
    for record in [old, new] {
        hasher.update(&serde_json::to_vec(&record).unwrap_or_default());
        hasher.update(b"\n");
    }
    format!("{:016x}", hasher.digest())
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
