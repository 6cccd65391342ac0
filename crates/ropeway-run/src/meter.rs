//! Measures what a step uses: processor and wall seconds, and the peak of resident memory while it runs.

use std::time::Instant;

use ropeway_vocab::Usage;

/// A running measurement.
pub struct Meter {
    wall: Instant,
    cpu_s: f64,
}

impl Meter {
    /// Begins to measure; the kernel's record of peak memory is set back to what is resident now.
    pub fn start() -> Self {
        // Linux resets the high-water mark when 5 is written here (proc(5), clear_refs). Where that is not allowed
        // the peak stays that of the whole process, which is an upper bound.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        Self { wall: Instant::now(), cpu_s: cpu_seconds() }
    }

    /// What was used since the start.
    pub fn stop(&self, bytes_read: u64, bytes_written: u64) -> Usage {
        Usage {
            cpu_s: cpu_seconds() - self.cpu_s,
            wall_s: self.wall.elapsed().as_secs_f64(),
            peak_mib: peak_mib(),
            bytes_read,
            bytes_written,
        }
    }
}

/// Processor seconds of all threads of this process.
fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// The high-water mark of resident memory, MiB; 0 where the system does not tell.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().strip_suffix("kB")).and_then(|number| number.trim().parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_work_and_memory() {
        let meter = Meter::start();
        let block = vec![1_u8; 64 << 20];
        let sum: u64 = block.iter().map(|b| u64::from(*b)).sum();
        let usage = meter.stop(1, 2);
        assert_eq!(sum, 64 << 20);
        assert!(usage.cpu_s > 0.0 && usage.wall_s > 0.0, "{usage:?}");
        assert!(usage.peak_mib >= 64.0 || usage.peak_mib == 0.0, "{usage:?}");
        assert_eq!((usage.bytes_read, usage.bytes_written), (1, 2));
    }
}
