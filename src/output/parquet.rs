//! Parquet: the records, typed and compressed.
//!
//! In: rows. Out: one Parquet file, row group after row group, so that memory does not grow with it. Decimals are three
//! columns: `decimal128(38, 9)`, a float for quick sums, and the exact text; a number with more than nine decimals is null in
//! the first and stands in the other two. Never: a rounded decimal, or a time stamp.

use super::columns::{Column, Form, RECORDS, Sheet};
use super::{Book, Origin};
use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use arrow_array::builder::{Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, StringBuilder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use jiff::civil::{Date, date};
use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

/// Digits of a decimal, and how many of them stand behind the point.
const PRECISION: u8 = 38;
const SCALE: i8 = 9;
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
    columns: Vec<Builder>,
    rows: usize,
}

impl<W: Write + Send> Parquet<W> {
    /// # Errors
    /// When the stream cannot be written.
    pub fn new(stream: W, origin: &Origin) -> io::Result<Self> {
        let schema = Arc::new(Schema::new(RECORDS.columns.iter().flat_map(fields).collect::<Vec<_>>()));
        let pairs = origin.pairs().map(|(key, value)| KeyValue::new(format!("solieu.{key}"), value));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_key_value_metadata(Some(pairs.to_vec()))
            .build();
        let writer = ArrowWriter::try_new(stream, schema.clone(), Some(properties)).map_err(failed)?;
        Ok(Self { writer, schema, columns: RECORDS.columns.iter().map(|c| Builder::of(c.form)).collect(), rows: 0 })
    }

    fn flush(&mut self) -> io::Result<()> {
        let arrays: Vec<ArrayRef> = self.columns.iter_mut().flat_map(Builder::finish).collect();
        self.rows = 0;
        let batch = RecordBatch::try_new(self.schema.clone(), arrays).map_err(|e: ArrowError| io::Error::other(e))?;
        self.writer.write(&batch).map_err(failed)?;
        if self.writer.in_progress_size() > GROUP_BYTES { self.writer.flush().map_err(failed) } else { Ok(()) }
    }
}

impl<W: Write + Send> Book for Parquet<W> {
    fn row(&mut self, sheet: &'static Sheet, cells: &[Option<String>]) -> io::Result<()> {
        if sheet.name != RECORDS.name {
            return Ok(());
        }
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell.as_deref());
        }
        self.rows += 1;
        if self.rows == BATCH { self.flush() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if self.rows > 0 {
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

fn fields(column: &Column) -> Vec<Field> {
    let field = |name: &str, kind: DataType, null: bool, about: &str| {
        Field::new(name, kind, null).with_metadata(HashMap::from([("description".to_owned(), about.to_owned())]))
    };
    let one = |kind| vec![field(column.name, kind, !column.required, column.about)];
    match column.form {
        Form::Text => one(DataType::Utf8),
        Form::Name | Form::Term(_) => one(DataType::Dictionary(DataType::Int32.into(), DataType::Utf8.into())),
        Form::Integer => one(DataType::Int64),
        Form::Date => one(DataType::Date32),
        Form::Decimal => vec![
            field(column.name, DataType::Decimal128(PRECISION, SCALE), true, column.about),
            field(&format!("{}_float", column.name), DataType::Float64, !column.required, "the same as a float"),
            field(&format!("{}_text", column.name), DataType::Utf8, !column.required, "the same, exact, as text"),
        ],
    }
}

/// The cells of a column that wait to be written.
enum Builder {
    Text(StringBuilder),
    Name(StringDictionaryBuilder<Int32Type>),
    Integer(Int64Builder),
    Date(Date32Builder),
    Decimal(Box<(Decimal128Builder, Float64Builder, StringBuilder)>),
}

impl Builder {
    fn of(form: Form) -> Self {
        let decimal = || Decimal128Builder::new().with_data_type(DataType::Decimal128(PRECISION, SCALE));
        match form {
            Form::Text => Builder::Text(StringBuilder::new()),
            Form::Name | Form::Term(_) => Builder::Name(StringDictionaryBuilder::new()),
            Form::Integer => Builder::Integer(Int64Builder::new()),
            Form::Date => Builder::Date(Date32Builder::new()),
            Form::Decimal => Builder::Decimal(Box::new((decimal(), Float64Builder::new(), StringBuilder::new()))),
        }
    }

    fn push(&mut self, cell: Option<&str>) {
        match self {
            Builder::Text(column) => column.append_option(cell),
            Builder::Name(column) => column.append_option(cell),
            Builder::Integer(column) => column.append_option(cell.and_then(|c| c.parse().ok())),
            Builder::Date(column) => column.append_option(cell.and_then(days)),
            Builder::Decimal(columns) => {
                columns.0.append_option(cell.and_then(unscaled));
                columns.1.append_option(cell.and_then(|c| c.parse().ok()));
                columns.2.append_option(cell);
            }
        }
    }

    fn finish(&mut self) -> Vec<ArrayRef> {
        match self {
            Builder::Text(column) => vec![Arc::new(column.finish())],
            Builder::Name(column) => vec![Arc::new(column.finish())],
            Builder::Integer(column) => vec![Arc::new(column.finish())],
            Builder::Date(column) => vec![Arc::new(column.finish())],
            Builder::Decimal(columns) => vec![Arc::new(columns.0.finish()), Arc::new(columns.1.finish()), Arc::new(columns.2.finish())],
        }
    }
}

/// Days since 1970.
fn days(iso: &str) -> Option<i32> {
    let day: Date = iso.parse().ok()?;
    day.since(date(1970, 1, 1)).ok().map(|span| span.get_days())
}

/// A plain decimal without its point, with nine decimals; none when it does not fit exactly.
fn unscaled(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    let missing = usize::try_from(SCALE).ok()?.checked_sub(fraction.len())?;
    let digits = format!("{whole}{fraction}{}", "0".repeat(missing));
    let fits = digits.trim_start_matches(['-', '0']).len() <= usize::from(PRECISION);
    digits.parse().ok().filter(|_| fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_or_null() {
        assert_eq!(unscaled("3.02"), Some(3_020_000_000));
        assert_eq!(unscaled("-0.5"), Some(-500_000_000));
        assert_eq!(unscaled("24372898000000"), Some(24_372_898_000_000_000_000_000));
        assert_eq!(unscaled("0.1234567890"), Some(123_456_789));
        assert_eq!(unscaled("0.1234567891"), None);
        assert_eq!(unscaled(&"9".repeat(29)), Some(("9".repeat(29) + "000000000").parse().unwrap()));
        assert_eq!(unscaled(&"9".repeat(30)), None);
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(["1970-01-01", "1969-12-31", "2022-07-31"].map(days), [Some(0), Some(-1), Some(19_204)]);
        assert_eq!(days("hom qua"), None);
    }
}
