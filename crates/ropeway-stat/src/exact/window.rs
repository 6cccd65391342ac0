//! A signed fixed-point number wide enough for every sum of products of two doubles, stored as a short
//! window of 64-bit limbs that moves to where the values are, and as all limbs only when one window does
//! not hold them.

/// Limbs of the short form: 384 bits, enough for values that span some 90 decimal orders of magnitude.
const NARROW: usize = 6;
/// Limbs of the full form. A product of two doubles lies between 2^-2148 and 2^2048; 4,352 bits leave
/// more than 64 bits above that for the count of terms.
const WIDE: usize = 68;
/// The highest position a short window can start at.
const LAST: usize = WIDE - NARROW;
/// The weight of bit 0 of limb 0 is `2^-POINT`.
pub(super) const POINT: i32 = 2176;

/// Two's complement, least significant limb first. The short form keeps its two highest bits equal, so
/// that adding two of them never overflows.
#[derive(Clone)]
pub(super) enum Window {
    Narrow { low: u8, limbs: [u64; NARROW] },
    Wide(Box<[u64; WIDE]>),
}

/// The limbs that matter: from the lowest that is not zero to the highest that is not sign.
pub(super) struct Significant<'a> {
    /// Position of the first of them among all limbs of the full form.
    pub low: usize,
    pub limbs: &'a [u64],
    pub negative: bool,
}

impl Window {
    pub(super) const ZERO: Self = Self::Narrow { low: 0, limbs: [0; NARROW] };

    /// Adds (or takes away) the number whose limbs are `value`, starting at position `at`.
    #[inline]
    pub(super) fn accumulate<const N: usize>(&mut self, at: usize, value: [u64; N], negative: bool) {
        loop {
            match self {
                Self::Narrow { low, limbs } => {
                    let offset = at.wrapping_sub(usize::from(*low));
                    if offset < NARROW - N {
                        if negative {
                            subtract(limbs, offset, &value, 0);
                        } else {
                            add(limbs, offset, &value, 0);
                        }
                        if crowded(limbs) {
                            self.widen();
                        }
                        return;
                    }
                }
                Self::Wide(limbs) => {
                    if negative {
                        subtract(&mut limbs[..], at, &value, 0);
                    } else {
                        add(&mut limbs[..], at, &value, 0);
                    }
                    return;
                }
            }
            self.cover(at, at + N);
        }
    }

    /// Adds (or takes away) another number.
    pub(super) fn combine(&mut self, other: &Self, negative: bool) {
        if let (Self::Narrow { low, limbs }, Self::Narrow { low: from, limbs: value }) = (&mut *self, other)
            && low == from
        {
            if negative {
                subtract(limbs, 0, value, 0);
            } else {
                add(limbs, 0, value, 0);
            }
            if crowded(limbs) {
                self.widen();
            }
            return;
        }
        let Significant { low: at, limbs: value, negative: fill } = other.significant();
        if value.is_empty() && !fill {
            return;
        }
        let fill = if fill { u64::MAX } else { 0 };
        self.cover(at, at + value.len());
        let (limbs, offset) = match self {
            Self::Narrow { low, limbs } => (&mut limbs[..], at - usize::from(*low)),
            Self::Wide(limbs) => (&mut limbs[..], at),
        };
        if negative {
            subtract(limbs, offset, value, fill);
        } else {
            add(limbs, offset, value, fill);
        }
        if let Self::Narrow { limbs, .. } = self
            && crowded(limbs)
        {
            self.widen();
        }
    }

    /// The limbs that matter.
    pub(super) fn significant(&self) -> Significant<'_> {
        let (low, limbs) = match self {
            Self::Narrow { low, limbs } => (usize::from(*low), &limbs[..]),
            Self::Wide(limbs) => (0, &limbs[..]),
        };
        let negative = limbs[limbs.len() - 1] >> 63 == 1;
        let fill = if negative { u64::MAX } else { 0 };
        let end = limbs.iter().rposition(|limb| *limb != fill).map_or(0, |i| i + 1);
        let start = limbs.iter().position(|limb| *limb != 0).unwrap_or(0);
        // -2^k at a limb's border has no limb that is neither zero nor sign; keep one sign limb of it.
        if negative && start >= end {
            return Significant { low: low + start, limbs: &limbs[start..=start], negative };
        }
        Significant { low: low + start.min(end), limbs: &limbs[start.min(end)..end], negative }
    }

    /// Moves the short window so that it holds its own value and positions `from..to`, or goes to the
    /// full form when it cannot.
    #[cold]
    fn cover(&mut self, from: usize, to: usize) {
        let Self::Narrow { low: start, .. } = self else { return };
        let start = usize::from(*start);
        let held = self.significant();
        let empty = held.limbs.is_empty();
        let (low, high) = if empty { (from, to) } else { (from.min(held.low), to.max(held.low + held.limbs.len())) };
        let spare = match (NARROW - 1).checked_sub(high - low) {
            Some(spare) => spare,
            None => return self.widen(),
        };
        if !empty && start <= low && high < start + NARROW {
            return;
        }
        let start = low.saturating_sub(spare / 2).min(LAST);
        let mut limbs = [if held.negative { u64::MAX } else { 0 }; NARROW];
        if !empty {
            limbs[..held.low - start].fill(0);
            limbs[held.low - start..held.low - start + held.limbs.len()].copy_from_slice(held.limbs);
        }
        // `start <= LAST`, which fits a byte.
        *self = Self::Narrow { low: start.to_le_bytes()[0], limbs };
    }

    #[cold]
    fn widen(&mut self) {
        if let Self::Narrow { low, limbs } = self {
            let low = usize::from(*low);
            let mut wide = Box::new([0; WIDE]);
            wide[low..low + NARROW].copy_from_slice(limbs);
            if limbs[NARROW - 1] >> 63 == 1 {
                wide[low + NARROW..].fill(u64::MAX);
            }
            *self = Self::Wide(wide);
        }
    }
}

/// Whether the two highest bits of the short form differ: one more addition might overflow it.
#[inline]
fn crowded(limbs: &[u64; NARROW]) -> bool {
    let top = limbs[NARROW - 1];
    (top ^ (top << 1)) >> 63 == 1
}

/// `limbs += value` shifted up by `offset` limbs and continued with `fill` limbs; wraps at the top.
#[inline]
fn add(limbs: &mut [u64], offset: usize, value: &[u64], fill: u64) {
    let (here, above) = limbs[offset..].split_at_mut(value.len());
    let mut carry = false;
    for (limb, term) in here.iter_mut().zip(value) {
        (*limb, carry) = limb.carrying(*term, carry);
    }
    for limb in above {
        if fill == 0 && !carry || fill == u64::MAX && carry {
            return;
        }
        (*limb, carry) = limb.carrying(fill, carry);
    }
}

/// `limbs -= value`, likewise.
#[inline]
fn subtract(limbs: &mut [u64], offset: usize, value: &[u64], fill: u64) {
    let (here, above) = limbs[offset..].split_at_mut(value.len());
    let mut borrow = false;
    for (limb, term) in here.iter_mut().zip(value) {
        (*limb, borrow) = limb.borrowing(*term, borrow);
    }
    for limb in above {
        if fill == 0 && !borrow || fill == u64::MAX && borrow {
            return;
        }
        (*limb, borrow) = limb.borrowing(fill, borrow);
    }
}

/// Addition and subtraction of limbs with carry, by the two overflow flags.
pub(super) trait Limb: Sized {
    fn carrying(self, other: Self, carry: bool) -> (Self, bool);
    fn borrowing(self, other: Self, borrow: bool) -> (Self, bool);
}

impl Limb for u64 {
    #[inline]
    fn carrying(self, other: Self, carry: bool) -> (Self, bool) {
        let (sum, first) = self.overflowing_add(other);
        let (sum, second) = sum.overflowing_add(Self::from(carry));
        (sum, first | second)
    }

    #[inline]
    fn borrowing(self, other: Self, borrow: bool) -> (Self, bool) {
        let (rest, first) = self.overflowing_sub(other);
        let (rest, second) = rest.overflowing_sub(Self::from(borrow));
        (rest, first | second)
    }
}
