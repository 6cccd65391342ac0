//! The sections of the page, one file each, in the order in which they stand.

mod binary;
mod calibration;
mod classes;
mod data;
mod dependence;
mod evaluation;
mod findings;
mod funnel;
mod importance;
mod leaderboard;
mod lineage;
mod numbers;
mod reproduce;
mod segments;
mod trials;
mod usage;

use ropeway_run::Recorded;

use crate::Section;

/// All sections; those without anything to say are empty.
pub fn all(run: &Recorded) -> Vec<Section> {
    vec![
        data::section(run),
        funnel::section(run),
        findings::section(run),
        leaderboard::section(run),
        trials::section(run),
        evaluation::section(run),
        importance::section(run),
        dependence::section(run),
        segments::section(run),
        usage::section(run),
        lineage::section(run),
        reproduce::section(run),
    ]
}
