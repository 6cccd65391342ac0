//! `ropeway predict` passes the columns of a file on: between any two formats each value comes out as it went in, or by
//! the rule that `ropeway predict --help` states.

use crate::ropeway::Folder;
use crate::{people, predict};

/// A project with a model, and nothing else.
fn trained() -> Folder {
    let folder = predict::people();
    folder.run(&["run", "--quiet"]).expect(0);
    folder
}

/// The scored file as text, without the columns of the prediction.
fn scored(folder: &Folder, input: &str, output: &str) -> Vec<String> {
    folder.run(&["predict", "people", "--in", input, "--out", output]).expect(0);
    let text = folder.read(output);
    let before = |line: &str| match line.find(",\"probability\":") {
        Some(at) => format!("{}}}", &line[..at]),
        None => line.rsplitn(4, ',').last().unwrap_or_default().to_owned(),
    };
    text.lines().map(before).collect()
}

/// Values that no double holds, spellings that a parser forgets, nested values, and keys that are not in every row.
const LINES: [&str; 4] = [
    r#"{"age":40,"city":"Bern","joined":"2024-01-02","older":true,"id":9007199254740993,"price":1.10,"huge":1e400,"tags":{"b": [1,  2.50, null], "a":{}},"note":"a\u00e9\/\"","long":12345678901234567890123}"#,
    r#"{"age":41.0,"city":"Wien","joined":null,"older":false,"id":-9223372036854775808,"price":-0.0,"huge":1E+2,"tags":[],"note":"","long":0.1000000000000000055511151231257827}"#,
    r#"{"age":null,"city":null,"joined":"2024-01-02","older":null,"id":"007","price":"1.10","note":null}"#,
    r#"{"age":"42","city":"a, b","joined":"2024-01-02","older":true,"id":true,"note":"\ud83d\ude00,\n"}"#,
];

#[test]
fn json_lines_to_json_lines_are_the_same_to_the_character() {
    let folder = trained();
    folder.write("in.jsonl", LINES.join("\n") + "\n");
    assert_eq!(scored(&folder, "in.jsonl", "out.jsonl"), LINES);
    // White space between members is not part of a value.
    folder.write("in.jsonl", LINES.map(|line| line.replace(",\"", " ,\t\"").replace("\":", "\" : ")).join("\r\n"));
    let again = scored(&folder, "in.jsonl", "again.jsonl");
    assert_eq!(again[1..3], LINES[1..3]);

    // A key that only the last of many rows has is a column, too.
    let mut many = format!("{}\n", LINES[1]).repeat(10_001);
    many.push_str(&LINES[1].replace("\"note\"", "\"late\""));
    folder.write("in.jsonl", many);
    assert!(scored(&folder, "in.jsonl", "out.jsonl")[10_001].ends_with(r#","late":""}"#));

    let bad = r#"{"age":1e400,"city":"Bern","joined":"2024-01-02","older":true}"#;
    folder.write("bad.jsonl", bad);
    folder.fails(
        &["predict", "people", "--in", "bad.jsonl", "--out", "out.jsonl"],
        3,
        &["bad.jsonl", "line 1: column `age`: `1e400`"],
    );
}

#[test]
fn json_lines_to_csv_and_back_keep_every_digit() {
    let folder = trained();
    folder.write("in.jsonl", LINES.join("\n") + "\n");
    let csv = scored(&folder, "in.jsonl", "out.csv").join("\n");
    let want = r#"age,city,joined,older,id,price,huge,tags,note,long
40,Bern,2024-01-02,true,9007199254740993,1.10,1e400,"{""b"": [1,  2.50, null], ""a"":{}}","aé/""",12345678901234567890123
41.0,Wien,,false,-9223372036854775808,-0.0,1E+2,[],"",0.1000000000000000055511151231257827
,,2024-01-02,,007,1.10,,,,
42,"a, b",2024-01-02,true,true,,,,"😀,
",
"#;
    // The last line break stands in a field.
    let lines: Vec<&str> = want.lines().collect();
    assert_eq!(csv.lines().take(4).collect::<Vec<_>>(), lines[..4]);
    assert!(folder.read("out.csv").contains("42,\"a, b\",2024-01-02,true,true,,,,\"😀,\n\",,"));
    // Parquet holds the same as text, and so does JSON again.
    folder.run(&["predict", "people", "--in", "in.jsonl", "--out", "out.parquet"]).expect(0);
    let project = Folder::new();
    project.write("ropeway.toml", people::PROJECT.replace("data/people.csv", "out.parquet"));
    std::fs::copy(folder.path().join("out.parquet"), project.path().join("out.parquet")).unwrap();
    project.write("tables/people_clean.sql", "SELECT id, age, city, joined, decision AS gone FROM people");
    project
        .run(&["query", "SELECT id, price, huge, tags, note, long FROM people ORDER BY id", "--out", "out.jsonl"])
        .expect(0);
    let first = r#"{"id":"9007199254740993","price":"1.10","huge":"1e400","tags":"{\"b\": [1,  2.50, null], \"a\":{}}","note":"aé/\"","long":"12345678901234567890123"}"#;
    let lines = project.read("out.jsonl");
    assert_eq!(lines.lines().nth(2), Some(first));
    assert_eq!(
        lines.lines().nth(1),
        Some(r#"{"id":"007","price":"1.10","huge":null,"tags":null,"note":null,"long":null}"#)
    );
}

/// Codes, decimals, quotes that are needed and quotes that are not, nothing and an empty text.
const CSV: &str = "age,city,joined,older,code,price,\"a \"\"name\"\"\",empty\n\
    40,Bern,2024-01-02,true,007,1.10,\"x, \"\"y\"\"\",\n\
    \"41\",\"Wien\",2024-01-02,F,+7,12345678901234567890123, y ,\"\"\n\
    42.0,,2024-01-02,,\"007\",1e400,a\"b,NA\n";

#[test]
fn csv_to_csv_keeps_the_spelling_of_every_field() {
    let folder = trained();
    folder.write("in.csv", CSV);
    assert_eq!(scored(&folder, "in.csv", "out.csv"), CSV.lines().collect::<Vec<_>>());
    folder.write("in.csv", CSV.replace('\n', "\r\n"));
    assert_eq!(scored(&folder, "in.csv", "out.csv"), CSV.lines().collect::<Vec<_>>());
    // Between tabs, what holds a comma needs no quotes, and keeps those it has.
    folder.write("in.csv", CSV);
    folder.run(&["predict", "people", "--in", "in.csv", "--out", "out.tsv"]).expect(0);
    assert!(folder.read("out.tsv").contains("\n40\tBern\t2024-01-02\ttrue\t007\t1.10\t\"x, \"\"y\"\"\"\t\t"));
    folder.write("in.tsv", "age\tcity\tjoined\tolder\tnote\n40\tBern\t2024-01-02\ttrue\ta,b\n");
    assert_eq!(scored(&folder, "in.tsv", "out.csv")[1], "40,Bern,2024-01-02,true,\"a,b\"");
}

#[test]
fn csv_to_json_lines_keeps_numbers_as_json_spells_them_and_texts_as_they_are() {
    let folder = trained();
    folder.write("in.csv", CSV);
    let want = [
        r#"{"age":40,"city":"Bern","joined":"2024-01-02","older":true,"code":"007","price":"1.10","a \"name\"":"x, \"y\"","empty":null}"#,
        r#"{"age":41,"city":"Wien","joined":"2024-01-02","older":false,"code":"+7","price":"12345678901234567890123","a \"name\"":" y ","empty":""}"#,
        r#"{"age":42.0,"city":null,"joined":"2024-01-02","older":null,"code":"007","price":"1e400","a \"name\"":"a\"b","empty":"NA"}"#,
    ];
    assert_eq!(scored(&folder, "in.csv", "out.jsonl"), want);
}

#[test]
fn parquet_keeps_integers_times_and_what_is_no_number() {
    let folder = trained();
    let query = "SELECT age, city, joined, true AS older, 9007199254740993 + id AS big, \
        TIMESTAMP '2013-01-01T10:00:00.000001Z' AS seen, CASE WHEN id = 0 THEN 'NaN'::double WHEN id = 1 THEN 0.1 END AS x \
        FROM people WHERE id < 3 ORDER BY id";
    folder.run(&["query", query, "--out", "in.parquet"]).expect(0);
    let want = [
        r#"{"age":18,"city":"Bern","joined":"2024-01-01","older":true,"big":9007199254740993,"seen":"2013-01-01T10:00:00.000001Z","x":"NaN"}"#,
        r#"{"age":31,"city":"Wien","joined":"2024-01-02","older":true,"big":9007199254740994,"seen":"2013-01-01T10:00:00.000001Z","x":0.1}"#,
        r#"{"age":44,"city":"Graz","joined":"2024-01-03","older":true,"big":9007199254740995,"seen":"2013-01-01T10:00:00.000001Z","x":null}"#,
    ];
    assert_eq!(scored(&folder, "in.parquet", "out.jsonl"), want);
    assert_eq!(
        scored(&folder, "in.parquet", "out.csv")[1],
        "18,Bern,2024-01-01,true,9007199254740993,2013-01-01T10:00:00.000001Z,NaN"
    );
}
