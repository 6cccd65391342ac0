//! The nouns that cross floors: digests, instants and spans, column types and labels, usage, and the
//! one error type. Pure values: no I/O, no async, no knowledge of any crate above.

mod calendar;
mod clock;
mod column;
mod digest;
mod instant;
mod letters;
mod mail;
mod nearest;
mod problem;
mod span;
mod usage;

pub use calendar::{DAY_MICROS, civil_from_days, days_from_civil};
pub use clock::{Clock, FixedClock, SystemClock};
pub use column::{AT, ColumnSpec, ColumnType, KNOWN_AT, LABEL, TableSchema, Timing, WEIGHT};
pub use digest::{Digest, DigestBuilder};
pub use instant::Instant;
pub use letters::{ascii_letters, name_words};
pub use mail::{holds_mail, is_mail, without_mails};
pub use nearest::nearest;
pub use problem::{Kind, Place, Problem, Result};
pub use span::Span;
pub use usage::Usage;
