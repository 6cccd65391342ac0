//! Types: inferred, said, and what their values look like in every format.

use ropeway_source::{SourceSettings, infer, read_columns};
use ropeway_vocab::ColumnType;

use crate::folder::{Folder, columns, file, rejected, rows};

#[test]
fn types_follow_from_the_first_rows_and_give_way_to_those_that_are_said() {
    let folder = Folder::with("x.csv", "i,f,b,d,t,s\n1,1.5,true,2013-01-01,2013-01-01T00:00:00Z,x\n2,2,FALSE,NA,NA,\n");
    let mut settings = file("x.csv");
    settings.null = vec!["NA".into()];
    let read = folder.read(&settings).unwrap();
    assert_eq!(columns(&read), ["i:integer", "f:float", "b:boolean", "d:date", "t:timestamp", "s:text"]);
    assert_eq!(rows(&read.batches)[1], "2|2.0|false|∅|∅|", "an empty text is a text, unless null says otherwise");
    settings.types.insert("i".into(), ColumnType::Text);
    settings.types.insert("d".into(), ColumnType::Timestamp);
    let read = folder.read(&settings).unwrap();
    assert_eq!(columns(&read)[..1], ["i:text"]);
    assert_eq!(columns(&read)[3], "d:timestamp");
}

#[test]
fn only_the_stated_number_of_rows_is_looked_at() {
    let folder = Folder::with("x.csv", "a\n1\n2\nx\n");
    let mut settings = file("x.csv");
    settings.infer_rows = 2;
    assert_eq!(infer("s", &settings, folder.root()).unwrap()[0].ty, ColumnType::Integer);
    assert_eq!(rejected(&folder.read_all(&settings)), ["4 a is not an integer"]);
    settings.infer_rows = 3;
    assert_eq!(infer("s", &settings, folder.root()).unwrap()[0].ty, ColumnType::Text);
}

#[test]
fn a_glob_infers_over_its_files() {
    let folder = Folder::with("a.csv", "x,y\n1,\n").and("b.csv", "y,x\n2013-01-01,2.5\n");
    let read = folder.read(&file("*.csv")).unwrap();
    assert_eq!(columns(&read), ["x:float", "y:date"]);
    assert_eq!(rows(&read.batches), ["1.0|∅", "2.5|2013-01-01"]);
}

#[test]
fn labels_of_columns_come_from_the_settings() {
    let folder = Folder::with("x.csv", "a,b\n1,2\n");
    let mut settings = file("x.csv");
    settings.known_ahead = vec!["b".into()];
    settings.personal = vec!["a".into()];
    let found = infer("s", &settings, folder.root()).unwrap();
    assert_eq!(found.iter().map(|c| (c.known_ahead, c.personal)).collect::<Vec<_>>(), [(false, true), (true, false)]);
}

#[test]
fn null_spellings_hold_for_every_type_and_spaces_around_numbers_do_not_matter() {
    let folder = Folder::with("x.csv", "i,s\n 7 ,x\n-999,NA\nNA, NA\n,\n");
    let mut settings = file("x.csv");
    settings.null = vec!["NA".into(), "-999".into(), String::new()];
    let read = folder.read(&settings).unwrap();
    assert_eq!(rows(&read.batches), ["7|x", "∅|∅", "∅| NA", "∅|∅"]);
}

#[test]
fn a_file_without_a_header_numbers_its_columns() {
    let folder = Folder::with("x.csv", "1;x\n2;y\n");
    let mut settings = file("x.csv");
    settings.header = false;
    settings.delimiter = Some(";".into());
    let read = folder.read(&settings).unwrap();
    assert_eq!(columns(&read), ["column_1:integer", "column_2:text"]);
    assert_eq!(rows(&read.batches), ["1|x", "2|y"]);
}

#[test]
fn unnamed_columns_are_numbered_and_names_lose_their_spaces() {
    let read = Folder::with("x.csv", ", b\n1,2\n").read(&file("x.csv")).unwrap();
    assert_eq!(columns(&read), ["column_1:integer", "b:integer"]);
}

#[test]
fn json_lines_take_the_union_of_their_keys() {
    let text =
        "{\"a\": 1, \"n\": {\"x\": [1]}}\n{\"b\": \"x\", \"a\": 2.5}\n\n{\"b\": 7, \"t\": \"2013-01-01T00:00:00Z\"}\n";
    let read = Folder::with("x.jsonl", text).read(&file("x.jsonl")).unwrap();
    assert_eq!(columns(&read), ["a:float", "n:text", "b:text", "t:timestamp"]);
    assert_eq!(rows(&read.batches), ["1.0|{\"x\":[1]}|∅|∅", "2.5|∅|x|∅", "∅|∅|7|2013-01-01T00:00:00Z"]);
}

#[test]
fn json_values_of_another_type_cost_their_row() {
    let folder = Folder::with("x.jsonl", "{\"a\": 1}\n{\"a\": \"2\"}\n{\"a\": 2.5}\n{\"a\": true}\n{\"a\": [1]}\n");
    let mut settings = file("x.jsonl");
    settings.infer_rows = 1;
    let read = folder.read_all(&settings);
    assert_eq!(rows(&read.batches), ["1", "2"]);
    assert_eq!(rejected(&read).len(), 3);
    assert_eq!(read.quarantine[0].value, "2.5");
}

#[test]
fn a_column_that_is_text_for_one_value_is_told_with_the_value_and_its_place() {
    let text = |lines: std::ops::Range<u32>, odd: &str| {
        let rows = lines.map(|row| if row == 7 { format!("{row},{odd},x\n") } else { format!("{row},{row}.5,x\n") });
        std::iter::once("id,amount,word\n".to_owned()).chain(rows).collect::<String>()
    };
    let folder = Folder::with("a.csv", text(100..120, "")).and("b.csv", text(0..30, "12x"));
    let settings = file("*.csv");
    let told = |settings: &SourceSettings| ropeway_source::inferred("x", settings, folder.root()).unwrap();
    let [found] = told(&settings).exceptions.try_into().unwrap();
    assert_eq!((found.column.as_str(), found.ty, found.fit, found.of), ("amount", ColumnType::Float, 49, 50));
    assert_eq!((found.odd[0].file.as_str(), found.odd[0].line, found.odd[0].value.as_str()), ("b.csv", 9, "12x"));
    let personal = told(&SourceSettings { personal: vec!["amount".into()], ..settings.clone() }).exceptions;
    assert_eq!(personal[0].odd[0].value, "***");
    for ty in [ColumnType::Float, ColumnType::Text] {
        let mut declared = settings.clone();
        declared.types.insert("amount".into(), ty);
        assert_eq!(told(&declared).exceptions, []);
    }
    let lines: String = (0..40)
        .map(|row| format!("{{\"n\": {}}}\n", if row == 3 { "\"7\"".into() } else { row.to_string() }))
        .collect();
    let folder = Folder::with("x.jsonl", lines);
    let found = ropeway_source::inferred("x", &file("x.jsonl"), folder.root()).unwrap().exceptions;
    assert_eq!((found[0].ty, found[0].odd[0].line, found[0].odd[0].value.as_str()), (ColumnType::Integer, 4, "7"));
}

#[test]
fn known_columns_are_found_by_name_and_no_type_is_guessed_again() {
    let known = Folder::with("x.csv", "k,name,x\n1,a,0.5\n2,b,1\n").read(&file("x.csv")).unwrap().columns;
    let check = |name: &str, text: &str| {
        let folder = Folder::with(name, text);
        let read = read_columns("s", &file(name), &known, folder.root()).unwrap();
        assert_eq!(rows(&read.batches), ["1|a|0.5", "2|7|1.0"], "{text}");
        assert_eq!((read.columns, read.rejected), (known.clone(), 0));
    };
    check("x.csv", "name,k,x\na,1,0.5\n7,2,1\n");
    check("x.csv", "more,x,name,k\ny,0.5,a,1\n,1,7,2\n");
    check("x.jsonl", "{\"x\": 0.5, \"more\": [1], \"k\": 1, \"name\": \"a\"}\n{\"k\": 2, \"x\": 1, \"name\": 7}\n");

    let folder = Folder::with("a.csv", "x,k,name\n1,1,a\n").and("b.csv", "k,names,y\n1,a,1\n");
    let problem = read_columns("s", &file("*.csv"), &known, folder.root()).unwrap_err();
    assert_eq!((problem.code(), problem.place().unwrap().file.as_str()), ("missing-column", "b.csv"));
    assert!(problem.what().contains("source `s`: the column `name` is not there"), "{problem}");
    assert!(problem.advice().unwrap().contains("rename `names`"), "{problem}");
}
