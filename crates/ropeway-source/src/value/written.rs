//! Numbers as people write them: marks between thousands, a decimal comma, units, and the negatives of accounts. They are
//! brought to the plain spelling, which is then read as ever, so that rounding happens once.

use crate::settings::{DecimalMark, Negative, NumberSpelling, ThousandsMark};

/// It does not follow the spelling that is declared.
pub(crate) const NOT_WRITTEN: &str = "is not a number as `number` says that they are written";
/// In a column of percentages nobody knows whether a bare number is one.
pub(crate) const NO_PERCENT: &str = "has no percent sign, as the numbers of its column have (`number.unit`)";

/// How the numbers of a column are written.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    decimal: char,
    thousands: &'static [char],
    units: Vec<String>,
    percent: bool,
    negative: Option<Negative>,
    /// Whether points before a decimal comma part thousands, though nothing says so.
    pointed: bool,
}

/// What stands in place of cents where there are none: `1450.-`, `343,--`.
const NO_CENTS: [&str; 8] = [".--", ",--", ".-", ",-", ".–", ",–", ".—", ",—"];

/// A number without such a mark, and the mark.
pub(crate) fn without_cents(text: &str) -> Option<(&str, &'static str)> {
    let of = |mark: &&'static str| text.strip_suffix(*mark).map(|rest| (rest, *mark));
    NO_CENTS.iter().find_map(of).filter(|(rest, _)| rest.ends_with(|c: char| c.is_ascii_digit()))
}

/// Spaces that do not break, and those that do.
const SPACES: [char; 4] = [' ', '\u{a0}', '\u{202f}', '\u{2009}'];

impl Written {
    /// Nothing where numbers are written as usual.
    pub(crate) fn of(spelling: &NumberSpelling) -> Option<Self> {
        if *spelling == NumberSpelling::default() {
            return None;
        }
        let decimal = match spelling.decimal {
            Some(DecimalMark::Comma) => ',',
            Some(DecimalMark::Point) | None => '.',
        };
        let thousands: &[char] = match spelling.thousands {
            None => &[],
            Some(ThousandsMark::Point) => &['.'],
            Some(ThousandsMark::Comma) => &[','],
            Some(ThousandsMark::Space) => &SPACES,
            Some(ThousandsMark::Apostrophe) => &['\'', '\u{2019}'],
            Some(ThousandsMark::Underscore) => &['_'],
        };
        let mut units: Vec<String> = spelling.unit.iter().filter(|unit| *unit != "%").cloned().collect();
        // `US$` before `$`.
        units.sort_by_key(|unit| std::cmp::Reverse(unit.len()));
        let percent = spelling.unit.iter().any(|unit| unit == "%");
        Some(Self { decimal, thousands, units, percent, negative: spelling.negative, pointed: false })
    }

    /// The same for a column that is read and not judged: `1.234,56` can be one number only, where none had thousands before.
    pub(crate) fn with_points(self) -> Self {
        Self { pointed: self.decimal == ',' && self.thousands.is_empty(), ..self }
    }

    /// Percentages with a decimal point.
    pub(crate) fn plain_percent() -> Self {
        Self { decimal: '.', thousands: &[], units: Vec::new(), percent: true, negative: None, pointed: false }
    }

    /// Whether the numbers are percentages.
    pub(crate) fn percent(&self) -> bool {
        self.percent
    }

    /// A number in this spelling.
    pub(crate) fn example(&self) -> String {
        let thousands = self.thousands.first().map_or_else(String::new, char::to_string);
        let unit = match (self.percent, self.units.last()) {
            (true, _) => " %".to_owned(),
            (false, Some(unit)) => format!(" {unit}"),
            (false, None) => String::new(),
        };
        format!("1{thousands}234{}5{unit}", self.decimal)
    }

    /// The number in its plain spelling.
    pub(crate) fn plain(&self, text: &str) -> Result<String, &'static str> {
        let mut rest = trim(text);
        if rest.chars().all(char::is_alphabetic) && rest.parse::<f64>().is_ok() {
            return Ok(rest.to_owned());
        }
        let mut minus = false;
        let mut signed = false;
        if self.negative == Some(Negative::Parentheses)
            && let Some(inside) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'))
        {
            (rest, minus, signed) = (trim(inside), true, true);
        }
        let mut unit = false;
        let mut percent = false;
        for _ in 0..2 {
            if !signed && let Some(after) = rest.strip_prefix(['-', '+', '\u{2212}']) {
                (minus, signed) = (!rest.starts_with('+'), true);
                rest = trim(after);
            }
            if !unit && let Some(after) = self.units.iter().find_map(|unit| rest.strip_prefix(unit.as_str())) {
                unit = true;
                rest = trim(after);
            }
        }
        for _ in 0..2 {
            // No minus behind a number.
            rest = without_cents(rest).map_or(rest, |(rest, _)| rest);
            if !signed
                && self.negative == Some(Negative::Trailing)
                && let Some(before) = rest.strip_suffix(['-', '\u{2212}'])
            {
                (rest, minus, signed) = (trim(before), true, true);
            }
            if !percent
                && self.percent
                && let Some(before) = rest.strip_suffix('%')
            {
                (rest, percent) = (trim(before), true);
            }
            if !unit && let Some(before) = self.units.iter().find_map(|unit| rest.strip_suffix(unit.as_str())) {
                (rest, unit) = (trim(before), true);
            }
        }
        let mut plain = String::with_capacity(rest.len() + 4);
        if minus {
            plain.push('-');
        }
        let exponent = self.digits(rest, &mut plain).ok_or(NOT_WRITTEN)?;
        match (self.percent, percent, exponent) {
            (_, true, true) => Err(NOT_WRITTEN),
            (_, true, false) => Ok(plain + "e-2"),
            (true, false, _) if plain.bytes().any(|byte| byte.is_ascii_digit() && byte != b'0') => Err(NO_PERCENT),
            _ => Ok(plain),
        }
    }

    /// Whether there is an exponent; nothing where these are no digits between the marks.
    fn digits(&self, text: &str, plain: &mut String) -> Option<bool> {
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], Some(&text[at + 1..])),
            None => (text, None),
        };
        let (whole, decimals) = match mantissa.rfind(self.decimal) {
            Some(at) => (&mantissa[..at], Some(&mantissa[at + self.decimal.len_utf8()..])),
            None => (mantissa, None),
        };
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let mut groups = whole.split(if self.pointed && decimals.is_some() { &['.'] } else { self.thousands });
        let first = groups.next().unwrap_or_default();
        let (mut twos, mut threes) = (0, 0);
        plain.push_str(first);
        for group in groups {
            match group.len() {
                // Lakhs and crores: `12,34,567`.
                2 if self.thousands == [','] && threes == 0 => twos += 1,
                3 => threes += 1,
                _ => return None,
            }
            if !all_digits(group) {
                return None;
            }
            plain.push_str(group);
        }
        if twos > 0 && threes != 1 {
            return None;
        }
        let grouped = threes > 0;
        let begins = if grouped {
            (1..=if twos > 0 { 2 } else { 3 }).contains(&first.len()) && !first.starts_with('0')
        } else {
            !first.is_empty() || decimals.is_some()
        };
        if !begins || !first.is_empty() && !all_digits(first) {
            return None;
        }
        if let Some(decimals) = decimals {
            if !all_digits(decimals) {
                return None;
            }
            plain.push('.');
            plain.push_str(decimals);
        }
        if let Some(exponent) = exponent {
            if grouped || !all_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)) {
                return None;
            }
            plain.push('e');
            plain.push_str(exponent);
        }
        Some(exponent.is_some())
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_ascii_whitespace() || SPACES.contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::number;

    fn spelling(json: &str) -> Written {
        Written::of(&serde_json::from_str(json).unwrap()).unwrap()
    }

    fn read(written: &Written, text: &str) -> Result<f64, &'static str> {
        written.plain(text).and_then(|plain| number::float(&plain))
    }

    #[test]
    fn what_stands_in_place_of_cents_is_no_minus() {
        let check =
            |json: &str, text: &str, want: &str| assert_eq!(spelling(json).plain(text).as_deref(), Ok(want), "{text}");
        check(r#"{"unit":[".-"]}"#, "1450.-", "1450");
        check(r#"{"unit":["CHF",".-"],"thousands":"'"}"#, "CHF 1'450.-", "1450");
        check(r#"{"unit":["Fr.",".-"]}"#, "343.- Fr.", "343");
        check(r#"{"decimal":",","negative":"trailing"}"#, "343,-", "343");
        check(r#"{"decimal":",","negative":"trailing"}"#, "343,5-", "-343.5");
        check(r#"{"decimal":",","unit":[",--"]}"#, "-343,--", "-343");
        assert!(spelling(r#"{"unit":[".-"]}"#).plain(".-").is_err());
    }

    #[test]
    fn the_example_is_a_number_in_its_spelling() {
        let german = r#"{"decimal": ",", "thousands": ".", "unit": ["€"]}"#;
        let spellings =
            [german, r#"{"decimal": ","}"#, r#"{"thousands": "'", "unit": ["%"]}"#, r#"{"unit": ["$", "US$"]}"#];
        let examples = ["1.234,5 €", "1234,5", "1'234.5 %", "1234.5 $"];
        for (spelling, example) in spellings.into_iter().zip(examples) {
            let written = Written::of(&serde_json::from_str(spelling).unwrap()).unwrap();
            assert_eq!(written.example(), example);
            assert!(written.plain(example).unwrap().starts_with("1234.5"), "{example}");
        }
    }

    #[test]
    fn thousands_and_decimals_as_they_are_declared() {
        let check = |json: &str, good: &[(&str, f64)], bad: &[&str]| {
            let written = spelling(json);
            for (text, value) in good {
                assert_eq!(read(&written, text), Ok(*value), "{json} {text}");
            }
            for text in bad {
                assert!(read(&written, text).is_err(), "{json} {text}");
            }
        };
        check(
            r#"{"decimal": ",", "thousands": "."}"#,
            &[
                ("1.234,56", 1234.56),
                ("-1.234.567", -1_234_567.0),
                ("0,5", 0.5),
                (",5", 0.5),
                ("1234,5", 1234.5),
                ("1e3", 1e3),
            ],
            &["1,234.56", "1.23,4", "12345.678", "1.234,", "1..234", ".123", "1,2,3", "0.123", "", "-", "1.234e2", "x"],
        );
        check(
            r#"{"thousands": ","}"#,
            &[("1,234.56", 1234.56), ("12", 12.0), ("999,999", 999_999.0)],
            &["1.234,56", "1,23", "1234,567", ",123", "1,234,5"],
        );
        check(
            r#"{"thousands": ","}"#,
            &[("12,34,567.00", 1_234_567.0), ("1,23,45,67,890", 1_234_567_890.0), ("45,000", 45_000.0)],
            &["12,34", "12,34,56", "123,45,678", "1,234,56,789", "12,34,567,890", "01,23,456"],
        );
        check(
            r#"{"decimal": ",", "thousands": " "}"#,
            &[("1 234,56", 1234.56), ("1\u{a0}234\u{202f}567", 1_234_567.0), (" 7 ", 7.0)],
            &["1 23", "1  234", "1.234"],
        );
        check(r#"{"thousands": "'"}"#, &[("1'234.56", 1234.56), ("1’234", 1234.0)], &["1'23", "1,234"]);
        check(r#"{"decimal": ","}"#, &[("1,5", 1.5)], &["1.5", "1.234,5"]);
    }

    #[test]
    fn points_before_a_decimal_comma_part_thousands_where_a_column_is_read() {
        let written = spelling(r#"{"decimal": ","}"#).with_points();
        assert_eq!((read(&written, "1.234,5"), read(&written, "1,5")), (Ok(1234.5), Ok(1.5)));
        for text in ["1.5", "1.234", "1.23,4", "0.123,4"] {
            assert!(read(&written, text).is_err(), "{text}");
        }
    }

    #[test]
    fn units_percentages_and_the_negatives_of_accounts() {
        let check = |json: &str, text: &str, value: Result<f64, &'static str>| {
            assert_eq!(read(&spelling(json), text), value, "{json} {text}");
        };
        let euros = r#"{"decimal": ",", "thousands": ".", "unit": ["€", "EUR"]}"#;
        for text in ["1.234,50 €", "€1.234,50", "EUR 1.234,50", "1.234,50\u{a0}EUR", "1.234,50", "+€ 1.234,50"] {
            check(euros, text, Ok(1234.5));
        }
        check(euros, "-€5", Ok(-5.0));
        check(euros, "€ −5", Ok(-5.0));
        for text in ["$5", "€5€", "--5", "€", "5 € EUR"] {
            check(euros, text, Err(NOT_WRITTEN));
        }
        let percent = r#"{"unit": ["%"]}"#;
        check(percent, "12.5 %", Ok(0.125));
        check(percent, "0.1%", Ok(0.001));
        check(percent, "0", Ok(0.0));
        check(percent, "12.5", Err(NO_PERCENT));
        check(percent, "1e2%", Err(NOT_WRITTEN));
        check(r#"{"negative": "parentheses", "unit": ["$"]}"#, "($12.50)", Ok(-12.5));
        check(r#"{"negative": "parentheses"}"#, "(-12)", Err(NOT_WRITTEN));
        check(r#"{"negative": "trailing"}"#, "12.50-", Ok(-12.5));
        check(r#"{"negative": "trailing"}"#, "(12.50)", Err(NOT_WRITTEN));
        check(r#"{"unit": ["US$", "$"]}"#, "US$5", Ok(5.0));
    }
}
