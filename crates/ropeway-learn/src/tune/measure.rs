//! The metric of the search: costs of error are equal here, and decisions are those of the greatest probability, since what
//! decides is chosen later, on all folds.

use ropeway_stat::{
    BinaryRows, ClassCosts, ClassRows, Classed, Costs, Folds, Measured, Metric, NumberCosts, NumberRows, Numbers,
    Ranked, Weighted, class_log_loss, plain_error, sigmoid, softmax,
};
use ropeway_vocab::Result;

use crate::labels::Labels;
use crate::target::Target;

/// What raw scores say, not calibrated: probabilities, or the numbers themselves.
pub fn said(target: &Target, raw: &[f64]) -> Vec<f64> {
    match target {
        Target::Binary => raw.iter().map(|raw| sigmoid(*raw)).collect(),
        Target::Classes(names) => {
            let mut said = raw.to_vec();
            said.chunks_mut(names.len()).for_each(softmax);
            said
        }
        Target::Number => raw.to_vec(),
    }
}

/// The metric of what was said of rows. Those that are sums over rows are measured without putting rows in order, since
/// boosting asks for them every few rounds.
pub fn measure(metric: Metric, target: &Target, said: &[f64], labels: &Labels) -> Result<f64> {
    let weights = labels.weights();
    match target {
        Target::Binary => {
            let ranked = Ranked::weighted(said, labels, weights, None)?;
            let rows = BinaryRows { ranked, folds: Folds::default(), threshold: 0.5, costs: Costs::default() };
            Ok(measured(rows, weights, metric))
        }
        Target::Classes(names) if metric == Metric::LogLoss => Ok(class_log_loss(said, names.len(), labels, weights)),
        Target::Classes(names) => {
            let (classes, costs) = (names.len(), ClassCosts::even(names.len()));
            let decisions: Vec<u32> = said.chunks(classes).map(|row| costs.decide(row) as u32).collect();
            let said =
                Classed { classes, probabilities: said, decisions: &decisions, ranked_by: said, folds: None, weights };
            Ok(measured(ClassRows::new(said, labels, None, costs)?, weights, metric))
        }
        Target::Number => match plain_error(metric, said, labels, weights) {
            Some(figure) => Ok(figure),
            None => {
                let said = Numbers { values: said, decisions: said, low: said, high: said, weights };
                Ok(measured(NumberRows::new(said, labels, None, NumberCosts::default())?, weights, metric))
            }
        },
    }
}

fn measured(rows: impl Measured + 'static, weights: Option<&[f64]>, metric: Metric) -> f64 {
    match weights {
        Some(weights) => Weighted::new(Box::new(rows), weights).measure(metric),
        None => rows.measure(metric),
    }
}
