//! The extractor as a Python object.
//!
//! In: texts, tables, pages, paths, with options. Out: readings, tables, streams. Never: logic of its own; it names columns, picks the number
//! of jobs and hands on.

use crate::data::{Stream, Table};
use crate::fault::{Error, Fault, RulesError, of_rules};
use crate::files::Files;
use crate::input::{Named, Names, Parts, nowhere};
use crate::page::Page;
use crate::record::Reading;
use crate::table::{Besides, Maker, Records};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use pyo3_arrow::input::AnyRecordBatch;
use solieu::document::{Encoding, Inputs, Raw, Reader, iso_date};
use solieu::pipeline::{Options, guarded};
use solieu::rules::{Severity, SourceFile, compile};
use solieu::{Document, rules::RuleSet};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// Name and text of a rule file, and whether it was laid over the built-in ones.
type File = (String, String, bool);

/// Reads figures out of texts with the built-in rules, or with those of a folder laid over them.
///
/// Making one with the built-in rules costs nothing; the rules are compiled with the first text, once a process. It can be shared between
/// threads, and pickled: the rules of a folder travel with it.
#[pyclass(frozen, module = "solieu")]
pub struct Extractor {
    rules: OnceLock<Arc<RuleSet>>,
    reader: OnceLock<Arc<Reader>>,
    own: bool,
}

impl Extractor {
    fn with(rules: Option<Arc<RuleSet>>) -> Self {
        let own = rules.is_some();
        Self { rules: rules.map_or_else(OnceLock::new, OnceLock::from), reader: OnceLock::new(), own }
    }

    fn rules(&self) -> &Arc<RuleSet> {
        self.rules.get_or_init(RuleSet::embedded)
    }

    fn extractor(&self) -> solieu::Extractor {
        solieu::Extractor::with_rules(self.rules().clone())
    }

    fn reader(&self) -> &Arc<Reader> {
        self.reader.get_or_init(|| Arc::new(Reader::default().with_rules(self.rules().clone())))
    }

    fn records(&self, py: Python<'_>, data: &Bound<'_, PyAny>, names: &Names, wishes: &Wishes<'_>) -> PyResult<Records> {
        let data = speaks_arrow(data)?.into_reader()?;
        let parts = Parts::find(&data.schema(), names)?;
        let hash = wishes.rules.then(|| py.detach(|| self.rules().hash.to_string()));
        let besides = Besides::find(&data.schema(), wishes.keep, hash, wishes.errors()?)?;
        let jobs = wishes.jobs()?;
        py.detach(|| {
            let maker = Maker::new(self.extractor(), self.reader().clone(), besides);
            Records::of_rows(maker, parts, data, jobs)
        })
    }
}

/// What the calls over many documents have in common.
struct Wishes<'a> {
    keep: &'a [String],
    errors: &'a str,
    rules: bool,
    jobs: Option<usize>,
}

impl Wishes<'_> {
    fn errors(&self) -> PyResult<bool> {
        match self.errors {
            "raise" => Ok(false),
            "row" => Ok(true),
            other => Err(PyValueError::new_err(format!("errors={other:?}; use \"raise\", or \"row\" for rows of their own"))),
        }
    }

    fn jobs(&self) -> PyResult<usize> {
        match self.jobs {
            Some(0) => Err(PyValueError::new_err("jobs=0; use 1 or more, or None for one per core")),
            Some(jobs) => Ok(jobs),
            None => Ok(Options::default().jobs),
        }
    }
}

#[pymethods]
impl Extractor {
    /// With the built-in rules; `patterns` is a folder of rule files that extends and replaces them.
    #[new]
    #[pyo3(signature = (patterns=None))]
    fn new(py: Python<'_>, patterns: Option<PathBuf>) -> PyResult<Self> {
        let Some(dir) = patterns else { return Ok(Self::with(None)) };
        let rules = py.detach(|| RuleSet::overlaid(&dir)).map_err(|e| of_rules(e, &dir.display().to_string()))?;
        Ok(Self::with(Some(Arc::new(rules))))
    }

    #[staticmethod]
    fn _of_files(py: Python<'_>, files: Vec<File>) -> PyResult<Self> {
        let files = files.into_iter().map(|(name, text, overlay)| SourceFile { name, text: text.into(), overlay }).collect();
        let (rules, diagnostics) = py.detach(|| compile(files));
        match diagnostics.iter().find(|d| d.severity == Severity::Error) {
            Some(fault) => Err(RulesError::new_err(format!("the rules come from another version of solieu: {}; use one version everywhere", fault.message))),
            None => Ok(Self::with(Some(Arc::new(rules)))),
        }
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let class = py.get_type::<Extractor>();
        if !self.own {
            return Ok((class.into_any(), ().into_pyobject(py)?.into_any()));
        }
        let files: Vec<File> = self.rules().files.iter().map(|f| (f.name.clone(), f.text.to_string(), f.overlay)).collect();
        Ok((class.getattr("_of_files")?, (files,).into_pyobject(py)?.into_any()))
    }

    /// The hash of the rules: two runs with the same hash used the same rules.
    #[getter]
    fn rules_hash(&self, py: Python<'_>) -> String {
        py.detach(|| self.rules().hash.to_string())
    }

    /// The figures of one text, in its order.
    ///
    /// `published` (`YYYY-MM-DD` or a date) settles relative times; `id` names the document in the records; `title` gives place and time; from
    /// `url` links are made. Spans count code points: `text[start:end]` is the quote.
    #[pyo3(signature = (text, published=None, *, id="-", title=None, url=None))]
    fn extract(
        &self,
        py: Python<'_>,
        text: String,
        published: Option<&Bound<'_, PyAny>>,
        id: &str,
        title: Option<String>,
        url: Option<String>,
    ) -> PyResult<Reading> {
        let document = Document { published: published.map(day).transpose()?, title, url, ..Document::new(id, text) };
        let fail = |e| Fault::of_row(e, 0, Some(id.to_owned()));
        let records = py.detach(|| guarded(&nowhere(), || Ok(self.extractor().extract(&document))).map_err(fail))?;
        Reading::new(py, document, records)
    }

    /// The figures of the rows of a table, as a table of the columns that `--format parquet` writes: one row a figure, in order.
    ///
    /// `data` is anything with the Arrow PyCapsule interface. A column of the usual name (`id`, `text`, `html`, `published`, `title`, `url`) is used
    /// when it is there; another is named; None is for none. Text may be any Arrow string; `html` may be text or bytes, and is read where
    /// `text` is null; `published` may be dates. `id=None` numbers the rows.
    ///
    /// `keep` names columns of the data that are repeated for each figure. `errors="raise"` raises a `RowError` at the first bad row;
    /// `errors="row"` gives each bad row a row of its own, with its `document_no`, its `document`, and what is wrong in a last column
    /// `error`. `rules=True` adds the hash of the rules as column `rules`. `jobs` is the number of threads, one per core by default.
    #[pyo3(signature = (data, *, text=Named::Usual, id=Named::Usual, published=Named::Usual, title=Named::Usual, url=Named::Usual, html=Named::Usual, keep=vec![], errors="raise", rules=false, jobs=None))]
    #[allow(clippy::too_many_arguments, reason = "they are named in Python")]
    fn extract_table(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        text: Named,
        id: Named,
        published: Named,
        title: Named,
        url: Named,
        html: Named,
        keep: Vec<String>,
        errors: &str,
        rules: bool,
        jobs: Option<usize>,
    ) -> PyResult<Table> {
        let names = Names { id, text, html, published, title, url };
        Table::collect(py, self.records(py, data, &names, &Wishes { keep: &keep, errors, rules, jobs })?)
    }

    /// As `extract_table`, for data that does not fit in memory: reads `data` as the result is read, a few batches ahead.
    #[pyo3(signature = (data, *, text=Named::Usual, id=Named::Usual, published=Named::Usual, title=Named::Usual, url=Named::Usual, html=Named::Usual, keep=vec![], errors="raise", rules=false, jobs=None))]
    #[allow(clippy::too_many_arguments, reason = "they are named in Python")]
    fn extract_stream(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        text: Named,
        id: Named,
        published: Named,
        title: Named,
        url: Named,
        html: Named,
        keep: Vec<String>,
        errors: &str,
        rules: bool,
        jobs: Option<usize>,
    ) -> PyResult<Stream> {
        let names = Names { id, text, html, published, title, url };
        self.records(py, data, &names, &Wishes { keep: &keep, errors, rules, jobs }).map(Stream::new)
    }

    /// The figures of files, as `solieu extract PATH …` reads them: texts, pages, Word files, archives, JSONL, folders of these.
    ///
    /// `errors` as in `extract_table`: a file that cannot be read raises, or is a row of its own with its path as `document`.
    #[pyo3(signature = (*paths, errors="raise", rules=false, jobs=None))]
    fn extract_files(&self, py: Python<'_>, paths: Vec<PathBuf>, errors: &str, rules: bool, jobs: Option<usize>) -> PyResult<Table> {
        if paths.is_empty() {
            return Err(PyValueError::new_err("nothing to read; name files or folders"));
        }
        let wishes = Wishes { keep: &[], errors, rules, jobs };
        let (errors, jobs) = (wishes.errors()?, wishes.jobs()?);
        let records = py.detach(|| {
            let hash = rules.then(|| self.rules().hash.to_string());
            let besides = Besides { keep: Vec::new(), rules: hash, errors };
            let reader = Reader::default().with_rules(self.rules().clone());
            let files = Files::new(Inputs::new(paths).with_reader(reader));
            Records::of_files(Maker::new(self.extractor(), self.reader().clone(), besides), files, jobs)
        })?;
        Table::collect(py, records)
    }

    /// What each room saw of a text, and which rule decided: as `solieu rules explain`.
    #[pyo3(signature = (text, published=None))]
    fn explain(&self, py: Python<'_>, text: String, published: Option<&Bound<'_, PyAny>>) -> PyResult<String> {
        let document = Document { published: published.map(day).transpose()?, ..Document::new("-", text) };
        let told = py.detach(|| {
            use solieu::explain::{explain, paint};
            paint(&explain(&solieu::Extractor::with_rules(self.rules().clone()), &document))
        });
        Ok(anstream::adapter::strip_str(&told).to_string())
    }

    /// What a saved page says. `html` is text, or bytes as they came, whose encoding is found; `encoding` overrides it. With the address a
    /// profile of its portal is used.
    #[pyo3(signature = (html, url=None, *, encoding=None))]
    fn read_html(&self, py: Python<'_>, html: &Bound<'_, PyAny>, url: Option<String>, encoding: Option<&str>) -> PyResult<Page> {
        let bytes = match html.cast::<PyString>() {
            Ok(text) => text.to_str()?.as_bytes().to_vec(),
            Err(_) => html.cast::<PyBytes>()?.as_bytes().to_vec(),
        };
        let encoding = encoding.map(str::parse::<Encoding>).transpose().map_err(|e| Error::new_err(e.to_string()))?;
        let document = py.detach(|| {
            let reader = match encoding {
                None => self.reader().clone(),
                forced => Arc::new(Reader::default().with_rules(self.rules().clone()).with_encoding(forced)),
            };
            guarded(&nowhere(), || Raw::of_page("-".to_owned(), bytes, url, None, reader).decode(&nowhere()))
        });
        document.map(Page::from).map_err(|e| Fault::of_row(e, 0, None).into())
    }
}

/// Data of others, through the Arrow PyCapsule interface.
fn speaks_arrow(data: &Bound<'_, PyAny>) -> PyResult<AnyRecordBatch> {
    if data.hasattr("__arrow_c_stream__")? || data.hasattr("__arrow_c_array__")? {
        return data.extract();
    }
    let class = data.get_type().name()?;
    Err(PyTypeError::new_err(format!("{class} speaks no Arrow; give a table of pyarrow, Polars, DuckDB, or pandas 2.2 or later")))
}

/// A date, as text or as Python's own.
fn day(given: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = given.str()?;
    let text = text.to_str()?;
    iso_date(text).ok_or_else(|| Error::new_err(format!("`published` is no date: {text:?}; write it as YYYY-MM-DD")))
}
