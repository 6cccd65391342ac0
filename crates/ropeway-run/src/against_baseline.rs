//! Whether anything was learned: the best candidate beside the baseline, which knows the labels alone, on the same rows. The
//! interval of either figure is no answer where a few labels lie far from all others: it is wide for both, and for the same rows.

use ropeway_learn::measure;
use ropeway_learn::settings::LearnerKind;
use ropeway_stat::{Estimate, Metric};
use ropeway_vocab::Result;

use crate::compare::{Moved, Verdict, moved};
use crate::learning::Judged;
use crate::losses::Losses;
use crate::step::Engine;

/// What the best candidate loses on each row against what the baseline does; none where the baseline is the best, or there is none.
pub(crate) fn against_baseline(engine: &Engine, judged: &[Judged], metric: Metric) -> Result<Option<Moved>> {
    let is_baseline = |judged: &&Judged| judged.outcome.learner == LearnerKind::Baseline;
    let Some(best) = judged.first().filter(|best| !is_baseline(best)) else { return Ok(None) };
    let Some(baseline) = judged.iter().find(is_baseline) else { return Ok(None) };
    let losses = |of: &Judged| engine.store.cache().find(&of.losses)?.map(Losses::from_bytes).transpose();
    let (then, now) = (losses(baseline)?, losses(best)?);
    Ok(Some(moved(
        (LearnerKind::Baseline.name(), then.as_ref()),
        (best.outcome.learner.name(), now.as_ref()),
        (metric, false),
    )))
}

/// Whether the best candidate is better than the baseline beyond chance: row by row where the metric is made of what each row
/// loses, by the interval of its figure where it is of all rows together, or the rows are not on record.
pub fn beats_baseline(metric: Metric, (best, baseline): (Estimate, f64), paired: Option<&Moved>) -> bool {
    match paired.filter(|paired| of_rows(metric, paired)) {
        Some(paired) => paired.verdict == Verdict::Better,
        None => best.is_beyond(metric, baseline),
    }
}

fn of_rows(metric: Metric, paired: &Moved) -> bool {
    let goes_by = measure(metric, true);
    (goes_by.mean || metric == Metric::R2) && paired.measure.as_deref() == Some(goes_by.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_decide_where_the_metric_is_made_of_them_and_the_interval_elsewhere() {
        let paired = |measure: &str, verdict| Moved {
            verdict,
            measure: Some(measure.into()),
            examples: 9,
            before: None,
            after: None,
            difference: None,
            pairing: None,
            why_not: None,
        };
        let wide = (Estimate { value: 3.0, low: 1.0, high: 9.0 }, 4.0);
        let narrow = (Estimate { value: 3.0, low: 2.9, high: 3.1 }, 4.0);
        let squared = |verdict| paired("squared_error", verdict);
        for metric in [Metric::Rmse, Metric::R2] {
            assert!(beats_baseline(metric, wide, Some(&squared(Verdict::Better))), "{metric}");
            assert!(!beats_baseline(metric, narrow, Some(&squared(Verdict::NotToldApart))), "{metric}");
        }
        assert!(beats_baseline(Metric::Rmse, narrow, None) && !beats_baseline(Metric::Rmse, wide, None));
        // The median of errors, and the order of rows, are of no row.
        let other = squared(Verdict::Better);
        assert!(!beats_baseline(Metric::MedianAbsoluteError, wide, Some(&other)));
        assert!(!beats_baseline(Metric::Mae, wide, Some(&other)), "another measure than the metric's");
        let ranks = (Estimate { value: 0.6, low: 0.49, high: 0.7 }, 0.5);
        assert!(!beats_baseline(Metric::RocAuc, ranks, Some(&paired("log_loss", Verdict::Better))));
    }
}
