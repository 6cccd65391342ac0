//! What each step of a recipe learned.

use ropeway_run::ShownRecipe;
use serde_json::Value;

use super::number::amount;
use super::paint::Paint;
use super::problem::{cut, visible};

/// Most values of a step that are printed; JSON has all.
const SHOWN: usize = 8;

/// Most letters of a text that are printed.
const TEXT: usize = 40;

/// The steps of a recipe, a line each.
pub fn page(shown: &ShownRecipe, paint: Paint) -> String {
    let mut out = format!("{}\n", paint.strong(&format!("Recipe of {} for {}", shown.run, shown.learner.name())));
    if shown.steps.is_empty() {
        out.push_str("  nothing is prepared: the baseline reads no feature\n");
    }
    let wide = |text: &dyn Fn(usize) -> usize| (0..shown.steps.len()).map(text).max().unwrap_or(0);
    let feature = wide(&|at| shown.steps[at].feature.chars().count()).min(32);
    let step = wide(&|at| shown.steps[at].learned.step.len());
    for line in &shown.steps {
        let learned = told(&line.learned.learned);
        let text = format!("  {:feature$}  {:step$}  {learned}", line.feature, line.learned.step);
        out.push_str(visible(text.trim_end()).replace('\n', "\u{fffd}").as_str());
        out.push('\n');
    }
    out
}

fn told(learned: &Value) -> String {
    let Some(object) = learned.as_object() else { return String::new() };
    let parts = object.iter().filter(|(_, value)| **value != Value::Bool(false));
    let parts = parts.map(|(name, value)| match value {
        Value::Bool(true) => name.replace('_', " "),
        value => format!("{} {}", name.replace('_', " "), short(value)),
    });
    parts.collect::<Vec<_>>().join(", ")
}

fn short(value: &Value) -> String {
    match value {
        Value::Array(values) => few(values.iter().map(short), values.len()),
        Value::Object(values) => {
            few(values.iter().map(|(name, value)| format!("{name} {}", short(value))), values.len())
        }
        Value::String(text) => cut(text, TEXT),
        Value::Number(value) => value.as_f64().map_or_else(|| value.to_string(), amount),
        value => value.to_string(),
    }
}

fn few(values: impl Iterator<Item = String>, all: usize) -> String {
    let shown: Vec<String> = values.take(SHOWN).collect();
    let more = if all > SHOWN { format!(" and {} more", all - SHOWN) } else { String::new() };
    format!("[{}{more}]", shown.join(", "))
}
