//! The comparison of two worlds, bit for bit.

use std::collections::{BTreeMap, HashSet};

use arrow::array::{BooleanArray, RecordBatch};
use ropeway_table::Relation;
use ropeway_vocab::{AT, ColumnSpec, ColumnType, Instant, LABEL, Result};

use super::{Difference, Proof};
use crate::examples::{Examples, readers, stored_label_type};
use crate::kernel::{Reader, Value, column};
use crate::plan::FeaturePlan;
use crate::rule::Rule;
use crate::show;
use crate::state::{KeyedState, at};

/// The most differences that are kept.
const KEPT: usize = 100;

/// What identifies examples.
pub(super) type KeySet = HashSet<Vec<u8>>;

/// The columns that identify an example: its key, or else all that it brings along.
pub(super) fn identity(plan: &FeaturePlan) -> Vec<ColumnSpec> {
    if plan.key().is_empty() { plan.input_columns() } else { plan.key().to_vec() }
}

/// The identity of each row as bytes; missing parts count as a value.
pub(super) fn identities(plan: &FeaturePlan, batch: &RecordBatch) -> Result<Vec<Vec<u8>>> {
    let columns = identity(plan);
    let readers = readers(batch, &columns)?;
    let identity = |row: usize| {
        let mut bytes = Vec::new();
        for reader in &readers {
            let mark = bytes.len();
            bytes.push(1);
            if !reader.key_bytes(row, &mut bytes) {
                bytes[mark] = 0;
            }
        }
        bytes
    };
    Ok((0..batch.num_rows()).map(identity).collect())
}

/// The features of a world's examples.
pub(super) fn features(
    plan: &FeaturePlan,
    examples: &Examples,
    tables: &BTreeMap<String, Relation>,
    rule: Rule,
) -> Result<RecordBatch> {
    let name = |row: usize| plan.example_name(&examples.batch, row);
    plan.compute_named(&KeyedState::build(plan, tables)?, &examples.batch, rule, &name)
}

/// One comparison.
pub(super) struct Comparison<'a> {
    pub(super) plan: &'a FeaturePlan,
    pub(super) moment: i64,
    /// Examples of these keys may have come.
    pub(super) added: &'a KeySet,
}

/// What is compared of each example, by name.
struct Side<'a> {
    columns: Vec<(String, ColumnType, bool, Reader<'a>)>,
    keys: Vec<Vec<u8>>,
    /// The rows to compare, sorted by key.
    rows: Vec<usize>,
}

impl Side<'_> {
    /// The rows of each key.
    fn groups(&self) -> impl Iterator<Item = &[usize]> {
        self.rows.chunk_by(|a, b| self.keys[*a] == self.keys[*b])
    }

    fn cells(&self, row: usize) -> Vec<Option<Value>> {
        self.columns.iter().map(|(.., reader)| reader.get(row)).collect()
    }
}

impl Comparison<'_> {
    /// Compares the examples of the world as it is for which `before.2` is true with all of the other world.
    pub(super) fn compare(
        &self,
        before: (&Examples, &RecordBatch, &BooleanArray),
        after: (&Examples, &RecordBatch),
        proof: &mut Proof,
    ) -> Result<()> {
        let old = self.side(before.0, before.1, |row| before.2.value(row))?;
        let new = self.side(after.0, after.1, |_| true)?;
        let known = before.0.label_known_at()?;
        let settled = |row: usize| Rule::STRICT.visible(at(known, row), self.moment);
        let mut rest = new.rows.as_slice();
        for rows in old.groups() {
            let key = &old.keys[rows[0]];
            self.came(&mut rest, &new, after.0, |other| other < key, proof)?;
            let (others, beyond) = rest.split_at(rest.iter().take_while(|row| new.keys[**row] == *key).count());
            rest = beyond;
            let (rows, others) = (sorted(&old, rows), sorted(&new, others));
            for (i, row) in rows.iter().enumerate() {
                proof.examples += 1;
                let Some(other) = others.get(i) else {
                    self.differ(proof, before.0, *row, "(example)", ("there".into(), "gone".into()))?;
                    continue;
                };
                for ((name, ty, personal, reader), (.., changed)) in old.columns.iter().zip(&new.columns) {
                    if name == LABEL && !settled(*row) {
                        continue;
                    }
                    proof.values += 1;
                    if !reader.same(*row, changed, *other) {
                        let text = |cell: Option<Value>| show::text(cell.as_ref(), *ty, *personal);
                        let texts = (text(reader.get(*row)), text(changed.get(*other)));
                        self.differ(proof, before.0, *row, name, texts)?;
                    }
                }
            }
            self.came(&mut others.get(rows.len()..).unwrap_or_default(), &new, after.0, |_| true, proof)?;
        }
        self.came(&mut rest, &new, after.0, |_| true, proof)
    }

    /// Examples at the front of `rest` that have no counterpart: a difference unless they were added.
    fn came(
        &self,
        rest: &mut &[usize],
        side: &Side<'_>,
        examples: &Examples,
        front: impl Fn(&Vec<u8>) -> bool,
        proof: &mut Proof,
    ) -> Result<()> {
        let (rows, beyond) = rest.split_at(rest.iter().take_while(|row| front(&side.keys[**row])).count());
        *rest = beyond;
        for row in rows.iter().filter(|row| !self.added.contains(&side.keys[**row])) {
            self.differ(proof, examples, *row, "(example)", ("not there".into(), "there".into()))?;
        }
        Ok(())
    }

    fn side<'a>(
        &self,
        examples: &'a Examples,
        features: &'a RecordBatch,
        take: impl Fn(usize) -> bool,
    ) -> Result<Side<'a>> {
        let mut columns = Vec::new();
        let at = Reader::new(column(&examples.batch, AT)?, ColumnType::Timestamp)?;
        columns.push((AT.to_string(), ColumnType::Timestamp, false, at));
        for spec in self.plan.features() {
            let reader = Reader::new(column(features, &spec.name)?, spec.ty)?;
            columns.push((spec.name.clone(), spec.ty, spec.personal, reader));
        }
        let ty = stored_label_type(self.plan.label_type());
        let label = Reader::new(column(&examples.batch, LABEL)?, ty)?;
        columns.push((LABEL.to_string(), ty, false, label));
        let keys = identities(self.plan, &examples.batch)?;
        let mut rows: Vec<usize> = (0..keys.len()).filter(|row| take(*row)).collect();
        rows.sort_unstable_by(|a, b| keys[*a].cmp(&keys[*b]).then(a.cmp(b)));
        Ok(Side { columns, keys, rows })
    }

    fn differ(
        &self,
        proof: &mut Proof,
        examples: &Examples,
        row: usize,
        feature: &str,
        (before, after): (String, String),
    ) -> Result<()> {
        proof.differing += 1;
        if proof.differences.len() < KEPT {
            let key = identity(self.plan).into_iter().map(|spec| {
                let value = Reader::new(column(&examples.batch, &spec.name)?, spec.ty)?.get(row);
                Ok(format!("{} = {}", spec.name, show::text(value.as_ref(), spec.ty, spec.personal)))
            });
            proof.differences.push(Difference {
                time: Instant::from_micros(self.moment),
                at: examples.at().and_then(|ats| at(ats, row)).map(Instant::from_micros),
                key: key.collect::<Result<Vec<_>>>()?.join(", "),
                feature: feature.to_string(),
                before,
                after,
            });
        }
        Ok(())
    }
}

/// Rows of one identity, in an order that depends on their cells alone.
fn sorted(side: &Side<'_>, rows: &[usize]) -> Vec<usize> {
    let mut rows = rows.to_vec();
    if rows.len() > 1 {
        rows.sort_by_cached_key(|row| side.cells(*row));
    }
    rows
}
