//! The JSON Schema of the project file, so that editors complete it and say what each key is for.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::SectionSpec;
use crate::section::Shape;
use crate::settings::OWN;

/// The schema of a project file that may also hold `sections`. Draft 7, which editors' TOML tools read.
pub fn schema(sections: &[SectionSpec]) -> Value {
    let mut generator = SchemaSettings::draft07().for_deserialize().into_generator();
    let mut properties = Map::new();
    for section in OWN.iter().chain(sections) {
        let one = (section.schema)(&mut generator).to_value();
        let whole = match section.shape {
            Shape::One => one,
            Shape::Named => json!({ "type": "object", "additionalProperties": one }),
            Shape::List => json!({ "type": "array", "items": one }),
        };
        properties.insert(section.name.to_owned(), whole);
    }
    let definitions: Map<String, Value> = generator.take_definitions(true).into_iter().collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "ropeway.toml",
        "description": "A Ropeway project: from raw tables to a served model.",
        "type": "object",
        "required": ["project", "source", "examples"],
        "additionalProperties": false,
        "properties": properties,
        "definitions": definitions,
    })
}
