//! The steps of a plan as they are executed: names, types and expressions all resolved.

use ropeway_table::RowExpr;
use ropeway_vocab::{ColumnType, Span};

use crate::kernel::Aggregate;

/// One pair of columns that must be equal.
#[derive(Debug, Clone)]
pub(crate) struct Match {
    /// Column of the example.
    pub(crate) example: String,
    /// Column of the table.
    pub(crate) table: String,
    /// The type of both.
    pub(crate) ty: ColumnType,
    /// Whether its values are about a person.
    pub(crate) personal: bool,
}

/// The sides of all pairs, as names with types.
pub(crate) fn example_side(pairs: &[Match]) -> impl Iterator<Item = (&str, ColumnType)> {
    pairs.iter().map(|pair| (pair.example.as_str(), pair.ty))
}

/// See [`example_side`].
pub(crate) fn table_side(pairs: &[Match]) -> impl Iterator<Item = (&str, ColumnType)> {
    pairs.iter().map(|pair| (pair.table.as_str(), pair.ty))
}

/// A column that a lookup takes.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    /// The feature's name.
    pub(crate) feature: String,
    /// The column of the table.
    pub(crate) column: String,
    /// The type of both.
    pub(crate) ty: ColumnType,
}

/// A lookup.
#[derive(Debug, Clone)]
pub(crate) struct LookupStep {
    pub(crate) name: String,
    pub(crate) table: String,
    pub(crate) on: Vec<Match>,
    /// The column with each row's time (a timestamp or date); an exact lookup has none.
    pub(crate) as_of: Option<(String, ColumnType)>,
    pub(crate) within: Option<Span>,
    pub(crate) take: Vec<Taken>,
    /// Whether rows become known at a time; a static table is always known.
    pub(crate) timed: bool,
}

/// A window.
#[derive(Debug, Clone)]
pub(crate) struct WindowStep {
    pub(crate) name: String,
    pub(crate) table: String,
    pub(crate) by: Vec<Match>,
    pub(crate) over: Span,
    pub(crate) aggregate: Aggregate,
    /// What is aggregated; none for `count(*)`.
    pub(crate) argument: Option<RowExpr>,
    /// All conditions that a fact must meet.
    pub(crate) filters: Vec<RowExpr>,
    /// The type of the result.
    pub(crate) ty: ColumnType,
}

impl WindowStep {
    /// The type of what is aggregated.
    pub(crate) fn of(&self) -> ColumnType {
        self.argument.as_ref().map_or(ColumnType::Integer, RowExpr::ty)
    }
}

/// A derived feature.
#[derive(Debug, Clone)]
pub(crate) struct DeriveStep {
    pub(crate) name: String,
    pub(crate) expression: RowExpr,
    /// Its place among all features.
    pub(crate) place: usize,
    /// Where each column that the expression reads comes from.
    pub(crate) inputs: Vec<Input>,
}

/// A column that a derived feature reads.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Input {
    /// The prediction time.
    At,
    /// The feature in this place.
    Feature(usize),
}
