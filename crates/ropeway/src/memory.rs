//! How the process deals with freed memory.

/// Blocks from this size on are given back when they are freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE: libc::c_int = 256 << 10;

/// Makes glibc give large blocks back to the system as soon as they are freed. By itself it raises that limit up to
/// 32 MiB with every such block, and keeps what is smaller: a run over columns of some megabytes then holds on to a
/// quarter more memory than it uses. Call it first of all.
pub fn give_back_large_blocks() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: mallopt takes two numbers and is called before any other thread exists.
    unsafe {
        // It can only say no, and then all stays as it was.
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
    }
}
