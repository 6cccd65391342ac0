//! ropeway-stat
