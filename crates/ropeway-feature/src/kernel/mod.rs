//! The kernels: what a window, an as-of lookup and an exact lookup answer for one key and one time. They
//! know nothing of settings, SQL or tables.

mod asof;
mod distinct;
mod key;
mod prefix;
mod series;
mod timeline;
mod times;
mod tree;
mod value;

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod ranges;

pub(crate) use asof::{AsOf, Dated};
pub(crate) use key::{KeyIndex, Keyed, Keys, column};
pub use series::Aggregate;
pub(crate) use timeline::{Fact, Timeline};
pub(crate) use value::{Reader, Value, to_array};
