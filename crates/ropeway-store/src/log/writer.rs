//! The one thread that writes a log: it drains its queue, writes all of it at once, syncs once, moves the
//! mark, and only then says to everyone in the group that their record is kept.

use std::io;
use std::sync::mpsc::Receiver;

use ropeway_vocab::{Kind, Place, Problem, Result};
use tokio::sync::oneshot;

use super::frame;
use crate::disk::DiskFile;

/// A group is closed when it has so many bytes.
const GROUP: usize = 8 << 20;

/// A record that waits to be written, and who waits for it.
pub(super) struct Pending {
    pub(super) payload: Vec<u8>,
    pub(super) done: oneshot::Sender<Result<()>>,
}

/// Writes records behind `end` until the queue is closed and empty.
pub(super) struct Writer {
    pub(super) file: Box<dyn DiskFile>,
    /// Where the next record goes. Everything before it is on the disk.
    pub(super) end: u64,
    /// How many marks were written.
    pub(super) turn: u64,
    /// How messages call the log.
    pub(super) name: String,
}

impl Writer {
    pub(super) fn run(mut self, queue: &Receiver<Pending>) {
        let mut broken: Option<Problem> = None;
        while let Ok(first) = queue.recv() {
            let mut bytes = Vec::new();
            frame::push(&first.payload, &mut bytes);
            let mut waiting = vec![first.done];
            while bytes.len() < GROUP
                && let Ok(next) = queue.try_recv()
            {
                frame::push(&next.payload, &mut bytes);
                waiting.push(next.done);
            }
            if broken.is_none() {
                broken = self.commit(&bytes).err().map(|error| self.failed(&error));
            }
            for done in waiting {
                // Whoever no longer waits for the answer does not need it.
                done.send(broken.clone().map_or(Ok(()), Err)).ok();
            }
        }
    }

    fn commit(&mut self, bytes: &[u8]) -> io::Result<()> {
        let end = self.end + bytes.len() as u64;
        let written = self.file.write_at(self.end, bytes).and_then(|()| self.file.sync());
        let marked = written.and_then(|()| self.file.write_at(frame::mark_offset(self.turn), &frame::mark(end)));
        if marked.is_err() {
            // Those who wait are told that it failed, so it should not come back at the next start. Where
            // cutting fails too, the records may come back: a retry finds them by their key.
            self.file.set_len(self.end).ok();
        }
        marked?;
        (self.end, self.turn) = (end, self.turn.wrapping_add(1));
        Ok(())
    }

    fn failed(&self, error: &io::Error) -> Problem {
        let problem = Problem::io("appending to the log", error).at(Place::file(&self.name));
        // A sync that failed once says nothing when it succeeds later, so the log stays closed.
        let remedy = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "the disk is full; free some space and start again: everything acknowledged is kept"
            }
            _ => "mend the disk and start again: everything acknowledged is kept",
        };
        problem.remedy(remedy)
    }
}

/// The answer when the writer is gone.
pub(super) fn gone(name: &str) -> Problem {
    Problem::new(Kind::Cancelled, "log-closed", "the log was closed before the record was written")
        .at(Place::file(name))
        .remedy("send it again after the next start")
}
