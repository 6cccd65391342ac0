//! A project folder that this user may only read: what needs no record works, everything else says what may not be
//! written and what to do, and leaves nothing half done.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::people::{project, sound};
use crate::ropeway::Folder;

/// A user who owns nothing.
const NOBODY: u32 = 65_534;

/// Gives all below a folder to everybody to read, and takes or gives the right to write.
fn permit(folder: &Path, write: bool) {
    let mode = |path: &Path| {
        let of_folder = if path.is_dir() { 0o555 } else { 0o444 };
        of_folder | if write { 0o200 } else { 0 }
    };
    if folder.is_dir() {
        std::fs::set_permissions(folder, Permissions::from_mode(mode(folder) | 0o200)).unwrap();
        std::fs::read_dir(folder).unwrap().for_each(|entry| permit(&entry.unwrap().path(), write));
    }
    std::fs::set_permissions(folder, Permissions::from_mode(mode(folder))).unwrap();
}

/// Runs as a user whom permissions hold back: root runs as another one, from a copy that this one may read.
struct Reader {
    binary: PathBuf,
    is_root: bool,
    _place: Folder,
}

impl Reader {
    fn new() -> Self {
        let place = Folder::new();
        let is_root = std::fs::metadata(place.path()).unwrap().uid() == 0;
        let mut binary = PathBuf::from(env!("CARGO_BIN_EXE_ropeway"));
        if is_root {
            let copy = place.path().join("ropeway");
            std::fs::copy(&binary, &copy).unwrap();
            std::fs::set_permissions(&copy, Permissions::from_mode(0o755)).unwrap();
            std::fs::set_permissions(place.path(), Permissions::from_mode(0o755)).unwrap();
            binary = copy;
        }
        Self { binary, is_root, _place: place }
    }

    fn run(&self, folder: &Folder, arguments: &[&str]) -> (i32, String) {
        let mut command = Command::new(&self.binary);
        command.args(arguments).current_dir(folder.path()).env("NO_COLOR", "1");
        if self.is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let output = command.output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }
}

#[test]
fn a_project_folder_that_may_only_be_read() {
    let folder = project(sound());
    let reader = Reader::new();
    let refused = |arguments: &[&str]| {
        let (code, said) = reader.run(&folder, arguments);
        assert_eq!(code, 1, "{arguments:?}: {said}");
        for text in [".ropeway", "ermission denied", "remedy: give this user the right"] {
            assert!(said.contains(text), "{arguments:?}: {said}");
        }
    };
    permit(folder.path(), false);
    assert_eq!(reader.run(&folder, &["check"]).0, 0);
    let commands: [&[&str]; 5] = [&["run"], &["runs"], &["models"], &["query", "SELECT 1"], &["serve", "--port", "0"]];
    commands.iter().for_each(|command| refused(command));
    assert!(!folder.path().join(".ropeway").exists());

    // The record of another one: nothing of it is changed.
    permit(folder.path(), true);
    let digest = folder.run(&["run", "--json", "--quiet"]).expect(0).json()["model"]["digest"].clone();
    permit(folder.path(), false);
    assert_eq!(reader.run(&folder, &["check"]).0, 0);
    commands.iter().for_each(|command| refused(command));
    refused(&["predict", "people", "--in", "data/people.csv", "--out", "/dev/null/scored.csv"]);
    permit(folder.path(), true);
    let again = folder.run(&["run", "--json", "--quiet"]).expect(0).json();
    assert_eq!(again["model"]["digest"], digest);
    assert!(again["steps"].as_array().unwrap().iter().all(|step| step["state"] == "cached"));
    assert_eq!(folder.run(&["runs", "--json"]).expect(0).json()["runs"].as_array().unwrap().len(), 2);
}
