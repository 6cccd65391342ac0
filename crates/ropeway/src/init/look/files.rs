//! Which of several files is learned from.

use std::collections::BTreeSet;
use std::path::Path;

use ropeway_source::propose::{Hint, propose};
use ropeway_source::{SourceSettings, inferred, paths};
use ropeway_vocab::Result;

/// The file to learn from, and the others: the first that has the label, else the first. A folder of files that have not the
/// same columns are these files, the largest first.
///
/// # Errors
/// A file that cannot be read.
pub fn tables(root: &Path, files: Vec<String>, hint: &Hint<'_>) -> Result<(String, Vec<String>)> {
    let mut all = Vec::new();
    for file in files {
        match apart(root, &file, hint)? {
            Some(parts) => all.extend(parts),
            None => all.push(file),
        }
    }
    let mut at = 0;
    if all.len() > 1
        && let Some(label) = hint.label
    {
        for (index, file) in all.iter().enumerate() {
            if names(root, file, hint)?.iter().any(|name| name == label) {
                at = index;
                break;
            }
        }
    }
    let file = all.remove(at);
    Ok((file, all))
}

fn names(root: &Path, file: &str, hint: &Hint<'_>) -> Result<Vec<String>> {
    let proposed = match propose(Path::new(file), root, hint) {
        // Of several files one has the sheet.
        Err(problem) if matches!(problem.code(), "sheet" | "source-settings") && hint.sheet.is_some() => {
            propose(Path::new(file), root, &Hint { sheet: None, ..*hint })
        }
        proposed => proposed,
    };
    let settings = proposed?.settings;
    Ok(inferred("data", &settings, root)?.columns.into_iter().map(|column| column.name).collect())
}

/// The files of a folder that are no one table: what reads it as one fails, and they have not the same columns.
fn apart(root: &Path, folder: &str, hint: &Hint<'_>) -> Result<Option<Vec<String>>> {
    if !root.join(folder).is_dir() {
        return Ok(None);
    }
    let Err(problem) = names(root, folder, hint) else { return Ok(None) };
    let mut found: Vec<(u64, String)> = paths("data", &SourceSettings::of_file(folder), root)?
        .into_iter()
        .filter_map(|path| {
            let bytes = path.metadata().map_or(0, |about| about.len());
            let name = path.file_name()?.to_string_lossy().into_owned();
            Some((bytes, Path::new(folder).join(name).display().to_string()))
        })
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let files: Vec<String> = found.into_iter().map(|(_, name)| name).collect();
    let mut columns = Vec::new();
    for file in &files {
        // Names that differ by case and blanks are meant to be the same.
        let same = |name: &String| name.trim().to_lowercase();
        let mut names: Vec<String> = names(root, file, hint)?.iter().map(same).collect();
        names.sort_unstable();
        columns.push(names);
    }
    let different: BTreeSet<&Vec<String>> = columns.iter().collect();
    if different.len() == columns.len() {
        return Ok((different.len() > 1).then_some(files));
    }
    // One of files of the same columns alone would lack most rows.
    let advice = problem.advice().unwrap_or("mend the file that is named").to_owned();
    Err(problem.context(folder).remedy(if different.len() == 1 {
        advice
    } else {
        format!(
            "{advice}; or put the files of one table into a folder of their own: some of these have the same columns"
        )
    }))
}
