//! How columns go together: measures over the rows that were drawn.

mod alike_rows;
mod cluster;
mod columns;
mod pairs;
mod rank;
mod tell;

pub(crate) use alike_rows::{equal_by_chance, first_of_each, hashes, match_rate, part};
pub(crate) use cluster::{Grouped, beyond_both, intra_class};
pub(crate) use columns::{beyond_chance, ends, line, most_slips};
pub(crate) use pairs::{alike, equal_columns};
pub(crate) use rank::{in_order, roc_auc, spearman};
pub(crate) use tell::{Told, tells};

/// A label over rows.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// The class of each row by its place among the names; none where it is missing.
    Classes(Vec<Option<usize>>, Vec<String>),
    /// The number of each row.
    Numbers(Vec<Option<f64>>),
}

impl Target {
    /// How many rows have a label.
    pub(crate) fn labelled(&self) -> usize {
        match self {
            Self::Classes(of, _) => of.iter().flatten().count(),
            Self::Numbers(of) => of.iter().flatten().count(),
        }
    }

    /// Variables that a measure looks at: an indicator of each class, or the numbers.
    pub(crate) fn variables(&self) -> usize {
        match self {
            Self::Classes(_, names) => names.len(),
            Self::Numbers(_) => 1,
        }
    }
}
