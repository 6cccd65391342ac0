//! The command line: what every command shares, and the way from arguments to an exit code.

use std::io::Write;
use std::path::PathBuf;

use clap::{CommandFactory, Parser};
use ropeway_run::Unfinished;
use ropeway_vocab::{Kind, Problem, Result};
use serde_json::Map;

use crate::command::Command;
use crate::exit::Exit;
use crate::output::{Output, object, told};
use crate::render::paint::Paint;
use crate::{next, stop};

/// From raw tables to a model that runs, is watched and is governed: one project file, one record.
#[derive(Debug, Parser)]
#[command(
    name = "ropeway",
    version,
    disable_help_subcommand = true,
    after_help = "Examples:
  ropeway init sales.csv --label churned     start a project from a table
  ropeway check                              say all that can be said before any training
  ropeway run --final                        train, evaluate, package, and open the holdout
  ropeway predict NAME --in new.csv --out scored.csv

Exit codes: 0 done, 1 failed, 2 usage, 3 a gate or check said no, or rows were left unscored."
)]
pub struct Cli {
    #[command(flatten)]
    pub shared: Shared,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What every command takes.
#[derive(Debug, Clone, clap::Args)]
pub struct Shared {
    /// The project folder.
    #[arg(
        short = 'C',
        long = "project",
        global = true,
        value_name = "DIR",
        default_value = ".",
        hide_default_value = true
    )]
    pub project: PathBuf,
    /// Print the result as JSON, one object on the last line of stdout.
    #[arg(long, global = true)]
    pub json: bool,
    /// No progress, only the result and errors.
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// Reads the command line and runs the command.
pub fn main() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let output = Output::new(&cli.shared);
    let result = match cli.command {
        None => next::say(&cli.shared, &output),
        Some(command) => on_runtime(|| async { command.run(&cli.shared, &output).await }),
    };
    match result {
        Ok(exit) => exit,
        Err(problem) => output.problem(&problem),
    }
}

/// Help and version are no errors; everything else is exit code 2.
fn usage(error: &clap::Error) -> Exit {
    if !error.use_stderr() {
        let _ = error.print();
        return Exit::Done;
    }
    let _ = write!(std::io::stderr(), "{}", coded(error, Paint::stderr()));
    // The line could not be understood as a whole, so the flag is looked for in its words.
    if std::env::args_os().skip(1).take_while(|word| word != "--").any(|word| word == "--json") {
        let problem = misused(&error.render().to_string());
        let report =
            if command().as_deref() == Some("run") { object(&Unfinished::before(&problem)) } else { Map::new() };
        told(&[problem], report);
    }
    Exit::Usage
}

/// What clap says, with its code as every other problem has it.
fn coded(error: &clap::Error, paint: Paint) -> String {
    let text = error.render();
    let text = if paint == Paint::PLAIN { text.to_string() } else { text.ansi().to_string() };
    text.replacen("error:", "error[usage]:", 1)
}

/// The command that is meant, as far as the line can be understood.
fn command() -> Option<String> {
    let matches = definition().ignore_errors(true).try_get_matches().ok()?;
    matches.subcommand_name().map(str::to_owned)
}

/// What clap says, as a problem: `error: WHAT`, then perhaps `tip: REMEDY`, then the usage.
fn misused(text: &str) -> Problem {
    let what = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
    let what: Vec<&str> = what.lines().map(str::trim).collect();
    let tips: Vec<&str> = text.lines().filter_map(|line| line.trim().strip_prefix("tip: ")).collect();
    let remedy = if tips.is_empty() {
        "`ropeway --help` and `ropeway COMMAND --help` show the usage".into()
    } else {
        tips.join("; ")
    };
    Problem::new(Kind::Usage, "usage", what.join(" ")).remedy(remedy)
}

/// Commands run on one Tokio runtime; Ctrl-C raises the flag that long work looks at.
fn on_runtime<F>(work: impl FnOnce() -> F) -> Result<Exit>
where
    F: Future<Output = Result<Exit>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::io("starting the runtime", &error))?;
    let exit = runtime.block_on(async {
        let watch = stop::watch()?;
        let exit = work().await;
        watch.abort();
        exit
    });
    // Work that is still on a blocking thread has been told to stop and must not hold the process.
    runtime.shutdown_background();
    exit
}

/// The definition of the whole command line, for completions.
pub fn definition() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound_and_every_command_shows_an_example() {
        definition().debug_assert();
        for command in definition().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("ropeway "), "`{}` shows no example in its help", command.get_name());
            assert!(command.get_about().is_some());
        }
    }
}
