//! `ropeway run`: from sources to a registered version, step by step, under the lock of the project.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use ropeway_learn::{Evaluated, FittedModel, Views};
use ropeway_package::Package;
use ropeway_project::Project;
use ropeway_registry::{
    FileLineage, GateOutcome, Holdout, Lineage, Look, NewVersion, Registered, Registry, SourceLineage,
    evaluate as evaluate_gates,
};
use ropeway_stat::Estimate;
use ropeway_store::{Encoding, Store};
use ropeway_vocab::{Clock, Digest, Problem, Result, SystemClock};

use crate::against_baseline::against_baseline;
use crate::class_figures::ClassesReport;
use crate::compare::{Moved, compared};
use crate::data::Data;
use crate::described::describe;
use crate::features::{Featured, Sample, Taken, all};
use crate::finding::{copies_step, findings_step, of_learning, of_split};
use crate::learning::{
    Judged, LearnInputs, Load, Suspects, candidate_report, candidate_step, decision_report, final_step,
    importance_step, model_step, ranked,
};
use crate::planned::Planned;
use crate::population::{Drawing, Drawn, SplitRecord, example_report, learnable, split_step};
use crate::progress::Progress;
use crate::record::{Records, to_json};
use crate::report::{
    FinalReport, FindingReport, GateReport, ImportanceReport, LooksReport, ModelReport, RunReport, ended_as,
    places_with_page,
};
use crate::sealing::{Sealed, package_step, write_package};
use crate::step::Engine;
use crate::unfinished::{Stopped, Unfinished};

/// How long a second run waits for the first.
const WAIT: Duration = Duration::from_secs(2);

/// How to run.
pub struct RunOptions {
    /// Whether the holdout is opened.
    pub final_: bool,
    /// A share of the examples instead of all.
    pub sample: Option<f64>,
    /// Trials side by side; by default as many as cores.
    pub threads: Option<usize>,
    /// Who watches.
    pub progress: Arc<dyn Progress>,
    /// Set to stop.
    pub cancel: Arc<AtomicBool>,
}

/// Runs a project.
///
/// # Errors
/// What is wrong with the project or its data, a check that stops, `Busy` when another run has the project, `Cancelled`.
/// A gate that says no is no error: it stands in the report. What is known of a run that ended so comes with the problem.
pub async fn run(project: &Project, options: RunOptions) -> Result<RunReport, Stopped> {
    Store::open(&store_root(project)).await?.closing(async |store| recorded_run(project, options, store).await).await
}

async fn recorded_run(project: &Project, options: RunOptions, store: &Store) -> Result<RunReport, Stopped> {
    let started = std::time::Instant::now();
    store.lock(WAIT).await?;
    let records = Records::open(store).await?;
    let id = records.begin_run(project.name(), SystemClock.now(), options.final_, options.sample).await?;
    let engine = Engine::new(store.clone(), records, options.progress.clone(), options.cancel.clone(), Some(id));
    let executed = compared(&engine, id, execute(project, &options, &engine, id).await)
        .await
        .map_err(|problem| of_sample(problem, options.sample));
    match end(&engine, id, &executed).await.and(executed) {
        Ok(report) => Ok(report),
        Err(problem) => {
            let (sample, wall_s) = (options.sample, started.elapsed().as_secs_f64());
            let report = Unfinished { sample, wall_s, ..Unfinished::of(&engine, project, id, &problem).await };
            Err(Stopped { problem, report: Box::new(report) })
        }
    }
}

/// What is wrong with the labels or the split of a small sample is most likely its size, and no setting.
fn of_sample(problem: Problem, sample: Option<f64>) -> Problem {
    let small = ["no-labels", "one-class", "too-few-rows", "split", "split-group"].contains(&problem.code());
    match (sample.filter(|_| small), problem.advice().map(str::to_owned)) {
        (Some(share), Some(advice)) => {
            let percent = (share * 1e6).round() / 1e4;
            problem
                .remedy(format!("`--sample` takes {percent}% of the examples: take more of them. With all: {advice}"))
        }
        _ => problem,
    }
}

/// Records how a run ended.
async fn end(engine: &Engine, id: i64, done: &Result<RunReport>) -> Result<()> {
    let now = SystemClock.now();
    match done {
        Ok(report) => {
            let blob = engine.store.blobs().put(to_json(report)?.as_bytes(), Encoding::Zstd)?;
            engine.records.end_run(id, now, &report.status, None, Some(&blob)).await
        }
        Err(problem) => {
            let told = format!("[{}] {problem}", problem.code());
            engine.records.end_run(id, now, ended_as(problem.kind()), Some(&told), None).await
        }
    }
}

/// The folder of a project's store.
pub(crate) fn store_root(project: &Project) -> std::path::PathBuf {
    project.root.join(".ropeway")
}

/// What is known before learning.
struct Prepared {
    data: Data,
    findings: Vec<FindingReport>,
    featured: Featured,
}

/// The data and the examples with their features.
async fn prepare(engine: &Engine, project: &Project, planned: &Planned, sample: Option<f64>) -> Result<Prepared> {
    let mut data = Data::make(engine, planned.tables.clone(), &project.root, &project.settings.source).await?;
    copies_step(engine, project, &mut data).await?;
    let findings = findings_step(engine, project, planned, &mut data).await?;
    let findings = told(engine, findings);
    let sample = sample.map(|share| Sample { share, seed: project.seed() });
    let taken = Taken { sample, ..all(project)? };
    let featured = Featured::make(engine, &mut data, planned.features.clone(), taken).await?;
    data.forget_rows();
    Ok(Prepared { data, findings, featured })
}

/// The contents of the sources that the examples are made of.
fn behind(planned: &Planned, data: &Data) -> Result<Vec<Digest>> {
    let upstream = planned.tables.upstream(planned.features.examples_table())?;
    let sources = upstream.iter().filter(|name| planned.tables.is_source(name));
    sources.map(|name| Ok(data.record(name)?.digest)).collect()
}

/// Says findings as they come.
fn told(engine: &Engine, findings: Vec<FindingReport>) -> Vec<FindingReport> {
    for finding in &findings {
        engine.progress.note(&format!("finding[{}]: {finding}", finding.code));
    }
    findings
}

async fn execute(project: &Project, options: &RunOptions, engine: &Engine, id: i64) -> Result<RunReport> {
    let (started, planned) = (std::time::Instant::now(), Planned::new(project)?);
    describe(engine, project, &planned, id).await?;
    let Prepared { data, mut findings, mut featured } = prepare(engine, project, &planned, options.sample).await?;
    let drawing = Drawing::of(project);
    let Drawn { record: split, holdout, made } =
        split_step(engine, &mut featured, drawing, project.seed(), &behind(&planned, &data)?).await?;
    let mut held = made.map(Rc::new);
    findings.extend(told(engine, of_split(project, &split)));
    let inputs = learn_inputs(project, options, &featured, &split)?;
    let (plan, record) = (featured.plan.clone(), featured.record.clone());
    let mut load = || match &held {
        Some(held) => Ok(Rc::clone(held)),
        None => learnable(&mut featured, drawing, project.seed()).map(|made| Rc::clone(held.insert(Rc::new(made)))),
    };
    let learned = learn(engine, inputs, &mut load).await?;
    let best = &learned.judged[0];
    findings.extend(told(engine, of_learning(project, &learned)));
    let sealed =
        Sealed { name: project.name(), data: &data, plan: &plan, outcome: &best.outcome, sample: options.sample };
    let packed = package_step(engine, inputs, sealed, &learned.model, &mut load).await?;
    let package = Package::open(&packed.bytes("package")?)?;
    let registry = Registry::open(&engine.store).await?;
    let (look, held_out) =
        open_holdout(engine, options, inputs, &package, (&registry, &holdout), &mut load).await?.unzip();
    let figures = look.as_ref().map(|look| &look.figures);
    let gates = evaluate_gates(&planned.gates, &best.verdict.validation, figures)?;
    let version = NewVersion {
        run: format!("r{id}"),
        digest: package.digest,
        package: packed.digest("package")?,
        validation: best.verdict.validation.clone(),
        holdout: figures.cloned(),
        gates: gates.clone(),
        sample: options.sample.is_some(),
        lineage: lineage(&data, project.seed())?,
    };
    let registered = registry.register(project.name(), version).await?;
    let path = write_package(engine, project.name(), registered.version, &packed.bytes("package")?)?;
    Ok(RunReport {
        run: format!("r{id}"),
        status: status(&gates).into(),
        wall_s: started.elapsed().as_secs_f64(),
        sample: options.sample,
        steps: engine.steps(),
        sources: data.source_reports(),
        checks: data.check_reports(),
        findings,
        accepted: project.settings.accept.clone(),
        examples: example_report(&record, &split, project.settings.learn.weight.as_deref()),
        leaderboard: learned.judged.iter().map(candidate_report).collect(),
        decision: decision_report(best, inputs),
        against_baseline: learned.against_baseline,
        classes: ClassesReport::of(&best.views, held_out.as_ref()),
        importance: learned.importance,
        looks: look.as_ref().map(looks_report),
        final_: look.map(|look| FinalReport { looks: look.looks, figures: look.figures }),
        gates: gates.into_iter().map(gate_report).collect(),
        model: model_report(project.name(), registered, package.digest, path),
        since_last: None,
        places: places_with_page(&format!("r{id}")),
    })
}

fn learn_inputs<'a>(
    project: &'a Project,
    options: &RunOptions,
    featured: &Featured,
    split: &'a SplitRecord,
) -> Result<LearnInputs<'a>> {
    let settings = &project.settings;
    let features = featured.plan.features().iter();
    Ok(LearnInputs {
        recipe: &settings.recipe,
        words: settings.recipe.words_without_buckets(features.map(|feature| (feature.name.as_str(), feature.ty))) > 0,
        settings: &settings.learn,
        costs: &settings.costs_of_error,
        seed: project.seed(),
        threads: threads(options, settings.learn.tune.threads),
        examples: featured.digest()?,
        labels: featured.split_digest(&[])?,
        grouped: featured.split_digest(settings.split.group_columns()?)?,
        split,
    })
}

/// What learning came to.
pub(crate) struct Learned {
    /// Best first.
    pub judged: Vec<Judged>,
    /// The best beside the baseline, row by row.
    pub against_baseline: Option<Moved>,
    model: crate::step::Finished,
    importance: Vec<ImportanceReport>,
    pub suspects: Suspects,
}

async fn learn(engine: &Engine, inputs: LearnInputs<'_>, load: Load<'_>) -> Result<Learned> {
    let mut judged = Vec::new();
    for learner in inputs.settings.all_learners() {
        judged.push(candidate_step(engine, inputs, learner, load).await?);
    }
    let judged = ranked(judged, inputs.settings.metric());
    let against_baseline = against_baseline(engine, &judged, inputs.settings.metric())?;
    let model = model_step(engine, inputs, &judged[0], load).await?;
    let (importance, suspects) = importance_step(engine, inputs, &judged[0], load).await?;
    let importance = importance
        .into_iter()
        .map(|found| ImportanceReport {
            feature: found.feature,
            fall: Estimate { value: found.value, low: found.low, high: found.high },
        })
        .collect();
    Ok(Learned { judged, against_baseline, model, importance, suspects })
}

/// Takes a look at the holdout where one is asked for.
async fn open_holdout(
    engine: &Engine,
    options: &RunOptions,
    inputs: LearnInputs<'_>,
    package: &Package,
    (registry, holdout): (&Registry, &Holdout),
    load: Load<'_>,
) -> Result<Option<(Look, Views)>> {
    if !options.final_ {
        return Ok(None);
    }
    let model: &FittedModel = &package.contents.model;
    let Evaluated { card, views } = final_step(engine, inputs, model, &package.digest, load).await?;
    // The look is recorded before anybody sees the figures.
    let look = registry.look(&package.digest, holdout, &card).await?;
    Ok(Some((look, views)))
}

fn looks_report(look: &Look) -> LooksReport {
    LooksReport { total: look.looks, through_another_split: look.elsewhere }
}

fn threads(options: &RunOptions, of_settings: Option<usize>) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    options.threads.or(of_settings).unwrap_or(cores).max(1)
}

fn status(gates: &[GateOutcome]) -> &'static str {
    if gates.iter().any(|gate| gate.passed == Some(false)) { "refused" } else { "done" }
}

fn gate_report(gate: GateOutcome) -> GateReport {
    GateReport { that: gate.that, passed: gate.passed }
}

fn lineage(data: &Data, seed: u64) -> Result<Lineage> {
    let mut sources = BTreeMap::new();
    for (name, files) in data.files() {
        let content = data.record(&name)?.digest;
        let files =
            files.into_iter().map(|file| FileLineage { name: file.name, digest: file.digest, bytes: file.bytes });
        sources.insert(name, SourceLineage { content, files: files.collect() });
    }
    let platform = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
    Ok(Lineage { sources, seed, ropeway: env!("CARGO_PKG_VERSION").into(), platform })
}

fn model_report(name: &str, registered: Registered, digest: Digest, package: String) -> ModelReport {
    let Registered { version, champion, lost, .. } = registered;
    ModelReport { name: name.into(), version, digest, package, champion, lost }
}
