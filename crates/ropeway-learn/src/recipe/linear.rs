//! The recipe for linear models: numbers imputed, clipped and standardised with an indicator of what was missing;
//! text and cyclic date parts one-hot with rare levels pooled.

use arrow::array::ArrayRef;
use ropeway_vocab::ColumnType;
use serde::{Deserialize, Serialize};

use super::column;
use super::date_part::DatePart;
use super::levels::Levels;
use super::number::Number;
use crate::encoded::{OutputColumn, Sparse};

/// Most one-hot columns over all text features together: the solver's matrix has this number squared.
const MOST_COLUMNS: usize = 2_500;
/// Most one-hot columns of one text feature.
const MOST_LEVELS: usize = 255;

/// A number column: a number, or a date part whose effect may be a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct NumberStep {
    feature: usize,
    part: Option<DatePart>,
    number: Number,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum GroupStep {
    /// One column: the feature is missing.
    Missing,
    /// One column for each of these values of a date part.
    Part(DatePart, Vec<i64>),
    /// One column a level, then rare ones, then missing, where these occurred.
    Levels { levels: Levels, missing: bool },
}

impl GroupStep {
    /// How many output columns.
    fn width(&self) -> usize {
        match self {
            Self::Missing => 1,
            Self::Part(_, known) => known.len(),
            Self::Levels { levels, missing } => levels.count() + usize::from(*missing),
        }
    }
}

/// A one-hot group with its first output column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Group {
    feature: usize,
    first: u32,
    step: GroupStep,
}

/// Numbers first, then the one-hot groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinearRecipe {
    numbers: Vec<NumberStep>,
    groups: Vec<Group>,
    width: usize,
}

struct Fitting {
    /// Fewest training rows of a level of its own.
    least: usize,
    /// Most levels of a text feature.
    most: usize,
    numbers: Vec<NumberStep>,
    number_names: Vec<OutputColumn>,
    groups: Vec<(usize, GroupStep)>,
    group_names: Vec<Vec<OutputColumn>>,
}

impl LinearRecipe {
    pub fn fit(features: &[(String, ColumnType)], columns: &[&ArrayRef], rows: &[u32]) -> (Self, Vec<OutputColumn>) {
        let texts = features.iter().filter(|(_, ty)| *ty == ColumnType::Text).count();
        let mut fitting = Fitting {
            least: (rows.len() / 200).clamp(2, 50),
            most: (MOST_COLUMNS / texts.max(1)).clamp(4, MOST_LEVELS),
            numbers: Vec::new(),
            number_names: Vec::new(),
            groups: Vec::new(),
            group_names: Vec::new(),
        };
        for (feature, (name, ty)) in features.iter().enumerate() {
            let column = columns[feature];
            match ty {
                ColumnType::Boolean | ColumnType::Integer | ColumnType::Float => {
                    let values = column::numbers(column, Some(rows));
                    fitting.number(feature, name, None, &values);
                    let missing = values.iter().filter(|value| value.is_nan()).count();
                    fitting.missing(feature, name, missing, values.len());
                }
                ColumnType::Date | ColumnType::Timestamp => {
                    fitting.instants(feature, name, *ty, &column::instants(column, Some(rows)));
                }
                ColumnType::Text => fitting.text(feature, name, &column::texts(column, Some(rows))),
            }
        }
        fitting.finish()
    }

    /// Whether every step reads one of the features and the groups fill the outputs without a gap.
    pub fn fits(&self, features: usize, outputs: usize) -> bool {
        let mut next = self.numbers.len();
        let numbers = self.numbers.iter().all(|step| step.feature < features && step.number.is_sound());
        let groups = self.groups.iter().all(|group| {
            let follows = group.first as usize == next && group.feature < features;
            next = next.saturating_add(group.step.width());
            follows
        });
        numbers && groups && next == self.width && self.width == outputs
    }

    pub fn encode(&self, columns: &[&ArrayRef], rows: Option<&[u32]>) -> Sparse {
        let count = rows.map_or_else(|| columns.first().map_or(0, |column| column.len()), <[u32]>::len);
        let (numbers, groups) = (self.numbers.len(), self.groups.len());
        let mut values = vec![0.0; count * numbers];
        for (slot, step) in self.numbers.iter().enumerate() {
            let column = columns[step.feature];
            let raw = match step.part {
                None => column::numbers(column, rows),
                Some(part) => part_values(&column::instants(column, rows), part),
            };
            for (row, value) in raw.into_iter().enumerate() {
                values[row * numbers + slot] = step.number.apply(value);
            }
        }
        let mut active = vec![Sparse::NONE; count * groups];
        for (slot, group) in self.groups.iter().enumerate() {
            let mut put = |row: usize, code: Option<usize>| {
                if let Some(code) = code {
                    active[row * groups + slot] = group.first + code as u32;
                }
            };
            group.codes(columns[group.feature], rows, &mut put);
        }
        Sparse { rows: count, width: self.width, numbers, groups, values, active }
    }
}

impl Group {
    /// Calls `put(row, code)` for each row.
    fn codes(&self, column: &ArrayRef, rows: Option<&[u32]>, put: &mut impl FnMut(usize, Option<usize>)) {
        match &self.step {
            GroupStep::Missing if column::is_instant(column) => {
                for (row, instant) in column::instants(column, rows).into_iter().enumerate() {
                    put(row, instant.is_none().then_some(0));
                }
            }
            GroupStep::Missing => {
                for (row, number) in column::numbers(column, rows).into_iter().enumerate() {
                    put(row, number.is_nan().then_some(0));
                }
            }
            GroupStep::Part(part, known) => {
                for (row, instant) in column::instants(column, rows).into_iter().enumerate() {
                    put(row, instant.and_then(|instant| known.binary_search(&part.value(instant)).ok()));
                }
            }
            GroupStep::Levels { levels, missing } => {
                for (row, text) in column::texts(column, rows).into_iter().enumerate() {
                    let code = match text {
                        Some(text) => levels.code(text),
                        None => missing.then_some(levels.count()),
                    };
                    put(row, code);
                }
            }
        }
    }
}

impl Fitting {
    fn number(&mut self, feature: usize, name: &str, part: Option<DatePart>, values: &[f64]) {
        if let Some(number) = Number::fit(values) {
            let name = part.map_or_else(|| name.to_owned(), |part| format!("{name} {}", part.name()));
            self.numbers.push(NumberStep { feature, part, number });
            self.number_names.push(OutputColumn { name, feature, categorical: false });
        }
    }

    fn group(&mut self, feature: usize, step: GroupStep, names: Vec<String>) {
        self.groups.push((feature, step));
        self.group_names
            .push(names.into_iter().map(|name| OutputColumn { name, feature, categorical: false }).collect());
    }

    /// An indicator, where some training rows are missing and some are not.
    fn missing(&mut self, feature: usize, name: &str, missing: usize, rows: usize) {
        if missing > 0 && missing < rows {
            self.group(feature, GroupStep::Missing, vec![format!("{name} missing")]);
        }
    }

    fn instants(&mut self, feature: usize, name: &str, ty: ColumnType, instants: &[Option<i64>]) {
        for part in DatePart::of(ty) {
            if !part.is_cyclic() {
                self.number(feature, name, Some(*part), &part_values(instants, *part));
                continue;
            }
            let mut counts = std::collections::BTreeMap::<i64, usize>::new();
            for instant in instants.iter().flatten() {
                *counts.entry(part.value(*instant)).or_default() += 1;
            }
            let known: Vec<i64> = counts.iter().filter(|(_, n)| **n >= self.least).map(|(value, _)| *value).collect();
            if counts.len() > 1 && !known.is_empty() {
                let names = known.iter().map(|value| format!("{name} {} = {value}", part.name())).collect();
                self.group(feature, GroupStep::Part(*part, known), names);
            }
        }
        self.missing(feature, name, instants.iter().filter(|i| i.is_none()).count(), instants.len());
    }

    fn text(&mut self, feature: usize, name: &str, texts: &[Option<&str>]) {
        let levels = Levels::fit(texts, self.least, self.most);
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

    fn finish(self) -> (LinearRecipe, Vec<OutputColumn>) {
        let mut outputs = self.number_names;
        let mut groups = Vec::with_capacity(self.groups.len());
        for ((feature, step), names) in self.groups.into_iter().zip(self.group_names) {
            groups.push(Group { feature, first: outputs.len() as u32, step });
            outputs.extend(names);
        }
        (LinearRecipe { numbers: self.numbers, groups, width: outputs.len() }, outputs)
    }
}

fn part_values(instants: &[Option<i64>], part: DatePart) -> Vec<f64> {
    instants.iter().map(|instant| instant.map_or(f64::NAN, |instant| part.value(instant) as f64)).collect()
}
