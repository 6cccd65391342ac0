//! Sections of the project file that belong to crates above `ropeway-project`, registered here so that an unknown
//! key is always known as such; and the loading of a project with them.

use std::path::Path;

use ropeway_project::{FILE, Project, SectionSpec};
use ropeway_registry::GateSettings;
use ropeway_store::Store;
use ropeway_vocab::{Problem, Result};

/// All registered sections.
pub const SECTIONS: [SectionSpec; 1] = [SectionSpec::list::<GateSettings>("gate")];

/// Loads the project, or the first problem of its file.
pub fn load(root: &Path) -> Result<Project> {
    Project::load_with(root, &SECTIONS)
}

/// Loads the project to look at its sources and tables, which need no `[examples]`.
pub fn load_tables(root: &Path) -> Result<Project> {
    Project::load_tables(root, &SECTIONS)
}

/// Loads the project in the current folder where there is one, or the one that was named.
pub fn here(root: &Path) -> Result<Option<Project>> {
    if is_nowhere(root) { Ok(None) } else { load(root).map(Some) }
}

/// The same to look at its sources and tables.
pub fn here_for_tables(root: &Path) -> Result<Option<Project>> {
    if is_nowhere(root) { Ok(None) } else { load_tables(root).map(Some) }
}

fn is_nowhere(root: &Path) -> bool {
    root == Path::new(".") && !root.join(FILE).exists()
}

/// Loads the project, or all problems of its file.
pub fn examine(root: &Path) -> Result<Project, Vec<Problem>> {
    Project::examine(root, &SECTIONS)
}

/// What `work` reads in the record of the project at `root`; a folder that is no project is a problem, and gets no record.
pub async fn with_record<T>(root: &Path, work: impl AsyncFnOnce(&Project, &Store) -> Result<T>) -> Result<T> {
    let project = load(root)?;
    let store = Store::open_to_read(&root.join(".ropeway")).await?;
    store.closing(async |store| work(&project, store).await).await
}
