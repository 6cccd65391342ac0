//! Applies the checks of a relation in the order in which they are written.

use std::collections::BTreeMap;

use arrow::array::BooleanArray;
use ropeway_vocab::{Kind, Problem, Result, Timing};

use super::condition::Whole;
use super::{Check, CheckOutcome, Checked, RejectedRow, Verdict, rejects};
use crate::{Otherwise, Relation, TablePlan, row_json};

/// How many failing rows of one check are shown.
const SHOWN: usize = 20;

impl TablePlan {
    /// Applies the checks of a source or table; `others` holds what they refer to. A check sees the rows that earlier ones left.
    ///
    /// # Errors
    /// An expression fails on a value. A check that stops the run is no error here: see [`Checked::stop`].
    pub fn checked(&self, name: &str, relation: Relation, others: &BTreeMap<String, Relation>) -> Result<Checked> {
        self.schema(name)?;
        let mut checked = Checked { relation, outcomes: Vec::new(), rejected: Vec::new() };
        for check in self.checks_of(name) {
            let own = BTreeMap::from([(name.to_string(), checked.relation.clone())]);
            let others = if check.reference() == Some(name) { &own } else { others };
            let verdict = apply(check, &mut checked, others, self.now())?;
            if verdict == Verdict::Stopped {
                break;
            }
        }
        Ok(checked)
    }

    /// Applies the checks of single rows to new rows; the first row that fails is a problem.
    pub(crate) fn check_rows(
        &self,
        name: &str,
        relation: &Relation,
        statics: &BTreeMap<String, Relation>,
    ) -> Result<()> {
        for check in self.checks_of(name) {
            let of_static = match check.reference() {
                Some(other) => *self.timing(other)? == Timing::Static,
                None => true,
            };
            if check.settings.otherwise == Otherwise::Warn || !check.condition.is_row() || !of_static {
                continue;
            }
            let Some(failed) = check.condition.failing(relation, statics)? else {
                continue;
            };
            let row = failed.iter().position(|failed| *failed).unwrap_or(0);
            let shown = serde_json::Value::Object(row_json(relation.schema(), relation.batch(), row, true));
            let what = match (failed.iter().filter(|failed| **failed).count(), relation.rows()) {
                (1, 1) => format!("the row of `{name}` fails the check `{}`: {shown}", check.text),
                (count, rows) => {
                    format!("{count} of {rows} rows of `{name}` fail the check `{}`, first {shown}", check.text)
                }
            };
            return Err(Problem::new(Kind::Invalid, "check-failed", what)
                .remedy("mend the row and send it again; nothing of this request was taken"));
        }
        Ok(())
    }
}

fn apply(
    check: &Check,
    checked: &mut Checked,
    others: &BTreeMap<String, Relation>,
    now: ropeway_vocab::Instant,
) -> Result<Verdict> {
    let total = checked.relation.rows() as u64;
    let otherwise = check.settings.otherwise;
    let mut outcome = CheckOutcome {
        table: check.table().to_string(),
        check: check.text.clone(),
        failed: 0,
        total,
        tolerate: check.settings.tolerated(),
        otherwise,
        verdict: Verdict::Passed,
        of_whole: check.condition.is_whole(),
        found: None,
    };
    if let Some(Whole { holds, found }) = check.condition.of_whole(&checked.relation, now)? {
        outcome.found = Some(found);
        if !holds {
            outcome.failed = total;
            outcome.verdict = if otherwise == Otherwise::Warn { Verdict::Warned } else { Verdict::Stopped };
        }
    } else if let Some(failed) = check.condition.failing(&checked.relation, others)? {
        let rows = failed.iter().enumerate().filter(|(_, failed)| **failed).map(|(row, _)| row);
        checked.rejected.extend(rows.take(SHOWN).map(|row| RejectedRow {
            check: check.text.clone(),
            row: row_json(checked.relation.schema(), checked.relation.batch(), row, true),
        }));
        outcome.failed = failed.iter().filter(|failed| **failed).count() as u64;
        let share = outcome.failed as f64 / total.max(1) as f64;
        outcome.verdict = match otherwise {
            Otherwise::Warn => Verdict::Warned,
            _ if share > outcome.tolerate => Verdict::Stopped,
            Otherwise::Reject => Verdict::Rejected,
            Otherwise::Stop => Verdict::Warned,
        };
        if rejects(otherwise) {
            let keep: BooleanArray = failed.into_iter().map(|failed| Some(!failed)).collect();
            checked.relation = checked.relation.filter(&keep)?;
        }
    }
    let verdict = outcome.verdict;
    checked.outcomes.push(outcome);
    Ok(verdict)
}
