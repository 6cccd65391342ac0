//! Help, versions, exit codes, usage errors, completions, and what a run without arguments says.

use crate::ropeway::Folder;

const COMMANDS: [&str; 12] =
    ["init", "check", "run", "runs", "show", "predict", "serve", "explain", "models", "query", "schema", "completions"];

#[test]
fn every_command_has_help_with_an_example() {
    let folder = Folder::new();
    let all = folder.run(&["--help"]).expect(0);
    for command in COMMANDS {
        assert!(all.stdout.contains(&format!("  {command} ")), "{command} is not in the help");
        let help = folder.run(&[command, "--help"]).expect(0);
        assert!(help.stdout.contains("Examples:") && help.stdout.contains(&format!("ropeway {command}")), "{command}");
        assert!(help.stdout.contains("--json"), "{command}");
    }
    assert!(all.stdout.contains("Exit codes: 0 done, 1 failed, 2 usage, 3"));
    assert!(folder.run(&["--version"]).expect(0).stdout.starts_with("ropeway "));
}

#[test]
fn a_wrong_command_line_is_exit_code_2_and_says_what_was_meant() {
    let folder = Folder::new();
    folder.run(&["chekc"]).expect(2).says("check");
    folder.run(&["run", "--finl"]).expect(2).says("--final");
    folder.run(&["run", "--sample", "500%"]).expect(2).says("5%");
    folder.run(&["run", "--threads", "0"]).expect(2);
    folder.run(&["init", "--label", "y"]).expect(2).says("<FILE>");
    folder.run(&["serve", "--port", "70000"]).expect(2);
    folder.run(&["completions", "tcsh"]).expect(2);
}

#[test]
fn programs_are_told_of_a_wrong_command_line_too() {
    let folder = Folder::new();
    for (arguments, what, remedy) in [
        (&["--json", "chekc"] as &[&str], "'chekc'", "'check'"),
        (&["run", "--finl", "--json"], "'--finl'", "'--final'"),
        (&["init", "--json"], "<FILE>", "--help"),
    ] {
        let told = folder.run(arguments).expect(2).says(what);
        let object = told.json();
        assert_eq!(object["status"], "failed");
        assert_eq!(object["problem"]["code"], "usage");
        assert!(object["problem"]["what"].as_str().unwrap().contains(what), "{object}");
        assert!(object["problem"]["remedy"].as_str().unwrap().contains(remedy), "{object}");
        assert_eq!(told.stdout.lines().count(), 1);
    }
    assert!(folder.run(&["run", "--finl"]).expect(2).stdout.is_empty());
    assert!(folder.run(&["--help", "--json"]).expect(0).stdout.contains("Usage:"));
}

#[test]
fn without_a_project_every_command_that_needs_one_fails_and_says_how_to_start() {
    let folder = Folder::new();
    let needs: [&[&str]; 9] = [
        &["check"],
        &["run"],
        &["runs"],
        &["show"],
        &["models"],
        &["serve"],
        &["predict", "x", "--in", "a.csv", "--out", "b.csv"],
        &["explain", "x", "--key", "1"],
        &["query", "SELECT 1"],
    ];
    for arguments in needs {
        folder.run(arguments).expect(1).says("there is no ropeway.toml").says("ropeway init");
        assert!(!folder.path().join(".ropeway").exists(), "{arguments:?} left a store behind");
    }
    let failed = folder.run(&["check", "--json"]).expect(1).json();
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["problem"]["code"], "no-project");
    assert!(failed["problem"]["remedy"].as_str().unwrap().contains("init"));
}

#[test]
fn a_project_above_is_pointed_at_and_can_be_named() {
    let folder = Folder::new();
    folder.write("ropeway.toml", "[project]\nname = 1\n");
    folder.write("below/x", "");
    let below = folder.path().join("below");
    let path = below.display().to_string();
    folder
        .run(&["-C", &path, "check"])
        .expect(1)
        .says("-C")
        .says(&folder.path().file_name().unwrap().to_string_lossy());
    folder.run(&["-C", "nowhere", "check"]).expect(1).says("does not exist");
}

#[test]
fn without_arguments_it_says_what_to_do_next() {
    let folder = Folder::new();
    let first = folder.run(&[]).expect(0);
    assert!(first.stdout.contains("ropeway init FILE --label COLUMN"), "{}", first.stdout);
    assert_eq!(folder.run(&["--json"]).expect(0).json()["state"], "no-project");
    folder.write("ropeway.toml", "[projct]\n");
    let broken = folder.run(&[]).expect(0);
    assert!(broken.stdout.contains("ropeway.toml:1:2"), "{}", broken.stdout);
    assert!(broken.stdout.contains("ropeway check"), "{}", broken.stdout);
}

#[test]
fn an_explanation_is_proposed_only_where_examples_have_a_key() {
    for (key, proposed) in [("key = [\"id\"]", true), ("", false)] {
        let folder = crate::people::project(crate::people::sound());
        folder.edit("ropeway.toml", "key = [\"id\"]", key);
        folder.run(&["run", "--quiet"]).expect(0);
        let next = folder.run(&[]).expect(0).stdout;
        assert!(next.contains("ropeway predict people"), "{next}");
        assert_eq!(next.contains("ropeway explain people --key KEY"), proposed, "{next}");
    }
}

#[test]
fn completions_know_the_commands() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = folder.run(&["completions", shell]).expect(0).stdout;
        assert!(script.contains("predict") && script.contains("final"), "{shell}");
    }
}

/// What bash offers when these words stand on the line and the last of them is completed.
fn offered(script: &str, words: &[&str]) -> Vec<String> {
    let ask = format!(
        "{script}\nCOMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _ropeway ropeway \"${{COMP_WORDS[COMP_CWORD]}}\" \
         \"${{COMP_WORDS[COMP_CWORD - 1]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    );
    let output = std::process::Command::new("bash").args(["-c", &ask, "bash", "ropeway"]).args(words).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_options_and_values() {
    let folder = Folder::new();
    let script = folder.run(&["completions", "bash"]).expect(0).stdout;
    assert_eq!(offered(&script, &["pre"]), ["predict"]);
    let all = offered(&script, &[""]);
    assert!(COMMANDS.iter().all(|command| all.iter().any(|offer| offer == command)), "{all:?}");
    assert_eq!(offered(&script, &["run", "--sam"]), ["--sample"]);
    assert_eq!(offered(&script, &["-C", "elsewhere", "--json", "run", "--fi"]), ["--final"]);
    assert_eq!(offered(&script, &["serve", "--po"]), ["--port"]);
    assert_eq!(offered(&script, &["completions", "zs"]), ["zsh"]);
    folder.write("sales.csv", "x\n");
    let there = folder.path().join("sal").display().to_string();
    assert_eq!(offered(&script, &["predict", "m", "--in", &there]), [format!("{there}es.csv")]);
}

#[test]
fn the_schema_is_json_and_knows_every_section() {
    let folder = Folder::new();
    let pretty = folder.run(&["schema"]).expect(0).stdout;
    let schema: serde_json::Value = serde_json::from_str(&pretty).unwrap();
    assert_eq!(folder.run(&["schema", "--json"]).expect(0).json(), schema);
    for section in [
        "project",
        "source",
        "table",
        "check",
        "examples",
        "lookup",
        "window",
        "derive",
        "split",
        "learn",
        "costs_of_error",
        "gate",
    ] {
        assert!(schema["properties"].get(section).is_some(), "{section}");
    }
}

#[test]
fn output_into_a_closed_pipe_is_no_failure() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_ropeway"))
        .arg("schema")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}
