//! Pure numbers: exact sums and moments, metrics with bootstrap intervals, profiles,
//! calibration fits, quantiles, what falls on one class alone, and the one seeded random generator. One definition of each. No Arrow, no
//! I/O, no async.

pub mod bootstrap;
pub mod calibration;
pub mod count;
mod estimate;
mod exact;
mod level_rates;
mod levels;
mod logistic;
pub mod metrics;
mod nan_as_null;
mod one_class;
mod paired;
pub mod profile;
mod quantile;
mod rng;

pub use bootstrap::{DEFAULT_RESAMPLES, Draws, intervals};
pub use calibration::{Isotonic, Platt};
pub use estimate::Estimate;
pub use exact::{ExactSum, Moments};
pub use levels::{LevelOfClass, levels_of_one_class};
pub use logistic::{log_sum_exp, logit, sigmoid, softmax, softplus};
pub use metrics::{
    BinaryRows, ClassCosts, ClassRows, Classed, Confusion, Costs, Folds, INTERVAL, Measured, Metric, NumberCosts,
    NumberRows, Numbers, OfClass, Ranked, Tally, Weighted, class_log_loss, pinball, pinball_of_interval, plain_error,
    relative_error, weighted_mean,
};
pub use one_class::{ClassedRow, OneClass, Usual};
pub use paired::paired_difference;
pub use profile::{Histogram, NumberProfile, Quantile, TextProfile, ValueCount};
pub use quantile::{
    Grain, Occurrences, as_counts, quantile, quantile_selected, quantile_sorted, weighted_median, weighted_quantile,
};
pub use rng::{Part, Rng, seed_for};
