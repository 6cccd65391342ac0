//! The candidates of a search. A candidate depends on the seed and its index alone, so that more trials only add
//! candidates.

use ropeway_stat::{Rng, seed_for};

use crate::candidate::{BoostedCandidate, CandidateSettings, LinearCandidate};
use crate::settings::{BoostedSettings, FloatRange, IntegerRange, LearnSettings, LearnerKind};

/// The dimensions of the space of boosted trees.
const DIMENSIONS: usize = 7;

/// The candidates of a learner, in the order of their index. Only boosted trees have as many as `trials`.
pub fn candidates(learner: LearnerKind, settings: &LearnSettings, seed: u64) -> Vec<CandidateSettings> {
    match learner {
        LearnerKind::Baseline => vec![CandidateSettings::Baseline],
        LearnerKind::Linear => {
            let linear = &settings.linear;
            let each = linear.l1_ratio.iter().flat_map(|l1_ratio| {
                linear.strength.iter().map(|strength| LinearCandidate { strength: *strength, l1_ratio: *l1_ratio })
            });
            each.map(CandidateSettings::Linear).collect()
        }
        LearnerKind::Boosted => (0..settings.tune.trials)
            .map(|index| CandidateSettings::Boosted(boosted(&settings.boosted, index, seed)))
            .collect(),
    }
}

/// A point of the space. The points are random, but spread: an additive recurrence from a random start (Roberts,
/// "The unreasonable effectiveness of quasirandom sequences", 2018), so that few of them leave no wide gap.
fn boosted(settings: &BoostedSettings, index: u32, seed: u64) -> BoostedCandidate {
    let mut start = Rng::new(seed_for(seed, &["boosted candidates".into()]));
    let root = generalised_golden_ratio();
    let mut step = 1.0;
    let mut unit = || {
        step /= root;
        (start.unit() + f64::from(index) * step).fract()
    };
    BoostedCandidate {
        learning_rate: log(settings.learning_rate, unit()),
        num_leaves: log_whole(settings.num_leaves, unit()),
        min_data_in_leaf: log_whole(settings.min_data_in_leaf, unit()),
        feature_fraction: even(settings.feature_fraction, unit()),
        bagging_fraction: even(settings.bagging_fraction, unit()),
        lambda_l1: log(settings.lambda_l1, unit()),
        lambda_l2: log(settings.lambda_l2, unit()),
        max_bin: settings.max_bin,
    }
}

/// The root above 1 of `x^(d + 1) = x + 1`.
fn generalised_golden_ratio() -> f64 {
    (0..64).fold(2.0_f64, |x, _| (1.0 + x).powf(1.0 / (DIMENSIONS as f64 + 1.0)))
}

/// Three digits are enough, and read well in a record.
fn rounded(value: f64, FloatRange(low, high): FloatRange) -> f64 {
    let scale = 10_f64.powi(2 - value.abs().log10().floor() as i32);
    let rounded = (value * scale).round() / scale;
    if rounded.is_finite() { rounded.clamp(low, high) } else { value.clamp(low, high) }
}

fn even(range: FloatRange, unit: f64) -> f64 {
    rounded(range.0 + (range.1 - range.0) * unit, range)
}

fn log(range: FloatRange, unit: f64) -> f64 {
    rounded((range.0.ln() + (range.1.ln() - range.0.ln()) * unit).exp(), range)
}

fn log_whole(IntegerRange(low, high): IntegerRange, unit: f64) -> u32 {
    let (from, to) = (f64::from(low).ln(), (f64::from(high) + 1.0).ln());
    ((from + (to - from) * unit).exp() as u32).clamp(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_candidate_depends_on_seed_and_index_alone_and_stays_in_its_ranges() {
        let mut settings = LearnSettings::default();
        settings.tune.trials = 200;
        let many = candidates(LearnerKind::Boosted, &settings, 7);
        settings.tune.trials = 20;
        assert_eq!(candidates(LearnerKind::Boosted, &settings, 7), many[..20]);
        assert_ne!(candidates(LearnerKind::Boosted, &settings, 8), many[..20]);
        let ranges = BoostedSettings::default();
        for candidate in &many {
            let CandidateSettings::Boosted(c) = candidate else { panic!("another learner") };
            assert!((ranges.learning_rate.0..=ranges.learning_rate.1).contains(&c.learning_rate), "{c:?}");
            assert!((ranges.num_leaves.0..=ranges.num_leaves.1).contains(&c.num_leaves), "{c:?}");
            assert!((0.5..=1.0).contains(&c.feature_fraction) && (0.5..=1.0).contains(&c.bagging_fraction), "{c:?}");
            assert!((1e-3..=10.0).contains(&c.lambda_l1) && (1e-3..=10.0).contains(&c.lambda_l2), "{c:?}");
        }
    }

    #[test]
    fn candidates_are_spread_over_each_range() {
        let settings = LearnSettings::default();
        let all = candidates(LearnerKind::Boosted, &settings, 3);
        let low = all.iter().filter(|c| matches!(c, CandidateSettings::Boosted(c) if c.num_leaves < 45)).count();
        assert!((7..=13).contains(&low), "{low} of 20 in the lower half of the log range");
    }

    #[test]
    fn a_range_of_one_value_gives_that_value() {
        let mut settings = LearnSettings::default();
        settings.boosted.learning_rate = FloatRange(0.123_456, 0.123_456);
        settings.boosted.num_leaves = IntegerRange(31, 31);
        for candidate in candidates(LearnerKind::Boosted, &settings, 1) {
            let CandidateSettings::Boosted(c) = candidate else { panic!("another learner") };
            assert_eq!((c.learning_rate, c.num_leaves), (0.123_456, 31));
        }
    }
}
