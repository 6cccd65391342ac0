//! What a candidate's scores out of fold come to: how raw scores become an answer, and how good answers are.

use ropeway_stat::Metric;
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use crate::answers::Answers;
use crate::calibration::{ClassCalibration, Residuals, calibrate, calibrate_classes, spread};
use crate::evaluation::{Scorecard, blocks_for, scorecard};
use crate::labels::Labels;
use crate::output::{BinaryOutput, ClassOutput, NumberOutput, Output};
use crate::population::Population;
use crate::row_losses::row_losses;
use crate::scored::Scored;
use crate::settings::{CostsOfError, SplitBy, TargetTransform};
use crate::split::Fold;
use crate::target::Target;
use crate::threshold::choose_threshold;
use crate::views::Views;

/// What a candidate's out-of-fold scores come to. All that the costs of errors decide is here, and not in the search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// From raw scores to answers.
    pub output: Output,
    /// Every metric, measured on scores of what was chosen without the fold that they are of.
    pub validation: Scorecard,
}

/// How good a model is on rows that it did not see.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluated {
    /// Every metric.
    pub card: Scorecard,
    /// Curves and counts.
    pub views: Views,
}

/// What scores are judged with.
#[derive(Clone, Copy)]
pub struct Judging<'a> {
    /// The labels, times and groups.
    pub population: &'a Population,
    /// The folds that the scores are of, and by what they were parted.
    pub folds: (&'a [Fold], SplitBy),
    /// What errors cost.
    pub costs: &'a CostsOfError,
    /// The metric that candidates are ranked by: what a row loses goes by it.
    pub metric: Metric,
    /// What the chosen candidate learns of labels.
    pub transform: TargetTransform,
    /// What draws follow from.
    pub seed: u64,
    /// How many threads work; their number changes nothing but the time.
    pub threads: usize,
}

/// A verdict, and what it stands on, one entry a measured row.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// What the scores come to.
    pub verdict: Verdict,
    /// Curves and counts, of all folds together.
    pub views: Views,
    /// The fold that validates the row.
    pub folds: Vec<u32>,
    /// The block that it is drawn with, where rows are not independent.
    pub blocks: Option<Vec<u32>>,
    /// What is lost on it, by the name of the measure, as [`row_losses`] has it.
    pub losses: Vec<(&'static str, Vec<f64>)>,
}

/// Calibrates on the scores out of fold, chooses decisions by cost, and measures with intervals on `measured`.
///
/// # Errors
/// Costs of a class that there is not, or defects.
pub fn judge(out_of_fold: &Scored, measured: &Scored, judging: Judging<'_>) -> Result<Judgement> {
    let (labels, blocks) = labels_and_blocks(measured, judging);
    let again = calibrated(measured, (&labels, blocks.as_deref()), judging)?;
    let output = if out_of_fold == measured {
        again.output
    } else {
        let (labels, blocks) = labels_and_blocks(out_of_fold, judging);
        calibrated(out_of_fold, (&labels, blocks.as_deref()), judging)?.output
    };
    let folds = folds_of(&measured.rows, judging);
    let answers = with_decisions_of(again.cross_fitted, &output);
    let rows = answers.measured(&labels, judging.costs, (Some(&folds), blocks.as_deref()))?;
    let validation = scorecard(rows.as_ref(), blocks.as_deref(), (judging.seed, judging.threads));
    let views = Views::of(
        &answers,
        (&labels, blocks.as_deref().zip(Some(judging.folds.1))),
        &judging.population.target,
        judging.costs,
    );
    let losses = row_losses(&answers, &labels, (judging.metric, judging.costs));
    Ok(Judgement { verdict: Verdict { output, validation }, views, folds, blocks, losses })
}

/// An output, and the answers that it would have given to each row had it been fitted without the row's part.
struct Calibrated {
    output: Output,
    cross_fitted: Answers,
}

fn labels_and_blocks(scored: &Scored, judging: Judging<'_>) -> (Labels, Option<Vec<u32>>) {
    let labels = judging.population.labels(&scored.rows);
    (labels, blocks_for(judging.population, &scored.rows, judging.folds.1))
}

fn calibrated(
    scored: &Scored,
    (labels, blocks): (&Labels, Option<&[u32]>),
    judging: Judging<'_>,
) -> Result<Calibrated> {
    let by = (judging.seed, judging.threads);
    match &judging.population.target {
        Target::Binary => {
            let choice = calibrate(&scored.raw, labels, blocks, by)?;
            let threshold = choose_threshold(&choice.cross_fitted, labels, judging.costs, blocks);
            let cross_fitted =
                Answers::Binary { raw: scored.raw.clone(), probabilities: choice.cross_fitted, threshold };
            let output = Output::Binary(BinaryOutput { calibration: choice.calibration, threshold });
            Ok(Calibrated { output, cross_fitted })
        }
        Target::Classes(names) => {
            let costs = judging.costs.classes(names)?;
            let choice = calibrate_classes(&scored.raw, labels, names.len(), blocks, by)?;
            let decisions = choice.cross_fitted.chunks(names.len()).map(|row| costs.decide(row) as u32).collect();
            let cross_fitted = Answers::Classes {
                costs: costs.clone(),
                raw: scored.raw.clone(),
                probabilities: choice.cross_fitted,
                decisions,
            };
            let class_calibration: Option<ClassCalibration> = choice.calibration;
            let output = Output::Classes(ClassOutput { classes: names.clone(), class_calibration, costs });
            Ok(Calibrated { output, cross_fitted })
        }
        Target::Number => {
            let choice = spread(&scored.raw, labels, blocks, (judging.costs.number(), judging.transform), by)?;
            let output = Output::Number(NumberOutput { residuals: choice.residuals });
            let mut cross_fitted = Answers::of(&output, labels.len());
            let of_part = |residuals: Residuals| Output::Number(NumberOutput { residuals });
            let of_parts: Vec<Output> = choice.cross_fitted.into_iter().map(of_part).collect();
            for (raw, part) in scored.raw.iter().zip(&choice.part) {
                cross_fitted.push(&of_parts[*part].decide(&[*raw]));
            }
            Ok(Calibrated { output, cross_fitted })
        }
    }
}

/// Decisions of two classes are those of the threshold that the model has.
fn with_decisions_of(answers: Answers, output: &Output) -> Answers {
    match (answers, output) {
        (Answers::Binary { raw, probabilities, .. }, Output::Binary(binary)) => {
            Answers::Binary { raw, probabilities, threshold: binary.threshold }
        }
        (answers, _) => answers,
    }
}

/// The fold that validates each of the rows.
fn folds_of(rows: &[u32], judging: Judging<'_>) -> Vec<u32> {
    let mut fold_of = vec![0; judging.population.rows()];
    for (number, fold) in (0_u32..).zip(judging.folds.0) {
        fold.valid.iter().for_each(|row| fold_of[*row as usize] = number);
    }
    rows.iter().map(|row| fold_of[*row as usize]).collect()
}

/// How good a model is on rows that it did not see.
///
/// # Errors
/// What the model cannot read.
pub fn evaluate(
    model: &crate::FittedModel,
    population: &Population,
    (rows, by): (&[u32], SplitBy),
    costs: &CostsOfError,
    draws: (u64, usize),
) -> Result<Evaluated> {
    if model.output.outputs() != population.target.outputs() {
        return Err(Problem::internal("a model meets labels of another task"));
    }
    let raw = model.raw(&population.features, Some(rows))?;
    let blocks = blocks_for(population, rows, by);
    let labels = population.labels(rows);
    let answers = model.output.answers(&raw, labels.len());
    let measured = answers.measured(&labels, costs, (None, blocks.as_deref()))?;
    let card = scorecard(measured.as_ref(), blocks.as_deref(), draws);
    let views = Views::of(&answers, (&labels, blocks.as_deref().zip(Some(by))), &population.target, costs);
    Ok(Evaluated { card, views })
}
