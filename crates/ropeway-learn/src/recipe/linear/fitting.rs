//! Fitting the steps of a linear recipe, feature by feature.

use std::collections::BTreeMap;

use arrow::array::ArrayRef;
use ropeway_vocab::ColumnType;

use super::super::column;
use super::super::counted::Counted;
use super::super::cyclic::Wave;
use super::super::date_part::DatePart;
use super::super::frequency::Shares;
use super::super::hashing::Buckets;
use super::super::levels::Levels;
use super::super::number::{Number, NumberSteps};
use super::super::reading::Reading;
use super::{Group, GroupStep, LinearRecipe, NumberStep, WordStep};
use crate::encoded::OutputColumn;
use crate::settings::{Dates, Encode, Steps};

/// Most one-hot columns over all text features together: the solver's matrix has this number squared.
const MOST_COLUMNS: usize = 2_500;
/// Most one-hot columns of one text feature.
const MOST_LEVELS: usize = 255;

/// A feature: its position, name and type.
type Feature<'a> = (usize, &'a str, ColumnType);

/// Most columns of words of all texts together, as long as nobody says it: a fit takes four times as long on twice as many.
fn word_columns(rows: usize) -> usize {
    match rows {
        0..=5_000 => 512,
        5_001..=200_000 => 256,
        _ => 64,
    }
}

pub struct Fitting<'a> {
    /// The training rows.
    counted: &'a Counted<'a>,
    /// Whether numbers that are far skewed are learned as their logarithms, where no scale is said.
    logarithms: bool,
    /// Fewest training rows of a level of its own.
    least: f64,
    /// Most levels of a text feature.
    most: usize,
    /// Most columns of the words of one.
    most_words: usize,
    numbers: Vec<(NumberStep, OutputColumn)>,
    words: Vec<(WordStep, Vec<OutputColumn>)>,
    groups: Vec<(usize, GroupStep, Vec<OutputColumn>)>,
}

impl<'a> Fitting<'a> {
    /// For training rows and so many text features, and among them such whose words fall into as many buckets as nobody says.
    pub fn new(counted: &'a Counted<'a>, (texts, words): (usize, usize), logarithms: bool) -> Self {
        Self {
            counted,
            logarithms,
            least: (counted.total() / 200.0).floor().clamp(2.0, 50.0),
            most: (MOST_COLUMNS / texts.max(1)).clamp(4, MOST_LEVELS),
            most_words: (word_columns(counted.rows.len()) / words.max(1)).max(1),
            numbers: Vec::new(),
            words: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// Takes the next feature.
    pub fn feature(&mut self, (feature, name, ty): Feature<'_>, column: &ArrayRef, steps: &Steps) {
        let rows = self.counted.rows;
        match ty {
            ColumnType::Boolean | ColumnType::Integer | ColumnType::Float => {
                let values = column::numbers(column, Some(rows));
                let logarithm = self.logarithms && steps.scale.is_none();
                let number = NumberSteps { logarithm, ..NumberSteps::for_linear(steps) };
                self.number((feature, name.to_owned()), None, &values, number);
                self.missing(feature, name, values.iter().filter(|value| value.is_nan()).count(), values.len());
            }
            ColumnType::Date | ColumnType::Timestamp => {
                let instants = column::instants(column, Some(rows));
                for part in DatePart::of(ty) {
                    match (steps.dates.unwrap_or(Dates::Calendar), Wave::both(*part)) {
                        (Dates::Cyclic, Some(waves)) => waves.into_iter().for_each(|wave| {
                            self.read((feature, name), Reading::Wave(wave), column, rows);
                        }),
                        (Dates::Calendar, _) if part.is_cyclic() => {
                            self.levels_of_part(feature, name, *part, &instants)
                        }
                        _ => self.read((feature, name), Reading::Part(*part), column, rows),
                    }
                }
                self.missing(feature, name, instants.iter().filter(|i| i.is_none()).count(), instants.len());
            }
            ColumnType::Text => self.text((feature, name), column, rows, steps),
        }
    }

    fn text(&mut self, (feature, name): (usize, &str), column: &ArrayRef, rows: &[u32], steps: &Steps) {
        let texts = column::texts(column, Some(rows));
        let missing = texts.iter().filter(|text| text.is_none()).count();
        match steps.encode.unwrap_or(Encode::OneHot) {
            Encode::OneHot => return self.one_hot(feature, name, &texts),
            Encode::Hashing => return self.hashed(feature, name, steps.level_buckets(), missing > 0),
            Encode::Words => self.words(feature, name, steps.buckets, &texts),
            Encode::Ordinal => {
                self.read(
                    (feature, name),
                    Reading::Ordinal(Levels::fit(&texts, None, (0.0, usize::MAX))),
                    column,
                    rows,
                );
            }
            Encode::Frequency => {
                self.read((feature, name), Reading::Frequency(Shares::fit(&texts, self.counted)), column, rows)
            }
        }
        self.missing(feature, name, missing, texts.len());
    }

    fn read(&mut self, (feature, name): (usize, &str), reading: Reading, column: &ArrayRef, rows: &[u32]) {
        let values = reading.values(column, Some(rows));
        let steps = NumberSteps::for_linear(&Steps::default());
        self.number((feature, format!("{name} {}", reading.name())), Some(reading), &values, steps);
    }

    fn number(
        &mut self,
        (feature, name): (usize, String),
        reading: Option<Reading>,
        values: &[f64],
        steps: NumberSteps,
    ) {
        if let Some(number) = Number::fit(values, self.counted.weights(), steps) {
            let output = OutputColumn { name, feature, categorical: false };
            self.numbers.push((NumberStep { feature, reading, number }, output));
        }
    }

    fn group(&mut self, feature: usize, step: GroupStep, names: Vec<String>) {
        let outputs = names.into_iter().map(|name| OutputColumn { name, feature, categorical: false }).collect();
        self.groups.push((feature, step, outputs));
    }

    fn missing(&mut self, feature: usize, name: &str, missing: usize, rows: usize) {
        if missing > 0 && missing < rows {
            self.group(feature, GroupStep::Missing, vec![format!("{name} missing")]);
        }
    }

    fn levels_of_part(&mut self, feature: usize, name: &str, part: DatePart, instants: &[Option<i64>]) {
        let mut counts = BTreeMap::<i64, f64>::new();
        for (place, instant) in instants.iter().enumerate() {
            let Some(instant) = instant else { continue };
            *counts.entry(part.value(*instant)).or_default() += self.counted.of(place);
        }
        let frequent = |count: f64| self.counted.told(count) >= self.least;
        let known: Vec<i64> = counts.iter().filter(|(_, n)| frequent(**n)).map(|(value, _)| *value).collect();
        if counts.len() > 1 && !known.is_empty() {
            let names = known.iter().map(|value| format!("{name} {} = {value}", part.name())).collect();
            self.group(feature, GroupStep::Part(part, known), names);
        }
    }

    fn one_hot(&mut self, feature: usize, name: &str, texts: &[Option<&str>]) {
        let levels = Levels::fit(texts, self.counted.weights(), (self.least, self.most));
        let missing = texts.iter().any(Option::is_none);
        if levels.count() + usize::from(missing) < 2 {
            return;
        }
        let mut names: Vec<String> = levels.names().iter().map(|level| format!("{name} = {level}")).collect();
        if levels.pooled() {
            names.push(format!("{name} rare"));
        }
        if missing {
            names.push(format!("{name} missing"));
        }
        self.group(feature, GroupStep::Levels { levels, missing }, names);
    }

    fn hashed(&mut self, feature: usize, name: &str, buckets: u32, missing: bool) {
        let mut names: Vec<String> = (0..buckets).map(|bucket| format!("{name} bucket {bucket}")).collect();
        if missing {
            names.push(format!("{name} missing"));
        }
        self.group(feature, GroupStep::Buckets { buckets, missing }, names);
    }

    fn words(&mut self, feature: usize, name: &str, buckets: Option<u32>, texts: &[Option<&str>]) {
        let buckets = Buckets::fit(texts, buckets, self.most_words);
        let columns = buckets.columns(texts);
        let Buckets { all: buckets, kept } = buckets;
        let steps = NumberSteps::for_linear(&Steps::default());
        let fitted = kept.into_iter().zip(&columns);
        let numbers: Vec<(u32, Number)> = fitted
            .filter_map(|(bucket, values)| Some((bucket, Number::fit(values, self.counted.weights(), steps.clone())?)))
            .collect();
        let output = |(bucket, _): &(u32, Number)| OutputColumn {
            name: format!("{name} words {bucket}"),
            feature,
            categorical: false,
        };
        let outputs = numbers.iter().map(output).collect();
        self.words.push((WordStep { feature, buckets, numbers }, outputs));
    }

    /// The recipe, and the columns that it makes.
    pub fn finish(self) -> (LinearRecipe, Vec<OutputColumn>) {
        let (numbers, mut outputs): (Vec<NumberStep>, Vec<OutputColumn>) = self.numbers.into_iter().unzip();
        let mut words = Vec::with_capacity(self.words.len());
        for (step, names) in self.words {
            words.push(step);
            outputs.extend(names);
        }
        let mut groups = Vec::with_capacity(self.groups.len());
        for (feature, step, names) in self.groups {
            groups.push(Group { feature, first: outputs.len() as u32, step });
            outputs.extend(names);
        }
        (LinearRecipe { numbers, words, groups, width: outputs.len() }, outputs)
    }
}
