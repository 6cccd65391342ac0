//! Which sheet of a workbook is read, and what becomes of the others.

use std::collections::BTreeSet;
use std::path::Path;

use ropeway_vocab::{Result, name_words};

use super::shape::quoted;
use super::{Decision, Hint};
use crate::file::found::SourceFile;
use crate::file::sheets::{SheetLook, named};
use crate::file::workbook;
use crate::format::names::{header_name, told_apart};
use crate::said::{listed, plural};
use crate::settings::{Format, Sheets, SourceSettings};

/// Sheets that are named.
const NAMED: usize = 6;

/// Names the sheet where there are several, with what the others hold; or all that have the same columns, where `several` may be read.
pub(super) fn choose(
    file: &SourceFile,
    (others, several): (&[SourceFile], bool),
    hint: &Hint<'_>,
    settings: &mut SourceSettings,
    decisions: &mut Vec<Decision>,
) -> Result<()> {
    let looks = workbook::sheets(file)?;
    let names: Vec<String> = looks.iter().map(|look| look.name.clone()).collect();
    let asked = hint.sheet.map(|sheet| named(&names, file, sheet)).transpose()?;
    if looks.iter().filter(|look| look.rows > 0).count() < 2 && asked.is_none() {
        return Ok(());
    }
    let chosen = match &asked {
        Some(name) => looks.iter().find(|look| look.name == *name),
        None => best(&looks, hint.label),
    };
    // Where none is a table, the first with rows is read.
    let Some(chosen) = chosen else { return Ok(()) };
    // Each of several workbooks may call its sheet otherwise: then it is the first that holds a table.
    for other in others.iter().filter(|_| asked.is_none()) {
        if !workbook::sheet_names(other)?.contains(&chosen.name) {
            return Ok(());
        }
    }
    let others: Vec<&SheetLook> = looks.iter().filter(|look| look.name != chosen.name && look.rows > 0).collect();
    let (equal, unlike): (Vec<&SheetLook>, Vec<&SheetLook>) =
        others.iter().partition(|look| chosen.is_table() && look.is_table() && columns(look) == columns(chosen));
    let mut why = match &asked {
        Some(_) => "it was asked for".to_owned(),
        None => why(chosen, &others, hint.label),
    };
    if !unlike.is_empty() {
        why += &format!("; not read: {}", listed(unlike.iter().map(|look| called(look)), NAMED));
    }
    let of = looks.len() as u64;
    // What is shown beside it in the same form is the rest of the table: a sheet a month, a sheet a branch.
    let (rest, mut left): (Vec<&SheetLook>, Vec<&SheetLook>) =
        equal.into_iter().partition(|look| several && asked.is_none() && !chosen.hidden && belongs(look));
    if rest.is_empty() || !belongs(chosen) {
        left.extend(rest);
        settings.sheet = Some(Sheets::One(chosen.name.clone()));
        decisions.push(Decision::file("sheet", quoted(&chosen.name), why, 1, of).aloud());
    } else {
        let all = |look: &&SheetLook| look.name == chosen.name || rest.iter().any(|own| own.name == look.name);
        let all: Vec<&SheetLook> = looks.iter().filter(all).collect();
        let names: Vec<String> = all.iter().map(|look| look.name.clone()).collect();
        let value = format!("[{}]", names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", "));
        let rows = plural(all.iter().map(|look| look.table as u64 - 1).sum(), "row");
        let why = format!(
            "these sheets have the same columns, {rows} in all, and are read as one table: take out what does not belong to it; of \
             `{}`: {why}",
            chosen.name
        );
        decisions.push(Decision::file("sheet", value, why, names.len() as u64, of).aloud());
        settings.sheet = Some(Sheets::Several(names));
    }
    if !left.is_empty() {
        decisions.push(left_out(&left, chosen, of));
    }
    Ok(())
}

/// Whether a sheet is shown, and is not called as those are that others took the place of.
fn belongs(look: &SheetLook) -> bool {
    const BEFORE: [&str; 16] = [
        "old",
        "copy",
        "backup",
        "archive",
        "archived",
        "draft",
        "template",
        "previous",
        "test",
        "alt",
        "kopie",
        "sicherung",
        "archiv",
        "entwurf",
        "vorlage",
        "copia",
    ];
    !look.hidden && name_words(&look.name).iter().all(|word| !BEFORE.contains(&word.as_str()))
}

fn left_out(left: &[&SheetLook], chosen: &SheetLook, of: u64) -> Decision {
    let rows: usize = left.iter().map(|look| look.table - 1).sum();
    let why = format!(
        "LEFT OUT, though they have the same columns: {}, {} in all. To read them too, list them (`sheet = [{}, {}]`)",
        listed(left.iter().map(|look| format!("`{}`", look.name)), NAMED),
        plural(rows as u64, "row"),
        quoted(&chosen.name),
        left.iter().map(|look| quoted(&look.name)).collect::<Vec<_>>().join(", ")
    );
    Decision::file("", String::new(), why, left.len() as u64, of).aloud()
}

fn called(look: &SheetLook) -> String {
    format!("`{}` ({})", look.name, extent(look))
}

/// Why that sheet is chosen, and no other.
fn why(chosen: &SheetLook, others: &[&SheetLook], label: Option<&str>) -> String {
    let label = label.filter(|label| has(chosen, label));
    let with = label.map_or_else(String::new, |label| format!(" with a column `{label}`"));
    let rival = |look: &&&SheetLook| look.is_table() && label.is_none_or(|label| has(look, label));
    let rivals: Vec<&&SheetLook> = others.iter().filter(rival).collect();
    let larger_hidden = rivals.iter().any(|look| look.hidden && !chosen.hidden && look.cells() > chosen.cells());
    let what = match (rivals.is_empty(), label) {
        (true, Some(_)) => format!("the only sheet{with}"),
        (true, None) => "the only sheet with a table".to_owned(),
        (false, _) if larger_hidden => format!("the largest table{with} that is shown"),
        (false, _) => format!("the largest table{with}"),
    };
    format!("it is {what}, {}", extent(chosen))
}

/// The table with the most cells: of those with the label, where there are such, and of those that are shown.
fn best<'a>(looks: &'a [SheetLook], label: Option<&str>) -> Option<&'a SheetLook> {
    let tables: Vec<&SheetLook> = looks.iter().filter(|look| look.is_table()).collect();
    let labelled: Vec<&SheetLook> =
        tables.iter().copied().filter(|look| label.is_some_and(|label| has(look, label))).collect();
    largest(if labelled.is_empty() { &tables } else { &labelled })
}

/// The one with the most cells, of those that are shown where there are such: of equals the first.
fn largest<'a>(looks: &[&'a SheetLook]) -> Option<&'a SheetLook> {
    let of = |hidden: bool| looks.iter().rev().filter(|look| look.hidden == hidden).max_by_key(|look| look.cells());
    of(false).or_else(|| of(true)).copied()
}

/// A sheet that holds columns of certain names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetFound {
    /// Its name.
    pub name: String,
    /// The others that hold as many of these columns, with their extent; nothing where there are none.
    pub others: Option<String>,
}

/// The sheet of the workbook `path` that holds most of the columns `names`: of equals one that is `preferred`, else the largest
/// that is shown, as a proposal chooses. None where no sheet has any of them, and of other files.
///
/// # Errors
/// A workbook that cannot be read.
pub fn sheet_with(path: &Path, names: &[&str], preferred: &[&str]) -> Result<Option<SheetFound>> {
    let file = SourceFile::at(path, None);
    if Format::of_name(&file.name) != Some(Format::Xlsx) {
        return Ok(None);
    }
    let looks = workbook::sheets(&file)?;
    let most = looks.iter().map(|look| columns_of(names, &look.top)).max().filter(|most| *most > 0);
    let equal = |rows: fn(&SheetLook) -> &[Vec<String>]| -> Vec<&SheetLook> {
        looks.iter().filter(|look| Some(columns_of(names, rows(look))) == most).collect()
    };
    // Where they are the header: a legend may have them somewhere else.
    let headed = equal(|look| std::slice::from_ref(&look.header));
    let equal = if headed.is_empty() { equal(|look| &look.top) } else { headed };
    let usual = preferred.iter().find_map(|name| equal.iter().copied().find(|look| look.name == *name));
    let Some(chosen) = usual.or_else(|| largest(&equal)) else { return Ok(None) };
    let others: Vec<&SheetLook> = equal.into_iter().filter(|look| look.name != chosen.name && !look.hidden).collect();
    let others = (!others.is_empty()).then(|| listed(others.iter().copied().map(called), NAMED));
    Ok(Some(SheetFound { name: chosen.name.clone(), others }))
}

fn has(look: &SheetLook, label: &str) -> bool {
    look.top.iter().filter(|row| row.len() > 1).flatten().any(|cell| header_name(cell, 0) == label)
}

/// How many of the names stand together in one of these rows: a legend has each in a row of its own.
fn columns_of(names: &[&str], rows: &[Vec<String>]) -> usize {
    let header = |row: &Vec<String>| -> BTreeSet<String> {
        told_apart(row.iter().zip(1..).map(|(cell, number)| header_name(cell, number)).collect()).into_iter().collect()
    };
    let of = |header: BTreeSet<String>| names.iter().filter(|name| header.contains(**name)).count();
    rows.iter().map(|row| of(header(row))).max().unwrap_or(0)
}

fn columns(look: &SheetLook) -> Vec<String> {
    look.header.iter().zip(1..).map(|(cell, number)| header_name(cell, number)).collect()
}

fn extent(look: &SheetLook) -> String {
    let hidden = if look.hidden { "hidden, " } else { "" };
    if look.is_table() {
        return format!("{hidden}{} of {}", plural(look.table as u64 - 1, "row"), plural(look.width as u64, "column"));
    }
    format!("{hidden}{}, no table", plural(look.rows as u64, "row"))
}
