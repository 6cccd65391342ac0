//! What each code of a problem or finding means, how it comes, and what to do: one entry a code, by subject. A test walks the
//! sources and finds every code here, and nothing else.

mod command;
mod feature;
mod finding;
mod init;
mod learn;
mod model;
mod project;
mod serve;
mod source;
mod sql;
mod store;
mod survey;
mod table;

use serde::Serialize;

/// What a code means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The code, as it stands in brackets behind `error` and in JSON.
    pub code: &'static str,
    /// What it says, in one sentence.
    pub means: &'static str,
    /// How it comes about.
    pub comes: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// Something to copy from.
    pub example: &'static str,
}

/// All entries by subject, each with its codes in alphabetical order.
pub const SUBJECTS: [(&str, &[Entry]); 13] = [
    ("Command line and machine", command::ENTRIES),
    ("Project file", project::ENTRIES),
    ("Starting a project", init::ENTRIES),
    ("Sources", source::ENTRIES),
    ("SQL", sql::ENTRIES),
    ("Tables, times and checks", table::ENTRIES),
    ("Features", feature::ENTRIES),
    ("Learning", learn::ENTRIES),
    ("Models", model::ENTRIES),
    ("Store", store::ENTRIES),
    ("Server", serve::ENTRIES),
    ("Findings", finding::ENTRIES),
    ("What profile and init find in a file", survey::ENTRIES),
];

/// All entries.
pub fn entries() -> impl Iterator<Item = &'static Entry> + Clone {
    SUBJECTS.iter().flat_map(|(_, entries)| entries.iter())
}

/// Those of findings, which `[accept]` of a project may name.
pub fn of_findings() -> impl Iterator<Item = &'static Entry> + Clone {
    finding::ENTRIES.iter().chain(survey::ENTRIES)
}

/// The entry of a code.
pub fn find(code: &str) -> Option<&'static Entry> {
    entries().find(|entry| entry.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_entry_and_every_entry_says_something() {
        let mut codes: Vec<&str> = entries().map(|entry| entry.code).collect();
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all, "a code has two entries");
        for entry in entries() {
            let Entry { code, means, comes, remedy, example } = entry;
            for sentence in [means, comes, remedy] {
                assert!(sentence.ends_with(['.', ')']) && sentence.len() > 6, "{code}: {sentence}");
            }
            assert!(!example.is_empty(), "{code}");
        }
        for (subject, entries) in SUBJECTS {
            assert!(entries.is_sorted_by_key(|entry| entry.code), "{subject}");
        }
    }
}
