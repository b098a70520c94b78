//! All output keeps the contract: the schema that the program prints, and the one that the project agreed on.

use serde_json::Value;
use solieu::{Document, Extractor};
use std::fs;

/// Where the agreed schema lies, when the repository is checked out beside the project's shared folder.
const AGREED: &str = "../shared/design/record.schema.json";

fn corpus() -> Vec<Value> {
    let extractor = Extractor::new();
    let mut out = Vec::new();
    for entry in fs::read_dir("corpus/press").unwrap() {
        let path = entry.unwrap().path();
        let document = Document::new(path.display().to_string(), fs::read_to_string(&path).unwrap());
        out.extend(extractor.extract(&document).iter().map(|r| serde_json::to_value(r).unwrap()));
    }
    out
}

fn validate(schema: &Value, records: &[Value]) {
    let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    for record in records {
        let faults: Vec<String> = validator.iter_errors(record).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(faults.is_empty(), "{record:#}\n{faults:#?}");
    }
}

#[test]
fn records_keep_the_printed_schema() {
    let records = corpus();
    assert!(records.len() > 300, "{}", records.len());
    validate(&solieu::record::schema(), &records);
}

#[test]
fn the_printed_schema_refuses_what_is_no_record() {
    let validator = jsonschema::options().should_validate_formats(true).build(&solieu::record::schema()).unwrap();
    let good = corpus().into_iter().find(|r| !r["period"]["end"].is_null()).unwrap();
    assert!(validator.is_valid(&good));
    let breaks: [(&str, Value); 6] = [
        ("/kind", "dozen".into()),
        ("/value/amount", "1.234,5".into()),
        ("/value/of", "12.".into()),
        ("/period/end", "2022-13-01".into()),
        ("/span/chars", serde_json::json!([1])),
        ("/status", Value::Null),
    ];
    for (place, wrong) in breaks {
        let mut bad = good.clone();
        *bad.pointer_mut(place).unwrap() = wrong;
        assert!(!validator.is_valid(&bad), "{place} may be anything");
    }
}

#[test]
fn records_keep_the_agreed_schema() {
    let Ok(text) = fs::read_to_string(AGREED) else {
        eprintln!("{AGREED} is not here; the printed schema alone was checked");
        return;
    };
    let agreed: Value = serde_json::from_str(&text).unwrap();
    validate(&agreed, &corpus());
    let printed = solieu::record::schema();
    let names = |schema: &Value| schema["properties"].as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>();
    // The agreed schema allows more fields; this is the one that there is.
    assert_eq!(&names(&printed) - &names(&agreed), ["link".to_owned()].into());
    assert!(names(&agreed).is_subset(&names(&printed)));
}

#[test]
fn the_command_prints_the_schema() {
    let done = assert_cmd::Command::cargo_bin("solieu").unwrap().arg("schema").assert().success();
    let printed: Value = serde_json::from_slice(&done.get_output().stdout).unwrap();
    assert_eq!(printed, solieu::record::schema());
}
