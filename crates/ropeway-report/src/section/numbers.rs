//! Charts of a number that is predicted.

use ropeway_learn::views::{Cell, Grid, NumberViews, Residuals};

use crate::chart::{Frame, Scale, tick};
use crate::html::Html;
use crate::number::counted;
use crate::table::Table;

/// Share of labels that intervals are made to hold.
const INTERVAL: f64 = 0.9;

/// All charts.
pub fn charts(views: &NumberViews) -> Html {
    let charts = grid(&views.grid).add(residuals(&views.residuals)).add(errors(views)).add(coverage(views));
    Html::new().tag("div", &[("class", "charts")], charts)
}

fn grid(grid: &Grid) -> Html {
    let side = (grid.high - grid.low) / grid.side.max(1) as f64;
    let most = grid.cells.iter().map(|cell| cell.2).fold(0.0, f64::max);
    let scale = || Scale::of([grid.low, grid.high]);
    let mut frame = Frame::new("Predicted and true", (scale(), "predicted"), (scale(), "true"));
    let mut table = Table::new(&[">predicted from", ">true from", ">rows"]);
    for Cell(column, row, rows) in &grid.cells {
        let (x, y) = (grid.low + f64::from(*column) * side, grid.low + f64::from(*row) * side);
        // By logarithm: a few cells hold most rows.
        let strength = 0.12 + 0.88 * rows.ln_1p() / most.ln_1p();
        frame = frame.cell("fill", (x, x + side), (y, y + side), strength);
        table.row([tick(x), tick(y), counted(*rows)]);
    }
    let says = "The stronger the colour of a cell, the more rows it holds. On the dashed line predictions are right; what lies beyond the frame is counted at its edge.";
    frame.line("reference", [(grid.low, grid.low), (grid.high, grid.high)]).figure(says, &table)
}

fn residuals(found: &Residuals) -> Html {
    let width = (found.high - found.low) / found.counts.len().max(1) as f64;
    let most = found.counts.iter().copied().fold(0.0, f64::max);
    let x = Scale::of([found.low, found.high]);
    let mut frame = Frame::new(
        "Residuals",
        (x, "true minus predicted"),
        (Scale::of([0.0, if most > 0.0 { most } else { 1.0 }]), "rows"),
    );
    let mut table = Table::new(&[">from", ">to", ">rows"]);
    for (place, rows) in found.counts.iter().enumerate() {
        let from = found.low + place as f64 * width;
        frame = frame.cell("bar", (from, from + width * 0.9), (0.0, *rows), 1.0);
        table.row([tick(from), tick(from + width), counted(*rows)]);
    }
    let says = format!(
        "{} rows lie below and {} above the scale, and are counted at its ends.",
        counted(found.beyond.0),
        counted(found.beyond.1)
    );
    frame.line("reference", [(0.0, 0.0), (0.0, most)]).figure(&says, &table)
}

fn errors(views: &NumberViews) -> Html {
    let heights = views.deciles.iter().flat_map(|bin| [bin.mae, bin.mean_residual, 0.0]);
    let x = Scale::of([0.5, views.deciles.len() as f64 + 0.5]);
    let mut frame = Frame::new(
        "Error by tenth of the predictions",
        (x, "tenth of the predictions, lowest first"),
        (Scale::of(heights).wider(), "error"),
    )
    .key("one", "mean absolute error")
    .key("two", "mean of true minus predicted");
    let mut table = Table::new(&["predicted", ">mean absolute error", ">mean residual", ">rows"]);
    for (place, bin) in views.deciles.iter().enumerate() {
        let at = place as f64 + 1.0;
        frame = frame.cell("bar", (at - 0.4, at + 0.4), (0.0, bin.mae), 0.75);
        frame = frame.dot("dot chosen", (at, bin.mean_residual), &format!("mean residual {}", tick(bin.mean_residual)));
        let range = format!("{} to {}", tick(bin.from), tick(bin.to));
        table.row([range, tick(bin.mae), tick(bin.mean_residual), counted(bin.rows)]);
    }
    frame.figure("Dots away from zero are predictions that are too low (above) or too high (below) there.", &table)
}

fn coverage(views: &NumberViews) -> Html {
    let x = Scale::of([0.5, views.deciles.len() as f64 + 0.5]);
    let mut frame = Frame::new(
        "How often intervals hold",
        (x, "tenth of the predictions, lowest first"),
        (Scale::of([0.0, 1.0]), "share of labels within"),
    )
    .key("reference", "as said: 90%");
    let mut table = Table::new(&["predicted", ">within the interval", ">rows"]);
    for (place, bin) in views.deciles.iter().enumerate() {
        let (at, share) = (place as f64 + 1.0, bin.covered / bin.rows);
        frame = frame.cell("bar", (at - 0.4, at + 0.4), (0.0, share), 0.75);
        table.row([
            format!("{} to {}", tick(bin.from), tick(bin.to)),
            format!("{:.1}%", share * 100.0),
            counted(bin.rows),
        ]);
    }
    let ends = (0.5, views.deciles.len() as f64 + 0.5);
    frame
        .line("reference", [(ends.0, INTERVAL), (ends.1, INTERVAL)])
        .figure("Each prediction has a 90% interval.", &table)
}
