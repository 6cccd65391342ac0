//! The data plane: answers predictions over HTTP and takes new facts, durably. It must never know how a model was
//! trained.

mod accept;
mod app;
mod bare;
mod body;
mod browser;
mod connections;
mod guard;
mod ingest;
mod json;
mod limits;
mod line;
mod metrics;
mod name;
mod predict;
mod problem;
mod router;
mod row;
mod rows;
mod served;
mod server;

pub use limits::Limits;
pub use server::{ServeOptions, serve};
