//! Rows of a Parquet file as lines of JSON that can be read again: Parquet has no way to a single row.
//!
//! In: a Parquet file of the columns of `docs/columns.md`, whoever wrote it. Out: a file without a name, a record a line. Never: a
//! float for a decimal: amounts come from the columns of exact text.

use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::{Field, Row};
use jiff::ToSpan;
use jiff::civil::date;
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::{self, BufWriter, Write};

/// Columns that every row has.
const REQUIRED: [&str; 15] = [
    "id",
    "document",
    "quote",
    "kind",
    "amount_text",
    "unit",
    "qualifier",
    "change",
    "status",
    "rule",
    "sentence",
    "char_start",
    "char_end",
    "byte_start",
    "byte_end",
];

/// Writes the rows of a file as lines.
///
/// # Errors
/// When it is no Parquet file of records, or there is no room for the lines.
pub fn lines(file: File) -> io::Result<File> {
    let reader = SerializedFileReader::new(file).map_err(failed)?;
    let schema = reader.metadata().file_metadata().schema();
    let names: Vec<&str> = schema.get_fields().iter().map(|f| f.name()).collect();
    if let Some(missing) = REQUIRED.iter().find(|name| !names.contains(name)) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a Parquet file without the column `{missing}`")));
    }
    let mut out = BufWriter::with_capacity(1 << 20, tempfile::tempfile()?);
    for row in reader.get_row_iter(None).map_err(failed)? {
        serde_json::to_writer(&mut out, &record(&row.map_err(failed)?))?;
        out.write_all(b"\n")?;
    }
    out.into_inner().map_err(|e| e.into_error())
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("no Parquet file that can be read: {error}"))
}

/// A row as a record, with its sentence.
fn record(row: &Row) -> Value {
    let cells: Map<String, Value> = row.get_column_iter().map(|(name, field)| (name.clone(), cell(field))).collect();
    let of = |name: &str| cells.get(name).cloned().unwrap_or(Value::Null);
    let part = |present: &str, value: Value| if of(present).is_null() { Value::Null } else { value };
    let period = json!({"start": of("period_start"), "end": of("period_end"), "text": of("period_text")});
    let has_period = ["period_start", "period_end", "period_text"].iter().any(|name| !of(name).is_null());
    let checks = of("checks");
    json!({
        "id": of("id"),
        "document": of("document"),
        "quote": of("quote"),
        "span": {"chars": [of("char_start"), of("char_end")], "bytes": [of("byte_start"), of("byte_end")]},
        "kind": of("kind"),
        "value": {"amount": of("amount_text"), "upper": of("amount_upper_text"), "of": of("amount_of_text")},
        "unit": of("unit"),
        "qualifier": of("qualifier"),
        "change": of("change"),
        "status": of("status"),
        "subject": of("subject"),
        "basis": of("basis"),
        "indicator": part("indicator", json!({"id": of("indicator"), "programme": of("programme")})),
        "place": part("place", json!({"name": of("place"), "code": of("place_code"), "level": of("place_level")})),
        "period": if has_period { period } else { Value::Null },
        // A table has the sentence, but not where it stands.
        "sentence": [of("char_start"), of("char_start")],
        "rule": of("rule"),
        "checks": checks.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>(),
        "link": of("link"),
        "sentence_text": of("sentence"),
    })
}

fn cell(field: &Field) -> Value {
    match field {
        Field::Str(text) => text.as_str().into(),
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into(),
        Field::Int(n) => (*n).into(),
        Field::Long(n) => (*n).into(),
        Field::Date(days) => date(1970, 1, 1).checked_add(i64::from(*days).days()).map_or(Value::Null, |d| d.to_string().into()),
        _ => Value::Null,
    }
}
