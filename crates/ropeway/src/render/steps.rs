//! The steps of a run.

use ropeway_run::StepReport;

use super::number::{bytes, seconds};
use super::table::Table;

/// Every step with what it used.
pub fn steps(steps: &[StepReport]) -> String {
    let mut table = Table::new(&["step", "state", ">wall", ">cpu", ">peak", ">read", ">written"]);
    for step in steps {
        table.row([
            step.name.clone(),
            step.state.clone(),
            seconds(step.wall_s),
            seconds(step.cpu_s),
            format!("{:.0} MiB", step.peak_mib),
            bytes(step.bytes_read),
            bytes(step.bytes_written),
        ]);
    }
    table.render(2)
}
