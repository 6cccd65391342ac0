//! From bytes to typed, counted rows: formats, types, coercion, time zones, quarantine. It knows no SQL, and
//! nothing of what the rows are for.
//!
//! A source is read by [`read`] (all of it, for training) or [`open_stream`] (batch by batch in constant memory, for
//! prediction); [`infer`] tells its columns from the first rows. A value that does not fit its column costs its row
//! alone, which goes into quarantine with file, line, column, value and reason: rows in are rows kept and rows
//! rejected. [`rows::coerce`] reads rows of JSON requests by the same rules, and [`write::Writer`] writes batches.
//!
//! Its rooms, of which each sees only those before it: the settings of a source, single `value`s, the `batch` they go
//! into, `file`s, the `format`s that are read. What reads a source or a stream as a whole stands beside them; `write` is
//! the way back.

mod batch;
mod discover;
mod file;
mod fingerprint;
mod format;
mod notice;
pub mod propose;
mod read;
mod reader;
mod room;
pub mod rows;
mod said;
mod settings;
mod spec;
mod stream;
mod value;
pub mod write;

pub use batch::tally::{Rejected, Skipped};
pub use discover::{Inferred, TextByException, infer, inferred, paths};
pub use fingerprint::fingerprint;
pub use format::names::{Repeated, told_apart};
pub use notice::Noticed;
pub use read::{FileRead, SourceRead, read, read_all, read_all_columns, read_columns, scan};
pub use settings::{
    Blanks, Case, ColumnReading, Columns, DecimalMark, Finer, Format, Gap, Negative, NumberSpelling, Overlap, Sheets,
    SourceSettings, TextSpelling, ThousandsMark,
};
pub use stream::{Stream, StreamBatch, Wanted, open_stream, open_stream_as};
pub use value::boolean::boolean_word;
pub use value::coercion::Coercion;
pub use value::evidence::OddValue;
pub use value::json::json_value;
pub use value::missing::{missing_days, missing_numbers, missing_words, says_missing};
pub use value::number::looks_like_code;
pub use value::readings::Readings;
