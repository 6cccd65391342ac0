//! `ropeway show [RUN] [--quarantine SOURCE | --profile TABLE | --recipe]`.

use ropeway_project::Project;
use ropeway_store::Store;
use ropeway_vocab::Result;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::render::paint::Paint;
use crate::render::{left_out, profile, recipe, steps, summary};
use crate::sections::with_record;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway show                          the newest run
  ropeway show r7                       the run that `ropeway runs` calls r7
  ropeway show --quarantine flights     every row of a source that could not be taken, and why
  ropeway show r7 --profile weather     what the columns of a source or table looked like in that run
  ropeway show r7 --recipe              what each step that prepares features learned
  ropeway show r7 --json")]
pub struct Args {
    /// The run [default: the newest]
    run: Option<String>,
    /// Show all quarantined rows of one source instead
    #[arg(long, value_name = "SOURCE", conflicts_with_all = ["profile", "recipe"])]
    quarantine: Option<String>,
    /// Show the profile of one source or table instead
    #[arg(long, value_name = "TABLE", conflicts_with = "recipe")]
    profile: Option<String>,
    /// Show what each step of its recipe learned of the training rows instead
    #[arg(long)]
    recipe: bool,
}

/// Shows a run: every step with its usage, what it left out, and its report where it ended with one.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    with_record(&shared.project, async |project, store| printed(args, project, store, output).await).await?;
    Ok(Exit::Done)
}

async fn printed(args: &Args, project: &Project, store: &Store, output: &Output) -> Result<()> {
    let run = args.run.as_deref();
    if let Some(source) = &args.quarantine {
        let found = ropeway_run::quarantine(project, store, run, source).await?;
        output.result(&found, |_| left_out::quarantine(source, &found))
    } else if let Some(table) = &args.profile {
        let found = ropeway_run::table_profile(project, store, run, table).await?;
        output.result(&found, |paint| profile::page(&found, paint))
    } else if args.recipe {
        let found = ropeway_run::show_recipe(project, store, run).await?;
        output.result(&found, |paint| recipe::page(&found, paint))
    } else {
        let shown = ropeway_run::show(project, store, run).await?;
        output.result(&shown, |paint| page(&shown, paint))
    }
}

fn page(shown: &ropeway_run::Shown, paint: Paint) -> String {
    let mut out = match &shown.report {
        Some(report) => summary::page(report, paint),
        None => format!("run {}  {}\n", shown.line.run, shown.line.status),
    };
    if let Some(problem) = &shown.line.problem {
        out.push_str(&format!("{} {problem}\n", paint.bad("problem:")));
    }
    out.push_str(&left_out::page(shown, paint));
    if !shown.steps.is_empty() {
        out.push_str(&format!("\n{}\n{}", paint.strong("Steps and what they used"), steps::steps(&shown.steps)));
    }
    out
}
