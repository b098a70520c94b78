//! Writing web archives: WARC 1.1 (ISO 28500:2017), each record a gzip member of its own.
//!
//! In: what went over the wire. Out: records appended to a file, and where the file ends. Never: a record without a digest, or a file whose
//! end is not known to the store: what stands behind it after a crash is cut off.

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use sha1::{Digest, Sha1};
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

pub const SAME_PAYLOAD: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
pub const NOT_MODIFIED: &str = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";

/// One record.
#[derive(Debug, Clone, Default)]
pub struct Record<'r> {
    /// `warcinfo`, `request`, `response`, `revisit`.
    pub kind: &'static str,
    /// `<urn:uuid:…>`.
    pub id: String,
    pub date: Timestamp,
    pub target: Option<&'r str>,
    pub media: &'static str,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    pub block: &'r [u8],
}

impl Record<'_> {
    /// The record as a gzip member.
    fn member(&self) -> io::Result<Vec<u8>> {
        let mut head = format!("WARC/1.1\r\nWARC-Type: {}\r\nWARC-Record-ID: {}\r\nWARC-Date: {}\r\n", self.kind, self.id, date(self.date));
        if let Some(target) = self.target {
            head += &format!("WARC-Target-URI: {target}\r\n");
        }
        for (name, value) in &self.headers {
            head += &format!("{name}: {}\r\n", value.replace(['\r', '\n'], " "));
        }
        head += &format!("WARC-Block-Digest: {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n", digest(self.block), self.media, self.block.len());
        let mut gz = GzEncoder::new(Vec::with_capacity(self.block.len() / 4 + 512), Compression::default());
        gz.write_all(head.as_bytes())?;
        gz.write_all(self.block)?;
        gz.write_all(b"\r\n\r\n")?;
        gz.finish()
    }
}

/// `2025-11-12T01:30:00Z`, to the microsecond.
fn date(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// `sha1:` in base 32, as archives write it.
pub fn digest(bytes: &[u8]) -> String {
    format!("sha1:{}", data_encoding::BASE32.encode(&Sha1::digest(bytes)))
}

/// The id of a record: a UUID (version 8) out of what it is and when, so that a repeated run gives the same.
pub fn id(parts: &[&str]) -> String {
    let mut hash = Sha1::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut b: [u8; 16] = std::array::from_fn(|i| hash.clone().finalize()[i]);
    b[6] = b[6] & 0x0F | 0x80;
    b[8] = b[8] & 0x3F | 0x80;
    let hex = data_encoding::HEXLOWER.encode(&b);
    format!("<urn:uuid:{}-{}-{}-{}-{}>", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// A file of an archive that grows.
#[derive(Debug)]
pub struct Writer {
    file: File,
    path: PathBuf,
    length: u64,
}

impl Writer {
    /// Opens a file and cuts off what stands behind `length`: records that the store does not know.
    ///
    /// # Errors
    /// When it cannot be opened, or is shorter: then records are lost that the store knows.
    pub fn open(path: &Path, length: u64) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?;
        let there = file.metadata()?.len();
        if there < length {
            let reason = format!("{}: {there} bytes, and the store knows of {length}; put the file back from the backup", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
        }
        file.set_len(length)?;
        file.seek(SeekFrom::Start(length))?;
        Ok(Self { file, path: path.to_owned(), length })
    }

    /// Appends records, and returns when they are on the disk; where each begins.
    ///
    /// # Errors
    /// When they cannot be written; the file is cut back to what was there.
    pub fn append(&mut self, records: &[Record<'_>]) -> io::Result<Vec<u64>> {
        let mut bytes = Vec::new();
        let mut starts = Vec::with_capacity(records.len());
        for record in records {
            starts.push(self.length + bytes.len() as u64);
            bytes.extend(record.member()?);
        }
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        if let Err(e) = written {
            self.file.set_len(self.length)?;
            self.file.seek(SeekFrom::Start(self.length))?;
            return Err(e);
        }
        self.length += bytes.len() as u64;
        Ok(starts)
    }

    /// Cuts off what was appended behind `length`: its transaction failed.
    ///
    /// # Errors
    /// When the file cannot be cut.
    pub fn back_to(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.file.seek(SeekFrom::Start(length))?;
        self.length = length;
        Ok(())
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn record(block: &[u8]) -> Record<'_> {
        Record {
            kind: "response",
            id: id(&["a"]),
            target: Some("https://a.example/1"),
            media: "application/http; msgtype=response",
            block,
            ..Record::default()
        }
    }

    #[test]
    fn each_record_is_a_member_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b.warc.gz");
        let mut writer = Writer::open(&path, 0).unwrap();
        let starts = writer.append(&[record(b"HTTP/1.1 200 OK\r\n\r\nx"), record(b"HTTP/1.1 200 OK\r\n\r\ny")]).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        for (start, end) in [(starts[0], starts[1]), (starts[1], writer.length())] {
            let mut text = String::new();
            flate2::read::GzDecoder::new(&bytes[start as usize..end as usize]).read_to_string(&mut text).unwrap();
            assert!(text.starts_with("WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:") && text.ends_with("\r\n\r\n"), "{text}");
            assert!(text.contains("WARC-Date: 1970-01-01T00:00:00.000000Z\r\n"));
        }
    }

    #[test]
    fn what_the_store_does_not_know_is_cut_off_and_what_is_missing_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("b.warc.gz");
        let mut writer = Writer::open(&path, 0).unwrap();
        writer.append(&[record(b"x")]).unwrap();
        let known = writer.length();
        writer.append(&[record(b"y")]).unwrap();
        let longer = writer.length();
        drop(writer);
        let mut writer = Writer::open(&path, known).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().len(), known);
        writer.append(&[record(b"y")]).unwrap();
        assert_eq!(writer.length(), longer);
        assert!(Writer::open(&path, longer + 1).unwrap_err().to_string().contains("backup"));
    }

    #[test]
    fn digests_are_those_of_other_tools() {
        assert_eq!(digest(b""), "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
        assert_eq!(id(&["a", "b"]).len(), "<urn:uuid:00000000-0000-8000-8000-000000000000>".len());
        assert_ne!(id(&["a", "b"]), id(&["ab"]));
    }
}
