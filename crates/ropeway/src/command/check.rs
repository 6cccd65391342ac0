//! `ropeway check [--prove]`.

use ropeway_vocab::Result;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::progress::during;
use crate::render;
use crate::sections::examine;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway check            project file, SQL, types and known-at, before any training
  ropeway check --prove    also change the future at several times and compare all that came before, bit for bit

Exit code 3 means that the time rule refused something, or that the proof found a difference.")]
pub struct Args {
    /// Make the experiment: overwrite, add and remove what is known later, and compare what must not change
    #[arg(long)]
    prove: bool,
}

/// Checks and prints; the project file is reported with all its problems at once.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let project = match examine(&shared.project) {
        Ok(project) => project,
        Err(problems) => return Ok(output.problems(&problems)),
    };
    let what = if args.prove { "tables, features and the proof" } else { "tables and features" };
    let report = during(output, what, ropeway_run::check(&project, args.prove)).await;
    let report = report.map_err(|problem| project.located(problem))?;
    output.result(&report, |paint| render::check::page(&report, paint))?;
    Ok(if report.holds() { Exit::Done } else { Exit::Refused })
}
