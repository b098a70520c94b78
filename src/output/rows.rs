//! Rows on their way into a book: made on the worker threads, kept as lines, put into the book in order.
//!
//! In: readings. Out: one line a row, a JSON array of the number of the sheet and the cells, which can be kept in a file
//! and read again. Never: a loss; null and the empty text stay apart.

use super::columns::{Cell, Row, SHEETS, Sheet};
use super::{Book, Format};
use crate::pipeline::Reading;
use std::io::{self, BufRead};

/// Rows of all sheets, a line each.
pub struct Rows;

impl Format for Rows {
    fn write(&self, reading: &Reading, out: &mut Vec<u8>) {
        for (number, sheet) in SHEETS.iter().enumerate() {
            if sheet.name == super::columns::DOCUMENTS.name {
                line(number, sheet, &Row::document(reading), out);
            } else {
                Row::records(reading).for_each(|row| line(number, sheet, &row, out));
            }
        }
    }
}

fn line(number: usize, sheet: &'static Sheet, row: &Row<'_>, out: &mut Vec<u8>) {
    let cells: Vec<Cell<'_>> = sheet.cells(row).map(|(_, cell)| cell).collect();
    serde_json::to_writer(&mut *out, &(number, cells)).expect("cells are text, and memory takes all");
    out.push(b'\n');
}

/// Puts rows into a book.
///
/// # Errors
/// When they cannot be read, are no rows, or the book fails.
pub fn fill(book: &mut dyn Book, mut rows: impl BufRead) -> io::Result<()> {
    let mut line = Vec::new();
    while rows.read_until(b'\n', &mut line)? > 0 {
        let (number, cells): (usize, Vec<Option<String>>) = serde_json::from_slice(&line)?;
        let sheet = SHEETS.get(number).filter(|s| s.columns.len() == cells.len());
        book.row(sheet.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "rows of another version of the program"))?, &cells)?;
        line.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Extractor};

    #[derive(Default)]
    struct Kept(Vec<(&'static str, Vec<Option<String>>)>);

    impl Book for Kept {
        fn row(&mut self, sheet: &'static Sheet, cells: &[Option<String>]) -> io::Result<()> {
            self.0.push((sheet.name, cells.to_vec()));
            Ok(())
        }

        fn finish(self: Box<Self>) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn rows_come_out_as_they_went_in() {
        let document = Document { title: Some(String::new()), ..Document::new("a\n\"b\"", "Có 7 xã và 3,02% số hộ.") };
        let reading = Reading { number: 1, records: Extractor::new().extract(&document), document };
        let mut kept = Kept::default();
        fill(&mut kept, Rows.bytes(&reading).as_slice()).unwrap();
        let made = |sheet: &'static Sheet, row: &Row<'_>| (sheet.name, sheet.cells(row).map(|(_, c)| c.map(Into::into)).collect::<Vec<_>>());
        let mut expected = vec![made(SHEETS[0], &Row::document(&reading))];
        expected.extend(Row::records(&reading).map(|row| made(SHEETS[1], &row)));
        assert_eq!(kept.0, expected);
        assert_eq!(kept.0.len(), 3);
    }

    #[test]
    fn lines_that_are_no_rows_are_refused() {
        for bad in ["[0, []]\n", "[9, []]\n", "{}\n", "[1, [\"a\""] {
            assert!(fill(&mut Kept::default(), bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
