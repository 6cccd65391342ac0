//! Files: which there are, their bytes and lines, and the one that is not there until it is whole.

pub(crate) mod found;
pub(crate) mod input;
pub(crate) mod lines;
pub(crate) mod pending;
