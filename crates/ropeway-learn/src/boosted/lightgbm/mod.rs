//! The safe face of LightGBM's C interface, and the only unsafe code of the project. A dataset holds bins and
//! labels and never changes after it is made, so threads may share it; a booster stays on the thread that made it.

mod booster;
mod dataset;

use std::ffi::{CStr, c_char, c_int};

use lightgbm3_sys as sys;
use ropeway_vocab::{Problem, Result};

pub use booster::Booster;
pub use dataset::{Dataset, DatasetBuilder};

/// LightGBM's log goes nowhere; its callback belongs to the thread, so every entry sets it.
fn quiet() -> Result<()> {
    extern "C" fn ignore(_: *const c_char) {}
    // SAFETY: the callback is a function that reads nothing and lives as long as the program.
    done(unsafe { sys::LGBM_RegisterLogCallback(Some(ignore)) }, "silencing the log")
}

fn done(code: c_int, doing: &str) -> Result<()> {
    if code == 0 {
        return Ok(());
    }
    // SAFETY: LightGBM keeps its last message in a buffer of this thread that ends with a zero byte.
    let message = unsafe { CStr::from_ptr(sys::LGBM_GetLastError()) }.to_string_lossy().into_owned();
    Err(Problem::internal(format!("LightGBM failed at {doing}: {message}")))
}
