//! Drives the built binary from outside, as a user or a script does.

mod cli;
mod init;
mod project_file;
mod ropeway;
