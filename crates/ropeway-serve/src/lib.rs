//! The data plane: answers predictions over HTTP and takes new facts, durably. It must never know how a model was
//! trained.

mod guard;
mod ingest;
mod metrics;
mod predict;
mod problem;
mod rows;
mod served;
mod server;

pub use server::{ServeOptions, serve};
