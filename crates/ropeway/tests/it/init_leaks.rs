//! Columns that are filled in for one class alone, however seldom, and what becomes of them where they are left out.

use std::fmt::Write as _;

use serde_json::Value;

use crate::profile::dice;
use crate::ropeway::Folder;

/// Customers of whom 15% left; what is written of one that left, and of one that stayed.
pub(crate) fn customers(left: impl Fn(u64) -> String, stayed: impl Fn(u64) -> String) -> Folder {
    let mut text = String::from("id,x,reason,churned\n");
    for row in 0..800 {
        let churned = dice(row, 3) % 100 < 15;
        let reason = if churned { left(row) } else { stayed(row) };
        let answer = if churned { "yes" } else { "no" };
        let _ = writeln!(text, "c{row:04},0.{:03},{reason},{answer}", dice(row, 5) % 1_000);
    }
    let folder = Folder::new();
    folder.write("d.csv", text);
    folder
}

pub(crate) fn leaks(folder: &Folder, label: &str) -> Vec<String> {
    let said = folder.run(&["profile", "d.csv", "--label", label, "--json"]).expect(0).json();
    let found = said["findings"].as_array().unwrap().iter();
    let leaks = found.filter(|finding| finding["code"].as_str().unwrap().starts_with("leak-"));
    leaks
        .map(|leak| format!("{}: {}", leak["columns"][0].as_str().unwrap(), leak["evidence"].as_str().unwrap()))
        .collect()
}

fn sometimes(share: u64) -> impl Fn(u64) -> String {
    move |row| {
        if dice(row, 9) % 100 < share { ["price", "moved"][(row % 2) as usize].to_owned() } else { String::new() }
    }
}

fn never(_: u64) -> String {
    String::new()
}

#[test]
fn a_column_filled_in_for_one_class_alone_is_named_at_any_fill_rate_with_its_counts() {
    for share in [100, 95, 90, 70, 50, 20] {
        let folder = customers(sometimes(share), never);
        let text = folder.read("d.csv");
        let rows = |end: &str, holds: bool| {
            text.lines().filter(|line| line.ends_with(end) && line.contains(",,") != holds).count()
        };
        let (filled, left) = (rows(",yes", true), rows(",yes", false));
        let others = match left {
            0 => "in no other row".to_owned(),
            1 => "in 1 row without a value".to_owned(),
            left => format!("in {left} rows without a value"),
        };
        let want = format!(
            "reason: it has a value in {filled} of 800 rows, and in all of these `churned` is `true`, as {others}"
        );
        assert_eq!(leaks(&folder, "churned"), [want], "{share}");
    }
    // The other side: missing for one class alone.
    let found = leaks(&customers(|row| sometimes(40)(row), |_| "asked".into()), "churned");
    assert!(found[0].starts_with("reason: it is missing in ") && found[0].contains("`churned` is `true`"), "{found:?}");
    // An amount that is 0 unless the outcome writes another.
    let found =
        leaks(&customers(|row| if row % 3 == 0 { "0".into() } else { "9.5".into() }, |_| "0".into()), "churned");
    assert!(found[0].starts_with("reason: it is not 0 in ") && found[0].contains("in all of these"), "{found:?}");
}

#[test]
fn what_an_honest_column_or_chance_makes_is_no_leak() {
    // As often filled in for both; for most of one class and some of the other; for few rows of the frequent class.
    let both = customers(sometimes(30), sometimes(30));
    let mostly = customers(sometimes(60), sometimes(5));
    let rare = customers(never, sometimes(4));
    // Counts that are 0 for either.
    let counts = customers(|row| (dice(row, 2) % 3).to_string(), |row| (dice(row, 2) % 2).to_string());
    for (at, folder) in [both, mostly, rare, counts].iter().enumerate() {
        assert_eq!(leaks(folder, "churned"), Vec::<String>::new(), "{at}");
    }
}

#[test]
fn rows_of_one_customer_are_no_more_than_one_by_chance() {
    // Labels are those of customers, and so is what three of them, or all that left, have written.
    let table = |writes: &dyn Fn(u64) -> bool| {
        let mut text = String::from("customer_id,x,remark,churned\n");
        for row in 0..1_200 {
            let customer = row / 8;
            let churned = dice(customer, 3).is_multiple_of(4);
            let remark = if churned && writes(customer) { "see file" } else { "" };
            let answer = if churned { "yes" } else { "no" };
            let _ = writeln!(text, "{customer},{},{remark},{answer}", dice(row, 5) % 1_000);
        }
        let folder = Folder::new();
        folder.write("d.csv", text);
        leaks(&folder, "churned")
    };
    let left: Vec<u64> = (0..150).filter(|customer| dice(*customer, 3).is_multiple_of(4)).take(3).collect();
    assert_eq!(table(&|customer| left.contains(&customer)), Vec::<String>::new());
    assert_eq!(table(&|customer| customer % 2 == 0).len(), 1);
}

#[test]
fn one_of_several_classes_is_enough() {
    let mut text = String::from("x,code,state\n");
    for row in 0..900 {
        let state = ["open", "paid", "void"][(dice(row, 4) % 3) as usize];
        let code = if state == "void" && dice(row, 8).is_multiple_of(2) { "R1" } else { "" };
        let _ = writeln!(text, "{},{code},{state}", dice(row, 6) % 97);
    }
    let folder = Folder::new();
    folder.write("d.csv", text);
    let found = leaks(&folder, "state");
    assert!(found.len() == 1 && found[0].contains("in all of these `state` is `void`"), "{found:?}");
}

#[test]
fn a_level_that_is_of_one_class_alone_is_named_with_its_counts() {
    let state = |row: u64| ["open", "closed"][(dice(row, 7) % 2) as usize].to_owned();
    let sent = |row: u64| if dice(row, 9).is_multiple_of(3) { "refund sent".to_owned() } else { state(row) };
    let folder = customers(sent, state);
    let rows = |of: &str| folder.read("d.csv").lines().filter(|line| line.ends_with(of)).count();
    let (sent_rows, left) = (rows(",refund sent,yes"), rows(",yes"));
    let want = format!(
        "reason: it is `refund sent` in {sent_rows} of 800 rows, and in all of these `churned` is `true`, as in {} rows where it is \
         not",
        left - sent_rows
    );
    assert_eq!(leaks(&folder, "churned"), [want]);
    // Of the class that most rows are of, too, where that is more than an honest level tells.
    let stays =
        |of: u64| move |row: u64| if dice(row, 9).is_multiple_of(of) { "never asked".into() } else { state(row) };
    let found = leaks(&customers(state, stays(2)), "churned");
    assert!(found.len() == 1 && found[0].contains("is `never asked` in ") && found[0].contains("`false`"), "{found:?}");
    assert_eq!(leaks(&customers(state, stays(16)), "churned"), Vec::<String>::new());
}

/// Orders of so many products, each of which is sent back with its own probability, in percent.
fn products(count: u64, returned: impl Fn(u64) -> u64) -> Folder {
    let mut text = String::from("product,x,returned\n");
    for row in 0..2_000 {
        let product = dice(row, 6) % count;
        let answer = if dice(row, 3) % 100 < returned(product) { "yes" } else { "no" };
        let _ = writeln!(text, "p{product:03},0.{:03},{answer}", dice(row, 5) % 1_000);
    }
    let folder = Folder::new();
    folder.write("d.csv", text);
    folder
}

#[test]
fn the_strongest_of_many_honest_levels_are_no_leak_and_are_not_left_out() {
    let folders = [
        products(80, |product| product * 100 / 79),
        products(60, |product| if product % 3 == 0 { 95 } else { 5 }),
        products(100, |product| [97, 90, 80, 60, 30, 10, 5][(product % 7) as usize]),
    ];
    for (at, folder) in folders.iter().enumerate() {
        assert_eq!(leaks(folder, "returned"), Vec::<String>::new(), "{at}");
        folder.run(&["init", "d.csv", "--label", "returned", "--drop-suspects", "--name", "p"]).expect(0);
        assert!(folder.read("ropeway.toml").contains("request = [\"product\", \"x\"]"), "{at}");
    }
}

#[test]
fn a_level_that_is_less_than_sure_is_named_and_left_in_where_suspects_are_left_out() {
    let dropped = |highest: u64| {
        let folder = products(40, |of| if of == 3 { 100 } else { [5, 15, 25, 40, highest][(of % 5) as usize] });
        let said = folder.run(&["init", "d.csv", "--label", "returned", "--drop-suspects", "--name", "p"]).expect(0);
        let page = said.stdout;
        assert!(page.contains("leak-level product: it is `p003`"), "{page}");
        (page, folder.read("ropeway.toml").contains("request = [\"product\", \"x\"]"))
    };
    let (page, stays) = dropped(60);
    assert!(stays && page.contains("stays, also with `--drop-suspects`"), "{page}");
    let (page, stays) = dropped(40);
    assert!(!stays && page.contains("left out of `request`"), "{page}");
}

/// Orders of which some are void, for nothing; `of` says what is written of the void ones and of the others.
fn orders(of: impl Fn(u64, bool) -> String) -> Vec<String> {
    let mut text = String::from("x,remark,amount\n");
    for row in 0..1_200 {
        let void = dice(row, 3) % 100 < 15;
        let amount = if void { 0 } else { 40 + dice(row, 4) % 97 };
        let _ = writeln!(text, "{},{},{amount}", dice(row, 6) % 97, of(row, void));
    }
    let folder = Folder::new();
    folder.write("d.csv", text);
    leaks(&folder, "amount")
}

#[test]
fn what_is_filled_in_for_one_number_alone_is_named() {
    let reason = |row: u64, void: bool| if void && dice(row, 8) % 10 < 7 { "lost".into() } else { String::new() };
    let found = orders(reason);
    assert!(found.len() == 1 && found[0].starts_with("remark: it has a value in "), "{found:?}");
    assert!(found[0].contains("in all of these `amount` is `0`, as in "), "{found:?}");
    // Another column is 0 where the label is.
    let tax = |row: u64, void: bool| if void { "0".into() } else { (1 + dice(row, 8) % 40).to_string() };
    let found = orders(tax);
    assert!(found[0].starts_with("remark: it is not 0 in ") && found[0].contains("`amount` is `not 0`"), "{found:?}");
    // Vouchers of some of those that pay.
    let voucher = |row: u64, void: bool| if void || dice(row, 8) % 10 < 7 { "" } else { "v" }.to_owned();
    assert_eq!(orders(voucher), Vec::<String>::new());
}

#[test]
fn what_is_missing_in_one_range_of_the_label_is_named() {
    let mut text = String::from("x,band,minutes\n");
    for row in 0..900 {
        let minutes = dice(row, 4) % 150;
        let band = if (50..70).contains(&minutes) { String::new() } else { (dice(row, 5) % 9 + 1).to_string() };
        let _ = writeln!(text, "{},{band},{minutes}", dice(row, 6) % 97);
    }
    let folder = Folder::new();
    folder.write("d.csv", text);
    let found = leaks(&folder, "minutes");
    let want = "band: where it is missing, `minutes` lies from 50 to 69, as in hardly another row; ";
    assert!(found.len() == 1 && found[0].starts_with(want), "{found:?}");
}

#[test]
fn a_code_of_rows_that_sorts_with_the_label_is_named() {
    let table = |sorted: bool| {
        let mut text = String::from("code,x,churned\n");
        for row in 0..600 {
            let churned = if sorted { row >= 400 } else { dice(row, 2).is_multiple_of(3) };
            let _ = writeln!(text, "A-{row:06},{},{}", dice(row, 6) % 97, if churned { "yes" } else { "no" });
        }
        let folder = Folder::new();
        folder.write("d.csv", text);
        leaks(&folder, "churned")
    };
    let found = table(true);
    assert!(found.len() == 1 && found[0].starts_with("code: it numbers the rows, and is highest where"), "{found:?}");
    assert_eq!(table(false), Vec::<String>::new());
}

#[test]
fn a_number_that_is_0_up_to_a_bound_of_the_label_is_named() {
    let table = |fee: fn(u64, u64) -> bool| {
        let mut text = String::from("x,fee,minutes\n");
        for row in 0..900 {
            let minutes = dice(row, 4) % 150;
            let fee = if fee(row, minutes) { 25 * (1 + dice(row, 8) % 4) } else { 0 };
            let _ = writeln!(text, "{},{fee},{minutes}", dice(row, 6) % 97);
        }
        let folder = Folder::new();
        folder.write("d.csv", text);
        leaks(&folder, "minutes")
    };
    let found = table(|_, minutes| minutes > 120);
    assert!(
        found.len() == 1 && found[0].starts_with("fee: where it is not 0, `minutes` is high (ROC AUC 1.000); "),
        "{found:?}"
    );
    assert_eq!(table(|row, minutes| dice(row, 1) % 150 < minutes), Vec::<String>::new(), "mostly where it is high");
}

#[test]
fn a_suspect_that_is_left_out_is_not_declared_known_ahead_and_is_refused_when_put_back() {
    let declared = |folder: &Folder| -> Value {
        let toml: toml::Table = folder.read("ropeway.toml").parse().unwrap();
        serde_json::to_value(&toml["source"]["d"]["known_ahead"]).unwrap()
    };
    let folder = customers(sometimes(70), never);
    folder.run(&["init", "d.csv", "--label", "churned", "--drop-suspects", "--name", "p"]).expect(0);
    assert_eq!(declared(&folder), serde_json::json!(["id", "x"]));
    assert!(folder.read("NOTES.md").contains("All columns but the label and the suspects left out"));
    folder.run(&["check"]).expect(0);
    folder.edit("ropeway.toml", "request = [\"x\"]", "request = [\"x\", \"reason\"]");
    folder.fails(&["check"], 3, &["known-later", "reason"]);
    // Without being asked to, init leaves it where it is.
    let folder = customers(sometimes(70), never);
    folder.run(&["init", "d.csv", "--label", "churned", "--name", "p"]).expect(0);
    assert_eq!(declared(&folder), serde_json::json!(["id", "x", "reason"]));
    folder.run(&["check"]).expect(0);
}

#[test]
fn rows_of_one_person_stay_on_one_side_of_the_split_and_nobody_is_shown() {
    // People are ill for good, and each has ten rows: by chance a model would know them again.
    let mut text = String::from("a,b,email,sick\n");
    for row in 0..1_000 {
        let person = dice(row, 5) % 100;
        let (ill, body) = (["no", "yes"][(dice(person, 6) % 2) as usize], dice(person, 7) % 997);
        let _ = writeln!(text, "{},{body},p{person}@mail.example,{ill}", dice(row, 1) % 991);
    }
    let folder = Folder::new();
    folder.write("d.csv", text);
    let mut told = String::new();
    let mut tell = |arguments: &[&str]| {
        let ended = folder.run(arguments);
        told.push_str(&format!("{}\n{}\n", ended.stdout, ended.stderr));
    };
    tell(&["init", "d.csv", "--label", "sick", "--name", "p"]);
    let written = folder.read("ropeway.toml");
    assert!(written.contains("\ngroup = [\"email\"]\nholdout = { share = 0.2 }"), "{written}");
    assert!(written.contains("personal = [\"email\"]") && !written.contains("request = [\"email\""), "{written}");
    for command in [
        &["check"][..],
        &["run", "--final"],
        &["show"],
        &["table", "d"],
        &["examples"],
        &["query", "SELECT * FROM examples"],
        &["report", "--out", "report.html"],
    ] {
        tell(command);
    }
    let parts = folder.run(&["examples", "--json"]).json();
    assert!(parts.to_string().contains("train"), "{parts}");
    for text in [told, written, folder.read("NOTES.md"), folder.read("report.html"), parts.to_string()] {
        assert!(!text.contains("@mail.example"), "{text}");
    }
}
