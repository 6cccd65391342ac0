//! `ropeway runs`.

use ropeway_run::RunLine;
use ropeway_vocab::Result;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::render::number::percent;
use crate::render::number::{seconds, to_the_second};
use crate::render::paint::Paint;
use crate::render::problem::{cut, visible};
use crate::render::table::Table;
use crate::sections::with_record;

/// Characters of a problem that are listed.
const PROBLEM: usize = 100;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway runs
  ropeway runs --limit 5 --json")]
pub struct Args {
    /// How many to list, newest first
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

/// Lists the runs of the record, newest first.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let mut runs = with_record(&shared.project, async |_, store| ropeway_run::runs(store).await).await?;
    let left = runs.len().saturating_sub(args.limit);
    runs.truncate(args.limit);
    output.result(&serde_json::json!({ "runs": runs, "left_off": left }), |paint| page(&runs, left, paint))?;
    Ok(Exit::Done)
}

fn page(runs: &[RunLine], left: usize, paint: Paint) -> String {
    if runs.is_empty() {
        return "No run yet: start with `ropeway run`.\n".into();
    }
    let mut table = Table::new(&["run", "started (UTC)", ">took", "status", "", ""]);
    for run in runs {
        let took = run.finished.map(|end| (end.micros().saturating_sub(run.started.micros())) as f64 / 1e6);
        let kind = match (run.final_, run.sample) {
            (_, Some(share)) => format!("sample of {}", percent(share)),
            (true, None) => "final".into(),
            (false, None) => String::new(),
        };
        table.row([
            run.run.clone(),
            to_the_second(run.started),
            took.map_or_else(String::new, seconds),
            run.status.clone(),
            kind,
            run.problem.as_deref().map_or_else(String::new, brief),
        ]);
    }
    let mut out = table.render(0);
    if left > 0 {
        out.push_str(&format!("and {left} older ones; `--limit` shows more\n"));
    }
    out.push_str(&format!("{}\n", paint.dim("`ropeway show RUN` shows one.")));
    out
}

/// A problem in one short line, without the rows and the remedy behind it.
fn brief(problem: &str) -> String {
    let what = problem.split(" (by way of ").next().unwrap_or_default();
    cut(&visible(what.lines().next().unwrap_or_default()), PROBLEM)
}
