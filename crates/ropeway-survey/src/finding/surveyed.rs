//! Tables of tests, surveyed as files are.

use crate::hash::of_bits;
use crate::{Ask, Survey, count};

/// A number that a row, and what it is for, always make the same.
pub(super) fn dice(row: u64, salt: u64) -> u64 {
    of_bits(row ^ of_bits(salt)) >> 33
}

pub(super) fn survey(text: &str, label: Option<&str>) -> Survey {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("d.csv"), text).unwrap();
    let settings =
        ropeway_source::propose::propose("d.csv".as_ref(), root.path(), &ropeway_source::propose::Hint::default())
            .unwrap()
            .settings;
    count("d", &settings, root.path(), None).unwrap().survey(&Ask { label, ..Ask::default() }).unwrap()
}
