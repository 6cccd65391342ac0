//! Chores of the repository that are programs: `cargo xtask tidy` checks its rules, `cargo xtask tidy
//! --ratchet` records how far they are kept today, so that they are never kept less.

mod finding;
mod ratchet;
mod repository;
mod rule;
mod source;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask tidy [--ratchet]

  tidy            check the rules of the repository; exit 1 when one is broken
  tidy --ratchet  the same, then record the present lengths and duplicates in xtask/ratchets.toml

example: cargo xtask tidy";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments[..] {
        ["tidy"] => tidy::run(false),
        ["tidy", "--ratchet"] => tidy::run(true),
        ["--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
