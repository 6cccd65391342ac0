//! What goes wrong in the database, in words of the store: each of SQLite's codes means one kind of problem
//! and one remedy, and this is the one place that knows.

use ropeway_vocab::{Kind, Place, Problem, Result};
use sqlx::Error;

/// The database as messages call it.
const FILE: &str = ".ropeway/ropeway.db";

/// Turns the database's errors into problems.
pub trait SqlResult<T> {
    /// `doing` says what was being done, for example "reading the runs".
    ///
    /// # Errors
    /// The same error, as a problem that says what, where and what to do.
    fn doing(self, doing: &str) -> Result<T>;
}

impl<T> SqlResult<T> for Result<T, Error> {
    fn doing(self, doing: &str) -> Result<T> {
        self.map_err(|error| problem(doing, &error))
    }
}

fn problem(doing: &str, error: &Error) -> Problem {
    let (kind, code, remedy) = match error {
        Error::RowNotFound => (Kind::NotFound, "record-missing", "no such record was written"),
        Error::PoolTimedOut => (Kind::Busy, "database-busy", BUSY),
        Error::PoolClosed | Error::WorkerCrashed => (Kind::Cancelled, "database-closed", "run the command again"),
        Error::ColumnDecode { .. } | Error::Decode(_) => (Kind::Corrupt, "database-damaged", DAMAGED),
        Error::Io(error) => return Problem::io(doing, error).at(Place::file(FILE)),
        Error::Database(database) => {
            let code = database.code().and_then(|code| code.parse::<i32>().ok()).unwrap_or(1);
            of_code(code)
        }
        _ => return Problem::internal(format!("{doing}: {error}")).at(Place::file(FILE)),
    };
    if kind == Kind::Internal {
        return Problem::internal(format!("{doing}: {error}")).at(Place::file(FILE));
    }
    let said = match error {
        Error::Database(database) => database.message().to_owned(),
        other => other.to_string(),
    };
    Problem::new(kind, code, format!("{doing}: {said}")).at(Place::file(FILE)).remedy(remedy)
}

const BUSY: &str = "another process is writing to it; try again when it has finished";
const DAMAGED: &str = "restore the file from a backup, or move it away and run again; blobs and logs are kept apart";

/// The low byte of an extended code is its primary code: <https://www.sqlite.org/rescode.html>.
fn of_code(code: i32) -> (Kind, &'static str, &'static str) {
    match code & 0xff {
        5 | 6 => (Kind::Busy, "database-busy", BUSY),
        3 | 8 | 23 => (Kind::Io, "database-read-only", "give this user the right to write the .ropeway folder"),
        10 => (Kind::Io, "database-io", "look at the disk: it is full or failing; what was committed is kept"),
        11 | 26 => (Kind::Corrupt, "database-damaged", DAMAGED),
        13 => (Kind::Io, "disk-full", "the disk is full; free some space and run again: finished work is kept"),
        14 => (Kind::Io, "database-unopened", "check that the .ropeway folder exists and that this user may write it"),
        19 => (Kind::Conflict, "record-conflict", "it contradicts what is recorded already"),
        _ => (Kind::Internal, "internal", ""),
    }
}

/// A problem whose remedy is to wait: worth a second try.
pub(crate) fn is_busy(problem: &Problem) -> bool {
    problem.kind() == Kind::Busy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extended_codes_mean_what_their_primary_code_means() {
        assert_eq!(of_code(2067).0, Kind::Conflict); // SQLITE_CONSTRAINT_UNIQUE
        assert_eq!(of_code(517).0, Kind::Busy); // SQLITE_BUSY_SNAPSHOT
        assert_eq!(of_code(1032).0, Kind::Io); // SQLITE_READONLY_DBMOVED
        assert_eq!(of_code(1).0, Kind::Internal); // SQLITE_ERROR
    }

    #[test]
    fn a_missing_record_is_not_found() {
        let problem = Err::<(), _>(Error::RowNotFound).doing("reading run 7").unwrap_err();
        assert_eq!(problem.kind(), Kind::NotFound);
        assert!(problem.to_string().starts_with(".ropeway/ropeway.db: reading run 7"), "{problem}");
    }
}
