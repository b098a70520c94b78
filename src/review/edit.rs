//! Corrections, as a form brings them.
//!
//! In: a record, corrections that stand, a form. Out: the fields that should be other ones than they are. Never: a judgement whether they
//! can be: [`crate::record::corrected`] does that.

use super::query::Pairs;
use crate::record::{FIELDS, Record};
use crate::terms::{Change, Kind, Level, Qualifier, Status};
use serde_json::{Map, Value};

/// What a form offers, in its order; `period.text` stays as the document has it.
pub const OFFERED: [&str; 16] = [
    "value.amount",
    "value.upper",
    "value.of",
    "unit",
    "kind",
    "qualifier",
    "change",
    "status",
    "subject",
    "basis",
    "indicator.id",
    "place.name",
    "place.level",
    "place.code",
    "period.start",
    "period.end",
];

/// Fields that are empty together.
const WHOLES: [(&str, &[&str]); 3] =
    [("indicator", &["indicator.id"]), ("place", &["place.name", "place.level", "place.code"]), ("period", &["period.start", "period.end"])];

/// The words that a field may say, where they are few.
pub fn terms(field: &str) -> Option<Vec<&'static str>> {
    Some(match field {
        "kind" => Kind::ALL.iter().map(|t| t.as_str()).collect(),
        "qualifier" => Qualifier::ALL.iter().map(|t| t.as_str()).collect(),
        "change" => Change::ALL.iter().map(|t| t.as_str()).collect(),
        "status" => Status::ALL.iter().map(|t| t.as_str()).collect(),
        "place.level" => Level::ALL.iter().map(|t| t.as_str()).collect(),
        _ => return None,
    })
}

/// A field of a record, by its name with points.
pub fn field(record: &Value, name: &str) -> Option<String> {
    let value = name.split('.').try_fold(record, |value, part| value.get(part))?;
    value.as_str().map(str::to_owned)
}

/// What a field should say by corrections that stand, else what it says.
pub fn known(record: &Value, corrections: &Map<String, Value>, name: &str) -> Option<String> {
    let whole = name.split('.').next().unwrap_or(name);
    match corrections.get(name) {
        Some(value) => value.as_str().map(str::to_owned),
        None if corrections.get(whole).is_some_and(Value::is_null) => None,
        None => field(record, name),
    }
}

/// The fields of a form that are other ones than is known.
pub fn changed(record: &Record, corrections: &Map<String, Value>, form: &Pairs) -> Map<String, Value> {
    let record = serde_json::to_value(record).unwrap_or_default();
    let asked = |name: &str| form.get(&format!("f.{name}")).map(|v| v.trim().to_owned());
    let mut fields = Map::new();
    for name in FIELDS {
        let Some(asked) = asked(name) else { continue };
        let asked = Some(asked).filter(|a| !a.is_empty());
        if asked != known(&record, corrections, name) {
            fields.insert(name.to_owned(), asked.map_or(Value::Null, Value::String));
        }
    }
    for (whole, parts) in WHOLES {
        let emptied = parts.iter().all(|part| asked(part).is_some_and(|a| a.is_empty())) && parts.iter().any(|part| fields.contains_key(*part));
        // A period of which only the words are left says nothing that is compared.
        if emptied {
            parts.iter().for_each(|part| drop(fields.remove(*part)));
            fields.insert(whole.to_owned(), Value::Null);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::corrected;
    use crate::{Document, Extractor};

    fn record() -> Record {
        Extractor::new().extract(&Document::new("a", "Đến ngày 31/12/2022, tỉnh Hòa Bình có 73/129 xã đạt chuẩn nông thôn mới.")).remove(0)
    }

    /// The form as it is offered, with other values in some fields.
    fn form(corrections: &Map<String, Value>, other: &[(&str, &str)]) -> Pairs {
        let json = serde_json::to_value(record()).unwrap();
        let mut form: Pairs = OFFERED.iter().map(|f| (format!("f.{f}"), known(&json, corrections, f).unwrap_or_default())).collect();
        form.extend(other.iter().map(|(f, v)| (format!("f.{f}"), (*v).to_owned())));
        form
    }

    #[test]
    fn a_form_that_was_not_touched_changes_nothing() {
        let none = Map::new();
        assert!(changed(&record(), &none, &form(&none, &[])).is_empty());
        let known = Map::from_iter([("unit".to_owned(), "thôn".into()), ("place".to_owned(), Value::Null)]);
        assert!(changed(&record(), &known, &form(&known, &[])).is_empty());
    }

    #[test]
    fn what_is_emptied_is_empty_as_a_whole() {
        let none = Map::new();
        let fields = changed(
            &record(),
            &none,
            &form(&none, &[("place.name", ""), ("place.level", ""), ("place.code", ""), ("value.amount", " 74 "), ("indicator.id", "")]),
        );
        let after = corrected(&record(), &fields).unwrap();
        assert_eq!((after.place, after.indicator, after.value.amount.as_str(), fields.len()), (None, None, "74", 3));
    }

    #[test]
    fn every_field_that_is_offered_can_be_corrected() {
        assert!(OFFERED.iter().all(|f| FIELDS.contains(f)));
    }
}
