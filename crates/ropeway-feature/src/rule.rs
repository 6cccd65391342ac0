//! The one rule of time, as one function: a fact is visible to an example when it became known before the
//! example's prediction time. Batch, stream and request get it handed in as a value, so that the proof can
//! hand in a wrong one and see that it is caught.

use ropeway_vocab::Span;

/// Which facts an example may see. The product knows one: [`Rule::STRICT`].
#[derive(Debug, Clone, Copy)]
pub struct Rule(fn(known_at: i64, at: i64) -> bool);

/// `known_at < at`: strictly before, in whole microseconds.
fn known_before(known_at: i64, at: i64) -> bool {
    known_at < at
}

impl Rule {
    /// A fact is visible when `known_at < at`.
    pub const STRICT: Self = Self(known_before);

    /// The strict rule loosened by one microsecond (`known_at < at + 1`): the control of the proof.
    #[doc(hidden)]
    pub const LOOSENED_BY_ONE_MICROSECOND: Self = Self(|known_at, at| known_at <= at);

    /// Whether a fact that became known at `known_at` (microseconds; missing means never) is visible at `at`.
    pub fn visible(self, known_at: Option<i64>, at: i64) -> bool {
        known_at.is_some_and(|known_at| (self.0)(known_at, at))
    }
}

/// The earliest known-at that a window of `over` reaches at `at`: `at - over`, itself inside the window.
pub(crate) fn earliest(at: i64, over: Span) -> i64 {
    at.saturating_sub(over.micros())
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn visible_is_strictly_before_and_missing_is_never() {
        assert!(Rule::STRICT.visible(Some(9), 10));
        assert!(!Rule::STRICT.visible(Some(10), 10));
        assert!(!Rule::STRICT.visible(None, i64::MAX));
        assert!(Rule::LOOSENED_BY_ONE_MICROSECOND.visible(Some(10), 10));
        assert!(!Rule::LOOSENED_BY_ONE_MICROSECOND.visible(Some(11), 10));
    }
}
