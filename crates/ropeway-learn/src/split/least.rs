//! How many examples a split needs at least, and what is said where there are fewer.

use ropeway_vocab::{Problem, Result};

use crate::Population;
use crate::target::Target;

/// The fewest folds there can be.
const FEWEST_FOLDS: usize = 2;

/// The labelled examples that a holdout and so many folds need at least.
pub fn least_rows(folds: usize) -> usize {
    2 * (folds + 2)
}

/// The examples of each of two classes that they need: one in the holdout, and one to judge by in each fold.
pub fn least_of_class(folds: usize) -> usize {
    folds + 1
}

/// Refuses fewer examples than a holdout and so many folds need.
pub(super) fn check_rows(rows: usize, folds: usize) -> Result<()> {
    if rows >= least_rows(folds) {
        return Ok(());
    }
    let what = format!(
        "{rows} labelled examples are too few for a holdout and {folds} folds, which need {}",
        least_rows(folds)
    );
    Err(Problem::invalid("too-few-rows", what).remedy(if rows >= least_rows(FEWEST_FOLDS) {
        "lower `count` of `[split] folds`, or collect more examples".to_owned()
    } else {
        format!("collect more examples: {FEWEST_FOLDS} folds, the fewest there are, need {}", least_rows(FEWEST_FOLDS))
    }))
}

/// A part with one class alone is told as what it is where the other one has too few examples for any split: no other
/// `share` or seed would help.
pub(super) fn told(problem: Problem, population: &Population, folds: usize) -> Problem {
    let (Target::Binary, "one-class") = (&population.target, problem.code()) else { return problem };
    let positive = population.label.iter().filter(|label| **label == 1.0).count();
    let negative = population.rows() - positive;
    let (rare, class) = if positive <= negative { (positive, 1.0) } else { (negative, 0.0) };
    let least = least_of_class(folds);
    if rare >= least {
        return problem;
    }
    let fewer = least_of_class(FEWEST_FOLDS);
    let or = if rare >= fewer && folds > FEWEST_FOLDS {
        format!(", or lower `count` of `[split] folds`: {FEWEST_FOLDS} folds need {fewer}")
    } else {
        String::new()
    };
    problem.remedy(format!(
        "collect more examples whose label is {}: there are {rare} in all, and at least {least} are needed, one for the holdout \
         and one for each of {folds} folds{or}",
        population.name(class)
    ))
}
