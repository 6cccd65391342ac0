//! `ropeway serve`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ropeway_serve::{Limits, ServeOptions};
use ropeway_vocab::Result;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::sections::load;
use crate::stop;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway serve                                   all models of the project on http://127.0.0.1:8080
  ropeway serve --port 0                          a free port; the first line of stdout names it
  ropeway serve --host 0.0.0.0 --token-file token requests then need `Authorization: Bearer TOKEN`

  curl -s http://127.0.0.1:8080/v1/models/flight-delays/predict \\
       -d '{\"examples\": [{\"carrier\": \"UA\", \"at\": \"2013-12-01T17:00:00Z\"}]}'

Routes: POST /v1/models/NAME/predict, POST /v1/tables/SOURCE/rows, GET /v1/models, /healthz, /readyz, /metrics. \
One request may have 16 MiB, 10,000 examples (100 with `\"explain\": true`) or 100,000 rows; its head and its body must each \
arrive within 10 seconds, and a connection that is idle as long is closed. Errors are problem details (RFC 9457) that say \
what is wrong and what to do. Of a number an answer has its `value` and the ends of its 90% interval, `low` and `high`, which the files of \
`ropeway predict` call `predicted`, `predicted_low` and `predicted_high`; names in answers do not stand beside a file's own \
columns. An answer has `warnings` where examples leave columns out or are unlike the training: features \
that are missing and never were, levels that were never seen.

Values are as in the files of the sources, or as JSON has them: a number bare (`27.39` in a column of `27,39 €`), a day as \
\"2025-11-03\", an instant as \"2025-11-03T08:30:00Z\". Of a column of percentages write \"9 %\": a bare 9 is refused, since it \
may be meant as 9 % or as 900 %.

Without --token-file, programs of this machine may ask: the host in a request is an address or localhost (else 421), and \
what web pages of other sites would write or have predicted is refused (403).")]
pub struct Args {
    /// The port; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,
    /// The address to listen on; anything but loopback needs --token-file
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,
    /// A file with the token that requests must bring
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Serve this model only: NAME, NAME@VERSION or NAME@ALIAS [default: every model of the project]
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
}

/// Serves until asked to stop.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let project = load(&shared.project)?;
    let options = ServeOptions {
        host: args.host,
        port: args.port,
        token_file: args.token_file.clone(),
        model: args.model.clone(),
        limits: Limits::default(),
    };
    let ready = |address, warnings: &[String]| {
        output.warn(warnings);
        output.line(&format!("listening on http://{address}"))
    };
    ropeway_serve::serve(&project, options, ready, asked_to_stop()).await?;
    Ok(Exit::Done)
}

/// Ends when the user asks to stop: requests being answered are finished, no new ones are taken.
async fn asked_to_stop() {
    let flag = stop::flag();
    while !flag.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
