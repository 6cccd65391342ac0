//! Write transactions. Not sqlx's own: SQLite takes a transaction back by itself when the disk is full or
//! fails (<https://www.sqlite.org/lang_transaction.html>), and sqlx then goes on counting it as open and
//! refuses every later one on that connection. Here a connection whose transaction did not end well is
//! closed, which takes the transaction back whatever its state is, and the next one is opened afresh.

use std::ops::{Deref, DerefMut};

use ropeway_vocab::Result;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};

use crate::sql::SqlResult;

/// A write transaction; it is the connection that statements run on. Dropping it takes everything back.
#[derive(Debug)]
pub struct WriteTransaction {
    connection: PoolConnection<Sqlite>,
    open: bool,
}

impl WriteTransaction {
    pub(crate) async fn begin(writer: &SqlitePool) -> Result<Self> {
        let connection = writer.acquire().await.doing("starting to write")?;
        let mut tx = Self { connection, open: true };
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *tx).await.doing("starting to write")?;
        Ok(tx)
    }

    /// Keeps everything that was written; it is synced when this returns.
    ///
    /// # Errors
    /// `Io` when the disk is full or fails: then nothing is kept.
    pub async fn commit(mut self) -> Result<()> {
        sqlx::raw_sql("COMMIT").execute(&mut *self).await.doing("committing")?;
        self.open = false;
        Ok(())
    }

    /// Takes everything back and keeps the connection where that succeeds.
    pub(crate) async fn rollback(mut self) {
        self.open = sqlx::raw_sql("ROLLBACK").execute(&mut *self).await.is_err();
    }
}

impl Drop for WriteTransaction {
    fn drop(&mut self) {
        if self.open {
            self.connection.close_on_drop();
        }
    }
}

impl Deref for WriteTransaction {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for WriteTransaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}
