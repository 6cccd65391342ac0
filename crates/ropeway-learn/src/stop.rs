//! Asking work to stop: what is long looks at a flag between its parts.

use std::sync::atomic::{AtomicBool, Ordering};

use ropeway_vocab::{Kind, Problem, Result};

/// Whether to go on.
///
/// # Errors
/// The flag is set.
pub(crate) fn go_on(stop: &AtomicBool) -> Result<()> {
    if stop.load(Ordering::Relaxed) { Err(cancelled()) } else { Ok(()) }
}

/// The problem of work that was asked to stop.
pub(crate) fn cancelled() -> Problem {
    Problem::new(Kind::Cancelled, "cancelled", "training was asked to stop")
        .remedy("run again: finished trials are kept")
}
