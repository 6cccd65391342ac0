//! Which sheets of a workbook a source reads.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The sheets of a workbook: by name, or all that a pattern matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a text or a list of texts")]
pub enum Sheets {
    /// One name or pattern.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Sheets {
    /// Names and patterns, as they are written.
    pub fn each(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }

    /// The name, where there is only one.
    pub fn only(&self) -> Option<&str> {
        match self.each() {
            [name] if !is_pattern(name) => Some(name),
            _ => None,
        }
    }

    /// Whether a sheet may be among both.
    pub fn may_share(&self, other: &Self) -> bool {
        let any = |sheets: &Self| sheets.each().iter().any(|name| is_pattern(name));
        any(self) || any(other) || self.each().iter().any(|name| other.each().contains(name))
    }
}

/// Whether a text is no name: names of sheets have neither stars nor question marks.
pub(crate) fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?'])
}
