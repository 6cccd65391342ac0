//! The names of a file's columns: which are refused, whatever its format.

use std::collections::BTreeMap;

use ropeway_vocab::{Problem, Result};

/// Refuses names that stand twice, hold control characters, or are reserved.
pub(crate) fn check_names(names: &[String]) -> Result<()> {
    let mut positions: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, name) in names.iter().enumerate() {
        if let Some(first) = positions.insert(name, index) {
            return Err(Problem::invalid(
                "duplicate-column",
                format!("columns {} and {} have the same name `{name}`", first + 1, index + 1),
            )
            .remedy("rename one of them in the file"));
        }
        if name.starts_with("__") {
            return Err(Problem::invalid("reserved-name", format!("column {} is named `{name}`", index + 1))
                .remedy("names that begin with two underscores are Ropeway's own: rename the column"));
        }
        if name.chars().any(char::is_control) {
            return Err(Problem::invalid(
                "column-name",
                format!("the name of column {} holds a control character: `{}`", index + 1, name.escape_debug()),
            )
            .remedy(if name.contains('\t') {
                "if tabs stand between the columns, say `delimiter = \"tab\"` at the source"
            } else {
                "is this a text file with a header? If it has no header, say `header = false` at the source"
            }));
        }
    }
    Ok(())
}
