//! Corrections: what a reviewer says that fields of a record should be.
//!
//! In: a record, fields by their names with points (`value.amount`, `place.name`). Out: the corrected record, or what is wrong with the
//! correction. Never: a record that is none: terms, decimals and dates are checked.

use super::{Period, Record};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// The fields that can be corrected.
pub const FIELDS: [&str; 18] = [
    "kind",
    "value.amount",
    "value.upper",
    "value.of",
    "unit",
    "qualifier",
    "change",
    "status",
    "subject",
    "basis",
    "indicator.id",
    "indicator.programme",
    "place.name",
    "place.code",
    "place.level",
    "period.start",
    "period.end",
    "period.text",
];

/// A record with other fields. Null empties a field; `place`, `period` and `indicator` can be emptied as a whole.
///
/// # Errors
/// Says which field cannot be so, and what it may be.
pub fn corrected(record: &Record, fields: &Map<String, Value>) -> Result<Record, String> {
    let mut json = serde_json::to_value(record).map_err(|e| e.to_string())?;
    for (name, value) in fields {
        set(&mut json, name, value)?;
    }
    let corrected: Record = serde_json::from_value(json).map_err(|e| format!("no record: {e}"))?;
    check(&corrected)?;
    Ok(corrected)
}

fn set(record: &mut Value, name: &str, value: &Value) -> Result<(), String> {
    let whole = ["indicator", "place", "period"].contains(&name);
    if !FIELDS.contains(&name) && !whole || whole && !value.is_null() {
        return Err(format!("no field `{name}` that can be corrected; there are: {}", FIELDS.join(", ")));
    }
    if !(value.is_string() || value.is_null()) {
        return Err(format!("`{name}` must be a text or null, not {value}"));
    }
    let Some((parent, child)) = name.split_once('.') else {
        record[name] = value.clone();
        return Ok(());
    };
    if record[parent].is_null() {
        record[parent] = match parent {
            "indicator" => json!({"id": null, "programme": null}),
            "place" => json!({"name": null, "code": null, "level": null}),
            _ => json!({"start": null, "end": null, "text": null}),
        };
    }
    record[parent][child] = value.clone();
    Ok(())
}

fn check(record: &Record) -> Result<(), String> {
    let decimals = [Some(&record.value.amount), record.value.upper.as_ref(), record.value.of.as_ref()];
    for number in decimals.into_iter().flatten() {
        number.parse::<Decimal>().map_err(|_| format!("{number:?} is no decimal; write it as 1234.5"))?;
    }
    let Some(Period { start, end, .. }) = &record.period else { return Ok(()) };
    for day in [start, end].into_iter().flatten() {
        day.parse::<Date>().map_err(|_| format!("{day:?} is no date; write it as YYYY-MM-DD"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Extractor};

    fn edit(pairs: &[(&str, Value)]) -> Result<Record, String> {
        let record = Extractor::new().extract(&Document::new("a", "Có 94 xã.")).remove(0);
        corrected(&record, &pairs.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect())
    }

    #[test]
    fn fields_are_set_and_emptied() {
        let record = edit(&[("value.amount", "95.5".into()), ("period.end", "2024-12-31".into()), ("subject", Value::Null)]).unwrap();
        assert_eq!((record.value.amount.as_str(), record.subject, record.period.unwrap().end.as_deref()), ("95.5", None, Some("2024-12-31")));
        let place = edit(&[("place.name", "Lai Châu".into()), ("place.level", "province".into())]).unwrap().place.unwrap();
        assert_eq!(place.name, "Lai Châu");
    }

    #[test]
    fn what_is_no_record_is_refused() {
        let wrong = [
            ("value.amount", Value::from("nhiều"), "no decimal"),
            ("period.end", "2024-13-01".into(), "no date"),
            ("status", "vague".into(), "vague"),
            ("id", "x".into(), "no field `id`"),
            ("place", "x".into(), "no field `place`"),
            ("place.name", "Lai Châu".into(), "no record"),
            ("unit", 5.into(), "must be a text"),
            ("unit", Value::Null, "no record"),
        ];
        for (name, value, told) in wrong {
            let error = edit(&[(name, value)]).unwrap_err();
            assert!(error.contains(told), "{name}: {error}");
        }
    }
}
