//! The records of the archive that a request makes.
//!
//! In: an exchange, what came of it. Out: request and response, or a revisit of a response that is archived already, on the disk. Never: a
//! response said to be an article that is not stored as one: what is read out of the archive is what the store has.

use super::{Result, State};
use crate::document::{ARTICLE, PART};
use crate::nightly::dates;
use crate::nightly::fetch::Exchange;
use crate::nightly::warc::{self, NOT_MODIFIED, Record, SAME_PAYLOAD, Writer};
use rusqlite::{OptionalExtension, Transaction, params};
use std::path::Path;

const REQUEST: &str = "application/http; msgtype=request";
const RESPONSE: &str = "application/http; msgtype=response";

/// A response that is archived already.
#[derive(Debug, Clone)]
pub struct Earlier {
    pub id: String,
    pub date: String,
    pub payload: String,
}

/// Where an exchange stands in the archive.
#[derive(Debug, Clone)]
pub struct Place {
    pub file: String,
    pub start: u64,
    /// Of the response, for later revisits.
    pub response: Earlier,
}

/// What is archived.
#[derive(Debug)]
pub struct Entry<'e> {
    pub exchange: &'e Exchange,
    /// What the response is for.
    pub part: &'e str,
    pub earlier: Option<&'e Earlier>,
}

impl State {
    /// Cuts what the store does not know off the files of this night: it was written when a process was killed.
    pub(super) fn cut_archives(&mut self) -> Result<()> {
        let sql =
            "SELECT path, length FROM nightly_archives WHERE pruned IS NULL AND night = (SELECT max(night) FROM nightly_archives) ORDER BY path DESC LIMIT 1";
        let last: Option<(String, i64)> = self.connection().query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        if let Some((path, length)) = last {
            Writer::open(&self.folder.join(path), u64::try_from(length).unwrap_or(0))?;
        }
        Ok(())
    }

    /// Opens the file of the night that has room, or begins another.
    pub(super) fn archive(&mut self) -> Result<&mut Writer> {
        let full = self.writer.as_ref().is_some_and(|w| w.length() >= self.archive_limit);
        if self.writer.is_none() || full {
            self.writer = None;
            let writer = self.open_archive()?;
            return Ok(self.writer.insert(writer));
        }
        self.writer.as_mut().ok_or_else(|| super::StateError::Told("no file of the archive is open".to_owned()))
    }

    fn open_archive(&mut self) -> Result<Writer> {
        let (night, limit) = (self.night, self.archive_limit);
        let sql = "SELECT count(*), max(path), max(length) FILTER (WHERE path = (SELECT max(path) FROM nightly_archives WHERE night = ?1)) FROM nightly_archives WHERE night = ?1";
        let row = |r: &rusqlite::Row<'_>| Ok((r.get::<_, i64>(0)?, r.get::<_, Option<String>>(1)?, r.get::<_, Option<u64>>(2)?));
        let (count, last, length) = self.connection().query_row(sql, [night], row)?;
        if let (Some(path), Some(length)) = (&last, length.filter(|l| *l < limit)) {
            return Ok(Writer::open(&self.folder.join(path), length)?);
        }
        let day = jiff::Timestamp::from_second(self.began).unwrap_or_default().to_zoned(dates::vietnam());
        let path = self.folder.join(day.strftime("%Y/%m").to_string()).join(format!("solieu-{}-n{night:05}-{:05}.warc.gz", day.strftime("%Y%m%d"), count + 1));
        // What stands there already was never committed.
        let mut writer = Writer::open(&path, 0)?;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let about = format!("software: solieu/{}\r\nformat: WARC File Format 1.1\r\nrobots: obey\r\n", env!("CARGO_PKG_VERSION"));
        let now = self.clock.now();
        let info = Record {
            kind: "warcinfo",
            id: warc::id(&["warcinfo", &name, &now.to_string()]),
            date: now,
            media: "application/warc-fields",
            headers: vec![("WARC-Filename", name.clone())],
            block: about.as_bytes(),
            target: None,
        };
        writer.append(&[info])?;
        Ok(writer)
    }
}

/// Writes an exchange, and tells the store how long the file is now.
pub(super) fn write(transaction: &Transaction<'_>, writer: &mut Writer, folder: &Path, night: i64, entry: &Entry<'_>) -> Result<Place> {
    let exchange = entry.exchange;
    let target = exchange.url.as_str();
    let at = exchange.at.to_string();
    let ids = ["request", "response"].map(|kind| warc::id(&[kind, target, &at]));
    let payload = warc::digest(&exchange.response[head(&exchange.response)..]);
    let peer = exchange.peer.map(|p| ("WARC-IP-Address", p.ip().to_string()));
    let request = Record {
        kind: "request",
        id: ids[0].clone(),
        date: exchange.at,
        target: Some(target),
        media: REQUEST,
        headers: [("WARC-Concurrent-To", ids[1].clone())].into_iter().chain(peer.clone()).collect(),
        block: &exchange.request,
    };
    let mut headers: Vec<(&str, String)> = peer.into_iter().chain([(PART_HEADER, entry.part.to_owned())]).collect();
    let (kind, block) = match entry.earlier {
        Some(earlier) => {
            let profile = if exchange.status == 304 { NOT_MODIFIED } else { SAME_PAYLOAD };
            headers.extend([
                ("WARC-Profile", profile.to_owned()),
                ("WARC-Refers-To", earlier.id.clone()),
                ("WARC-Refers-To-Target-URI", target.to_owned()),
                ("WARC-Refers-To-Date", earlier.date.clone()),
                ("WARC-Payload-Digest", earlier.payload.clone()),
            ]);
            ("revisit", &exchange.response[..head(&exchange.response)])
        }
        None => {
            headers.push(("WARC-Payload-Digest", payload.clone()));
            ("response", exchange.response.as_slice())
        }
    };
    let response = Record { kind, id: ids[1].clone(), date: exchange.at, target: Some(target), media: RESPONSE, headers, block };
    let starts = writer.append(&[request, response])?;
    let file = writer.path().strip_prefix(folder).unwrap_or(writer.path()).to_string_lossy().replace('\\', "/");
    let sql = "INSERT INTO nightly_archives (path, night, length) VALUES (?1, ?2, ?3) ON CONFLICT (path) DO UPDATE SET length = ?3";
    transaction.prepare_cached(sql)?.execute(params![file, night, i64::try_from(writer.length()).unwrap_or(i64::MAX)])?;
    let response = entry.earlier.cloned().unwrap_or(Earlier { id: ids[1].clone(), date: format!("{:.6}", exchange.at), payload });
    Ok(Place { file, start: starts[0], response })
}

/// The header's name as archives write theirs.
const PART_HEADER: &str = "Solieu-Part";
const _: () = assert!(PART_HEADER.eq_ignore_ascii_case(PART) && ARTICLE.len() == 7);

/// Where the head of an answer ends.
fn head(response: &[u8]) -> usize {
    memchr::memmem::find(response, b"\r\n\r\n").map_or(response.len(), |at| at + 4)
}
