//! `ropeway report [RUN] [--out FILE]`: the page about a run, made from its record.

use std::path::{Path, PathBuf};

use ropeway_run::report::page_of;
use ropeway_vocab::{Problem, Result};
use serde::Serialize;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::sections::with_record;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway report                        the page about the newest run, in .ropeway/reports
  ropeway report r7 --out r7.html       the page about the run that `ropeway runs` calls r7, to send to someone

The page is one file of HTML that loads nothing and runs nothing. `ropeway run` writes it, too. Personal values are not in it.")]
pub struct Args {
    /// The run [default: the newest]
    run: Option<String>,
    /// Where to write it [default: .ropeway/reports/RUN.html]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// A page that was written.
#[derive(Debug, Serialize)]
struct Written {
    run: String,
    file: String,
    bytes: usize,
}

/// Writes the page about a run, and says where.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let written = page(shared, args.run.as_deref(), args.out.as_deref()).await?;
    output.result(&written, |_| format!("{}\n", written.file))?;
    Ok(Exit::Done)
}

/// Writes the page at the end of a run. The run is done and on record: where the page cannot be written, that is said and no more.
pub async fn at_the_end(shared: &Shared, run: &str, output: &Output) {
    if let Err(problem) = page(shared, Some(run), None).await {
        output.warn(&[format!("the page about {run} was not written: {problem}; `ropeway report {run}` tries again")]);
    }
}

async fn page(shared: &Shared, run: Option<&str>, out: Option<&Path>) -> Result<Written> {
    let recorded = async |project: &_, store: &_| ropeway_run::recorded(project, store, run).await;
    let recorded = with_record(&shared.project, recorded).await?;
    let html = ropeway_report::page(&recorded);
    let run = recorded.line.run;
    let (path, file) = match out {
        Some(path) => (path.to_owned(), path.display().to_string()),
        None => (shared.project.join(page_of(&run)), page_of(&run)),
    };
    write(&path, &html).map_err(|error| Problem::io(format!("writing the page {}", path.display()), &error))?;
    Ok(Written { run, file, bytes: html.len() })
}

/// Nobody finds half a page.
fn write(path: &Path, html: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut half = path.as_os_str().to_owned();
    half.push(".part");
    std::fs::write(&half, html)?;
    std::fs::rename(&half, path)
}
