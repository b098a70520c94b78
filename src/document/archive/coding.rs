//! The codings of HTTP bodies.
//!
//! In: a body as it was sent. Out: what was packed in it. Never: more than a limit, or a bomb.

use super::bomb;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// Why a body is not unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unpack {
    TooLong,
    Bomb,
    Broken(String),
}

/// Unpacks a body of this `Content-Encoding`. One that is not packed, whatever it says, stays as it is.
///
/// # Errors
/// When it unpacks to more than `limit` bytes, to many times its size, or to nothing.
pub fn unpack(bytes: Vec<u8>, coding: &str, limit: usize) -> Result<Vec<u8>, Unpack> {
    let coding = coding.trim().to_ascii_lowercase();
    let packed = bytes.len() as u64;
    let read = |reader: &mut dyn Read| {
        let mut out = Vec::new();
        let done = reader.take(limit as u64 + 1).read_to_end(&mut out);
        match done {
            _ if out.len() > limit => Err(Unpack::TooLong),
            _ if bomb::is_one(packed, out.len() as u64) => Err(Unpack::Bomb),
            Err(e) if out.is_empty() => Err(Unpack::Broken(format!("its {coding} coding cannot be read: {e}"))),
            _ => Ok(out),
        }
    };
    match coding.as_str() {
        "gzip" | "x-gzip" if bytes.starts_with(&[0x1F, 0x8B]) => read(&mut MultiGzDecoder::new(bytes.as_slice())),
        "deflate" if bytes.first().is_some_and(|b| b & 0x0F == 8) => read(&mut ZlibDecoder::new(bytes.as_slice())),
        "deflate" => read(&mut DeflateDecoder::new(bytes.as_slice())),
        "br" if !bytes.starts_with(b"<") => read(&mut brotli_decompressor::Decompressor::new(bytes.as_slice(), 16 << 10)),
        "zstd" if !bytes.starts_with(b"<") => Err(Unpack::Broken("its coding zstd is not read".to_owned())),
        _ => Ok(bytes),
    }
}

/// The body without its chunks; none when it is not chunked.
pub fn dechunked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let end = memchr::memchr(b'\n', rest)?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size..)?.strip_prefix(b"\r\n")?;
    }
}
