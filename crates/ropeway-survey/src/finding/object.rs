//! `object`: a column whose cells are objects of JSON, as lines of nested objects have them.

use ropeway_vocab::ColumnType;

use super::{Code, Finding};
use crate::seen::Column;

/// The share of rows that have to be objects.
const NEARLY_ALL: f64 = 0.9;

/// What becomes of a column of which most rows have an object of their own.
const ALL_DIFFER: &str = "left out, since most rows have a text of their own: make columns of its parts in the file, or by \
                          `regexp_replace` in the table's SQL";

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    if column.ty != ColumnType::Text || column.present() == 0 || column.share_of(is_object) < NEARLY_ALL {
        return None;
    }
    let rows = column.rows_of(is_object);
    let evidence = format!("{rows} rows hold an object, such as `{}`", example(column));
    let stays = "stays as one text: make columns of its parts in the file, or by `regexp_replace` in the table's SQL";
    let decision = if column.distinct * 2 > column.present() { ALL_DIFFER } else { stays };
    Some(Finding::new(Code::Object, &[column.name], (rows, column.rows), evidence).decide(decision))
}

/// Whether a text is an object with a key.
pub(super) fn is_object(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("{\"") && text.ends_with('}') && text.contains("\":")
}

fn example(column: &Column<'_>) -> String {
    let text = column.texts().first().map_or("", |(text, _)| *text);
    let cut = if text.chars().nth(60).is_some() { "…" } else { "" };
    format!("{}{cut}", text.chars().take(60).collect::<String>())
}

#[cfg(test)]
mod tests {
    use crate::finding::surveyed::survey;
    use crate::{Code, Survey};

    fn codes(survey: &Survey, name: &str) -> Vec<Code> {
        survey
            .findings
            .iter()
            .filter(|found| found.columns.iter().any(|own| own == name))
            .map(|found| found.code)
            .collect()
    }

    #[test]
    fn an_object_is_no_key_and_no_identifier_though_all_differ() {
        let table = |of: fn(usize) -> String| {
            let rows: Vec<String> = (0..200).map(|row| format!("{},{}", of(row), row % 7)).collect();
            survey(&format!("st,y\n{}\n", rows.join("\n")), None)
        };
        let objects = table(|row| format!("\"{{\"\"a\"\":{}.5}}\"", row * 37 % 150));
        assert_eq!(codes(&objects, "st"), [Code::Object]);
        let unique = table(|row| format!("\"{{\"\"a\"\":{row}.5}}\""));
        assert_eq!(codes(&unique, "st"), [Code::Object]);
        assert!(unique.findings.iter().any(|found| found.decision.starts_with("left out")), "{:?}", unique.findings);
        // Control.
        assert_eq!(codes(&table(|row| format!("A{row}")), "st"), [Code::Key]);
    }
}
