//! The one random generator, and the one way to derive a seed: the same on every platform, for ever.

use ropeway_vocab::DigestBuilder;

/// xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), its state
/// filled by splitmix64 from one 64-bit seed. Not for secrets.
///
/// ```
/// use ropeway_stat::Rng;
/// let (mut a, mut b) = (Rng::new(7), Rng::new(7));
/// assert_eq!(a.next_u64(), b.next_u64());
/// assert!(a.below(10) < 10);
/// ```
#[derive(Debug, Clone)]
pub struct Rng([u64; 4]);

impl Rng {
    /// A generator whose whole stream follows from `seed`.
    pub fn new(seed: u64) -> Self {
        let mut state = seed;
        Self(std::array::from_fn(|_| splitmix64(&mut state)))
    }

    /// The next 64 random bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A number below `n`, each equally likely (Lemire, "Fast random integer generation in an interval",
    /// 2019); 0 when `n` is 0.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        let mut wide = u128::from(self.next_u64()) * u128::from(n);
        if low(wide) < n {
            let threshold = n.wrapping_neg() % n;
            while low(wide) < threshold {
                wide = u128::from(self.next_u64()) * u128::from(n);
            }
        }
        high(wide)
    }

    /// An index below `n`, each equally likely; 0 when `n` is 0.
    #[inline]
    pub fn index(&mut self, n: usize) -> usize {
        usize::try_from(self.below(n as u64)).unwrap_or(0)
    }

    /// A number in `[0, 1)`, one of 2^53 equally spaced.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Shuffles in place, each order equally likely (Fisher and Yates).
    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for i in (1..values.len()).rev() {
            let j = self.index(i + 1);
            values.swap(i, j);
        }
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
fn low(wide: u128) -> u64 {
    wide as u64
}

#[inline]
fn high(wide: u128) -> u64 {
    (wide >> 64) as u64
}

fn splitmix64(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ *state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

/// One part of what a seed is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// A name, for example of a step.
    Text(&'a str),
    /// A number, for example a candidate's index.
    Number(u64),
}

impl<'a> From<&'a str> for Part<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Part<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

/// The seed of one purpose: the first 8 bytes of the BLAKE3 digest of the project's seed and the parts.
/// Different parts give unrelated seeds.
///
/// ```
/// use ropeway_stat::seed_for;
/// assert_ne!(seed_for(7, &["trial".into(), 0.into()]), seed_for(7, &["trial".into(), 1.into()]));
/// ```
pub fn seed_for(project_seed: u64, parts: &[Part<'_>]) -> u64 {
    let mut builder = DigestBuilder::new("seed/1");
    builder.number(project_seed);
    for part in parts {
        match part {
            Part::Text(text) => builder.text("text").text(text),
            Part::Number(number) => builder.text("number").number(*number),
        };
    }
    builder.finish().as_bytes()[..8].iter().rev().fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from the authors' public C code (splitmix64.c seeded with 1234567; xoshiro256plusplus.c
    /// with state 1, 2, 3, 4).
    #[test]
    fn follows_the_published_sequences() {
        let mut state = 1_234_567;
        let split: Vec<u64> = (0..3).map(|_| splitmix64(&mut state)).collect();
        assert_eq!(split, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
        let mut rng = Rng([1, 2, 3, 4]);
        let first: Vec<u64> = (0..4).map(|_| rng.next_u64()).collect();
        assert_eq!(first, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
    }

    #[test]
    fn every_index_is_about_as_likely() {
        let mut rng = Rng::new(3);
        let mut counts = [0_u32; 7];
        (0..70_000).for_each(|_| counts[rng.index(7)] += 1);
        assert!(counts.iter().all(|c| (9_600..10_400).contains(c)), "{counts:?}");
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.below(1), 0);
        assert!((0..1000).map(|_| rng.unit()).all(|u| (0.0..1.0).contains(&u)));
    }

    #[test]
    fn a_shuffle_keeps_every_value() {
        let mut values: Vec<u32> = (0..100).collect();
        Rng::new(1).shuffle(&mut values);
        assert_ne!(values[..10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        values.sort_unstable();
        assert_eq!(values, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn seeds_differ_by_project_purpose_and_kind_of_part() {
        let seeds = [
            seed_for(1, &[]),
            seed_for(2, &[]),
            seed_for(1, &["a".into()]),
            seed_for(1, &["a".into(), "b".into()]),
            seed_for(1, &["ab".into()]),
            seed_for(1, &[97.into()]),
        ];
        let distinct: std::collections::BTreeSet<u64> = seeds.into_iter().collect();
        assert_eq!(distinct.len(), seeds.len());
    }
}
