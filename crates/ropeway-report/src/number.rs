//! Numbers as people read them.

use ropeway_stat::Estimate;
use ropeway_vocab::Instant;

/// `336776` as `336,776`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// As much as rows count together: `336,776`, or with weights also `1,234.5`.
pub fn counted(rows: f64) -> String {
    if rows.fract() == 0.0 && rows.abs() < 1e15 {
        count(rows as u64)
    } else if rows.abs() < 1000.0 || rows.abs() >= 1e15 {
        figure(rows)
    } else {
        let tenths = (rows * 10.0).round() as u64;
        format!("{}.{}", count(tenths / 10), tenths % 10)
    }
}

/// Seconds: `0.04 s`, `41.2 s`, `12 min 5 s`.
pub fn seconds(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        "-".into()
    } else if seconds < 10.0 {
        format!("{seconds:.2} s")
    } else if seconds < 120.0 {
        format!("{seconds:.1} s")
    } else {
        let whole = seconds.round();
        format!("{:.0} min {:.0} s", (whole / 60.0).floor(), whole % 60.0)
    }
}

/// Bytes: `512 B`, `3.4 MiB`.
pub fn bytes(bytes: u64) -> String {
    let mut value = bytes as f64;
    let mut unit = "B";
    for next in ["KiB", "MiB", "GiB", "TiB"] {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    if unit == "B" { format!("{bytes} B") } else { format!("{value:.1} {unit}") }
}

/// A figure with its interval: `0.488 [0.480, 0.497]`.
pub fn estimate(estimate: &Estimate) -> String {
    format!("{} [{}, {}]", figure(estimate.value), figure(estimate.low), figure(estimate.high))
}

/// A figure to three places, more where it is small, and as a power of ten where it is so large that it says no more.
pub fn figure(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        "-".into()
    } else if size != 0.0 && size < 0.001 {
        format!("{value:.1e}")
    } else if size >= 1e9 {
        format!("{value:.2e}")
    } else if size < 1000.0 {
        format!("{value:.3}")
    } else {
        format!("{value:.0}")
    }
}

/// A number as a value is written: `0.25`, `18,823`, `1e-9`.
pub fn amount(value: f64) -> String {
    let size = value.abs();
    let trimmed = |text: String| text.trim_end_matches('0').trim_end_matches('.').to_owned();
    match size {
        _ if !value.is_finite() => "-".into(),
        0.0 => "0".into(),
        1e15.. | ..1e-3 => format!("{value:.1e}"),
        1e4.. => format!("{}{}", if value < 0.0 { "-" } else { "" }, count(size.round() as u64)),
        _ => trimmed(format!("{value:.3}")),
    }
}

/// The day of seconds since 1970, UTC.
pub fn day(seconds: f64) -> String {
    Instant::from_micros((seconds * 1e6) as i64).to_string().chars().take(10).collect()
}

/// An instant for a list: `2026-11-24 09:54:46`, UTC.
pub fn to_the_second(instant: Instant) -> String {
    instant.to_string().chars().take(19).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

/// `1st`, `2nd`, `3rd`, `11th`.
pub fn ordinal(number: u64) -> String {
    let suffix = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}

/// `0.05` as `5%`.
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    if (value - value.round()).abs() < 1e-9 { format!("{value:.0}%") } else { format!("{value:.2}%") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([count(0), count(999), count(1_000), count(12_345_678)], ["0", "999", "1,000", "12,345,678"]);
        assert_eq!([seconds(0.041), seconds(41.23), seconds(725.0)], ["0.04 s", "41.2 s", "12 min 5 s"]);
        assert_eq!([bytes(512), bytes(3_500_000)], ["512 B", "3.3 MiB"]);
        assert_eq!([figure(0.4884), figure(0.00012), figure(f64::NAN), figure(0.0)], ["0.488", "1.2e-4", "-", "0.000"]);
        assert_eq!([figure(1_352_178_598_756_608.0), figure(2e8)], ["1.35e15", "200000000"]);
        let amounts = [0.25, -18_823.4, 2013.0, 0.0, 1e-9, f64::INFINITY].map(amount);
        assert_eq!(amounts, ["0.25", "-18,823", "2013", "0", "1.0e-9", "-"]);
        assert_eq!(to_the_second(Instant::from_micros(1_500_000)), "1970-01-01 00:00:01");
        assert_eq!([ordinal(1), ordinal(12), ordinal(22), ordinal(103)], ["1st", "12th", "22nd", "103rd"]);
    }
}
