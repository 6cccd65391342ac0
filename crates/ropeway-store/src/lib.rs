//! Where everything lies: content-addressed blobs, the metadata database, append-only logs and the lock of
//! a project. A facade through which each crate keeps its own typed records and migrations; this crate
//! knows bytes and tables, and must never know what a model or a feature is.

mod blobs;
mod database;
mod disk;
mod faulty;
mod lock;
mod log;
mod migrate;
mod sql;
mod store;
mod transaction;

pub use sqlx;

pub use blobs::{Blobs, Encoding, LeftBehind, StoredBlob};
pub use disk::{Disk, DiskFile, RealDisk};
pub use faulty::FaultyDisk;
pub use lock::{LockMode, ProjectLock};
pub use log::{AppendLog, Recovered};
pub use sql::SqlResult;
pub use store::Store;
pub use transaction::WriteTransaction;
