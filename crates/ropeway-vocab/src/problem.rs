//! The one error type: what is wrong, where, and what to do. A closed set of kinds decides the exit code
//! and the HTTP status in one place each; a stable code names the problem; the remedy is data, not prose
//! hidden in the message.

use std::fmt;

use serde::Serialize;

/// The result of everything that can fail.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// What sort of problem it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The command line or request is malformed.
    Usage,
    /// Settings, SQL, data or a request body say something that cannot be.
    Invalid,
    /// Something named does not exist.
    NotFound,
    /// It contradicts what is already recorded.
    Conflict,
    /// A gate, a check, the time rule or a policy said no.
    Refused,
    /// Stored bytes are damaged, truncated or from a newer version.
    Corrupt,
    /// A body, record or value is larger than allowed.
    TooLarge,
    /// Someone else holds it; later may work.
    Busy,
    /// The user or the operating system asked to stop.
    Cancelled,
    /// The operating system, disk or network failed.
    Io,
    /// A defect of Ropeway itself.
    Internal,
}

/// Where a problem lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file as the user names it, relative to the project where it can be.
    pub file: String,
    /// Line, from 1.
    pub line: Option<u64>,
    /// Column in characters, from 1.
    pub column: Option<u64>,
    /// The text of that line.
    pub text: Option<String>,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), line: None, column: None, text: None }
    }

    /// A line (from 1) of a file.
    pub fn line(file: impl Into<String>, line: u64) -> Self {
        Self { line: Some(line), ..Self::file(file) }
    }

    /// The place of byte `offset` in `source`, with the text of its line.
    pub fn at_offset(file: impl Into<String>, source: &str, offset: usize) -> Self {
        let mut offset = offset.min(source.len());
        while !source.is_char_boundary(offset) {
            offset -= 1;
        }
        let start = source[..offset].rfind('\n').map_or(0, |i| i + 1);
        let line = source[..start].matches('\n').count() as u64 + 1;
        let column = source[start..offset].chars().count() as u64 + 1;
        Self {
            file: file.into(),
            line: Some(line),
            column: Some(column),
            text: source[start..].lines().next().map(str::to_owned),
        }
    }

    /// Line and column (both from 1) in `source`, with the text of that line.
    pub fn at_line(file: impl Into<String>, source: &str, line: u64, column: u64) -> Self {
        let index = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
        Self {
            file: file.into(),
            line: Some(line),
            column: Some(column),
            text: source.lines().nth(index).map(str::to_owned),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let (Some(_), Some(column)) = (self.line, self.column) {
            write!(f, ":{column}")?;
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Serialize)]
struct Inner {
    kind: Kind,
    code: &'static str,
    what: String,
    place: Option<Place>,
    path: Vec<String>,
    remedy: Option<String>,
}

/// What is wrong, where, and what to do. Small to return: one box.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Problem(Box<Inner>);

impl Problem {
    /// `code` is stable and short, for example `unknown-column`; `what` is a sentence without a full stop.
    pub fn new(kind: Kind, code: &'static str, what: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, code, what: what.into(), place: None, path: Vec::new(), remedy: None }))
    }

    /// Wrong settings, SQL, data or body.
    pub fn invalid(code: &'static str, what: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, code, what)
    }

    /// A defect of Ropeway itself: something that was checked before does not hold.
    pub fn internal(what: impl Into<String>) -> Self {
        Self::new(Kind::Internal, "internal", what)
            .remedy("this is a defect of Ropeway; please report it with the command that showed it")
    }

    /// A failure of the operating system while doing `doing` (for example "reading data/x.csv").
    pub fn io(doing: impl fmt::Display, error: &std::io::Error) -> Self {
        let kind = if error.kind() == std::io::ErrorKind::NotFound { Kind::NotFound } else { Kind::Io };
        let remedy = match error.kind() {
            std::io::ErrorKind::NotFound => {
                "check the path; a relative one starts at the project folder where ropeway.toml states it, and at the \
                 current folder on the command line"
            }
            std::io::ErrorKind::PermissionDenied => "give this user the right to it, or choose another place",
            std::io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only; choose another place",
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                "the disk is full; free some space and run again: finished work is kept"
            }
            std::io::ErrorKind::FileTooLarge => {
                "no file may grow that large here; raise the limit (`ulimit -f`) and run again: finished work is kept"
            }
            std::io::ErrorKind::IsADirectory => "a file is needed here, and this is a folder",
            _ => "look at the message of the operating system above",
        };
        Self::new(kind, "io", format!("{doing}: {error}")).remedy(remedy)
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.0.place = Some(place);
        self
    }

    /// Says where, unless a place is already known.
    #[must_use]
    pub fn or_at(mut self, place: impl FnOnce() -> Place) -> Self {
        self.0.place.get_or_insert_with(place);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.0.remedy = Some(remedy.into());
        self
    }

    /// Names the path that led here, for example the lineage of a column, nearest first.
    #[must_use]
    pub fn path(mut self, path: Vec<String>) -> Self {
        self.0.path = path;
        self
    }

    /// Puts what was being done in front of the message.
    #[must_use]
    pub fn context(mut self, doing: impl fmt::Display) -> Self {
        self.0.what = format!("{doing}: {}", self.0.what);
        self
    }

    /// What sort of problem it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// The sentence that says what is wrong.
    pub fn what(&self) -> &str {
        &self.0.what
    }

    /// Where, when known.
    pub fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }

    /// The path that led here, nearest first.
    pub fn trail(&self) -> &[String] {
        &self.0.path
    }

    /// What to do, when known.
    pub fn advice(&self) -> Option<&str> {
        self.0.remedy.as_deref()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.0.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.0.what)?;
        if !self.0.path.is_empty() {
            write!(f, " (by way of {})", self.0.path.join(" <- "))?;
        }
        if let Some(remedy) = &self.0.remedy {
            write!(f, "; {remedy}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_where_and_what_to_do() {
        let problem = Problem::invalid("unknown-column", "column `dep` is not known")
            .at(Place::at_offset("tables/a.sql", "SELECT\n  dep\nFROM x", 9))
            .remedy("did you mean `dest`?");
        assert_eq!(problem.to_string(), "tables/a.sql:2:3: column `dep` is not known; did you mean `dest`?");
        assert_eq!(problem.place().and_then(|p| p.text.as_deref()), Some("  dep"));
    }

    #[test]
    fn an_offset_past_the_end_or_inside_a_character_is_held_at_a_boundary() {
        assert_eq!(Place::at_offset("f", "é", 1).column, Some(1));
        assert_eq!(Place::at_offset("f", "ab", 99).column, Some(3));
    }
}
