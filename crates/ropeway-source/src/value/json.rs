//! A JSON value as it is read wherever it stands, in a line of a file or in a request.

use serde_json::Value;

use crate::value::number::looks_whole;

/// The value of a JSON text. A whole number that no 64-bit integer holds (`-0`, the digits of a long identifier) is the
/// text of its digits: as a number it would be a double, which is written otherwise.
///
/// # Errors
/// What is no JSON, is nested too deeply, or is a number beyond doubles.
pub fn json_value(json: &str) -> serde_json::Result<Value> {
    let value: Value = serde_json::from_str(json)?;
    let digits = json.trim_ascii();
    match &value {
        Value::Number(number) if number.is_f64() && looks_whole(digits) => Ok(Value::String(digits.to_owned())),
        _ => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_number_beyond_64_bits_keeps_its_digits() {
        let check = |text: &str, value: Value| assert_eq!(json_value(text).unwrap(), value, "{text}");
        check("-0", json!("-0"));
        check(" 123456789012345678901 ", json!("123456789012345678901"));
        check("-9223372036854775808", json!(i64::MIN));
        check("18446744073709551615", json!(u64::MAX));
        check("-0.0", json!(-0.0));
        check("1e3", json!(1000.0));
        check("\"-0\"", json!("-0"));
        check("[-0]", json!([-0.0]));
        assert!(json_value("1e400").is_err() && json_value("-").is_err());
    }
}
