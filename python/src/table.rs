//! Records as Arrow data.
//!
//! In: portions of rows or files. Out: record batches of the columns that `--format parquet` writes, then those that were asked for besides:
//! columns of the input, the hash of the rules, what is wrong with a row. Never: a row that is lost; a bad one is an error or a row of
//! its own, as asked.

use crate::fault::Fault;
use crate::input::{Parts, Portions, Rows, broken, nowhere};
use crate::run::Ordered;
use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchReader, StringArray, UInt32Array};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema, SchemaRef};
use arrow_select::take::take;
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use solieu::Extractor;
use solieu::document::{InputError, Item, Reader};
use solieu::output::columns::{RECORDS, Row};
use solieu::output::{Origin, arrow};
use solieu::pipeline::{Reading, guarded};
use std::sync::Arc;

/// Why there is no further batch.
#[derive(Debug, Clone)]
pub enum Stop {
    Row(Fault),
    Stream(Arc<ArrowError>),
}

impl From<ArrowError> for Stop {
    fn from(error: ArrowError) -> Self {
        Stop::Stream(Arc::new(error))
    }
}

impl From<Stop> for PyErr {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Row(fault) => fault.into(),
            Stop::Stream(error) => broken(&error),
        }
    }
}

/// What the rows hold besides the columns of the records.
#[derive(Debug, Clone, Default)]
pub struct Besides {
    /// Columns of the input, repeated for each figure.
    pub keep: Vec<(usize, FieldRef)>,
    /// The hash of the rules, as column `rules`.
    pub rules: Option<String>,
    /// Bad rows are rows of their own, with what is wrong in column `error`.
    pub errors: bool,
}

impl Besides {
    /// # Errors
    /// When a column that is to be kept is not there, or has the name of one of the records.
    pub fn find(schema: &Schema, keep: &[String], rules: Option<String>, errors: bool) -> PyResult<Self> {
        let mut besides = Self { keep: Vec::new(), rules, errors };
        let taken = besides.schema(Schema::empty().metadata().clone());
        for name in keep {
            let place = schema.index_of(name).map_err(|_| PyKeyError::new_err(format!("no column `{name}`, which keep= names")))?;
            if taken.index_of(name).is_ok() || besides.keep.iter().any(|(_, field)| field.name() == name) {
                return Err(PyValueError::new_err(format!("keep= names `{name}`, which the records have as well; rename it in the data")));
            }
            besides.keep.push((place, schema.field(place).clone().into()));
        }
        Ok(besides)
    }

    /// The schema of the rows. Where bad rows are rows, only `document_no` is never null.
    pub fn schema(&self, metadata: std::collections::HashMap<String, String>) -> SchemaRef {
        let mut fields: Vec<FieldRef> = arrow::fields().into_iter().map(Arc::new).collect();
        fields.extend(self.keep.iter().map(|(_, field)| field.clone()));
        let about = |name, null, about: &str| Field::new(name, DataType::Utf8, null).with_metadata([("description".to_owned(), about.to_owned())].into());
        fields.extend(self.rules.iter().map(|_| Arc::new(about("rules", false, "hash of the rules that made the row"))));
        if self.errors {
            let open = |field: &FieldRef| if field.name() == "document_no" { field.clone() } else { Arc::new(field.as_ref().clone().with_nullable(true)) };
            fields = fields.iter().map(open).collect();
            fields.push(Arc::new(about("error", true, "what is wrong with the row of the input; null for a figure")));
        }
        Arc::new(Schema::new_with_metadata(fields, metadata))
    }
}

/// Makes batches; shared by the workers.
pub struct Maker {
    pub extractor: Extractor,
    pub reader: Arc<Reader>,
    pub besides: Besides,
    pub schema: SchemaRef,
}

impl Maker {
    pub fn new(extractor: Extractor, reader: Arc<Reader>, besides: Besides) -> Self {
        let schema = besides.schema(arrow::metadata(&Origin::of(extractor.rules())));
        Self { extractor, reader, besides, schema }
    }

    /// The records of some rows.
    pub fn of_rows(&self, parts: &Parts, rows: Rows) -> Result<RecordBatch, Stop> {
        let cells = parts.of(&rows.rows)?;
        let mut out = Out::new(self);
        for row in 0..rows.rows.num_rows() {
            let number = rows.first + row as u64;
            let worked = guarded(&nowhere(), || Ok(cells.document(row, number, &self.reader).map(|document| self.read(number, document))));
            match worked.unwrap_or_else(|e| Err(Fault::of_row(e, number - 1, cells.id(row, number)))) {
                Ok(reading) => out.reading(&reading, row),
                Err(fault) => out.fault(fault, row)?,
            }
        }
        out.finish(&rows.rows)
    }

    /// The records of some files; the first of them is the input of this number.
    pub fn of_files(&self, items: Vec<Item>, first: u64) -> Result<RecordBatch, Stop> {
        let mut out = Out::new(self);
        for (item, number) in items.into_iter().zip(first..) {
            let worked = item.and_then(|(input, raw)| guarded(&input, || raw.decode(&input).map(|document| self.read(number, document))));
            match worked {
                Ok(reading) => out.reading(&reading, 0),
                Err(error) => out.fault(of_file(error, number), 0)?,
            }
        }
        out.finish(&RecordBatch::new_empty(Arc::new(Schema::empty())))
    }

    fn read(&self, number: u64, document: solieu::Document) -> Reading {
        Reading { number, records: self.extractor.extract(&document), document }
    }
}

/// A file is known by its path, and a row of a file by its line.
fn of_file(error: InputError, number: u64) -> Fault {
    let place = error.path.display().to_string() + &error.line.map(|l| format!(":{l}")).unwrap_or_default();
    Fault { row: number - 1, id: Some(place), reason: error.reason, advice: error.advice }
}

/// The rows of one portion.
struct Out<'m> {
    maker: &'m Maker,
    columns: arrow::Columns,
    errors: StringBuilder,
    /// The row of the input that each row comes from.
    from: Vec<u32>,
}

impl<'m> Out<'m> {
    fn new(maker: &'m Maker) -> Self {
        Self { maker, columns: arrow::Columns::default(), errors: StringBuilder::new(), from: Vec::new() }
    }

    fn reading(&mut self, reading: &Reading, from: usize) {
        let mut cells = Vec::with_capacity(RECORDS.columns.len());
        for row in Row::records(reading) {
            cells.clear();
            cells.extend(RECORDS.cells(&row).map(|(_, cell)| cell));
            self.columns.push(cells.iter().map(Option::as_deref));
            self.errors.append_null();
            self.from.push(u32::try_from(from).unwrap_or(u32::MAX));
        }
    }

    /// A row that tells only which document it is, and what is wrong with it.
    fn fault(&mut self, fault: Fault, from: usize) -> Result<(), Stop> {
        if !self.maker.besides.errors {
            return Err(Stop::Row(fault));
        }
        let number = (fault.row + 1).to_string();
        let cell = |name: &str| match name {
            "document_no" => Some(number.as_str()),
            "document" => fault.id.as_deref(),
            _ => None,
        };
        self.columns.push(RECORDS.columns.iter().map(|column| cell(column.name)));
        self.errors.append_value(fault.told());
        self.from.push(u32::try_from(from).unwrap_or(u32::MAX));
        Ok(())
    }

    fn finish(mut self, rows: &RecordBatch) -> Result<RecordBatch, Stop> {
        let besides = &self.maker.besides;
        let count = self.columns.rows();
        let mut arrays = self.columns.finish();
        let from = UInt32Array::from(self.from);
        for (column, _) in &besides.keep {
            arrays.push(take(rows.column(*column), &from, None)?);
        }
        arrays.extend(besides.rules.as_ref().map(|hash| Arc::new(StringArray::from_iter_values(std::iter::repeat_n(hash, count))) as ArrayRef));
        if besides.errors {
            arrays.push(Arc::new(self.errors.finish()));
        }
        Ok(RecordBatch::try_new(self.maker.schema.clone(), arrays)?)
    }
}

/// The records of data, batch after batch.
pub struct Records {
    schema: SchemaRef,
    batches: Box<dyn Iterator<Item = Result<RecordBatch, Stop>> + Send>,
    stopped: bool,
}

impl Records {
    /// # Errors
    /// When no threads can be started.
    pub fn of_rows(maker: Maker, parts: Parts, data: Box<dyn RecordBatchReader + Send>, jobs: usize) -> PyResult<Self> {
        let schema = maker.schema.clone();
        let portions = Portions::new(data, parts.clone());
        let batches = Ordered::new(portions, jobs, move |rows: Result<Rows, ArrowError>| maker.of_rows(&parts, rows?)).map_err(no_threads)?;
        Ok(Self { schema, batches: Box::new(batches), stopped: false })
    }

    /// # Errors
    /// When no threads can be started.
    pub fn of_files(maker: Maker, files: crate::files::Files, jobs: usize) -> PyResult<Self> {
        let schema = maker.schema.clone();
        let batches = Ordered::new(files, jobs, move |part: crate::files::Part| maker.of_files(part.items, part.first)).map_err(no_threads)?;
        Ok(Self { schema, batches: Box::new(batches), stopped: false })
    }

    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The next batch that has a row.
    pub fn advance(&mut self) -> Option<Result<RecordBatch, Stop>> {
        while !self.stopped {
            match self.batches.next()? {
                Ok(batch) if batch.num_rows() == 0 => {}
                Err(stop) => {
                    self.stopped = true;
                    return Some(Err(stop));
                }
                full => return Some(full),
            }
        }
        None
    }
}

fn no_threads(error: rayon::ThreadPoolBuildError) -> PyErr {
    crate::fault::Error::new_err(format!("no worker threads can be started: {error}; use fewer jobs"))
}

impl Iterator for Records {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().map(|next| {
            next.map_err(|stop| match stop {
                Stop::Row(fault) => ArrowError::ExternalError(Box::new(fault)),
                Stop::Stream(error) => ArrowError::ExternalError(Box::new(error)),
            })
        })
    }
}

impl RecordBatchReader for Records {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}
