//! The logistic function and its kin, with the same bits on every processor: a standard library picks instructions for
//! `exp` and `ln` by the processor that it finds, and a package sealed on one would not reproduce its scores on another.

/// The probability of log-odds `x`, without overflow.
pub fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + libm::exp(-x))
    } else {
        let e = libm::exp(x);
        e / (1.0 + e)
    }
}

/// [`sigmoid`] and [`softplus`], to the bit, from one exponential.
pub(crate) fn sigmoid_and_softplus(x: f64) -> (f64, f64) {
    let e = libm::exp(-x.abs());
    let sigmoid = if x >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) };
    (sigmoid, x.max(0.0) + libm::log1p(e))
}

/// The log-odds of a probability.
pub fn logit(probability: f64) -> f64 {
    libm::log(probability / (1.0 - probability))
}

/// log(1 + exp(x)), without overflow.
pub fn softplus(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}

/// The logarithm of the sum of exponentials, without overflow.
pub fn log_sum_exp(scores: impl Iterator<Item = f64> + Clone) -> f64 {
    let greatest = scores.clone().fold(f64::NEG_INFINITY, f64::max);
    greatest + libm::log(scores.map(|score| libm::exp(score - greatest)).sum::<f64>())
}

/// The probabilities of the scores of several classes, in place and without overflow.
pub fn softmax(scores: &mut [f64]) {
    let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = libm::exp(*score - greatest);
        sum += *score;
    }
    scores.iter_mut().for_each(|score| *score /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_odds_and_probability_undo_each_other_and_never_overflow() {
        for x in [-30.0, -2.5, -1e-9, 0.0, 0.3, 4.0, 30.0_f64] {
            let near = (logit(sigmoid(x)) - x).abs() <= 1e-9 + x.abs() * if x > 20.0 { 1e-2 } else { 1e-9 };
            assert!(near, "{x}: {}", logit(sigmoid(x)));
            assert!((sigmoid(x) + sigmoid(-x) - 1.0).abs() < 1e-15);
            assert!((softplus(x) - softplus(-x) - x).abs() < 1e-12);
            for x in [x, -x] {
                let (one, other) = sigmoid_and_softplus(x);
                assert_eq!((one.to_bits(), other.to_bits()), (sigmoid(x).to_bits(), softplus(x).to_bits()), "{x}");
            }
        }
        assert_eq!((sigmoid(-800.0), sigmoid(800.0), softplus(-800.0), softplus(800.0)), (0.0, 1.0, 0.0, 800.0));
        assert!(sigmoid(f64::NAN).is_nan() && softplus(f64::NAN).is_nan());
    }

    #[test]
    fn probabilities_of_two_scores_are_those_of_their_difference() {
        for (a, b) in [(0.3, -1.2), (800.0, -800.0), (5.0, 5.0)] {
            let mut both = [a, b];
            softmax(&mut both);
            assert!((both[0] - sigmoid(a - b)).abs() < 1e-15 && (both[0] + both[1] - 1.0).abs() < 1e-15);
        }
    }

    /// Recorded on an x86-64 with fused multiply-add.
    #[test]
    fn the_bits_are_the_same_everywhere() {
        let bits = [-7.3, -0.1, 0.2, 3.9].map(|x| sigmoid(x).to_bits());
        assert_eq!(bits, RECORDED, "{bits:x?}");
    }

    const RECORDED: [u64; 4] =
        [0x3f46_1f01_2005_5275, 0x3fde_66bd_b1ac_a090, 0x3fe1_983d_7795_f414, 0x3fef_5d77_dcf7_5808];
}
