//! `ropeway init FILE --label COLUMN`.

use std::path::{Path, PathBuf};

use ropeway_source::propose::Hint;
use ropeway_vocab::{Problem, Result};

use crate::cli::Shared;
use crate::exit::Exit;
use ropeway_survey::{Task, Wish};

use crate::init::{Ask, ColumnChoice, Started, Use, start, tables};
use crate::output::Output;
use crate::render::number::count;
use crate::render::paint::Paint;
use crate::render::survey::findings;
use crate::render::table::Table;
use crate::typed::is_there;

/// Columns that are named as those to look at.
const NAMED: usize = 8;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway init customers.csv --label churned
  ropeway init flights.csv.gz --label arr_delay --above 15
  ropeway init loans.parquet --label Class --positive bad --name loans
  ropeway init visits.csv --at visited_at --drop-suspects
  ropeway init orders.csv products.csv stores.xlsx --label returned
  ropeway init report.xlsx --sheet 2024 --label paid

Writes ropeway.toml, tables/*.sql and NOTES.md, and overwrites nothing. CSV in any encoding and with any delimiter, JSON \
lines, Parquet and Excel, plain, compressed or in a ZIP archive; how values are spelled is found out and said.")]
pub struct Args {
    /// The table to learn from; others beside it are looked up in where their keys match. Or a folder: of equal files, which
    /// are one table, or of different ones
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// The column to predict [default: the one that is likeliest; `ropeway profile FILE` says why]
    #[arg(long, value_name = "COLUMN")]
    label: Option<String>,
    /// The sheet of a workbook [default: the one that holds a table with the label, the largest of several]
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The column of dates or times by which rows are split [default: what the table shows]
    #[arg(long, value_name = "COLUMN")]
    at: Option<String>,
    /// What the model is for, in a sentence
    #[arg(long, value_name = "TEXT")]
    goal: Option<String>,
    /// Leave out columns that are suspected of telling the label
    #[arg(long)]
    drop_suspects: bool,
    /// What kind of label it is, where its values do not tell
    #[arg(long, value_name = "TASK", conflicts_with_all = ["positive", "above"], value_parser = ["binary", "multiclass", "regression"])]
    task: Option<String>,
    /// The value of the label that counts as positive; all others are negative
    #[arg(long, value_name = "VALUE", conflicts_with = "above", allow_hyphen_values = true)]
    positive: Option<String>,
    /// Labels above this number count as positive
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    above: Option<f64>,
    /// The project's name, which is also the model's [default: the name of the folder]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

/// Starts the project and says what was decided.
pub fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    args.files.iter().try_for_each(|file| is_there(file))?;
    let root = &shared.project;
    if !root.is_dir() {
        std::fs::create_dir_all(root)
            .map_err(|error| Problem::io(format_args!("making the folder {}", root.display()), &error))?;
    }
    let wish = match (&args.positive, args.above, args.task.as_deref()) {
        (Some(value), ..) => Wish::Positive(value),
        (None, Some(bound), _) => Wish::Above(bound),
        (None, None, Some("binary")) => Wish::Task(Task::Binary),
        (None, None, Some("multiclass")) => Wish::Task(Task::Multiclass),
        (None, None, Some(_)) => Wish::Task(Task::Regression),
        (None, None, None) => Wish::Nothing,
    };
    let files: Vec<String> = args.files.iter().map(|file| from_project(root, file)).collect();
    let (file, others) = tables(root, files, &Hint { sheet: args.sheet.as_deref(), label: args.label.as_deref() })?;
    let ask = Ask {
        file: &file,
        sheet: args.sheet.as_deref(),
        others: &others,
        label: args.label.as_deref(),
        wish,
        at: args.at.as_deref(),
        name: args.name.as_deref(),
        goal: args.goal.as_deref(),
        drop_suspects: args.drop_suspects,
    };
    let started = start(root, &ask)?;
    output.result(&started, |paint| page(&started, paint))?;
    Ok(Exit::Done)
}

/// The file as the project file will name it: relative to the project folder where that is possible without going
/// through links, else as typed.
fn from_project(root: &Path, file: &str) -> String {
    let typed = Path::new(file);
    let same = root == Path::new(".") || root.as_os_str().is_empty();
    if same || typed.is_absolute() {
        return file.to_owned();
    }
    let full = |path: &Path| std::fs::canonicalize(path).ok();
    let (Some(folder), Some(parent)) =
        (full(root), typed.parent().and_then(|p| full(if p.as_os_str().is_empty() { Path::new(".") } else { p })))
    else {
        return file.to_owned();
    };
    let name = typed.file_name().map(PathBuf::from).unwrap_or_default();
    if let Ok(inside) = parent.strip_prefix(&folder) {
        return inside.join(name).display().to_string();
    }
    let shared = folder.components().zip(parent.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().count() - shared;
    let mut path: PathBuf = std::iter::repeat_n("..", up).collect();
    path.extend(parent.components().skip(shared));
    path.push(name);
    path.display().to_string()
}

fn page(started: &Started, paint: Paint) -> String {
    let label = &started.label;
    let mut out = format!("{}  {} rows", paint.strong(&started.project), count(started.rows));
    if started.rejected > 0 {
        out.push_str(&paint.warn(&format!(", {} of them quarantined", count(started.rejected))));
    }
    out.push_str("\n\n");
    let mut table = Table::new(&[&ColumnChoice::HEADS[..], &[""]].concat());
    for column in &started.columns {
        let why = if column.used == Use::Feature { "" } else { column.why.as_str() };
        table.row(column.cells().into_iter().chain([why.to_owned()]));
    }
    out.push_str(&table.render(2));
    out.push_str(&format!("\nThe label is {}: {}.\n", paint.strong(&label.sql), label.why));
    if let (Some(positives), Some(negatives)) = (label.positives, label.negatives) {
        out.push_str(&format!("{} rows are positive and {} negative", count(positives), count(negatives)));
        match label.missing {
            0 => out.push_str(".\n"),
            missing => out.push_str(&format!("; {} have no label and are not learned from.\n", count(missing))),
        }
    }
    for note in &started.notes {
        out.push_str(&format!("{} {note}.\n", paint.warn("Note:")));
    }
    out.push_str(&findings(&started.findings, paint));
    out.push_str(&format!(
        "\nWritten: {}.\n\n{}\n\nNext:\n  ropeway check    says what is wrong before anything is trained\n  ropeway run      \
         trains, evaluates and packages a model\n",
        started.files.join(", "),
        known_when_asked(&started.columns, paint)
    ));
    out
}

/// What nobody can see in one table without time: which columns are filled in only afterwards.
fn known_when_asked(columns: &[ColumnChoice], paint: Paint) -> String {
    let mut features: Vec<&ColumnChoice> = columns.iter().filter(|column| column.used == Use::Feature).collect();
    // Only of suspects there is something to say.
    features.sort_by_key(|column| column.why.is_empty());
    let features: Vec<&str> = features.into_iter().map(|column| column.called.as_str()).collect();
    let first = features.iter().take(NAMED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let more = if features.len() > NAMED { format!(" and {} more", features.len() - NAMED) } else { String::new() };
    format!(
        "{} each request column must be known when you ask for a prediction, and this table does not say which are.\n\
         Look at {first}{more}; take out of `request` what is filled in only with the outcome or later.",
        paint.warn("Before you trust it:")
    )
}

#[cfg(test)]
mod tests {
    use super::from_project;

    #[test]
    fn the_file_is_named_from_the_project_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("a/b");
        std::fs::create_dir_all(&root).unwrap();
        let data = folder.path().join("x.csv");
        std::fs::write(&data, "a\n1\n").unwrap();
        assert_eq!(from_project(std::path::Path::new("."), "../x.csv"), "../x.csv");
        let absolute = data.display().to_string();
        assert_eq!(from_project(&root, &absolute), absolute);
    }
}
