//! A fitted learner of any family.

use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use crate::boosted::Trees;
use crate::constant::Constant;
use crate::encoded::{Encoded, OutputColumn};
use crate::linear::Linear;
use crate::settings::TargetTransform;
use crate::transformed::Transformed;

/// A fitted learner: from prepared rows to raw scores, not calibrated. A raw score is the log-odds of the positive class, the
/// unnormalised log-probability of one of several classes, or the predicted number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fitted {
    /// The same score for every row.
    Constant(Constant),
    /// A weighted sum.
    Linear(Linear),
    /// Boosted trees.
    Boosted(Trees),
    /// One of these for each class.
    PerClass(Vec<Fitted>),
    /// One of these on another scale than that of the labels.
    Transformed(Box<Transformed>),
}

impl Fitted {
    /// Trees of one output, or of one for each class.
    pub fn of_trees(mut trees: Vec<Trees>) -> Self {
        match trees.pop() {
            Some(one) if trees.is_empty() => Self::Boosted(one),
            last => Self::PerClass(trees.into_iter().chain(last).map(Self::Boosted).collect()),
        }
    }

    /// How many raw scores a row has.
    pub fn outputs(&self) -> usize {
        match self {
            Self::PerClass(classes) => classes.len(),
            _ => 1,
        }
    }

    /// The raw scores of each row, row by row.
    ///
    /// # Errors
    /// Rows prepared for another learner (a defect).
    pub fn raw(&self, rows: &Encoded) -> Result<Vec<f64>> {
        match (self, rows) {
            (Self::Constant(constant), rows) => Ok(vec![constant.raw; rows.rows()]),
            (Self::Linear(linear), Encoded::Sparse(rows)) => Ok(linear.raw(rows)),
            (Self::Boosted(trees), Encoded::Dense(rows)) => Ok(trees.raw_all(rows)),
            (Self::PerClass(classes), _) => {
                let each = classes.iter().map(|class| class.raw(rows)).collect::<Result<Vec<_>>>()?;
                Ok(interleaved(&each, rows.rows()))
            }
            (Self::Transformed(of), _) => Ok(of.back(of.fitted.raw(rows)?)),
            _ => Err(Problem::internal("rows were prepared for another learner")),
        }
    }

    /// The scale on which contributions add up.
    pub fn transform(&self) -> TargetTransform {
        if let Self::Transformed(of) = self { of.transform } else { TargetTransform::Identity }
    }

    /// What each of `features` features adds to one raw score of a row, on the scale of [`Fitted::transform`], and last the bias.
    ///
    /// # Errors
    /// Rows prepared for another learner, or a score that there is not (defects).
    pub fn contributions(
        &self,
        output: usize,
        rows: &Encoded,
        row: usize,
        (columns, features): (&[OutputColumn], usize),
    ) -> Result<Vec<f64>> {
        match (self, rows) {
            (Self::Constant(constant), _) => {
                let mut parts = vec![0.0; features];
                parts.push(constant.raw);
                Ok(parts)
            }
            (Self::Linear(linear), Encoded::Sparse(rows)) => Ok(linear.contributions(rows, row, columns, features)),
            (Self::Boosted(trees), Encoded::Dense(rows)) => {
                let mut values = Vec::new();
                rows.row(row, &mut values);
                Ok(by_feature(&trees.shap(&values), columns, features))
            }
            (Self::PerClass(classes), _) => match classes.get(output) {
                Some(class) => class.contributions(0, rows, row, (columns, features)),
                None => Err(Problem::internal(format!("a model of {} classes has no class {output}", classes.len()))),
            },
            (Self::Transformed(of), _) => {
                let mut parts = of.fitted.contributions(output, rows, row, (columns, features))?;
                parts.iter_mut().skip(features).for_each(|bias| *bias += of.shift);
                Ok(parts)
            }
            _ => Err(Problem::internal("rows were prepared for another learner")),
        }
    }

    /// Whether it fits so many prepared columns, with finite numbers.
    pub fn fits(&self, columns: usize) -> bool {
        match self {
            Self::Constant(constant) => constant.raw.is_finite(),
            Self::Linear(linear) => {
                let finite = |values: &[f64]| values.len() == columns && values.iter().all(|v| v.is_finite());
                linear.intercept.is_finite() && finite(&linear.weights) && finite(&linear.means)
            }
            Self::Boosted(trees) => trees.columns() == columns,
            Self::PerClass(classes) => {
                let one =
                    |class: &Self| !matches!(class, Self::PerClass(_) | Self::Transformed(_)) && class.fits(columns);
                classes.len() > 1 && classes.iter().all(one)
            }
            Self::Transformed(of) => {
                let one = !matches!(of.fitted, Self::PerClass(_) | Self::Transformed(_)) && of.fitted.fits(columns);
                one && of.shift.is_finite() && !of.transform.is_identity()
            }
        }
    }

    /// The number of trees; none for other families.
    pub fn trees(&self) -> usize {
        match self {
            Self::Boosted(trees) => trees.count(),
            Self::PerClass(classes) => classes.iter().map(Self::trees).sum(),
            Self::Transformed(of) => of.fitted.trees(),
            Self::Constant(_) | Self::Linear(_) => 0,
        }
    }
}

/// Columns of one score each, row by row.
pub fn interleaved(columns: &[Vec<f64>], rows: usize) -> Vec<f64> {
    (0..rows).flat_map(|row| columns.iter().map(move |column| column[row])).collect()
}

/// Contributions of output columns, bias last, summed up by feature, bias last.
fn by_feature(of_columns: &[f64], columns: &[OutputColumn], features: usize) -> Vec<f64> {
    let mut parts = vec![0.0; features + 1];
    for (value, column) in of_columns.iter().zip(columns) {
        parts[column.feature] += value;
    }
    parts[features] = of_columns.last().copied().unwrap_or(0.0);
    parts
}
