//! Gold as a file to keep: what `solieu decide export` writes.
//!
//! In: whose decisions, and whether unsettled documents are wanted. Out: JSON Lines, sent piece by piece. Never: all of it in memory.

use super::answer::Answer;
use super::desk::DeskError;
use super::site::{Ask, Site};
use crate::store::{Exported, StoreError};
use axum::body::{Body, Bytes, HttpBody};
use axum::http::header;
use http_body::{Frame, SizeHint};
use std::fs::File;
use std::io::{BufWriter, Read, Seek, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

/// Bytes of a piece.
const PIECE: usize = 64 << 10;

/// What an export would hold.
///
/// # Errors
/// When the store cannot be read.
pub fn count(site: &Site, ask: &Ask) -> Result<Exported, DeskError> {
    write(site, ask, &mut std::io::sink())
}

/// The file.
///
/// # Errors
/// When the store cannot be read, or there is no room for a temporary file.
pub fn file(site: &Site, ask: &Ask) -> Result<Answer, DeskError> {
    let told = |e: std::io::Error| {
        let (reason, advice) = (format!("no temporary file for the export: {e}"), "check the disk of the temporary folder".to_owned());
        DeskError::Store(StoreError::Told { path: std::env::temp_dir(), reason, advice })
    };
    let mut out = BufWriter::new(tempfile::tempfile().map_err(told)?);
    write(site, ask, &mut out)?;
    let mut file = out.into_inner().map_err(|e| told(e.into_error()))?;
    file.rewind().map_err(told)?;
    let body = Body::new(Pieces(file));
    Ok(Answer::of("application/x-ndjson; charset=utf-8", body).with(header::CONTENT_DISPOSITION, "attachment; filename=\"gold.jsonl\""))
}

fn write(site: &Site, ask: &Ask, out: &mut dyn Write) -> Result<Exported, DeskError> {
    let whose = ask.query.get("whose").map(String::as_str).filter(|w| !w.is_empty());
    let partial = ask.query.get("partial").is_some_and(|p| p == "1");
    let run = site.desk.runs.1.run;
    Ok(site.desk.with(|store, _| store.gold(run, whose, partial, |row| writeln!(out, "{row}")))??)
}

/// A file, piece by piece.
struct Pieces(File);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let mut piece = vec![0; PIECE];
        Poll::Ready(match self.0.read(&mut piece) {
            Ok(0) => None,
            Ok(read) => {
                piece.truncate(read);
                Some(Ok(Frame::data(piece.into())))
            }
            Err(e) => Some(Err(e)),
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
