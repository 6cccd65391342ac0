//! The little arithmetic on big natural numbers that means and deviations need: multiply, subtract,
//! divide by a word, root.

use super::round::{any_below, bits_from, round};
use super::window::{Limb, POINT, Significant};

/// A natural number times a power of two that is a multiple of 64.
pub(super) struct Natural {
    /// Least significant first, the highest not zero.
    limbs: Vec<u64>,
    exponent: i32,
    /// The true value is larger by less than one unit of bit 0.
    inexact: bool,
}

impl Natural {
    /// The magnitude of a sum, and whether the sum is negative.
    pub(super) fn magnitude(value: &Significant<'_>) -> (bool, Self) {
        let mut limbs = value.limbs.to_vec();
        if value.negative {
            negate(&mut limbs);
        }
        let low = i32::try_from(value.low).unwrap_or(0);
        (value.negative, Self { limbs, exponent: 64 * low - POINT, inexact: false }.trimmed())
    }

    fn trimmed(mut self) -> Self {
        while self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
        self
    }

    pub(super) fn is_zero(&self) -> bool {
        self.limbs.is_empty() && !self.inexact
    }

    fn bits(&self) -> i64 {
        let top = self.limbs.last().map_or(64, |limb| limb.leading_zeros());
        i64::try_from(self.limbs.len()).unwrap_or(0) * 64 - i64::from(top)
    }

    pub(super) fn square(&self) -> Self {
        let mut limbs = vec![0; 2 * self.limbs.len()];
        for (i, a) in self.limbs.iter().enumerate() {
            let mut carry = 0;
            for (j, b) in self.limbs.iter().enumerate() {
                (limbs[i + j], carry) = multiply_add(*a, *b, limbs[i + j], carry);
            }
            limbs[i + self.limbs.len()] = carry;
        }
        Self { limbs, exponent: 2 * self.exponent, inexact: false }.trimmed()
    }

    pub(super) fn times(mut self, factor: u64) -> Self {
        let mut carry = 0;
        for limb in &mut self.limbs {
            (*limb, carry) = multiply_add(*limb, factor, 0, carry);
        }
        self.limbs.push(carry);
        self.trimmed()
    }

    /// `self - other`, or `None` when that is negative.
    pub(super) fn minus(self, other: Self) -> Option<Self> {
        let exponent = self.exponent.min(other.exponent);
        let (mut left, right) = (self.lowered(exponent), other.lowered(exponent));
        if right.limbs.len() > left.limbs.len() {
            return None;
        }
        let mut borrow = false;
        for (i, limb) in left.limbs.iter_mut().enumerate() {
            let term = right.limbs.get(i).copied().unwrap_or(0);
            (*limb, borrow) = limb.borrowing(term, borrow);
        }
        (!borrow).then(|| left.trimmed())
    }

    fn lowered(mut self, exponent: i32) -> Self {
        let limbs = usize::try_from((self.exponent - exponent) / 64).unwrap_or(0);
        if limbs > 0 && !self.limbs.is_empty() {
            self.limbs.splice(..0, std::iter::repeat_n(0, limbs));
        }
        self.exponent = exponent;
        self
    }

    /// The quotient with at least `bits` significant bits, the rest noted as inexact. No divisor is zero.
    pub(super) fn divided(self, divisors: &[u64], bits: i64) -> Self {
        let divisor_bits: i64 = divisors.iter().map(|d| i64::from(64 - d.leading_zeros())).sum();
        let missing = bits + 1 + divisor_bits - self.bits();
        let more = i32::try_from((missing.max(0) + 63) / 64).unwrap_or(0);
        let exponent = self.exponent - 64 * more;
        let mut quotient = self.lowered(exponent);
        for divisor in divisors {
            quotient.inexact |= divide(&mut quotient.limbs, *divisor) != 0;
        }
        quotient.trimmed()
    }

    /// The nearest double, ties to even.
    pub(super) fn round(&self, negative: bool) -> f64 {
        round(negative, &self.limbs, self.exponent, self.inexact)
    }

    /// The double nearest to the square root. The number must have at least 128 bits, or be exact.
    pub(super) fn root(&self) -> f64 {
        if self.limbs.is_empty() {
            return 0.0;
        }
        // The highest 128 bits, or 127 where the exponent would be odd: 64 * k is always even.
        let low = (self.bits() - 128).div_euclid(2) * 2;
        let low = if self.bits() - low > 128 { low + 2 } else { low };
        let high = u128::from(bits_from(&self.limbs, low + 64)) << 64 | u128::from(bits_from(&self.limbs, low));
        let root = high.isqrt();
        let inexact = self.inexact || any_below(&self.limbs, low) || root * root != high;
        let root = u64::try_from(root).unwrap_or(u64::MAX);
        let exponent = i32::try_from((i64::from(self.exponent) + low) / 2).unwrap_or(0);
        round(false, &[root], exponent, inexact)
    }
}

/// Two's complement negation.
pub(super) fn negate(limbs: &mut [u64]) {
    let mut carry = true;
    for limb in limbs {
        (*limb, carry) = (!*limb).carrying(0, carry);
    }
}

#[inline]
fn multiply_add(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let wide = u128::from(a) * u128::from(b) + u128::from(c) + u128::from(d);
    halves(wide)
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
fn halves(wide: u128) -> (u64, u64) {
    (wide as u64, (wide >> 64) as u64)
}

/// Divides in place and returns the remainder.
fn divide(limbs: &mut [u64], divisor: u64) -> u64 {
    let mut rest = 0;
    if divisor <= u64::from(u32::MAX) {
        // Two native divisions a limb are several times faster than one of 128 bits.
        for limb in limbs.iter_mut().rev() {
            let high = rest << 32 | *limb >> 32;
            let low = (high % divisor) << 32 | *limb & u64::from(u32::MAX);
            *limb = ((high / divisor) << 32) | (low / divisor);
            rest = low % divisor;
        }
        return rest;
    }
    for limb in limbs.iter_mut().rev() {
        let wide = u128::from(rest) << 64 | u128::from(*limb);
        let (quotient, _) = halves(wide / u128::from(divisor));
        (rest, _) = halves(wide % u128::from(divisor));
        *limb = quotient;
    }
    rest
}
