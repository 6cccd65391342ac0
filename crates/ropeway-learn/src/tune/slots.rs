//! Folds prepared when the first trial wants them and shared by the others. Rows for linear models are large, so
//! they go when the last trial of their fold ends; bins are small and stay for later rungs.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ropeway_vocab::Result;

use super::bench::{Bench, Prepared};

/// One slot a fold.
pub struct Slots(Vec<Slot>);

#[derive(Default)]
struct Slot {
    prepared: Mutex<Option<Arc<Prepared>>>,
    /// Trials that are still to come.
    left: AtomicUsize,
}

impl Slots {
    /// Empty ones.
    pub fn new(folds: usize) -> Self {
        Self((0..folds).map(|_| Slot::default()).collect())
    }

    /// Announces one trial on a fold; [`Slots::release`] takes it back.
    pub fn announce(&self, fold: usize) {
        self.0[fold].left.fetch_add(1, Ordering::Relaxed);
    }

    /// The prepared fold; who comes first prepares it, and the others wait.
    pub fn get(&self, fold: usize, bench: &Bench<'_>) -> Result<Arc<Prepared>> {
        let mut slot = self.0[fold].prepared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(prepared) = slot.as_ref() {
            return Ok(prepared.clone());
        }
        let prepared = Arc::new(bench.prepare(fold)?);
        *slot = Some(prepared.clone());
        Ok(prepared)
    }

    /// One announced trial on the fold has ended.
    pub fn release(&self, fold: usize) {
        let slot = &self.0[fold];
        if slot.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            let mut prepared = slot.prepared.lock().unwrap_or_else(PoisonError::into_inner);
            if prepared.as_ref().is_some_and(|prepared| !prepared.is_small()) {
                *prepared = None;
            }
        }
    }
}
