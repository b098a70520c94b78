//! Arrow: the columns of the records as typed arrays, which Parquet files hold and other programs take over without a copy.
//!
//! In: cells of rows. Out: the fields of the one schema, and arrays in their order. Decimals are three columns: `decimal128(38, 9)`,
//! a float for quick sums, and the exact text; a number with more than nine decimals is null in the first and stands in the other two.
//! Never: a rounded decimal.

use super::Origin;
use super::columns::{Column, Form, RECORDS};
use arrow_array::ArrayRef;
use arrow_array::builder::{Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, StringBuilder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_schema::{DataType, Field};
use jiff::civil::{Date, date};
use std::collections::HashMap;
use std::sync::Arc;

/// Digits of a decimal, and how many of them stand behind the point.
const PRECISION: u8 = 38;
const SCALE: i8 = 9;

/// The fields of the records, each with its description.
pub fn fields() -> Vec<Field> {
    RECORDS.columns.iter().flat_map(of_column).collect()
}

/// What a schema says of the making of its rows, as Parquet files say it.
pub fn metadata(origin: &Origin) -> HashMap<String, String> {
    origin.pairs().into_iter().map(|(key, value)| (format!("solieu.{key}"), value)).collect()
}

/// Rows of records that wait to become arrays.
pub struct Columns {
    builders: Vec<Builder>,
    rows: usize,
}

impl Default for Columns {
    fn default() -> Self {
        Self { builders: RECORDS.columns.iter().map(|c| Builder::of(c.form)).collect(), rows: 0 }
    }
}

impl Columns {
    /// Takes a row: a cell for each column of [`RECORDS`].
    pub fn push<'c>(&mut self, cells: impl Iterator<Item = Option<&'c str>>) {
        for (column, cell) in self.builders.iter_mut().zip(cells) {
            column.push(cell);
        }
        self.rows += 1;
    }

    /// Rows taken since the last [`Columns::finish`].
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The arrays of the rows taken, one for each of [`fields`]; what comes next begins anew.
    pub fn finish(&mut self) -> Vec<ArrayRef> {
        self.rows = 0;
        self.builders.iter_mut().flat_map(Builder::finish).collect()
    }
}

fn of_column(column: &Column) -> Vec<Field> {
    let field = |name: &str, kind: DataType, null: bool, about: &str| {
        Field::new(name, kind, null).with_metadata(HashMap::from([("description".to_owned(), about.to_owned())]))
    };
    let one = |kind| vec![field(column.name, kind, !column.required, column.about)];
    match column.form {
        Form::Text => one(DataType::Utf8),
        Form::Name | Form::Term(_) => one(DataType::Dictionary(DataType::Int32.into(), DataType::Utf8.into())),
        Form::Integer => one(DataType::Int64),
        Form::Date => one(DataType::Date32),
        Form::Decimal => vec![
            field(column.name, DataType::Decimal128(PRECISION, SCALE), true, column.about),
            field(&format!("{}_float", column.name), DataType::Float64, !column.required, "the same as a float"),
            field(&format!("{}_text", column.name), DataType::Utf8, !column.required, "the same, exact, as text"),
        ],
    }
}

/// The cells of a column that wait to be written.
enum Builder {
    Text(StringBuilder),
    Name(StringDictionaryBuilder<Int32Type>),
    Integer(Int64Builder),
    /// With the last date that was told: most figures of a text have the same.
    Date(Date32Builder, Option<(String, i32)>),
    Decimal(Box<(Decimal128Builder, Float64Builder, StringBuilder)>),
}

impl Builder {
    fn of(form: Form) -> Self {
        let decimal = || Decimal128Builder::new().with_data_type(DataType::Decimal128(PRECISION, SCALE));
        match form {
            Form::Text => Builder::Text(StringBuilder::new()),
            Form::Name | Form::Term(_) => Builder::Name(StringDictionaryBuilder::new()),
            Form::Integer => Builder::Integer(Int64Builder::new()),
            Form::Date => Builder::Date(Date32Builder::new(), None),
            Form::Decimal => Builder::Decimal(Box::new((decimal(), Float64Builder::new(), StringBuilder::new()))),
        }
    }

    fn push(&mut self, cell: Option<&str>) {
        match self {
            Builder::Text(column) => column.append_option(cell),
            Builder::Name(column) => column.append_option(cell),
            Builder::Integer(column) => column.append_option(cell.and_then(|c| c.parse().ok())),
            Builder::Date(column, last) => column.append_option(cell.and_then(|iso| known_days(iso, last))),
            Builder::Decimal(columns) => {
                columns.0.append_option(cell.and_then(unscaled));
                columns.1.append_option(cell.and_then(|c| c.parse().ok()));
                columns.2.append_option(cell);
            }
        }
    }

    fn finish(&mut self) -> Vec<ArrayRef> {
        match self {
            Builder::Text(column) => vec![Arc::new(column.finish())],
            Builder::Name(column) => vec![Arc::new(column.finish())],
            Builder::Integer(column) => vec![Arc::new(column.finish())],
            Builder::Date(column, _) => vec![Arc::new(column.finish())],
            Builder::Decimal(columns) => vec![Arc::new(columns.0.finish()), Arc::new(columns.1.finish()), Arc::new(columns.2.finish())],
        }
    }
}

/// As [`days`], remembered.
fn known_days(iso: &str, last: &mut Option<(String, i32)>) -> Option<i32> {
    if let Some((known, days)) = last
        && known == iso
    {
        return Some(*days);
    }
    let days = days(iso)?;
    *last = Some((iso.to_owned(), days));
    Some(days)
}

/// Days since 1970.
fn days(iso: &str) -> Option<i32> {
    let day: Date = iso.parse().ok()?;
    day.since(date(1970, 1, 1)).ok().map(|span| span.get_days())
}

/// A plain decimal without its point, with nine decimals; none when it does not fit exactly.
fn unscaled(text: &str) -> Option<i128> {
    const MOST: i128 = 10i128.pow(PRECISION as u32);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    let missing = usize::try_from(SCALE).ok()?.checked_sub(fraction.len())?;
    let mut digits: i128 = 0;
    for digit in whole.trim_start_matches('-').bytes().chain(fraction.bytes()).chain(std::iter::repeat_n(b'0', missing)) {
        let digit = digit.checked_sub(b'0').filter(|d| *d < 10)?;
        digits = digits.checked_mul(10)?.checked_add(i128::from(digit)).filter(|d| *d < MOST)?;
    }
    Some(if whole.starts_with('-') { -digits } else { digits })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_or_null() {
        assert_eq!(unscaled("3.02"), Some(3_020_000_000));
        assert_eq!(unscaled("-0.5"), Some(-500_000_000));
        assert_eq!(unscaled("24372898000000"), Some(24_372_898_000_000_000_000_000));
        assert_eq!(unscaled("0.1234567890"), Some(123_456_789));
        assert_eq!(unscaled("0.1234567891"), None);
        assert_eq!(unscaled(&"9".repeat(29)), Some(("9".repeat(29) + "000000000").parse().unwrap()));
        assert_eq!(unscaled(&"9".repeat(30)), None);
        assert_eq!(unscaled(&"9".repeat(400)), None);
        assert_eq!(["1e5", "+1", "1,5", "-0"].map(unscaled), [None, None, None, Some(0)]);
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(["1970-01-01", "1969-12-31", "2022-07-31"].map(days), [Some(0), Some(-1), Some(19_204)]);
        assert_eq!(days("hom qua"), None);
    }
}
