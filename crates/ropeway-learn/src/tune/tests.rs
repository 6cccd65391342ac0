//! Behaviour of whole searches on small populations.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arrow::array::{ArrayRef, Float64Array, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use ropeway_stat::{Metric, Rng};

use super::*;
use crate::candidate::CandidateSettings;
use crate::population::Population;
use crate::scored::Scored;
use crate::settings::{LearnSettings, LearnerKind, Strategy, TuneSettings};
use crate::split::{Fold, Split};
use crate::target::Target;

fn population(rows: usize) -> Population {
    let mut rng = Rng::new(5);
    let (mut x, mut noise, mut group, mut label) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in 0..rows {
        let (a, g) = (rng.unit() * 2.0 - 1.0, ["u", "v", "w"][rng.index(3)]);
        let effect = 3.0 * a * a - 1.5 + f64::from(u8::from(g == "v"));
        x.push(if row % 11 == 0 { None } else { Some(a) });
        noise.push(rng.unit());
        group.push(g);
        label.push(f64::from(u8::from(rng.unit() < 1.0 / (1.0 + (-effect).exp()))));
    }
    let columns: Vec<ArrayRef> =
        vec![Arc::new(Float64Array::from(x)), Arc::new(Float64Array::from(noise)), Arc::new(StringArray::from(group))];
    let fields = vec![
        Field::new("x", DataType::Float64, true),
        Field::new("noise", DataType::Float64, true),
        Field::new("group", DataType::Utf8, true),
    ];
    Population {
        features: RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap(),
        recipe: crate::settings::RecipeSettings::default(),
        target: Target::Binary,
        label,
        at: None,
        weight: None,
        label_known: None,
        group: None,
        key_hash: (0..rows as u64).collect(),
    }
}

fn split(rows: u32, folds: u32) -> Split {
    let fold = |k: u32| Fold {
        train: (0..rows).filter(|row| row % folds != k).collect(),
        valid: (0..rows).filter(|row| row % folds == k).collect(),
        purged: 0,
        apart: 0,
    };
    Split { holdout: vec![], train: (0..rows).collect(), purged: 0, apart: 0, folds: (0..folds).map(fold).collect() }
}

fn settings(trials: u32) -> LearnSettings {
    let mut settings = LearnSettings::default();
    settings.tune.trials = trials;
    settings.boosted.rounds = 40;
    settings.boosted.early_stopping = 10;
    settings.metric = Some(Metric::RocAuc);
    settings
}

struct Outer {
    threads: usize,
    ledger: MemoryLedger,
    cancel: AtomicBool,
    trained: AtomicU32,
    events: Mutex<Vec<TuneEvent>>,
}

impl Outer {
    fn new(threads: usize) -> Self {
        let (ledger, cancel, trained) = (MemoryLedger::default(), AtomicBool::new(false), AtomicU32::new(0));
        Self { threads, ledger, cancel, trained, events: Mutex::default() }
    }

    fn search(&self, learner: LearnerKind, settings: &LearnSettings) -> ropeway_vocab::Result<SearchOutcome> {
        let progress = |event: TuneEvent| {
            if matches!(event, TuneEvent::Trial { found: false, .. }) {
                self.trained.fetch_add(1, Ordering::Relaxed);
            }
            self.events.lock().unwrap().push(event);
        };
        let around = Around { threads: self.threads, ledger: &self.ledger, progress: &progress, cancel: &self.cancel };
        search(learner, &population(1_200), &split(1_200, 4), settings, 7, around)
    }
}

/// All but what was used.
fn told(mut outcome: SearchOutcome) -> SearchOutcome {
    outcome.trials.iter_mut().for_each(|trial| trial.usage = ropeway_vocab::Usage::default());
    outcome
}

#[test]
fn one_thread_and_more_find_the_same() {
    for learner in [LearnerKind::Baseline, LearnerKind::Linear, LearnerKind::Boosted] {
        let one = told(Outer::new(1).search(learner, &settings(8)).unwrap());
        for threads in [2, 5] {
            assert_eq!(told(Outer::new(threads).search(learner, &settings(8)).unwrap()), one, "{learner:?}");
        }
        assert_eq!(one.out_of_fold.rows, (0..1_200).collect::<Vec<_>>(), "each validated row once");
        // Of four folds of one size the first is met by all candidates of a race, and is the same for all learners.
        assert_eq!(one.measured.rows, (0..1_200).filter(|row| row % 4 != 1).collect::<Vec<_>>());
    }
}

#[test]
fn better_learners_have_better_figures() {
    let value = |learner| Outer::new(2).search(learner, &settings(8)).unwrap().value.unwrap();
    let (baseline, linear, boosted) =
        (value(LearnerKind::Baseline), value(LearnerKind::Linear), value(LearnerKind::Boosted));
    assert!(
        (baseline - 0.5).abs() < 1e-12 && linear > 0.52 && boosted > linear + 0.05,
        "{baseline} {linear} {boosted}"
    );
}

#[test]
fn what_the_ledger_holds_is_not_trained_again() {
    let whole = Outer::new(2);
    let expect = told(whole.search(LearnerKind::Boosted, &settings(8)).unwrap());
    assert_eq!(whole.trained.load(Ordering::Relaxed), expect.trials.len() as u32);
    assert_eq!(told(whole.search(LearnerKind::Boosted, &settings(8)).unwrap()), expect);
    assert_eq!(whole.trained.load(Ordering::Relaxed), expect.trials.len() as u32, "nothing was trained twice");

    let half = Outer::new(1);
    for trial in expect.trials.iter().step_by(2) {
        half.ledger.record(trial, &whole.ledger.scores(&trial.key()).unwrap());
    }
    assert_eq!(told(half.search(LearnerKind::Boosted, &settings(8)).unwrap()), expect);
    assert_eq!(half.trained.load(Ordering::Relaxed) as usize, expect.trials.len() / 2);
}

#[test]
fn a_ledger_that_forgot_scores_changes_nothing() {
    let whole = Outer::new(2);
    let expect = told(whole.search(LearnerKind::Boosted, &settings(6)).unwrap());
    let forgetful = Outer::new(2);
    expect.trials.iter().for_each(|trial| forgetful.ledger.record(trial, &[]));
    assert_eq!(told(forgetful.search(LearnerKind::Boosted, &settings(6)).unwrap()), expect);
    assert_eq!(forgetful.trained.load(Ordering::Relaxed), 0);
}

#[test]
fn trials_of_other_settings_are_not_taken_for_these() {
    let ledger = Outer::new(2);
    ledger.search(LearnerKind::Boosted, &settings(4)).unwrap();
    let (before, mut others) = (ledger.trained.load(Ordering::Relaxed), settings(4));
    others.boosted.num_leaves = crate::settings::IntegerRange(3, 3);
    let found = told(ledger.search(LearnerKind::Boosted, &others).unwrap());
    assert_eq!(found, told(Outer::new(2).search(LearnerKind::Boosted, &others).unwrap()));
    assert_eq!((ledger.trained.load(Ordering::Relaxed) - before) as usize, found.trials.len());
}

#[test]
fn halving_trains_less_than_random_search() {
    let mut random = settings(10);
    random.tune.strategy = Strategy::Random;
    let all = Outer::new(2).search(LearnerKind::Boosted, &random).unwrap();
    let halved = Outer::new(2).search(LearnerKind::Boosted, &settings(10)).unwrap();
    assert_eq!((all.trials.len(), halved.trials.len()), (40, 6 + 4 + 3 + 2 * 2));
    assert!(halved.rounds_trained < all.rounds_trained);
    // What was trained again to score folds counts: those of the winner, and those that others would have won.
    let of_trials: u64 = all.trials.iter().map(|trial| u64::from(trial.rounds_trained)).sum();
    let winner = |trial: &&TrialRecord| trial.settings == all.settings && trial.rounds != all.rounds;
    let again = all.trials.iter().filter(winner).count() as u64;
    assert!(again > 0 && all.rounds_trained >= of_trials + again * u64::from(all.rounds), "{again} folds");
    assert_eq!((all.candidates, halved.candidates), (10, 10));
}

#[test]
fn a_spent_budget_leaves_a_winner_and_a_decision_that_is_followed() {
    let mut short = settings(8);
    short.tune.minutes = Some(1e-9);
    let outer = Outer::new(2);
    let expect = told(outer.search(LearnerKind::Boosted, &short).unwrap());
    assert_eq!(expect.trials.len(), 4, "the first candidate on every fold");
    assert_eq!(outer.ledger.decision(LearnerKind::Boosted, 0).unwrap().skipped.len(), 4);
    let events = outer.events.lock().unwrap().clone();
    assert!(events.iter().any(|event| matches!(event, TuneEvent::Budget { rung: 0, skipped: 4, .. })));
    // The replay has all the time in the world, and still follows the record.
    short.tune.minutes = Some(60.0);
    assert_eq!(told(outer.search(LearnerKind::Boosted, &short).unwrap()), expect);
}

/// One round of a large table may take a second: neither the trials under way nor those that finish the winner go on for long.
#[test]
fn a_spent_budget_ends_trials_under_way_and_the_winner_is_finished_within_their_rounds() {
    let mut long = settings(8);
    long.boosted.early_stopping = 5;
    let free = Outer::new(2).search(LearnerKind::Boosted, &long).unwrap();
    assert!(free.trials.iter().any(|trial| trial.rounds_trained > 6), "{:?}", free.trials);
    long.tune.minutes = Some(1e-9);
    let cut = Outer::new(2).search(LearnerKind::Boosted, &long).unwrap();
    assert_eq!(cut.trials.len(), 4);
    // The metric is looked at every third round.
    assert!(cut.trials.iter().all(|trial| trial.rounds_trained <= 6), "{:?}", cut.trials);
    assert!(cut.rounds <= 6 && cut.value.is_some_and(|value| value > 0.6), "{cut:?}");
}

#[test]
fn it_stops_when_asked_and_goes_on_later() {
    let outer = Outer::new(2);
    outer.cancel.store(true, Ordering::Relaxed);
    let problem = outer.search(LearnerKind::Boosted, &settings(4)).unwrap_err();
    assert_eq!(problem.kind(), ropeway_vocab::Kind::Cancelled);
    outer.cancel.store(false, Ordering::Relaxed);
    assert!(outer.search(LearnerKind::Boosted, &settings(4)).is_ok());
}

#[test]
fn every_metric_can_be_the_one_that_decides() {
    for metric in Metric::BINARY {
        let mut settings = settings(3);
        settings.metric = Some(metric);
        let outcome = Outer::new(2).search(LearnerKind::Boosted, &settings).unwrap();
        assert!(outcome.value.is_some_and(f64::is_finite), "{metric}");
    }
}

/// A ledger that says how long the search took before.
struct Before(MemoryLedger, Duration);

impl TrialLedger for Before {
    fn find(&self, key: &TrialKey) -> Option<TrialRecord> {
        self.0.find(key)
    }

    fn record(&self, record: &TrialRecord, scores: &[f64]) {
        self.0.record(record, scores);
    }

    fn scores(&self, key: &TrialKey) -> Option<Vec<f64>> {
        self.0.scores(key)
    }

    fn decision(&self, learner: LearnerKind, rung: u32) -> Option<Decision> {
        self.0.decision(learner, rung)
    }

    fn decide(&self, decision: &Decision) {
        self.0.decide(decision);
    }

    fn spent(&self) -> Duration {
        self.1
    }
}

#[test]
fn a_budget_of_minutes_counts_what_was_spent_before_the_search_was_cut_off() {
    let mut settings = settings(8);
    settings.tune.minutes = Some(60.0);
    let candidates = |spent: u64| {
        let ledger = Before(MemoryLedger::default(), Duration::from_secs(60 * spent));
        let (cancel, progress) = (AtomicBool::new(false), |_: TuneEvent| {});
        let around = Around { threads: 2, ledger: &ledger, progress: &progress, cancel: &cancel };
        let found = search(LearnerKind::Linear, &population(1_200), &split(1_200, 4), &settings, 7, around).unwrap();
        found.trials.iter().map(|trial| trial.index).collect::<BTreeSet<_>>().len()
    };
    assert!(candidates(0) > 1);
    assert_eq!(candidates(60), 1, "only the candidate that there always is");
}

/// Labels that nothing says anything of: the figures of what a fold chose would lie above chance, those of what the others
/// chose do not.
#[test]
fn of_noise_no_fold_looks_better_than_chance() {
    let auc = |scored: &Scored, population: &Population| {
        let of_fold = |fold: u32| {
            let pairs = scored.rows.iter().copied().zip(scored.raw.iter().copied());
            let (rows, raw): (Vec<u32>, Vec<f64>) = pairs.filter(|(row, _)| row % 4 == fold).unzip();
            let ranked = ropeway_stat::Ranked::new(
                &raw.iter().map(|raw| ropeway_stat::sigmoid(*raw)).collect::<Vec<_>>(),
                &population.labels(&rows),
            );
            ranked.unwrap().measure(Metric::RocAuc, 0.5, ropeway_stat::Costs::default())
        };
        let values: Vec<f64> = (0..4).map(of_fold).filter(|value| value.is_finite()).collect();
        values.iter().sum::<f64>() / values.len() as f64
    };
    let (mut chosen, mut measured) = (Vec::new(), Vec::new());
    for draw in 0..24 {
        let mut population = population(240);
        let mut rng = Rng::new(100 + draw);
        population.label.iter_mut().for_each(|label| *label = f64::from(u8::from(rng.unit() < 0.5)));
        let (ledger, cancel) = (MemoryLedger::default(), AtomicBool::new(false));
        let around = Around { threads: 2, ledger: &ledger, progress: &|_| {}, cancel: &cancel };
        let found = search(LearnerKind::Boosted, &population, &split(240, 4), &settings(10), draw, around).unwrap();
        chosen.push(auc(&found.out_of_fold, &population));
        measured.push(auc(&found.measured, &population));
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    assert!((mean(&measured) - 0.5).abs() < 0.015, "{} where 0.5 is the truth: {measured:?}", mean(&measured));
    assert!(mean(&chosen) > mean(&measured) + 0.01, "the control: {} and {}", mean(&chosen), mean(&measured));
}

/// One fit of many columns may take longer than all minutes: then nothing of the learner is worth waiting for.
#[test]
fn a_learner_of_which_no_trial_ends_is_a_constant_and_a_decision_that_is_followed() {
    let mut short = settings(8);
    short.tune.minutes = Some(1e-9);
    for strategy in [Strategy::Halving, Strategy::Random] {
        short.tune.strategy = strategy;
        let outer = Outer::new(2);
        let found = outer.search(LearnerKind::Linear, &short).unwrap();
        assert_eq!((found.learner, &found.settings), (LearnerKind::Linear, &CandidateSettings::Baseline));
        assert!(found.skipped > 0 && found.trials.is_empty() && found.candidates == 0, "{found:?}");
        let baseline = Outer::new(2).search(LearnerKind::Baseline, &short).unwrap();
        assert_eq!((&found.out_of_fold, &found.measured), (&baseline.out_of_fold, &baseline.measured));
        // The control: with time it is a linear model; the decision of before is followed all the same.
        let free = LearnSettings { tune: TuneSettings { minutes: Some(60.0), ..short.tune.clone() }, ..short.clone() };
        assert_eq!(outer.search(LearnerKind::Linear, &free).unwrap(), found);
        let ended = Outer::new(2).search(LearnerKind::Linear, &free).unwrap();
        assert!(ended.settings != CandidateSettings::Baseline && ended.skipped == 0, "{ended:?}");
    }
}
