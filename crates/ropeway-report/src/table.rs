//! Tables: the numbers behind each chart, and where a table says more than a chart.

use std::fmt::Display;

use crate::html::Html;

/// A table. A heading that begins with `>` is of numbers, one with `~` of sentences; one without words is of drawings.
#[derive(Debug, Clone)]
pub struct Table {
    heads: Vec<&'static str>,
    rows: Vec<Vec<Html>>,
}

impl Table {
    /// Without rows yet.
    pub fn new(heads: &[&'static str]) -> Self {
        Self { heads: heads.to_vec(), rows: Vec::new() }
    }

    /// Adds a row of texts.
    pub fn row<T: Display>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(Html::of).collect());
    }

    /// Adds a row of HTML.
    pub fn html(&mut self, cells: impl IntoIterator<Item = Html>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table in a box that scrolls by itself, also by keyboard, where it is wider than the screen.
    pub fn render(&self, label: &str) -> Html {
        let class = |head: &&str| match head.chars().next() {
            Some('>') => "number",
            Some('~') => "words long",
            Some(_) => "words",
            None => "drawn",
        };
        let head = self.heads.iter().fold(Html::new(), |row, head| {
            match head.trim_start_matches(['>', '~']) {
                // What has no words is no heading to whoever hears the page.
                "" => row.tag("td", &[("class", "drawn")], Html::new()),
                words => row.tag("th", &[("scope", "col"), ("class", class(head))], Html::of(words)),
            }
        });
        let body = self.rows.iter().fold(Html::new(), |body, cells| {
            let row = cells.iter().zip(&self.heads).enumerate().fold(Html::new(), |row, (place, (cell, head))| {
                let class = ("class", class(head));
                match place {
                    0 if !cell.is_empty() => row.tag("th", &[("scope", "row"), class], cell.clone()),
                    _ => row.tag("td", &[class], cell.clone()),
                }
            });
            body.tag("tr", &[], row)
        });
        let table = Html::new().tag("thead", &[], Html::new().tag("tr", &[], head)).tag("tbody", &[], body);
        scrolling(label, Html::new().tag("table", &[], table))
    }
}

/// What may be wider than the screen, in a box that scrolls by itself.
pub fn scrolling(label: &str, inner: Html) -> Html {
    let attributes = [("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", label)];
    Html::new().tag("div", &attributes, inner)
}

/// What is shown when asked for.
pub fn details(summary: &str, inner: Html) -> Html {
    let summary = Html::new().tag("summary", &[], Html::of(summary));
    Html::new().tag("details", &[], summary.add(inner))
}
