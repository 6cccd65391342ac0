//! What `ropeway explain` prints: the score, each feature with its contribution, and the facts behind it.

use ropeway_learn::settings::TargetTransform;
use ropeway_package::{Answer, ExplainedFeature};
use ropeway_run::ExplainReport;
use serde_json::Value;

use super::number::{count, figure};
use super::paint::Paint;
use super::problem::visible;
use super::table::Table;

/// The page; of each feature at most `facts` facts are shown.
pub fn page(report: &ExplainReport, facts: usize, paint: Paint) -> String {
    let key: Vec<String> = report.key.iter().map(|(name, value)| format!("{name} = {}", text(value))).collect();
    let at = report.at.map_or_else(String::new, |at| format!(", predicted at {at}"));
    let why = &report.explanation;
    let version = report.version.map_or_else(|| report.digest.short(), |version| version.to_string());
    let mut out = format!("{} {}{at}\n", paint.strong(&format!("{}@{version}", report.model)), key.join(", "));
    out.push_str(&format!(
        "  {}; raw score{} {} = {} on average + the contributions below{}\n\n",
        answer(&why.answer, why.threshold),
        why.explained.as_ref().map_or_else(String::new, |class| format!(" of {class}")),
        figure(why.raw),
        figure(why.bias),
        match multiplied(why.scale) {
            Some(said) => said.to_owned(),
            None => calibrated(&why.answer, why.calibration, why.explained.as_deref()),
        }
    ));
    let columns = ["feature", "value", ">contribution", ">facts", ">factor"];
    let mut table = Table::new(if why.scale.is_identity() { &columns[..4] } else { &columns });
    for feature in &why.features {
        let total = if feature.evidence.sql.is_some() { count(feature.evidence.total) } else { String::new() };
        table.row([
            feature.evidence.feature.clone(),
            text(&feature.evidence.value),
            format!("{:+.4}", feature.contribution),
            total,
            format!("x{}", figure(feature.contribution.exp())),
        ]);
    }
    out.push_str(&table.render(2));
    // The columns of one lookup stand on the same row: it is shown once.
    let mut shown: Vec<&str> = Vec::new();
    for feature in &why.features {
        let Some(sql) = feature.evidence.sql.as_deref().filter(|sql| !shown.contains(sql)) else { continue };
        shown.push(sql);
        let same = why.features.iter().filter(|other| other.evidence.sql.as_deref() == Some(sql));
        let names: Vec<&str> = same.map(|other| other.evidence.feature.as_str()).collect();
        out.push_str(&behind(feature, &names.join(", "), facts, paint));
    }
    out
}

/// The prediction in words.
fn answer(answer: &Answer, threshold: Option<f64>) -> String {
    match answer {
        Answer::Binary { probability, decision } => {
            let decision = if *decision { "positive" } else { "negative" };
            let from = threshold.map_or_else(String::new, |threshold| {
                format!(" (positive is from {} on, where errors cost least)", figure(threshold))
            });
            format!("probability {}, decided {decision}{from}", figure(*probability))
        }
        Answer::Class { class, probabilities, .. } => {
            let mut all: Vec<(&String, &f64)> = probabilities.iter().collect();
            all.sort_by(|a, b| b.1.total_cmp(a.1));
            let leading = all.iter().take(3).map(|(class, p)| format!("{class} {}", figure(**p)));
            format!("decided {class}; probabilities: {}", leading.collect::<Vec<_>>().join(", "))
        }
        Answer::Number { value, low, high, decision } => {
            let decided = decision.map_or_else(String::new, |number| format!(", decided {}", figure(number)));
            format!("predicted {} [{}, {}]{decided}", figure(*value), figure(*low), figure(*high))
        }
    }
}

/// What makes the probability of the raw score: the contributions do not sum to the one that is printed.
fn calibrated(answer: &Answer, calibration: &str, explained: Option<&str>) -> String {
    match (answer, explained) {
        (Answer::Binary { probability, .. }, _) if calibration == "none" => {
            format!("; as log-odds it is the probability {}", figure(*probability))
        }
        (Answer::Binary { probability, .. }, _) => {
            format!("; {calibration} calibration takes it to {}", figure(*probability))
        }
        (Answer::Class { probabilities, .. }, Some(class)) => {
            let by = if calibration == "none" { String::new() } else { format!(" and {calibration} calibration") };
            let probability = probabilities.get(class).copied().unwrap_or(f64::NAN);
            format!("; softmax over the scores of all classes{by} makes {} of it", figure(probability))
        }
        // The raw score is the number.
        (Answer::Class { .. } | Answer::Number { .. }, _) => String::new(),
    }
}

/// What contributions on another scale than that of the answer come to.
fn multiplied(scale: TargetTransform) -> Option<&'static str> {
    match scale {
        TargetTransform::Identity => None,
        TargetTransform::Log => {
            Some("; it is the logarithm of the number, which each of them multiplies by its factor")
        }
        TargetTransform::Log1p => {
            Some("; it is the logarithm of 1 + the number (0 at least), which each of them multiplies by its factor")
        }
    }
}

/// The facts behind features, the newest of them, and the SQL that shows all.
fn behind(feature: &ExplainedFeature, names: &str, most: usize, paint: Paint) -> String {
    let evidence = &feature.evidence;
    let mut out = format!("\n{} from {}\n", paint.strong(names), facts(evidence.total));
    let newest = evidence.facts.len().saturating_sub(most);
    for fact in &evidence.facts[newest..] {
        let known = fact.known_at.map_or_else(|| "always known".to_owned(), |at| format!("known at {at}"));
        let value = fact.value.as_ref().map_or_else(String::new, |value| format!("  value {}", text(value)));
        let row: Vec<String> = fact.row.iter().map(|(name, value)| format!("{}={}", line(name), text(value))).collect();
        out.push_str(&format!("  {known}{value}  {}\n", paint.dim(&row.join(" "))));
    }
    if newest > 0 {
        out.push_str(&format!("  and {} earlier ones\n", count(newest as u64)));
    }
    if let Some(sql) = &evidence.sql {
        let personal = if evidence.personal { "--personal " } else { "" };
        out.push_str(&format!("  {} ropeway query {personal}{}\n", paint.dim("show them:"), argument(sql)));
    }
    for column in &evidence.left_out {
        out.push_str(&format!("  put the value of {} in place of the ? there: it is personal\n", line(column)));
    }
    out
}

fn facts(total: u64) -> String {
    if total == 1 { "1 fact".into() } else { format!("{} facts", count(total)) }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "missing".into(),
        Value::String(text) => line(text),
        other => other.to_string(),
    }
}

/// A text from data, on one line.
fn line(text: &str) -> String {
    visible(text).replace('\n', "\u{fffd}")
}

/// A text as one argument on one line of a POSIX shell, which takes nothing in it for a command. Expressions of the
/// project may hold line breaks; then `printf` makes it, since no quotes can write those on one line.
fn argument(text: &str) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    if !text.chars().any(char::is_control) {
        return quoted(text);
    }
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str(r"\\"),
            c if c.is_control() => c.to_string().bytes().for_each(|byte| escaped.push_str(&format!("\\0{byte:03o}"))),
            c => escaped.push(c),
        }
    }
    format!("\"$(printf '%b' {})\"", quoted(&escaped))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn what_stands_between_the_raw_score_and_the_probability_is_named() {
        let binary = Answer::Binary { probability: 0.489, decision: false };
        assert_eq!(calibrated(&binary, "platt", None), "; platt calibration takes it to 0.489");
        assert_eq!(calibrated(&binary, "none", None), "; as log-odds it is the probability 0.489");
        let probabilities = [("a".to_owned(), 0.25), ("b".to_owned(), 0.75)].into_iter().collect();
        let class = Answer::Class { class: "b".into(), probability: 0.75, probabilities };
        assert_eq!(
            calibrated(&class, "temperature", Some("a")),
            "; softmax over the scores of all classes and temperature calibration makes 0.250 of it"
        );
        let number = Answer::Number { value: 1.0, low: 0.0, high: 2.0, decision: None };
        assert_eq!(calibrated(&number, "residuals", None), "");
    }

    #[test]
    fn a_shell_reads_an_argument_as_it_was() {
        for text in [
            "",
            "a b",
            "it's",
            "$(exit 1)`exit 1`$HOME\\",
            "\\n\\\\0101",
            "a\n\t\u{1b}[1m\u{9b}\\ \"'\" $(exit 1)!",
            "%s%b-é",
        ] {
            let argument = argument(text);
            assert!(!argument.contains(char::is_control), "{argument:?}");
            let shell = Command::new("sh").args(["-c", &format!("printf %s {argument}")]).output().unwrap();
            assert_eq!(String::from_utf8(shell.stdout).unwrap(), text, "{argument}");
        }
    }
}
