//! A date part as a place on a circle, so that the last one lies beside the first.

use serde::{Deserialize, Serialize};

use super::date_part::DatePart;

/// One coordinate of the place: `sin` or `cos` of `2 pi (part - first) / period`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wave {
    /// The part.
    pub part: DatePart,
    /// The cosine, and not the sine.
    pub cosine: bool,
}

impl Wave {
    /// Both coordinates of a part; none of the year, which never comes back.
    pub fn both(part: DatePart) -> Option<[Self; 2]> {
        (part != DatePart::Year).then(|| [false, true].map(|cosine| Self { part, cosine }))
    }

    /// Its name in output columns.
    pub fn name(self) -> String {
        format!("{} {}", self.part.name(), if self.cosine { "cos" } else { "sin" })
    }

    /// The coordinate of an instant in microseconds UTC.
    pub fn value(self, micros: i64) -> f64 {
        let (first, period) = match self.part {
            DatePart::Year => return f64::NAN,
            DatePart::Month => (1, 12.0),
            DatePart::Day => (1, 31.0),
            DatePart::Weekday => (0, 7.0),
            DatePart::Hour => (0, 24.0),
            DatePart::Minute => (0, 60.0),
        };
        let angle = std::f64::consts::TAU * (self.part.value(micros) - first) as f64 / period;
        // Of libm: the same bits on every machine.
        if self.cosine { libm::cos(angle) } else { libm::sin(angle) }
    }
}

#[cfg(test)]
mod tests {
    use ropeway_vocab::Instant;

    use super::*;

    #[test]
    fn december_lies_beside_january_and_opposite_to_june() {
        let at = |text: &str| {
            let micros = text.parse::<Instant>().unwrap().micros();
            Wave::both(DatePart::Month).unwrap().map(|wave| wave.value(micros))
        };
        let far = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
        let (june, december, january) =
            (at("2024-06-01T00:00:00Z"), at("2023-12-01T00:00:00Z"), at("2024-01-31T23:00:00Z"));
        assert_eq!(january, [0.0, 1.0]);
        assert!((far(december, january) - 2.0 * (std::f64::consts::PI / 12.0).sin()).abs() < 1e-12);
        assert!((far(december, june) - 2.0).abs() < 1e-12);
        assert_eq!(Wave::both(DatePart::Year), None);
    }
}
