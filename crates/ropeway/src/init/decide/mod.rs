//! What is decided of a table that was looked at: its label, what becomes of each column, how rows are split, what they are looked
//! up in. Each choice carries its reason; nothing here knows how the project's files say it.

pub mod columns;
pub mod label;
pub mod lookup;
mod matched;
pub mod split;
mod unmatched;
mod zeros;
