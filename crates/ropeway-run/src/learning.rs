//! The steps of learning: the search of each learner, the choice of the best candidate, its calibration and threshold,
//! its final fit, and what its features are worth.

use ropeway_learn::importance::ImportanceSettings;
use ropeway_learn::settings::{LearnerKind, TargetTransform, TuneSettings};
use ropeway_learn::tune::{Around, SearchOutcome, TuneEvent, search};
use ropeway_learn::{
    Alone, CostsOfError, Evaluated, Filled, Fitted, FittedModel, Importance, Judgement, Judging, LearnSettings, Output,
    Recipe, RecipeSettings, Task, Verdict, Views, best_alone, dependence, evaluate, filled_alone, fit_final,
    ideal_threshold, importance, judge, segments,
};
use ropeway_stat::{Metric, seed_for};
use ropeway_vocab::{Digest, DigestBuilder, Problem, Result};
use serde::{Deserialize, Serialize};

use crate::decision::DecisionReport;
use crate::ledger::StoredLedger;
use crate::losses::Losses;
use crate::population::{Learnable, SplitRecord};
use crate::record::to_json;
use crate::report::CandidateReport;
use crate::step::{Engine, Finished, Made, key};

/// The version of what is drawn of answers: with another one they are evaluated again.
const VIEWS: &str = "views/1";
/// The version of how far labels that are numbers lie from predictions, and of what is drawn of it.
const OF_NUMBERS: &str = "residuals/3 views/2";
/// The version of what is told of the leading features, and of how many of them.
const DEPENDENCE: (&str, usize) = ("leading/2", 6);
/// The version of what is asked of each feature by itself.
const ALONE: &str = "alone/3";

/// The version of which words of a text are told apart where nobody says into how many buckets they fall.
const WORDS: &str = "words/2";

/// A candidate judged on rows that it was not trained on.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    pub outcome: SearchOutcome,
    pub verdict: Verdict,
    /// What is drawn of its answers.
    pub views: Views,
    /// What it loses on each row, in the cache.
    pub losses: Digest,
    /// Of outcome and verdict: what stands on the candidate is found by it.
    pub digest: Digest,
}

/// Features that may give the label away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Suspects {
    /// The one that tells the label best by itself.
    pub alone: Option<Alone>,
    /// Those that are filled in, or have a level, for one class alone.
    pub filled: Vec<Filled>,
}

/// The settings that learning reads.
#[derive(Clone, Copy)]
pub(crate) struct LearnInputs<'a> {
    pub recipe: &'a RecipeSettings,
    /// Whether words of a text are told apart as nobody said.
    pub words: bool,
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
    builder.text("losses/3").text(inputs.settings.metric().name()).text(VIEWS).text("threshold/2");
    if inputs.settings.task == Task::Regression {
        builder.text(OF_NUMBERS);
    }
    let work = async || {
        let learnable = load()?;
        let judgement = judged(&outcome, &learnable, inputs)?;
        let losses = Losses::of(&judgement, &outcome.measured.rows, &learnable);
        let made = Made::default().kept("verdict", &judgement.verdict)?.kept("views", &judgement.views)?;
        Ok(made.cached("losses", losses.to_bytes()?))
    };
    let judged = engine.step(&format!("evaluate:{}", learner.name()), builder.finish(), work).await?;
    let mut digest = DigestBuilder::new("judged/1");
    digest.digest(&found).digest(&judged.digest("verdict")?);
    prepared_by(&mut digest, inputs.recipe, inputs.words)?;
    let (verdict, views, losses) = (judged.value("verdict")?, judged.value("views")?, judged.digest("losses")?);
    Ok(Judged { outcome, verdict, views, losses, digest: digest.finish() })
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
    builder.text(learner.name()).text(settings.task.name()).text(settings.metric().name());
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
    if learner != LearnerKind::Baseline && settings.weight.is_some() {
        builder.text("weighted recipe/2");
    }
    let transforms = settings.transforms();
    if learner != LearnerKind::Baseline && transforms != [TargetTransform::Identity] {
        builder.text("target_transform/2").text(&to_json(&transforms)?);
    }
    let reads = if learner == LearnerKind::Baseline { inputs.labels } else { inputs.examples };
    if learner != LearnerKind::Baseline {
        prepared_by(&mut builder, inputs.recipe, inputs.words)?;
    }
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

/// A recipe that is left to the learners adds nothing to a key.
fn prepared_by(builder: &mut DigestBuilder, recipe: &RecipeSettings, words: bool) -> Result<()> {
    if *recipe != RecipeSettings::default() {
        builder.text("recipe").text(&to_json(recipe)?);
    }
    if words {
        builder.text(WORDS);
    }
    Ok(())
}

fn tell(engine: &Engine, step: &str, event: &TuneEvent) {
    match event {
        TuneEvent::Trial { done, planned, .. } => engine.progress.advance(step, u64::from(*done), u64::from(*planned)),
        TuneEvent::Budget { skipped, .. } => {
            engine
                .progress
                .note(&format!("{step}: the budget is used up, {skipped} trials were not begun or not ended"));
        }
        TuneEvent::Rung { .. } => {}
    }
}

fn judged(outcome: &SearchOutcome, learnable: &Learnable, inputs: LearnInputs<'_>) -> Result<Judgement> {
    let judging = Judging {
        population: &learnable.population,
        folds: (&learnable.split.folds, learnable.by.1),
        costs: inputs.costs,
        metric: inputs.settings.metric(),
        transform: outcome.settings.transform(),
        seed: seed_for(inputs.seed, &["judge".into()]),
        threads: inputs.threads,
    };
    judge(&outcome.out_of_fold, &outcome.measured, judging)
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

/// How the answers of the best candidate come about.
pub(crate) fn decision_report(best: &Judged, inputs: LearnInputs<'_>) -> DecisionReport {
    let output = &best.verdict.output;
    let (threshold, classes) = match output {
        Output::Binary(binary) => (Some(binary.threshold), Vec::new()),
        Output::Classes(classes) => (None, classes.classes.clone()),
        Output::Number(_) => (None, Vec::new()),
    };
    let calibration = output.calibration().into();
    DecisionReport {
        task: output.task(),
        metric: Some(inputs.settings.metric()),
        calibration,
        target_transform: best.outcome.settings.transform(),
        threshold,
        ideal_threshold: threshold.map(|_| ideal_threshold(inputs.costs)),
        classes,
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
        let (recipe, fitted) =
            fit(engine, inputs.settings.metric(), &judged.outcome, &learnable, &learnable.split.train)?;
        Made::default().kept("model", &deciding(recipe, fitted, &judged.verdict))
    };
    engine.step("model", builder.finish(), work).await
}

fn deciding(recipe: Recipe, fitted: Fitted, verdict: &Verdict) -> FittedModel {
    FittedModel { recipe, fitted, output: verdict.output.clone() }
}

fn fit(
    engine: &Engine,
    metric: Metric,
    outcome: &SearchOutcome,
    learnable: &Learnable,
    rows: &[u32],
) -> Result<(Recipe, Fitted)> {
    let SearchOutcome { settings, seed, rounds, .. } = outcome;
    let as_found = (*seed, *rounds, metric);
    tokio::task::block_in_place(|| fit_final(settings, as_found, &learnable.population, rows, &engine.cancel))
}

/// Measures what each feature is worth on the validation rows of the last fold, with a model that did not see them, fitted
/// as the final one is. And finds the features that may give the label away.
pub(crate) async fn importance_step(
    engine: &Engine,
    inputs: LearnInputs<'_>,
    judged: &Judged,
    load: Load<'_>,
) -> Result<(Vec<Importance>, Suspects)> {
    let mut builder = key("importance");
    builder.digest(&judged.digest).digest(&inputs.examples).digest(&inputs.split.digest).number(inputs.seed);
    builder.text(DEPENDENCE.0).text(ALONE);
    let work = async || {
        let learnable = load()?;
        let fold = learnable.split.folds.last().ok_or_else(|| Problem::internal("a split has no fold"))?;
        let (recipe, fitted) = fit(engine, inputs.settings.metric(), &judged.outcome, &learnable, &fold.train)?;
        let model = deciding(recipe, fitted, &judged.verdict);
        let settings = ImportanceSettings { metric: inputs.settings.metric(), costs: inputs.costs.clone(), repeats: 5 };
        let seed = seed_for(inputs.seed, &["importance".into()]);
        let seed = (seed, inputs.threads);
        let measure = || importance(&model, &learnable.population, &fold.valid, &settings, seed);
        let all = tokio::task::block_in_place(measure)?;
        let suspects = Suspects {
            alone: best_alone(&learnable.population, &fold.train, &fold.valid)?,
            filled: filled_alone(&learnable.population, &learnable.split.train, &learnable.personal)?,
        };
        let shown =
            all.iter().map(|found| found.feature.as_str()).filter(|name| !learnable.personal.iter().any(|p| p == name));
        let shown: Vec<&str> = shown.take(DEPENDENCE.1).collect();
        let depends = dependence(&model, &learnable.population, &fold.valid, &shown)?;
        let (rows, by) = ((fold.valid.as_slice(), learnable.by.1), (&settings, seed.0, seed.1));
        let worst = tokio::task::block_in_place(|| segments(&model, &learnable.population, rows, &shown, by))?;
        Made::default()
            .kept("importance", &all)?
            .kept("suspects", &suspects)?
            .kept("dependence", &depends)?
            .kept("segments", &worst)
    };
    let finished = engine.step("importance", builder.finish(), work).await?;
    Ok((finished.value("importance")?, finished.value("suspects")?))
}

/// Scores the holdout with the model that was sealed.
pub(crate) async fn final_step(
    engine: &Engine,
    inputs: LearnInputs<'_>,
    model: &FittedModel,
    package: &Digest,
    load: Load<'_>,
) -> Result<Evaluated> {
    let mut builder = key("final");
    builder.digest(package).digest(&inputs.split.holdout_digest).digest(&inputs.examples).number(inputs.seed);
    builder.text(VIEWS);
    let work = async || {
        let learnable = load()?;
        let (rows, seed) = (&learnable.split.holdout, seed_for(inputs.seed, &["final".into()]));
        let by = (rows.as_slice(), learnable.by.0);
        let Evaluated { card, views } =
            evaluate(model, &learnable.population, by, inputs.costs, (seed, inputs.threads))?;
        Made::default().kept("scorecard", &card)?.kept("views", &views)
    };
    let finished = engine.step("final", builder.finish(), work).await?;
    Ok(Evaluated { card: finished.value("scorecard")?, views: finished.value("views")? })
}
