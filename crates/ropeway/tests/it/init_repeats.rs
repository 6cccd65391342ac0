//! What is there again: copies of rows stand once in the table, and cases that are alike by chance all stay; columns that say the
//! same in another unit are left out, and those that differ in a few rows are named.

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

#[test]
fn columns_that_are_copies_but_for_a_unit_or_slips_are_named() {
    let mut text = "grams,city,kilos,celsius,kelvin,delivery_city,pounds,sold\n".to_owned();
    for row in 0..1_000_u32 {
        let dice = |salt: u32| {
            (row.wrapping_mul(0x9e37_79b9) ^ salt.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0xc2b2_ae35) >> 16
        };
        let (grams, celsius, city) = (dice(1), dice(2) % 400, ["Bern", "Graz", "Wien", "Linz"][dice(3) as usize % 4]);
        let delivered = if row % 150 == 7 { "Basel" } else { city };
        let (kilos, pounds) = (f64::from(grams) / 1e3, f64::from(grams * 2).sqrt());
        let (warm, kelvin) = (f64::from(celsius) / 10.0, f64::from(celsius * 10 + 27_315) / 100.0);
        text.push_str(&format!("{grams},{city},{kilos},{warm},{kelvin},{delivered},{pounds},{}\n", dice(4) % 2));
    }
    let (folder, said) = started(&text, "sold");
    let told = |code: &str| -> Vec<(String, String)> {
        let findings = said["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        findings.map(|finding| (text(&finding["columns"][0]), text(&finding["evidence"]))).collect()
    };
    let copies = told("copy");
    assert_eq!(copies.len(), 2, "{copies:?}");
    assert!(copies[0].0 == "kilos" && copies[0].1.starts_with("is 0.001 times `grams` in all 1000 rows"), "{copies:?}");
    assert!(copies[1].0 == "kelvin" && copies[1].1.starts_with("is `celsius` plus 273.15 in all"), "{copies:?}");
    let near = told("near-copy");
    assert_eq!(near.len(), 1, "{near:?}");
    assert!(near[0].0 == "delivery_city" && near[0].1.contains("`city` in 993 of 1000 rows"), "{near:?}");
    let project = folder.read("ropeway.toml");
    assert!(
        project.contains("request = [\"grams\", \"city\", \"celsius\", \"delivery_city\", \"pounds\"]"),
        "{project}"
    );
}

#[test]
fn snapshots_of_the_same_things_do_not_make_noise_learnable() {
    let dice = |row: u32, salt: u32| {
        (row.wrapping_mul(0x9e37_79b9) ^ salt.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0xc2b2_ae35) >> 16
    };
    let holdout = |months: u32| {
        let row = |row: u32| {
            let (thing, month) = (row % 400, 1 + row / 400);
            let churn = if dice(thing, 1) % 2 == 0 { "yes" } else { "no" };
            format!(
                "{}.{:02},{},2024-0{month}-28,{churn}\n",
                20 + dice(thing, 2) % 300,
                dice(thing, 3) % 100,
                dice(thing, 4) % 90
            )
        };
        let rows: String = (0..400 * months).map(row).collect();
        let (folder, said) = started(&format!("spend,tenure,seen,churn\n{rows}"), "churn");
        let codes = said["findings"].as_array().unwrap().iter().filter(|found| found["code"] == "copied-later").count();
        folder.edit("ropeway.toml", "trials = ", "trials = 1 # ");
        let report = folder.run(&["run", "--final", "--json", "--quiet"]);
        (codes, report.json()["final"]["roc_auc"]["value"].as_f64().unwrap())
    };
    let (told, auc) = holdout(3);
    assert!(told == 1 && auc < 0.7, "{told} {auc}");
    assert_eq!(holdout(1).0, 0, "the control");
}
