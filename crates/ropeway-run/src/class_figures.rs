//! How well each class is decided for, of several.

use std::collections::BTreeMap;

use ropeway_learn::Views;
use serde::{Deserialize, Serialize};

/// The classes of a run's best candidate in validation, and of its model on the holdout.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ClassesReport {
    /// On out-of-fold predictions.
    pub validation: Vec<ClassFigures>,
    /// On the holdout; empty without `--final`.
    pub holdout: Vec<ClassFigures>,
}

/// One class against the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassFigures {
    /// Its name.
    pub class: String,
    /// Rows that have it, or the sum of their weights.
    #[serde(with = "ropeway_stat::count")]
    pub rows: f64,
    /// The share of rows decided to have it that do.
    pub precision: f64,
    /// The share of its rows that are decided to have it.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
    /// What its rows are decided to be: a row of the confusion matrix, without its zeros.
    #[serde(with = "ropeway_stat::count::map")]
    pub decided: BTreeMap<String, f64>,
}

impl ClassesReport {
    /// Of what is drawn of validation and, where it was opened, of the holdout; none where there are not several classes.
    pub(crate) fn of(validation: &Views, holdout: Option<&Views>) -> Option<Self> {
        let report = Self { validation: of_views(validation), holdout: holdout.map(of_views).unwrap_or_default() };
        (!report.validation.is_empty()).then_some(report)
    }
}

fn of_views(views: &Views) -> Vec<ClassFigures> {
    let Views::Multiclass(views) = views else { return Vec::new() };
    let rows = views.classes.iter().zip(&views.tally.counts).zip(views.tally.by_class());
    let figures = rows.map(|((class, counts), found)| ClassFigures {
        class: class.clone(),
        rows: found.rows,
        precision: found.precision,
        recall: found.recall,
        f1: found.f1,
        decided: views.classes.iter().cloned().zip(counts.iter().copied()).filter(|(_, rows)| *rows > 0.0).collect(),
    });
    figures.collect()
}
