//! `ropeway explain`: what it prints to be pasted into a shell shows the same rows, and nothing in the data is a command.

use std::process::Command;

use crate::ropeway::Folder;
use crate::{people, shop};

/// Countries that whoever may post orders could have made up.
const COUNTRIES: [(&str, &str); 3] = [
    ("DE", "$(touch pwned)`touch pwned`"),
    ("FR", "O'Hare \"x\" \\ $HOME'; touch pwned #"),
    ("CH", "a\nb\u{1b}[31m\tc\u{9b}\r'"),
];

/// A filter of several lines, with comments.
const WHERE: &str = r#"
where = '''
amount > 1 -- not the "small" $(touch pwned) ones
AND country <> '\' -- never'''
"#;

/// The shop with these countries, and a model.
fn trained() -> Folder {
    let folder = shop::folder();
    for file in ["data/orders.csv", "data/visits.csv", "data/countries.csv"] {
        let mut text = folder.read(file);
        for (code, name) in COUNTRIES {
            text = text.replace(code, &format!("\"{}\"", name.replace('"', "\"\"")));
        }
        folder.write(file, text);
    }
    folder.edit("ropeway.toml", "value = \"count(returned)\"\n", &format!("value = \"count(returned)\"{WHERE}"));
    folder.run(&["run", "--quiet"]).expect(0);
    folder
}

/// What a shell prints that is given this line.
fn pasted(folder: &Folder, line: &str) -> String {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_ropeway")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh").args(["-c", line]).current_dir(folder.path()).env("PATH", path).output().unwrap();
    assert!(output.status.success(), "{line}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_printed_commands_show_the_same_rows_and_run_nothing_else() {
    let folder = trained();
    for id in ["400", "401", "402"] {
        let page = folder.run(&["explain", "shop", "--key", id]).expect(0).stdout;
        assert!(!page.contains(|c: char| c.is_control() && c != '\n'), "{page:?}");
        assert!(page.contains("  value ") && !page.contains("counts"), "{page}");
        let commands: Vec<&str> = page.lines().filter_map(|line| line.trim().strip_prefix("show them: ")).collect();

        let why = folder.run(&["explain", "shop", "--key", id, "--json"]).expect(0).json();
        let mut features: Vec<(&str, u64)> = Vec::new();
        for feature in why["features"].as_array().unwrap() {
            let Some(sql) = feature["sql"].as_str() else { continue };
            if !features.iter().any(|(known, _)| *known == sql) {
                features.push((sql, feature["total"].as_u64().unwrap()));
            }
        }
        assert_eq!((commands.len(), features.len()), (4, 4), "{page}");
        for (command, (sql, total)) in commands.into_iter().zip(features) {
            assert!(command.starts_with("ropeway query "), "{command}");
            let shown = pasted(&folder, &format!("{command} --json --limit 1000"));
            let direct = folder.run(&["query", sql, "--json", "--limit", "1000"]).expect(0);
            assert_eq!(shown, direct.stdout, "{command}");
            assert_eq!(direct.json()["total"], total, "{command}");
            assert!(total > 0, "{command}");
        }
    }
    assert!(!folder.path().join("pwned").exists());
}

/// The shop with a personal country, which windows and a lookup go by.
fn personal() -> Folder {
    let folder = shop::folder();
    folder.edit("ropeway.toml", "known_at = \"placed", "personal = [\"country\"]\nknown_at = \"placed");
    folder.edit(
        "ropeway.toml",
        "sql = \"tables/orders_clean.sql\"",
        "sql = \"tables/orders_clean.sql\"\nkey = [\"id\"]",
    );
    folder.run(&["run", "--quiet"]).expect(0);
    folder
}

#[test]
fn a_query_by_a_personal_value_runs_and_does_not_say_it() {
    let folder = personal();
    let ended = folder.run(&["explain", "shop", "--key", "402", "--json"]).expect(0);
    let why = ended.json();
    let feature = |name: &str| why["features"].as_array().unwrap().iter().find(|f| f["feature"] == name).unwrap();
    for name in ["returned_30d", "orders_30d"] {
        let (sql, total) = (feature(name)["sql"].as_str().unwrap(), feature(name)["total"].as_u64().unwrap());
        assert_eq!(feature(name)["personal"], true, "{sql}");
        assert!(total > 0 && sql.contains("(SELECT \"country\" FROM \"orders_clean\" WHERE \"id\" = "), "{sql}");
        let shown = folder.run(&["query", sql, "--personal", "--json", "--limit", "1"]).expect(0).json();
        assert_eq!(shown["total"], total, "{sql}");
        folder.fails(&["query", sql], 1, &["`country` is personal", "--personal"]);
        assert!(feature(name)["left_out"].is_null());
    }
    // A table without a key: whoever knows the value puts it there.
    let visits = feature("visits_30d");
    let (sql, total) = (visits["sql"].as_str().unwrap(), visits["total"].as_u64().unwrap());
    assert!(sql.contains("= ? /* put the value of \"country\" here"), "{sql}");
    assert_eq!(visits["left_out"][0], "country");
    let asked = sql.replacen('?', "'DE'", 1);
    let shown = folder.run(&["query", &asked, "--personal", "--json", "--limit", "1"]).expect(0).json();
    assert_eq!(shown["total"], total, "{sql}");
    let page = folder.run(&["explain", "shop", "--key", "402"]).expect(0).stdout;
    let commands: Vec<&str> = page.lines().filter_map(|line| line.trim().strip_prefix("show them: ")).collect();
    let ready: Vec<&&str> = commands.iter().filter(|command| !command.contains("= ?")).collect();
    assert!(!ready.is_empty() && commands.iter().all(|command| command.starts_with("ropeway query --personal ")));
    for command in ready {
        assert!(!pasted(&folder, &format!("{command} --json --limit 1")).is_empty(), "{command}");
    }
    assert!(page.contains("put the value of country in place of the ? there"), "{page}");
    for text in [&ended.stdout, &page] {
        assert!(!text.contains("'***'") && !text.contains("'DE'"), "{text}");
    }
}

#[test]
fn the_prediction_time_may_be_a_day() {
    let folder = shop::folder();
    folder.run(&["run", "--quiet"]).expect(0);
    let at = |time: &str| folder.run(&["explain", "shop", "--key", "300", "--at", time, "--json"]).expect(0).json();
    let (day, instant) = (at("2024-02-01"), at("2024-02-01T00:00:00Z"));
    assert_eq!((&day["at"], &day["probability"]), (&instant["at"], &instant["probability"]));
    assert_ne!(at("2024-02-02")["at"], day["at"], "the control");
    folder
        .run(&["explain", "shop", "--key", "300", "--at", "yesterday"])
        .expect(2)
        .says("write a date, for example 2024-07-01");
}

#[test]
fn a_model_that_was_made_before_the_key_was_declared_says_so() {
    let folder = people::project(people::sound());
    folder.edit("ropeway.toml", "key = [\"id\"]\n", "");
    folder.run(&["run", "--quiet"]).expect(0);
    folder.fails(&["explain", "people", "--key", "7"], 1, &["the examples have no key", "declare `key`"]);
    folder.edit("ropeway.toml", "path = \"data/people.csv\"\n", "path = \"data/people.csv\"\nkey = [\"id\"]\n");
    let says =
        ["this model was made before the key was declared (`id`)", "`ropeway run` makes a version", "people@VERSION"];
    folder.fails(&["explain", "people", "--key", "7"], 1, &says);
    // As it says.
    folder.run(&["run", "--quiet"]).expect(0);
    let explained = folder.run(&["explain", "people", "--key", "7", "--json"]).expect(0).json();
    assert_eq!(explained["version"], 2);
}
