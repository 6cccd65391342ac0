//! A budget of minutes.

use std::time::{Duration, Instant};

/// Spent when its minutes are over; without minutes never.
#[derive(Clone, Copy)]
pub struct Budget {
    span: Option<Duration>,
    end: Option<Instant>,
}

impl Budget {
    /// Begins now, `spent` having gone before: in a process that was cut off, say.
    pub fn new(minutes: Option<f64>, spent: Duration) -> Self {
        let span = minutes.and_then(|minutes| Duration::try_from_secs_f64(minutes * 60.0).ok());
        Self { span, end: span.and_then(|span| Instant::now().checked_add(span.saturating_sub(spent))) }
    }

    /// Its minutes once more, from now, for so many pieces of work one after the other: the share of one.
    pub fn share(&self, pieces: usize) -> Self {
        let share = self.span.map(|span| span / u32::try_from(pieces.max(1)).unwrap_or(u32::MAX));
        Self { span: share, end: share.and_then(|share| Instant::now().checked_add(share)) }
    }

    /// A part of it, from when it began.
    pub fn part(&self, part: f64) -> Self {
        let span = self.span.map(|span| span.mul_f64(part));
        let rest = self.span.zip(span).map_or(Duration::ZERO, |(whole, own)| whole.saturating_sub(own));
        Self { span, end: self.end.map(|end| end.checked_sub(rest).unwrap_or(end)) }
    }

    /// When it is spent.
    pub fn end(&self) -> Option<Instant> {
        self.end
    }

    /// Whether no trial may begin any more.
    pub fn is_spent(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_begins_anew_and_none_of_no_minutes_ends() {
        let spent = Budget::new(Some(10.0), Duration::from_secs(600));
        assert!(
            spent.is_spent()
                && !spent.share(2).is_spent()
                && Budget::new(Some(0.0), Duration::ZERO).share(2).is_spent()
        );
        assert_eq!(spent.share(4).span, Some(Duration::from_secs(150)));
        assert!(!Budget::new(None, Duration::from_secs(600)).share(1).is_spent());
        let fresh = Budget::new(Some(10.0), Duration::ZERO);
        let gap = fresh.end().zip(fresh.part(0.75).end()).map(|(end, part)| end - part);
        assert_eq!(gap, Some(Duration::from_secs(150)));
        assert_eq!(Budget::new(None, Duration::ZERO).part(0.75).end(), None);
    }
}
