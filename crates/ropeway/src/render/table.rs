//! Plain text tables: the first column to the left, numbers to the right, no lines.

use super::problem::visible;

/// How a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A table that is being filled.
#[derive(Debug, Clone)]
pub struct Table {
    head: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// With these columns; a name that begins with `>` aligns its column to the right.
    pub fn new(columns: &[&str]) -> Self {
        let head = columns
            .iter()
            .map(|name| match name.strip_prefix('>') {
                Some(name) => (name.to_owned(), Align::Right),
                None => ((*name).to_owned(), Align::Left),
            })
            .collect();
        Self { head, rows: Vec::new() }
    }

    /// Adds a row; missing cells are empty.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        let mut row: Vec<String> = cells.into_iter().map(|cell| visible(&cell.into()).replace('\n', " ")).collect();
        row.resize(self.head.len(), String::new());
        self.rows.push(row);
    }

    /// The text, every line indented by `indent` spaces and ending in a line break.
    pub fn render(&self, indent: usize) -> String {
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.chain([self.head[column].0.chars().count()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        let titles: Vec<String> = self.head.iter().map(|(name, _)| name.clone()).collect();
        let with_titles = titles.iter().any(|title| !title.is_empty());
        let mut out = String::new();
        for row in with_titles.then_some(&titles).into_iter().chain(&self.rows) {
            let mut line = " ".repeat(indent);
            for (column, cell) in row.iter().enumerate() {
                if column > 0 {
                    line.push_str("  ");
                }
                let gap = " ".repeat(widths[column].saturating_sub(cell.chars().count()));
                match self.head[column].1 {
                    Align::Left => line.push_str(&format!("{cell}{gap}")),
                    Align::Right => line.push_str(&format!("{gap}{cell}")),
                }
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&["source", ">rows"]);
        table.row(["flights", "336,776"]);
        table.row(["é", "1"]);
        assert_eq!(table.render(2), "  source      rows\n  flights  336,776\n  é              1\n");
    }

    #[test]
    fn a_cell_cannot_break_the_line() {
        let mut table = Table::new(&["", ""]);
        table.row(["a\nb\u{1b}[0m"]);
        assert_eq!(table.render(0), "a b\u{fffd}[0m\n");
    }
}
