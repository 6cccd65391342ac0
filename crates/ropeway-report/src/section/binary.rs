//! Charts of two classes: all but calibration follow from what each threshold would call.

use ropeway_learn::views::{BinaryViews, Cut};
use ropeway_stat::Confusion;

use super::calibration;
use crate::chart::{Frame, Scale};
use crate::html::Html;
use crate::number::{amount, counted, figure};
use crate::table::Table;

/// All charts.
pub fn charts(views: &BinaryViews) -> Html {
    let charts = roc(views)
        .add(precision_recall(views))
        .add(calibration::chart(&views.calibration, "share of positives"))
        .add(lift(views))
        .add(cost(views))
        .add(confusion(views));
    Html::new().tag("div", &[("class", "charts")], charts)
}

fn unit() -> Scale {
    Scale::of([0.0, 1.0])
}

/// Shares that follow from a cut.
struct Shares {
    /// Positives that are called.
    recall: f64,
    /// Negatives that are called.
    false_alarms: f64,
    /// Called rows that are positive.
    precision: f64,
    /// Rows that are called.
    called: f64,
    /// Mean cost of a row.
    cost: f64,
}

fn shares(views: &BinaryViews, cut: &Cut) -> Shares {
    let (rows, positives) = (views.total(), views.positives);
    let (tp, fp) = (cut.tp, cut.fp);
    let cost = (positives - tp) * views.costs.false_negative + fp * views.costs.false_positive;
    Shares {
        recall: tp / positives,
        false_alarms: fp / (rows - positives),
        precision: tp / (tp + fp),
        called: (tp + fp) / rows,
        cost: cost / rows,
    }
}

/// What the threshold of the model calls.
fn decided(views: &BinaryViews) -> Shares {
    shares(views, &Cut { from: views.threshold, tp: views.confusion.tp, fp: views.confusion.fp })
}

/// A table of about twenty of the cuts.
fn table(views: &BinaryViews, heads: &[&'static str], row: impl Fn(&Cut, &Shares) -> Vec<f64>) -> Table {
    let mut table = Table::new(heads);
    let step = views.cuts.len().div_ceil(20).max(1);
    for cut in views.cuts.iter().step_by(step).chain(views.cuts.last().filter(|_| step > 1)) {
        table.row(row(cut, &shares(views, cut)).into_iter().map(figure));
    }
    table
}

fn roc(views: &BinaryViews) -> Html {
    let points = views.cuts.iter().map(|cut| shares(views, cut)).map(|at| (at.false_alarms, at.recall));
    let at = decided(views);
    let numbers = table(views, &[">threshold", ">false positive rate", ">recall"], |cut, at| {
        vec![cut.from, at.false_alarms, at.recall]
    });
    Frame::new("ROC", (unit(), "false positive rate"), (unit(), "recall"))
        .line("reference", [(0.0, 0.0), (1.0, 1.0)])
        .line("one", std::iter::once((0.0, 0.0)).chain(points))
        .dot("dot chosen", (at.false_alarms, at.recall), "the threshold")
        .key("one", "model")
        .key("reference", "chance")
        .figure("The dot is the threshold of the model.", &numbers)
}

fn precision_recall(views: &BinaryViews) -> Html {
    // Where no positive is called yet, precision says nothing.
    let called = views.cuts.iter().filter(|cut| cut.tp > 0.0).map(|cut| shares(views, cut));
    let points = called.map(|at| (at.recall, at.precision));
    let (at, chance) = (decided(views), views.positives / views.total());
    let numbers =
        table(views, &[">threshold", ">recall", ">precision"], |cut, at| vec![cut.from, at.recall, at.precision]);
    Frame::new("Precision and recall", (unit(), "recall"), (unit(), "precision"))
        .line("reference", [(0.0, chance), (1.0, chance)])
        .line("one", points)
        .dot("dot chosen", (at.recall, at.precision), "the threshold")
        .key("one", "model")
        .key("reference", "chance")
        .figure(&format!("{} of the rows are positive; the dot is the threshold.", figure(chance)), &numbers)
}

fn lift(views: &BinaryViews) -> Html {
    let rate = views.positives / views.total();
    let rows = |cut: &&Cut| (cut.tp + cut.fp) / views.total() * views.rows as f64;
    let lifted = |cut: &Cut| {
        let at = shares(views, cut);
        (at.called, at.precision / rate)
    };
    // Of a handful of rows any share is chance.
    let points: Vec<(f64, f64)> = views.cuts.iter().filter(|cut| rows(cut) >= 20.0).map(lifted).collect();
    let most = points.iter().map(|point| point.1).chain([1.0]);
    let numbers = table(views, &[">threshold", ">rows called", ">lift"], |cut, at| {
        vec![cut.from, at.called, at.precision / rate]
    });
    Frame::new(
        "Lift",
        (unit(), "share of rows called, likeliest first"),
        (Scale::of(most.chain([0.0])).wider(), "lift"),
    )
    .line("reference", [(0.0, 1.0), (1.0, 1.0)])
    .line("one", points)
    .key("one", "model")
    .key("reference", "chance")
    .figure("How many times as many positives as among all rows; from twenty rows on.", &numbers)
}

fn cost(views: &BinaryViews) -> Html {
    let points: Vec<(f64, f64)> = views.cuts.iter().map(|cut| (cut.from, shares(views, cut).cost)).collect();
    let at = decided(views);
    let y = Scale::of(points.iter().map(|point| point.1).chain([0.0, at.cost])).wider();
    let numbers = table(views, &[">threshold", ">cost of a row"], |cut, at| vec![cut.from, at.cost]);
    let says = format!(
        "A false negative costs {}, a false positive {}; at the threshold {} a row costs {}.",
        amount(views.costs.false_negative),
        amount(views.costs.false_positive),
        figure(views.threshold),
        figure(at.cost)
    );
    Frame::new("Threshold and expected cost", (unit(), "threshold"), (y, "cost of a row"))
        .line("one", points)
        .dot("dot chosen", (views.threshold, at.cost), "the threshold")
        .figure(&says, &numbers)
}

fn confusion(views: &BinaryViews) -> Html {
    let Confusion { tp, fp, tn, fn_ } = views.confusion;
    let mut table = Table::new(&["is ↓ decided →", ">negative", ">positive"]);
    table.row(["negative".to_owned(), counted(tn), counted(fp)]);
    table.row(["positive".to_owned(), counted(fn_), counted(tp)]);
    let inner =
        Html::new().tag("figcaption", &[], Html::of("Decisions")).add(table.render("Decisions against labels")).tag(
            "p",
            &[("class", "note")],
            Html::of(format!("Decided positive from a probability of {}.", figure(views.threshold))),
        );
    Html::new().tag("figure", &[], inner)
}
