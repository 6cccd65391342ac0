//! Boosted trees: LightGBM trains them, Ropeway evaluates and explains them in its own validated form.

mod block;
mod data;
mod fit;
mod lightgbm;
mod parameters;
mod quadrature;
mod shap;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod trees;

pub use data::Binned;
pub(crate) use data::RESIDUALS;
pub use fit::{Limits, Training, Watch, Watched, fit_rounds, fit_watched};
pub use lightgbm::{Booster, Dataset, DatasetBuilder};
pub use trees::Trees;
