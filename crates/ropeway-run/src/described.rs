//! What a run is of, key by key: the settings as they take effect, the meaning of each table's SQL, and of each feature.

use std::collections::BTreeMap;

use ropeway_project::Project;
use ropeway_store::Encoding;
use ropeway_vocab::{Digest, Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::planned::Planned;
use crate::record::to_json;
use crate::step::Engine;

/// What a run is of.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Described {
    /// Values by key, as `learn.tune.trials`, with those that the file leaves to their defaults.
    pub settings: BTreeMap<String, String>,
    /// The digest of the meaning of each feature by its name.
    pub features: BTreeMap<String, String>,
}

/// Records what run `id` is of.
pub(crate) async fn describe(engine: &Engine, project: &Project, planned: &Planned, id: i64) -> Result<()> {
    let described = to_json(&Described::of(project, planned)?)?;
    let blob = engine.store.blobs().put(described.as_bytes(), Encoding::Zstd)?;
    engine.records.describe_run(id, &blob).await
}

impl Described {
    /// Of a project as it is planned.
    pub fn of(project: &Project, planned: &Planned) -> Result<Self> {
        let mut described = Self::default();
        let settings = &project.settings;
        described.section("project", &settings.project)?;
        described.section("source", &settings.source)?;
        described.section("table", &settings.table)?;
        described.section("examples", &settings.examples)?;
        described.section("lookup", &settings.lookup)?;
        described.section("window", &settings.window)?;
        described.section("derive", &settings.derive)?;
        described.section("split", &settings.split)?;
        described.section("recipe", &settings.recipe)?;
        described.section("learn", &settings.learn)?;
        described.section("costs_of_error", &settings.costs_of_error)?;
        // Left out, it follows from the task.
        described.settings.insert("learn.metric".into(), settings.learn.metric().name().into());
        // Threads change how fast a run is and nothing else.
        described.settings.remove("learn.tune.threads");
        for check in &settings.check {
            described
                .settings
                .insert(format!("[[check]] of {}", check.table) + " " + &json(check)?.to_string(), String::new());
        }
        for gate in &planned.gates {
            described.settings.insert(format!("[[gate]] {}", gate.that), String::new());
        }
        for name in settings.table.keys() {
            let meaning = Digest::of(planned.tables.normalized(name)?.as_bytes());
            described.settings.insert(format!("table.{name} SQL"), meaning.short());
        }
        let steps = planned.features.steps();
        for feature in planned.features.features() {
            let step = steps.iter().find(|step| step.outputs.contains(&feature.name));
            let meaning = step.map_or_else(|| "request".to_owned(), |step| step.digest.to_string());
            described.features.insert(feature.name.clone(), format!("{} {meaning}", feature.ty));
        }
        Ok(described)
    }

    fn section<T: Serialize>(&mut self, name: &str, section: &T) -> Result<()> {
        flatten(name, &json(section)?, &mut self.settings);
        Ok(())
    }
}

fn json<T: Serialize>(value: &T) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| Problem::internal(format!("settings cannot be written: {error}")))
}

/// Values by their path; lists stay whole, what is not set is not there.
fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            members.iter().for_each(|(name, inner)| flatten(&format!("{path}.{name}"), inner, into))
        }
        Value::String(text) => drop(into.insert(path.to_owned(), text.clone())),
        other => drop(into.insert(path.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_by_their_path() {
        let value =
            serde_json::json!({ "tune": { "trials": 20, "minutes": null }, "learners": ["linear"], "metric": "brier" });
        let mut found = BTreeMap::new();
        flatten("learn", &value, &mut found);
        let expected = [("learn.learners", "[\"linear\"]"), ("learn.metric", "brier"), ("learn.tune.trials", "20")];
        assert_eq!(found, expected.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    }
}
