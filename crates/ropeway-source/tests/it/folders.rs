//! Folders of files that are not all alike: which are read, how, and what is said of the others.

use std::path::Path;

use ropeway_source::propose::{Decision, Hint, Proposal, propose, uneven_footers};
use ropeway_source::{read_all, read_all_columns};

use crate::folder::{Folder, columns, file, rejected, rows};

fn proposed(folder: &Folder, label: Option<&str>) -> Proposal {
    propose(Path::new("data"), folder.root(), &Hint { sheet: None, label }).unwrap()
}

fn of(files: &[(&str, &str)]) -> Folder {
    files.iter().fold(Folder::new(), |folder, (name, text)| folder.and(&format!("data/{name}"), text))
}

/// The columns and rows that a proposal reads, of which none is lost.
#[track_caller]
fn reads(folder: &Folder, proposal: &Proposal) -> (Vec<String>, Vec<String>) {
    let (read, _) = read_all("s", &proposal.settings, folder.root()).unwrap();
    assert_eq!(rejected(&read), Vec::<String>::new(), "{proposal:#?}");
    (columns(&read), rows(&read.batches))
}

/// What is told aloud of a column, or of the files.
#[track_caller]
fn told<'a>(proposal: &'a Proposal, column: Option<&str>, what: &str) -> &'a Decision {
    let mut all = proposal.decisions.iter().filter(|decision| decision.aloud && decision.column.as_deref() == column);
    all.find(|decision| decision.why.contains(what)).unwrap_or_else(|| panic!("{what}: {proposal:#?}"))
}

#[test]
fn a_file_whose_table_lies_elsewhere_is_left_out_and_no_row_of_it_is_lost_silently() {
    let (one, two, titled) =
        ("id,n,y\n1,5,a\n2,6,b\n", "id,n,y\n3,7,a\n4,8,b\n", "Sales 2024\n\nid,n,y\n5,9,a\n6,1,b\n");
    let more = "id,n,y,z\n7,9,a,1\n8,1,b,2\n";
    let folder = of(&[("a.csv", titled), ("b.csv", one), ("c.csv", two), ("d.csv", more)]);
    let proposal = proposed(&folder, None);
    assert_eq!(proposal.settings.leave_out, ["a.csv"]);
    let said = &told(&proposal, None, "`a.csv`").why;
    assert!(said.contains("its table begins on line 3, and in the others on line 1"), "{said}");
    let (columns, rows) = reads(&folder, &proposal);
    assert_eq!((columns.len(), rows.len()), (4, 6));
    // Where all have a title, none is left out.
    let folder = of(&[("a.csv", titled), ("b.csv", titled)]);
    let proposal = proposed(&folder, None);
    assert_eq!((proposal.settings.skip_lines, &proposal.settings.leave_out[..]), (2, &[][..]));
    assert_eq!(reads(&folder, &proposal).1.len(), 4);
}

#[test]
fn rows_to_score_are_told_by_whole_words_and_by_the_label_that_they_lack() {
    let full = "id,n,m,y\n1,5,2,a\n2,6,3,b\n";
    let without = |name: &str, text: &str, label| {
        let proposal = proposed(&of(&[("2023.csv", full), ("2024.csv", full), (name, text)]), label);
        let left = proposal.decisions.iter().find(|decision| decision.setting == "leave_out");
        left.map(|decision| decision.why.contains("scores such rows"))
    };
    let (unlabelled, fewer) = ("id,n,m\n3,7,1\n4,8,2\n", "id,n,y\n3,7,a\n4,8,b\n");
    assert_eq!(without("test.csv", unlabelled, Some("y")), Some(true));
    assert_eq!(without("to-score.csv", unlabelled, None), Some(true));
    for name in ["latest.csv", "contest.csv", "scoreboard.csv"] {
        assert_ne!(without(name, unlabelled, None), Some(true), "{name}");
    }
    // It has the label, so that its rows are examples, whatever it is called.
    assert_ne!(without("test.csv", fewer, Some("y")), Some(true));
}

#[test]
fn a_column_that_other_files_write_with_a_unit_is_a_number() {
    let first = "id,price\n1,12.50\n2,7.25\n3,1.99\n";
    let other = "id,price\n4,12.50 €\n5,7.25 €\n6,3.00 €\n";
    let folder = of(&[("1.csv", first), ("2.csv", other), ("3.csv", other)]);
    let proposal = proposed(&folder, None);
    let (columns, rows) = reads(&folder, &proposal);
    assert_eq!(columns, ["id:integer", "price:float"], "{proposal:#?}");
    assert_eq!((rows.len(), rows[0].as_str(), rows[3].as_str()), (9, "1|12.5", "4|12.5"));
    // The same where only the last of many files is written so.
    let names: Vec<String> = (10..40).map(|at| format!("{at}.csv")).collect();
    let files: Vec<(&str, &str)> =
        names.iter().map(|name| (name.as_str(), if name == "39.csv" { other } else { first })).collect();
    let folder = of(&files);
    assert_eq!(reads(&folder, &proposed(&folder, None)).0, ["id:integer", "price:float"]);
}

#[test]
fn files_that_no_reading_brings_together_are_said() {
    let points = "id;price\n1;12.50\n2;7.25\n3;1.99\n";
    let commas = "id;price\n4;12,50\n5;7,25\n6;3,10\n";
    let proposal = proposed(&of(&[("1.csv", points), ("2.csv", points), ("3.csv", commas)]), None);
    let said = &told(&proposal, Some("price"), "stays text").why;
    assert!(said.contains("`data/1.csv` (`1.99`), `data/3.csv` (`3,10`):"), "{said}");
    // Codes that are digits in some files are codes.
    let (digits, codes) = ("id;code\n1;4711\n2;4712\n", "id;code\n3;A4711\n4;B4712\n");
    let proposal = proposed(&of(&[("1.csv", digits), ("2.csv", codes)]), None);
    assert!(proposal.decisions.iter().all(|decision| !decision.aloud), "{proposal:#?}");
    // One file of many: the others are read, and it is named.
    let mut files: Vec<(String, String)> = (1..8)
        .map(|at| {
            (format!("{at}.csv"), (0..60).fold("id;price\n".to_owned(), |text, row| format!("{text}{row};{row}.50\n")))
        })
        .collect();
    files.push(("8.csv".into(), commas.to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let proposal = proposed(&of(&files), None);
    let said = &told(&proposal, Some("price"), "`data/8.csv` (`").why;
    assert!(said.contains("not so in"), "{said}");
}

#[test]
fn columns_that_differ_by_capitals_alone_are_said() {
    let proposal = proposed(
        &of(&[("1.csv", "id,x,y\n1,2,3\n"), ("2.csv", "id,x,y\n1,2,3\n"), ("3.csv", "id,X,y\n1,2,3\n")]),
        None,
    );
    told(&proposal, None, "`X` is another column, since capitals count");
}

#[test]
fn what_is_left_out_is_what_was_written() {
    let folder = Folder::with("a/x.csv", "n\n1\n").and("b/x.csv", "n\n2\n").and("x.csv", "n\n3\n");
    let read = |left: &[&str]| {
        let leave_out = left.iter().map(|name| (*name).to_owned()).collect();
        rows(&folder.read_all(&ropeway_source::SourceSettings { leave_out, ..file("**/*.csv") }).batches)
    };
    assert_eq!(read(&[]), ["1", "2", "3"]);
    assert_eq!(read(&["a/x.csv"]), ["2", "3"]);
    assert_eq!(read(&["./x.csv"]), ["1", "2"]);
    assert_eq!(read(&["b/*"]), ["1", "3"]);
    // A pattern of a name says nothing of folders.
    assert_eq!(read(&["a*"]), ["1", "2", "3"]);
    let all = ropeway_source::SourceSettings { leave_out: vec!["x.csv".into()], ..file("**/*.csv") };
    assert_eq!(folder.read(&all).unwrap_err().code(), "no-files");
}

#[test]
fn what_no_file_has_is_told_of_its_source_and_no_other_column_is_renamed_for_it() {
    let folder = of(&[("1.csv", "id,sizes,y\n1,2,3\n"), ("2.csv", "id,kind\n1,a\n")]);
    let source = ropeway_source::SourceSettings { columns: ropeway_source::Columns::Union, ..file("data") };
    let known = read_all("sales", &source, folder.root()).unwrap().0.columns;
    assert_eq!(known.len(), 4);
    let lacking = |name: &str| {
        let mut wanted = known.clone();
        wanted.push(ropeway_vocab::ColumnSpec { name: name.into(), ..known[0].clone() });
        read_all_columns("sales", &source, &wanted, folder.root()).unwrap_err()
    };
    // `kind` is wanted, too; the names of all files are told.
    let problem = lacking("kinds");
    let advice = problem.advice().unwrap();
    assert!(problem.to_string().contains("source `sales`") && problem.code() == "missing-column", "{problem}");
    assert!(!advice.contains("rename") && advice.contains("id, sizes, y, kind"), "{advice}");
}

#[test]
fn files_that_end_in_a_sum_an_empty_line_and_a_note_end_alike() {
    let of_month = |month: u64, end: &str| {
        let (mut text, mut sum) = ("id,place,amount\n".to_owned(), 0);
        for row in 0..30 {
            let amount = 10 + (row * 37 + month * 11) % 90;
            sum += amount;
            text += &format!("{month}{row:02},{},{amount}\n", ["Aachen", "Bonn"][(row % 2) as usize]);
        }
        text + &end.replace("SUM", &sum.to_string()).replace("MONTH", &month.to_string())
    };
    for ends in [
        ["Summe,,SUM\n\nStand MONTH.2024\n"; 2],
        ["Summe,,SUM\n,,\nStand MONTH.2024,,\n"; 2],
        ["Summe,,SUM\n\nStand MONTH.2024, ohne Storni\n"; 2],
        ["Summe,,SUM\n\n\"Stand MONTH.2024, ohne Storni\"\n"; 2],
        ["Summe,,SUM\n\nStand MONTH.2024, ohne Storni, vorläufig\n"; 2],
        ["Summe,,SUM\n\nStand: MONTH\n"; 2],
        ["Summe,,SUM\n\nvorläufig\n"; 2],
        ["Summe,,SUM\n   \nStand MONTH.2024\n"; 2],
        [",,SUM\n\nStand MONTH.2024\n"; 2],
        ["Summe MONTH.2024,,SUM\n\nStand MONTH.2024\n"; 2],
    ] {
        let folder =
            of(&[("1.csv", &of_month(1, ends[0])), ("2.csv", &of_month(2, ends[1])), ("3.csv", &of_month(3, ends[0]))]);
        let proposal = proposed(&folder, None);
        let read = folder.read_all(&proposal.settings);
        assert_eq!((read.kept, read.rejected), (90, 0), "{ends:?} {proposal:#?}");
        assert_eq!(uneven_footers(&proposal.settings, folder.root()).unwrap(), None, "{ends:?}");
    }
}

#[test]
fn totals_of_some_files_are_told_by_how_they_begin_where_columns_differ_too() {
    let rows = |more: &str, sum: bool| {
        let (header, of) = if more.is_empty() { ("", "") } else { ("shift,", "A,") };
        let body: String = (0..40).map(|row| format!("{row},D{},{of}{},{}\n", row % 3, row % 7, row + 1)).collect();
        format!("id,depot,{header}pallets,minutes\n{body}{}", if sum { "Grand Total,,,820\n" } else { "" })
    };
    let folder = of(&[
        ("1.csv", &rows("", false)),
        ("2.csv", &rows("", true)),
        ("3.csv", &rows("", false)),
        ("4.csv", &rows("shift", false)),
    ]);
    let proposal = proposed(&folder, Some("minutes"));
    assert_eq!(proposal.settings.comment.as_deref(), Some("Grand Total,"), "{proposal:#?}");
    let read = folder.read_all(&proposal.settings);
    assert_eq!((read.kept, read.rejected), (160, 0));
}
