//! Files to score whose columns are called otherwise than those of the training: a name twice, a name that examples have
//! themselves.

use serde_json::Value;

use crate::people;
use crate::ropeway::{Ended, Folder};
use crate::strangers::workbook;

fn predict(folder: &Folder, input: &str) -> Ended {
    folder.run(&["predict", "people", "--in", input, "--out", "out.jsonl"])
}

fn scored(folder: &Folder) -> Vec<Value> {
    folder.read("out.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A Parquet file with the columns `age`, `age`, `city` and `joined`, or `mail` in place of the second, as the rows say.
fn parquet(path: &std::path::Path, names: [&str; 4]) {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    use arrow::datatypes::{DataType, Field, Schema};

    let types = [DataType::Int64, DataType::Int64, DataType::Utf8, DataType::Utf8];
    let fields: Vec<Field> = names.iter().zip(types).map(|(name, ty)| Field::new(*name, ty, true)).collect();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(vec![40, 80])),
        Arc::new(Int64Array::from(vec![80, 40])),
        Arc::new(StringArray::from(vec!["Bern", "Wien"])),
        Arc::new(StringArray::from(vec!["2024-01-02", "2024-01-03"])),
    ];
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, schema, None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn a_column_that_stands_twice_is_refused_where_the_model_reads_it() {
    let folder = people::project(people::sound());
    folder.run(&["run", "--quiet"]).expect(0);
    let rows = "age,city,age,joined\n40,Bern,80,2024-01-02\n80,Wien,40,2024-01-03\n";
    folder.write("new.csv", rows);
    folder.write("new.xlsx", workbook(&[("Data", false, rows)]));
    parquet(&folder.path().join("new.parquet"), ["age", "age", "city", "joined"]);
    for (file, columns) in [("new.csv", "1 and 3"), ("new.xlsx", "1 and 3"), ("new.parquet", "1 and 2")] {
        let says = [
            "error[repeated-column]",
            "repeated column: `age`",
            &format!("columns {columns}"),
            file,
            "take the other out",
        ];
        folder.fails(&["predict", "people", "--in", file, "--out", "out.jsonl"], 1, &says);
        assert!(!folder.path().join("out.jsonl").exists());
    }
    // What the model does not read may stand there twice, and passes.
    folder.write("new.csv", "age,mail,city,mail,joined\n40,a,Bern,b,2024-01-02\n");
    predict(&folder, "new.csv").expect(0);
    let row = &scored(&folder)[0];
    assert_eq!((&row["mail"], &row["mail_2"]), (&"a".into(), &"b".into()));
    parquet(&folder.path().join("new.parquet"), ["age", "mail", "city", "joined"]);
    predict(&folder, "new.parquet").expect(0);
    let control = scored(&folder)[0]["probability"].clone();
    folder.write("new.csv", "age,city,joined\n40,Bern,2024-01-02\n");
    predict(&folder, "new.csv").expect(0);
    assert_eq!(scored(&folder)[0]["probability"], control);
}

/// People with a second age behind their id, by this name in the header, after a run. The second one of the sound file tells.
fn two_ages(name: &str) -> Folder {
    let line = |line: &str| match line.split_once(',') {
        Some(("id", rest)) => format!("id,{name},{rest}"),
        Some((id, rest)) => format!("{id},{},{rest}", id.parse::<u32>().unwrap() % 7),
        None => line.to_owned(),
    };
    let folder = people::project(people::sound().lines().map(line).collect::<Vec<_>>().join("\n"));
    folder.edit("tables/people_clean.sql", "id, age,", "id, age, age_2,");
    folder.edit("ropeway.toml", "request = [\"age\",", "request = [\"age\", \"age_2\",");
    folder.edit("ropeway.toml", "known_ahead = [\"id\", \"age\",", "known_ahead = [\"id\", \"age\", \"age_2\",");
    folder.run(&["run", "--quiet"]).expect(0);
    folder
}

#[test]
fn what_stood_twice_in_training_is_taken_by_its_place() {
    let folder = two_ages("age");
    folder.write("new.csv", "age,age,city,joined\n3,80,Bern,2024-01-02\n3,20,Bern,2024-01-02\n");
    predict(&folder, "new.csv").expect(0);
    let twice = scored(&folder);
    folder.write("new.csv", "age,age_2,city,joined\n3,80,Bern,2024-01-02\n3,20,Bern,2024-01-02\n");
    predict(&folder, "new.csv").expect(0);
    let named = scored(&folder);
    assert_eq!(twice, named);
    assert_ne!(twice[0]["probability"], twice[1]["probability"]);
    // A third one is none of them.
    folder.write("new.csv", "age,age,age,city,joined\n3,80,1,Bern,2024-01-02\n");
    folder.fails(&["predict", "people", "--in", "new.csv", "--out", "out.csv"], 1, &["columns 1 and 2 and 3"]);
}

#[test]
fn columns_that_training_tells_by_name_are_not_told_by_place() {
    let folder = two_ages("age_2");
    folder.write("new.csv", "age,age,city,joined\n3,80,Bern,2024-01-02\n");
    let says = ["error[repeated-column]", "columns 1 and 2"];
    folder.fails(&["predict", "people", "--in", "new.csv", "--out", "out.csv"], 1, &says);
    folder.write("new.csv", "age,age_2,city,joined\n3,80,Bern,2024-01-02\n");
    predict(&folder, "new.csv").expect(0);
}

#[test]
fn columns_of_the_file_keep_their_names_and_the_prediction_takes_others() {
    let folder = people::project(people::sound());
    folder.run(&["run", "--quiet"]).expect(0);
    folder.write("new.csv", "age,city,joined,probability,probability_2,not_scored\n40,Bern,2024-01-02,a,b,c\n");
    let ended = predict(&folder, "new.csv").expect(0);
    ended
        .says("the file has a column `probability`: what is predicted is called `probability_3`")
        .says("the file has a column `not_scored`: what is predicted is called `not_scored_2`");
    let row = &scored(&folder)[0];
    assert_eq!([&row["probability"], &row["probability_2"], &row["not_scored"]], ["a", "b", "c"]);
    assert!(row["probability_3"].is_f64() && row["decision"].is_boolean() && row["not_scored_2"].is_null(), "{row}");
    // What was scored before can be scored again.
    folder.write("new.csv", "age,city,joined\n40,Bern,2024-01-02\n");
    folder.run(&["predict", "people", "--in", "new.csv", "--out", "once.csv"]).expect(0);
    predict(&folder, "once.csv").expect(0);
    let again = &scored(&folder)[0];
    assert_eq!(again["probability_2"].to_string(), again["probability"].as_str().unwrap());
}

#[test]
fn a_file_whose_columns_are_called_as_examples_call_theirs_is_scored_as_it_is() {
    let folder = Folder::new();
    let text = people::sound().replacen("id,age,city,joined,gone", "id,at,label,joined,gone", 1);
    folder.write("people.csv", &text);
    folder.run(&["init", "people.csv", "--label", "gone", "--name", "people"]).expect(0);
    assert!(folder.read("tables/people_clean.sql").contains("at_value"));
    folder.run(&["run", "--quiet"]).expect(0);
    let ended = predict(&folder, "people.csv").expect(0);
    ended
        .says("the column `at` of the file is read as `at_value`")
        .says("`label` of the file is read as `label_value`");
    let own = scored(&folder);
    assert_eq!((own.len(), own[0]["at"].clone(), own[0]["label"].clone()), (300, 18.into(), "Bern".into()));
    // As by the names of the table.
    folder.write("named.csv", text.replacen(",at,label,", ",at_value,label_value,", 1));
    let ended = predict(&folder, "named.csv").expect(0);
    assert!(!ended.stderr.contains("is read as"), "{}", ended.stderr);
    let named = scored(&folder);
    assert!(own.iter().zip(&named).all(|(a, b)| a["probability"] == b["probability"]));
}

#[test]
fn a_time_that_is_called_at_is_the_time_of_its_rows() {
    let folder = Folder::new();
    let mut text = "id,at,amount,label,late\n".to_owned();
    for row in 0..400_usize {
        let day = 1 + row / 16;
        let late = row * 7_919 % 1_000 > 500;
        let at = format!("2024-01-{day:02}T{:02}:00:00Z", row % 16);
        text.push_str(&format!("{row},{at},{},{},{late}\n", row * 7_919 % 1_000, ["a", "b"][row % 2]));
    }
    folder.write("orders.csv", &text);
    folder.write(
        "ropeway.toml",
        "[project]\nname = \"people\"\n[source.orders]\npath = \"orders.csv\"\nkey = [\"id\"]\ntime = \"at\"\n\
         known_after = \"1 hour\"\nknown_ahead = [\"id\", \"at\", \"amount\", \"label\"]\n[table.orders_clean]\nsql = \"orders.sql\"\n\
         [examples]\ntable = \"orders_clean\"\nkey = [\"id\"]\nat = \"at_value\"\nlabel = \"late\"\n\
         request = [\"amount\", \"label_value\", \"at_value\"]\n\
         [derive]\nhour = \"date_part('hour', at_value)\"\n[learn]\nlearners = [\"linear\"]\n",
    );
    folder.write("orders.sql", "SELECT id, \"at\" AS at_value, amount, label AS label_value, late FROM orders");
    folder.run(&["run", "--quiet"]).expect(0);
    let ended = predict(&folder, "orders.csv").expect(0);
    assert!(!ended.stderr.contains("as of now"), "{}", ended.stderr);
    let own = scored(&folder);
    folder.write("named.csv", text.replacen(",at,amount,label,", ",at_value,amount,label_value,", 1));
    predict(&folder, "named.csv").expect(0);
    let named = scored(&folder);
    assert!(own.len() == 400 && own.iter().zip(&named).all(|(a, b)| a["probability"] == b["probability"]));
}
