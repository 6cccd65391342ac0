//! How things look on the terminal: problems, tables, numbers, the page at the end of a run.

pub mod check;
pub mod classes;
pub mod compare;
pub mod explain;
pub mod left_out;
pub mod paint;
pub mod problem;
pub mod profile;
pub mod recipe;
pub mod steps;
pub mod summary;
pub mod survey;
pub mod table;

pub use ropeway_report::number;
