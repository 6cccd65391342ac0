//! A budget of minutes.

use std::time::{Duration, Instant};

/// Spent when its minutes are over; without minutes never.
pub struct Budget {
    end: Option<Instant>,
}

impl Budget {
    /// Begins now, `spent` having gone before: in a process that was cut off, say.
    pub fn new(minutes: Option<f64>, spent: Duration) -> Self {
        let span = minutes.and_then(|minutes| Duration::try_from_secs_f64(minutes * 60.0).ok());
        Self { end: span.and_then(|span| Instant::now().checked_add(span.saturating_sub(spent))) }
    }

    /// Whether no trial may begin any more.
    pub fn is_spent(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }
}
