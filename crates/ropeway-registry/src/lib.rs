//! The registry: versions of named models, aliases such as `champion`, the gates each version passed, and
//! the ledger of looks at holdouts. It keeps digests and figures, opens packages for others, and must never
//! know how a model is trained or what a package holds inside.

mod alias;
mod aliases;
mod champion;
mod fallback;
mod gate;
mod holdout;
mod ledger;
mod name;
mod opened;
mod outcome;
mod registry;
mod scorecard;
mod tables;
mod version;

pub use alias::CHAMPION;
pub use gate::{GateSettings, check_gates, evaluate};
pub use holdout::{Holdout, holdout_rows};
pub use ledger::Look;
pub use opened::{Opened, is_package_file};
pub use outcome::GateOutcome;
pub use registry::Registry;
pub use scorecard::Scorecard;
pub use version::{AliasChange, FileLineage, Lineage, Lost, Model, NewVersion, Registered, SourceLineage, Version};
