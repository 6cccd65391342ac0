//! What is counted of a column while its rows pass: exactly up to a bound of different values, by a sketch beyond it.

mod number;
mod text;

use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use ropeway_vocab::{ColumnSpec, ColumnType, Problem, Result};

pub(crate) use number::NumberTally;
pub(crate) use text::TextTally;

use crate::hash::of_bits;

/// The cell of a sample where a row has no value. No number has these bits.
pub(crate) const MISSING: u64 = u64::MAX;

/// How much of a column is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bound {
    /// Different values that are counted one by one.
    pub(crate) values: usize,
    /// Bytes of different texts.
    pub(crate) bytes: usize,
}

impl Bound {
    /// For a table of so many columns: all of them together stay below a few hundred megabytes.
    pub(crate) fn of(columns: usize) -> Self {
        let columns = columns.max(1);
        Self {
            values: (4_000_000 / columns).clamp(2_000, 200_000),
            bytes: (200_000_000 / columns).clamp(40_000, 16_000_000),
        }
    }
}

/// A column while its rows pass.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    pub(crate) spec: ColumnSpec,
    pub(crate) missing: u64,
    salt: u64,
    pub(crate) values: Values,
}

/// The values of a column.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    /// Numbers, booleans and times.
    Number(NumberTally),
    /// Texts.
    Text(TextTally),
}

impl Tally {
    pub(crate) fn new(spec: ColumnSpec, index: usize, bound: Bound) -> Self {
        let values = match spec.ty {
            ColumnType::Text => Values::Text(TextTally::new(bound)),
            ty => Values::Number(NumberTally::new(ty == ColumnType::Float, bound)),
        };
        let salt = of_bits(index as u64 + 1);
        Self { spec, missing: 0, salt, values }
    }

    /// Takes a batch into account, and adds what the values contribute to the hash of each row. `cells` gets the value of
    /// each row, as samples keep it.
    pub(crate) fn take(&mut self, array: &Arc<dyn Array>, hashes: &mut [u64], cells: &mut Vec<u64>) -> Result<()> {
        cells.clear();
        match array.data_type() {
            DataType::Boolean => {
                let values = array.as_boolean().iter().map(|value| value.map(i64::from));
                self.numbers(values.map(whole), hashes, cells);
            }
            DataType::Int64 => self.numbers(array.as_primitive::<Int64Type>().iter().map(whole), hashes, cells),
            DataType::Date32 => {
                let days = array.as_primitive::<Date32Type>().iter().map(|day| day.map(i64::from));
                self.numbers(days.map(whole), hashes, cells);
            }
            DataType::Timestamp(..) => {
                self.numbers(array.as_primitive::<TimestampMicrosecondType>().iter().map(whole), hashes, cells);
            }
            DataType::Float64 => {
                // Minus zero and zero are one value.
                let values = array.as_primitive::<Float64Type>().iter();
                self.numbers(values.map(|value| value.map(|x| (x + 0.0, (x + 0.0).to_bits()))), hashes, cells);
            }
            DataType::Utf8 => self.texts(array.as_string::<i32>().iter(), hashes, cells),
            other => return Err(Problem::internal(format!("a column of {other} reached the survey"))),
        }
        Ok(())
    }

    fn numbers(
        &mut self,
        values: impl Iterator<Item = Option<(f64, u64)>> + Clone,
        hashes: &mut [u64],
        cells: &mut Vec<u64>,
    ) {
        let Values::Number(tally) = &mut self.values else { return };
        for (value, row) in values.clone().zip(hashes) {
            let hash = value.map_or(MISSING, |(_, bits)| of_bits(bits));
            if let Some((_, bits)) = value {
                tally.tally(bits, hash);
            }
            *row = row.wrapping_add(of_bits(hash ^ self.salt));
        }
        for value in values {
            let Some((number, _)) = value else {
                self.missing += 1;
                cells.push(MISSING);
                continue;
            };
            tally.measure(number);
            cells.push(if number.is_nan() { f64::NAN.to_bits() } else { number.to_bits() });
        }
    }

    fn texts<'a>(&mut self, values: impl Iterator<Item = Option<&'a str>>, hashes: &mut [u64], cells: &mut Vec<u64>) {
        let Values::Text(tally) = &mut self.values else { return };
        for (value, row) in values.zip(hashes) {
            let hash = match value {
                Some(text) => tally.add(text) & (MISSING >> 1),
                None => {
                    self.missing += 1;
                    MISSING
                }
            };
            cells.push(hash);
            *row = row.wrapping_add(of_bits(hash ^ self.salt));
        }
    }
}

fn whole(value: Option<i64>) -> Option<(f64, u64)> {
    value.map(|value| (value as f64, value as u64))
}

impl Tally {
    /// How many different values there are, and whether that is exact.
    pub(crate) fn distinct(&self) -> (u64, bool) {
        match &self.values {
            Values::Number(numbers) => numbers.distinct(),
            Values::Text(texts) => texts.distinct(),
        }
    }
}
