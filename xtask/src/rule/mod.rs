//! The rules of the repository, one a file. Each takes what it looks at and returns what it found.

pub mod changelog;
pub mod duplicates;
pub mod floors;
pub mod forbidden;
pub mod header;
pub mod lengths;
pub mod lockfile;
pub mod names;
pub mod places;
pub mod safety;
