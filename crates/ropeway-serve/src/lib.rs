//! The data plane: answers predictions over HTTP and takes new facts, durably. It must never know how a model was
//! trained.

mod accept;
mod bare;
mod body;
mod guard;
mod ingest;
mod limits;
mod line;
mod metrics;
mod predict;
mod problem;
mod row;
mod rows;
mod served;
mod server;

pub use limits::Limits;
pub use server::{ServeOptions, serve};
