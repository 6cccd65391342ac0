//! The recipe for linear models: numbers imputed, clipped and scaled with an indicator of what was missing; text and date parts
//! that come round one-hot with rare levels pooled; or as the project says.

mod fitting;
mod group;

use arrow::array::ArrayRef;
use ropeway_vocab::ColumnType;
use serde::{Deserialize, Serialize};

use self::fitting::Fitting;
use self::group::{Group, GroupStep};
use super::column;
use super::counted::Counted;
use super::hashing;
use super::learned::Learned;
use super::number::Number;
use super::reading::Reading;
use crate::encoded::{OutputColumn, Sparse};
use crate::settings::{MOST_BUCKETS_OF_WORDS, RecipeSettings};

/// A number column: a number, or what is read of a feature that is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct NumberStep {
    feature: usize,
    #[serde(rename = "part")]
    reading: Option<Reading>,
    number: Number,
}

/// The hashed words of a text: a number column for each bucket that varies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct WordStep {
    feature: usize,
    buckets: u32,
    numbers: Vec<(u32, Number)>,
}

/// Numbers first, then words, then the one-hot groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinearRecipe {
    numbers: Vec<NumberStep>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    words: Vec<WordStep>,
    groups: Vec<Group>,
    width: usize,
}

impl LinearRecipe {
    pub fn fit(
        features: &[(String, ColumnType)],
        columns: &[ArrayRef],
        rows: &Counted<'_>,
        (settings, logarithms): (&RecipeSettings, bool),
    ) -> (Self, Vec<OutputColumn>) {
        let texts = features.iter().filter(|(_, ty)| *ty == ColumnType::Text).count();
        let words = settings.words_without_buckets(features.iter().map(|(name, ty)| (name.as_str(), *ty)));
        let mut fitting = Fitting::new(rows, (texts, words), logarithms);
        for (feature, (name, ty)) in features.iter().enumerate() {
            fitting.feature((feature, name, *ty), &columns[feature], &settings.of(name, *ty));
        }
        fitting.finish()
    }

    /// How many columns of numbers, words among them.
    fn number_columns(&self) -> usize {
        self.numbers.len() + self.words.iter().map(|step| step.numbers.len()).sum::<usize>()
    }

    /// Whether words fall into no more buckets than they once did, and no number is learned as its logarithm.
    pub fn is_of_first_format(&self) -> bool {
        !self.takes_logarithms() && self.words.iter().all(|step| step.buckets <= MOST_BUCKETS_OF_WORDS)
    }

    /// Whether a number is learned as its logarithm.
    pub fn takes_logarithms(&self) -> bool {
        self.numbers.iter().any(|step| step.number.logarithm_of().is_some())
    }

    /// Whether every step reads one of the features and the groups fill the outputs without a gap.
    pub fn fits(&self, features: usize, outputs: usize) -> bool {
        let mut next = self.number_columns();
        let numbers = self.numbers.iter().all(|step| step.feature < features && step.number.is_sound());
        let words = self.words.iter().all(|step| {
            let sound = |(bucket, number): &(u32, Number)| *bucket < step.buckets && number.is_sound();
            step.feature < features
                && step.numbers.iter().all(sound)
                && step.numbers.is_sorted_by_key(|(bucket, _)| *bucket)
        });
        let groups = self.groups.iter().all(|group| {
            let follows = group.first as usize == next && group.feature < features;
            next = next.saturating_add(group.step.width());
            follows
        });
        numbers && words && groups && next == self.width && self.width == outputs
    }

    pub fn encode(&self, columns: &[ArrayRef], rows: Option<&[u32]>) -> Sparse {
        let count = rows.map_or_else(|| columns.first().map_or(0, |column| column.len()), <[u32]>::len);
        let (numbers, groups) = (self.number_columns(), self.groups.len());
        let mut values = vec![0.0; count * numbers];
        for (slot, step) in self.numbers.iter().enumerate() {
            let column = &columns[step.feature];
            let raw = match &step.reading {
                None => column::numbers(column, rows),
                Some(reading) => reading.values(column, rows),
            };
            for (row, value) in raw.into_iter().enumerate() {
                values[row * numbers + slot] = step.number.apply(value);
            }
        }
        let mut first = self.numbers.len();
        for step in &self.words {
            let none: Vec<f64> = step.numbers.iter().map(|(_, number)| number.apply(0.0)).collect();
            for (row, text) in column::texts(&columns[step.feature], rows).into_iter().enumerate() {
                let own = &mut values[row * numbers + first..][..none.len()];
                own.copy_from_slice(&none);
                hashing::words(text.unwrap_or_default(), step.buckets, |bucket, value| {
                    if let Ok(column) = step.numbers.binary_search_by_key(&bucket, |(bucket, _)| *bucket) {
                        own[column] = step.numbers[column].1.apply(value);
                    }
                });
            }
            first += step.numbers.len();
        }
        let mut active = vec![Sparse::NONE; count * groups];
        for (slot, group) in self.groups.iter().enumerate() {
            let mut put = |row: usize, code: Option<usize>| {
                if let Some(code) = code {
                    active[row * groups + slot] = group.first + code as u32;
                }
            };
            group.codes(&columns[group.feature], rows, &mut put);
        }
        Sparse { rows: count, width: self.width, numbers, groups, values, active }
    }

    /// What each step learned.
    pub fn learned(&self) -> impl Iterator<Item = (usize, Learned)> {
        let numbers = self.numbers.iter().flat_map(|step| {
            let read = step.reading.iter().map(Reading::learned);
            read.chain([Learned::number(&step.number)]).map(|learned| (step.feature, learned))
        });
        let words = self.words.iter().map(|step| (step.feature, Learned::words(step.buckets)));
        numbers.chain(words).chain(self.groups.iter().map(|group| (group.feature, group.step.learned())))
    }
}
