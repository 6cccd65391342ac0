//! Dates of a file to score in which day and month stand the other way round than the model reads them.

use std::path::Path;

use ropeway_source::propose::{Hint, Proposal, propose};
use ropeway_source::{SourceSettings, Wanted};
use ropeway_table::Definitions;

/// What to say of each column whose values tell so themselves, by a day beyond twelve. A file that cannot be looked at is told where it
/// is opened.
pub(crate) fn told(input: &Path, sheet: Option<&str>, wanted: &[Wanted], definitions: &Definitions) -> Vec<String> {
    let sources = || definitions.sources.iter().map(|(name, source)| (name, &source.settings));
    let ordered = |(_, source): (_, &SourceSettings)| {
        let own = source.column.values().filter_map(|column| column.dates.as_ref());
        own.chain([&source.dates]).flatten().any(|way| swapped(way) != *way)
    };
    if !sources().any(ordered) {
        return Vec::new();
    }
    let Ok(found) = propose(input, Path::new(""), &Hint { sheet, label: None }) else { return Vec::new() };
    let columns = wanted.iter().flat_map(|column| [Some(&column.name), column.called.as_ref()]).flatten();
    let told = columns.filter_map(|name| sources().find_map(|(source, settings)| one(&found, name, source, settings)));
    told.collect()
}

/// The same of one column, as one source reads it.
fn one(found: &Proposal, name: &str, source: &str, settings: &SourceSettings) -> Option<String> {
    let ways = |settings: &SourceSettings| settings.column.get(name).and_then(|column| column.dates.clone());
    let declared = ways(settings).unwrap_or_else(|| settings.dates.clone());
    let own = ways(&found.settings)?;
    let way = own.iter().find(|way| !declared.contains(way) && declared.contains(&swapped(way)))?;
    let why =
        found.decisions.iter().find(|own| own.setting == "column.dates" && own.column.as_deref() == Some(name))?;
    why.other.is_none().then(|| {
        format!(
            "LOOK: the dates of `{name}` look like `{way}`, which {} of {} values fit, and the model reads them as `dates` of \
             [source.{source}] says, `{}`: where both fit, day and month are swapped. Write them so, or train with both orders apart",
            why.fit,
            why.of,
            swapped(way)
        )
    })
}

/// The pattern with day and month in each other's place; the same where it has not both.
fn swapped(way: &str) -> String {
    if !(way.contains("%d") && way.contains("%m")) {
        return way.to_owned();
    }
    way.replace("%d", "\u{0}").replace("%m", "%d").replace('\u{0}', "%m")
}
