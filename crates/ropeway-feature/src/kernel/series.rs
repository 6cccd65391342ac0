//! The values of one key in one window, in a form that answers its aggregate over any range of positions
//! exactly and without a scan.

use std::cmp::Reverse;

use ropeway_stat::{ExactSum, Moments};
use ropeway_vocab::ColumnType;
use serde::{Deserialize, Serialize};

use super::distinct::Distinct;
use super::prefix::Prefix;
use super::tree::BlockTree;
use super::value::Value;

/// What a window computes from the values in it. Missing values are never among them, except that
/// `count(*)` counts facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// The number of values (or of facts); 0 in an empty window.
    Count,
    /// The number of different values; 0 in an empty window. All NaN are one value, both zeros another.
    CountDistinct,
    /// The exact sum, of integers too, rounded once to a double.
    Sum,
    /// The exact mean, rounded once to a double.
    Avg,
    /// The sample standard deviation of the exact moments, rounded once; missing with fewer than two values.
    Stddev,
    /// The least value; NaN as soon as one is; -0.0 below 0.0.
    Min,
    /// The greatest value; NaN as soon as one is.
    Max,
    /// The value of the fact that became known last; ties go to the greater canonical order.
    Last,
}

impl Aggregate {
    /// Its name in a window's `value`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::CountDistinct => "count(distinct)",
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Stddev => "stddev",
            Self::Min => "min",
            Self::Max => "max",
            Self::Last => "last",
        }
    }

    /// Whether it computes with numbers and so needs integers or floats.
    pub(crate) const fn needs_numbers(self) -> bool {
        matches!(self, Self::Sum | Self::Avg | Self::Stddev)
    }

    /// The type of its result over values of type `of`.
    pub(crate) const fn result(self, of: ColumnType) -> ColumnType {
        match self {
            Self::Count | Self::CountDistinct => ColumnType::Integer,
            Self::Sum | Self::Avg | Self::Stddev => ColumnType::Float,
            Self::Min | Self::Max | Self::Last => of,
        }
    }

    /// What an example sees that has no key or no visible fact.
    pub(crate) fn of_nothing(self) -> Option<Value> {
        matches!(self, Self::Count | Self::CountDistinct).then(|| Value::integer(0))
    }
}

/// A growing series of values that answers one aggregate over any range of positions.
#[derive(Debug, Clone)]
pub(crate) enum Series {
    Count(usize),
    Distinct(Distinct),
    Sum(Prefix<ExactSum>),
    Avg(Prefix<ExactSum>),
    Stddev(Prefix<Moments>),
    Min(BlockTree<Value>),
    Max(BlockTree<Reverse<Value>>),
    Last(Vec<Value>),
}

impl Series {
    /// No values yet; they will be of the type `of`.
    pub(crate) fn new(aggregate: Aggregate, of: ColumnType) -> Self {
        match aggregate {
            Aggregate::Count => Self::Count(0),
            Aggregate::CountDistinct => Self::Distinct(Distinct::default()),
            Aggregate::Sum => Self::Sum(Prefix::new(of)),
            Aggregate::Avg => Self::Avg(Prefix::new(of)),
            Aggregate::Stddev => Self::Stddev(Prefix::new(of)),
            Aggregate::Min => Self::Min(BlockTree::default()),
            Aggregate::Max => Self::Max(BlockTree::default()),
            Aggregate::Last => Self::Last(Vec::new()),
        }
    }

    /// Appends a value.
    pub(crate) fn push(&mut self, value: Value) {
        match self {
            Self::Count(count) => *count += 1,
            Self::Distinct(series) => series.push(value),
            Self::Sum(series) | Self::Avg(series) => series.push(&value),
            Self::Stddev(series) => series.push(&value),
            Self::Min(series) => series.push(value),
            Self::Max(series) => series.push(Reverse(value)),
            Self::Last(series) => series.push(value),
        }
    }

    /// The value at a position.
    pub(crate) fn get(&self, index: usize) -> Value {
        match self {
            Self::Count(_) => Value::integer(1),
            Self::Distinct(series) => series.get(index).clone(),
            Self::Sum(series) | Self::Avg(series) => series.get(index),
            Self::Stddev(series) => series.get(index),
            Self::Min(series) => series.leaves()[index].clone(),
            Self::Max(series) => series.leaves()[index].0.clone(),
            Self::Last(series) => series[index].clone(),
        }
    }

    /// Drops all from position `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        match self {
            Self::Count(count) => *count = len.min(*count),
            Self::Distinct(series) => series.truncate(len),
            Self::Sum(series) | Self::Avg(series) => series.truncate(len),
            Self::Stddev(series) => series.truncate(len),
            Self::Min(series) => series.truncate(len),
            Self::Max(series) => series.truncate(len),
            Self::Last(series) => series.truncate(len),
        }
    }

    /// The aggregate of the values at the positions `from..to`, of which there is at least one.
    pub(crate) fn answer(&self, from: usize, to: usize) -> Option<Value> {
        let count = |n: usize| Some(Value::integer(i64::try_from(n).unwrap_or(i64::MAX)));
        match self {
            Self::Count(_) => count(to - from),
            Self::Distinct(series) => count(series.count(from, to)),
            Self::Sum(series) => Some(Value::float(series.state(from, to).round())),
            Self::Avg(series) => Some(Value::float(series.state(from, to).mean((to - from) as u64))),
            Self::Stddev(series) => series.state(from, to).stddev_sample().map(Value::float),
            Self::Min(series) => series.least(from, to).cloned(),
            Self::Max(series) => series.least(from, to).map(|greatest| greatest.0.clone()),
            Self::Last(series) => series[..to].last().cloned(),
        }
    }
}
