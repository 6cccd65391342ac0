//! What each row loses, so that two models can be compared row by row.

use ropeway_stat::{ClassCosts, Metric, pinball_of_interval, relative_error};

use crate::answers::Answers;
use crate::calibration::{class_losses, losses};
use crate::labels::Labels;
use crate::settings::CostsOfError;

/// What a row loses, as a metric is made of it; smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Its name.
    pub name: &'static str,
    /// Whether the metric is the mean over rows of this, or the root of the mean; otherwise it is of all rows together, and
    /// this is what learners of the task lose.
    pub mean: bool,
}

/// The measure that a metric goes by, of labels that are numbers or classes.
pub fn measure(metric: Metric, of_numbers: bool) -> Measure {
    let mean = |name| Measure { name, mean: true };
    match metric {
        Metric::LogLoss => mean("log_loss"),
        Metric::Brier => mean("brier"),
        Metric::Accuracy | Metric::MicroF1 => mean("wrong_decision"),
        Metric::ExpectedCost => mean("cost"),
        Metric::Rmse => mean("squared_error"),
        Metric::Mae => mean("absolute_error"),
        Metric::Mape => mean("relative_error"),
        Metric::Rmsle => mean("squared_log_error"),
        Metric::Pinball => mean("pinball"),
        _ => Measure { name: if of_numbers { "squared_error" } else { "log_loss" }, mean: false },
    }
}

/// What is lost on each row, by name: `log_loss` (nats) of classes, `squared_error` and `absolute_error` of numbers, which any two
/// models can be compared by, and before them what the metric goes by, where it is another one that is a mean over rows.
pub fn row_losses(
    answers: &Answers,
    labels: &Labels,
    (metric, costs): (Metric, &CostsOfError),
) -> Vec<(&'static str, Vec<f64>)> {
    let (own, mut all) = match answers {
        Answers::Binary { probabilities, threshold, .. } => {
            let said = Binary { probabilities, threshold: *threshold, labels };
            (said.losses(metric, costs), vec![("log_loss", losses(probabilities, labels))])
        }
        Answers::Classes { costs, probabilities, decisions, .. } => {
            let said = Classes { probabilities, decisions, labels };
            (said.losses(metric, costs), vec![("log_loss", class_losses(probabilities, labels, costs.classes()))])
        }
        Answers::Number { values, decisions, low, high } => {
            let said = Number { values, decisions, ends: (low, high), labels };
            let squared = said.each(|value, label| (value - label).powi(2));
            let absolute = said.each(|value, label| (value - label).abs());
            (said.losses(metric, costs), vec![("squared_error", squared), ("absolute_error", absolute)])
        }
    };
    if let Some(own) = own {
        all.insert(0, (measure(metric, false).name, own));
    }
    all
}

struct Binary<'a> {
    probabilities: &'a [f64],
    threshold: f64,
    labels: &'a Labels,
}

impl Binary<'_> {
    fn losses(&self, metric: Metric, costs: &CostsOfError) -> Option<Vec<f64>> {
        let each = |of: &dyn Fn(f64, bool) -> f64| {
            self.probabilities.iter().zip(self.labels.iter()).map(|(p, label)| of(*p, *label == 1.0)).collect()
        };
        let wrong = |p: f64, label: bool| (p >= self.threshold) != label;
        let cost = |label: bool| if label { costs.false_negative } else { costs.false_positive };
        match metric {
            Metric::Brier => Some(each(&|p, label| (p - f64::from(label)).powi(2))),
            Metric::Accuracy => Some(each(&|p, label| f64::from(wrong(p, label)))),
            Metric::ExpectedCost => Some(each(&|p, label| f64::from(wrong(p, label)) * cost(label))),
            _ => None,
        }
    }
}

struct Classes<'a> {
    probabilities: &'a [f64],
    decisions: &'a [u32],
    labels: &'a Labels,
}

impl Classes<'_> {
    fn losses(&self, metric: Metric, costs: &ClassCosts) -> Option<Vec<f64>> {
        let each = |of: &dyn Fn(&[f64], usize, usize) -> f64| {
            let rows = self.probabilities.chunks(costs.classes()).zip(self.decisions).zip(self.labels.iter());
            rows.map(|((said, decided), label)| of(said, *decided as usize, *label as usize)).collect()
        };
        let square = |said: &[f64], label: usize| -> f64 {
            said.iter().enumerate().map(|(class, p)| (p - f64::from(class == label)).powi(2)).sum()
        };
        match metric {
            Metric::Brier => Some(each(&|said, _, label| square(said, label))),
            Metric::Accuracy | Metric::MicroF1 => Some(each(&|_, decided, label| f64::from(decided != label))),
            Metric::ExpectedCost => Some(each(&|_, decided, label| costs.of(label, decided))),
            _ => None,
        }
    }
}

struct Number<'a> {
    values: &'a [f64],
    decisions: &'a [f64],
    ends: (&'a [f64], &'a [f64]),
    labels: &'a Labels,
}

impl Number<'_> {
    fn each(&self, of: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        self.values.iter().zip(self.labels.iter()).map(|(value, label)| of(*value, *label)).collect()
    }

    fn losses(&self, metric: Metric, costs: &CostsOfError) -> Option<Vec<f64>> {
        let labels = self.labels;
        match metric {
            Metric::Mape => Some(self.each(relative_error)),
            Metric::Rmsle if labels.iter().all(|label| *label >= 0.0) => {
                Some(self.each(|value, label| (value.max(0.0).ln_1p() - label.ln_1p()).powi(2)))
            }
            Metric::ExpectedCost => {
                let cost = |(decided, label): (&f64, &f64)| costs.number().of(decided - label);
                Some(self.decisions.iter().zip(labels.iter()).map(cost).collect())
            }
            Metric::Pinball => {
                let ends = self.ends.0.iter().zip(self.ends.1).zip(labels.iter());
                Some(ends.map(|((low, high), label)| pinball_of_interval(*label, (*low, *high))).collect())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use ropeway_stat::weighted_mean;

    use super::*;

    /// Every metric that says that it is a mean of rows is one, or the root of one.
    fn check(answers: &Answers, labels: &Labels, metrics: &[Metric], of_numbers: bool) {
        let costs = CostsOfError { false_negative: 3.0, under: 2.0, ..CostsOfError::default() };
        let measured = answers.measured(labels, &costs, (None, None)).unwrap();
        let figures = measured.figures(None);
        let mut means = 0;
        for metric in metrics {
            let Measure { name, mean } = measure(*metric, of_numbers);
            let all = row_losses(answers, labels, (*metric, &costs));
            let Some((_, rows)) = all.into_iter().find(|(known, _)| *known == name) else { panic!("{metric:?}") };
            if !mean {
                continue;
            }
            means += 1;
            let mean = weighted_mean(rows.into_iter(), labels.weights());
            let figure = figures[measured.metrics().iter().position(|known| known == metric).unwrap()];
            let expected = match metric {
                Metric::Accuracy | Metric::MicroF1 => 1.0 - figure,
                Metric::Rmse | Metric::Rmsle => figure * figure,
                _ => figure,
            };
            assert!((mean - expected).abs() < 1e-9, "{metric:?}: {mean} and {expected}");
        }
        assert!(means >= 4, "{means}");
    }

    #[test]
    fn a_metric_that_is_a_mean_is_that_of_its_rows() {
        let binary = Answers::Binary { raw: vec![0.4, -0.2, 1.0], probabilities: vec![0.6, 0.45, 0.7], threshold: 0.4 };
        check(&binary, &vec![1.0, 0.0, 0.0].into(), &Metric::BINARY, false);
        let classes = Answers::Classes {
            costs: ClassCosts::even(3),
            raw: vec![0.0; 9],
            probabilities: vec![0.5, 0.3, 0.2, 0.1, 0.8, 0.1, 0.3, 0.3, 0.4],
            decisions: vec![0, 1, 2],
        };
        check(&classes, &vec![0.0, 2.0, 2.0].into(), &Metric::MULTICLASS, false);
        let number = Answers::Number {
            values: vec![1.0, 5.0, 9.5],
            decisions: vec![2.0, 5.5, 9.0],
            low: vec![0.0, 2.0, 7.0],
            high: vec![2.0, 6.0, 12.0],
        };
        let labels = Labels::weighted(vec![2.0, 4.0, 15.0], Some(vec![1.0, 2.0, 0.5]));
        check(&number, &labels, &Metric::REGRESSION, true);
    }
}
