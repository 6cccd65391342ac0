//! The survey of a file.

use std::path::Path;

use ropeway_source::SourceSettings;
use ropeway_survey::{Ask, Survey};
use ropeway_vocab::{Problem, Result};
use serde::Serialize;

use super::Args;
use crate::exit::Exit;
use crate::init::look::look;
use crate::output::Output;
use crate::render::paint::Paint;
use crate::render::survey::page;
use crate::typed::is_there;

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
    is_there(&args.name)?;
    let root = Path::new("");
    let ask = Ask { label: args.label.as_deref(), ..Ask::default() };
    let looked = look(root, &args.name, args.sheet.as_deref(), &ask, None)?;
    let mut notes = looked.readings();
    notes.extend(looked.notes);
    let profiled = Profiled { file: args.name.clone(), settings: looked.settings, notes, survey: looked.survey };
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
