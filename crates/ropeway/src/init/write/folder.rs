//! Writes the new project's files: all or none, and never over a file that is there.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use ropeway_vocab::{Kind, Problem, Result};

/// Refuses where a project or one of `files` is there already.
pub fn nothing_in_the_way(root: &Path, files: &[&str]) -> Result<()> {
    let there: Vec<String> = ["ropeway.toml", "NOTES.md"]
        .iter()
        .chain(files)
        .filter(|file| std::fs::symlink_metadata(root.join(file)).is_ok())
        .map(|file| (*file).to_owned())
        .collect();
    if there.is_empty() {
        return Ok(());
    }
    let what = format!("{} is there already, and init never overwrites", there.join(", "));
    Err(Problem::new(Kind::Conflict, "file-exists", what)
        .remedy("start in an empty folder, with -C DIR or after `mkdir`, or move the file away"))
}

/// Writes all files, or none where one fails. Returns their names.
pub fn write(root: &Path, files: &[(String, String)]) -> Result<Vec<String>> {
    let mut written: Vec<PathBuf> = Vec::new();
    for (name, text) in files {
        let path = root.join(name);
        if let Err(error) = create(&path, text) {
            for path in &written {
                let _ = std::fs::remove_file(path);
            }
            return Err(Problem::io(format_args!("writing {name}"), &error));
        }
        written.push(path);
    }
    Ok(files.iter().map(|(name, _)| name.clone()).collect())
}

/// What became of `.gitignore`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ignored {
    /// It was written.
    Written,
    /// It ignores `.ropeway` already.
    Already,
    /// It is there and does not; it was left alone.
    Missing,
}

/// Keeps `.ropeway/` out of git where there is no `.gitignore` yet.
pub fn ignore(root: &Path) -> Result<Ignored> {
    let path = root.join(".gitignore");
    match std::fs::read_to_string(&path) {
        Ok(text) if text.lines().any(|line| line.trim().trim_matches('/') == ".ropeway") => Ok(Ignored::Already),
        Ok(_) => Ok(Ignored::Missing),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            create(&path, "/.ropeway/\n").map_err(|error| Problem::io("writing .gitignore", &error))?;
            Ok(Ignored::Written)
        }
        Err(error) => Err(Problem::io("reading .gitignore", &error)),
    }
}

fn create(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overwritten_and_a_failure_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let texts = |all: &[(&str, &str)]| -> Vec<(String, String)> {
            all.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        write(root, &texts(&[("tables/a.sql", "SELECT 1"), ("NOTES.md", "n")])).unwrap();
        assert_eq!(nothing_in_the_way(root, &[]).unwrap_err().kind(), Kind::Conflict);
        assert!(write(root, &texts(&[("new.txt", "x"), ("NOTES.md", "other")])).is_err());
        assert!(!root.join("new.txt").exists());
        assert_eq!(std::fs::read_to_string(root.join("NOTES.md")).unwrap(), "n");
    }

    #[test]
    fn gitignore_is_written_once_and_a_users_own_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(ignore(folder.path()).unwrap(), Ignored::Written);
        assert_eq!(ignore(folder.path()).unwrap(), Ignored::Already);
        std::fs::write(folder.path().join(".gitignore"), "target\n").unwrap();
        assert_eq!(ignore(folder.path()).unwrap(), Ignored::Missing);
    }
}
