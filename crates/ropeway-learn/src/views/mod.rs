//! What is drawn of answers and their labels: curves, confusions, errors. Counts and means of many rows, small whatever the
//! number of rows, and no row by itself.

mod binary;
mod bins;
mod classes;
mod curve;
mod number;

use serde::{Deserialize, Serialize};

pub use binary::BinaryViews;
pub use bins::CalibrationBin;
pub use classes::ClassViews;
pub use curve::Cut;
pub use number::{Cell, ErrorBin, Grid, Means, NumberViews, Residuals};

use crate::answers::Answers;
use crate::labels::Labels;
use crate::settings::{CostsOfError, SplitBy};
use crate::target::Target;

/// What is drawn, by the kind of label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "task")]
pub enum Views {
    /// Of two classes.
    Binary(BinaryViews),
    /// Of several classes.
    Multiclass(ClassViews),
    /// Of a number.
    Regression(NumberViews),
}

impl Views {
    /// Of answers and the labels of their rows, with the blocks of those that are not independent.
    pub fn of(
        answers: &Answers,
        (labels, blocks): (&Labels, Option<(&[u32], SplitBy)>),
        target: &Target,
        costs: &CostsOfError,
    ) -> Self {
        match answers {
            Answers::Binary { probabilities, threshold, .. } => {
                Self::Binary(BinaryViews::of(probabilities, labels, *threshold, costs.binary()))
            }
            Answers::Classes { probabilities, decisions, .. } => {
                let names: &[String] = if let Target::Classes(names) = target { names } else { &[] };
                Self::Multiclass(ClassViews::of(names, probabilities, decisions, labels))
            }
            Answers::Number { values, low, high, .. } => {
                Self::Regression(NumberViews::of(values, (low, high), labels, blocks))
            }
        }
    }

    /// The sum of the weights of the rows, where they have some: what is counted is then told in it.
    pub const fn weight(&self) -> Option<f64> {
        match self {
            Self::Binary(views) => views.weight,
            Self::Multiclass(views) => views.weight,
            Self::Regression(views) => views.weight,
        }
    }

    /// Rows that it is of.
    pub const fn rows(&self) -> u64 {
        match self {
            Self::Binary(views) => views.rows,
            Self::Multiclass(views) => views.rows,
            Self::Regression(views) => views.rows,
        }
    }
}
