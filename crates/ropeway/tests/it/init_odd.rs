//! `ropeway init` on tables as people have them: names that are taken or that SQL does not take, other delimiters, a
//! column of numbers in which a few values are none.

use serde_json::{Value, json};

use crate::ropeway::Folder;

/// A folder with this file, and `ropeway init` run on it.
fn started(text: &str, label: &str) -> (Folder, Value) {
    let folder = Folder::new();
    folder.write("data.csv", text);
    let started = folder.run(&["init", "data.csv", "--label", label, "--json"]).expect(0).json();
    (folder, started)
}

/// A table of small numbers and a last column `y` of yes and no.
fn numbers(head: &[&str], rows: usize) -> String {
    let mut text = format!("{},y\n", head.join(","));
    for row in 0..rows {
        let cells: Vec<String> = (0..head.len())
            .map(|column| ((row * 7_919 + row * row * (column + 1)) % 1_009 % (7 + column)).to_string())
            .collect();
        text += &format!("{},{}\n", cells.join(","), ["yes", "no"][usize::from(row % 3 == 0)]);
    }
    text
}

/// What a column is used for.
fn used<'a>(started: &'a Value, name: &str) -> &'a Value {
    let columns = started["columns"].as_array().unwrap();
    &columns.iter().find(|column| column["name"] == name).unwrap()["use"]
}

#[test]
fn names_that_examples_have_themselves_get_another_one_in_the_table() {
    let text = numbers(&["at", "probability", "decision", "label", "At", "PROBABILITY", "at_value"], 60);
    let (folder, said) = started(&text, "y");
    assert_eq!(used(&said, "probability"), "feature");
    let toml = folder.read("ropeway.toml");
    assert!(
        toml.contains(
            "\"at_value_2\", \"probability_value\", \"decision_value\", \"label_value\", \"At\", \"PROBABILITY\""
        ),
        "{toml}"
    );
    assert!(toml.contains("known_ahead = [\"at\", \"probability\""), "the source keeps the names of the file: {toml}");
    let sql = folder.read("tables/data_clean.sql");
    let line = sql.lines().find(|line| line.contains("at AS at_value_2,")).unwrap();
    assert!(line.contains("-- integer") && line.contains("predictions have a column `at` themselves"), "{line}");
    assert!(said["notes"].to_string().contains("requests and files to score call it `decision_value`, too"), "{said}");
    folder.run(&["check"]).expect(0);
}

#[test]
fn a_label_of_too_few_rows_is_refused_at_once_with_what_is_needed() {
    // So many rows of the rarer class, and so many without a label.
    let table = |rare: usize, missing: usize, rows: usize| {
        let value = |row: usize| match row {
            _ if row < missing => "",
            _ if row < missing + rare => "yes",
            _ => "no",
        };
        let lines = (0..rows).map(|row| format!("{},{}\n", (row * 7_919 + row * row) % 101, value(row)));
        "x,y\n".to_owned() + &lines.collect::<String>()
    };
    let init = |text: &str, more: &[&str]| {
        let folder = Folder::new();
        folder.write("data.csv", text);
        let ended = folder.run(&[&["init", "data.csv", "--label", "y"], more].concat());
        assert_eq!(folder.path().join("ropeway.toml").exists(), ended.code == 0);
        (folder, ended)
    };
    for (text, told) in [
        (table(1, 0, 200), "1 of 200 rows is positive by the label `y`"),
        (table(195, 0, 200), "5 of 200 rows are negative by the label `y`"),
        (table(2, 195, 200), "5 rows have the label `y`, and a holdout and 5 folds need at least 14"),
        ("x,y\n1,a\n2,b\n".to_owned(), "2 rows have the label"),
    ] {
        let (_, ended) = init(&text, &[]);
        assert!(
            ended.code == 1 && ended.stderr.contains("label-few") && ended.stderr.contains(told),
            "{}",
            ended.stderr
        );
    }
    let numbers = (0..13).map(|row| format!("{},{}.5\n", row % 3, row * row)).collect::<String>();
    assert!(init(&format!("x,y\n{numbers}"), &[]).1.stderr.contains("label-few"));
    // The controls: with as many as are said a run ends; and where rows are lost after `init`, the run asks for more of them.
    let (folder, _) = init(&table(6, 0, 200), &["--name", "few"]);
    let ended = folder.run(&["run"]);
    assert!([0, 3].contains(&ended.code), "{}", ended.stderr);
    folder.write("data.csv", table(1, 0, 200));
    let ended = folder.run(&["run"]);
    let told = "collect more examples whose label is true: there are 1 in all, and at least 6 are needed";
    assert!(ended.stderr.contains("one-class") && ended.stderr.contains(told), "{}", ended.stderr);
}

#[test]
fn a_name_on_several_lines_is_one_name() {
    let text = numbers(&["a", "\"Sales\r\n(EUR)\"", "net  price"], 60);
    let (folder, said) = started(&text, "y");
    assert_eq!(
        (used(&said, "Sales (EUR)"), used(&said, "net price")),
        (&json!("feature"), &json!("feature")),
        "{said}"
    );
    let note = "the names of 2 columns, as `Sales (EUR)`, have line breaks or several blanks in the file";
    assert!(folder.read("ropeway.toml").contains(note), "{}", folder.read("ropeway.toml"));
    folder.run(&["check"]).expect(0);
    // The controls: of a plain name nothing is said, names that become the same are told apart, and a name with another control
    // character is refused.
    let (plain, _) = started(&numbers(&["a", "Sales (EUR)"], 60), "y");
    assert!(!plain.read("ropeway.toml").contains("line breaks"));
    let (twice, _) = started(&numbers(&["Sales (EUR)", "\"Sales\n(EUR)\""], 60), "y");
    assert!(twice.read("ropeway.toml").contains("`Sales (EUR)` is read as `Sales (EUR)_2`"));
    let other = Folder::new();
    other.write("other.csv", numbers(&["a", "b\u{1}"], 60));
    other.fails(&["init", "other.csv", "--label", "y"], 1, &["column-name"]);
}

#[test]
fn a_label_that_is_named_as_a_prediction_can_be_learned() {
    let shuffled = |row: usize| (row * 7_919 + row * row) % 101;
    for label in ["probability", "at", "decision", "label", "At"] {
        let rows = (0..120).map(|row| format!("{},{}\n", shuffled(row) % 9, u8::from(shuffled(row + 5) % 2 == 0)));
        let (folder, said) = started(&(format!("x,{label}\n") + &rows.collect::<String>()), label);
        let called = if label == "At" { "\"At\"".to_owned() } else { format!("{label}_value") };
        assert_eq!(said["label"]["sql"], format!("{called} = 1"));
        folder.edit("ropeway.toml", "[\"linear\", \"boosted\"]", "[\"linear\"]");
        folder.edit(
            "ropeway.toml",
            "that = \"validation.roc_auc.low > 0.5\"",
            "that = \"validation.roc_auc.low > 0.0\"",
        );
        folder.run(&["run", "--quiet"]).expect(0);
        folder.write("new.csv", "x\n3\n");
        let model = folder.read("ropeway.toml");
        let name = model.lines().find_map(|line| line.strip_prefix("name = ")).unwrap().trim_matches('"').to_owned();
        folder.run(&["predict", &name, "--in", "new.csv", "--out", "scored.csv"]).expect(0);
        assert!(folder.read("scored.csv").starts_with("x,probability,decision,not_scored\n3,"));
    }
}

#[test]
fn every_name_that_a_file_can_have_yields_a_project_that_checks() {
    let words = ["select", "values", "lateral", "user", "current_date", "trim", "struct", "exists", "interval", "top"];
    let odd =
        ["\"a b\"", "\"q\"\"x\"", "it's", "é", "日本", "1st", "x", "X", "a.b", "a\\b", "$x", "#h", "\"a,b\"", "_y"];
    let (folder, said) = started(&numbers(&[&words[..], &odd[..]].concat(), 60), "y");
    for name in ["values", "current_date", "a b", "q\"x", "it's", "日本", "X", "a\\b", "a,b"] {
        assert_eq!(used(&said, name), "feature", "{name}");
    }
    folder.run(&["check"]).expect(0);
}

#[test]
fn the_delimiter_is_found_by_what_it_cuts_alike() {
    for (mark, setting) in [('\t', "tab"), (';', ";"), ('|', "|")] {
        let text = "name, first,size,y\n".replacen(",size,", &format!("{mark}size{mark}"), 1)
            + &(0..40).map(|row| format!("n{}{mark}{},5{mark}{}\n", row % 3, row % 7, row % 2)).collect::<String>();
        let (folder, said) = started(&text, "y");
        assert_eq!(said["columns"][0]["name"], "name, first");
        let toml = folder.read("ropeway.toml");
        assert!(toml.contains(&format!("delimiter = \"{setting}\"   # ")), "{toml}");
        folder.run(&["check"]).expect(0);
    }
    for (mark, says) in [('\t', "`delimiter = \"tab\"`"), (';', "`delimiter = \";\"`"), ('|', "`delimiter = \"|\"`")] {
        let (folder, _) = started(&numbers(&["x"], 60), "y");
        folder.write("data.csv", folder.read("data.csv").replace(',', &mark.to_string()));
        folder.run(&["check"]).expect(1).says(says).says("data.csv:1");
    }
}

/// Amounts of which three are none, and a date that is none.
fn slips() -> String {
    let mut text = "amount,day,phone,y\n".to_owned();
    for row in 0..200 {
        let amount = match row {
            17 | 90 => "12x".to_owned(),
            150 => "see note".to_owned(),
            row if row % 9 == 4 => "n/a".to_owned(),
            row => format!("{}.5", row % 31),
        };
        let day = if row == 60 { "soon".to_owned() } else { format!("2024-03-{:02}", 1 + row % 28) };
        let phone = if row == 33 { "07x".to_owned() } else { (4_100 + row % 40).to_string() };
        text += &format!("{amount},{day},{phone},{}\n", ["yes", "no"][usize::from(row % 3 == 0)]);
    }
    text
}

#[test]
fn a_few_slips_do_not_cost_a_column() {
    let (folder, said) = started(&slips(), "y");
    assert_eq!((used(&said, "amount"), used(&said, "day")), (&json!("feature"), &json!("feature")));
    assert_eq!(said["rejected"], 4);
    let toml = folder.read("ropeway.toml");
    for text in [
        "null = [\"\", \"n/a\"]",
        "amount = \"float\"   # rows with something else there are quarantined, 3 of 200: `12x`, `see note`",
        "day = \"date\"   # rows with something else there are quarantined, 1 of 200: `soon`",
        "tolerate = 0.02",
    ] {
        assert!(toml.contains(text), "`{text}` is not in\n{toml}");
    }
    assert!(said["notes"].to_string().contains("column `amount` is read as float"), "{said}");
    for text in [&toml, &folder.read("NOTES.md"), &said.to_string()] {
        assert!(!text.contains("07x"), "a value of a column about people is shown in\n{text}");
    }
    folder.run(&["check"]).expect(0);
    assert_eq!(found(&folder).len(), 1, "of the column about people alone");
    assert_eq!(found(&folder)[0]["column"], "data.phone");
}

/// The findings of columns that are text for the sake of a few values.
fn found(folder: &Folder) -> Vec<Value> {
    let report = folder.run(&["check", "--json"]).expect(0).json();
    let all = report["findings"].as_array().unwrap();
    all.iter().filter(|finding| finding["code"] == "text-by-exception").cloned().collect()
}

#[test]
fn a_column_that_is_text_for_a_few_values_is_a_finding() {
    let (folder, _) = started(&slips(), "y");
    let toml = folder.read("ropeway.toml");
    let bare = |line: &&str| {
        !["null", "amount = ", "day = ", "y = ", "[source.data.types]", "personal"]
            .iter()
            .any(|start| line.starts_with(start))
    };
    let plain: String = toml.lines().filter(bare).map(|line| format!("{line}\n")).collect();
    let plain = plain.replace("label = \"y\"", "label = \"y = 'yes'\"");
    folder.write("ropeway.toml", &plain);
    let all = found(&folder);
    let amount = &all[0];
    assert_eq!((&amount["table"], &amount["column"]), (&json!("data"), &json!("data.amount")));
    assert_eq!(amount["place"], json!({ "file": "data.csv", "line": 19 }));
    let says = |finding: &Value, key: &str, text: &str| {
        assert!(finding[key].as_str().unwrap().contains(text), "`{text}` is not in {finding}");
    };
    says(amount, "message", "text, though 175 of the 200 values that its type is inferred from are numbers");
    says(amount, "message", "not `12x` (2 times, first data.csv:19), `see note` (data.csv:152), `n/a` (22 times");
    says(amount, "remedy", "add it to `null` of the source (null = [\"\", \"n/a\"])");
    says(amount, "remedy", "`types.amount = \"float\"`");
    assert_eq!(
        all.iter().map(|finding| &finding["column"]).collect::<Vec<_>>(),
        ["data.amount", "data.day", "data.phone"]
    );
    says(
        &all[1],
        "message",
        "199 of the 200 values that its type is inferred from are dates: not `soon` (data.csv:62)",
    );
    // Of people nothing is shown but where it is; what is declared is no exception.
    folder.write(
        "ropeway.toml",
        plain.replacen("known_ahead", "personal = [\"phone\"]\ntypes.amount = \"text\"\nknown_ahead", 1),
    );
    let all = found(&folder);
    assert_eq!(all.iter().map(|finding| &finding["column"]).collect::<Vec<_>>(), ["data.day", "data.phone"]);
    says(&all[1], "message", "not `***` (data.csv:35)");
    assert!(!all[1].to_string().contains("07x"), "{}", all[1]);
    folder.edit("ropeway.toml", "[\"linear\", \"boosted\"]", "[\"linear\"]");
    let run = folder.run(&["run", "--json", "--quiet"]);
    assert!(run.stdout.contains("text-by-exception"), "{}", run.stdout);
}

#[test]
fn times_finer_than_a_microsecond_are_cut_and_it_is_written_down() {
    let rows = |fraction: &str| -> String {
        (0..60).map(|row| format!("2024-01-01 10:00:{row:02}{fraction},{}\n", row % 3 % 2)).collect()
    };
    let (folder, said) = started(&("seen,y\n".to_owned() + &rows(".123456789")), "y");
    assert_eq!((&said["columns"][0]["type"], &said["rejected"]), (&json!("timestamp"), &json!(0)));
    assert!(folder.read("ropeway.toml").contains("finer = \"cut\"   # "));
    folder.run(&["check"]).expect(0);
    let (folder, _) = started(&("seen,y\n".to_owned() + &rows(".123456")), "y");
    assert!(!folder.read("ropeway.toml").contains("finer"));
}

#[test]
fn an_error_of_types_names_the_values_for_whose_sake_a_column_is_text() {
    let folder = crate::people::project(crate::people::table(
        |id| if id % 9 == 4 { "n/a".into() } else { crate::people::age(id) },
        crate::people::gone,
    ));
    let says = ["`n/a` (33 times, first data/people.csv:6)", "null = [\"\", \"n/a\"]", "`types.age = \"integer\"`"];
    folder.edit("ropeway.toml", "age > 60", "age - 60 > 0");
    folder.fails(&["check"], 1, &says);
    folder.edit("ropeway.toml", "age - 60 > 0", "length(age) > 2");
    folder.edit("tables/people_clean.sql", "SELECT id, age,", "SELECT id, age * 2 AS age,");
    folder.fails(&["check"], 1, &says);
    // A problem of something else does not.
    folder.edit("tables/people_clean.sql", "age * 2 AS age,", "aged,");
    let ended = folder.fails(&["check"], 1, &["`age`"]);
    assert!(!ended.stderr.contains("n/a"), "{}", ended.stderr);
}

/// Invoices: `late` is known of those that were paid, and when is told by `told`.
fn invoices(column: &str, told: impl Fn(usize) -> String) -> Value {
    let mut text = format!("invoice,amount,Erstellt,{column},late\n");
    for row in 0..400_usize {
        let late = match row % 5 {
            4 => "",
            _ => ["yes", "no"][usize::from(row * 7_919 % 101 > 50)],
        };
        let (day, hour) = (1 + row % 27, 8 + row % 9);
        text += &format!("{row},{},2025-01-{day:02}T{hour:02}:00:00Z,{},{late}\n", row * 37 % 901, told(row));
    }
    let folder = Folder::new();
    folder.write("data.csv", text);
    folder.run(&["profile", "data.csv", "--label", "late", "--json"]).expect(0).json()
}

#[test]
fn a_column_that_comes_with_the_label_or_after_the_row_is_suspected() {
    let suspected = |survey: &Value, code: &str| {
        let found = survey["findings"].as_array().unwrap();
        found.iter().any(|finding| finding["code"] == code && finding["columns"][0] != "late")
    };
    let paid = |row: usize| format!("2025-0{}-{:02}", 2 + row % 3, 1 + row * 31 % 28);
    let with_label = |row: usize| if row % 5 == 4 { String::new() } else { paid(row) };
    let survey = invoices("settled_on_day", with_label);
    assert!(
        survey["findings"].to_string().contains("it is missing exactly where `late` is missing, in 80 rows"),
        "{survey}"
    );
    let survey = invoices("Bezahlt am", paid);
    assert!(suspected(&survey, "leak-later"), "a day is never before the instant of its row: {survey}");
    // The controls: missing elsewhere, and before the row.
    let survey = invoices("seen", |row| if row % 7 == 4 { String::new() } else { paid(row) });
    assert!(!suspected(&survey, "leak-missing"), "{survey}");
    let survey = invoices("Bezahlt am", |row| format!("2024-0{}-{:02}", 1 + row % 9, 1 + row * 31 % 28));
    assert!(!suspected(&survey, "leak-later"), "{survey}");
}
