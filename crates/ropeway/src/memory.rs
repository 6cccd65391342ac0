//! Memory: what steps have freed goes back to the system, and where there is none left the process says so.
//!
//! By itself glibc keeps what lies between blocks still in use: after the tables of a run are read and dropped, that is a fifth
//! of what the process holds. Where an allocation fails, Rust aborts; then what to do is said in place of a core dump.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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

/// The system's allocator, which remembers that it had nothing to give. Whoever can do without (`try_reserve`) still may.
pub struct Remembering;

static REFUSED: AtomicBool = AtomicBool::new(false);

fn remembered(block: *mut u8) -> *mut u8 {
    if block.is_null() {
        REFUSED.store(true, Ordering::Relaxed);
    }
    block
}

// SAFETY: every call goes to the system's allocator with what it was called with.
unsafe impl GlobalAlloc for Remembering {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises.
        remembered(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises.
        remembered(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as the caller promises.
        remembered(unsafe { System.realloc(block, layout, size) })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(block, layout) }
    }
}

/// Lets an abort for want of memory end in an error that says what to do, and in the exit code of one.
pub fn explain_exhaustion() {
    #[cfg(unix)]
    // SAFETY: the handler calls nothing but what a handler of signals may.
    unsafe {
        libc::signal(libc::SIGABRT, exhausted as *const () as libc::sighandler_t);
    }
}

#[cfg(unix)]
extern "C" fn exhausted(_signal: libc::c_int) {
    const SAYS: &[u8] =
        b"error[out-of-memory]: there is no memory left; finished steps and all that was acknowledged stay\n  \
        = remedy: give it more memory, take fewer rows or columns, or try `ropeway run --sample 5%`\n\
        `ropeway why out-of-memory` says more\n";
    if REFUSED.load(Ordering::Relaxed) {
        // SAFETY: both may be called in a handler, and the bytes are there for ever.
        unsafe {
            libc::write(libc::STDERR_FILENO, SAYS.as_ptr().cast(), SAYS.len());
            libc::_exit(libc::c_int::from(crate::exit::Exit::Failed.number()));
        }
    }
}
