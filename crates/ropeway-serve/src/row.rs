//! One object of a request, read so that no key may stand in it twice: which of the two counts is anyone's guess.

use std::fmt;

use ropeway_source::json_value;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::map::Entry;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The values of one example or row, by column.
#[derive(Debug)]
pub(crate) struct Row(pub Map<String, Value>);

impl Row {
    /// The rows of a request as they are read on.
    pub fn all(rows: Vec<Self>) -> Vec<Map<String, Value>> {
        rows.into_iter().map(|row| row.0).collect()
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Columns)
    }
}

struct Columns;

impl<'de> Visitor<'de> for Columns {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with columns and their values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
        let mut row = Map::new();
        while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
            match row.entry(key) {
                Entry::Vacant(place) => {
                    let value = json_value(value.get()).map_err(|error| unreadable(place.key(), &error))?;
                    place.insert(value);
                }
                Entry::Occupied(taken) => {
                    let key: String = taken.key().chars().take(100).collect();
                    return Err(A::Error::custom(format_args!("the key `{key}` stands twice in one object")));
                }
            }
        }
        Ok(Row(row))
    }
}

/// A value that is well-formed and yet cannot be read. Its own place is not that in the request, which is added.
fn unreadable<E: Error>(key: &str, error: &serde_json::Error) -> E {
    let text = error.to_string();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    let key: String = key.chars().take(100).collect();
    E::custom(format_args!("{what}, in the value of `{key}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_stands_twice_is_named() {
        let read = |text: &str| serde_json::from_str::<Vec<Row>>(text).map(Row::all);
        assert_eq!(read(r#"[{"a": 1, "b": null}, {}]"#).unwrap()[0].len(), 2);
        let problem = read(r#"[{"a": 1}, {"a": 1, "b": 2, "a": 1}]"#).unwrap_err().to_string();
        assert!(problem.contains("the key `a` stands twice") && problem.contains("line 1 column"), "{problem}");
        let deep = format!("[{{\"a\": {}{}}}]", "[".repeat(1_000), "]".repeat(1_000));
        for (text, says) in [(deep.as_str(), "recursion limit"), ("[{\"a\": 1e999}]", "number out of range")] {
            let problem = read(text).unwrap_err().to_string();
            assert!(problem.contains(says) && problem.contains("of `a` at line 1 column"), "{problem}");
        }
        assert_eq!(read("[{\"a\": -0, \"b\": 1.50}]").unwrap()[0]["a"], "-0", "its digits, as a file's");
        assert!(read("[5]").unwrap_err().to_string().contains("an object"));
    }
}
