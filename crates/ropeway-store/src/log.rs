//! An append-only log of records: what it acknowledged survives `kill -9` and a loss of power. Commits are
//! grouped: while one sync runs, others queue up and share the next. Why a log and not the database: one
//! sync a group, no transaction, and records stay in the order of their arrival.

mod frame;
mod writer;

use std::future::Future;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;

use ropeway_vocab::{Kind, Place, Problem, Result};
use tokio::sync::oneshot;

use crate::disk::{Disk, DiskFile, RealDisk, shown};
use writer::{Pending, Writer};

/// What was found in a log when it was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    /// The records in the order of their appending.
    pub records: Vec<Vec<u8>>,
    /// Bytes of records at the end that were not completely written, and acknowledged to nobody.
    pub truncated_bytes: u64,
}

/// A log that is open for appending, by this handle alone.
#[derive(Debug)]
pub struct AppendLog {
    name: String,
    queue: Option<Sender<Pending>>,
    thread: Option<JoinHandle<()>>,
}

impl AppendLog {
    /// Opens or creates the log at `path`, cuts off a torn tail, and returns what it holds.
    ///
    /// # Errors
    /// `Busy` when another handle has it open, `Corrupt` when an acknowledged record is damaged or the log
    /// is from a newer version, `Io` when the disk is full or read-only. The file is then left as it is.
    pub fn open(path: &Path) -> Result<(Self, Recovered)> {
        Self::open_on(path, &(Arc::new(RealDisk) as Arc<dyn Disk>))
    }

    /// The same on another disk.
    ///
    /// # Errors
    /// As [`AppendLog::open`].
    pub fn open_on(path: &Path, disk: &Arc<dyn Disk>) -> Result<(Self, Recovered)> {
        let name = shown(path);
        let fail = |error: io::Error| Problem::io("opening the log", &error).or_at(|| Place::file(&name));
        if !path.try_exists().map_err(fail)? {
            create(path, disk.as_ref()).map_err(fail)?;
        }
        let mut file = disk.open(path).map_err(fail)?;
        if !file.try_lock().map_err(fail)? {
            return Err(Problem::new(Kind::Busy, "log-busy", "another process has the log open")
                .at(Place::file(&name))
                .remedy("stop the other server of this project first, or wait for it to end"));
        }
        let contents = frame::parse(&std::fs::read(path).map_err(fail)?, &name)?;
        let mut turn = 0;
        settle(file.as_mut(), &contents, &mut turn).map_err(fail)?;
        let writer = Writer { file, end: contents.end, turn, name: name.clone() };
        let (queue, records) = mpsc::channel();
        let thread =
            std::thread::Builder::new().name("ropeway-log".into()).spawn(move || writer.run(&records)).map_err(fail)?;
        let log = Self { name, queue: Some(queue), thread: Some(thread) };
        Ok((log, Recovered { records: contents.records, truncated_bytes: contents.torn }))
    }

    /// Reads a log beside its writer, without changing or locking it. A log that does not exist is empty.
    ///
    /// # Errors
    /// `Corrupt` when an acknowledged record is damaged or the log is from a newer version; `Io`.
    pub fn read(path: &Path) -> Result<Recovered> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Recovered::default()),
            Err(error) => return Err(Problem::io("reading the log", &error).at(Place::file(shown(path)))),
        };
        let contents = frame::parse(&bytes, &shown(path))?;
        Ok(Recovered { records: contents.records, truncated_bytes: contents.torn })
    }

    /// Appends a record. It takes its place in the log at this call; the future resolves when it is on the
    /// disk, and dropping the future does not take the record back.
    ///
    /// # Errors
    /// `TooLarge` above 256 MiB; `Io` when the disk is full or fails: then nothing of the group is
    /// acknowledged and the log refuses all further records until it is opened again.
    pub fn append(&self, payload: Vec<u8>) -> impl Future<Output = Result<()>> + Send + 'static + use<> {
        let answer = self.enqueue(payload);
        let name = self.name.clone();
        async move { answer?.await.unwrap_or_else(|_| Err(writer::gone(&name))) }
    }

    /// The same, for code that is not async: blocks until the record is on the disk.
    ///
    /// # Errors
    /// As [`AppendLog::append`].
    pub fn append_blocking(&self, payload: Vec<u8>) -> Result<()> {
        self.enqueue(payload)?.blocking_recv().unwrap_or_else(|_| Err(writer::gone(&self.name)))
    }

    fn enqueue(&self, payload: Vec<u8>) -> Result<oneshot::Receiver<Result<()>>> {
        if payload.len() > frame::LONGEST {
            let what = format!("a record of {} bytes is longer than the log allows", payload.len());
            return Err(Problem::new(Kind::TooLarge, "record-too-large", what)
                .at(Place::file(&self.name))
                .remedy(format!("send at most {} MiB at once", frame::LONGEST >> 20)));
        }
        let (done, answer) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or_else(|| writer::gone(&self.name))?;
        queue.send(Pending { payload, done }).map_err(|_| writer::gone(&self.name))?;
        Ok(answer)
    }
}

impl Drop for AppendLog {
    /// Waits until everything that was queued is written and the file is free for the next.
    fn drop(&mut self) {
        self.queue.take();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// Makes an empty log under a temporary name and moves it into place whole, so that a short file is always
/// damage and never a beginning. Who loses a race for the name uses the winner's file.
fn create(path: &Path, disk: &dyn Disk) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        disk.make_folder(folder)?;
        folder
            .parent()
            .filter(|above| !above.as_os_str().is_empty())
            .map_or(Ok(()), |above| disk.sync_folder(above))?;
    }
    let new = temporary(path);
    let mut file = disk.create(&new)?;
    let finish = |file: &mut dyn DiskFile| {
        file.write_at(0, &frame::header())?;
        file.sync()?;
        match disk.rename_new(&new, path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => disk.remove(&new),
            other => other,
        }
    };
    finish(file.as_mut()).inspect_err(|_| {
        // The first error is the one to report.
        disk.remove(&new).ok();
    })?;
    disk.sync_folder(folder)
}

/// A name beside `path` that no other thread or living process uses.
fn temporary(path: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let nanos = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos());
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}-{nanos}-{count}.new", std::process::id()));
    path.with_file_name(name)
}

/// Cuts off a torn tail, and makes sure that all records that are returned are on the disk and marked so.
fn settle(file: &mut dyn DiskFile, contents: &frame::Contents, turn: &mut u64) -> io::Result<()> {
    if contents.torn > 0 {
        file.set_len(contents.end)?;
    }
    if contents.torn > 0 || contents.acknowledged < contents.end {
        file.sync()?;
        // Both marks: which of them is the newer one is not known here.
        for _ in 0..2 {
            file.write_at(frame::mark_offset(*turn), &frame::mark(contents.end))?;
            *turn += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
