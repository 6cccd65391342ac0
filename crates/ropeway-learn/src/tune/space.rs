//! The candidates of a search. The first one is what LightGBM's defaults are; the next ones depend on the seed and their index alone, so
//! that more trials only add candidates; later ones may be drawn near the best so far.

use ropeway_stat::{Metric, Rng, seed_for};

use crate::candidate::{BoostedCandidate, CandidateSettings, LinearCandidate};
use crate::settings::{
    BoostedSettings, FloatRange, IntegerRange, LearnSettings, LearnerKind, NumberLoss, TargetTransform, Task,
};

/// The dimensions of the space of boosted trees.
const DIMENSIONS: usize = 7;
/// Farthest that a candidate drawn near another lies from it, as a share of each range.
const NEAR: f64 = 0.3;

/// A place in the space of boosted trees: each dimension from 0 to 1, and what the label is learned as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point([f64; DIMENSIONS], TargetTransform);

/// All that can be tried for a learner.
pub struct Space<'a> {
    learner: LearnerKind,
    settings: &'a LearnSettings,
    seed: u64,
    transforms: Vec<TargetTransform>,
    /// Whether features are tried as logarithms, too.
    logarithms: bool,
}

impl<'a> Space<'a> {
    /// The space of a learner; whether features are tried as logarithms, too.
    pub fn new(learner: LearnerKind, settings: &'a LearnSettings, (seed, logarithms): (u64, bool)) -> Self {
        Self { learner, settings, seed, transforms: settings.transforms(), logarithms }
    }

    /// The candidates that a project's file lists, for learners whose settings are listed and not drawn.
    pub fn listed(&self) -> Option<Vec<CandidateSettings>> {
        match self.learner {
            LearnerKind::Baseline => Some(vec![CandidateSettings::Baseline]),
            LearnerKind::Linear => {
                let linear = &self.settings.linear;
                // Classes have one loss.
                let losses: Vec<Option<NumberLoss>> = match self.settings.task {
                    Task::Regression => linear.loss.iter().copied().map(Some).collect(),
                    Task::Binary | Task::Multiclass => vec![None],
                };
                let pairs = linear.l1_ratio.iter().flat_map(|l1| linear.strength.iter().map(move |s| (*l1, *s)));
                let each =
                    pairs.flat_map(|(l1_ratio, strength)| losses.iter().map(move |loss| (strength, l1_ratio, *loss)));
                let each: Vec<(f64, f64, Option<NumberLoss>)> = each.collect();
                // Logarithms of features belong to those of labels.
                let ways = self.transforms.iter().flat_map(|transform| {
                    let both = self.logarithms && !transform.is_identity();
                    [false, true].into_iter().take(if both { 2 } else { 1 }).map(move |way| (*transform, way))
                });
                let each = ways.flat_map(|(transform, logarithms)| {
                    let of = move |(strength, l1_ratio, loss)| LinearCandidate {
                        strength,
                        l1_ratio,
                        loss,
                        transform,
                        logarithms,
                    };
                    each.iter().copied().map(of)
                });
                Some(each.map(CandidateSettings::Linear).collect())
            }
            LearnerKind::Boosted => None,
        }
    }

    /// The place of a new candidate: LightGBM's defaults first, for each that labels are learned as, then random ones.
    pub fn anywhere(&self, index: u32) -> Point {
        let usual = self.transforms.get(index as usize);
        usual.map_or_else(|| self.random(index), |transform| self.usual(*transform))
    }

    /// Where LightGBM's defaults lie, or what the ranges have nearest to them.
    fn usual(&self, transform: TargetTransform) -> Point {
        let settings: &BoostedSettings = &self.settings.boosted;
        // In the middle of a whole number's stretch.
        let whole = |IntegerRange(low, high): IntegerRange, value: f64| {
            share_of_log(FloatRange(low.into(), f64::from(high) + 1.0), value + 0.5)
        };
        let unit = [
            share_of_log(settings.learning_rate, 0.1),
            whole(settings.num_leaves, 31.0),
            whole(settings.min_data_in_leaf, 20.0),
            1.0,
            1.0,
            share_of_log(settings.lambda_l1, 0.0),
            share_of_log(settings.lambda_l2, 0.0),
        ];
        Point(unit, transform)
    }

    /// A random place. Places are spread: an additive recurrence from a random start (Roberts, "The unreasonable
    /// effectiveness of quasirandom sequences", 2018), so that few of them leave no wide gap. What the label is learned as goes
    /// round.
    fn random(&self, index: u32) -> Point {
        let mut start = Rng::new(seed_for(self.seed, &["boosted candidates".into()]));
        let root = generalised_golden_ratio();
        let mut step = 1.0;
        let unit = std::array::from_fn(|_| {
            step /= root;
            (start.unit() + f64::from(index) * step).fract()
        });
        let transform = self.transforms.get(index as usize % self.transforms.len().max(1));
        Point(unit, transform.copied().unwrap_or_default())
    }

    /// A random place near another one, reflected at the ends of the ranges.
    pub fn near(&self, index: u32, other: &Point) -> Point {
        let mut rng = Rng::new(seed_for(self.seed, &["near".into(), u64::from(index).into()]));
        let unit = other.0.map(|unit| {
            let moved = (unit + NEAR * (rng.unit() + rng.unit() - 1.0)).abs();
            if moved > 1.0 { 2.0 - moved } else { moved }
        });
        Point(unit, other.1)
    }

    /// What boosting minimises of numbers: that which the metric counts.
    fn loss(&self, transform: TargetTransform) -> Option<NumberLoss> {
        (self.settings.task == Task::Regression).then(|| match self.settings.metric() {
            Metric::Mae | Metric::MedianAbsoluteError => NumberLoss::Absolute,
            // A difference of logarithms is a share of the label already.
            Metric::Mape if transform.is_identity() => NumberLoss::Relative,
            Metric::Mape => NumberLoss::Absolute,
            _ => NumberLoss::Squared,
        })
    }

    /// The candidate at a place.
    pub fn at(&self, Point(unit, transform): &Point) -> CandidateSettings {
        let settings: &BoostedSettings = &self.settings.boosted;
        CandidateSettings::Boosted(BoostedCandidate {
            learning_rate: log(settings.learning_rate, unit[0]),
            num_leaves: log_whole(settings.num_leaves, unit[1]),
            min_data_in_leaf: log_whole(settings.min_data_in_leaf, unit[2]),
            feature_fraction: even(settings.feature_fraction, unit[3]),
            bagging_fraction: even(settings.bagging_fraction, unit[4]),
            lambda_l1: log(settings.lambda_l1, unit[5]),
            lambda_l2: log(settings.lambda_l2, unit[6]),
            max_bin: settings.max_bin,
            loss: self.loss(*transform),
            transform: *transform,
        })
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

/// Where a value lies in a range on a log scale, from 0 to 1.
fn share_of_log(FloatRange(low, high): FloatRange, value: f64) -> f64 {
    if low < high { (value.clamp(low, high).ln() - low.ln()) / (high.ln() - low.ln()) } else { 0.0 }
}

fn log_whole(IntegerRange(low, high): IntegerRange, unit: f64) -> u32 {
    let (from, to) = (f64::from(low).ln(), (f64::from(high) + 1.0).ln());
    ((from + (to - from) * unit).exp() as u32).clamp(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(settings: &LearnSettings, seed: u64, count: u32) -> Vec<BoostedCandidate> {
        let space = Space::new(LearnerKind::Boosted, settings, (seed, false));
        let points = (0..count).flat_map(|index| {
            let point = space.anywhere(index);
            [point, space.near(index, &point)]
        });
        let candidates = points.map(|point| match space.at(&point) {
            CandidateSettings::Boosted(candidate) => candidate,
            other => panic!("{other:?}"),
        });
        candidates.collect()
    }

    #[test]
    fn a_candidate_depends_on_seed_and_index_and_stays_in_its_ranges() {
        let settings = LearnSettings::default();
        let many = drawn(&settings, 7, 200);
        assert_eq!(drawn(&settings, 7, 20), many[..40]);
        assert_ne!(drawn(&settings, 8, 20), many[..40]);
        let ranges = &settings.boosted;
        for c in &many {
            assert!((ranges.learning_rate.0..=ranges.learning_rate.1).contains(&c.learning_rate), "{c:?}");
            assert!((ranges.num_leaves.0..=ranges.num_leaves.1).contains(&c.num_leaves), "{c:?}");
            assert!((0.5..=1.0).contains(&c.feature_fraction) && (0.5..=1.0).contains(&c.bagging_fraction), "{c:?}");
            assert!((1e-3..=10.0).contains(&c.lambda_l1) && (1e-3..=10.0).contains(&c.lambda_l2), "{c:?}");
        }
    }

    #[test]
    fn the_first_candidate_is_lightgbms_defaults_or_what_the_ranges_have_nearest_to_them() {
        let mut settings = LearnSettings::default();
        let first = drawn(&settings, 3, 1)[0];
        assert_eq!((first.learning_rate, first.num_leaves, first.min_data_in_leaf), (0.1, 31, 20));
        assert_eq!((first.feature_fraction, first.bagging_fraction), (1.0, 1.0));
        assert_eq!((first.lambda_l1, first.lambda_l2), (1e-3, 1e-3));
        settings.boosted.num_leaves = IntegerRange(64, 128);
        settings.boosted.learning_rate = FloatRange(0.01, 0.05);
        let first = drawn(&settings, 3, 1)[0];
        assert_eq!((first.learning_rate, first.num_leaves, first.min_data_in_leaf), (0.05, 64, 20));
    }

    #[test]
    fn candidates_are_spread_over_each_range() {
        let all = drawn(&LearnSettings::default(), 3, 20);
        let low = all.iter().step_by(2).filter(|c| c.num_leaves < 45).count();
        assert!((7..=13).contains(&low), "{low} of 20 in the lower half of the log range");
    }

    #[test]
    fn a_range_of_one_value_gives_that_value() {
        let mut settings = LearnSettings::default();
        settings.boosted.learning_rate = FloatRange(0.123_456, 0.123_456);
        settings.boosted.num_leaves = IntegerRange(31, 31);
        for c in drawn(&settings, 1, 5) {
            assert_eq!((c.learning_rate, c.num_leaves), (0.123_456, 31));
        }
    }
}
