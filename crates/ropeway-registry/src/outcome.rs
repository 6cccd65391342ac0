//! How a gate ended, and what the outcomes of all gates allow.

use serde::{Deserialize, Serialize};

/// How a gate ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateOutcome {
    /// What must hold.
    pub that: String,
    /// Whether it does; `None` where it needs a holdout that was not opened.
    pub passed: Option<bool>,
    /// The figure that was compared, for people.
    #[serde(skip)]
    pub measured: Option<f64>,
}

/// Whether a version with these outcomes may be champion. No gates forbid nothing; a gate that is still
/// open does.
pub(crate) fn all_passed(outcomes: &[GateOutcome]) -> bool {
    outcomes.iter().all(|outcome| outcome.passed == Some(true))
}
