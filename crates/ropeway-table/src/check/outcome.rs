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
    /// Whether it is of the table as a whole (`rows`, `fresh`), and not of each row.
    #[serde(default)]
    pub of_whole: bool,
    /// What a check of the table as a whole found, as people read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
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
        let CheckOutcome { table, check, failed, total, tolerate, .. } = stopped;
        let what = format!("`{table}` fails its check `{check}`");
        if stopped.of_whole {
            let what = match &stopped.found {
                Some(found) => format!("{what}: {found}"),
                None => format!("{what}, with {total} rows"),
            };
            return Some(
                Problem::new(Kind::Refused, "check-stopped", what)
                    .remedy("mend the data or the SQL, or change the check"),
            );
        }
        let share = if *total == 0 { 1.0 } else { *failed as f64 / *total as f64 };
        let (share, tolerated) = (share * 100.0, tolerate * 100.0);
        let mut what = format!("{what}: {failed} of {total} rows ({share:.3}%, tolerated {tolerated:.3}%)");
        let rows = self.rejected.iter().filter(|row| row.check == *check).take(3);
        let first: Vec<String> = rows.map(|row| serde_json::Value::Object(row.row.clone()).to_string()).collect();
        if !first.is_empty() {
            what.push_str(&format!("; the first: {}", first.join("; ")));
        }
        Some(Problem::new(Kind::Refused, "check-stopped", what).remedy(
            "mend the data or the SQL, change the check, or raise `tolerate`; `ropeway show` has more of the rows",
        ))
    }
}
