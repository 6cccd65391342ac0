//! ropeway-serve
