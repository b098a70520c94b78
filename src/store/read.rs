//! What runs have read: documents, and records one after the other.
//!
//! In: a run, a hash, an id. Out: what the store has of it. Never: a whole run in memory.

use super::{Result, RunId, Store};
use crate::record::Record;
use rusqlite::{OptionalExtension, Row, params};

/// A document as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDocument {
    /// Names it in the store.
    pub hash: String,
    /// `document` of its records.
    pub name: String,
    pub title: Option<String>,
    /// ISO date.
    pub published: Option<String>,
    pub url: Option<String>,
    /// Spans of records point into it.
    pub text: String,
}

/// A record of a run, with the numbers that lead back to it.
#[derive(Debug, Clone, Copy)]
pub struct StoredRecord<'a> {
    pub document_no: i64,
    pub figure_no: i64,
    /// The record as the store keeps it: two runs with the same number have the same record.
    pub record_no: i64,
    pub document: &'a str,
    /// JSON.
    pub body: &'a str,
}

/// A record that was looked up, and the runs that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub record: Record,
    /// JSON, as stored.
    pub body: String,
    /// Hash of its document.
    pub document: String,
    pub runs: Vec<RunId>,
}

impl Store {
    /// Hands out the records of a run, in the order of documents and of figures in them.
    ///
    /// # Errors
    /// When the store cannot be read, or the caller fails.
    pub fn each_record<E: From<super::StoreError>>(
        &self,
        run: RunId,
        mut take: impl FnMut(StoredRecord<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let sql = "SELECT document_no, figure_no, record_no, document, body FROM run_documents JOIN readings USING (reading) \
                   JOIN reading_records USING (reading) JOIN records USING (record_no) WHERE run = ? ORDER BY document_no, figure_no";
        let failed = |e| E::from(self.failed(e));
        let mut select = self.connection.prepare_cached(sql).map_err(failed)?;
        let mut rows = select.query([run]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            take(stored(row).map_err(failed)?)?;
        }
        Ok(())
    }

    /// A record by the number that the store gave it.
    ///
    /// # Errors
    /// When the store cannot be read, or has no such record.
    pub fn body(&self, record_no: i64) -> Result<String> {
        let mut select = self.connection.prepare_cached("SELECT body FROM records WHERE record_no = ?").map_err(|e| self.failed(e))?;
        select.query_row([record_no], |row| row.get(0)).map_err(|e| self.failed(e))
    }

    /// A document by its number in a run.
    ///
    /// # Errors
    /// When the store cannot be read, or the run has no such document.
    pub fn document_of(&self, run: RunId, document_no: i64) -> Result<StoredDocument> {
        let find = || {
            let sql = "SELECT document FROM run_documents JOIN readings USING (reading) WHERE run = ? AND document_no = ?";
            self.connection.prepare_cached(sql)?.query_row([run, document_no], |row| row.get::<_, String>(0))
        };
        let hash = find().map_err(|e| self.failed(e))?;
        self.document(&hash)?.ok_or_else(|| self.told(format!("document {hash} is missing"), "the store is damaged; go back to a copy of it"))
    }

    /// A document by its hash.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn document(&self, hash: &str) -> Result<Option<StoredDocument>> {
        let find = || {
            let mut select = self.connection.prepare_cached("SELECT document, name, title, published, url, text FROM documents WHERE document = ?")?;
            let document = |row: &Row<'_>| {
                Ok(StoredDocument { hash: row.get(0)?, name: row.get(1)?, title: row.get(2)?, published: row.get(3)?, url: row.get(4)?, text: row.get(5)? })
            };
            select.query_row([hash], document).optional()
        };
        find().map_err(|e| self.failed(e))
    }

    /// The hashes of a run's documents, in their order, those without figures included.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn documents(&self, run: RunId) -> Result<Vec<String>> {
        let all = || {
            let sql = "SELECT document FROM run_documents JOIN readings USING (reading) WHERE run = ? ORDER BY document_no";
            let mut select = self.connection.prepare_cached(sql)?;
            let hashes = select.query_map([run], |row| row.get(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(hashes)
        };
        all().map_err(|e| self.failed(e))
    }

    /// The records of one reading of a document in a run, in their order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn records_of(&self, run: RunId, document: &str) -> Result<Vec<Record>> {
        let all = || {
            let sql = "SELECT body FROM run_documents JOIN readings USING (reading) JOIN reading_records USING (reading) JOIN records USING (record_no) \
                       WHERE run = ? AND document = ? ORDER BY document_no, figure_no";
            let mut select = self.connection.prepare_cached(sql)?;
            let records = select.query_map(params![run, document], |row| parse(&row.get::<_, String>(0)?))?.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(records)
        };
        all().map_err(|e| self.failed(e))
    }

    /// Records whose id begins so, at most `limit` of them, the one of the newest run first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn find(&self, prefix: &str, limit: usize) -> Result<Vec<Found>> {
        let all = || {
            // The last letter of the range stands behind every digit.
            let sql = "SELECT body, document, json_group_array(run) FROM (SELECT DISTINCT run, record_no, body, document FROM records \
                       JOIN reading_records USING (record_no) JOIN readings USING (reading) JOIN run_documents USING (reading) \
                       WHERE id >= ?1 AND id < ?1 || char(0x10FFFF) ORDER BY run) GROUP BY record_no, document ORDER BY max(run) DESC, record_no LIMIT ?2";
            let mut select = self.connection.prepare_cached(sql)?;
            let found = select.query_map(params![prefix, i64::try_from(limit).unwrap_or(i64::MAX)], found)?.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(found)
        };
        all().map_err(|e| self.failed(e))
    }
}

fn stored<'a>(row: &'a Row<'_>) -> rusqlite::Result<StoredRecord<'a>> {
    let text = |i| Ok::<_, rusqlite::Error>(row.get_ref(i)?.as_str()?);
    Ok(StoredRecord { document_no: row.get(0)?, figure_no: row.get(1)?, record_no: row.get(2)?, document: text(3)?, body: text(4)? })
}

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    let body: String = row.get(0)?;
    Ok(Found { record: parse(&body)?, body, document: row.get(1)?, runs: parse(&row.get::<_, String>(2)?)? })
}

fn parse<T: serde::de::DeserializeOwned>(json: &str) -> rusqlite::Result<T> {
    serde_json::from_str(json).map_err(|e| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, e.into()))
}
