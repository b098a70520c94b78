//! Archives of pages and texts: WARC, zip, tar, gzip.
//!
//! In: an archive. Out: its documents in the order in which they stand there, as raw as those of files; an error for each that cannot be
//! read. Never: an archive held in memory (but for a zip in another archive, which may be as long as a document), a member unpacked that is
//! a bomb, or archives in archives without end.
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
use super::inputs::{Input, Item, Stream, Terms, fail, too_long, whole};
use super::raw::Sort;
use bomb::{Budget, Watched};
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

const BUFFER: usize = 256 << 10;
/// Documents that wait for the workers.
const AHEAD: usize = 4;
/// How deep archives may lie in archives.
const DEPTH: usize = 4;

/// How an archive is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Warc,
    WarcGz,
    Zip,
    Tar,
    TarGz,
    /// One file, whose name is that of the archive without its ending.
    Gz,
}

/// Opens an archive.
pub(super) fn open(kind: Kind, file: File, path: PathBuf, id: String, terms: &Terms) -> Stream {
    let (sender, items) = sync_channel(AHEAD);
    let members = Members { path, id, terms: terms.clone(), sender, budget: Arc::new(Budget::of(&file)), depth: 1, found: false, seen: 0 };
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
    /// What may be unpacked in all.
    budget: Arc<Budget>,
    /// 1 for a file, more for an archive in another.
    depth: usize,
    /// A document was found.
    found: bool,
    /// Members of any sort.
    seen: usize,
}

impl Members {
    fn run(mut self, kind: Kind, file: File) {
        let ended = catch_unwind(AssertUnwindSafe(|| self.walk(kind, file)));
        if ended.is_err() {
            let fault = fail(&self.input(None), "the reader of archives failed", "this is a fault of solieu; please report it with the archive");
            // The receiver may be gone; then nobody asks.
            drop(self.sender.send(Err(fault)));
        }
    }

    fn walk(&mut self, kind: Kind, file: File) -> Result<(), Gone> {
        if kind == Kind::Zip {
            zip::read(BufReader::new(file), self)?;
        } else {
            self.stream(kind, &mut BufReader::with_capacity(BUFFER, file))?;
        }
        self.ended()
    }

    /// Reads an archive that needs not be searched.
    fn stream(&mut self, kind: Kind, reader: &mut dyn BufRead) -> Result<(), Gone> {
        let budget = self.budget.clone();
        let unpacked = |reader| BufReader::with_capacity(BUFFER, Watched::new(reader, budget));
        match kind {
            Kind::Warc => warc::read(reader, self),
            Kind::WarcGz => warc::read(&mut unpacked(reader), self),
            Kind::Tar => tar::read(reader, self),
            Kind::TarGz => tar::read(&mut unpacked(reader), self),
            Kind::Gz => self.only(&mut unpacked(reader)),
            Kind::Zip => self.held(reader),
        }
    }

    /// The one file that was packed.
    fn only(&mut self, reader: &mut dyn Read) -> Result<(), Gone> {
        self.seen += 1;
        let inner = self.path.with_extension("");
        self.document(Format::of(&inner), self.input(None), self.id.clone(), reader)
    }

    /// A zip in another archive: its directory is at its end.
    fn held(&mut self, reader: &mut dyn Read) -> Result<(), Gone> {
        let limit = self.terms.limit;
        let mut bytes = Vec::new();
        match reader.take(limit as u64 + 1).read_to_end(&mut bytes) {
            Err(e) => self.broken(&e),
            Ok(n) if n > limit => self.send(Err(too_long(&self.input(None), limit))),
            Ok(_) => zip::read(Cursor::new(bytes), self),
        }
    }

    /// Tells of an archive in which nothing was found.
    fn ended(&mut self) -> Result<(), Gone> {
        if self.found {
            return Ok(());
        }
        let reason = format!("none of its {} members is a page or a text", self.seen);
        let advice = "archives are searched for the files that a folder is searched for, and for HTML in web archives";
        self.send(Err(fail(&self.input(None), reason, advice)))
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
    fn file(&mut self, name: &str, reader: &mut dyn Read) -> Result<(), Gone> {
        self.seen += 1;
        let input = self.input(Some(name));
        let id = format!("{}/{}", self.id, name.trim_start_matches("./").trim_start_matches('/'));
        match Format::of(Path::new(name)) {
            Some(Format::Archive(kind)) => self.nested(kind, input, id, reader),
            format => self.document(format, input, id, reader),
        }
    }

    fn document(&mut self, format: Option<Format>, input: Input, id: String, reader: &mut dyn Read) -> Result<(), Gone> {
        match format {
            Some(Format::Whole(sort)) => {
                let item = whole(reader, input, id, Some(sort), &self.terms);
                self.send(item)
            }
            Some(Format::Rows) => self.rows(reader, input),
            Some(Format::Unread(what)) => self.send(Err(what.fault(&input))),
            Some(Format::Archive(_)) | None => Ok(()),
        }
    }

    /// An archive in the archive.
    fn nested(&mut self, kind: Kind, input: Input, id: String, reader: &mut dyn Read) -> Result<(), Gone> {
        if self.depth >= DEPTH {
            return self.send(Err(fail(&input, format!("archives lie more than {DEPTH} deep in each other"), "unpack the outer ones")));
        }
        let terms = self.terms.clone();
        let (sender, budget) = (self.sender.clone(), self.budget.clone());
        let mut inner = Members { path: input.path, id, terms, sender, budget, depth: self.depth + 1, found: false, seen: 0 };
        self.found = true;
        inner.stream(kind, &mut BufReader::with_capacity(BUFFER, reader))?;
        inner.ended()
    }

    fn rows(&mut self, reader: &mut dyn Read, input: Input) -> Result<(), Gone> {
        let mut lines = super::inputs::Lines::new(BufReader::with_capacity(BUFFER, reader), input.path, &self.terms);
        lines.try_for_each(|item| self.send(item))
    }
}

/// Reads a line of at most `limit` bytes; none at the end.
fn line(reader: &mut (impl BufRead + ?Sized), limit: u64) -> std::io::Result<Option<String>> {
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

    fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, body) in members {
            zip.start_file(*name, ::zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(body).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn tarred(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut tar = ::tar::Builder::new(Vec::new());
        for (name, body) in members {
            let mut header = ::tar::Header::new_gnu();
            header.set_size(body.len() as u64);
            header.set_mode(0o644);
            tar.append_data(&mut header, name, *body).unwrap();
        }
        tar.into_inner().unwrap()
    }

    #[test]
    fn archives_in_archives_are_read_in_their_place() {
        let page = PAGE.as_bytes();
        let inner = gz(&tarred(&[("x/1.html", page), ("2.png", b"x")]));
        let packed = zipped(&[("in.tar.gz", &inner), ("in.zip", &zipped(&[("3.html", page)])), ("4.txt.gz", &gz("Có 5 xã.".as_bytes())), ("5.html", page)]);
        let ids: Vec<String> = read("a.zip", &packed).into_iter().map(|r| r.unwrap().0).collect();
        assert_eq!(ids, ["a.zip/in.tar.gz/x/1.html", "a.zip/in.zip/3.html", "a.zip/4.txt.gz", "a.zip/5.html"]);
        let web = tarred(&[("w.warc.gz", &gz(&warc().concat())), ("z.zip", &zipped(&[("3.html", page)]))]);
        let ids: Vec<String> = read("a.tar.gz", &gz(&web)).into_iter().map(|r| r.unwrap().0).collect();
        assert_eq!(ids, ["a.tar.gz/w.warc.gz:2", "a.tar.gz/w.warc.gz:4", "a.tar.gz/w.warc.gz:5", "a.tar.gz/z.zip/3.html"]);
    }

    #[test]
    fn broken_empty_and_endless_archives_in_archives_are_told_and_the_rest_is_read() {
        let page = PAGE.as_bytes();
        let mut deep = zipped(&[("1.html", page)]);
        for _ in 0..DEPTH {
            deep = zipped(&[("in.zip", &deep)]);
        }
        let large = zipped(&[("a.html", &pseudo_random(2 << 20))]);
        let packed = zipped(&[("a.zip", b"PK"), ("b.tar", &tarred(&[("x.png", b"x")])), ("c.zip", &deep), ("d.zip", &large), ("e.html", page)]);
        let found = read("z.zip", &packed);
        let told: Vec<&str> = found.iter().filter_map(|f| f.as_ref().err().map(String::as_str)).collect();
        assert_eq!((found.len(), told.len()), (5, 4), "{found:?}");
        assert!(told[0].starts_with("cannot be read to its end") && told[1].starts_with("none of its 1 members"), "{told:?}");
        assert!(told[2].contains("more than 4 deep") && told[3].starts_with("longer than"), "{told:?}");
        assert!(found[4].is_ok());
    }

    /// Bytes that no packing shortens.
    fn pseudo_random(length: usize) -> Vec<u8> {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn single_packed_files_are_read_under_their_own_name() {
        let rows = gz("{\"id\": \"r1\", \"text\": \"Có 5 xã.\"}\n{\"id\": \"r2\", \"text\": \"Có 6 xã.\"}\n".as_bytes());
        let ids: Vec<String> = read("a.jsonl.gz", &rows).into_iter().map(|r| r.unwrap().0).collect();
        assert_eq!(ids, ["r1", "r2"]);
        assert_eq!(read("a.html.gz", &gz(PAGE.as_bytes()))[0].as_ref().unwrap().0, "a.html.gz");
    }

    #[test]
    fn codings_that_are_not_read_are_told_and_those_that_are_none_pass() {
        let answer = |coding: &str, body: &[u8]| record("response", "https://a.example/1", &response(&format!("Content-Encoding: {coding}\r\n"), body));
        let zstd = [0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x00, 0x41, 0x00, 0x00, 0x61];
        for coding in ["zstd", "compress", "dcb", "gzip"] {
            let found = read("a.warc", &answer(coding, &zstd));
            assert!(found[0].as_ref().is_err_and(|e| e.contains("coding") && e.contains(coding)), "{found:?}");
        }
        for coding in ["zstd", "UTF-8", "gzip", "br", "deflate", "identity"] {
            assert!(read("a.warc", &answer(coding, PAGE.as_bytes()))[0].is_ok(), "{coding}");
        }
    }

    #[test]
    fn a_body_that_breaks_off_is_read_with_a_note() {
        let body = gz(&[PAGE.as_bytes(), &pseudo_random(200_000)].concat());
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.warc");
        std::fs::write(&path, record("response", "https://a.example/1", &response("Content-Encoding: gzip\r\n", &body[..body.len() / 2]))).unwrap();
        let (_, raw) = Inputs::new([path]).next().unwrap().unwrap();
        assert!(raw.notes[0].starts_with("its gzip coding breaks off after"), "{:?}", raw.notes);
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
        let tenth = gz(&zeros[..30 << 20]);
        let many: Vec<(String, Vec<u8>)> = (0..20).map(|i| (format!("{i}.txt.gz"), tenth.clone())).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
        assert!(refused(read("a.zip", &zipped(&many))));
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
