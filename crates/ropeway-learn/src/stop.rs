//! Asking work to stop: what is long asks between its parts whether to go on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use ropeway_vocab::{Kind, Problem, Result};

/// The code of the problem of work whose time is over.
const TIME_OVER: &str = "time-over";

/// When work stops before it ends: on request, or when its time is over.
#[derive(Debug, Clone, Copy)]
pub struct Stop<'a> {
    asked: &'a AtomicBool,
    end: Option<Instant>,
}

impl<'a> Stop<'a> {
    /// On request alone: once the flag is set.
    pub fn asked(asked: &'a AtomicBool) -> Self {
        Self { asked, end: None }
    }

    /// From this instant on, too, where there is one.
    pub fn by(self, end: Option<Instant>) -> Self {
        Self { end, ..self }
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// It was asked to stop, or its time is over.
    pub fn go_on(self) -> Result<()> {
        if self.asked.load(Ordering::Relaxed) {
            return Err(cancelled());
        }
        match self.end {
            Some(end) if Instant::now() >= end => {
                Err(Problem::new(Kind::Cancelled, TIME_OVER, "the time of a training was over before it ended"))
            }
            _ => Ok(()),
        }
    }
}

/// Whether work ended because its time was over.
pub(crate) fn is_time_over(problem: &Problem) -> bool {
    problem.code() == TIME_OVER
}

/// The problem of work that was asked to stop.
pub(crate) fn cancelled() -> Problem {
    Problem::new(Kind::Cancelled, "cancelled", "training was asked to stop")
        .remedy("run again: finished trials are kept")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_ends_on_request_or_when_its_time_is_over() {
        let (no, yes, now) = (AtomicBool::new(false), AtomicBool::new(true), Instant::now());
        let later = now.checked_add(std::time::Duration::from_secs(3_600));
        assert!(Stop::asked(&no).go_on().is_ok() && Stop::asked(&no).by(later).go_on().is_ok());
        let (asked, over) = (Stop::asked(&yes).by(Some(now)).go_on(), Stop::asked(&no).by(Some(now)).go_on());
        assert!(!is_time_over(&asked.unwrap_err()) && is_time_over(&over.unwrap_err()));
    }
}
