//! The way from a project to an open port.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use ropeway_project::Project;
use ropeway_store::Store;
use ropeway_vocab::{Problem, Result, SystemClock};
use tokio::net::TcpListener;

use crate::accept::accept;
use crate::app::App;
use crate::guard::Guard;
use crate::ingest::Ingest;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::router::router;
use crate::served::Models;

/// How to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The address to listen on; anything but loopback needs a token file.
    pub host: IpAddr,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// The file with the token that requests must bring.
    pub token_file: Option<PathBuf>,
    /// The one model to serve: a name, `NAME@VERSION`, `NAME@ALIAS` or a package file.
    pub model: Option<String>,
    /// What one request may cost.
    pub limits: Limits,
}

/// Serves until `stop` is there. `ready` is called once, with the address and what should be known of the models, when
/// requests are answered.
///
/// # Errors
/// No model, sources that cannot be read, a port that is taken, an address beyond loopback without a token.
pub async fn serve(
    project: &Project,
    options: ServeOptions,
    ready: impl FnOnce(SocketAddr, &[String]) -> Result<()>,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    let guard = Guard::new(options.host, options.token_file.as_deref())?;
    let store = Store::open_to_read(&project.root.join(".ropeway")).await?;
    let no_rows = |why: &Problem| format!("no rows are taken, since .ropeway may only be read ({})", why.what());
    let no_rows = store.read_only().map(no_rows);
    // All that is asked of the record is asked by then: a run needs it more.
    let (models, ingests) = store
        .closing(async |store| {
            let mut models = Models::load(project, store, options.model.as_deref()).await?;
            let ingests = Ingest::all(&mut models, store)?;
            Ok((models, ingests))
        })
        .await?;
    let mut warnings: Vec<String> = models.served.iter().flat_map(|served| served.warnings.clone()).collect();
    warnings.extend(no_rows);
    let (metrics, clock, limits) = (Metrics::default(), Arc::new(SystemClock), options.limits);
    let app = App { models, ingests, metrics, clock, limits, guard };

    let address = SocketAddr::new(options.host, options.port);
    let failed = |error: std::io::Error| {
        Problem::io(format!("listening on {address}"), &error)
            .remedy("choose another port with --port, or 0 for a free one")
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    ready(listener.local_addr().map_err(failed)?, &warnings)?;
    accept(listener, router(Arc::new(app)), limits, stop).await;
    Ok(())
}
