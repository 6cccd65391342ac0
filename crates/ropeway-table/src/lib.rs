//! SQL tables over sources: planning, known-at carried by the plan, column lineage, checks, snapshots in canonical
//! order, and expressions over one row. The only crate that knows DataFusion; it knows nothing of features, models,
//! files or servers.

mod check;
mod definitions;
#[cfg(test)]
mod fixture;
mod json;
mod plan;
mod profile;
mod query;
mod relation;
mod settings;
mod sql;

pub use check::{CheckOutcome, Checked, RejectedRow, Verdict};
pub use definitions::{Definitions, SourceDef, TableDef};
pub use json::{row_json, row_name};
pub use plan::{
    Account, AccountStep, CARRYING, Chooser, Dep, LeftOut, Lineage, OpenTime, ROWS, RowTimes, RowWise, TablePlan,
};
pub use profile::{ColumnProfile, Profile, profile, profile_columns};
pub use query::{SHOWN_KNOWN_AT, query};
pub use relation::{OrderBytes, Relation, SharedKeys, column_digest};
pub use settings::{CheckSettings, Fresh, Literal, Otherwise, Reference, TableSettings};
pub use sql::{AggregateCall, RowExpr, RowName, parse_aggregate};
