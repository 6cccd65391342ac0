//! A chart with two scales: lines, dots, bars and cells in a frame, with the table of its numbers below.

use super::{Scale, px, tick};
use crate::html::{Html, paragraph};
use crate::table::{Table, details};

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 250.0;
/// Left, right, top, bottom.
const MARGIN: (f64, f64, f64, f64) = (48.0, 12.0, 10.0, 42.0);
/// Marks of a scale, about.
const TICKS: usize = 5;

/// A chart.
#[derive(Debug, Clone)]
pub struct Frame {
    title: &'static str,
    /// What it is of, where several charts have one title.
    name: Option<String>,
    x: Scale,
    y: Scale,
    axes: (&'static str, &'static str),
    marks: Html,
    key: Vec<(String, String)>,
}

impl Frame {
    /// A chart with two scales and what they are of.
    pub fn new(title: &'static str, (x, x_title): (Scale, &'static str), (y, y_title): (Scale, &'static str)) -> Self {
        let x = x.over(MARGIN.0, WIDTH - MARGIN.1);
        let y = y.over(HEIGHT - MARGIN.3, MARGIN.2);
        Self { title, name: None, x, y, axes: (x_title, y_title), marks: Html::new(), key: Vec::new() }
    }

    /// Of what it is, a name from the data.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..self }
    }

    /// A line through these points; those without a number are left out.
    #[must_use]
    pub fn line(mut self, class: &str, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let drawn = points.into_iter().filter(|(x, y)| x.is_finite() && y.is_finite());
        let path: Vec<String> = drawn.map(|(x, y)| format!("{},{}", px(self.x.at(x)), px(self.y.at(y)))).collect();
        if !path.is_empty() {
            self.marks = self.marks.lone("polyline", &[("class", class), ("points", &path.join(" "))]);
        }
        self
    }

    /// A dot, and what it says when it is pointed at.
    #[must_use]
    pub fn dot(mut self, class: &str, (x, y): (f64, f64), says: &str) -> Self {
        if x.is_finite() && y.is_finite() {
            let (x, y) = (px(self.x.at(x)), px(self.y.at(y)));
            let title = Html::new().tag("title", &[], Html::of(says));
            self.marks = self.marks.tag("circle", &[("class", class), ("cx", &x), ("cy", &y), ("r", "4")], title);
        }
        self
    }

    /// A line from low to high at a place.
    #[must_use]
    pub fn whisker(self, class: &str, x: f64, (low, high): (f64, f64)) -> Self {
        self.line(class, [(x, low), (x, high)])
    }

    /// A filled cell between two corners; `strength` from 0 to 1 says how filled.
    #[must_use]
    pub fn cell(mut self, class: &str, (left, right): (f64, f64), (low, high): (f64, f64), strength: f64) -> Self {
        let (left, right, bottom, top) = (self.x.at(left), self.x.at(right), self.y.at(low), self.y.at(high));
        let attributes = [
            ("class", class),
            ("x", &*px(left)),
            ("y", &*px(top)),
            ("width", &*px((right - left).max(0.0))),
            ("height", &*px((bottom - top).max(0.0))),
            ("fill-opacity", &*format!("{:.2}", strength.clamp(0.0, 1.0))),
        ];
        self.marks = self.marks.lone("rect", &attributes);
        self
    }

    /// What a class of marks is.
    #[must_use]
    pub fn key(mut self, class: &str, name: &str) -> Self {
        self.key.push((class.to_owned(), name.to_owned()));
        self
    }

    /// The chart with what should be said of it, and its numbers.
    pub fn figure(self, says: &str, numbers: &Table) -> Html {
        let title = match &self.name {
            Some(name) => format!("{} on {name}", self.title),
            None => self.title.to_owned(),
        };
        let view = format!("0 0 {WIDTH} {HEIGHT}");
        let attributes = [("viewBox", &*view), ("role", "img"), ("aria-label", &*format!("{title}. {says}"))];
        let drawing = self.axes().add(self.marks.clone());
        let heading = self.name.as_ref().map_or_else(|| Html::of(self.title), crate::html::code);
        let caption = Html::new().tag("figcaption", &[], heading);
        let mut figure = caption.tag("svg", &attributes, drawing);
        if !self.key.is_empty() {
            let key = self.key.iter().fold(Html::new(), |key, (class, name)| {
                let sample =
                    Html::new().lone("line", &[("class", class), ("x1", "0"), ("y1", "5"), ("x2", "18"), ("y2", "5")]);
                let sample = Html::new().tag("svg", &[("viewBox", "0 0 18 10"), ("aria-hidden", "true")], sample);
                key.tag("span", &[], sample.text(" ").text(name))
            });
            figure = figure.tag("p", &[("class", "key")], key);
        }
        let figure = figure.add(paragraph("note", says)).add(details("Numbers", numbers.render(&title)));
        Html::new().tag("figure", &[], figure)
    }

    fn axes(&self) -> Html {
        let (left, right, top, bottom) = (MARGIN.0, WIDTH - MARGIN.1, MARGIN.2, HEIGHT - MARGIN.3);
        let mut out = Html::new();
        for number in self.y.ticks(TICKS) {
            let y = px(self.y.at(number));
            out = out
                .lone("line", &[("class", "grid"), ("x1", &px(left)), ("x2", &px(right)), ("y1", &y), ("y2", &y)])
                .add(label("end", (left - 5.0, self.y.at(number) + 4.0), &tick(number)));
        }
        for number in self.x.ticks(TICKS) {
            let x = px(self.x.at(number));
            out = out
                .lone("line", &[("class", "grid"), ("x1", &x), ("x2", &x), ("y1", &px(top)), ("y2", &px(bottom))])
                .add(label("middle", (self.x.at(number), bottom + 15.0), &tick(number)));
        }
        let middle = f64::midpoint(top, bottom);
        let turned = format!("translate(11 {}) rotate(-90)", px(middle));
        out.add(label("middle", (f64::midpoint(left, right), HEIGHT - 8.0), self.axes.0)).tag(
            "text",
            &[("transform", &turned), ("text-anchor", "middle")],
            Html::of(self.axes.1),
        )
    }
}

fn label(anchor: &str, (x, y): (f64, f64), text: &str) -> Html {
    Html::new().tag("text", &[("x", &px(x)), ("y", &px(y)), ("text-anchor", anchor)], Html::of(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(points: &[(f64, f64)]) -> String {
        let scale = |of: fn(&(f64, f64)) -> f64| Scale::of(points.iter().map(of));
        let frame = Frame::new("Chart", (scale(|point| point.0), "x"), (scale(|point| point.1), "y"));
        frame.line("one", points.iter().copied()).figure("says", &Table::new(&["x"])).into_text()
    }

    #[test]
    fn odd_points_are_left_out_and_never_written() {
        for points in
            [&[][..], &[(1.0, 2.0)], &[(f64::NAN, 1.0), (0.0, f64::INFINITY)], &[(f64::MIN, f64::MAX), (0.0, 0.0)]]
        {
            let page = drawn(points);
            assert!(!page.contains("NaN") && !page.contains("inf"), "{page}");
            let lines = usize::from(points.iter().any(|(x, y)| x.is_finite() && y.is_finite()));
            assert_eq!(page.matches("<polyline").count(), lines, "{points:?}: {page}");
        }
        assert!(drawn(&[(0.0, 0.0), (1.0, 1.0)]).contains("points=\"48,208 348,10\""));
    }
}
