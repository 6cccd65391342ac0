//! The sheets of a workbook that are read together, each as a file of its source.

use ropeway_vocab::{Problem, Result};

use crate::file::found::SourceFile;
use crate::file::sheets::named;
use crate::file::workbook;
use crate::settings::is_pattern;

/// The sheets of these names and patterns, in that order and each once. A pattern takes those that are shown and not empty.
pub(crate) fn several_sheets(file: &SourceFile, wanted: &[String]) -> Result<Vec<SourceFile>> {
    let looks = workbook::sheets(file)?;
    let names: Vec<String> = looks.iter().map(|look| look.name.clone()).collect();
    let mut chosen: Vec<String> = Vec::new();
    for wanted in wanted {
        if !is_pattern(wanted) {
            chosen.push(named(&names, file, wanted)?);
            continue;
        }
        let glob = glob::Pattern::new(wanted).map_err(|error| {
            Problem::invalid("glob", format!("`sheet` names `{wanted}`, which is no glob: {}", error.msg))
                .remedy("use `*` and `?`, or list the names")
        })?;
        let before = chosen.len();
        chosen.extend(
            looks
                .iter()
                .filter(|look| !look.hidden && look.rows > 0)
                .map(|look| look.name.clone())
                .filter(|name| glob.matches(name)),
        );
        if chosen.len() == before {
            let what = format!("no sheet that is shown and not empty matches `{wanted}`");
            let remedy = format!("the sheets are: {}", names.join(", "));
            return Err(Problem::invalid("sheet", what).at(file.place()).remedy(remedy));
        }
    }
    let mut files: Vec<SourceFile> = Vec::new();
    for sheet in chosen {
        if files.iter().all(|file| file.sheet.as_ref() != Some(&sheet)) {
            let name = format!("{}/{sheet}", file.name);
            files.push(SourceFile { name, sheet: Some(sheet), ..file.clone() });
        }
    }
    Ok(files)
}
