//! Tables and streams as Python objects.
//!
//! In: batches of records. Out: what speaks the Arrow PyCapsule interface, and the few conversions that users reach for. Never: an import of
//! a package that was not asked for.

use crate::table::{Records, Stop};
use arrow_array::{Array, RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::SchemaRef;
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::PyRecordBatchReader;
use std::sync::Mutex;

type Reader = Box<dyn RecordBatchReader + Send>;

fn capsule<'py>(py: Python<'py>, reader: Reader, requested: Option<Bound<'py, PyCapsule>>) -> PyResult<Bound<'py, PyAny>> {
    Bound::new(py, PyRecordBatchReader::new(reader))?.call_method1("__arrow_c_stream__", (requested,))
}

fn schema_capsule<'py>(py: Python<'py>, schema: &SchemaRef) -> PyResult<Bound<'py, PyAny>> {
    let empty = RecordBatchIterator::new([], schema.clone());
    Bound::new(py, PyRecordBatchReader::new(Box::new(empty)))?.call_method0("__arrow_c_schema__")
}

/// The records of many documents: an Arrow table with the columns that `--format parquet` writes, one row a figure.
///
/// Hand it to anything that takes the Arrow PyCapsule interface (`pyarrow.table(t)`, `polars.DataFrame(t)`, `duckdb.from_arrow(t)`), or use one
/// of the `to_` methods. Nothing is copied.
#[pyclass(frozen, module = "solieu")]
pub struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Table {
    /// Takes all records, without the interpreter; a Ctrl-C between two batches ends it.
    pub fn collect(py: Python<'_>, mut records: Records) -> PyResult<Self> {
        let (schema, mut batches) = (records.schema().clone(), Vec::new());
        while let Some(batch) = py.detach(|| records.advance()) {
            batches.push(batch?);
            py.check_signals()?;
        }
        Ok(Self { schema, batches })
    }

    fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

#[pymethods]
impl Table {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<Bound<'py, PyCapsule>>) -> PyResult<Bound<'py, PyAny>> {
        let batches: Vec<_> = self.batches.iter().cloned().map(Ok).collect();
        capsule(py, Box::new(RecordBatchIterator::new(batches, self.schema.clone())), requested_schema)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        schema_capsule(py, &self.schema)
    }

    /// Rows: figures, and rows of errors where they were asked for.
    #[getter]
    fn num_rows(&self) -> usize {
        self.rows()
    }

    /// The names of the columns; `docs/columns.md` tells what each holds.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|f| f.name().clone()).collect()
    }

    /// What the table says of its making: program, hash of the rules, version of the columns.
    #[getter]
    fn metadata(&self) -> std::collections::HashMap<String, String> {
        self.schema.metadata().clone()
    }

    /// As a `pyarrow.Table`.
    fn to_pyarrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("pyarrow")?.call_method1("table", (slf,))
    }

    /// As a `pandas.DataFrame`: names as categories, dates as `datetime.date`, `amount` as `Decimal`, `amount_float` as float.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Table::to_pyarrow(slf)?.call_method0("to_pandas")
    }

    /// As a `polars.DataFrame`.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("polars")?.call_method1("DataFrame", (slf,))
    }

    /// The first `rows` rows of some columns as text, None where null.
    fn _head(&self, columns: Vec<String>, rows: usize) -> PyResult<Vec<Vec<Option<String>>>> {
        let mut out = Vec::new();
        for batch in &self.batches {
            let wanted = batch.num_rows().min(rows - out.len());
            out.extend(head(batch, &columns, wanted)?);
        }
        Ok(out)
    }

    fn __len__(&self) -> usize {
        self.rows()
    }

    fn __repr__(&self) -> String {
        format!("<solieu.Table: {} rows, {} columns>", self.rows(), self.schema.fields().len())
    }

    fn _repr_html_<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("solieu._html")?.call_method1("table", (slf,))
    }
}

fn head(batch: &RecordBatch, columns: &[String], rows: usize) -> PyResult<Vec<Vec<Option<String>>>> {
    let options = FormatOptions::default();
    let mut cells = Vec::new();
    for name in columns {
        let column = batch.column_by_name(name).ok_or_else(|| PyKeyError::new_err(name.clone()))?;
        let shown = ArrayFormatter::try_new(column, &options).map_err(|e| PyValueError::new_err(e.to_string()))?;
        cells.push((0..rows).map(|row| (!column.is_null(row)).then(|| shown.value(row).to_string())).collect::<Vec<_>>());
    }
    Ok((0..rows).map(|row| cells.iter().map(|column| column[row].clone()).collect()).collect())
}

/// The records of data that need not fit in memory: read once, batch after batch, either as an Arrow stream
/// (`pyarrow.RecordBatchReader.from_stream(s)`), or by iteration, which gives a `Table` a batch.
#[pyclass(frozen, module = "solieu")]
pub struct Stream {
    schema: SchemaRef,
    records: Mutex<Option<Records>>,
}

impl Stream {
    pub fn new(records: Records) -> Self {
        Self { schema: records.schema().clone(), records: Mutex::new(Some(records)) }
    }

    fn advance(&self) -> Option<Result<RecordBatch, Stop>> {
        self.records.lock().unwrap_or_else(std::sync::PoisonError::into_inner).as_mut()?.advance()
    }
}

#[pymethods]
impl Stream {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<Bound<'py, PyCapsule>>) -> PyResult<Bound<'py, PyAny>> {
        let records = py.detach(|| self.records.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
        let records = records.ok_or_else(|| PyValueError::new_err("the stream was handed out before; call extract_stream again"))?;
        capsule(py, Box::new(records), requested_schema)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        schema_capsule(py, &self.schema)
    }

    /// The names of the columns; `docs/columns.md` tells what each holds.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|f| f.name().clone()).collect()
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Table>> {
        let batch = py.detach(|| self.advance()).transpose()?;
        Ok(batch.map(|batch| Table { schema: self.schema.clone(), batches: vec![batch] }))
    }
}
