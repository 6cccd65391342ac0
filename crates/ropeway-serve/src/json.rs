//! The body of a request as JSON: one object with named members, and what is wrong with it in words that help.

use std::fmt;
use std::marker::PhantomData;

use ropeway_vocab::{Kind, Problem, Result};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};

/// What other languages write into JSON, and JSON lacks.
const NO_NUMBERS: [&str; 3] = ["nan", "inf", "infinity"];

/// Reads a body; `member` is the list that it should have, for the remedy.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8], member: &str) -> Result<T> {
    serde_json::from_slice(body).map(|Object(request)| request).map_err(|error| {
        let form = format!("send {{\"{member}\": [{{\"column\": value, ...}}]}}");
        let (what, remedy) = match no_number(body, &error) {
            Some(word) => {
                let (line, column) = (error.line(), error.column());
                let what = format!("`{word}` is no JSON: it has no NaN and no infinity (line {line} column {column})");
                (what, format!("{form}, with null for a value that is missing"))
            }
            None => (format!("the body is not the JSON that is needed: {error}"), form),
        };
        Problem::new(Kind::Usage, "malformed-body", what).remedy(remedy)
    })
}

/// The word at which reading failed, where it stands for a number that JSON lacks.
fn no_number<'b>(body: &'b [u8], error: &serde_json::Error) -> Option<&'b str> {
    let line = body.split(|byte| *byte == b'\n').nth(error.line().checked_sub(1)?)?;
    let (before, after) = line.split_at_checked(error.column().checked_sub(1)?)?;
    let of_word = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'+');
    let from = before.len() - before.iter().rev().take_while(|byte| of_word(byte)).count();
    let to = before.len() + after.iter().take_while(|byte| of_word(byte)).count();
    let word = std::str::from_utf8(&line[from..to]).ok()?;
    let bare = word.trim_start_matches(['-', '+']);
    NO_NUMBERS.iter().any(|known| known.eq_ignore_ascii_case(bare)).then_some(word)
}

/// A struct that stands as an object. Derived code would take an array with its members in their order, too.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData))
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::row::Row;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        rows: Vec<Row>,
        #[serde(default)]
        backfill: bool,
    }

    #[track_caller]
    fn check(body: &str, says: &str) {
        let problem = read::<Asked>(body.as_bytes(), "rows").unwrap_err();
        assert!(problem.what().contains(says) && !problem.what().contains("struct"), "{}", problem.what());
        assert!(problem.advice().unwrap().contains("{\"rows\": "));
    }

    #[test]
    fn only_an_object_is_a_request() {
        let asked: Asked = read(b"{\"rows\": [{}], \"backfill\": true}", "rows").unwrap();
        assert_eq!((asked.rows.len(), asked.backfill), (1, true));
        check("[[{\"a\": 1}], true]", "invalid type: sequence, expected an object at line 1 column");
        check("5", "expected an object");
        check("{\"backfill\": true}", "missing field `rows` at line 1 column 18");
        check("{\"rows\": [], \"rows\": []}", "duplicate field `rows`");
        check("{\"rows\": [], \"more\": 1}", "unknown field `more`");
        check("{\"rows\": []} 1", "trailing characters at line 1 column 14");
    }

    #[test]
    fn numbers_that_json_lacks_are_named() {
        check("{\"rows\": [{\"a\": NaN}]}", "`NaN` is no JSON: it has no NaN and no infinity (line 1 column 17)");
        for word in ["-Infinity", "Infinity", "nan", "inf", "-inf", "+Inf"] {
            check(&format!("{{\"rows\":\n [{{\"a\": {word}}}]}}"), &format!("`{word}` is no JSON"));
        }
        check("{\"rows\": [{\"a\": nothing}]}", "expected ident at line 1 column");
        check("", "EOF");
    }
}
