//! The labelled examples that are learned from, in canonical order, with the times and groups that splits need.

use arrow::record_batch::RecordBatch;
use ropeway_vocab::{Problem, Result};

/// Labelled examples only, in canonical order; every vector has one entry per row of `features`.
#[derive(Debug, Clone)]
pub struct Population {
    /// The features, one column each.
    pub features: RecordBatch,
    /// The label: 0 or 1.
    pub label: Vec<f64>,
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

    /// Checks that the parts fit together and that the label has two classes.
    ///
    /// # Errors
    /// Lengths that differ (a defect), a label that is neither 0 nor 1, no labelled example, or one class only.
    pub fn check(&self) -> Result<()> {
        let rows = self.label.len();
        let fits = self.features.num_rows() == rows
            && self.key_hash.len() == rows
            && self.at.as_ref().is_none_or(|at| at.len() == rows)
            && self.label_known.as_ref().is_none_or(|known| known.len() == rows)
            && self.group.as_ref().is_none_or(|group| group.len() == rows);
        if !fits {
            return Err(Problem::internal("the columns of the population differ in length"));
        }
        if rows == 0 {
            return Err(Problem::invalid("no-labels", "no example has a label")
                .remedy("look at `label` in `[examples]`: it must be true or false for some rows"));
        }
        if let Some(value) = self.label.iter().find(|value| **value != 0.0 && **value != 1.0) {
            return Err(Problem::invalid("label", format!("a label is {value}, and a binary label is true or false"))
                .remedy("write `label` in `[examples]` as a condition, for example \"amount > 100\""));
        }
        let positives = self.positives(0..rows as u32);
        if positives == 0 || positives == rows {
            let class = if positives == 0 { "false" } else { "true" };
            return Err(Problem::invalid(
                "one-class",
                format!("the label is {class} for all {rows} labelled examples"),
            )
            .remedy("look at `label` in `[examples]`: nothing can be learned from one class"));
        }
        Ok(())
    }

    /// How many of the rows are positive.
    pub fn positives(&self, rows: impl IntoIterator<Item = u32>) -> usize {
        rows.into_iter().filter(|row| self.label[*row as usize] == 1.0).count()
    }

    /// The labels of the rows, in their order.
    pub fn labels(&self, rows: &[u32]) -> Vec<f64> {
        rows.iter().map(|row| self.label[*row as usize]).collect()
    }
}
