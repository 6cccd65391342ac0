//! How answers depend on the leading features.

use ropeway_learn::Task;
use ropeway_learn::dependence::{At, Dependence, DependencePoint};
use ropeway_run::Recorded;
use ropeway_stat::Estimate;
use ropeway_vocab::ColumnType;

use crate::Section;
use crate::chart::{Frame, LINES, Ruler, Scale, tick};
use crate::html::{Html, code, paragraph};
use crate::number::{amount, day, figure};
use crate::table::Table;

/// The section.
pub fn section(run: &Recorded) -> Section {
    let charts = run.dependence.iter().filter(|found| !found.points.is_empty()).fold(Html::new(), |out, found| {
        let ty = run.features.iter().find(|feature| feature.name == found.feature).map(|feature| feature.ty);
        out.add(chart(found, ty, run))
    });
    let body = if charts.is_empty() {
        charts
    } else {
        let says = "The mean answer on validation rows of the last fold if the feature had one value in all of them, and all others stayed \
                    as they are (partial dependence). Values are ones that occur; features that hang together are told apart only as \
                    far as the model tells them apart.";
        paragraph("soft", says).tag("div", &[("class", "charts")], charts)
    };
    Section { id: "dependence", title: "How answers depend on features", body }
}

fn chart(found: &Dependence, ty: Option<ColumnType>, run: &Recorded) -> Html {
    let classes = &run.report.decision.classes;
    let numbers = table(found, ty, classes);
    let drawn: Vec<(f64, &[f64])> = found
        .points
        .iter()
        .filter_map(|point| match point.at {
            At::Number(number) => Some((number, point.answers.as_slice())),
            At::Level(_) | At::Missing => None,
        })
        .collect();
    if drawn.len() < 2 {
        let inner = Html::new().tag("figcaption", &[], code(&found.feature)).add(numbers.render(&found.feature));
        return Html::new().tag("figure", &[], inner);
    }
    let x = Scale::of(drawn.iter().map(|point| point.0)).wider();
    let y = Scale::of(drawn.iter().flat_map(|point| point.1.iter().copied())).wider();
    let answer = if run.report.decision.task == Task::Regression { "mean prediction" } else { "mean probability" };
    let mut frame = Frame::new("Dependence", (x, axis(ty)), (y, answer)).named(&found.feature);
    for (output, class) in frequent(run, drawn[0].1.len()).into_iter().zip(LINES) {
        frame = frame.line(class, drawn.iter().filter_map(|(at, answers)| Some((*at, *answers.get(output)?))));
        if let Some(name) = classes.get(output) {
            frame = frame.key(class, name);
        }
    }
    let missing = found.points.iter().find(|point| point.at == At::Missing);
    let says = match missing {
        Some(point) if point.answers.len() == 1 => format!("Where it is missing: {}.", figure(point.answers[0])),
        _ if classes.len() > LINES.len() => format!("The {} most frequent classes are drawn.", LINES.len()),
        _ => "Straight lines between values that occur.".into(),
    };
    frame.figure(&says, &numbers)
}

/// Outputs by the rows of their class, most first.
fn frequent(run: &Recorded, outputs: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..outputs).collect();
    if outputs > 1 {
        order.sort_by_key(|output| std::cmp::Reverse(run.classes.get(*output).map_or(0, |class| class.train)));
    }
    order
}

const fn axis(ty: Option<ColumnType>) -> &'static str {
    match ty {
        Some(ColumnType::Date) => "days since 1970",
        Some(ColumnType::Timestamp) => "seconds since 1970",
        _ => "value",
    }
}

/// One answer is drawn beside its value; several are one table.
fn table(found: &Dependence, ty: Option<ColumnType>, classes: &[String]) -> Table {
    if classes.is_empty() {
        let all: Vec<Estimate> = found.points.iter().map(estimate).collect();
        let ruler = Ruler::new(&all, None);
        let mut table = Table::new(&["value", "", ">mean answer"]);
        for (point, drawn) in found.points.iter().zip(&all) {
            table.html([Html::of(value(&point.at, ty)), ruler.estimate(drawn), Html::of(figure(drawn.value))]);
        }
        return table;
    }
    let mut table = Table::new(&["value", "class", ">mean probability"]);
    for point in &found.points {
        for (class, answer) in classes.iter().zip(&point.answers) {
            table.row([value(&point.at, ty), class.clone(), figure(*answer)]);
        }
    }
    table
}

/// A dot without an interval.
fn estimate(point: &DependencePoint) -> Estimate {
    Estimate { value: point.answers.first().copied().unwrap_or(f64::NAN), low: f64::NAN, high: f64::NAN }
}

fn value(at: &At, ty: Option<ColumnType>) -> String {
    match (at, ty) {
        (At::Number(number), Some(ColumnType::Date)) => day(number * 86_400.0),
        (At::Number(number), Some(ColumnType::Timestamp)) => day(*number),
        (At::Number(number), _) if number.abs() >= 1e15 => tick(*number),
        (At::Number(number), _) => amount(*number),
        (At::Level(level), _) if level.is_empty() => "(empty)".into(),
        (At::Level(level), _) => level.clone(),
        (At::Missing, _) => "(missing)".into(),
    }
}
