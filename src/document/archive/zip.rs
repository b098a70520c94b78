//! Zip archives, member by member.
//!
//! In: a file. Out: its members in the order of its directory. Never: more unpacked than its packed size allows, also where members overlap.

use super::super::inputs::fail;
use super::bomb::{self, Budget};
use super::{Gone, Members};
use std::io::{self, Read, Seek, SeekFrom};

pub fn read(mut reader: impl Read + Seek, members: &mut Members) -> Result<(), Gone> {
    let packed = reader.seek(SeekFrom::End(0)).unwrap_or(0);
    let mut archive = match zip::ZipArchive::new(reader) {
        Ok(archive) => archive,
        Err(e) => return members.broken(&io::Error::other(e)),
    };
    let budget = members.budget.clone();
    let mut unpacked = 0;
    for i in 0..archive.len() {
        match archive.by_index(i) {
            Ok(member) if member.is_dir() => {}
            Ok(member) => {
                let name = member.name().map_or_else(|_| format!("member-{}", i + 1), std::borrow::Cow::into_owned);
                let own = member.compressed_size();
                let mut measured = Measured { reader: member, packed: [own, packed], unpacked: [0, unpacked], budget: &budget };
                members.file(&name, &mut measured)?;
                unpacked = measured.unpacked[1];
            }
            Err(e) => {
                let fault = fail(&members.input(None), format!("member {} cannot be read: {e}", i + 1), "unpack the archive and name the files");
                members.send(Err(fault))?;
            }
        }
    }
    Ok(())
}

/// A member that ends with an error when it, or all members so far, are a bomb.
struct Measured<'b, R> {
    reader: R,
    /// Packed size of the member, and of the archive.
    packed: [u64; 2],
    unpacked: [u64; 2],
    budget: &'b Budget,
}

impl<R: Read> Read for Measured<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(out)?;
        self.unpacked.iter_mut().for_each(|u| *u += n as u64);
        let bomb = self.packed.iter().zip(self.unpacked).any(|(packed, unpacked)| bomb::is_one(*packed, unpacked));
        if bomb { Err(bomb::error()) } else { self.budget.spend(n).map(|()| n) }
    }
}
