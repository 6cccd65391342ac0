//! The names of a file's columns: which are refused, whatever its format, and what is said of those that are not there.

use std::collections::{BTreeMap, BTreeSet};

use ropeway_vocab::{Problem, Result, nearest};

use crate::said::listed;

/// Names that a message lists; of more it says how many.
const LISTED: usize = 30;

/// The problem that a file with columns of these names has none of those. One that is `wanted` is no other misspelled.
pub(crate) fn lacking(names: &[String], missing: &[&str], wanted: &[&str]) -> Problem {
    let what = match missing {
        [column] => format!("the column `{column}` is not there"),
        _ => format!("the columns {} are not there", listed(missing.iter().map(|name| format!("`{name}`")), LISTED)),
    };
    let mut left: Vec<&str> = names.iter().map(String::as_str).filter(|name| !wanted.contains(name)).collect();
    let mut renames = Vec::new();
    for column in missing {
        if let Some(near) = nearest(column, left.iter().copied()) {
            renames.push(format!("rename `{near}` to `{column}`"));
            left.retain(|name| *name != near);
        }
    }
    let has = format!("the columns of the file are: {}", listed(names.iter().cloned(), LISTED));
    Problem::invalid("missing-column", what).remedy(match renames.as_slice() {
        [] => format!("add {}; {has}", if missing.len() == 1 { "it" } else { "them" }),
        _ => format!("{}, if that is meant, or add what is missing; {has}", listed(renames.into_iter(), LISTED)),
    })
}

/// The name that the cell of a header gives its column, counted from 1: in a sheet it often stands on several lines, which
/// are one name. A tab stays, since it tells of another delimiter.
pub(crate) fn header_name(cell: &str, number: usize) -> String {
    let words: Vec<&str> =
        cell.trim().split(|c: char| c.is_whitespace() && c != '\t').filter(|word| !word.is_empty()).collect();
    if words.is_empty() { format!("column_{number}") } else { words.join(" ") }
}

/// The names of a header in which some stand twice: the second `a` is `a_2`, unless another column has that name. Names that
/// differ by case are two.
pub(crate) fn told_apart(names: Vec<String>) -> Vec<String> {
    let mut taken: BTreeSet<String> = names.iter().cloned().collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let tell = |name: String| {
        let count = seen.entry(name.clone()).or_insert(0);
        *count += 1;
        if *count == 1 {
            return name;
        }
        let mut number = *count;
        while !taken.insert(format!("{name}_{number}")) {
            number += 1;
        }
        *count = number;
        format!("{name}_{number}")
    };
    names.into_iter().map(tell).collect()
}

/// The columns that are not called as the header says, because another has the name: `a` is read as `a_2`.
pub(crate) fn renamed(header: &[String], names: &[String]) -> Option<String> {
    let other = header.iter().zip(names).enumerate().filter(|(_, (header, name))| header != name);
    let all: Vec<String> =
        other.map(|(at, (header, name))| format!("column {} `{header}` is read as `{name}`", at + 1)).collect();
    (!all.is_empty()).then(|| format!("names stand twice in the header: {}", listed(all.into_iter(), LISTED)))
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_stand_twice_get_a_number_that_is_free() {
        let check = |header: &[&str], want: &[&str]| {
            let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
            let names = told_apart(header.clone());
            assert_eq!(names, want);
            check_names(&names).unwrap();
            assert_eq!(renamed(&header, &names).is_some(), header != names);
        };
        check(&["a", "b"], &["a", "b"]);
        check(&["a", "A"], &["a", "A"]);
        check(&["a", "b", "a", "a"], &["a", "b", "a_2", "a_3"]);
        check(&["a", "a", "a_2"], &["a", "a_3", "a_2"]);
        check(&["a_2", "a", "a", "a", "a_2"], &["a_2", "a", "a_3", "a_4", "a_2_2"]);
    }
}
