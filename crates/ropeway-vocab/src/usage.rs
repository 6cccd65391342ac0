//! What a step used.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// Resources used by one step or trial.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// Processor seconds, all threads together.
    pub cpu_s: f64,
    /// Seconds on the wall clock.
    pub wall_s: f64,
    /// Peak resident memory of the process while the step ran, in MiB.
    pub peak_mib: f64,
    /// Bytes read from sources and the store.
    pub bytes_read: u64,
    /// Bytes written to the store.
    pub bytes_written: u64,
}

impl AddAssign for Usage {
    /// Adds up what adds up; the peak is the higher of both.
    fn add_assign(&mut self, other: Self) {
        self.cpu_s += other.cpu_s;
        self.wall_s += other.wall_s;
        self.peak_mib = self.peak_mib.max(other.peak_mib);
        self.bytes_read += other.bytes_read;
        self.bytes_written += other.bytes_written;
    }
}
