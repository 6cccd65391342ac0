//! A sum of doubles and integers, and of products of two, without any rounding until it is asked for.

use super::natural::{Natural, negate};
use super::round::round;
use super::window::{POINT, Window};

const FRACTION: u64 = (1 << 52) - 1;
const SPECIAL: u64 = 0x7ff;
/// A double is `mantissa * 2^(field - 1075)`, its exponent field taken as at least 1.
const BIAS: u64 = 1075;
/// The limb whose bit 0 weighs 1.
const UNIT: usize = POINT as usize / 64;

/// An exact sum. Adding, merging and taking away in any order gives the same value, and so the same bits
/// when it is rounded. NaN and the infinities are counted apart, so that they can be taken away too.
///
/// ```
/// use ropeway_stat::ExactSum;
/// let sum: ExactSum = [1e300, 1.0, -1e300].into_iter().collect();
/// assert_eq!(sum.round(), 1.0);
/// ```
#[derive(Clone)]
pub struct ExactSum {
    finite: Window,
    nan: u32,
    positive: u32,
    negative: u32,
}

impl Default for ExactSum {
    fn default() -> Self {
        Self::new()
    }
}

impl ExactSum {
    /// The empty sum.
    pub const fn new() -> Self {
        Self { finite: Window::ZERO, nan: 0, positive: 0, negative: 0 }
    }

    /// Adds `value`.
    #[inline]
    pub fn add(&mut self, value: f64) {
        let bits = value.to_bits();
        let field = bits >> 52 & SPECIAL;
        if field == SPECIAL {
            return self.add_special(value);
        }
        let (mantissa, field) = parts(bits, field);
        if mantissa == 0 {
            return;
        }
        let (at, shift) = place(field + POINT.unsigned_abs() as u64 - BIAS);
        let wide = u128::from(mantissa) << shift;
        self.finite.accumulate(at, limbs_of(wide), bits >> 63 == 1);
    }

    /// Adds an integer as it is: beyond 2^53, too, where the nearest double is another number.
    #[inline]
    pub fn add_integer(&mut self, value: i64) {
        if value != 0 {
            self.finite.accumulate(UNIT, [value.unsigned_abs()], value < 0);
        }
    }

    /// Adds the square of an integer exactly.
    #[inline]
    pub fn add_square(&mut self, value: i64) {
        let root = u128::from(value.unsigned_abs());
        if root != 0 {
            self.finite.accumulate(UNIT, limbs_of(root * root), false);
        }
    }

    /// Adds `a * b` exactly: the product is never rounded.
    #[inline]
    pub fn add_product(&mut self, a: f64, b: f64) {
        let (bits_a, bits_b) = (a.to_bits(), b.to_bits());
        let (field_a, field_b) = (bits_a >> 52 & SPECIAL, bits_b >> 52 & SPECIAL);
        if field_a == SPECIAL || field_b == SPECIAL {
            return self.add_special(a * b);
        }
        let ((mantissa_a, field_a), (mantissa_b, field_b)) = (parts(bits_a, field_a), parts(bits_b, field_b));
        let product = u128::from(mantissa_a) * u128::from(mantissa_b);
        if product == 0 {
            return;
        }
        let (at, shift) = place(field_a + field_b + POINT.unsigned_abs() as u64 - 2 * BIAS);
        let [low, middle] = limbs_of(product << shift);
        // The product has at most 106 bits: what a shift below 64 pushes out of 128 fits one more limb.
        let [high, _] = limbs_of((product >> 64) << shift >> 64);
        self.finite.accumulate(at, [low, middle, high], (bits_a ^ bits_b) >> 63 == 1);
    }

    #[cold]
    fn add_special(&mut self, value: f64) {
        let counter = if value.is_nan() {
            &mut self.nan
        } else if value > 0.0 {
            &mut self.positive
        } else {
            &mut self.negative
        };
        *counter = counter.wrapping_add(1);
    }

    /// Adds everything that was added to `other`.
    pub fn merge(&mut self, other: &Self) {
        self.finite.combine(&other.finite, false);
        self.nan = self.nan.wrapping_add(other.nan);
        self.positive = self.positive.wrapping_add(other.positive);
        self.negative = self.negative.wrapping_add(other.negative);
    }

    /// Takes away everything that was added to `other`, as if it had never been added here.
    pub fn subtract(&mut self, other: &Self) {
        self.finite.combine(&other.finite, true);
        self.nan = self.nan.wrapping_sub(other.nan);
        self.positive = self.positive.wrapping_sub(other.positive);
        self.negative = self.negative.wrapping_sub(other.negative);
    }

    /// What decides the result when not all terms are finite.
    pub(super) fn special(&self) -> Option<f64> {
        match (self.nan, self.positive, self.negative) {
            (0, 0, 0) => None,
            (0, _, 0) => Some(f64::INFINITY),
            (0, 0, _) => Some(f64::NEG_INFINITY),
            _ => Some(f64::NAN),
        }
    }

    /// The sum, rounded once to the nearest double, ties to even. Zero is `+0.0`; NaN if any term was NaN or
    /// both infinities occurred; infinite if one infinity occurred or the sum is too large.
    pub fn round(&self) -> f64 {
        if let Some(special) = self.special() {
            return special;
        }
        let value = self.finite.significant();
        let exponent = 64 * i32::try_from(value.low).unwrap_or(0) - POINT;
        if !value.negative {
            return round(false, value.limbs, exponent, false);
        }
        let mut limbs = [0; 68];
        let limbs = &mut limbs[..value.limbs.len()];
        limbs.copy_from_slice(value.limbs);
        negate(limbs);
        round(true, limbs, exponent, false)
    }

    /// The sum divided by `count`, correctly rounded; NaN when `count` is zero.
    pub fn mean(&self, count: u64) -> f64 {
        if count == 0 {
            return f64::NAN;
        }
        if let Some(special) = self.special() {
            return special;
        }
        let (negative, magnitude) = self.magnitude();
        if magnitude.is_zero() {
            return 0.0;
        }
        magnitude.divided(&[count], 64).round(negative)
    }

    pub(super) fn magnitude(&self) -> (bool, Natural) {
        Natural::magnitude(&self.finite.significant())
    }
}

impl PartialEq for ExactSum {
    /// Equal when the same value has been accumulated, wherever its limbs lie.
    fn eq(&self, other: &Self) -> bool {
        let mut difference = self.finite.clone();
        difference.combine(&other.finite, true);
        let rest = difference.significant();
        rest.limbs.is_empty()
            && !rest.negative
            && (self.nan, self.positive, self.negative) == (other.nan, other.positive, other.negative)
    }
}

impl std::fmt::Debug for ExactSum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ExactSum({:?})", self.round())
    }
}

impl Extend<f64> for ExactSum {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.add(value));
    }
}

impl FromIterator<f64> for ExactSum {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut sum = Self::new();
        sum.extend(values);
        sum
    }
}

/// The mantissa with its leading bit, and the exponent field from 1.
#[inline]
fn parts(bits: u64, field: u64) -> (u64, u64) {
    if field == 0 { (bits & FRACTION, 1) } else { (bits & FRACTION | 1 << 52, field) }
}

/// The limb of a bit position, and the bit within it.
#[inline]
fn place(bit: u64) -> (usize, u32) {
    ((bit >> 6) as usize, (bit & 63) as u32)
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
fn limbs_of(wide: u128) -> [u64; 2] {
    [wide as u64, (wide >> 64) as u64]
}

#[cfg(test)]
mod tests;
