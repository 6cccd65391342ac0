//! Drives the built binary from outside, as a user or a script does.

mod accept_parity;
mod bad_input;
mod cli;
mod init;
mod people;
mod project_file;
mod ropeway;
mod served;
mod server;
mod server_hostile;
mod shop;
