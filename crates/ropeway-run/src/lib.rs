//! Plans and executes a project: steps with cache keys, resume, and the record of everything that happened. It must
//! never know how anything is shown or served.

mod batch;
mod check;
mod chosen;
mod class_figures;
mod clean;
mod compare;
mod data;
mod decision;
mod described;
mod example_rows;
mod explain;
mod features;
mod file_at;
mod finding;
mod held_out;
mod labels;
mod learning;
mod ledger;
#[cfg(test)]
mod lightgbm_scores;
mod losses;
mod meter;
mod opened;
mod planned;
mod population;
mod predict;
mod predicted;
mod progress;
mod query;
mod recipe;
mod record;
mod recorded;
pub mod report;
mod run;
mod score;
mod sealing;
mod shown;
mod snapshot;
mod step;
mod table;
mod to_score;
mod told;
mod unfinished;
mod unscored;
mod weights;

pub use check::{CheckReport, RelationReport, check, check_with};
pub use class_figures::{ClassFigures, ClassesReport};
pub use clean::{CleanGroup, CleanOptions, CleanReport, clean};
pub use compare::{Change, Comparison, DataChange, FigureChange, Moved, Snapshot, Verdict, compare};
pub use explain::{ExplainOptions, ExplainReport, explain};
pub use predict::{PredictOptions, PredictReport, predict};
pub use progress::{Progress, Silent};
pub use query::{QueryAnswer, query};
pub use recipe::{ShownRecipe, show_recipe};
pub use record::RunLine;
pub use recorded::{ClassRows, Reason, Recorded, RecordedRelation, RecordedSearch, recorded};
pub use report::{RunReport, StepReport};
/// What is on record of rows and columns.
pub use ropeway_table::{AccountStep, ColumnProfile, Profile, RejectedRow};
pub use run::{RunOptions, run};
pub use shown::{Quarantine, Shown, TableProfile, quarantine, runs, show, table_profile};
pub use table::{RelationProfile, TableRows, relation_profile, table};
pub use unfinished::{Stopped, Unfinished};
pub use unscored::{Unscored, UnscoredReason};
pub use weights::WeightReport;
