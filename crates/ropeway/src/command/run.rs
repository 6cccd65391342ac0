//! `ropeway run [--final] [--sample 5%] [--threads N]`.

use std::sync::Arc;

use ropeway_run::{RunOptions, Stopped, Unfinished};
use ropeway_vocab::Result;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::memory::GivingBack;
use crate::output::Output;
use crate::progress::progress;
use crate::render::summary;
use crate::sections::examine;
use crate::stop;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway run                  train, evaluate on the folds, package, register
  ropeway run --final          open the holdout too; every look at it is counted
  ropeway run --sample 5%      a quick look at a share of the examples; never a champion
  ropeway run --json | tail -1 the report for programs

A run that was cut off goes on after its last finished step or trial. Ctrl-C stops at the next safe point, and the record \
says cancelled; a second one stops at once; both exit with code 1. Exit code 3 means that a gate, a check or the time \
rule said no: the status is refused, and the report is printed all the same. With --json the report of a run that came \
to no end has all its names, empty where nothing was reached, and the problem beside them.")]
pub struct Args {
    /// Open the holdout and report its figures
    #[arg(long = "final")]
    final_: bool,
    /// Take a share of the examples only, for example 5% or 0.05; facts are never sampled
    #[arg(long, value_name = "SHARE", value_parser = share)]
    sample: Option<f64>,
    /// Trials side by side [default: as many as cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// Runs, and prints the summary; where a gate said no the summary comes first.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let project = match examine(&shared.project) {
        Ok(project) => project,
        Err(problems) => {
            let report = problems.first().map(Unfinished::before);
            return Ok(report.map_or(Exit::Failed, |report| output.unfinished(&problems, &report)));
        }
    };
    let options = RunOptions {
        final_: args.final_,
        sample: args.sample,
        threads: args.threads.map(usize::from),
        progress: Arc::new(GivingBack(progress(output))),
        cancel: stop::flag(),
    };
    let report = match ropeway_run::run(&project, options).await {
        Ok(report) => report,
        Err(Stopped { problem, report }) => return Ok(output.unfinished(&[project.located(problem)], &report)),
    };
    super::report::at_the_end(shared, &report.run, output).await;
    output.result(&report, |paint| summary::page(&report, paint))?;
    let said_no: Vec<&str> =
        report.gates.iter().filter(|gate| gate.passed == Some(false)).map(|gate| gate.that.as_str()).collect();
    if said_no.is_empty() {
        return Ok(Exit::Done);
    }
    let champion = summary::lost(&report.model).unwrap_or_else(|| "the champion stays what it was".into());
    output.note(&format!("a gate said no ({}): {champion}", said_no.join("; ")));
    Ok(Exit::Refused)
}

/// `5%`, `0.05`.
pub fn share(text: &str) -> std::result::Result<f64, String> {
    let (number, scale) = match text.trim().strip_suffix('%') {
        Some(number) => (number, 100.0),
        None => (text.trim(), 1.0),
    };
    match number.trim().parse::<f64>() {
        Ok(value) if value > 0.0 && value / scale <= 1.0 => Ok(value / scale),
        _ => Err("write a share above 0 and up to 100%, for example 5% or 0.05".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_share_is_a_percentage_or_a_number() {
        assert_eq!(share("5%"), Ok(0.05));
        assert_eq!(share("0.05"), Ok(0.05));
        assert_eq!(share("100 %"), Ok(1.0));
        for wrong in ["0", "5", "-5%", "101%", "NaN", "x", ""] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }
}
