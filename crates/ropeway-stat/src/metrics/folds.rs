//! Figures of scores that several models gave, each to the rows of one fold. A score of one model is not compared with one
//! of another: rows that are ranked across models show how the models differ, and a constant would rank below chance
//! (Forman and Scholz, "Apples-to-apples in cross-validation studies", 2010).

use super::pass::Pass;
use super::{Costs, Metric, Ranked};

/// The rows of each fold, ranked among themselves.
#[derive(Debug, Clone, Default)]
pub struct Folds(Vec<Ranked>);

impl Folds {
    /// Parts the rows of `ranked` by `folds`, which has a number for each row of its input. `by` has the same rows, ranked by
    /// what the models themselves said: a calibration that was fitted on other parts than folds keeps no order within them.
    pub fn new(ranked: &Ranked, by: &Ranked, folds: &[u32]) -> Self {
        let of = |row: u32| folds.get(row as usize).copied().unwrap_or(0);
        let mut rank_of = vec![0; ranked.len()];
        for (rank, row) in (0_u32..).zip(ranked.order()) {
            rank_of[*row as usize] = rank;
        }
        let mut names: Vec<u32> = by.order().iter().map(|row| of(*row)).collect();
        names.sort_unstable();
        names.dedup();
        Self(names.into_iter().map(|name| by.part(|row| of(row) == name, &rank_of)).collect())
    }

    /// Every metric in the order of [`Metric::BINARY`], with multiplicities by rank among all rows. Those that rank rows are
    /// means over the folds in which they are defined, weighted by rows; the others are of all rows.
    pub(crate) fn figures(
        &self,
        ranked: &Ranked,
        by_rank: Option<&[f64]>,
        threshold: f64,
        costs: Costs,
    ) -> impl Iterator<Item = f64> {
        let whole = ranked.pass(by_rank, threshold);
        let of_fold = |fold: &Ranked| {
            let own: Option<Vec<f64>> =
                by_rank.map(|all| fold.order().iter().map(|rank| all[*rank as usize]).collect());
            fold.pass(own.as_deref(), threshold)
        };
        let passes: Vec<Pass> = self.0.iter().map(of_fold).collect();
        Metric::BINARY.into_iter().map(move |metric| {
            if passes.is_empty() || !metric.ranks() {
                whole.figure(metric, costs)
            } else {
                mean(&passes, metric, costs)
            }
        })
    }
}

fn mean(passes: &[Pass], metric: Metric, costs: Costs) -> f64 {
    let (mut sum, mut rows) = (0.0, 0.0);
    for pass in passes {
        let figure = pass.figure(metric, costs);
        let confusion = &pass.confusion;
        if confusion.tp + confusion.fn_ > 0.0 && !figure.is_nan() {
            sum += figure * confusion.total();
            rows += confusion.total();
        }
    }
    sum / rows
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two models that rank equally well, of which one says 0.5 less.
    const SCORES: [f64; 8] = [0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1];
    const LABELS: [f64; 8] = [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0];
    const FOLDS: [u32; 8] = [3, 3, 3, 3, 7, 7, 7, 7];

    fn figure(labels: &[f64], metric: Metric, weights: Option<&[f64]>) -> f64 {
        let ranked = Ranked::new(&SCORES, labels).unwrap();
        let folds = Folds::new(&ranked, &ranked, &FOLDS);
        let position = Metric::BINARY.iter().position(|other| *other == metric).unwrap();
        folds.figures(&ranked, weights, 0.5, Costs::default()).nth(position).unwrap()
    }

    #[test]
    fn rows_are_ranked_within_their_fold() {
        assert_eq!(figure(&LABELS, Metric::RocAuc, None), 0.75);
        let of_one = (1.0 + 2.0 / 3.0) / 2.0;
        assert!((figure(&LABELS, Metric::AveragePrecision, None) - of_one).abs() < 1e-15);
        // What does not rank is of all rows.
        assert_eq!(figure(&LABELS, Metric::Accuracy, None), 0.5);
    }

    #[test]
    fn rows_are_ranked_by_what_the_models_said() {
        // A calibration that turned the first fold round.
        let calibrated = [0.1, 0.2, 0.3, 0.4, 0.4, 0.3, 0.2, 0.1];
        let ranked = Ranked::new(&calibrated, &LABELS).unwrap();
        let folds = Folds::new(&ranked, &Ranked::new(&SCORES, &LABELS).unwrap(), &FOLDS);
        let auc = |weights: Option<&[f64]>| folds.figures(&ranked, weights, 0.5, Costs::default()).nth(1).unwrap();
        assert_eq!(Metric::BINARY[1], Metric::RocAuc);
        assert_eq!(auc(None), 0.75);
        // Multiplicities are by rank among the calibrated: without row 3, of the first fold.
        let rank = ranked.order().iter().position(|row| *row == 3).unwrap();
        let weights: Vec<f64> = (0..8).map(|other| f64::from(u8::from(other != rank))).collect();
        assert_eq!(auc(Some(&weights)), (3.0 * 0.5 + 4.0 * 0.75) / 7.0);
    }

    #[test]
    fn folds_count_by_their_rows_and_not_where_nothing_is_defined() {
        // The second fold twice, its last row left out.
        let twice = [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 0.0];
        let second = 0.5;
        let expected = (4.0 * 0.75 + 6.0 * second) / 10.0;
        assert!((figure(&LABELS, Metric::RocAuc, Some(&twice)) - expected).abs() < 1e-15);
        let first_alone = [1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(figure(&first_alone, Metric::RocAuc, None), 0.75);
        assert!((figure(&first_alone, Metric::AveragePrecision, None) - (1.0 + 2.0 / 3.0) / 2.0).abs() < 1e-15);
    }
}
