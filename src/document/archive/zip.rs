//! Zip archives, member by member.
//!
//! In: a file. Out: its members in the order of its directory. Never: more unpacked than its packed size allows, also where members overlap.

use super::super::inputs::fail;
use super::{Gone, Members, bomb};
use std::fs::File;
use std::io::{self, Read};

pub fn read(file: File, members: &mut Members) -> Result<(), Gone> {
    let packed = file.metadata().map_or(0, |m| m.len());
    let mut archive = match zip::ZipArchive::new(io::BufReader::new(file)) {
        Ok(archive) => archive,
        Err(e) => return members.broken(&io::Error::other(e)),
    };
    let mut unpacked = 0;
    for i in 0..archive.len() {
        match archive.by_index(i) {
            Ok(member) if member.is_dir() => {}
            Ok(member) => {
                let name = member.name().map_or_else(|_| format!("member-{}", i + 1), std::borrow::Cow::into_owned);
                let own = member.compressed_size();
                members.file(&name, Measured { reader: member, packed: [own, packed], unpacked: [0, unpacked], total: &mut unpacked })?;
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
struct Measured<'t, R> {
    reader: R,
    /// Packed size of the member, and of the archive.
    packed: [u64; 2],
    unpacked: [u64; 2],
    total: &'t mut u64,
}

impl<R: Read> Read for Measured<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(out)?;
        self.unpacked.iter_mut().for_each(|u| *u += n as u64);
        *self.total = self.unpacked[1];
        let bomb = self.packed.iter().zip(self.unpacked).any(|(packed, unpacked)| bomb::is_one(*packed, unpacked));
        if bomb { Err(bomb::error()) } else { Ok(n) }
    }
}
