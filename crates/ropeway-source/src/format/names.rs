//! The names of a file's columns: which are refused, whatever its format, and what is said of those that are not there.

use std::collections::{BTreeMap, BTreeSet};

use ropeway_vocab::{Problem, Result, nearest};

use crate::notice::Noticed;
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
#[must_use]
pub fn told_apart(names: Vec<String>) -> Vec<String> {
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

/// Columns that a file calls by one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The name.
    pub header: String,
    /// The columns of this name: their numbers, from 1, and as what each is read.
    pub columns: Vec<(usize, String)>,
}

impl Repeated {
    /// As what its columns are read.
    pub(crate) fn names(&self) -> Vec<String> {
        self.columns.iter().map(|(_, name)| name.clone()).collect()
    }
}

/// The names that stand twice in a header, and what their columns are read as.
pub(crate) fn repeated(header: &[String], names: &[String]) -> Vec<Repeated> {
    let mut all: BTreeMap<&str, Vec<(usize, String)>> = BTreeMap::new();
    for ((name, read), number) in header.iter().zip(names).zip(1..) {
        all.entry(name).or_default().push((number, read.clone()));
    }
    let several = all.into_iter().filter(|(_, columns)| columns.len() > 1);
    several.map(|(header, columns)| Repeated { header: header.to_owned(), columns }).collect()
}

/// What is to be known where columns are not called as the header says, because another has the name: `a` is read as `a_2`.
pub(crate) fn renamed(repeated: &[Repeated], file: &str, line: Option<u64>) -> Option<Noticed> {
    let mut all: Vec<(usize, String)> = Vec::new();
    for Repeated { header, columns } in repeated {
        let told = |(number, name): &(usize, String)| format!("column {number} `{header}` is read as `{name}`");
        all.extend(columns.iter().skip(1).map(|column| (column.0, told(column))));
    }
    all.sort_unstable();
    let remedy = "rename them in the file, if one of the two names is meant otherwise";
    (!all.is_empty()).then(|| {
        let what =
            format!("names stand twice in the header: {}", listed(all.into_iter().map(|(_, told)| told), LISTED));
        Noticed::new("repeated-column", what, remedy).at(file, line)
    })
}

/// Refuses names that hold control characters, or are reserved.
pub(crate) fn check_names(names: &[String]) -> Result<()> {
    for (index, name) in names.iter().enumerate() {
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
            assert_eq!(renamed(&repeated(&header, &names), "x.csv", None).is_some(), header != names);
        };
        check(&["a", "b"], &["a", "b"]);
        check(&["a", "A"], &["a", "A"]);
        check(&["a", "b", "a", "a"], &["a", "b", "a_2", "a_3"]);
        check(&["a", "a", "a_2"], &["a", "a_3", "a_2"]);
        check(&["a_2", "a", "a", "a", "a_2"], &["a_2", "a", "a_3", "a_4", "a_2_2"]);
    }
}
