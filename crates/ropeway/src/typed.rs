//! A file that is named on the command line.

use std::path::Path;

use ropeway_vocab::{Place, Problem, Result, nearest};

/// Refuses a file that is not there, with the nearest name beside it. A glob is looked up where it is read.
///
/// # Errors
/// No such file.
pub fn is_there(file: &str) -> Result<()> {
    let path = Path::new(file);
    let Err(error) = path.metadata() else { return Ok(()) };
    if error.kind() != std::io::ErrorKind::NotFound || file.contains(['*', '?', '[']) {
        return Ok(());
    }
    let near = near(path).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    let from = if path.is_absolute() { "check the path" } else { "the path is relative to the current folder" };
    let problem = Problem::io(format_args!("opening {file}"), &error).at(Place::file(file));
    Err(problem.remedy(format!("{from}{near}")))
}

/// The file of the nearest name in the same folder, as it would be typed.
fn near(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let parent = path.parent()?;
    let folder = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let names: Vec<String> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect();
    let near = nearest(name, names.iter().map(String::as_str))?;
    Some(parent.join(near).display().to_string())
}
