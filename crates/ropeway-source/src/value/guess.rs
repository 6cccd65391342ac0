//! Inference of types from the first rows: the narrowest type that fits every value seen.
//!
//! - `true`/`false` alone make a boolean; `1`, `f`, `no` may mean something else.
//! - Integers have no leading zeros (those are codes) and fit 64 bits (longer ones are identifiers): else text.
//! - Integers and floats together make floats; dates and timestamps together make timestamps. A day that no calendar
//!   shows (30 February) still speaks for a date beside real ones, so that it costs its row and not the column.
//! - Anything else, and a column without any value, is text. JSON strings are never read as numbers or booleans.

use ropeway_vocab::ColumnType;
use serde_json::Value;

use crate::value::calendar;
use crate::value::coercion::Coercion;
use crate::value::number;
use crate::value::zone::ZoneCounts;

/// What a column may still be.
#[derive(Debug, Clone)]
pub(crate) struct Guess {
    seen: bool,
    boolean: bool,
    integer: bool,
    float: bool,
    date: bool,
    timestamp: bool,
    /// Some value is a day or instant that there is; codes that only look like days are text.
    real: bool,
}

impl Default for Guess {
    fn default() -> Self {
        Self { seen: false, boolean: true, integer: true, float: true, date: true, timestamp: true, real: false }
    }
}

impl Guess {
    /// Takes a text of a CSV file into account.
    pub(crate) fn text(&mut self, text: &str, coercion: &Coercion) {
        let text = text.trim_ascii();
        if text.is_empty() || coercion.nulls.contain(text) {
            return;
        }
        self.seen = true;
        self.boolean = self.boolean && number::spells_boolean(text);
        if self.integer || self.float {
            let whole = number::looks_whole(text);
            let odd = whole && (number::looks_like_code(text) || text.parse::<i64>().is_err());
            self.integer = self.integer && whole && !odd;
            self.float = self.float && !odd && number::looks_like_float(text);
        }
        self.time(text, coercion);
    }

    /// Takes the text of a JSON value into account.
    pub(crate) fn json(&mut self, text: &str, coercion: &Coercion) {
        match serde_json::from_str(text) {
            Ok(Value::Null) => {}
            Ok(Value::String(text)) => {
                if text.is_empty() || coercion.nulls.contain(&text) {
                    return;
                }
                self.seen = true;
                (self.boolean, self.integer, self.float) = (false, false, false);
                self.time(text.trim_ascii(), coercion);
            }
            Ok(Value::Bool(_)) => self.only(|only| only.boolean = true),
            _ if number::spells_json(text) => self.only(|only| {
                only.integer = text.parse::<i64>().is_ok();
                only.float = only.integer || !number::looks_whole(text);
            }),
            _ => self.only(|_| ()),
        }
    }

    fn only(&mut self, fits: impl FnOnce(&mut Self)) {
        let mut only = Self {
            seen: true,
            boolean: false,
            integer: false,
            float: false,
            date: false,
            timestamp: false,
            real: false,
        };
        fits(&mut only);
        self.merge(&only);
    }

    fn time(&mut self, text: &str, coercion: &Coercion) {
        if self.date {
            let read = calendar::date(text);
            self.date = read != Err(calendar::NOT_DATE);
            self.real |= read.is_ok();
        }
        if self.timestamp {
            let read = calendar::timestamp(text, &coercion.zone, &mut ZoneCounts::default());
            self.timestamp = read != Err(calendar::NOT_TIMESTAMP);
            self.real |= read.is_ok();
        }
    }

    /// Takes into account what another file says of the same column.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.seen |= other.seen;
        self.boolean &= other.boolean;
        self.integer &= other.integer;
        self.float &= other.float;
        self.date &= other.date;
        self.timestamp &= other.timestamp;
        self.real |= other.real;
    }

    /// The type of the column.
    pub(crate) fn ty(&self) -> ColumnType {
        match self {
            Self { seen: false, .. } => ColumnType::Text,
            Self { boolean: true, .. } => ColumnType::Boolean,
            Self { integer: true, .. } => ColumnType::Integer,
            Self { float: true, .. } => ColumnType::Float,
            Self { date: true, real: true, .. } => ColumnType::Date,
            Self { timestamp: true, real: true, .. } => ColumnType::Timestamp,
            _ => ColumnType::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(values: &[&str], want: ColumnType) {
        let mut guess = Guess::default();
        let coercion =
            Coercion::of(&crate::SourceSettings { null: vec!["NA".into()], ..crate::SourceSettings::of_file("x") });
        for value in values {
            guess.text(value, coercion.as_ref().unwrap());
        }
        assert_eq!(guess.ty(), want, "{values:?}");
    }

    #[test]
    fn the_narrowest_type_that_fits_all() {
        texts(&["true", "FALSE", "NA"], ColumnType::Boolean);
        texts(&["1", "0", "NA", ""], ColumnType::Integer);
        texts(&["1", "-2.5"], ColumnType::Float);
        texts(&["1", "inf", "NaN", "1e999"], ColumnType::Float);
        texts(&["2013-01-01", "2013-02-30"], ColumnType::Date);
        texts(&["12013-01-01", "2013-01-01"], ColumnType::Date);
        texts(&["2013-01-01", "2013-01-01 10:00"], ColumnType::Timestamp);
        texts(&["2013-01-01T10:00:00Z", "2013-01-01T99:00:00Z"], ColumnType::Timestamp);
    }

    #[test]
    fn all_else_is_text() {
        texts(&["NA", "", "NA"], ColumnType::Text);
        texts(&["00501", "10001"], ColumnType::Text);
        texts(&["12345678901234567890"], ColumnType::Text);
        texts(&["1", "true"], ColumnType::Text);
        texts(&["t", "f"], ColumnType::Text);
        texts(&["2013-01-01", "5"], ColumnType::Text);
        texts(&["12345-67-89", "1234-99-10"], ColumnType::Text);
        texts(&["N14228", "1"], ColumnType::Text);
    }

    #[test]
    fn json_says_its_types_itself() {
        let check = |values: &[Value], want| {
            let mut guess = Guess::default();
            values.iter().for_each(|value| guess.json(&value.to_string(), &Coercion::utc()));
            assert_eq!(guess.ty(), want, "{values:?}");
        };
        check(&[json!(true), json!(null)], ColumnType::Boolean);
        check(&[json!(1), json!(2)], ColumnType::Integer);
        check(&[json!(1), json!(2.5)], ColumnType::Float);
        check(&[json!("1"), json!("2")], ColumnType::Text);
        check(&[json!("2013-01-01"), json!("2013-01-01T00:00:00Z")], ColumnType::Timestamp);
        check(&[json!(1), json!("a")], ColumnType::Text);
        check(&[json!(u64::MAX)], ColumnType::Text);
        check(&[json!([1])], ColumnType::Text);
        let mut guess = Guess::default();
        guess.json("12345678901234567890123", &Coercion::utc());
        assert_eq!(guess.ty(), ColumnType::Text, "an identifier, as in a CSV file");
        check(&[], ColumnType::Text);
    }
}
