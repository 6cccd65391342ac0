//! Keys that one file writes with leading zeros and the other without them: `00123` and `123` are one code, once the table of
//! the lookup brings them to one form.

use ropeway_vocab::ColumnType;

use crate::init::decide::matched::{Form, Match};
use crate::init::quoted::sql_name;

/// How wide the digits of a column are.
#[derive(Debug, Default)]
pub(super) struct Widths {
    first: Option<usize>,
    others: bool,
}

impl Widths {
    pub(super) fn add(&mut self, value: &str) {
        self.others |= *self.first.get_or_insert(value.len()) != value.len();
    }
}

/// The key in the form of a column of that type and of these widths.
pub(super) fn form(column: ColumnType, key: &str, widths: &Widths) -> Form {
    let name = sql_name(key);
    match (column, widths.first.filter(|_| !widths.others)) {
        (ColumnType::Integer, _) => Form::Sql(format!("CAST({name} AS BIGINT)")),
        (_, Some(width)) => Form::Sql(format!("lpad(CAST({name} AS VARCHAR), {width}, '0')")),
        (_, None) => Form::Several,
    }
}

/// Why rows are not looked up by a column that has several forms, and what to do.
pub(super) fn in_several_forms(matched: &Match<'_>) -> String {
    let Match { found, of, columns, key, .. } = matched;
    let share = 100.0 * *found as f64 / (*of).max(1) as f64;
    let column = columns.first().map_or("", |column| column.name.as_str());
    let key = key.first().map_or("", String::as_str);
    format!(
        "{share:.1}% of the rows would find their `{column}` in it by `{key}`, were it not for leading zeros, which `{column}` has in \
         several forms: bring both to one in the SQL of their tables, for example with lpad(CAST({} AS VARCHAR), 8, '0')",
        sql_name(key)
    )
}

/// Digits without the zeros in front; none of another text.
pub(super) fn bare(value: &str) -> Option<&str> {
    let digits = !value.is_empty() && value.len() <= 18 && value.bytes().all(|byte| byte.is_ascii_digit());
    let bare = value.trim_start_matches('0');
    digits.then_some(if bare.is_empty() { "0" } else { bare })
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn codes_are_one_without_their_zeros() {
        let check = |value: &str, want: Option<&str>| assert_eq!(bare(value), want, "{value}");
        check("00123", Some("123"));
        check("123", Some("123"));
        check("000", Some("0"));
        check("A12", None);
        check("", None);
    }
}
