//! What becomes of each column: a feature, the label, the key, or left out, always with the reason.

use ropeway_vocab::ColumnType;
use serde::Serialize;

use super::survey::{Column, Survey};
use super::words::{is_personal, names_identifier};
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
    /// Why.
    pub why: String,
}

impl ColumnChoice {
    /// The heads of [`Self::cells`].
    pub const HEADS: [&str; 5] = ["column", "type", ">missing", ">different", "use"];

    /// What is to be known of it where the table gives it another name.
    pub fn renamed(&self) -> Option<String> {
        let Self { name, called, used, .. } = self;
        if called == name {
            return None;
        }
        let asked = match used {
            Use::Feature => format!("; requests and files to score call it `{called}`, too"),
            Use::Label | Use::Key | Use::LeftOut => String::new(),
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
pub fn choose(survey: &Survey, label: &str) -> (Vec<ColumnChoice>, Vec<String>) {
    let rows = survey.kept();
    let key = key(survey, label);
    let columns = survey
        .columns
        .iter()
        .map(|column| {
            let personal = is_personal(&column.name);
            let (used, why) = decide(column, label, rows, key.as_deref(), personal);
            ColumnChoice {
                name: column.name.clone(),
                called: column.called.clone(),
                ty: column.ty,
                missing: column.missing,
                distinct: column.distinct,
                used,
                personal,
                why,
            }
        })
        .collect();
    (columns, key.into_iter().collect())
}

fn decide(column: &Column, label: &str, rows: u64, key: Option<&str>, personal: bool) -> (Use, String) {
    if column.name == label {
        return (Use::Label, "asked for with --label".into());
    }
    if key == Some(column.name.as_str()) {
        return (Use::Key, "has a different value in every row".into());
    }
    if column.missing == rows {
        return (Use::LeftOut, "is missing in every row".into());
    }
    if column.distinct == 1 && column.missing == 0 {
        return (Use::LeftOut, "has one value in every row".into());
    }
    if personal {
        return (Use::LeftOut, "looks as if it named a person; it is marked personal".into());
    }
    let values = rows - column.missing;
    if column.ty == ColumnType::Text && rows > 50 && column.distinct * 10 >= values * 9 {
        let how = if column.distinct == values { "never" } else { "hardly ever" };
        return (Use::LeftOut, format!("is a text that {how} repeats: there is nothing to learn from it as it is"));
    }
    if is_identifier(column) && rows > 50 && column.distinct * 2 >= values {
        return (
            Use::LeftOut,
            "looks like the number of something: it names its rows and says nothing of others".into(),
        );
    }
    (Use::Feature, String::new())
}

/// The first column that has a different value in every row and looks as if that were its purpose.
fn key(survey: &Survey, label: &str) -> Option<String> {
    let rows = survey.kept();
    let unique = |column: &&Column| {
        rows > 1 && column.missing == 0 && column.distinct == rows && column.name != label && !is_personal(&column.name)
    };
    let candidates: Vec<&Column> = survey.columns.iter().filter(unique).collect();
    candidates
        .iter()
        .copied()
        .find(|column| is_identifier(column))
        .or_else(|| candidates.iter().copied().find(|column| column.ty == ColumnType::Text && rows > 50))
        .map(|column| column.name.clone())
}

/// Whether it is called as identifiers are.
fn is_identifier(column: &Column) -> bool {
    matches!(column.ty, ColumnType::Integer | ColumnType::Text) && names_identifier(&column.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ropeway_source::SourceSettings;

    fn column(name: &str, ty: ColumnType, missing: u64, distinct: u64) -> Column {
        Column { name: name.into(), called: name.into(), ty, missing, distinct, counts: None, median: None }
    }

    #[test]
    fn every_column_is_used_or_left_out_with_a_reason() {
        let survey = Survey {
            settings: SourceSettings::of_file("x.csv"),
            columns: vec![
                column("customer_id", ColumnType::Integer, 0, 100),
                column("age", ColumnType::Integer, 3, 40),
                column("amount", ColumnType::Float, 0, 100),
                column("empty", ColumnType::Text, 100, 0),
                column("country", ColumnType::Text, 0, 1),
                column("E-Mail", ColumnType::Text, 0, 90),
                column("comment", ColumnType::Text, 20, 80),
                column("review", ColumnType::Text, 0, 97),
                column("subject_id", ColumnType::Integer, 0, 60),
                column("shop_id", ColumnType::Integer, 0, 6),
                column("churned", ColumnType::Boolean, 0, 2),
            ],
            but_for: Default::default(),
            rows: 100,
            rejected: 0,
            notes: vec![],
        };
        let (columns, key) = choose(&survey, "churned");
        let uses: Vec<&str> = columns.iter().map(|column| column.used.name()).collect();
        let expected =
            ["key", "feature", "feature", "left out", "left out", "left out", "left out", "left out", "left out"];
        assert_eq!(uses[..9], expected);
        assert_eq!(uses[9..], ["feature", "label"]);
        assert_eq!(key, ["customer_id"]);
        assert!(columns.iter().all(|column| column.used == Use::Feature || !column.why.is_empty()));
        assert!(columns[5].personal && !columns[6].personal);
    }
}
