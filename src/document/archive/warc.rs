//! Web archives: WARC 1.0 and 1.1.
//!
//! In: an unpacked stream. Out: the pages and texts of its responses and resources, each with its address and charset. Never: a record
//! held that is longer than the limit, or one that is no answer with status 200.

use super::super::inputs::{Input, InputError, fail, too_long};
use super::super::raw::Sort;
use super::coding::{self, Unpack};
use super::{Gone, Members, bomb, line, sort_of_type};
use std::io::{self, BufRead, Read};

/// The longest line of a header, and the most lines.
const LINE: u64 = 64 << 10;
const LINES: usize = 1000;

/// The header by which the nightly job says what a response is for: an article, or a list, a feed, a text that is stored already, ….
pub const PART: &str = "solieu-part";
pub const ARTICLE: &str = "article";

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
        if get(&self.headers, PART).is_some_and(|part| part != ARTICLE) {
            return Ok(Ok(()));
        }
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

    /// The id of the document: in an archive of the nightly job the address, by which its store names it too.
    fn id(&self, members: &Members) -> String {
        match (get(&self.headers, PART), self.url()) {
            (Some(_), Some(url)) => url.to_owned(),
            _ => format!("{}:{}", members.id, self.number),
        }
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
            let mut raw = members.terms.raw(self.id(members), sort, bytes);
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

/// The charset of a media type.
pub fn charset(media: &str) -> Option<String> {
    let at = media.to_ascii_lowercase().find("charset=")?;
    let rest = &media[at + "charset=".len()..];
    Some(rest.split(';').next()?.trim_matches(['"', '\'', ' ']).to_owned())
}

/// The body without the codings of its transport, and what a reader should know of it.
fn unpacked(bytes: Vec<u8>, headers: &Headers, input: &Input, limit: usize) -> Result<(Vec<u8>, Option<String>), InputError> {
    let is_chunked = get(headers, "transfer-encoding").is_some_and(|t| t.eq_ignore_ascii_case("chunked"));
    // Some crawlers store the body without its chunks and keep the header.
    let bytes = if is_chunked { coding::dechunked(&bytes).unwrap_or(bytes) } else { bytes };
    let name = get(headers, "content-encoding").unwrap_or("");
    coding::unpack(bytes, name, limit).map_err(|fault| match fault {
        Unpack::TooLong => too_long(input, limit),
        Unpack::Bomb => fail(input, bomb::error().to_string(), "look at the record; no limit lets it pass"),
        Unpack::Unknown(_) => fail(input, fault.to_string(), "fetch the page without it: `Accept-Encoding: gzip`"),
        Unpack::Broken { .. } => fail(input, fault.to_string(), "fetch the page again"),
    })
}
