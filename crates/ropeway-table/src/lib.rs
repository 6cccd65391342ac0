//! ropeway-table
