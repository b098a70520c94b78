//! Unpacking under watch.
//!
//! In: packed bytes. Out: unpacked ones, until they are too many for what they were packed in. Never: more memory than a buffer.

use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufRead, Read};

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

/// A gzip stream of one member or many, that ends with an error when it is a bomb.
pub struct Watched<R> {
    decoder: MultiGzDecoder<Counted<R>>,
    unpacked: u64,
}

struct Counted<R> {
    reader: R,
    bytes: u64,
}

impl<R: BufRead> Watched<R> {
    pub fn new(reader: R) -> Self {
        Self { decoder: MultiGzDecoder::new(Counted { reader, bytes: 0 }), unpacked: 0 }
    }
}

impl<R: BufRead> Read for Watched<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.decoder.read(out)?;
        self.unpacked += n as u64;
        if is_one(self.decoder.get_ref().bytes, self.unpacked) { Err(error()) } else { Ok(n) }
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
