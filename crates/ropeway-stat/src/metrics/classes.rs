//! The quality of the probabilities of several classes.

use ropeway_vocab::{Problem, Result};

use super::measured::Measured;
use super::weighted::weighted_mean;
use super::{ClassCosts, Metric, Ranked, Tally};

/// What was said of each row: `rows * classes` numbers, row by row.
#[derive(Debug, Clone, Copy)]
pub struct Classed<'a> {
    /// How many classes.
    pub classes: usize,
    /// The probabilities.
    pub probabilities: &'a [f64],
    /// The class decided for, of each row.
    pub decisions: &'a [u32],
    /// What ranks the rows of each class; the probabilities, where one model gave them all.
    pub ranked_by: &'a [f64],
    /// The fold of each row, where several models gave the scores: rows are ranked within theirs.
    pub folds: Option<&'a [u32]>,
    /// The weight of each row, where they have some: bins of the calibration error hold as much of it each.
    pub weights: Option<&'a [f64]>,
}

/// Rows of several classes with their labels.
#[derive(Debug, Clone)]
pub struct ClassRows {
    classes: usize,
    order: Vec<u32>,
    labels: Vec<u32>,
    decisions: Vec<u32>,
    losses: Vec<f64>,
    errors: Vec<f64>,
    /// How many classes are more probable than the row's own.
    above: Vec<u32>,
    /// The probability of the decided class, against whether it is right.
    confidence: Ranked,
    /// The rows of each fold, each class against the rest.
    ranked: Vec<Vec<Ranked>>,
    costs: ClassCosts,
    valid: bool,
}

impl ClassRows {
    /// `labels` are numbers of classes. `blocks` has one number a row: equal rows are drawn apart where they are of another
    /// block.
    ///
    /// # Errors
    /// Lengths that differ, a label that is no class, or more than 2^32 - 1 rows. What is not a number is no error: every figure
    /// is then NaN.
    pub fn new(said: Classed<'_>, labels: &[f64], blocks: Option<&[u32]>, costs: ClassCosts) -> Result<Self> {
        let (rows, classes) = (labels.len(), said.classes);
        let fits = said.probabilities.len() == rows * classes
            && said.ranked_by.len() == rows * classes
            && said.decisions.len() == rows
            && blocks.is_none_or(|blocks| blocks.len() == rows)
            && said.folds.is_none_or(|folds| folds.len() == rows)
            && said.weights.is_none_or(|weights| weights.len() == rows)
            && labels.iter().all(|label| label.fract() == 0.0 && (0.0..classes as f64).contains(label));
        let (true, Ok(count)) = (fits, u32::try_from(rows)) else {
            return Err(Problem::internal(format!("{} probabilities for {rows} labels", said.probabilities.len())));
        };
        let of = |row: u32| &said.probabilities[row as usize * classes..(row as usize + 1) * classes];
        let block = |row: u32| blocks.map_or(0, |blocks| blocks[row as usize]);
        let fold = |row: u32| said.folds.map_or(0, |folds| folds[row as usize]);
        let weight = |row: u32| said.weights.map_or(1.0, |weights| weights[row as usize]);
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_unstable_by(|a, b| {
            let each = of(*a).iter().zip(of(*b)).map(|(a, b)| a.total_cmp(b));
            each.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
                .then_with(|| labels[*a as usize].total_cmp(&labels[*b as usize]))
                .then_with(|| (block(*a), fold(*a)).cmp(&(block(*b), fold(*b))))
                .then_with(|| weight(*a).total_cmp(&weight(*b)))
                .then_with(|| a.cmp(b))
        });
        let mut made = Self {
            classes,
            labels: order.iter().map(|row| labels[*row as usize] as u32).collect(),
            decisions: order.iter().map(|row| said.decisions[*row as usize]).collect(),
            losses: Vec::with_capacity(rows),
            errors: Vec::with_capacity(rows),
            above: Vec::with_capacity(rows),
            confidence: Ranked::new(&[], &[])?,
            ranked: Vec::new(),
            costs,
            valid: said.probabilities.iter().chain(said.ranked_by).all(|value| value.is_finite()),
            order: Vec::new(),
        };
        for (row, label) in order.iter().zip(&made.labels) {
            let (probabilities, label) = (of(*row), *label as usize);
            let own = probabilities[label];
            made.losses.push(log_loss_of(own));
            let square = |(class, p): (usize, &f64)| (p - f64::from(u8::from(class == label))).powi(2);
            made.errors.push(probabilities.iter().enumerate().map(square).sum());
            let more = |(class, p): &(usize, &f64)| **p > own || (**p == own && *class > label);
            made.above.push(probabilities.iter().enumerate().filter(more).count() as u32);
        }
        let decided: Vec<f64> =
            order.iter().zip(&made.decisions).map(|(row, decision)| of(*row)[*decision as usize]).collect();
        let right: Vec<f64> =
            made.labels.iter().zip(&made.decisions).map(|(label, decision)| f64::from(label == decision)).collect();
        let by_place = said.weights.map(|_| order.iter().map(|row| weight(*row)).collect::<Vec<f64>>());
        made.confidence = Ranked::weighted(&decided, &right, by_place.as_deref(), None)?;
        made.ranked = ranked(&order, &made.labels, said)?;
        made.order = order;
        Ok(made)
    }

    /// How many rows of each class were decided how.
    pub fn tally(&self, times: Option<&[f64]>) -> Tally {
        let mut tally = Tally::new(self.classes);
        for (place, (label, decision)) in self.labels.iter().zip(&self.decisions).enumerate() {
            tally.add(*label as usize, *decision as usize, times.map_or(1.0, |times| times[place]));
        }
        tally
    }

    /// Of one class against the rest: the ROC AUC, its plain mean and that by rows, and the plain mean of the average precision.
    fn ranking(&self, times: Option<&[f64]>) -> [f64; 3] {
        let (mut sums, mut rows) = ([0.0; 3], 0.0);
        for fold in &self.ranked {
            let (mut plain, mut by_rows, mut precision) = (0.0, 0.0, 0.0);
            let (mut defined, mut positives, mut all) = (0.0, 0.0, 0.0);
            for ranked in fold {
                let own: Option<Vec<f64>> =
                    times.map(|times| ranked.order().iter().map(|place| times[*place as usize]).collect());
                let pass = ranked.pass(own.as_deref(), 0.5);
                let there = pass.confusion.tp + pass.confusion.fn_;
                let figure = |metric| pass.figure(metric, super::Costs::default());
                let area = figure(Metric::RocAuc);
                all = pass.confusion.total();
                if there > 0.0 && !area.is_nan() {
                    plain += area;
                    by_rows += area * there;
                    precision += figure(Metric::AveragePrecision);
                    defined += 1.0;
                    positives += there;
                }
            }
            if defined > 0.0 {
                sums[0] += all * plain / defined;
                sums[1] += all * by_rows / positives;
                sums[2] += all * precision / defined;
                rows += all;
            }
        }
        sums.map(|sum| sum / rows)
    }
}

/// The mean log loss of probabilities (`rows * classes`, row by row), of rows in any order.
pub fn class_log_loss(probabilities: &[f64], classes: usize, labels: &[f64], weights: Option<&[f64]>) -> f64 {
    let of = |(row, label): (&[f64], &f64)| log_loss_of(row[*label as usize]);
    weighted_mean(probabilities.chunks(classes).zip(labels).map(of), weights)
}

fn log_loss_of(own: f64) -> f64 {
    -own.clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln()
}

/// The rows of each fold by what each class was said to be; input rows of the rankings are places.
fn ranked(order: &[u32], labels: &[u32], said: Classed<'_>) -> Result<Vec<Vec<Ranked>>> {
    let fold = |place: u32| said.folds.map_or(0, |folds| folds[order[place as usize] as usize]);
    let mut names: Vec<u32> = (0..order.len() as u32).map(fold).collect();
    names.sort_unstable();
    names.dedup();
    let of_fold = |name: u32| {
        let places: Vec<u32> = (0..order.len() as u32).filter(|place| fold(*place) == name).collect();
        let of_class = |class: usize| {
            let scores: Vec<f64> = places
                .iter()
                .map(|place| said.ranked_by[order[*place as usize] as usize * said.classes + class])
                .collect();
            let own: Vec<f64> =
                places.iter().map(|place| f64::from(labels[*place as usize] as usize == class)).collect();
            Ranked::new(&scores, &own).map(|ranked| ranked.named(&places))
        };
        (0..said.classes).map(of_class).collect()
    };
    names.into_iter().map(of_fold).collect()
}

impl Measured for ClassRows {
    fn order(&self) -> &[u32] {
        &self.order
    }

    fn metrics(&self) -> &'static [Metric] {
        &Metric::MULTICLASS
    }

    fn figures(&self, times: Option<&[f64]>) -> Vec<f64> {
        let tally = self.tally(times);
        let rows = tally.total();
        if !self.valid || rows == 0.0 {
            return vec![f64::NAN; Metric::MULTICLASS.len()];
        }
        let count = |place: usize| times.map_or(1.0, |times| times[place]);
        let mean = |of: &dyn Fn(usize) -> f64| {
            (0..self.labels.len()).map(|place| count(place) * of(place)).sum::<f64>() / rows
        };
        let ranking = self.ranking(times);
        let of = |metric: Metric| match metric {
            Metric::LogLoss => mean(&|place| self.losses[place]),
            Metric::Brier => mean(&|place| self.errors[place]),
            Metric::Top2Accuracy => mean(&|place| f64::from(self.above[place] < 2)),
            Metric::Top3Accuracy => mean(&|place| f64::from(self.above[place] < 3)),
            Metric::CalibrationError => {
                let own: Option<Vec<f64>> =
                    times.map(|times| self.confidence.order().iter().map(|place| times[*place as usize]).collect());
                self.confidence.pass(own.as_deref(), 0.5).figure(metric, super::Costs::default())
            }
            Metric::MacroRocAuc => ranking[0],
            Metric::WeightedRocAuc => ranking[1],
            Metric::MacroAveragePrecision => ranking[2],
            Metric::ExpectedCost => tally.expected_cost(&self.costs),
            of_decisions => tally.figure(of_decisions),
        };
        Metric::MULTICLASS.into_iter().map(of).collect()
    }
}

#[cfg(test)]
pub(super) mod tests;
