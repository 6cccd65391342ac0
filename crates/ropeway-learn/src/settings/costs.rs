//! The `[costs_of_error]` section.

use ropeway_vocab::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::out_of_range;

/// The most that an error may cost. Sums of it over any number of rows stay far from the end of a double's range.
const MOST: f64 = 1e15;

/// What a wrong decision costs, in any one unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CostsOfError {
    /// A positive that was decided negative.
    pub false_negative: f64,
    /// A negative that was decided positive.
    pub false_positive: f64,
}

impl Default for CostsOfError {
    fn default() -> Self {
        Self { false_negative: 1.0, false_positive: 1.0 }
    }
}

impl CostsOfError {
    /// Refuses costs that are negative, beyond 1e15 or both zero.
    ///
    /// # Errors
    /// Names the section and the remedy.
    pub fn check(&self) -> Result<()> {
        for (key, cost) in [("false_negative", self.false_negative), ("false_positive", self.false_positive)] {
            if !(0.0..=MOST).contains(&cost) {
                let key = format!("[costs_of_error] {key}");
                let remedy = format!(
                    "a cost is a number that is not negative, and at most {MOST:e}, for example 1.0; only the ratio of both \
                     decides: write large ones in a larger unit"
                );
                return Err(out_of_range(&key, &remedy));
            }
        }
        if self.false_negative.max(self.false_positive) > 0.0 {
            return Ok(());
        }
        Err(out_of_range("[costs_of_error]", "one of the costs is more than 0"))
    }
}
