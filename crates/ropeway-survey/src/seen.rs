//! A table that was counted, as findings look at it: each column with its values at hand.

use std::borrow::Cow;

use ropeway_vocab::ColumnType;

use crate::hash::of_text;
use crate::sample::Sample;
use crate::scan::Scanned;
use crate::tally::{MISSING, NumberTally, Values};

/// The table.
pub(crate) struct Seen<'a> {
    pub(crate) rows: u64,
    pub(crate) columns: Vec<Column<'a>>,
    pub(crate) scanned: &'a Scanned,
    first: Cow<'a, Sample>,
}

/// A column.
pub(crate) struct Column<'a> {
    pub(crate) index: usize,
    pub(crate) name: &'a str,
    pub(crate) ty: ColumnType,
    pub(crate) rows: u64,
    pub(crate) missing: u64,
    pub(crate) distinct: u64,
    /// Whether `distinct` is counted, and the values below are all there are.
    pub(crate) exact: bool,
    pub(crate) kept: Kept<'a>,
}

/// The values that are counted, each with its rows.
pub(crate) enum Kept<'a> {
    /// Numbers, booleans and times, ascending: the number, its bits, its rows.
    Numbers(&'a NumberTally, Vec<(f64, u64, u64)>),
    /// Texts.
    Texts(Vec<(&'a str, u64)>),
}

impl<'a> Seen<'a> {
    pub(crate) fn of(scanned: &'a Scanned) -> Self {
        let rows = scanned.rows;
        let column = |(index, tally): (usize, &'a crate::tally::Tally)| {
            let (distinct, exact) = tally.distinct();
            let kept = match &tally.values {
                Values::Number(numbers) => Kept::Numbers(numbers, numbers.counted()),
                Values::Text(texts) => Kept::Texts(texts.counted()),
            };
            let (name, ty) = (tally.spec.name.as_str(), tally.spec.ty);
            Column { index, name, ty, rows, missing: tally.missing, distinct, exact, kept }
        };
        let columns = scanned.tallies.iter().enumerate().map(column).collect();
        let once = || scanned.first.without_repeats();
        let first = if scanned.repeats.are_copies() { Cow::Owned(once()) } else { Cow::Borrowed(&scanned.first) };
        Self { rows, columns, scanned, first }
    }

    /// The column of that name.
    pub(crate) fn column(&self, name: &str) -> Option<&Column<'a>> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether the rows from everywhere are all there are.
    pub(crate) fn all_are_drawn(&self) -> bool {
        self.scanned.spread.rows.len() as u64 == self.rows
    }

    /// The cells of a column in rows from everywhere.
    pub(crate) fn spread(&self, column: &Column<'_>) -> &[u64] {
        &self.scanned.spread.cells[column.index]
    }

    /// The cells of a column in the first rows, of which none is there twice: those that remain in the table (rows
    /// that are equal by chance all do).
    pub(crate) fn first(&self, column: &Column<'_>) -> &[u64] {
        &self.first.cells[column.index]
    }
}

impl<'a> Column<'a> {
    /// Rows that have a value.
    pub(crate) fn present(&self) -> u64 {
        self.rows - self.missing
    }

    /// Whether every row has a value of its own, as far as that is counted.
    pub(crate) fn unique(&self) -> bool {
        let rising = matches!(&self.kept, Kept::Numbers(tally, _) if tally.rising && tally.not_finite == 0);
        self.missing == 0 && self.rows > 1 && (rising || self.exact && self.distinct == self.rows)
    }

    /// The texts that are counted; none of another type.
    pub(crate) fn texts(&self) -> &[(&'a str, u64)] {
        match &self.kept {
            Kept::Texts(values) => values,
            Kept::Numbers(..) => &[],
        }
    }

    /// The numbers that are counted; none of texts.
    pub(crate) fn numbers(&self) -> &[(f64, u64, u64)] {
        match &self.kept {
            Kept::Numbers(_, values) => values,
            Kept::Texts(..) => &[],
        }
    }

    /// Whether it holds numbers (no times, no booleans).
    pub(crate) fn is_number(&self) -> bool {
        matches!(self.ty, ColumnType::Integer | ColumnType::Float)
    }

    /// Whether it holds times.
    pub(crate) fn is_time(&self) -> bool {
        matches!(self.ty, ColumnType::Date | ColumnType::Timestamp)
    }

    /// The rows with a counted text of which `holds` is true.
    pub(crate) fn rows_of(&self, holds: impl Fn(&str) -> bool) -> u64 {
        self.texts().iter().filter(|(text, _)| holds(text)).map(|(_, rows)| rows).sum()
    }

    /// The share of the rows with a counted text of which `holds` is true.
    pub(crate) fn share_of(&self, holds: impl Fn(&str) -> bool) -> f64 {
        let all: u64 = self.texts().iter().map(|(_, rows)| rows).sum();
        if all == 0 { 0.0 } else { self.rows_of(holds) as f64 / all as f64 }
    }
}

/// The cell of a text.
pub(crate) fn cell_of(text: &str) -> u64 {
    of_text(text) & (MISSING >> 1)
}

/// The cell as a number; none where it is missing or not finite.
pub(crate) fn number(cell: u64) -> Option<f64> {
    let number = f64::from_bits(cell);
    (cell != MISSING && number.is_finite()).then_some(number)
}
