//! One pass over ranked rows: everything that all metrics need.

use super::{Confusion, Costs, Metric, Ranked};

/// What one pass found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pass {
    pub confusion: Confusion,
    average_precision: f64,
    /// Twice the number of (positive, negative) pairs in the right order, ties counted half.
    ordered_pairs: f64,
    loss: f64,
    error: f64,
    calibration_gap: f64,
    valid: bool,
}

impl Pass {
    /// When a score is NaN: every figure is.
    pub(super) fn invalid() -> Self {
        Self {
            confusion: Confusion::default(),
            average_precision: f64::NAN,
            ordered_pairs: 0.0,
            loss: f64::NAN,
            error: f64::NAN,
            calibration_gap: f64::NAN,
            valid: false,
        }
    }

    /// The first `called` ranks are called positive; `weight` is how much the row of a rank counts.
    pub(super) fn run(ranked: &Ranked, called: usize, weight: impl Fn(usize) -> f64) -> Self {
        let (mut loss, mut error) = (0.0, 0.0);
        let (mut positives, mut negatives) = (0.0, 0.0);
        let mut at_threshold = (0.0, 0.0);
        let (mut precision_sum, mut ordered_pairs) = (0.0, Compensated::default());
        let mut bins = ranked.bin_ends.iter();
        let mut bin_end = bins.next();
        let (mut calibration_gap, mut bin_scores, mut bin_positives) = (0.0, 0.0, 0.0);
        let mut start = 0;
        for end in &ranked.group_ends {
            let end = *end as usize;
            let (mut group_positives, mut group_negatives) = (0.0, 0.0);
            for rank in start..end {
                let times = weight(rank);
                let positive = f64::from(u8::from(ranked.labels[rank]));
                group_positives += times * positive;
                group_negatives += times * (1.0 - positive);
                loss += times * ranked.losses[rank];
                error += times * ranked.errors[rank];
            }
            let before = positives;
            positives += group_positives;
            negatives += group_negatives;
            if group_positives > 0.0 {
                precision_sum += group_positives * (positives / (positives + negatives));
            }
            ordered_pairs.add(group_negatives * (2.0 * before + group_positives));
            bin_scores += (group_positives + group_negatives) * ranked.scores[start];
            bin_positives += group_positives;
            if bin_end.is_some_and(|bin_end| *bin_end as usize == end) {
                calibration_gap += (bin_scores - bin_positives).abs();
                (bin_scores, bin_positives) = (0.0, 0.0);
                bin_end = bins.next();
            }
            if end <= called {
                at_threshold = (positives, negatives);
            }
            start = end;
        }
        let (tp, fp) = at_threshold;
        let average_precision = if positives == 0.0 { 0.0 } else { precision_sum / positives };
        let confusion = Confusion { tp, fp, tn: negatives - fp, fn_: positives - tp };
        let ordered_pairs = ordered_pairs.sum();
        Self { confusion, average_precision, ordered_pairs, loss, error, calibration_gap, valid: true }
    }

    /// One metric; NaN without rows or with a NaN among the scores.
    pub(crate) fn figure(&self, metric: Metric, costs: Costs) -> f64 {
        let rows = self.confusion.total();
        if !self.valid || rows == 0.0 {
            return f64::NAN;
        }
        let confusion = &self.confusion;
        match metric {
            Metric::AveragePrecision => self.average_precision,
            Metric::RocAuc => {
                let pairs = (confusion.tp + confusion.fn_) * (confusion.tn + confusion.fp);
                if pairs == 0.0 { f64::NAN } else { self.ordered_pairs / (2.0 * pairs) }
            }
            Metric::LogLoss => self.loss / rows,
            Metric::Brier => self.error / rows,
            Metric::CalibrationError => self.calibration_gap / rows,
            Metric::Accuracy => confusion.accuracy(),
            Metric::Precision => confusion.precision(),
            Metric::Recall => confusion.recall(),
            Metric::F1 => confusion.f1(),
            Metric::Mcc => confusion.mcc(),
            Metric::ExpectedCost => confusion.expected_cost(costs),
            // Of several classes or of numbers.
            _ => f64::NAN,
        }
    }
}

/// A sum that carries what rounding took (Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen",
/// 1974): pairs of rows are more than a double counts one by one.
#[derive(Debug, Clone, Copy, Default)]
struct Compensated {
    sum: f64,
    lost: f64,
}

impl Compensated {
    #[inline]
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        // No term is negative, so that the sum is the greater one from the second term on; exchanged, both are right.
        let (greater, smaller) = if self.sum >= value { (self.sum, value) } else { (value, self.sum) };
        self.lost += (greater - sum) + smaller;
        self.sum = sum;
    }

    fn sum(self) -> f64 {
        self.sum + self.lost
    }
}
