//! `ropeway table`, `ropeway examples` and `ropeway profile`: what a project makes, for people and for notebooks.

use serde_json::{Value, json};

use crate::people::{PROJECT, project, sound};
use crate::ropeway::Folder;
use crate::shop;

/// People whose city is personal.
fn personal() -> Folder {
    let folder = project(sound());
    folder.write("ropeway.toml", PROJECT.replacen("key = [\"id\"]", "key = [\"id\"]\npersonal = [\"city\"]", 1));
    folder
}

fn read(folder: &Folder, command: &[&str]) -> Value {
    folder.run(&[command, &["--json"]].concat()).expect(0).json()
}

/// The rows of a file that was written, by a query over a project of its own.
fn rows_of(folder: &Folder, file: &str) -> Vec<Value> {
    let reader = Folder::new();
    std::fs::copy(folder.path().join(file), reader.path().join(file)).unwrap();
    let source = format!("[source.written]\npath = \"{file}\"\nstatic = true\n");
    let rest = "[examples]\ntable = \"written\"\nlabel = \"1 = 1\"\nrequest = [\"any\"]\n";
    reader.write("ropeway.toml", format!("[project]\nname = \"reader\"\nseed = 1\n{source}{rest}"));
    read(&reader, &["table", "written", "--head", "100000"])["rows"].as_array().unwrap().clone()
}

#[test]
fn a_table_is_shown_as_the_project_defines_it() {
    let folder = shop::folder();
    folder.edit("ropeway.toml", "that = \"amount >= 0\"", "that = \"amount >= 30\"\ntolerate = 1.0");
    folder.edit("ropeway.toml", "[table.orders_clean]", "[table.orders_clean]\nkey = [\"id\"]");
    let shown = read(&folder, &["table", "orders_clean", "--head", "3"]);
    assert_eq!(shown["columns"], json!(["id", "placed", "amount", "country", "returned", "known_at"]));
    let kept: Vec<u32> = (0..shop::ORDERS).filter(|id| shop::order(*id)["amount"].as_f64().unwrap() >= 30.0).collect();
    assert_eq!(shown["total"], kept.len());
    let ids: Vec<Value> = shown["rows"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
    assert_eq!(ids, kept[..3].iter().map(|id| json!(id)).collect::<Vec<_>>());
    // The source has all of them: the check is of the table.
    assert_eq!(read(&folder, &["table", "orders"])["total"], shop::ORDERS);
    let page = folder.run(&["table", "orders_clean"]).expect(0);
    assert!(page.stdout.contains("known_at") && page.stdout.lines().count() == 24, "{}", page.stdout);
    page.says("20 of ").says("--out FILE");
    assert_eq!(read(&folder, &["table", "countries", "--head", "0"])["rows"], json!([]));
    let some = read(&folder, &["table", "orders", "--columns", "country,id", "--head", "1"]);
    assert_eq!((&some["columns"], &some["rows"]), (&json!(["country", "id"]), &json!([{"country": "DE", "id": 0}])));
    folder.fails(&["table", "orders", "--columns", "cuontry"], 1, &["unknown-column", "did you mean `country`?"]);
}

#[test]
fn a_table_is_written_in_every_format() {
    let folder = shop::folder();
    for file in ["orders.csv", "orders.jsonl", "orders.parquet"] {
        folder.run(&["table", "orders_clean", "--out", file]).expect(0);
        let rows = rows_of(&folder, file);
        assert_eq!(rows.len(), shop::ORDERS as usize, "{file}");
        let amounts: Vec<f64> = rows.iter().map(|row| row["amount"].as_f64().unwrap()).collect();
        let expected: Vec<f64> = (0..shop::ORDERS).map(|id| shop::order(id)["amount"].as_f64().unwrap()).collect();
        let (mut amounts, mut expected) = (amounts, expected);
        amounts.sort_by(f64::total_cmp);
        expected.sort_by(f64::total_cmp);
        assert_eq!(amounts, expected, "{file}");
    }
    folder.run(&["table", "orders_clean", "--head", "7", "--out", "some.csv"]).expect(0);
    assert_eq!(folder.read("some.csv").lines().count(), 8);
    folder.fails(&["table", "orders_clean", "--out", "orders.xml"], 1, &["`.parquet`"]);
}

#[test]
fn a_table_that_does_not_exist_gets_the_nearest_name() {
    let folder = shop::folder();
    let ended = folder.fails(&["table", "orders_claen"], 1, &["unknown-table", "did you mean `orders_clean`?"]);
    assert!(!ended.stderr.contains("ropeway.toml"), "the slip is on the command line: {}", ended.stderr);
    folder.fails(&["table", "exmples"], 1, &["did you mean `examples`?"]);
    folder.fails(&["profile", "vsits"], 1, &["unknown-table", "did you mean `visits`?"]);
}

#[test]
fn a_table_is_shown_also_while_features_are_wrong() {
    let folder = shop::folder();
    folder.edit("ropeway.toml", "large = \"amount > 50\"", "large = \"amonut > 50\"");
    assert_eq!(read(&folder, &["table", "visits_daily", "--head", "1"])["rows"][0]["country"], "CH");
    assert_eq!(read(&folder, &["profile", "orders"])["rows"], shop::ORDERS);
    folder.fails(&["examples"], 1, &["amonut"]);
    // A table needs its own inputs and no other's.
    let check = "[[check]]\ntable = \"countries\"\nthat = \"zone = 'east'\"\notherwise = \"stop\"\n\n[examples]";
    folder.edit("ropeway.toml", "[examples]", check);
    assert_eq!(read(&folder, &["table", "orders_clean", "--head", "1"])["total"], shop::ORDERS);
    folder.run(&["table", "countries"]).expect(3);
}

#[test]
fn personal_columns_are_masked_and_written_only_when_asked_for() {
    let folder = personal();
    for name in ["people", "people_clean", "examples"] {
        for command in [vec!["table", name], vec!["table", name, "--json"]] {
            let shown = folder.run(&command).expect(0).stdout;
            assert!(shown.contains("***") && !shown.contains("Bern"), "{shown}");
        }
        let written = read(&folder, &["table", name, "--out", "some.csv"]);
        assert_eq!(written["left_out"], json!(["city"]));
        let text = folder.read("some.csv");
        assert!(!text.contains("city") && !text.contains("Bern"), "{text}");
        folder.run(&["table", name, "--out", "all.parquet", "--personal"]).expect(0);
        assert!(rows_of(&folder, "all.parquet").iter().any(|row| row["city"] == "Bern"));
        let profile = read(&folder, &["profile", name]).to_string();
        assert!(!profile.contains("Bern"), "{profile}");
    }
    // What is not declared personal any more shows: the control.
    folder.write("ropeway.toml", PROJECT);
    let shown = folder.run(&["table", "people_clean"]).expect(0).stdout;
    assert!(shown.contains("Bern"), "{shown}");
    assert!(read(&folder, &["profile", "people_clean"]).to_string().contains("Bern"));
    // And what is declared after it was recorded does not.
    folder.write("ropeway.toml", personal().read("ropeway.toml"));
    assert!(!read(&folder, &["profile", "people_clean"]).to_string().contains("Bern"));
    folder.run(&["table", "people", "--personal"]).expect(2);
}

#[test]
fn a_query_reads_personal_columns_only_when_asked_to() {
    let folder = personal();
    for table in ["people", "people_clean", "examples"] {
        let all = format!("SELECT * FROM {table}");
        let ended = folder.run(&["query", &all, "--json"]).expect(0).says("personal columns are left out: city");
        assert_eq!(ended.json()["left_out"], json!(["city"]));
        assert!(!ended.stdout.contains("Bern"), "{}", ended.stdout);
        folder.run(&["query", &all, "--out", "all.csv"]).expect(0);
        assert!(!folder.read("all.csv").contains("Bern"));
        for column in ["city", "max(city) AS a", "upper(city || 'x')"] {
            let sql = format!("SELECT {column} FROM {table}");
            let ended = folder.fails(&["query", &sql], 1, &["`city` is personal", "--personal"]);
            assert!(!ended.stdout.contains("Bern"), "{}", ended.stdout);
        }
        assert!(folder.run(&["query", &all, "--personal"]).expect(0).stdout.contains("Bern"));
        let counted = folder.run(&["query", &format!("SELECT count(*) AS n FROM {table}")]).expect(0);
        assert!(!counted.stderr.contains("left out"), "{}", counted.stderr);
    }
}

#[test]
fn examples_say_where_each_stands_and_hide_what_the_holdout_would_tell() {
    let folder = shop::trained();
    let report = read(&folder, &["show"])["report"]["examples"].clone();
    let ended = folder.run(&["examples", "--out", "x.parquet", "--json"]).expect(0).says("rows are hidden");
    assert_eq!(ended.json()["rows"], shop::ORDERS);
    let rows = rows_of(&folder, "x.parquet");
    let part = |name: &str| rows.iter().filter(|row| row["part"] == name).collect::<Vec<_>>();
    for name in ["train", "holdout", "purged"] {
        assert_eq!(report[name], part(name).len(), "{name}");
    }
    assert!(part("purged").len() > 5, "{report}");
    assert!(part("holdout").iter().all(|row| row["label"].is_null() && row["label_known_at"].is_null()));
    assert!(part("train").iter().all(|row| !row["label"].is_null() && !row["label_known_at"].is_null()));
    let last = |rows: &[&Value]| rows.iter().map(|row| row["at"].as_str().unwrap().to_owned()).max().unwrap();
    let first = |rows: &[&Value]| rows.iter().map(|row| row["at"].as_str().unwrap().to_owned()).min().unwrap();
    assert!(last(&part("train")) < first(&part("holdout")));
    // Time folds expand: what comes first validates no fold, and the second fold comes after the first.
    let fold =
        |number: Value| rows.iter().filter(|row| row["part"] == "train" && row["fold"] == number).collect::<Vec<_>>();
    assert!(last(&fold(Value::Null)) < first(&fold(json!(1))) && last(&fold(json!(1))) < first(&fold(json!(2))));

    // Features are those that the learner gets: equal to what `explain` computes for one.
    let row = part("train").into_iter().find(|row| row["id"] == 200).unwrap().clone();
    let explained = read(&folder, &["explain", "shop", "--key", "200"]);
    for feature in explained["features"].as_array().unwrap() {
        let name = feature["feature"].as_str().unwrap();
        assert_eq!(feature["value"], row[name], "{name}");
    }
    // The same in SQL.
    let sql = "SELECT part, count(*) AS n FROM examples GROUP BY part ORDER BY part";
    let counts = read(&folder, &["query", sql])["rows"].clone();
    assert_eq!(counts[0], json!({"part": "holdout", "n": part("holdout").len()}));
}

#[test]
fn examples_without_time_have_folds_too_and_a_feature_named_fold_stays() {
    let folder = project(sound());
    folder.edit("ropeway.toml", "old = \"age > 60\"", "fold = \"age > 60\"");
    let shown = read(&folder, &["examples", "--head", "1000"]);
    let first: Vec<&Value> = shown["columns"].as_array().unwrap().iter().take(4).collect();
    assert_eq!(first, ["id", "part", "fold_", "age"]);
    let rows = shown["rows"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["fold"] == (row["age"].as_i64().unwrap() > 60)));
    let of = |fold: Value| rows.iter().filter(|row| row["fold_"] == fold).count();
    let held_out = rows.iter().filter(|row| row["part"] == "holdout").count();
    assert_eq!(of(Value::Null), held_out);
    assert_eq!(of(json!(1)) + of(json!(2)) + held_out, rows.len());
    assert!(of(json!(1)) > 100 && of(json!(2)) > 100 && held_out > 50);
}

#[test]
fn a_profile_counts_what_the_table_holds() {
    let folder = project(sound());
    let profile = read(&folder, &["profile", "people_clean"]);
    assert_eq!((&profile["table"], &profile["rows"]), (&json!("people_clean"), &json!(300)));
    let city = &profile["columns"][2];
    assert_eq!((&city["name"], &city["values"]["text"]["distinct"]), (&json!("city"), &json!(3)));
    let page = folder.run(&["profile", "people_clean"]).expect(0).stdout;
    for part in ["people_clean: 300 rows, 5 columns", "age  integer: 0 missing", "Bern", "█"] {
        assert!(page.contains(part), "`{part}` is not in:\n{page}");
    }
    // A changed file is read anew, and labels of the holdout are no part of what is told.
    folder.write("data/people.csv", format!("{}300,20,Linz,2024-01-01,true\n", sound()));
    assert_eq!(read(&folder, &["profile", "people_clean"])["columns"][2]["values"]["text"]["distinct"], 4);
    let examples = read(&folder, &["profile", "examples"]);
    let label =
        examples["columns"].as_array().unwrap().iter().find(|column| column["name"] == "label").unwrap().clone();
    assert!(label["missing"].as_u64().unwrap() > 50, "{label}");
}
