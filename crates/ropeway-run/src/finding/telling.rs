//! Findings of features that may give the label away: one that says most of it alone, where the model hardly errs, and those that
//! are filled in, or have a level, for one class alone. Whether they are known when a prediction is asked for is what no data say.

use ropeway_learn::{Alone, Filled};
use ropeway_stat::Metric;

use crate::learning::{Judged, Suspects};
use crate::report::FindingReport;

/// Features that are named, of those that are filled in for the same examples.
const NAMED: usize = 3;
const REMEDY: &str = "if it is filled in with the outcome or later, take it and its like out of `request` of [examples] and out of \
                      `known_ahead`; if it is known by then, all is well";

/// All of them; `label` as the project has it.
pub(crate) fn telling(best: &Judged, Suspects { alone, filled }: &Suspects, label: &str) -> Vec<FindingReport> {
    let says_most = alone.as_ref().and_then(|alone| says_most(best, alone));
    let named = says_most.as_ref().and(alone.as_ref());
    let mut alike: Vec<Vec<&Filled>> = Vec::new();
    // What is named already has been said worse of.
    for found in filled.iter().filter(|found| named.is_none_or(|named| named.feature != found.feature)) {
        match alike.iter_mut().find(|of| of.iter().all(|other| other.seen == found.seen)) {
            Some(of) => of.push(found),
            None => alike.push(vec![found]),
        }
    }
    says_most.into_iter().chain(alike.iter().filter_map(|of| one_class(of, label))).collect()
}

/// The code of the finding that a feature is.
pub(super) fn code_of(found: &Filled) -> &'static str {
    if found.seen.is_level() { "leak-level" } else { "leak-missing" }
}

/// The finding of features that are filled in for one class alone, all in as many examples.
fn one_class(alike: &[&Filled], label: &str) -> Option<FindingReport> {
    let (first, others) = alike.split_first()?;
    let Filled { feature, class, seen } = first;
    let names = others.iter().take(NAMED - 1).map(|other| format!("`{}`", other.feature));
    let mut names: Vec<String> = names.collect();
    names.extend((others.len() >= NAMED).then(|| format!("{} more", others.len() + 1 - NAMED)));
    let others =
        if names.is_empty() { String::new() } else { format!("; the same is true of {}", names.join(" and ")) };
    Some(FindingReport {
        code: code_of(first).into(),
        message: format!(
            "`{feature}` {}{others}: is it known when a prediction is asked for?",
            seen.said(label, class)
        ),
        column: Some(format!("examples.{feature}")),
        remedy: REMEDY.into(),
        ..FindingReport::default()
    })
}

/// The figures from which a feature alone says most, and from which a model hardly errs. Honest features tell numbers and several
/// classes well more often than they tell two.
const fn bounds(metric: Metric) -> (f64, f64) {
    match metric {
        Metric::RocAuc => (0.85, 0.95),
        Metric::R2 => (0.95, 0.97),
        _ => (0.95, 0.98),
    }
}

/// The finding of the feature that says most, where the model and this feature are that good.
fn says_most(best: &Judged, Alone { feature, metric, figure }: &Alone) -> Option<FindingReport> {
    let whole = best.verdict.validation.get(metric)?.value;
    let (most, hardly_errs) = bounds(*metric);
    if *figure < most || whole < hardly_errs {
        return None;
    }
    let does = match metric {
        Metric::RocAuc => format!("ranks the labels with a ROC AUC of {figure:.3}"),
        Metric::R2 => format!("tells {:.1}% of the variance of the label", 100.0 * figure),
        _ => format!("tells the classes apart with a mean ROC AUC of {figure:.3}"),
    };
    Some(FindingReport {
        code: "feature-tells-all".into(),
        message: format!(
            "`{feature}` alone {does} (all features together {whole:.3}): is it known when a prediction is asked for?"
        ),
        column: Some(format!("examples.{feature}")),
        remedy: REMEDY.into(),
        ..FindingReport::default()
    })
}

#[cfg(test)]
mod tests {
    use ropeway_stat::{OneClass, Usual};

    use super::*;

    #[test]
    fn features_that_are_filled_in_together_are_one_finding() {
        let rows = (0..800).map(|row| (usize::from(row % 8 == 0), row % 16 == 0, None));
        let seen = OneClass::find(rows, 2, &Usual::Nothing, 8.0).unwrap();
        let filled = |feature: &str| Filled { feature: feature.into(), class: "true".into(), seen: seen.clone() };
        let all = ["a", "b", "c", "d", "e"].map(filled);
        let says =
            |features: usize| one_class(&all.iter().take(features).collect::<Vec<_>>(), "x > 1").unwrap().message;
        let first =
            "`a` has a value in 50 of 800 rows, and in all of these `x > 1` is `true`, as in 50 rows without a value";
        for (features, others) in [
            (1, ""),
            (2, "; the same is true of `b`"),
            (3, "; the same is true of `b` and `c`"),
            (5, "; the same is true of `b` and `c` and 2 more"),
        ] {
            assert_eq!(says(features), format!("{first}{others}: is it known when a prediction is asked for?"));
        }
    }
}
