//! Ctrl-C, and what else ends a process: the first asks long work to stop at the next safe point, the second ends the
//! process at once, as does the first where nothing has to be brought to such a point. What was finished is in the record
//! either way.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use ropeway_vocab::{Problem, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;

use crate::progress::beside;

static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(|| Arc::new(AtomicBool::new(false)));

/// Whether somebody looks at the flag.
static HEEDED: AtomicBool = AtomicBool::new(false);

/// The flag that is raised when the user asks to stop. Who takes it looks at it from time to time.
pub fn flag() -> Arc<AtomicBool> {
    HEEDED.store(true, Ordering::SeqCst);
    Arc::clone(&ASKED)
}

/// Whether this process was started so that a signal leaves it alone, as `nohup` does with SIGHUP. Where the system does not
/// say, it counts as ignored.
fn ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    mask.is_none_or(|mask| mask >> (signal - 1) & 1 == 1)
}

async fn received(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

/// Watches for Ctrl-C, SIGTERM and SIGHUP on the running Tokio runtime until the handle is aborted. A file that may not
/// grow any more (`ulimit -f`) is an error of the write from now on, and no longer the end of the process.
pub fn watch() -> Result<JoinHandle<()>> {
    let failed = |error| Problem::io("watching for Ctrl-C", &error);
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut hangup = if ignored(libc::SIGHUP) { None } else { Some(signal(SignalKind::hangup()).map_err(failed)?) };
    let full = signal(SignalKind::from_raw(libc::SIGXFSZ)).map_err(failed)?;
    Ok(tokio::spawn(async move {
        let _full = full;
        loop {
            let from_keyboard = tokio::select! {
                _ = interrupt.recv() => std::io::stdin().is_terminal(),
                _ = terminate.recv() => false,
                () = received(&mut hangup) => false,
            };
            if !HEEDED.load(Ordering::SeqCst) {
                beside("stopped[cancelled]: stopped on request; nothing was written", from_keyboard);
                std::process::exit(1);
            }
            if ASKED.swap(true, Ordering::SeqCst) {
                std::process::exit(1);
            }
            beside("stopping at the next safe point; once more to stop at once", from_keyboard);
        }
    }))
}
