//! ropeway-registry
