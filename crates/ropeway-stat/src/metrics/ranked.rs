//! Rows sorted once by score, so that any metric of any resample of them is one pass.

use ropeway_vocab::{Problem, Result};

use super::pass::Pass;
use super::{Confusion, Costs, Figures, Metric};

const BINS: f64 = 10.0;

/// Scores and labels, highest score first. Rows of equal score, label and block are interchangeable, so
/// nothing computed from it depends on the order in which the rows came.
#[derive(Debug, Clone)]
pub struct Ranked {
    /// Highest first.
    pub(super) scores: Vec<f64>,
    pub(super) labels: Vec<bool>,
    /// Negative log likelihood of each row.
    pub(super) losses: Vec<f64>,
    /// Squared error of each row.
    pub(super) errors: Vec<f64>,
    /// The rank after the last row of each run of equal scores.
    pub(super) group_ends: Vec<u32>,
    /// The rank after the last row of each calibration bin, ascending.
    pub(super) bin_ends: Vec<u32>,
    /// Which row of the input has this rank.
    order: Vec<u32>,
    valid: bool,
}

impl Ranked {
    /// `scores` are probabilities (any finite number serves for ranking metrics), `labels` are 0 or 1.
    ///
    /// # Errors
    /// Lengths that differ, a label that is neither 0 nor 1, or more than 2^32 - 1 rows. A NaN among the
    /// scores is no error: every metric is then NaN.
    pub fn new(scores: &[f64], labels: &[f64]) -> Result<Self> {
        Self::with_blocks(scores, labels, None)
    }

    /// The same, with rows of equal score and label ordered by block, so that a resampling by blocks does not
    /// depend on the order in which the rows came.
    ///
    /// # Errors
    /// As for [`Ranked::new`].
    pub fn with_blocks(scores: &[f64], labels: &[f64], blocks: Option<&[u32]>) -> Result<Self> {
        Self::weighted(scores, labels, None, blocks)
    }

    /// The same of rows with weights: the bins of the calibration error hold as much weight each. Figures count each row once
    /// nevertheless, unless they are told how often: see [`Weighted`](super::Weighted).
    ///
    /// # Errors
    /// As for [`Ranked::new`].
    pub fn weighted(scores: &[f64], labels: &[f64], weights: Option<&[f64]>, blocks: Option<&[u32]>) -> Result<Self> {
        let other = |length: usize| length != scores.len();
        if other(labels.len())
            || blocks.is_some_and(|blocks| other(blocks.len()))
            || weights.is_some_and(|weights| other(weights.len()))
        {
            return Err(Problem::internal(format!("{} scores for {} labels", scores.len(), labels.len())));
        }
        let Ok(rows) = u32::try_from(scores.len()) else {
            return Err(Problem::invalid("table-size", "more than 4,294,967,295 rows cannot be evaluated at once"));
        };
        if let Some(row) = labels.iter().position(|label| *label != 0.0 && *label != 1.0) {
            let what = format!("the label of row {row} is {}, neither 0 nor 1", labels[row]);
            return Err(Problem::invalid("label-not-binary", what)
                .remedy("a binary label is 0 or 1; rows without a label are left out before evaluation"));
        }
        let block = |row: u32| blocks.map_or(0, |blocks| blocks[row as usize]);
        let weight = |row: u32| weights.map_or(1.0, |weights| weights[row as usize]);
        let mut ranked: Vec<(f64, u32)> = scores.iter().map(|score| plain(*score)).zip(0..rows).collect();
        ranked.sort_unstable_by(|(score, a), (other, b)| {
            other
                .total_cmp(score)
                .then_with(|| labels[*b as usize].total_cmp(&labels[*a as usize]))
                .then_with(|| block(*a).cmp(&block(*b)))
                .then_with(|| weight(*a).total_cmp(&weight(*b)))
                .then_with(|| a.cmp(b))
        });
        let order: Vec<u32> = ranked.into_iter().map(|(_, row)| row).collect();
        let weights = order.iter().map(|row| weight(*row)).collect();
        Ok(Self::sorted(order, scores, labels, weights))
    }

    fn sorted(order: Vec<u32>, all_scores: &[f64], all_labels: &[f64], weights: Vec<f64>) -> Self {
        let scores: Vec<f64> = order.iter().map(|row| plain(all_scores[*row as usize])).collect();
        let labels: Vec<bool> = order.iter().map(|row| all_labels[*row as usize] == 1.0).collect();
        let losses = scores.iter().zip(&labels).map(|(score, label)| log_loss_of(*score, *label)).collect();
        let errors = scores.iter().zip(&labels).map(|(score, label)| (score - f64::from(*label)).powi(2)).collect();
        let (mut group_ends, mut bin_ends) = (Vec::new(), Vec::new());
        let all: f64 = weights.iter().sum();
        let (mut seen, mut before, mut bin) = (0.0, 0.0, 0);
        for (rank, end) in (1_u32..).zip(1..=scores.len()) {
            seen += weights[end - 1];
            if end < scores.len() && scores[end] == scores[end - 1] {
                continue;
            }
            // The whole run goes to the bin of its first row.
            let this = (before * BINS / all) as usize;
            if this == bin && !bin_ends.is_empty() {
                bin_ends.pop();
            }
            bin = this;
            bin_ends.push(rank);
            group_ends.push(rank);
            before = seen;
        }
        let valid = !scores.iter().any(|score| score.is_nan());
        Self { scores, labels, losses, errors, group_ends, bin_ends, order, valid }
    }

    /// Some of the rows, in their order. Row `i` of their input is called `names[i]`.
    pub(super) fn part(&self, takes: impl Fn(u32) -> bool, names: &[u32]) -> Self {
        let ranks = (0_u32..).zip(&self.order).filter(|(_, row)| takes(**row)).map(|(rank, _)| rank);
        let labels: Vec<f64> = self.labels.iter().map(|label| f64::from(*label)).collect();
        // Their calibration is not looked at: bins may be of equal counts.
        let ranks: Vec<u32> = ranks.collect();
        let weights = vec![1.0; ranks.len()];
        let mut part = Self::sorted(ranks, &self.scores, &labels, weights);
        part.order.iter_mut().for_each(|rank| *rank = names[self.order[*rank as usize] as usize]);
        part
    }

    /// The same, with row `i` of the input called `names[i]`.
    pub(super) fn named(mut self, names: &[u32]) -> Self {
        self.order.iter_mut().for_each(|row| *row = names[*row as usize]);
        self
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.scores.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    /// Which row of the input has each rank, highest score first.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// How many rows, from the highest score down, are called positive: those with a score of at least
    /// `threshold`.
    pub fn called(&self, threshold: f64) -> usize {
        self.scores.partition_point(|score| *score >= threshold)
    }

    /// Decisions at `threshold` against labels.
    pub fn confusion(&self, threshold: f64) -> Confusion {
        self.pass(None, threshold).confusion
    }

    /// One metric of all rows.
    pub fn measure(&self, metric: Metric, threshold: f64, costs: Costs) -> f64 {
        self.pass(None, threshold).figure(metric, costs)
    }

    /// All metrics of all rows.
    pub fn figures(&self, threshold: f64, costs: Costs) -> Figures {
        let pass = self.pass(None, threshold);
        Metric::BINARY.into_iter().map(|metric| (metric, pass.figure(metric, costs))).collect()
    }

    /// All metrics when row `i` of the input counts `multiplicities[i]` times. Rows beyond the end of
    /// `multiplicities` do not count.
    pub fn figures_weighted(&self, multiplicities: &[f64], threshold: f64, costs: Costs) -> Figures {
        let of = |row: &u32| multiplicities.get(*row as usize).copied().unwrap_or(0.0);
        let by_rank: Vec<f64> = self.order.iter().map(of).collect();
        let pass = self.pass(Some(&by_rank), threshold);
        Metric::BINARY.into_iter().map(|metric| (metric, pass.figure(metric, costs))).collect()
    }

    /// One pass with multiplicities by rank; each row once if `None`.
    pub(crate) fn pass(&self, by_rank: Option<&[f64]>, threshold: f64) -> Pass {
        let called = if threshold.is_nan() { 0 } else { self.called(threshold) };
        if !self.valid {
            return Pass::invalid();
        }
        match by_rank {
            Some(weights) => Pass::run(self, called, |rank| weights[rank]),
            None => Pass::run(self, called, |_| 1.0),
        }
    }
}

/// Minus zero and zero are one score.
fn plain(score: f64) -> f64 {
    if score == 0.0 { 0.0 } else { score }
}

/// Negative log likelihood in nats, each class's probability held within 2^-52 of 0 and 1.
fn log_loss_of(probability: f64, label: bool) -> f64 {
    let of_label = if label { probability } else { 1.0 - probability };
    -of_label.clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln()
}
