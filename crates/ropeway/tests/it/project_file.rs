//! Slips in the project file: each is shown with its file, line, column, the line itself and the remedy, by `check` and
//! by `run`.

use crate::people::{PROJECT, project, sound};
use crate::ropeway::Folder;

/// The project with a check (from line 34) and a gate (from line 38).
fn file() -> String {
    format!(
        "{PROJECT}\n[[check]]\ntable = \"people_clean\"\nthat = \"age >= 0\"\n\n[[gate]]\nthat = \
         \"validation.roc_auc.low > 0.5\"\n"
    )
}

fn folder(text: &str) -> Folder {
    let folder = project(sound());
    folder.write("ropeway.toml", text);
    folder
}

/// Replaces `from` by `to` and expects `place`, the changed line and `remedy` to be shown.
#[track_caller]
fn refused(from: &str, to: &str, code: i32, place: &str, line: &str, remedy: &str) {
    let folder = folder(&file());
    folder.edit("ropeway.toml", from, to);
    for command in ["check", "run"] {
        let ended = folder.fails(&[command], code, &[&format!("--> {place}\n"), line, "^"]);
        ended.says(remedy);
        assert!(!folder.path().join(".ropeway/models").exists());
    }
}

#[track_caller]
fn slip(from: &str, to: &str, place: &str, line: &str, remedy: &str) {
    refused(from, to, 1, place, line, remedy);
}

#[test]
fn a_sound_project_is_accepted() {
    let folder = folder(&file());
    let ended = folder.run(&["check"]).expect(0);
    for text in ["people_clean", "old", "validation.roc_auc.low > 0.5"] {
        assert!(ended.stdout.contains(text), "{}", ended.stdout);
    }
    let report = folder.run(&["check", "--json"]).expect(0).json();
    assert_eq!(report["project"], "people");
    assert_eq!(report["features"].as_array().map(Vec::len), Some(4));
}

#[test]
fn a_typo_in_a_key() {
    slip("known_ahead =", "known_ahed =", "ropeway.toml:8:1", "8 | known_ahed = [", "did you mean `known_ahead`?");
    slip("[derive]", "[derived]", "ropeway.toml:18:2", "18 | [derived]", "did you mean `derive`?");
    slip("that = \"valid", "taht = \"valid", "ropeway.toml:39:1", "39 | taht", "did you mean `that`?");
    slip("learners =", "leaners =", "ropeway.toml:26:1", "26 | leaners", "did you mean `learners`?");
}

#[test]
fn a_wrong_type() {
    slip("seed = 7", "seed = \"seven\"", "ropeway.toml:3:8", "3 | seed = \"seven\"", "remedy: `seed`");
    slip("key = [\"id\"]", "key = \"id\"", "ropeway.toml:7:7", "7 | key = \"id\"", "a list");
    slip("share = 0.2", "share = \"a lot\"", "ropeway.toml:22:36", "share = \"a lot\"", "`share`");
    slip("trials = 1", "trials = \"many\"", "ropeway.toml:29:10", "29 | trials = \"many\"", "`trials`");
}

#[test]
fn a_number_that_cannot_be() {
    slip("count = 2", "count = 0", "ropeway.toml:23:34", "count = 0", "`count`");
}

#[test]
fn two_features_of_one_name() {
    slip("old =", "city =", "ropeway.toml:19:1", "19 | city =", "rename one of them");
}

#[test]
fn text_that_is_not_toml() {
    slip("name = \"people\"", "name = people", "ropeway.toml:2:8", "2 | name = people", "texts stand in quotes");
    slip("[source.people]", "[source.people", "ropeway.toml:5:15", "5 | [source.people", "toml.io");
}

#[test]
fn a_missing_source_or_sql_file() {
    let folder = folder(&file());
    std::fs::remove_file(folder.path().join("tables/people_clean.sql")).unwrap();
    folder.fails(&["check"], 1, &["--> ropeway.toml:11:7", "tables/people_clean.sql"]);
    std::fs::remove_file(folder.path().join("data/people.csv")).unwrap();
    folder.fails(&["check"], 1, &["data/people.csv"]);
}

#[test]
fn an_unknown_column_in_sql_shows_the_line_of_the_sql_file() {
    let folder = folder(&file());
    folder.write("tables/people_clean.sql", "SELECT id, age, joined,\n  ctiy, gone\nFROM people\n");
    folder.fails(&["check"], 1, &["--> tables/people_clean.sql:2:3", "2 |   ctiy, gone", "`city`"]);
}

#[test]
fn an_unknown_column_in_an_expression_shows_the_line_of_the_project_file() {
    slip("age > 60", "aeg > 60", "ropeway.toml:19:8", "19 | old = \"aeg > 60\"", "`age`");
    slip("age >= 0", "aeg >= 0", "ropeway.toml:36:9", "36 | that = \"aeg >= 0\"", "`age`");
    slip("label = \"gone\"", "label = \"goen\"", "ropeway.toml:15:10", "15 | label = \"goen\"", "`gone`");
}

#[test]
fn the_label_among_the_features_is_refused() {
    let (from, to) = ("\"city\", \"joined\"]\n\n[derive]", "\"city\", \"gone\"]\n\n[derive]");
    refused(from, to, 3, "ropeway.toml:16:27", "its own answer", "take `gone` out");
    let determined = "label = \"age > 40 AND city = 'Bern'\"";
    let request = "16 | request = [\"age\", \"city\", \"joined\"]";
    refused("label = \"gone\"", determined, 3, "ropeway.toml:16:19", request, "take `age`, `city` out");
    let folder = folder(&file());
    folder.edit("ropeway.toml", "label = \"gone\"", determined);
    assert_eq!(folder.run(&["check", "--json"]).expect(3).json()["problem"]["code"], "answer-in-request");
    // What else it reads may decide it otherwise.
    folder.edit("ropeway.toml", "city = 'Bern'", "gone");
    folder.run(&["check"]).expect(0);
}

#[test]
fn all_problems_are_shown_at_once_in_the_order_of_the_lines() {
    let folder = folder(&file());
    folder.edit("ropeway.toml", "seed = 7", "sed = 7");
    folder.edit("ropeway.toml", "share =", "shere =");
    folder.edit("ropeway.toml", "trials", "trails");
    let ended = folder.run(&["check", "--json"]).expect(1);
    let told = ended.json();
    let lines = told["problems"].as_array().unwrap().iter().map(|problem| problem["place"]["line"].as_u64().unwrap());
    assert_eq!(lines.collect::<Vec<_>>(), [3, 22, 29], "in the order of the lines");
    ended.says("ropeway.toml:3:1").says("ropeway.toml:22:");
}
