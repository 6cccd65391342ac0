//! The `[split]`, `[recipe]`, `[learn]` and `[costs_of_error]` sections of a project file, with their defaults and the
//! checks that serde cannot make.

mod costs;
mod learn;
mod learners;
mod recipe;
mod split;
mod task;
mod transform;
mod tune;

use ropeway_vocab::Problem;

pub use costs::CostsOfError;
pub use learn::{LearnSettings, LearnerKind};
pub use learners::{BoostedSettings, FloatRange, IntegerRange, LinearSettings, NumberLoss};
pub use recipe::{Clip, Dates, Encode, Filler, Impute, MOST_BUCKETS_OF_WORDS, RecipeSettings, Scale, Steps};
pub use split::{FoldSettings, HoldoutSettings, SplitBy, SplitSettings};
pub use task::Task;
pub use transform::TargetTransform;
pub use tune::{Strategy, TuneSettings};

fn out_of_range(key: &str, remedy: &str) -> Problem {
    Problem::invalid("out-of-range", format!("`{key}` is out of its range")).remedy(remedy)
}

#[cfg(test)]
mod tests;
