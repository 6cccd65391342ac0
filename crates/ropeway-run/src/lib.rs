//! ropeway-run
