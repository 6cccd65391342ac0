//! Measures by ranks.

/// The rank of each value from 1, ties sharing their mean.
pub(crate) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    for tie in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let before = tie.first().map_or(0, |first| order.partition_point(|at| values[*at] < values[*first]));
        let mean = before as f64 + (tie.len() as f64 + 1.0) / 2.0;
        tie.iter().for_each(|at| ranks[*at] = mean);
    }
    ranks
}

/// The area under the ROC curve of values as scores of the rows that are `positive`; none where one side has no row.
pub(crate) fn roc_auc(values: &[f64], positive: &[bool]) -> Option<f64> {
    let labels: Vec<f64> = positive.iter().map(|positive| f64::from(u8::from(*positive))).collect();
    ropeway_stat::metrics::roc_auc(values, &labels).ok().filter(|area| area.is_finite())
}

/// Spearman's rank correlation; none where one side is constant.
pub(crate) fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    pearson(&ranks(a), &ranks(b))
}

/// Pearson's correlation; none where one side is constant.
pub(crate) fn pearson(a: &[f64], b: &[f64]) -> Option<f64> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - mean_a, b - mean_b);
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    let correlation = ab / (aa * bb).sqrt();
    correlation.is_finite().then_some(correlation)
}

/// How far values follow their own order: the rank correlation with their place; 0 where all are equal.
pub(crate) fn in_order(values: &[f64]) -> f64 {
    let places: Vec<f64> = (0..values.len()).map(|place| place as f64).collect();
    spearman(&places, values).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from scipy (`rankdata`, `spearmanr`) and scikit-learn (`roc_auc_score`).
    #[test]
    fn ranks_and_what_is_made_of_them() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        let positive = [false, false, true, true];
        assert_eq!(roc_auc(&[0.1, 0.4, 0.35, 0.8], &positive), Some(0.75));
        assert_eq!(roc_auc(&[0.5; 4], &positive), Some(0.5));
        assert_eq!(roc_auc(&[0.5; 2], &[true; 2]), None);
        let found = spearman(&[1.0, 2.0, 3.0, 4.0, 5.0], &[5.0, 6.0, 7.0, 8.0, 7.0]).unwrap();
        assert!((found - 0.820_782_681_668_123_3).abs() < 1e-12, "{found}");
        assert_eq!(spearman(&[1.0, 1.0], &[1.0, 2.0]), None);
        assert_eq!(in_order(&[1.0, 2.0, 9.0]), 1.0);
        let turns: Vec<f64> = (0..300).map(|row| f64::from(row % 28)).collect();
        assert!(in_order(&turns) < 0.2, "what begins again is in no order");
    }
}
