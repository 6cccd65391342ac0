//! The facade: one folder with a metadata database, blobs that are records, and a cache that can be
//! computed again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ropeway_vocab::{Problem, Result};
use sqlx::{SqliteConnection, SqlitePool};

use crate::blobs::{Blobs, Durability};
use crate::database::Database;
use crate::disk::{Disk, RealDisk, shown};
use crate::migrate;
use crate::transaction::WriteTransaction;

/// An open store; clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
    disk: Arc<dyn Disk>,
    blobs: Blobs,
    cache: Blobs,
    database: Database,
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
        let blobs = Blobs::open(root.join("blobs"), Arc::clone(&disk), Durability::Synced)?;
        let cache = Blobs::open(root.join("cache"), Arc::clone(&disk), Durability::Relaxed)?;
        let database = Database::open(&root.join("ropeway.db")).await?;
        Ok(Self { root: root.to_owned(), disk, blobs, cache, database })
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
        migrate::migrate(&self.database.writer, component, steps).await
    }

    /// Starts a write transaction, waiting for its turn. Dropping it takes everything back. It must not be
    /// started while the same task holds another.
    ///
    /// # Errors
    /// `Busy` when another process holds the database for longer than 30 seconds; `Io`.
    pub async fn begin(&self) -> Result<WriteTransaction> {
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

    /// Closes the database after what is running. Without it, the database is closed a little later.
    pub async fn close(&self) {
        self.database.readers.close().await;
        self.database.writer.close().await;
    }
}

#[cfg(test)]
mod tests;
