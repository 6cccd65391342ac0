//! By which columns the rows of the table find theirs in another file.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::path::Path;

use arrow::array::{Array, ArrayRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use ropeway_source::SourceSettings;
use ropeway_survey::ColumnSurvey;
use ropeway_vocab::{ColumnType, Problem, Result};

use crate::init::decide::columns::{ColumnChoice, Use};
use crate::init::decide::lookup::Main;
use crate::init::decide::zeros::{Widths, bare, form};
use crate::init::look::Looked;

/// Rows of the table to learn from that are held against the others.
const ROWS: u64 = 500_000;
/// So many of a hundred rows have to find one.
const FOUND: u64 = 50;
/// So many where the columns are not called alike.
const FOUND_BY_VALUES: u64 = 80;
/// Told and never taken: codes match by their digits, and small numbers by chance, where nothing in their names says that they mean the same.
const TOLD: u64 = u64::MAX;
/// Columns of one name in both files that may make a key together, and the most that do.
const SHARED: usize = 6;
const TOGETHER: usize = 3;

/// How the values of a column and a key are held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Value,
    /// Without the zeros in front.
    Digits,
}

/// Columns of the table, and those of the file that may hold the same.
struct Pair<'a> {
    columns: Vec<&'a ColumnChoice>,
    key: Vec<&'a ColumnSurvey>,
    by: By,
    /// So many of a hundred rows have to find one.
    least: u64,
}

/// The key in the form of the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Same,
    /// As SQL.
    Sql(String),
    /// The column has several forms itself.
    Several,
}

/// What rows are found by.
pub(super) struct Match<'a> {
    /// Rows that find one.
    pub(super) found: u64,
    /// Of so many.
    pub(super) of: u64,
    pub(super) columns: Vec<&'a ColumnChoice>,
    pub(super) key: Vec<String>,
    pub(super) form: Form,
}

/// A column by which too few rows find one.
pub(super) struct Near<'a> {
    pub(super) column: &'a ColumnChoice,
    pub(super) key: &'a ColumnSurvey,
    pub(super) found: u64,
    pub(super) of: u64,
    /// So many of a hundred rows have to.
    pub(super) least: u64,
    /// Whether what is compared does not tell the rows of the file apart.
    pub(super) twice: bool,
}

impl Near<'_> {
    /// Whether columns may be held to mean the same; else it is told alone.
    pub(super) const fn named(&self) -> bool {
        self.least != TOLD
    }
}

/// What most rows find one by, or that by which some do.
pub(super) type Found<'a> = std::result::Result<Match<'a>, Option<Near<'a>>>;

/// What most rows find one by: a column whose values are a key of the file, else one that is where zeros in front are none, else
/// columns that are called alike and make a key together.
pub(super) fn best<'a>(main: &Main<'a>, looked: &'a Looked, source: &str) -> Result<Found<'a>> {
    let near = match best_of(main, &looked.settings, singles(main, looked, source))? {
        Ok(found) => return Ok(Ok(found)),
        Err(near) => near,
    };
    let several = best_of(main, &looked.settings, together(main, looked))?;
    Ok(several.map_err(|_| near))
}

fn is_unique(column: &ColumnSurvey) -> bool {
    may_be_key(column) && column.rows > 1 && column.distinct_exact && column.distinct == column.rows
}

fn may_be_key(column: &ColumnSurvey) -> bool {
    matches!(column.ty, ColumnType::Integer | ColumnType::Text) && column.missing == 0
}

/// Whether a column has about as many values as there are keys: numbers of a few things find any list.
fn many(column: &ColumnChoice, key: &ColumnSurvey) -> bool {
    column.used != Use::Key && column.distinct * 2 >= key.distinct
}

fn singles<'a>(main: &Main<'a>, looked: &'a Looked, source: &str) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    for key in looked.survey.columns.iter().filter(|column| is_unique(column)) {
        for column in main.columns.iter().filter(|column| column.name != main.label) {
            let alike = named_alike(column, key, source);
            let pair = |by, least| Pair { columns: vec![column], key: vec![key], by, least };
            if column.ty == key.ty && (alike || column.ty == ColumnType::Text) {
                pairs.push(pair(By::Value, if alike { FOUND } else { FOUND_BY_VALUES }));
            }
            let codes = [column.ty, key.ty].iter().all(|ty| matches!(ty, ColumnType::Text | ColumnType::Integer));
            if alike && codes && (column.ty, key.ty) != (ColumnType::Integer, ColumnType::Integer) {
                pairs.push(pair(By::Digits, FOUND));
            }
            if !alike && codes && (column.ty, key.ty) != (ColumnType::Text, ColumnType::Text) && many(column, key) {
                let by = if column.ty == key.ty { By::Value } else { By::Digits };
                pairs.push(pair(by, TOLD));
            }
        }
    }
    pairs
}

/// Every two and three columns of one name in both. A day is none of them: what a file holds of one is known when it is over.
fn together<'a>(main: &Main<'a>, looked: &'a Looked) -> Vec<Pair<'a>> {
    let of = |key: &'a ColumnSurvey| {
        let own = main.columns.iter().filter(|own| own.name != main.label && !own.personal && own.used != Use::Time);
        own.filter(|own| own.ty == key.ty && main.spelling(own).is_none())
            .find(|own| plain(&own.name) == plain(&key.name))
    };
    let keys = looked.survey.columns.iter().filter(|key| may_be_key(key) && key.distinct > 1);
    let shared: Vec<_> = keys.filter_map(|key| Some((of(key)?, key))).take(SHARED).collect();
    let subsets = (1_usize..1 << shared.len()).filter(|set| (2..=TOGETHER).contains(&(set.count_ones() as usize)));
    let mut subsets: Vec<usize> = subsets.collect();
    subsets.sort_by_key(|set| set.count_ones());
    let pair = |set: usize| {
        let (columns, key) = (0..shared.len()).filter(|at| set >> at & 1 == 1).map(|at| shared[at]).unzip();
        Pair { columns, key, by: By::Value, least: FOUND }
    };
    subsets.into_iter().map(pair).collect()
}

/// Whether it is about nobody, whether values are held against each other as they are, how few columns, how many rows find one.
type Rank = (bool, bool, Reverse<usize>, u64);

/// The first that most rows find one by: values as they are before those without zeros, few columns before more.
fn best_of<'a>(main: &Main<'a>, other: &SourceSettings, pairs: Vec<Pair<'a>>) -> Result<Found<'a>> {
    let mut best: Option<(Rank, Match<'a>)> = None;
    let mut near: Option<Near<'a>> = None;
    for (pair, held) in pairs.iter().zip(matching(main, other, &pairs)?) {
        let Held { found, of, widths, twice, .. } = held;
        if let ([column], [key]) = (pair.columns.as_slice(), pair.key.as_slice())
            && (found > 0 || pair.by == By::Value && pair.least == FOUND)
            && (pair.least != TOLD || found * 100 >= of * FOUND_BY_VALUES)
            && near.as_ref().is_none_or(|near| (near.named(), near.found) < (pair.least != TOLD, found))
        {
            near = Some(Near { column, key, found, of, least: pair.least, twice });
        }
        let named = pair.columns.iter().all(|column| !column.personal);
        let rank = (named, pair.by == By::Value, Reverse(pair.columns.len()), found);
        if found == 0
            || found.saturating_mul(100) < of.saturating_mul(pair.least)
            || best.as_ref().is_some_and(|(known, _)| *known >= rank)
        {
            continue;
        }
        let form = match (pair.by, pair.columns.as_slice(), pair.key.as_slice()) {
            (By::Digits, [column], [key]) => form(column.ty, &key.name, &widths),
            _ => Form::Same,
        };
        let key = pair.key.iter().map(|key| key.name.clone()).collect();
        best = Some((rank, Match { found, of, columns: pair.columns.clone(), key, form }));
    }
    Ok(best.map_or(Err(near), |(_, best)| Ok(best)))
}

/// Whether two columns are called alike: `product_id` and `product_id`, or `id` in a file of products.
pub(super) fn named_alike(column: &ColumnChoice, key: &ColumnSurvey, source: &str) -> bool {
    let (column, key, file) = (plain(&column.name), plain(&key.name), plain(source));
    let one = file.strip_suffix('s').unwrap_or(&file);
    let ies = file.strip_suffix("ies").map(|stem| format!("{stem}y"));
    column == key
        || [Some(file.as_str()), Some(one), ies.as_deref()].into_iter().flatten().any(|of| {
            column == format!("{of}{key}") || column == of && ["id", "key", "code", "name"].contains(&key.as_str())
        })
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The keys of a pair, and the rows that found one.
#[derive(Debug, Default)]
struct Held {
    keys: HashSet<String>,
    /// Whether what is compared does not tell the rows of the file apart.
    twice: bool,
    found: u64,
    of: u64,
    widths: Widths,
}

/// Of each pair the keys, how many rows with a value find one, and how many there are, by one pass over both files.
fn matching(main: &Main<'_>, other: &SourceSettings, pairs: &[Pair<'_>]) -> Result<Vec<Held>> {
    let mut held: Vec<Held> = pairs.iter().map(|_| Held::default()).collect();
    if pairs.is_empty() {
        return Ok(held);
    }
    let own: Vec<Vec<&str>> = pairs.iter().map(|pair| pair.key.iter().map(|key| key.name.as_str()).collect()).collect();
    values(main.root, other, &own, u64::MAX, &mut |at, value| {
        // Where spellings of one key are one, or two codes without their zeros, it no longer tells rows apart.
        let read = match (pairs[at].by, pairs[at].columns.as_slice()) {
            (By::Digits, _) => bare(value).map(str::to_owned),
            (By::Value, [column]) => Some(main.spelling(column).unwrap_or_default().read(value).into_owned()),
            (By::Value, _) => Some(value.to_owned()),
        };
        let own = &mut held[at];
        own.twice |= read.is_none_or(|read| !own.keys.insert(read));
    })?;
    let own: Vec<Vec<&str>> =
        pairs.iter().map(|pair| pair.columns.iter().map(|own| own.name.as_str()).collect()).collect();
    values(main.root, &main.looked.settings, &own, ROWS, &mut |at, value| {
        let own = &mut held[at];
        own.of += 1;
        let read = if pairs[at].by == By::Digits { bare(value) } else { Some(value) };
        if let Some(read) = read {
            own.found += u64::from(!own.twice && own.keys.contains(read));
            own.widths.add(value);
        }
    })?;
    Ok(held)
}

/// Gives what stands in each of these lists of columns away, row by row, with the place of the list, of about so many rows. Rows in
/// which one of them is missing have nothing; what stands in several is joined.
fn values(
    root: &Path,
    settings: &SourceSettings,
    lists: &[Vec<&str>],
    rows: u64,
    take: &mut dyn FnMut(usize, &str),
) -> Result<()> {
    let mut passed = 0;
    ropeway_source::scan("data", settings, root, &mut |columns, batch| {
        passed += batch.num_rows() as u64;
        let array = |name: &&str| Some(batch.column(columns.iter().position(|column| column.name == **name)?));
        for (at, names) in lists.iter().enumerate() {
            if let Some(arrays) = names.iter().map(array).collect::<Option<Vec<&ArrayRef>>>() {
                texts(&arrays, &mut |value| take(at, value))?;
            }
        }
        Ok(passed < rows)
    })?;
    Ok(())
}

/// What stands in each row of these columns, where nothing is missing.
fn texts(arrays: &[&ArrayRef], take: &mut dyn FnMut(&str)) -> Result<()> {
    let options = FormatOptions::default();
    let shown = arrays.iter().map(|array| ArrayFormatter::try_new(array.as_ref(), &options));
    let shown: Vec<ArrayFormatter<'_>> =
        shown.collect::<std::result::Result<_, _>>().map_err(|error| Problem::internal(error.to_string()))?;
    let mut text = String::new();
    for row in 0..arrays.first().map_or(0, |array| array.len()) {
        if arrays.iter().any(|array| array.is_null(row)) {
            continue;
        }
        text.clear();
        for (at, shown) in shown.iter().enumerate() {
            if at > 0 {
                text.push('\u{1f}');
            }
            shown.value(row).write(&mut text).map_err(|error| Problem::internal(error.to_string()))?;
        }
        take(&text);
    }
    Ok(())
}
