//! `ropeway examples [--head N] [--out FILE [--personal]]`.

use ropeway_vocab::Result;

use super::table::{Way, rows_of};
use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway examples                          the first 20
  ropeway examples --out examples.parquet   all of them, for a notebook

Each example with its key, `at`, where it stands (part: train, holdout, purged, unlabelled or weightless; fold: the fold \
that it validates, from 1), the features as the learner gets them, and its label. Purged is what was left out of training \
since its label was not known yet when the holdout begins; weightless is what the column named by `weight` of [learn] gives none. Labels of the holdout are not there: only `ropeway run --final` opens it. \
Where a feature is called `part` or `fold`, the column beside it is `part_` or `fold_`.")]
pub struct Args {
    #[command(flatten)]
    way: Way,
}

/// Shows or writes them.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    rows_of("examples", &args.way, shared, output).await
}
