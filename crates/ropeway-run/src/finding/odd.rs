//! The finding that a column is text only because a few of its values are not what nearly all others are.

use ropeway_project::toml_key;
use ropeway_source::{OddValue, TextByException, says_missing};
use ropeway_vocab::ColumnType;

use crate::report::{FindingPlace, FindingReport};

pub(crate) fn of_text(source: &str, exception: &TextByException) -> FindingReport {
    let TextByException { column, ty, fit, of, odd } = exception;
    let all = match ty {
        ColumnType::Date => "dates",
        ColumnType::Timestamp => "times",
        _ => "numbers",
    };
    let each: Vec<String> = odd.iter().map(shown).collect();
    let different = if of - fit > odd.iter().map(|odd| odd.rows).sum() { ", and others" } else { "" };
    let first = odd.first();
    let missing: Vec<String> =
        odd.iter().filter(|odd| says_missing(&odd.value)).map(|odd| format!("\"{}\"", odd.value)).collect();
    let spelled = if missing.is_empty() {
        String::new()
    } else {
        format!(
            "if {} stands for a missing value, add it to `null` of the source (null = [\"\", {}]); ",
            missing.join(" or "),
            missing.join(", ")
        )
    };
    FindingReport {
        code: "text-by-exception".to_string(),
        message: format!(
            "the column `{column}` of source `{source}` is text, though {fit} of the {of} values that its type is \
             inferred from are {all}: not {}{different}",
            each.join(", ")
        ),
        table: Some(source.to_string()),
        column: Some(format!("{source}.{column}")),
        place: first.map(|odd| FindingPlace { file: odd.file.clone(), line: Some(odd.line) }),
        remedy: format!(
            "{spelled}say `types.{0} = \"{ty}\"` at the source, and rows with other values are quarantined; \
             `types.{0} = \"text\"` keeps it text without this finding",
            toml_key(column)
        ),
        ..FindingReport::default()
    }
}

/// A value with its place and its number.
fn shown(odd: &OddValue) -> String {
    let OddValue { value, file, line, rows } = odd;
    let value: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if *rows == 1 {
        format!("`{value}` ({file}:{line})")
    } else {
        format!("`{value}` ({rows} times, first {file}:{line})")
    }
}
