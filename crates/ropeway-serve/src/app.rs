//! What the routes share.

use std::collections::BTreeMap;
use std::sync::Arc;

use ropeway_vocab::{Clock, Result};

use crate::guard::Guard;
use crate::ingest::Ingest;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::served::Models;

/// The models, the sources that take rows, and what every request is measured by.
pub(crate) struct App {
    pub models: Models,
    pub ingests: BTreeMap<String, Result<Arc<Ingest>>>,
    pub metrics: Metrics,
    pub clock: Arc<dyn Clock>,
    pub limits: Limits,
    pub guard: Guard,
}
