//! The README's way from a messy file to a served model: its commands work as they stand there, and they print what it says that they
//! print, figures included.

use std::path::Path;
use std::process::Command;

use crate::ropeway::Folder;
use crate::served::Server;

const README: &str = include_str!("../../../../README.md");

/// A command of the README, with what it is said to print.
struct Shown {
    command: String,
    lines: Vec<&'static str>,
}

/// The commands of the first tour. A quote that is open at the end of a line goes on in the next one.
fn shown() -> Vec<Shown> {
    let from = README.find("## Your own table in five minutes").unwrap();
    let section = README[from..].split("\n## ").next().unwrap();
    let mut shown: Vec<Shown> = Vec::new();
    let mut inside = false;
    for line in section.lines() {
        match (line, shown.last_mut()) {
            ("```", _) => inside = !inside,
            (_, _) if inside && line.starts_with("$ ") => {
                shown.push(Shown { command: line[2..].to_owned(), lines: Vec::new() });
            }
            (_, Some(last)) if inside && last.command.matches('\'').count() % 2 == 1 => {
                last.command.push_str(&format!("\n{line}"));
            }
            (_, Some(last)) if inside && line != "..." => last.lines.push(line),
            _ => {}
        }
    }
    shown
}

/// The lines that are not among those printed.
fn missing<'a>(lines: &[&'a str], printed: &str) -> Vec<&'a str> {
    lines.iter().copied().filter(|line| !printed.lines().any(|one| one == *line)).collect()
}

/// A copy of `examples/members`, as a clone has it.
fn clone() -> Folder {
    let folder = Folder::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/members");
    for name in ["members.csv", ".gitignore", "README.md"] {
        folder.write(&format!("examples/members/{name}"), std::fs::read(from.join(name)).unwrap());
    }
    folder
}

#[test]
fn the_first_tour_works_as_it_stands_there() {
    let folder = clone();
    let members = folder.path().join("examples/members");
    let binary = Path::new(env!("CARGO_BIN_EXE_ropeway"));
    let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut at = folder.path().to_path_buf();
    let mut served = 0;
    for Shown { command, lines } in shown() {
        if let Some(to) = command.strip_prefix("cd ") {
            at.push(to);
            continue;
        }
        if command == "ropeway serve" {
            continue;
        }
        if let Some((path, body)) =
            command.strip_prefix("curl -s http://127.0.0.1:8080").and_then(|c| c.split_once(" -d "))
        {
            let answer = Server::start(&members, &[]).post_text(path, body.trim_matches('\'')).json();
            let shown: serde_json::Value = serde_json::from_str(lines.concat().trim()).unwrap();
            let probability = |of: &serde_json::Value| of["predictions"][0]["probability"].as_f64().unwrap();
            assert!((probability(&answer) - probability(&shown)).abs() < 1e-6, "{answer}");
            served += 1;
            continue;
        }
        let mut shell = Command::new("sh");
        let ended =
            shell.args(["-c", &command]).current_dir(&at).env("PATH", &path).env("NO_COLOR", "1").output().unwrap();
        let said = String::from_utf8(ended.stdout).unwrap();
        assert!(ended.status.success(), "{command}\n{said}{}", String::from_utf8_lossy(&ended.stderr));
        // Seconds of a prediction are none to hold to.
        if !command.starts_with("ropeway predict") {
            let missing = missing(&lines, &said);
            assert!(missing.is_empty() && !lines.is_empty(), "{command} does not print {missing:?}:\n{said}");
        }
    }
    assert_eq!(served, 1);
    assert!(members.join("scored.csv").exists() && members.join(".ropeway/reports/r1.html").exists());
}

#[test]
fn a_line_that_is_not_printed_is_missed() {
    assert_eq!(missing(&["  a  1", "  b  2"], "head\n  a  1\n  b  3\n"), ["  b  2"]);
}
