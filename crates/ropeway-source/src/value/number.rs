//! Texts to integers and floats. The reasons say what is wrong without repeating the value, which may be
//! about a person.

/// An integer that does not fit 64 bits.
pub(crate) const INTEGER_RANGE: &str = "is out of the range of 64-bit integers";
/// A finite decimal beyond the greatest double.
pub(crate) const FLOAT_RANGE: &str = "is out of the range of floats";
const NOT_INTEGER: &str = "is not an integer";
const NOT_FLOAT: &str = "is not a number";

/// Whole numbers below are exact in a double, and so is their way back to an integer; the next one rounds to this.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// An integer; `12.0` counts as one, because tools write integers so once a column has missing values.
#[inline]
pub(crate) fn integer(text: &str) -> Result<i64, &'static str> {
    match text.parse() {
        Ok(value) => Ok(value),
        Err(_) => unusual_integer(text),
    }
}

#[cold]
fn unusual_integer(text: &str) -> Result<i64, &'static str> {
    if looks_whole(text) {
        return Err(INTEGER_RANGE);
    }
    float(text).ok().and_then(whole).ok_or(NOT_INTEGER)
}

/// The integer that a double holds exactly.
pub(crate) fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() < EXACT).then_some(value as i64)
}

/// Whether a text is a sign and digits.
pub(crate) fn looks_whole(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text has the digits of a number or a date, and no more letters than a unit or the name of a month.
pub(crate) fn is_mostly_digits(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    digits > 0 && letters <= 3 && digits >= letters
}

/// Whether a text is digits with a leading zero, as codes have: `00501` is no quantity.
pub fn looks_like_code(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0') && looks_whole(text)
}

/// A float: decimal or scientific notation, `inf`, `infinity`, `nan` in any case. A finite number beyond the range
/// is refused rather than made infinite.
#[inline]
pub(crate) fn float(text: &str) -> Result<f64, &'static str> {
    match text.parse::<f64>() {
        Ok(value) if value.is_infinite() && text.bytes().any(|byte| byte.is_ascii_digit()) => Err(FLOAT_RANGE),
        Ok(value) => Ok(value),
        Err(_) => Err(NOT_FLOAT),
    }
}

/// Whether a text is written like a float, even one out of range.
pub(crate) fn looks_like_float(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

/// Whether a text is a number with a point before its decimals, as programs write it.
pub(crate) fn has_point(text: &str) -> bool {
    text.contains('.') && looks_like_float(text)
}

/// Whether a text is a number as JSON writes it: no leading zero or plus, a digit on each side of the point.
pub(crate) fn spells_json(text: &str) -> bool {
    let (first, last) = (text.bytes().next(), text.bytes().next_back());
    let ends = first.is_some_and(|byte| byte == b'-' || byte.is_ascii_digit())
        && last.is_some_and(|byte| byte.is_ascii_digit());
    ends && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_in_the_spellings_of_common_tools() {
        assert_eq!(integer("12"), Ok(12));
        assert_eq!(integer("-12"), Ok(-12));
        assert_eq!(integer("+7"), Ok(7));
        assert_eq!(integer("007"), Ok(7));
        assert_eq!(integer("12.0"), Ok(12));
        assert_eq!(integer("1e3"), Ok(1_000));
        assert_eq!(integer("9223372036854775807"), Ok(i64::MAX));
        assert_eq!(integer("9223372036854775808"), Err(INTEGER_RANGE));
        for text in ["", "-", "1.5", "0x10", "1_000", "inf", "NaN", "1e300", "12 34", "9007199254740993.0"] {
            assert_eq!(integer(text), Err(NOT_INTEGER), "{text}");
        }
    }

    #[test]
    fn floats_keep_infinities_and_refuse_overflow() {
        assert_eq!(float("1.5e-3"), Ok(0.0015));
        assert_eq!(float("-inf"), Ok(f64::NEG_INFINITY));
        assert_eq!(float("Infinity"), Ok(f64::INFINITY));
        assert!(float("NaN").is_ok_and(f64::is_nan));
        assert_eq!(float("1e999"), Err(FLOAT_RANGE));
        assert_eq!(float("1,5"), Err(NOT_FLOAT));
    }

    #[test]
    fn numbers_of_json() {
        for text in ["0", "-1.10", "1e400", "12345678901234567890123", "2E+5"] {
            assert!(spells_json(text), "{text}");
        }
        for text in ["", "-", "007", "+1", ".5", "5.", "1e", "NaN", " 1", "1 ", "true", "1,2", "0x1"] {
            assert!(!spells_json(text), "{text}");
        }
    }

    #[test]
    fn codes_with_leading_zeros_are_no_quantities() {
        assert!(looks_like_code("00501") && !looks_like_code("0") && !looks_like_code("0.5") && !looks_like_code("10"));
    }
}
