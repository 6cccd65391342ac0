//! Decisions among several classes against labels, and what follows from their counts.

use serde::{Deserialize, Serialize};

use super::Metric;
use super::confusion::share;
use crate::count;

/// What it costs to decide for one class where another one is: `classes * classes` numbers, by the label's class, then by the
/// decided one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassCosts {
    classes: usize,
    costs: Vec<f64>,
}

impl ClassCosts {
    /// Every error costs 1.
    pub fn even(classes: usize) -> Self {
        let cost = |at: usize| f64::from(at / classes != at % classes);
        Self { classes, costs: (0..classes * classes).map(cost).collect() }
    }

    /// How many classes it is for.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Sets what one error costs.
    pub fn set(&mut self, label: usize, decided: usize, cost: f64) {
        if let Some(place) = self.costs.get_mut(label * self.classes + decided) {
            *place = cost;
        }
    }

    /// What it costs to decide for one class where another one is.
    pub fn of(&self, label: usize, decided: usize) -> f64 {
        self.costs.get(label * self.classes + decided).copied().unwrap_or(f64::NAN)
    }

    /// Whether it is a whole table of costs that are not negative.
    pub fn holds(&self) -> bool {
        self.costs.len() == self.classes * self.classes
            && self.costs.iter().all(|cost| cost.is_finite() && *cost >= 0.0)
    }

    /// The decision with the lowest expected cost; of those that rounding cannot tell apart the most probable class, then the
    /// first.
    pub fn decide(&self, probabilities: &[f64]) -> usize {
        let expected = |decided: usize| -> f64 {
            probabilities.iter().enumerate().map(|(label, p)| p * self.of(label, decided)).sum()
        };
        let all: Vec<f64> = (0..probabilities.len()).map(expected).collect();
        let least = all.iter().copied().fold(f64::INFINITY, f64::min);
        let cheapest = (0..all.len()).filter(|class| all[*class] <= least * (1.0 + 1e-12));
        let more = |best: usize, class: usize| if probabilities[class] > probabilities[best] { class } else { best };
        cheapest.reduce(more).unwrap_or(0)
    }
}

/// How many rows of each class were decided how; where rows have weights, the sum of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// By the label's class, then by the decided one.
    #[serde(with = "count::table")]
    pub counts: Vec<Vec<f64>>,
}

/// The figures of one class against the rest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OfClass {
    /// Its rows, or the sum of their weights.
    #[serde(with = "count")]
    pub rows: f64,
    /// Share of it among the rows decided so; 0 when none was.
    pub precision: f64,
    /// Share of its rows that were decided so; 0 without rows.
    pub recall: f64,
    /// `2 tp / (2 tp + fp + fn)`; 0 when that is 0/0.
    pub f1: f64,
}

impl Tally {
    /// Nothing counted.
    pub fn new(classes: usize) -> Self {
        Self { counts: vec![vec![0.0; classes]; classes] }
    }

    /// Counts so many rows.
    pub fn add(&mut self, label: usize, decided: usize, rows: f64) {
        self.counts[label][decided] += rows;
    }

    /// All rows.
    pub fn total(&self) -> f64 {
        self.counts.iter().flatten().sum()
    }

    /// Each class against the rest.
    pub fn by_class(&self) -> Vec<OfClass> {
        let of = |class: usize| {
            let right = self.counts[class][class];
            let (rows, decided) = (self.labelled(class), self.decided(class));
            OfClass {
                rows,
                precision: share(right, decided),
                recall: share(right, rows),
                f1: share(2.0 * right, rows + decided),
            }
        };
        (0..self.counts.len()).map(of).collect()
    }

    fn labelled(&self, class: usize) -> f64 {
        self.counts[class].iter().sum()
    }

    fn decided(&self, class: usize) -> f64 {
        self.counts.iter().map(|of_label| of_label[class]).sum()
    }

    fn right(&self) -> f64 {
        (0..self.counts.len()).map(|class| self.counts[class][class]).sum()
    }

    /// Mean cost per row.
    pub fn expected_cost(&self, costs: &ClassCosts) -> f64 {
        let of = |(label, row): (usize, &Vec<f64>)| -> f64 {
            row.iter().enumerate().map(|(decided, count)| count * costs.of(label, decided)).sum()
        };
        self.counts.iter().enumerate().map(of).sum::<f64>() / self.total()
    }

    /// A metric of decisions; NaN for others.
    pub fn figure(&self, metric: Metric) -> f64 {
        let classes = self.by_class();
        let seen = |class: &usize| self.labelled(*class) + self.decided(*class) > 0.0;
        let plain = |of: fn(&OfClass) -> f64| {
            let there: Vec<usize> = (0..classes.len()).filter(seen).collect();
            there.iter().map(|class| of(&classes[*class])).sum::<f64>() / there.len() as f64
        };
        let by_rows =
            |of: fn(&OfClass) -> f64| classes.iter().map(|class| class.rows * of(class)).sum::<f64>() / self.total();
        match metric {
            Metric::Accuracy | Metric::MicroF1 => share(self.right(), self.total()),
            Metric::BalancedAccuracy => {
                let there: Vec<&OfClass> = classes.iter().filter(|class| class.rows > 0.0).collect();
                there.iter().map(|class| class.recall).sum::<f64>() / there.len() as f64
            }
            Metric::MacroPrecision => plain(|class| class.precision),
            Metric::MacroRecall => plain(|class| class.recall),
            Metric::MacroF1 => plain(|class| class.f1),
            Metric::WeightedPrecision => by_rows(|class| class.precision),
            Metric::WeightedRecall => by_rows(|class| class.recall),
            Metric::WeightedF1 => by_rows(|class| class.f1),
            Metric::Mcc => self.mcc(),
            _ => f64::NAN,
        }
    }

    /// Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", 2004, equation 8.
    fn mcc(&self) -> f64 {
        let all = self.total();
        let (mut products, mut decided, mut labelled) = (0.0, 0.0, 0.0);
        // Weights may leave rounding where one class has all rows.
        let mut several = (0, 0);
        for class in 0..self.counts.len() {
            let (p, t) = (self.decided(class), self.labelled(class));
            several = (several.0 + u32::from(p > 0.0), several.1 + u32::from(t > 0.0));
            products += p * t;
            decided += p * p;
            labelled += t * t;
        }
        if several.0 < 2 || several.1 < 2 {
            return 0.0;
        }
        let below = (all * all - decided).sqrt() * (all * all - labelled).sqrt();
        if below == 0.0 { 0.0 } else { (self.right() * all - products) / below }
    }
}
