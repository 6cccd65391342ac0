//! What a column of text would be but for a few values: how many of the values seen are numbers, how many are times,
//! and which are neither.

use ropeway_vocab::ColumnType;

use crate::value::coercion::{Coercion, shapeless};
use crate::value::missing::says_missing;
use crate::value::number;
use crate::value::zone::ZoneCounts;

/// A column is a text by exception only where so many values speak for another type.
const SPEAKING: u64 = 19;
/// One exception, spellings of a missing value aside, among so many values.
const ONE_IN: u64 = 20;
/// Different values of a kind that are kept.
const KEPT: usize = 3;

/// Where a value stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) file: &'a str,
    pub(crate) line: u64,
}

impl At<'_> {
    /// The first of such values.
    pub(crate) fn odd(self, value: &str) -> OddValue {
        OddValue { value: value.to_owned(), file: self.file.to_owned(), line: self.line, rows: 1 }
    }
}

/// A value that is not what nearly all others of its column are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OddValue {
    /// The value, as the file has it.
    pub value: String,
    /// The file in which it stands first.
    pub file: String,
    /// The line on which its row begins there.
    pub line: u64,
    /// How many of the rows looked at have it.
    pub rows: u64,
}

/// The type that a column of text would have but for its odd values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ButFor {
    pub(crate) ty: ColumnType,
    pub(crate) fit: u64,
    pub(crate) of: u64,
    pub(crate) odd: Vec<OddValue>,
}

/// What a value is.
enum Class {
    Number { whole: bool },
    Code,
    Time { day: bool, real: bool },
    Missing,
    Other,
}

/// Values of a class: their number, and the first different ones.
#[derive(Debug, Clone, Default)]
struct Group {
    count: u64,
    first: Vec<OddValue>,
}

/// What was seen of a column.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    numbers: Group,
    times: Group,
    missing: Group,
    others: Group,
    /// Some number is no integer, some time no day, some time real, some digits a code.
    broken: bool,
    clock: bool,
    real: bool,
    code: bool,
}

impl Evidence {
    /// Takes a value of a CSV file into account.
    pub(crate) fn text(&mut self, text: &str, at: At<'_>, coercion: &Coercion) {
        // Most texts are texts: as soon as that is clear nothing more is looked at.
        if self.others.count > 500 && self.others.count > self.numbers.count.max(self.times.count) {
            return;
        }
        let plain = coercion.written.as_ref().map(|written| written.plain(text).unwrap_or_default());
        let class = if coercion.dated { None } else { number(plain.as_deref().unwrap_or(text)) };
        self.take(class.unwrap_or_else(|| other(text, coercion)), text, at);
    }

    /// Takes a text of JSON into account: it is no number, whatever it says.
    pub(crate) fn json_text(&mut self, text: &str, at: At<'_>, coercion: &Coercion) {
        self.take(other(text, coercion), text, at);
    }

    /// Takes a JSON value that is no text into account.
    pub(crate) fn json_value(&mut self, json: &str, at: At<'_>) {
        let class = if number::spells_json(json) { number(json) } else { None };
        self.take(class.unwrap_or(Class::Other), json, at);
    }

    fn take(&mut self, class: Class, value: &str, at: At<'_>) {
        let group = match class {
            Class::Number { whole } => {
                self.broken |= !whole;
                &mut self.numbers
            }
            Class::Time { day, real } => {
                self.clock |= !day;
                self.real |= real;
                &mut self.times
            }
            Class::Missing => &mut self.missing,
            Class::Code => {
                self.code = true;
                &mut self.others
            }
            Class::Other => &mut self.others,
        };
        group.add(value, at, 1);
    }

    /// Takes so many numbers into account as the first of them says.
    pub(crate) fn numbers(&mut self, plain: &OddValue, whole: bool) {
        self.broken |= !whole;
        self.numbers.start(plain);
    }

    /// Takes so many times into account as the first of them says.
    pub(crate) fn times(&mut self, plain: &OddValue, days: bool, real: bool) {
        self.clock |= !days;
        self.real |= real;
        self.times.start(plain);
    }

    /// Takes into account what another file says of the same column.
    pub(crate) fn merge(&mut self, other: &Self) {
        let groups = [&mut self.numbers, &mut self.times, &mut self.missing, &mut self.others];
        for (group, other) in groups.into_iter().zip([&other.numbers, &other.times, &other.missing, &other.others]) {
            let before = group.count;
            other.first.iter().for_each(|odd| group.add(&odd.value, odd.at(), odd.rows));
            group.count = before + other.count;
        }
        self.broken |= other.broken;
        self.clock |= other.clock;
        self.real |= other.real;
        self.code |= other.code;
    }

    /// The type but for exceptions, where nearly all values speak for one.
    pub(crate) fn but_for(&self) -> Option<ButFor> {
        let numeric = self.numbers.count >= self.times.count;
        if if numeric { self.code } else { !self.real } {
            return None;
        }
        let (most, fewer) = if numeric { (&self.numbers, &self.times) } else { (&self.times, &self.numbers) };
        let strange = fewer.count + self.others.count;
        let exceptions = strange + self.missing.count;
        let speaks = most.count >= SPEAKING.max(self.missing.count);
        if exceptions == 0 || !speaks || strange * ONE_IN > most.count + strange {
            return None;
        }
        let ty = match (numeric, self.broken, self.clock) {
            (true, false, _) => ColumnType::Integer,
            (true, true, _) => ColumnType::Float,
            (false, _, false) => ColumnType::Date,
            (false, _, true) => ColumnType::Timestamp,
        };
        let groups = [&self.others, fewer, &self.missing];
        let odd = groups.into_iter().flat_map(|group| group.first.iter().cloned()).take(KEPT).collect();
        Some(ButFor { ty, fit: most.count, of: most.count + exceptions, odd })
    }
}

impl OddValue {
    fn at(&self) -> At<'_> {
        At { file: &self.file, line: self.line }
    }
}

impl Group {
    /// Only the first of these values is known.
    fn start(&mut self, plain: &OddValue) {
        self.add(&plain.value, plain.at(), 1);
        self.count += plain.rows - 1;
    }

    fn add(&mut self, value: &str, at: At<'_>, rows: u64) {
        self.count += rows;
        let more = self.first.len() < KEPT;
        match self.first.iter_mut().find(|odd| odd.value == value) {
            Some(odd) => odd.rows += rows,
            None if more => {
                self.first.push(OddValue { rows, ..at.odd(value) });
            }
            None => {}
        }
    }
}

fn number(text: &str) -> Option<Class> {
    if number::looks_whole(text) {
        let odd = number::looks_like_code(text) || text.parse::<i64>().is_err();
        return Some(if odd { Class::Code } else { Class::Number { whole: true } });
    }
    number::looks_like_float(text).then_some(Class::Number { whole: false })
}

fn other(text: &str, coercion: &Coercion) -> Class {
    let day = coercion.date(text);
    let instant = coercion.timestamp(text, &mut ZoneCounts::default());
    match (shapeless(&day), shapeless(&instant)) {
        (true, true) if says_missing(text) => Class::Missing,
        (true, true) => Class::Other,
        (other, _) => Class::Time { day: !other, real: day.is_ok() || instant.is_ok() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[(&str, u64)]) -> Option<ButFor> {
        let mut halves = [Evidence::default(), Evidence::default()];
        let all = values.iter().flat_map(|(value, times)| std::iter::repeat_n(*value, *times as usize));
        for (index, value) in all.enumerate() {
            let at = At { file: "f.csv", line: 2 + index as u64 };
            halves[index % 2].text(value, at, &Coercion::utc());
        }
        let [mut all, other] = halves;
        all.merge(&other);
        all.but_for()
    }

    #[test]
    fn a_few_strange_values_among_many_of_one_type_are_exceptions() {
        let check = |values: &[(&str, u64)], ty: ColumnType, fit: u64, of_all: u64, first: &str| {
            let found = of(values).unwrap();
            assert_eq!((found.ty, found.fit, found.of, found.odd[0].value.as_str()), (ty, fit, of_all, first));
        };
        check(&[("7", 30), ("12x", 1)], ColumnType::Integer, 30, 31, "12x");
        check(&[("7", 30), ("1.5", 9), ("12x", 2)], ColumnType::Float, 39, 41, "12x");
        check(&[("7", 19), ("NA", 15)], ColumnType::Integer, 19, 34, "NA");
        check(&[("7", 40), ("NA", 15), ("see note", 1)], ColumnType::Integer, 40, 56, "see note");
        check(&[("2024-01-02", 40), ("soon", 1)], ColumnType::Date, 40, 41, "soon");
        check(&[("2024-01-02 10:00", 40), ("0", 2)], ColumnType::Timestamp, 40, 42, "0");
        let found = of(&[("7", 60), ("a", 2), ("b", 1)]).unwrap();
        let odd = |value: &str, line, rows| OddValue { value: value.into(), file: "f.csv".into(), line, rows };
        assert_eq!(found.odd, [odd("a", 62, 2), odd("b", 64, 1)]);
    }

    #[test]
    fn texts_codes_and_mixtures_are_no_such_columns() {
        let check = |values: &[(&str, u64)]| assert_eq!(of(values), None, "{values:?}");
        check(&[]);
        check(&[("7", 1_000)]);
        check(&[("7", 18), ("NA", 1)]);
        check(&[("7", 19), ("NA", 20)]);
        check(&[("7", 94), ("a", 6)]);
        check(&[("10001", 900), ("00501", 10)]);
        check(&[("10001", 900), ("12345678901234567890", 1)]);
        check(&[("1234-99-10", 100), ("x", 1)]);
        check(&[("Bern", 1_000), ("7", 20)]);
    }
}
