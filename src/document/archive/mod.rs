//! Archives of pages and texts: WARC, zip, tar.
//!
//! In: an archive. Out: its documents in the order in which they stand there, as raw as those of files; an error for each that cannot be
//! read. Never: an archive held in memory, a member unpacked that is a bomb, or a member that is an archive itself.
//!
//! An archive is read on a thread of its own, a few documents ahead of the workers.

mod bomb;
mod coding;
mod tar;
mod warc;
mod zip;

#[cfg(feature = "nightly")]
pub use coding::{Unpack, unpack};
#[cfg(feature = "nightly")]
pub use warc::{ARTICLE, PART, charset};

use super::format::Format;
use super::inputs::{Input, Item, Stream, Terms, fail, whole};
use super::raw::Sort;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};

const BUFFER: usize = 256 << 10;
/// Documents that wait for the workers.
const AHEAD: usize = 4;

/// How an archive is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Warc,
    WarcGz,
    Zip,
    Tar,
    TarGz,
}

/// Opens an archive.
pub(super) fn open(kind: Kind, file: File, path: PathBuf, id: String, terms: &Terms) -> Stream {
    let (sender, items) = sync_channel(AHEAD);
    let members = Members { path, id, terms: terms.clone(), sender, found: false, seen: 0 };
    std::thread::spawn(move || members.run(kind, file));
    Box::new(items.into_iter())
}

/// Nobody wants more items.
struct Gone;

/// Where the members of an archive go.
struct Members {
    path: PathBuf,
    id: String,
    terms: Terms,
    sender: SyncSender<Item>,
    /// A document was found.
    found: bool,
    /// Members of any sort.
    seen: usize,
}

impl Members {
    fn run(mut self, kind: Kind, file: File) {
        let ended = catch_unwind(AssertUnwindSafe(|| self.walk(kind, file)));
        let input = self.input(None);
        let fault = match ended {
            Err(_) => Some(fail(&input, "the reader of archives failed", "this is a fault of solieu; please report it with the archive")),
            Ok(Ok(())) if !self.found => {
                let reason = format!("none of its {} members is a page or a text", self.seen);
                Some(fail(&input, reason, "archives are searched for the files that a folder is searched for, and for HTML in web archives"))
            }
            Ok(_) => None,
        };
        // The receiver may be gone; then nobody asks.
        fault.into_iter().for_each(|f| drop(self.sender.send(Err(f))));
    }

    fn walk(&mut self, kind: Kind, file: File) -> Result<(), Gone> {
        let packed = |file: File| bomb::Watched::new(BufReader::with_capacity(BUFFER, file));
        match kind {
            Kind::Warc => warc::read(&mut BufReader::with_capacity(BUFFER, file), self),
            Kind::WarcGz => warc::read(&mut BufReader::with_capacity(BUFFER, packed(file)), self),
            Kind::Tar => tar::read(BufReader::with_capacity(BUFFER, file), self),
            Kind::TarGz => tar::read(packed(file), self),
            Kind::Zip => zip::read(file, self),
        }
    }

    /// Where a member comes from.
    fn input(&self, member: Option<&str>) -> Input {
        let path = member.map_or_else(|| self.path.clone(), |m| self.path.join(Path::new(m.trim_start_matches('/'))));
        Input { path, line: None }
    }

    fn send(&mut self, item: Item) -> Result<(), Gone> {
        self.found = true;
        self.sender.send(item).map_err(|_| Gone)
    }

    /// A fault that ends the archive.
    fn broken(&mut self, e: &std::io::Error) -> Result<(), Gone> {
        let fault = fail(&self.input(None), format!("cannot be read to its end: {e}"), "what stands before was read; fetch the archive again");
        self.send(Err(fault))
    }

    /// A member that is a file; those of no known format are passed over.
    fn file(&mut self, name: &str, reader: impl Read) -> Result<(), Gone> {
        self.seen += 1;
        let input = self.input(Some(name));
        let id = format!("{}/{}", self.id, name.trim_start_matches("./").trim_start_matches('/'));
        match Format::of(Path::new(name)) {
            Some(Format::Whole(sort)) => {
                let item = whole(reader, input, id, Some(sort), &self.terms);
                self.send(item)
            }
            Some(Format::Rows) => self.rows(reader, input),
            Some(Format::Archive(_)) | None => Ok(()),
        }
    }

    fn rows(&mut self, reader: impl Read, input: Input) -> Result<(), Gone> {
        let lines = super::inputs::Lines::new(BufReader::with_capacity(BUFFER, reader), input.path, &self.terms);
        lines.into_iter().try_for_each(|item| self.send(item))
    }
}

/// Reads a line of at most `limit` bytes; none at the end.
fn line(reader: &mut impl BufRead, limit: u64) -> std::io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if reader.take(limit).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned()))
}

/// The sort of a document of the web.
pub fn sort_of_type(media: &str) -> Option<Sort> {
    match media.split(';').next().unwrap_or("").trim().to_ascii_lowercase().as_str() {
        "text/html" | "application/xhtml+xml" => Some(Sort::Html),
        "text/plain" => Some(Sort::Text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Inputs;
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    const PAGE: &str = "<html><head><title>Tin</title></head><body><h1>Lai Châu có 94 xã nông thôn mới</h1><p>Năm 2023, tỉnh Lai Châu có 94 xã, trong đó 39 xã đạt chuẩn nông thôn mới, chiếm 41,5% tổng số xã của tỉnh.</p></body></html>";

    fn read(name: &str, bytes: &[u8]) -> Vec<Result<(String, String), String>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let read = |item: Item| item.and_then(|(input, raw)| raw.decode(&input)).map(|d| (d.id, d.url.unwrap_or_default())).map_err(|e| e.reason);
        Inputs::new([path]).with_limit(1 << 20).map(read).collect()
    }

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut out = GzEncoder::new(Vec::new(), Compression::best());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn record(kind: &str, url: &str, body: &[u8]) -> Vec<u8> {
        let head = format!("WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nContent-Length: {}\r\n\r\n", body.len());
        [head.as_bytes(), body, b"\r\n\r\n"].concat()
    }

    fn response(extra: &str, body: &[u8]) -> Vec<u8> {
        [format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n{extra}\r\n").as_bytes(), body].concat()
    }

    fn warc() -> Vec<Vec<u8>> {
        let chunked = format!("{:x}\r\n{PAGE}\r\n0\r\n\r\n", PAGE.len());
        vec![
            record("warcinfo", "", b"software: x\r\n"),
            record("response", "https://a.example/1", &response("", PAGE.as_bytes())),
            record("request", "https://a.example/1", b"GET / HTTP/1.1\r\n\r\n"),
            record("response", "<https://a.example/2>", &response("Content-Encoding: gzip\r\n", &gz(PAGE.as_bytes()))),
            record("response", "https://a.example/3", &response("Transfer-Encoding: chunked\r\n", chunked.as_bytes())),
            record("response", "https://a.example/404", b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nx"),
            record("response", "https://a.example/x.png", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx"),
        ]
    }

    #[test]
    fn web_archives_in_one_member_or_many_give_the_same() {
        let plain = warc().concat();
        let members: Vec<u8> = warc().iter().flat_map(|r| gz(r)).collect();
        let urls = |name: &str, bytes: &[u8]| read(name, bytes).into_iter().map(|r| r.unwrap().1).collect::<Vec<_>>();
        let expected = ["https://a.example/1", "https://a.example/2", "https://a.example/3"];
        assert_eq!(urls("a.warc", &plain), expected);
        assert_eq!(urls("a.warc.gz", &members), expected);
        assert_eq!(urls("a.warc.gz", &gz(&plain)), expected);
        assert_eq!(read("a.warc", &plain)[0].as_ref().unwrap().0, "a.warc:2");
    }

    #[test]
    fn a_cut_archive_gives_what_it_has_and_an_error() {
        let whole = gz(&warc().concat());
        let found = read("a.warc.gz", &whole[..whole.len() - 20]);
        assert!(found[0].is_ok());
        assert!(found.last().unwrap().as_ref().is_err_and(|e| e.starts_with("cannot be read to its end")), "{found:?}");
    }

    #[test]
    fn files_of_zip_and_tar_keep_their_order() {
        let mut zip = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let mut tar = ::tar::Builder::new(Vec::new());
        for (name, body) in [("b/2.html", PAGE), ("a/1.txt", "Có 5 xã."), ("a/x.png", "x"), ("c.jsonl", "{\"id\": 7, \"text\": \"Có 6 xã.\"}\n")] {
            zip.start_file(name, ::zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(body.as_bytes()).unwrap();
            let mut header = ::tar::Header::new_gnu();
            header.set_size(body.len() as u64);
            header.set_mode(0o644);
            tar.append_data(&mut header, name, body.as_bytes()).unwrap();
        }
        let (zip, tar) = (zip.finish().unwrap().into_inner(), tar.into_inner().unwrap());
        let ids = |name: &str, bytes: &[u8]| read(name, bytes).into_iter().map(|r| r.unwrap().0).collect::<Vec<_>>();
        assert_eq!(ids("z.zip", &zip), ["z.zip/b/2.html", "z.zip/a/1.txt", "7"]);
        assert_eq!(ids("z.tar", &tar), ["z.tar/b/2.html", "z.tar/a/1.txt", "7"]);
        assert_eq!(ids("z.tar.gz", &gz(&tar)), ["z.tar.gz/b/2.html", "z.tar.gz/a/1.txt", "7"]);
    }

    #[test]
    fn bombs_are_refused() {
        let zeros = vec![b' '; 300 << 20];
        let mut tar = ::tar::Builder::new(Vec::new());
        let mut header = ::tar::Header::new_gnu();
        header.set_size(zeros.len() as u64);
        tar.append_data(&mut header, "a.txt", zeros.as_slice()).unwrap();
        let refused = |found: Vec<Result<(String, String), String>>| found.iter().all(Result::is_err) && !found.is_empty();
        assert!(refused(read("a.tar.gz", &gz(&tar.into_inner().unwrap()))));
        let mut zip = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file("a.txt", ::zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&zeros).unwrap();
        assert!(refused(read("a.zip", &zip.finish().unwrap().into_inner())));
        let inner = record("response", "https://a.example/", &response("Content-Encoding: gzip\r\n", &gz(&zeros)));
        assert!(refused(read("a.warc", &inner)));
    }

    #[test]
    fn what_is_no_archive_is_told() {
        assert!(read("a.zip", b"PK nothing")[0].as_ref().is_err_and(|e| e.contains("cannot be read")));
        assert!(read("a.warc", b"<html>")[0].as_ref().is_err_and(|e| e.contains("no WARC record")));
        assert!(read("a.tar.gz", &gz(b""))[0].as_ref().is_err_and(|e| e.starts_with("none of its 0 members")));
    }
}
