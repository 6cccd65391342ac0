//! `ropeway explain MODEL --key K`.

use ropeway_run::ExplainOptions;
use ropeway_vocab::{Instant, Result};

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::progress::during;
use crate::render;
use crate::sections::load;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway explain flight-delays --key \"2013-12-20T22:00:00Z,AA,345\"
  ropeway explain flight-delays@3 --key \"carrier=AA,flight=345,time_hour=2013-12-20T22:00:00Z\" --json

KEY is the values of the example's key, one a column, separated by commas: in the order in which \
`key` of the project file names the columns, or each as COLUMN=VALUE in any order. A value is written as in the file, days and \
instants also as ISO 8601 writes them; one with a comma stands in double quotes, as in a CSV file: --key '\"Smith, J\",3'.
Shows each feature with its value and contribution (they sum to the raw score, which \
calibration takes to the probability), the facts behind it \
with the time they became known, and the SQL that shows those facts.")]
pub struct Args {
    /// A model's name, NAME@VERSION, NAME@ALIAS, or a package file
    model: String,
    /// The key of the example: values in the order of `key`, or COLUMN=VALUE, separated by commas
    #[arg(long, value_name = "KEY")]
    key: String,
    /// The prediction time, where it is not the example's own: a date, or an instant such as 2024-07-01T06:00:00Z
    #[arg(long, value_name = "TIME", value_parser = Instant::or_day)]
    at: Option<Instant>,
    /// Of several classes the one to explain; by default the one decided for
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// How many facts to show for each feature
    #[arg(long, value_name = "N", default_value_t = 5)]
    facts: usize,
}

/// Explains one example.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let project = load(&shared.project)?;
    let options =
        ExplainOptions { model: args.model.clone(), key: args.key.clone(), at: args.at, class: args.class.clone() };
    let report = during(output, "the example and the facts behind it", ropeway_run::explain(&project, options)).await?;
    output.warn(&report.warnings);
    output.result(&report, |paint| render::explain::page(&report, args.facts, paint))?;
    Ok(Exit::Done)
}
