//! Which column of the table holds the values by which rows of another file are told apart.

use std::collections::HashSet;
use std::path::Path;

use arrow::array::{ArrayRef, AsArray};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use ropeway_source::SourceSettings;
use ropeway_survey::ColumnSurvey;
use ropeway_vocab::{ColumnType, Problem, Result};

use crate::init::decide::columns::ColumnChoice;
use crate::init::decide::lookup::Main;
use crate::init::look::Looked;

/// Rows of the table to learn from that are held against the others.
pub(super) const ROWS: u64 = 500_000;
/// So many of a hundred rows have to find one.
pub(super) const FOUND: u64 = 50;
/// So many where the columns are not called alike.
const FOUND_BY_VALUES: u64 = 80;

/// A column of the table and one of the file whose values match in so many of so many rows, most of all.
type Pair<'a> = (u64, u64, &'a ColumnChoice, &'a ColumnSurvey);

pub(super) fn best_pair<'a>(
    main: &Main<'a>,
    looked: &Looked,
    source: &str,
    unique: &[&'a ColumnSurvey],
) -> Result<Option<Pair<'a>>> {
    let mut pairs: Vec<(&'a ColumnChoice, &'a ColumnSurvey)> = Vec::new();
    for key in unique.iter().copied() {
        let columns = main.columns.iter().filter(|column| column.name != main.label && column.ty == key.ty);
        let may = |column: &&ColumnChoice| named_alike(column, key, source) || column.ty == ColumnType::Text;
        pairs.extend(columns.filter(may).map(|column| (column, key)));
    }
    let mut best: Option<Pair<'a>> = None;
    for ((column, key), (found, of)) in pairs.iter().zip(matching(main, &looked.settings, &pairs)?) {
        let least = if named_alike(column, key, source) { FOUND } else { FOUND_BY_VALUES };
        let better = best.as_ref().is_none_or(|(most, ..)| found > *most);
        if found * 100 >= of * least && found > 0 && better {
            best = Some((found, of, column, key));
        }
    }
    Ok(best)
}

pub(super) fn is_unique(column: &ColumnSurvey) -> bool {
    let ty = matches!(column.ty, ColumnType::Integer | ColumnType::Text);
    ty && column.rows > 1 && column.missing == 0 && column.distinct_exact && column.distinct == column.rows
}

/// Whether two columns are called alike: `product_id` and `product_id`, or `id` in a file of products.
pub(super) fn named_alike(column: &ColumnChoice, key: &ColumnSurvey, source: &str) -> bool {
    let plain =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let (column, key, file) = (plain(&column.name), plain(&key.name), plain(source));
    let one = file.strip_suffix('s').unwrap_or(&file);
    let ies = file.strip_suffix("ies").map(|stem| format!("{stem}y"));
    column == key
        || [Some(file.as_str()), Some(one), ies.as_deref()].into_iter().flatten().any(|of| {
            column == format!("{of}{key}") || column == of && ["id", "key", "code", "name"].contains(&key.as_str())
        })
}

/// Of each pair of a column and a key, how many rows with a value find it, and how many there are.
fn matching(
    main: &Main<'_>,
    other: &SourceSettings,
    pairs: &[(&ColumnChoice, &ColumnSurvey)],
) -> Result<Vec<(u64, u64)>> {
    let mut keys: Vec<HashSet<String>> = vec![HashSet::new(); pairs.len()];
    let mut counts = vec![(0, 0); pairs.len()];
    if pairs.is_empty() {
        return Ok(counts);
    }
    let own: Vec<&str> = pairs.iter().map(|(_, key)| key.name.as_str()).collect();
    let mut twice = vec![false; pairs.len()];
    values(main.root, other, &own, u64::MAX, &mut |pair, value| {
        let spelling = main.spelling(pairs[pair].0).unwrap_or_default();
        twice[pair] |= !keys[pair].insert(spelling.read(value).into_owned());
    })?;
    let own: Vec<&str> = pairs.iter().map(|(column, _)| column.name.as_str()).collect();
    values(main.root, &main.looked.settings, &own, ROWS, &mut |pair, value| {
        let (found, of) = &mut counts[pair];
        *of += 1;
        // Where spellings of one key are one, it no longer tells rows apart.
        *found += u64::from(keys[pair].contains(value) && !twice[pair]);
    })?;
    Ok(counts)
}

/// Gives each value of these columns away with the place of its column among them, of about so many rows.
pub(super) fn values(
    root: &Path,
    settings: &SourceSettings,
    names: &[&str],
    rows: u64,
    take: &mut dyn FnMut(usize, &str),
) -> Result<()> {
    let mut passed = 0;
    ropeway_source::scan("data", settings, root, &mut |columns, batch| {
        passed += batch.num_rows() as u64;
        for (at, name) in names.iter().enumerate() {
            if let Some(column) = columns.iter().position(|column| column.name == *name) {
                texts(batch.column(column), &mut |value| take(at, value))?;
            }
        }
        Ok(passed < rows)
    })?;
    Ok(())
}

fn texts(array: &ArrayRef, take: &mut dyn FnMut(&str)) -> Result<()> {
    if let Some(texts) = array.as_string_opt::<i32>() {
        texts.iter().flatten().for_each(take);
        return Ok(());
    }
    let options = FormatOptions::default();
    let shown = ArrayFormatter::try_new(array, &options).map_err(|error| Problem::internal(error.to_string()))?;
    (0..array.len()).filter(|row| array.is_valid(*row)).for_each(|row| take(&shown.value(row).to_string()));
    Ok(())
}
