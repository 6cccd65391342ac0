//! A disk that fails on demand, for tests of full disks, broken syncs and read-only folders. It lives here
//! and not in a test module because the crates above test with it too; nothing in the product makes one.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};

use crate::disk::{Disk, DiskFile, RealDisk};

/// The machine's file system with faults that a test switches on and off. Clones share their faults.
#[derive(Debug, Clone, Default)]
pub struct FaultyDisk(Arc<Faults>);

#[derive(Debug)]
struct Faults {
    room: AtomicU64,
    syncs_fail: AtomicBool,
    read_only: AtomicBool,
    syncs: AtomicU64,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            room: AtomicU64::new(u64::MAX),
            syncs_fail: AtomicBool::new(false),
            read_only: AtomicBool::new(false),
            syncs: AtomicU64::new(0),
        }
    }
}

impl FaultyDisk {
    /// After `room` more bytes the disk is full: a write stores what fits, then fails.
    pub fn fill_after(&self, room: u64) {
        self.0.room.store(room, SeqCst);
    }

    /// Every sync of a file fails from now on.
    pub fn fail_syncs(&self) {
        self.0.syncs_fail.store(true, SeqCst);
    }

    /// Nothing can be created, renamed or removed from now on.
    pub fn make_read_only(&self) {
        self.0.read_only.store(true, SeqCst);
    }

    /// Ends all faults.
    pub fn heal(&self) {
        self.0.room.store(u64::MAX, SeqCst);
        self.0.syncs_fail.store(false, SeqCst);
        self.0.read_only.store(false, SeqCst);
    }

    /// How many times a file was synced.
    pub fn syncs(&self) -> u64 {
        self.0.syncs.load(SeqCst)
    }

    fn writable(&self) -> io::Result<()> {
        if self.0.read_only.load(SeqCst) { Err(ErrorKind::ReadOnlyFilesystem.into()) } else { Ok(()) }
    }
}

impl Disk for FaultyDisk {
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() { Ok(()) } else { self.writable().and_then(|()| RealDisk.make_folder(folder)) }
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.writable()?;
        Ok(Box::new(FaultyFile { file: RealDisk.create(path)?, disk: self.clone() }))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.writable()?;
        Ok(Box::new(FaultyFile { file: RealDisk.open(path)?, disk: self.clone() }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.writable().and_then(|()| RealDisk.rename(from, to))
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.writable().and_then(|()| RealDisk.rename_new(from, to))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.writable().and_then(|()| RealDisk.remove(path))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.sync_folder(folder)
    }
}

struct FaultyFile {
    file: Box<dyn DiskFile>,
    disk: FaultyDisk,
}

impl DiskFile for FaultyFile {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let room = self.disk.0.room.load(SeqCst);
        let fits = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
        self.file.write_at(offset, &bytes[..fits])?;
        if room != u64::MAX {
            self.disk.0.room.store(room.saturating_sub(fits as u64), SeqCst);
        }
        if fits < bytes.len() { Err(ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn set_len(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disk.0.syncs.fetch_add(1, SeqCst);
        if self.disk.0.syncs_fail.load(SeqCst) {
            return Err(io::Error::other("the disk did not confirm"));
        }
        self.file.sync()
    }

    fn try_lock(&self) -> io::Result<bool> {
        self.file.try_lock()
    }
}
