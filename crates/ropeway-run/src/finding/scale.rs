//! The finding that weights are of another size than rows are.

use crate::population::SplitRecord;
use crate::report::FindingReport;
use crate::weights::SplitWeights;

/// How far from 1 the mean weight may lie before it is told.
const FAR: f64 = 10.0;

/// Penalties, and what a leaf needs at least, are told in rows: what these count is to be of their size.
pub(super) fn far(split: &SplitRecord, column: Option<&str>) -> Vec<FindingReport> {
    let of = |(weight, column): (SplitWeights, &str)| {
        let mean = weight.train / split.train as f64;
        let far = !(1.0 / FAR..=FAR).contains(&mean);
        far.then(|| FindingReport {
            code: "weight-scale".into(),
            message: format!(
                "the {} examples to learn from have weights of `{column}` that sum up to {:.4}: penalties weigh against them as against \
                 so many examples, {} here",
                split.train,
                weight.train,
                if mean < 1.0 { "and learners learn little" } else { "and hold learners back less than they should" }
            ),
            remedy: format!(
                "an example of weight 1 counts as one: divide `{column}` by its mean in the SQL of its table, unless it is how often a row \
                 occurred"
            ),
            column: Some(column.to_owned()),
            ..FindingReport::default()
        })
    };
    split.weight.zip(column).and_then(of).into_iter().collect()
}
