//! `ropeway init` on a label of which two rows decide the squared error.

use serde_json::Value;

use crate::profile::dice;
use crate::ropeway::Folder;

/// Orders of some pieces by the sort of article, as `init` starts on them; `outer` are the quantities of two rows.
fn orders(outer: [i64; 2]) -> Folder {
    let folder = Folder::new();
    let mut text = "article,price,quantity\n".to_owned();
    for row in 0..900_usize {
        let article = ["pin", "cup", "lamp"][row * 7_919 % 101 % 3];
        let noise = (row * row + row * 31) % 7;
        let usual = match article {
            "pin" => 40,
            "cup" => 12,
            _ => 1,
        } + noise as i64;
        let quantity = match row {
            400 => outer[0],
            401 => outer[1],
            _ => usual,
        };
        text.push_str(&format!("{article},{}.5,{quantity}\n", row * 13 % 1_009));
    }
    folder.write("orders.csv", text);
    folder.run(&["init", "orders.csv", "--label", "quantity"]).expect(0);
    folder
}

#[test]
fn where_two_rows_decide_the_squared_error_absolute_errors_are_taken() {
    let folder = orders([600, -600]);
    let toml = folder.read("ropeway.toml");
    for said in ["metric = \"mae\"", "two rows, of -600 and 600, hold 7", "loss = [\"huber\"]", "holdout.mae.high < 1"]
    {
        assert!(toml.contains(said), "{said}: {toml}");
    }
    let report = folder.run(&["run", "--final", "--json"]).expect(0).json();
    assert_eq!(report["decision"]["metric"], "mae");
    let lines = report["leaderboard"].as_array().unwrap();
    let error = |line: &Value| line["validation"]["mae"]["value"].as_f64().unwrap();
    for line in lines.iter().filter(|line| line["candidate"] != "baseline") {
        assert!(error(line) < error(lines.last().unwrap()) - 5.0, "{lines:?}");
    }
    // The control: the same without the two.
    let toml = orders([3, 7]).read("ropeway.toml");
    assert!(toml.contains("metric = \"rmse\"") && !toml.contains("huber") && toml.contains("holdout.r2.low"), "{toml}");
}

#[test]
fn one_label_that_is_far_from_all_others_is_named_alone() {
    let folder = Folder::new();
    let hours = |row: u64| if row == 77 { 9999 } else { 5 + dice(row, 1) % 140 };
    let rows = |hours: &dyn Fn(u64) -> u64| -> String {
        let lines = (0..800).map(|row| format!("{},{},{}\n", dice(row, 2) % 50, dice(row, 3) % 9, hours(row)));
        format!("km,parcels,hours\n{}", lines.collect::<String>())
    };
    let found = |text: String| {
        folder.write("d.csv", text);
        let said = folder.run(&["profile", "d.csv", "--label", "hours", "--json"]).expect(0).json();
        let found = said["findings"].as_array().unwrap().clone();
        found.into_iter().find(|finding| finding["code"] == "far-label")
    };
    let evidence = found(rows(&hours)).unwrap()["evidence"].as_str().unwrap().to_owned();
    assert!(evidence.starts_with("one row has 9999, so far from all others"), "{evidence}");
    folder.run(&["init", "d.csv", "--label", "hours"]).expect(0);
    let file = folder.read("ropeway.toml");
    assert!(file.contains("metric = \"mae\"   # one row, of 9999, holds"), "{file}");
    assert_eq!(found(rows(&|row| 5 + dice(row, 1) % 140)), None);
}
