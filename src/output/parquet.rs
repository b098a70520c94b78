//! Parquet: the records, typed and compressed.
//!
//! In: rows. Out: one Parquet file of the columns of `arrow.rs`, row group after row group, so that memory does not grow with it.
//! Never: a time stamp.

use super::arrow::{Columns, fields};
use super::columns::{RECORDS, Sheet};
use super::{Book, Origin};
use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema, SchemaRef};
use std::io::{self, Write};
use std::sync::Arc;

/// Rows that are handed to the writer at once.
const BATCH: usize = 4096;
/// A row group is closed when it holds so many rows …
const GROUP_ROWS: usize = 32 << 10;
/// … or when the writer holds so many bytes of it.
const GROUP_BYTES: usize = 12 << 20;

/// The records of a run as one Parquet file.
pub struct Parquet<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: SchemaRef,
    columns: Columns,
}

impl<W: Write + Send> Parquet<W> {
    /// # Errors
    /// When the stream cannot be written.
    pub fn new(stream: W, origin: &Origin) -> io::Result<Self> {
        let schema = Arc::new(Schema::new(fields()));
        let pairs = origin.pairs().map(|(key, value)| KeyValue::new(format!("solieu.{key}"), value));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_key_value_metadata(Some(pairs.to_vec()))
            .build();
        let writer = ArrowWriter::try_new(stream, schema.clone(), Some(properties)).map_err(failed)?;
        Ok(Self { writer, schema, columns: Columns::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        let batch = RecordBatch::try_new(self.schema.clone(), self.columns.finish()).map_err(|e: ArrowError| io::Error::other(e))?;
        self.writer.write(&batch).map_err(failed)?;
        if self.writer.in_progress_size() > GROUP_BYTES { self.writer.flush().map_err(failed) } else { Ok(()) }
    }
}

impl<W: Write + Send> Book for Parquet<W> {
    fn row(&mut self, sheet: &'static Sheet, cells: &[Option<String>]) -> io::Result<()> {
        if sheet.name != RECORDS.name {
            return Ok(());
        }
        self.columns.push(cells.iter().map(Option::as_deref));
        if self.columns.rows() == BATCH { self.flush() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if self.columns.rows() > 0 {
            self.flush()?;
        }
        let mut stream = self.writer.into_inner().map_err(failed)?;
        stream.flush()
    }
}

/// An error of the stream keeps its kind: a pipe that was closed is no fault.
fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}
