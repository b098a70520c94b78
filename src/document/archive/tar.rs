//! Tar archives, streamed.
//!
//! In: an unpacked stream. Out: its files, one after the other. Never: a link followed.

use super::{Gone, Members};
use std::io::Read;

pub fn read(reader: impl Read, members: &mut Members) -> Result<(), Gone> {
    let mut archive = tar::Archive::new(reader);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(e) => return members.broken(&e),
    };
    for entry in entries {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(e) => return members.broken(&e),
        };
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        members.file(&name, &mut entry)?;
    }
    Ok(())
}
