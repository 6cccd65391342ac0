//! The facade: one folder with a metadata database, blobs that are records, and a cache that can be
//! computed again.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ropeway_vocab::{Kind, Place, Problem, Result};
use sqlx::{SqliteConnection, SqlitePool};

use crate::blobs::{Blobs, Durability};
use crate::database::Database;
use crate::disk::{Disk, RealDisk, shown};
use crate::lock::ProjectLock;
use crate::migrate;
use crate::transaction::WriteTransaction;

/// The name of the metadata database.
const DATABASE: &str = "ropeway.db";
/// The code of the problem that the database is gone.
const LOST: &str = "record-missing";

/// An open store; clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
    disk: Arc<dyn Disk>,
    blobs: Blobs,
    cache: Blobs,
    database: Database,
    /// Why nothing may be written here.
    read_only: Option<Arc<Problem>>,
    /// The project's lock, where it is held as long as the database is open.
    lock: Arc<Mutex<Option<ProjectLock>>>,
}

impl Store {
    /// Opens or makes the store at `root`, the `.ropeway` folder of a project.
    ///
    /// # Errors
    /// `Io` when the folder cannot be made or written, `Corrupt` when the database is damaged, of another
    /// program or of a newer Ropeway, `Busy` when another process holds it for longer than 30 seconds.
    pub async fn open(root: &Path) -> Result<Self> {
        Self::open_on(root, Arc::new(RealDisk)).await
    }

    /// The same with blobs and logs on another disk. The database reaches the file system by itself.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_on(root: &Path, disk: Arc<dyn Disk>) -> Result<Self> {
        let new = !root.is_dir();
        let make = || {
            disk.make_folder(root)?;
            // The folder's own name must not be lost either, where the folder above can be read.
            match root.parent().filter(|above| new && !above.as_os_str().is_empty()) {
                Some(above) => disk.sync_folder(above),
                None => Ok(()),
            }
        };
        make().map_err(|error| Problem::io(format!("making the folder {}", shown(root)), &error))?;
        not_lost(root)?;
        let blobs = Blobs::open(root.join("blobs"), Arc::clone(&disk), Durability::Synced)?;
        let cache = Blobs::open(root.join("cache"), Arc::clone(&disk), Durability::Relaxed)?;
        let database = Database::open(&root.join(DATABASE)).await?;
        Ok(Self { root: root.to_owned(), disk, blobs, cache, database, read_only: None, lock: Arc::default() })
    }

    /// As [`Store::open`]; a store that is there and that this process may not write is opened for reading: all that is
    /// recorded can be read, and whatever would write is refused.
    ///
    /// # Errors
    /// As [`Store::open`]; `Busy` when a run in another process just begins or ends and goes on doing so.
    pub async fn open_to_read(root: &Path) -> Result<Self> {
        match Self::open(root).await {
            Err(problem)
                if problem.code() != LOST && root.join(DATABASE).is_file() && may_not_write(root, &problem) =>
            {
                let (database, lock) = Database::open_to_read(&root.join(DATABASE)).await?;
                let disk: Arc<dyn Disk> = Arc::new(RealDisk);
                let [blobs, cache] = ["blobs", "cache"].map(|name| Blobs::to_read(root.join(name), Arc::clone(&disk)));
                let (read_only, lock) = (Some(Arc::new(problem)), Arc::new(Mutex::new(lock)));
                Ok(Self { root: root.to_owned(), disk, blobs, cache, database, read_only, lock })
            }
            opened => opened,
        }
    }

    /// Why nothing may be written here; nothing where it may.
    pub fn read_only(&self) -> Option<&Problem> {
        self.read_only.as_deref()
    }

    /// Takes the project's lock for this process alone, as [`ProjectLock::acquire`] does, and holds it until the database is
    /// closed: whoever else gets it finds the log folded in. Where nothing may be written, there is nothing to lock.
    ///
    /// # Errors
    /// As [`ProjectLock::acquire`].
    pub async fn lock(&self, wait: Duration) -> Result<()> {
        if self.read_only.is_none() {
            let lock = ProjectLock::acquire(&self.root, wait).await?;
            *self.lock.lock().unwrap_or_else(PoisonError::into_inner) = Some(lock);
        }
        Ok(())
    }

    /// The store's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The disk under blobs and logs.
    pub fn disk(&self) -> &Arc<dyn Disk> {
        &self.disk
    }

    /// Blobs that are records: durable when `put` returns, never deleted.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// Blobs that can be computed again: the folder `cache` may be deleted at any time, and a loss of power
    /// may lose the newest. Read them with [`Blobs::find`].
    pub fn cache(&self) -> &Blobs {
        &self.cache
    }

    /// The database for reading; writing through it fails.
    pub fn pool(&self) -> &SqlitePool {
        &self.database.readers
    }

    /// Brings the tables of a component to the newest of its `steps`, which are SQL scripts, oldest first. A
    /// released step never changes; new ones go behind it.
    ///
    /// # Errors
    /// `Corrupt` when the database knows more steps or other ones: another Ropeway wrote it.
    pub async fn migrate(&self, component: &str, steps: &[&'static str]) -> Result<()> {
        migrate::migrate(&self.database.writer, component, steps).await.map_err(|problem| match self.read_only() {
            Some(why) if problem.code() == "database-read-only" => why.clone(),
            _ => problem,
        })
    }

    /// Starts a write transaction, waiting for its turn. Dropping it takes everything back. It must not be
    /// started while the same task holds another.
    ///
    /// # Errors
    /// `Busy` when another process holds the database for longer than 30 seconds; `Io`.
    pub async fn begin(&self) -> Result<WriteTransaction> {
        if let Some(why) = self.read_only() {
            return Err(why.clone());
        }
        WriteTransaction::begin(&self.database.writer).await
    }

    /// Runs `work` in one write transaction: all of it is kept and synced when this returns `Ok`, none of it
    /// otherwise.
    ///
    /// # Errors
    /// Those of `work`, and as [`Store::begin`].
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut SqliteConnection) -> Result<T>,
    {
        let mut tx = self.begin().await?;
        match work(&mut tx).await {
            Ok(done) => tx.commit().await.map(|()| done),
            Err(problem) => {
                tx.rollback().await;
                Err(problem)
            }
        }
    }

    /// Closes the database after what is running, and gives the lock back. Without it, the database is closed a little later,
    /// or never where the process ends before: its log then stays beside it.
    pub async fn close(&self) {
        self.database.readers.close().await;
        self.database.writer.close().await;
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Does `work` and closes the store, whatever comes of it.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn closing<T, E>(self, work: impl AsyncFnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        let done = work(&self).await;
        self.close().await;
        done
    }
}

/// Refuses to start afresh beside what an earlier record stood for: the database comes before the first blob, so that where
/// there are blobs and no database, or an empty one, it was lost.
fn not_lost(root: &Path) -> Result<()> {
    let database = root.join(DATABASE);
    let there = std::fs::metadata(&database).is_ok_and(|metadata| metadata.len() > 0);
    let folders = std::fs::read_dir(root.join("blobs")).into_iter().flatten().flatten();
    if there || folders.map(|entry| entry.file_name()).all(|name| name == "tmp") {
        return Ok(());
    }
    let what = "the record of runs and models is missing, while blobs that it stood for are there";
    Err(Problem::new(Kind::Corrupt, LOST, what)
        .at(Place::file(shown(&database)))
        .remedy("restore it from a backup, or remove .ropeway to start afresh without its runs, models and arrivals"))
}

/// Whether the store could not be opened because this process may not write it.
fn may_not_write(root: &Path, problem: &Problem) -> bool {
    let probe = root.join(format!("probe-{}", std::process::id()));
    let refused = match std::fs::File::create_new(&probe) {
        Ok(_) => std::fs::remove_file(&probe).is_err(),
        Err(error) => matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem),
    };
    refused || problem.code() == "database-read-only"
}

#[cfg(test)]
mod tests;
