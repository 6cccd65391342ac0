//! Drives the built binary from outside, as a user or a script does.

#[cfg(test)]
mod accept;
#[cfg(test)]
mod accept_parity;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod init;
#[cfg(test)]
mod people;
#[cfg(test)]
mod project_file;
#[cfg(test)]
mod ropeway;
#[cfg(test)]
mod served;
#[cfg(test)]
mod server;
#[cfg(test)]
mod server_hostile;
#[cfg(test)]
mod shop;
