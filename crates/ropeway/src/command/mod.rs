//! The commands, one file each.

mod check;
mod clean;
mod compare;
mod completions;
mod examples;
mod explain;
mod init;
mod models;
mod predict;
mod profile;
mod query;
mod report;
mod run;
mod runs;
mod schema;
mod serve;
mod show;
mod table;
mod why;

use ropeway_vocab::Result;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;

/// What the user wants done.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Start a project from a table: writes a project that runs into the current folder
    Init(init::Args),
    /// Say all that can be said before any training: project file, SQL, types, known-at
    Check(check::Args),
    /// Train, evaluate, package and register; unchanged steps are not executed again
    Run(run::Args),
    /// List the runs of this project
    Runs(runs::Args),
    /// Show one run: steps with their usage, figures, gates
    Show(show::Args),
    /// Say what changed between two runs, and whether the figure moved
    Compare(compare::Args),
    /// Write the page about a run: one HTML file with all its figures
    Report(report::Args),
    /// Score a file with a model
    Predict(predict::Args),
    /// Answer prediction requests over HTTP
    Serve(serve::Args),
    /// Say why an example gets its score: features, facts behind them, contributions
    Explain(explain::Args),
    /// List models, their versions and aliases
    Models(models::Args),
    /// Show or write the rows of a source or table
    Table(table::Args),
    /// Show or write the examples with their features
    Examples(examples::Args),
    /// Say what a file, or a source or table of the project, holds
    Profile(profile::Args),
    /// Run SQL over the project's sources, tables or examples
    Query(query::Args),
    /// Explain the code of an error: what it means, how it comes, what to do
    Why(why::Args),
    /// Free what nothing refers to any more; says first what that is
    Clean(clean::Args),
    /// Print the JSON Schema of the project file
    Schema(schema::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
}

impl Command {
    /// Runs it.
    pub async fn run(self, shared: &Shared, output: &Output) -> Result<Exit> {
        match self {
            Self::Init(args) => init::run(&args, shared, output),
            Self::Check(args) => check::run(&args, shared, output).await,
            Self::Run(args) => run::run(&args, shared, output).await,
            Self::Runs(args) => runs::run(&args, shared, output).await,
            Self::Show(args) => show::run(&args, shared, output).await,
            Self::Compare(args) => compare::run(&args, shared, output).await,
            Self::Report(args) => report::run(&args, shared, output).await,
            Self::Predict(args) => predict::run(&args, shared, output).await,
            Self::Serve(args) => serve::run(&args, shared, output).await,
            Self::Explain(args) => explain::run(&args, shared, output).await,
            Self::Models(args) => models::run(&args, shared, output).await,
            Self::Table(args) => table::run(&args, shared, output).await,
            Self::Examples(args) => examples::run(&args, shared, output).await,
            Self::Profile(args) => profile::run(&args, shared, output).await,
            Self::Query(args) => query::run(&args, shared, output).await,
            Self::Why(args) => why::run(&args, output),
            Self::Clean(args) => clean::run(&args, shared, output).await,
            Self::Schema(args) => schema::run(&args, output),
            Self::Completions(args) => completions::run(&args, output),
        }
    }
}
