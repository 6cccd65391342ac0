//! Behaviour of the crate as its users see it: one binary for all integration tests.

mod folder;
mod formats;
mod hostile;
mod real;
mod streams;
mod types;
