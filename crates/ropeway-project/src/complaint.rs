//! What serde says about a setting, said so that a user can mend it: the key, its line, what was expected
//! and the nearest known name.

use std::ops::Range;

use ropeway_vocab::{Problem, nearest};
use serde_json::Value;

use crate::Document;

/// What the schema of a section knows of its keys; used to say what a missing or wrong key is for.
pub(crate) struct Keys<'a> {
    /// The section as a user writes it, for example `[source.flights]`.
    pub title: &'a str,
    /// Its JSON Schema.
    pub schema: &'a Value,
}

/// Turns an error of serde or TOML into a located problem. `at` covers the section as a whole and is used
/// where the error itself has no place.
pub(crate) fn explain(document: &Document, keys: &Keys<'_>, error: &toml::de::Error, at: Range<usize>) -> Problem {
    let span = error.span().filter(|span| *span != (0..0)).unwrap_or(at);
    let (path, _) = document.path_at(&span);
    let place = document.at(span.start);
    let message = error.message();
    let quoted = quoted(message);
    let first = quoted.first().copied().unwrap_or_default();
    let problem = if message.starts_with("unknown field") {
        unknown_key(&section(&path, keys), first, &quoted[1.min(quoted.len())..])
    } else if message.starts_with("missing field") {
        missing_key(keys, first)
    } else if message.starts_with("unknown variant") {
        unknown_choice(&named(&path, keys), first, &quoted[1.min(quoted.len())..])
    } else if let Some((found, expected)) = mismatch(message) {
        let key = named(&path, keys);
        with_purpose(
            Problem::invalid("wrong-type", format!("{key} must be {}, and this is {}", plain(expected), plain(found))),
            keys,
            innermost(&path),
        )
    } else if message.starts_with("data did not match any variant") {
        let key = named(&path, keys);
        let problem = Problem::invalid("wrong-form", format!("{key} has none of the forms that it may have"));
        with_purpose(problem, keys, innermost(&path))
    } else {
        free_text(&named(&path, keys), message)
    };
    problem.at(place)
}

/// The table that a key stands in, as a user writes it: `[learn.tune]` inside `[learn]`.
fn section(path: &[String], keys: &Keys<'_>) -> String {
    let within = path.split_last().map(|(_, within)| within).unwrap_or_default();
    let named = within.iter().all(|part| part.parse::<usize>().is_err());
    if within.len() > 1 && named && !keys.title.starts_with("[[") {
        return format!("[{}]", within.join("."));
    }
    keys.title.to_owned()
}

fn unknown_key(section: &str, unknown: &str, known: &[&str]) -> Problem {
    let problem = Problem::invalid("unknown-key", format!("`{unknown}` is not a key of {section}"));
    match (nearest(unknown, known.iter().copied()), known) {
        (Some(near), _) => problem.remedy(format!("did you mean `{near}`?")),
        (None, []) => problem.remedy("this section has no keys"),
        (None, _) => problem.remedy(format!("its keys are {}", known.join(", "))),
    }
}

fn missing_key(keys: &Keys<'_>, missing: &str) -> Problem {
    let problem = Problem::invalid("missing-key", format!("{} needs the key `{missing}`", keys.title));
    match purpose(keys.schema, missing) {
        Some(purpose) => problem.remedy(format!("add {missing} = ...: {purpose}")),
        None => problem.remedy(format!("add {missing} = ... below it")),
    }
}

fn unknown_choice(key: &str, unknown: &str, known: &[&str]) -> Problem {
    let problem = Problem::invalid("unknown-choice", format!("{key} cannot be `{unknown}`"));
    let choices = known.iter().map(|choice| format!("\"{choice}\"")).collect::<Vec<_>>().join(", ");
    match nearest(unknown, known.iter().copied()) {
        Some(near) => problem.remedy(format!("did you mean \"{near}\"? It is one of {choices}")),
        None => problem.remedy(format!("it is one of {choices}")),
    }
}

/// A message of our own types (`what; remedy`) or one that serde words freely.
fn free_text(key: &str, message: &str) -> Problem {
    let (what, remedy) = message.split_once("; ").unwrap_or((message, "`ropeway schema` says what each key takes"));
    Problem::invalid("bad-setting", format!("{key}: {what}")).remedy(remedy)
}

fn with_purpose(problem: Problem, keys: &Keys<'_>, key: Option<&str>) -> Problem {
    match key.and_then(|key| Some((key, purpose(keys.schema, key)?))) {
        Some((key, purpose)) => problem.remedy(format!("`{key}`: {purpose}")),
        None => problem.remedy("`ropeway schema` says what each key takes"),
    }
}

/// The last part of a path that is a key rather than the number of an element.
fn innermost(path: &[String]) -> Option<&str> {
    path.iter().rev().find(|part| part.parse::<usize>().is_err()).map(String::as_str)
}

/// The innermost key of the path, as a phrase: "`seed`", or "element 2 of `key`".
fn named(path: &[String], keys: &Keys<'_>) -> String {
    match path {
        [.., key, index] if index.parse::<usize>().is_ok() && path.len() > 2 => {
            let number = index.parse::<usize>().unwrap_or_default().saturating_add(1);
            format!("element {number} of `{key}`")
        }
        [_, .., key] if key.parse::<usize>().is_err() => format!("`{key}`"),
        _ => keys.title.to_owned(),
    }
}

/// The first sentence of the description of `key`, wherever in the schema it stands first.
fn purpose(schema: &Value, key: &str) -> Option<String> {
    let own = schema.pointer("/properties").and_then(|properties| properties.get(key));
    let elsewhere = || {
        schema.pointer("/$defs")?.as_object()?.values().find_map(|definition| definition.get("properties")?.get(key))
    };
    let text = own.or_else(elsewhere)?.get("description")?.as_str()?;
    let sentence = text.split("\n\n").next().unwrap_or(text).replace('\n', " ");
    let end = sentence.find(". ").map_or(sentence.len(), |end| end + 1);
    Some(sentence[..end].trim_end_matches('.').to_owned())
}

/// What stands between backticks, in order.
fn quoted(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

/// `invalid type: FOUND, expected EXPECTED`, and its like for values and lengths.
fn mismatch(message: &str) -> Option<(&str, &str)> {
    let rest = ["invalid type: ", "invalid value: ", "invalid length "]
        .iter()
        .find_map(|start| message.strip_prefix(start))?;
    rest.split_once(", expected ")
}

/// serde's words for types in plain ones.
fn plain(words: &str) -> String {
    let words = words.trim();
    if let Some(rest) = words.strip_prefix("string ") {
        return format!("the text {rest}");
    }
    for (kind, name) in
        [("integer `", "the whole number "), ("floating point `", "the number "), ("boolean `", "the truth value ")]
    {
        if let Some(rest) = words.strip_prefix(kind) {
            return format!("{name}{}", rest.trim_end_matches('`'));
        }
    }
    match words {
        "a string" | "string" | "str" | "a borrowed string" => "a text in quotes".into(),
        "a boolean" | "bool" => "true or false".into(),
        "a sequence" => "a list, for example [\"a\", \"b\"]".into(),
        "sequence" => "a list".into(),
        "map" => "a table with keys of its own".into(),
        "a map" => "a table with keys, for example { a = 1 }".into(),
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, zero or more".into(),
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number".into(),
        "f32" | "f64" => "a number".into(),
        words if words.starts_with("struct ") || words.starts_with("enum ") => "a table with keys".into(),
        words => words.to_owned(),
    }
}
