//! From numbers to places, and the round numbers at which a scale is marked.

/// Numbers beyond it are drawn at it, so that no width overflows.
const MOST: f64 = 1e300;

/// A scale of numbers over places from `from` to `to`.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    log: bool,
}

impl Scale {
    /// From the least to the greatest of these numbers; what is no number counts for nothing. One number alone, or none, has a
    /// scale too.
    pub fn of(numbers: impl IntoIterator<Item = f64>) -> Self {
        let finite = numbers.into_iter().filter(|number| number.is_finite()).map(|number| number.clamp(-MOST, MOST));
        let ends = finite.fold(None, |ends: Option<(f64, f64)>, number| match ends {
            Some((low, high)) => Some((low.min(number), high.max(number))),
            None => Some((number, number)),
        });
        let (low, high) = match ends {
            None => (0.0, 1.0),
            Some((low, high)) if low < high => (low, high),
            Some((one, _)) => {
                let pad = (one.abs() * 0.1).max(0.5);
                (one - pad, one + pad)
            }
        };
        Self { low, high, from: 0.0, to: 1.0, log: false }
    }

    /// By powers where the numbers are all above zero and the greatest is many times the least.
    pub fn of_sizes(numbers: &[f64]) -> Self {
        let plain = Self::of(numbers.iter().copied());
        if plain.low > 0.0 && plain.high / plain.low >= 20.0 { Self { log: true, ..plain } } else { plain }
    }

    /// Over these places.
    #[must_use]
    pub fn over(self, from: f64, to: f64) -> Self {
        Self { from, to, ..self }
    }

    /// A little longer at both ends.
    #[must_use]
    pub fn wider(self) -> Self {
        let pad = (self.high - self.low) * 0.06;
        Self { low: self.low - pad, high: self.high + pad, ..self }
    }

    /// The place of a number; what lies beyond an end, or is none, is drawn at an end.
    pub fn at(&self, number: f64) -> f64 {
        let share = if self.log {
            (number.max(f64::MIN_POSITIVE) / self.low).ln() / (self.high / self.low).ln()
        } else {
            (number.clamp(-MOST, MOST) - self.low) / (self.high - self.low)
        };
        let share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
        self.from + share * (self.to - self.from)
    }

    /// Round numbers within the scale, about as many as asked for.
    pub fn ticks(&self, about: usize) -> Vec<f64> {
        if self.log {
            let powers = (self.low.log10().ceil() as i32)..=(self.high.log10().floor() as i32);
            let all: Vec<f64> = powers.map(|power| 10_f64.powi(power)).collect();
            return match all.len() {
                0 | 1 => vec![self.low, self.high],
                count => all.into_iter().step_by(count.div_ceil(about.max(1))).collect(),
            };
        }
        let rough = (self.high - self.low) / about.max(1) as f64;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| *step >= rough * 0.999);
        let step = step.unwrap_or(rough);
        let first = (self.low / step - 1e-9).ceil();
        let ticks = (0..=2 * about as u32).map(|n| (first + f64::from(n)) * step);
        // Minus zero is zero.
        ticks.take_while(|tick| *tick <= self.high + step * 1e-9).map(|tick| tick + 0.0).collect()
    }
}

/// A number in few letters: `0.25`, `12k`, `3.4M`, `1e-9`.
pub fn tick(number: f64) -> String {
    let size = number.abs();
    let short = |value: f64| {
        let text = format!("{value:.3}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    match size {
        _ if !number.is_finite() => "–".into(),
        0.0 => "0".into(),
        1e15.. | ..1e-3 => format!("{number:.1e}").replace(".0e", "e"),
        1e9.. => format!("{}G", short(number / 1e9)),
        1e6.. => format!("{}M", short(number / 1e6)),
        1e4.. => format!("{}k", short(number / 1e3)),
        _ => short(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        assert_eq!(Scale::of([0.0, 1.0]).ticks(5), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        assert_eq!(Scale::of([3.0, 18_823.0]).ticks(4), [5_000.0, 10_000.0, 15_000.0]);
        assert_eq!(Scale::of([-1.0, 1.0]).ticks(2), [-1.0, 0.0, 1.0]);
        assert_eq!(Scale::of_sizes(&[0.001, 10.0]).ticks(5), [0.001, 0.01, 0.1, 1.0, 10.0]);
        let written: Vec<String> = [0.6000000000000001, -0.0, 15_000.0, 2.5e6, 1e-9, 1e300].map(tick).to_vec();
        assert_eq!(written, ["0.6", "0", "15k", "2.5M", "1e-9", "1e300"]);
    }

    #[test]
    fn no_number_breaks_a_scale() {
        for numbers in [
            vec![],
            vec![0.0],
            vec![7.5],
            vec![f64::NAN],
            vec![f64::INFINITY, 1.0],
            vec![f64::MIN, f64::MAX],
            vec![1e-300, 2e-300],
            vec![5e-324],
        ] {
            for scale in [Scale::of(numbers.clone()), Scale::of_sizes(&numbers), Scale::of(numbers.clone()).wider()] {
                let scale = scale.over(10.0, 90.0);
                let ticks = scale.ticks(5);
                assert!(ticks.len() <= 12 && ticks.iter().all(|tick| tick.is_finite()), "{numbers:?}: {ticks:?}");
                for number in numbers.iter().chain(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, f64::MAX]) {
                    let at = scale.at(*number);
                    assert!((10.0..=90.0).contains(&at), "{numbers:?}: {number} lies at {at}");
                }
            }
        }
        let upside_down = Scale::of([0.0, 4.0]).over(100.0, 0.0);
        assert_eq!([0.0, 1.0, 4.0].map(|number| upside_down.at(number)), [100.0, 75.0, 0.0]);
    }
}
