//! The feature plan, the rule of time, the kernels of lookups and windows, and the keyed state they answer
//! from. Batch, stream and request compute features by the same functions here, and nothing here sees a
//! fact that was not known before the example's own time.

mod compute;
mod evidence;
mod examples;
mod kernel;
mod plan;
mod prove;
mod rule;
mod settings;
mod show;
mod state;

#[cfg(test)]
mod parity;
#[cfg(test)]
mod scenario;

pub use evidence::{EvidenceFact, FeatureEvidence};
pub use examples::{Beside, Examples};
pub use kernel::Aggregate;
pub use plan::{
    FIRST_KNOWN_KEPT, FeaturePlan, FeatureSpec, FeatureStep, Finding, LABEL_KNOWN_AT, Origin, StepKind, reserved,
};
pub use prove::{Difference, Proof, Unsettled, Untried, prove};
pub use rule::Rule;
pub use settings::{ExamplesSettings, FeatureSettings, LookupSettings, Matching, WindowSettings};
pub use state::KeyedState;

use ropeway_vocab::Problem;

/// What Arrow refuses although it was checked before.
fn arrow_problem(error: arrow::error::ArrowError) -> Problem {
    Problem::internal(error.to_string())
}
