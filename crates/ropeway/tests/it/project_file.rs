//! Slips in the project file: each is shown with its file, line, column, the line itself and the remedy.

use crate::ropeway::Folder;

const SOUND: &str = r#"[project]
name = "shop"
seed = 7

[source.orders]
path = "data/orders.csv"
key = ["id"]
known_ahead = ["id", "amount", "country"]

[table.orders_clean]
sql = "tables/orders_clean.sql"

[[check]]
table = "orders_clean"
that = "amount >= 0"

[examples]
table = "orders_clean"
label = "returned"
request = ["amount", "country"]

[derive]
large = "amount > 100"

[split]
holdout = { by = "random", share = 0.2 }

[[gate]]
that = "validation.roc_auc.low > 0.5"
"#;

fn folder(text: &str) -> Folder {
    let folder = Folder::new();
    let mut rows = String::from("id,amount,country,returned\n");
    for id in 0..40 {
        rows.push_str(&format!("{id},{},{},{}\n", id * 7 % 50, ["DE", "FR", "CH"][id % 3], id % 4 == 0));
    }
    folder.write("data/orders.csv", &rows);
    folder.write("tables/orders_clean.sql", "SELECT id, amount, country, returned\nFROM orders\n");
    folder.write("ropeway.toml", text);
    folder
}

/// Replaces `from` by `to` and expects `ropeway check` to show `place`, the changed line and `remedy`.
fn check(from: &str, to: &str, place: &str, line: &str, remedy: &str) {
    assert!(SOUND.contains(from), "{from}");
    let ended = folder(&SOUND.replacen(from, to, 1)).run(&["check"]);
    let code = ended.code;
    assert!(code == 1 || code == 3, "{code}\n{}", ended.stderr);
    ended.says(&format!("--> {place}\n")).says(line).says("^").says(remedy);
}

#[test]
fn a_sound_project_is_accepted() {
    let ended = folder(SOUND).run(&["check"]).expect(0);
    for text in ["orders_clean", "large", "validation.roc_auc.low > 0.5"] {
        assert!(ended.stdout.contains(text), "{}", ended.stdout);
    }
    let report = folder(SOUND).run(&["check", "--json"]).expect(0).json();
    assert_eq!(report["project"], "shop");
    assert_eq!(report["features"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_typo_in_a_key() {
    check("known_ahead =", "known_ahed =", "ropeway.toml:8:1", "8 | known_ahed = [", "did you mean `known_ahead`?");
    check("[derive]", "[derived]", "ropeway.toml:22:2", "22 | [derived]", "did you mean `derive`?");
    check("that = \"valid", "taht = \"valid", "ropeway.toml:29:1", "29 | taht", "did you mean `that`?");
}

#[test]
fn a_wrong_type() {
    check("seed = 7", "seed = \"seven\"", "ropeway.toml:3:8", "3 | seed = \"seven\"", "remedy: `seed`");
    check("key = [\"id\"]", "key = \"id\"", "ropeway.toml:7:7", "7 | key = \"id\"", "a list");
    check("share = 0.2", "share = \"a lot\"", "ropeway.toml:26:36", "share = \"a lot\"", "`share`");
}

#[test]
fn two_features_of_one_name() {
    check("large =", "amount =", "ropeway.toml:23:1", "23 | amount =", "rename one of them");
}

#[test]
fn text_that_is_not_toml() {
    check("name = \"shop\"", "name = shop", "ropeway.toml:2:8", "2 | name = shop", "texts stand in quotes");
    check("[source.orders]", "[source.orders", "ropeway.toml:5:15", "5 | [source.orders", "toml.io");
}

#[test]
fn a_missing_source_or_sql_file() {
    let folder = folder(SOUND);
    std::fs::remove_file(folder.path().join("tables/orders_clean.sql")).unwrap();
    folder.run(&["check"]).expect(1).says("--> ropeway.toml:11:7").says("tables/orders_clean.sql");
    std::fs::remove_file(folder.path().join("data/orders.csv")).unwrap();
    folder.run(&["check"]).expect(1).says("data/orders.csv");
}

#[test]
fn an_unknown_column_in_sql_shows_the_line_of_the_sql_file() {
    let folder = folder(SOUND);
    folder.write("tables/orders_clean.sql", "SELECT id, amount,\n  countri, returned\nFROM orders\n");
    folder
        .run(&["check"])
        .expect(1)
        .says("--> tables/orders_clean.sql:2:3")
        .says("2 |   countri, returned")
        .says("`country`");
}

#[test]
fn an_unknown_column_in_an_expression_shows_the_line_of_the_project_file() {
    check("amount > 100", "amuont > 100", "ropeway.toml:23:10", "23 | large = \"amuont > 100\"", "`amount`");
    check("amount >= 0", "amuont >= 0", "ropeway.toml:15:9", "15 | that = \"amuont >= 0\"", "`amount`");
}

#[test]
fn the_label_among_the_features_is_refused() {
    let changed =
        SOUND.replace("request = [\"amount\", \"country\"]", "request = [\"amount\", \"country\", \"returned\"]");
    let ended = folder(&changed).run(&["check"]).expect(3);
    ended.says("refused[").says("its own answer").says("take `returned` out").says("--> ropeway.toml:20:33\n");
}

#[test]
fn all_problems_are_shown_at_once() {
    let changed = SOUND.replace("seed = 7", "sed = 7").replace("share =", "shere =");
    let ended = folder(&changed).run(&["check", "--json"]).expect(1);
    assert_eq!(ended.json()["problems"].as_array().map(Vec::len), Some(2));
    ended.says("ropeway.toml:3:1").says("ropeway.toml:26:");
}
