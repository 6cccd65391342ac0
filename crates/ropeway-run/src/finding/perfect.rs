//! The finding that a model hardly ever errs, though no feature alone tells the label: several together may compute it.

use ropeway_stat::Metric;

use crate::learning::Judged;
use crate::report::FindingReport;

/// From where nothing is left to err about. Honest labels are noisy, of which a thousandth of the pairs is more than none.
const NOTHING_LEFT: [(Metric, f64); 3] =
    [(Metric::RocAuc, 0.9995), (Metric::MacroRocAuc, 0.9999), (Metric::R2, 0.9999)];

/// The finding, of the best candidate as it was validated.
pub(super) fn nearly_perfect(best: &Judged) -> Option<FindingReport> {
    let figure = |(metric, least): &(Metric, f64)| {
        let value = best.verdict.validation.get(metric)?.value;
        (value >= *least).then(|| format!("{metric} {value:.4}"))
    };
    let figure = NOTHING_LEFT.iter().find_map(figure)?;
    Some(FindingReport {
        code: "nearly-perfect".into(),
        message: format!(
            "validation is nearly perfect ({figure}), and no feature alone tells the label: do several together compute it, as a \
             difference or a comparison of two does?"
        ),
        column: Some("examples.label".into()),
        remedy: "look at the features that the model leans on most: those that are filled in with the outcome leave `request` of \
                 [examples]; where all are known by then, say so under [accept] (`nearly-perfect = [\"label\"]`)"
            .into(),
        ..FindingReport::default()
    })
}
