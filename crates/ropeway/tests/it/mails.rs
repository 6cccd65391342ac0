//! Mail addresses in a few texts of a column that is no personal one: its words are learned from, and nothing that is kept or shown
//! holds an address.

use arrow::array::AsArray;
use ropeway_package::Package;

use crate::profile::dice;
use crate::ropeway::Folder;

/// What every address holds.
const DOMAIN: &str = "secret.example";

/// Notes of which one in twelve begins with an address; some rows have a field too many, or words for an amount, and hold one, too.
fn notes() -> String {
    let mut text = String::from("id,note,amount,gone\n");
    let words = ["late", "bill", "came", "line", "paid", "shop", "road", "order", "calm", "words", "machine", "new"];
    for row in 0..900 {
        let said: Vec<&str> = (0..12).map(|at| words[(dice(row, 10 + at) % 12) as usize]).collect();
        let address = if row % 12 == 0 { format!("a{row}.b@{DOMAIN} ") } else { String::new() };
        let amount = dice(row, 1) % 600;
        let gone = u8::from(amount + dice(row, 2) % 300 > 450);
        let (amount, more) = match row {
            300 => (format!("b{row}@{DOMAIN}"), ""),
            320 => (amount.to_string(), ",more"),
            _ => (amount.to_string(), ""),
        };
        text += &format!("{row},{address}{},{amount},{gone}{more}\n", said.join(" "));
    }
    text
}

/// The files in a folder, and in those in it, that hold an address.
fn kept(folder: &std::path::Path, hold: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // The cache holds the rows themselves, as they were read.
        if path.ends_with(".ropeway/cache") {
            continue;
        }
        if path.is_dir() {
            kept(&path, hold);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        if String::from_utf8_lossy(&bytes).contains(DOMAIN) {
            hold.push(path.display().to_string());
        }
    }
}

#[test]
fn addresses_in_a_few_texts_are_neither_kept_nor_shown() {
    let folder = Folder::new();
    folder.write("d.csv", notes());
    folder.run(&["init", "d.csv", "--label", "gone", "--name", "p"]).expect(0);
    let toml = folder.read("ropeway.toml");
    assert!(toml.contains("# note: ") && !toml.contains("personal ="), "{toml}");
    if !toml.contains("tolerate") {
        folder.edit("ropeway.toml", "path = \"d.csv\"\n", "path = \"d.csv\"\ntolerate = 0.1\n");
    }
    let check = "[[check]]\ntable = \"d_clean\"\nthat = \"id % 12 > 0 OR id > 100\"\notherwise = \"reject\"\ntolerate = 0.1\n\n[examples]";
    folder.edit("ropeway.toml", "[examples]", check);
    let report = folder.run(&["run", "--final", "--json"]);
    let said = report.json();
    let package = said["model"]["package"].as_str().unwrap_or_else(|| panic!("{said}")).to_owned();

    let opened = Package::open(&std::fs::read(folder.path().join(package)).unwrap()).unwrap();
    let contents = &opened.contents;
    let notes: Vec<_> = contents.examples["note"].as_string::<i32>().iter().flatten().collect();
    let shown = format!("{notes:?} {:?}", contents.profile);
    assert!(shown.contains("***") && !shown.contains(DOMAIN), "{shown}");

    for command in [
        &["show", "r1"][..],
        &["show", "r1", "--json"],
        &["show", "r1", "--quarantine", "d"],
        &["profile", "d.csv"],
        &["profile", "d.csv", "--json"],
        &["profile", "d"],
        &["profile", "d", "--json"],
        &["profile", "examples"],
        &["table", "d", "--head", "100"],
        &["table", "d", "--json"],
        &["examples", "--head", "100"],
        &["check", "--json"],
    ] {
        let ended = folder.run(command);
        let said = format!("{}{}", ended.stdout, ended.stderr);
        assert!(said.len() > 50 && !said.contains(DOMAIN), "{command:?}: {said}");
    }
    let shown = folder.run(&["show", "r1", "--json"]).expect(0).stdout;
    assert!(shown.contains("***"), "{shown}");
    let mut hold = Vec::new();
    kept(folder.path(), &mut hold);
    assert!(hold.len() == 1 && hold[0].ends_with("d.csv"), "{hold:?}");

    // What a person asks for by a file of their own is theirs.
    folder.run(&["table", "d", "--out", "own.csv"]).expect(0);
    assert!(folder.read("own.csv").contains(DOMAIN));
}
