//! Rows of Arrow data as documents.
//!
//! In: record batches, and which column is what. Out: portions of rows, and the document of each row or why there is none. Never: a
//! copy of a column that is text already, trust in bytes that call themselves UTF-8, or a guess at what a row does not say.

use crate::fault::{Error, Fault};
use crate::run::{PORTION_BYTES, PORTION_ROWS, Portion};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Schema};
use pyo3::exceptions::{PyKeyError, PyTypeError};
use pyo3::prelude::*;
use solieu::Document;
use solieu::document::{Input, InputError, Raw, Reader, iso_date};
use std::path::PathBuf;
use std::sync::Arc;

/// Which column holds a part of the documents, as the caller says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// The one of the usual name, if there is one.
    Usual,
    Column(String),
    Nowhere,
}

impl<'py> FromPyObject<'_, 'py> for Named {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if given.is_none() {
            return Ok(Named::Nowhere);
        }
        if given.is(given.py().Ellipsis()) {
            return Ok(Named::Usual);
        }
        given.extract().map(Named::Column).map_err(|_| PyTypeError::new_err("a column is told by its name, as text, or None for none"))
    }
}

/// The columns of the data, by their place.
#[derive(Debug, Clone)]
pub struct Parts {
    id: Option<usize>,
    text: Option<usize>,
    html: Option<usize>,
    published: Option<usize>,
    title: Option<usize>,
    url: Option<usize>,
}

/// Which column holds what, as the caller says it.
#[derive(Debug, Clone)]
pub struct Names {
    pub id: Named,
    pub text: Named,
    pub html: Named,
    pub published: Named,
    pub title: Named,
    pub url: Named,
}

impl Parts {
    /// # Errors
    /// When a column is not there, or cannot hold its part.
    pub fn find(schema: &Schema, names: &Names) -> PyResult<Self> {
        let part = |name: &Named, usual: &str, fits: fn(&DataType) -> bool, wanted: &str| place(schema, name, usual, fits, wanted);
        let parts = Self {
            id: part(&names.id, "id", is_id, "text or whole numbers")?,
            text: part(&names.text, "text", is_text, "text")?,
            html: part(&names.html, "html", is_text, "text or bytes")?,
            published: part(&names.published, "published", is_date, "dates, or text as YYYY-MM-DD")?,
            title: part(&names.title, "title", is_text, "text")?,
            url: part(&names.url, "url", is_text, "text")?,
        };
        if parts.text.is_none() && parts.html.is_none() {
            return Err(PyKeyError::new_err(format!("no column `text` and none `html`; name one with text=; the data has {}", listed(schema))));
        }
        if parts.id.is_none() && names.id == Named::Usual {
            return Err(PyKeyError::new_err(format!("no column `id`; name one with id=, or use id=None to number the rows; the data has {}", listed(schema))));
        }
        Ok(parts)
    }

    /// The columns of these rows as bytes.
    pub fn of(&self, rows: &RecordBatch) -> Result<Cells, ArrowError> {
        let column = |at: Option<usize>| at.map(|i| bytes(rows.column(i))).transpose();
        Ok(Cells {
            id: column(self.id)?,
            text: column(self.text)?,
            html: column(self.html)?,
            published: column(self.published)?,
            title: column(self.title)?,
            url: column(self.url)?,
        })
    }
}

fn place(schema: &Schema, name: &Named, usual: &str, fits: fn(&DataType) -> bool, wanted: &str) -> PyResult<Option<usize>> {
    let found = match name {
        Named::Nowhere => return Ok(None),
        Named::Usual => schema.index_of(usual).ok(),
        Named::Column(name) => {
            let missing = || PyKeyError::new_err(format!("no column `{name}`; the data has {}", listed(schema)));
            Some(schema.index_of(name).map_err(|_| missing())?)
        }
    };
    if let Some(field) = found.map(|i| schema.field(i)).filter(|f| !fits(f.data_type())) {
        return Err(PyTypeError::new_err(format!("column `{}` holds {}; `{usual}` must be {wanted}", field.name(), field.data_type())));
    }
    Ok(found)
}

fn listed(schema: &Schema) -> String {
    schema.fields().iter().map(|f| format!("`{}`", f.name())).collect::<Vec<_>>().join(", ")
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_text(values),
        DataType::Null | DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => true,
        _ => false,
    }
}

fn is_id(kind: &DataType) -> bool {
    is_text(kind) || kind.is_integer()
}

fn is_date(kind: &DataType) -> bool {
    is_text(kind) || matches!(kind, DataType::Date32 | DataType::Date64 | DataType::Timestamp(..))
}

/// A column as bytes. Text keeps its buffers; its bytes are checked where they are used, since data from elsewhere may lie.
fn bytes(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match column.data_type() {
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Ok(column.clone()),
        DataType::Utf8 => cast(column, &DataType::Binary),
        DataType::LargeUtf8 => cast(column, &DataType::LargeBinary),
        DataType::Utf8View => Ok(Arc::new(column.as_string_view().clone().to_binary_view())),
        DataType::Dictionary(_, values) => bytes(&cast(column, values)?),
        DataType::Date64 | DataType::Timestamp(..) => bytes(&cast(&cast(column, &DataType::Date32)?, &DataType::Utf8)?),
        _ => bytes(&cast(column, &DataType::Utf8)?),
    }
}

fn cell(column: &ArrayRef, row: usize) -> Option<&[u8]> {
    if column.is_null(row) {
        return None;
    }
    Some(match column.data_type() {
        DataType::LargeBinary => column.as_binary::<i64>().value(row),
        DataType::BinaryView => column.as_binary_view().value(row),
        _ => column.as_binary::<i32>().value(row),
    })
}

/// The parts of some rows.
pub struct Cells {
    id: Option<ArrayRef>,
    text: Option<ArrayRef>,
    html: Option<ArrayRef>,
    published: Option<ArrayRef>,
    title: Option<ArrayRef>,
    url: Option<ArrayRef>,
}

impl Cells {
    /// The id of a row, as far as it can be told; of rows without ids their number.
    pub fn id(&self, row: usize, number: u64) -> Option<String> {
        match &self.id {
            None => Some(number.to_string()),
            Some(column) => cell(column, row).map(|b| String::from_utf8_lossy(b).into_owned()),
        }
    }

    /// The document of a row; `number` is its place in the data, from 1.
    pub fn document(&self, row: usize, number: u64, reader: &Arc<Reader>) -> Result<Document, Fault> {
        let fail = |reason: String, advice: &str| Fault::new(number - 1, self.id(row, number), reason, advice);
        let said =
            |column: &Option<ArrayRef>, name: &str| text(column, row).map_err(|e| fail(format!("`{name}` is not UTF-8 at byte {e}"), "decode it before"));
        if self.id.is_some() && said(&self.id, "id")?.is_none() {
            return Err(fail("`id` is null".to_owned(), "give each row an id, or use id=None to number the rows"));
        }
        let id = self.id(row, number).unwrap_or_default();
        let url = said(&self.url, "url")?;
        let document = match said(&self.text, "text")? {
            Some(text) => Document::new(id, text),
            None => self.page(row, number, id, url.clone(), reader)?,
        };
        let published = match said(&self.published, "published")? {
            Some(date) => Some(iso_date(&date).ok_or_else(|| fail(format!("`published` is no date: {date:?}"), "write it as YYYY-MM-DD"))?),
            None => document.published,
        };
        Ok(Document { published, title: said(&self.title, "title")?.or(document.title), url: url.or(document.url), ..document })
    }

    fn page(&self, row: usize, number: u64, id: String, url: Option<String>, reader: &Arc<Reader>) -> Result<Document, Fault> {
        let html = self.html.as_ref().and_then(|column| cell(column, row));
        let Some(html) = html else {
            let columns = if self.html.is_some() { "`text` and `html` are null" } else { "`text` is null" };
            return Err(Fault::new(number - 1, Some(id), columns, "give each row a text, or leave the row out"));
        };
        let raw = Raw::of_page(id.clone(), html.to_vec(), url, None, reader.clone());
        raw.decode(&nowhere()).map_err(|e: InputError| Fault::of_row(e, number - 1, Some(id)))
    }
}

/// Rows have no path.
pub fn nowhere() -> Input {
    Input { path: PathBuf::new(), line: None }
}

/// A text cell, or the first byte that is no UTF-8.
fn text(column: &Option<ArrayRef>, row: usize) -> Result<Option<String>, usize> {
    let Some(bytes) = column.as_ref().and_then(|column| cell(column, row)) else {
        return Ok(None);
    };
    simdutf8::compat::from_utf8(bytes).map(|text| Some(text.to_owned())).map_err(|e| e.valid_up_to())
}

/// Some rows, and the place of the first of them in the data, from 1.
pub struct Rows {
    pub rows: RecordBatch,
    pub first: u64,
    bytes: usize,
}

impl Portion for Result<Rows, ArrowError> {
    fn bytes(&self) -> usize {
        self.as_ref().map_or(0, |rows| rows.bytes)
    }
}

/// Batches cut into portions.
pub struct Portions<B> {
    batches: B,
    parts: Parts,
    /// The batch in hand, from which row on it waits, and the lengths of its texts.
    open: Option<(RecordBatch, usize, Vec<usize>)>,
    next: u64,
}

impl<B> Portions<B> {
    pub fn new(batches: B, parts: Parts) -> Self {
        Self { batches, parts, open: None, next: 1 }
    }

    fn lengths(&self, batch: &RecordBatch) -> Result<Vec<usize>, ArrowError> {
        let column = |at: Option<usize>| at.map(|i| bytes(batch.column(i))).transpose();
        let (text, html) = (column(self.parts.text)?, column(self.parts.html)?);
        let length = |column: &Option<ArrayRef>, row| column.as_ref().and_then(|c| cell(c, row)).map(<[u8]>::len);
        Ok((0..batch.num_rows()).map(|row| length(&text, row).or_else(|| length(&html, row)).unwrap_or(0)).collect())
    }
}

impl<B: Iterator<Item = Result<RecordBatch, ArrowError>>> Portions<B> {
    fn cut(&mut self) -> Option<Rows> {
        let (batch, from, lengths) = self.open.as_mut()?;
        let (mut bytes, mut count) = (0, 0);
        for length in lengths[*from..].iter().take(PORTION_ROWS) {
            if count > 0 && bytes + length > PORTION_BYTES {
                break;
            }
            bytes += length;
            count += 1;
        }
        let rows = Rows { rows: batch.slice(*from, count), first: self.next, bytes };
        *from += count;
        self.next += count as u64;
        if *from == lengths.len() {
            self.open = None;
        }
        Some(rows)
    }
}

impl<B: Iterator<Item = Result<RecordBatch, ArrowError>>> Iterator for Portions<B> {
    type Item = Result<Rows, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(rows) = self.cut() {
                return Some(Ok(rows));
            }
            let batch = match self.batches.next()? {
                Ok(batch) => batch,
                Err(error) => return Some(Err(error)),
            };
            match self.lengths(&batch) {
                Ok(lengths) if !lengths.is_empty() => self.open = Some((batch, 0, lengths)),
                Ok(_) => {}
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// The error of a stream that broke.
pub fn broken(error: &ArrowError) -> PyErr {
    Error::new_err(format!("the data cannot be read: {error}"))
}
