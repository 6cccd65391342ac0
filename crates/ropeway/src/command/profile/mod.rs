//! `ropeway profile NAME`.

mod table;

use ropeway_vocab::Result;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::sections::load;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway profile flights_clean            what the columns of a source or table look like by now
  ropeway profile examples                 the examples with their features, without labels of the holdout
  ropeway profile flights_clean --json

Each column with its missing and distinct values, its quantiles and a small histogram, or its most frequent values. Of
personal columns only what is missing is counted. `ropeway show RUN --profile TABLE` shows the same of an earlier run.")]
pub struct Args {
    /// A source or table, or `examples`
    name: String,
}

/// Shows the profile.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let project = load(&shared.project)?;
    table::run(&project, &args.name, output).await
}
