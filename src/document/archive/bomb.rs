//! Unpacking under watch.
//!
//! In: packed bytes. Out: unpacked ones, until they are too many for what they were packed in. Never: more memory than a buffer.

use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Pages pack to a tenth; a table of zeros to a hundredth.
const RATIO: u64 = 250;
/// Less is no bomb, whatever its ratio.
const HARMLESS: u64 = 16 << 20;

/// Is so much out of so little a bomb?
pub fn is_one(packed: u64, unpacked: u64) -> bool {
    unpacked > HARMLESS && unpacked > packed.saturating_mul(RATIO)
}

pub fn error() -> io::Error {
    io::Error::other(format!("refused as a compression bomb: more than {RATIO} times its packed size"))
}

/// What may be unpacked out of a file in all: archives in archives multiply.
#[derive(Debug)]
pub struct Budget {
    packed: u64,
    unpacked: AtomicU64,
}

impl Budget {
    pub fn of(file: &File) -> Self {
        // A pipe has no length, and no archive in it either.
        Self { packed: file.metadata().map_or(0, |m| if m.is_file() { m.len() } else { u64::MAX }), unpacked: AtomicU64::new(0) }
    }

    /// Takes note of bytes that were unpacked.
    ///
    /// # Errors
    /// When they are too many.
    pub fn spend(&self, bytes: usize) -> io::Result<()> {
        let all = self.unpacked.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        if is_one(self.packed, all) { Err(error()) } else { Ok(()) }
    }
}

/// A gzip stream of one member or many, that ends with an error when it is a bomb.
pub struct Watched<R> {
    decoder: MultiGzDecoder<Counted<R>>,
    unpacked: u64,
    budget: Arc<Budget>,
}

struct Counted<R> {
    reader: R,
    bytes: u64,
}

impl<R: BufRead> Watched<R> {
    pub fn new(reader: R, budget: Arc<Budget>) -> Self {
        Self { decoder: MultiGzDecoder::new(Counted { reader, bytes: 0 }), unpacked: 0, budget }
    }
}

impl<R: BufRead> Read for Watched<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.decoder.read(out)?;
        self.unpacked += n as u64;
        if is_one(self.decoder.get_ref().bytes, self.unpacked) { Err(error()) } else { self.budget.spend(n).map(|()| n) }
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(out)?;
        self.bytes += n as u64;
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.bytes += n as u64;
        self.reader.consume(n);
    }
}
