//! What a plan refuses, carries and traces.

mod checked;
mod flagship;
mod known_at;
mod left_out;
mod lineage;
mod push;
mod refusals;
mod rows;
