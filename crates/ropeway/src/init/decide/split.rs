//! How rows are split, and when they happened.

use ropeway_survey::{Code, ColumnSurvey, Finding, Survey};
use ropeway_vocab::{ColumnType, Problem, Result, nearest};
use serde::Serialize;

use crate::init::quoted::{sql_name, toml_list};

/// How rows are parted into those that are learned from and those that judge.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Split {
    /// At random.
    Random,
    /// Whole groups stay on one side.
    Group {
        /// The columns that make a group.
        columns: Vec<String>,
        /// The evidence.
        why: String,
        /// Whether these are features all the same: they tell copies from other rows, and name nothing.
        features: bool,
    },
    /// Later rows judge.
    Time {
        /// A column, or those whose parts make the time.
        columns: Vec<String>,
        /// The SQL expression of the time over the source.
        at: String,
        /// When the label of a row became known, over the source, where a column says so.
        #[serde(skip_serializing_if = "Option::is_none")]
        known_at: Option<String>,
        /// The evidence.
        why: String,
        /// What it does to rows that belong together, where some do.
        #[serde(skip_serializing_if = "Option::is_none")]
        groups: Option<String>,
    },
}

/// How rows would be split if they were of other groups, or of the same again: which no data can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherChoice {
    /// What was taken to be so.
    pub taken: String,
    /// What to write where it is not.
    pub otherwise: String,
}

impl Split {
    /// The column that is the time, where one alone is.
    pub fn time_column(&self) -> Option<&String> {
        match self {
            Self::Time { columns, .. } => columns.first().filter(|_| columns.len() == 1),
            Self::Random | Self::Group { .. } => None,
        }
    }

    /// Says of what was found how it bears on the split, which may have been asked for.
    pub fn settle(&self, found: &mut [Finding]) {
        let group = found.iter().find(|finding| finding.code == Code::Group).cloned();
        for finding in found {
            let own = match self {
                Self::Time { columns, .. } | Self::Group { columns, .. } => *columns == finding.columns,
                Self::Random => false,
            };
            finding.decision = match (finding.code, self) {
                (Code::Time, Self::Time { .. }) if own && group.is_some() => {
                    "the split is by time, as asked for with --at".into()
                }
                (Code::Time, Self::Time { columns, .. }) if !own => {
                    format!("not the time of the split: that is `{}`, as asked for with --at", columns.join("`, `"))
                }
                (Code::CopiedRows, Self::Time { .. }) => {
                    "the split is by time, as asked for with --at: only copies of one time stay together".into()
                }
                (Code::CopiedLater, Self::Time { .. }) => {
                    "the split is by time, as asked for with --at: copies of other times may stand on both sides".into()
                }
                (Code::Group, Self::Time { .. }) => {
                    format!("the split is by time, as asked for with --at. {}", both_sides(finding))
                }
                (Code::Time | Code::Group, Self::Random) => {
                    "the split is at random, since no other column is left to learn from".into()
                }
                _ => continue,
            };
        }
    }

    /// As asked for with `--at`, or as the survey found it: groups, copies of other times, else time, else at random.
    ///
    /// # Errors
    /// The column asked for is not there, or is no time.
    pub fn of(survey: &Survey, at: Option<&str>, label: &str) -> Result<Self> {
        if let Some(name) = at {
            return asked(survey, name);
        }
        let found = |code| survey.found(code).next().filter(|finding| finding.columns.iter().all(|name| name != label));
        if let Some(Finding { columns, evidence, .. }) = found(Code::Group) {
            return Ok(Self::Group { columns: columns.clone(), why: evidence.clone(), features: false });
        }
        if let Some(Finding { columns, evidence, .. }) = found(Code::CopiedLater) {
            return Ok(Self::Group { columns: columns.clone(), why: evidence.clone(), features: true });
        }
        Ok(match (found(Code::Time), found(Code::CopiedRows)) {
            (Some(Finding { columns, evidence, .. }), _) => {
                let known_at = comes_with_label(survey, columns);
                Self::Time {
                    at: time_of(columns),
                    columns: columns.clone(),
                    known_at,
                    why: evidence.clone(),
                    groups: None,
                }
            }
            (None, Some(Finding { columns, evidence, .. })) => {
                Self::Group { columns: columns.clone(), why: evidence.clone(), features: true }
            }
            (None, None) => Self::Random,
        })
    }

    /// The other choice, where rows belong together.
    pub fn other_choice(&self, survey: &Survey) -> Option<OtherChoice> {
        let quoted = |columns: &[String]| columns.join("`, `");
        match self {
            Self::Group { columns, features: false, .. } => {
                let personal = columns.iter().any(|name| survey.column(name).is_some_and(|column| column.personal));
                let learned = if personal { "" } else { ", and what names them into `request` of [examples]" };
                Some(OtherChoice {
                    taken: format!("New rows are taken to be of groups (`{}`) that were not learned from", quoted(columns)),
                    otherwise: format!("Where they are of the same ones again, take `group` out of [split]{learned}"),
                })
            }
            Self::Group { features: true, .. } => None,
            Self::Random | Self::Time { .. } => survey.found(Code::KnownGroups).next().map(|finding| {
                let names = quoted(&finding.columns);
                OtherChoice {
                    taken: format!("New rows are taken to be of the same `{names}` again, which is a feature"),
                    otherwise: format!(
                        "Where they are of others, take the mark before `group` in [split] away, and `{names}` out of `request` of \
                         [examples]"
                    ),
                }
            }),
        }
    }
}

fn asked(survey: &Survey, name: &str) -> Result<Split> {
    let Some(column) = survey.column(name) else {
        let names = || survey.columns.iter().map(|column| column.name.as_str());
        let problem = Problem::invalid("unknown-column", format!("the file has no column `{name}`"));
        return Err(match nearest(name, names()) {
            Some(near) => problem.remedy(format!("did you mean `{near}`?")),
            None => problem.remedy(format!("its columns are {}", names().collect::<Vec<_>>().join(", "))),
        });
    };
    if !matches!(column.ty, ColumnType::Date | ColumnType::Timestamp) {
        return Err(Problem::invalid("time-type", format!("`--at` names the column `{name}`, which is {}", column.ty))
            .remedy("name a column of dates or times, or write its expression as `at` of `[examples]` afterwards"));
    }
    let why = format!("`{name}` was asked for with --at");
    let groups = survey.found(Code::Group).next().map(both_sides);
    let columns = vec![name.to_owned()];
    let known_at = comes_with_label(survey, &columns);
    Ok(Split::Time { at: sql_name(name), columns, known_at, why, groups })
}

/// The time of a column that is missing exactly where the label is, as the day of a sale is where its price is: then the label
/// became known. Of a day nobody can say more than that it is over.
fn comes_with_label(survey: &Survey, at: &[String]) -> Option<String> {
    let mut found = survey.found(Code::LeakMissing).filter(|finding| finding.columns.len() == 2);
    found.find_map(|finding| {
        let column = survey.column(finding.columns.first()?).filter(|column| !at.contains(&column.name))?;
        match column.ty {
            ColumnType::Timestamp => Some(sql_name(&column.name)),
            ColumnType::Date => Some(format!("{} + INTERVAL '1 day'", sql_name(&column.name))),
            _ => None,
        }
    })
}

/// What a split by time does to rows that belong together.
fn both_sides(group: &Finding) -> String {
    let list = toml_list(group.columns.iter().map(String::as_str));
    format!(
        "Rows of one `{}` may stand on both sides, as known ones come back: {{ by = \"group\", group = {list} }} keeps each on \
         one side",
        group.columns.join("`, `")
    )
}

/// The columns of dates and times that could be the time of the rows, each with its different values.
pub fn dates<'a>(survey: &'a Survey, label: &str) -> impl Iterator<Item = &'a ColumnSurvey> {
    let is_time = |column: &&ColumnSurvey| matches!(column.ty, ColumnType::Date | ColumnType::Timestamp);
    survey.columns.iter().filter(is_time).filter(move |column| column.name != label && column.distinct > 1)
}

/// The time that a column, or year, month, day and perhaps hour and minute make.
fn time_of(columns: &[String]) -> String {
    let name = |at: usize| columns.get(at).map_or_else(String::new, |name| sql_name(name));
    if columns.len() == 1 {
        return name(0);
    }
    let mut at = format!("make_date({}, {}, {})", name(0), name(1), name(2));
    for (part, unit) in (3..columns.len()).zip(["hour", "minute"]) {
        at.push_str(&format!(" + {} * INTERVAL '1 {unit}'", name(part)));
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_date_make_a_time() {
        let of = |names: &[&str]| time_of(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["Seen At"]), "\"Seen At\"");
        assert_eq!(of(&["year", "month", "day"]), "make_date(\"year\", \"month\", \"day\")".replace('"', ""));
        assert_eq!(of(&["y", "m", "d", "h"]), "make_date(y, m, d) + h * INTERVAL '1 hour'");
    }
}
