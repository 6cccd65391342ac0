//! Hashes of values and rows: the same in every process, so that a survey of the same file is the same.

use std::hash::BuildHasher;

use foldhash::quality::FixedState;

/// The hash of a text.
pub(crate) fn of_text(text: &str) -> u64 {
    FixedState::with_seed(0x5ca1_ab1e).hash_one(text.as_bytes())
}

/// The hash of a number by its bits: the finalizer of splitmix64 (Steele, Lea and Flood, 2014), which maps no two numbers
/// to one.
#[inline]
pub(crate) fn of_bits(bits: u64) -> u64 {
    let mut x = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
