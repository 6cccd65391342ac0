//! National numbers of people. A column is told by what it is called, where its values have the shape of such numbers; else by their
//! checks: by some values where chance hardly passes one, and by nearly all of many where it passes one in ten.

mod america;
mod asia;
mod east;
mod north;
mod south;
#[cfg(test)]
mod tests;
mod west;
mod written;

use ropeway_vocab::ColumnType;

use super::{ALL_OF_MANY, BOOKS, MANY, NEARLY_ALL, nearly_all};
use crate::finding::words::{ends_so, holds_phrase, plain_name, spaced};
use crate::seen::Column;

/// A kind of national number.
struct National {
    /// What they are, and what of them holds.
    name: &'static str,
    /// What columns of them are called, in plain letters, phrase by phrase.
    called: &'static str,
    /// How they are written without marks (`written::shaped`).
    shapes: &'static [&'static str],
    /// Whether a number of that shape is one.
    holds: fn(&[u32]) -> bool,
    sure: Sure,
}

/// What makes sure of a kind where the name of the column says nothing.
#[derive(Clone, Copy, PartialEq)]
enum Sure {
    /// Five values: chance would hardly make one.
    Value,
    /// Nearly all of many: chance makes one in ten.
    Many,
    /// Nearly all of more: numbers of books have the same check.
    Books,
    /// Nothing: numbers of firms and of things have the same check, or there is none.
    Name,
}

impl National {
    fn has_shape(&self, signs: &[u32]) -> bool {
        self.shapes.iter().any(|shape| written::shaped(signs, shape, 1).is_some())
    }

    fn is_one(&self, signs: &[u32]) -> bool {
        self.shapes.iter().filter_map(|shape| written::shaped(signs, shape, 2)).any(|whole| (self.holds)(&whole))
    }

    /// Whole numbers may be sums (`medicare_paid`): their names have to end so.
    fn is_called(&self, spaced: &str, whole: bool) -> bool {
        let phrases = || self.called.split('|');
        if !whole {
            return phrases().any(|phrase| holds_phrase(spaced, phrase));
        }
        phrases().any(|phrase| spaced.ends_with(&format!(" {phrase} ")))
            || ends_so(spaced, &phrases().collect::<Vec<_>>())
    }

    /// The rows of its numbers, where these are so many of the different values that chance did not make them.
    fn rows_by_value(&self, numbers: &[(&[u32], u64)], all: u64) -> Option<u64> {
        let least = match self.sure {
            Sure::Value => 5,
            Sure::Many => MANY,
            Sure::Books => BOOKS,
            Sure::Name => return None,
        };
        let of = nearly_all(numbers, all, |signs| self.is_one(signs))?;
        let enough = self.sure == Sure::Value || of.len() as f64 >= ALL_OF_MANY * numbers.len() as f64;
        (of.len() as u64 >= least && enough).then(|| rows(&of))
    }
}

fn rows(of: &[(&[u32], u64)]) -> u64 {
    of.iter().map(|(_, rows)| rows).sum()
}

fn kinds() -> impl Iterator<Item = &'static National> {
    north::NUMBERS
        .iter()
        .chain(&west::NUMBERS)
        .chain(&east::NUMBERS)
        .chain(&america::NUMBERS)
        .chain(&asia::NUMBERS)
        .chain(&south::NUMBERS)
}

/// What national numbers the values of the column are, and the rows that hold one.
pub(super) fn find(column: &Column<'_>, values: &[(&str, u64)]) -> Option<(String, u64)> {
    let all: u64 = values.iter().map(|(_, rows)| rows).sum();
    let read = numbers(values, all)?;
    let numbers: Vec<(&[u32], u64)> = read.iter().map(|(signs, rows)| (signs.as_slice(), *rows)).collect();
    by_name(column, &numbers, all).or_else(|| by_value(&numbers, all))
}

/// The signs of each value, none of those that are no numbers; none at all of a column of which these are too many.
fn numbers(values: &[(&str, u64)], all: u64) -> Option<Vec<(Vec<u32>, u64)>> {
    let mut left = all;
    let read = |(text, rows): &(&str, u64)| {
        let signs = written::signs(text);
        left -= if signs.is_some() { 0 } else { *rows };
        (left as f64 >= NEARLY_ALL * all as f64).then(|| (signs.unwrap_or_default(), *rows))
    };
    values.iter().map(read).collect()
}

/// Some checks may not hold, and some numbers have none: of the kinds that the name may mean the one that holds most.
fn by_name(column: &Column<'_>, numbers: &[(&[u32], u64)], all: u64) -> Option<(String, u64)> {
    let name = spaced(&plain_name(column.name));
    let whole = column.ty == ColumnType::Integer;
    let called: Vec<&'static National> = kinds().filter(|kind| kind.is_called(&name, whole)).collect();
    let holds = |kind: &&'static National| Some((*kind, rows(&nearly_all(numbers, all, |signs| kind.is_one(signs))?)));
    if let Some((kind, rows)) = called.iter().find_map(holds) {
        return Some((format!("{rows} of its values are {}", kind.name), rows));
    }
    let shaped =
        |kind: &&'static National| Some((*kind, rows(&nearly_all(numbers, all, |signs| kind.has_shape(signs))?)));
    let (kind, rows) = called.iter().find_map(shaped)?;
    let what = kind.name.split(',').next().unwrap_or(kind.name);
    Some((format!("{rows} of its values look like {what}, and it is called so"), rows))
}

/// Kinds with the same check are not told from each other.
fn by_value(numbers: &[(&[u32], u64)], all: u64) -> Option<(String, u64)> {
    let found = |sure: &dyn Fn(Sure) -> bool| -> Vec<(&National, u64)> {
        kinds()
            .filter(|kind| sure(kind.sure))
            .filter_map(|kind| Some((kind, kind.rows_by_value(numbers, all)?)))
            .collect()
    };
    let mut of = found(&|sure| sure == Sure::Value);
    if of.is_empty() {
        of = found(&|sure| sure != Sure::Value);
    }
    let (first, rows) = *of.first()?;
    let what = if of.len() == 1 { first.name } else { "national numbers of people, whose check digits hold" };
    Some((format!("{rows} of its values are {what}"), rows))
}
