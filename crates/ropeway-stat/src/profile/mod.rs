//! What the values of a column look like.

mod number;
mod text;

pub use number::{Histogram, NumberProfile, Quantile};
pub use text::{TextProfile, ValueCount};
