//! Bad input: each gives an error that says what, where and what to do, or costs exactly the rows it is in; nothing
//! panics and nothing is lost in silence.

use std::fmt::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::people::{ROWS, age, gone, project, sound, table};
use crate::ropeway::Folder;

/// What `check` and `run` both refuse.
#[track_caller]
fn refused(folder: &Folder, code: i32, says: &[&str]) {
    for command in ["check", "run"] {
        folder.fails(&[command], code, says);
    }
}

/// Runs the project and gives the counts of its source; they add up.
#[track_caller]
fn counts(folder: &Folder) -> (u64, u64, u64) {
    let report = folder.run(&["run", "--json"]).expect(0).json();
    let count = |name: &str| report["sources"]["people"][name].as_u64().unwrap();
    let (rows_in, kept, quarantined) = (count("rows_in"), count("kept"), count("quarantined"));
    assert_eq!(rows_in, kept + quarantined);
    assert_eq!(report["examples"]["rows"], kept);
    (rows_in, kept, quarantined)
}

#[test]
fn a_file_that_is_missing_empty_or_a_folder() {
    let folder = project("");
    refused(&folder, 1, &["data/people.csv", "empty"]);
    folder.write("data/people.csv", "id,age,city,joined,gone\n");
    refused(&folder, 1, &["data/people.csv", "no rows"]);
    std::fs::remove_file(folder.path().join("data/people.csv")).unwrap();
    refused(&folder, 1, &["data/people.csv"]);
    std::fs::create_dir(folder.path().join("data/people.csv")).unwrap();
    refused(&folder, 1, &["data/people.csv", "folder"]);
}

#[test]
fn two_columns_of_one_name() {
    let folder = project("id,age,city,age,joined,gone\n1,2,x,3,2024-01-01,true\n");
    let said = folder.run(&["check"]).expect(0).stdout;
    for what in ["finding[repeated-column]", "column 4 `age` is read as `age_2`", "data/people.csv:1"] {
        assert!(said.contains(what), "{what}: {said}");
    }
}

#[test]
fn an_unclosed_quote_names_the_line_that_opens_it() {
    let text = sound().replacen("3,57,Bern", "3,57,\"Bern", 1);
    assert!(text.contains('"'));
    project(text).fails(&["run"], 1, &["data/people.csv:5", "quote"]);
}

#[test]
fn a_project_is_not_started_on_what_cannot_be_read_and_counts_what_can() {
    let folder = Folder::new();
    let init = |data: &[u8], code: i32, says: &[&str]| {
        std::fs::write(folder.path().join("people.csv"), data).unwrap();
        folder.fails(&["init", "people.csv", "--label", "gone"], code, says);
        assert!(!folder.path().join("ropeway.toml").exists());
    };
    init(sound().replacen("3,57,Bern", "3,57,\"Bern", 1).as_bytes(), 1, &["people.csv:5", "quote"]);
    // Latin-1 is read as such, so that what remains to be said is of the label.
    init(b"id,caf\xe9,gone\n1,2,true\n", 1, &["`gone`", "both outcomes"]);
    init(table(age, |_| String::new()).as_bytes(), 1, &["`gone`", "missing in every row"]);
    init(table(age, |_| "true".into()).as_bytes(), 1, &["`gone`", "both outcomes"]);
    let huge = sound().replacen("\n7,39,Wien", &format!("\n7,39,{}", "x".repeat(10 << 20)), 1);
    folder.write("people.csv", huge.replacen("2024-01-09", "2024-02-30", 1));
    let started = folder.run(&["init", "people.csv", "--label", "gone", "--json"]).expect(0).json();
    assert_eq!((&started["rows"], &started["rejected"]), (&json!(ROWS), &json!(2)));
}

#[test]
fn mixed_line_ends_lose_no_row() {
    let mut ends = ["\n", "\r\n", "\r"].iter().cycle();
    let text: String = sound().lines().map(|line| format!("{line}{}", ends.next().unwrap())).collect();
    let ended = counts(&project(text));
    assert_eq!(ended, (u64::from(ROWS), u64::from(ROWS), 0));
}

#[test]
fn invalid_utf_8_a_huge_field_and_a_date_out_of_range_cost_their_row() {
    let bad = |from: &str, to: &[u8]| {
        let text = sound();
        let at = text.find(from).unwrap_or_else(|| panic!("`{from}` is not in the file"));
        let data = [&text.as_bytes()[..at], to, &text.as_bytes()[at + from.len()..]].concat();
        let folder = project(data);
        assert_eq!(counts(&folder), (u64::from(ROWS), u64::from(ROWS) - 1, 1));
        folder.run(&["show"]).expect(0);
    };
    bad("\n7,39,Wien", b"\n7,39,W\xefen");
    let huge = format!("\n7,39,{}", "x".repeat(10 << 20));
    bad("\n7,39,Wien", huge.as_bytes());
    bad("7,39,Wien,2024-01-08", b"7,39,Wien,2024-02-30");
    bad("7,39,Wien,2024-01-08", b"7,39,Wien,9999999-01-01");
    bad("\n7,39,Wien", b"\n7,39,Wien,one too many");
}

#[test]
fn more_bad_rows_than_are_tolerated_stop_the_run_with_the_first_ones() {
    let text = table(|id| if id % 20 == 19 { "old".into() } else { age(id) }, gone);
    let folder = project(text);
    folder.edit("ropeway.toml", "key = [\"id\"]", "key = [\"id\"]\ntypes = { age = \"integer\" }");
    folder.fails(&["run"], 3, &["15 of 300 rows", "data/people.csv:21", "`old`", "tolerate"]);
    folder.edit("ropeway.toml", "key = [\"id\"]", "key = [\"id\"]\ntolerate = 0.06");
    assert_eq!(counts(&folder), (300, 285, 15));
}

#[test]
fn a_label_of_one_class_or_without_values() {
    let one = project(table(age, |_| "true".into()));
    one.fails(&["run"], 1, &["true for all 300", "`label`", "one class"]);
    let none = project(table(age, |_| String::new()));
    none.fails(&["run"], 1, &["label"]);
    let words = project(table(age, |id| ["yes", "no"][id as usize % 2].into()));
    refused(&words, 1, &["label", "ropeway.toml:15"]);
}

#[test]
fn columns_without_information_do_no_harm() {
    for text in [table(|_| String::new(), gone), table(|_| "40".into(), gone)] {
        let folder = project(text);
        if folder.read("data/people.csv").contains("0,,Bern") {
            // A column without values has no type of its own.
            folder.edit("ropeway.toml", "key = [\"id\"]", "key = [\"id\"]\ntypes = { age = \"float\" }");
        }
        assert_eq!(counts(&folder).1, u64::from(ROWS));
        folder.write("asked.csv", "age,city,joined\n41,Bern,2024-01-01\n,,\n");
        folder.run(&["predict", "people", "--in", "asked.csv", "--out", "scored.csv"]).expect(0);
        assert_eq!(folder.read("scored.csv").lines().count(), 3);
    }
}

#[test]
fn infinite_numbers_are_learned_from_and_answered() {
    let text = table(|id| ["inf", "-inf", "NaN", "1e300", "41.5"][id as usize % 5].into(), gone);
    let folder = project(text);
    assert_eq!(counts(&folder).1, u64::from(ROWS));
    folder.write("asked.csv", "age,city,joined\ninf,Bern,2024-01-01\n-inf,Wien,\nNaN,,2024-01-01\n1e-300,x,\n");
    folder.run(&["predict", "people", "--in", "asked.csv", "--out", "scored.jsonl"]).expect(0);
    let scored = folder.read("scored.jsonl");
    let probability = |line: &str| serde_json::from_str::<Value>(line).unwrap()["probability"].as_f64();
    let scores: Vec<f64> = scored.lines().filter_map(probability).collect();
    assert!(scores.len() == 4 && scores.iter().all(|p| (0.0..=1.0).contains(p)), "{scored}");
}

#[test]
fn a_file_to_score_that_does_not_fit() {
    let folder = project(sound());
    folder.run(&["run", "--quiet"]).expect(0);
    let score = |file: &str, says: &[&str]| {
        folder.fails(&["predict", "people", "--in", file, "--out", "scored.csv"], 1, &[&[file], says].concat());
        assert!(!folder.path().join("scored.csv").exists(), "a file half written is none");
    };
    score("nowhere.csv", &[]);
    score("data", &["folder"]);
    let bad = |name: &str, text: &str, says: &[&str]| {
        folder.write(name, text);
        score(name, says);
    };
    bad("empty.csv", "", &["empty"]);
    bad("lacks.csv", "age,town,joined\n1,Bern,2024-01-01\n", &["`city`"]);
    bad("twice.csv", "age,town,age,joined\n1,Bern,2,2024-01-01\n", &["`city`", "age_2"]);
    bad("open.csv", "age,city,joined\n1,\"Bern,2024-01-01\n", &["open.csv:2", "quote"]);
    bad("not.parquet", "PAR1 it is not", &[]);
    bad("other.xlsx", "x", &["other.xlsx"]);
}

#[test]
fn a_model_or_place_that_is_not_there() {
    let folder = project(sound());
    folder.write("asked.csv", "age,city,joined\n1,Bern,2024-01-01\n");
    let predict = |model: &str, out: &str, says: &[&str]| {
        folder.fails(&["predict", model, "--in", "asked.csv", "--out", out], 1, says);
    };
    predict("people", "scored.csv", &["ropeway run"]);
    folder.run(&["run", "--quiet"]).expect(0);
    predict("peple", "scored.csv", &["`peple`", "`people`"]);
    predict("people@7", "scored.csv", &["`people`", "version 7"]);
    predict("people@champon", "scored.csv", &["champon"]);
    predict("nowhere.ropeway", "scored.csv", &["nowhere.ropeway"]);
    folder.write("torn.ropeway", "not a package");
    predict("torn.ropeway", "scored.csv", &["torn.ropeway"]);
    predict("people", "scored.xlsx", &["scored.xlsx"]);
    predict("people", "no/such/folder/scored.csv", &["no/such/folder"]);
    predict("people", "/proc/scored.csv", &["/proc/scored.csv"]);
    folder.run(&["predict", "people", "--in", "asked.csv"]).expect(2);
}

#[test]
fn a_folder_that_cannot_be_written() {
    let folder = project(sound());
    // /proc takes no files, not even from root.
    std::os::unix::fs::symlink("/proc/self", folder.path().join(".ropeway")).unwrap();
    folder.fails(&["run"], 1, &[".ropeway"]);
    folder.fails(&["init", "data/people.csv", "--label", "gone", "-C", "/proc/new"], 1, &["/proc/new"]);
}

#[test]
fn a_full_disk_behind_stdout_is_a_failure_and_no_panic() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let ended = Command::new(env!("CARGO_BIN_EXE_ropeway")).arg("schema").stdout(full).stderr(Stdio::piped()).output();
    let ended = ended.unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.contains("the disk is full") && !said.contains("panicked"), "{said}");
}

#[test]
fn a_second_run_waits_or_says_who_is_at_work() {
    let folder = project(sound());
    std::fs::create_dir(folder.path().join(".ropeway")).unwrap();
    let lock = std::fs::File::create(folder.path().join(".ropeway/lock")).unwrap();
    lock.try_lock().unwrap();
    folder.fails(&["run"], 1, &["at work in this project", ".ropeway/lock"]);
    lock.unlock().unwrap();

    let start = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ropeway"));
        command.args(["run", "--json"]).current_dir(folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let ended = [start(), start()].map(|child| child.wait_with_output().unwrap());
    let mut digests = Vec::new();
    let mut told = String::new();
    for output in &ended {
        let last = String::from_utf8_lossy(&output.stdout).lines().last().map(str::to_owned).unwrap_or_default();
        let report: Value = serde_json::from_str(&last).unwrap_or_else(|error| panic!("{error}: {last}"));
        match output.status.code() {
            Some(0) => digests.push(report["model"]["digest"].clone()),
            Some(1) => assert_eq!(report["problem"]["code"], "project-busy", "{report}"),
            other => panic!("{other:?}: {report}"),
        }
        let _ = writeln!(told, "{report}");
    }
    assert!(!digests.is_empty() && digests.iter().all(|digest| *digest == digests[0]), "{told}");
    let models = folder.run(&["models", "--json"]).expect(0).json();
    assert!(models.to_string().contains(&digests[0].as_str().unwrap()[..8]), "{models}");
    assert_ne!(digests[0], json!(null));
}

#[test]
fn a_file_that_is_not_there_is_looked_for_in_the_current_folder() {
    let folder = Folder::new();
    folder.write("orders.csv", "id,n,y\n1,2,a\n");
    for command in [["init", "oders.csv", "--label", "y"], ["profile", "oders.csv", "--label", "y"]] {
        let says = ["the path is relative to the current folder; did you mean `orders.csv`?"];
        folder.fails(&command, 1, &says);
    }
}
