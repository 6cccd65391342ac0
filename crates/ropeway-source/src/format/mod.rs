//! The formats that are read, a file each, and how each spells its values.

pub(crate) mod csv;
pub(crate) mod delimiter;
mod fields;
pub(crate) mod jsonl;
mod members;
mod names;
pub(crate) mod parquet;
pub(crate) mod quoting;
mod record;
pub(crate) mod spelling;
