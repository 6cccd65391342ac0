//! Plans and executes a project: steps with cache keys, resume, and the record of everything that happened. It must
//! never know how anything is shown or served.

mod check;
mod data;
mod explain;
mod features;
mod learning;
mod ledger;
mod meter;
mod planned;
mod population;
mod predict;
mod progress;
mod query;
mod record;
pub mod report;
mod run;
mod sealing;
mod shown;
mod snapshot;
mod step;

pub use check::{CheckReport, RelationReport, check, check_with};
pub use explain::{ExplainOptions, ExplainReport, explain};
pub use predict::{PredictOptions, PredictReport, predict};
pub use progress::{Progress, Silent};
pub use query::query;
pub use record::RunLine;
pub use report::{RunReport, StepReport};
pub use run::{RunOptions, run};
pub use shown::{Shown, runs, show};
