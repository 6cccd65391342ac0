//! Files to score that differ from those of their source as these differ from each other: columns that some lack, encodings, lines above
//! the table.

use crate::profile::dice;
use crate::ropeway::Folder;
use crate::strangers::{ROWS, plain, workbook};

/// A folder of files as their source has them, `init` and `run` on it.
fn learned(folder: &Folder, path: &str, label: &str) {
    folder.run(&["init", path, "--label", label, "--name", "m"]).expect(0);
    folder.run(&["run", "--quiet"]).expect(0);
}

#[test]
fn a_column_that_files_of_the_training_lacked_may_be_lacking() {
    let folder = Folder::new();
    let rows = |from: u64, shift: bool| {
        let row = |row: u64| {
            let shift = if shift { ["A,", "B,"][(dice(row, 3) % 2) as usize] } else { "" };
            format!("{row},{},{shift}{}\n", dice(row, 1) % 40, u8::from(dice(row, 1) % 40 > 20))
        };
        format!(
            "id,pallets,{}late\n{}",
            if shift { "shift," } else { "" },
            (from..from + 80).map(row).collect::<String>()
        )
    };
    for (at, shift) in [(1, false), (2, false), (3, true)] {
        folder.write(&format!("m/{at}.csv"), rows(at * 100, shift));
    }
    learned(&folder, "m", "late");
    let predict = |file: &str| folder.run(&["predict", "m", "--in", file, "--out", "o.csv", "--json"]);
    let ended = predict("m/1.csv").expect(0);
    assert_eq!(ended.json()["scored"], 80);
    assert!(ended.stdout.contains("the file has no column `shift`"), "{}", ended.stdout);
    assert!(!predict("m/3.csv").expect(0).stdout.contains("has no column"));
    // The same as a file with the column and no value in it.
    folder.write("new.csv", rows(100, true).replace(",A,", ",,").replace(",B,", ",,"));
    predict("new.csv").expect(0);
    let probabilities = || {
        let out = folder.read("o.csv");
        out.lines().map(|line| line.split(',').rev().take(3).collect::<String>()).collect::<Vec<_>>()
    };
    let with = probabilities();
    predict("m/1.csv").expect(0);
    assert_eq!(probabilities(), with);
    folder.write("new.csv", rows(100, false).replacen("pallets", "pallet", 1));
    predict("new.csv").expect(1).says("`pallets` is not there");
}

#[test]
fn the_bytes_of_a_file_tell_its_encoding_behind_a_title_too() {
    let folder = Folder::new();
    let table: String = (0..200)
        .map(|row| {
            format!(
                "{row};{};{}\n",
                ["Köln", "Łódź", "Brno"][(dice(row, 1) % 3) as usize],
                u8::from(dice(row, 1) % 3 == 1)
            )
        })
        .collect();
    let text = format!("Výkaz za měsíc\n\nid;město;late\n{table}");
    let windows: Vec<u8> = text
        .chars()
        .map(|c| match c {
            'ý' => 0xfd,
            'ě' => 0xec,
            'í' => 0xed,
            'ö' => 0xf6,
            'ó' => 0xf3,
            'Ł' => 0xa3,
            'ź' => 0x9f,
            c => u8::try_from(u32::from(c)).unwrap(),
        })
        .collect();
    folder.write("t.csv", &windows);
    learned(&folder, "t.csv", "late");
    let predict = |file: &str| folder.run(&["predict", "m", "--in", file, "--out", "o.csv"]).expect(0);
    predict("t.csv");
    folder.write("new.csv", &text);
    predict("new.csv");
    assert!(folder.read("o.csv").contains("Łódź"), "{}", folder.read("o.csv"));
}

#[test]
fn the_lines_above_the_table_are_those_of_the_sheet_that_is_scored() {
    let folder = Folder::new();
    folder.write("jan.xlsx", workbook(&[("January", false, &format!("Report\nof January\n,\n{}", plain(0..ROWS)))]));
    learned(&folder, "jan.xlsx", "y");
    let predict = |title: &str| {
        folder.write("feb.xlsx", workbook(&[("February", false, &format!("{title}{}", plain(200..230)))]));
        folder.run(&["predict", "m", "--in", "feb.xlsx", "--out", "o.csv", "--json"]).expect(0).json()["scored"].clone()
    };
    for title in ["Report\nof February\n,\n", "Report of February\n,\n", ""] {
        assert_eq!(predict(title), 30, "{title}");
    }
}

#[test]
fn days_and_months_in_the_other_order_are_told() {
    let folder = Folder::new();
    let rows = |month_first: bool| -> String {
        let row = |row: u64| {
            let (day, month, size) = (dice(row, 1) % 28 + 1, dice(row, 2) % 12 + 1, dice(row, 3) % 90);
            let (one, two) = if month_first { (month, day) } else { (day, month) };
            format!("{one:02}/{two:02}/2024,{size},{}\n", u8::from(size > 40))
        };
        format!("due,size,late\n{}", (0..300).map(row).collect::<String>())
    };
    folder.write("t.csv", rows(false));
    learned(&folder, "t.csv", "late");
    let predict = |month_first: bool| {
        folder.write("new.csv", rows(month_first));
        let ended = folder.run(&["predict", "m", "--in", "new.csv", "--out", "o.csv"]);
        ended.stderr + &ended.stdout
    };
    assert!(!predict(false).contains("day and month are swapped"));
    let told = predict(true);
    assert!(told.contains("`due` look like `%m/%d/%Y`, which 300 of 300 values fit"), "{told}");
}
