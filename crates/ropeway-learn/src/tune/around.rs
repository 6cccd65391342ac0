//! What surrounds a search.

use std::sync::atomic::AtomicBool;

use super::record::{TrialLedger, TuneEvent};

/// Where a search keeps its trials, tells of itself, and is told to stop.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Trials side by side, one thread each.
    pub threads: usize,
    /// What is finished already, and where to keep what gets finished.
    pub ledger: &'a dyn TrialLedger,
    /// Told of rungs and trials, from several threads.
    pub progress: &'a (dyn Fn(TuneEvent) + Sync),
    /// Set to stop.
    pub cancel: &'a AtomicBool,
}
