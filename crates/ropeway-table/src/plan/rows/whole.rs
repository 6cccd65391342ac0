//! All relations at once.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use ropeway_vocab::{Problem, Result};

use crate::Relation;
use crate::plan::{RowTimes, TablePlan};

impl TablePlan {
    /// Makes every relation from the rows of the sources, in order, and applies the checks unless they are bypassed, as for
    /// garbage; a stated known-at may then be earlier than that of the inputs, which counts instead.
    ///
    /// # Errors
    /// A source is missing, SQL fails on a value, or a check stops the run.
    pub async fn all(
        &self,
        sources: BTreeMap<String, Vec<RecordBatch>>,
        bypass_checks: bool,
    ) -> Result<BTreeMap<String, Relation>> {
        let relations = sources
            .into_iter()
            .map(|(name, batches)| Ok((name.clone(), self.source(&name, batches, RowTimes::Stated)?)))
            .collect::<Result<BTreeMap<_, _>>>()?;
        self.all_from(relations, bypass_checks).await
    }

    /// The same from source relations that [`Self::source`] made.
    ///
    /// # Errors
    /// As [`Self::all`].
    pub async fn all_from(
        &self,
        sources: BTreeMap<String, Relation>,
        bypass_checks: bool,
    ) -> Result<BTreeMap<String, Relation>> {
        self.these_from(&self.order, sources, bypass_checks).await
    }

    /// One relation alone, without checks, from source relations that [`Self::source`] made: what is wrong with others does
    /// not show.
    ///
    /// # Errors
    /// There is none of that name, a source is missing, or SQL fails on a value.
    pub async fn one_from(&self, name: &str, sources: &BTreeMap<String, Relation>) -> Result<Relation> {
        let mut made = self.these_from(&self.upstream(name)?, sources.clone(), true).await?;
        made.remove(name).ok_or_else(|| Problem::internal(format!("`{name}` was not made")))
    }

    /// Makes relations that stand in the order in which they can be made.
    async fn these_from(
        &self,
        names: &[String],
        mut sources: BTreeMap<String, Relation>,
        bypass_checks: bool,
    ) -> Result<BTreeMap<String, Relation>> {
        let mut made: BTreeMap<String, Relation> = BTreeMap::new();
        for name in names {
            let relation = if self.is_source(name) {
                sources
                    .remove(name)
                    .ok_or_else(|| Problem::internal(format!("no rows were given for source `{name}`")))?
            } else if bypass_checks {
                self.table_of_garbage(name, &made).await?
            } else {
                self.table(name, &made).await?
            };
            let relation = if bypass_checks {
                relation
            } else {
                let checked = self.checked(name, relation, &made)?;
                match checked.stop() {
                    Some(problem) => return Err(problem),
                    None => checked.relation,
                }
            };
            made.insert(name.clone(), relation);
        }
        Ok(made)
    }
}
