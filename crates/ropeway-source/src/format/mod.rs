//! The formats that are read, a file each, and how each spells its values.

pub(crate) mod csv;
pub(crate) mod delimiter;
pub(crate) mod fields;
pub(crate) mod jsonl;
pub(crate) mod members;
pub(crate) mod names;
pub(crate) mod parquet;
pub(crate) mod quoting;
pub(crate) mod record;
pub(crate) mod spelling;
pub(crate) mod swallowed;
