//! The median of the absolute errors of any resample, without going through the rows in the order of their errors: that order is
//! none of memory, and of millions of rows each would be waited for.

/// Most buckets: their counts lie in the fastest memory.
const BUCKETS: usize = 2_048;

/// Places by ascending absolute error, and the bucket of neighbouring errors that each place lies in.
#[derive(Debug, Clone)]
pub(super) struct ByError {
    /// Places, the least error first.
    places: Vec<u32>,
    /// How many places a bucket has, as a power of two.
    shift: u32,
    /// The bucket of each place; none where counts are no whole numbers, whose sums would depend on the order.
    bucket: Vec<u16>,
}

impl ByError {
    /// Of one absolute error a place. Rows are counted in buckets where they count a whole number of times (`whole`).
    pub(super) fn new(errors: &[f64], whole: bool) -> Self {
        let mut ranked: Vec<(f64, u32)> = errors.iter().copied().zip(0..).collect();
        ranked.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let places: Vec<u32> = ranked.into_iter().map(|(_, place)| place).collect();
        let shift = (0..32).find(|shift| errors.len() >> shift < BUCKETS).unwrap_or(32);
        let mut bucket = vec![0; if whole { errors.len() } else { 0 }];
        if whole {
            for (rank, place) in places.iter().enumerate() {
                bucket[*place as usize] = u16::try_from(rank >> shift).unwrap_or(u16::MAX);
            }
        }
        Self { places, shift, bucket }
    }

    /// No row counted yet.
    pub(super) fn buckets(&self) -> Vec<f64> {
        vec![0.0; if self.bucket.is_empty() { 0 } else { BUCKETS }]
    }

    /// Counts the row at a place.
    #[inline]
    pub(super) fn count(&self, buckets: &mut [f64], place: usize, count: f64) {
        if let Some(bucket) = self.bucket.get(place) {
            buckets[usize::from(*bucket) % BUCKETS] += count;
        }
    }

    /// The median of the errors of all `rows` counted: midway between the middle two where there are two.
    pub(super) fn median(
        &self,
        buckets: &[f64],
        error: impl Fn(u32) -> f64,
        times: impl Fn(usize) -> f64,
        rows: f64,
    ) -> f64 {
        // Whole buckets that lie below the middle need no look at their rows.
        let (mut seen, mut first) = (0.0, 0);
        while let Some(count) = buckets.get(first).filter(|count| 2.0 * (seen + **count) < rows) {
            (seen, first) = (seen + count, first + 1);
        }
        let mut lower = None;
        for place in self.places.iter().skip(first << self.shift) {
            let count = times(*place as usize);
            if count == 0.0 {
                continue;
            }
            if let Some(lower) = lower {
                return f64::midpoint(lower, error(*place));
            }
            seen += count;
            if 2.0 * seen > rows {
                return error(*place);
            }
            if 2.0 * seen == rows {
                lower = Some(error(*place));
            }
        }
        f64::NAN
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn buckets_change_nothing_but_the_time() {
        let mut rng = Rng::new(5);
        for count in [0_usize, 1, 2, 7, 100, 5_000, 20_000] {
            // Many errors are equal.
            let errors: Vec<f64> = (0..count).map(|_| (rng.unit() * 300.0).floor()).collect();
            let (with, without) = (ByError::new(&errors, true), ByError::new(&errors, false));
            for most in [2, 3, 40] {
                let times: Vec<f64> = (0..count).map(|_| rng.below(most) as f64).collect();
                let median = |by: &ByError| {
                    let mut buckets = by.buckets();
                    times.iter().enumerate().for_each(|(place, times)| by.count(&mut buckets, place, *times));
                    let rows = times.iter().sum();
                    by.median(&buckets, |place| errors[place as usize], |place| times[place], rows)
                };
                let mut repeated: Vec<f64> = Vec::new();
                for (error, times) in errors.iter().zip(&times) {
                    repeated.extend(std::iter::repeat_n(*error, *times as usize));
                }
                let expect = crate::quantile(&repeated, 0.5).unwrap_or(f64::NAN);
                assert_eq!(median(&with).to_bits(), expect.to_bits(), "{count} {most}");
                assert_eq!(median(&without).to_bits(), expect.to_bits(), "{count} {most}");
            }
        }
    }
}
