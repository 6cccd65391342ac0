//! Exact accumulation: sums that round once, so that no order and no split of the work changes a bit.

mod moments;
mod natural;
mod round;
mod sum;
mod window;

pub use moments::Moments;
pub use sum::ExactSum;
