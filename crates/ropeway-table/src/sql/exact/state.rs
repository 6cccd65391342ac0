//! What an exact aggregate keeps of the numbers it has seen.

use std::collections::HashMap;
use std::mem::size_of;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{Result, ScalarValue, exec_err, internal_err};
use ropeway_stat::{ExactSum, Moments};

/// What is asked of the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Figure {
    /// Null of no number.
    Sum,
    /// Null of no number.
    Mean,
    /// Null of less than two numbers; of none for that of a population.
    Variance { population: bool },
    /// The root of the variance.
    Deviation { population: bool },
}

/// A number as SQL has it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Number {
    Integer(i64),
    Float(f64),
}

impl Number {
    /// Equal for numbers that are one to DISTINCT: both zeros are, and so are all NaN.
    fn identity(self) -> u64 {
        match self {
            Self::Integer(value) => value as u64,
            Self::Float(value) if value.is_nan() => f64::NAN.to_bits(),
            Self::Float(value) => (value + 0.0).to_bits(),
        }
    }
}

/// A column of numbers.
pub(super) enum Numbers<'a> {
    Integers(&'a Int64Array),
    Floats(&'a Float64Array),
}

impl<'a> Numbers<'a> {
    /// The argument's column.
    pub fn of(values: &'a [ArrayRef]) -> Result<Self> {
        match values.first().map(|column| (column.data_type(), column)) {
            Some((DataType::Int64, column)) => Ok(Self::Integers(column.as_primitive::<Int64Type>())),
            Some((DataType::Float64, column)) => Ok(Self::Floats(column.as_primitive::<Float64Type>())),
            _ => internal_err!("an exact aggregate takes integers and doubles"),
        }
    }

    /// Each number that is there, with its row.
    pub fn for_each(&self, mut each: impl FnMut(usize, Number)) {
        match self {
            Self::Integers(column) => {
                let numbers = column.iter().enumerate();
                numbers.for_each(|(row, value)| value.into_iter().for_each(|value| each(row, Number::Integer(value))));
            }
            Self::Floats(column) => {
                let numbers = column.iter().enumerate();
                numbers.for_each(|(row, value)| value.into_iter().for_each(|value| each(row, Number::Float(value))));
            }
        }
    }
}

/// The numbers of one group or frame.
#[derive(Debug, Clone)]
pub(super) struct State {
    figure: Figure,
    total: Total,
    /// How often each number is there, where it counts once.
    distinct: Option<HashMap<u64, u64>>,
}

#[derive(Debug, Clone)]
enum Total {
    /// A sum of integers: 2^64 of them fit.
    Integers {
        count: u64,
        sum: i128,
    },
    Sum {
        count: u64,
        sum: ExactSum,
    },
    Moments(Box<Moments>),
}

impl State {
    /// No numbers.
    pub fn new(figure: Figure, returns: &DataType, distinct: bool) -> Self {
        let total = match figure {
            Figure::Sum if *returns == DataType::Int64 => Total::Integers { count: 0, sum: 0 },
            Figure::Sum | Figure::Mean => Total::Sum { count: 0, sum: ExactSum::new() },
            Figure::Variance { .. } | Figure::Deviation { .. } => Total::Moments(Box::default()),
        };
        Self { figure, total, distinct: distinct.then(HashMap::new) }
    }

    /// Adds a number.
    pub fn add(&mut self, number: Number) {
        if let Some(distinct) = &mut self.distinct {
            let count = distinct.entry(number.identity()).or_default();
            *count += 1;
            if *count > 1 {
                return;
            }
        }
        match (&mut self.total, number) {
            (Total::Integers { count, sum }, Number::Integer(value)) => {
                (*count, *sum) = (*count + 1, *sum + i128::from(value))
            }
            (Total::Integers { .. }, Number::Float(_)) => {}
            (Total::Sum { count, sum }, number) => {
                *count += 1;
                add(sum, number);
            }
            (Total::Moments(moments), Number::Integer(value)) => moments.add_integer(value),
            (Total::Moments(moments), Number::Float(value)) => moments.add(value),
        }
    }

    /// Takes a number away that was added.
    pub fn take_away(&mut self, number: Number) {
        if let Some(distinct) = &mut self.distinct {
            let identity = number.identity();
            let count = distinct.get(&identity).copied().unwrap_or(0);
            if count > 1 {
                distinct.insert(identity, count - 1);
                return;
            }
            distinct.remove(&identity);
        }
        match (&mut self.total, number) {
            (Total::Integers { count, sum }, Number::Integer(value)) => {
                (*count, *sum) = (*count - 1, *sum - i128::from(value))
            }
            (Total::Integers { .. }, Number::Float(_)) => {}
            (Total::Sum { count, sum }, number) => {
                *count -= 1;
                let mut one = ExactSum::new();
                add(&mut one, number);
                sum.subtract(&one);
            }
            (Total::Moments(moments), number) => {
                let mut one = Moments::new();
                match number {
                    Number::Integer(value) => one.add_integer(value),
                    Number::Float(value) => one.add(value),
                }
                moments.subtract(&one);
            }
        }
    }

    /// The figure of the numbers, rounded once.
    ///
    /// # Errors
    /// A sum of integers that 64 bits do not hold.
    pub fn figure(&self) -> Result<ScalarValue> {
        Ok(match (&self.total, self.figure) {
            (Total::Integers { count, sum }, _) => match i64::try_from(*sum) {
                Ok(sum) => ScalarValue::Int64((*count > 0).then_some(sum)),
                Err(_) => {
                    return exec_err!(
                        "the sum of these integers, {sum}, does not fit into 64 bits; cast them to double"
                    );
                }
            },
            (Total::Sum { count, sum }, Figure::Mean) => ScalarValue::Float64((*count > 0).then(|| sum.mean(*count))),
            (Total::Sum { count, sum }, _) => ScalarValue::Float64((*count > 0).then(|| sum.round())),
            (Total::Moments(moments), figure) => ScalarValue::Float64(match figure {
                Figure::Deviation { population: false } => moments.stddev_sample(),
                Figure::Deviation { population: true } => moments.stddev_population(),
                Figure::Variance { population: true } => moments.variance_population(),
                _ => moments.variance_sample(),
            }),
        })
    }

    /// Bytes that it takes.
    pub fn size(&self) -> usize {
        let numbers = self.distinct.as_ref().map_or(0, |distinct| distinct.capacity() * size_of::<(u64, u64)>());
        size_of::<Self>() + if matches!(self.total, Total::Moments(_)) { size_of::<Moments>() } else { 0 } + numbers
    }
}

fn add(sum: &mut ExactSum, number: Number) {
    match number {
        Number::Integer(value) => sum.add_integer(value),
        Number::Float(value) => sum.add(value),
    }
}
