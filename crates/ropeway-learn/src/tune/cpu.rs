//! What one piece of work on one thread used.

use std::time::Instant;

use ropeway_vocab::Usage;

/// A running measurement on this thread.
pub struct Meter {
    wall: Instant,
    cpu: Option<f64>,
}

impl Meter {
    /// Begins to measure.
    pub fn start() -> Self {
        Self { wall: Instant::now(), cpu: thread_cpu_s() }
    }

    /// What was used since; must be asked on the same thread. Where the system does not tell a thread's processor
    /// time, the wall clock stands in for it. Memory is measured by the step.
    pub fn stop(&self) -> Usage {
        let wall_s = self.wall.elapsed().as_secs_f64();
        let cpu_s = self.cpu.zip(thread_cpu_s()).map_or(wall_s, |(before, now)| (now - before).max(0.0));
        Usage { cpu_s, wall_s, ..Usage::default() }
    }
}

/// Seconds that this thread ran on a processor, as Linux tells it: the first number, in nanoseconds.
fn thread_cpu_s() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: u64 = text.split_ascii_whitespace().next()?.parse().ok()?;
    Some(nanoseconds as f64 / 1e9)
}
