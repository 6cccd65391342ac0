//! The finding that a source skips rows at the end of each of its files, and not all of them end in such rows.

use ropeway_project::Project;
use ropeway_source::propose::uneven_footers;

use crate::report::{FindingPlace, FindingReport};

/// One of each such source. A file that cannot be read is told of where it is read.
pub(super) fn of_sources(project: &Project) -> Vec<FindingReport> {
    let sources = project.settings.source.iter();
    let uneven = sources.filter_map(|(name, source)| Some((name, uneven_footers(source, &project.root).ok()??)));
    let report = |(name, told): (&String, String)| {
        let place = project.place(&["source", name, "skip_footer"]);
        FindingReport {
            code: "uneven-footer".into(),
            message: format!("`skip_footer` of source `{name}` takes a true row of some files: {told}"),
            table: Some(name.clone()),
            place: Some(FindingPlace { file: place.file, line: place.line }),
            remedy:
                "take `skip_footer` out, and pass over the rows of totals by what they begin with: comment = \"Total,\""
                    .into(),
            ..FindingReport::default()
        }
    };
    uneven.map(report).collect()
}
