//! SQLite: the tables `documents` and `records`, joined by number, and a view `figures` of both.
//!
//! In: rows. Out: one file, written in portions. Amounts are exact text, with a float beside them. Never: a journal: the caller
//! writes to a file of its own and puts it in place when it is whole.

use super::columns::{Column, DOCUMENTS, Form, RECORDS, SCHEMA_VERSION, SHEETS, Sheet};
use super::{Book, Origin};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};
use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// Rows of a transaction: what SQLite holds in memory is bounded by it.
const PORTION: usize = 20_000;

/// The documents and records of a run as one SQLite file.
pub struct Sqlite {
    connection: Connection,
    /// How a row gets into each table.
    inserts: Vec<(&'static str, String)>,
    rows: usize,
}

impl Sqlite {
    /// Makes a file that is not there yet.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(path: &Path, origin: &Origin) -> io::Result<Self> {
        let connection = Connection::open(path).map_err(failed)?;
        let pragmas = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = ON; \
                       PRAGMA cache_size = -16384;";
        connection.execute_batch(&format!("{pragmas} PRAGMA user_version = {SCHEMA_VERSION}; BEGIN;\n{}", ddl())).map_err(failed)?;
        for (key, value) in origin.pairs() {
            connection.execute("INSERT INTO run VALUES (?, ?)", [key, value.as_str()]).map_err(failed)?;
        }
        Ok(Self { connection, inserts: SHEETS.iter().map(|s| (s.name, insert(s))).collect(), rows: 0 })
    }
}

impl Book for Sqlite {
    fn row(&mut self, sheet: &'static Sheet, cells: &[Option<String>]) -> io::Result<()> {
        let (_, sql) = self.inserts.iter().find(|(name, _)| *name == sheet.name).ok_or(io::ErrorKind::InvalidInput)?;
        let mut insert = self.connection.prepare_cached(sql).map_err(failed)?;
        let cells = sheet.columns.iter().zip(cells).filter(|(column, _)| !sheet.repeats(column));
        insert.execute(params_from_iter(cells.flat_map(|(column, cell)| values(column.form, cell.as_deref())))).map_err(failed)?;
        self.rows += 1;
        if self.rows.is_multiple_of(PORTION) { self.connection.execute_batch("COMMIT; BEGIN").map_err(failed) } else { Ok(()) }
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.connection.execute_batch("COMMIT").map_err(failed)?;
        self.connection.close().map_err(|(_, error)| failed(error))
    }
}

fn failed(error: rusqlite::Error) -> io::Error {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => io::Error::new(io::ErrorKind::StorageFull, error),
        _ => io::Error::other(error),
    }
}

/// A value for SQLite: text is borrowed.
enum Bound<'a> {
    Text(&'a str),
    Owned(Value),
}

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Bound::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Bound::Owned(value) => ToSqlOutput::Owned(value.clone()),
        })
    }
}

/// The values of a cell: a decimal is two.
fn values(form: Form, cell: Option<&str>) -> Vec<Bound<'_>> {
    let text = cell.map_or(Bound::Owned(Value::Null), Bound::Text);
    let number = |value: Option<Value>| Bound::Owned(value.unwrap_or(Value::Null));
    match form {
        Form::Integer => vec![number(cell.and_then(|c| c.parse().ok()).map(Value::Integer))],
        Form::Decimal => vec![text, number(cell.and_then(|c| c.parse().ok()).map(Value::Real))],
        Form::Text | Form::Name | Form::Term(_) | Form::Date => vec![text],
    }
}

fn insert(sheet: &Sheet) -> String {
    let places: usize = own(sheet).map(|c| if is_decimal(c) { 2 } else { 1 }).sum();
    format!("INSERT INTO {} VALUES ({})", sheet.name, vec!["?"; places].join(", "))
}

/// The columns of a table: what both have stands in `documents` alone.
fn own(sheet: &Sheet) -> impl Iterator<Item = &'static Column> {
    sheet.columns.iter().filter(|c| !sheet.repeats(c))
}

fn is_decimal(column: &Column) -> bool {
    matches!(column.form, Form::Decimal)
}

/// Tables, index and view; each column says what it means, in the schema that the file keeps.
fn ddl() -> String {
    let mut sql = String::from("CREATE TABLE run (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;\n");
    for sheet in SHEETS {
        let _ = writeln!(sql, "CREATE TABLE {} ( -- {}", sheet.name, sheet.about);
        own(sheet).for_each(|column| define(column, &mut sql));
        if sheet.name == RECORDS.name {
            sql.push_str("  FOREIGN KEY (document_no) REFERENCES documents (document_no),\n");
        }
        let _ = write!(sql, "  PRIMARY KEY ({})\n) STRICT, WITHOUT ROWID;\n", sheet.key.join(", "));
    }
    let view: Vec<String> = RECORDS.columns.iter().flat_map(|c| names(c, if RECORDS.repeats(c) { DOCUMENTS.name } else { RECORDS.name })).collect();
    sql.push_str("CREATE INDEX records_id ON records (id);\nCREATE INDEX records_indicator ON records (indicator);\n");
    let _ = writeln!(sql, "CREATE VIEW figures AS SELECT {} FROM records JOIN documents USING (document_no);", view.join(", "));
    sql
}

fn define(column: &Column, sql: &mut String) {
    let null = if column.required { " NOT NULL" } else { "" };
    let (kind, check) = match column.form {
        Form::Integer => ("INTEGER", String::new()),
        Form::Term(terms) => ("TEXT", format!(" CHECK ({} IN ('{}'))", column.name, terms().join("', '"))),
        Form::Text | Form::Name | Form::Decimal | Form::Date => ("TEXT", String::new()),
    };
    let _ = writeln!(sql, "  {} {kind}{null}{check}, -- {}", column.name, column.about);
    if is_decimal(column) {
        let _ = writeln!(sql, "  {}_float REAL{null}, -- the same as a float", column.name);
    }
}

fn names(column: &Column, table: &str) -> Vec<String> {
    let name = format!("{table}.{}", column.name);
    if is_decimal(column) { vec![format!("{name}_float"), name] } else { vec![name] }.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Rows, fill};
    use super::*;
    use crate::pipeline::Reading;
    use crate::{Document, Extractor};

    fn file(dir: &Path, name: &str) -> Connection {
        let path = dir.join(name);
        let mut book = Box::new(Sqlite::new(&path, &Origin { program: "p".into(), rules: "r".into() }).unwrap());
        for (number, text) in (1..).zip(["Không có gì.", "Tỉnh Lai Châu có 94 xã, giảm 3,02%."]) {
            let document = Document { url: Some("https://example.org/".into()), ..Document::new("same", text) };
            let reading = Reading { number, records: Extractor::new().extract(&document), document };
            fill(book.as_mut(), Rows.bytes(&reading).as_slice()).unwrap();
        }
        book.finish().unwrap();
        Connection::open(path).unwrap()
    }

    #[test]
    fn documents_and_records_join_and_decimals_are_exact() {
        let dir = tempfile::tempdir().unwrap();
        let db = file(dir.path(), "a.sqlite");
        let sql = "SELECT document || ' ' || amount || ' ' || typeof(amount) || ' ' || amount_float || ' ' || url FROM figures ORDER BY figure_no DESC";
        let told: String = db.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(told, "same 3.02 text 3.02 https://example.org/");
        let counts: (i64, i64) = db.query_row("SELECT count(*), sum(figures) FROM documents", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!(counts, (2, 2));
        assert_eq!(db.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap(), "ok");
        assert!(!db.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap());
    }

    #[test]
    fn the_same_rows_give_the_same_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let bytes = ["a", "b"].map(|name| {
            drop(file(dir.path(), name));
            std::fs::read(dir.path().join(name)).unwrap()
        });
        assert!(bytes[0] == bytes[1]);
    }
}
