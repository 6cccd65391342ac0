//! What a plan refuses, carries and traces.

mod checked;
mod flagship;
mod frame;
mod known_at;
mod left_out;
mod lineage;
mod origin;
mod presence;
mod push;
mod reading;
mod refusals;
mod rows;
