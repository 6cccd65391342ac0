//! Charts of several classes.

use ropeway_learn::views::{ClassViews, Cut};

use super::calibration;
use crate::chart::{Frame, LINES, Scale};
use crate::html::{Html, paragraph};
use crate::number::{counted, figure};
use crate::table::{Table, details, scrolling};

/// Classes with a row of their own in the confusion.
const ROWS: usize = 25;

/// All charts.
pub fn charts(views: &ClassViews) -> Html {
    let charts = roc(views).add(calibration::chart(&views.calibration, "share that was right"));
    confusion(views).add(by_class(views)).tag("div", &[("class", "charts")], charts)
}

/// Classes by their rows, most first.
fn frequent(views: &ClassViews) -> Vec<usize> {
    let rows = |class: usize| views.tally.counts[class].iter().sum::<f64>();
    let mut order: Vec<usize> = (0..views.tally.counts.len()).collect();
    order.sort_by(|a, b| rows(*b).total_cmp(&rows(*a)));
    order
}

fn name(views: &ClassViews, class: usize) -> &str {
    views.classes.get(class).map_or("", String::as_str)
}

fn confusion(views: &ClassViews) -> Html {
    let mut shown: Vec<usize> = frequent(views).into_iter().take(ROWS).collect();
    shown.sort_unstable();
    let head =
        shown.iter().fold(Html::new().tag("th", &[("scope", "col")], Html::of("is ↓ decided →")), |row, class| {
            row.tag("th", &[("scope", "col"), ("class", "number")], Html::of(name(views, *class)))
        });
    let body = shown.iter().fold(Html::new(), |body, label| {
        let of_label = &views.tally.counts[*label];
        let all = Some(of_label.iter().sum::<f64>()).filter(|all| *all > 0.0).unwrap_or(1.0);
        let row = Html::new().tag("th", &[("scope", "row")], Html::of(name(views, *label)));
        let row = shown.iter().fold(row, |row, decided| {
            let rows = of_label[*decided];
            // Not darker than text can be read on.
            let strength = format!("--v:{:.0}%", rows / all * 45.0);
            let class = if label == decided { "hot right" } else { "hot" };
            row.tag("td", &[("class", class), ("style", &strength)], Html::of(counted(rows)))
        });
        body.tag("tr", &[], row)
    });
    let table = Html::new().tag("thead", &[], Html::new().tag("tr", &[], head)).tag("tbody", &[], body);
    let mut says =
        "Rows by their class and the decided one; shaded by the share of the class, right decisions framed.".to_owned();
    if let Some(more) = views.classes.len().checked_sub(ROWS).filter(|more| *more > 0) {
        says.push_str(&format!(" The {ROWS} most frequent classes; {more} more are in the table by class."));
    }
    let table = Html::new().tag("table", &[("class", "heat")], table);
    let inner =
        Html::new().tag("figcaption", &[], Html::of("Decisions")).add(scrolling("Decisions against labels", table));
    Html::new().tag("figure", &[], inner.add(paragraph("note", says)))
}

fn by_class(views: &ClassViews) -> Html {
    let mut table = Table::new(&["class", ">rows", ">precision", ">recall", ">F1"]);
    for (class, found) in views.tally.by_class().into_iter().enumerate() {
        let name = name(views, class).to_owned();
        table.row([name, counted(found.rows), figure(found.precision), figure(found.recall), figure(found.f1)]);
    }
    let table = table.render("Each class");
    if views.classes.len() > ROWS { details("Each class", table) } else { table }
}

fn roc(views: &ClassViews) -> Html {
    let unit = || Scale::of([0.0, 1.0]);
    let mut frame =
        Frame::new("ROC of each class against the rest", (unit(), "false positive rate"), (unit(), "recall"))
            .line("reference", [(0.0, 0.0), (1.0, 1.0)]);
    let mut table = Table::new(&["class", ">area", ">rows"]);
    for (place, class) in frequent(views).into_iter().enumerate() {
        let (cuts, label) = (&views.cuts[class], name(views, class));
        let points = points(cuts);
        table.row([
            label.to_owned(),
            area(&points).map_or_else(|| "–".into(), figure),
            counted(cuts.last().map_or(0.0, |cut| cut.tp)),
        ]);
        if let Some(line) = LINES.get(place) {
            frame = frame.line(line, points).key(line, &short(label));
        }
    }
    let says = match views.classes.len() {
        0..=6 => "One against the rest, by its probability.",
        _ => "One against the rest, by its probability; the six most frequent classes are drawn.",
    };
    frame.figure(says, &table)
}

fn points(cuts: &[Cut]) -> Vec<(f64, f64)> {
    let (tp, fp) = cuts.last().map_or((0.0, 0.0), |cut| (cut.tp, cut.fp));
    let shares = cuts.iter().map(|cut| (cut.fp / fp, cut.tp / tp));
    std::iter::once((0.0, 0.0)).chain(shares).collect()
}

/// The area below straight lines between points; none where a class has no rows or all.
fn area(points: &[(f64, f64)]) -> Option<f64> {
    let sum: f64 = points.windows(2).map(|two| (two[1].0 - two[0].0) * f64::midpoint(two[0].1, two[1].1)).sum();
    Some(sum).filter(|sum| sum.is_finite() && points.len() > 1)
}

fn short(name: &str) -> String {
    match name.char_indices().nth(24) {
        Some((cut, _)) => format!("{}…", &name[..cut]),
        None => name.to_owned(),
    }
}
