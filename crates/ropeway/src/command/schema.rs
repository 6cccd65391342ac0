//! `ropeway schema`.

use ropeway_vocab::{Problem, Result};

use crate::exit::Exit;
use crate::output::{Output, json};
use crate::sections::SECTIONS;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway schema > ropeway.schema.json

Then `#:schema ./ropeway.schema.json` as the first line of ropeway.toml makes editors with a TOML language server \
(Even Better TOML, Taplo) complete it and say what each key is for.")]
pub struct Args {}

/// Prints it, readable unless `--json` asks for one line.
pub fn run(_: &Args, output: &Output) -> Result<Exit> {
    let schema = ropeway_project::schema(&SECTIONS);
    if output.json {
        output.line(&json(&schema)?)?;
    } else {
        let text = serde_json::to_string_pretty(&schema)
            .map_err(|error| Problem::internal(format!("writing the schema: {error}")))?;
        output.line(&text)?;
    }
    Ok(Exit::Done)
}
