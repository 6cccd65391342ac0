//! A disk that fills up in the midst of a run: a clear error at once, nothing lost of what was finished, and the run goes
//! on to the model of an undisturbed one when there is space again.

use std::collections::BTreeSet;
use std::process::{Command, Output};

use serde_json::Value;

use crate::accept::steps;
use crate::people::{project, sound};
use crate::ropeway::Folder;

/// Runs in bash, after these commands.
fn run_after(commands: &str, folder: &Folder) -> Output {
    let script = format!("{commands}; exec \"$0\" run --json --quiet");
    let mut command = Command::new("bash");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_ropeway")]).current_dir(folder.path()).env("NO_COLOR", "1");
    command.output().unwrap()
}

/// A failure that says what could not be written and what to do.
#[track_caller]
fn failed_clearly(output: &Output, when: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{when}: {said}");
    assert!(said.contains("remedy: ") && said.contains(".ropeway"), "{when}: {said}");
    assert!(!said.contains("panicked") && !said.contains("defect") && !said.contains("look at the message"), "{said}");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["status"], "failed", "{when}: {told}");
}

/// The steps that the record says are finished.
fn finished(folder: &Folder) -> BTreeSet<String> {
    let runs = folder.run(&["runs", "--limit", "1000", "--json"]).expect(0).json();
    let shown = |line: &Value| folder.run(&["show", line["run"].as_str().unwrap(), "--json"]).expect(0).json();
    runs["runs"].as_array().unwrap().iter().flat_map(|line| steps(&shown(line), "executed")).collect()
}

/// A run with space enough: it executes nothing that was finished, and ends with the model of an undisturbed run.
#[track_caller]
fn goes_on(folder: &Folder, before: &BTreeSet<String>) {
    let report = folder.run(&["run", "--json", "--quiet"]).expect(0).json();
    let cached: BTreeSet<String> = steps(&report, "cached").into_iter().collect();
    assert!(cached.is_superset(before), "{before:?} were finished, and {cached:?} were found");
    let undisturbed = project(sound()).run(&["run", "--json", "--quiet"]).expect(0).json();
    assert_eq!(report["model"]["digest"], undisturbed["model"]["digest"]);
    let package = folder.path().join(report["model"]["package"].as_str().unwrap());
    assert!(package.is_file());
}

#[test]
fn files_that_may_not_grow() {
    let folder = project(sound());
    let (mut before, mut failures) = (BTreeSet::new(), 0);
    for kib in [0, 1, 4, 16, 40, 64, 96, 128, 160] {
        // The signal is ignored, so that a write fails as it does on a full disk.
        let output = run_after(&format!("trap '' XFSZ; ulimit -f {kib}"), &folder);
        if output.status.success() {
            break;
        }
        failed_clearly(&output, &format!("at most {kib} KiB a file"));
        let now = finished(&folder);
        assert!(now.is_superset(&before), "{now:?} after {before:?}");
        (before, failures) = (now, failures + 1);
    }
    assert!(failures >= 4, "{failures} runs failed");
    goes_on(&folder, &before);
}

/// A small file system of its own under the record; it goes with the test.
pub struct Small<'a>(&'a Folder);

impl<'a> Small<'a> {
    /// Needs root, and a system that allows it.
    pub fn mount(folder: &'a Folder) -> Option<Self> {
        let place = folder.path().join(".ropeway");
        std::fs::create_dir(&place).unwrap();
        let ended = Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(place).output();
        ended.is_ok_and(|ended| ended.status.success()).then_some(Self(folder))
    }

    /// Makes it one that nobody may write, root neither.
    pub fn make_read_only(&self) {
        let place = self.0.path().join(".ropeway");
        assert!(Command::new("mount").args(["-o", "remount,ro"]).arg(place).status().unwrap().success());
    }

    fn free_kib(&self) -> usize {
        let place = self.0.path().join(".ropeway");
        let told = Command::new("df").args(["-k", "--output=avail"]).arg(place).output().unwrap();
        String::from_utf8(told.stdout).unwrap().lines().last().unwrap().trim().parse().unwrap()
    }

    /// Fills it up to so much free space, and frees it again afterwards.
    fn with_free<T>(&self, kib: usize, act: impl FnOnce() -> T) -> T {
        let filler = vec![0; self.free_kib().saturating_sub(kib) << 10];
        let path = self.0.write(".ropeway/filler", filler);
        let done = act();
        std::fs::remove_file(path).unwrap();
        done
    }
}

impl Drop for Small<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path().join(".ropeway")).status();
    }
}

#[test]
fn a_file_system_without_space() {
    let folder = project(sound());
    let Some(small) = Small::mount(&folder) else {
        println!("skipped: mounting a small file system needs root");
        return;
    };
    let (mut before, mut failures) = (BTreeSet::new(), 0);
    for kib in [0, 16, 80, 120, 140, 160, 180] {
        let output = small.with_free(kib, || run_after("true", &folder));
        if output.status.success() {
            break;
        }
        failed_clearly(&output, &format!("{kib} KiB free"));
        let now = finished(&folder);
        assert!(now.is_superset(&before), "{now:?} after {before:?}");
        (before, failures) = (now, failures + 1);
    }
    assert!(failures >= 3, "{failures} runs failed");
    goes_on(&folder, &before);
}

#[test]
fn a_file_that_may_not_grow_is_a_problem_and_no_sudden_end() {
    let folder = project(sound());
    failed_clearly(&run_after("ulimit -f 8", &folder), "files of 8 KiB");
}
