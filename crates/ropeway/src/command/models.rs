//! `ropeway models`.

use std::collections::BTreeMap;

use ropeway_project::Project;
use ropeway_registry::{AliasChange, Model, Registry, Version};
use ropeway_stat::Metric;
use ropeway_store::Store;
use ropeway_vocab::Result;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::render::number::{estimate, to_the_second};
use crate::render::paint::Paint;
use crate::render::table::Table;
use crate::sections::with_record;

/// The metric shown where the project does not decide; all others are in the JSON.
const SHOWN: Metric = Metric::AveragePrecision;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway models
  ropeway models --json

A name stands for its champion, else its newest version; NAME@3 and NAME@champion name one.")]
pub struct Args {}

/// Lists the registered models with their versions and aliases.
pub async fn run(_: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let listed = async |project: &Project, store: &Store| {
        let registry = Registry::open(store).await?;
        let models = registry.list().await?;
        let mut history = BTreeMap::new();
        for model in &models {
            history.insert(model.name.clone(), registry.alias_history(&model.name).await?);
        }
        Ok((models, history, project.settings.learn.metric()))
    };
    let (models, history, metric) = with_record(&shared.project, listed).await?;
    let value = serde_json::json!({ "models": models, "history": history });
    output.result(&value, |paint| page(&models, &history, metric, paint))?;
    Ok(Exit::Done)
}

/// The moves of each model's aliases.
type History = BTreeMap<String, Vec<AliasChange>>;

fn page(models: &[Model], history: &History, metric: Metric, paint: Paint) -> String {
    if models.is_empty() {
        return "No model yet: `ropeway run` trains and registers one.\n".into();
    }
    let mut out = String::new();
    for model in models {
        let validation = format!("{metric}, validation");
        let mut table =
            Table::new(&["version", "aliases", "registered (UTC)", "run", "digest", &validation, "holdout", "gates"]);
        for version in model.versions.iter().rev() {
            table.row(row(version, metric));
        }
        out.push_str(&format!("{}\n{}", paint.strong(&model.name), table.render(2)));
        for change in history.get(&model.name).into_iter().flatten() {
            if let Some(why) = &change.why {
                let now = change.version.map_or_else(|| "none".to_owned(), |version| version.to_string());
                let when = to_the_second(change.changed);
                out.push_str(&format!("  {when} {} became {now}: {why}\n", change.alias));
            }
        }
    }
    out
}

fn row(version: &Version, metric: Metric) -> [String; 8] {
    let figure = |scorecard: &ropeway_registry::Scorecard| {
        scorecard.get(&metric).or_else(|| scorecard.get(&SHOWN)).map_or_else(String::new, estimate)
    };
    // Wherever a holdout figure is shown, so is how often that holdout was looked at.
    let looks = version.looks.map_or_else(String::new, |looks| format!(" (looks: {looks})"));
    let aliases = if version.sample { "(sample)".to_owned() } else { version.aliases.join(", ") };
    [
        version.version.to_string(),
        aliases,
        to_the_second(version.registered),
        version.run.clone(),
        version.digest.short(),
        figure(&version.validation),
        version.holdout.as_ref().map_or_else(|| "not opened".to_owned(), |opened| figure(opened) + &looks),
        gates(version),
    ]
}

/// `2 passed, 1 not opened`.
fn gates(version: &Version) -> String {
    let of = |passed| version.gates.iter().filter(|gate| gate.passed == passed).count();
    let counts = [(of(Some(true)), "passed"), (of(Some(false)), "said no"), (of(None), "not opened")];
    let words: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if words.is_empty() { "none".into() } else { words.join(", ") }
}
