//! A small shop, written by the test: orders that may be returned a week later, visits that are counted by day, and
//! countries that do not change. A run of it takes a second or two.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::ropeway::Folder;

/// Orders in the file.
pub const ORDERS: u32 = 480;

/// The project file.
pub const PROJECT: &str = include_str!("shop.toml");

/// When order `id` is placed: four a day from 2024-01-01.
pub fn placed(id: u32) -> String {
    let (day, hour) = (id / 4, 6 * (id % 4));
    let (month, day) = ([0, 31, 60, 91, 121].iter().rposition(|first| *first <= day).unwrap(), day);
    let day = day - [0, 31, 60, 91, 121][month] + 1;
    format!("2024-{:02}-{day:02}T{hour:02}:00:00Z", month + 1)
}

/// Order `id` as it would be posted.
pub fn order(id: u32) -> Map<String, Value> {
    let amount = f64::from(id * 37 % 101) + 0.1;
    let country = ["DE", "FR", "CH"][id as usize % 3];
    let returned = id.wrapping_mul(2_654_435_761) >> 7 & 3 == 0;
    let row = json!({"id": id, "placed": placed(id), "amount": amount, "country": country, "returned": returned});
    row.as_object().unwrap().clone()
}

/// The orders of the file as CSV.
pub fn orders() -> String {
    let mut text = String::from("id,placed,amount,country,returned\n");
    for id in 0..ORDERS {
        let row = order(id);
        let text_of = |name: &str| row[name].as_str().map_or_else(|| row[name].to_string(), str::to_owned);
        let fields = ["id", "placed", "amount", "country", "returned"].map(text_of);
        let _ = writeln!(text, "{}", fields.join(","));
    }
    text
}

/// The shop, not run yet.
pub fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("ropeway.toml", PROJECT);
    folder.write("data/orders.csv", orders());
    let mut visits = String::from("visit,seen,country\n");
    for visit in 0..600 {
        let _ = writeln!(visits, "{visit},{},{}", placed(visit * 4 / 5), ["DE", "FR", "CH"][visit as usize % 3]);
    }
    folder.write("data/visits.csv", &visits);
    folder.write("data/countries.csv", "country,zone\nDE,north\nFR,west\nCH,south\n");
    folder.write("tables/orders_clean.sql", "SELECT id, placed, amount, country, returned\nFROM orders\n");
    folder.write(
        "tables/visits_daily.sql",
        "SELECT country, date_trunc('day', seen) AS day, count(*) AS visits\nFROM visits\nGROUP BY country, day\n",
    );
    folder
}

/// The shop with a model.
pub fn trained() -> Folder {
    let folder = folder();
    folder.run(&["run", "--quiet"]).expect(0);
    folder
}
