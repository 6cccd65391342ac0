//! Tuning: which settings of a learner are best, found by trials on the folds, several side by side.

mod bench;
mod budget;
mod choice;
mod cpu;
pub(crate) mod crew;
mod race;
mod record;
mod schedule;
mod search;
mod slots;
mod space;

#[cfg(test)]
mod tests;

pub use record::{Decision, MemoryLedger, TrialKey, TrialLedger, TrialRecord, TuneEvent};
pub use schedule::{Rung, schedule};
pub use search::{Around, SearchOutcome, search};
