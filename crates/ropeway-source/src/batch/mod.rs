//! Values on their way into a batch: columns under construction, what does not fit, and the count of both.

pub(crate) mod column;
pub(crate) mod convert;
pub(crate) mod sheet;
pub(crate) mod tally;
