//! Pure numbers: exact sums and moments, classification metrics with bootstrap intervals, profiles,
//! calibration fits, quantiles and the one seeded random generator. One definition of each. No Arrow, no
//! I/O, no async.

pub mod bootstrap;
pub mod calibration;
mod exact;
mod logistic;
pub mod metrics;
mod nan_as_null;
mod paired;
pub mod profile;
mod quantile;
mod rng;

pub use bootstrap::{DEFAULT_RESAMPLES, Draws, Estimate, intervals, intervals_in_folds};
pub use calibration::{Isotonic, Platt};
pub use exact::{ExactSum, Moments};
pub use logistic::{logit, sigmoid, softplus};
pub use metrics::{Confusion, Costs, Folds, Metric, Ranked};
pub use paired::paired_difference;
pub use profile::{Histogram, NumberProfile, Quantile, TextProfile, ValueCount};
pub use quantile::{quantile, quantile_sorted};
pub use rng::{Part, Rng, seed_for};
