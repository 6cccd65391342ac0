//! Looks at the whole table once: how it is to be read, then what it holds.

pub mod files;
mod reading;
mod united;

use std::collections::BTreeMap;
use std::path::Path;

use ropeway_source::propose::{Decision, Hint};
use ropeway_source::{NumberSpelling, SourceSettings, TextSpelling, boolean_word};
use ropeway_stat::ValueCount;
use ropeway_survey::{Ask, Code, Finding, Survey, spelling_toml};
use ropeway_vocab::{ColumnType, Problem, Result};

use crate::init::look::reading::{Reading, cut_where_needed, left_behind, reading};
use crate::init::names::called;
use crate::render::number::count;

/// How often a table is read again at most, in order to mend how.
const PASSES: usize = 3;

/// A table that was looked at.
#[derive(Debug, Clone)]
pub struct Looked {
    /// How it is to be read.
    pub settings: SourceSettings,
    /// Why it is to be read so.
    pub decisions: Vec<Decision>,
    /// What each column is called in the table: as in the file, but for names that are taken.
    pub called: Vec<String>,
    /// Columns that have the type of nearly all their values, and what becomes of the others.
    pub but_for: BTreeMap<String, String>,
    /// The rows that tell how values are spelled, where these are not all.
    pub sampled: Option<u64>,
    /// Rows read, rejected ones included.
    pub rows: u64,
    /// What was found on the way.
    pub notes: Vec<String>,
    /// What it holds.
    pub survey: Survey,
}

impl Looked {
    /// How it is read and why, in sentences.
    pub fn readings(&self) -> Vec<String> {
        self.decisions.iter().map(said).collect()
    }

    /// Those of them that are told beside the project file, too.
    pub(super) fn aloud(&self) -> Vec<String> {
        self.decisions.iter().filter(|decision| decision.aloud).map(said).collect()
    }

    /// Reads spellings of a column as one.
    pub(super) fn unite(&mut self, column: &str, text: TextSpelling, why: String) {
        self.settings.column.entry(column.to_owned()).or_default().text = Some(text);
        let (setting, column) = ("column.text".to_owned(), Some(column.to_owned()));
        let value = spelling_toml(text);
        self.decisions.push(Decision {
            setting,
            column,
            value,
            why,
            fit: 0,
            of: 0,
            other: None,
            words: Vec::new(),
            aloud: false,
        });
    }

    /// What the table calls a column of the file.
    pub fn called<'a>(&'a self, name: &'a str) -> &'a str {
        let at = self.survey.columns.iter().position(|column| column.name == name);
        at.and_then(|at| self.called.get(at)).map_or(name, String::as_str)
    }
}

fn said(decision: &Decision) -> String {
    let Decision { setting, column, value, why, .. } = decision;
    let what = if setting.is_empty() { String::new() } else { format!("`{setting} = {value}`, since ") };
    match column {
        Some(column) => format!("column `{column}`: {what}{why}"),
        None => format!("{what}{why}"),
    }
}

/// Looks at `file`, a path relative to `root`, in a workbook at the sheet of that name, and reads no more than about so many cells of it, where not all are wanted.
///
/// # Errors
/// Whatever reading the file finds; no row that fits; a label that is not there or cannot be learned.
pub fn look(root: &Path, file: &str, sheet: Option<&str>, ask: &Ask<'_>, cells: Option<u64>) -> Result<Looked> {
    let mut reading = reading(root, file, &Hint { sheet, label: ask.label })?;
    let mut notes = Vec::new();
    let counted = |reading: &Reading| {
        ropeway_survey::count("data", &reading.settings, root, cells).map_err(|problem| match problem.code() {
            "no-rows" => problem.context(file),
            _ => problem,
        })
    };
    let mut all = counted(&reading)?;
    let mut turned = BTreeMap::new();
    for _ in 0..PASSES {
        if !reading.mend(all.read(), &mut turned, &mut notes) {
            break;
        }
        all = counted(&reading)?;
    }
    let united = reading.unite(&all);
    if united.is_some() {
        all = counted(&reading)?;
    }
    let ask = Ask { missing: &reading.missing, looked_at: reading.sampled, ..*ask };
    let spelled = |problem: Problem| as_spelled(problem, ask.label, &reading.decisions);
    let (mut found, read) = (all.survey(&ask).map_err(spelled)?, all.read().clone());
    keep(&mut found, united.unwrap_or_default());
    let Reading { mut settings, declared, decisions, sampled, .. } = reading;
    cut_where_needed(&mut settings, &read, &mut notes);
    for column in &read.left_out {
        notes.push(format!("column {column} has a type that no table can hold and is left out"));
    }
    // Of names the beginning told already.
    let noticed = read.noticed.iter().filter(|noticed| noticed.code != "repeated-column");
    notes.extend(noticed.map(|noticed| format!("LOOK: {}: {}", noticed.what, noticed.remedy)));
    if let Some(rows) = sampled {
        let rows = count(rows);
        notes.push(format!("how values are spelled was told from the first {rows} rows and the last ones of the file"));
    }
    if !found.whole {
        let rows = count(found.rows);
        notes.push(format!("the table is large: what is said here was found in its first {rows} rows"));
    }
    let personal = |name: &str| found.column(name).is_some_and(|column| column.personal);
    let decisions =
        decisions.into_iter().map(|decision| settled(without_values(decision, &personal), &found)).collect();
    let kept = |name: &&String| settings.types.get(*name).is_some_and(|ty| *ty != ColumnType::Text);
    let why = |name: &str| if personal(name) { NOT_SHOWN.to_owned() } else { left_behind(name, &read) };
    let but_for: BTreeMap<String, String> =
        declared.iter().filter(kept).map(|name| (name.clone(), why(name))).collect();
    notes.extend(
        but_for.iter().map(|(name, why)| format!("column `{name}` is read as {}: {why}", settings.types[name])),
    );
    sentinels(&found, &mut settings);
    tolerate(&mut settings, &read, &mut notes);
    let called = called(found.columns.iter().map(|column| column.name.as_str()));
    Ok(Looked { settings, decisions, called, but_for, sampled, rows: read.rows_in, notes, survey: found })
}

/// What is said of how values about people are written, in place of a value that shows it.
const NOT_SHOWN: &str = "its values say so, which are about people and are not shown";

/// A decision about a column of people without the values that are its evidence: the project file goes into git.
fn without_values(decision: Decision, personal: &dyn Fn(&str) -> bool) -> Decision {
    let is_personal = decision.column.as_deref().is_some_and(personal);
    if is_personal { Decision { why: NOT_SHOWN.to_owned(), words: Vec::new(), ..decision } } else { decision }
}

/// A decision on an order of days that its beginning left open, where all rows were read so and have a day that no month is.
fn settled(decision: Decision, found: &Survey) -> Decision {
    let column = decision.column.as_deref().filter(|_| decision.setting == "column.dates" && decision.other.is_some());
    let days = column.and_then(|name| found.column(name)).map_or(&[][..], |column| &column.top);
    let beyond =
        |of: &ValueCount| of.value.get(8..10).and_then(|day| day.parse().ok()).is_some_and(|day: u32| day > 12);
    Decision { aloud: decision.aloud && !days.iter().any(beyond), ..decision }
}

/// The problem that a label has no such value, with the words in which the file writes its booleans.
fn as_spelled(problem: Problem, label: Option<&str>, decisions: &[Decision]) -> Problem {
    let types = |decision: &&Decision| decision.setting == "types" && decision.column.as_deref() == label;
    let boolean = decisions.iter().filter(types).find(|decision| !decision.words.is_empty());
    let Some(boolean) = boolean.filter(|_| problem.code() == "unknown-value") else { return problem };
    let spell = |text: &str| {
        [true, false].into_iter().fold(text.to_owned(), |text, value| {
            let word = boolean.words.iter().find(|word| boolean_word(word) == Some(value));
            word.map_or(text.clone(), |word| text.replace(&format!("`{value}`"), &format!("`{word}`")))
        })
    };
    Problem::invalid("unknown-value", spell(problem.what())).remedy(spell(problem.advice().unwrap_or_default()))
}

/// What was found before spellings were brought together is told, though nothing shows it any more.
fn keep(found: &mut Survey, united: Vec<Finding>) {
    found.findings.retain(|own| united.iter().all(|of| of.code != own.code || of.columns != own.columns));
    found.findings.extend(united);
    found.findings.sort_by_key(|finding| finding.code);
}

/// Sentinels that all rows show become spellings of a missing value of their column, so that rows to predict for are read
/// so, too. Those that a file may spell in several ways are left to the table's SQL.
fn sentinels(found: &Survey, settings: &mut SourceSettings) {
    for finding in found.found(Code::Sentinel) {
        let Some(column) = finding.columns.first() else { continue };
        let more = unread(finding, settings);
        let ty = found.column(column).map(|column| column.ty);
        let own = settings.column.get(column);
        let plain = match ty {
            Some(ColumnType::Text) => true,
            Some(ColumnType::Integer) => {
                settings.number == NumberSpelling::default() && own.is_none_or(|own| own.number.is_none())
            }
            Some(ColumnType::Date) => settings.dates.is_empty() && own.is_none_or(|own| own.dates.is_none()),
            _ => false,
        };
        if plain && !more.is_empty() {
            let usual = settings.null.clone();
            settings.column.entry(column.clone()).or_default().null.get_or_insert(usual).extend(more);
        }
    }
}

/// The values of a finding that its source does not read as missing.
pub(super) fn unread(finding: &Finding, settings: &SourceSettings) -> Vec<String> {
    let own = finding.columns.first().and_then(|column| settings.column.get(column));
    let null = own.and_then(|own| own.null.as_ref()).unwrap_or(&settings.null);
    finding.values.iter().map(|found| &found.value).filter(|value| !null.contains(value)).cloned().collect()
}

fn tolerate(settings: &mut SourceSettings, read: &ropeway_source::SourceRead, notes: &mut Vec<String>) {
    settings.tolerate = SourceSettings::of_file("").tolerate;
    let share = read.rejected as f64 / read.rows_in.max(1) as f64;
    if share > settings.tolerate {
        settings.tolerate = (share * 100.0).ceil() / 100.0;
        notes.push(format!(
            "{} of {} rows do not fit and will be quarantined; `tolerate` was set to {}",
            read.rejected, read.rows_in, settings.tolerate
        ));
    }
}

/// The problem that no label was named and none can be proposed.
pub fn no_label(looked: &Looked) -> Problem {
    let names: Vec<&str> = looked.survey.columns.iter().map(|column| column.name.as_str()).collect();
    Problem::invalid("no-label", "no column looks like a label")
        .remedy(format!("name one with `--label COLUMN`; the columns are {}", names.join(", ")))
}
