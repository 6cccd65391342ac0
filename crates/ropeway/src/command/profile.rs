//! `ropeway profile FILE`.

use std::path::{Path, PathBuf};

use ropeway_source::SourceSettings;
use ropeway_survey::{Ask, Survey};
use ropeway_vocab::{Problem, Result};
use serde::Serialize;

use crate::exit::Exit;
use crate::init::reading::{Reading, reading};
use crate::output::Output;
use crate::render::paint::Paint;
use crate::render::survey::page;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway profile customers.csv
  ropeway profile loans.parquet --label Class
  ropeway profile flights.csv.gz --label arr_delay --out profile.json

Reads the file once and changes nothing: the statistics of every column, then what was found, the gravest first.")]
pub struct Args {
    /// The file to look at
    file: String,
    /// The column to predict: what tells it too well is named [default: the one that is likeliest]
    #[arg(long, value_name = "COLUMN")]
    label: Option<String>,
    /// Also write it to this file: as JSON where it ends so, else as text
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// A file that was looked at.
#[derive(Debug, Serialize)]
pub struct Profiled {
    /// The file.
    pub file: String,
    /// How it was read.
    pub settings: SourceSettings,
    /// Why so.
    pub notes: Vec<String>,
    /// What it holds.
    #[serde(flatten)]
    pub survey: Survey,
}

/// Looks at the file and says what it holds.
pub fn run(args: &Args, output: &Output) -> Result<Exit> {
    let root = Path::new("");
    let Reading { settings, notes, .. } = reading(root, &args.file)?;
    let ask = Ask { label: args.label.as_deref(), ..Ask::default() };
    let (survey, _) = ropeway_survey::survey("data", &settings, root, &ask)?;
    let profiled = Profiled { file: args.file.clone(), settings, notes, survey };
    if let Some(path) = &args.out {
        write(path, &profiled)?;
    }
    output.result(&profiled, |paint| page(&profiled.file, &profiled.survey, &profiled.notes, paint))?;
    Ok(Exit::Done)
}

fn write(path: &Path, profiled: &Profiled) -> Result<()> {
    let json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let text = if json {
        serde_json::to_string_pretty(profiled).map_err(|error| Problem::internal(format!("writing JSON: {error}")))?
    } else {
        page(&profiled.file, &profiled.survey, &profiled.notes, Paint::PLAIN)
    };
    std::fs::write(path, text).map_err(|error| Problem::io(format_args!("writing {}", path.display()), &error))
}
