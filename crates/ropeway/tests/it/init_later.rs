//! Dates that come later than the time of their rows, and what lies between two dates: named before anything trains, whatever
//! they are called. Controls: due dates, dates of the past, and dates that tell nothing.

use std::fmt::Write as _;

use serde_json::Value;

use crate::init_dates::day;
use crate::profile::dice;
use crate::ropeway::Folder;

/// Orders with a promised day and the true one of their delivery, of which three in ten are late, and what the label says of it.
fn orders(names: [&str; 3], label: impl Fn(u64) -> bool) -> Folder {
    let [ordered, promised, came] = names;
    let mut text = format!("{ordered},{promised},{came},born,qty,late\n");
    for row in 0..1_600_u64 {
        let at = row as u32 / 4 + 40;
        let due = at + 3 + dice(row, 1) as u32 % 18;
        let after = dice(row, 3) as u32;
        let truly = if is_late(row) { due + 1 + after % 8 } else { due - after % 3 };
        let born = if row % 9 == 0 { String::new() } else { format!("19{}-03-1{}", 40 + dice(row, 4) % 50, row % 10) };
        let (qty, late) = (1 + dice(row, 5) % 9, if label(row) { "yes" } else { "no" });
        let _ = writeln!(text, "{}T0{}:30:00,{},{},{born},{qty},{late}", day(at), row % 4, day(due), day(truly));
    }
    let folder = Folder::new();
    folder.write("rows.csv", text);
    folder
}

fn is_late(row: u64) -> bool {
    dice(row, 2) % 10 < 3
}

fn unrelated(row: u64) -> bool {
    dice(row, 77).is_multiple_of(3)
}

/// The finding of a column.
fn found(said: &Value, code: &str, column: &str) -> Option<Value> {
    let mut found = said["findings"].as_array().unwrap().iter();
    found.find(|finding| finding["code"] == code && finding["columns"][0] == column).cloned()
}

fn init(folder: &Folder, more: &[&str]) -> Value {
    let plain = ["init", "rows.csv", "--label", "late", "--name", "p", "--json"];
    let said = folder.run(&[plain.as_slice(), more].concat()).expect(0).json();
    folder.run(&["check"]).expect(0);
    said
}

#[test]
fn days_between_two_dates_that_tell_the_label_are_named_by_init_whatever_these_are_called() {
    let folder = orders(["created", "d1", "d2"], is_late);
    let said = init(&folder, &[]);
    let leak = found(&said, "leak-separates", "d2").unwrap_or_else(|| panic!("{}", said["findings"]));
    assert!(leak["evidence"].as_str().unwrap().contains("the days from `d1` to it alone tell `late`: ROC AUC 1.000"));
    assert!(leak["decision"].as_str().unwrap().starts_with("stays"), "it stands in the request: {leak}");
    let toml = folder.read("ropeway.toml");
    assert!(toml.contains("request = [\"d1\", \"d2\", "), "{toml}");
    for name in ["days_since_d2", "days_from_d1_to_d2"] {
        let line = format!("does).\n{name} = ");
        assert!(toml.contains("# SUSPECT, as `d2` is: ") && toml.contains(&line), "{name}: {toml}");
    }
    // The promised day is known ahead, and tells nothing by itself.
    let remark = found(&said, "dated-later", "d1").unwrap_or_else(|| panic!("{}", said["findings"]));
    assert!(remark["evidence"].as_str().unwrap().contains("it lies after `created` in 1600 of 1600 rows"), "{remark}");
    assert!(found(&said, "leak-later", "d1").is_none() && found(&said, "dated-later", "born").is_none());
    assert!(toml.contains("# d1: it lies after `created`") && !toml.contains("as `d1` is"), "{toml}");

    let dropped = orders(["created", "d1", "d2"], is_late);
    let said = init(&dropped, &["--drop-suspects"]);
    let leak = found(&said, "leak-separates", "d2").unwrap();
    assert_eq!(leak["decision"], "left out of `request`");
    let toml = dropped.read("ropeway.toml");
    let derive = toml.split("[derive]").nth(1).unwrap().split("\n\n").next().unwrap();
    assert!(derive.contains("days_since_d1") && !derive.contains("d2"), "{derive}");

    // Control: the same dates, of which the label knows nothing.
    let plain = orders(["created", "d1", "d2"], unrelated);
    let said = init(&plain, &[]);
    for name in ["d1", "d2"] {
        let leak = |code: &str| found(&said, code, name).is_some();
        assert!(!leak("leak-separates") && !leak("leak-later") && leak("dated-later"), "{}", said["findings"]);
    }
    assert!(!plain.read("ropeway.toml").contains("SUSPECT"));
}

#[test]
fn a_date_called_as_what_comes_afterwards_is_held_against_the_time_of_its_row() {
    let folder = orders(["ordered_at", "promised", "delivered_on"], unrelated);
    let said = init(&folder, &[]);
    let leak = found(&said, "leak-later", "delivered_on").unwrap_or_else(|| panic!("{}", said["findings"]));
    assert_eq!(leak["columns"][1], "ordered_at", "no birthday is evidence: {leak}");
    assert!(leak["evidence"].as_str().unwrap().contains("it lies after `ordered_at` in 1600 of 1600 rows"), "{leak}");
    assert!(leak["decision"].as_str().unwrap().starts_with("stays, since only you know"), "{leak}");
    assert!(folder.read("ropeway.toml").contains("\"delivered_on\""));
}

#[test]
fn a_date_that_lies_after_its_row_and_tells_much_of_the_label_is_a_suspect_and_one_of_the_past_is_not() {
    let rows = |sign: i64| {
        let mut text = "created,x1,qty,late\n".to_owned();
        for row in 0..1_600_u64 {
            let at = row as u32 / 4 + 400;
            let late = dice(row, 2) % 10 < 4;
            let days = if late { 3 + dice(row, 1) % 20 } else { 1 + dice(row, 1) % 8 };
            let other = i64::from(at) + sign * i64::try_from(days).unwrap();
            let late = if late { "yes" } else { "no" };
            let day = (day(at), day(u32::try_from(other).unwrap()));
            let _ = writeln!(text, "{},{},{},{late}", day.0, day.1, dice(row, 5) % 9);
        }
        let folder = Folder::new();
        folder.write("rows.csv", text);
        init(&folder, &[])
    };
    let after = rows(1);
    let leak = found(&after, "leak-later", "x1").unwrap_or_else(|| panic!("{}", after["findings"]));
    assert!(leak["evidence"].as_str().unwrap().contains("the days between both tell much of `late`"), "{leak}");
    let before = rows(-1);
    assert!(found(&before, "leak-later", "x1").is_none() && found(&before, "dated-later", "x1").is_none());
}

/// A price is known once its house is sold, not when it was listed.
#[test]
fn where_a_day_is_missing_exactly_where_the_label_is_the_label_is_known_from_then_on() {
    let houses = |unsold: &dyn Fn(u64) -> bool| {
        let mut text = "listed_on,sold_on,area,price\n".to_owned();
        for row in 0..600_u64 {
            let (listed, area) = (row as u32 / 2, 40 + dice(row, 1) % 120);
            let sold = if unsold(row) { String::new() } else { day(listed + 20 + dice(row, 2) as u32 % 60) };
            let price = if row % 6 == 5 { String::new() } else { (area * 3_000 + dice(row, 3) % 50_000).to_string() };
            let _ = writeln!(text, "{},{sold},{area},{price}", day(listed));
        }
        let folder = Folder::new();
        folder.write("rows.csv", text);
        folder.run(&["init", "rows.csv", "--label", "price", "--at", "listed_on", "--name", "p"]).expect(0);
        folder.run(&["check"]).expect(0);
        folder
    };
    let folder = houses(&|row| row % 6 == 5);
    let toml = folder.read("ropeway.toml");
    assert!(toml.contains("known_at = \"sold_on + INTERVAL '1 day'\"") && !toml.contains("known_after"), "{toml}");
    folder.edit("ropeway.toml", "[\"linear\", \"boosted\"]", "[\"linear\"]");
    let report = folder.run(&["run", "--json", "--quiet"]).expect(0).json();
    assert!(
        report["examples"]["purged"].as_u64().unwrap() > 20,
        "sold after the holdout began: {}",
        report["examples"]
    );
    // Control: a day that is missing elsewhere says nothing of the label.
    let toml = houses(&|row| row % 7 == 5).read("ropeway.toml");
    assert!(toml.contains("known_after = \"0 seconds\"") && !toml.contains("\nknown_at"), "{toml}");
}

/// Lorries that arrive and leave: what is asked for is asked when they come, whatever both are called.
#[test]
fn of_two_times_the_one_that_is_never_after_the_other_is_that_of_the_row() {
    let lorries = |leaves: fn(u32, u32) -> u32| {
        let mut text = "no,Arrived,pallets,Gate Out,minutes\n".to_owned();
        let clock = |minute: u32| format!("{} {:02}:{:02}:00", day(minute / 1_440), minute / 60 % 24, minute % 60);
        for row in 0..800_u64 {
            let (at, pallets) = (row as u32 * 47 + dice(row, 1) as u32 % 40, dice(row, 2) % 30);
            let minutes = 15 + 2 * pallets as u32 + dice(row, 3) as u32 % 20;
            let out = leaves(at, minutes);
            let _ = writeln!(text, "{},{},{pallets},{},{minutes}", row * 7 % 977, clock(at), clock(out));
        }
        let folder = Folder::new();
        folder.write("rows.csv", text);
        folder.run(&["init", "rows.csv", "--label", "minutes", "--name", "p", "--json"]).expect(0).json()
    };
    let said = lorries(|at, minutes| at + minutes);
    assert_eq!(said["split"]["columns"], serde_json::json!(["Arrived"]), "{}", said["findings"]);
    assert!(found(&said, "leak-later", "Gate Out").is_some() || found(&said, "leak-separates", "Gate Out").is_some());
    // Control: a time before it is what the row begins with.
    let said = lorries(|at, minutes| at.saturating_sub(minutes * 3));
    assert_eq!(said["split"]["columns"], serde_json::json!(["Gate Out"]), "{}", said["findings"]);
}
