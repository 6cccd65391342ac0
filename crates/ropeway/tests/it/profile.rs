//! `ropeway profile`: what a file holds, and that a finding is there where its defect is, and not elsewhere.

use serde_json::Value;

use crate::ropeway::Folder;

/// A number that follows from a row and looks like none.
pub fn dice(row: u64, salt: u64) -> u64 {
    let mut x = row.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(salt.wrapping_mul(0xbf58_476d_1ce4_e5b9));
    x = (x ^ (x >> 30)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Calls of customers, clean but for what `spoil` does to the cells of a row.
fn calls(rows: u64, spoil: impl Fn(u64, &mut Vec<String>)) -> String {
    let mut text = String::from("minutes,plan,region,age,mark,churned\n");
    for row in 0..rows {
        let minutes = dice(row, 1) % 600;
        let churned = if (minutes + dice(row, 2) % 300) > 520 { "yes" } else { "no" };
        let mut cells = vec![
            format!("{minutes}.{:03}", dice(row, 7) % 1_000),
            ["basic", "plus", "family"][(dice(row, 3) % 3) as usize].to_owned(),
            format!("r{}", dice(row, 4) % 9),
            (18 + dice(row, 5) % 60).to_string(),
            (dice(row, 6) % 1_000).to_string(),
            churned.to_owned(),
        ];
        spoil(row, &mut cells);
        text += &cells.join(",");
        text += "\n";
    }
    text
}

fn profiled(text: &str, arguments: &[&str]) -> Value {
    let folder = Folder::new();
    folder.write("calls.csv", text);
    folder.run(&[&["profile", "calls.csv", "--json"], arguments].concat()).expect(0).json()
}

/// The findings as `code column`.
fn found(said: &Value) -> Vec<String> {
    let name = |finding: &Value| {
        format!("{} {}", finding["code"].as_str().unwrap(), finding["columns"][0].as_str().unwrap_or_default())
    };
    said["findings"].as_array().unwrap().iter().map(name).collect()
}

#[test]
fn a_clean_table_has_no_finding_and_each_defect_has_its_own() {
    let clean = profiled(&calls(3_000, |_, _| ()), &["--label", "churned"]);
    assert_eq!(found(&clean), Vec::<String>::new(), "{clean}");
    assert_eq!(clean["rows"], 3_000);
    assert_eq!(clean["label"]["task"], "binary");
    assert_eq!(clean["label"]["positive"], "true");
    let check = |spoil: &dyn Fn(u64, &mut Vec<String>), wants: &str| {
        let said = profiled(&calls(3_000, spoil), &["--label", "churned"]);
        assert_eq!(found(&said), [wants], "{said}");
    };
    check(
        &|_, cells| {
            cells[4] = (dice(cells[4].len() as u64, 3) % 50 + if cells[5] == "yes" { 60 } else { 0 }).to_string()
        },
        "leak-separates mark",
    );
    check(
        &|_, cells| {
            if cells[5] == "no" {
                cells[4].clear()
            }
        },
        "leak-missing mark",
    );
    check(
        &|row, cells| {
            if row % 40 == 0 {
                cells[3] = "-999".into()
            }
        },
        "sentinel age",
    );
    check(
        &|row, cells| {
            if row % 40 == 0 {
                cells[1] = "unknown".into()
            }
        },
        "sentinel plan",
    );
    check(&|_, cells| cells[4] = "1".into(), "constant mark");
    check(&|_, cells| cells[4] = format!("x{}", cells[2]), "copy mark");
    check(&|row, cells| cells[4] = format!("u{row}@example.org"), "personal mark");
    check(&|row, cells| cells[4] = format!("0{}", 1_000 + dice(row, 8) % 50), "leading-zeros mark");
    check(&|row, cells| cells[4] = format!("a{}|b{}|c", dice(row, 8) % 3, dice(row, 9) % 3), "list mark");
    check(
        &|row, cells| if row % 50 == 7 { cells[5] = "yes".into() } else { cells[5] = "no".into() },
        "imbalance churned",
    );
}

#[test]
fn rows_that_belong_together_are_found_and_a_plain_category_is_no_group() {
    let said = profiled(
        &calls(3_000, |row, cells| {
            cells[4] = format!("c{}", row / 6);
            cells[5] = if dice(row / 6, 9).is_multiple_of(3) { "yes" } else { "no" }.into();
        }),
        &["--label", "churned"],
    );
    assert_eq!(found(&said), ["group mark"], "{said}");
    assert!(said["findings"][0]["evidence"].as_str().unwrap().starts_with("500 groups in 3000 rows"), "{said}");
}

#[test]
fn figures_are_those_of_the_values() {
    let said = profiled("x,word\n1,a\n2,b\n3,b\n4,\nNA,b\n10,\"\"\n", &[]);
    let x = &said["columns"][0];
    for (name, want) in [("min", 1.0), ("max", 10.0), ("mean", 4.0)] {
        assert_eq!(x[name], want, "{name}: {x}");
    }
    assert_eq!(x["missing"], 1);
    assert_eq!(x["deviation"], 12.5_f64.sqrt(), "{x}");
    assert_eq!(x["quantiles"][3]["value"], 3.0);
    let word = &said["columns"][1];
    assert_eq!((&word["missing"], &word["distinct"]), (&Value::from(2), &Value::from(2)));
    assert_eq!(word["top"][0]["value"], "b");
}

#[test]
fn what_is_personal_is_not_shown_and_the_page_is_written_as_asked() {
    let folder = Folder::new();
    folder.write("calls.csv", calls(300, |row, cells| cells[4] = format!("u{row}@example.org")));
    for out in ["profile.json", "profile.txt"] {
        let said = folder.run(&["profile", "calls.csv", "--label", "churned", "--out", out]).expect(0);
        let written = folder.read(out);
        for text in [&said.stdout, &written] {
            assert!(text.contains("mail addresses") && !text.contains("@example.org"), "{text}");
        }
    }
    let json: Value = serde_json::from_str(&folder.read("profile.json")).unwrap();
    assert_eq!(json["rows"], 300);
    assert!(folder.read("profile.txt").contains("minutes"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "nothing else is written");
}

#[test]
fn bad_input_is_told_and_what_looks_like_markup_is_text() {
    let folder = Folder::new();
    let check = |name: &str, text: &str, arguments: &[&str], code: &str| {
        folder.write(name, text);
        let said = folder.run(&[&["profile", name, "--json"], arguments].concat()).expect(1).json();
        assert_eq!(said["problems"][0]["code"], code, "{said}");
    };
    folder.run(&["profile", "nowhere.csv"]).expect(1).says("nowhere.csv");
    check("header.csv", "x,y\n", &[], "no-rows");
    check("x.csv", "x,y\n1,a\n2,b\n", &["--label", "z"], "unknown-column");
    check("one.csv", "x,y\n1,a\n2,a\n", &["--label", "y"], "label-one-class");
    check("day.csv", "x,y\n1,2024-01-01\n2,2024-01-02\n", &["--label", "y"], "label-time");
    let each: String = (0..200).map(|row| format!("{row},name {row}\n")).collect();
    check("each.csv", &format!("x,y\n{each}"), &["--label", "y"], "label-unique");
    let long: String = (0..200).map(|row| format!("{row},how it went on day {} of all\n", row % 150)).collect();
    check("text.csv", &format!("x,y\n{long}"), &["--label", "y"], "label-text");
    folder.write("odd.csv", "\"<script>alert(1)</script>\",select,\"a b\"\n<b>x</b>,1,\u{1b}[31m\n<i>,2,b\n");
    let said = folder.run(&["profile", "odd.csv"]).expect(0);
    assert!(said.stdout.contains("<script>") && !said.stdout.contains('\u{1b}'), "{}", said.stdout);
    folder.write("one_column.csv", "x\n1\n2\n");
    folder.run(&["profile", "one_column.csv"]).expect(0);
}
