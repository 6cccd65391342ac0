//! Examples as people look at them: key, `at`, the part and the fold that each stands in, the features as the learner gets
//! them, and the label. Labels of the holdout, and when they became known, are missing: only `ropeway run --final` opens it.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use ropeway_feature::LABEL_KNOWN_AT;
use ropeway_learn::Split;
use ropeway_project::Project;
use ropeway_table::Relation;
use ropeway_vocab::{AT, ColumnSpec, ColumnType, LABEL, Result, TableSchema, Timing, WEIGHT};

use crate::batch::{batch_of, without};
use crate::features::Featured;
use crate::population::{Drawing, learnable};

/// The name under which examples are looked at.
pub(crate) const EXAMPLES: &str = "examples";
/// The columns that say where an example stands.
const PART: &str = "part";
const FOLD: &str = "fold";
/// The column that says how much it counts.
const WEIGHTS: &str = "weight";

/// Examples without the labels of the holdout.
pub(crate) struct ExampleRows {
    pub relation: Relation,
    /// How many labels are missing for that reason.
    pub hidden: u64,
}

impl ExampleRows {
    /// In the order of their table.
    pub fn of(project: &Project, featured: &mut Featured) -> Result<Self> {
        let split = learnable(featured, Drawing::of(project), project.seed())?.split;
        let examples = featured.examples()?;
        let (labels, counted) = (examples.labels()?, examples.counted()?);
        let mut stands: Vec<Stand> = stands(counted.values().iter(), &split);
        let weightless = |row: &usize| labels.is_valid(*row) && !counted.value(*row);
        (0..stands.len()).filter(weightless).for_each(|row| stands[row].part = Part::Weightless);
        let held_out = |row: usize| stands[row].part == Part::Holdout;
        let shown = without(&without(&examples.batch, LABEL, held_out)?, LABEL_KNOWN_AT, held_out)?;
        let features = featured.features()?;

        let mut columns: Vec<(String, ArrayRef)> = Vec::new();
        let key = featured.plan.key().iter().map(|column| column.name.as_str());
        let first: Vec<&str> = key.chain([AT]).collect();
        add(&mut columns, &shown, |name| first.contains(&name));
        let place = columns.len();
        add(&mut columns, &features, |_| true);
        add(&mut columns, &shown, |name| name != WEIGHT);
        if let Some(weights) = examples.weights() {
            columns.push((free(WEIGHTS, &columns), Arc::clone(weights)));
        }
        let part: ArrayRef = Arc::new(stands.iter().map(|stand| Some(stand.part.name())).collect::<StringArray>());
        let fold: ArrayRef = Arc::new(stands.iter().map(|stand| stand.fold).collect::<Int64Array>());
        for (name, column) in [(FOLD, fold), (PART, part)] {
            columns.insert(place, (free(name, &columns), column));
        }
        let hidden = stands.iter().filter(|stand| stand.part == Part::Holdout).count() as u64;
        let relation = relation(featured, &batch_of(stands.len(), columns)?)?;
        Ok(Self { relation, hidden })
    }
}

/// What becomes of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Train,
    Holdout,
    /// Left out before the holdout: its label was not known yet, or it lies in the gap.
    Purged,
    Unlabelled,
    /// Its weight is 0.
    Weightless,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Holdout => "holdout",
            Self::Purged => "purged",
            Self::Unlabelled => "unlabelled",
            Self::Weightless => "weightless",
        }
    }
}

/// Where an example stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stand {
    part: Part,
    /// The fold that it validates, from 1; missing where it only trains.
    fold: Option<i64>,
}

/// Of each example, from whether it has a label and counts: the split counts those that do, in their order.
fn stands(labelled: impl Iterator<Item = bool>, split: &Split) -> Vec<Stand> {
    let labelled: Vec<bool> = labelled.collect();
    let mut drawn = vec![Stand { part: Part::Purged, fold: None }; labelled.iter().filter(|there| **there).count()];
    let mut says = |rows: &[u32], stand: Stand| rows.iter().for_each(|row| drawn[*row as usize] = stand);
    says(&split.holdout, Stand { part: Part::Holdout, fold: None });
    says(&split.train, Stand { part: Part::Train, fold: None });
    for (fold, number) in split.folds.iter().zip(1..) {
        says(&fold.valid, Stand { part: Part::Train, fold: Some(number) });
    }
    let unlabelled = Stand { part: Part::Unlabelled, fold: None };
    let mut drawn = drawn.into_iter();
    labelled.into_iter().map(|there| if there { drawn.next().unwrap_or(unlabelled) } else { unlabelled }).collect()
}

/// Adds the columns of a batch that are wanted and not there yet.
fn add(columns: &mut Vec<(String, ArrayRef)>, batch: &RecordBatch, wanted: impl Fn(&str) -> bool) {
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let name = field.name();
        if wanted(name) && !columns.iter().any(|(known, _)| known == name) {
            columns.push((name.clone(), Arc::clone(column)));
        }
    }
}

/// A name that no column has: with underscores behind it where a feature is called so.
fn free(name: &str, columns: &[(String, ArrayRef)]) -> String {
    let mut name = name.to_owned();
    while columns.iter().any(|(known, _)| *known == name) {
        name.push('_');
    }
    name
}

/// The rows with what is known of each column.
fn relation(featured: &Featured, batch: &RecordBatch) -> Result<Relation> {
    let plan = &featured.plan;
    let of_features = plan.features().iter().filter(|feature| feature.personal).map(|feature| feature.name.as_str());
    let of_key = plan.key().iter().filter(|column| column.personal).map(|column| column.name.as_str());
    // The weights stand last.
    let last = batch.schema().fields().last().map(|field| field.name().clone()).filter(|_| featured.weight_personal);
    let of_group = featured.only_grouping.iter().map(String::as_str).filter(|column| plan.is_personal(column));
    let personal: Vec<&str> = of_features.chain(of_key).chain(of_group).chain(last.as_deref()).collect();
    let spec = |field: &Arc<arrow::datatypes::Field>| ColumnSpec {
        name: field.name().clone(),
        ty: ColumnType::of_arrow(field.data_type()).unwrap_or(ColumnType::Text),
        known_ahead: true,
        personal: personal.contains(&field.name().as_str()),
    };
    let columns = batch.schema().fields().iter().map(spec).collect();
    let key = plan.key().iter().map(|column| column.name.clone()).collect();
    Relation::new(TableSchema { columns, timing: Timing::Static, key }, std::slice::from_ref(batch))
}

#[cfg(test)]
mod tests {
    use ropeway_learn::Fold;

    use super::*;

    #[test]
    fn the_split_counts_labelled_examples_alone() {
        let fold = Fold { train: vec![0], valid: vec![1], purged: 0, apart: 0 };
        let split = Split { holdout: vec![3], train: vec![0, 1], purged: 1, apart: 0, folds: vec![fold] };
        let found = stands([true, false, true, true, false, true].into_iter(), &split);
        let found: Vec<(&str, Option<i64>)> = found.iter().map(|stand| (stand.part.name(), stand.fold)).collect();
        let expected = [
            ("train", None),
            ("unlabelled", None),
            ("train", Some(1)),
            ("purged", None),
            ("unlabelled", None),
            ("holdout", None),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_feature_that_is_called_fold_keeps_its_name() {
        let column: ArrayRef = Arc::new(Int64Array::from(vec![1]));
        let columns = [("fold".to_owned(), Arc::clone(&column)), ("fold_".to_owned(), column)];
        assert_eq!((free("fold", &columns), free("part", &columns)), ("fold__".to_owned(), "part".to_owned()));
    }
}
