//! Sections of the project file that belong to crates above `ropeway-project`, registered here so that an unknown
//! key is always known as such; and the loading of a project with them.

use std::path::Path;

use ropeway_project::{FILE, Project, SectionSpec};
use ropeway_registry::GateSettings;
use ropeway_store::Store;
use ropeway_vocab::{Problem, Result, nearest};

use crate::why;

/// All registered sections.
pub const SECTIONS: [SectionSpec; 1] = [SectionSpec::list::<GateSettings>("gate")];

/// Loads the project, or the first problem of its file.
pub fn load(root: &Path) -> Result<Project> {
    let project = Project::load_with(root, &SECTIONS)?;
    match unknown_codes(&project).into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(project),
    }
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
    let project = Project::examine(root, &SECTIONS)?;
    let unknown = unknown_codes(&project);
    if unknown.is_empty() { Ok(project) } else { Err(unknown) }
}

/// What `[accept]` names that is the code of no finding, and so accepts nothing.
fn unknown_codes(project: &Project) -> Vec<Problem> {
    let known = || why::of_findings().map(|entry| entry.code);
    let unknown = project.settings.accept.keys().filter(|code| !known().any(|known| known == *code));
    let problem = |code: &String| {
        let problem = Problem::invalid("unknown-key", format!("`{code}` of [accept] is the code of no finding"));
        let remedy = match nearest(code, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`ropeway check` and the report show the code of each finding".to_owned(),
        };
        problem.remedy(remedy).at(project.place(&["accept", code]))
    };
    unknown.map(problem).collect()
}

/// What `work` reads in the record of the project at `root`; a folder that is no project is a problem, and gets no record.
pub async fn with_record<T>(root: &Path, work: impl AsyncFnOnce(&Project, &Store) -> Result<T>) -> Result<T> {
    let project = load(root)?;
    let store = Store::open_to_read(&root.join(".ropeway")).await?;
    store.closing(async |store| work(&project, store).await).await
}
