//! What a run's figures hang on: features that may tell what nobody knows yet when a prediction is asked for. Said wherever figures
//! are praised, since a leak makes the best of them.

use crate::report::{FindingReport, RunReport};

/// Findings of features that may give the label away.
const CODES: [&str; 3] = ["feature-tells-all", "leak-level", "leak-missing"];
/// Features that are named.
const NAMED: usize = 3;

impl RunReport {
    /// That the figures are true only if these features are known by then; none where no feature is suspected.
    pub fn doubt(&self) -> Option<String> {
        of(&self.findings)
    }
}

fn of(findings: &[FindingReport]) -> Option<String> {
    let found = findings.iter().filter(|finding| CODES.contains(&finding.code.as_str()));
    let mut features: Vec<&str> = Vec::new();
    for feature in found.filter_map(|finding| finding.column.as_deref()?.strip_prefix("examples.")) {
        if !features.contains(&feature) {
            features.push(feature);
        }
    }
    let (are, they) = if features.len() == 1 { ("is", "it tells") } else { ("are", "they tell") };
    let mut names: Vec<String> = features.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    names.extend((features.len() > NAMED).then(|| format!("{} more", features.len() - NAMED)));
    let last = names.pop()?;
    let names = if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) };
    Some(format!(
        "The figures are true only if {names} {are} known when a prediction is asked for: {they} the label as what is written with the \
         outcome, or after it, does."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_suspect_is_named_once_and_many_are_counted() {
        let found = |code: &str, feature: &str| FindingReport {
            code: code.into(),
            column: Some(format!("examples.{feature}")),
            ..FindingReport::default()
        };
        let one = [found("leak-level", "a"), found("rare-class", "z"), found("leak-missing", "a")];
        let five = ["a", "b", "c", "d", "e"].map(|name| found("feature-tells-all", name));
        for (findings, names) in
            [(&one[..], "`a` is"), (&five[..2], "`a` and `b` are"), (&five, "`a`, `b`, `c` and 2 more are")]
        {
            let said = of(findings).unwrap();
            assert!(said.starts_with(&format!("The figures are true only if {names} known when ")), "{said}");
        }
        assert_eq!(of(&one[1..2]), None);
    }
}
