//! Drawings that stand in the cell of a table.

use ropeway_stat::Estimate;

use super::{Scale, px, tick};
use crate::html::Html;

const WIDTH: f64 = 180.0;
const HEIGHT: f64 = 22.0;

fn drawing(class: &str, height: f64, inner: Html) -> Html {
    let view = format!("0 0 {WIDTH} {height}");
    Html::new().tag("svg", &[("viewBox", &view), ("class", class), ("aria-hidden", "true")], inner)
}

/// Counts as bars from left to right.
pub fn histogram(counts: &[u64]) -> Html {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let width = WIDTH / counts.len().max(1) as f64;
    let bars = counts.iter().enumerate().fold(Html::new(), |bars, (place, count)| {
        // A bin that is not empty is seen.
        let height = if *count == 0 { 0.0 } else { (*count as f64 / most * HEIGHT).max(1.0) };
        let attributes = [
            ("class", "bar"),
            ("x", &*px(place as f64 * width)),
            ("y", &*px(HEIGHT - height)),
            ("width", &*px((width - 1.0).max(0.5))),
            ("height", &*px(height)),
        ];
        bars.lone("rect", &attributes)
    });
    drawing("cell", HEIGHT, bars)
}

/// A share of a whole as one bar.
pub fn bar(share: f64) -> Html {
    let width = if share.is_finite() { share.clamp(0.0, 1.0) * WIDTH } else { 0.0 };
    let width = if share > 0.0 { width.max(1.0) } else { width };
    let bar =
        Html::new().lone("rect", &[("class", "bar"), ("x", "0"), ("y", "4"), ("width", &px(width)), ("height", "14")]);
    drawing("cell", HEIGHT, bar)
}

/// Estimates on one scale, each in its own row.
#[derive(Debug, Clone, Copy)]
pub struct Ruler {
    scale: Scale,
    /// What a line is drawn at through all rows.
    line: Option<f64>,
}

impl Ruler {
    /// For these estimates, with a line at a number.
    pub fn new<'a>(estimates: impl IntoIterator<Item = &'a Estimate>, line: Option<f64>) -> Self {
        let all = estimates.into_iter().flat_map(|estimate| [estimate.value, estimate.low, estimate.high]).chain(line);
        Self { scale: Scale::of(all).wider().over(4.0, WIDTH - 4.0), line }
    }

    /// One estimate: a dot with its interval.
    pub fn estimate(&self, estimate: &Estimate) -> Html {
        let middle = px(HEIGHT / 2.0);
        let mut row = Html::new();
        if let Some(line) = self.line {
            let x = px(self.scale.at(line));
            row = row.lone("line", &[("class", "reference"), ("x1", &x), ("x2", &x), ("y1", "0"), ("y2", &px(HEIGHT))]);
        }
        if estimate.low.is_finite() && estimate.high.is_finite() {
            let (low, high) = (px(self.scale.at(estimate.low)), px(self.scale.at(estimate.high)));
            row = row
                .lone("line", &[("class", "interval"), ("x1", &low), ("x2", &high), ("y1", &middle), ("y2", &middle)]);
        }
        if estimate.value.is_finite() {
            row = row.lone(
                "circle",
                &[("class", "dot"), ("cx", &px(self.scale.at(estimate.value))), ("cy", &middle), ("r", "4.5")],
            );
        }
        drawing("cell", HEIGHT, row)
    }

    /// The scale, for the last row.
    pub fn axis(&self) -> Html {
        let ticks = self.scale.ticks(3).into_iter().fold(Html::new(), |out, number| {
            let x = px(self.scale.at(number));
            let anchor = match self.scale.at(number) / WIDTH {
                ..0.15 => "start",
                0.85.. => "end",
                _ => "middle",
            };
            out.lone("line", &[("class", "mark"), ("x1", &x), ("x2", &x), ("y1", "0"), ("y2", "5")]).tag(
                "text",
                &[("x", &x), ("y", "17"), ("text-anchor", anchor)],
                Html::of(tick(number)),
            )
        });
        drawing("cell", HEIGHT, ticks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_counts_and_figures_are_drawn_within_their_cell() {
        let none = Estimate { value: f64::NAN, low: f64::NAN, high: f64::NAN };
        let odd = Estimate { value: 0.5, low: f64::NEG_INFINITY, high: f64::INFINITY };
        let ruler = Ruler::new([&none, &odd], Some(f64::NAN));
        let all = [histogram(&[]), histogram(&[0]), histogram(&[u64::MAX, 1]), bar(f64::NAN), bar(7.0), bar(-1.0)];
        for page in all.into_iter().chain([ruler.estimate(&none), ruler.estimate(&odd), ruler.axis()]) {
            let page = page.into_text();
            assert!(!page.contains("NaN") && !page.contains("inf") && !page.contains("\"-"), "{page}");
        }
        assert!(histogram(&[100_000, 1]).into_text().contains("height=\"1\""), "one row of many is seen");
    }
}
