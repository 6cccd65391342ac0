//! What a check that rejects rows decides them by. It chooses rows as a filter in SQL does, so that what is looked up or
//! counted of the rows that it leaves depends on all that it reads.

use indexmap::IndexMap;
use ropeway_vocab::{ColumnSpec, Timing};

use super::Planned;
use super::lineage::{Deps, add};
use crate::check::Check;

/// What a check adds to the lineage of its relation.
pub(super) struct Chosen {
    rows: Deps,
    /// Why its rows have no time any more, where what the check refers to changes with time.
    untimed: Option<String>,
}

impl Chosen {
    /// Adds it.
    pub(super) fn apply(self, relation: &mut Planned) {
        add(&mut relation.lineage.rows, &self.rows);
        if let Some(reason) = self.untimed
            && !matches!(relation.schema.timing, Timing::Untimed(_))
        {
            relation.schema.timing = Timing::Untimed(reason);
        }
    }
}

/// What a check of a relation decides rows by; none where it rejects no row.
pub(super) fn chosen(check: &Check, name: &str, relations: &IndexMap<String, Planned>) -> Option<Chosen> {
    let relation = relations.get(name).filter(|_| check.rejects_rows())?;
    let mut rows = Deps::new();
    for column in read_by(check, relation) {
        add(&mut rows, relation.lineage.columns.get(&column)?);
    }
    let mut untimed = None;
    if let Some((other, columns)) = check.refers_to() {
        let other_rows = relations.get(other)?;
        let mut deps = other_rows.lineage.rows.clone();
        for column in columns {
            add(&mut deps, other_rows.lineage.columns.get(column)?);
        }
        let changes =
            deps.values().any(|dep| !dep.known_ahead) || matches!(other_rows.schema.timing, Timing::Untimed(_));
        if changes {
            untimed = Some(format!(
                "a check rejects rows that `{other}` does not have, and what `{other}` has becomes known over time \
                 (let the check warn or stop, or join in SQL, which carries the time)"
            ));
        }
        add(&mut rows, &deps);
    }
    let step = format!("check of {name}: {}", check.text());
    for dep in rows.values_mut() {
        dep.by_check = true;
        dep.path.insert(0, step.clone());
    }
    Some(Chosen { rows, untimed })
}

/// The columns that the check reads. `unique` keeps the first row to become known, so that of a timed relation it reads
/// all that is known only later.
fn read_by(check: &Check, relation: &Planned) -> Vec<String> {
    let mut columns = check.columns();
    if check.is_unique() && relation.schema.timing == Timing::Timed {
        let later = |column: &&ColumnSpec| !column.known_ahead;
        columns.extend(relation.schema.columns.iter().filter(later).map(|column| column.name.clone()));
    }
    columns
}
