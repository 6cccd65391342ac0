//! Findings that rows of different content have one key: in the files, where all of them are kept, which is rarely what was
//! meant; and between files and posts, where the files count.

use ropeway_project::Project;
use ropeway_table::SharedKeys;
use serde_json::Value;

use crate::data::Shared;
use crate::report::{FindingKeys, FindingPlace, FindingReport};

pub(crate) fn of_keys(project: &Project, source: &str, shared: &Shared) -> FindingReport {
    let Shared { keys: SharedKeys { keys, rows, first, differ }, of } = shared;
    let names: Vec<&str> = first.keys().map(String::as_str).collect();
    let value = |(name, value): (&String, &Value)| match value {
        Value::Null => format!("{name} missing"),
        Value::String(text) => format!("{name}={text}"),
        other => format!("{name}={other}"),
    };
    let values: Vec<String> = first.iter().map(value).collect();
    let (noun, have) = if *keys == 1 { ("key", "has") } else { ("keys", "have") };
    let message = format!(
        "{keys} {noun} of source `{source}` ({}) {have} {rows} rows of different content, and all of them are kept; rows \
         of the first ({}) differ in {}",
        names.join(", "),
        values.join(", "),
        differ.join(", ")
    );
    let place = project.place(&["source", source, "key"]);
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    FindingReport {
        code: "key-conflict".to_string(),
        message,
        table: Some(source.to_string()),
        place: Some(FindingPlace { file: place.file, line: place.line }),
        keys: Some(FindingKeys { shared: *keys, rows: *rows, of: *of }),
        remedy: format!(
            "add a [[check]] of table \"{source}\" with unique = [{}] and otherwise = \"stop\", or \"reject\" to keep one \
             row of each; or name in `key` the columns that tell its rows apart",
            quoted.join(", ")
        ),
        ..FindingReport::default()
    }
}

/// The finding that rows which a server acknowledged stand in the files with other content, under the same key.
pub(crate) fn of_posts(project: &Project, source: &str, rows: u64) -> FindingReport {
    let place = project.place(&["source", source, "path"]);
    let posted = if rows == 1 { "1 posted row".to_string() } else { format!("{rows} posted rows") };
    FindingReport {
        code: "posts-superseded".to_string(),
        message: format!(
            "{posted} of source `{source}` stand under the same key in its files with other content: the files' rows count"
        ),
        table: Some(source.to_string()),
        place: Some(FindingPlace { file: place.file, line: place.line }),
        remedy: "if what was posted is right, take those rows out of the files; nothing that was posted is lost"
            .to_string(),
        ..FindingReport::default()
    }
}
