//! Gives memory that steps have freed back to the system. By itself glibc keeps what lies between blocks still in use:
//! after the tables of a run are read and dropped, that is a fifth of what the process holds.

use std::sync::Arc;

use ropeway_run::Progress;

/// Passes progress on, and gives freed memory back before each step that is executed.
pub struct GivingBack(pub Arc<dyn Progress>);

impl Progress for GivingBack {
    fn step_started(&self, name: &str) {
        give_back();
        self.0.step_started(name);
    }

    fn step_finished(&self, name: &str, state: &str, wall_s: f64) {
        self.0.step_finished(name, state, wall_s);
    }

    fn advance(&self, name: &str, done: u64, total: u64) {
        self.0.advance(name, done, total);
    }

    fn note(&self, text: &str) {
        self.0.note(text);
    }
}

fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: malloc_trim takes a number, may be called by any thread at any time, and touches no block in use.
    unsafe {
        libc::malloc_trim(0);
    }
}
