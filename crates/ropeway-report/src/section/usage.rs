//! What each step used.

use ropeway_run::Recorded;

use crate::Section;
use crate::chart::bar;
use crate::html::{Html, code, paragraph};
use crate::number::{bytes, seconds};
use crate::table::Table;

/// The section.
pub fn section(run: &Recorded) -> Section {
    let steps = &run.report.steps;
    let most = steps.iter().map(|step| step.wall_s).fold(0.0, f64::max);
    let mut table = Table::new(&["step", "state", "", ">wall", ">processor", ">peak memory", ">read", ">written"]);
    for step in steps {
        table.html([
            code(&step.name),
            Html::of(&step.state),
            if most > 0.0 { bar(step.wall_s / most) } else { Html::new() },
            Html::of(seconds(step.wall_s)),
            Html::of(seconds(step.cpu_s)),
            Html::of(format!("{:.0} MiB", step.peak_mib)),
            Html::of(bytes(step.bytes_read)),
            Html::of(bytes(step.bytes_written)),
        ]);
    }
    let peak = steps.iter().map(|step| step.peak_mib).fold(0.0, f64::max);
    let processor: f64 = steps.iter().map(|step| step.cpu_s).sum();
    let says = format!(
        "{} on the wall clock, {} of processor time, {peak:.0} MiB at most; {} of {} steps were executed, the others were found \
         finished.",
        seconds(run.report.wall_s),
        seconds(processor),
        steps.iter().filter(|step| step.state == "executed").count(),
        steps.len()
    );
    Section { id: "usage", title: "Usage", body: paragraph("soft", says).add(table.render("Usage of each step")) }
}
