//! One pass over a source: whoever reads it hands its batches to workers, each of which counts its share of the columns.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use arrow::array::RecordBatch;
use ropeway_source::{SourceRead, SourceSettings};
use ropeway_vocab::{ColumnSpec, Problem, Result};

use crate::repeats::{Repeats, Rows};
use crate::sample::{Sample, Sampler, cap};
use crate::tally::{Bound, Tally};

/// Batches that wait for a worker: few, since a batch may be large.
const WAITING: usize = 2;
const MOST_WORKERS: usize = 4;

/// A source that was counted.
#[derive(Debug, Clone)]
pub(crate) struct Scanned {
    pub(crate) rows: u64,
    /// Whether these are all rows of the source.
    pub(crate) whole: bool,
    pub(crate) tallies: Vec<Tally>,
    pub(crate) repeats: Repeats,
    /// The first rows as they stand, and rows from everywhere; the same where both are all rows.
    pub(crate) first: Sample,
    pub(crate) spread: Sample,
    /// What the reader says of the whole, without batches.
    pub(crate) read: SourceRead,
}

/// Reads the source called `name` under `root` once, and no more than about so many cells of it.
pub(crate) fn scan(name: &str, settings: &SourceSettings, root: &Path, cells: u64) -> Result<Scanned> {
    std::thread::scope(|scope| {
        let mut crew: Option<Crew<'_>> = None;
        let mut passed = 0;
        let read = ropeway_source::scan(name, settings, root, &mut |columns, batch| {
            passed += (batch.num_rows() * batch.num_columns()) as u64;
            crew.get_or_insert_with(|| Crew::new(scope, columns)).take(&batch)?;
            Ok(passed < cells)
        });
        let finished = crew.map(Crew::finish).transpose();
        let read = read?;
        let (shares, repeats) = match finished? {
            Some((shares, repeats)) => (shares, repeats),
            None => {
                let none = Share::new(0, 1, &read.columns);
                (vec![none], Repeats { rows: 0, exact: true, by_chance: false })
            }
        };
        Ok(Scanned { whole: passed < cells, ..together(shares, repeats, read) })
    })
}

/// Every so many columns of a table, and the rows that are kept of them.
struct Share {
    tallies: Vec<Tally>,
    sampler: Sampler,
    columns: Vec<usize>,
    hashes: Vec<u64>,
    cells: Vec<u64>,
}

impl Share {
    fn new(worker: usize, workers: usize, columns: &[ColumnSpec]) -> Self {
        let bound = Bound::of(columns.len());
        let own: Vec<usize> = (worker..columns.len()).step_by(workers).collect();
        Self {
            tallies: own.iter().map(|index| Tally::new(columns[*index].clone(), *index, bound)).collect(),
            sampler: Sampler::new(own.len(), cap(columns.len())),
            columns: own,
            hashes: Vec::new(),
            cells: Vec::new(),
        }
    }

    /// Counts a batch; `self.hashes` then holds what its own columns contribute to the hash of each row.
    fn take(&mut self, batch: &RecordBatch) -> Result<()> {
        self.hashes.clear();
        self.hashes.resize(batch.num_rows(), 0);
        self.sampler.begin(batch.num_rows());
        for (own, tally) in self.tallies.iter_mut().enumerate() {
            tally.take(batch.column(self.columns[own]), &mut self.hashes, &mut self.cells)?;
            self.sampler.take(own, &self.cells);
        }
        self.sampler.end();
        Ok(())
    }
}

/// The workers.
struct Crew<'scope> {
    batches: Vec<SyncSender<RecordBatch>>,
    workers: Vec<ScopedJoinHandle<'scope, Result<(Share, Repeats)>>>,
}

impl<'scope> Crew<'scope> {
    fn new<'env>(scope: &'scope Scope<'scope, 'env>, columns: &[ColumnSpec]) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let workers = cores.clamp(1, MOST_WORKERS).min(columns.len().max(1));
        let (mut batches, mut handles, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for worker in (0..workers).rev() {
            let (give, get) = sync_channel(WAITING);
            batches.push(give);
            let share = Share::new(worker, workers, columns);
            // The first worker also brings the rows together, of which each has a part.
            if worker > 0 {
                let (send, receive) = channel();
                others.push(receive);
                handles.push(scope.spawn(move || count(share, &get, &Parts::Send(send))));
            } else {
                let others = std::mem::take(&mut others);
                handles.push(scope.spawn(move || count(share, &get, &Parts::Receive(others))));
            }
        }
        Self { batches, workers: handles }
    }

    fn take(&self, batch: &RecordBatch) -> Result<()> {
        for give in &self.batches {
            give.send(batch.clone()).map_err(|_| Problem::internal("a worker of the survey has ended too early"))?;
        }
        Ok(())
    }

    fn finish(self) -> Result<(Vec<Share>, Repeats)> {
        drop(self.batches);
        let mut shares = Vec::with_capacity(self.workers.len());
        let mut repeats = Repeats::default();
        for worker in self.workers {
            let joined = worker.join().map_err(|_| Problem::internal("a worker of the survey has panicked"))?;
            let (share, rows) = joined?;
            shares.push(share);
            repeats = rows;
        }
        shares.reverse();
        Ok((shares, repeats))
    }
}

/// Where parts of the hashes of rows go to, or come from.
enum Parts {
    Send(Sender<Vec<u64>>),
    Receive(Vec<Receiver<Vec<u64>>>),
}

fn count(mut share: Share, batches: &Receiver<RecordBatch>, parts: &Parts) -> Result<(Share, Repeats)> {
    let mut rows = Rows::default();
    while let Ok(batch) = batches.recv() {
        share.take(&batch)?;
        let lost = || Problem::internal("a worker of the survey has lost another");
        match parts {
            Parts::Send(send) => send.send(std::mem::take(&mut share.hashes)).map_err(|_| lost())?,
            Parts::Receive(others) => {
                for other in others {
                    let part = other.recv().map_err(|_| lost())?;
                    share.hashes.iter_mut().zip(part).for_each(|(hash, part)| *hash = hash.wrapping_add(part));
                }
                share.hashes.iter().for_each(|hash| rows.add(crate::hash::of_bits(*hash)));
            }
        }
    }
    Ok((share, rows.repeats()))
}

/// Columns in the order of the table again.
fn together(shares: Vec<Share>, repeats: Repeats, read: SourceRead) -> Scanned {
    let columns = shares.iter().map(|share| share.columns.len()).sum();
    let mut tallies: Vec<Option<Tally>> = vec![None; columns];
    let (mut first, mut spread) = (Sample::default(), Sample::default());
    first.cells.resize(columns, Vec::new());
    spread.cells.resize(columns, Vec::new());
    for share in shares {
        let Sampler { first: own_first, spread: own_spread, .. } = share.sampler;
        let cells = own_first.cells.into_iter().zip(own_spread.cells);
        for ((index, tally), (own_first, own_spread)) in share.columns.into_iter().zip(share.tallies).zip(cells) {
            tallies[index] = Some(tally);
            first.cells[index] = own_first;
            spread.cells[index] = own_spread;
        }
        first.rows = own_first.rows;
        spread.rows = own_spread.rows;
    }
    Scanned {
        rows: read.kept,
        whole: true,
        tallies: tallies.into_iter().flatten().collect(),
        repeats,
        first,
        spread,
        read,
    }
}
