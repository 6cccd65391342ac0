//! The recipe: preparation fitted on training rows only, and then the same for every row that comes. A value that
//! was never seen and a value that is missing are always prepared, never refused.

mod boosted;
mod clip;
mod column;
mod counted;
mod cyclic;
mod date_part;
mod filled_text;
mod frequency;
mod hashing;
mod impute;
mod learned;
mod levels;
mod linear;
mod number;
mod reading;
mod scale;
mod skewed;

use arrow::array::ArrayRef;
use arrow::record_batch::RecordBatch;
use ropeway_vocab::{ColumnType, Problem, Result};
use serde::{Deserialize, Serialize};

use self::counted::Counted;
use self::filled_text::FilledTexts;
pub use self::learned::LearnedStep;
use crate::encoded::{Dense, Encoded, OutputColumn, Sparse};
use crate::population::Population;
use crate::settings::{LearnerKind, RecipeSettings};

/// For which family of learners rows are prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecipeKind {
    /// Nothing is prepared: the constant reads no feature.
    Baseline,
    /// Imputed, clipped, standardised, one-hot.
    Linear,
    /// The same, numbers that are far skewed as their logarithms.
    LinearOfLogarithms,
    /// As they are; text becomes category codes.
    Boosted,
}

impl From<LearnerKind> for RecipeKind {
    fn from(learner: LearnerKind) -> Self {
        match learner {
            LearnerKind::Baseline => Self::Baseline,
            LearnerKind::Linear => Self::Linear,
            LearnerKind::Boosted => Self::Boosted,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Preparation {
    Baseline,
    Linear(linear::LinearRecipe),
    Boosted(boosted::BoostedRecipe),
}

/// A fitted recipe. It finds features by name, so that the order of a batch's columns does not matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    features: Vec<(String, ColumnType)>,
    #[serde(default, skip_serializing_if = "FilledTexts::is_empty")]
    texts: FilledTexts,
    preparation: Preparation,
    outputs: Vec<OutputColumn>,
}

impl Recipe {
    /// Fits on the given rows of a population, as much as they count.
    ///
    /// # Errors
    /// As [`Recipe::fit`].
    pub fn of(kind: RecipeKind, population: &Population, rows: &[u32]) -> Result<Self> {
        Self::fit(kind, &population.features, (rows, population.weight.as_deref()), &population.recipe)
    }

    /// Fits on the given rows of a batch whose columns are the features, each with the steps that are set for it. Weights are those of
    /// all its rows.
    ///
    /// # Errors
    /// A column whose Arrow type is not the one of a logical type.
    pub fn fit(
        kind: RecipeKind,
        batch: &RecordBatch,
        (rows, weights): (&[u32], Option<&[f64]>),
        settings: &RecipeSettings,
    ) -> Result<Self> {
        let rows = &Counted::new(rows, weights);
        let features = batch
            .schema()
            .fields()
            .iter()
            .map(|field| match ColumnType::of_arrow(field.data_type()) {
                Some(ty) if ty.arrow() == *field.data_type() => Ok((field.name().clone(), ty)),
                _ => Err(wrong_type(field.name(), "a logical type", field.data_type())),
            })
            .collect::<Result<Vec<_>>>()?;
        let texts = match kind {
            RecipeKind::Baseline => FilledTexts::default(),
            _ => FilledTexts::fit(&features, batch.columns(), rows, settings),
        };
        let columns: Vec<ArrayRef> =
            batch.columns().iter().enumerate().map(|(feature, column)| texts.fill(feature, column)).collect();
        let (preparation, outputs) = match kind {
            RecipeKind::Baseline => (Preparation::Baseline, Vec::new()),
            RecipeKind::Linear | RecipeKind::LinearOfLogarithms => {
                let settings = (settings, kind == RecipeKind::LinearOfLogarithms);
                let (recipe, outputs) = linear::LinearRecipe::fit(&features, &columns, rows, settings);
                (Preparation::Linear(recipe), outputs)
            }
            RecipeKind::Boosted => {
                let (recipe, outputs) = boosted::BoostedRecipe::fit(&features, &columns, rows, settings);
                (Preparation::Boosted(recipe), outputs)
            }
        };
        Ok(Self { features, texts, preparation, outputs })
    }

    /// For which family of learners it prepares.
    pub fn kind(&self) -> RecipeKind {
        match &self.preparation {
            Preparation::Baseline => RecipeKind::Baseline,
            Preparation::Linear(recipe) if recipe.takes_logarithms() => RecipeKind::LinearOfLogarithms,
            Preparation::Linear(_) => RecipeKind::Linear,
            Preparation::Boosted(_) => RecipeKind::Boosted,
        }
    }

    /// The features it reads, in the order in which it was fitted.
    pub fn features(&self) -> &[(String, ColumnType)] {
        &self.features
    }

    /// The columns it makes, each with the feature that it comes from.
    pub fn outputs(&self) -> &[OutputColumn] {
        &self.outputs
    }

    /// What each step learned, feature by feature.
    pub fn learned(&self) -> Vec<LearnedStep> {
        let mut all: Vec<_> = match &self.preparation {
            Preparation::Baseline => Vec::new(),
            Preparation::Linear(recipe) => recipe.learned().collect(),
            Preparation::Boosted(recipe) => recipe.learned().collect(),
        };
        all.splice(0..0, self.texts.learned());
        all.sort_by_key(|(feature, _)| *feature);
        let named = |(feature, learned): (usize, _)| LearnedStep { feature: self.features[feature].0.clone(), learned };
        all.into_iter().map(named).collect()
    }

    /// Whether builds that know models of labels as they are alone know all of its steps.
    pub fn is_of_first_format(&self) -> bool {
        self.texts.is_empty()
            && match &self.preparation {
                Preparation::Baseline => true,
                Preparation::Linear(recipe) => recipe.is_of_first_format(),
                Preparation::Boosted(recipe) => recipe.is_of_first_format(),
            }
    }

    /// Prepares all rows of a batch, or those given.
    ///
    /// # Errors
    /// A feature that the batch lacks or holds in another type.
    pub fn encode(&self, batch: &RecordBatch, rows: Option<&[u32]>) -> Result<Encoded> {
        match &self.preparation {
            Preparation::Baseline => Ok(Encoded::Nothing(rows.map_or(batch.num_rows(), <[u32]>::len))),
            Preparation::Linear(_) => self.sparse(batch, rows).map(Encoded::Sparse),
            Preparation::Boosted(_) => self.dense(batch, rows).map(Encoded::Dense),
        }
    }

    /// Prepares rows for trees.
    ///
    /// # Errors
    /// As [`Recipe::encode`]; also when the recipe is not for trees.
    pub fn dense(&self, batch: &RecordBatch, rows: Option<&[u32]>) -> Result<Dense> {
        match &self.preparation {
            Preparation::Boosted(recipe) => Ok(recipe.encode(&self.columns(batch)?, rows, &self.outputs)),
            _ => Err(Problem::internal("a recipe for another learner was asked for dense rows")),
        }
    }

    /// Prepares rows for linear models.
    ///
    /// # Errors
    /// As [`Recipe::encode`]; also when the recipe is not for linear models.
    pub fn sparse(&self, batch: &RecordBatch, rows: Option<&[u32]>) -> Result<Sparse> {
        match &self.preparation {
            Preparation::Linear(recipe) => Ok(recipe.encode(&self.columns(batch)?, rows)),
            _ => Err(Problem::internal("a recipe for another learner was asked for sparse rows")),
        }
    }

    /// Checks that the parts fit together; call it on a recipe that was read from bytes.
    ///
    /// # Errors
    /// A corrupt model, with what does not fit.
    pub fn check(&self) -> Result<()> {
        let features = self.features.len();
        let fits = self.outputs.iter().all(|output| output.feature < features)
            && self.texts.fits(&self.features)
            && match &self.preparation {
                Preparation::Baseline => self.outputs.is_empty(),
                Preparation::Linear(recipe) => recipe.fits(features, self.outputs.len()),
                Preparation::Boosted(recipe) => recipe.fits(features, self.outputs.len()),
            };
        if fits { Ok(()) } else { Err(crate::corrupt::corrupt("its recipe does not fit its features")) }
    }

    /// The features' columns in the recipe's order, with what stands for missing texts.
    fn columns(&self, batch: &RecordBatch) -> Result<Vec<ArrayRef>> {
        let schema = batch.schema_ref();
        let fields = schema.fields();
        self.features
            .iter()
            .enumerate()
            .map(|(expected, (name, ty))| {
                let position = match fields.get(expected) {
                    Some(field) if field.name() == name => Some(expected),
                    _ => schema.index_of(name).ok(),
                };
                let column = position.map(|p| batch.column(p)).ok_or_else(|| missing_feature(name, batch))?;
                if *column.data_type() == ty.arrow() {
                    Ok(self.texts.fill(expected, column))
                } else {
                    Err(wrong_type(name, ty.name(), column.data_type()))
                }
            })
            .collect()
    }
}

fn missing_feature(name: &str, batch: &RecordBatch) -> Problem {
    let schema = batch.schema();
    let problem = Problem::invalid("missing-feature", format!("the rows lack the feature `{name}`"));
    match ropeway_vocab::nearest(name, schema.fields().iter().map(|f| f.name().as_str())) {
        Some(near) => problem.remedy(format!("did you mean `{name}` where the rows say `{near}`?")),
        None => problem.remedy("give every feature that the model was fitted with; a missing value may be null"),
    }
}

fn wrong_type(name: &str, wanted: &str, found: &arrow::datatypes::DataType) -> Problem {
    Problem::invalid("feature-type", format!("the feature `{name}` is {found}, and {wanted} is needed"))
        .remedy("give the feature in the type that the model was fitted with")
}

#[cfg(test)]
mod tests;
