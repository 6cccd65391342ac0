//! Chores of the repository that are programs: `cargo xtask tidy` checks its rules, `cargo xtask tidy
//! --ratchet` records how far they are kept today, so that they are never kept less; `cargo xtask unify` keeps the
//! features of dependencies the same for every part of the workspace; `cargo xtask docs` writes the references in `docs/`;
//! `cargo xtask generate` writes the files with known truth that `bench/tables` goes through.

mod docs;
mod finding;
mod generated;
mod ratchet;
mod repository;
mod rule;
mod source;
mod tidy;
mod unify;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask tidy [--ratchet]
       cargo xtask unify [--check]
       cargo xtask docs [--check]
       cargo xtask generate FOLDER

  tidy            check the rules of the repository; exit 1 when one is broken
  tidy --ratchet  the same, then record the present lengths and duplicates in xtask/ratchets.toml
  unify           write the features that all crates share into crates/ropeway-unify, after a change of dependencies
  unify --check   only say whether that is needed; exit 1 when it is
  docs            write what the built binary says of itself into docs/
  docs --check    only say whether that is needed; exit 1 when it is
  generate        write messy.csv and wide.csv into FOLDER, and say what is true of them

example: cargo xtask tidy";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments[..] {
        ["tidy"] => tidy::run(false),
        ["tidy", "--ratchet"] => tidy::run(true),
        ["unify"] => unify::run(false),
        ["unify", "--check"] => unify::run(true),
        ["docs"] => docs::run(false),
        ["docs", "--check"] => docs::run(true),
        ["generate", folder] => generated::run(folder),
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
