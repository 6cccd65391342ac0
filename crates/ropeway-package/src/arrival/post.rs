//! A post as it is logged: its rows, when they arrived, and whether they are history.

use std::path::{Path, PathBuf};

use ropeway_vocab::{Instant, Kind, Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The version of the log's records that this build writes, and the newest that it reads.
const VERSION: u32 = 1;

/// One acknowledged post. All its rows were taken or none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    version: u32,
    /// When the server took it.
    pub arrived: Instant,
    /// Whether it loads history: its rows count as known when they say, not when they arrived.
    pub backfill: bool,
    /// The rows, as they were sent.
    pub rows: Vec<Map<String, Value>>,
}

impl Post {
    /// A post that arrives now.
    pub fn new(arrived: Instant, backfill: bool, rows: Vec<Map<String, Value>>) -> Self {
        Self { version: VERSION, arrived, backfill, rows }
    }

    /// The bytes of its log record.
    ///
    /// # Errors
    /// None that a user can cause.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(|error| Problem::internal(format!("a post cannot be written: {error}")))
    }

    /// Reads a log record.
    ///
    /// # Errors
    /// `Corrupt` when it is damaged or of a newer version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let post: Self = serde_json::from_slice(bytes).map_err(|error| {
            Problem::new(Kind::Corrupt, "post-damaged", format!("a logged post cannot be read: {error}"))
                .remedy("restore the log from a backup")
        })?;
        if post.version > VERSION {
            let what = format!("a logged post has version {}, and this build reads up to {VERSION}", post.version);
            return Err(Problem::new(Kind::Corrupt, "newer-post", what).remedy("update ropeway"));
        }
        Ok(post)
    }
}

/// Where the posts of a source are logged, below the store's folder.
pub fn log_path(store_root: &Path, source: &str) -> PathBuf {
    store_root.join("arrivals").join(format!("{source}.log"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_writes_and_refuses_newer() {
        let row: Map<String, Value> = serde_json::from_str(r#"{"a": 0.1, "b": null, "c": "x"}"#).unwrap();
        let post = Post::new(Instant::from_micros(5), true, vec![row]);
        assert_eq!(Post::from_bytes(&post.to_bytes().unwrap()).unwrap(), post);
        let newer = Post { version: VERSION + 1, ..post };
        assert_eq!(Post::from_bytes(&newer.to_bytes().unwrap()).unwrap_err().code(), "newer-post");
    }

    /// A record of version 1 as it stands in logs; it must always load.
    #[test]
    fn an_old_sample_still_loads() {
        let sample = br#"{"version":1,"arrived":"2013-12-01T17:00:00Z","backfill":false,"rows":[{"k":1,"x":2.5}]}"#;
        let post = Post::from_bytes(sample).unwrap();
        assert_eq!((post.rows.len(), post.backfill), (1, false));
    }
}
