//! The parameters that LightGBM is called with: those of the candidate, and those that make it deterministic.

use std::ffi::CString;
use std::fmt::Write;

use ropeway_vocab::{Problem, Result};

use crate::candidate::BoostedCandidate;
use crate::settings::NumberLoss;

/// What every call says: one thread, no timing-dependent choice, quiet; rows are not filtered by settings of a
/// trial, so that all trials of a fold share its bins.
const ALWAYS: &str = "num_threads=1 deterministic=true verbosity=-1 feature_pre_filter=false";

/// Up to so many columns all histograms of a row are filled together: 10 to 40% faster on one thread, with the same
/// trees. Beyond it the histograms no longer stay in the cache, and each column is gone through by itself.
const FEW_COLUMNS: usize = 128;

/// LightGBM's histograms are kept for as many leaves as fit into this many MiB.
const HISTOGRAMS_MIB: u32 = 64;

/// The parameters of bins for `columns` columns: `categorical` are the positions of those that hold category codes.
/// No seed: the sample comes chosen, and nothing else of bins is drawn.
pub fn bins(columns: usize, max_bin: u32, categorical: &[usize]) -> Result<CString> {
    let mut text = format!("{ALWAYS} {} max_bin={max_bin}", layout(columns));
    if !categorical.is_empty() {
        let list: Vec<String> = categorical.iter().map(ToString::to_string).collect();
        let _ = write!(text, " categorical_feature={}", list.join(","));
    }
    terminated(text)
}

/// The parameters of one booster over so many columns, for so many classes (1 where a row has one score).
pub fn booster(columns: usize, outputs: usize, candidate: &BoostedCandidate, seed: u32) -> Result<CString> {
    let BoostedCandidate {
        learning_rate,
        num_leaves,
        min_data_in_leaf,
        feature_fraction,
        bagging_fraction,
        lambda_l1,
        lambda_l2,
        max_bin,
        loss,
        // The labels come transformed.
        transform: _,
    } = candidate;
    let objective = objective(outputs, *loss);
    terminated(format!(
        "{ALWAYS} {} objective={objective} metric=None seed={seed} histogram_pool_size={HISTOGRAMS_MIB} max_bin={max_bin} \
         learning_rate={learning_rate:?} num_leaves={num_leaves} min_data_in_leaf={min_data_in_leaf} \
         feature_fraction={feature_fraction:?} bagging_fraction={bagging_fraction:?} bagging_freq={} \
         lambda_l1={lambda_l1:?} lambda_l2={lambda_l2:?}",
        layout(columns),
        u8::from(*bagging_fraction < 1.0)
    ))
}

/// What is minimised.
fn objective(outputs: usize, loss: Option<NumberLoss>) -> String {
    match loss {
        None if outputs > 1 => format!("multiclass num_class={outputs}"),
        None => "binary".into(),
        Some(NumberLoss::Absolute) => "regression_l1".into(),
        Some(NumberLoss::Relative) => "mape".into(),
        Some(NumberLoss::Squared | NumberLoss::Huber) => "regression".into(),
    }
}

/// How histograms are filled. It is said, not left to LightGBM, which would time both and choose by that.
fn layout(columns: usize) -> &'static str {
    if columns <= FEW_COLUMNS { "force_row_wise=true" } else { "force_col_wise=true" }
}

fn terminated(text: String) -> Result<CString> {
    CString::new(text).map_err(|_| Problem::internal("a parameter for LightGBM holds a zero byte"))
}
