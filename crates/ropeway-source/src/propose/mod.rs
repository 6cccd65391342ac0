//! How a file is to be read, found out from what is in it: the settings of a source, each with the evidence for it.

use std::path::Path;

use ropeway_vocab::Result;
use serde::Serialize;

use crate::discover::other_delimiter;
use crate::settings::SourceSettings;

/// The settings that a file asks for, and why.
#[derive(Debug, Clone, Serialize)]
pub struct Proposal {
    /// The settings of a source; what the file does not ask for has its default.
    pub settings: SourceSettings,
    /// Each setting that is not its default, and what else is worth knowing, with its evidence. First those of the file,
    /// then those of its columns in their order.
    pub decisions: Vec<Decision>,
    /// How much was looked at.
    pub seen: Seen,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The key below `[source.NAME]`, for example `delimiter`, `types` or `column.price.number`; empty where nothing is set
    /// and something is told.
    pub setting: String,
    /// The column that it is about; none where it is about the file.
    pub column: Option<String>,
    /// The value as the project file writes it, for example `";"`.
    pub value: String,
    /// The evidence as a sentence without its full stop.
    pub why: String,
    /// How many of the rows or values looked at speak for it, and of how many.
    pub fit: u64,
    /// Of how many.
    pub of: u64,
    /// Another value that fits as well, as the project file writes it: the person decides.
    pub other: Option<String>,
}

/// How much of the data a proposal rests on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// Rows that were looked at.
    pub rows: u64,
    /// Bytes that were looked at, unpacked.
    pub bytes: u64,
    /// Whether that was all of the data; else a sample of its beginning and its end.
    pub whole: bool,
}

/// Proposes how the file, folder or glob `path`, relative to the folder `root`, is to be read. It looks at a bounded
/// sample of it.
///
/// # Errors
/// A path without files, a file that cannot be read, one that is no table.
pub fn propose(path: &Path, root: &Path) -> Result<Proposal> {
    let mut settings = SourceSettings::of_file(path.to_string_lossy());
    let mut decisions = Vec::new();
    if let Some(found) = other_delimiter("data", &settings, root)? {
        settings.delimiter = Some(found.setting.to_owned());
        decisions.push(Decision {
            setting: "delimiter".to_owned(),
            column: None,
            value: format!("\"{}\"", found.setting),
            why: format!("the {} columns are separated by {}", found.columns, found.called),
            fit: 0,
            of: 0,
            other: None,
        });
    }
    Ok(Proposal { settings, decisions, seen: Seen::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_is_proposed_with_its_evidence() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.csv"), "a;b\n1;2\n3;4\n").unwrap();
        let proposal = propose(Path::new("x.csv"), folder.path()).unwrap();
        assert_eq!(proposal.settings.delimiter.as_deref(), Some(";"));
        assert_eq!(proposal.decisions[0].setting, "delimiter");
    }
}
