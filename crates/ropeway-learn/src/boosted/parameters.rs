//! The parameters that LightGBM is called with: those of the candidate, and those that make it deterministic.

use std::ffi::CString;
use std::fmt::Write;

use ropeway_vocab::{Problem, Result};

use crate::candidate::BoostedCandidate;

/// What every call says: one thread, no timing-dependent choice, quiet; rows are not filtered by settings of a
/// trial, so that all trials of a fold share its bins.
const ALWAYS: &str = "num_threads=1 deterministic=true force_col_wise=true verbosity=-1 feature_pre_filter=false";

/// LightGBM's histograms are kept for as many leaves as fit into this many MiB.
const HISTOGRAMS_MIB: u32 = 64;

/// The parameters of bins: `categorical` are the positions of columns that hold category codes.
pub fn bins(max_bin: u32, categorical: &[usize], seed: u32) -> Result<CString> {
    let mut text = format!("{ALWAYS} max_bin={max_bin} seed={seed}");
    if !categorical.is_empty() {
        let list: Vec<String> = categorical.iter().map(ToString::to_string).collect();
        let _ = write!(text, " categorical_feature={}", list.join(","));
    }
    terminated(text)
}

/// The parameters of one booster.
pub fn booster(candidate: &BoostedCandidate, seed: u32) -> Result<CString> {
    let BoostedCandidate {
        learning_rate,
        num_leaves,
        min_data_in_leaf,
        feature_fraction,
        bagging_fraction,
        lambda_l1,
        lambda_l2,
        max_bin,
    } = candidate;
    terminated(format!(
        "{ALWAYS} objective=binary metric=None seed={seed} histogram_pool_size={HISTOGRAMS_MIB} max_bin={max_bin} \
         learning_rate={learning_rate:?} num_leaves={num_leaves} min_data_in_leaf={min_data_in_leaf} \
         feature_fraction={feature_fraction:?} bagging_fraction={bagging_fraction:?} bagging_freq={} \
         lambda_l1={lambda_l1:?} lambda_l2={lambda_l2:?}",
        u8::from(*bagging_fraction < 1.0)
    ))
}

fn terminated(text: String) -> Result<CString> {
    CString::new(text).map_err(|_| Problem::internal("a parameter for LightGBM holds a zero byte"))
}
