//! The labelled examples that are learned from, in canonical order, with the times and groups that splits need.

use arrow::record_batch::RecordBatch;
use ropeway_vocab::{Problem, Result};

use crate::labels::Labels;
use crate::settings::RecipeSettings;
use crate::target::Target;

/// Labelled examples only, in canonical order; every vector has one entry per row of `features`.
#[derive(Debug, Clone)]
pub struct Population {
    /// The features, one column each.
    pub features: RecordBatch,
    /// How they are prepared.
    pub recipe: RecipeSettings,
    /// What the labels are.
    pub target: Target,
    /// The labels, as the target has them.
    pub label: Vec<f64>,
    /// How much each example counts, above 0; each once if `None`.
    pub weight: Option<Vec<f64>>,
    /// The prediction time in microseconds UTC, where the project has one.
    pub at: Option<Vec<i64>>,
    /// When the label became known in microseconds UTC; a missing one is never known.
    pub label_known: Option<Vec<Option<i64>>>,
    /// A hash of the group columns, where the split is by group.
    pub group: Option<Vec<u64>>,
    /// A hash of the example's key, by which random parts are drawn.
    pub key_hash: Vec<u64>,
}

impl Population {
    /// How many examples.
    pub fn rows(&self) -> usize {
        self.label.len()
    }

    /// Checks that the parts fit together and that there is something to tell apart.
    ///
    /// # Errors
    /// Lengths that differ (a defect), a label that its target does not have, no labelled example, or one class only.
    pub fn check(&self) -> Result<()> {
        let rows = self.label.len();
        let fits = self.features.num_rows() == rows
            && self.key_hash.len() == rows
            && self.weight.as_ref().is_none_or(|weight| weight.len() == rows)
            && self.at.as_ref().is_none_or(|at| at.len() == rows)
            && self.label_known.as_ref().is_none_or(|known| known.len() == rows)
            && self.group.as_ref().is_none_or(|group| group.len() == rows);
        if !fits {
            return Err(Problem::internal("the columns of the population differ in length"));
        }
        let Some(first) = self.label.first() else {
            return Err(Problem::invalid("no-labels", "no example has a label")
                .remedy("look at `label` in `[examples]`: it must be there for some rows"));
        };
        self.check_values()?;
        if self.label.iter().all(|label| label == first) {
            return Err(Problem::invalid(
                "one-class",
                format!("the label is {} for all {rows} labelled examples", self.name(*first)),
            )
            .remedy("look at `label` in `[examples]`: nothing can be learned from one class"));
        }
        Ok(())
    }

    fn check_values(&self) -> Result<()> {
        match &self.target {
            Target::Binary => match self.label.iter().find(|value| **value != 0.0 && **value != 1.0) {
                None => Ok(()),
                Some(value) => Err(Problem::invalid(
                    "label",
                    format!("a label is {value}, and a binary label is true or false"),
                )
                .remedy(
                    "write `label` in `[examples]` as a condition, for example \"amount > 100\", or state `task = \"multiclass\"` or \
                     `task = \"regression\"` in `[learn]`",
                )),
            },
            Target::Classes(names) => match self.label.iter().find(|value| **value >= names.len() as f64) {
                None => Ok(()),
                Some(value) => Err(Problem::internal(format!("class {value} of {}", names.len()))),
            },
            // Boosting keeps labels with seven digits, up to about 1e38.
            Target::Number => match self.label.iter().find(|value| value.is_nan() || value.abs() >= f64::from(f32::MAX)) {
                None => Ok(()),
                Some(value) => Err(Problem::invalid("label", format!("a label is {value}, which is too large"))
                    .remedy("write `label` in a larger unit, or leave such rows out with a check")),
            },
        }
    }

    /// What a label is called.
    pub fn name(&self, label: f64) -> String {
        match &self.target {
            Target::Binary => (label == 1.0).to_string(),
            Target::Classes(names) => names.get(label as usize).map_or(label.to_string(), |name| format!("`{name}`")),
            Target::Number => label.to_string(),
        }
    }

    /// The values of the labels that parts are to have in equal shares: its classes, or all numbers together.
    pub fn strata(&self) -> Vec<Option<f64>> {
        match &self.target {
            Target::Binary => vec![Some(0.0), Some(1.0)],
            Target::Classes(names) => (0..names.len()).map(|class| Some(class as f64)).collect(),
            Target::Number => vec![None],
        }
    }

    /// How many of the rows are positive.
    pub fn positives(&self, rows: impl IntoIterator<Item = u32>) -> usize {
        rows.into_iter().filter(|row| self.label[*row as usize] == 1.0).count()
    }

    /// The labels of the rows with their weights, in their order.
    pub fn labels(&self, rows: &[u32]) -> Labels {
        let of = |values: &Vec<f64>| rows.iter().map(|row| values[*row as usize]).collect();
        Labels::weighted(of(&self.label), self.weight.as_ref().map(of))
    }
}
