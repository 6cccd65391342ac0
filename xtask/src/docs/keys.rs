//! The keys of one section as Markdown, from the JSON Schema: name, type, default and meaning, those that must be there
//! first; then the tables inside it, each once.

use std::collections::BTreeMap;

use serde_json::Value;

/// A table of the project file that is still to be told: its path, and its schema.
type Table<'a> = (String, &'a Value);

struct Section<'a> {
    schema: &'a Value,
    /// By the name of a definition, the table that told its keys.
    told: BTreeMap<String, String>,
    waiting: Vec<Table<'a>>,
}

/// The type of a key, and the values to choose from with what each means.
struct Type {
    name: String,
    values: Vec<(String, String)>,
}

/// The keys of a section, and of all tables in it.
pub fn of_section(schema: &Value, name: &str) -> Result<String, String> {
    let whole = &schema["properties"][name];
    let named = &whole["additionalProperties"];
    let (path, one) = match () {
        () if whole["items"].is_object() => (name.to_owned(), &whole["items"]),
        () if named["$ref"].is_string() => (format!("{name}.NAME"), named),
        () if whole.is_object() => (name.to_owned(), whole),
        () => return Err(format!("the project file has no section `{name}`")),
    };
    let mut section = Section { schema, told: BTreeMap::new(), waiting: Vec::new() };
    let (called, definition) = section.resolved(one);
    if !definition["properties"].is_object() {
        let of = section.ty(&path, named).name;
        return Ok(format!("- NAME ({of}): as many as you like.\n"));
    }
    section.told.extend(called.map(|called| (called.to_owned(), path.clone())));
    let mut out = section.table(&path, definition);
    while !section.waiting.is_empty() {
        let (path, definition) = section.waiting.remove(0);
        out.push_str(&format!("\n**`[{path}]`** {}\n\n", meaning(definition)));
        out.push_str(&section.table(&path, definition));
    }
    Ok(out)
}

impl<'a> Section<'a> {
    /// What a schema refers to, with its name, whether it may be left out or not.
    fn resolved(&self, schema: &'a Value) -> (Option<&'a str>, &'a Value) {
        let one = schema["allOf"].get(0).unwrap_or(schema);
        let one = match one["anyOf"].as_array().map(Vec::as_slice) {
            Some([one, null]) if null["type"] == "null" => one,
            _ => one,
        };
        let name = one["$ref"].as_str().and_then(|path| path.strip_prefix("#/definitions/"));
        (name, name.map_or(one, |name| &self.schema["definitions"][name]))
    }

    /// One line a key.
    fn table(&mut self, path: &str, definition: &'a Value) -> String {
        let required =
            |name: &str| definition["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
        let mut keys: Vec<(&String, &'a Value)> = definition["properties"].as_object().into_iter().flatten().collect();
        keys.sort_by_key(|(name, _)| !required(name));
        let mut out = String::new();
        for (name, key) in keys {
            let ty = self.ty(&format!("{path}.{name}"), key);
            let presence = match &key["default"] {
                _ if required(name) => ", required".to_owned(),
                Value::Null | Value::Object(_) => String::new(),
                default => format!(", default `{}`", literal(default)),
            };
            out.push_str(&format!("- `{name}` ({}{presence}): {}\n", ty.name, meaning(key)));
            for (value, meaning) in ty.values {
                let meaning = if meaning.is_empty() { meaning } else { format!(": {meaning}") };
                out.push_str(&format!("  - `{value}`{meaning}\n"));
            }
        }
        out
    }

    fn ty(&mut self, path: &str, schema: &'a Value) -> Type {
        let (called, definition) = self.resolved(schema);
        let plain = |name: &str| Type { name: name.to_owned(), values: Vec::new() };
        if definition["properties"].is_object() {
            let called = called.unwrap_or_default().to_owned();
            if let Some(first) = self.told.get(&called) {
                return plain(&format!("table, as `[{first}]`"));
            }
            self.told.insert(called, path.to_owned());
            self.waiting.push((path.to_owned(), definition));
            return plain(&format!("table `[{path}]`, below"));
        }
        if let Some(choices) = definition["oneOf"].as_array() {
            return Type { name: "one of these".into(), values: choices.iter().map(choice).collect() };
        }
        if let Some(values) = definition["enum"].as_array() {
            let values: Vec<String> = values.iter().map(literal).collect();
            return Type { name: "one of these".into(), values: vec![(values.join("`, `"), String::new())] };
        }
        if let Some(forms) = definition["anyOf"].as_array() {
            let names: Vec<String> = forms.iter().map(|form| self.ty(path, form).name).collect();
            return plain(&if names.len() > 2 { "value".to_owned() } else { names.join(" or ") });
        }
        match simple(definition) {
            "array" if definition["items"].is_array() => plain("`[low, high]`"),
            "array" => {
                let of = self.ty(path, &definition["items"]);
                Type { name: format!("list of {}", of.name.replace("one of ", "")), values: of.values }
            }
            "object" => {
                let of = self.ty(&format!("{path}.NAME"), &definition["additionalProperties"]);
                Type { name: format!("table of NAME = {}", of.name), values: of.values }
            }
            "string" => plain("text"),
            "integer" => plain("whole number"),
            "boolean" => plain("true or false"),
            other => plain(other),
        }
    }
}

/// The JSON type of a schema, whether it may be null or not.
fn simple(schema: &Value) -> &str {
    let types = schema["type"].as_array().into_iter().flatten();
    types.filter_map(Value::as_str).find(|ty| *ty != "null").or_else(|| schema["type"].as_str()).unwrap_or("value")
}

/// A value to choose, as TOML, and what it means.
fn choice(schema: &Value) -> (String, String) {
    let value = match schema["properties"].as_object().and_then(|keys| keys.keys().next()) {
        Some(key) => format!("{{ {key} = NUMBER }}"),
        None => literal(&schema["const"]),
    };
    (value, meaning(schema))
}

/// A description in one line.
fn meaning(schema: &Value) -> String {
    schema["description"].as_str().unwrap_or_default().split('\n').collect::<Vec<_>>().join(" ")
}

/// A value as the project file has it.
fn literal(value: &Value) -> String {
    match value.as_array() {
        Some(values) => format!("[{}]", values.iter().map(literal).collect::<Vec<_>>().join(", ")),
        None => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::of_section;
    use serde_json::{Value, json};

    fn schema() -> Value {
        json!({
            "properties": {
                "learn": {"$ref": "#/definitions/Learn"},
                "window": {"type": "object", "additionalProperties": {"$ref": "#/definitions/Window"}},
                "derive": {"type": "object", "additionalProperties": {"type": "string"}},
            },
            "definitions": {
                "Learn": {"properties": {
                    "share": {"type": ["number", "null"], "description": "How\nmuch."},
                    "metric": {"enum": ["a", "b"], "description": "Which."},
                    "range": {"allOf": [{"$ref": "#/definitions/Range"}], "default": [0.5, 1.0], "description": "Between."},
                    "task": {"$ref": "#/definitions/Task", "default": "binary", "description": "What."},
                    "tune": {"$ref": "#/definitions/Tune", "default": {"trials": 20}, "description": "How."},
                }},
                "Range": {"type": "array", "items": [{"type": "number"}, {"type": "number"}]},
                "Task": {"oneOf": [{"const": "binary", "description": "Two."}, {"type": "object",
                    "properties": {"top": {"type": "number"}}, "description": "Several."}]},
                "Tune": {"description": "The search.", "properties": {"trials": {"type": "integer", "default": 20, "description": "Tries."}}},
                "Window": {"required": ["table"], "properties": {
                    "by": {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}], "description": "Keys."},
                    "table": {"type": "string", "description": "Of facts."},
                }},
            },
        })
    }

    #[test]
    fn keys_are_told_with_type_default_and_meaning() {
        let expected = "- `metric` (one of these): Which.\n  - `\"a\"`, `\"b\"`\n- `range` (`[low, high]`, default `[0.5, 1.0]`): Between.\n- `share` (number): How much.\n\
            - `task` (one of these, default `\"binary\"`): What.\n  - `\"binary\"`: Two.\n  - `{ top = NUMBER }`: Several.\n\
            - `tune` (table `[learn.tune]`, below): How.\n\n**`[learn.tune]`** The search.\n\n\
            - `trials` (whole number, default `20`): Tries.\n";
        assert_eq!(of_section(&schema(), "learn").unwrap(), expected);
        let expected = "- `table` (text, required): Of facts.\n- `by` (list of text): Keys.\n";
        assert_eq!(of_section(&schema(), "window").unwrap(), expected);
        assert!(of_section(&schema(), "derive").unwrap().contains("NAME (text)"));
        assert!(of_section(&schema(), "lern").unwrap_err().contains("no section `lern`"));
    }
}
