//! Weights by column: what `weight` of [learn] may name, and what its values may be.

use arrow::array::{Array, AsArray, BooleanArray};
use arrow::compute::filter;
use arrow::datatypes::Float64Type;
use ropeway_feature::{Examples, FeaturePlan};
use ropeway_learn::{Population, Split};
use ropeway_project::Project;
use ropeway_table::TablePlan;
use ropeway_vocab::{ColumnType, Problem, Result, nearest};
use serde::{Deserialize, Serialize};

use crate::batch::arrow_defect;
use crate::features::Featured;

/// Between these all sums and squares of weights are numbers, also with the seven digits that boosting keeps.
const COUNTS: std::ops::RangeInclusive<f64> = 1e-30..=1e30;

/// What the labelled examples count, where they have weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightReport {
    /// The column that says how much each counts.
    pub column: String,
    /// Examples of weight 0: they have a label, and are neither learned from nor measured on.
    pub zero: u64,
    /// The sum of the weights that are learned from.
    pub train: f64,
    /// The sum of those that are held out.
    pub holdout: f64,
}

/// Sums of weights by part.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct SplitWeights {
    pub train: f64,
    pub holdout: f64,
}

impl SplitWeights {
    /// Those of a split; none where each example counts once.
    pub fn of(population: &Population, split: &Split) -> Option<Self> {
        population.weight.as_ref()?;
        let total = |rows: &[u32]| population.labels(rows).total();
        Some(Self { train: total(&split.train), holdout: total(&split.holdout) })
    }
}

/// Whether `weight` of [learn] names a column that may be one: a number of the table of the examples, and neither key nor label.
///
/// # Errors
/// What it names instead, with the nearest name or what to write.
pub(crate) fn check(project: &Project, tables: &TablePlan, features: &FeaturePlan) -> Result<()> {
    let Some(name) = &project.settings.learn.weight else { return Ok(()) };
    let table = features.examples_table();
    let columns = &tables.schema(table)?.columns;
    let place = || project.place(&["learn", "weight"]);
    let Some(column) = columns.iter().find(|column| column.name == *name) else {
        let what = format!("`weight` of [learn] names `{name}`, which is no column of table `{table}`");
        let near = nearest(name, columns.iter().map(|column| column.name.as_str()));
        let remedy = near.map_or_else(
            || format!("name a column of `{table}`, or add it in its SQL"),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(Problem::invalid("unknown-column", what).remedy(remedy).at(place()));
    };
    let refused = |is: &str, remedy: &str| {
        let what = format!("`weight` of [learn] names `{name}`, which is {is}");
        Err(Problem::invalid("weight-column", what).remedy(remedy).at(place()))
    };
    if features.key().iter().any(|key| key.name == *name) {
        return refused("the key of the examples", "name the column that says how much an example counts");
    }
    if features.settings().examples.label.trim().trim_matches('"') == name {
        return refused(
            "the label",
            "name the column that says how much an example counts; a label that is to weigh itself needs a column of its own \
             in the SQL of the table",
        );
    }
    match column.ty {
        ColumnType::Integer | ColumnType::Float => Ok(()),
        other => refused(
            &format!("{other}, and no number"),
            &format!("make a number of it in the SQL of `{table}`, for example CAST({name} AS DOUBLE)"),
        ),
    }
}

/// The weights of the examples that count; none where each counts once.
///
/// # Errors
/// A labelled example whose weight is missing, below zero, or too large or small to count with, by its name; or all zero.
pub(crate) fn weights(examples: &Examples, of: &Featured, counted: &BooleanArray) -> Result<Option<Vec<f64>>> {
    let Some(column) = examples.weights() else { return Ok(None) };
    let column = column
        .as_primitive_opt::<Float64Type>()
        .ok_or_else(|| Problem::internal("the weights of examples are no numbers"))?;
    let fits = |row: usize| column.is_valid(row) && COUNTS.contains(&column.value(row));
    if let Some(row) = (0..column.len()).find(|row| counted.value(*row) && !fits(*row)) {
        let what = if column.is_null(row) {
            "missing".to_owned()
        } else if of.weight_personal {
            "no such number".to_owned()
        } else {
            column.value(row).to_string()
        };
        return Err(Problem::invalid(
            "weight-value",
            format!("the weight of {} is {what}", of.plan.example_name(&examples.batch, row)),
        )
        .remedy(
            "a weight is how often an example counts: 0, or a number from 1e-30 to 1e30; mend it in the SQL of the table, for \
             example COALESCE(weight, 1), or leave such rows out with a check",
        ));
    }
    let labels = examples.labels()?;
    if counted.true_count() == 0 && labels.null_count() < labels.len() {
        return Err(Problem::invalid("weight-value", "the weight of every labelled example is 0: none counts")
            .remedy("look at the column that `weight` of [learn] names, or take the setting out"));
    }
    let kept = filter(column, counted).map_err(arrow_defect)?;
    Ok(Some(kept.as_primitive::<Float64Type>().values().to_vec()))
}
