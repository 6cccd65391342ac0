//! The finding that intervals of numbers hold too few or too many labels at some sizes of the prediction, though nine of ten of all.

use ropeway_learn::Views;
use ropeway_learn::settings::LearnerKind;
use ropeway_learn::views::{ErrorBin, NumberViews};

use crate::learning::Judged;
use crate::report::FindingReport;

/// The share that intervals say they hold.
const SAID: f64 = 0.9;
/// A tenth of the predictions departs where its share is off by so much, and by so many standard errors: by chance one of ten
/// thousand does.
const OFF: f64 = 0.05;
const ERRORS: f64 = 4.0;

/// The finding, of the best candidate.
pub(crate) fn uneven(judged: &[Judged]) -> Option<FindingReport> {
    let best = judged.first().filter(|best| best.outcome.learner != LearnerKind::Baseline)?;
    let Views::Regression(views) = &best.views else { return None };
    let message = told(views)?;
    Some(FindingReport {
        code: "uneven-coverage".into(),
        message,
        column: Some("examples.label".into()),
        remedy: "where what moves the label multiplies it, learn its logarithm (target_transform = [\"identity\", \"log\"] in [learn]); else \
                 take the share of the report (\"How often intervals hold\") for that of the interval there"
            .into(),
        ..FindingReport::default()
    })
}

/// In words, the tenth that departs farthest.
fn told(views: &NumberViews) -> Option<String> {
    let off = |bin: &&ErrorBin| (share(bin) - SAID).abs();
    let error = |bin: &ErrorBin| (SAID * (1.0 - SAID) / bin.independent).sqrt();
    let departs = |bin: &&ErrorBin| off(bin) > OFF.max(ERRORS * error(bin));
    let count = views.deciles.iter().filter(departs).count();
    let worst = views.deciles.iter().filter(departs).max_by(|a, b| off(a).total_cmp(&off(b)))?;
    Some(format!(
        "the 90% intervals do not hold as often at every size of the prediction: from {} to {} they hold {:.0}% of the labels, and {count} \
         of {} tenths of the predictions depart beyond chance",
        rounded(worst.from),
        rounded(worst.to),
        100.0 * share(worst),
        views.deciles.len()
    ))
}

fn share(bin: &ErrorBin) -> f64 {
    bin.covered / bin.rows
}

/// Four digits.
pub(super) fn rounded(value: f64) -> String {
    let digits = (3.0 - value.abs().max(1e-9).log10().floor()).clamp(0.0, 12.0);
    format!("{value:.*}", digits as usize)
}

#[cfg(test)]
mod tests {
    use ropeway_learn::views::{Grid, Residuals};

    use super::*;

    fn views(rows: u64, covered: [f64; 4]) -> NumberViews {
        let each = rows as f64 / 4.0;
        let bin = |(place, share): (usize, f64)| ErrorBin {
            rows: each,
            from: place as f64 * 100.0,
            to: place as f64 * 100.0 + 99.0,
            mean_residual: 0.0,
            mae: 1.0,
            covered: share * each,
            independent: each,
        };
        NumberViews {
            rows,
            weight: None,
            residuals: Residuals { low: 0.0, high: 1.0, counts: vec![], beyond: (0.0, 0.0) },
            grid: Grid { low: 0.0, high: 1.0, side: 1, cells: vec![] },
            deciles: covered.into_iter().enumerate().map(bin).collect(),
            means: None,
        }
    }

    #[test]
    fn departures_beyond_chance_are_told_and_no_others() {
        let found = told(&views(4_000, [0.99, 0.9, 0.88, 0.7])).unwrap();
        assert!(found.contains("from 300.0 to 399.0 they hold 70%") && found.contains("2 of 4"), "{found}");
        // The controls: small ones, and such as chance makes of few rows.
        assert_eq!(told(&views(4_000, [0.93, 0.9, 0.88, 0.87])), None);
        assert_eq!(told(&views(120, [1.0, 0.9, 0.9, 0.8])), None);
        // As many rows of few groups, or of which few count, are as few.
        let mut few = views(4_000, [0.99, 0.9, 0.88, 0.7]);
        few.deciles.iter_mut().for_each(|bin| bin.independent = 30.0);
        assert_eq!(told(&few), None);
    }
}
