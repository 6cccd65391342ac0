//! Features that are filled in for one class alone, or left empty for one alone, or have a level for one alone, in however few examples: what the figure of
//! one feature over all examples does not show, and is as often written with the outcome.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::compute::{cast, is_not_null};
use arrow::datatypes::{DataType, Float64Type};
use ropeway_stat::{OneClass, Usual, levels_of_one_class};
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use crate::Population;
use crate::target::Target;

/// A feature, and what is seen of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// The feature.
    pub feature: String,
    /// What the class is called.
    pub class: String,
    /// Where it has a value, or none, or another than 0, or one of its levels.
    pub seen: OneClass,
}

/// All such features, in these rows; none of a label that is a number. Rows of one group count as one where chance is asked. Levels
/// of what is `personal` are not looked at, since they would be named.
///
/// # Errors
/// Defects only.
pub fn filled_alone(population: &Population, rows: &[u32], personal: &[String]) -> Result<Vec<Filled>> {
    let names: Vec<String> = match &population.target {
        Target::Binary => vec!["false".into(), "true".into()],
        Target::Classes(names) => names.clone(),
        Target::Number => return Ok(Vec::new()),
    };
    let features = &population.features;
    let mut found = Vec::new();
    for (field, column) in features.schema().fields().iter().zip(features.columns()) {
        let kinds = match column.data_type() {
            DataType::Int64 | DataType::Float64 => vec![Usual::Nothing, Usual::Zero],
            _ => vec![Usual::Nothing],
        };
        let (levels, looked) = if personal.contains(field.name()) {
            (Vec::new(), 0)
        } else {
            levels(population, rows, column, names.len())?
        };
        let sides = 2 * kinds.len();
        let asked = kinds.into_iter().map(|usual| (usual, sides)).chain(levels.into_iter().map(|of| (of, looked)));
        for (usual, kinds) in asked {
            let differs = differs(column, &usual)?;
            let group = |row: usize| population.group.as_ref().map(|group| group[row]);
            let of = |row: &u32| {
                let row = *row as usize;
                (population.label[row] as usize, differs.is_valid(row) && differs.value(row), group(row))
            };
            let tests = (features.num_columns() * names.len() * kinds) as f64;
            if let Some(seen) = OneClass::find(rows.iter().map(of), names.len(), &usual, tests) {
                found.push(Filled { feature: field.name().clone(), class: names[seen.class].clone(), seen });
                break;
            }
        }
    }
    Ok(found)
}

/// The levels of a text or of a boolean that could be of one class alone, and how many were looked at.
fn levels(population: &Population, rows: &[u32], column: &ArrayRef, classes: usize) -> Result<(Vec<Usual>, usize)> {
    if !matches!(column.data_type(), DataType::Utf8 | DataType::Boolean) {
        return Ok((Vec::new(), 0));
    }
    let texts = cast(column, &DataType::Utf8).map_err(defect)?;
    let texts = texts.as_string::<i32>();
    let rows = rows.iter().map(|row| *row as usize).filter(|row| texts.is_valid(*row));
    let (levels, looked) =
        levels_of_one_class(rows.map(|row| (population.label[row] as usize, texts.value(row))), classes);
    Ok((levels.into_iter().map(|of| Usual::Not(of.level.to_owned())).collect(), looked))
}

/// Where a column is other than usual.
fn differs(column: &ArrayRef, usual: &Usual) -> Result<BooleanArray> {
    match usual {
        Usual::Nothing => is_not_null(column).map_err(defect),
        Usual::Zero => {
            let numbers = cast(column, &DataType::Float64).map_err(defect)?;
            let other = |number: f64| number.is_finite() && number != 0.0;
            Ok(BooleanArray::from_unary(numbers.as_primitive::<Float64Type>(), other))
        }
        Usual::Not(level) => {
            let texts = cast(column, &DataType::Utf8).map_err(defect)?;
            Ok(BooleanArray::from_unary(texts.as_string::<i32>(), |text| text == level))
        }
        // Words are held against classes before anything trains.
        Usual::Without(_) => Ok(BooleanArray::new_null(column.len())),
    }
}

fn defect(error: arrow::error::ArrowError) -> Problem {
    Problem::internal(format!("looking where a feature has values: {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, Int64Array, RecordBatch, StringArray};

    use super::*;

    /// A third of 600 examples are of the second class; of which one in four has a reason and a fee, as none of the others.
    fn population(target: Target, group: Option<fn(u64) -> u64>) -> Population {
        let second = |row: i64| row % 3 == 0;
        let some = |row: i64| second(row) && row % 4 == 0;
        let reason = StringArray::from_iter((0..600).map(|row| some(row).then_some("price")));
        let fee = Float64Array::from_iter_values((0..600).map(|row| if some(row) { 9.5 } else { -0.0 }));
        let asked = StringArray::from_iter((0..600).map(|row| (!some(row)).then_some("yes")));
        let count = Int64Array::from_iter_values((0..600).map(|row| i64::from(row % 4 == 0)));
        let seldom = StringArray::from_iter((0..600).map(|row| (row % 5 == 0).then_some("price")));
        let state = StringArray::from_iter_values((0..600).map(|row| if some(row) { "refunded" } else { "open" }));
        let columns: [(&str, ArrayRef); 7] = [
            ("state", Arc::new(state.clone())),
            ("hidden", Arc::new(state)),
            ("reason", Arc::new(reason)),
            ("fee", Arc::new(fee)),
            ("asked", Arc::new(asked)),
            ("count", Arc::new(count)),
            ("seldom", Arc::new(seldom)),
        ];
        Population {
            features: RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true)))
                .unwrap(),
            recipe: crate::settings::RecipeSettings::default(),
            target,
            at: None,
            weight: None,
            label_known: None,
            group: group.map(|group| (0..600).map(group).collect()),
            key_hash: vec![0; 600],
            label: (0..600).map(|row| f64::from(u8::from(second(row)))).collect(),
        }
    }

    fn said(population: &Population) -> Vec<String> {
        let rows: Vec<u32> = (0..600).collect();
        let found = filled_alone(population, &rows, &["hidden".to_owned()]).unwrap();
        found.iter().map(|found| format!("{} {}", found.feature, found.seen.said("left", &found.class))).collect()
    }

    #[test]
    fn a_feature_of_one_class_alone_is_found_in_a_part_of_it_and_an_honest_one_is_not() {
        let end = "in 50 of 600 rows, and in all of these `left` is `true`, as in 150 rows";
        let want = [
            format!("state is `refunded` {end} where it is not"),
            format!("reason has a value {end} without a value"),
            format!("fee is not 0 {end} with 0"),
            format!("asked is missing {end} with a value"),
        ];
        assert_eq!(said(&population(Target::Binary, None)), want);
        let classes = said(&population(Target::Classes(vec!["stays".into(), "goes".into()]), None));
        assert_eq!(classes, want.map(|text| text.replace("`true`", "`goes`")));
    }

    #[test]
    fn rows_of_few_groups_and_labels_that_are_numbers_say_nothing() {
        assert_eq!(said(&population(Target::Binary, Some(|row| row))).len(), 4);
        // Those of the class are of three groups.
        assert_eq!(said(&population(Target::Binary, Some(|row| row / 200))), Vec::<String>::new());
        assert_eq!(said(&population(Target::Number, None)), Vec::<String>::new());
    }
}
