//! `number-as-text`: a column of text that holds numbers, with marks of currency, percent or thousands, or beside words.

use ropeway_vocab::ColumnType;

use super::sentinel::says_missing;
use super::{Code, Finding};
use crate::seen::Column;

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    if column.ty != ColumnType::Text || column.texts().is_empty() {
        return None;
    }
    let present: u64 = column.texts().iter().filter(|(text, _)| !says_missing(text)).map(|(_, rows)| rows).sum();
    let numbers = column.rows_of(|text| !is_code(text) && is_number(text));
    if present == 0 || numbers * 100 < present * 95 || column.rows_of(is_code) > 0 {
        return None;
    }
    // Where the others are digits with letters, all of them are codes.
    let lettered = |text: &str| !is_number(text) && text.contains(|c: char| c.is_ascii_digit());
    if column.texts().iter().any(|(text, _)| lettered(text)) {
        return None;
    }
    let marked = column.texts().iter().find(|(text, _)| is_number(text) && text.parse::<f64>().is_err());
    let how = marked.map_or_else(String::new, |(text, _)| format!(", for example `{}`", text.trim()));
    let evidence = format!("{numbers} of {present} texts are numbers{how}");
    let decision = "read as numbers: say `types` of the source, or cast it in the table's SQL";
    Some(Finding::new(Code::NumberAsText, &[column.name], (numbers, present), evidence).decide(decision))
}

/// Digits with a leading zero are a code.
pub(super) fn is_code(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is a number, signs of currency, percent and thousands aside.
fn is_number(text: &str) -> bool {
    let sign = |c: char| matches!(c, '$' | '€' | '£' | '¥' | '%' | '+') || c.is_whitespace();
    let mut bare = text.trim_matches(sign);
    for unit in ["EUR", "USD", "CHF", "GBP"] {
        bare = bare.strip_prefix(unit).or_else(|| bare.strip_suffix(unit)).unwrap_or(bare).trim_matches(sign);
    }
    bare.contains(|c: char| c.is_ascii_digit())
        && bare.len() <= 24
        && bare
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b'\'' | b' ' | b'e' | b'E'))
        && bare.rfind('-').is_none_or(|at| at == 0 || matches!(bare.as_bytes()[at - 1], b'e' | b'E'))
        && bare.replace(['\'', ' ', ','], "").matches('.').count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_codes_dates_and_words() {
        for text in ["1", "-2.5", "1,234.50", "$ 1'200", "12 %", "3,5", "1e-5", "EUR 5", "7 CHF"] {
            assert!(is_number(text), "{text}");
        }
        for text in ["", "a1", "2024-01-01", "192.168.0.1", "-", "555-1234", "C489449", "79323P", "USD"] {
            assert!(!is_number(text), "{text}");
        }
        assert!(is_code("00501") && !is_code("0") && !is_code("0.5"));
    }
}
