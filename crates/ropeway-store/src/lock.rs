//! The lock of a project: one run at a time. The operating system holds it for the process, so it dies with
//! the process and never has to be removed by hand.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use ropeway_vocab::{Kind, Place, Problem, Result};

use crate::disk::shown;

/// How often a waiting process looks again.
const PAUSE: Duration = Duration::from_millis(50);

/// Whether others may hold the lock too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockMode {
    /// With others that only read.
    Shared,
    /// Alone.
    Exclusive,
}

/// Holds the project until it is dropped.
#[derive(Debug)]
pub struct ProjectLock(File);

impl ProjectLock {
    /// Takes the project's lock (`root` is its `.ropeway` folder) for this process alone, waiting for it at
    /// most `wait`.
    ///
    /// # Errors
    /// `Busy`, naming the process that holds it; `Io` when the folder cannot be written.
    pub async fn acquire(root: &Path, wait: Duration) -> Result<Self> {
        Self::acquire_as(root, LockMode::Exclusive, wait).await
    }

    /// The same in either mode.
    ///
    /// # Errors
    /// As [`ProjectLock::acquire`].
    pub async fn acquire_as(root: &Path, mode: LockMode, wait: Duration) -> Result<Self> {
        let start = Instant::now();
        loop {
            match Self::try_acquire(root, mode) {
                Err(problem) if problem.kind() == Kind::Busy && start.elapsed() < wait => {
                    tokio::time::sleep(PAUSE.min(wait.saturating_sub(start.elapsed()))).await;
                }
                other => return other,
            }
        }
    }

    /// Takes it with others that only read, in a folder that this process may not write; nothing where no run ever took
    /// it.
    ///
    /// # Errors
    /// As [`ProjectLock::acquire`].
    pub(crate) fn try_acquire_to_read(root: &Path) -> Result<Option<Self>> {
        let path = root.join("lock");
        let fail = |error: std::io::Error| Problem::io(format!("locking {}", shown(&path)), &error);
        let mut file = match File::open(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(fail)?,
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Err(busy(&mut file, &path)),
            Err(TryLockError::Error(error)) => Err(fail(error)),
        }
    }

    /// Takes the lock if it is free now.
    ///
    /// # Errors
    /// As [`ProjectLock::acquire`].
    pub fn try_acquire(root: &Path, mode: LockMode) -> Result<Self> {
        let path = root.join("lock");
        let fail = |error: std::io::Error| Problem::io(format!("locking {}", shown(&path)), &error);
        std::fs::create_dir_all(root).map_err(fail)?;
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(fail)?;
        let taken = match mode {
            LockMode::Shared => file.try_lock_shared(),
            LockMode::Exclusive => file.try_lock(),
        };
        match taken {
            Ok(()) => {
                if mode == LockMode::Exclusive {
                    sign(&mut file).map_err(fail)?;
                }
                Ok(Self(file))
            }
            Err(TryLockError::WouldBlock) => Err(busy(&mut file, &path)),
            Err(TryLockError::Error(error)) => Err(fail(error)),
        }
    }
}

impl Drop for ProjectLock {
    fn drop(&mut self) {
        // Closing the file unlocks it too; this is for a handle that a child process inherited.
        self.0.unlock().ok();
    }
}

/// Leaves the process id for the message of whoever waits. It does not hold the lock; the system does.
fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn busy(file: &mut File, path: &Path) -> Problem {
    let mut text = String::new();
    let holder = match file.take(32).read_to_string(&mut text).ok().and_then(|_| text.trim().parse::<u32>().ok()) {
        Some(id) => format!("process {id}"),
        None => "another process".to_owned(),
    };
    Problem::new(Kind::Busy, "project-busy", format!("{holder} is at work in this project"))
        .at(Place::file(shown(path)))
        .remedy("wait until it has finished, or stop it; the lock ends with its process")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_held_by_one_and_free_when_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join(".ropeway");
        let lock = ProjectLock::try_acquire(&root, LockMode::Exclusive).unwrap();
        for mode in [LockMode::Exclusive, LockMode::Shared] {
            let problem = ProjectLock::try_acquire(&root, mode).unwrap_err();
            assert_eq!(problem.kind(), Kind::Busy);
            let holder = format!(".ropeway/lock: process {} is at work", std::process::id());
            assert!(problem.to_string().contains(&holder), "{problem}");
        }
        drop(lock);
        ProjectLock::try_acquire(&root, LockMode::Exclusive).unwrap();
    }

    #[test]
    fn readers_share_it_and_keep_a_run_out() {
        let folder = tempfile::tempdir().unwrap();
        let first = ProjectLock::try_acquire(folder.path(), LockMode::Shared).unwrap();
        let second = ProjectLock::try_acquire(folder.path(), LockMode::Shared).unwrap();
        assert!(ProjectLock::try_acquire(folder.path(), LockMode::Exclusive).is_err());
        drop((first, second));
        ProjectLock::try_acquire(folder.path(), LockMode::Exclusive).unwrap();
    }

    #[tokio::test]
    async fn waits_as_long_as_it_was_told() {
        let folder = tempfile::tempdir().unwrap();
        let lock = ProjectLock::acquire(folder.path(), Duration::ZERO).await.unwrap();
        let wait = Duration::from_millis(120);
        let start = Instant::now();
        assert_eq!(ProjectLock::acquire(folder.path(), wait).await.unwrap_err().kind(), Kind::Busy);
        assert!(start.elapsed() >= wait);
        let root = folder.path().to_owned();
        let waiting = tokio::spawn(async move { ProjectLock::acquire(&root, Duration::from_secs(60)).await });
        tokio::task::yield_now().await;
        drop(lock);
        waiting.await.unwrap().unwrap();
    }
}
