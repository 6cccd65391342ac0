//! One column that names what rows belong to, by what it is called and by its values alone.

use crate::finding::surveyed::{dice, survey};
use crate::{Code, Finding, Survey};

/// A table with a label, of so many rows.
fn table(head: &str, rows: u64, row: impl Fn(u64) -> String) -> Survey {
    let rows: Vec<String> = (0..rows).map(row).collect();
    survey(&format!("{head},label\n{}\n", rows.join("\n")), Some("label"))
}

fn only(survey: &Survey, code: Code) -> Option<&Finding> {
    survey.found(code).next()
}

fn group(survey: &Survey) -> Vec<String> {
    only(survey, Code::Group).map(|found| found.columns.clone()).unwrap_or_default()
}

fn known(survey: &Survey) -> Vec<String> {
    only(survey, Code::KnownGroups).map(|found| found.columns.clone()).unwrap_or_default()
}

fn yes(of: bool) -> &'static str {
    if of { "yes" } else { "no" }
}

/// The label of a row of one thing, which is hardly ever another than that of the thing.
fn of(thing: u64, row: u64) -> &'static str {
    yes(dice(thing, 2).is_multiple_of(2) != dice(row, 3).is_multiple_of(10))
}

/// Rows of things with two attributes that are the thing's, a measurement that nearly is, and two of the row.
fn things(name: &str, rows: u64, things: u64, value: impl Fn(u64) -> String) -> Survey {
    table(&format!("{name},sex,born,level,dose,note"), rows, |row| {
        let thing = dice(row, 1) % things;
        let level = dice(thing, 6) % 9_000 + dice(row, 7) % 90;
        let own = format!("{},{},{level}", ["f", "m"][(dice(thing, 4) % 2) as usize], 1930 + dice(thing, 5) % 60);
        format!("{},{own},{},n{},{}", value(thing), dice(row, 8) % 400, dice(row, 9) % 6, of(thing, row))
    })
}

const CITIES: [&str; 8] = ["Aachen", "Bern", "Celle", "Dover", "Emden", "Fulda", "Genf", "Halle"];

fn town(thing: u64) -> String {
    format!(
        "{} {}",
        CITIES[(thing % 8) as usize],
        ["Nord", "Ost", "Mitte", "West", "Tal", "Berg"][(thing / 8 % 6) as usize]
    )
}

#[test]
fn a_column_of_codes_whose_rows_are_alike_is_a_group_whatever_it_is_called() {
    let code = |thing: u64| format!("Q{}", 10_000 + thing * 37 % 1_009);
    let number = |thing: u64| format!("{}", 10_000 + thing * 37 % 1_009);
    for (rows, count) in [(5_000, 110), (900, 110), (600, 60)] {
        assert_eq!(group(&things("q7", rows, count, code)), ["q7"], "{rows} rows of {count}");
        assert_eq!(group(&things("q7", rows, count, number)), ["q7"], "{rows} rows of {count}");
    }
    let found = things("q7", 5_000, 110, code);
    let said = &only(&found, Code::Group).unwrap().evidence;
    assert!(said.contains("`sex`, `born`, `level`"), "{said}");
    // Controls: codes that say nothing, and those of which only the label is alike, of which it is said.
    let any = |head, label: fn(u64) -> &'static str| {
        table(head, 2_000, |row| format!("Q{},{},{}", dice(row, 1) % 110, dice(row, 5) % 60, label(row)))
    };
    let noise = any("q7,a", |row| yes(dice(row, 7).is_multiple_of(2)));
    assert!(group(&noise).is_empty() && known(&noise).is_empty(), "{:?}", noise.findings);
    let alone = any("q7,a", |row| of(dice(row, 1) % 110, row));
    assert!(group(&alone).is_empty(), "{:?}", alone.findings);
    assert_eq!(known(&alone), ["q7"]);
    let said = &only(&alone, Code::KnownGroups).unwrap().evidence;
    assert!(said.contains("may name what rows belong to"), "{said}");
}

#[test]
fn what_comes_back_is_said_and_is_no_group_by_its_values() {
    let towns = things("q7", 2_000, 48, town);
    assert!(group(&towns).is_empty(), "words: {:?}", towns.findings);
    assert_eq!(known(&towns), ["q7"]);
    let code = |thing: u64| format!("Q{}", 10_000 + thing * 37 % 1_009);
    for name in ["country_code", "category", "product", "Artikel", "marque", "ciudad", "zip", "модель", "カテゴリ"]
    {
        let found = things(name, 2_000, 48, code);
        assert!(group(&found).is_empty(), "{name}: {:?}", found.findings);
    }
    // Few of which each has many rows, and a few that nearly all are of.
    assert!(group(&things("q7", 5_000, 40, code)).is_empty());
    let uneven = table("q7,sex,born", 3_000, |row| {
        let thing = dice(row, 1) % 1_000;
        let thing = if thing < 950 { thing % 4 } else { thing % 60 };
        format!("{},{},{},{}", code(thing), dice(thing, 4) % 2, 1930 + dice(thing, 5) % 60, of(thing, row))
    });
    assert!(group(&uneven).is_empty(), "{:?}", uneven.findings);
}

/// Trims of cars fix power and cylinders, and these the price but for a fifth of it.
#[test]
fn a_category_whose_fixed_columns_tell_the_label_is_no_group() {
    let cars = |price: fn(u64, u64) -> u64| {
        let found = table("q7,hp,cyl,km", 2_000, |row| {
            let trim = dice(row, 1) % 60;
            let (hp, cyl) = (60 + dice(trim, 4) % 240, 3 + dice(trim, 5) % 4);
            let eur = price(hp, trim) * (80 + dice(row, 6) % 40);
            format!("T{trim:03},{hp},{cyl},{},{eur}", dice(row, 7) % 200_000)
        });
        (group(&found), known(&found))
    };
    assert_eq!(cars(|hp, _| hp), (vec![], vec!["q7".to_owned()]));
    // Control: what they have in common otherwise.
    assert_eq!(cars(|_, trim| 60 + dice(trim, 9) % 240), (vec!["q7".to_owned()], vec![]));
    let sold = table("q7,weight,doors", 2_400, |row| {
        let item = dice(row, 1) % 80;
        let (weight, doors) = (dice(item, 4) % 900, dice(item, 5) % 4);
        let returned = dice(row, 6) % 900 < weight / 2 + doors * 100;
        format!("T{item:03},{weight},{doors},{}", yes(returned))
    });
    assert_eq!((group(&sold), known(&sold)), (vec![], vec!["q7".to_owned()]));
    // One of the columns differs between all of them, and tells most.
    let used = table("q7,doors,weight,fuel,km", 2_500, |row| {
        let item = dice(row, 1) % 70;
        let (doors, weight, fuel) = (2 + dice(item, 4) % 3, 900 + dice(item, 5) % 1_300, dice(item, 6) % 3);
        let eur = (weight * 20 + doors * 1_500 + fuel * 4_000) * (85 + dice(row, 7) % 30);
        format!("M{item:03},{doors},{weight},f{fuel},{},{eur}", dice(row, 8) % 200_000)
    });
    assert_eq!((group(&used), known(&used)), (vec![], vec!["q7".to_owned()]));
}

#[test]
fn a_measure_is_no_group_though_rows_of_one_value_are_alike() {
    let found = table("q7,a,b,c", 2_000, |row| {
        let age = 20 + dice(row, 1) % 60;
        let near = |salt: u64, of: u64| age * of + dice(row, salt) % 9;
        format!("{age},{},{},{},{}", near(2, 20), near(3, 50), dice(row, 4) % 9, yes(age + dice(row, 5) % 20 > 58))
    });
    assert!(group(&found).is_empty() && known(&found).is_empty(), "{:?}", found.findings);
}

#[test]
fn rows_in_the_order_of_time_are_split_by_it_and_what_may_name_groups_is_said() {
    let found = table("day,q7,sex,born", 2_000, |row| {
        let thing = dice(row, 1) % 110;
        let day = format!("2024-{:02}-{:02}", 1 + row / 180, 1 + row % 180 / 7);
        let own = format!("{},{}", dice(thing, 4) % 2, 1930 + dice(thing, 5) % 60);
        format!("{day},Q{},{own},{}", 10_000 + thing * 37 % 1_009, of(thing, row))
    });
    assert!(group(&found).is_empty(), "{:?}", found.findings);
    assert_eq!((known(&found), found.found(Code::Time).count()), (vec!["q7".to_owned()], 1));
    // The same of which nothing but the label is alike, and of which nothing is.
    let alone = |head: &str, label: fn(u64, u64) -> &'static str| {
        table(head, 1_500, |row| {
            let thing = dice(row, 1) % 150;
            let day = format!("2024-{:02}-{:02}", 1 + row / 180, 1 + row % 180 / 7);
            format!("{day},{},{}.5,{}", 5_000 + thing * 37 % 1_009, dice(row, 4) % 90, label(thing, row))
        })
    };
    let found = alone("day,pid,bp", of);
    assert_eq!((group(&found), known(&found)), (vec![], vec!["pid".to_owned()]), "{:?}", found.findings);
    let noise = alone("day,pid,bp", |_, row| yes(dice(row, 7).is_multiple_of(2)));
    assert!(group(&noise).is_empty() && known(&noise).is_empty(), "{:?}", noise.findings);
    assert_eq!(group(&alone("day,kdnr,bp", of)), ["kdnr"], "of customers there are always others");
}

#[test]
fn names_of_other_scripts_name_groups() {
    for name in
        ["пациент", "клиент", "患者ID", "客户", "顧客番号", "환자", "العميل", "ασθενής", "hasta", "müşteri", "ग्राहक"]
    {
        let found = table(&format!("{name},a"), 900, |row| {
            let thing = dice(row, 1) % 110;
            format!("{},{},{}", 10_000 + thing * 37 % 1_009, dice(row, 4) % 300, of(thing, row))
        });
        assert_eq!(group(&found), [name], "{:?}", found.findings);
    }
}

/// Storms of some names, each in some years, whose class is that of their wind; rows lie anywhere.
fn storms(second: &str, year: impl Fn(u64) -> String) -> Survey {
    table(&format!("name,{second},wind,lat"), 2_400, |row| {
        let storm = dice(row, 1) % 400;
        let (strength, speed) = (dice(storm, 3) % 60, dice(row, 4) % 60);
        let wind = (20 + strength + speed) / 5 * 5;
        let lat = 10 + dice(storm, 5) % 40 + dice(row, 6) % 4;
        let class = wind + dice(row, 7) % 20 > 85;
        format!("storm {},{},{wind},{lat},{}", storm % 60, year(storm), yes(class))
    })
}

#[test]
fn a_measure_that_decides_the_label_is_no_part_of_a_key() {
    let year = |storm: u64| (1990 + dice(storm, 2) % 25).to_string();
    assert_eq!(group(&storms("year", year)), ["name", "year"]);
    let without = storms("kind", |storm| format!("k{}", storm % 2));
    assert!(!group(&without).contains(&"wind".to_owned()), "{:?}", without.findings);
}

#[test]
fn what_is_there_again_with_another_time_is_copied_and_no_new_row() {
    let snapshots = |alike: bool| {
        table("spend,region,tenure,seen", 1_500, move |row| {
            let (thing, month) = (row % 500, row / 500);
            let own = |salt| dice(if alike { thing } else { row }, salt);
            let spend = format!("{}.{:02}", 20 + own(2) % 200, own(3) % 100);
            format!("{spend},R{},{},2024-{:02}-28,{}", own(4) % 4, own(5) % 100, 1 + month, yes(own(6) % 3 == 0))
        })
    };
    let found = snapshots(true);
    let copied = only(&found, Code::CopiedLater).unwrap_or_else(|| panic!("{:?}", found.findings));
    assert!(copied.evidence.contains("1000 of 1500 rows are equal to an earlier one in all but `seen`"), "{copied:?}");
    assert!(only(&snapshots(false), Code::CopiedLater).is_none(), "the control");
}
