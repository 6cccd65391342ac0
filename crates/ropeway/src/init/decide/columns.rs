//! What becomes of each column: a feature, the label, the key, or left out, always with the reason.

use ropeway_survey::{Code, ColumnSurvey, Finding, Survey, WELL_KNOWN, names_identifier, names_weight};
use ropeway_vocab::ColumnType;
use serde::Serialize;

use crate::init::decide::split::Split;
use crate::init::look::Looked;
use crate::render::number::count;

/// What becomes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// It is a request column, hence a feature.
    Feature,
    /// It is the label.
    Label,
    /// It identifies rows and is no feature.
    Key,
    /// It tells the rows apart that belong together, and is no feature.
    Group,
    /// It is the time of the examples, and features are computed from it.
    Time,
    /// It is left out.
    LeftOut,
}

impl Use {
    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Feature => "feature",
            Self::Label => "label",
            Self::Key => "key",
            Self::Group => "group",
            Self::Time => "time",
            Self::LeftOut => "left out",
        }
    }
}

/// A column and what becomes of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnChoice {
    /// Its name.
    pub name: String,
    /// What the table calls it, and so do requests.
    pub called: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: ColumnType,
    /// Rows without a value.
    pub missing: u64,
    /// Different values.
    pub distinct: u64,
    /// What becomes of it.
    #[serde(rename = "use")]
    pub used: Use,
    /// Whether it looks as if it were about a person.
    pub personal: bool,
    /// Whether it holds sentences.
    pub sentences: bool,
    /// Whether it holds lists that are learned from by their items.
    #[serde(skip)]
    pub list: bool,
    /// How the table brings it to the form in which another table has it, as SQL.
    #[serde(skip)]
    pub form: Option<String>,
    /// Whether it is suspected of telling the label.
    pub suspect: bool,
    /// Why.
    pub why: String,
}

impl ColumnChoice {
    /// The heads of [`Self::cells`].
    pub const HEADS: [&str; 5] = ["column", "type", ">missing", ">different", "use"];

    /// Whether it is declared to be known before the outcome: all are but the label, and suspects that were left out.
    pub fn is_known_ahead(&self) -> bool {
        self.used != Use::Label && !self.is_suspect_left_out()
    }

    /// Whether it is left out because it may tell the label.
    pub fn is_suspect_left_out(&self) -> bool {
        self.used == Use::LeftOut && self.suspect
    }

    /// What is to be known of it where the table gives it another name.
    pub fn renamed(&self) -> Option<String> {
        let Self { name, called, used, .. } = self;
        if called == name {
            return None;
        }
        let asked = match used {
            Use::Feature => format!("; requests and files to score call it `{called}`, too"),
            Use::Label | Use::Key | Use::Group | Use::Time | Use::LeftOut => String::new(),
        };
        Some(format!(
            "column `{name}` is called `{called}` in the table, since examples and predictions have a column `{name}` \
             themselves{asked}"
        ))
    }

    /// Its row in a table for people.
    pub fn cells(&self) -> [String; 5] {
        let Self { name, ty, missing, distinct, used, .. } = self;
        [name.clone(), ty.to_string(), count(*missing), count(*distinct), used.name().to_owned()]
    }
}

/// Decides on every column, and which of them identifies a row.
pub fn choose(looked: &Looked, label: &str, split: &Split, drop_suspects: bool) -> (Vec<ColumnChoice>, Vec<String>) {
    let survey = &looked.survey;
    let named = |code| survey.found(code).filter_map(|finding| finding.columns.first()).find(|name| *name != label);
    let key =
        named(Code::Key).or_else(|| named(Code::DuplicateKeys).filter(|name| survey.is_key_of_different_rows(name)));
    let columns = survey.columns.iter().zip(&looked.called).map(|(column, called)| {
        let (used, why) = decide(column, survey, label, key, split, drop_suspects);
        ColumnChoice {
            name: column.name.clone(),
            called: called.clone(),
            ty: column.ty,
            missing: column.missing,
            distinct: column.distinct,
            used,
            personal: column.personal,
            sentences: holds_sentences(survey, &column.name),
            list: holds_lists(survey, &column.name),
            form: None,
            suspect: suspicion(survey, &column.name).is_some(),
            why,
        }
    });
    (columns.collect(), key.into_iter().cloned().collect())
}

/// Whether a column is learned from by its words.
fn holds_sentences(survey: &Survey, name: &str) -> bool {
    survey.found_of(Code::FreeText, name).is_some()
}

/// Whether a column is learned from by the items of its lists.
fn holds_lists(survey: &Survey, name: &str) -> bool {
    survey.found_of(Code::List, name).is_some_and(|found| found.mark.is_some())
}

/// Why a column is suspected of telling the label.
fn suspicion<'a>(survey: &'a Survey, name: &str) -> Option<&'a Finding> {
    survey.findings.iter().find(|found| found.code.is_leak() && found.columns.first().is_some_and(|own| own == name))
}

/// Says of the suspects that were left out what became of them.
pub fn say_left_out(found: &mut [Finding], columns: &[ColumnChoice]) {
    let left_out = |name: &String| columns.iter().any(|column| column.name == *name && column.used == Use::LeftOut);
    // The suspect is the first; others are what it was held against.
    for finding in
        found.iter_mut().filter(|finding| finding.code.is_leak() && finding.columns.first().is_some_and(left_out))
    {
        finding.decision = "left out of `request`".into();
    }
    let is_key = |name: &String| columns.iter().any(|column| column.name == *name && column.used == Use::Key);
    for finding in
        found.iter_mut().filter(|finding| finding.code.is_leak() && finding.columns.first().is_some_and(is_key))
    {
        finding.decision = "is the key, and no feature; it stays under `known_ahead`, since examples are named by it: do not take it into \
                            `request`"
            .into();
    }
}

fn decide(
    column: &ColumnSurvey,
    survey: &Survey,
    label: &str,
    key: Option<&String>,
    split: &Split,
    drop_suspects: bool,
) -> (Use, String) {
    let name = &column.name;
    let found = |code| survey.found_of(code, name).map(|finding| finding.evidence.clone());
    if name == label {
        return (Use::Label, "is the label".into());
    }
    if key == Some(name) {
        return match found(Code::Key) {
            Some(why) => (Use::Key, format!("identifies a row: {why}")),
            None => (Use::Key, "identifies a row, once rows that repeat another one are left out".into()),
        };
    }
    if let Some(why) = found(Code::Constant) {
        return (Use::LeftOut, why);
    }
    if let Split::Group { columns, features: false, .. } = split
        && columns.contains(name)
    {
        let why = "names the group by which rows are split, and a new one is never among those learned from";
        return (Use::Group, why.into());
    }
    if column.personal {
        return (Use::LeftOut, format!("{}; it is marked personal", found(Code::Personal).unwrap_or_default()));
    }
    if split.time_column() == Some(name) {
        return (Use::Time, "is the time of the examples; features are computed from it under `[derive]`".into());
    }
    if let Some(why) = found(Code::Weight).filter(|_| names_weight(name)) {
        return (Use::LeftOut, format!("{why}; `weight` of `[learn]` may name it"));
    }
    let little_known = column.rows - column.missing < column.distinct * WELL_KNOWN;
    if let Some(why) = found(Code::Group).filter(|_| names_identifier(name) && little_known) {
        return (Use::LeftOut, format!("it names groups: {why}"));
    }
    let suspect = suspicion(survey, name);
    if let Some(suspect) = suspect.filter(|suspect| drop_suspects && !suspect.weak) {
        return (Use::LeftOut, format!("is suspected of telling the label: {}", suspect.evidence));
    }
    if let Some(why) = found(Code::Object).filter(|_| 2 * column.distinct > column.rows - column.missing) {
        return (Use::LeftOut, format!("{why}, and most rows have one of their own"));
    }
    if let Some(why) = [Code::Copy, Code::Key, Code::DuplicateKeys, Code::Identifier].into_iter().find_map(found) {
        return (Use::LeftOut, why);
    }
    (Use::Feature, suspect.map(|suspect| format!("SUSPECT: {}", suspect.evidence)).unwrap_or_default())
}
