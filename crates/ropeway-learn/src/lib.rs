//! Learning over Arrow batches: splits, recipes, learners, tuning, evaluation and explanation. Synchronous,
//! without network or files; everything is a function of its settings, its rows and a seed.

pub mod alone;
pub mod answers;
pub mod boosted;
pub mod calibration;
pub mod candidate;
#[cfg(test)]
mod conformance;
pub mod constant;
mod corrupt;
pub mod dependence;
pub mod encoded;
pub mod evaluation;
mod feature_values;
pub mod fit;
pub mod fitted;
pub mod fitted_model;
pub mod importance;
pub mod judge;
pub mod labels;
pub mod linear;
pub mod output;
pub mod population;
pub mod prediction;
pub mod recipe;
pub mod row_losses;
pub mod scored;
pub mod segments;
pub mod settings;
mod shuffled;
pub mod split;
mod stop;
mod stretches;
pub mod target;
pub mod threshold;
pub mod transformed;
pub mod tune;
pub mod views;
#[cfg(test)]
mod weighted;

pub use alone::{Alone, best_alone};
pub use boosted::Trees;
pub use calibration::{Calibration, CalibrationChoice, calibrate};
pub use candidate::{BoostedCandidate, CandidateSettings, LinearCandidate};
pub use dependence::{Dependence, dependence};
pub use encoded::{Dense, Encoded, OutputColumn, Sparse};
pub use evaluation::{Scorecard, block_count, blocks_for, scorecard};
pub use fit::fit_final;
pub use fitted::Fitted;
pub use fitted_model::{Contribution, FittedModel};
pub use importance::{Importance, ImportanceSettings, importance};
pub use judge::{Evaluated, Judgement, Judging, Verdict, evaluate, judge};
pub use labels::Labels;
pub use output::Output;
pub use population::Population;
pub use prediction::{BinaryPrediction, ClassPrediction, NumberPrediction, Prediction};
pub use recipe::{LearnedStep, Recipe, RecipeKind};
pub use row_losses::{Measure, measure};
pub use scored::Scored;
pub use segments::{Segments, segments};
pub use settings::{CostsOfError, LearnSettings, LearnerKind, RecipeSettings, SplitBy, SplitSettings, Task};
pub use split::{Fold, Split, least_of_class, least_rows, split};
pub use target::Target;
pub use threshold::{choose_threshold, ideal_threshold};
pub use tune::{Around, Decision, MemoryLedger, SearchOutcome, TrialKey, TrialLedger, TrialRecord, TuneEvent, search};
pub use views::Views;
