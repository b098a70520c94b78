//! Web archives: WARC 1.0 and 1.1.
//!
//! In: an unpacked stream. Out: the pages and texts of its responses and resources, each with its address and charset. Never: a record
//! held that is longer than the limit, or one that is no answer with status 200.

use super::super::inputs::{Input, InputError, fail, too_long};
use super::super::raw::Sort;
use super::{Gone, Members, bomb, line, sort_of_type};
use flate2::bufread::{MultiGzDecoder, ZlibDecoder};
use std::io::{self, BufRead, Read};

/// The longest line of a header, and the most lines.
const LINE: u64 = 64 << 10;
const LINES: usize = 1000;
/// How much of a body is looked at, in characters.
const LOOK: usize = 4096;

/// Headers by lower-case name.
type Headers = Vec<(String, String)>;

pub fn read(reader: &mut (impl BufRead + ?Sized), members: &mut Members) -> Result<(), Gone> {
    loop {
        let headers = match head(reader) {
            Ok(Some(headers)) => headers,
            Ok(None) => return Ok(()),
            Err(e) => return members.broken(&e),
        };
        members.seen += 1;
        let length = get(&headers, "content-length").and_then(|l| l.parse::<u64>().ok());
        let Some(length) = length else {
            return members.broken(&io::Error::other("a record without a length"));
        };
        let mut body = (&mut *reader).take(length);
        let record = Record { headers, number: members.seen };
        if let Err(e) = record.read(&mut body, members)? {
            return members.broken(&e);
        }
        match io::copy(&mut body, &mut io::sink()) {
            Ok(_) if body.limit() == 0 => {}
            Ok(_) => return members.broken(&io::Error::from(io::ErrorKind::UnexpectedEof)),
            Err(e) => return members.broken(&e),
        }
    }
}

/// The header of the next record; none at the end.
fn head(reader: &mut (impl BufRead + ?Sized)) -> io::Result<Option<Headers>> {
    for _ in 0..LINES {
        match line(reader, LINE)? {
            None => return Ok(None),
            Some(blank) if blank.trim().is_empty() => {}
            Some(version) if version.starts_with("WARC/") => return headers(reader).map(Some),
            Some(_) => break,
        }
    }
    Err(io::Error::other("no WARC record where one should begin"))
}

fn headers(reader: &mut (impl BufRead + ?Sized)) -> io::Result<Headers> {
    let mut out = Headers::new();
    for _ in 0..LINES {
        match line(reader, LINE)? {
            None => return Err(io::ErrorKind::UnexpectedEof.into()),
            Some(end) if end.is_empty() => return Ok(out),
            Some(header) => out.extend(header.split_once(':').map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))),
        }
    }
    Err(io::Error::other("a header without an end"))
}

fn get<'h>(headers: &'h Headers, name: &str) -> Option<&'h str> {
    headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
}

struct Record {
    headers: Headers,
    number: usize,
}

impl Record {
    /// Reads what a researcher wants of the record; the rest is left to be passed over.
    fn read(&self, body: &mut impl BufRead, members: &mut Members) -> Result<io::Result<()>, Gone> {
        let headers = match get(&self.headers, "warc-type") {
            Some("response") if self.is_http() => match answer(body) {
                Ok(Some(headers)) => headers,
                Ok(None) => return Ok(Ok(())),
                Err(e) => return Ok(Err(e)),
            },
            Some("resource" | "response") => vec![("content-type".to_owned(), get(&self.headers, "content-type").unwrap_or("").to_owned())],
            Some("conversion") => vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())],
            _ => return Ok(Ok(())),
        };
        match get(&headers, "content-type").and_then(sort_of_type) {
            Some(sort) => self.document(sort, &headers, body, members),
            None => Ok(Ok(())),
        }
    }

    fn is_http(&self) -> bool {
        self.url().is_none_or(|u| u.starts_with("http"))
    }

    fn url(&self) -> Option<&str> {
        get(&self.headers, "warc-target-uri").map(|u| u.trim_matches(['<', '>'])).filter(|u| !u.is_empty())
    }

    fn document(&self, sort: Sort, headers: &Headers, body: &mut impl BufRead, members: &mut Members) -> Result<io::Result<()>, Gone> {
        let limit = members.terms.limit;
        let input = Input { line: Some(self.number), ..members.input(None) };
        let mut bytes = Vec::new();
        if let Err(e) = body.take(limit as u64 + 1).read_to_end(&mut bytes) {
            return Ok(Err(e));
        }
        let unpacked = if bytes.len() > limit { Err(too_long(&input, limit)) } else { unpacked(bytes, headers, &input, limit) };
        let item = unpacked.map(|(bytes, note)| {
            let mut raw = members.terms.raw(format!("{}:{}", members.id, self.number), sort, bytes);
            raw.url = self.url().map(str::to_owned);
            raw.charset = get(headers, "content-type").and_then(charset);
            let cut = get(&self.headers, "warc-truncated").map(|why| format!("the record was cut when it was saved: {why}"));
            raw.notes = note.into_iter().chain(cut).collect();
            (input, raw)
        });
        members.send(item).map(Ok)
    }
}

/// The headers of an HTTP answer with status 200.
fn answer(body: &mut impl BufRead) -> io::Result<Option<Headers>> {
    let status = line(body, LINE)?.unwrap_or_default();
    let good = status.starts_with("HTTP/") && status.split_whitespace().nth(1) == Some("200");
    if good { headers(body).map(Some) } else { Ok(None) }
}

fn charset(media: &str) -> Option<String> {
    let at = media.to_ascii_lowercase().find("charset=")?;
    let rest = &media[at + "charset=".len()..];
    Some(rest.split(';').next()?.trim_matches(['"', '\'', ' ']).to_owned())
}

/// The body without the codings of its transport, and what a reader should know of it.
fn unpacked(bytes: Vec<u8>, headers: &Headers, input: &Input, limit: usize) -> Result<(Vec<u8>, Option<String>), InputError> {
    let is_chunked = get(headers, "transfer-encoding").is_some_and(|t| t.eq_ignore_ascii_case("chunked"));
    // Some crawlers store the body without its chunks and keep the header.
    let bytes = if is_chunked { dechunked(&bytes).unwrap_or(bytes) } else { bytes };
    let coding = get(headers, "content-encoding").unwrap_or("").trim().to_ascii_lowercase();
    let read = |reader: &mut dyn Read| read_coding(reader, &coding, bytes.len() as u64, input, limit);
    match coding.as_str() {
        "gzip" | "x-gzip" if bytes.starts_with(&[0x1F, 0x8B]) => read(&mut MultiGzDecoder::new(bytes.as_slice())),
        "deflate" if bytes.first().is_some_and(|b| b & 0x0F == 8) => read(&mut ZlibDecoder::new(bytes.as_slice())),
        "deflate" if !is_plain(&bytes) => read(&mut flate2::bufread::DeflateDecoder::new(bytes.as_slice())),
        "br" if !is_plain(&bytes) => read(&mut brotli_decompressor::Decompressor::new(bytes.as_slice(), 16 << 10)),
        // The headers of some crawlers and servers tell of a coding that the body has not, or of none that there is.
        _ if coding.is_empty() || coding == "identity" || is_plain(&bytes) => Ok((bytes, None)),
        _ => Err(fail(input, format!("its coding {coding:?} is not read"), "fetch the page without it: `Accept-Encoding: gzip`")),
    }
}

/// Is it text as it stands: a page, or UTF-8 without control characters?
fn is_plain(bytes: &[u8]) -> bool {
    let control = |c: char| c.is_control() && !c.is_whitespace();
    bytes.trim_ascii_start().starts_with(b"<") || std::str::from_utf8(bytes).is_ok_and(|t| !t.chars().take(LOOK).any(control))
}

fn read_coding(reader: &mut dyn Read, coding: &str, packed: u64, input: &Input, limit: usize) -> Result<(Vec<u8>, Option<String>), InputError> {
    let mut out = Vec::new();
    let done = reader.take(limit as u64 + 1).read_to_end(&mut out);
    match done {
        _ if out.len() > limit => Err(too_long(input, limit)),
        _ if bomb::is_one(packed, out.len() as u64) => Err(fail(input, bomb::error().to_string(), "look at the record; no limit lets it pass")),
        Err(e) if out.is_empty() => Err(fail(input, format!("its {coding} coding cannot be read: {e}"), "fetch the page again")),
        Err(e) => {
            let note = format!("its {coding} coding breaks off after {} bytes: {e}", out.len());
            Ok((out, Some(note)))
        }
        Ok(_) => Ok((out, None)),
    }
}

/// The body without its chunks; none when it is not chunked.
fn dechunked(bytes: &[u8]) -> Option<Vec<u8>> {
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
