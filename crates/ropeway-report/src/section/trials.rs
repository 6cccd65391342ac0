//! What was tried: parallel coordinates of the candidates of each learner that searched.

use std::collections::BTreeMap;

use ropeway_learn::CandidateSettings;
use ropeway_run::{Recorded, RecordedSearch};
use ropeway_stat::Metric;
use serde_json::Value;

use crate::Section;
use crate::chart::{Axis, parallel, tick};
use crate::html::{Html, code, paragraph};
use crate::number::figure;
use crate::table::{Table, details};

/// The section.
pub fn section(run: &Recorded) -> Section {
    let searched = run.searches.iter().map(|search| (search, candidates(search)));
    let several = searched.filter(|(_, candidates)| candidates.len() > 1);
    let body = several.fold(Html::new(), |out, (search, found)| out.add(of_search(search, &found, run.metric)));
    Section { id: "trials", title: "Trials", body }
}

/// A candidate: its settings by name, and its figures by fold.
struct Candidate {
    settings: BTreeMap<String, Value>,
    folds: Vec<f64>,
    rounds: u32,
    chosen: bool,
}

impl Candidate {
    fn mean(&self) -> f64 {
        if self.folds.is_empty() { f64::NAN } else { self.folds.iter().sum::<f64>() / self.folds.len() as f64 }
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.settings.get(name)?.as_f64()
    }
}

/// The settings of a candidate by name, however its learner calls them.
fn settings(of: &CandidateSettings) -> BTreeMap<String, Value> {
    match serde_json::to_value(of) {
        Ok(Value::Object(all)) => all.into_iter().filter(|(name, _)| name != "learner").collect(),
        _ => BTreeMap::new(),
    }
}

fn candidates(search: &RecordedSearch) -> Vec<Candidate> {
    let mut all: BTreeMap<u32, Candidate> = BTreeMap::new();
    for trial in &search.trials {
        let candidate = all.entry(trial.index).or_insert_with(|| Candidate {
            settings: settings(&trial.settings),
            folds: Vec::new(),
            rounds: 0,
            chosen: search.chosen.as_ref() == Some(&trial.settings),
        });
        candidate.folds.extend(trial.value);
        candidate.rounds = candidate.rounds.max(trial.rounds);
    }
    all.into_values().collect()
}

fn of_search(search: &RecordedSearch, found: &[Candidate], metric: Metric) -> Html {
    let most = found.iter().map(|candidate| candidate.folds.len()).max().unwrap_or(0);
    let mut names: Vec<&String> = found.iter().flat_map(|candidate| candidate.settings.keys()).collect();
    names.sort();
    names.dedup();
    let numbers = names.iter().filter(|name| found.iter().any(|candidate| candidate.number(name).is_some()));
    let axis = |name: &&&String| Axis {
        name: name.to_string(),
        numbers: order(found, metric).iter().map(|candidate| candidate.number(name)).collect(),
    };
    let mut axes: Vec<Axis> = numbers.map(|name| axis(&name)).collect();
    let means = order(found, metric).iter().map(|candidate| Some(candidate.mean())).collect();
    axes.push(Axis { name: metric.name().to_owned(), numbers: means });
    let classes: Vec<&str> = order(found, metric)
        .iter()
        .map(|candidate| match candidate {
            Candidate { chosen: true, .. } => "chosen",
            Candidate { folds, .. } if folds.len() == most => "better",
            Candidate { .. } => "tried",
        })
        .collect();
    let label = format!(
        "Trials of {}, one line each; the last axis is the mean of {} over its folds",
        search.learner,
        metric.name()
    );
    let says = format!(
        "{} candidates, {} trials. Thick: the chosen one; coloured: met all folds; grey: left the race before. The last axis is \
         the mean of {} over the folds that it met. Chosen is the simplest of those that the folds cannot tell from the best: whose \
         mean lies within one standard error of the difference, fold by fold.",
        found.len(),
        search.trials.len(),
        metric.name()
    );
    let numbers = table(&order(found, metric), &names, metric);
    Html::new().tag("h3", &[], code(&search.learner)).tag(
        "figure",
        &[],
        parallel(&label, &axes, &classes).add(paragraph("note", says)).add(details("Numbers", numbers)),
    )
}

/// The best last, so that it is drawn above the others.
fn order(found: &[Candidate], metric: Metric) -> Vec<&Candidate> {
    let mut order: Vec<&Candidate> = found.iter().collect();
    order.sort_by(|a, b| {
        let means = a.mean().total_cmp(&b.mean());
        let means = if metric.higher_is_better() { means } else { means.reverse() };
        a.chosen.cmp(&b.chosen).then(a.folds.len().cmp(&b.folds.len())).then(means)
    });
    order
}

fn table(order: &[&Candidate], names: &[&String], metric: Metric) -> Html {
    let mut table = Table::new(&["settings", ">mean over folds", ">folds", ">rounds", "chosen"]);
    for candidate in order.iter().rev() {
        let settings = names.iter().filter_map(|name| Some((name, candidate.settings.get(*name)?)));
        let settings = settings.map(|(name, value)| match value.as_f64() {
            Some(number) => format!("{name} {}", tick(number)),
            None => format!("{name} {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
        });
        table.row([
            settings.collect::<Vec<_>>().join(", "),
            figure(candidate.mean()),
            candidate.folds.len().to_string(),
            candidate.rounds.to_string(),
            if candidate.chosen { "yes".into() } else { String::new() },
        ]);
    }
    table.render(&format!("Trials by {}", metric.name()))
}
