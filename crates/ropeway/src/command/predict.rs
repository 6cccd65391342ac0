//! `ropeway predict MODEL --in FILE --out FILE`.

use std::path::PathBuf;

use ropeway_run::PredictOptions;
use ropeway_vocab::Result;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::progress::progress;
use crate::render::number::{count, seconds};
use crate::sections::{here, load};
use crate::stop;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway predict flight-delays --in today.csv --out scored.csv
  ropeway predict flight-delays@3 --in today.parquet --out scored.parquet
  ropeway predict models/flight-delays.ropeway --in today.jsonl --out scored.jsonl

Keeps the rows, their order and their columns, and adds `probability` and `decision`. Formats follow from the names.
Memory does not grow with the file. Without an `at` column the prediction time is now. From CSV to JSON lines, numbers
and booleans of the request's columns become JSON's own; all else stays text. A package file whose features look into no
table can be scored outside any project.")]
pub struct Args {
    /// A model's name, NAME@VERSION, NAME@ALIAS, or a package file
    model: String,
    /// Examples to score: .csv, .jsonl or .parquet, compressed or not
    #[arg(long = "in", value_name = "FILE")]
    input: PathBuf,
    /// Where to write the scored examples: .csv, .jsonl or .parquet
    #[arg(long = "out", value_name = "FILE")]
    out: PathBuf,
}

/// Scores the file.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let project = match ropeway_registry::is_package_file(&args.model) {
        true => here(&shared.project)?,
        false => Some(load(&shared.project)?),
    };
    let options = PredictOptions {
        model: args.model.clone(),
        input: args.input.clone(),
        output: args.out.clone(),
        progress: progress(output),
        cancel: stop::flag(),
    };
    let report = ropeway_run::predict(project.as_ref(), options).await?;
    output.warn(&report.warnings);
    output.result(&report, |_| {
        format!(
            "{} rows scored by {}@{} in {}: {}\n",
            count(report.rows),
            report.model,
            report.version.map_or_else(|| report.digest.short(), |version| version.to_string()),
            seconds(report.wall_s),
            args.out.display()
        )
    })?;
    Ok(Exit::Done)
}
