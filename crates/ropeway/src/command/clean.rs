//! `ropeway clean [--yes] [--runs N]`.

use ropeway_run::{CleanOptions, CleanReport};
use ropeway_vocab::Result;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::progress::during;
use crate::render::number::{bytes, count};
use crate::render::table::Table;
use crate::sections::load;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway clean                 say what would be freed
  ropeway clean --yes           free it
  ropeway clean --runs 1 --yes  keep the results of the newest run alone, and of those behind an alias

What goes can be computed again, or nothing refers to it: results of steps that only older runs made, files that a killed \
process left half written. The record of all runs stays, with the rows that they left out and the profiles of their tables, \
and so do all versions, every look at the holdout and all rows that arrived. A run that comes back to what an older one was \
made of executes its steps again. It waits for no run: while one is at work it says so and ends.")]
pub struct Args {
    /// Free it
    #[arg(long)]
    yes: bool,
    /// How many of the newest runs keep what their steps made
    #[arg(long, value_name = "N", default_value_t = 5)]
    runs: usize,
}

/// Says what goes, and frees it where that is wanted.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let project = load(&shared.project)?;
    let options = CleanOptions { runs: args.runs, free: args.yes };
    let report = during(output, "what nothing refers to", ropeway_run::clean(&project, options)).await?;
    output.result(&report, |_| page(&report))?;
    if !report.freed && report.bytes > 0 {
        output.note("nothing was freed yet: `ropeway clean --yes` frees it");
    }
    Ok(Exit::Done)
}

fn page(report: &CleanReport) -> String {
    if report.groups.is_empty() {
        return "There is nothing to free.\n".into();
    }
    let mut table = Table::new(&[">files", ">size", "what"]);
    for group in &report.groups {
        table.row([count(group.files), bytes(group.bytes), group.what.to_owned()]);
    }
    let verb = if report.freed { "freed" } else { "can be freed" };
    let kept = match report.kept_runs.as_slice() {
        [] => String::new(),
        runs => format!("; what the steps of {} made stays", runs.join(", ")),
    };
    format!("{}{} {verb}{kept}\n", table.render(2), bytes(report.bytes))
}
