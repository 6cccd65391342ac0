//! Parallel coordinates (Inselberg 1985): an axis for each setting, a line for each candidate.

use super::{Scale, px, tick};
use crate::html::Html;
use crate::table::scrolling;

const STEP: f64 = 104.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 214.0;
const SIDE: f64 = 52.0;

/// One axis with the number of each candidate on it.
#[derive(Debug, Clone)]
pub struct Axis {
    /// What it is of.
    pub name: String,
    /// A number of each line; none where the line has none.
    pub numbers: Vec<Option<f64>>,
}

/// Lines through axes; `class` says how each line is drawn, later ones above earlier ones.
pub fn parallel(label: &str, axes: &[Axis], classes: &[&str]) -> Html {
    let width = 2.0 * SIDE + STEP * axes.len().saturating_sub(1) as f64;
    let place = |axis: usize| SIDE + STEP * axis as f64;
    let scales: Vec<Scale> = axes.iter().map(scale).collect();
    let mut out = Html::new();
    for (line, class) in classes.iter().enumerate() {
        let points = axes.iter().zip(&scales).enumerate().filter_map(|(number, (axis, scale))| {
            let value = axis.numbers.get(line).copied().flatten().filter(|value| value.is_finite())?;
            Some(format!("{},{}", px(place(number)), px(scale.at(value))))
        });
        let points: Vec<String> = points.collect();
        out = out.lone("polyline", &[("class", class), ("points", &points.join(" "))]);
    }
    for (number, (axis, scale)) in axes.iter().zip(&scales).enumerate() {
        let x = px(place(number));
        out = out.lone("line", &[("class", "axis"), ("x1", &x), ("x2", &x), ("y1", &px(TOP)), ("y2", &px(BOTTOM))]);
        out = out.tag(
            "text",
            &[("x", &x), ("y", "16"), ("text-anchor", "middle"), ("class", "name")],
            Html::of(&axis.name),
        );
        let ends = axis.numbers.iter().flatten().copied().filter(|value| value.is_finite());
        let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        let marks = if low < high { vec![low, high] } else { vec![low] };
        for mark in marks.into_iter().filter(|mark| mark.is_finite()) {
            let y = if scale.at(mark) > (TOP + BOTTOM) / 2.0 { BOTTOM + 14.0 } else { TOP - 4.0 };
            let y = if low < high { y } else { BOTTOM + 14.0 };
            out = out.tag("text", &[("x", &x), ("y", &px(y)), ("text-anchor", "middle")], Html::of(tick(mark)));
        }
    }
    let view = format!("0 0 {} {}", px(width), px(BOTTOM + 22.0));
    let style = format!("min-width:{}px;max-width:{}px", px(width * 0.9), px(width * 1.2));
    let attributes = [("viewBox", &*view), ("role", "img"), ("aria-label", label), ("style", &*style)];
    scrolling(label, Html::new().tag("svg", &attributes, out))
}

fn scale(axis: &Axis) -> Scale {
    let numbers: Vec<f64> = axis.numbers.iter().flatten().copied().filter(|value| value.is_finite()).collect();
    Scale::of_sizes(&numbers).over(BOTTOM, TOP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_candidate_is_a_line_however_odd_its_numbers() {
        let axis = |name: &str, numbers: &[Option<f64>]| Axis { name: name.into(), numbers: numbers.to_vec() };
        let axes = [
            axis("leaves", &[Some(4.0), Some(400.0), None]),
            axis("<b>", &[Some(1.0), Some(1.0), Some(1.0)]),
            axis("nothing", &[None, Some(f64::NAN), Some(f64::INFINITY)]),
        ];
        let page = parallel("trials", &axes, &["a", "b", "c"]).into_text();
        assert_eq!(page.matches("<polyline").count(), 3);
        assert!(!page.contains("NaN") && !page.contains("inf") && page.contains("&lt;b&gt;"), "{page}");
        assert!(parallel("none", &[], &[]).into_text().contains("<svg"));
    }
}
