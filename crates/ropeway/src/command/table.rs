//! `ropeway table NAME [--head N] [--out FILE [--personal]]`, and the rows of `ropeway examples`.

use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use ropeway_project::Project;
use ropeway_run::TableRows;
use ropeway_vocab::{Kind, LABEL, Problem, Result, nearest};
use serde_json::json;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::progress::during;
use crate::render::number::count;
use crate::rows;
use crate::sections::{load, load_tables};

/// Rows that are shown where nobody says how many.
const HEAD: usize = 20;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway table flights_clean                       its first 20 rows
  ropeway table flights_clean --head 3 --columns carrier,flight,arr_delay
  ropeway table flights_clean --out flights.parquet all rows; .csv and .jsonl as well

The rows of a source or table as the project defines it by now, without those that its checks reject: by its key, where it \
has one, else in an order that only their content decides. The time at which a row became known is the last column, known_at; \
where the table has a column of this name itself, it is __known_at. What is personal is masked on the terminal and in --json; files leave it out unless --personal says otherwise.")]
pub struct Args {
    /// A source or table, or `examples`
    name: String,
    #[command(flatten)]
    way: Way,
}

/// Where rows go, and how many.
#[derive(Debug, clap::Args)]
pub struct Way {
    /// Take the first rows only [default: 20 where they are shown, all into a file]
    #[arg(long, value_name = "N")]
    head: Option<usize>,
    /// These columns only, in this order, separated by commas [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Vec<String>,
    /// Write the rows to a file, .csv, .jsonl or .parquet
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write personal columns, too
    #[arg(long, requires = "out")]
    personal: bool,
}

/// Shows or writes the rows.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    rows_of(&args.name, &args.way, shared, output).await
}

/// The same for any relation by its name.
pub async fn rows_of(name: &str, way: &Way, shared: &Shared, output: &Output) -> Result<Exit> {
    let project = if name == "examples" { load(&shared.project)? } else { load_tables(&shared.project)? };
    known(&project, name)?;
    let found = during(output, name, ropeway_run::table(&project, name)).await;
    let mut found = found.map_err(|problem| project.located(problem))?;
    found.batch = rows::only(&found.batch, &way.columns)?;
    found.personal.retain(|name| found.batch.column_by_name(name).is_some());
    if found.batch.column_by_name(LABEL).is_none() {
        found.hidden_labels = 0;
    }
    if found.hidden_labels > 0 {
        output.note(&hidden(found.hidden_labels));
    }
    match &way.out {
        Some(out) => write(out, way, &found, output)?,
        None => show(way.head.unwrap_or(HEAD), &found, output)?,
    }
    Ok(Exit::Done)
}

/// Refuses a name that nothing in the project has. It stands on the command line, and not in the project file.
pub fn known(project: &Project, name: &str) -> Result<()> {
    let settings = &project.settings;
    let names = settings.source.keys().chain(settings.table.keys()).map(String::as_str);
    let names = names.chain(project.has_examples().then_some("examples"));
    let names: Vec<&str> = names.collect();
    if names.contains(&name) {
        return Ok(());
    }
    let problem = Problem::new(Kind::NotFound, "unknown-table", format!("there is no source or table `{name}`"));
    Err(match nearest(name, names.iter().copied()) {
        Some(near) => problem.remedy(format!("did you mean `{near}`?")),
        None => problem.remedy(format!("the project has {}", names.join(", "))),
    })
}

/// Says that labels are missing, and why.
pub fn hidden(labels: u64) -> String {
    let labels = count(labels);
    format!("labels of {labels} holdout rows are hidden; only `ropeway run --final` opens the holdout")
}

fn show(head: usize, found: &TableRows, output: &Output) -> Result<()> {
    let TableRows { name, batch, personal, hidden_labels } = found;
    let shown = [rows::masked(&batch.slice(0, head.min(batch.num_rows())), personal)?];
    let total = batch.num_rows();
    if output.json {
        let (columns, rows) = (rows::columns(&shown), rows::as_json(&shown)?);
        let report = json!({
            "table": name, "columns": columns, "rows": rows, "total": total, "personal": personal,
            "hidden_labels": hidden_labels,
        });
        return output.line(&report.to_string());
    }
    output.text(&rows::as_text(&shown)?)?;
    if total > head {
        let (head, total) = (count(head as u64), count(total as u64));
        output.note(&format!("{head} of {total} rows; --head shows more, --out FILE writes all"));
    }
    Ok(())
}

fn write(out: &Path, way: &Way, found: &TableRows, output: &Output) -> Result<()> {
    let TableRows { name, batch, personal, hidden_labels } = found;
    let left_out: &[String] = if way.personal { &[] } else { personal };
    let written: RecordBatch = rows::without(batch, left_out)?;
    let written = written.slice(0, way.head.unwrap_or(usize::MAX).min(written.num_rows()));
    let rows = written.num_rows();
    rows::write(out, &[written])?;
    if !left_out.is_empty() {
        let names = left_out.join(", ");
        output.note(&format!("personal columns are left out of the file: {names}; --personal writes them, too"));
    }
    let report = json!({
        "table": name, "rows": rows, "out": out, "left_out": left_out, "hidden_labels": hidden_labels,
    });
    output.result(&report, |_| format!("{} rows written to {}\n", count(rows as u64), out.display()))
}
