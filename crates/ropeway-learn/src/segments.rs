//! Where a model is at its worst: its metric on parts of the rows that one feature tells apart.

use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute::take;
use ropeway_stat::{DEFAULT_RESAMPLES, Draws, Estimate, Measured, intervals};
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use crate::evaluation::blocks_for;
use crate::feature_values::{levels, numbers};
use crate::importance::ImportanceSettings;
use crate::settings::SplitBy;
use crate::{FittedModel, Population};

/// Most rows that are scored, the fewest of a segment, and their share.
const ROWS: usize = 20_000;
const FEWEST: usize = 50;
const SHARE: usize = 50;
/// Parts of a feature of numbers, and segments that are told.
const PARTS: usize = 4;
const WORST: usize = 8;

/// The worst segments of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segments {
    /// Rows that were looked at.
    pub rows: u64,
    /// The figure of all of them.
    #[serde(with = "crate::segments::null")]
    pub all: f64,
    /// How many segments were compared.
    pub compared: u64,
    /// The worst of them, worst first.
    pub worst: Vec<Segment>,
}

/// Rows whose feature has these values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// The feature.
    pub feature: String,
    /// Its values.
    pub within: Within,
    /// How many rows.
    pub rows: u64,
    /// The metric on them, with its interval.
    pub figure: Estimate,
}

/// Values of a feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Within {
    /// Numbers from one to another, both included; an instant in seconds since 1970, a date in days since then.
    Between(f64, f64),
    /// A text, or true and false.
    Level(String),
    /// No value.
    Missing,
}

/// A number that may be none, which JSON has as null.
mod null {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(*value)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Option::<f64>::deserialize(deserializer)?.unwrap_or(f64::NAN))
    }
}

/// The segments of these features on which the metric is worst, over at most 20,000 of the rows, evenly spread. A segment has at
/// least 50 rows and one in fifty; where the metric is not defined on it, it is left out.
///
/// # Errors
/// What the model cannot read.
pub fn segments(
    model: &FittedModel,
    population: &Population,
    (rows, split_by): (&[u32], SplitBy),
    features: &[&str],
    (settings, seed, threads): (&ImportanceSettings, u64, usize),
) -> Result<Segments> {
    let count = rows.len().min(ROWS);
    let chosen: Vec<u32> = (0..count).map(|i| rows[i * rows.len() / count]).collect();
    let (raw, labels) = (model.raw(&population.features, Some(&chosen))?, population.labels(&chosen));
    let outputs = model.output.outputs().max(1);
    let measured = |places: &[u32], blocks: Option<&[u32]>| -> Result<Box<dyn Measured>> {
        let raw: Vec<f64> = places
            .iter()
            .flat_map(|place| &raw[*place as usize * outputs..(*place as usize + 1) * outputs])
            .copied()
            .collect();
        let labels = labels.part(&places.iter().map(|place| *place as usize).collect::<Vec<_>>());
        model.output.measured(&raw, &labels, &settings.costs, (None, blocks))
    };
    let all = if count == 0 {
        f64::NAN
    } else {
        measured(&(0..count as u32).collect::<Vec<_>>(), None)?.measure(settings.metric)
    };
    let mut found: Vec<(f64, &str, Within, Vec<u32>)> = Vec::new();
    for feature in features {
        let column = population.features.column_by_name(feature);
        let column = column.ok_or_else(|| Problem::internal(format!("there is no feature `{feature}`")))?;
        let column = take(column, &UInt32Array::from(chosen.clone()), None)
            .map_err(|error| Problem::internal(format!("taking rows of a feature: {error}")))?;
        for (within, places) in parts(&column) {
            if places.len() >= FEWEST.max(count / SHARE) && places.len() < count {
                let figure = measured(&places, None)?.measure(settings.metric);
                found.push((figure, feature, within, places));
            }
        }
    }
    found.retain(|segment| segment.0.is_finite());
    found.sort_by(|a, b| if settings.metric.higher_is_better() { a.0.total_cmp(&b.0) } else { b.0.total_cmp(&a.0) });
    let compared = found.len() as u64;
    let worst = found.into_iter().take(WORST).map(|(_, feature, within, places)| {
        let draws = Draws { resamples: DEFAULT_RESAMPLES, seed, threads };
        let rows: Vec<u32> = places.iter().map(|place| chosen[*place as usize]).collect();
        let blocks = blocks_for(population, &rows, split_by);
        let figures = intervals(measured(&places, blocks.as_deref())?.as_ref(), blocks.as_deref(), draws);
        let none = Estimate { value: f64::NAN, low: f64::NAN, high: f64::NAN };
        let figure = figures.get(&settings.metric).copied().unwrap_or(none);
        Ok(Segment { feature: feature.to_owned(), within, rows: places.len() as u64, figure })
    });
    Ok(Segments { rows: count as u64, all, compared, worst: worst.collect::<Result<_>>()? })
}

/// The places of a column, told apart by its values: quarters of numbers, levels, missing ones.
fn parts(column: &ArrayRef) -> Vec<(Within, Vec<u32>)> {
    let missing: Vec<u32> = (0..column.len() as u32).filter(|place| column.is_null(*place as usize)).collect();
    let mut all = match numbers(column) {
        Some(numbers) => quarters(numbers),
        None => levels(column).into_iter().map(|(level, places)| (Within::Level(level), places)).collect(),
    };
    all.push((Within::Missing, missing));
    all.retain(|(_, places)| !places.is_empty());
    all
}

fn quarters(mut numbers: Vec<(f64, u32)>) -> Vec<(Within, Vec<u32>)> {
    numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
    let bounds: Vec<f64> = (1..PARTS).filter_map(|part| Some(numbers.get(part * numbers.len() / PARTS)?.0)).collect();
    // Equal numbers stay together.
    let part = |number: f64| bounds.iter().filter(|bound| **bound <= number).count();
    let parts = numbers.chunk_by(|a, b| part(a.0) == part(b.0));
    parts
        .map(|part| {
            let places = part.iter().map(|(_, place)| *place).collect();
            (Within::Between(part[0].0, part[part.len() - 1].0), places)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, StringArray};

    use super::*;

    #[test]
    fn every_place_is_in_one_part() {
        let numbers: Vec<Option<f64>> = (0..400).map(|i| (i % 9 > 0).then(|| f64::from(i / 3 % 50))).collect();
        let texts: Vec<Option<String>> = (0..400).map(|i| (i % 9 > 0).then(|| format!("level {}", i % 7))).collect();
        let columns: [(ArrayRef, usize); 2] =
            [(Arc::new(Float64Array::from(numbers)), 5), (Arc::new(StringArray::from(texts)), 8)];
        for (column, count) in columns {
            let parts = parts(&column);
            assert_eq!(parts.len(), count, "{parts:?}");
            let mut places: Vec<u32> = parts.iter().flat_map(|part| part.1.clone()).collect();
            places.sort_unstable();
            assert_eq!(places, (0..400).collect::<Vec<u32>>());
        }
        let one: ArrayRef = Arc::new(Float64Array::from(vec![7.0; 9]));
        assert_eq!(parts(&one), [(Within::Between(7.0, 7.0), (0..9).collect())]);
    }
}
