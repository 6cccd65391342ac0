//! Files as strangers send them: a workbook with a cover and a sheet a month, a name twice in a header, a folder with a file of
//! other columns. Each is read to its end, and what was decided is said. Controls: the same without what makes it odd, or without
//! the setting.

use serde_json::Value;

use crate::ropeway::Folder;
use crate::spelled_sources::zip;

pub const ROWS: u64 = 120;

/// A number that follows from a row and looks like none.
pub fn dice(row: u64, salt: u64) -> u64 {
    let mut x = (row + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 30)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A table of these rows: `id`, `size`, more columns, and `y`.
pub fn table(rows: std::ops::Range<u64>, head: &str, more: impl Fn(u64) -> String) -> String {
    let line = |row: u64| {
        let size = dice(row, 1) % 1_000;
        let y = if size + dice(row, 2) % 400 > 700 { "yes" } else { "no" };
        format!("{row},{size}{},{y}\n", more(row))
    };
    std::iter::once(format!("id,size{head},y\n")).chain(rows.map(line)).collect()
}

pub fn plain(rows: std::ops::Range<u64>) -> String {
    table(rows, "", |_| String::new())
}

/// A workbook of these sheets: a name, whether it is hidden, and rows of cells.
pub fn workbook(sheets: &[(&str, bool, &str)]) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let (mut listed, mut related, mut parts) = (String::new(), String::new(), Vec::new());
    for (at, (name, hidden, table)) in sheets.iter().enumerate() {
        let state = if *hidden { r#" state="hidden""# } else { "" };
        listed += &format!(r#"<sheet name="{name}" sheetId="{0}"{state} r:id="r{at}"/>"#, at + 1);
        related += &format!(r#"<Relationship Id="r{at}" Type="{office}/worksheet" Target="worksheets/{at}.xml"/>"#);
        let mut rows = String::new();
        for (row, line) in table.lines().enumerate() {
            let cells = line.split(',').enumerate().filter(|(_, value)| !value.is_empty()).map(|(column, value)| {
                let place = format!("{}{}", char::from(b'A' + u8::try_from(column).unwrap()), row + 1);
                match value.parse::<f64>() {
                    Ok(_) => format!(r#"<c r="{place}"><v>{value}</v></c>"#),
                    Err(_) => format!(r#"<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>"#),
                }
            });
            rows += &format!(r#"<row r="{}">{}</row>"#, row + 1, cells.collect::<String>());
        }
        let sheet = format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#);
        parts.push((format!("xl/worksheets/{at}.xml"), sheet));
    }
    parts.push((
        "xl/workbook.xml".into(),
        format!(r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>"#),
    ));
    let relations = |all: &str| format!(r#"<Relationships xmlns="{package}">{all}</Relationships>"#);
    parts.push(("xl/_rels/workbook.xml.rels".into(), relations(&related)));
    let root = format!(r#"<Relationship Id="r0" Type="{office}/officeDocument" Target="xl/workbook.xml"/>"#);
    parts.push(("_rels/.rels".into(), relations(&root)));
    parts.push(("[Content_Types].xml".into(), "<Types/>".into()));
    zip(&parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect::<Vec<_>>())
}

/// `init` of this file and `check` of what it wrote; what `init` said.
#[track_caller]
pub fn started(folder: &Folder, arguments: &[&str]) -> Value {
    let started = folder.run(&[&["init", "--label", "y", "--json"], arguments].concat()).expect(0).json();
    folder.run(&["check"]).expect(0);
    started
}

/// The folder without the project.
fn anew(folder: &Folder) {
    for name in ["ropeway.toml", "NOTES.md", ".gitignore"] {
        std::fs::remove_file(folder.path().join(name)).unwrap();
    }
    std::fs::remove_dir_all(folder.path().join("tables")).unwrap();
}

#[track_caller]
pub fn said(value: &Value, text: &str) {
    assert!(value.to_string().contains(text), "`{text}` is not in:\n{value}");
}

#[track_caller]
pub fn written(folder: &Folder, text: &str) {
    let toml = folder.read("ropeway.toml");
    assert!(toml.contains(text), "`{text}` is not in:\n{toml}");
}

/// The codes of findings that `check` tells.
pub fn codes(folder: &Folder) -> Vec<String> {
    let found = folder.run(&["check", "--json"]).expect(0).json();
    let code = |finding: &Value| finding["code"].as_str().unwrap().to_owned();
    found["findings"].as_array().unwrap().iter().map(code).collect()
}

const COVER: &str = "Annual report\n\nby,the office\non,request\n";
const LEGEND: &str = "column,meaning\nsize,in square metres\ny,whether it was paid\n";

#[test]
fn the_sheet_that_holds_the_table_is_found_and_may_be_named() {
    let folder = Folder::new();
    let (data, old) = (plain(0..ROWS), plain(0..ROWS * 2));
    let sheets: [(&str, bool, &str); 5] = [
        ("Cover", false, COVER),
        ("Legend", false, LEGEND),
        ("Data", false, &data),
        ("Old", true, &old),
        ("Empty", false, ""),
    ];
    folder.write("book.xlsx", workbook(&sheets));
    let begun = started(&folder, &["book.xlsx"]);
    assert_eq!(begun["rows"], ROWS);
    written(&folder, "sheet = \"Data\"");
    for text in ["`Cover` (1 row of 2 columns)", "`Legend`", "the same columns: `Old`"] {
        written(&folder, text);
        said(&begun["notes"], text);
    }
    // Control: without the setting the first table is read, which has no label.
    let right = folder.read("ropeway.toml");
    let line = right.lines().find(|line| line.starts_with("sheet = ")).unwrap();
    folder.edit("ropeway.toml", line, "");
    assert_ne!(folder.run(&["check"]).code, 0);
    anew(&folder);
    assert_eq!(started(&folder, &["book.xlsx", "--sheet", "Old"])["rows"], ROWS * 2);
    anew(&folder);
    folder.fails(&["init", "book.xlsx", "--sheet", "Dta"], 1, &["no sheet `Dta`", "did you mean `Data`?", "Legend"]);
    folder.fails(&["profile", "book.xlsx", "--sheet", "Dta"], 1, &["did you mean `Data`?"]);
    folder.write("data.csv", &data);
    folder.fails(&["init", "data.csv", "--sheet", "Data"], 1, &["`sheet` means nothing"]);
    let profile = folder.run(&["profile", "book.xlsx", "--sheet", "Legend", "--json"]).expect(0).json();
    assert_eq!((&profile["rows"], &profile["columns"][0]["name"]), (&2.into(), &"column".into()));
    // Without a label it is the largest that is shown.
    assert_eq!(folder.run(&["profile", "book.xlsx", "--json"]).expect(0).json()["rows"], ROWS);
}

#[test]
fn sheets_of_one_form_are_one_table_and_can_be_taken_apart() {
    let folder = Folder::new();
    // A sum at the end of one, and a title above all.
    let month = |rows: std::ops::Range<u64>, end: &str| format!("Houses\n\n{}{end}", plain(rows));
    let months = [month(0..80, ""), month(80..160, "Total,12345,\n"), month(160..ROWS * 2, "")];
    let sheets: [(&str, bool, &str); 5] = [
        ("Jan", false, &months[0]),
        ("Feb", false, &months[1]),
        ("Mar", false, &months[2]),
        ("Jan old", false, &months[0]),
        ("Hidden", true, &months[0]),
    ];
    folder.write("book.xlsx", workbook(&sheets));
    let begun = started(&folder, &["book.xlsx"]);
    assert_eq!((&begun["rows"], &begun["rejected"]), (&(ROWS * 2).into(), &0.into()), "{}", begun["notes"]);
    written(&folder, "sheet = [\"Jan\", \"Feb\", \"Mar\"]");
    said(&begun["notes"], "these sheets have the same columns, 241 rows in all, and are read as one table");
    said(&begun["notes"], "LEFT OUT, though they have the same columns: `Jan old`, `Hidden`");
    let toml = folder.read("ropeway.toml");
    let all = "sheet = [\"Jan\", \"Feb\", \"Mar\"]";
    let sheets = |sheets: &str| folder.write("ropeway.toml", toml.replacen(all, &format!("sheet = {sheets}"), 1));
    let rows = || {
        folder.run(&["check"]).expect(0);
        folder.run(&["table", "book_clean", "--out", "all.csv"]).expect(0);
        folder.read("all.csv").lines().count() - 1
    };
    assert_eq!(rows(), 240);
    let report = folder.run(&["run", "--json"]).expect(0).json();
    assert_eq!(report["sources"]["book"]["kept"], 240);
    sheets("\"?a*\"");
    assert_eq!(rows(), 160, "Jan and Mar, and what is there again of it in an old one");
    sheets("[\"Jan\", \"Fbe\"]");
    folder.fails(&["check"], 1, &["no sheet `Fbe`", "did you mean `Feb`?"]);
    sheets("\"X*\"");
    folder.fails(&["check"], 1, &["matches `X*`", "Jan, Feb, Mar"]);
    sheets("7");
    folder.fails(&["check"], 1, &["ropeway.toml", "a text or a list of texts"]);
}

#[test]
fn what_is_wrong_in_one_of_several_sheets_is_told_with_sheet_and_row() {
    let folder = Folder::new();
    let (jan, feb) = (plain(0..80), plain(80..160).replacen("81,", "81,unknown ", 1));
    let empty = ("Sheet4", false, "");
    folder.write("book.xlsx", workbook(&[("Jan", false, &jan), ("Feb", false, &feb), ("Old", true, COVER), empty]));
    started(&folder, &["book.xlsx", "--sheet", "Jan", "--name", "book"]);
    folder.edit("ropeway.toml", "sheet = \"Jan\"", "sheet = \"*\"\ntolerate = 0.1");
    let declared =
        folder.read("ropeway.toml").replacen("[source.book.types]", "[source.book.types]\nsize = \"integer\"", 1);
    assert!(declared.contains("size = \"integer\""), "{declared}");
    folder.write("ropeway.toml", declared);
    let report = folder.run(&["run", "--json"]).expect(0).json();
    let rows = &report["sources"]["book"];
    assert_eq!((&rows["rows_in"], &rows["kept"], &rows["quarantined"]), (&160.into(), &159.into(), &1.into()));
    let bad = folder.run(&["show", "--quarantine", "book", "--json"]).expect(0).json();
    assert_eq!((&bad["rows"][0]["file"], &bad["rows"][0]["line"]), (&"book.xlsx/Feb".into(), &3.into()), "{bad}");
    // Sheets of other columns are files of other columns; one that is no table can be left out.
    let cover = ("Cover", false, COVER);
    folder.write("book.xlsx", workbook(&[("Jan", false, &jan), cover, ("Feb", false, &feb)]));
    folder.fails(&["check"], 1, &["book.xlsx/Cover has other columns than book.xlsx/Jan", "it lacks `id`"]);
    folder.edit("ropeway.toml", "sheet = \"*\"", "sheet = \"*\"\nleave_out = [\"Cover\"]");
    folder.run(&["check"]).expect(0);
    // A model of all sheets scores one.
    folder.run(&["run", "--quiet"]).expect(0);
    folder.write("new.xlsx", workbook(&[cover, ("Mar", false, &plain(160..200))]));
    let scored = folder.run(&["predict", "book", "--in", "new.xlsx", "--out", "out.csv", "--json"]).expect(0).json();
    assert_eq!((&scored["sheet"], &scored["rows"]), (&"Mar".into(), &40.into()));
}

#[test]
fn sheets_of_which_one_has_text_among_the_numbers_are_not_glued_together() {
    let folder = Folder::new();
    let feb = plain(80..160).replacen("81,", "81,unknown ", 1);
    folder.write("book.xlsx", workbook(&[("Jan", false, &plain(0..80)), ("Feb", false, &feb)]));
    started(&folder, &["book.xlsx", "--sheet", "Jan"]);
    let toml = folder.read("ropeway.toml");
    let source = |more: &str| {
        let own = "path = \"book.xlsx\"\nsheet = \"Feb\"\nknown_ahead = [\"id\", \"size\"]\n";
        folder.write("ropeway.toml", format!("{toml}\n[source.feb]\n{own}{more}"));
    };
    source("");
    let sql = folder.read("tables/book_clean.sql");
    folder.write("tables/book_clean.sql", format!("{sql}UNION ALL SELECT id,\n  size, y = 'yes' FROM feb"));
    let line = sql.lines().count() + 2;
    let at = format!("tables/book_clean.sql:{line}:3");
    let says = ["error[union-types]", "column `size` of the UNION is integer in SELECT 1 and text in SELECT 2", &at];
    for command in [["check"], ["run"]] {
        folder.fails(&command, 1, &says);
    }
    // As it says: the cell costs its row, or the text is no number.
    source("types = { size = \"integer\" }\ntolerate = 0.1\n");
    folder.run(&["check"]).expect(0);
    source("");
    folder.edit("tables/book_clean.sql", "id,\n  size,", "id,\n  TRY_CAST(size AS BIGINT),");
    folder.run(&["check"]).expect(0);
    // A literal is what it needs to be.
    folder.edit("tables/book_clean.sql", "TRY_CAST(size AS BIGINT),", "'7',");
    assert!(!folder.run(&["check"]).stderr.contains("union-types"));
}

#[test]
fn a_name_that_stands_twice_is_two_columns_wherever_the_file_is_read() {
    let folder = Folder::new();
    let text = table(0..ROWS, ",size, ,Size", |row| format!(",{},{},{}", row % 7, row % 5, row % 3));
    folder.write("data.csv", &text);
    let begun = started(&folder, &["data.csv"]);
    said(&begun["notes"], "column 3 `size` is read as `size_2`");
    written(&folder, "column 3 `size` is read as `size_2`");
    assert!(codes(&folder).contains(&"repeated-column".to_owned()));
    folder.run(&["run", "--final", "--quiet"]).expect(0);
    folder.write("new.csv", text.lines().take(20).map(|line| format!("{line}\n")).collect::<String>());
    folder.run(&["predict", &model(&begun), "--in", "new.csv", "--out", "scores.csv"]).expect(0);
    let scores = folder.read("scores.csv");
    assert!(scores.starts_with("id,size,size_2,column_4,Size,y,"), "{scores}");
    // The same columns in a workbook.
    let book = Folder::new();
    book.write("data.xlsx", workbook(&[("Data", false, &text)]));
    said(&started(&book, &["data.xlsx"])["notes"], "column 3 `size` is read as `size_2`");
    // Control: no name twice, nothing said.
    let other = Folder::new();
    other.write("data.csv", text.replacen(",size,size,", ",size,width,", 1));
    assert!(!started(&other, &["data.csv"])["notes"].to_string().contains("is read as"));
    assert!(!codes(&other).contains(&"repeated-column".to_owned()));
}

fn model(begun: &Value) -> String {
    begun["project"].as_str().unwrap().to_owned()
}

#[test]
fn files_of_a_folder_that_are_not_like_the_others_are_taken_or_left_out_and_it_is_said() {
    let folder = Folder::new();
    folder.write("visits/2021.csv", plain(0..80));
    folder.write("visits/2022.csv", plain(80..160));
    // More columns, and one in another place.
    let wider: String = table(160..240, ",mood", |row| format!(",{}", row % 4));
    folder.write("visits/2023.csv", wider);
    folder.write("visits/a_codes.csv", "code,meaning\n1,one\n2,two\n");
    folder.write("visits/empty.csv", "");
    folder.write("visits/test.csv", "id,size\n900,5\n901,800\n");
    let begun = started(&folder, &["visits"]);
    assert_eq!(begun["rows"], 240);
    for text in [
        "`2023.csv` has `mood` besides",
        "`a_codes.csv`: its columns are others",
        "`empty.csv`",
        "`test.csv`: it lacks `y`",
    ] {
        written(&folder, text);
        said(&begun["notes"], text);
    }
    assert!(codes(&folder).contains(&"other-columns".to_owned()));
    let report = folder.run(&["run", "--final", "--json", "--quiet"]).expect(0).json();
    assert_eq!(report["examples"]["rows"], 240);
    folder.run(&["table", "visits_clean", "--out", "all.csv"]).expect(0);
    let all = folder.read("all.csv");
    assert!(all.starts_with("id,size,y,mood\n"), "{all}");
    let of = |id: u64| all.lines().find(|line| line.starts_with(&format!("{id},"))).unwrap().to_owned();
    assert!(of(3).split(',').nth(3) == Some("") && of(203).split(',').nth(3) == Some("3"), "{} {}", of(3), of(203));
    // Controls: neither setting can be missing.
    let right = folder.read("ropeway.toml");
    for setting in ["columns = ", "leave_out = "] {
        let line = right.lines().find(|line| line.starts_with(setting)).unwrap();
        folder.edit("ropeway.toml", line, "");
        assert_ne!(folder.run(&["check"]).code, 0, "{setting}");
        folder.write("ropeway.toml", &right);
    }
    folder.edit("ropeway.toml", "leave_out = [", "leave_out = [\"*\", ");
    folder.fails(&["check"], 1, &["`leave_out` leaves out all 6 files"]);
}
