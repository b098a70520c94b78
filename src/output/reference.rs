//! The reference of the columns, for people: `docs/columns.md`.
//!
//! In: the sheets. Out: Markdown. Never: a word that is not from the table of columns, but for headings.

use super::columns::{Column, Form, SCHEMA_VERSION, SHEETS};
use std::fmt::Write as _;

const HEAD: &str = "# Columns

Made from `src/output/columns.rs`; `UPDATE_GOLDEN=1 cargo test --release --test columns` writes it anew.

CSV has the columns of each table as they stand here, null as an empty cell. In Parquet, which holds `records` alone, a decimal is three
columns: `amount` as `decimal128(38, 9)` (null where the number has more than nine decimals), `amount_float`, and `amount_text`, which is
always exact. In SQLite it is two: `amount` as exact text and `amount_float`; `records` has there no column that `documents` has, but for
`document_no`, and the view `figures` joins both.
";

/// The reference as Markdown.
pub fn reference() -> String {
    let mut text = format!("{HEAD}\nVersion of the columns: {SCHEMA_VERSION}.\n");
    for sheet in SHEETS {
        let key: Vec<String> = sheet.key.iter().map(|k| format!("`{k}`")).collect();
        let _ = write!(text, "\n## `{}`\n\n{} Key: {}.\n\n| column | type | null | meaning |\n|---|---|---|---|\n", sheet.name, sheet.about, key.join(", "));
        sheet.columns.iter().for_each(|column| row(column, &mut text));
    }
    text
}

fn row(column: &Column, text: &mut String) {
    let kind = match column.form {
        Form::Text | Form::Name => "text".to_owned(),
        Form::Integer => "integer".to_owned(),
        Form::Decimal => "decimal".to_owned(),
        Form::Date => "date".to_owned(),
        Form::Term(terms) => terms().iter().map(|t| format!("`{t}`")).collect::<Vec<_>>().join(", "),
    };
    let null = if column.required { "never" } else { "may be" };
    let _ = writeln!(text, "| `{}` | {kind} | {null} | {} |", column.name, column.about);
}
