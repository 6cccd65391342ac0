//! A line of JSON lines, taken apart: its keys, and where each value stands, so that a value can be read or passed on
//! from its own text.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

/// A key, and where the text of its value stands in the line.
pub(crate) type Member = (String, Range<usize>);

/// The members of the object that a line holds, in their order. A key that stands twice is refused: which one counts is
/// anyone's guess. Values only have to be well-formed: whether they can be read is seen where they are.
pub(crate) fn members(line: &str) -> Result<Vec<Member>, String> {
    let keys = serde_json::from_str::<Keys>(line).map_err(|error| without_line(&error))?;
    Ok(keys.0.into_iter().zip(places(line)).collect())
}

/// The message of an error without "at line 1", which would be taken for the line of the file.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line 1 column ") {
        Some((what, column)) => format!("{what} (character {column})"),
        None => text,
    }
}

/// Where the values of an object stand in its text, which is well-formed.
fn places(text: &str) -> Vec<Range<usize>> {
    let mut all = Vec::with_capacity(32);
    let (mut depth, mut from, mut in_string, mut escaped) = (0_usize, None, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b':' if depth == 1 => from = Some(at + 1),
            b',' | b'}' if depth == 1 => all.extend(from.take().map(|from| trimmed(text, from..at))),
            _ => {}
        }
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    all
}

/// The range without the white space at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let value = &text[range.clone()];
    let from = range.start + (value.len() - value.trim_ascii_start().len());
    from..from + value.trim_ascii().len()
}

/// The keys of an object.
struct Keys(Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Keys;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys: Vec<String> = Vec::with_capacity(32);
                while let Some((key, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
                    if keys.contains(&key) {
                        return Err(A::Error::custom(format_args!("the key `{key}` stands twice")));
                    }
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_found_by_its_key_whatever_it_holds() {
        let line = r#" { "a" : 1.10 , "b,:}" :"x\"},{\\","c":[ {"a": ":,"}, "]" ],"d":{},"é":  1e400,"f":null}"#;
        let found: Vec<(String, &str)> = members(line).unwrap().into_iter().map(|(key, at)| (key, &line[at])).collect();
        let found: Vec<(&str, &str)> = found.iter().map(|(key, text)| (key.as_str(), *text)).collect();
        let nested = r#"[ {"a": ":,"}, "]" ]"#;
        let text = r#""x\"},{\\""#;
        assert_eq!(found, [("a", "1.10"), ("b,:}", text), ("c", nested), ("d", "{}"), ("é", "1e400"), ("f", "null")]);
        assert!(members("{}").unwrap().is_empty());
    }

    #[test]
    fn what_is_not_well_formed_says_where() {
        let check = |line: &str, says: &str| {
            let problem = members(line).unwrap_err();
            assert!(problem.contains(says), "{line}: {problem}");
        };
        check(r#"{"a": 01}"#, "(character 8)");
        check(r#"{"a": 1} x"#, "trailing characters");
        check(r#"{"a": "x"#, "EOF");
        check(r#"{"a": 1, "a": 2}"#, "the key `a` stands twice");
        check("[1]", "an object");
    }
}
