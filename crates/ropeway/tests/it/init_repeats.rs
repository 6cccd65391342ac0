//! Rows that are there again: copies stand once in the table, and cases that are alike by chance all stay.

use serde_json::Value;

use crate::ropeway::Folder;

fn started(text: &str, label: &str) -> (Folder, Value) {
    let folder = Folder::new();
    folder.write("data.csv", text);
    let started = folder.run(&["init", "data.csv", "--label", label, "--json"]).expect(0).json();
    (folder, started)
}

#[test]
fn rows_that_chance_makes_equal_all_stay() {
    let dice = |row: u32, salt: u32| {
        (row.wrapping_mul(0x9e37_79b9) ^ salt.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0xc2b2_ae35) >> 16
    };
    let row = |row: u32, id: &str| {
        let (class, sex, age) = (dice(row, 1) % 4, dice(row, 2) % 2, dice(row, 3) % 2);
        let saved = (class + 3 * sex + dice(row, 4) % 4) > 5;
        let sex = if sex == 0 { "m" } else { "f" };
        format!("{id}{class},{sex},{},{}\n", ["child", "adult"][age as usize], if saved { "yes" } else { "no" })
    };
    let coarse: String = (0..2_000).map(|at| row(at, "")).collect();
    let (folder, said) = started(&format!("class,sex,age,saved\n{coarse}"), "saved");
    let all = said["findings"].as_array().unwrap().clone();
    let repeated = all.iter().find(|finding| finding["code"] == "duplicate-rows").unwrap();
    assert!(
        repeated["rows"].as_u64() > Some(1_900) && repeated["decision"].as_str().unwrap().starts_with("all stay"),
        "{repeated}"
    );
    assert!(!folder.read("tables/data_clean.sql").contains("SELECT DISTINCT"));
    let report = folder.run(&["run", "--json"]).expect(0).json();
    assert_eq!(report["examples"]["rows"], 2_000);

    // The control: the same with a number of each row, of which forty are there twice.
    let numbered: String = (0..2_040).map(|at| row(at % 2_000, &format!("{},", at % 2_000))).collect();
    let (folder, _) = started(&format!("id,class,sex,age,saved\n{numbered}"), "saved");
    assert!(folder.read("tables/data_clean.sql").contains("SELECT DISTINCT"));
}
