//! Records as Python objects.
//!
//! In: records of the library. Out: objects with typed fields: decimals, dates, tuples. Never: a conversion before it is asked for; most
//! readers look at a few fields of many records.

use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PySlice, PyType};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A class of `solieu._types`.
fn class<'py>(py: Python<'py>, cell: &'static PyOnceLock<Py<PyType>>, name: &str) -> PyResult<&'py Bound<'py, PyType>> {
    cell.import(py, "solieu._types", name)
}

fn decimal<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    DECIMAL.import(py, "decimal", "Decimal")?.call1((text,))
}

fn date<'py>(py: Python<'py>, iso: &str) -> PyResult<Bound<'py, PyAny>> {
    static DATE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    DATE.import(py, "datetime", "date")?.call_method1("fromisoformat", (iso,))
}

/// One figure of one document. Fields mean what the table "What every field means" of the README says.
#[pyclass(frozen, eq, module = "solieu")]
#[derive(PartialEq, Eq)]
pub struct Record(pub solieu::Record);

#[pymethods]
impl Record {
    /// 16 hex digits, the same for the same document, place in it and quote, whatever the rules.
    #[getter]
    fn id(&self) -> &str {
        &self.0.id
    }

    /// The id of the document.
    #[getter]
    fn document(&self) -> &str {
        &self.0.document
    }

    /// The figure as the source writes it.
    #[getter]
    fn quote(&self) -> &str {
        &self.0.quote
    }

    /// Where the quote stands in the source: `chars` in code points (indices of a Python string), `bytes` in UTF-8; ends are exclusive.
    #[getter]
    fn span<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static SPAN: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let [chars, bytes] = [self.0.span.chars, self.0.span.bytes].map(|[start, end]| (start, end));
        class(py, &SPAN, "Span")?.call1((chars, bytes))
    }

    /// `count`, `ratio`, `percent`, `points`, `money`, `measure`, `rate`, `multiple`, `rank` or `duration`.
    #[getter]
    fn kind(&self) -> &str {
        self.0.kind.as_str()
    }

    /// The number, scaled out, as exact decimals: `amount` in `unit`; `upper` end of a range; whole `of` a ratio.
    #[getter]
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static VALUE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let value = &self.0.value;
        let maybe = |text: &Option<String>| text.as_deref().map(|t| decimal(py, t)).transpose();
        class(py, &VALUE, "Value")?.call1((decimal(py, &value.amount)?, maybe(&value.upper)?, maybe(&value.of)?))
    }

    /// `%`, `pp`, a currency code (`VND`), a symbol (`ha`), the noun that is counted (`xã`), or a rate of them (`VND/người/năm`).
    #[getter]
    fn unit(&self) -> &str {
        &self.0.unit
    }

    /// `exact`, `approx`, `over`, `nearly`, `under`, `at_least` or `at_most`.
    #[getter]
    fn qualifier(&self) -> &str {
        self.0.qualifier.as_str()
    }

    /// `none` for a level, `increase` or `decrease` for the size of a change, `increase_to` or `decrease_to` for the level reached.
    #[getter]
    fn change(&self) -> &str {
        self.0.change.as_str()
    }

    /// `actual`, `estimate`, `forecast` or `target`.
    #[getter]
    fn status(&self) -> &str {
        self.0.status.as_str()
    }

    /// What is counted or measured, in words of the text.
    #[getter]
    fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// Of what a percentage is taken, or with what a change is compared.
    #[getter]
    fn basis(&self) -> Option<&str> {
        self.0.basis.as_deref()
    }

    /// The catalogued series, with its `id` and `programme`; None when none fits.
    #[getter]
    fn indicator<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        static INDICATOR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let Some(indicator) = &self.0.indicator else { return Ok(None) };
        class(py, &INDICATOR, "Indicator")?.call1((&indicator.id, indicator.programme.as_deref())).map(Some)
    }

    /// Whose figure it is: `name`, official `code` where it is certain, `level`.
    #[getter]
    fn place<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        static PLACE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let Some(place) = &self.0.place else { return Ok(None) };
        class(py, &PLACE, "Place")?.call1((&place.name, place.code.as_deref(), place.level.as_str())).map(Some)
    }

    /// When it holds: `start` and `end`, inclusive dates, None where open; and the words that tell it.
    #[getter]
    fn period<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        static PERIOD: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let Some(period) = &self.0.period else { return Ok(None) };
        let day = |iso: &Option<String>| iso.as_deref().map(|d| date(py, d)).transpose();
        class(py, &PERIOD, "Period")?.call1((day(&period.start)?, day(&period.end)?, period.text.as_deref())).map(Some)
    }

    /// Code points of the sentence that holds the figure, as `(start, end)`; the end is exclusive.
    #[getter]
    fn sentence(&self) -> (usize, usize) {
        self.0.sentence.into()
    }

    /// The rule that made the figure.
    #[getter]
    fn rule(&self) -> &str {
        &self.0.rule
    }

    /// Codes of what does not add up.
    #[getter]
    fn checks(&self) -> Vec<String> {
        self.0.checks.clone()
    }

    /// The address of the page with a text fragment that scrolls a browser to the figure.
    #[getter]
    fn link(&self) -> Option<&str> {
        self.0.link.as_deref()
    }

    /// The record as one line of JSON, byte for byte what `solieu extract` writes, without the line break.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string(&self.0).map_err(|e| PyValueError::new_err(e.to_string()))
    }

    /// The record as a dict, with the keys and values of its JSON: amounts and dates as text.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.to_json()?,))
    }

    /// A record from its JSON, as `to_json` and the command write it.
    #[staticmethod]
    fn from_json(json: &str) -> PyResult<Self> {
        serde_json::from_str(json).map(Self).map_err(|e| PyValueError::new_err(format!("no record: {e}; give one line that `solieu extract` wrote")))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((py.get_type::<Record>().getattr("from_json")?, (self.to_json()?,)))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.id.hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        let r = &self.0;
        let more = [r.subject.as_deref(), r.place.as_ref().map(|p| p.name.as_str()), r.indicator.as_ref().map(|i| i.id.as_str())];
        let more: String = more.into_iter().flatten().map(|part| format!(", {part}")).collect();
        format!("<Record {:?}: {}{more}>", r.quote, r.kind.as_str())
    }

    fn _repr_html_<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("solieu._html")?.call_method1("record", (slf,))
    }
}

/// A text with its records: a sequence of `Record`, in the order of the text.
#[pyclass(frozen, sequence, module = "solieu")]
pub struct Reading {
    document: Arc<solieu::Document>,
    records: Vec<Py<Record>>,
}

impl Reading {
    pub fn new(py: Python<'_>, document: solieu::Document, records: Vec<solieu::Record>) -> PyResult<Self> {
        let records = records.into_iter().map(|r| Py::new(py, Record(r))).collect::<PyResult<_>>()?;
        Ok(Self { document: Arc::new(document), records })
    }
}

#[pymethods]
impl Reading {
    /// The text that was read; spans of the records point into it.
    #[getter]
    fn text(&self) -> &str {
        &self.document.text
    }

    /// The id of the document.
    #[getter]
    fn document(&self) -> &str {
        &self.document.id
    }

    /// JSON Lines: one record a line, byte for byte what `solieu extract` writes.
    fn to_jsonl(&self) -> PyResult<String> {
        self.records.iter().map(|r| r.get().to_json().map(|line| line + "\n")).collect()
    }

    /// The records as dicts, as `json.loads` gives them.
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.records.iter().map(|r| r.get().to_dict(py)).collect()
    }

    fn __len__(&self) -> usize {
        self.records.len()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        if let Ok(slice) = index.cast::<PySlice>() {
            let at = slice.indices(isize::try_from(self.records.len())?)?;
            let places = (0..at.slicelength).map(|k| at.start + at.step * isize::try_from(k).unwrap_or(0));
            let picked: Vec<_> = places.filter_map(|i| self.records.get(usize::try_from(i).ok()?)).map(|r| r.clone_ref(py)).collect();
            return picked.into_pyobject(py);
        }
        let index: isize = index.extract()?;
        let index = if index < 0 { index + isize::try_from(self.records.len())? } else { index };
        let found = usize::try_from(index).ok().and_then(|i| self.records.get(i));
        found.map(|r| r.clone_ref(py).into_bound(py).into_any()).ok_or_else(|| PyIndexError::new_err("no record of this index"))
    }

    /// How often a record equal to this one is there.
    fn count(&self, value: &Record) -> usize {
        self.records.iter().filter(|r| *r.get() == *value).count()
    }

    /// The first place of a record equal to this one.
    fn index(&self, value: &Record) -> PyResult<usize> {
        let found = self.records.iter().position(|r| *r.get() == *value);
        found.ok_or_else(|| PyValueError::new_err("no such record in this text"))
    }

    fn __repr__(&self) -> String {
        let records: Vec<String> = self.records.iter().map(|r| r.get().__repr__()).collect();
        format!("[{}]", records.join(",\n "))
    }

    fn _repr_html_<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("solieu._html")?.call_method1("reading", (slf,))
    }
}
