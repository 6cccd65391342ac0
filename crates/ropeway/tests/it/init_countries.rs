//! Dates as countries and programs write them: `init` says how, and files to score and requests are read by the same setting.

use serde_json::{Value, json};

use crate::ropeway::Folder;
use crate::served::Server;

const ROWS: u32 = 600;
const MONTHS: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

fn dice(row: u32, salt: u32) -> u32 {
    let mut x = (row + 1).wrapping_mul(0x9e37_79b9) ^ salt.wrapping_mul(0x85eb_ca6b);
    x = (x ^ (x >> 15)).wrapping_mul(0x2c1b_3c6d);
    x ^ (x >> 13)
}

/// The day on which a row begins and the one on which it ends, up to fifty days later; year, month and day.
fn days(row: u32) -> [(i64, i64, i64); 2] {
    let begun = 17_897 + i64::from(dice(row, 1) % 900);
    [begun, begun + 1 + i64::from(dice(row, 2) % 50)].map(ropeway_vocab::civil_from_days)
}

/// A row whose length decides, with its first day in Russian and its last one in digits alone.
fn row(row: u32) -> String {
    let [(year, month, day), (until, end, last)] = days(row);
    let (month, km) = (MONTHS[month as usize - 1], dice(row, 4) % 200_000);
    let sold = if dice(row, 2) % 50 + dice(row, 3) % 10 > 30 { "yes" } else { "no" };
    let (hour, minute) = (dice(row, 5) % 24, dice(row, 6) % 60);
    format!("{day} {month} {year} г.,{until}{end:02}{last:02}{hour:02}{minute:02}00,{km},{sold}\n")
}

/// The same row without its label, as JSON and ISO 8601 write it.
fn example(row: u32) -> Value {
    let [(year, month, day), (until, end, last)] = days(row);
    let (hour, minute) = (dice(row, 5) % 24, dice(row, 6) % 60);
    json!({
        "begun": format!("{year}-{month:02}-{day:02}"),
        "left": format!("{until}-{end:02}-{last:02}T{hour:02}:{minute:02}:00Z"),
        "km": dice(row, 4) % 200_000,
    })
}

fn probability(prediction: &Value) -> u64 {
    prediction["probability"].as_f64().unwrap().to_bits()
}

#[test]
fn dates_of_other_countries_are_read_alike_by_init_run_predict_and_serve() {
    let folder = Folder::new();
    folder.write("cars.csv", format!("begun,left,km,sold\n{}", (0..ROWS).map(row).collect::<String>()));
    folder.run(&["init", "cars.csv", "--label", "sold", "--name", "p"]).expect(0);
    let file = folder.read("ropeway.toml");
    for line in ["dates = [\"%d %b %Y г.\"]", "dates = [\"%Y%m%d%H%M%S\"]", "begun = \"date\"", "left = \"timestamp\""]
    {
        assert!(file.contains(line), "`{line}` is not in\n{file}");
    }
    let sql = format!("SELECT CAST(begun AS VARCHAR) AS day FROM cars WHERE km = {}", dice(0, 4) % 200_000);
    let (year, month, day) = days(0)[0];
    let first = folder.run(&["query", &sql, "--json"]).expect(0).json()["rows"][0]["day"].clone();
    assert_eq!(first, format!("{year}-{month:02}-{day:02}"));
    folder.run(&["run", "--final", "--quiet"]).expect(0);
    folder.write("asked.csv", format!("begun,left,km,sold\n{}", (0..5).map(row).collect::<String>()));
    folder.run(&["predict", "p", "--in", "asked.csv", "--out", "scored.jsonl"]).expect(0);
    let scored = folder.read("scored.jsonl");
    let scored: Vec<u64> = scored.lines().map(|line| probability(&serde_json::from_str(line).unwrap())).collect();
    let server = Server::start(folder.path(), &[]);
    let body = json!({"examples": (0..5).map(example).collect::<Vec<_>>()}).to_string();
    let answer = server.post_text("/v1/models/p/predict", &body).json();
    let answered: Vec<u64> = answer["predictions"].as_array().unwrap().iter().map(probability).collect();
    assert_eq!(scored, answered);
    assert!(scored.iter().any(|one| *one != scored[0]));
}
