//! `ropeway compare RUN RUN`.

use ropeway_vocab::Result;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::render::compare;
use crate::sections::with_record;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway compare r3 r7        what changed from r3 to r7, and whether the figure moved
  ropeway compare r3 r7 --json

What changed: rows of sources and tables, features, settings as they take effect. Whether the figure moved is told by the \
same examples: what the best candidate of each run loses on each of them is compared pairwise, and the \
difference has its interval (log loss, or squared error: a metric such as the ROC AUC has no value of one example). \
Examples are paired by key, or by what they hold where the key is another; those of one run alone are left out, and how many \
is told. Where labels mean something else, or few examples are of both, the runs are not comparable, and the reason is told.")]
pub struct Args {
    /// The earlier run, as `ropeway runs` lists it
    before: String,
    /// The other run
    after: String,
}

/// Compares two runs.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let compared = async |_: &_, store: &_| ropeway_run::compare(store, &args.before, &args.after).await;
    let found = with_record(&shared.project, compared).await?;
    output.result(&found, |paint| compare::page(&found, paint))?;
    Ok(Exit::Done)
}
