//! The finding that predictions of numbers are too low or too high on the whole: their mean lies beyond the interval of that of the
//! labels. Sums of predictions, as of a budget or a stock, are off by as much.

use ropeway_learn::Views;
use ropeway_learn::settings::LearnerKind;
use ropeway_learn::views::{ErrorBin, Means, NumberViews};
use ropeway_stat::Metric;

use super::uneven::rounded;
use crate::learning::Judged;
use crate::report::FindingReport;

/// The quantile of the normal distribution that a 95% interval reaches to on each side.
const REACH: f64 = 1.96;
/// Predictions that are off by less are as good as right.
const OFF: f64 = 0.02;

/// The finding, of the best candidate.
pub(crate) fn biased(judged: &[Judged], metric: Metric) -> Option<FindingReport> {
    let best = judged.first().filter(|best| best.outcome.settings.learner() != LearnerKind::Baseline)?;
    let Views::Regression(views) = &best.views else { return None };
    let message = told(views)?;
    let median = matches!(metric, Metric::Mae | Metric::MedianAbsoluteError | Metric::Mape | Metric::Rmsle);
    let remedy = if median {
        format!(
            "`{metric}` asks for what lies in the middle, which is below the mean where few labels are large: where sums of predictions \
             count, learn for the mean (metric = \"rmse\" in [learn])"
        )
    } else {
        "do not add predictions up without what is missing, or look for features that tell the largest labels apart"
            .to_owned()
    };
    Some(FindingReport {
        code: "biased-mean".into(),
        message,
        column: Some("examples.label".into()),
        remedy,
        ..FindingReport::default()
    })
}

/// In words, with the tenth of the predictions that most of it comes from.
fn told(views: &NumberViews) -> Option<String> {
    let Means { predicted, label, error } = views.means?;
    let (off, reach) = (predicted - label, REACH * error);
    if off.abs() <= reach.max(OFF * label.abs()) {
        return None;
    }
    // Tenths count alike: what is off in one of them, it is off by on the whole.
    let part = |bin: &ErrorBin| -bin.mean_residual * bin.rows * off.signum();
    let worst = views.deciles.iter().max_by(|a, b| part(a).total_cmp(&part(b)))?;
    let all: f64 = views.deciles.iter().map(part).sum();
    let share = if label == 0.0 { String::new() } else { format!("{:.0}% ", 100.0 * (off / label).abs()) };
    Some(format!(
        "predictions of rows that were not learned from are {share}too {} on the whole: their mean is {}, that of the labels {} [{}, {}]; \
         {:.0}% of it comes from predictions of {} to {}",
        if off < 0.0 { "low" } else { "high" },
        rounded(predicted),
        rounded(label),
        rounded(label - reach),
        rounded(label + reach),
        100.0 * part(worst) / all,
        rounded(worst.from),
        rounded(worst.to)
    ))
}

#[cfg(test)]
mod tests {
    use ropeway_learn::views::{Grid, Residuals};

    use super::*;

    fn views(predicted: f64, error: f64) -> NumberViews {
        let bin = |place: u32| ErrorBin {
            rows: 100.0,
            from: f64::from(place) * 100.0,
            to: f64::from(place) * 100.0 + 99.0,
            mean_residual: (500.0 - predicted) * if place == 9 { 9.1 } else { 0.1 },
            mae: 1.0,
            covered: 90.0,
            independent: 100.0,
        };
        NumberViews {
            rows: 1_000,
            weight: None,
            residuals: Residuals { low: 0.0, high: 1.0, counts: vec![], beyond: (0.0, 0.0) },
            grid: Grid { low: 0.0, high: 1.0, side: 1, cells: vec![] },
            deciles: (0..10).map(bin).collect(),
            means: Some(Means { predicted, label: 500.0, error }),
        }
    }

    #[test]
    fn a_mean_beyond_the_interval_of_the_labels_is_told_with_where_it_comes_from() {
        let low = told(&views(440.0, 10.0)).unwrap();
        for part in [
            "12% too low",
            "mean is 440.0",
            "500.0 [480.4, 519.6]",
            "91% of it comes from predictions of 900.0 to 999.0",
        ] {
            assert!(low.contains(part), "{part}: {low}");
        }
        assert!(told(&views(560.0, 10.0)).unwrap().contains("12% too high"));
        // The controls: within the interval, hardly off, and a record from before.
        assert_eq!((told(&views(440.0, 40.0)), told(&views(495.0, 0.1))), (None, None));
        assert_eq!(told(&NumberViews { means: None, ..views(440.0, 10.0) }), None);
    }
}
