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

Keeps the rows, their order and their columns, and adds `probability` and `decision`; of several classes `predicted`, its \
`probability` and `probability_CLASS` of each; of a number `predicted`, the ends of its 90% interval `predicted_low` and \
`predicted_high`, and the number to decide for, `decision`. Formats follow from the names. \
Memory does not grow with the file. Without an `at` column the prediction time is now. A package file whose features look \
into no table can be scored outside any project.

Values pass as they are spelled, whether or not the model reads them: no digit is lost, `007` and 1.10 stay so, and so does \
what is nested. Where the formats differ:
  CSV to JSON lines      a number or boolean of the request's columns becomes JSON's own, all else is text; an empty field
                         is null, a quoted empty one an empty text
  JSON lines to CSV      a text without its JSON quotes, what is nested as its JSON, null and a missing key as nothing
  either to Parquet      text columns that say the same
  Parquet to the others  every digit; instants in UTC, times without a zone without one; in JSON, NaN and the
                         infinities are strings")]
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
