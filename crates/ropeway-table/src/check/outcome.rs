//! What came of checks.

use ropeway_vocab::{Kind, Problem};
use serde::{Deserialize, Serialize};

use crate::{Otherwise, Relation};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No row failed.
    Passed,
    /// Failing rows were left out.
    Rejected,
    /// Failing rows were counted and stay.
    Warned,
    /// The run must stop.
    Stopped,
}

/// One check and how it ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckOutcome {
    /// The table or source.
    pub table: String,
    /// What must hold.
    pub check: String,
    /// How many rows fail; for `unique` the rows beyond the first of each key, for a check of the whole table all or none.
    pub failed: u64,
    /// How many rows there were.
    pub total: u64,
    /// The tolerated share.
    pub tolerate: f64,
    /// What was to happen otherwise.
    pub otherwise: Otherwise,
    /// How it ended.
    pub verdict: Verdict,
}

/// A row that failed, values of personal columns masked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// What it failed.
    pub check: String,
    /// Its visible values.
    pub row: serde_json::Map<String, serde_json::Value>,
}

/// A relation after its checks.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The rows that are left.
    pub relation: Relation,
    /// Each check in order, up to the first that stopped.
    pub outcomes: Vec<CheckOutcome>,
    /// Some of the rows that failed: the first of each check, 20 at most.
    pub rejected: Vec<RejectedRow>,
}

impl Checked {
    /// The problem of the check that stops the run, if one does.
    pub fn stop(&self) -> Option<Problem> {
        let stopped = self.outcomes.iter().find(|outcome| outcome.verdict == Verdict::Stopped)?;
        let share = if stopped.total == 0 { 1.0 } else { stopped.failed as f64 / stopped.total as f64 };
        let problem = Problem::new(
            Kind::Refused,
            "check-stopped",
            format!(
                "`{}` fails its check `{}`: {} of {} rows ({:.3}%, tolerated {:.3}%)",
                stopped.table,
                stopped.check,
                stopped.failed,
                stopped.total,
                share * 100.0,
                stopped.tolerate * 100.0
            ),
        );
        let rows = self.rejected.iter().filter(|row| row.check == stopped.check).take(3);
        let path: Vec<String> = rows.map(|row| serde_json::Value::Object(row.row.clone()).to_string()).collect();
        Some(problem.path(path).remedy("mend the data or the SQL, change the check, or raise `tolerate`"))
    }
}
