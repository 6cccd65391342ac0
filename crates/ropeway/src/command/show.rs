//! `ropeway show [RUN]`.

use ropeway_vocab::Result;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::render::paint::Paint;
use crate::render::summary;
use crate::sections::store;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway show        the newest run
  ropeway show r7     the run that `ropeway runs` calls r7
  ropeway show r7 --json")]
pub struct Args {
    /// The run [default: the newest]
    run: Option<String>,
}

/// Shows a run: every step with its usage, and its report where it ended with one.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let (_, store) = store(&shared.project).await?;
    let shown = ropeway_run::show(&store, args.run.as_deref()).await?;
    output.result(&shown, |paint| page(&shown, paint))?;
    Ok(Exit::Done)
}

fn page(shown: &ropeway_run::Shown, paint: Paint) -> String {
    let mut out = match &shown.report {
        Some(report) => summary::page(report, paint),
        None => format!("run {}  {}\n", shown.line.run, shown.line.status),
    };
    if let Some(problem) = &shown.line.problem {
        out.push_str(&format!("{} {problem}\n", paint.bad("problem:")));
    }
    if !shown.steps.is_empty() {
        out.push_str(&format!("\n{}\n{}", paint.strong("Steps and what they used"), summary::steps(&shown.steps)));
    }
    out
}
