//! The steps of learning: the search of each learner, the choice of the best candidate, its calibration and threshold,
//! its final fit, and what its features are worth.

use std::collections::BTreeMap;

use ropeway_learn::calibration::{Calibration, losses as row_losses};
use ropeway_learn::importance::ImportanceSettings;
use ropeway_learn::settings::{LearnerKind, TuneSettings};
use ropeway_learn::tune::{Around, SearchOutcome, TuneEvent, search};
use ropeway_learn::{
    Alone, CostsOfError, Fitted, FittedModel, Importance, LearnSettings, Recipe, Scorecard, best_alone, blocks_for,
    calibrate, choose_threshold, evaluate, fit_final, importance,
};
use ropeway_stat::{Estimate, Metric, seed_for};
use ropeway_vocab::{Digest, DigestBuilder, Problem, Result};
use serde::{Deserialize, Serialize};

use crate::ledger::StoredLedger;
use crate::losses::Losses;
use crate::population::{Learnable, SplitRecord};
use crate::record::to_json;
use crate::report::CandidateReport;
use crate::step::{Engine, Finished, Made, key};

/// A candidate judged on rows that it was not trained on.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    pub outcome: SearchOutcome,
    pub verdict: Verdict,
    /// Of both: what stands on the candidate is found by it.
    pub digest: Digest,
}

/// What a candidate's out-of-fold scores come to. All that the costs of errors decide is here, and not in the search.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Verdict {
    pub calibration: Option<Calibration>,
    pub calibration_name: String,
    pub threshold: f64,
    pub validation: Scorecard,
}

/// The settings that learning reads.
#[derive(Clone, Copy)]
pub(crate) struct LearnInputs<'a> {
    pub settings: &'a LearnSettings,
    pub costs: &'a CostsOfError,
    pub seed: u64,
    pub threads: usize,
    /// The digest of the examples with all features.
    pub examples: Digest,
    /// The digest of their labels and times: all that the baseline reads.
    pub labels: Digest,
    /// The same with the columns that group them: all that the judgement of scores reads.
    pub grouped: Digest,
    pub split: &'a SplitRecord,
}

/// Makes the population when a step needs it.
pub(crate) type Load<'a> = &'a mut dyn FnMut() -> Result<std::rc::Rc<Learnable>>;

/// Searches one learner and judges its best candidate.
pub(crate) async fn candidate_step(
    engine: &Engine,
    inputs: LearnInputs<'_>,
    learner: LearnerKind,
    load: Load<'_>,
) -> Result<Judged> {
    let searched = search_step(engine, inputs, learner, load).await?;
    let (outcome, found): (SearchOutcome, _) = (searched.value("outcome")?, searched.digest("outcome")?);
    let mut builder = key("evaluate");
    builder.digest(&found).text(&to_json(inputs.costs)?);
    // The outcome knows rows by their numbers alone.
    builder.digest(&inputs.grouped).digest(&inputs.split.digest).number(inputs.seed);
    builder.text("losses/1");
    let work = async || {
        let (verdict, losses) = judge(&outcome, &*load()?, inputs)?;
        Ok(Made::default().kept("verdict", &verdict)?.cached("losses", losses.to_bytes()?))
    };
    let judged = engine.step(&format!("evaluate:{}", learner.name()), builder.finish(), work).await?;
    let mut digest = DigestBuilder::new("judged/1");
    digest.digest(&found).digest(&judged.digest("verdict")?);
    Ok(Judged { outcome, verdict: judged.value("verdict")?, digest: digest.finish() })
}

/// Searches one learner. What errors cost plays no part in it, and is no part of its key.
async fn search_step(
    engine: &Engine,
    inputs: LearnInputs<'_>,
    learner: LearnerKind,
    load: Load<'_>,
) -> Result<Finished> {
    let mut settings = inputs.settings.clone();
    // Threads change how fast a search is and nothing else.
    settings.tune.threads = None;
    let mut builder = key("learn");
    builder.text(learner.name()).text(&to_json(&settings.metric)?);
    match learner {
        LearnerKind::Baseline => {}
        LearnerKind::Linear => {
            // Its candidates are listed: how many would be drawn is nothing to it.
            let tune = TuneSettings { trials: 0, ..settings.tune.clone() };
            builder.text(&to_json(&tune)?).text(&to_json(&settings.linear)?);
        }
        LearnerKind::Boosted => {
            builder.text(&to_json(&settings.tune)?).text(&to_json(&settings.boosted)?);
        }
    }
    let reads = if learner == LearnerKind::Baseline { inputs.labels } else { inputs.examples };
    builder.digest(&reads).digest(&inputs.split.digest).number(inputs.seed);
    let key = builder.finish();
    let name = format!("learn:{}", learner.name());
    let work = async || {
        let learnable = load()?;
        let ledger = StoredLedger::open(&engine.store, &engine.records, key).await?;
        let outcome = tokio::task::block_in_place(|| {
            let progress = |event: TuneEvent| tell(engine, &name, &event);
            let around =
                Around { threads: inputs.threads, ledger: &ledger, progress: &progress, cancel: &engine.cancel };
            let seed = seed_for(inputs.seed, &["search".into()]);
            search(learner, &learnable.population, &learnable.split, &settings, seed, around)
        })?;
        ledger.failure()?;
        Made::default().kept("outcome", &outcome)
    };
    engine.step(&name, key, work).await
}

fn tell(engine: &Engine, step: &str, event: &TuneEvent) {
    match event {
        TuneEvent::Trial { done, planned, .. } => engine.progress.advance(step, u64::from(*done), u64::from(*planned)),
        TuneEvent::Budget { skipped, .. } => {
            engine.progress.note(&format!("{step}: the budget is used up, {skipped} trials were not begun"));
        }
        TuneEvent::Rung { .. } => {}
    }
}

/// Calibrates on out-of-fold scores, chooses the threshold by cost, and measures with intervals, on scores of what was
/// chosen without the fold that they are of.
fn judge(outcome: &SearchOutcome, learnable: &Learnable, inputs: LearnInputs<'_>) -> Result<(Verdict, Losses)> {
    let seed = seed_for(inputs.seed, &["judge".into()]);
    let calibrated = |scores: &[(u32, f64)]| {
        let (rows, raw): (Vec<u32>, Vec<f64>) = scores.iter().copied().unzip();
        let labels = learnable.population.labels(&rows);
        let blocks = blocks_for(&learnable.population, &rows, learnable.by.1);
        let choice = calibrate(&raw, &labels, blocks.as_deref(), (seed, inputs.threads))?;
        Ok((rows, raw, labels, blocks, choice))
    };
    let (.., labels, _, choice) = calibrated(&outcome.out_of_fold)?;
    let threshold = choose_threshold(&choice.cross_fitted, &labels, inputs.costs);
    let (rows, raw, labels, blocks, measured) = calibrated(&outcome.measured)?;
    let folds = folds_of(&rows, learnable);
    let by = (Some((raw.as_slice(), folds.as_slice())), blocks.as_deref());
    let validation = evaluate(&measured.cross_fitted, &labels, by, threshold, inputs.costs, (seed, inputs.threads))?;
    let calibration_name = match &choice.calibration {
        None => "none",
        Some(Calibration::Platt(_)) => "platt",
        Some(Calibration::Isotonic(_)) => "isotonic",
    };
    let of_rows = row_losses(&measured.cross_fitted, &labels);
    let losses = Losses::new("log_loss", learnable, (&rows, &folds), blocks.as_deref(), &of_rows);
    let calibration_name = calibration_name.into();
    Ok((Verdict { calibration: choice.calibration, calibration_name, threshold, validation }, losses))
}

/// The fold that validates each of the rows.
fn folds_of(rows: &[u32], learnable: &Learnable) -> Vec<u32> {
    let mut fold_of = vec![0; learnable.population.label.len()];
    for (number, fold) in (0_u32..).zip(&learnable.split.folds) {
        fold.valid.iter().for_each(|row| fold_of[*row as usize] = number);
    }
    rows.iter().map(|row| fold_of[*row as usize]).collect()
}

/// The best candidate first; equal ones stay in the order of the project file.
pub(crate) fn ranked(mut judged: Vec<Judged>, metric: Metric) -> Vec<Judged> {
    let value = |judged: &Judged| judged.verdict.validation.get(&metric).map_or(f64::NAN, |estimate| estimate.value);
    judged.sort_by(|a, b| {
        let (a, b) = (value(a), value(b));
        match (metric.better(a, b), metric.better(b, a)) {
            (true, _) => std::cmp::Ordering::Less,
            (_, true) => std::cmp::Ordering::Greater,
            _ => std::cmp::Ordering::Equal,
        }
    });
    judged
}

pub(crate) fn candidate_report(judged: &Judged) -> CandidateReport {
    let trials = u64::from(judged.outcome.candidates);
    CandidateReport {
        candidate: judged.outcome.learner.name().into(),
        trials,
        rounds: judged.outcome.rounds_trained,
        validation: judged.verdict.validation.clone(),
    }
}

/// Fits the chosen candidate on all training rows.
pub(crate) async fn model_step(
    engine: &Engine,
    inputs: LearnInputs<'_>,
    judged: &Judged,
    load: Load<'_>,
) -> Result<Finished> {
    let mut builder = key("model");
    builder.digest(&judged.digest).digest(&inputs.examples).digest(&inputs.split.digest);
    let work = async || {
        let learnable = load()?;
        let (recipe, fitted) = fit(engine, &judged.outcome, &learnable, &learnable.split.train)?;
        Made::default().kept("model", &deciding(recipe, fitted, &judged.verdict))
    };
    engine.step("model", builder.finish(), work).await
}

fn deciding(recipe: Recipe, fitted: Fitted, verdict: &Verdict) -> FittedModel {
    FittedModel { recipe, fitted, calibration: verdict.calibration.clone(), threshold: verdict.threshold }
}

fn fit(engine: &Engine, outcome: &SearchOutcome, learnable: &Learnable, rows: &[u32]) -> Result<(Recipe, Fitted)> {
    let SearchOutcome { settings, seed, rounds, .. } = outcome;
    tokio::task::block_in_place(|| fit_final(settings, (*seed, *rounds), &learnable.population, rows, &engine.cancel))
}

/// Measures what each feature is worth on the validation rows of the last fold, with a model that did not see them, fitted
/// as the final one is. And finds the feature that says most alone.
pub(crate) async fn importance_step(
    engine: &Engine,
    inputs: LearnInputs<'_>,
    judged: &Judged,
    load: Load<'_>,
) -> Result<(Vec<Importance>, Option<Alone>)> {
    let mut builder = key("importance");
    builder.digest(&judged.digest).digest(&inputs.examples).digest(&inputs.split.digest).number(inputs.seed);
    let work = async || {
        let learnable = load()?;
        let fold = learnable.split.folds.last().ok_or_else(|| Problem::internal("a split has no fold"))?;
        let (recipe, fitted) = fit(engine, &judged.outcome, &learnable, &fold.train)?;
        let model = deciding(recipe, fitted, &judged.verdict);
        let settings = ImportanceSettings { metric: inputs.settings.metric, costs: *inputs.costs, repeats: 5 };
        let seed = seed_for(inputs.seed, &["importance".into()]);
        let seed = (seed, inputs.threads);
        let measure = || importance(&model, &learnable.population, &fold.valid, &settings, seed);
        let all = tokio::task::block_in_place(measure)?;
        let alone = best_alone(&learnable.population, &fold.train, &fold.valid)?;
        Made::default().kept("importance", &all)?.kept("alone", &alone)
    };
    let finished = engine.step("importance", builder.finish(), work).await?;
    Ok((finished.value("importance")?, finished.value("alone")?))
}

/// Scores the holdout with the model that was sealed.
pub(crate) async fn final_step(
    engine: &Engine,
    inputs: LearnInputs<'_>,
    model: &FittedModel,
    package: &Digest,
    load: Load<'_>,
) -> Result<BTreeMap<Metric, Estimate>> {
    let mut builder = key("final");
    builder.digest(package).digest(&inputs.split.holdout_digest).digest(&inputs.examples).number(inputs.seed);
    let work = async || {
        let learnable = load()?;
        let rows = &learnable.split.holdout;
        let raw = model.raw(&learnable.population.features, Some(rows))?;
        let probabilities: Vec<f64> = raw.into_iter().map(|raw| model.decide(raw).probability).collect();
        let labels = learnable.population.labels(rows);
        let blocks = blocks_for(&learnable.population, rows, learnable.by.0);
        let seed = seed_for(inputs.seed, &["final".into()]);
        let card = evaluate(
            &probabilities,
            &labels,
            (None, blocks.as_deref()),
            model.threshold,
            inputs.costs,
            (seed, inputs.threads),
        )?;
        Made::default().kept("scorecard", &card)
    };
    engine.step("final", builder.finish(), work).await?.value("scorecard")
}
