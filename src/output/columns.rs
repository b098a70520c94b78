//! The columns of flat output: one table, from which come the head of a CSV file, its description in `datapackage.json`, the
//! schema of a Parquet file, the tables of a SQLite file, and `docs/columns.md`, so that none can drift from another.
//!
//! In: a reading. Out: the cells of its rows, as text. Never: a format; each writes the cells in its own way.

use crate::pipeline::Reading;
use crate::record::{Place, Record, sentence};
use crate::terms::{Change, Kind, Level, Qualifier, Status};
use std::borrow::Cow;

/// Counted up when a column changes its name or its meaning; new columns at the end keep it.
pub const SCHEMA_VERSION: u32 = 1;

/// What a cell may hold, as text; none is null.
pub type Cell<'a> = Option<Cow<'a, str>>;

/// What the cells of a column look like.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    Text,
    /// Text of which few values occur, again and again.
    Name,
    /// One of the terms of `terms.rs`.
    Term(fn() -> Vec<&'static str>),
    Integer,
    /// A plain decimal string.
    Decimal,
    /// An ISO date.
    Date,
}

/// One column.
pub struct Column {
    pub name: &'static str,
    pub form: Form,
    /// No cell is null.
    pub required: bool,
    /// What the cells mean; one line of Markdown.
    pub about: &'static str,
    cell: for<'a> fn(&Row<'a>) -> Cell<'a>,
}

/// One table.
pub struct Sheet {
    pub name: &'static str,
    pub about: &'static str,
    pub columns: &'static [Column],
    /// The columns that tell rows apart.
    pub key: &'static [&'static str],
}

/// What a row is made of; documents have rows without a record.
pub struct Row<'a> {
    reading: &'a Reading,
    /// The record, with its place in the document from 1.
    record: Option<(usize, &'a Record)>,
}

/// One row per document, those without figures included.
pub static DOCUMENTS: Sheet = Sheet {
    name: "documents",
    about: "The documents that were read, those without figures included.",
    columns: &[DOCUMENT_NO, DOCUMENT, TITLE, PUBLISHED, URL, FIGURES],
    key: &["document_no"],
};

/// One row per figure.
pub static RECORDS: Sheet = Sheet {
    name: "records",
    about: "The figures, in the order of the documents and of the figures in them.",
    columns: &[
        DOCUMENT_NO,
        column("figure_no", Form::Integer, true, "place of the figure in its document, from 1", |r| number(r.record?.0)),
        column("id", Form::Text, true, "the same for the same document, place in it and figure, in every run", |r| text(&r.of()?.id)),
        DOCUMENT,
        TITLE,
        PUBLISHED,
        URL,
        column("link", Form::Text, false, "`url` with a text fragment: opened in a browser it scrolls to the figure", |r| maybe(&r.of()?.link)),
        column("quote", Form::Text, true, "the figure as the source writes it", |r| text(&r.of()?.quote)),
        column("kind", Form::Term(|| terms(Kind::ALL, Kind::as_str)), true, "what sort of figure it is", |r| text(r.of()?.kind.as_str())),
        column("amount", Form::Decimal, true, "the number, scaled out; the part of a ratio, the place of a rank, the lower end of a range", |r| {
            text(&r.of()?.value.amount)
        }),
        column("amount_upper", Form::Decimal, false, "the upper end of a range", |r| maybe(&r.of()?.value.upper)),
        column("amount_of", Form::Decimal, false, "the whole of a ratio, the length of the list of a rank", |r| maybe(&r.of()?.value.of)),
        column("unit", Form::Name, true, "`%`, `pp`, a currency, a symbol, or the noun that is counted", |r| text(&r.of()?.unit)),
        column("qualifier", Form::Term(|| terms(Qualifier::ALL, Qualifier::as_str)), true, "how exact the number is said to be", |r| {
            text(r.of()?.qualifier.as_str())
        }),
        column("change", Form::Term(|| terms(Change::ALL, Change::as_str)), true, "a level (`none`), the size of a change, or the level reached", |r| {
            text(r.of()?.change.as_str())
        }),
        column("status", Form::Term(|| terms(Status::ALL, Status::as_str)), true, "a fact, an estimate, a forecast or a target", |r| {
            text(r.of()?.status.as_str())
        }),
        column("subject", Form::Text, false, "what is counted or measured, in words of the text", |r| maybe(&r.of()?.subject)),
        column("basis", Form::Name, false, "of what a percentage is taken, or with what a change is compared", |r| maybe(&r.of()?.basis)),
        column("indicator", Form::Name, false, "id of the catalogued series", |r| text(&r.of()?.indicator.as_ref()?.id)),
        column("programme", Form::Name, false, "the programme that the series belongs to", |r| maybe(&r.of()?.indicator.as_ref()?.programme)),
        column("place", Form::Name, false, "whose figure it is", |r| text(&r.place()?.name)),
        column("place_code", Form::Name, false, "official code of the place; it means nothing without the date", |r| maybe(&r.place()?.code)),
        column("place_level", Form::Term(|| terms(Level::ALL, Level::as_str)), false, "what sort of place it is", |r| text(r.place()?.level.as_str())),
        column("period_start", Form::Date, false, "first day of the time it holds for; null for a state \"as of\"", |r| maybe(&r.of()?.period.as_ref()?.start)),
        column("period_end", Form::Date, false, "last day of the time it holds for", |r| maybe(&r.of()?.period.as_ref()?.end)),
        column("period_text", Form::Text, false, "the words that tell the time", |r| maybe(&r.of()?.period.as_ref()?.text)),
        column("sentence", Form::Text, true, "the sentence that holds the figure; of a long one at most 300 characters before and after the figure", |r| {
            r.of().map(|record| sentence(&r.reading.document.text, &record.span, record.sentence).into())
        }),
        column("char_start", Form::Integer, true, "where the quote begins in the source, in Unicode code points", |r| number(r.of()?.span.chars[0])),
        column("char_end", Form::Integer, true, "where it ends, exclusive", |r| number(r.of()?.span.chars[1])),
        column("byte_start", Form::Integer, true, "where the quote begins in the source, in bytes of UTF-8", |r| number(r.of()?.span.bytes[0])),
        column("byte_end", Form::Integer, true, "where it ends, exclusive", |r| number(r.of()?.span.bytes[1])),
        column("rule", Form::Name, true, "the rule that made the figure", |r| text(&r.of()?.rule)),
        column("checks", Form::Name, false, "codes of what does not add up, with spaces between", |r| {
            Some(r.of()?.checks.join(" ").into()).filter(|c: &Cow<'_, str>| !c.is_empty())
        }),
    ],
    key: &["document_no", "figure_no"],
};

const DOCUMENT_NO: Column =
    column("document_no", Form::Integer, true, "place of the document among all inputs of the run, from 1", |r| Some(r.reading.number.to_string().into()));
const DOCUMENT: Column = column("document", Form::Text, false, "id of the document, as the input gives it", |r| text(&r.reading.document.id));
const TITLE: Column = column("title", Form::Text, false, "its title", |r| maybe(&r.reading.document.title));
const PUBLISHED: Column = column("published", Form::Date, false, "its date of publication, when the input tells it", |r| maybe(&r.reading.document.published));
const URL: Column = column("url", Form::Text, false, "its address", |r| maybe(&r.reading.document.url));
const FIGURES: Column = column("figures", Form::Integer, true, "how many figures it holds", |r| number(r.reading.records.len()));

/// All tables.
pub static SHEETS: [&Sheet; 2] = [&DOCUMENTS, &RECORDS];

impl Sheet {
    /// The cells of a row, in the order of the columns.
    pub fn cells<'a>(&'static self, row: &Row<'a>) -> impl Iterator<Item = (&'static Column, Cell<'a>)> {
        self.columns.iter().map(|c| (c, (c.cell)(row)))
    }

    /// The columns that another table has as well.
    pub fn repeats(&self, column: &Column) -> bool {
        self.name == RECORDS.name && column.name != "document_no" && DOCUMENTS.columns.iter().any(|c| c.name == column.name)
    }
}

impl<'a> Row<'a> {
    /// The row of a document.
    pub fn document(reading: &'a Reading) -> Self {
        Self { reading, record: None }
    }

    /// The rows of its figures.
    pub fn records(reading: &'a Reading) -> impl Iterator<Item = Row<'a>> {
        reading.records.iter().enumerate().map(move |(i, record)| Row { reading, record: Some((i + 1, record)) })
    }

    fn of(&self) -> Option<&'a Record> {
        self.record.map(|(_, record)| record)
    }

    fn place(&self) -> Option<&'a Place> {
        self.of()?.place.as_ref()
    }
}

const fn column(name: &'static str, form: Form, required: bool, about: &'static str, cell: for<'a> fn(&Row<'a>) -> Cell<'a>) -> Column {
    Column { name, form, required, about, cell }
}

fn terms<T: Copy>(all: &[T], text: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|t| text(*t)).collect()
}

#[allow(clippy::unnecessary_wraps, reason = "a cell is an option")]
fn text(text: &str) -> Cell<'_> {
    Some(text.into())
}

fn maybe(text: &Option<String>) -> Cell<'_> {
    text.as_deref().map(Into::into)
}

#[allow(clippy::unnecessary_wraps, reason = "a cell is an option")]
fn number(number: usize) -> Cell<'static> {
    Some(number.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Extractor};

    fn reading(text: &str) -> Reading {
        let document = Document::new("a", text);
        Reading { number: 7, records: Extractor::new().extract(&document), document }
    }

    fn cell(sheet: &'static Sheet, row: &Row<'_>, name: &str) -> Option<String> {
        sheet.cells(row).find(|(c, _)| c.name == name).unwrap().1.map(Cow::into_owned)
    }

    #[test]
    fn cells_say_what_the_record_says() {
        let reading = reading("Năm 2023, tỉnh Lai Châu có 3.020 hộ nghèo, giảm 3,02% so với năm 2022.");
        let rows: Vec<Row<'_>> = Row::records(&reading).collect();
        let amounts: Vec<_> = rows.iter().map(|r| cell(&RECORDS, r, "amount").unwrap()).collect();
        assert_eq!(amounts, ["3020", "3.02"]);
        assert_eq!(cell(&RECORDS, &rows[1], "place_level").as_deref(), Some("province"));
        assert_eq!(cell(&RECORDS, &rows[1], "figure_no").as_deref(), Some("2"));
        assert_eq!(cell(&RECORDS, &rows[1], "sentence").as_deref(), Some(reading.document.text.as_str()));
        assert_eq!(cell(&DOCUMENTS, &Row::document(&reading), "figures").as_deref(), Some("2"));
    }

    #[test]
    fn required_cells_are_there_and_names_are_used_once() {
        let reading = reading("Có 7 xã.");
        for row in Row::records(&reading) {
            assert!(RECORDS.cells(&row).all(|(column, cell)| !column.required || cell.is_some()));
        }
        for sheet in SHEETS {
            let names: std::collections::BTreeSet<_> = sheet.columns.iter().map(|c| c.name).collect();
            assert_eq!(names.len(), sheet.columns.len());
            assert!(sheet.key.iter().all(|k| names.contains(k)));
        }
    }

    #[test]
    fn a_long_sentence_is_cut_around_the_figure() {
        let reading = reading(&format!("{} có 94 xã {}.", "Đời sống ".repeat(90), "và đời sống ".repeat(90)));
        let row = Row::records(&reading).next().unwrap();
        let sentence = cell(&RECORDS, &row, "sentence").unwrap();
        assert_eq!(sentence.chars().count(), 2 + 2 * 300 + "94 xã".chars().count());
        assert!(sentence.starts_with('…') && sentence.ends_with('…') && sentence.contains("có 94 xã và"), "{sentence}");
    }
}
