//! The trials of one search, kept in the store as they finish, so that a killed run goes on after the last one.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ropeway_learn::settings::LearnerKind;
use ropeway_learn::tune::{Decision, TrialKey, TrialLedger, TrialRecord};
use ropeway_store::{Encoding, Store};
use ropeway_vocab::{Digest, Problem, Result};
use tokio::runtime::Handle;

use crate::record::Records;

/// The ledger of the step with key `step`. It is read once and written through.
pub(crate) struct StoredLedger {
    store: Store,
    records: Records,
    step: Digest,
    handle: Handle,
    /// What the search took in processes before this one, up to its last finished trial.
    before: Duration,
    began: Instant,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    trials: BTreeMap<TrialKey, (TrialRecord, Digest)>,
    decisions: BTreeMap<(LearnerKind, u32), Decision>,
    /// The first write that failed: the search's own trait cannot say so.
    failed: Option<Problem>,
}

impl StoredLedger {
    pub async fn open(store: &Store, records: &Records, step: Digest) -> Result<Self> {
        let trials = records.trials(&step).await?.into_iter().map(|(record, scores)| (record.key(), (record, scores)));
        let decisions = records.decisions(&step).await?.into_iter().map(|d| ((d.learner, d.rung), d));
        let kept = Kept { trials: trials.collect(), decisions: decisions.collect(), failed: None };
        let before = Duration::try_from_secs_f64(records.elapsed(&step).await?).unwrap_or_default();
        let (store, records) = (store.clone(), records.clone());
        let (handle, began) = (Handle::current(), Instant::now());
        Ok(Self { store, records, step, handle, before, began, kept: Mutex::new(kept) })
    }

    /// The first write that failed, if one did.
    pub fn failure(&self) -> Result<()> {
        self.kept().failed.clone().map_or(Ok(()), Err)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_failure(&self, done: Result<()>) {
        if let Err(problem) = done {
            self.kept().failed.get_or_insert(problem);
        }
    }
}

impl TrialLedger for StoredLedger {
    fn find(&self, key: &TrialKey) -> Option<TrialRecord> {
        self.kept().trials.get(key).map(|(record, _)| record.clone())
    }

    fn record(&self, record: &TrialRecord, scores: &[f64]) {
        let bytes: Vec<u8> = scores.iter().flat_map(|score| score.to_le_bytes()).collect();
        let done = self.store.cache().put(&bytes, Encoding::Plain).and_then(|scores| {
            let elapsed_s = (self.before + self.began.elapsed()).as_secs_f64();
            self.handle.block_on(self.records.record_trial(&self.step, record, &scores, elapsed_s))?;
            self.kept().trials.insert(record.key(), (record.clone(), scores));
            Ok(())
        });
        self.note_failure(done);
    }

    fn scores(&self, key: &TrialKey) -> Option<Vec<f64>> {
        let digest = self.kept().trials.get(key).map(|(_, scores)| *scores)?;
        let bytes = self.store.cache().find(&digest).ok()??;
        let (scores, rest) = bytes.as_chunks::<8>();
        rest.is_empty().then(|| scores.iter().map(|score| f64::from_le_bytes(*score)).collect())
    }

    fn decision(&self, learner: LearnerKind, rung: u32) -> Option<Decision> {
        self.kept().decisions.get(&(learner, rung)).cloned()
    }

    fn decide(&self, decision: &Decision) {
        self.note_failure(self.handle.block_on(self.records.record_decision(&self.step, decision)));
        self.kept().decisions.insert((decision.learner, decision.rung), decision.clone());
    }

    fn spent(&self) -> Duration {
        self.before
    }
}

#[cfg(test)]
mod tests {
    use ropeway_learn::CandidateSettings;
    use ropeway_vocab::Usage;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_search_that_goes_on_knows_what_it_took_before() {
        let folder = std::env::temp_dir().join(format!("ropeway-ledger-{}", std::process::id()));
        let store = Store::open(&folder).await.unwrap();
        let records = Records::open(&store).await.unwrap();
        let open = || StoredLedger::open(&store, &records, Digest::of(b"step"));
        let trial = |fold: u32| TrialRecord {
            index: 0,
            fold,
            rung: 0,
            settings: CandidateSettings::Baseline,
            rounds: 1,
            rounds_trained: 1,
            value: None,
            usage: Usage::default(),
        };
        let first = open().await.unwrap();
        assert_eq!(first.spent(), Duration::ZERO);
        tokio::task::block_in_place(|| first.record(&trial(0), &[0.5]));
        let once = open().await.unwrap().spent();
        assert!(once > Duration::ZERO && once <= first.began.elapsed());
        let second = open().await.unwrap();
        tokio::task::block_in_place(|| second.record(&trial(1), &[0.5]));
        second.failure().unwrap();
        assert!(open().await.unwrap().spent() > once, "the second process adds to the first");
        store.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
