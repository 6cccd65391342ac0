//! The `ropeway` binary: reads the command line, runs one command, turns its end into an exit code.

mod cli;
mod command;
mod exit;
mod init;
mod memory;
mod next;
mod output;
mod progress;
mod render;
mod rows;
mod sections;
mod stop;
mod typed;
mod why;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: memory::Remembering = memory::Remembering;

fn main() -> ExitCode {
    memory::explain_exhaustion();
    cli::main().into()
}
