//! Texts that stand for missing ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use ropeway_vocab::ColumnType;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::column;
use super::counted::Counted;
use super::learned::Learned;
use super::levels::Levels;
use crate::settings::{Filler, Impute, RecipeSettings};

/// By the place of a feature what stands for it where it is missing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FilledTexts(BTreeMap<usize, String>);

impl FilledTexts {
    /// Of text features for which the project says so. The mode is what most training rows have, as much as they count; of several the
    /// first in alphabetical order. Where no training row has a text there is none.
    pub fn fit(
        features: &[(String, ColumnType)],
        columns: &[ArrayRef],
        rows: &Counted<'_>,
        settings: &RecipeSettings,
    ) -> Self {
        let of = |(feature, (name, ty)): (usize, &(String, ColumnType))| {
            let impute = settings.of(name, *ty).impute.filter(|_| *ty == ColumnType::Text)?;
            let text = match impute {
                Impute::Constant(Filler::Text(text)) => Some(text),
                Impute::Mode => mode(&column::texts(&columns[feature], Some(rows.rows)), rows),
                _ => None,
            };
            Some((feature, text?))
        };
        Self(features.iter().enumerate().filter_map(of).collect())
    }

    /// Whether nothing is filled.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether each is of a text feature.
    pub fn fits(&self, features: &[(String, ColumnType)]) -> bool {
        self.0.keys().all(|feature| features.get(*feature).is_some_and(|(_, ty)| *ty == ColumnType::Text))
    }

    /// The column of a feature with what stands for missing values in it.
    pub fn fill(&self, feature: usize, column: &ArrayRef) -> ArrayRef {
        let texts = self.0.get(&feature).filter(|_| column.null_count() > 0).zip(column.as_string_opt::<i32>());
        match texts {
            Some((fill, texts)) => {
                Arc::new(texts.iter().map(|text| Some(text.unwrap_or(fill))).collect::<StringArray>())
            }
            None => Arc::clone(column),
        }
    }

    /// What it learned of each.
    pub fn learned(&self) -> impl Iterator<Item = (usize, Learned)> {
        self.0.iter().map(|(feature, fill)| (*feature, Learned::new("impute", json!({ "missing_is": fill }), true)))
    }
}

fn mode(texts: &[Option<&str>], rows: &Counted<'_>) -> Option<String> {
    Levels::fit(texts, rows.weights(), (0.0, 1)).names().first().cloned()
}

#[cfg(test)]
mod tests {
    use arrow::record_batch::RecordBatch;

    use super::*;
    use crate::recipe::{Recipe, RecipeKind};
    use crate::settings::Steps;

    #[test]
    fn the_mode_is_what_most_rows_have_as_much_as_they_count() {
        let texts = [Some("b"), Some("a"), None, Some("b"), Some("a"), None, None];
        let rows: Vec<u32> = (0..7).collect();
        assert_eq!(mode(&texts, &Counted::new(&rows, None)).as_deref(), Some("a"), "the first of two");
        let weights = [3.0, 1.0, 9.0, 1.0, 1.0, 9.0, 9.0];
        assert_eq!(mode(&texts, &Counted::new(&rows, Some(&weights))).as_deref(), Some("b"));
        // A third counted three times and one counted once are as much.
        let thirds = [1.0, 1.0 / 3.0, 9.0, 0.0, 2.0 / 3.0, 9.0, 9.0];
        assert_eq!(mode(&texts, &Counted::new(&rows, Some(&thirds))).as_deref(), Some("a"));
        assert_eq!(mode(&[None, None], &Counted::new(&rows[..2], None)), None);
    }

    #[test]
    fn what_stands_for_a_missing_text_is_a_level_like_others() {
        let texts = |all: &[Option<&str>]| {
            let column: ArrayRef = Arc::new(StringArray::from(all.to_vec()));
            RecordBatch::try_from_iter_with_nullable([("colour", column, true)]).unwrap()
        };
        let training =
            texts(&[Some("red"), None, Some("blue"), Some("red"), Some("blue"), Some("red"), None, Some("green")]);
        let rows: Vec<u32> = (0..8).collect();
        let of = |impute: Impute, kind: RecipeKind| {
            let text = Steps { impute: Some(impute), ..Steps::default() };
            let settings = RecipeSettings { text, ..RecipeSettings::default() };
            let recipe = Recipe::fit(kind, &training, (&rows, None), &settings).unwrap();
            recipe.check().unwrap();
            // A package keeps it.
            serde_json::from_str::<Recipe>(&serde_json::to_string(&recipe).unwrap()).unwrap()
        };
        let mode = || of(Impute::Mode, RecipeKind::Boosted);
        let codes = |recipe: &Recipe, text: Option<&str>| recipe.dense(&texts(&[text]), None).unwrap().columns[0][0];
        assert_eq!(codes(&mode(), None), codes(&mode(), Some("red")));
        assert!(codes(&of(Impute::Constant(Filler::Text("none".into())), RecipeKind::Boosted), None) >= 0.0);
        let names = |recipe: &Recipe| recipe.outputs().iter().map(|output| output.name.clone()).collect::<Vec<_>>();
        let linear = of(Impute::Constant(Filler::Text("none".into())), RecipeKind::Linear);
        assert!(names(&linear).contains(&"colour = none".to_owned()), "{:?}", names(&linear));
        let learned = linear.learned();
        assert_eq!(
            (learned[0].learned.step.as_str(), &learned[0].learned.learned),
            ("impute", &json!({ "missing_is": "none" }))
        );
        assert!(learned[0].learned.of_values, "a personal one keeps it to itself");
        assert!(!linear.is_of_first_format(), "builds that fill no texts refuse it");
        // Of the training rows alone: red is the most frequent of all.
        let text = Steps { impute: Some(Impute::Mode), ..Steps::default() };
        let settings = RecipeSettings { text, ..RecipeSettings::default() };
        let blue = Recipe::fit(RecipeKind::Boosted, &training, (&[1, 2, 4], None), &settings).unwrap();
        assert_eq!(blue.learned()[0].learned.learned, json!({ "missing_is": "blue" }));
        // Control: left alone, a missing text is missing.
        let plain = Recipe::fit(RecipeKind::Boosted, &training, (&rows, None), &RecipeSettings::default()).unwrap();
        assert!(codes(&plain, None).is_nan() && !serde_json::to_string(&plain).unwrap().contains("texts"));
    }
}
