//! Excel workbooks: opened within bounds, and the sheet that is read.

use calamine::Reader;
use ropeway_vocab::{Kind, Problem, Result};

use crate::file::archive;
use crate::file::found::SourceFile;
use crate::file::grid::Grid;
use crate::file::sheets::{self, Book, SheetLook};
use crate::file::unpack::{Unpacker, check_ratio};

/// The sheet that the file stands for, else that of this name, else the first that holds a table, without its first `skip` rows:
/// these are blank lines.
pub(crate) fn text(file: &SourceFile, sheet: Option<&str>, skip: usize) -> Result<Vec<u8>> {
    let mut book = opened(file)?;
    chosen(&mut book, file, file.sheet.as_deref().or(sheet))?.text(skip, file)
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

pub(super) fn damaged(file: &SourceFile, error: &calamine::XlsxError) -> Problem {
    Problem::new(Kind::Corrupt, "damaged-file", format!("the workbook cannot be read: {error}"))
        .at(file.place())
        .remedy("open it and save it again, or save the sheet as CSV")
}

/// The sheet of that name, else the first that holds a table: one that is shown before hidden ones, one of several columns before
/// lists. None is read twice for that.
fn chosen(book: &mut Book, file: &SourceFile, sheet: Option<&str>) -> Result<Grid> {
    if let Some(sheet) = sheet {
        let name = sheets::named(&book.sheet_names(), file, sheet)?;
        return Grid::of(book, &name, file);
    }
    let about = sheets::about(book);
    for hidden in [false, true] {
        let mut list = None;
        for (name, _) in about.iter().filter(|(_, own)| *own == hidden) {
            let grid = Grid::of(book, name, file)?;
            if grid.is_table() {
                return Ok(grid);
            }
            list = list.or(Some(grid).filter(|grid| grid.rows() > 1));
        }
        if let Some(list) = list {
            return Ok(list);
        }
    }
    let what = format!("none of the {} sheets has a header and a row", about.len());
    Err(Problem::invalid("no-rows", what)
        .at(file.place())
        .remedy("put the table into it, or name the file that holds it"))
}

/// The names of the sheets of a workbook.
pub(crate) fn sheet_names(file: &SourceFile) -> Result<Vec<String>> {
    Ok(opened(file)?.sheet_names())
}

/// What the sheets of a workbook show of themselves, in their order.
pub(crate) fn sheets(file: &SourceFile) -> Result<Vec<SheetLook>> {
    sheets::looks(&mut opened(file)?).map_err(|error| damaged(file, &error))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::file::archive::tests::pack;

    /// A cell: where it is, what it is, and what it says.
    pub(crate) type Cell<'a> = (&'a str, char, &'a str);
    pub(crate) type Sheet<'a> = (&'a str, &'a [Cell<'a>]);

    /// Writes a workbook whose sheets have these cells: `s` a text, `n` a number, `d` a day, `b` a boolean, `e` an error.
    pub(crate) fn book(path: &std::path::Path, sheets: &[Sheet<'_>]) {
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
    fn a_text_that_looks_like_a_number_stands_in_quotes() {
        let cells: &[Cell<'_>] = &[
            ("A1", 's', "a"),
            ("B1", 's', "b"),
            ("A2", 'n', "12.345"),
            ("B2", 's', "12.345"),
            ("A3", 'n', "12"),
            ("B3", 's', "12"),
        ];
        assert_eq!(read(&[("Data", cells)], None, 0).unwrap(), "a,b\n12.345,\"12.345\"\n12,12\n");
    }

    #[test]
    fn no_more_of_the_texts_of_a_sheet_is_kept_than_names_need() {
        let page = "x".repeat(4_000);
        let names: Vec<String> = (2..42).map(|row| format!("A{row}")).collect();
        let mut cells: Vec<Cell<'_>> = vec![("A1", 's', "name"), ("B1", 's', page.as_str())];
        cells.extend(names.iter().map(|at| (at.as_str(), 's', page.as_str())));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.xlsx");
        book(&path, &[("Data", &cells)]);
        let looks = sheets(&SourceFile::at(&path, None)).unwrap();
        assert_eq!((looks[0].rows, looks[0].width), (41, 2));
        assert_eq!(looks[0].header, ["name", ""]);
        assert!(looks[0].top.iter().flatten().map(String::len).sum::<usize>() < page.len());
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
