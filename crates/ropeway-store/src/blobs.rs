//! Content-addressed blobs: named by the BLAKE3 digest of their bytes, deduplicated by construction,
//! written by write, sync, rename, and verified whenever they are read.
//!
//! A blob lies at `<folder>/<first two digits>/<digest>`, with `.zst` behind it when compressed. Bytes on
//! their way there lie in `<folder>/tmp`.

mod listing;

use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use ropeway_vocab::{Digest, Kind, Place, Problem, Result};

use crate::disk::{Disk, shown};

pub use listing::{LeftBehind, StoredBlob};

/// How a blob lies on the disk; its digest is that of the uncompressed bytes either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As it is: for bytes that are compressed already, and where `path_of` is needed.
    Plain,
    /// Zstandard at level 3.
    Zstd,
}

/// What a loss of power may do to a blob that was just put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Nothing: `put` returns when the blob is on the disk.
    Synced,
    /// Lose it: for what can be computed again.
    Relaxed,
}

/// A folder of blobs. Its functions block; a call from async code belongs into `spawn_blocking` when the
/// blob is large.
#[derive(Debug, Clone)]
pub struct Blobs {
    folder: PathBuf,
    disk: Arc<dyn Disk>,
    durability: Durability,
}

/// Temporary files are told apart by process and by this count.
static COUNT: AtomicU64 = AtomicU64::new(0);
/// A temporary file of this age belongs to no living writer.
const STALE: Duration = Duration::from_secs(3_600);

impl Blobs {
    pub(crate) fn open(folder: PathBuf, disk: Arc<dyn Disk>, durability: Durability) -> Result<Self> {
        let blobs = Self { folder, disk, durability };
        let tmp = blobs.tmp();
        blobs.disk.make_folder(&tmp).map_err(|e| Problem::io(format!("making {}", shown(&tmp)), &e))?;
        blobs.probe()?;
        blobs.remove_stale();
        Ok(blobs)
    }

    /// Blobs that are there already, in a folder that may only be read.
    pub(crate) fn to_read(folder: PathBuf, disk: Arc<dyn Disk>) -> Self {
        Self { folder, disk, durability: Durability::Relaxed }
    }

    /// Stores `bytes` and returns their digest. Bytes that are there already are not written again; where
    /// what is there is damaged, it is replaced.
    ///
    /// # Errors
    /// `Io` when the disk is full or read-only. Nothing half-written stays under a blob's name.
    pub fn put(&self, bytes: &[u8], encoding: Encoding) -> Result<Digest> {
        let digest = Digest::of(bytes);
        let shard = self.shard(&digest);
        let write = || -> io::Result<()> {
            if !shard.is_dir() {
                self.disk.make_folder(&shard)?;
                self.settle(&self.folder)?;
            }
            if !self.is_sound(&digest) {
                let packed = match encoding {
                    Encoding::Plain => None,
                    Encoding::Zstd => Some(zstd::bulk::compress(bytes, 3)?),
                };
                self.write(packed.as_deref().unwrap_or(bytes), &self.file(&digest, encoding))?;
            }
            self.settle(&shard)
        };
        write().map_err(|error| Problem::io(format!("storing a blob in {}", shown(&self.folder)), &error))?;
        Ok(digest)
    }

    /// The bytes of a blob, verified.
    ///
    /// # Errors
    /// `NotFound` when it is not there, `Corrupt` when its bytes do not have its digest.
    pub fn get(&self, digest: &Digest) -> Result<Vec<u8>> {
        let mut damaged = None;
        for encoding in [Encoding::Plain, Encoding::Zstd] {
            match self.read(digest, encoding) {
                Ok(Some(bytes)) => return Ok(bytes),
                Ok(None) => {}
                Err(problem) => damaged = Some(problem),
            }
        }
        Err(damaged.unwrap_or_else(|| {
            Problem::new(Kind::NotFound, "blob-missing", format!("blob {} is not in the store", digest.short()))
                .at(Place::file(shown(&self.file(digest, Encoding::Plain))))
                .remedy("`ropeway run` computes it again if it can be computed; otherwise restore it from a backup")
        }))
    }

    /// The bytes of a blob, or `None` where it is missing or damaged: for what can be computed again.
    ///
    /// # Errors
    /// `Io` when the disk fails.
    pub fn find(&self, digest: &Digest) -> Result<Option<Vec<u8>>> {
        match self.get(digest) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(problem) if matches!(problem.kind(), Kind::NotFound | Kind::Corrupt) => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// Removes what lies under a blob's name: for damage in what can be computed again.
    ///
    /// # Errors
    /// `Io` when it cannot be removed.
    pub fn discard(&self, digest: &Digest) -> Result<()> {
        for encoding in [Encoding::Plain, Encoding::Zstd] {
            let path = self.file(digest, encoding);
            match self.disk.remove(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(Problem::io(format!("removing {}", shown(&path)), &error));
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// Whether a blob is there; its bytes are not verified.
    pub fn has(&self, digest: &Digest) -> bool {
        self.file(digest, Encoding::Plain).is_file() || self.file(digest, Encoding::Zstd).is_file()
    }

    /// The file that holds exactly the blob's bytes: of blobs stored plain only. Not verified.
    pub fn path_of(&self, digest: &Digest) -> Option<PathBuf> {
        Some(self.file(digest, Encoding::Plain)).filter(|path| path.is_file())
    }

    fn read(&self, digest: &Digest, encoding: Encoding) -> Result<Option<Vec<u8>>> {
        let path = self.file(digest, encoding);
        let stored = match std::fs::read(&path) {
            Ok(stored) => stored,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Problem::io(format!("reading {}", shown(&path)), &error)),
        };
        let bytes = match encoding {
            Encoding::Plain => Ok(stored),
            Encoding::Zstd => unpack(&stored),
        };
        match bytes {
            Ok(bytes) if Digest::of(&bytes) == *digest => Ok(Some(bytes)),
            Ok(_) | Err(_) => Err(damaged(digest, &path)),
        }
    }

    fn is_sound(&self, digest: &Digest) -> bool {
        self.has(digest) && self.get(digest).is_ok()
    }

    fn write(&self, bytes: &[u8], to: &Path) -> io::Result<()> {
        self.disk.make_folder(&self.tmp())?;
        let (path, mut file) = self.temporary()?;
        let mut finish = || {
            file.write_at(0, bytes)?;
            if self.durability == Durability::Synced {
                file.sync()?;
            }
            self.disk.rename(&path, to)
        };
        finish().inspect_err(|_| {
            // The first error is the one to report; a file that stays is removed at a later start.
            self.disk.remove(&path).ok();
        })
    }

    fn temporary(&self) -> io::Result<(PathBuf, Box<dyn crate::disk::DiskFile>)> {
        loop {
            let name = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
            let path = self.tmp().join(name);
            match self.disk.create(&path) {
                Ok(file) => return Ok((path, file)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Makes names in a folder durable, also those that another process put there just now.
    fn settle(&self, folder: &Path) -> io::Result<()> {
        if self.durability == Durability::Synced { self.disk.sync_folder(folder) } else { Ok(()) }
    }

    /// Says at the start, and not after an hour of training, that nothing can be stored here.
    fn probe(&self) -> Result<()> {
        let made = self.temporary().and_then(|(path, _)| self.disk.remove(&path));
        made.map_err(|error| Problem::io(format!("writing into {}", shown(&self.folder)), &error))
    }

    fn remove_stale(&self) {
        let Ok(entries) = std::fs::read_dir(self.tmp()) else { return };
        for entry in entries.flatten() {
            let modified = entry.metadata().and_then(|metadata| metadata.modified());
            let age = modified.ok().and_then(|modified| SystemTime::now().duration_since(modified).ok());
            if age.is_some_and(|age| age > STALE) {
                self.disk.remove(&entry.path()).ok();
            }
        }
    }

    fn tmp(&self) -> PathBuf {
        self.folder.join("tmp")
    }

    fn shard(&self, digest: &Digest) -> PathBuf {
        self.folder.join(&digest.to_string()[..2])
    }

    fn file(&self, digest: &Digest, encoding: Encoding) -> PathBuf {
        let suffix = if encoding == Encoding::Zstd { ".zst" } else { "" };
        self.shard(digest).join(format!("{digest}{suffix}"))
    }
}

fn unpack(stored: &[u8]) -> io::Result<Vec<u8>> {
    // Damage must not be able to ask for more memory than the frame itself declares.
    let length = zstd::zstd_safe::get_frame_content_size(stored).ok().flatten().unwrap_or(0);
    let mut bytes = Vec::new();
    zstd::stream::read::Decoder::with_buffer(stored)?.take(length.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn damaged(digest: &Digest, path: &Path) -> Problem {
    Problem::new(Kind::Corrupt, "blob-damaged", format!("blob {} is damaged", digest.short()))
        .at(Place::file(shown(path)))
        .remedy("remove that file and `ropeway run` again, or restore it from a backup")
}

#[cfg(test)]
mod tests;
