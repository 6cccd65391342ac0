//! Charts as SVG, made here: no script draws anything. Colours are the page's, so that light and dark need no second chart.

mod frame;
mod parallel;
mod scale;
mod small;

pub use frame::Frame;
pub use parallel::{Axis, parallel};
pub use scale::{Scale, tick};
pub use small::{Ruler, bar, histogram};

/// How lines of one chart are told apart, by colour and dashes.
pub const LINES: [&str; 6] = ["one", "two", "three", "four", "five", "six"];

/// A place in a chart, to a tenth of a unit: more only makes the page longer.
fn px(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded.is_finite() { format!("{rounded}") } else { "0".into() }
}
