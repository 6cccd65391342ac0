//! Findings of what was noticed where the files of a source were read: names that stand twice, lines that quotes swallowed, ends
//! of files that differ.

use ropeway_project::Project;
use ropeway_source::propose::uneven_footers;
use ropeway_source::{Noticed, SourceSettings};

use crate::report::{FindingPlace, FindingReport};

/// One of each.
pub(super) fn of_file(project: &Project, source: &str, noticed: &Noticed) -> FindingReport {
    let Noticed { code, what, remedy, file, line } = noticed;
    // What is of no file is of the setting.
    let place = if file.is_empty() {
        let place = project.place(&["source", source, "skip_footer"]);
        FindingPlace { file: place.file, line: place.line }
    } else {
        FindingPlace { file: file.clone(), line: *line }
    };
    FindingReport {
        code: code.clone(),
        message: format!("source `{source}`: {what}"),
        table: Some(source.to_owned()),
        place: Some(place),
        remedy: remedy.clone(),
        ..FindingReport::default()
    }
}

/// That a source skips rows at the end of each of its files, and not all of them end in such rows. A file that cannot be read is
/// told of where it is read.
pub(crate) fn footers(settings: &SourceSettings, root: &std::path::Path) -> Option<Noticed> {
    let told = uneven_footers(settings, root).ok()??;
    Some(Noticed {
        code: "uneven-footer".to_owned(),
        what: format!("`skip_footer` takes a true row of some files: {told}"),
        remedy:
            "take `skip_footer` out, and pass over the rows of totals by what they begin with: comment = \"Total,\""
                .to_owned(),
        file: String::new(),
        line: None,
    })
}
