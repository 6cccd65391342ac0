//! ropeway-store
