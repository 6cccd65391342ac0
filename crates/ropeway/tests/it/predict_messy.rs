//! Files to score as people have them: rows that cannot be read cost themselves, what is unlike the training is said, and
//! names come before delimiters.

use serde_json::{Value, json};

use crate::people;
use crate::ropeway::{Ended, Folder};
use crate::served::Server;

/// The people with a model, whose city is a feature; `more` is added to the keys of their source.
fn trained(more: &str) -> Folder {
    let folder = people::project(people::sound());
    folder.edit("ropeway.toml", "key = [\"id\"]", &format!("key = [\"id\"]\n{more}"));
    folder.run(&["run", "--quiet"]).expect(0);
    folder
}

fn predict(folder: &Folder, input: &str, output: &str, more: &[&str]) -> Ended {
    folder.run(&[&["predict", "people", "--in", input, "--out", output], more].concat())
}

fn lines(folder: &Folder, name: &str) -> Vec<Value> {
    folder.read(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

const MESS: &str = "age,city,joined\n\
    40,Bern,2024-01-02\n\
    old,Bern,2024-01-02\n\
    41,Wien\n\
    42,Wien,2024-02-30\n\
    43,Graz,2024-01-04,x,y\n\
    44,\"Gr\0az\",2024-01-04\n\
    young,Bern,2024-01-02\n\
    45,Graz,2024-01-05\n";

#[test]
fn a_bad_row_costs_itself_and_no_other() {
    let folder = trained("");
    folder.write("mess.csv", MESS);
    let ended = predict(&folder, "mess.csv", "out.jsonl", &["--json"]).expect(3);
    for says in
        ["6 of 8 rows of mess.csv are not scored", "2 rows, the first in line 3: column `age`: is not", "remedy: "]
    {
        assert!(ended.stderr.contains(says), "{}", ended.stderr);
    }
    let report = ended.json();
    let (rows, scored, not) = (&report["rows"], &report["scored"], &report["not_scored"]["rows"]);
    assert_eq!((rows, scored, not), (&json!(8), &json!(2), &json!(6)));
    assert_eq!(report["not_scored"]["first"].as_array().unwrap().len(), 5);

    // Each row in its place, with what it had, and the good ones with the bits that they have alone.
    let all = lines(&folder, "out.jsonl");
    assert_eq!(all.len(), 8);
    let told = |row: usize, line: u32, says: &str| {
        let why = all[row]["not_scored"].as_str().unwrap();
        assert!(why.starts_with(&format!("line {line}: ")) && why.contains(says), "{why}");
        assert_eq!((&all[row]["probability"], &all[row]["decision"]), (&Value::Null, &Value::Null));
    };
    told(1, 3, "column `age`: `old` is not");
    told(2, 4, "has 2 fields where 3 are needed");
    told(3, 5, "column `joined`: `2024-02-30` is not on the calendar");
    told(4, 6, "has 5 fields where 3");
    told(5, 7, "column `city`");
    told(6, 8, "column `age`: `young`");
    assert_eq!((&all[2]["city"], &all[4]["city"], &all[5]["age"]), (&json!("Wien"), &json!("Graz"), &json!(44)));
    folder.write("good.csv", "age,city,joined\n40,Bern,2024-01-02\n45,Graz,2024-01-05\n");
    predict(&folder, "good.csv", "good.jsonl", &[]).expect(0);
    let good = lines(&folder, "good.jsonl");
    assert_eq!([&all[0], &all[7]], [&good[0], &good[1]]);
    // The control: the column is there where all rows are scored, and empty.
    assert!(good.iter().all(|row| row["not_scored"].is_null() && row.as_object().unwrap().contains_key("not_scored")));

    // A package alone says the same.
    let alone = Folder::new();
    let shown = folder.run(&["show", "r1", "--json"]).expect(0).json();
    let package = shown["model"]["package"].as_str().or_else(|| shown["report"]["model"]["package"].as_str()).unwrap();
    alone.write("m.ropeway", std::fs::read(folder.path().join(package)).unwrap());
    alone.write("mess.csv", MESS);
    let command = ["predict", "m.ropeway", "--in", "mess.csv", "--out", "out.jsonl"];
    alone.run(&command).expect(3).says("6 of 8 rows of mess.csv are not scored");
    assert_eq!(alone.read("out.jsonl"), folder.read("out.jsonl"));
}

#[test]
fn the_exit_code_says_that_rows_are_left_out_unless_so_many_are_tolerated() {
    let folder = trained("");
    folder.write("mess.csv", MESS);
    predict(&folder, "mess.csv", "out.csv", &["--tolerate", "74%"]).expect(3);
    let ended = predict(&folder, "mess.csv", "out.csv", &["--tolerate", "0.75"]).expect(0);
    ended.says("warning: 6 of 8 rows");
    let ended = predict(&folder, "mess.csv", "out.csv", &["--quiet"]).expect(3);
    assert!(ended.says("6 of 8 rows").stderr.contains("line 3"), "what explains the code is said in quiet too");
    predict(&folder, "mess.csv", "out.csv", &["--tolerate", "200%"]).expect(2);
    // A file of nothing but bad rows is none the less written whole.
    folder.write("bad.csv", "age,city,joined\nold,Bern,2024-01-01\n");
    predict(&folder, "bad.csv", "out.csv", &[]).expect(3).says("1 of 1 rows");
    assert_eq!(folder.read("out.csv").lines().count(), 2);
    folder.write("none.csv", "age,city,joined\n");
    predict(&folder, "none.csv", "out.csv", &[]).expect(0);
}

#[test]
fn bad_rows_of_json_lines_and_parquet_keep_their_place() {
    let folder = trained("");
    let good = r#"{"age": 40, "city": "Bern", "joined": "2024-01-02"}"#;
    folder.write("mess.jsonl", format!("{good}\n{{\"age\": \n{}\n[5]\n\n{good}\n", good.replace("40", "[1]")));
    predict(&folder, "mess.jsonl", "out.jsonl", &[]).expect(3).says("3 of 5 rows of mess.jsonl");
    let all = lines(&folder, "out.jsonl");
    let why = |row: usize| all[row]["not_scored"].as_str().unwrap_or_default().to_owned();
    assert_eq!([0, 4].map(why), ["", ""]);
    assert!(why(1).starts_with("line 2: the row is not a JSON object"), "{}", why(1));
    assert!(why(2).starts_with("line 3: column `age`") && why(3).starts_with("line 4: "), "{} {}", why(2), why(3));
    assert_eq!((&all[0]["probability"], &all[2]["age"]), (&all[4]["probability"], &json!([1])));

    folder.write("texts.jsonl", [good, &good.replace("40", "\"x\""), good].join("\n"));
    folder.run(&["predict", "people", "--in", "texts.jsonl", "--out", "texts.parquet"]).expect(3);
    let query = "SELECT id::varchar AS age, city, joined FROM people WHERE id IN (41, 42)";
    folder.run(&["query", query, "--out", "in.parquet"]).expect(0);
    predict(&folder, "in.parquet", "out.parquet", &[]).expect(0);
    let query = "SELECT CASE WHEN id = 41 THEN 'x' ELSE '7' END AS age, city, joined FROM people WHERE id IN (41, 42) ORDER BY id";
    folder.run(&["query", query, "--out", "in.parquet"]).expect(0);
    predict(&folder, "in.parquet", "out.jsonl", &[]).expect(3).says("row 1: column `age`: `x`");
    assert!(lines(&folder, "out.jsonl")[1]["probability"].is_number());
}

#[test]
fn no_value_about_a_person_is_shown() {
    let folder = trained("personal = [\"city\", \"joined\"]");
    let text = "age,city,joined,mail\n40,Bern,the day of Ada,a@b\n41,Adaville,2024-01-02,Ada\0\n42,Adaville,2024-01-03,x\nold,Adaville,2024-01-03,x,Ada\n";
    folder.write("new.csv", text);
    let ended = predict(&folder, "new.csv", "out.csv", &[]).expect(3).says("3 of 4 rows").says("`joined`: `***`");
    assert!(!ended.stderr.contains("Ada"), "{}", ended.stderr);
    let out = folder.read("out.csv");
    assert!(out.contains("the day of Ada") && out.contains("`***`") && !out.contains("`the day"), "{out}");
    // The control: where they are not personal, they are shown.
    let open = trained("");
    open.write("new.csv", text);
    predict(&open, "new.csv", "out.csv", &[]).expect(3).says("`joined`: `the day of Ada`").says("\"Adaville\" (1 row)");
}

#[test]
fn what_is_unlike_the_training_is_said_in_a_bearable_length() {
    let folder = trained("");
    let warnings = |text: &str| -> Vec<String> {
        folder.write("new.csv", text);
        let ended = predict(&folder, "new.csv", "out.csv", &["--json"]).expect(0);
        serde_json::from_value(ended.json()["warnings"].clone()).unwrap()
    };
    let head = "age,city,joined\n";
    assert_eq!(warnings(&format!("{head}40,Bern,2024-01-02\n")), Vec::<String>::new(), "the control");
    let odd = warnings(&format!("{head}40,Basel,2024-01-02\n,Basel,2024-01-02\n41,Bern,2024-01-02\n"));
    assert_eq!(
        odd,
        [
            "never missing in training: `age` (1 of 3 rows without it); `old` (1 of 3 rows without it)",
            "never seen in training: `city` = \"Basel\" (2 rows)",
        ]
    );
    let far = format!("{head}40,Bern,2024-01-02\n4000,Bern,2030-01-02\n-1,Bern,2024-01-02\n");
    assert_eq!(
        warnings(&far),
        ["outside the range of training: `age` in 2 of 3 rows (18 to 87 in training, down to -1 and up to 4000 here)"]
    );
    let ended = predict(&folder, "new.csv", "out.csv", &["--json"]).expect(0);
    let far = json!([{"feature": "age", "rows": 2, "low": 18.0, "high": 87.0, "least": -1.0, "greatest": 4000.0}]);
    assert_eq!(ended.says("warning: outside the range of training: `age`").json()["out_of_range"], far);
    let mut many = head.to_owned();
    (0..5_000).for_each(|row| many.push_str(&format!("40,City {row} {},2024-01-02\n", "x".repeat(900))));
    let many = warnings(&many);
    assert!(many.len() == 1 && many[0].len() < 400 && many[0].contains("others (4997 rows)"), "{many:?}");
}

#[test]
fn a_request_is_told_what_it_left_out_and_nothing_else() {
    let folder = trained("");
    let server = Server::start(folder.path(), &[]);
    let ask = |example: Value| server.post("/v1/models/people/predict", &json!({"examples": [example]})).json();
    let known = ask(json!({"age": 40, "city": "Bern", "joined": "2024-01-02"}));
    assert!(!known.as_object().unwrap().contains_key("warnings"), "{known}");
    let odd = ask(json!({"city": "Basel", "joined": "2024-01-02"}));
    assert_eq!(
        odd["warnings"],
        json!([
            "left out of the examples: `age` (1 of 1)",
            "never missing in training: `age` (1 of 1 row without it); `old` (1 of 1 row without it)",
            "never seen in training: `city` = \"Basel\" (1 row)",
        ])
    );
    let far = ask(json!({"age": 4000, "city": "Bern", "joined": "2024-01-02"}));
    let told = "outside the range of training: `age` in 1 of 1 row (18 to 87 in training, up to 4000 here)";
    assert_eq!(far["warnings"], json!([told]));
    // The bits are those of the file.
    folder.write("new.csv", "age,city,joined\n40,Bern,2024-01-02\n,Basel,2024-01-02\n");
    predict(&folder, "new.csv", "out.jsonl", &[]).expect(0);
    let all = lines(&folder, "out.jsonl");
    let bits = |value: &Value| value["probability"].as_f64().unwrap().to_bits();
    assert_eq!([bits(&all[0]), bits(&all[1])], [bits(&known["predictions"][0]), bits(&odd["predictions"][0])]);
}

#[test]
fn a_misspelled_name_is_no_wrong_delimiter_and_a_date_shows_its_form() {
    let text = people::sound().replace(',', ";");
    let german = |day: &str| format!("{}.{}.{}", &day[8..], &day[5..7], &day[..4]);
    let dated = |line: &str| match line.split(';').collect::<Vec<_>>()[..] {
        [id, age, city, day, gone] if day != "joined" => format!("{id};{age};{city};{};{gone}", german(day)),
        _ => line.to_owned(),
    };
    let folder = people::project(text.lines().map(dated).collect::<Vec<_>>().join("\n"));
    folder.edit("ropeway.toml", "key = [\"id\"]", "key = [\"id\"]\ndelimiter = \";\"\ndates = [\"%d.%m.%Y\"]");
    folder.run(&["run", "--quiet"]).expect(0);
    for mark in [";", ",", "|"] {
        folder.write("new.csv", "age;citty;joined\n40;Bern;02.01.2024\n".replace(';', mark));
        let says = ["missing-column", "`city` is not there", "rename `citty` to `city`", "age, citty, joined"];
        let ended = folder.fails(&["predict", "people", "--in", "new.csv", "--out", "out.csv"], 1, &says);
        assert!(!ended.stderr.contains("delimiter"), "{}", ended.stderr);
        // The control: spelled as the model has it, the same file is scored.
        folder.write("new.csv", "age;city;joined\n40;Bern;02.01.2024\n".replace(';', mark));
        predict(&folder, "new.csv", "out.csv", &[]).expect(0);
    }
    folder.write("new.csv", "age;city;joined\n40;Bern;01/02/2024\n40;Bern;13.13.2024\n");
    let ended = predict(&folder, "new.csv", "out.csv", &[]).expect(3);
    assert_eq!(ended.stderr.matches("expected `%d.%m.%Y`, as in `03.11.2025`").count(), 4, "{}", ended.stderr);
}
