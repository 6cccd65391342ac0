//! How much memory is left for rows, so that a source that is too large ends in an answer and not in an abort: of the address
//! space (`ulimit -v`), of the control groups, and of the machine. Where the system does not tell, nothing is refused.

use std::fs::read_to_string;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use ropeway_vocab::{Kind, Problem, Result};

/// Rows are held against what is left each time that they have grown by so much.
const STEP: u64 = 64 << 20;

/// Rows that are being gathered.
#[derive(Default)]
pub(crate) struct Room {
    rows: u64,
    held: u64,
    looked_at: u64,
}

impl Room {
    /// Counts a batch that is kept.
    ///
    /// # Errors
    /// `TooLarge` where less memory is left than is held: rows are put in order, and stand there twice meanwhile.
    pub fn hold(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        self.held += batch.get_array_memory_size() as u64;
        if self.held < self.looked_at + STEP {
            return Ok(());
        }
        self.looked_at = self.held;
        match left() {
            Some(left) if left < self.held => Err(self.too_large(left)),
            _ => Ok(()),
        }
    }

    fn too_large(&self, left: u64) -> Problem {
        let mib = |bytes: u64| bytes >> 20;
        let what = format!(
            "there is too little memory for all rows: the first {} take {} MiB, and {} MiB are left, while a step needs about as \
             much again",
            self.rows,
            mib(self.held),
            mib(left)
        );
        Problem::new(Kind::TooLarge, "out-of-memory", what).remedy(
            "give it more memory, or name fewer files in `path`; `ropeway profile FILE` reads a file of any size in constant memory",
        )
    }
}

/// Bytes that this process may still take.
fn left() -> Option<u64> {
    [address_space(), unified_groups(), old_group(), machine()].into_iter().flatten().min()
}

fn address_space() -> Option<u64> {
    let limit = field(&read_to_string("/proc/self/limits").ok()?, "Max address space")?;
    Some(limit.saturating_sub(field(&read_to_string("/proc/self/status").ok()?, "VmSize:")? << 10))
}

fn machine() -> Option<u64> {
    Some(field(&read_to_string("/proc/meminfo").ok()?, "MemAvailable:")? << 10)
}

/// The tightest of a control group and those that it lies in (cgroup v2).
fn unified_groups() -> Option<u64> {
    let group = group(|controllers| controllers.is_empty())?;
    let folders = group.ancestors().filter(|folder| folder.starts_with(GROUPS));
    folders.filter_map(|folder| left_in(folder, "memory.max", "memory.current", "inactive_file ")).min()
}

/// The same of the first version, whose limits are not nested here.
fn old_group() -> Option<u64> {
    let group = group(|controllers| controllers.split(',').any(|name| name == "memory"))?;
    let inside = group.strip_prefix(GROUPS).ok()?;
    [Path::new(GROUPS).join("memory").join(inside), Path::new(GROUPS).join("memory")]
        .iter()
        .find_map(|folder| left_in(folder, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "))
}

const GROUPS: &str = "/sys/fs/cgroup";

/// The folder of this process's group: lines are `number:controllers:path`.
fn group(wanted: impl Fn(&str) -> bool) -> Option<PathBuf> {
    let groups = read_to_string("/proc/self/cgroup").ok()?;
    let path = groups.lines().find_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        parts.next().filter(|controllers| wanted(controllers)).and_then(|_| parts.next())
    })?;
    Some(Path::new(GROUPS).join(path.trim_start_matches('/')))
}

/// Pages of files that nobody uses can be given back, and count as left.
fn left_in(folder: &Path, limit: &str, used: &str, idle: &str) -> Option<u64> {
    let number = |name: &str| read_to_string(folder.join(name)).ok()?.trim().parse::<u64>().ok();
    let idle = read_to_string(folder.join("memory.stat")).ok().and_then(|stat| field(&stat, idle));
    Some(number(limit)?.saturating_sub(number(used)?.saturating_sub(idle.unwrap_or(0))))
}

/// The number after a name at the beginning of a line; none where a word stands there, as `unlimited`.
fn field(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Int64Array;

    use super::*;

    #[test]
    fn what_is_left_is_read_from_the_files_of_the_system() {
        assert_eq!(field("MemFree: 1 kB\nMemAvailable:   17 kB\n", "MemAvailable:"), Some(17));
        assert_eq!(field("Max address space  unlimited  unlimited  bytes\n", "Max address space"), None);
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("max", "1000\n"), ("now", "700\n"), ("memory.stat", "anon 1\ninactive_file 200\n")] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        assert_eq!(left_in(folder.path(), "max", "now", "inactive_file "), Some(500));
        assert_eq!(left_in(folder.path(), "none", "now", "inactive_file "), None);
        if cfg!(target_os = "linux") {
            assert!(left().is_some_and(|left| left > 1 << 20), "{:?}", left());
        }
    }

    #[test]
    fn rows_beyond_what_is_left_are_refused() {
        let column = Arc::new(Int64Array::from_value(1, 1_000)) as _;
        let batch = RecordBatch::try_from_iter([("x", column)]).unwrap();
        let mut room = Room { rows: 0, held: u64::MAX / 2, looked_at: 0 };
        assert_eq!(room.hold(&batch).map_err(|problem| problem.code()), Err("out-of-memory"));
        assert!(Room::default().hold(&batch).is_ok());
    }
}
