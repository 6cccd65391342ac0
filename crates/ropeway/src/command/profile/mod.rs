//! `ropeway profile FILE` and `ropeway profile NAME`.

mod file;
mod table;

use std::path::{Path, PathBuf};

use ropeway_vocab::Result;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::sections::here_for_tables;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway profile customers.csv
  ropeway profile loans.parquet --label Class
  ropeway profile flights.csv.gz --label arr_delay --out profile.json
  ropeway profile flights_clean            what the columns of a source or table look like by now
  ropeway profile examples                 the examples with their features, without labels of the holdout

A file is read once and nothing is changed: the statistics of every column, then what was found, the gravest first. It needs \
no project.

Of a source or table of the project: each column with its missing and distinct values, its quantiles and a small \
histogram, or its most frequent values. Of personal columns only what is missing is counted. `ropeway show RUN --profile \
TABLE` shows the same of an earlier run.")]
pub struct Args {
    /// A file, a folder of equal files or a glob (in quotes); or a source or table of the project, or `examples`
    #[arg(value_name = "FILE|NAME")]
    name: String,
    /// Of a file, the column to predict: what tells it too well is named [default: the one that is likeliest]
    #[arg(long, value_name = "COLUMN")]
    label: Option<String>,
    /// Of a workbook, the sheet [default: the one that holds a table, the largest of several]
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Of a file: also write it to this file, as JSON where it ends so, else as text
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Shows the profile: of the project's where it has something of that name, else of the file.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    // A project that cannot be read is no obstacle to looking at a file.
    let is_file = Path::new(&args.name).exists() || args.name.contains(['*', '?', '[']);
    let project =
        if is_file { here_for_tables(&shared.project).ok().flatten() } else { here_for_tables(&shared.project)? };
    match project {
        Some(project) if !is_file || names(&project, &args.name) => table::run(&project, &args.name, output).await,
        _ => file::run(args, output),
    }
}

fn names(project: &ropeway_project::Project, name: &str) -> bool {
    let settings = &project.settings;
    name == "examples" || settings.source.contains_key(name) || settings.table.contains_key(name)
}
