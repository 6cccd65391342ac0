//! What lies in a folder of blobs.

use std::collections::BTreeMap;
use std::fs::{DirEntry, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ropeway_vocab::{Digest, Problem, Result};

use super::Blobs;
use crate::disk::shown;

/// How a blob lies on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredBlob {
    /// Bytes on the disk.
    pub bytes: u64,
    /// When it was written.
    pub written: SystemTime,
}

/// A file on its way to become a blob that nobody writes any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftBehind {
    path: PathBuf,
    /// Its bytes.
    pub bytes: u64,
}

impl Blobs {
    /// All blobs that are there. Files under other names are nobody's business.
    ///
    /// # Errors
    /// `Io` when the folder cannot be read.
    pub fn list(&self) -> Result<BTreeMap<Digest, StoredBlob>> {
        let mut found: BTreeMap<Digest, StoredBlob> = BTreeMap::new();
        let tmp = self.tmp();
        for shard in entries(&self.folder)?.iter().map(DirEntry::path).filter(|path| path.is_dir() && *path != tmp) {
            for (name, metadata) in files(&shard)? {
                let Ok(digest) = name.trim_end_matches(".zst").parse::<Digest>() else { continue };
                let written = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                let blob = found.entry(digest).or_insert(StoredBlob { bytes: 0, written });
                blob.bytes += metadata.len();
                blob.written = blob.written.max(written);
            }
        }
        Ok(found)
    }

    /// Temporary files of processes that are gone.
    ///
    /// # Errors
    /// `Io` when the folder cannot be read.
    pub fn left_behind(&self) -> Result<Vec<LeftBehind>> {
        let tmp = self.tmp();
        let gone = files(&tmp)?.into_iter().filter(|(name, _)| is_gone(name));
        Ok(gone.map(|(name, metadata)| LeftBehind { path: tmp.join(name), bytes: metadata.len() }).collect())
    }

    /// Removes one of them.
    ///
    /// # Errors
    /// `Io` when it cannot be removed.
    pub fn remove_left(&self, left: &LeftBehind) -> Result<()> {
        match self.disk.remove(&left.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Problem::io(format!("removing {}", shown(&left.path)), &error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// Whether the process is gone that a temporary file is named after. Where the system does not list its processes, nobody
/// knows: such files are removed by their age.
fn is_gone(name: &str) -> bool {
    let processes = Path::new("/proc");
    let Some(id) = name.split('-').next().and_then(|id| id.parse::<u32>().ok()) else { return false };
    processes.join("self").exists() && !processes.join(id.to_string()).exists()
}

/// The entries of a folder, none where it is not there.
fn entries(folder: &Path) -> Result<Vec<DirEntry>> {
    let listed = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.and_then(Iterator::collect::<io::Result<Vec<_>>>),
    };
    listed.map_err(|error| Problem::io(format!("reading {}", shown(folder)), &error))
}

/// The files of a folder by name; one that goes away meanwhile is none.
fn files(folder: &Path) -> Result<Vec<(String, Metadata)>> {
    let file = |entry: DirEntry| {
        let metadata = entry.metadata().ok().filter(Metadata::is_file)?;
        Some((entry.file_name().into_string().ok()?, metadata))
    };
    Ok(entries(folder)?.into_iter().filter_map(file).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Durability, Encoding};
    use super::*;
    use crate::disk::RealDisk;

    #[test]
    fn lists_what_is_there_and_what_was_left() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path().to_owned(), Arc::new(RealDisk), Durability::Synced).unwrap();
        let plain = blobs.put(b"plain", Encoding::Plain).unwrap();
        let packed = blobs.put(&[7; 10_000], Encoding::Zstd).unwrap();
        std::fs::create_dir_all(folder.path().join("zz")).unwrap();
        std::fs::write(folder.path().join("zz/notes.txt"), "a person's own").unwrap();
        let found = blobs.list().unwrap();
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), {
            let mut both = vec![plain, packed];
            both.sort();
            both
        });
        assert_eq!(found[&plain].bytes, 5);
        assert!(found[&packed].bytes < 1_000);

        // No process has the id 4294967295; this one lives.
        std::fs::write(folder.path().join("tmp/4294967295-0"), "half").unwrap();
        std::fs::write(folder.path().join(format!("tmp/{}-77", std::process::id())), "whole").unwrap();
        let left = blobs.left_behind().unwrap();
        assert_eq!(left.iter().map(|left| left.bytes).collect::<Vec<_>>(), [4]);
        blobs.remove_left(&left[0]).unwrap();
        blobs.remove_left(&left[0]).unwrap();
        assert!(blobs.left_behind().unwrap().is_empty());
    }
}
