//! Rounding a big integer times a power of two to the nearest double, ties to even.

/// The double nearest to `limbs * 2^exponent` (least significant limb first), negated if `negative`.
/// `inexact` says that the true value is larger in magnitude by less than one unit of bit 0; the integer
/// must then have at least 55 bits. Zero is `+0.0`; what is too large becomes infinite.
pub(super) fn round(negative: bool, limbs: &[u64], exponent: i32, inexact: bool) -> f64 {
    let Some(top_limb) = limbs.iter().rposition(|limb| *limb != 0) else { return 0.0 };
    let top = bit_of(top_limb) + 63 - i64::from(limbs[top_limb].leading_zeros());
    let exponent = i64::from(exponent);
    // The bit of the integer that becomes the last bit of the double: 52 below the top, or 2^-1074.
    let last = (top - 52).max(-1074 - exponent);
    if last > top + 1 {
        return 0.0;
    }
    if last + exponent > 971 {
        return if negative { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let mantissa = bits_from(limbs, last);
    let half = last > 0 && bits_from(limbs, last - 1) & 1 == 1;
    let odd = mantissa & 1 == 1;
    let up = half && (odd || inexact || any_below(limbs, last - 1));
    // Adding the mantissa with its leading bit onto the exponent field below it makes subnormals, the
    // carry of rounding up, and overflow to infinity come out by themselves.
    let field = u64::try_from(last + exponent + 1074).unwrap_or(0);
    let bits = (field << 52) + mantissa + u64::from(up);
    f64::from_bits(bits | u64::from(negative) << 63)
}

fn bit_of(limb: usize) -> i64 {
    i64::try_from(limb).unwrap_or(i64::MAX / 128) * 64
}

/// The 64 bits of the integer from bit `from` up; `from` may be negative.
pub(super) fn bits_from(limbs: &[u64], from: i64) -> u64 {
    let index = from.div_euclid(64);
    let shift = from.rem_euclid(64);
    let limb = |i: i64| usize::try_from(i).ok().and_then(|i| limbs.get(i)).copied().unwrap_or(0);
    if shift == 0 { limb(index) } else { limb(index) >> shift | limb(index + 1) << (64 - shift) }
}

/// Whether any bit below `bit` is set.
pub(super) fn any_below(limbs: &[u64], bit: i64) -> bool {
    let Ok(bit) = usize::try_from(bit) else { return false };
    let whole = (bit / 64).min(limbs.len());
    limbs[..whole].iter().any(|limb| *limb != 0)
        || limbs.get(bit / 64).is_some_and(|limb| limb & ((1 << (bit % 64)) - 1) != 0)
}

#[cfg(test)]
mod tests {
    use super::round;

    #[test]
    fn ties_go_to_even_and_a_hint_of_more_breaks_them() {
        let two_53 = 9_007_199_254_740_992.0_f64;
        assert_eq!(round(false, &[(1 << 53) + 1], 0, false), two_53);
        assert_eq!(round(false, &[((1 << 53) + 1) << 8], -8, true), two_53 + 2.0);
        assert_eq!(round(false, &[(1 << 53) + 3], 0, false), two_53 + 4.0);
        assert_eq!(round(true, &[0, 3], -64, false), -3.0);
    }

    #[test]
    fn the_ends_of_the_range() {
        assert_eq!(round(false, &[1], -1074, false), f64::from_bits(1));
        assert_eq!(round(false, &[1], -1075, false), 0.0, "half of the least is a tie to zero");
        assert_eq!(round(false, &[3], -1076, false), f64::from_bits(1));
        assert_eq!(round(false, &[1], -1076, false), 0.0);
        assert_eq!(round(false, &[u64::MAX], 960, false), f64::INFINITY);
        assert_eq!(round(false, &[(1 << 53) - 1], 971, false), f64::MAX);
        assert_eq!(round(true, &[1], 1024, false), f64::NEG_INFINITY);
    }
}
