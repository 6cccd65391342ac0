//! HTML that is written piece by piece: whatever came from elsewhere is escaped on its way in.

use std::fmt::{Display, Write};

/// Text that is HTML. Tags and the names of attributes are written in this crate; all other text is escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of a text.
    pub fn of(text: impl Display) -> Self {
        Self::new().text(text)
    }

    /// Adds a text, escaped.
    #[must_use]
    pub fn text(mut self, text: impl Display) -> Self {
        escape(&text.to_string(), &mut self.0);
        self
    }

    /// Adds what is HTML already.
    #[must_use]
    pub fn add(mut self, other: Self) -> Self {
        self.0.push_str(&other.0);
        self
    }

    /// Adds an element; values of attributes are escaped.
    #[must_use]
    pub fn tag(mut self, name: &'static str, attributes: &[(&'static str, &str)], inner: Self) -> Self {
        self.open(name, attributes);
        let _ = write!(self.0, ">{}</{name}>", inner.0);
        self
    }

    /// Adds an element of HTML that has no end, or one of SVG without anything in it.
    #[must_use]
    pub fn lone(mut self, name: &'static str, attributes: &[(&'static str, &str)]) -> Self {
        self.open(name, attributes);
        self.0.push_str("/>");
        self
    }

    fn open(&mut self, name: &str, attributes: &[(&'static str, &str)]) {
        let _ = write!(self.0, "<{name}");
        for (name, value) in attributes {
            let _ = write!(self.0, " {name}=\"");
            escape(value, &mut self.0);
            self.0.push('"');
        }
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text.
    pub fn into_text(self) -> String {
        self.0
    }

    /// CSS, or another text of this crate that is no HTML.
    pub(crate) fn own(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

/// A paragraph of one text.
pub fn paragraph(class: &str, text: impl Display) -> Html {
    Html::new().tag("p", &[("class", class)], Html::of(text))
}

/// A name or command, as it is written.
pub fn code(text: impl Display) -> Html {
    Html::new().tag("code", &[], Html::of(text))
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            // HTML has no way to write these.
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_elsewhere_is_text() {
        let hostile = "<script>alert(1)</script> \"onload=\" & 'x' \u{0}\u{1b}";
        let page = Html::new().tag("td", &[("title", hostile)], Html::of(hostile)).into_text();
        let expect = "&lt;script&gt;alert(1)&lt;/script&gt; &quot;onload=&quot; &amp; &#39;x&#39; \u{fffd}\u{fffd}";
        assert_eq!(page, format!("<td title=\"{expect}\">{expect}</td>"));
    }
}
