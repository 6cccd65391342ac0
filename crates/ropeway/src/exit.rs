//! The exit codes, in one place: 0 done, 1 failed, 2 usage, 3 a gate or check said no,
//! or rows were left without a score.

use std::process::ExitCode;

use ropeway_vocab::Kind;

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything was done.
    Done,
    /// Something failed.
    Failed,
    /// The command line is wrong.
    Usage,
    /// A gate, a check or the time rule said no, or rows were left without a score.
    Refused,
}

impl Exit {
    /// What a problem of that kind ends in.
    pub const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Usage => Self::Usage,
            Kind::Refused => Self::Refused,
            Kind::Invalid
            | Kind::NotFound
            | Kind::Conflict
            | Kind::Corrupt
            | Kind::TooLarge
            | Kind::Busy
            | Kind::Cancelled
            | Kind::Io
            | Kind::Internal => Self::Failed,
        }
    }

    /// The number that the shell sees.
    pub const fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused => 3,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
