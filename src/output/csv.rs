//! CSV: the columns of a sheet, one row a line.
//!
//! In: readings. Out: UTF-8; plain (comma, decimal point, no byte order mark: what pandas, R and DuckDB read without being
//! told) or for Excel (byte order mark, semicolon, decimal comma, no cell that Excel would run as a formula). Null is an
//! empty cell. Never: a rounded number.

use super::Format;
use super::columns::{Cell, Column, Form, Row, Sheet};
use crate::pipeline::Reading;
use ::csv::{ByteRecord, Terminator, Writer, WriterBuilder};
use std::borrow::Cow;

/// Who is to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    Plain,
    Excel,
}

/// One table as CSV.
pub struct Csv {
    sheet: &'static Sheet,
    flavour: Flavour,
}

impl Csv {
    pub fn new(sheet: &'static Sheet, flavour: Flavour) -> Self {
        Self { sheet, flavour }
    }

    fn writer(&self, out: Vec<u8>) -> Writer<Vec<u8>> {
        let (delimiter, end) = match self.flavour {
            Flavour::Plain => (b',', Terminator::Any(b'\n')),
            Flavour::Excel => (b';', Terminator::CRLF),
        };
        WriterBuilder::new().delimiter(delimiter).terminator(end).from_writer(out)
    }

    fn row(&self, row: &Row<'_>, writer: &mut Writer<Vec<u8>>) {
        let mut line = ByteRecord::new();
        for (column, cell) in self.sheet.cells(row) {
            line.push_field(self.cell(column, cell).unwrap_or_default().as_bytes());
        }
        write(writer, &line);
    }

    fn cell<'a>(&self, column: &Column, cell: Cell<'a>) -> Cell<'a> {
        match (self.flavour, column.form) {
            (Flavour::Plain, _) | (_, Form::Integer | Form::Date) => cell,
            (Flavour::Excel, Form::Decimal) => cell.map(|c| c.replace('.', ",").into()),
            (Flavour::Excel, _) => cell.map(harmless),
        }
    }
}

impl Format for Csv {
    fn head(&self) -> Vec<u8> {
        let mark = if self.flavour == Flavour::Excel { "\u{FEFF}" } else { "" };
        let mut writer = self.writer(mark.as_bytes().to_vec());
        write(&mut writer, &self.sheet.columns.iter().map(|c| c.name).collect());
        bytes(writer)
    }

    fn write(&self, reading: &Reading, out: &mut Vec<u8>) {
        let mut writer = self.writer(std::mem::take(out));
        if self.sheet.name == super::columns::DOCUMENTS.name {
            self.row(&Row::document(reading), &mut writer);
        } else {
            Row::records(reading).for_each(|row| self.row(&row, &mut writer));
        }
        *out = bytes(writer);
    }
}

fn write(writer: &mut Writer<Vec<u8>>, line: &ByteRecord) {
    writer.write_byte_record(line).expect("rows of one sheet have one length, and memory takes all");
}

fn bytes(writer: Writer<Vec<u8>>) -> Vec<u8> {
    writer.into_inner().expect("memory takes all")
}

/// Text that begins like a formula gets an apostrophe before it, as the security guides for CSV ask: pages are written by
/// strangers, and Excel runs what begins so.
fn harmless(cell: Cow<'_, str>) -> Cow<'_, str> {
    let runs = |c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    if cell.starts_with(runs) { format!("'{cell}").into() } else { cell }
}

#[cfg(test)]
mod tests {
    use super::super::columns::{DOCUMENTS, RECORDS};
    use super::*;
    use crate::{Document, Extractor};

    fn reading(id: &str, text: &str) -> Reading {
        let document = Document { title: Some("Một, hai; \"ba\"\nbốn".into()), ..Document::new(id, text) };
        Reading { number: 1, records: Extractor::new().extract(&document), document }
    }

    fn rows(csv: &Csv, reading: &Reading, delimiter: u8) -> Vec<std::collections::BTreeMap<String, String>> {
        let bytes = [csv.head(), csv.bytes(reading)].concat();
        let mut reader = ::csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bytes.as_slice());
        reader.deserialize().map(Result::unwrap).collect()
    }

    #[test]
    fn plain_rows_can_be_read_again() {
        let reading = reading("=a", "Tỷ lệ hộ nghèo giảm còn 3,02%.");
        let rows = rows(&Csv::new(&RECORDS, Flavour::Plain), &reading, b',');
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0]["amount"].as_str(), rows[0]["amount_of"].as_str(), rows[0]["document"].as_str()), ("3.02", "", "=a"));
        assert_eq!(rows[0]["title"], reading.document.title.unwrap());
    }

    #[test]
    fn excel_gets_its_signs_and_no_formula() {
        let csv = Csv::new(&RECORDS, Flavour::Excel);
        let formula = "=HYPERLINK(\"http://x\")";
        let reading = reading(formula, "Cán cân thương mại âm 35,9 nghìn tỷ đồng, giảm 3,02%.");
        assert!(csv.head().starts_with("\u{FEFF}document_no;".as_bytes()) && csv.head().ends_with(b"\r\n"));
        let rows = rows(&csv, &reading, b';');
        assert_eq!(rows[0]["document"], format!("'{formula}"));
        assert_eq!(rows.iter().map(|r| r["amount"].as_str()).collect::<Vec<_>>(), ["-35900000000000", "3,02"]);
    }

    #[test]
    fn whatever_begins_a_formula_is_neutralized_and_nothing_else() {
        for start in ["=", "+", "-", "@", "\t", "\r", "\n", "＝"] {
            assert!(harmless(format!("{start}1").into()).starts_with('\''));
        }
        assert_eq!(harmless("1=1".into()), "1=1");
        assert_eq!(harmless("".into()), "");
    }

    #[test]
    fn documents_without_figures_have_their_row() {
        let rows = rows(&Csv::new(&DOCUMENTS, Flavour::Plain), &reading("a", "Không có gì."), b',');
        assert_eq!((rows.len(), rows[0]["figures"].as_str()), (1, "0"));
    }
}
