//! What `init` computes of dates: seasons and years of an example's time, and the days between two dates. Controls: rows of one
//! year, months, and a table without a date.

use serde_json::{Value, json};

use crate::ropeway::Folder;

/// A day of so many days after 2021-01-01, as the calendar says.
pub(crate) fn day(after: u32) -> String {
    let (year, month, day) = ropeway_vocab::civil_from_days(18_628 + i64::from(after));
    format!("{year}-{month:02}-{day:02}")
}

fn started(text: &str, label: &str) -> (Folder, String) {
    let folder = Folder::new();
    folder.write("rows.csv", text);
    folder.run(&["init", "rows.csv", "--label", label, "--name", "p"]).expect(0);
    folder.run(&["check"]).expect(0);
    let file = folder.read("ropeway.toml");
    (folder, file)
}

#[test]
fn a_feature_whose_name_a_column_has_gets_a_number() {
    let rows = (0..600).map(|row| format!("{},{},{},{}\n", day(row), row * 7 % 40, row % 12, row * 31 % 97));
    let text = format!("stamp,month,Day_Of_Week,load\n{}", rows.collect::<String>());
    let (_, file) = started(&text, "load");
    for line in ["month_2 = \"date_part('month', at)\"", "day_of_week_2 = \"date_part('dow', at)\""] {
        assert!(file.contains(line), "`{line}` is not in\n{file}");
    }
}

/// Loads of every sixth hour, which follow a wave of a year, for so many days.
fn loads(days: u32) -> String {
    let mut text = "stamp,wind,load\n".to_owned();
    for step in 0..days * 4 {
        let angle = f64::from(step) / 4.0 / 365.25 * std::f64::consts::TAU;
        let (hour, wind) = (6 * (step % 4), (step * 7_919) % 13);
        text +=
            &format!("{} {hour:02}:00,{wind},{:.1}\n", day(step / 4), 500.0 - 200.0 * angle.cos() + f64::from(wind));
    }
    text
}

fn part(name: &str, part: &str) -> String {
    format!("{name} = \"date_part('{part}', at)\"")
}

#[test]
fn a_season_is_read_of_the_day_of_the_year_and_a_trend_of_the_year() {
    let (folder, file) = started(&loads(1_000), "load");
    for (name, of) in
        [("hour", "hour"), ("day_of_week", "dow"), ("day_of_year", "doy"), ("month", "month"), ("year", "year")]
    {
        assert!(file.contains(&part(name, of)), "{name}: {file}");
    }
    let sql = "SELECT at, day_of_year, year FROM examples WHERE wind = 1 ORDER BY at LIMIT 1";
    let first = folder.run(&["query", sql, "--json"]).expect(0).json()["rows"][0].clone();
    assert_eq!((&first["day_of_year"], &first["year"]), (&json!(2), &json!(2021)), "{first}");
    // Whole days of the season tell more than its months.
    folder.edit("ropeway.toml", "learners = [\"linear\", \"boosted\"]", "learners = [\"boosted\"]");
    folder.edit("ropeway.toml", "trials = 20", "trials = 3");
    let rmse = |folder: &Folder| {
        let report = folder.run(&["run", "--final", "--json"]).expect(0).json();
        report["final"]["rmse"]["value"].as_f64().unwrap()
    };
    let with = rmse(&folder);
    folder.edit("ropeway.toml", &format!("{}\n", part("day_of_year", "doy")), "");
    let without = rmse(&folder);
    assert!(with < 0.8 * without, "{with} {without}");
}

#[test]
fn rows_of_one_year_have_no_season_and_no_year_and_those_without_a_date_nothing() {
    let (_, file) = started(&loads(300), "load");
    assert!(file.contains(&part("day_of_week", "dow")), "{file}");
    // The last days of it were never learned from.
    for (name, of) in [("day_of_year", "doy"), ("month", "month"), ("year", "year")] {
        assert!(!file.contains(&part(name, of)), "{name}: {file}");
    }
    let (_, file) = started(&loads(300).replace("stamp", "number").replace(":00,", ","), "load");
    assert!(!file.contains("day_of_year") && !file.contains("days_"), "{file}");
}

/// Contracts that are renewed where they ran for long, in no order of time.
fn contracts() -> String {
    let mut text = "begun,ended,size,renewed\n".to_owned();
    for row in 0..1_500_u32 {
        let (begin, lasts) = ((row * 7_919) % 997, 20 + (row * 104_729) % 600);
        let renewed = (lasts > 300) != ((row * 31) % 11 == 0);
        text += &format!("{},{},{},{renewed}\n", day(begin), day(begin + lasts), (row * 613) % 17);
    }
    text
}

#[test]
fn the_days_between_two_dates_are_a_feature() {
    let (folder, file) = started(&contracts(), "renewed");
    let days = |from: &str, to: &str| format!("(date_part('epoch', {to}) - date_part('epoch', {from})) / 86400.0");
    assert!(file.contains(&format!("days_from_begun_to_ended = \"{}\"", days("begun", "ended"))), "{file}");
    let sql = "SELECT min(days_from_begun_to_ended) AS least, max(days_from_begun_to_ended) AS most FROM examples";
    let found: Value = folder.run(&["query", sql, "--json"]).expect(0).json()["rows"][0].clone();
    assert_eq!(found, json!({"least": 20.0, "most": 619.0}));
    // Rows whose time is a date: how long ago the other one was.
    folder.write("timed.csv", contracts());
    folder.run(&["-C", "timed", "init", "timed.csv", "--label", "renewed", "--at", "ended"]).expect(0);
    let timed = folder.read("timed/ropeway.toml");
    assert!(timed.contains(&format!("days_since_begun = \"{}\"", days("begun", "at"))), "{timed}");
    assert!(!timed.contains("days_from_"), "{timed}");
}

#[test]
fn classes_one_after_the_other_in_time_make_a_project_that_runs() {
    let folder = Folder::new();
    let mut text = String::from("tested;volt;kind\n");
    for row in 0..360_u32 {
        let volt = 12.0 + f64::from(row / 120) * 0.1 + f64::from(row.wrapping_mul(0x9e37_79b9) >> 25) / 100.0;
        text += &format!("{:02}.{:02}.2024;{volt:.2};Gen{}\n", 1 + row % 28, 1 + row / 30 % 12, row / 120);
    }
    folder.write("tests.csv", text);
    let said = folder.run(&["init", "tests.csv", "--label", "kind"]).expect(0).stdout;
    assert!(said.contains("time-of-classes tested"), "{said}");
    folder.edit("ropeway.toml", "trials = ", "trials = 1 # ");
    let report = folder.run(&["run", "--json", "--quiet"]);
    assert!([0, 3].contains(&report.code), "{} {}", report.stdout, report.stderr);
}
