//! The finding that a model hardly errs and that one feature alone says most of it: whether it is known when a prediction is
//! asked for is what no data say.

use ropeway_learn::Alone;
use ropeway_stat::Metric;

use crate::learning::Judged;
use crate::report::FindingReport;

/// The ROC AUC from which one feature alone says most ...
const ALONE: f64 = 0.85;
/// ... of a model that errs hardly ever.
const WHOLE: f64 = 0.95;

/// The finding, where the model and its best feature are that good.
pub(crate) fn telling(best: &Judged, alone: Option<&Alone>) -> Option<FindingReport> {
    let whole = best.verdict.validation.get(&Metric::RocAuc)?.value;
    let Alone { feature, roc_auc } = alone.filter(|alone| alone.roc_auc >= ALONE && whole >= WHOLE)?;
    Some(FindingReport {
        code: "feature-tells-all".into(),
        message: format!(
            "`{feature}` alone ranks the labels with a ROC AUC of {roc_auc:.3} (all features together {whole:.3}): is it \
             known when a prediction is asked for?"
        ),
        column: Some(format!("examples.{feature}")),
        remedy:
            "if it is filled in with the outcome or later, take it and its like out of `request` of [examples] and out \
                 of `known_ahead`; if it is known by then, all is well"
                .into(),
        ..FindingReport::default()
    })
}
