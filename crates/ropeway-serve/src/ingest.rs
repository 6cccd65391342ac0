//! New facts: from rows of a request to the log of their source and the state of every model.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::{Array, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use ropeway_package::arrival::{KeyIndex, Post, Seen, log_path};
use ropeway_source::Readings;
use ropeway_source::rows::{RowProblem, coerce};
use ropeway_store::{AppendLog, Store};
use ropeway_table::{Relation, RowTimes, RowWise, row_json};
use ropeway_vocab::{ColumnSpec, Instant, Kind, Problem, Result, TableSchema, Timing};
use serde_json::{Map, Value};
use tokio::sync::{Mutex, RwLock};

use crate::served::{Models, Served};

/// Takes the rows of one source.
pub(crate) struct Ingest {
    source: String,
    columns: Vec<ColumnSpec>,
    /// The columns by which a row is known again.
    key: Vec<String>,
    readings: Readings,
    /// The models that read the source.
    served: Vec<Arc<Served>>,
    log: AppendLog,
    /// Keys taken; held while rows are judged and given their place in the log, not while the disk is waited for.
    index: Mutex<KeyIndex>,
    /// Held for reading by each post from its place in the log until its rows are in every window.
    on_the_way: RwLock<()>,
    /// Set when the disk failed: then nothing may be acknowledged, repeated rows neither.
    broken: AtomicBool,
}

/// What came of a post.
pub(crate) struct Taken {
    pub acknowledged: u64,
    pub repeated: u64,
}

/// New rows that were judged: what is logged and what each model learns.
struct Judged {
    rows: Vec<Map<String, Value>>,
    relations: Vec<(Arc<Served>, BTreeMap<String, Relation>)>,
    repeated: u64,
}

impl Ingest {
    /// Opens the logs of all sources that take rows; a source that does not take them has the reason instead.
    pub fn all(models: &mut Models, store: &Store) -> Result<BTreeMap<String, Result<Arc<Self>>>> {
        let mut all = BTreeMap::new();
        let sources: Vec<String> =
            models.served.iter().flat_map(|served| served.plan.definitions().sources.keys().cloned()).collect();
        for source in sources {
            if all.contains_key(&source) {
                continue;
            }
            let readers: Vec<Arc<Served>> =
                models.served.iter().filter(|served| served.plan.is_source(&source)).cloned().collect();
            let nowhere = || store.read_only().map(|why| nowhere(&source, why));
            let ingest = match refusal(&source, &readers)?.or_else(nowhere) {
                Some(problem) => Err(problem),
                None => Ok(Arc::new(Self::open(&source, readers, models, store)?)),
            };
            all.insert(source, ingest);
        }
        Ok(all)
    }

    fn open(source: &str, served: Vec<Arc<Served>>, models: &mut Models, store: &Store) -> Result<Self> {
        let first = served.first().ok_or_else(|| Problem::internal("a source that no model reads"))?;
        let definition = &first.plan.definitions().sources[source];
        let path = log_path(store.root(), source);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Problem::io("making .ropeway/arrivals", &error))?;
        }
        let (log, _) = AppendLog::open(&path)?;
        let index =
            models.keys.remove(source).ok_or_else(|| Problem::internal("a source without the keys of its rows"))?;
        Ok(Self {
            source: source.into(),
            columns: definition.columns.clone(),
            key: definition.settings.key.clone(),
            readings: Readings::of(&definition.settings)?.or_iso(),
            log,
            index: Mutex::new(index),
            on_the_way: RwLock::new(()),
            broken: AtomicBool::new(false),
            served,
        })
    }

    /// Takes the rows of one post, all or none. When this returns, they are on disk and in every window.
    pub async fn take(&self, rows: Vec<Map<String, Value>>, backfill: bool, arrived: Instant) -> Result<Taken> {
        if self.broken.load(Ordering::Acquire) {
            return Err(broken(&self.source));
        }
        let total = rows.len() as u64;
        let batch = coerce(&rows, &self.columns, &self.readings).map_err(|problems| RowProblem::together(&problems))?;
        let (judged, taking) = {
            let mut index = self.index.lock().await;
            let judged = self.judge(&mut index, rows, &batch, backfill, arrived).await?;
            let taking = if judged.rows.is_empty() {
                None
            } else {
                let post = Post::new(arrived, backfill, judged.rows.clone()).to_bytes()?;
                let on_the_way = self.on_the_way.read().await;
                Some((self.log.append(post), on_the_way))
            };
            (judged, taking)
        };
        if let Some((written, on_the_way)) = taking {
            if let Err(problem) = written.await {
                self.broken.store(true, Ordering::Release);
                return Err(problem);
            }
            let learn = || judged.relations.iter().try_for_each(|(served, made)| served.learn(made));
            tokio::task::block_in_place(learn)?;
            drop(on_the_way);
        }
        if judged.repeated > 0 {
            // The first post of a repeated row may still be on its way to the disk and the windows.
            drop(self.on_the_way.write().await);
            if self.broken.load(Ordering::Acquire) {
                return Err(broken(&self.source));
            }
        }
        Ok(Taken { acknowledged: total, repeated: judged.repeated })
    }

    /// Tells new rows from repeated ones, refuses conflicts, applies the checks, and takes the new keys.
    async fn judge(
        &self,
        index: &mut KeyIndex,
        rows: Vec<Map<String, Value>>,
        batch: &RecordBatch,
        backfill: bool,
        arrived: Instant,
    ) -> Result<Judged> {
        self.whole_keys(batch)?;
        let seen = index.look(batch)?;
        if let Some(row) = seen.iter().position(|seen| *seen == Seen::Conflict) {
            return Err(self.conflict(batch, row));
        }
        let repeated = seen.iter().filter(|seen| **seen == Seen::Repeated).count() as u64;
        let is_new: BooleanArray = seen.iter().map(|seen| Some(*seen == Seen::New)).collect();
        let new = filter_record_batch(batch, &is_new).map_err(|error| Problem::internal(error.to_string()))?;
        let mut relations = Vec::with_capacity(self.served.len());
        if new.num_rows() > 0 {
            let arrival = (!backfill).then(|| arrived.micros());
            for served in &self.served {
                let made = match self.pass(served, new.clone(), arrival).await {
                    Ok(made) => made,
                    Err(problem) => {
                        let places: Vec<usize> = (0..seen.len()).filter(|row| seen[*row] == Seen::New).collect();
                        return Err(self.refused(served, &new, &places, arrival, problem).await);
                    }
                };
                relations.push((Arc::clone(served), made));
            }
            index.take(&new)?;
        }
        let rows = rows.into_iter().zip(seen).filter(|(_, seen)| *seen == Seen::New).map(|(row, _)| row).collect();
        Ok(Judged { rows, relations, repeated })
    }
}

impl Ingest {
    /// Passes new rows through every table of a model that they reach.
    async fn pass(
        &self,
        served: &Served,
        rows: RecordBatch,
        arrival: Option<i64>,
    ) -> Result<BTreeMap<String, Relation>> {
        let times = RowTimes::Arrivals(vec![arrival; rows.num_rows()]);
        let made = served.plan.push(&self.source, rows, times, &served.statics()).await?;
        // What a window would fail on is found before it is on disk: no start would get past it.
        let predictor = served.predictor();
        made.iter().try_for_each(|(table, rows)| predictor.accepts(table, rows))?;
        drop(predictor);
        Ok(made)
    }

    /// The problem of the first row that does not pass, named by its place in the request. Rows pass one by one, so halves
    /// of them find it.
    async fn refused(
        &self,
        served: &Served,
        rows: &RecordBatch,
        places: &[usize],
        arrival: Option<i64>,
        problem: Problem,
    ) -> Problem {
        let (mut from, mut count) = (0, rows.num_rows());
        while count > 1 {
            let half = count / 2;
            if self.pass(served, rows.slice(from, half), arrival).await.is_ok() {
                from += half;
                count -= half;
            } else {
                count = half;
            }
        }
        match self.pass(served, rows.slice(from, count), arrival).await {
            Err(alone) => alone.context(format!("row {}", places[from])),
            Ok(_) => problem,
        }
    }

    /// Another row is known under the key of this one.
    fn conflict(&self, batch: &RecordBatch, row: usize) -> Problem {
        let of_key = self.columns.iter().filter(|column| self.key.contains(&column.name));
        let schema = TableSchema { columns: of_key.cloned().collect(), timing: Timing::Static, key: Vec::new() };
        let key = Value::Object(row_json(&schema, batch, row, true));
        let what = format!("row {row}: another row of `{}` has the key {key} already, and other content", self.source);
        Problem::new(Kind::Conflict, "key-conflict", what)
            .remedy("the first arrival of a key counts; nothing of the request was taken")
    }

    /// A row is known again by its key, so none of its parts may be missing.
    fn whole_keys(&self, batch: &RecordBatch) -> Result<()> {
        for name in &self.key {
            let column = batch.column_by_name(name);
            let missing = column.and_then(|column| (0..column.len()).find(|row| column.is_null(*row)));
            if let Some(row) = missing {
                let what = format!("row {row}: `{name}` is missing, and it is part of the key of `{}`", self.source);
                return Err(Problem::invalid("missing-key-value", what).remedy("send every column of the key"));
            }
        }
        Ok(())
    }
}

/// Rows are acknowledged when they are on disk, so a server that may not write takes none.
fn nowhere(source: &str, why: &Problem) -> Problem {
    let what = format!("rows of `{source}` are not taken, since this server may only read .ropeway: {}", why.what());
    Problem::new(Kind::Refused, "read-only", what)
        .remedy("serve as a user who may write .ropeway, and post rows there: a server that is started later has them")
}

/// Why a source takes no rows, where it does not: it has no key, or something that features stand on is not row-wise.
fn refusal(source: &str, readers: &[Arc<Served>]) -> Result<Option<Problem>> {
    for served in readers {
        if served.plan.definitions().sources[source].settings.key.is_empty() {
            return Ok(Some(
                Problem::new(
                    Kind::Refused,
                    "no-key",
                    format!("source `{source}` declares no key, so it takes no rows"),
                )
                .remedy("add `key = [...]` to the source, and run again"),
            ));
        }
        // What features stand on, and what new rows are held against.
        let needed = served.package.contents.plan.tables().into_iter().chain(served.parents());
        let needed: Vec<String> = needed.map(|table| served.plan.upstream(table)).collect::<Result<Vec<_>>>()?.concat();
        let mut reached = vec![source.to_string()];
        reached.extend(served.plan.downstream(source)?);
        for table in reached.iter().filter(|table| needed.contains(table)) {
            let refused = |why: String| {
                let what = format!("source `{source}` takes no rows, since {why}");
                Problem::new(Kind::Refused, "not-row-wise", what)
                    .remedy("such a table is made anew by the next `ropeway run`; add the rows to the source's files")
            };
            if let RowWise::No { reason, place } = served.plan.row_wise(table, source)? {
                return Ok(Some(refused(format!("table `{table}` is not row-wise: {reason}")).at(*place)));
            }
            if let Some(check) = served.plan.check_between_rows(table, source)? {
                let why = format!("the check `{check}` of `{table}` rejects rows by what other rows hold");
                return Ok(Some(refused(why)));
            }
        }
    }
    Ok(None)
}

fn broken(source: &str) -> Problem {
    Problem::new(
        Kind::Io,
        "log-broken",
        format!("the log of `{source}` could not be written, so it takes no more rows"),
    )
    .remedy("look at the disk, then restart the server: all that was acknowledged is kept")
}
