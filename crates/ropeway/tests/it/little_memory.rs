//! A file that is larger than the memory: it is surveyed all the same, and a run says what there is too little of.

use std::fmt::Write;
use std::process::Command;

use crate::ropeway::{Ended, Folder};

const ROWS: usize = 6_000_000;

/// Runs `ropeway` with so many MiB of address space.
fn within(folder: &Folder, mib: u32, arguments: &str) -> Ended {
    let limited = format!("ulimit -v {} && exec {} {arguments}", mib << 10, env!("CARGO_BIN_EXE_ropeway"));
    let output = Command::new("sh").args(["-c", &limited]).current_dir(folder.path()).env("NO_COLOR", "1").output();
    let output = output.unwrap();
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn rows_that_do_not_fit_into_memory_are_surveyed_and_refused_by_a_run() {
    let folder = Folder::new();
    let mut text = "a,b,y\n".to_owned();
    for row in 0..ROWS {
        writeln!(text, "{},{},{}", row % 1_000, row % 7, row % 2).unwrap();
    }
    folder.write("rows.csv", &text);
    let few = text.match_indices('\n').nth(1_000).unwrap().0;
    folder.write("few.csv", &text[..=few]);
    folder.write(
        "ropeway.toml",
        "[project]\nname = \"rows\"\n[source.rows]\npath = \"rows.csv\"\nstatic = true\n\
         [examples]\ntable = \"rows\"\nlabel = \"y = 1\"\nrequest = [\"a\", \"b\"]\n",
    );
    let ended = within(&folder, 450, "run").expect(1);
    assert!(ended.stderr.contains("error[out-of-memory]") && ended.stderr.contains("remedy: "), "{}", ended.stderr);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    // The control: what fits runs within the same bounds, and a survey of all rows needs no more.
    let survey = within(&folder, 450, "profile rows.csv --json").expect(0).json();
    assert_eq!(survey["rows"], ROWS);
    folder.edit("ropeway.toml", "rows.csv", "few.csv");
    within(&folder, 450, "table rows --head 1").expect(0);
}
