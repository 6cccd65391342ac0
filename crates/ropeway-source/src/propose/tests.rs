//! What is proposed for workbooks and folders, and what is read by it.

use std::path::Path;

use arrow::util::display::array_value_to_string;

use super::*;
use crate::file::workbook::tests::{Cell, book};
use crate::{Wanted, open_stream, read_all};

fn proposed(root: &Path, path: &str) -> Proposal {
    propose(Path::new(path), root, &Hint::default()).unwrap()
}

/// The columns as `name:type`, then the values of each row; nothing is rejected.
fn read(root: &Path, proposal: &Proposal) -> Vec<String> {
    let (read, _) = read_all("s", &proposal.settings, root).unwrap();
    assert_eq!(read.quarantine, [], "{proposal:#?}");
    let columns: Vec<String> = read.columns.iter().map(|column| format!("{}:{}", column.name, column.ty)).collect();
    let rows = read.batches.iter().flat_map(|batch| {
        (0..batch.num_rows()).map(|row| {
            let cells = batch.columns().iter().map(|column| array_value_to_string(column, row).unwrap());
            cells.collect::<Vec<_>>().join(" ")
        })
    });
    [columns.join(" ")].into_iter().chain(rows).collect()
}

#[test]
fn a_delimiter_is_proposed_with_its_evidence() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.csv"), "a;b\n1;2\n3;4\n").unwrap();
    let proposal = proposed(folder.path(), "x.csv");
    assert_eq!(proposal.settings.delimiter.as_deref(), Some(";"));
    assert_eq!(proposal.decisions[0].setting, "delimiter");
}

#[test]
fn single_quotes_are_found_and_apostrophes_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let lines = |line: &dyn Fn(usize) -> String, end: &str| (0..30).map(|row| line(row) + end).collect::<String>();
    for (head, end) in [("name;v;y\n", "\n"), ("'name';'v';'y'\r\n", "\r\n"), ("name;v;y\r", "\r")] {
        std::fs::write(
            folder.path().join("q.csv"),
            head.to_owned() + &lines(&|row| format!("'O''Neil; {row}';{row}.5;'1'"), end),
        )
        .unwrap();
        let proposal = proposed(folder.path(), "q.csv");
        assert_eq!(
            (proposal.settings.quote.as_str(), proposal.settings.delimiter.as_deref()),
            ("'", Some(";")),
            "{head}"
        );
        assert_eq!(read(folder.path(), &proposal)[..2], ["name:text v:float y:integer", "O'Neil; 0 0.5 1"], "{head}");
    }
    for name in ["it's", "'tis", "rock 'n' roll"] {
        std::fs::write(
            folder.path().join("q.csv"),
            "name,v\n".to_owned() + &lines(&|row| format!("{name} {row},{row}"), "\n"),
        )
        .unwrap();
        let proposal = proposed(folder.path(), "q.csv");
        assert_eq!(proposal.settings.quote, "\"");
        assert_eq!(read(folder.path(), &proposal)[1], format!("{name} 0 0"));
    }
}

#[test]
fn an_order_of_days_that_nothing_decides_is_told_beside_the_settings() {
    let folder = tempfile::tempdir().unwrap();
    let told = |days: &[&str]| {
        std::fs::write(folder.path().join("d.csv"), format!("when,x\n{},1\n", days.join(",1\n"))).unwrap();
        let proposal = proposed(folder.path(), "d.csv");
        let said = proposal.decisions.into_iter().find(|decision| decision.setting == "column.dates").unwrap();
        (said.aloud, said.why.contains("fits as well"))
    };
    assert_eq!(told(&["01/02/2023", "03/04/2023", "11/12/2023"]), (true, true));
    assert_eq!(told(&["01/02/2023", "03/04/2023", "11/22/2023"]), (false, false));
}

/// A workbook of an amount a row, `n` a number and `s` a text, beside a column `b` of other texts.
fn amounts(amounts: &[(char, &str)], other: &str) -> (tempfile::TempDir, Proposal) {
    let places: Vec<(String, String)> =
        (2..).take(amounts.len()).map(|at| (format!("A{at}"), format!("B{at}"))).collect();
    let mut cells: Vec<Cell<'_>> = vec![("A1", 's', "a"), ("B1", 's', "b")];
    for ((a, b), (kind, value)) in places.iter().zip(amounts) {
        cells.extend([(a.as_str(), *kind, *value), (b.as_str(), 's', other)]);
    }
    let folder = tempfile::tempdir().unwrap();
    book(&folder.path().join("x.xlsx"), &[("Data", &cells)]);
    let proposal = proposed(folder.path(), "x.xlsx");
    (folder, proposal)
}

#[test]
fn a_cell_of_a_number_is_its_number_beside_texts_with_a_decimal_comma() {
    let (folder, proposal) = amounts(&[('n', "12.345"), ('s', "1.234,56 €"), ('n', "7"), ('s', "0,5 €")], "x");
    assert_eq!(read(folder.path(), &proposal), ["a:float b:text", "12.345 x", "1234.56 x", "7.0 x", "0.5 x"]);
    // The same number as a text is written with points between thousands, like the others.
    let (folder, proposal) = amounts(&[('n', "12.345"), ('s', "12.345"), ('s', "1.234,5")], "x");
    assert_eq!(read(folder.path(), &proposal), ["a:float b:text", "12.345 x", "12345.0 x", "1234.5 x"]);
    let (folder, proposal) = amounts(&[('n', "-99.5"), ('n', "0.25")], "1,5");
    assert_eq!(read(folder.path(), &proposal), ["a:float b:float", "-99.5 1.5", "0.25 1.5"]);
}

#[test]
fn a_workbook_to_score_is_read_as_its_source_is() {
    let (folder, proposal) = amounts(&[('n', "12.345"), ('s', "12.345"), ('s', "1.234,5")], "x");
    let wanted = Wanted {
        name: "a".into(),
        called: None,
        ty: ropeway_vocab::ColumnType::Float,
        required: true,
        personal: false,
    };
    let stream = open_stream(&folder.path().join("x.xlsx"), &proposal.settings, &[wanted]).unwrap();
    let batches: Vec<_> = stream.map(Result::unwrap).collect();
    let shown = |batch: &arrow::array::RecordBatch| {
        (0..3).map(|row| array_value_to_string(batch.column(0), row).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(shown(&batches[0].rows), ["12.345", "12345.0", "1234.5"]);
    assert_eq!(shown(&batches[0].original), ["12.345", "\"12.345\"", "\"1.234,5\""]);
}

#[test]
fn decimals_of_cells_are_no_evidence_for_texts() {
    let values = [('n', "12.5"), ('s', "12,345"), ('n', "3.25"), ('s', "1,125")];
    // The texts of another column tell.
    let (folder, proposal) = amounts(&values, "1,5");
    assert_eq!(read(folder.path(), &proposal)[1..], ["12.5 1.5", "12.345 1.5", "3.25 1.5", "1.125 1.5"]);
    let (folder, proposal) = amounts(&values, "1,234.5");
    assert_eq!(read(folder.path(), &proposal)[1..3], ["12.5 1234.5", "12345.0 1234.5"]);
    // Nothing tells but how large the cells are: either may be meant, which is said beside the settings.
    let check = |values: &[(char, &str)], first: &str, why: &str| {
        let (folder, proposal) = amounts(values, "x");
        let said = proposal.decisions.iter().find(|decision| decision.column.as_deref() == Some("a")).unwrap();
        assert!(
            said.aloud && said.other.is_some() && said.why.starts_with("LOOK") && said.why.contains(why),
            "{said:?}"
        );
        assert_eq!(read(folder.path(), &proposal)[2], first);
    };
    check(&values, "12.345 x", "a decimal comma was chosen: so they are as large as the cells");
    check(&[('n', "9120.5"), ('s', "12,345")], "12345.0 x", "a decimal point was chosen: so they are as large");
    check(&[('n', "0.0001"), ('s', "12,345")], "12345.0 x", "a decimal point was chosen: nothing in the file tells");
}

#[test]
fn the_end_of_each_sheet_is_its_own() {
    let table = |label: &'static str| -> Vec<Cell<'static>> {
        let rows = [("A2", "B2", "1"), ("A3", "B3", "2"), ("A4", "B4", "4")];
        let head = [("A1", 's', "k"), ("B1", 's', "n"), ("A5", 's', label), ("B5", 'n', "7")];
        let mut cells: Vec<Cell<'static>> = head[..2].to_vec();
        cells.extend(rows.iter().flat_map(|(a, b, value)| [(*a, 's', "x"), (*b, 'n', *value)]));
        cells.extend(&head[2..]);
        cells
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.xlsx");
    book(&path, &[("Jan", &table("x")), ("Feb", &table("Total"))]);
    let rows = |sheet| around(&path, sheet).unwrap().footer.map_or(0, |footer| footer.rows);
    assert_eq!((rows(None), rows(Some("Jan")), rows(Some("Feb"))), (0, 0, 1));
}

#[test]
fn a_workbook_whose_table_stands_in_another_sheet_is_left_out_and_named() {
    let cell = |at: &'static str, text: &'static str| (at, if text.parse::<f64>().is_ok() { 'n' } else { 's' }, text);
    let data: Vec<Cell<'_>> = [("A1", "id"), ("B1", "n"), ("A2", "1"), ("B2", "5"), ("A3", "2"), ("B3", "6")]
        .map(|(at, text)| cell(at, text))
        .to_vec();
    let old: Vec<Cell<'_>> =
        [("A1", "k"), ("B1", "v"), ("A2", "1"), ("B2", "5")].map(|(at, text)| cell(at, text)).to_vec();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    for (name, sheets) in
        [("1", &[("Data", &data[..])][..]), ("2", &[("Data", &data)]), ("3", &[("Old", &old), ("Data", &data)])]
    {
        book(&folder.path().join(format!("data/{name}.xlsx")), sheets);
    }
    let proposal = proposed(folder.path(), "data");
    assert_eq!(proposal.settings.leave_out, ["3.xlsx"], "{proposal:#?}");
    let said = proposal.decisions.iter().find(|decision| decision.setting == "leave_out").unwrap();
    assert!(said.aloud && said.why.contains("its table stands in another sheet `Data`"), "{said:?}");
    assert_eq!(read(folder.path(), &proposal).len(), 5);
}

#[test]
fn the_reason_for_a_sheet_is_true_of_it() {
    let wide: &[Cell<'_>] = &[("A1", 's', "a"), ("B1", 's', "b"), ("C1", 's', "c"), ("A2", 'n', "1"), ("B2", 'n', "1")];
    let small: &[Cell<'_>] = &[("A1", 's', "a"), ("B1", 's', "y"), ("A2", 'n', "1"), ("B2", 'n', "1")];
    let folder = tempfile::tempdir().unwrap();
    book(&folder.path().join("x.xlsx"), &[("One", small), ("Two", wide), ("Three", small)]);
    let why = |label| {
        let proposal = propose(Path::new("x.xlsx"), folder.path(), &Hint { sheet: None, label }).unwrap();
        proposal.decisions.into_iter().find(|decision| decision.setting == "sheet").unwrap().why
    };
    assert!(why(None).starts_with("it is the largest table, 1 row of 3 columns"), "{}", why(None));
    assert!(why(Some("y")).contains("it is the largest table with a column `y`"), "{}", why(Some("y")));
    assert!(why(Some("y")).starts_with("these sheets have the same columns, 2 rows in all"), "{}", why(Some("y")));
    assert!(why(Some("c")).starts_with("it is the only sheet with a column `c`"), "{}", why(Some("c")));
}

#[test]
fn cells_of_numbers_among_percentages_are_refused_and_not_guessed() {
    let values: Vec<(char, &str)> = std::iter::repeat_n(('s', "12,5 %"), 30).chain([('n', "0.125")]).collect();
    let (folder, mut proposal) = amounts(&values, "x");
    proposal.settings.types.insert("a".into(), ropeway_vocab::ColumnType::Float);
    let (read, _) = read_all("s", &proposal.settings, folder.path()).unwrap();
    assert_eq!((read.kept, read.rejected), (30, 1), "{proposal:#?}");
}

#[test]
fn indian_groups_are_numbers_and_what_cannot_be_read_one_way_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let rows = [
        "12,34,567.00;25/12/2023;$12;x",
        "45,000.50;12/25/2023;$13;y",
        "7.25;26/12/2023;€15;z",
        "9,12,000;12/26/2023;€16;x",
    ];
    std::fs::write(folder.path().join("x.csv"), format!("a;b;c;d\n{}\n", rows.join("\n"))).unwrap();
    let proposal = proposed(folder.path(), "x.csv");
    let found = read(folder.path(), &proposal);
    assert_eq!(found[..2], ["a:float b:text c:text d:text", "1234567.0 25/12/2023 $12 x"]);
    let said = |column: &str| {
        let about = |told: &&Decision| told.column.as_deref() == Some(column) && told.setting.is_empty();
        proposal.decisions.iter().filter(about).map(|told| (told.why.as_str(), told.aloud)).collect::<Vec<_>>()
    };
    let check = |column: &str, part: &str| {
        let said = said(column);
        assert!(said[0].0.contains(part) && said[0].1, "{said:?}");
    };
    check("b", "2 can only have the day first, such as `25/12/2023`, 2 only the month, such as `12/25/2023`");
    check("c", "2 values in `$`, such as `$12`, 2 values in `€`, such as `€15`");
    assert_eq!(said("d"), []);
}
