//! The `[costs_of_error]` section.

use std::collections::BTreeMap;

use ropeway_stat::{ClassCosts, Costs, NumberCosts};
use ropeway_vocab::{Problem, Result, nearest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Task, out_of_range};

/// The most that an error may cost. Sums of it over any number of rows stay far from the end of a double's range.
const MOST: f64 = 1e15;

/// What a wrong decision costs, in any one unit. Each task reads its own: two classes the first two, numbers the next two,
/// several classes the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CostsOfError {
    /// Of two classes: a positive that was decided negative.
    pub false_negative: f64,
    /// Of two classes: a negative that was decided positive.
    pub false_positive: f64,
    /// Of a number: to decide for one unit of the label too little. Default: 1.
    #[serde(skip_serializing_if = "is_one")]
    pub under: f64,
    /// Of a number: to decide for one unit of the label too much. Default: 1.
    #[serde(skip_serializing_if = "is_one")]
    pub over: f64,
    /// Of several classes: by the true class, what it costs to decide for another one, for example
    /// `matrix.storm = { calm = 10.0 }`. What is not named costs 1.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub matrix: BTreeMap<String, BTreeMap<String, f64>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_one(cost: &f64) -> bool {
    *cost == 1.0
}

impl Default for CostsOfError {
    fn default() -> Self {
        Self { false_negative: 1.0, false_positive: 1.0, under: 1.0, over: 1.0, matrix: BTreeMap::new() }
    }
}

impl CostsOfError {
    /// Refuses costs that are negative, beyond 1e15 or both zero.
    ///
    /// # Errors
    /// Names the section and the remedy.
    pub fn check(&self) -> Result<()> {
        let pairs = [
            [("false_negative", self.false_negative), ("false_positive", self.false_positive)],
            [("under", self.under), ("over", self.over)],
        ];
        for (key, cost) in pairs.iter().flatten() {
            check_cost(key, *cost)?;
        }
        for (label, decided) in self.matrix.iter().flat_map(|(label, row)| row.iter().map(move |cell| (label, cell))) {
            check_cost(&format!("matrix.{label}.{}", decided.0), *decided.1)?;
        }
        if pairs.iter().all(|pair| pair.iter().any(|(_, cost)| *cost > 0.0)) {
            return Ok(());
        }
        Err(out_of_range("[costs_of_error]", "one of the costs is more than 0"))
    }

    /// Refuses costs that a task does not read: somebody believes that they count.
    ///
    /// # Errors
    /// Names the key, and those that the task has.
    pub fn check_task(&self, task: Task) -> Result<()> {
        let of = |key, cost: f64, tasks: &'static [Task]| (key, cost != 1.0, tasks);
        let keys: [(&str, bool, &[Task]); 5] = [
            of("false_negative", self.false_negative, &[Task::Binary]),
            of("false_positive", self.false_positive, &[Task::Binary]),
            of("under", self.under, &[Task::Regression]),
            of("over", self.over, &[Task::Regression]),
            ("matrix", !self.matrix.is_empty(), &[Task::Multiclass]),
        ];
        let Some((key, ..)) = keys.iter().find(|(_, set, tasks)| *set && !tasks.contains(&task)) else { return Ok(()) };
        let own: Vec<String> =
            keys.iter().filter(|(.., tasks)| tasks.contains(&task)).map(|(key, ..)| format!("`{key}`")).collect();
        let what =
            format!("`[costs_of_error] {key}` is no cost of a {} label, and would count for nothing", task.name());
        Err(Problem::invalid("costs-of-another-task", what).remedy(format!(
            "with task = \"{}\" errors cost by {}",
            task.name(),
            own.join(" and ")
        )))
    }

    /// Those of two classes.
    pub fn binary(&self) -> Costs {
        Costs { false_negative: self.false_negative, false_positive: self.false_positive }
    }

    /// Those of numbers.
    pub fn number(&self) -> NumberCosts {
        NumberCosts { under: self.under, over: self.over }
    }

    /// Those of classes with these names.
    ///
    /// # Errors
    /// A class that no label is.
    pub fn classes(&self, names: &[String]) -> Result<ClassCosts> {
        let position = |name: &String| {
            names.iter().position(|known| known == name).ok_or_else(|| {
                let remedy = match nearest(name, names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the classes are {}", names.join(", ")),
                };
                Problem::invalid(
                    "unknown-class",
                    format!("`[costs_of_error] matrix` names `{name}`, which no label is"),
                )
                .remedy(remedy)
            })
        };
        let mut costs = ClassCosts::even(names.len());
        for (label, row) in &self.matrix {
            let label = position(label)?;
            for (decided, cost) in row {
                costs.set(label, position(decided)?, *cost);
            }
        }
        Ok(costs)
    }
}

fn check_cost(key: &str, cost: f64) -> Result<()> {
    if (0.0..=MOST).contains(&cost) {
        return Ok(());
    }
    let remedy = format!(
        "a cost is a number that is not negative, and at most {MOST:e}, for example 1.0; only the ratio of costs \
         decides: write large ones in a larger unit"
    );
    Err(out_of_range(&format!("[costs_of_error] {key}"), &remedy))
}
