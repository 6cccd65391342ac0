//! What is said of a relation while a run makes it.

use ropeway_source::Skipped;
use ropeway_table::Checked;

use crate::data::{RelationRecord, check_report};
use crate::report::{CheckReport, SourceReport};
use crate::step::Engine;

/// Says what the checks found.
pub(crate) fn tell(engine: &Engine, name: &str, checked: &Checked) {
    for outcome in checked.outcomes.iter().filter(|outcome| outcome.failed > 0) {
        let CheckReport { that, failed, total, verdict, .. } = check_report(outcome);
        engine.progress.note(&match &outcome.found {
            Some(found) => format!("check of {name}: `{that}` does not hold: {found}: {verdict}"),
            None => format!("check of {name}: {failed} of {total} rows fail `{that}`: {verdict}"),
        });
    }
}

/// Says how many rows a source came to.
pub(crate) fn tell_source(engine: &Engine, name: &str, record: &RelationRecord) {
    let Some(source) = &record.source else { return };
    let SourceReport { rows_in, kept, quarantined, arrived, skipped } = source.rows;
    let mut line = format!("source {name}: {rows_in} rows in = {kept} kept + {quarantined} quarantined");
    if arrived > 0 {
        line += &format!(", and {arrived} that arrived by the rows route");
    }
    if source.superseded > 0 {
        line += &format!("; {} posted rows differ from those of the files, which count", source.superseded);
    }
    if record.collapsed > 0 {
        line += &format!("; {} of them equal another row under the key and count once", record.collapsed);
    }
    if source.zone_gaps + source.zone_overlaps > 0 {
        let (gaps, overlaps) = (source.zone_gaps, source.zone_overlaps);
        line += &format!("; {gaps} local times in a gap and {overlaps} in an overlap of daylight saving");
    }
    if source.times_cut > 0 {
        line += &format!("; {} times cut to a microsecond", source.times_cut);
    }
    let Skipped { above, comments, footer } = skipped;
    if !skipped.none() {
        line += &format!(
            "; left out around the table: {above} lines above it, {comments} comments, {footer} rows at its end"
        );
    }
    engine.progress.note(&line);
}
