//! Files that are made here, the same on every machine, with known truth. The tests of the binary go through them, and `bench/tables`,
//! for which `cargo xtask generate` writes them.

mod customers;
mod wide;

pub use customers::{FIRST, SENTINELS, Truth, messy};
pub use wide::wide;

/// A generator of its own, so that the file is the same everywhere: splitmix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
