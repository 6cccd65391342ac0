//! The rows of a table: made from those of its inputs, or from one row that is new.

mod execute;
mod push;
mod row_wise;
mod whole;

pub(crate) use execute::collect;
pub use row_wise::RowWise;
