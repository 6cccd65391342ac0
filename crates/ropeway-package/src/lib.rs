//! Seals and opens the package, the one file a model travels in, and answers from it: the [`Predictor`] is a package
//! with the keyed state that its features need. It must never know how a model was trained or who asks.

mod answer;
pub mod arrival;
mod at;
pub mod container;
mod contents;
mod explanation;
mod lists;
mod package;
mod predictor;
mod range;
mod readings;
mod relations;
mod seen;
mod unread;

pub use answer::{Answer, classes_of};
pub use at::with_at;
pub use contents::{Contents, Lineage};
pub use explanation::{ExplainedFeature, Explanation};
pub use lists::Lists;
pub use package::Package;
pub use predictor::{Answers, Predictor};
pub use range::OutOfRange;
pub use readings::{example_readings, key_readings};
pub use relations::{Relations, SourceNow};
pub use seen::{Seen, Unfamiliar};
pub use unread::Unread;
