//! A sheet of an Excel workbook as CSV: one line a row, blank rows as blank lines, so that what is known of CSV files holds
//! for sheets.

use calamine::{DataRef, ExcelDateTime};
use ropeway_vocab::{Kind, Problem, Result};

use crate::file::found::SourceFile;
use crate::file::sheets::{Book, is_blank, of_table};
use crate::file::unpack::check_ratio;
use crate::file::workbook::damaged;
use crate::value::number;

/// The cells of a sheet. How wide it is is known once all were read, so that each row is kept from its first cell to its last.
pub(super) struct Grid {
    /// Fields with commas between them, row after row.
    text: Vec<u8>,
    rows: Vec<Row>,
}

/// A row that is not blank.
struct Row {
    at: u32,
    /// The columns of its first and last cell, and how many there are.
    first: u32,
    last: u32,
    cells: u32,
    /// Where its fields end.
    end: usize,
}

impl Grid {
    pub(super) fn of(book: &mut Book, name: &str, file: &SourceFile) -> Result<Self> {
        let damaged = |error: calamine::XlsxError| damaged(file, &error);
        let size = std::fs::metadata(&file.path).map_or(0, |about| about.len());
        let mut grid = Self { text: Vec::new(), rows: Vec::new() };
        // A sheet of charts has no cells.
        let Ok(mut cells) = book.worksheet_cells_reader(name) else { return Ok(grid) };
        while let Some(cell) = cells.next_cell().map_err(damaged)? {
            if is_blank(cell.get_value()) {
                continue;
            }
            let (at, column) = cell.get_position();
            match grid.rows.last_mut() {
                Some(row) if row.at == at && row.last < column => {
                    grid.text.extend(std::iter::repeat_n(b',', (column - row.last) as usize));
                    (row.last, row.cells) = (column, row.cells + 1);
                }
                // Cells go from left to right and from top to bottom.
                Some(row) if row.at >= at => {
                    return Err(Problem::new(Kind::Corrupt, "damaged-file", "the cells of the sheet are out of order")
                        .at(file.place())
                        .remedy("open the workbook and save it again, or save the sheet as CSV"));
                }
                _ => grid.rows.push(Row { at, first: column, last: column, cells: 1, end: 0 }),
            }
            let (value, text) = (cell.get_value(), shown(cell.get_value()));
            push(&mut grid.text, &text, is_text(value) && number::has_point(&text));
            if let Some(row) = grid.rows.last_mut() {
                row.end = grid.text.len();
            }
            check_ratio(size, grid.text.len() as u64).map_err(|problem| problem.at(file.place()))?;
        }
        Ok(grid)
    }

    /// Rows that are not blank.
    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has a header and a row of at least two columns.
    pub(super) fn is_table(&self) -> bool {
        let width = self.rows.iter().map(|row| row.cells).max().unwrap_or(0);
        self.rows.iter().filter(|row| of_table(row.cells, width)).count() > 1
    }

    /// Its lines; the first `skip` rows are blank ones.
    pub(super) fn text(self, skip: usize, file: &SourceFile) -> Result<Vec<u8>> {
        let size = std::fs::metadata(&file.path).map_or(0, |about| about.len());
        let begin = self.rows.iter().take_while(|row| (row.at as usize) < skip).count();
        let rows = &self.rows[begin..];
        let first = rows.iter().map(|row| row.first).min().unwrap_or(0);
        let last = rows.iter().map(|row| row.last).max().unwrap_or(0);
        let mut from = begin.checked_sub(1).map_or(0, |before| self.rows[before].end);
        let (mut out, mut line) = (Vec::with_capacity(self.text.len() - from), 0);
        for row in rows {
            out.extend(std::iter::repeat_n(b'\n', (row.at - line) as usize));
            out.extend(std::iter::repeat_n(b',', (row.first - first) as usize));
            out.extend_from_slice(&self.text[from..row.end]);
            out.extend(std::iter::repeat_n(b',', (last - row.last) as usize));
            // A blank field of a single column would be a blank line.
            if from == row.end && first == last {
                out.extend_from_slice(b"\"\"");
            }
            (from, line) = (row.end, row.at);
            check_ratio(size, out.len() as u64).map_err(|problem| problem.at(file.place()))?;
        }
        out.push(b'\n');
        Ok(out)
    }
}

/// A field, quoted where it must be: a text that looks like a number would be a cell of one.
fn push(out: &mut Vec<u8>, text: &str, quotes: bool) {
    if quotes || text.contains([',', '"', '\n', '\r']) {
        out.push(b'"');
        out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

fn is_text(value: &DataRef<'_>) -> bool {
    matches!(value, DataRef::String(_) | DataRef::SharedString(_))
}

/// What a cell says.
pub(super) fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(at) => moment(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A day, an instant, a time of day, or a number of days.
fn moment(at: &ExcelDateTime) -> String {
    if at.is_duration() {
        return at.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let mut time = format!("{hour:02}:{minute:02}:{second:02}");
    if milli > 0 {
        time.push_str(&format!(".{milli:03}"));
    }
    match at.as_f64() {
        days if (0.0..1.0).contains(&days) => time,
        _ if time == "00:00:00" => date,
        _ => format!("{date} {time}"),
    }
}
