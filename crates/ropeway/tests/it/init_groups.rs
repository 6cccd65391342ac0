//! How `ropeway init` keeps rows together that belong together, each with the table that has nothing of it and keeps a random split.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::profile::dice;
use crate::ropeway::Folder;

/// A table of `rows` rows, its project, and what init said of it.
struct Started {
    folder: Folder,
    said: Value,
}

fn started(head: &str, rows: u64, row: impl Fn(u64) -> String) -> Started {
    let mut text = format!("{head}\n");
    (0..rows).for_each(|at| writeln!(text, "{}", row(at)).unwrap());
    let folder = Folder::new();
    folder.write("rows.csv", text);
    let said = folder.run(&["init", "rows.csv", "--label", "label", "--name", "p", "--json"]).expect(0).json();
    folder.run(&["check"]).expect(0);
    Started { folder, said }
}

impl Started {
    fn split(&self) -> &Value {
        &self.said["split"]["by"]
    }

    fn toml(&self) -> String {
        self.folder.read("ropeway.toml")
    }

    fn said_in_all(&self, text: &str) {
        let toml = self.toml();
        assert!(toml.contains(text), "`{text}` is not in\n{toml}");
        let notes = self.folder.read("NOTES.md");
        assert!(notes.contains(text), "`{text}` is not in\n{notes}");
        let said = self.said.to_string();
        assert!(said.contains(&json!(text).to_string().trim_matches('"').to_owned()), "`{text}` is not in\n{said}");
    }

    /// Groups that stand in train and in holdout.
    fn torn(&self, group: &str) -> usize {
        let sql = format!("SELECT {group} AS g, part FROM examples");
        let told = self.folder.run(&["query", &sql, "--limit", "10000", "--json"]).expect(0).json();
        let mut parts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in told["rows"].as_array().unwrap() {
            parts.entry(row["g"].to_string()).or_default().insert(row["part"].to_string());
        }
        parts.values().filter(|parts| parts.len() > 1).count()
    }
}

fn yes(of: bool) -> &'static str {
    if of { "yes" } else { "no" }
}

/// Rows of 120 things, five of each anywhere in the file, with labels that are alike.
fn things(name: &str, value: impl Fn(u64) -> String) -> Started {
    started(&format!("{name},amount,size,label"), 600, |row| {
        let thing = dice(row, 1) % 120;
        let label = dice(thing, 2) % 10 < 4 || dice(row, 3) % 10 < 1;
        format!("{},{},{},{}", value(thing), dice(row, 4) % 5_000, dice(row, 5) % 40, yes(label))
    })
}

#[test]
fn groups_are_known_by_their_names_in_other_languages_and_places_are_groups_too() {
    for name in ["Kunde", "cliente", "Maschine", "élève", "school", "Filiale"] {
        let found = things(name, |thing| format!("n{}", thing * 37 % 1_009));
        assert_eq!(found.said["split"]["columns"], json!([name]), "{}", found.said["findings"]);
    }
    let numbered = things("Patientennummer", |thing| (10_000 + thing * 37 % 1_009).to_string());
    assert_eq!(numbered.said["split"]["columns"], json!(["Patientennummer"]), "{}", numbered.said["findings"]);
    // Controls: a kind of thing, and what is counted.
    assert_eq!(things("Farbe", |thing| format!("n{thing}")).split(), "random");
    assert_eq!(things("Menge", |thing| (thing * 37 % 1_009).to_string()).split(), "random");
}

/// Rows with a policy of their own, of which the last `again` have that of an earlier row; its label, too, where `alike`.
fn policies(again: u64, alike: bool) -> Started {
    started("policy_no,age,premium,region,label", 1_000, |row| {
        let of = if row >= 1_000 - again { row - 500 } else { row };
        let label = dice(if alike { of } else { row }, 3) % 10 < 3;
        let (age, premium) = (18 + dice(row, 4) % 60, dice(row, 5) % 90_000);
        format!("P{:06},{age},{premium},r{},{}", of * 7_919 % 900_001, dice(row, 6) % 9, yes(label))
    })
}

#[test]
fn rows_of_a_key_that_is_there_again_stay_together_where_they_are_alike() {
    let again = policies(40, true);
    assert_eq!(again.said["split"]["columns"], json!(["policy_no"]), "{}", again.said["findings"]);
    again.said_in_all("40 of 1000 rows have the `policy_no` of an earlier row");
    assert_eq!(again.torn("policy_no"), 0);
    // Controls: the same number by accident, and too few to matter.
    assert_eq!(policies(40, false).split(), "random");
    assert_eq!(policies(4, true).split(), "random");
}

#[test]
fn rows_that_are_there_again_under_another_number_stay_together() {
    let copied = |copies: u64, levels: u64| {
        started("row_id,age,premium,height,region,label", 1_000, |row| {
            let of = if row >= 1_000 - copies { row - 500 } else { row };
            let any = |salt: u64, most: u64| dice(of, salt) % most.min(levels);
            let label = dice(of, 3) % 10 < 3;
            format!("{},{},{},{},r{},{}", 70_000 + row, any(4, 60), any(5, 900), any(6, 50), any(7, 9), yes(label))
        })
    };
    let copies = copied(50, 1_000);
    assert_eq!(copies.split(), "group", "{}", copies.said["findings"]);
    copies.said_in_all("50 of 1000 rows are equal to an earlier one in all but `row_id`");
    let toml = copies.toml();
    assert!(toml.contains("request = [\"age\", \"premium\", \"height\", \"region\"]"), "they stay features: {toml}");
    assert_eq!(copies.torn("concat(age, '/', premium, '/', height, '/', region)"), 0);
    // Controls: no copies, and rows of few levels, which are equal by chance.
    assert_eq!(copied(0, 1_000).split(), "random");
    assert_eq!(copied(0, 3).split(), "random");
    assert_eq!(copied(50, 3).split(), "random");
}

/// Storms of some names, each in some years, whose rows lie anywhere; `belong` where rows of one storm are alike.
fn storms(belong: bool) -> Started {
    started("name,year,wind,pressure,label", 2_400, |row| {
        let storm = dice(row, 1) % 400;
        let (name, year) = (storm % 60, 1990 + dice(storm, 2) % 25);
        let of = if belong { storm } else { row + 10_000 };
        let wind = 20 + dice(of, 3) % 100 + dice(row, 4) % 12;
        let pressure = 900 + dice(of, 5) % 100 + dice(row, 6) % 20;
        let label = dice(of, 7).is_multiple_of(2) && dice(row, 8) % 10 < 9;
        format!("storm {name},{year},{wind},{pressure},{}", yes(label))
    })
}

#[test]
fn groups_that_two_columns_name_together_are_found_wherever_their_rows_stand() {
    let found = storms(true);
    assert_eq!(found.said["split"]["columns"], json!(["name", "year"]), "{}", found.said["findings"]);
    found.said_in_all("labels of one group are alike");
    assert_eq!(found.torn("concat(name, '/', year)"), 0);
    // Controls: columns that have nothing to do with each other, and labels that follow from both without being of one thing.
    assert_eq!(storms(false).split(), "random");
    let sums = started("name,year,wind,pressure,label", 2_400, |row| {
        let (name, year) = (dice(row, 1) % 60, dice(row, 2) % 25);
        let label = dice(name, 3) % 50 + dice(year, 4) % 50 + dice(row, 5) % 20 > 60;
        format!("part {name},{},{},{},{}", 1990 + year, dice(row, 6) % 100, dice(row, 7) % 100, yes(label))
    });
    let twice = json!(["name", "year"]);
    assert_ne!(sums.said["split"]["columns"], twice, "{}", sums.said["findings"]);
}

/// Sales of so many shops with so many rows each, whose labels are alike within one.
fn shops(name: &str, shops: u64, each: u64) -> Started {
    started(&format!("{name},day,price,label"), shops * each, |row| {
        let shop = dice(row, 1) % shops;
        let label = dice(shop, 2) % 60 + dice(row, 3) % 60;
        format!("{},{},{},{label}", 100 + shop, dice(row, 4) % 7, dice(row, 5) % 500)
    })
}

#[test]
fn a_shop_of_many_rows_is_a_feature_and_a_customer_of_few_is_a_group() {
    let few = shops("shop_id", 40, 150);
    assert_eq!(few.split(), "random", "{}", few.said["findings"]);
    few.said_in_all("taken to be of the same `shop_id` again");
    assert!(few.toml().contains("request = [\"shop_id\", \"day\", \"price\"]"), "{}", few.toml());
    // The other choice works as it stands.
    few.folder.edit("ropeway.toml", "# group = [\"shop_id\"]", "group = [\"shop_id\"]");
    few.folder.edit("ropeway.toml", "request = [\"shop_id\", ", "request = [");
    few.folder.run(&["check"]).expect(0);
    assert_eq!(few.torn("shop_id"), 0);

    let many = shops("shop_id", 400, 10);
    assert_eq!(many.said["split"]["columns"], json!(["shop_id"]), "{}", many.said["findings"]);
    many.said_in_all("take `group` out of [split]");
    many.folder.edit("ropeway.toml", "\ngroup = [\"shop_id\"]", "");
    many.folder.edit("ropeway.toml", "request = [", "request = [\"shop_id\", ");
    many.folder.run(&["check"]).expect(0);
    assert!(many.torn("shop_id") > 100, "by the other choice they stand on both sides");

    // Of people there are always others, however many rows each has.
    let patients = shops("patient_id", 40, 150);
    assert_eq!(patients.said["split"]["columns"], json!(["patient_id"]), "{}", patients.said["findings"]);
    // Control: shops that are alike in nothing.
    let plain = started("shop_id,day,label", 4_000, |row| {
        format!("{},{},{}", 100 + dice(row, 1) % 40, dice(row, 2) % 7, dice(row, 3) % 60)
    });
    assert!(plain.split() == "random" && !plain.toml().contains("# group = "), "{}", plain.toml());
}

/// Readings of 60 sites with ten units each, four or so of a unit, in any order; what is written of a unit, and of a row.
fn units(head: &str, unit: impl Fn(u64) -> String, row: impl Fn(u64, u64, u64) -> String) -> Started {
    started(head, 2_400, |at| {
        let of = dice(at, 1) % 600;
        format!("S{:02},{},{}", of % 60, unit(of / 60), row(of % 60, of / 60, at))
    })
}

#[test]
fn groups_of_two_columns_are_found_by_their_values_whatever_these_are_called() {
    let fails = |site: u64, unit: u64, at: u64| {
        let of = site * 10 + unit;
        let reading = dice(of, 2) % 900 + dice(at, 3) % 40;
        let fails = dice(of, 4).is_multiple_of(2) != dice(at, 5).is_multiple_of(20);
        format!("{reading},{},{}", dice(at, 6) % 700, yes(fails))
    };
    for texts in [false, true] {
        let unit = |unit: u64| if texts { format!("U{unit}") } else { format!("{}", unit + 1) };
        let found = units("site,unit,reading,a,label", unit, fails);
        assert_eq!(found.said["split"]["columns"], json!(["site", "unit"]), "{}", found.said["findings"]);
        assert_eq!(found.torn("concat(site, '/', unit)"), 0);
    }
    // Controls: what both columns add up to, what is a function of two numbers, and a label of neither.
    let adds = |site: u64, unit: u64, at: u64| {
        let price = dice(site, 2) % 500 + dice(unit, 3) % 500;
        let label = price + dice(at, 4) % 100 > 550;
        format!("{},{},{}", price + dice(at, 5) % 40, dice(at, 6) % 700, yes(label))
    };
    let models = units("model,year,price,a,label", |unit| format!("{}", 2000 + unit), adds);
    assert_eq!(models.split(), "random", "{}", models.said["findings"]);
    let areas = started("width,height,area,a,label", 2_400, |at| {
        let (width, height) = (dice(at, 1) % 24, dice(at, 2) % 24);
        let area = (width * 2).abs_diff(23) * (height * 2).abs_diff(23);
        let turned = (width < 12) == (height < 12);
        let signed = if turned { 1_000 + area } else { 1_000 - area };
        format!("{width},{height},{},{},{}", signed + dice(at, 3) % 20, dice(at, 6) % 700, yes(turned))
    });
    assert_eq!(areas.split(), "random", "{}", areas.said["findings"]);
    let noise = |_: u64, _: u64, at: u64| {
        format!("{},{},{}", dice(at, 3), dice(at, 6) % 700, yes(dice(at, 7).is_multiple_of(2)))
    };
    let noise = units("site,unit,reading,a,label", |unit| format!("{unit}"), noise);
    assert_eq!(noise.split(), "random", "{}", noise.said["findings"]);
}

/// Sales of houses, some of one customer, of which some rows stand twice in every column; prices of one are alike where told.
fn houses(twice: u64, alike: bool) -> Started {
    started("customer_id,rooms,area,listed,label", 2_000, |row| {
        let row = if row >= 2_000 - twice { row - 1_500 } else { row };
        let home = if row % 8 == 7 { row - 3 } else { row };
        let price = 100 + dice(if alike { home } else { row }, 3) % 900;
        let day = 1 + dice(row, 7) % 28;
        format!("C{home},{},{},2025-03-{day:02},{price}", dice(row, 4) % 9, dice(row, 5) % 200)
    })
}

#[test]
fn rows_that_stand_twice_are_no_evidence_of_groups_since_one_of_them_leaves() {
    let plain = houses(90, false);
    assert!(plain.said.to_string().contains("90 of 2000 rows repeat an earlier row"), "{}", plain.said["findings"]);
    assert_eq!(plain.split(), "random", "{}", plain.said["findings"]);
    assert!(!plain.said.to_string().contains("labels of one"), "{}", plain.said["findings"]);
    // Control: what remains is alike, with rows that stand twice and without.
    for twice in [90, 0] {
        let alike = houses(twice, true);
        assert_eq!(alike.said["split"]["columns"], json!(["customer_id"]), "{}", alike.said["findings"]);
    }
}

#[test]
fn what_names_the_same_groups_is_no_feature() {
    let patients = |number: fn(u64, u64) -> u64| {
        started("mail,nhc,age,dose,label", 900, |row| {
            let patient = dice(row, 1) % 180;
            let label = dice(patient, 2) % 10 < 4 || dice(row, 3) % 20 < 1;
            let mail = if row % 29 == 3 { String::new() } else { format!("p{patient}@clinic.example") };
            format!(
                "{mail},H{:06},{},{},{}",
                number(patient, row),
                20 + dice(row, 4) % 60,
                dice(row, 5) % 400,
                yes(label)
            )
        })
    };
    let used = |found: &Started, name: &str| {
        let columns = found.said["columns"].as_array().unwrap().iter();
        columns.clone().find(|column| column["name"] == name).unwrap()["use"].clone()
    };
    let found = patients(|patient, _| patient * 7_919 % 900_001);
    assert_eq!(found.split(), "group", "{}", found.said["findings"]);
    assert!(found.said["split"]["columns"] == json!(["mail"]) || found.said["split"]["columns"] == json!(["nhc"]));
    assert_ne!(used(&found, "nhc"), "feature", "{}", found.said["findings"]);
    // Control: a ward is of many patients.
    let found = patients(|patient, _| patient % 12);
    assert_eq!(used(&found, "nhc"), "feature", "{}", found.said["findings"]);
}

/// Visits of 110 patients, 45 or so of each, whose sex, year of birth and region are theirs, under a column of that name.
fn visits(name: &str, id: fn(u64) -> String, alike: bool) -> Started {
    let any = |of: u64, salt: u64| dice(of * 7_919 + 13, salt) / 7;
    started(&format!("{name},sex,born,region,dose,label"), 5_000, |row| {
        let patient = any(row, 1) % 110;
        let own = |salt: u64, of: u64| any(patient, salt) % of;
        let ill = own(2, 2) == 0 && alike || any(row, 3) % 10 < 2;
        let (sex, born) = (["f", "m"][own(4, 2) as usize], 1930 + own(5, 60));
        format!("{},{sex},{born},r{},{},{}", id(patient), own(6, 7), any(row, 7) % 400, yes(ill))
    })
}

#[test]
fn a_column_of_codes_groups_by_its_values_and_one_of_words_is_told_of() {
    let found = visits("q7", |patient| format!("Q{}", 10_000 + patient * 37 % 1_009), true);
    assert_eq!(found.said["split"]["columns"], json!(["q7"]), "{}", found.said["findings"]);
    found.said_in_all("so are `sex`, `born`, `region`");
    assert_eq!(found.torn("q7"), 0);
    // Products come back, and it is said, with the line that keeps each on one side.
    let products = visits("product", |patient| format!("Q{}", 10_000 + patient * 37 % 1_009), true);
    assert_eq!(products.split(), "random", "{}", products.said["findings"]);
    products.said_in_all("taken to be of the same `product` again");
    let toml = products.toml();
    assert!(toml.contains("it may name what rows belong to") && !toml.contains("none shows"), "{toml}");
    products.folder.edit("ropeway.toml", "# group = [\"product\"]", "group = [\"product\"]");
    products.folder.edit("ropeway.toml", "request = [\"product\", ", "request = [");
    products.folder.run(&["check"]).expect(0);
    assert_eq!(products.torn("product"), 0);
    // Control: labels that are not alike.
    let plain = visits("q7", |patient| format!("Q{}", 10_000 + patient * 37 % 1_009), false);
    assert!(plain.split() == "random" && plain.toml().contains("none shows"), "{}", plain.toml());
}

#[test]
fn groups_are_known_by_names_of_other_scripts() {
    for name in ["пациент", "患者ID", "müşteri"] {
        let found = things(name, |thing| (10_000 + thing * 37 % 1_009).to_string());
        assert_eq!(found.said["split"]["columns"], json!([name]), "{}", found.said["findings"]);
    }
}
