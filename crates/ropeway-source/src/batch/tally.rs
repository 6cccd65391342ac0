//! The counts of a read and its quarantine. Rows in are rows kept and rows rejected, always.

use ropeway_vocab::{ColumnSpec, Kind, Place, Problem, without_mails};
use serde::{Deserialize, Serialize};

use crate::batch::column::NOT_UTF8;
use crate::notice::Noticed;
use crate::value::calendar::TOO_FINE;
use crate::value::zone::ZoneCounts;

/// How many rejected rows are kept with their value and reason; all are counted.
const QUARANTINE: usize = 10_000;
/// How many characters of a rejected value are kept.
const VALUE_CHARS: usize = 200;
/// How many places of swallowed lines are kept and shown; all are counted.
const SHOWN: usize = 3;
/// What stands for a value about a person.
pub(crate) const MASK: &str = "***";

/// A row that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// The file, relative to the project.
    pub file: String,
    /// The line on which the row begins, from 1; in Parquet the number of the row.
    pub line: u64,
    /// The column whose value does not fit; none where the row as a whole does not.
    pub column: Option<String>,
    /// The value as written, at most 200 characters, `***` if personal.
    pub value: String,
    /// Why: completes the sentence "the value ...".
    pub reason: String,
}

impl Rejected {
    /// What is wrong, without the place.
    pub fn what(&self) -> String {
        match &self.column {
            Some(column) => format!("column `{column}`: `{}` {}", self.value, self.reason),
            None => format!("the row {}", self.reason),
        }
    }
}

impl std::fmt::Display for Rejected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what())
    }
}

/// Lines and rows around the table that are no part of it, and were left out as the source says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Lines above the header (`skip_lines`).
    pub above: u64,
    /// Comments (`comment`).
    pub comments: u64,
    /// Rows at the end (`skip_footer`).
    pub footer: u64,
}

impl Skipped {
    /// All of them.
    pub fn all(&self) -> u64 {
        self.above + self.comments + self.footer
    }

    /// Whether there are none.
    pub fn none(&self) -> bool {
        self.all() == 0
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.above += other.above;
        self.comments += other.comments;
        self.footer += other.footer;
    }
}

/// Lines that stand within quotes and are rows by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Swallowed {
    pub(crate) file: String,
    /// The line on which the record begins that they are in.
    pub(crate) line: u64,
    /// The first and the last of them.
    pub(crate) first: u64,
    pub(crate) last: u64,
    /// How many there are.
    pub(crate) rows: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) rows_in: u64,
    pub(crate) rejected: u64,
    pub(crate) quarantine: Vec<Rejected>,
    pub(crate) zone: ZoneCounts,
    pub(crate) skipped: Skipped,
    /// The first places of swallowed lines, the number of all, and that of the lines in them.
    swallowed: (Vec<Swallowed>, u64, u64),
    personal: bool,
    /// How many rejected rows are kept.
    most: usize,
    /// Whether nobody asks what was noticed.
    unasked: bool,
}

impl Tally {
    /// `columns` say what is masked.
    pub(crate) fn new(columns: &[ColumnSpec]) -> Self {
        Self { personal: columns.iter().any(|column| column.personal), most: QUARANTINE, ..Self::default() }
    }

    /// The same, keeping every rejected row: who asks takes them out batch by batch, and asks for nothing else.
    pub(crate) fn of_batches(columns: &[ColumnSpec]) -> Self {
        Self { most: usize::MAX, unasked: true, ..Self::new(columns) }
    }

    /// Counts lines that quotes made part of a field, where somebody asks for them.
    pub(crate) fn swallow(&mut self, look: impl FnOnce() -> Option<Swallowed>) {
        let (first, places, rows) = &mut self.swallowed;
        if !self.unasked
            && let Some(found) = look()
        {
            (*places, *rows) = (*places + 1, *rows + found.rows);
            if first.len() < SHOWN {
                first.push(found);
            }
        }
    }

    /// Rejects a row for one of its values.
    pub(crate) fn reject_value(&mut self, file: &str, line: u64, column: &ColumnSpec, value: &str, reason: &str) {
        let masked = column.personal;
        self.reject(file, line, Some(&column.name), if masked { MASK } else { value }, reason);
    }

    /// Rejects a row as a whole; `row` is its text.
    pub(crate) fn reject_row(&mut self, file: &str, line: u64, row: &str, reason: &str) {
        let masked = self.personal;
        self.reject(file, line, None, if masked { MASK } else { row }, reason);
    }

    fn reject(&mut self, file: &str, line: u64, column: Option<&str>, value: &str, reason: &str) {
        self.rejected += 1;
        if self.quarantine.len() < self.most {
            self.quarantine.push(Rejected {
                file: file.to_owned(),
                line,
                column: column.map(str::to_owned),
                value: shortened(value),
                reason: reason.to_owned(),
            });
        }
    }

    pub(crate) fn kept(&self) -> u64 {
        self.rows_in.saturating_sub(self.rejected)
    }

    /// What is to be known of lines that quotes made part of a field.
    pub(crate) fn noticed(&self) -> Option<Noticed> {
        let (kept, places, rows) = &self.swallowed;
        let first = kept.first()?;
        let lines = |found: &Swallowed| {
            let Swallowed { file, line, first, last, .. } = found;
            let to = if first == last { String::new() } else { format!(" to {last}") };
            format!("{file}:{first}{to} (in the field that begins on line {line})")
        };
        let shown: Vec<String> = kept.iter().map(lines).collect();
        let more = if *places > SHOWN as u64 { ", and others" } else { "" };
        let what = format!(
            "within quotes {}: {}{more}",
            if *rows == 1 {
                "stands a line that has the fields of a row, and is lost as one".to_owned()
            } else {
                format!("stand {rows} lines that have the fields of a row, and are lost as rows")
            },
            shown.join(", ")
        );
        let remedy = "look whether a quote is missing or one too many there, and mend it; say `quote = \"\"` at the source \
                      if quotes mean nothing in this file";
        Some(Noticed::new("swallowed-lines", what, remedy).at(&first.file, Some(first.line)))
    }
}

/// A value in a length that a message can bear, without the mail addresses in it.
pub(crate) fn shortened(value: &str) -> String {
    let value = &*without_mails(value);
    match value.char_indices().nth(VALUE_CHARS) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// The refusal of a source that rejects a greater share of its rows than `tolerate`.
pub(crate) fn too_many(name: &str, tally: &Tally, tolerate: f64) -> Option<Problem> {
    let (rejected, rows) = (tally.rejected as f64, tally.rows_in as f64);
    if tally.rejected == 0 || rejected <= tolerate * rows {
        return None;
    }
    let first: Vec<String> = tally.quarantine.iter().take(3).map(Rejected::to_string).collect();
    let what = format!(
        "source `{name}`: {} of {} rows are rejected, more than the tolerated share of {tolerate}; the first: {}",
        tally.rejected,
        tally.rows_in,
        first.join("; ")
    );
    let remedy = match tally.quarantine.first().and_then(|row| row.column.as_deref()) {
        _ if tally.quarantine.first().is_some_and(|row| row.reason == TOO_FINE) => {
            "`finer = \"cut\"` at the source cuts times to whole microseconds; or raise `tolerate`".to_owned()
        }
        _ if tally.quarantine.first().is_some_and(|row| row.reason.starts_with(NOT_UTF8)) => {
            "say the encoding of the file at the source, for example `encoding = \"windows-1252\"`; or save it in UTF-8"
                .to_owned()
        }
        Some(column) => format!(
            "mend the file, add the spelling to `null`, give the column its type (`types.{column} = \"text\"` takes everything), or raise `tolerate`"
        ),
        None => "mend the file, or raise `tolerate`".to_owned(),
    };
    let problem = Problem::new(Kind::Refused, "too-many-rejected", what).remedy(remedy);
    Some(match tally.quarantine.first() {
        Some(row) => problem.at(Place::line(&row.file, row.line)),
        None => problem,
    })
}

#[cfg(test)]
mod tests {
    use ropeway_vocab::ColumnType;

    use super::*;

    fn column(personal: bool) -> ColumnSpec {
        ColumnSpec { name: "name".into(), ty: ColumnType::Integer, known_ahead: false, personal }
    }

    #[test]
    fn personal_values_are_masked_alone_and_in_their_row() {
        let mut tally = Tally::new(&[column(true)]);
        tally.reject_value("f", 1, &column(true), "Ada", "is not an integer");
        tally.reject_row("f", 2, "Ada,1", "has 2 fields");
        assert!(tally.quarantine.iter().all(|row| row.value == "***"));
        assert!(!format!("{:?}", tally.quarantine).contains("Ada"));
    }

    #[test]
    fn mail_addresses_are_masked_in_any_column_and_row() {
        let mut tally = Tally::new(&[column(false)]);
        tally.reject_value("f", 1, &column(false), "ask ada@mail.example", "is not an integer");
        tally.reject_row("f", 2, "Ada,ada@mail.example,1", "has 3 fields");
        let kept: Vec<&str> = tally.quarantine.iter().map(|row| row.value.as_str()).collect();
        assert_eq!(kept, ["ask ***", "Ada,***,1"]);
    }

    #[test]
    fn all_are_counted_and_the_first_are_kept_in_a_bearable_length() {
        let mut tally = Tally::new(&[column(false)]);
        for line in 0..QUARANTINE as u64 + 5 {
            tally.reject_value("f", line, &column(false), &"é".repeat(500), "is not an integer");
        }
        assert_eq!((tally.rejected, tally.quarantine.len()), (QUARANTINE as u64 + 5, QUARANTINE));
        assert_eq!(tally.quarantine[0].value.chars().count(), VALUE_CHARS + 1);
    }

    #[test]
    fn all_swallowed_lines_are_counted_and_the_first_places_shown() {
        let found = |line| Swallowed { file: "f.csv".into(), line, first: line + 1, last: line + 2, rows: 2 };
        let mut tally = Tally::new(&[column(false)]);
        (0..5_000).for_each(|line| tally.swallow(|| Some(found(line))));
        let what = tally.noticed().unwrap().what;
        assert!(
            what.contains("stand 10000 lines") && what.contains("f.csv:1 to 2") && what.contains("others"),
            "{what}"
        );
        let mut unasked = Tally::of_batches(&[column(false)]);
        unasked.swallow(|| panic!("nobody asks, and it is looked at"));
        assert!(unasked.noticed().is_none());
    }

    #[test]
    fn the_tolerated_share_itself_is_tolerated() {
        let mut tally = Tally { rows_in: 100, ..Tally::new(&[column(false)]) };
        tally.reject_value("f.csv", 7, &column(false), "x", "is not an integer");
        assert!(too_many("s", &tally, 0.01).is_none());
        let problem = too_many("s", &tally, 0.009).unwrap();
        assert_eq!(problem.kind(), Kind::Refused);
        assert!(problem.to_string().contains("1 of 100 rows") && problem.to_string().contains("f.csv:7"), "{problem}");
        assert!(too_many("s", &Tally::default(), 0.0).is_none());
    }
}
