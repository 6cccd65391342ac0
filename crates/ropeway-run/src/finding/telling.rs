//! The finding that a model hardly errs and that one feature alone says most of it: whether it is known when a prediction is
//! asked for is what no data say.

use ropeway_learn::Alone;
use ropeway_stat::Metric;

use crate::learning::Judged;
use crate::report::FindingReport;

/// The figures from which a feature alone says most, and from which a model hardly errs. Honest features tell numbers and several
/// classes well more often than they tell two.
const fn bounds(metric: Metric) -> (f64, f64) {
    match metric {
        Metric::RocAuc => (0.85, 0.95),
        Metric::R2 => (0.95, 0.97),
        _ => (0.95, 0.98),
    }
}

/// The finding, where the model and its best feature are that good.
pub(crate) fn telling(best: &Judged, alone: Option<&Alone>) -> Option<FindingReport> {
    let Alone { feature, metric, figure } = alone?;
    let whole = best.verdict.validation.get(metric)?.value;
    let (says_most, hardly_errs) = bounds(*metric);
    if *figure < says_most || whole < hardly_errs {
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
        remedy:
            "if it is filled in with the outcome or later, take it and its like out of `request` of [examples] and out \
                 of `known_ahead`; if it is known by then, all is well"
                .into(),
        ..FindingReport::default()
    })
}
