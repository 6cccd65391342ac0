//! ropeway-source
