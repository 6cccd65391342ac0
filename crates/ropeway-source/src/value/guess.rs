//! Inference of types from the first rows: the narrowest type that fits every value seen.
//!
//! - `true`/`false` alone make a boolean; `1`, `f`, `no` may mean something else.
//! - Integers have no leading zeros (those are codes) and fit 64 bits (longer ones are identifiers): else text.
//! - Integers and floats together make floats; dates and timestamps together make timestamps. A day that no calendar
//!   shows (30 February) still speaks for a date beside real ones, so that it costs its row and not the column.
//! - Anything else, and a column without any value, is text. JSON strings are never read as numbers or booleans.

use ropeway_vocab::ColumnType;
use serde_json::Value;

use crate::value::boolean;
use crate::value::coercion::{Coercion, shapeless};
use crate::value::evidence::{At, ButFor, Evidence, OddValue};
use crate::value::number;
use crate::value::zone::ZoneCounts;

/// What a column may still be, and what speaks against it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Guess {
    fits: Fits,
    /// The first value and how many there were while all of them were numbers, or all times: most columns are plain.
    plain: Option<OddValue>,
    /// What the values speak for one by one, from where they are no longer of one kind.
    evidence: Evidence,
}

/// The types that fit every value so far.
#[derive(Debug, Clone, Copy)]
struct Fits {
    seen: bool,
    boolean: bool,
    integer: bool,
    float: bool,
    date: bool,
    timestamp: bool,
    /// Some value is a day or instant that there is; codes that only look like days are text.
    real: bool,
}

impl Default for Fits {
    fn default() -> Self {
        Self { seen: false, boolean: true, integer: true, float: true, date: true, timestamp: true, real: false }
    }
}

impl Guess {
    /// Takes a text of a CSV file into account.
    pub(crate) fn text(&mut self, text: &str, at: At<'_>, coercion: &Coercion) {
        let text = text.trim_ascii();
        if text.is_empty() || coercion.nulls.contain(text) {
            return;
        }
        let before = self.fits;
        self.fits.text(text, coercion);
        self.witness(before, text, at, |evidence| evidence.text(text, at, coercion));
    }

    /// Takes the text of a JSON value into account.
    pub(crate) fn json(&mut self, json: &str, at: At<'_>, coercion: &Coercion) {
        let before = self.fits;
        match serde_json::from_str(json) {
            Ok(Value::Null) => {}
            Ok(Value::String(text)) => {
                if text.is_empty() || coercion.nulls.contain(&text) {
                    return;
                }
                let text = text.trim_ascii();
                self.fits.json_text(text, coercion);
                self.witness(before, text, at, |evidence| evidence.json_text(text, at, coercion));
            }
            value => {
                let boolean = matches!(value, Ok(Value::Bool(_)));
                if coercion.dated && coercion.numbers_are_times() && !boolean {
                    self.fits.json_text(json, coercion);
                } else {
                    self.fits.json_value(json, boolean);
                }
                self.witness(before, json, at, |evidence| evidence.json_value(json, at));
            }
        }
    }

    /// Counts a value as one of a plain column, or lets it speak for itself.
    fn witness(&mut self, before: Fits, value: &str, at: At<'_>, speak: impl FnOnce(&mut Evidence)) {
        if self.fits.of_one_kind() {
            match &mut self.plain {
                Some(plain) => plain.rows += 1,
                None => self.plain = Some(at.odd(value)),
            }
            return;
        }
        if let Some(plain) = self.plain.take() {
            before.speak(&plain, &mut self.evidence);
        }
        speak(&mut self.evidence);
    }

    /// Takes into account what another file says of the same column.
    pub(crate) fn merge(&mut self, other: &Self) {
        for guess in [&*self, other].map(|guess| (guess.plain.clone(), guess.fits)) {
            if let (Some(plain), fits) = guess {
                fits.speak(&plain, &mut self.evidence);
            }
        }
        self.plain = None;
        self.evidence.merge(&other.evidence);
        self.fits.merge(&other.fits);
    }

    /// The type that the column would have but for a few values, where it is a text for their sake.
    pub(crate) fn but_for(&self) -> Option<ButFor> {
        if self.ty() == ColumnType::Text { self.evidence.but_for() } else { None }
    }

    /// The type of the column.
    pub(crate) fn ty(&self) -> ColumnType {
        self.fits.ty()
    }
}

impl Fits {
    fn text(&mut self, text: &str, coercion: &Coercion) {
        self.seen = true;
        self.boolean = self.boolean && boolean::spells_boolean(text);
        if coercion.dated {
            (self.integer, self.float) = (false, false);
        }
        if self.integer || self.float {
            let plain = coercion.written.as_ref().map(|written| written.plain(text).unwrap_or_default());
            let text = plain.as_deref().unwrap_or(text);
            let whole = number::looks_whole(text);
            let odd = whole && (number::looks_like_code(text) || text.parse::<i64>().is_err());
            self.integer = self.integer && whole && !odd;
            self.float = self.float && !odd && number::looks_like_float(text);
        }
        self.time(text, coercion);
    }

    fn json_text(&mut self, text: &str, coercion: &Coercion) {
        self.seen = true;
        (self.boolean, self.integer, self.float) = (false, false, false);
        self.time(text, coercion);
    }

    fn json_value(&mut self, json: &str, boolean: bool) {
        let number = !boolean && number::spells_json(json);
        let integer = number && json.parse::<i64>().is_ok();
        let float = number && (integer || !number::looks_whole(json));
        self.merge(&Self { seen: true, boolean, integer, float, date: false, timestamp: false, real: false });
    }

    fn time(&mut self, text: &str, coercion: &Coercion) {
        if self.date {
            let read = coercion.date(text);
            self.date = !shapeless(&read);
            self.real |= read.is_ok();
        }
        if self.timestamp {
            let read = coercion.timestamp(text, &mut ZoneCounts::default());
            self.timestamp = !shapeless(&read);
            self.real |= read.is_ok();
        }
    }

    fn merge(&mut self, other: &Self) {
        self.seen |= other.seen;
        self.boolean &= other.boolean;
        self.integer &= other.integer;
        self.float &= other.float;
        self.date &= other.date;
        self.timestamp &= other.timestamp;
        self.real |= other.real;
    }

    /// Whether all values are numbers, or all are times.
    fn of_one_kind(&self) -> bool {
        self.integer || self.float || self.date || self.timestamp
    }

    /// Lets the values of a plain column speak.
    fn speak(&self, plain: &OddValue, evidence: &mut Evidence) {
        if self.integer || self.float {
            evidence.numbers(plain, self.integer);
        } else {
            evidence.times(plain, self.date, self.real);
        }
    }

    fn ty(&self) -> ColumnType {
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
            guess.text(value, At { file: "x", line: 1 }, coercion.as_ref().unwrap());
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
    fn what_stands_first_may_be_the_exception() {
        let check = |odd: &str, usual: &str, ty: ColumnType| {
            let mut guesses = [Guess::default(), Guess::default()];
            for line in 1..=80 {
                let value = if line <= 2 { odd } else { usual };
                guesses[line as usize % 2].text(value, At { file: "x", line }, &Coercion::utc());
            }
            let [mut guess, other] = guesses;
            guess.merge(&other);
            let found = guess.but_for().unwrap();
            assert_eq!((found.ty, found.fit, found.of), (ty, 78, 80));
            assert_eq!((found.odd[0].value.as_str(), found.odd[0].line, found.odd[0].rows), (odd, 2, 2));
        };
        check("0", "2024-01-01", ColumnType::Date);
        check("2024-01-01", "7.5", ColumnType::Float);
        check("none", "2024-01-01 10:00", ColumnType::Timestamp);
        check("x", "7", ColumnType::Integer);
    }

    #[test]
    fn json_says_its_types_itself() {
        let check = |values: &[Value], want| {
            let mut guess = Guess::default();
            let at = At { file: "x", line: 1 };
            values.iter().for_each(|value| guess.json(&value.to_string(), at, &Coercion::utc()));
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
        guess.json("12345678901234567890123", At { file: "x", line: 1 }, &Coercion::utc());
        assert_eq!(guess.ty(), ColumnType::Text, "an identifier, as in a CSV file");
        check(&[], ColumnType::Text);
    }
}
