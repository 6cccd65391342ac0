//! Tuning: which settings of a learner are best, found by trials on the folds, several side by side.

mod again;
mod around;
mod bench;
mod budget;
mod choice;
mod cpu;
pub(crate) mod crew;
pub(crate) mod measure;
mod outcome;
mod race;
mod record;
mod schedule;
mod search;
mod slots;
mod space;
mod trials;
mod unended;
mod unseen;

#[cfg(test)]
mod tests;

pub use around::Around;
pub use outcome::SearchOutcome;
pub use record::{Decision, MemoryLedger, TrialKey, TrialLedger, TrialRecord, TuneEvent};
pub use schedule::{Rung, schedule};
pub use search::search;
