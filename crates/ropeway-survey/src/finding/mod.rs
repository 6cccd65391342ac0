//! What is to be known of a table before anybody trains on it: one finding a file, each with its evidence in counts and the
//! decision that follows from it.

mod birth;
mod constant;
mod copy;
mod distinct_key;
mod duplicate;
pub(crate) mod entity;
mod group;
pub(crate) mod identifier;
mod key;
pub(crate) mod label;
mod leak;
mod list;
mod object;
pub(crate) mod person;
mod personal;
mod sentinel;
pub(crate) mod spelling;
#[cfg(test)]
mod surveyed;
mod text;
mod time;
mod time_of_classes;
pub(crate) mod weight;
mod when;
pub(crate) mod words;
mod zeros;

use ropeway_source::TextSpelling;
use ropeway_stat::ValueCount;
use ropeway_vocab::ColumnType;
use serde::{Deserialize, Serialize};

use crate::seen::{Column, Seen};
use crate::survey::Ask;
use label::LabelSurvey;

/// What sort of finding it is; the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// A column alone tells the label.
    LeakSeparates,
    /// A column is missing, or has a value, for one class alone.
    LeakMissing,
    /// A level of a column is of one class alone.
    LeakLevel,
    /// A column is of a time after the example, or is called so.
    LeakLater,
    /// An identifier sorts with the label.
    LeakOrder,
    /// A column is about people.
    Personal,
    /// Some texts of a column hold how to reach people, or what they pay with.
    PersonalText,
    /// What looks like names of people, in a column that is called as things are.
    MaybePersonal,
    /// Rows belong together, and would stand on both sides of a split.
    Group,
    /// Rows belong together that are so many of each group that new ones are rather of the same; or a column may name what rows
    /// belong to, and nothing says that new rows are of others.
    KnownGroups,
    /// Rows are equal in all but what numbers them.
    CopiedRows,
    /// Rows are equal in all but what numbers them and when they were written down.
    CopiedLater,
    /// A date lies after the time of its row.
    DatedLater,
    /// Rows have a time, by which they are to be split.
    Time,
    /// Rows have a time in whose order the classes of the label stand one after the other.
    TimeOfClasses,
    /// Rows stand in the table again.
    DuplicateRows,
    /// What looks like a key has several rows of one value.
    DuplicateKeys,
    /// One class of the label is rare.
    Imbalance,
    /// One label is so far from all others that it is likely a slip.
    FarLabel,
    /// A class of the label has too few rows to learn from.
    RareClass,
    /// Values that stand for a missing one.
    Sentinel,
    /// Levels that differ by case or blanks alone.
    Spellings,
    /// A column may say how much each row counts.
    Weight,
    /// A column has one value, or no value at all.
    Constant,
    /// Nearly all rows have one value.
    NearConstant,
    /// A column says the same as another one.
    Copy,
    /// A column says the same as another one in nearly all rows.
    NearCopy,
    /// A column is unique in every row.
    Key,
    /// A column numbers its rows or names things, and hardly repeats.
    Identifier,
    /// A column holds sentences.
    FreeText,
    /// A column holds lists.
    List,
    /// A column holds objects of JSON.
    Object,
    /// Digits that are a code: they begin with zeros.
    LeadingZeros,
    /// Numbers that are no number.
    NotFinite,
}

impl Code {
    /// As it is written.
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Whether it says that a column tells what nobody knows yet when asking.
    pub const fn is_leak(self) -> bool {
        matches!(self, Self::LeakSeparates | Self::LeakMissing | Self::LeakLevel | Self::LeakLater | Self::LeakOrder)
    }
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What sort it is.
    pub code: Code,
    /// The columns, that of which it is first; none where it is of the whole table.
    pub columns: Vec<String>,
    /// Rows that show it.
    pub rows: u64,
    /// Of so many.
    pub of: u64,
    /// The values that show it, where these are few.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ValueCount>,
    /// How a column is read so that spellings of one level are one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextSpelling>,
    /// What stands between the items of lists that are learned from by these values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<char>,
    /// Of lists that all hold as many numbers, how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<usize>,
    /// Whether a suspect is too unsure to be left out for it alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub weak: bool,
    /// What was seen, in a sentence without a full stop.
    pub evidence: String,
    /// What follows from it, in the same form.
    pub decision: String,
}

impl Finding {
    pub(crate) fn new(code: Code, columns: &[&str], (rows, of): (u64, u64), evidence: impl Into<String>) -> Self {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        let (evidence, decision) = (evidence.into(), String::new());
        let values = Vec::new();
        Self { code, columns, rows, of, values, text: None, mark: None, numbers: None, weak: false, evidence, decision }
    }

    pub(crate) fn values(mut self, values: Vec<ValueCount>) -> Self {
        self.values = values;
        self
    }

    pub(crate) const fn weak(mut self) -> Self {
        self.weak = true;
        self
    }

    pub(crate) fn decide(mut self, decision: impl Into<String>) -> Self {
        self.decision = decision.into();
        self
    }
}

/// What brings spellings of one level together, of every column where they are clearly the same.
pub(crate) fn spellings(seen: &Seen<'_>) -> Vec<Finding> {
    let found = seen.columns.iter().filter_map(spelling::find);
    found.filter(|finding| finding.text.is_some()).collect()
}

/// Columns of numbers with decimals that are whole and called identifiers, as tools write them where some are missing.
pub(crate) fn whole_identifiers(seen: &Seen<'_>) -> Vec<String> {
    let whole = |column: &&Column<'_>| {
        let numbers = column.numbers();
        column.ty == ColumnType::Float
            && entity::names_identifier(column.name)
            && column.distinct >= identifier::THINGS
            && numbers.iter().all(|(number, ..)| number.fract() == 0.0 && number.abs() < 9e15)
    };
    seen.columns.iter().filter(whole).map(|column| column.name.to_owned()).collect()
}

/// What a column is learned from by excludes what else it might be: lists by their items, sentences by their words, and neither
/// is a key, although hardly two rows have the same; nor is an object, which holds several columns.
fn learned_one_way(found: &mut Vec<Finding>) {
    let of = |found: &[Finding], is: fn(&Finding) -> bool| -> Vec<String> {
        found.iter().filter(|one| is(one)).filter_map(|one| one.columns.first().cloned()).collect()
    };
    let lists = of(found, |one| one.code == Code::List && one.mark.is_some());
    let texts = of(found, |one| matches!(one.code, Code::FreeText | Code::Object));
    found.retain(|one| match (one.code, one.columns.first()) {
        (Code::FreeText, Some(name)) => !lists.contains(name),
        (Code::Key | Code::DuplicateKeys | Code::Identifier, Some(name)) => {
            !lists.contains(name) && !texts.contains(name)
        }
        _ => true,
    });
}

/// All findings, the gravest first, within a sort in the order of the columns. `ask` says what was read as missing.
pub(crate) fn findings(seen: &Seen<'_>, label: Option<&LabelSurvey>, ask: &Ask<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let of_column: [fn(&Column<'_>) -> Option<Finding>; 11] = [
        spelling::find,
        weight::find,
        constant::find,
        key::find,
        key::repeated,
        identifier::find,
        list::find,
        object::find,
        text::find,
        zeros::find,
        constant::not_finite,
    ];
    let named_people = seen.columns.iter().any(personal::names_people);
    let is_label = |column: &Column<'_>| label.is_some_and(|label| label.column == column.name);
    for column in &seen.columns {
        if is_label(column) {
            found.extend(sentinel::find(column, ask));
            found.extend(spelling::find(column));
            continue;
        }
        // What is about a person is no feature, whatever else it is.
        if let Some(personal) = personal::find_among(column, named_people) {
            let whole = personal.code == Code::Personal;
            found.push(personal);
            if whole {
                continue;
            }
        }
        found.extend(sentinel::find(column, ask));
        found.extend(of_column.iter().filter_map(|find| find(column)));
    }
    found.extend(copy::find(seen, label.map(|label| label.column.as_str())));
    distinct_key::add(&mut found, seen, label.map(|label| label.column.as_str()));
    key::settle(&mut found, seen);
    learned_one_way(&mut found);
    found.extend(duplicate::find(seen));
    let mut time = time::find(seen, label);
    if let Some(label) = label {
        if let Some(none) = time.as_ref().and_then(|time| time_of_classes::find(seen, time, label)) {
            time = None;
            found.push(none);
        }
        with_label(&mut found, seen, (label, &mut time), ask);
    }
    found.extend(time);
    found.sort_by_key(|finding| finding.code);
    found
}

/// Adds what bears on a label: groups, copied rows, what tells it; and says of the time what groups make of it.
fn with_label(
    found: &mut Vec<Finding>,
    seen: &Seen<'_>,
    (label, time): (&LabelSurvey, &mut Option<Finding>),
    ask: &Ask<'_>,
) {
    found.extend(label.findings(seen.rows));
    let belong = group::find(seen, label, time.as_ref());
    let group = belong.as_ref().filter(|found| found.code == Code::Group).cloned();
    found.extend(belong.filter(|found| found.code != Code::Group));
    if group.is_none() {
        found.extend(group::copied(seen, label, time.is_some()));
    }
    let later = found.iter().any(|finding| finding.code == Code::CopiedLater);
    if let (Some(what), Some(time)) =
        (group.as_ref().map(|_| "one group").or(later.then_some("equal content")), &mut *time)
    {
        time.decision =
            format!("no split by time: rows of {what} would stand on both sides; `by = \"time\"` is yours to choose");
    }
    let found_time = time.as_ref().filter(|time| time.columns.len() == 1).and_then(|time| time.columns.first());
    let at = ask.at.or(found_time.map(String::as_str));
    found.extend(leak::find(seen, label, group.as_ref(), at));
    if let Some(group) = &group {
        // One finding of a column says that it names things.
        found.retain(|finding| finding.code != Code::Identifier || finding.columns != group.columns);
        let told: Vec<String> = found
            .iter()
            .filter(|finding| matches!(finding.code, Code::Copy | Code::Personal))
            .filter_map(|finding| finding.columns.first().cloned())
            .collect();
        let renamed = group::renamed(seen, group, &label.column).into_iter();
        found.extend(renamed.filter(|finding| !told.contains(&finding.columns[0])));
    }
    found.extend(group);
}
