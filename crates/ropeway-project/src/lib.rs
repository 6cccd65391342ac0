//! ropeway-project
