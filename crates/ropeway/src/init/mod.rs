//! `ropeway init`: looks at a table and writes a project that runs. It says what it decided and why, leaves nothing
//! out silently, and never overwrites a file. For users that is told in `docs/init.md`.

mod decide;
pub mod look;
mod names;
mod quoted;
mod write;

use std::path::Path;

use ropeway_project::{Project, check_project_name};
use ropeway_survey::{Finding, Wish};
use ropeway_vocab::{Kind, Problem, Result};
use serde::Serialize;

pub use decide::columns::{ColumnChoice, Use};
pub use decide::label::LabelChoice;
pub use decide::lookup::LookupChoice;
pub use decide::split::Split;
pub use look::files::tables;

use crate::sections::SECTIONS;
use decide::{columns, label, lookup};
use look::Looked;
use write::folder;

/// Cells after which no more of a table is read: what was seen by then decides, within ten seconds.
const CELLS: u64 = 16_000_000;

/// What the user asked for.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The data file as typed, relative to the current folder.
    pub file: &'a str,
    /// Other files, in which its rows may be looked up.
    pub others: &'a [String],
    /// The sheet of a workbook; by default the one that holds a table.
    pub sheet: Option<&'a str>,
    /// The label column; one is proposed where none is named.
    pub label: Option<&'a str>,
    /// How it is to be taken.
    pub wish: Wish<'a>,
    /// The column of the time by which rows are split.
    pub at: Option<&'a str>,
    /// The project's name; by default the name of the folder.
    pub name: Option<&'a str>,
    /// What the model is for.
    pub goal: Option<&'a str>,
    /// Whether columns that are suspected of telling the label are left out.
    pub drop_suspects: bool,
}

/// What was decided and written.
#[derive(Debug, Clone, Serialize)]
pub struct Started {
    /// The project's name.
    pub project: String,
    /// The files written, relative to the project folder.
    pub files: Vec<String>,
    /// Rows read.
    pub rows: u64,
    /// Rows that will be quarantined.
    pub rejected: u64,
    /// The label.
    pub label: LabelChoice,
    /// How rows are split.
    pub split: Split,
    /// What was found, the gravest first.
    pub findings: Vec<Finding>,
    /// Every column, and what becomes of it.
    pub columns: Vec<ColumnChoice>,
    /// The columns that identify a row, where some do.
    pub key: Vec<String>,
    /// What rows are looked up in.
    pub lookups: Vec<LookupChoice>,
    /// What else is worth knowing.
    pub notes: Vec<String>,
}

/// Starts a project in the folder `root`.
///
/// # Errors
/// The file cannot be read, the label cannot be learned as it is, or a file is in the way.
pub fn start(root: &Path, ask: &Ask<'_>) -> Result<Started> {
    folder::nothing_in_the_way(root, &[])?;
    right_name(ask.name)?;
    let names = names::Names::new(root, ask.file, ask.name)?;
    folder::nothing_in_the_way(root, &[&names.sql_file()])?;
    let wish = ropeway_survey::Ask { label: ask.label, at: ask.at, wish: ask.wish, ..ropeway_survey::Ask::default() };
    let mut looked = look::look(root, ask.file, ask.sheet, &wish, Some(CELLS))?;
    let Some(label_survey) = looked.survey.label.clone() else { return Err(look::no_label(&looked)) };
    let label = label::choose(&looked, &label_survey);
    label::enough(&looked.survey, &label_survey, &label)?;
    let mut split = Split::of(&looked.survey, ask.at, &label_survey.column)?;
    let (mut columns, key) = choices(&looked, &label_survey.column, &mut split, ask.drop_suspects)?;
    split.settle(&mut looked.survey.findings);
    let main = lookup::Main { root, names: &names, looked: &looked, label: &label_survey.column, columns: &columns };
    let (lookups, said) = lookup::find(&main, ask.others)?;
    lookup::ask_for(&mut columns, &lookups);
    columns::say_left_out(&mut looked.survey.findings, &columns);
    let mut notes = std::mem::take(&mut looked.notes);
    notes.extend(looked.aloud());
    notes.extend(said);
    notes.extend(columns.iter().filter_map(ColumnChoice::renamed));
    let other = split.other_choice(&looked.survey);
    notes.extend(other.map(|other| format!("{}. {}", other.taken, other.otherwise)));
    let plan = write::Plan {
        names: &names,
        looked: &looked,
        label: &label,
        label_survey: &label_survey,
        columns: &columns,
        key: &key,
        split: &split,
        goal: ask.goal,
        lookups: &lookups,
    };
    let mut files = written(root, &plan, &notes)?;
    match folder::ignore(root)? {
        folder::Ignored::Written => files.push(".gitignore".into()),
        folder::Ignored::Already => {}
        folder::Ignored::Missing => notes.push("add `.ropeway/` to .gitignore: it holds records and caches".into()),
    }
    Ok(Started {
        project: names.project.clone(),
        files,
        rows: looked.rows,
        rejected: looked.survey.rejected,
        label,
        split,
        findings: looked.survey.findings,
        columns,
        key,
        lookups: lookups.into_iter().map(|lookup| lookup.choice).collect(),
        notes,
    })
}

/// What becomes of each column, and the key. Where nothing but the time or the group is left, it is better than nothing, and the
/// split is at random.
fn choices(looked: &Looked, label: &str, split: &mut Split, drop: bool) -> Result<(Vec<ColumnChoice>, Vec<String>)> {
    let has_feature = |columns: &[ColumnChoice]| columns.iter().any(|column| column.used == Use::Feature);
    let (mut columns, mut key) = columns::choose(looked, label, split, drop);
    if !has_feature(&columns) {
        *split = Split::Random;
        (columns, key) = columns::choose(looked, label, split, drop);
    }
    if has_feature(&columns) {
        return Ok((columns, key));
    }
    let why: Vec<String> = columns.iter().map(|column| format!("`{}` {}", column.name, column.why)).collect();
    Err(Problem::invalid("no-features", format!("no column is left to learn from: {}", why.join("; ")))
        .remedy("join more columns to the table before `ropeway init`"))
}

/// Refuses a name that was typed and cannot be one.
fn right_name(name: Option<&str>) -> Result<()> {
    let Some(name) = name else { return Ok(()) };
    check_project_name(name).map_err(|problem| {
        Problem::new(Kind::Usage, "bad-name", format!("--name: {}", problem.what()))
            .remedy(problem.advice().unwrap_or_default())
    })
}

/// Writes the files of the project, once what they say is known to be right; their names.
fn written(root: &Path, plan: &write::Plan<'_>, notes: &[String]) -> Result<Vec<String>> {
    let toml = plan.project_file();
    Project::from_text(root, toml.clone(), &SECTIONS).map_err(|problems| {
        let first = problems.first().map(ToString::to_string).unwrap_or_default();
        Problem::internal(format!("the project file that init would write is wrong: {first}"))
    })?;
    let mut texts = vec![(plan.names.sql_file(), plan.sql_file())];
    texts.extend(plan.lookups.iter().map(|lookup| (lookup.names.sql_file(), lookup.sql_file(plan))));
    texts.extend([("NOTES.md".to_owned(), plan.notes_file(notes)), ("ropeway.toml".to_owned(), toml)]);
    folder::write(root, &texts)
}
