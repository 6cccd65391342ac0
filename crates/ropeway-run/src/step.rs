//! One step: found finished under its key, or executed, measured and recorded. The blobs of a step are written
//! before the record that names them, so that a kill at any moment leaves either a finished step or none.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use ropeway_store::{Encoding, Store};
use ropeway_vocab::{Digest, DigestBuilder, Kind, Problem, Result, Usage};
use serde::{Deserialize, Serialize};

use crate::meter::Meter;
use crate::progress::Progress;
use crate::record::{PartRow, Records, read_json, to_json};
use crate::report::StepReport;

/// What executes the steps of one run.
pub(crate) struct Engine {
    pub store: Store,
    pub records: Records,
    pub progress: Arc<dyn Progress>,
    pub cancel: Arc<AtomicBool>,
    /// The run that steps are recorded under; none for commands that only need what steps make.
    pub run: Option<i64>,
    position: AtomicU32,
    done: Mutex<Vec<StepReport>>,
}

/// What a step made.
#[derive(Default)]
pub(crate) struct Made {
    parts: Vec<Part>,
    /// Bytes it read.
    pub bytes_read: u64,
    refusal: Option<Problem>,
}

struct Part {
    name: &'static str,
    bytes: Vec<u8>,
    kept: bool,
    encoding: Encoding,
}

impl Made {
    /// A part that can be computed again, in bytes that are compressed already.
    pub fn cached(mut self, name: &'static str, bytes: Vec<u8>) -> Self {
        self.parts.push(Part { name, bytes, kept: false, encoding: Encoding::Plain });
        self
    }

    /// A typed part that is a record and stays when the cache is deleted.
    pub fn kept<T: Serialize>(mut self, name: &'static str, value: &T) -> Result<Self> {
        let bytes = to_json(value)?.into_bytes();
        self.parts.push(Part { name, bytes, kept: true, encoding: Encoding::Zstd });
        Ok(self)
    }

    /// Bytes that are a record, compressed already.
    pub fn kept_bytes(mut self, name: &'static str, bytes: Vec<u8>) -> Self {
        self.parts.push(Part { name, bytes, kept: true, encoding: Encoding::Plain });
        self
    }

    /// Says that the step failed all the same: its parts are kept to be looked at, and it counts as never finished.
    pub fn refused(mut self, refusal: Problem) -> Self {
        self.refusal = Some(refusal);
        self
    }

    /// Says how many bytes the step read.
    pub fn read(mut self, bytes: u64) -> Self {
        self.bytes_read += bytes;
        self
    }
}

/// A finished step: its parts are read when they are needed.
#[derive(Clone)]
pub(crate) struct Finished {
    store: Store,
    parts: Vec<PartRow>,
    /// Parts that could not be stored, where the store may only be read.
    held: Held,
}

/// The bytes of parts by their digest.
type Held = Arc<BTreeMap<Digest, Vec<u8>>>;

impl Finished {
    fn part(&self, name: &str) -> Result<&PartRow> {
        let found = self.parts.iter().find(|part| part.name == name);
        found.ok_or_else(|| Problem::internal(format!("a step has no part `{name}`")))
    }

    /// The digest of a part's bytes.
    pub fn digest(&self, name: &str) -> Result<Digest> {
        self.part(name).map(|part| part.blob)
    }

    /// A part's bytes.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>> {
        let part = self.part(name)?;
        if let Some(bytes) = self.held.get(&part.blob) {
            return Ok(bytes.clone());
        }
        let blobs = if part.kept { self.store.blobs() } else { self.store.cache() };
        blobs.get(&part.blob)
    }

    /// A typed part.
    pub fn value<T: for<'a> Deserialize<'a>>(&self, name: &str) -> Result<T> {
        read_json(&self.bytes(name)?)
    }
}

/// The version of the code behind each kind of step: raise it when the same inputs give other outputs.
pub(crate) fn key(kind: &str) -> DigestBuilder {
    DigestBuilder::new(&format!("step/{kind}/7"))
}

impl Engine {
    pub fn new(
        store: Store,
        records: Records,
        progress: Arc<dyn Progress>,
        cancel: Arc<AtomicBool>,
        run: Option<i64>,
    ) -> Self {
        let (position, done) = (AtomicU32::new(0), Mutex::new(Vec::new()));
        Self { store, records, progress, cancel, run, position, done }
    }

    /// The steps so far.
    pub fn steps(&self) -> Vec<StepReport> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Stops where the user asked to.
    pub fn go_on(&self) -> Result<()> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(Problem::new(Kind::Cancelled, "cancelled", "stopped on request")
                .remedy("`ropeway run` goes on after the last finished step or trial"));
        }
        Ok(())
    }

    /// Finds the step finished under `key`, or executes it.
    pub async fn step<F>(&self, name: &str, key: Digest, work: F) -> Result<Finished>
    where
        F: AsyncFnOnce() -> Result<Made>,
    {
        if let Some(finished) = self.found(name, &key).await? {
            return Ok(finished);
        }
        let meter = Meter::start();
        self.progress.step_started(name);
        let made = work().await.and_then(|mut made| {
            let refusal = made.refusal.take();
            Ok((self.put(made)?, refusal))
        });
        let ((finished, bytes_read, bytes_written), refusal) = match made {
            Ok(made) => made,
            Err(problem) => {
                let state = if problem.kind() == Kind::Cancelled { "cancelled" } else { "failed" };
                self.end(name, &key, state, meter.stop(0, 0), &[]).await?;
                return Err(problem);
            }
        };
        let usage = meter.stop(bytes_read, bytes_written);
        if let Some(problem) = refusal {
            let shown = DigestBuilder::new("refused/1").digest(&key).finish();
            self.end(name, &shown, "failed", usage, &finished.parts).await?;
            return Err(problem);
        }
        self.end(name, &key, "executed", usage, &finished.parts).await?;
        Ok(finished)
    }

    /// The step, where it is finished under `key`; it is recorded as cached then.
    pub async fn found(&self, name: &str, key: &Digest) -> Result<Option<Finished>> {
        self.go_on()?;
        let meter = Meter::start();
        let parts = self.records.parts(key).await?;
        if parts.is_empty() {
            return Ok(None);
        }
        for part in &parts {
            if !self.has(name, part)? {
                return Ok(None);
            }
        }
        self.end(name, key, "cached", meter.stop(0, 0), &[]).await?;
        Ok(Some(Finished { store: self.store.clone(), parts, held: Held::default() }))
    }

    /// Whether a part is there. One of the cache is verified: damaged, it is as good as deleted, and is deleted. Damage in a
    /// record is a problem of whoever reads it, since nothing says that it can be made again.
    fn has(&self, step: &str, part: &PartRow) -> Result<bool> {
        if part.kept {
            return Ok(self.store.blobs().has(&part.blob));
        }
        let cache = self.store.cache();
        if !cache.has(&part.blob) {
            return Ok(false);
        }
        if cache.find(&part.blob)?.is_some() {
            return Ok(true);
        }
        self.progress.note(&format!("{step}: what was kept of it in .ropeway/cache is damaged; it is made anew"));
        if self.store.read_only().is_none() {
            cache.discard(&part.blob)?;
        }
        Ok(false)
    }

    fn put(&self, made: Made) -> Result<(Finished, u64, u64)> {
        let mut written = 0;
        let mut held = BTreeMap::new();
        let mut parts = Vec::with_capacity(made.parts.len());
        for part in made.parts {
            let blobs = if part.kept { self.store.blobs() } else { self.store.cache() };
            let blob = if self.store.read_only().is_some() {
                let blob = Digest::of(&part.bytes);
                held.insert(blob, part.bytes);
                blob
            } else {
                written += part.bytes.len() as u64;
                blobs.put(&part.bytes, part.encoding)?
            };
            parts.push(PartRow { name: part.name.into(), blob, kept: part.kept });
        }
        Ok((Finished { store: self.store.clone(), parts, held: Arc::new(held) }, made.bytes_read, written))
    }

    async fn end(&self, name: &str, key: &Digest, state: &str, usage: Usage, parts: &[PartRow]) -> Result<()> {
        let step = StepReport {
            name: name.into(),
            state: state.into(),
            wall_s: usage.wall_s,
            cpu_s: usage.cpu_s,
            peak_mib: usage.peak_mib,
            bytes_read: usage.bytes_read,
            bytes_written: usage.bytes_written,
        };
        if let Some(run) = self.run {
            let position = self.position.fetch_add(1, Ordering::Relaxed);
            self.records.end_step(run, position, key, &step, parts).await?;
        } else if !parts.is_empty() && self.store.read_only().is_none() {
            self.records.keep_parts(key, parts).await?;
        }
        self.progress.step_finished(name, state, usage.wall_s);
        self.done.lock().unwrap_or_else(PoisonError::into_inner).push(step);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[tokio::test]
    async fn a_step_that_was_stopped_is_no_failure() {
        let folder = std::env::temp_dir().join(format!("ropeway-step-{}", std::process::id()));
        let store = Store::open(&folder).await.unwrap();
        let records = Records::open(&store).await.unwrap();
        let run = records.begin_run("p", ropeway_vocab::Instant::from_micros(0), false, None).await.unwrap();
        let engine =
            Engine::new(store.clone(), records.clone(), Arc::new(Silent), Arc::new(AtomicBool::new(false)), Some(run));
        for (name, kind) in [("stopped", Kind::Cancelled), ("wrong", Kind::Invalid)] {
            let key = Digest::of(name.as_bytes());
            let ended = engine.step(name, key, async || Err(Problem::new(kind, "code", "what"))).await;
            assert_eq!(ended.err().unwrap().kind(), kind);
        }
        let (_, steps, _) = records.run(None).await.unwrap();
        let states: Vec<(&str, &str)> = steps.iter().map(|step| (step.name.as_str(), step.state.as_str())).collect();
        assert_eq!(states, [("stopped", "cancelled"), ("wrong", "failed")]);
        assert!(records.step_keys(run).await.unwrap().is_empty(), "neither has anything to show");
        store.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
