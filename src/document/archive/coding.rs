//! The codings of HTTP bodies.
//!
//! In: a body as it was sent. Out: what was packed in it. Never: more than a limit, or a bomb.

use super::bomb;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// How much of a body is looked at, in characters.
const LOOK: usize = 4096;

/// Why a body is not unpacked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unpack {
    #[error("it unpacks to more than is read")]
    TooLong,
    #[error("it unpacks to many times its size")]
    Bomb,
    #[error("its coding {0:?} is not read")]
    Unknown(String),
    #[error("its {coding} coding cannot be read: {reason}")]
    Broken { coding: String, reason: String },
}

/// Unpacks a body of this `Content-Encoding`; tells beside it where the coding breaks off. One that is not packed, whatever it says,
/// stays as it is: the headers of some crawlers and servers tell of a coding that the body has not, or of none that there is.
///
/// # Errors
/// When it unpacks to more than `limit` bytes, to many times its size, or to nothing, or its coding is not known.
pub fn unpack(bytes: Vec<u8>, coding: &str, limit: usize) -> Result<(Vec<u8>, Option<String>), Unpack> {
    let coding = coding.trim().to_ascii_lowercase();
    let read = |reader: &mut dyn Read| read(reader, &coding, bytes.len() as u64, limit);
    match coding.as_str() {
        "gzip" | "x-gzip" if bytes.starts_with(&[0x1F, 0x8B]) => read(&mut MultiGzDecoder::new(bytes.as_slice())),
        "deflate" if bytes.first().is_some_and(|b| b & 0x0F == 8) => read(&mut ZlibDecoder::new(bytes.as_slice())),
        "deflate" if !is_plain(&bytes) => read(&mut DeflateDecoder::new(bytes.as_slice())),
        "br" if !is_plain(&bytes) => read(&mut brotli_decompressor::Decompressor::new(bytes.as_slice(), 16 << 10)),
        _ if coding.is_empty() || coding == "identity" || is_plain(&bytes) => Ok((bytes, None)),
        _ => Err(Unpack::Unknown(coding)),
    }
}

fn read(reader: &mut dyn Read, coding: &str, packed: u64, limit: usize) -> Result<(Vec<u8>, Option<String>), Unpack> {
    let mut out = Vec::new();
    let done = reader.take(limit as u64 + 1).read_to_end(&mut out);
    match done {
        _ if out.len() > limit => Err(Unpack::TooLong),
        _ if bomb::is_one(packed, out.len() as u64) => Err(Unpack::Bomb),
        Err(e) if out.is_empty() => Err(Unpack::Broken { coding: coding.to_owned(), reason: e.to_string() }),
        Err(e) => {
            let note = format!("its {coding} coding breaks off after {} bytes: {e}", out.len());
            Ok((out, Some(note)))
        }
        Ok(_) => Ok((out, None)),
    }
}

/// Is it text as it stands: a page, or UTF-8 without control characters?
fn is_plain(bytes: &[u8]) -> bool {
    let control = |c: char| c.is_control() && !c.is_whitespace();
    bytes.trim_ascii_start().starts_with(b"<") || std::str::from_utf8(bytes).is_ok_and(|t| !t.chars().take(LOOK).any(control))
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
