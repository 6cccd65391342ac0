//! How many rows a table may have: `between 1 and 10`, `>= 1`, `<= 10`, `5`.

use std::str::FromStr;

use ropeway_vocab::Problem;

/// An inclusive range of row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) least: u64,
    pub(super) most: u64,
}

impl Bounds {
    /// Whether a count lies in it.
    pub(super) fn hold(self, rows: u64) -> bool {
        (self.least..=self.most).contains(&rows)
    }
}

impl FromStr for Bounds {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let bad = || {
            Problem::invalid("check", format!("`rows = \"{text}\"` is not a number of rows"))
                .remedy("write `between 1 and 10`, `>= 1`, `<= 10` or `5`")
        };
        let number = |text: &str| text.trim().replace('_', "").parse::<u64>().map_err(|_| bad());
        let lower = text.trim().to_ascii_lowercase();
        let bounds = if let Some(rest) = lower.strip_prefix("between ") {
            let (least, most) = rest.split_once(" and ").ok_or_else(bad)?;
            Self { least: number(least)?, most: number(most)? }
        } else if let Some(rest) = lower.strip_prefix(">=") {
            Self { least: number(rest)?, most: u64::MAX }
        } else if let Some(rest) = lower.strip_prefix("<=") {
            Self { least: 0, most: number(rest)? }
        } else if let Some(rest) = lower.strip_prefix('>') {
            Self { least: number(rest)?.saturating_add(1), most: u64::MAX }
        } else if let Some(rest) = lower.strip_prefix('<') {
            Self { least: 0, most: number(rest)?.checked_sub(1).ok_or_else(bad)? }
        } else {
            let exact = number(lower.trim_start_matches('='))?;
            Self { least: exact, most: exact }
        };
        if bounds.least > bounds.most { Err(bad()) } else { Ok(bounds) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        let check =
            |text: &str, least, most| assert_eq!(text.parse::<Bounds>().ok(), Some(Bounds { least, most }), "{text}");
        check("between 1 and 10", 1, 10);
        check(">= 1", 1, u64::MAX);
        check("< 10", 0, 9);
        check("5", 5, 5);
        for text in ["betwen 1 and 10", "between 10 and 1", "many", "< 0", ""] {
            assert!(text.parse::<Bounds>().is_err(), "{text}");
        }
    }
}
