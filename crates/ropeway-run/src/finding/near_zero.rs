//! The finding that mape says nothing, since labels are 0 or nearly so: it divides each error by its label.

use ropeway_learn::{Population, Split, Target};
use serde::{Deserialize, Serialize};

use crate::population::SplitRecord;
use crate::report::FindingReport;

/// The share of the median label below which a label is near 0: an error of the size of a usual label counts a hundredfold.
const NEAR: f64 = 0.01;

/// Labels of the rows that are judged, folds and holdout together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NearZero {
    /// Those that are 0, or nearer to it than a hundredth of the median.
    near: u64,
    of: u64,
}

impl NearZero {
    /// Those of a split; none where labels are no numbers.
    pub fn of(population: &Population, split: &Split) -> Self {
        if population.target != Target::Number {
            return Self::default();
        }
        let rows = split.validated().into_iter().chain(split.holdout.iter().copied());
        Self::among(rows.map(|row| population.label[row as usize].abs()).collect())
    }

    fn among(mut sizes: Vec<f64>) -> Self {
        if sizes.is_empty() {
            return Self::default();
        }
        let middle = sizes.len() / 2;
        let median = *sizes.select_nth_unstable_by(middle, f64::total_cmp).1;
        let near = sizes.iter().filter(|size| **size == 0.0 || **size < NEAR * median).count();
        Self { near: near as u64, of: sizes.len() as u64 }
    }
}

pub(super) fn near_zero(split: &SplitRecord) -> Option<FindingReport> {
    let NearZero { near, of } = split.near_zero;
    (near > 0).then(|| FindingReport {
        code: "mape-near-zero".into(),
        message: format!(
            "mape says nothing here: it divides each error by the label, and {near} of the {of} labels that models are judged by {} 0 \
             or less than 1% of the median label",
            if near == 1 { "is" } else { "are" }
        ),
        column: Some("examples.label".into()),
        remedy: "judge by mae or rmse (`metric` in [learn], and in gates), or by rmsle where sizes differ by much; mape is no figure \
                 to choose or to report by"
            .into(),
        ..FindingReport::default()
    })
}

#[cfg(test)]
mod tests {
    use super::NearZero;

    #[test]
    fn labels_near_zero_are_counted_against_the_median() {
        let among = |sizes: &[f64]| NearZero::among(sizes.to_vec()).near;
        assert_eq!(among(&[100.0, 200.0, 150.0, 160.0, 1.4]), 1, "1.4 is less than a hundredth of 150");
        assert_eq!(among(&[100.0, 200.0, 150.0, 160.0, 1.6]), 0);
        assert_eq!((among(&[0.0, 3.0, 4.0]), among(&[0.0, 0.0, 0.0, 2.0]), among(&[])), (1, 3, 0));
        assert_eq!((among(&[1e-9, 2e-9]), among(&[5.0; 4])), (0, 0));
    }
}
