//! The last choice among candidates that have met the same folds.

use crate::candidate::CandidateSettings;

/// What a candidate has shown.
pub struct Shown<'a> {
    pub settings: &'a CandidateSettings,
    /// The metric by fold, turned so that higher is better.
    pub values: Vec<Option<f64>>,
}

/// The position of the candidate to take; the first one is the best by its mean. The one-standard-error rule
/// (Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees", 1984, section 3.4.3): of those that
/// the folds cannot tell from the best, the simplest, because it has the least to lose when the data moves on. The
/// error is that of the mean difference to the best, fold by fold.
pub fn simplest_of_the_best(candidates: &[Shown<'_>]) -> usize {
    let Some(best) = candidates.first() else { return 0 };
    let near = (0..candidates.len()).filter(|position| *position == 0 || within_error(best, &candidates[*position]));
    let of = |position: usize| complexity(candidates[position].settings);
    near.min_by(|a, b| of(*a).0.cmp(&of(*b).0).then(of(*a).1.total_cmp(&of(*b).1))).unwrap_or(0)
}

fn within_error(best: &Shown<'_>, other: &Shown<'_>) -> bool {
    let pairs = best.values.iter().zip(&other.values);
    let gaps: Vec<f64> = pairs.filter_map(|(best, other)| best.zip(*other)).map(|(best, other)| best - other).collect();
    let count = gaps.len() as f64;
    if gaps.len() < 3 {
        return false;
    }
    let mean = gaps.iter().sum::<f64>() / count;
    let variance = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / (count - 1.0);
    mean <= (variance / count).sqrt()
}

/// How much is learned as logarithms, then leaves of a tree, or the lack of a penalty.
fn complexity(settings: &CandidateSettings) -> (u8, f64) {
    let size = match settings {
        CandidateSettings::Baseline => 0.0,
        CandidateSettings::Linear(linear) => -linear.strength,
        CandidateSettings::Boosted(boosted) => f64::from(boosted.num_leaves),
    };
    let features = matches!(settings, CandidateSettings::Linear(linear) if linear.logarithms);
    (u8::from(!settings.transform().is_identity()) + u8::from(features), size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidate::LinearCandidate;
    use crate::settings::TargetTransform;

    fn check(candidates: &[(f64, &[f64])], expect: usize) {
        let settings: Vec<CandidateSettings> = candidates
            .iter()
            .map(|(strength, _)| {
                CandidateSettings::Linear(LinearCandidate {
                    strength: *strength,
                    l1_ratio: 0.0,
                    loss: None,
                    transform: TargetTransform::Identity,
                    logarithms: false,
                })
            })
            .collect();
        let shown: Vec<Shown<'_>> = settings
            .iter()
            .zip(candidates)
            .map(|(settings, (_, values))| Shown { settings, values: values.iter().map(|v| Some(*v)).collect() })
            .collect();
        assert_eq!(simplest_of_the_best(&shown), expect);
    }

    #[test]
    fn the_simplest_that_folds_cannot_tell_from_the_best() {
        check(&[(1.0, &[0.50, 0.60, 0.70]), (9.0, &[0.51, 0.58, 0.70])], 1);
        check(&[(1.0, &[0.50, 0.60, 0.70]), (9.0, &[0.49, 0.59, 0.69])], 0);
        check(&[(9.0, &[0.50, 0.60, 0.70]), (1.0, &[0.50, 0.60, 0.70])], 0);
        check(&[(1.0, &[0.50, 0.60]), (9.0, &[0.50, 0.60])], 0);
    }
}
