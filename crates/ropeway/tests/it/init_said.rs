//! What `ropeway init` says of splits, dates and keys is one thing everywhere, and true.

use std::fmt::Write as _;

use crate::profile::dice;
use crate::ropeway::Folder;

const ROWS: u64 = 600;

/// Orders of customers who come again, in no order of their dates unless told; the label is alike within a customer.
fn orders(date: &str, sorted: bool) -> Folder {
    let mut text = format!("Ticket,Customer No,{date},amount,late\n");
    for row in 0..ROWS {
        let customer = dice(row, 1) % 120;
        let late = dice(customer, 2) % 10 < 4 && dice(row, 6) % 10 < 8;
        let day = if sorted { row } else { dice(row, 3) % ROWS };
        let _ = writeln!(
            text,
            "T-{:05},{customer:05},{}-{:02}-{:02},{},{}",
            row * 7,
            2020 + day / 336,
            1 + day % 336 / 28,
            1 + day % 28,
            dice(row, 5) % 500,
            if late { "yes" } else { "no" }
        );
    }
    let folder = Folder::new();
    folder.write("orders.csv", text);
    folder
}

fn init(folder: &Folder, more: &[&str]) -> (String, String, String) {
    let arguments = [&["init", "orders.csv", "--label", "late", "--name", "p"], more].concat();
    let page = folder.run(&arguments).expect(0).stdout;
    (page, folder.read("ropeway.toml"), folder.read("NOTES.md"))
}

#[test]
fn a_split_that_was_asked_for_is_what_terminal_notes_and_project_say() {
    let (page, toml, notes) = init(&orders("Created", true), &["--at", "Created"]);
    assert!(toml.contains("by = \"time\"") && toml.contains("`Created` was asked for with --at"), "{toml}");
    assert!(toml.contains("# Rows of one `Customer No` may stand on both sides"), "{toml}");
    for text in [&page, &notes] {
        assert!(text.contains("group Customer No") && text.contains("by time, as asked for with --at"), "{text}");
        assert!(text.contains("{ by = \"group\", group = [\"Customer No\"] } keeps each"), "{text}");
        assert!(
            !text.contains("no split by time") && !text.contains("the split keeps each group on one side"),
            "{text}"
        );
        assert!(text.contains(", and rows stand in its order\n"), "{text}");
    }
    // Not asked for, the group splits, and everything says so.
    let (page, toml, notes) = init(&orders("Created", true), &[]);
    assert!(toml.contains("\ngroup = [\"Customer No\"]"), "{toml}");
    for text in [&page, &notes] {
        assert!(text.contains("no split by time") && text.contains("keeps each group on one side"), "{text}");
    }
}

#[test]
fn rows_that_hardly_stand_out_of_order_are_counted() {
    let folder = orders("Created", true);
    let mut lines: Vec<String> = folder.read("orders.csv").lines().map(str::to_owned).collect();
    for at in [50, 150, 250] {
        lines.swap(at, at + 28);
    }
    folder.write("orders.csv", lines.join("\n") + "\n");
    let (page, ..) = init(&folder, &["--at", "Created"]);
    assert!(page.contains("rows stand nearly in its order: 6 of 600 are earlier than the row above"), "{page}");
}

#[test]
fn a_date_is_seen_whatever_language_names_it_and_no_comment_denies_that_it_is_there() {
    for name in [
        "Date",
        "Datum",
        "Bestelldatum",
        "Angelegt am",
        "Fecha",
        "Data ordine",
        "créé le",
        "besteldatum",
        "Data do pedido",
    ] {
        let (page, ..) = init(&orders(name, false), &[]);
        assert!(page.contains(&format!("  time {name}: ")), "{name}: {page}");
    }
    // Of others it is said that they are there, and what to do.
    for name in ["Geburtsdatum", "Ablauf", "Stichwort"] {
        let folder = orders(name, false);
        let text = folder.read("orders.csv").replace("Customer No", "shade");
        let text: Vec<String> =
            text.lines().map(|line| line.split(',').skip(2).collect::<Vec<_>>().join(",")).collect();
        folder.write("orders.csv", text.join("\n") + "\n");
        let (page, toml, notes) = init(&folder, &[]);
        assert!(!page.contains(&format!("  time {name}: ")), "{name}: {page}");
        assert!(toml.contains("At random: no date is plainly that of the rows"), "{toml}");
        for text in [&toml, &notes] {
            assert!(
                text.contains(&format!("`ropeway init --at {name}` splits by it"))
                    && !text.contains("rows have no time"),
                "{text}"
            );
        }
        let again = Folder::new();
        again.write("orders.csv", folder.read("orders.csv"));
        assert!(init(&again, &["--at", name]).1.contains("by = \"time\""), "{name}");
    }
    let folder = Folder::new();
    folder.write(
        "orders.csv",
        (0..90).fold(String::from("a,late\n"), |text, row| format!("{text}{},{}\n", row % 7, row % 2)),
    );
    assert!(init(&folder, &[]).1.contains("At random: no column is a date"));
}

#[test]
fn of_two_dates_the_time_is_not_that_of_the_delivery() {
    let folder = orders("Lieferdatum", false);
    let text = folder.read("orders.csv");
    let text: Vec<String> = (0..)
        .zip(text.lines())
        .map(|(row, line)| match row {
            0 => format!("{line},Bestelldatum"),
            row => format!("{line},2019-{:02}-{:02}", 1 + dice(row, 8) % 12, 1 + dice(row, 9) % 28),
        })
        .collect();
    folder.write("orders.csv", text.join("\n") + "\n");
    let (page, ..) = init(&folder, &[]);
    assert!(page.contains("  time Bestelldatum: "), "{page}");
}

#[test]
fn rows_that_repeat_do_not_hide_the_key_and_a_group_is_none() {
    let folder = orders("Created", true);
    let text = folder.read("orders.csv");
    let again: String = text.lines().skip(1).step_by(40).map(|line| format!("{line}\n")).collect();
    folder.write("orders.csv", format!("{text}{again}"));
    let (_, toml, notes) = init(&folder, &[]);
    assert!(toml.contains("\nkey = [\"Ticket\"]") && toml.contains("unique = [\"Ticket\"]"), "{toml}");
    assert!(notes.contains("`Ticket` identifies a row") && !notes.contains("No column identifies a row"), "{notes}");
    folder.run(&["run", "--sample", "30%", "--json"]);
    // Where a repeated ticket differs in another column, it is none.
    folder.write("other/orders.csv", format!("{text}{}", again.replace(",yes", ",no")));
    let toml = folder.run(&["init", "other/orders.csv", "--label", "late", "-C", "other"]);
    assert_eq!(toml.code, 0, "{}", toml.stderr);
    let toml = folder.read("other/ropeway.toml");
    assert!(!toml.contains("unique = [\"Ticket\"]") && !toml.contains("\nkey = "), "{toml}");
    assert!(toml.contains("\ngroup = [\"Customer No\"]"), "{toml}");
}

#[test]
fn explain_says_where_several_examples_have_the_key() {
    let folder = orders("Created", true);
    let text = folder.read("orders.csv");
    folder.write(
        "orders.csv",
        text.lines().map(|line| line.split_once(',').unwrap().1.to_owned() + "\n").collect::<String>(),
    );
    init(&folder, &["--at", "Created"]);
    folder.edit("ropeway.toml", "[examples]\n", "[examples]\nkey = [\"Customer No\"]\n");
    folder.edit("ropeway.toml", "learners = [\"linear\", \"boosted\"]", "learners = [\"linear\"]");
    folder.run(&["run", "--json"]);
    let rows: Vec<String> = folder.read("orders.csv").lines().skip(1).map(str::to_owned).collect();
    let first = &rows[0];
    let customer = first.split(',').next().unwrap();
    let own: Vec<&String> = rows.iter().filter(|row| row.starts_with(&format!("{customer},"))).collect();
    assert!(own.len() > 1);
    let said = folder.run(&["explain", "p", "--key", customer]).expect(0);
    assert!(said.stderr.contains(&format!("{} examples have this key", own.len())), "{}", said.stderr);
    // With the time of one there is no doubt.
    let day = own[1].split(',').nth(1).unwrap();
    let said = folder.run(&["explain", "p", "--key", customer, "--at", &format!("{day}T00:00:00Z")]).expect(0);
    assert!(!said.stderr.contains("have this key"), "{}", said.stderr);
}

#[test]
fn no_value_about_a_person_stands_in_what_is_said_of_how_values_are_written() {
    let folder = Folder::new();
    let rows = (0..200).map(|row| {
        let born = format!("{:02}.{:02}.{}", 1 + row % 28, 1 + row % 12, 1940 + row % 60);
        format!("0{:09},{born},{},{}\n", 758_223_417 + row * 7_919, row * 31 % 97, ["yes", "no"][row % 2])
    });
    folder.write("orders.csv", "nhs,geburtsdatum,visits,late\n".to_owned() + &rows.collect::<String>());
    let (page, toml, notes) = init(&folder, &[]);
    let profile = folder.run(&["profile", "orders.csv"]).expect(0).stdout;
    for text in [&page, &toml, &notes, &profile] {
        assert!(!text.contains("0758223417") && !text.contains("01.01.1940"), "{text}");
    }
    assert!(toml.contains("personal = [\"nhs\", \"geburtsdatum\"]"), "{toml}");
}

#[test]
fn the_project_file_says_which_texts_hold_how_to_reach_people_and_shows_none_of_it() {
    let folder = Folder::new();
    let mut text = "note,amount,late\n".to_owned();
    for row in 0..ROWS {
        let words = ["the parcel was left", "nobody opened", "signed by a neighbour", "back to the depot"];
        let (first, then) = (words[(dice(row, 1) % 4) as usize], words[(dice(row, 2) % 4) as usize]);
        let more =
            if row.is_multiple_of(60) { format!(" write to anna{row}@example.org") } else { format!(" at door {row}") };
        let late = if dice(row, 3).is_multiple_of(3) { "yes" } else { "no" };
        let _ = writeln!(text, "{first} and {then}{more},{},{late}", dice(row, 4) % 500);
    }
    folder.write("orders.csv", text);
    let (page, project, notes) = init(&folder, &[]);
    assert!(project.contains("# note: 10 of its texts hold how to reach people"), "{project}");
    for said in [page, project, notes] {
        assert!(!said.contains("example.org"), "{said}");
    }
}

/// A key by which the rows are sorted by their label is a suspect that no request has.
#[test]
fn a_key_that_is_a_suspect_is_said_to_be_no_feature() {
    let folder = Folder::new();
    let row = |row: u32| format!("{},{},{}\n", 1_000 + row, row * 7_919 % 97, if row < 300 { "yes" } else { "no" });
    folder.write("d.csv", "case_id,x,y\n".to_owned() + &(0..800).map(row).collect::<String>());
    let said = folder.run(&["init", "d.csv", "--label", "y", "--name", "p"]).expect(0).stdout;
    assert!(said.contains("leak-separates case_id: ") && said.contains("-> is the key, and no feature"), "{said}");
}

/// Days that may be read in two orders are told where they are read, and not in the project file alone.
#[test]
fn an_order_of_days_that_nothing_decides_is_told_by_init_and_profile() {
    let told = |days: &dyn Fn(u32) -> String, rows: u32| {
        let folder = Folder::new();
        let row = |row: u32| format!("{},{},{}\n", days(row), row % 97, row * 31 % 2);
        folder.write("d.csv", format!("when,x,y\n{}", (0..rows).map(row).collect::<String>()));
        let profile = folder.run(&["profile", "d.csv"]).expect(0).stdout;
        let init = folder.run(&["init", "d.csv", "--label", "y", "--name", "p"]).expect(0).stdout;
        (profile.contains("fits as well"), init.contains("Note: column `when`: ") && init.contains("fits as well"))
    };
    let open = |row: u32| format!("{:02}/{:02}/2023", 1 + row % 12, 1 + row * 7 % 12);
    assert_eq!(told(&open, 600), (true, true));
    // Controls: one day that has but one reading, among the first ones and far down.
    assert_eq!(told(&|row| if row == 9 { "01/22/2023".into() } else { open(row) }, 600), (false, false));
    let far_down = |row: u32| format!("12/{:02}/2023", if row < 20_500 { 1 + row / 1_800 } else { 15 });
    assert!(!told(&far_down, 24_500).1);
}
