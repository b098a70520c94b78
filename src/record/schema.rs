//! The JSON Schema of records, made from the types, so that it cannot drift from what is printed.

use super::Record;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// The JSON Schema (2020-12) of one record as printed.
pub fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Record>();
    schema.insert("title".to_owned(), "Indicator record".into());
    schema.to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_required_and_described_by_the_draft() {
        let schema = schema();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["description"], "One figure of one document.");
        assert_eq!(schema["required"].as_array().unwrap().len(), schema["properties"].as_object().unwrap().len());
    }

    #[test]
    fn numbers_are_decimal_strings_and_days_are_dates() {
        let schema = schema().to_string();
        assert_eq!(schema.matches(r#""pattern":"^-?[0-9]+(\\.[0-9]+)?$""#).count(), 3, "{schema}");
        assert_eq!(schema.matches(r#""format":"date""#).count(), 2, "{schema}");
    }
}
