//! Keys that one file writes with leading zeros and the other without them: `00123` and `123` are one code, once the table of
//! the lookup brings them to one form.

use std::collections::HashSet;

use ropeway_survey::ColumnSurvey;
use ropeway_vocab::{ColumnType, Result};

use crate::init::decide::columns::ColumnChoice;
use crate::init::decide::lookup::Main;
use crate::init::decide::matched::{FOUND, ROWS, is_unique, named_alike, values};
use crate::init::look::Looked;
use crate::init::quoted::sql_name;

/// A column and a key that match by their digits.
pub(super) struct Padded<'a> {
    pub(super) found: u64,
    pub(super) of: u64,
    pub(super) column: &'a ColumnChoice,
    pub(super) key: String,
    /// The key in the form of the column, as SQL; none where the column itself has several forms.
    pub(super) form: Option<String>,
}

impl Padded<'_> {
    /// Why rows are not looked up by it, and what to do.
    pub(super) fn in_several_forms(&self) -> String {
        let Self { found, of, column, key, .. } = self;
        let share = 100.0 * *found as f64 / (*of).max(1) as f64;
        format!(
            "{share:.1}% of the rows would find their `{0}` in it by `{key}`, were it not for leading zeros, which `{0}` has in \
             several forms: bring both to one in the SQL of their tables, for example with lpad(CAST({1} AS VARCHAR), 8, '0')",
            column.name,
            sql_name(key)
        )
    }
}

/// The pair that most rows would match by.
pub(super) fn find<'a>(main: &'a Main<'_>, looked: &Looked, source: &str) -> Result<Option<Padded<'a>>> {
    let code = |ty: ColumnType| matches!(ty, ColumnType::Text | ColumnType::Integer);
    let mut best: Option<Padded<'a>> = None;
    for key in looked.survey.columns.iter().filter(|key| is_unique(key)) {
        let columns = main.columns.iter().filter(|column| column.name != main.label && code(column.ty));
        for column in columns.filter(|column| named_alike(column, key, source)) {
            if column.ty == ColumnType::Integer && key.ty == ColumnType::Integer {
                continue;
            }
            let Some(padded) = matched(main, looked, column, key)? else { continue };
            if best.as_ref().is_none_or(|best| padded.found > best.found) {
                best = Some(padded);
            }
        }
    }
    Ok(best)
}

fn matched<'a>(
    main: &Main<'_>,
    looked: &Looked,
    column: &'a ColumnChoice,
    key: &ColumnSurvey,
) -> Result<Option<Padded<'a>>> {
    let (mut keys, mut digits) = (HashSet::new(), true);
    values(main.root, &looked.settings, &[&key.name], u64::MAX, &mut |_, value| {
        // Where two keys are one without their zeros, the zeros tell them apart.
        digits &= bare(value).is_some_and(|bare| keys.insert(bare.to_owned()));
    })?;
    if !digits {
        return Ok(None);
    }
    let (mut found, mut of, mut width, mut one_width) = (0, 0, None, true);
    values(main.root, &main.looked.settings, &[&column.name], ROWS, &mut |_, value| {
        of += 1;
        if let Some(bare) = bare(value) {
            found += u64::from(keys.contains(bare));
            one_width &= *width.get_or_insert(value.len()) == value.len();
        }
    })?;
    if found == 0 || found * 100 < of * FOUND {
        return Ok(None);
    }
    let name = sql_name(&key.name);
    let form = match (column.ty, width.filter(|_| one_width)) {
        (ColumnType::Integer, _) => Some(format!("CAST({name} AS BIGINT)")),
        (_, Some(width)) => Some(format!("lpad(CAST({name} AS VARCHAR), {width}, '0')")),
        (_, None) => None,
    };
    Ok(Some(Padded { found, of, column, key: key.name.clone(), form }))
}

/// Digits without the zeros in front; none of another text.
fn bare(value: &str) -> Option<&str> {
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
