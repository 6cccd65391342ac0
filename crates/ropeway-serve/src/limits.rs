//! What one request may cost: its bytes, and how long its head and its body may take.

use std::time::Duration;

/// The limits of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest body, in bytes.
    pub body_bytes: usize,
    /// How long a client may take to send its body.
    pub body_time: Duration,
    /// How long a client may take to send the head of a request; a connection that is kept open between requests is
    /// closed after the same time.
    pub head_time: Duration,
    /// How long requests that are being answered may take when the server is asked to stop.
    pub stop_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 16 << 20,
            body_time: Duration::from_secs(10),
            head_time: Duration::from_secs(10),
            stop_time: Duration::from_secs(30),
        }
    }
}
