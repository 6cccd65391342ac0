//! A sheet of an Excel workbook as CSV: one line a row, blank rows as blank lines, so that what is known of CSV files holds
//! for sheets.

use calamine::{DataRef, ExcelDateTime, Reader};
use ropeway_vocab::{Kind, Problem, Result};

use crate::file::archive;
use crate::file::found::SourceFile;
use crate::file::sheets::{self, Book, SheetLook, is_blank};
use crate::file::unpack::{Unpacker, check_ratio};

/// The sheet that the file stands for, else that of this name, else the first that holds a table, without its first `skip` rows:
/// these are blank lines.
pub(crate) fn text(file: &SourceFile, sheet: Option<&str>, skip: usize) -> Result<Vec<u8>> {
    let mut book = opened(file)?;
    let name = chosen(&mut book, file, file.sheet.as_deref().or(sheet))?;
    let extent = Extent::of(&mut book, &name, skip).map_err(|error| damaged(file, &error))?;
    written(&mut book, &name, &extent, file)
}

fn opened(file: &SourceFile) -> Result<Book> {
    let refuse = |what: &str, remedy: &str| Err(Problem::invalid("wrong-format", what).at(file.place()).remedy(remedy));
    if file.part.is_some() {
        return refuse("this is a workbook inside an archive", "unpack the archive, and name the workbook");
    }
    if !archive::is_zip(file)? {
        return refuse(
            "this is no Excel workbook",
            "name it for what it is, or say `format` at the source; save an old .xls as .xlsx",
        );
    }
    bearable(file)?;
    calamine::open_workbook(&file.path).map_err(|error| damaged(file, &error))
}

/// Reads all members once, so that none unpacks too far where a library would hold it in memory.
fn bearable(file: &SourceFile) -> Result<()> {
    let mut block = vec![0; 1 << 16];
    let mut all = 0_u64;
    let size = std::fs::metadata(&file.path).map_or(0, |about| about.len());
    for member in archive::members(file)? {
        let mut unpacker = Unpacker::open(&member)?;
        loop {
            match unpacker.read(&mut block)? {
                0 => break,
                read => all += read as u64,
            }
        }
        check_ratio(size, all).map_err(|problem| problem.at(file.place()))?;
    }
    Ok(())
}

fn damaged(file: &SourceFile, error: &calamine::XlsxError) -> Problem {
    Problem::new(Kind::Corrupt, "damaged-file", format!("the workbook cannot be read: {error}"))
        .at(file.place())
        .remedy("open it and save it again, or save the sheet as CSV")
}

fn chosen(book: &mut Book, file: &SourceFile, sheet: Option<&str>) -> Result<String> {
    if let Some(sheet) = sheet {
        return sheets::named(&book.sheet_names(), file, sheet);
    }
    let first = sheets::first(book).map_err(|error| damaged(file, &error))?;
    first.ok_or_else(|| {
        let what = format!("none of the {} sheets has a header and a row", book.sheet_names().len());
        Problem::invalid("no-rows", what)
            .at(file.place())
            .remedy("put the table into it, or name the file that holds it")
    })
}

/// The names of the sheets of a workbook.
pub(crate) fn sheet_names(file: &SourceFile) -> Result<Vec<String>> {
    Ok(opened(file)?.sheet_names())
}

/// What the sheets of a workbook show of themselves, in their order.
pub(crate) fn sheets(file: &SourceFile) -> Result<Vec<SheetLook>> {
    sheets::looks(&mut opened(file)?).map_err(|error| damaged(file, &error))
}

/// Where the cells of a sheet lie.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Extent {
    skip: usize,
    /// Rows that are not blank.
    rows: usize,
    first: u32,
    last: u32,
}

impl Extent {
    fn of(book: &mut Book, name: &str, skip: usize) -> std::result::Result<Self, calamine::XlsxError> {
        let mut extent = Self { skip, first: u32::MAX, ..Self::default() };
        let mut at = None;
        let Ok(mut cells) = book.worksheet_cells_reader(name) else { return Ok(extent) };
        while let Some(cell) = cells.next_cell()? {
            let (row, column) = cell.get_position();
            if (row as usize) < skip || is_blank(cell.get_value()) {
                continue;
            }
            extent.rows += usize::from(at != Some(row));
            at = Some(row);
            extent.first = extent.first.min(column);
            extent.last = extent.last.max(column);
        }
        Ok(extent)
    }
}

fn written(book: &mut Book, name: &str, extent: &Extent, file: &SourceFile) -> Result<Vec<u8>> {
    let damaged = |error: calamine::XlsxError| damaged(file, &error);
    let size = std::fs::metadata(&file.path).map_or(0, |about| about.len());
    let mut out = Vec::new();
    // The next cell that can be written: cells go from left to right and from top to bottom.
    let (mut row, mut column) = (0, extent.first);
    let end_row = |out: &mut Vec<u8>, column: u32| {
        if column > extent.first {
            out.extend(std::iter::repeat_n(b',', (extent.last + 1 - column) as usize));
        }
        out.push(b'\n');
    };
    let mut cells = book.worksheet_cells_reader(name).map_err(damaged)?;
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (at_row, at_column) = cell.get_position();
        if (at_row as usize) < extent.skip || is_blank(cell.get_value()) {
            continue;
        }
        if (at_row, at_column) < (row, column) {
            return Err(Problem::new(Kind::Corrupt, "damaged-file", "the cells of the sheet are out of order")
                .at(file.place())
                .remedy("open the workbook and save it again, or save the sheet as CSV"));
        }
        while row < at_row {
            end_row(&mut out, column);
            (row, column) = (row + 1, extent.first);
        }
        // Each cell ends at the comma that the next one, or the end of the row, writes.
        let commas = at_column + u32::from(column > extent.first) - column;
        out.extend(std::iter::repeat_n(b',', commas as usize));
        push(&mut out, &shown(cell.get_value()), extent.first == extent.last);
        column = at_column + 1;
        check_ratio(size, out.len() as u64).map_err(|problem| problem.at(file.place()))?;
    }
    end_row(&mut out, column);
    Ok(out)
}

/// A field, quoted where it must be: a blank one of a single column would be a blank line.
fn push(out: &mut Vec<u8>, text: &str, alone: bool) {
    if text.contains([',', '"', '\n', '\r']) || alone && text.is_empty() {
        out.push(b'"');
        out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

fn shown(value: &DataRef<'_>) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::archive::tests::pack;

    /// A cell: where it is, what it is, and what it says.
    type Cell<'a> = (&'a str, char, &'a str);
    type Sheet<'a> = (&'a str, &'a [Cell<'a>]);

    /// Writes a workbook whose sheets have these cells: `s` a text, `n` a number, `d` a day, `b` a boolean, `e` an error.
    fn book(path: &std::path::Path, sheets: &[Sheet<'_>]) {
        let head = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        let mut listed = String::new();
        let mut related = String::new();
        let mut parts: Vec<(String, String)> = Vec::new();
        for (index, (name, cells)) in sheets.iter().enumerate() {
            let id = index + 1;
            listed += &format!(r#"<sheet name="{name}" sheetId="{id}" r:id="rId{id}"/>"#);
            related +=
                &format!(r#"<Relationship Id="rId{id}" Type="{office}/worksheet" Target="worksheets/sheet{id}.xml"/>"#);
            let mut rows: Vec<(u32, String)> = Vec::new();
            for (at, kind, value) in *cells {
                let row: u32 = at.trim_start_matches(|c: char| c.is_alphabetic()).parse().unwrap();
                let cell = match kind {
                    's' => format!(r#"<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>"#),
                    'd' => format!(r#"<c r="{at}" s="1"><v>{value}</v></c>"#),
                    'b' => format!(r#"<c r="{at}" t="b"><v>{value}</v></c>"#),
                    'e' => format!(r#"<c r="{at}" t="e"><v>{value}</v></c>"#),
                    _ => format!(r#"<c r="{at}"><v>{value}</v></c>"#),
                };
                match rows.last_mut() {
                    Some((last, text)) if *last == row => *text += &cell,
                    _ => rows.push((row, cell)),
                }
            }
            let rows: String = rows.iter().map(|(row, cells)| format!(r#"<row r="{row}">{cells}</row>"#)).collect();
            let sheet = format!(r#"{head}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#);
            parts.push((format!("xl/worksheets/sheet{id}.xml"), sheet));
        }
        related += &format!(r#"<Relationship Id="rIdS" Type="{office}/styles" Target="styles.xml"/>"#);
        let workbook =
            format!(r#"{head}<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>"#);
        let styles = format!(
            r#"{head}<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#
        );
        parts.push(("xl/workbook.xml".into(), workbook));
        let root = format!(r#"<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>"#);
        let root = format!(r#"{head}<Relationships xmlns="{package}">{root}</Relationships>"#);
        parts.push(("_rels/.rels".into(), root));
        parts.push((
            "xl/_rels/workbook.xml.rels".into(),
            format!(r#"{head}<Relationships xmlns="{package}">{related}</Relationships>"#),
        ));
        parts.push(("xl/styles.xml".into(), styles));
        parts.push(("[Content_Types].xml".into(), format!(r#"{head}<Types/>"#)));
        let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
        pack(path, &parts);
    }

    fn read(sheets: &[Sheet<'_>], sheet: Option<&str>, skip: usize) -> Result<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.xlsx");
        book(&path, sheets);
        text(&SourceFile::at(&path, Some(folder.path())), sheet, skip).map(|text| String::from_utf8(text).unwrap())
    }

    const TABLE: &[Cell<'_>] = &[
        ("B2", 's', "A title"),
        ("B4", 's', "day"),
        ("C4", 's', "note"),
        ("D4", 's', "n"),
        ("B5", 'd', "45292"),
        ("C5", 's', "a, \"b\""),
        ("D5", 'n', "12"),
        ("B6", 'd', "45292.5"),
        ("D6", 'n', "0.1"),
        ("C7", 'b', "1"),
        ("D7", 'e', "#N/A"),
    ];

    #[test]
    fn cells_are_fields_in_the_lines_of_their_rows() {
        let sheets: [(&str, &[_]); 2] = [("Cover", &[("A1", 's', "hello")]), ("Data", TABLE)];
        let want = "\n\nday,note,n\n2024-01-01,\"a, \"\"b\"\"\",12\n2024-01-01 12:00:00,,0.1\n,true,#N/A\n";
        assert_eq!(read(&sheets, None, 0).unwrap(), format!("\nA title,,{want}"));
        assert_eq!(read(&sheets, Some("Data"), 3).unwrap(), format!("\n{want}"));
    }

    #[test]
    fn a_sheet_that_is_not_there_and_a_workbook_without_a_table_are_told() {
        let problem = read(&[("Data", TABLE)], Some("Dta"), 0).unwrap_err();
        assert!(format!("{:?}", problem.advice()).contains("Data"), "{problem}");
        assert_eq!(read(&[("Cover", &[("A1", 's', "hello")])], None, 0).unwrap_err().code(), "no-rows");
        let out_of_order: &[Cell<'_>] = &[("A2", 'n', "1"), ("A1", 'n', "2"), ("A3", 'n', "2")];
        assert_eq!(read(&[("Data", out_of_order)], None, 0).unwrap_err().code(), "damaged-file");
    }
}
