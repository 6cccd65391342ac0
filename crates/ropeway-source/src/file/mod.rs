//! Files: which there are, their bytes and lines, and the one that is not there until it is whole.

pub(crate) mod archive;
pub(crate) mod encoding;
pub(crate) mod found;
mod grid;
pub(crate) mod input;
pub(crate) mod kind;
pub(crate) mod lines;
pub(crate) mod pending;
pub(crate) mod several_sheets;
pub(crate) mod sheets;
pub(crate) mod unpack;
pub(crate) mod workbook;
