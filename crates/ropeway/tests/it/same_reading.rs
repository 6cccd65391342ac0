//! The same example is read alike wherever it comes from: the project's own row, a CSV file, JSON lines, a request.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::ropeway::Folder;
use crate::served::Server;
use crate::shop;

/// Travellers, of whom those from Namibia (`NA`) leave, and facts of countries in which `NA` is a missing value.
const PROJECT: &str = r#"
[project]
name = "travel"
[source.geo]
path = "data/geo.csv"
null = ["NA"]
zone = "Asia/Tokyo"
static = true
[source.people]
path = "data/people.csv"
key = ["id"]
known_ahead = ["id", "country", "joined", "age"]
null = ["", "-"]
zone = "America/New_York"
finer = "cut"
[table.travellers]
sql = "tables/travellers.sql"
[examples]
table = "travellers"
key = ["id"]
at = "joined"
label = "gone = 1"
request = ["country", "joined", "age", "gdp"]
[derive]
hour = "date_part('hour', joined)"
at_hour = "date_part('hour', at)"
[split]
holdout = { by = "random", share = 0.2 }
folds = { by = "random", count = 2 }
[learn]
learners = ["boosted"]
[learn.tune]
trials = 1
[learn.boosted]
rounds = 20
"#;

/// Rows with every spelling that two sources may read differently.
const HEAD: [&str; 8] = [
    "NA,2024-01-01 00:00:00,-,4.5",
    "-,2024-01-01 05:00:00.0000007,-,NA",
    ",2024-07-01 20:00:00,,NA",
    "DE,2024-01-01 23:00:00,40,",
    "NA,2024-01-02 00:00:00,41,-1",
    "FR,-,-,NA",
    "NA,,42,7",
    "DE,2024-11-03 01:30:00,43,NA",
];

fn travel() -> Folder {
    let folder = Folder::new();
    folder.write("ropeway.toml", PROJECT);
    folder.write("data/geo.csv", "country,gdp\nDE,4.2\nFR,NA\nNA,0.1\n");
    let sql = "SELECT p.id, p.country, p.joined, p.age, coalesce(g.gdp, g.gdp * 2) AS gdp, p.gone\n\
               FROM people p LEFT JOIN geo g ON p.country = g.country\n";
    folder.write("tables/travellers.sql", sql);
    let mut people = String::from("id,country,joined,age,gone\n");
    for id in 0..600 {
        let country = ["NA", "DE", "FR", "-"][id % 4];
        let gone = u8::from(id * 7919 % 10 < [9, 3, 2, 1][id % 4]);
        let _ =
            writeln!(people, "{id},{country},2024-01-{:02} {:02}:00:00,{},{gone}", 1 + id % 28, id % 24, 20 + id % 50);
    }
    folder.write("data/people.csv", people);
    folder
}

/// The example of a line of [`HEAD`], each value the text that a file has.
fn example(line: &str) -> Map<String, Value> {
    let names = ["country", "joined", "age", "gdp"];
    names.iter().zip(line.split(',')).map(|(name, value)| ((*name).to_string(), json!(value))).collect()
}

fn bits(value: &Value) -> u64 {
    let number = value.as_f64().or_else(|| value.as_str()?.parse().ok());
    number.unwrap_or_else(|| panic!("{value} is no number")).to_bits()
}

fn scored(folder: &Folder, model: &str, input: &str) -> Vec<u64> {
    folder.run(&["predict", model, "--in", input, "--out", "scored.jsonl"]).expect(0);
    let lines = folder.read("scored.jsonl");
    lines.lines().map(|line| bits(&serde_json::from_str::<Value>(line).unwrap()["probability"])).collect()
}

/// The request's examples, answered one by one, and with the features of each.
fn answered(server: &Server, model: &str, body: &str) -> Vec<(u64, Map<String, Value>)> {
    let answer = server.post_text(&format!("/v1/models/{model}/predict"), body).json();
    let of = |prediction: &Value| {
        let features = prediction["explanation"]["features"].as_array().unwrap().iter();
        let features = features.map(|one| (one["feature"].as_str().unwrap().to_string(), one["value"].clone()));
        (bits(&prediction["probability"]), features.collect())
    };
    answer["predictions"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn a_request_column_is_read_as_the_source_reads_it_that_it_stems_from() {
    let folder = travel();
    folder.run(&["run", "--quiet"]).expect(0);
    let examples: Vec<Map<String, Value>> = HEAD.iter().map(|line| example(line)).collect();
    folder.write("ask.csv", format!("country,joined,age,gdp\n{}\n", HEAD.join("\n")));
    folder.write("ask.jsonl", examples.iter().map(|example| json!(example).to_string() + "\n").collect::<String>());

    let server = Server::start(folder.path(), &[]);
    let answers = answered(&server, "travel", &json!({"examples": examples, "explain": true}).to_string());
    let asked: Vec<u64> = answers.iter().map(|(probability, _)| *probability).collect();
    assert_eq!(scored(&folder, "travel", "ask.csv"), asked);
    assert_eq!(scored(&folder, "travel", "ask.jsonl"), asked);

    let value = |row: usize, name: &str| answers[row].1[name].clone();
    assert_eq!((value(0, "country"), value(0, "age")), (json!("NA"), Value::Null), "Namibia is a country of people");
    assert_eq!((value(1, "country"), value(2, "country")), (Value::Null, Value::Null));
    assert_eq!((value(0, "gdp"), value(1, "gdp")), (json!(4.5), Value::Null), "what geo spells as missing is missing");
    assert_eq!(value(0, "joined"), "2024-01-01T05:00:00Z", "the zone is that of people");
    assert_eq!(value(1, "joined"), "2024-01-01T10:00:00Z", "and so is what becomes of a finer time");
    assert_eq!(value(5, "joined"), Value::Null);
    for row in [0, 2, 3, 4] {
        assert_eq!(value(row, "hour").as_f64(), Some([5.0, 0.0, 0.0, 4.0, 5.0][row]), "row {row}");
    }

    // What a number column does not know as missing is still refused.
    let refused = server.post("/v1/models/travel/predict", &json!({"examples": [{"age": "NA"}]}));
    refused.problem(422, "bad-row", &["`age`", "`NA`"]);
}

#[test]
fn the_projects_own_row_gets_the_answer_that_its_request_gets() {
    let folder = travel();
    folder.run(&["run", "--quiet"]).expect(0);
    let server = Server::start(folder.path(), &[]);
    for line in folder.read("data/people.csv").lines().skip(1).take(8) {
        let fields: Vec<&str> = line.split(',').collect();
        // To geo, `NA` is no country.
        let gdp = json!({"DE": 4.2})[fields[1]].clone();
        let example = json!({"country": fields[1], "joined": fields[2], "age": fields[3], "gdp": gdp, "at": fields[2]});
        let answer = answered(&server, "travel", &json!({"examples": [example], "explain": true}).to_string());
        let own = folder.run(&["explain", "travel", "--key", fields[0], "--json"]).expect(0).json();
        assert_eq!(answer[0].0, bits(&own["probability"]), "{line}: {:?}", answer[0].1);
    }
}

#[test]
fn a_number_in_a_text_column_keeps_its_digits() {
    let folder = shop::folder();
    folder.edit("ropeway.toml", "known_at = ", "types = { country = \"text\" }\nknown_at = ");
    folder.run(&["run", "--quiet"]).expect(0);
    let server = Server::start(folder.path(), &[]);
    let tokens = ["-0", "-0.0", "0", "0.0", "1e3", "1.50", "123456789012345678901", "-9223372036854775809", "true"];
    let example = |token: &str| format!(r#"{{"amount": 20, "country": {token}, "at": "2024-05-09T00:00:00Z"}}"#);
    let lines: Vec<String> = tokens.iter().map(|token| example(token)).collect();
    // Each text has another number of facts, so that its window tells which one was read.
    let texts = ["-0", "-0.0", "0", "0.0", "1000.0", "1.5", tokens[6], tokens[7], "true"];
    for (count, text) in texts.iter().enumerate() {
        let rows = (0..=count as u32).map(|row| {
            let mut order = shop::order(470);
            order.insert("id".into(), json!(10_000 + count as u32 * 100 + row));
            order.insert("country".into(), json!(text));
            order
        });
        let rows: Vec<Map<String, Value>> = rows.collect();
        assert_eq!(server.post("/v1/tables/orders/rows", &json!({"rows": rows, "backfill": true})).status, 200);
    }
    let body = format!(r#"{{"examples": [{}], "explain": true}}"#, lines.join(","));
    let answers = answered(&server, "shop", &body);
    let read: Vec<&Value> = answers.iter().map(|(_, features)| &features["country"]).collect();
    assert_eq!(read, texts);
    let counts: Vec<u64> = answers.iter().map(|(_, features)| features["orders_30d"].as_u64().unwrap()).collect();
    assert_eq!(counts, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    folder.write("ask.jsonl", lines.join("\n"));
    let asked: Vec<u64> = answers.iter().map(|(probability, _)| *probability).collect();
    assert_eq!(scored(&folder, "shop", "ask.jsonl"), asked);

    // A posted number is the row of that text.
    let mut order = shop::order(470);
    order.insert("id".into(), json!(10_000));
    let row = Value::Object(order).to_string().replace("\"FR\"", "-0").replace("\"CH\"", "-0").replace("\"DE\"", "-0");
    let answer = server.post_text("/v1/tables/orders/rows", &format!(r#"{{"rows": [{row}], "backfill": true}}"#));
    assert_eq!(answer.json(), json!({"acknowledged": 1, "repeated": 1}));
}

/// Members of a club whose files are German.
fn german() -> Folder {
    let folder = Folder::new();
    folder.write(
        "ropeway.toml",
        "[project]\nname = \"club\"\n[source.club]\npath = \"club.csv\"\nkey = [\"id\"]\ndelimiter = \";\"\n\
         time = \"asked\"\nknown_after = \"1 day\"\nknown_ahead = [\"id\", \"asked\", \"joined\", \"fee\", \"share\"]\n\
         zone = \"Europe/Zurich\"\ntypes = { joined = \"date\" }\ndates = [\"%d.%m.%Y\", \"%d.%m.%Y %H:%M\"]\n\
         number = { decimal = \",\", unit = [\"€\"] }\n[source.club.column.share]\n\
         number = { decimal = \",\", unit = [\"%\"] }\n\
         [examples]\ntable = \"club\"\nkey = [\"id\"]\nat = \"asked\"\nlabel = \"left\"\n\
         request = [\"joined\", \"fee\", \"share\"]\n[derive]\nhour = \"date_part('hour', at)\"\n\
         member_for = \"date_part('day', at - joined)\"\n\
         [split]\nholdout = { by = \"random\", share = 0.2 }\nfolds = { by = \"random\", count = 2 }\n\
         [learn]\nlearners = [\"linear\"]\n",
    );
    let mut text = String::from("id;asked;joined;fee;share;left\n");
    for id in 0..300 {
        let left = id * 7919 % 10 < id % 7;
        let (day, hour) = (1 + id % 28, id % 24);
        let _ =
            writeln!(text, "{id};{day:02}.07.2024 {hour:02}:00;{day:02}.03.2023;{},5 €;{} %;{left}", id % 40, id % 30);
    }
    folder.write("club.csv", text);
    folder.run(&["run", "--quiet"]).expect(0);
    folder
}

#[test]
fn json_writes_times_and_numbers_in_its_own_way_in_files_and_requests_alike() {
    let folder = german();
    let server = Server::start(folder.path(), &[]);
    let spelled = json!({"joined": "03.11.2023", "fee": "27,5 €", "share": "9 %", "at": "01.07.2024 12:00"});
    let plain = json!({"joined": "2023-11-03", "fee": 27.5, "share": "9 %", "at": "2024-07-01T10:00:00Z"});
    let body = json!({"examples": [spelled, plain], "explain": true}).to_string();
    let answers = answered(&server, "club", &body);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].1["share"], json!(0.09));
    folder.write("ask.jsonl", format!("{spelled}\n{plain}\n"));
    assert_eq!(scored(&folder, "club", "ask.jsonl"), [answers[0].0; 2]);
    // The time may be the column that `at` names, and a CSV file has it so, too.
    folder.write("ask.jsonl", format!("{plain}\n").replace("\"at\"", "\"asked\""));
    assert_eq!(scored(&folder, "club", "ask.jsonl"), [answers[0].0]);
    folder.write("ask.csv", "joined;fee;share;at\n2023-11-03;27,5;9 %;2024-07-01T10:00:00Z\n");
    assert_eq!(scored(&folder, "club", "ask.csv"), [answers[0].0]);

    // The controls: a day that no calendar has and one in no form are refused by both, for the same reason.
    for (joined, why) in [("2023-02-30", "is not"), ("11/03/2023", "is not written as `dates` says")] {
        let example = json!({"joined": joined, "fee": 27.5, "share": "9 %", "at": "2024-07-01"});
        let refused = server.post("/v1/models/club/predict", &json!({"examples": [example]}));
        refused.problem(422, "bad-row", &["`joined`", joined, why]);
        folder.write("ask.jsonl", example.to_string());
        folder.run(&["predict", "club", "--in", "ask.jsonl", "--out", "out.jsonl"]).expect(3).says(why);
    }
    // A source that declares how it writes its dates is still held to it.
    folder.edit("club.csv", ";01.03.2023;", ";2023-03-01;");
    assert_eq!(folder.run(&["table", "club", "--json"]).expect(0).json()["total"], 299);
}

#[test]
fn a_bare_number_in_a_column_of_percentages_is_refused_in_files_and_requests_alike() {
    let folder = german();
    let server = Server::start(folder.path(), &[]);
    let example = |share: &Value| json!({"joined": "2023-11-03", "fee": 27.5, "share": share, "at": "2024-07-01"});
    for share in [json!(9), json!(0.09), json!("9"), json!("0,09")] {
        let refused = server.post("/v1/models/club/predict", &json!({"examples": [example(&share)]}));
        refused.problem(422, "bad-row", &["`share`", "has no percent sign", "expected as in `1234,5 %`"]);
        folder.write("ask.jsonl", example(&share).to_string());
        let ended = folder.run(&["predict", "club", "--in", "ask.jsonl", "--out", "out.jsonl"]).expect(3);
        ended.says("has no percent sign").says("1234,5 %");
    }
    // Nothing is nothing in any unit, and what is written in JSON lines can be read there again.
    folder.write("ask.csv", "joined;fee;share;at\n2023-11-03;27,5;9 %;01.07.2024\n2023-11-03;27,5;0;01.07.2024\n");
    let asked = scored(&folder, "club", "ask.csv");
    let written = folder.read("scored.jsonl");
    assert!(written.contains("\"fee\":27.5,\"share\":\"9 %\""), "{written}");
    let again: Vec<String> =
        written.lines().map(|line| line.split(",\"probability\"").next().unwrap().to_owned() + "}").collect();
    folder.write("again.jsonl", again.join("\n"));
    assert_eq!(scored(&folder, "club", "again.jsonl"), asked);
    folder.write("ask.jsonl", format!("{}\n{}\n", example(&json!("9 %")), example(&json!(0))));
    assert_eq!(scored(&folder, "club", "ask.jsonl"), asked);
}
