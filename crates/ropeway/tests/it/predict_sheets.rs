//! Workbooks to score: the sheet is that with the columns of the model, wherever it stands, unless another is named.

use crate::ropeway::{Ended, Folder};
use crate::strangers::{ROWS, plain, started, table, workbook};

const COVER: &str = "Report of the month\n\nby,the office\non,request\n";
const LEGEND: &str = "column,meaning\nsize,in square metres\ny,whether it was paid\n";

/// A project that `init` made of a workbook whose only sheet is called `Jan`, and its model.
fn trained() -> Folder {
    let folder = Folder::new();
    folder.write("book.xlsx", workbook(&[("Jan", false, &plain(0..ROWS))]));
    started(&folder, &["book.xlsx", "--name", "paid"]);
    folder.run(&["run", "--quiet"]).expect(0);
    folder
}

fn predict(folder: &Folder, more: &[&str]) -> Ended {
    folder.run(&[&["predict", "paid", "--in", "new.xlsx", "--out", "out.csv", "--json"], more].concat())
}

fn scored(folder: &Folder, more: &[&str]) -> (u64, String, String) {
    let ended = predict(folder, more).expect(0);
    let report = ended.json();
    (report["rows"].as_u64().unwrap(), report["sheet"].as_str().unwrap_or_default().to_owned(), ended.stderr)
}

#[test]
fn a_cover_in_front_does_not_hide_the_table() {
    let folder = trained();
    let data = plain(200..230);
    let sheets: [(&str, bool, &str); 3] = [("Cover", false, COVER), ("Legend", false, LEGEND), ("Feb", false, &data)];
    folder.write("new.xlsx", workbook(&sheets));
    let (rows, sheet, said) = scored(&folder, &[]);
    assert_eq!((rows, sheet.as_str()), (30, "Feb"));
    assert!(!said.contains("--sheet"), "{said}");
    let header = folder.read("out.csv").lines().next().unwrap().to_owned();
    assert!(header.starts_with("id,size,y,probability"), "{header}");
    // The same bits as from a workbook of this sheet alone.
    let out = folder.read("out.csv");
    folder.write("new.xlsx", workbook(&[("Feb", false, &data)]));
    scored(&folder, &[]);
    assert_eq!(folder.read("out.csv"), out);
    // Where no sheet has them, what is missing is said.
    folder.write("new.xlsx", workbook(&[("Cover", false, COVER), ("Data", false, &data.replacen("size", "sizes", 1))]));
    folder.fails(&["predict", "paid", "--in", "new.xlsx", "--out", "x.csv"], 1, &["`size` is not there"]);
}

#[test]
fn of_several_sheets_the_one_of_the_source_counts_or_the_one_that_is_named() {
    let folder = trained();
    let (jan, feb) = (plain(0..10), plain(10..50));
    let sheets: [(&str, bool, &str); 3] = [("Cover", false, COVER), ("Jan", false, &jan), ("Feb", false, &feb)];
    folder.write("new.xlsx", workbook(&sheets));
    let (rows, sheet, said) = scored(&folder, &[]);
    assert_eq!((rows, sheet.as_str()), (40, "Feb"), "the largest");
    assert!(said.contains("`Jan` (10 rows of 3 columns)") && said.contains("`--sheet` names another"), "{said}");
    let (rows, _, said) = scored(&folder, &["--sheet", "Jan"]);
    assert!(rows == 10 && !said.contains("--sheet"), "{said}");
    predict(&folder, &["--sheet", "Jna"]).expect(1).says("did you mean `Jan`?");
    folder.write("new.csv", &jan);
    let csv = ["predict", "paid", "--in", "new.csv", "--out", "out.csv", "--sheet", "Jan"];
    folder.fails(&csv, 1, &["`sheet` means nothing"]);
    // A source that names its sheet: that one first.
    folder.edit("ropeway.toml", "path = \"book.xlsx\"", "path = \"book.xlsx\"\nsheet = \"Jan\"");
    folder.run(&["run", "--quiet"]).expect(0);
    assert_eq!(scored(&folder, &[]).1, "Jan");
}

#[test]
fn totals_below_the_table_are_left_out_of_the_sheet_that_is_read() {
    let folder = Folder::new();
    let rows = table(0..ROWS, ",city", |_| ",Bern".into());
    let sum = |text: &str| -> u64 {
        text.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().parse::<u64>().unwrap()).sum()
    };
    let with_total = |text: &str| format!("{text}Total,{},,\n", sum(text));
    folder.write("book.xlsx", workbook(&[("Jan", false, &with_total(&rows))]));
    started(&folder, &["book.xlsx", "--name", "paid"]);
    assert!(folder.read("ropeway.toml").contains("skip_footer = 1"), "{}", folder.read("ropeway.toml"));
    folder.run(&["run", "--quiet"]).expect(0);
    let new = with_total(&table(300..320, ",city", |_| ",Bern".into()));
    folder.write("new.xlsx", workbook(&[("Cover", false, COVER), ("Feb", false, &new)]));
    let (rows, sheet, said) = scored(&folder, &[]);
    assert_eq!((rows, sheet.as_str()), (20, "Feb"), "{said}");
    assert!(said.contains("the last row is left out: `Total` labels it"), "{said}");
}
