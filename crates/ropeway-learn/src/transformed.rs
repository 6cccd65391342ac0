//! A learner that was fitted to logarithms of labels, together with the way back.

use ropeway_stat::Metric;
use ropeway_vocab::Result;
use serde::{Deserialize, Serialize};

use crate::fitted::Fitted;
use crate::labels::Labels;
use crate::settings::TargetTransform;

/// What a learner says on another scale than that of labels, and how it is brought back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transformed {
    /// The scale that the learner was fitted on.
    pub transform: TargetTransform,
    /// What is added on that scale before it is brought back.
    pub shift: f64,
    /// The learner.
    pub fitted: Fitted,
}

impl Transformed {
    /// A learner fitted on this scale; how it is brought back follows from what it says of training rows with these labels.
    ///
    /// # Errors
    /// Those of `said`, which nothing is asked of where nothing is added.
    pub fn of(
        fitted: Fitted,
        (transform, metric): (TargetTransform, Metric),
        labels: &Labels,
        said: impl FnOnce(&Fitted) -> Result<Vec<f64>>,
    ) -> Result<Fitted> {
        if transform.is_identity() {
            return Ok(fitted);
        }
        let asks = transform.asks_for_shift(metric);
        let shift = if asks { transform.shift(metric, &said(&fitted)?, &transform.labels(labels)) } else { 0.0 };
        Ok(Fitted::Transformed(Box::new(Self { transform, shift, fitted })))
    }

    /// What the learner says, in units of the label.
    pub fn back(&self, mut said: Vec<f64>) -> Vec<f64> {
        said.iter_mut().for_each(|said| *said = self.transform.inverse(*said + self.shift));
        said
    }
}
