//! From bytes to typed, counted rows: formats, types, coercion, time zones, quarantine. It knows no SQL, and
//! nothing of what the rows are for.
//!
//! A source is read by [`read`] (all of it, for training) or [`open_stream`] (batch by batch in constant memory, for
//! prediction); [`infer`] tells its columns from the first rows. A value that does not fit its column costs its row
//! alone, which goes into quarantine with file, line, column, value and reason: rows in are rows kept and rows
//! rejected. [`rows::coerce`] reads rows of JSON requests by the same rules, and [`write::Writer`] writes batches.

mod calendar;
mod cells;
mod column;
mod convert;
mod csv;
mod discover;
mod files;
mod fingerprint;
mod guess;
mod input;
mod jsonl;
mod lines;
mod number;
mod parquet;
mod pending;
mod read;
mod reader;
mod record;
pub mod rows;
mod settings;
mod sheet;
mod spec;
mod stream;
mod tally;
pub mod write;
mod zone;

pub use discover::{infer, paths};
pub use fingerprint::fingerprint;
pub use read::{FileRead, SourceRead, read, read_all};
pub use settings::{Format, Gap, Overlap, SourceSettings};
pub use spec::Coercion;
pub use stream::{Stream, StreamBatch, Wanted, open_stream};
pub use tally::Rejected;
