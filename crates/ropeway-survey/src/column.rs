//! The statistics of a column, from what was counted of it.

use ropeway_stat::{Histogram, Quantile, quantile_sorted};
use ropeway_vocab::{ColumnType, Instant, holds_mail};
use serde::{Deserialize, Serialize};

use crate::tally::{NumberTally, Tally, TextTally, Values};

const QUANTILES: [f64; 7] = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
const BINS: usize = 20;
const TOP: usize = 10;
/// Characters of a value that are shown.
const SHOWN: usize = 80;

pub use ropeway_stat::ValueCount;

/// A column and what its values look like. Figures of times are in seconds since 1970, those of dates in days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnSurvey {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: ColumnType,
    /// Rows.
    pub rows: u64,
    /// Rows without a value.
    pub missing: u64,
    /// Different values.
    pub distinct: u64,
    /// Whether that is counted; else it is the estimate of a sketch (standard error 0.8%).
    pub distinct_exact: bool,
    /// Whether it looks as if it were about a person: then no value of it is shown.
    pub personal: bool,
    /// Values that are NaN or infinite: counted, and left out of the figures below.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub not_finite: u64,
    /// The least number.
    pub min: Option<f64>,
    /// The greatest number.
    pub max: Option<f64>,
    /// Their mean, correctly rounded.
    pub mean: Option<f64>,
    /// Their sample standard deviation.
    pub deviation: Option<f64>,
    /// Quantiles of type 7.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quantiles: Vec<Quantile>,
    /// From so many rows, drawn from everywhere, come quantiles and histogram; from all where nothing stands here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<u64>,
    /// Numbers in twenty bins of equal width.
    pub histogram: Option<Histogram>,
    /// Bytes of the shortest text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortest: Option<u64>,
    /// Bytes of the longest text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest: Option<u64>,
    /// The most frequent values, the first most of all. Where values are too many to count one by one, among the first of
    /// them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub top: Vec<ValueCount>,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl ColumnSurvey {
    /// From what was counted, and the cells of rows that were drawn.
    pub(crate) fn of(tally: &Tally, rows: u64, drawn: &[u64]) -> Self {
        let (distinct, distinct_exact) = tally.distinct();
        let mut of = Self {
            name: tally.spec.name.clone(),
            ty: tally.spec.ty,
            rows,
            missing: tally.missing,
            distinct,
            distinct_exact,
            personal: false,
            not_finite: 0,
            min: None,
            max: None,
            mean: None,
            deviation: None,
            quantiles: Vec::new(),
            drawn: None,
            histogram: None,
            shortest: None,
            longest: None,
            top: Vec::new(),
        };
        match &tally.values {
            Values::Number(numbers) => of.numbers(numbers, drawn),
            Values::Text(texts) => of.texts(texts),
        }
        of
    }

    fn numbers(&mut self, tally: &NumberTally, drawn: &[u64]) {
        self.not_finite = tally.not_finite;
        let counted = tally.counted();
        self.top = top(counted.iter().map(|(_, bits, count)| (show(*bits, self.ty), *count)));
        if matches!(self.ty, ColumnType::Boolean) || tally.count == tally.not_finite {
            return;
        }
        // Times are counted in microseconds, and told in seconds.
        let unit = if self.ty == ColumnType::Timestamp { 1e-6 } else { 1.0 };
        (self.min, self.max) = (Some(tally.min * unit), Some(tally.max * unit));
        self.mean = tally.moments.mean().map(|mean| mean * unit);
        self.deviation = tally.moments.stddev_sample().map(|deviation| deviation * unit);
        let spread: Vec<(f64, u64)> = if self.distinct_exact {
            counted.iter().map(|(number, _, count)| (number * unit, *count)).filter(|(x, _)| x.is_finite()).collect()
        } else {
            let mut numbers: Vec<f64> = drawn.iter().map(|bits| f64::from_bits(*bits) * unit).collect();
            numbers.retain(|number| number.is_finite());
            numbers.sort_unstable_by(f64::total_cmp);
            self.drawn = Some(numbers.len() as u64);
            numbers.into_iter().map(|number| (number, 1)).collect()
        };
        self.quantiles = QUANTILES.iter().filter_map(|at| quantile(&spread, *at)).collect();
        self.histogram = histogram(&spread, tally.min * unit, tally.max * unit);
    }

    fn texts(&mut self, tally: &TextTally) {
        if tally.count > 0 {
            (self.shortest, self.longest) = (Some(tally.shortest as u64), Some(tally.longest as u64));
        }
        let shown = tally.counted().into_iter().filter(|(text, _)| !holds_mail(text));
        self.top = top(shown.map(|(text, count)| (shortened(text), count)));
    }

    /// Takes away what shows single values.
    pub(crate) fn hide(&mut self) {
        self.personal = true;
        (self.min, self.max, self.mean, self.deviation, self.histogram) = (None, None, None, None, None);
        self.quantiles.clear();
        self.top.clear();
    }
}

/// The quantile of type 7 of ascending values with their counts.
fn quantile(ascending: &[(f64, u64)], at: f64) -> Option<Quantile> {
    let all: u64 = ascending.iter().map(|(_, count)| count).sum();
    let position = at * all.checked_sub(1)? as f64;
    let value_at = |index: u64| {
        let mut passed = 0;
        let found = ascending.iter().find(|(_, count)| {
            passed += count;
            passed > index
        });
        found.map(|(value, _)| *value)
    };
    let below = position.floor() as u64;
    let pair = [value_at(below)?, value_at((below + 1).min(all - 1))?];
    Some(Quantile { at, value: quantile_sorted(&pair, position - position.floor())? })
}

fn histogram(values: &[(f64, u64)], low: f64, high: f64) -> Option<Histogram> {
    if !low.is_finite() || !high.is_finite() || low == high {
        return None;
    }
    // Halves, because the width itself may be beyond the largest double.
    let width = high / 2.0 - low / 2.0;
    let mut counts = vec![0; BINS];
    for (value, count) in values {
        let share = if width > 0.0 { (value / 2.0 - low / 2.0) / width } else { 0.0 };
        counts[((share * BINS as f64) as usize).min(BINS - 1)] += count;
    }
    Some(Histogram { low, high, counts })
}

fn top(values: impl Iterator<Item = (String, u64)>) -> Vec<ValueCount> {
    let mut all: Vec<(String, u64)> = values.collect();
    let order = |a: &(String, u64), b: &(String, u64)| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0));
    if all.len() > TOP {
        all.select_nth_unstable_by(TOP, order);
        all.truncate(TOP);
    }
    all.sort_unstable_by(order);
    all.into_iter().map(|(value, count)| ValueCount { value, count }).collect()
}

pub(crate) fn shortened(text: &str) -> String {
    if text.chars().nth(SHOWN).is_none() {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}

/// A number, boolean or time as people write it, from its bits.
pub(crate) fn show(bits: u64, ty: ColumnType) -> String {
    let whole = bits as i64;
    match ty {
        ColumnType::Boolean => (whole != 0).to_string(),
        ColumnType::Integer => whole.to_string(),
        ColumnType::Float | ColumnType::Text => f64::from_bits(bits).to_string(),
        ColumnType::Date => {
            Instant::from_micros(whole.saturating_mul(86_400_000_000)).to_string().chars().take(10).collect()
        }
        ColumnType::Timestamp => Instant::from_micros(whole).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_counted_values_are_those_of_all_rows() {
        let counted = [(1.0, 3), (2.0, 1), (7.5, 4), (100.0, 2)];
        let all: Vec<f64> = counted.iter().flat_map(|(x, count)| std::iter::repeat_n(*x, *count as usize)).collect();
        for at in QUANTILES {
            assert_eq!(quantile(&counted, at).map(|found| found.value), quantile_sorted(&all, at), "{at}");
        }
        assert_eq!(quantile(&[], 0.5), None);
    }
}
