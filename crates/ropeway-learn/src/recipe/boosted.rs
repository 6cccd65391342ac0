//! The recipe for trees: numbers as they are, dates as their parts, text as category codes; or as the project says.

use arrow::array::ArrayRef;
use ropeway_vocab::ColumnType;
use serde::{Deserialize, Serialize};

use super::column;
use super::counted::Counted;
use super::cyclic::Wave;
use super::date_part::DatePart;
use super::frequency::Shares;
use super::hashing::{self, Buckets};
use super::learned::Learned;
use super::levels::Levels;
use super::number::{Number, NumberSteps};
use super::reading::Reading;
use crate::encoded::{Dense, OutputColumn};
use crate::settings::{Dates, Encode, MOST_BUCKETS_OF_WORDS, RecipeSettings, Steps};

/// Most category codes of a feature, with the one for rare levels. LightGBM gives a category a bin of its own whatever `max_bin` is, and
/// splits by none of too few rows, so that this bounds memory alone.
const MOST_CODES: usize = 8_192;
/// Most columns of a feature, one a level.
const MOST_LEVEL_COLUMNS: usize = 253;
/// Infinities become this: LightGBM's own bound of thresholds.
const BOUND: f64 = 1e300;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// Boolean, integer or float.
    Number,
    /// The same, prepared; what is missing stays so where nothing is to stand for it.
    Prepared { number: Number, filled: bool },
    /// A part of a date or instant.
    Part(DatePart),
    /// Another number that is read of a date or text.
    Reading(Reading),
    /// Category codes; missing is NaN.
    Codes(Levels),
    /// Category codes by hash; missing is NaN.
    Buckets(u32),
    /// A column a level, then rare ones.
    OneHot(Levels),
    /// Words by hash.
    Words(Buckets),
}

impl Step {
    /// How many output columns.
    fn width(&self) -> usize {
        match self {
            Self::OneHot(levels) => levels.count(),
            Self::Words(buckets) => buckets.kept.len(),
            _ => 1,
        }
    }

    fn is_sound(&self) -> bool {
        match self {
            Self::Prepared { number, .. } => number.is_sound(),
            Self::Words(buckets) => buckets.is_sound(),
            _ => true,
        }
    }

    /// Its columns, behind those that are there.
    fn encode(&self, column: &ArrayRef, rows: Option<&[u32]>, out: &mut Vec<Vec<f64>>) {
        let codes = |code: &dyn Fn(&str) -> Option<usize>| {
            let texts = column::texts(column, rows).into_iter();
            texts.map(|text| text.and_then(code).map_or(f64::NAN, |code| code as f64)).collect::<Vec<f64>>()
        };
        match self {
            Self::Number => {
                let mut numbers = column::numbers(column, rows);
                numbers.iter_mut().for_each(|number| *number = number.clamp(-BOUND, BOUND));
                out.push(numbers);
            }
            Self::Prepared { number, filled } => {
                let mut numbers = column::numbers(column, rows);
                let present = |value: &&mut f64| *filled || !value.is_nan();
                numbers.iter_mut().filter(present).for_each(|value| *value = number.apply(*value).clamp(-BOUND, BOUND));
                out.push(numbers);
            }
            Self::Part(part) => out.push(Reading::Part(*part).values(column, rows)),
            Self::Reading(reading) => out.push(reading.values(column, rows)),
            Self::Codes(levels) => out.push(codes(&|text| levels.code(text))),
            Self::Buckets(buckets) => out.push(codes(&|text| Some(hashing::bucket(text, *buckets)))),
            Self::OneHot(levels) => {
                let own = codes(&|text| levels.code(text));
                let is = |level: usize| own.iter().map(|code| f64::from(u8::from(*code == level as f64))).collect();
                out.extend((0..levels.count()).map(is));
            }
            Self::Words(buckets) => out.extend(buckets.columns(&column::texts(column, rows))),
        }
    }

    fn learned(&self) -> Learned {
        match self {
            Self::Number => Learned::as_it_is(),
            Self::Prepared { number, .. } => Learned::number(number),
            Self::Part(part) => Learned::part(*part, &[]),
            Self::Reading(reading) => reading.learned(),
            Self::Codes(levels) => Learned::levels("categories", levels, false),
            Self::Buckets(buckets) => Learned::buckets(*buckets),
            Self::OneHot(levels) => Learned::levels("one_hot", levels, false),
            Self::Words(buckets) => Learned::words(buckets.all),
        }
    }
}

/// Steps with the positions of their features, in the order of the output columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoostedRecipe {
    steps: Vec<(usize, Step)>,
}

impl BoostedRecipe {
    pub fn fit(
        features: &[(String, ColumnType)],
        columns: &[ArrayRef],
        rows: &Counted<'_>,
        settings: &RecipeSettings,
    ) -> (Self, Vec<OutputColumn>) {
        let words = settings.words_without_buckets(features.iter().map(|(name, ty)| (name.as_str(), *ty)));
        let words = (word_columns(rows.rows.len()) / words.max(1)).max(1);
        let mut steps = Vec::new();
        let mut outputs = Vec::new();
        for (feature, (name, ty)) in features.iter().enumerate() {
            for step in fit(&columns[feature], *ty, rows, (&settings.of(name, *ty), words)) {
                let categorical = matches!(step, Step::Codes(_) | Step::Buckets(_));
                outputs.extend(names(name, &step).map(|name| OutputColumn { name, feature, categorical }));
                steps.push((feature, step));
            }
        }
        (Self { steps }, outputs)
    }

    /// Whether words fall into no more buckets than they once did.
    pub fn is_of_first_format(&self) -> bool {
        let known = |step: &Step| !matches!(step, Step::Words(buckets) if buckets.all > MOST_BUCKETS_OF_WORDS);
        self.steps.iter().all(|(_, step)| known(step))
    }

    /// Whether every step reads one of the features, and together they make the outputs.
    pub fn fits(&self, features: usize, outputs: usize) -> bool {
        let width: usize = self.steps.iter().map(|(_, step)| step.width()).sum();
        width == outputs && self.steps.iter().all(|(feature, step)| *feature < features && step.is_sound())
    }

    pub fn encode(&self, columns: &[ArrayRef], rows: Option<&[u32]>, outputs: &[OutputColumn]) -> Dense {
        let count = rows.map_or_else(|| columns.first().map_or(0, |column| column.len()), <[u32]>::len);
        let mut encoded = Vec::with_capacity(outputs.len());
        self.steps.iter().for_each(|(feature, step)| step.encode(&columns[*feature], rows, &mut encoded));
        let categorical = outputs.iter().map(|output| output.categorical).collect();
        Dense { rows: count, columns: encoded, categorical }
    }

    /// What each step learned.
    pub fn learned(&self) -> impl Iterator<Item = (usize, Learned)> {
        self.steps.iter().map(|(feature, step)| (*feature, step.learned()))
    }
}

/// The steps of one feature; words that nobody says the buckets of have at most so many columns.
fn fit(column: &ArrayRef, ty: ColumnType, counted: &Counted<'_>, (steps, words): (&Steps, usize)) -> Vec<Step> {
    let (rows, weights) = (counted.rows, counted.weights());
    match ty {
        ColumnType::Boolean | ColumnType::Integer | ColumnType::Float => {
            let prepared = || Number::fit(&column::numbers(column, Some(rows)), weights, NumberSteps::for_trees(steps));
            let said = steps.impute.is_some() || steps.clip.is_some() || steps.scale.is_some();
            let number = if said { prepared() } else { None };
            let filled = steps.impute.is_some();
            vec![number.map_or(Step::Number, |number| Step::Prepared { number, filled })]
        }
        ColumnType::Date | ColumnType::Timestamp => {
            let instants = column::instants(column, Some(rows));
            let parts = DatePart::of(ty).iter().filter(|part| varies(&instants, **part));
            let cyclic = steps.dates == Some(Dates::Cyclic);
            let of_part = |part: &DatePart| match Wave::both(*part).filter(|_| cyclic) {
                Some(waves) => waves.map(|wave| Step::Reading(Reading::Wave(wave))).to_vec(),
                None => vec![Step::Part(*part)],
            };
            parts.flat_map(of_part).collect()
        }
        ColumnType::Text => {
            let texts = column::texts(column, Some(rows));
            let least = (counted.total() / 5_000.0).floor().clamp(1.0, 10.0);
            let levels = |most| Levels::fit(&texts, weights, (least, most));
            vec![match steps.encode {
                None => Step::Codes(levels(MOST_CODES)),
                Some(Encode::OneHot) => Step::OneHot(levels(MOST_LEVEL_COLUMNS)),
                Some(Encode::Ordinal) => Step::Reading(Reading::Ordinal(Levels::fit(&texts, None, (0.0, usize::MAX)))),
                Some(Encode::Frequency) => Step::Reading(Reading::Frequency(Shares::fit(&texts, counted))),
                Some(Encode::Hashing) => Step::Buckets(steps.level_buckets()),
                Some(Encode::Words) => Step::Words(Buckets::fit(&texts, steps.buckets, words)),
            }]
        }
    }
}

/// Most columns of words of all texts together: what a thousand rows and more tell apart, and so many numbers as memory has room for.
fn word_columns(rows: usize) -> usize {
    (50_000_000 / rows.max(1)).clamp(64, 1_024)
}

/// The names of a step's output columns.
fn names<'a>(feature: &'a str, step: &'a Step) -> impl Iterator<Item = String> + 'a {
    let name = move |column: usize| match step {
        Step::Number | Step::Prepared { .. } | Step::Codes(_) | Step::Buckets(_) => feature.to_owned(),
        Step::Part(part) => format!("{feature} {}", part.name()),
        Step::Reading(reading) => format!("{feature} {}", reading.name()),
        Step::OneHot(levels) => match levels.names().get(column) {
            Some(level) => format!("{feature} = {level}"),
            None => format!("{feature} rare"),
        },
        Step::Words(buckets) => {
            format!("{feature} words {}", buckets.kept.get(column).copied().unwrap_or_default())
        }
    };
    (0..step.width()).map(name)
}

/// Whether a part takes more than one value.
fn varies(instants: &[Option<i64>], part: DatePart) -> bool {
    let mut values = instants.iter().flatten().map(|instant| part.value(*instant));
    let first = values.next();
    values.any(|value| Some(value) != first)
}
