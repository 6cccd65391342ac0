//! The range of a number in the training rows, and what comes that lies outside it: what becomes of the label there no learner
//! has seen. Times are not looked at, since those of new rows always lie behind.

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{Float64Type, Int64Type};
use ropeway_table::{ColumnProfile, Profile};
use ropeway_vocab::ColumnType;
use serde::Serialize;

/// The least and the greatest number of the training rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    low: f64,
    high: f64,
    /// Whether training rows had infinite numbers besides.
    infinite: bool,
}

/// What lies outside a range.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Outside {
    pub(crate) rows: u64,
    least: Option<f64>,
    greatest: Option<f64>,
}

/// Rows in which a number lies outside its range in training.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutOfRange {
    /// The feature.
    pub feature: String,
    /// How many rows.
    pub rows: u64,
    /// The least number of the training rows.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// The least number here, where it lies below.
    pub least: Option<f64>,
    /// The greatest number here, where it lies above.
    pub greatest: Option<f64>,
}

impl Range {
    /// That of a feature; none of a personal one, of what is no number, and where training rows had none.
    pub(crate) fn of(profile: &ColumnProfile) -> Option<Self> {
        let (ColumnType::Integer | ColumnType::Float, Some(Profile::Number(number))) = (profile.ty, &profile.values)
        else {
            return None;
        };
        Some(Self { low: number.min?, high: number.max?, infinite: number.not_finite > 0 })
    }

    /// What of a column lies outside. A number that is none lies nowhere.
    pub(crate) fn outside(&self, column: &ArrayRef) -> Outside {
        let mut outside = Outside::default();
        if let Some(numbers) = column.as_primitive_opt::<Float64Type>() {
            numbers.iter().flatten().for_each(|number| outside.look(number, self));
        } else if let Some(numbers) = column.as_primitive_opt::<Int64Type>() {
            numbers.iter().flatten().for_each(|number| outside.look(number as f64, self));
        }
        outside
    }

    pub(crate) fn report(&self, feature: &str, outside: &Outside) -> OutOfRange {
        let Outside { rows, least, greatest } = *outside;
        OutOfRange { feature: feature.to_owned(), rows, low: self.low, high: self.high, least, greatest }
    }
}

impl Outside {
    fn look(&mut self, number: f64, range: &Range) {
        let (below, above) = (number < range.low, number > range.high);
        if !(below || above) || number.is_infinite() && range.infinite {
            return;
        }
        let found = Self { rows: 1, least: below.then_some(number), greatest: above.then_some(number) };
        self.add(found);
    }

    /// Adds what was found in other rows.
    pub(crate) fn add(&mut self, other: Self) {
        let of = |a: Option<f64>, b: Option<f64>, choose: fn(f64, f64) -> f64| {
            a.zip(b).map(|(a, b)| choose(a, b)).or(a).or(b)
        };
        self.rows += other.rows;
        self.least = of(self.least, other.least, f64::min);
        self.greatest = of(self.greatest, other.greatest, f64::max);
    }
}

impl OutOfRange {
    /// As a warning, of so many rows.
    pub(crate) fn told(&self, of: u64) -> String {
        let Self { feature, rows, low, high, least, greatest } = self;
        let here = [
            least.map(|least| format!("down to {}", short(least))),
            greatest.map(|most| format!("up to {}", short(most))),
        ];
        let here = here.into_iter().flatten().collect::<Vec<_>>().join(" and ");
        let training = if low == high { short(*low) } else { format!("{} to {}", short(*low), short(*high)) };
        let all = if of == 1 { "1 row".to_owned() } else { format!("{of} rows") };
        format!("outside the range of training: `{feature}` in {rows} of {all} ({training} in training, {here} here)")
    }
}

/// A number in six figures, the largest and smallest by powers of ten.
fn short(number: f64) -> String {
    let rounded = format!("{number:.5e}").parse().unwrap_or(number);
    match number.abs() {
        size if size != 0.0 && size.is_finite() && !(1e-5..1e15).contains(&size) => format!("{rounded:e}"),
        _ => rounded.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Float64Array;
    use ropeway_table::profile_columns;
    use ropeway_vocab::ColumnSpec;

    use super::*;

    fn range(values: &[f64]) -> Option<Range> {
        let column = ColumnSpec { name: "x".into(), ty: ColumnType::Float, known_ahead: true, personal: false };
        let array: ArrayRef = Arc::new(Float64Array::from(values.to_vec()));
        let batch = arrow::array::RecordBatch::try_from_iter([("x", array)]).unwrap();
        Range::of(&profile_columns(&[column], &batch)[0])
    }

    fn check(training: &[f64], values: &[f64], want: Option<&str>) {
        let range = range(training).unwrap();
        let array: ArrayRef = Arc::new(Float64Array::from(values.to_vec()));
        let whole = range.outside(&array);
        let mut parts = Outside::default();
        (0..values.len()).for_each(|at| parts.add(range.outside(&array.slice(at, 1))));
        let told = |outside: &Outside| (outside.rows > 0).then(|| range.report("x", outside).told(values.len() as u64));
        assert_eq!(told(&whole).as_deref(), want);
        assert_eq!(told(&parts), told(&whole));
    }

    #[test]
    fn what_lies_outside_is_counted_with_how_far_it_goes() {
        let of = |rows: &str, rest: &str| format!("outside the range of training: `x` in {rows} ({rest} here)");
        check(&[1.0, 5.0, 2.0], &[1.0, 5.0, f64::NAN], None);
        let above = of("2 of 3 rows", "1 to 5 in training, up to 700");
        check(&[1.0, 5.0, 2.0], &[6.5, 3.0, 700.0], Some(&above));
        let both = of("3 of 3 rows", "0.1 to 5 in training, down to -1e300 and up to inf");
        check(&[0.1, 5.0], &[-1e300, f64::INFINITY, 0.0], Some(&both));
        check(&[3.0, 3.0], &[4.0], Some(&of("1 of 1 row", "3 in training, up to 4")));
        check(&[1.0, f64::INFINITY], &[f64::INFINITY, f64::NEG_INFINITY], None);
        assert!(range(&[f64::NAN]).is_none(), "a column without numbers has no range");
    }
}
