//! ropeway-feature
