//! Single values: what a text or a JSON value says, and what type a column of them has.

pub(crate) mod boolean;
pub(crate) mod calendar;
mod codes;
pub(crate) mod coercion;
pub(crate) mod evidence;
pub(crate) mod guess;
pub(crate) mod json;
pub(crate) mod missing;
pub(crate) mod months;
pub(crate) mod number;
pub(crate) mod pattern;
pub(crate) mod readings;
pub(crate) mod united;
pub(crate) mod written;
pub(crate) mod zone;
