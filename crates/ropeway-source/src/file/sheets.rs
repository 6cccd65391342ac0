//! Which sheet of a workbook holds the table: the one that is named, else what the sheets show of themselves.

use std::fs::File;
use std::io::BufReader;

use calamine::{DataRef, Reader, SheetVisible, Xlsx, XlsxError};
use ropeway_vocab::{Problem, Result, nearest};

use crate::file::found::SourceFile;
use crate::file::grid::shown;

pub(super) type Book = Xlsx<BufReader<File>>;

/// Rows among which the header is looked for.
const TOP: usize = 40;
/// Bytes of texts that are kept of them: a name is short, and a cell may hold pages.
const TEXTS: usize = 1 << 20;
/// Bytes of a text that may be a name.
const NAME: usize = 1_000;

/// What a sheet shows of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SheetLook {
    pub(crate) name: String,
    pub(crate) hidden: bool,
    /// Rows that are not blank.
    pub(crate) rows: usize,
    /// Rows of a table, its header among them: they have at least two fields, and half of those of the widest row.
    pub(crate) table: usize,
    /// Fields of its widest row.
    pub(crate) width: usize,
    /// The texts of the first row of the table, as it stands there.
    pub(crate) header: Vec<String>,
    /// Those of all of its first rows: a title may look like a header.
    pub(crate) top: Vec<Vec<String>>,
}

impl SheetLook {
    fn of(book: &mut Book, name: &str, hidden: bool) -> std::result::Result<Self, XlsxError> {
        let mut look = Self { name: name.to_owned(), hidden, ..Self::default() };
        let mut filled: Vec<u32> = Vec::new();
        let mut top: Vec<Vec<String>> = Vec::new();
        let (mut at, mut room) = (None, TEXTS);
        let Ok(mut cells) = book.worksheet_cells_reader(name) else { return Ok(look) };
        while let Some(cell) = cells.next_cell()? {
            if is_blank(cell.get_value()) {
                continue;
            }
            let row = cell.get_position().0;
            if at != Some(row) {
                at = Some(row);
                filled.push(0);
                if top.len() < TOP {
                    top.push(Vec::new());
                }
            }
            filled.last_mut().into_iter().for_each(|count| *count += 1);
            if filled.len() <= TOP
                && let Some(texts) = top.last_mut()
            {
                texts.push(name_of(cell.get_value(), &mut room));
            }
        }
        look.rows = filled.len();
        look.width = filled.iter().copied().max().unwrap_or(0) as usize;
        let width = look.width as u32;
        look.table = filled.iter().filter(|count| of_table(**count, width)).count();
        look.header = top.iter().find(|row| of_table(row.len() as u32, width)).cloned().unwrap_or_default();
        look.top = top;
        Ok(look)
    }

    /// Whether it has a header and a row of at least two columns.
    pub(crate) fn is_table(&self) -> bool {
        self.table > 1
    }

    /// Its cells, as far as they are a table's.
    pub(crate) fn cells(&self) -> usize {
        self.table * self.width
    }
}

/// Whether a row of so many cells is one of a table, where the widest has that many.
pub(super) fn of_table(cells: u32, width: u32) -> bool {
    cells >= 2 && cells * 2 >= width
}

/// A text that its writer left blank is a cell of no row.
pub(super) fn is_blank(value: &DataRef<'_>) -> bool {
    match value {
        DataRef::Empty => true,
        DataRef::String(text) => text.is_empty(),
        DataRef::SharedString(text) => text.is_empty(),
        _ => false,
    }
}

/// The text of a cell where it may be the name of a column, and there is room for it; else it counts as a field.
fn name_of(value: &DataRef<'_>, room: &mut usize) -> String {
    let long = match value {
        DataRef::String(text) => text.len() > NAME,
        DataRef::SharedString(text) => text.len() > NAME,
        _ => false,
    };
    let name = if long || *room == 0 { String::new() } else { shown(value) };
    *room = room.saturating_sub(name.len());
    name
}

/// The sheets in their order.
pub(super) fn looks(book: &mut Book) -> std::result::Result<Vec<SheetLook>, XlsxError> {
    about(book).iter().map(|(name, hidden)| SheetLook::of(book, name, *hidden)).collect()
}

/// The names of the sheets, and whether they are hidden.
pub(super) fn about(book: &Book) -> Vec<(String, bool)> {
    let hidden = |visible: SheetVisible| visible != SheetVisible::Visible;
    book.sheets_metadata().iter().map(|about| (about.name.clone(), hidden(about.visible))).collect()
}

/// The sheet of this name, which is to be there.
pub(crate) fn named(names: &[String], file: &SourceFile, sheet: &str) -> Result<String> {
    if names.iter().any(|name| name == sheet) {
        return Ok(sheet.to_owned());
    }
    let problem = Problem::invalid("sheet", format!("there is no sheet `{sheet}`")).at(file.place());
    Err(match nearest(sheet, names.iter().map(String::as_str)) {
        Some(near) => problem.remedy(format!("did you mean `{near}`? The sheets are: {}", names.join(", "))),
        None => problem.remedy(format!("the sheets are: {}", names.join(", "))),
    })
}
