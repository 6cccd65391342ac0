//! A project folder of its own for each test, and the binary run in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A folder in which the binary runs.
pub struct Folder {
    folder: TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Folder {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Replaces the first `from` of a file, which must be there.
    #[track_caller]
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "`{from}` is not in {name}");
        self.write(name, text.replacen(from, to, 1));
    }

    /// Runs a command that must fail with this exit code, and say all this, and what to do.
    #[track_caller]
    pub fn fails(&self, command: &[&str], code: i32, says: &[&str]) -> Ended {
        let ended = self.run(command).expect(code).says("remedy: ");
        assert!(!ended.stderr.contains("panicked") && !ended.stderr.contains("defect"), "{}", ended.stderr);
        says.iter().fold(ended, |ended, text| ended.says(text))
    }

    /// Runs `ropeway` with these arguments in the folder.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        let output = Command::new(env!("CARGO_BIN_EXE_ropeway"))
            .args(arguments)
            .current_dir(self.path())
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        Ended {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Sends a signal (`INT`, `KILL`) to a process. A bare machine has `kill` in its shell alone.
#[track_caller]
pub fn signal(name: &str, process: u32) {
    let sent = Command::new("sh").args(["-c", "kill -$0 $1", name, &process.to_string()]).status().unwrap();
    assert!(sent.success());
}

impl Ended {
    /// The object on the last line of stdout.
    pub fn json(&self) -> Value {
        let line = self.stdout.lines().last().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}\n{}", self.stderr))
    }

    /// Expects the exit code, and shows all that was printed where it is another.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Expects a text on stderr.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "`{text}` is not in:\n{}", self.stderr);
        self
    }
}
