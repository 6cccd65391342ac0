//! Labels as numbers: what each task takes of the values that the project's expression gives.

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Float64Type;
use ropeway_learn::{Target, Task};
use ropeway_vocab::{ColumnType, Problem, Result};

/// Most classes of a label: each has trees of its own in every round.
const MOST_CLASSES: usize = 200;

/// Whether a task can take labels of a type.
///
/// # Errors
/// Text for a number or for a yes or no, with what to write instead.
pub(crate) fn check_label(ty: ColumnType, task: Task) -> Result<()> {
    let (what, remedy) = match (task, ty) {
        (Task::Binary, ColumnType::Text) => (
            "[examples] label is text, and `task` of [learn] is \"binary\"",
            "write a condition, for example label = \"status = 'bad'\", or state task = \"multiclass\" in [learn]: then each of \
             its values is a class",
        ),
        (Task::Regression, ColumnType::Text | ColumnType::Boolean) => (
            "[examples] label is no number, and `task` of [learn] is \"regression\"",
            "write an expression that gives a number, for example label = \"CAST(price AS DOUBLE)\", or state another `task` in \
             [learn]",
        ),
        (Task::Multiclass, ColumnType::Float) => (
            "[examples] label is a number with a fraction, and `task` of [learn] is \"multiclass\"",
            "state task = \"regression\" in [learn], or make classes of it, for example label = \"CASE WHEN x < 10 THEN 'low' ELSE \
             'high' END\"",
        ),
        _ => return Ok(()),
    };
    Err(Problem::invalid("column-type", what).remedy(remedy))
}

/// The labels of labelled examples as numbers, and what they are. Classes stand in the order of their values.
pub(crate) fn labels(stored: &ArrayRef, ty: ColumnType, task: Task) -> Result<(Target, Vec<f64>)> {
    check_label(ty, task)?;
    let numbers = || -> Result<Vec<f64>> {
        let floats =
            stored.as_primitive_opt::<Float64Type>().ok_or_else(|| Problem::internal("labels are no numbers"))?;
        Ok(floats.values().to_vec())
    };
    match (task, ty) {
        (Task::Binary, _) => Ok((Target::Binary, numbers()?)),
        (Task::Regression, _) => Ok((Target::Number, numbers()?)),
        (Task::Multiclass, ColumnType::Text) => {
            let texts =
                stored.as_string_opt::<i32>().ok_or_else(|| Problem::internal("labels of classes are no texts"))?;
            let values: Vec<&str> = (0..texts.len()).map(|row| texts.value(row)).collect();
            classes(&values, |value| (*value).to_owned())
        }
        (Task::Multiclass, ty) => {
            let values: Vec<i64> = numbers()?.into_iter().map(|value| value as i64).collect();
            classes(
                &values,
                |value| if ty == ColumnType::Boolean { (*value == 1).to_string() } else { value.to_string() },
            )
        }
    }
}

/// Each value's place among all, and their names.
fn classes<T: Ord>(values: &[T], name: impl Fn(&T) -> String) -> Result<(Target, Vec<f64>)> {
    let mut places: BTreeMap<&T, usize> = values.iter().map(|value| (value, 0)).collect();
    if places.len() > MOST_CLASSES {
        return Err(Problem::invalid(
            "too-many-classes",
            format!("the label has {} different values, and {MOST_CLASSES} classes are the most", places.len()),
        )
        .remedy(
            "if it is a number, state task = \"regression\" in [learn]; if it names the row or is free text, choose another \
             label; else put rare values together in the SQL of its table",
        ));
    }
    places.values_mut().enumerate().for_each(|(place, of)| *of = place);
    let names = places.keys().map(|value| name(value)).collect();
    Ok((Target::Classes(names), values.iter().map(|value| places[value] as f64).collect()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, StringArray};

    use super::*;

    fn texts(values: &[&str]) -> ArrayRef {
        Arc::new(StringArray::from(values.to_vec()))
    }

    fn floats(values: &[f64]) -> ArrayRef {
        Arc::new(Float64Array::from(values.to_vec()))
    }

    fn of_classes(names: &[&str]) -> Target {
        Target::Classes(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn classes_are_named_and_numbered_in_the_order_of_their_values() {
        let found = labels(&texts(&["storm", "calm", "storm"]), ColumnType::Text, Task::Multiclass).unwrap();
        assert_eq!(found, (of_classes(&["calm", "storm"]), vec![1.0, 0.0, 1.0]));
        let found = labels(&floats(&[10.0, 9.0, -1.0, 9.0]), ColumnType::Integer, Task::Multiclass).unwrap();
        assert_eq!(found, (of_classes(&["-1", "9", "10"]), vec![2.0, 1.0, 0.0, 1.0]));
        let found = labels(&floats(&[1.0, 0.0]), ColumnType::Boolean, Task::Multiclass).unwrap();
        assert_eq!(found, (of_classes(&["false", "true"]), vec![1.0, 0.0]));
        let found = labels(&floats(&[1.5, 0.0]), ColumnType::Float, Task::Regression).unwrap();
        assert_eq!(found, (Target::Number, vec![1.5, 0.0]));
    }

    #[test]
    fn what_is_no_label_of_its_task_is_refused_with_what_to_write() {
        let refused = |stored: &ArrayRef, ty, task, remedy: &str| {
            let problem = labels(stored, ty, task).unwrap_err();
            assert!(problem.advice().unwrap().contains(remedy), "{problem}");
        };
        refused(&texts(&["a"]), ColumnType::Text, Task::Binary, "status = 'bad'");
        refused(&texts(&["a"]), ColumnType::Text, Task::Regression, "CAST");
        refused(&floats(&[0.5]), ColumnType::Float, Task::Multiclass, "CASE WHEN");
        let unique: Vec<String> = (0..300).map(|row| format!("id {row}")).collect();
        let unique = texts(&unique.iter().map(String::as_str).collect::<Vec<_>>());
        refused(&unique, ColumnType::Text, Task::Multiclass, "names the row");
    }
}
