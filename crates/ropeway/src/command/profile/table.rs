//! The profile of a source or table of the project.

use ropeway_project::Project;
use ropeway_vocab::Result;

use crate::command::table::known;
use crate::exit::Exit;
use crate::output::Output;
use crate::progress::during;
use crate::render::profile;

/// Shows it.
pub async fn run(project: &Project, name: &str, output: &Output) -> Result<Exit> {
    known(project, name)?;
    let found = during(output, name, ropeway_run::relation_profile(project, name)).await;
    let found = found.map_err(|problem| project.located(problem))?;
    output.result(&found, |paint| profile::by_now(&found, paint))?;
    Ok(Exit::Done)
}
