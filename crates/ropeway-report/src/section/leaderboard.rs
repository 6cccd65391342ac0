//! The candidates, best first, each with its interval on one scale, and every figure behind it.

use ropeway_run::Recorded;
use ropeway_stat::Estimate;

use crate::Section;
use crate::chart::Ruler;
use crate::html::{Html, code, paragraph};
use crate::number::{count, estimate};
use crate::table::{Table, details};

/// The section.
pub fn section(run: &Recorded) -> Section {
    let (board, metric) = (&run.report.leaderboard, run.metric);
    let of = |place: usize| board[place].validation.get(&metric).copied();
    let none = Estimate { value: f64::NAN, low: f64::NAN, high: f64::NAN };
    let all: Vec<Estimate> = (0..board.len()).map(|place| of(place).unwrap_or(none)).collect();
    let baseline = board.iter().position(|candidate| candidate.candidate == "baseline").map(|place| all[place].value);
    let ruler = Ruler::new(&all, baseline);
    let mut table = Table::new(&["candidate", "", ">figure", ">trials", ">rounds"]);
    for (candidate, found) in board.iter().zip(&all) {
        table.html([
            code(&candidate.candidate),
            ruler.estimate(found),
            Html::of(estimate(found)),
            Html::of(count(candidate.trials)),
            Html::of(count(candidate.rounds)),
        ]);
    }
    table.html([Html::new(), ruler.axis(), Html::new(), Html::new(), Html::new()]);
    let better = if metric.higher_is_better() { "more is better" } else { "less is better" };
    let says = format!(
        "By {} on rows of the folds that no candidate had seen, with 95% intervals; {better}. The dashed line is the baseline.",
        metric.name()
    );
    let body = paragraph("soft", says).add(table.render("Leaderboard")).add(details("All figures", figures(run)));
    Section { id: "leaderboard", title: "Leaderboard", body }
}

fn figures(run: &Recorded) -> Html {
    let metrics = run.report.decision.task.metrics();
    run.report.leaderboard.iter().fold(Html::new(), |out, candidate| {
        let mut table = Table::new(&["figure", ">value [95% interval]"]);
        for metric in metrics {
            if let Some(found) = candidate.validation.get(metric) {
                table.row([metric.name().to_owned(), estimate(found)]);
            }
        }
        out.tag("h3", &[], code(&candidate.candidate)).add(table.render(&format!("Figures of {}", candidate.candidate)))
    })
}
