//! The Frictionless description of CSV files: `datapackage.json`.
//!
//! In: which files there are, and of what making. Out: a Data Package that tells name, type, meaning and constraints of every
//! column. Never: a profile (readers of version 1 would then ask for one in every resource), or a time stamp.

use super::Origin;
use super::columns::{Column, DOCUMENTS, Form, RECORDS, SHEETS, Sheet};
use serde_json::{Map, Value, json};

/// The description of `documents.csv` and `records.csv`, in the plain flavour of CSV.
pub fn datapackage(origin: &Origin) -> Value {
    let run: Map<String, Value> = origin.pairs().into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    json!({
        "name": "solieu",
        "title": "Figures of Vietnamese press text",
        "solieu": run,
        "resources": SHEETS.map(resource),
    })
}

fn resource(sheet: &'static Sheet) -> Value {
    let mut schema = json!({
        "fields": sheet.columns.iter().map(field).collect::<Vec<_>>(),
        "primaryKey": sheet.key,
        "missingValues": [""],
    });
    if sheet.name == RECORDS.name {
        schema["foreignKeys"] = json!([{"fields": "document_no", "reference": {"resource": DOCUMENTS.name, "fields": "document_no"}}]);
    }
    json!({
        "name": sheet.name,
        "path": format!("{}.csv", sheet.name),
        "description": sheet.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    })
}

fn field(column: &Column) -> Value {
    let kind = match column.form {
        Form::Text | Form::Name | Form::Term(_) => "string",
        Form::Integer => "integer",
        Form::Decimal => "number",
        Form::Date => "date",
    };
    let mut constraints = Map::new();
    if column.required {
        constraints.insert("required".to_owned(), true.into());
    }
    if let Form::Term(terms) = column.form {
        constraints.insert("enum".to_owned(), terms().into());
    }
    let mut field = json!({"name": column.name, "type": kind, "description": column.about});
    if !constraints.is_empty() {
        field["constraints"] = constraints.into();
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_described() {
        let package = datapackage(&Origin { program: "p 1".into(), rules: "r".into() });
        assert_eq!(package["solieu"], json!({"program": "p 1", "rules": "r", "schema_version": "1"}));
        let fields = package["resources"][1]["schema"]["fields"].as_array().unwrap();
        assert_eq!(fields.len(), RECORDS.columns.len());
        let amount = fields.iter().find(|f| f["name"] == "amount").unwrap();
        assert_eq!((&amount["type"], &amount["constraints"]), (&json!("number"), &json!({"required": true})));
        assert!(fields.iter().any(|f| f["name"] == "place_level" && f["constraints"]["enum"][0] == "country"));
    }
}
