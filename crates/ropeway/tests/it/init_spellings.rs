//! Spellings that differ by case or blanks alone, months, weights and numbers that name things: what `profile` remarks and
//! `init` decides. Controls: short codes, seasons, part numbers and a table without any of it.

use serde_json::{Value, json};

use crate::ropeway::Folder;
use crate::served::Server;

const ROWS: u32 = 1_200;

fn dice(row: u32, salt: u32) -> u32 {
    let mut x = (row + 1).wrapping_mul(0x9e37_79b9) ^ salt.wrapping_mul(0x85eb_ca6b);
    x = (x ^ (x >> 15)).wrapping_mul(0x2c1b_3c6d);
    x ^ (x >> 13)
}

fn fuel(row: u32) -> usize {
    (dice(row, 2) % 3) as usize
}

/// Cars whose fuel decides, as `fuels` spells it by row, and whose label `sold` spells.
fn cars(fuels: impl Fn(u32) -> String, sold: impl Fn(u32, bool) -> String) -> String {
    let row = |row: u32| {
        let sells = fuel(row) * 400 + (dice(row, 3) % 900) as usize > 900;
        format!("{row},{},{},{}\n", fuels(row), dice(row, 4) % 200_000, sold(row, sells))
    };
    "car,fuel,km,sold\n".to_owned() + &(0..ROWS).map(row).collect::<String>()
}

const PLAIN: [&str; 3] = ["Benzin", "Diesel", "Elektro"];

fn plain(row: u32) -> String {
    PLAIN[fuel(row)].to_owned()
}

/// One row of twelve is spelled in another way.
fn messy(row: u32) -> String {
    let fuel = PLAIN[fuel(row)];
    match dice(row, 5) % 36 {
        0 => fuel.to_lowercase(),
        1 => format!("{fuel} "),
        2 => format!(" {}", fuel.to_uppercase()),
        _ => fuel.to_owned(),
    }
}

fn outcome(_: u32, sold: bool) -> String {
    if sold { "Gone".into() } else { "Kept".into() }
}

fn messy_outcome(row: u32, sold: bool) -> String {
    match (sold, dice(row, 6) % 20) {
        (true, 0) => "gone".into(),
        (true, 1) => "Gone ".into(),
        (false, 0) => "KEPT".into(),
        (sold, _) => outcome(row, sold),
    }
}

#[track_caller]
fn started(text: &str, arguments: &[&str]) -> (Folder, Value) {
    let folder = Folder::new();
    folder.write("cars.csv", text);
    let said = folder.run(&[&["init", "cars.csv", "--json"], arguments].concat()).expect(0).json();
    folder.run(&["check"]).expect(0);
    (folder, said)
}

fn finding<'a>(said: &'a Value, code: &str, column: &str) -> Option<&'a Value> {
    let all = said["findings"].as_array().unwrap();
    all.iter().find(|finding| finding["code"] == code && finding["columns"][0] == column)
}

fn scores(folder: &Folder, fuels: &[&str]) -> Vec<u64> {
    let lines: Vec<String> = fuels.iter().map(|fuel| json!({"fuel": fuel, "km": 70_000}).to_string()).collect();
    folder.write("asked.jsonl", lines.join("\n"));
    folder.run(&["predict", "p", "--in", "asked.jsonl", "--out", "scored.jsonl"]).expect(0);
    let bits = |line: &str| serde_json::from_str::<Value>(line).unwrap()["probability"].as_f64().unwrap().to_bits();
    folder.read("scored.jsonl").lines().map(bits).collect()
}

#[test]
fn spellings_of_one_level_are_one_in_the_table_the_label_and_requests() {
    let (folder, said) = started(&cars(messy, messy_outcome), &["--label", "sold", "--name", "p"]);
    let of_fuel = finding(&said, "spellings", "fuel").unwrap();
    assert!(of_fuel["evidence"].as_str().unwrap().contains("12 values are 3 levels"), "{of_fuel}");
    let counts = (0..ROWS).filter(|row| messy(*row) != plain(*row)).count();
    assert_eq!(of_fuel["rows"], counts);
    assert_eq!(finding(&said, "spellings", "sold").unwrap()["values"].as_array().unwrap().len(), 5);
    assert_eq!(said["label"]["task"], "binary", "{}", said["label"]);
    let file = folder.read("ropeway.toml");
    assert!(file.contains("text = { blanks = \"trim\", case = \"lower\" }"), "{file}");
    assert!(folder.read("tables/cars_clean.sql").contains("its spellings are read as one"));

    // The rows are those of the table in which everybody wrote alike.
    let (sound, of_sound) = started(
        &cars(|row| plain(row).to_lowercase(), |row, sold| outcome(row, sold).to_lowercase()),
        &["--label", "sold", "--name", "p"],
    );
    assert!(finding(&of_sound, "spellings", "fuel").is_none() && finding(&of_sound, "spellings", "sold").is_none());
    let rows = |folder: &Folder| {
        folder.run(&["table", "cars_clean", "--out", "rows.csv"]).expect(0);
        folder.read("rows.csv")
    };
    assert_eq!(rows(&folder), rows(&sound));
    folder.run(&["run", "--final", "--quiet"]).expect(0);
    let spelled = scores(&folder, &["Benzin", "benzin ", " BENZIN", "bEnZiN", "Diesel", "never seen"]);
    assert!(spelled[..4].iter().all(|bits| *bits == spelled[0]), "{spelled:?}");
    assert_ne!(spelled[0], spelled[4]);
    assert_ne!(spelled[0], spelled[5]);
    let server = Server::start(folder.path(), &[]);
    for (fuel, bits) in [("Benzin", spelled[0]), ("benzin ", spelled[0]), ("Diesel", spelled[4])] {
        let answer = server.post("/v1/models/p/predict", &json!({"examples": [{"fuel": fuel, "km": 70_000}]})).json();
        assert_eq!(answer["predictions"][0]["probability"].as_f64().unwrap().to_bits(), bits, "{fuel}");
    }
    drop(server);

    // Control: without the setting they are levels of their own.
    let text: String =
        file.lines().filter(|line| !line.starts_with("text = ")).map(|line| format!("{line}\n")).collect();
    folder.write("ropeway.toml", text.replace("'gone'", "'Gone'").replace("'kept'", "'Kept'"));
    folder.run(&["run", "--quiet", "--final"]).expect(0);
    let spelled = scores(&folder, &["Benzin", "bEnZiN"]);
    assert_ne!(spelled[0], spelled[1]);
}

#[test]
fn a_column_of_which_sql_made_another_is_asked_for_as_sql_has_it() {
    let (folder, _) = started(&cars(messy, outcome), &["--label", "sold", "--name", "p"]);
    let sql = folder.read("tables/cars_clean.sql");
    folder.write("tables/cars_clean.sql", sql.replacen("  fuel,", "  upper(fuel) AS fuel,", 1));
    folder.run(&["run", "--final", "--quiet"]).expect(0);
    let spelled = scores(&folder, &["BENZIN", "benzin"]);
    assert_ne!(spelled[0], spelled[1]);
}

#[test]
fn what_may_mean_another_thing_stays_apart_and_is_remarked() {
    let genotype = |row: u32| ["AA", "Aa", "aa"][fuel(row)].to_owned();
    let (folder, said) = started(&cars(genotype, outcome), &["--label", "sold"]);
    let found = finding(&said, "spellings", "fuel").unwrap();
    assert!(found["text"].is_null() && found["decision"].as_str().unwrap().contains("stay apart"), "{found}");
    let file = folder.read("ropeway.toml");
    assert!(
        !file.contains("\ntext = ") && file.contains("# fuel: 3 values are one level but for case or blanks"),
        "{file}"
    );
    let (_, said) = started(&cars(plain, outcome), &["--label", "sold"]);
    assert!(finding(&said, "spellings", "fuel").is_none());
    // One in twenty of a single letter is a slip.
    let letters = |row: u32| {
        let letter = ["M", "F", "D"][fuel(row)];
        if dice(row, 7).is_multiple_of(20) { letter.to_lowercase() } else { letter.to_owned() }
    };
    let (folder, _) = started(&cars(letters, outcome), &["--label", "sold"]);
    assert!(folder.read("ropeway.toml").contains("\ntext = "));
}

#[test]
fn a_lookup_finds_its_rows_by_either_spelling() {
    let folder = Folder::new();
    folder.write("cars.csv", cars(messy, outcome));
    folder.write("fuels.csv", "fuel,tax\nBenzin,3\nDiesel,5\nElektro,0\nHybrid,2\n");
    let said = folder.run(&["init", "cars.csv", "fuels.csv", "--label", "sold", "--json"]).expect(0).json();
    assert_eq!((&said["lookups"][0]["found"], &said["lookups"][0]["of"]), (&ROWS.into(), &ROWS.into()), "{said}");
    folder.run(&["check"]).expect(0);
    let sql = "SELECT count(*) AS n FROM examples WHERE fuels_tax IS NULL";
    let missing = folder.run(&["query", sql, "--json"]).expect(0).json();
    assert_eq!(missing["rows"][0]["n"], 0);
    // Control: a file in which one of them has two rows is no lookup by it.
    folder.write("fuels.csv", "fuel,tax\nBenzin,3\nbenzin,4\nDiesel,5\nElektro,0\n");
    for file in ["ropeway.toml", "NOTES.md", "tables/cars_clean.sql", "tables/fuels_clean.sql"] {
        std::fs::remove_file(folder.path().join(file)).unwrap();
    }
    let said = folder.run(&["init", "cars.csv", "fuels.csv", "--label", "sold", "--json"]).expect(0).json();
    assert_eq!(said["lookups"], json!([]), "{said}");
}

/// The type of a column of these values and its most frequent spelling, as `profile` has them.
fn profiled(value: impl Fn(u32) -> String) -> (Value, String) {
    let folder = Folder::new();
    let row = |row: u32| format!("{row},{},{}\n", value(row), ["yes", "no"][fuel(row) % 2]);
    folder.write("x.csv", "id,bought,y\n".to_owned() + &(0..300).map(row).collect::<String>());
    let said = folder.run(&["profile", "x.csv", "--label", "y", "--json"]).expect(0).json();
    (said["columns"][1]["type"].clone(), said["notes"].to_string())
}

#[test]
fn months_and_quarters_are_dates_and_years_seasons_and_part_numbers_are_not() {
    let (year, month) = (|row: u32| 2015 + dice(row, 1) % 5, |row: u32| 1 + dice(row, 2) % 12);
    let name = |row: u32| ["Jan", "Feb", "Mar", "Apr", "May", "Jun"][(month(row) % 6) as usize];
    let check = |value: &dyn Fn(u32) -> String, ty: &str| {
        let (found, notes) = profiled(value);
        assert_eq!(found, ty, "{}: {notes}", value(1));
        assert_eq!(notes.contains("each of which is read as its first day"), ty == "date", "{notes}");
    };
    check(&|row| format!("{:02}/{}", month(row), year(row)), "date");
    check(&|row| format!("{}-{:02}", year(row), month(row)), "date");
    check(&|row| format!("{}/{:02}", year(row), month(row)), "date");
    check(&|row| format!("{} {}", name(row), year(row)), "date");
    check(&|row| format!("{}Q{}", year(row), 1 + month(row) % 4), "date");
    check(&|row| format!("{:02}.{}", month(row), year(row)), "date");
    check(&|row| year(row).to_string(), "integer");
    check(&|row| format!("{}/{:02}", year(row), (year(row) + 1) % 100), "text");
    check(&|row| format!("{:02}/{}", month(row) * 5, year(row)), "text");
    check(&|row| format!("{:04}-{:02}", dice(row, 3) % 9_000, month(row)), "text");
}

#[test]
fn a_project_by_months_splits_by_time_and_takes_months_in_requests() {
    let month = |row: u32| format!("{:02}/{}", 1 + (row / 25) % 12, 2018 + row / 300);
    let cars = cars(|row| format!("{},{}", plain(row), month(row)), outcome).replacen("fuel,", "fuel,month,", 1);
    let (folder, said) = started(&cars, &["--label", "sold", "--name", "p"]);
    assert_eq!(said["split"]["by"], "time", "{}", said["split"]);
    let file = folder.read("ropeway.toml");
    assert!(file.contains("dates = [\"%m/%Y\"]") && !file.contains("day_of_week"), "{file}");
    folder.run(&["run", "--final", "--quiet"]).expect(0);
    let rows = folder.run(&["query", "SELECT min(month) AS a, max(month) AS b FROM cars", "--json"]).expect(0).json();
    assert_eq!(rows["rows"][0], json!({"a": "2018-01-01", "b": "2021-12-01"}));
    folder.write("asked.csv", "fuel,km,at\nBenzin,5,03/2022\nBenzin,5,3/2022\n");
    folder.run(&["predict", "p", "--in", "asked.csv", "--out", "scored.jsonl"]).expect(0);
    let scored = folder.read("scored.jsonl");
    let of = |line: &str| serde_json::from_str::<Value>(line).unwrap()["probability"].clone();
    let lines: Vec<Value> = scored.lines().map(of).collect();
    assert_eq!(lines[0], lines[1]);
    folder.write("asked.csv", "fuel,km,at\nBenzin,5,13/2022\n");
    folder.fails(&["predict", "p", "--in", "asked.csv", "--out", "scored2.jsonl"], 3, &["13/2022"]);
}

#[test]
fn a_weight_is_proposed_and_left_to_the_person() {
    let with = |name: &str, weight: &dyn Fn(u32) -> u32| {
        let cars = cars(|row| format!("{},{}", plain(row), weight(row)), outcome);
        let (folder, said) = started(&cars.replacen("fuel,", &format!("fuel,{name},"), 1), &["--label", "sold"]);
        let used =
            said["columns"].as_array().unwrap().iter().find(|column| column["name"] == name).unwrap()["use"].clone();
        let found = finding(&said, "weight", name).is_some();
        let file = folder.read("ropeway.toml");
        assert_eq!(file.contains(&format!("\n# weight = \"{name}\"\n")), found, "{file}");
        if found {
            folder.edit("ropeway.toml", "# weight = ", "weight = ");
            folder.run(&["run", "--quiet", "--final"]).expect(0);
        }
        (found, used)
    };
    let positive = |row: u32| 1 + dice(row, 8) % 9;
    assert_eq!(with("sample_weight", &positive), (true, json!("left_out")));
    assert_eq!(with("weight", &positive), (true, json!("feature")));
    // A row of weight 0 does not count.
    assert_eq!(with("sample_weight", &|row| dice(row, 8) % 9), (true, json!("left_out")));
    assert_eq!(with("weight", &|row| dice(row, 8) % 9), (false, json!("feature")));
    assert_eq!(with("birth_length", &positive), (false, json!("feature")));
}

#[test]
fn numbers_that_name_things_are_no_feature_and_are_told_once() {
    let customer = |row: u32| 12_000 + dice(row, 9) % 90;
    let missing = |row: u32| dice(row, 10).is_multiple_of(7);
    let id = |row: u32| if missing(row) { String::new() } else { format!("{}.0", customer(row)) };
    let cars = cars(|row| format!("{},{}", plain(row), id(row)), outcome);
    let (folder, said) = started(&cars.replacen("fuel,", "fuel,Customer ID,", 1), &["--label", "sold"]);
    let column = said["columns"].as_array().unwrap().iter().find(|column| column["name"] == "Customer ID").unwrap();
    assert_eq!((&column["type"], &column["use"]), (&json!("integer"), &json!("left_out")), "{column}");
    let told = said["findings"].as_array().unwrap().iter();
    assert_eq!(told.filter(|finding| finding["columns"][0] == "Customer ID").count(), 1, "{}", said["findings"]);
    assert!(folder.read("ropeway.toml").contains("\"Customer ID\" = \"integer\""));
    // Control: the same numbers under a name of a measure.
    let (_, said) = started(&cars.replacen("fuel,", "fuel,Engine Size,", 1), &["--label", "sold"]);
    let column = said["columns"].as_array().unwrap().iter().find(|column| column["name"] == "Engine Size").unwrap();
    assert_eq!((&column["type"], &column["use"]), (&json!("float"), &json!("feature")), "{column}");
}

#[test]
fn what_of_a_folder_is_passed_over_is_told() {
    let folder = Folder::new();
    let (first, second) = (cars(plain, outcome), cars(plain, outcome).replacen("\n0,", "\n900000,", 1));
    folder.write("data/a.csv", &first);
    folder.write("data/b.csv", second);
    let said = folder.run(&["profile", "data", "--json"]).expect(0).json();
    assert!(!said["notes"].to_string().contains("passed over"), "{}", said["notes"]);
    folder.write("data/readme.txt", "what this is");
    folder.write("data/old/c.csv", first);
    let said = folder.run(&["profile", "data", "--json"]).expect(0).json();
    assert!(said["notes"].to_string().contains("passed over"), "{}", said["notes"]);
    let page = folder.run(&["profile", "data"]).expect(0).stdout;
    assert!(page.contains("`old/`, `readme.txt`"), "{page}");
    folder.run(&["init", "data", "--label", "sold"]).expect(0);
    assert!(folder.read("ropeway.toml").contains("# passed over"), "{}", folder.read("ropeway.toml"));
}

#[test]
fn tables_need_no_examples() {
    let folder = Folder::new();
    folder.write("cars.csv", cars(plain, outcome));
    folder.write("sold.sql", "SELECT fuel, count(*) AS n FROM cars GROUP BY fuel");
    folder.write(
        "ropeway.toml",
        "[project]\nname = \"p\"\n[source.cars]\npath = \"cars.csv\"\n[table.sold]\nsql = \"sold.sql\"\n",
    );
    let all = folder.run(&["table", "sold", "--json"]).expect(0).json();
    assert_eq!(all["total"], 3);
    let all = folder.run(&["query", "SELECT sum(n) AS n FROM sold", "--json"]).expect(0).json();
    assert_eq!(all["rows"][0]["n"], ROWS);
    folder.run(&["profile", "cars", "--json"]).expect(0);
    folder.fails(&["query", "SELECT * FROM examples"], 1, &["`examples` is not known"]);
    folder.fails(&["examples"], 1, &["no [examples] section"]);
    folder.fails(&["table", "examples"], 1, &["no [examples] section"]);
    folder.fails(&["check"], 1, &["no [examples] section"]);
    folder.edit("ropeway.toml", "[table.sold]", "[table.cars]");
    folder.fails(&["table", "cars"], 1, &["is the name of a source already"]);
}
