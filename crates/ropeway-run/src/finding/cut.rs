//! The finding that a budget of minutes ended a search: what it would have found is not known, and more minutes may help.

use ropeway_project::Project;

use crate::learning::Judged;
use crate::report::{FindingPlace, FindingReport};

/// A finding for each learner whose search was cut.
pub(crate) fn cut(project: &Project, judged: &[Judged]) -> Vec<FindingReport> {
    judged.iter().filter(|judged| judged.outcome.skipped > 0).map(|judged| finding(project, judged)).collect()
}

fn finding(project: &Project, judged: &Judged) -> FindingReport {
    let (learner, skipped) = (judged.outcome.learner.name(), judged.outcome.skipped);
    let message = if nothing_ended(judged) {
        format!(
            "`minutes` of [learn.tune] let no trial of `{learner}` end: a constant stands in its place, as good as the baseline"
        )
    } else {
        format!(
            "`minutes` of [learn.tune] ended the search of `{learner}` after {} candidates: {skipped} trials of its race were \
             not begun or not ended",
            judged.outcome.candidates
        )
    };
    let place = project.place(&["learn", "tune", "minutes"]);
    FindingReport {
        code: "search-cut".into(),
        message,
        place: Some(FindingPlace { file: place.file, line: place.line }),
        remedy:
            "allow more minutes where the figures matter, or ask for fewer `buckets` of words; the record keeps this decision, and \
             a run again follows it"
                .into(),
        ..FindingReport::default()
    }
}

/// Whether a constant stands for a learner.
fn nothing_ended(judged: &Judged) -> bool {
    judged.outcome.settings.learner() != judged.outcome.learner
}
