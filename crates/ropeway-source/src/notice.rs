//! What reading a source notices that costs no row, and that should be known all the same.

use serde::{Deserialize, Serialize};

/// One such thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noticed {
    /// The code of the finding.
    pub code: String,
    /// What: a sentence without its full stop.
    pub what: String,
    /// What to do.
    pub remedy: String,
    /// The file in which it was noticed first.
    pub file: String,
    /// The line.
    pub line: Option<u64>,
}

impl Noticed {
    pub(crate) fn new(code: &str, what: String, remedy: &str) -> Self {
        Self { code: code.to_owned(), what, remedy: remedy.to_owned(), file: String::new(), line: None }
    }

    pub(crate) fn at(self, file: &str, line: Option<u64>) -> Self {
        Self { file: file.to_owned(), line, ..self }
    }
}
