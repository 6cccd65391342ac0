//! The wall clock, behind a trait so that arrival times and `at = now` can be fixed in a test.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::Instant;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant, whole microseconds UTC.
    fn now(&self) -> Instant;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Instant);

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        self.0
    }
}
