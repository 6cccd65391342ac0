//! `ropeway show`: the rows that a run left out, and the profiles of its tables.

use serde_json::json;

use crate::people::{PROJECT, age, gone, project, table};
use crate::ropeway::Folder;

/// Lines of the settings of the source.
const KEY: &str = "key = [\"id\"]";

/// People of whom every twentieth has a word for an age, run once; one in seventy fails a check.
fn run(personal: bool) -> Folder {
    let folder = project(table(|id| if id % 20 == 19 { "ancient".into() } else { age(id) }, gone));
    let mark = if personal { "\npersonal = [\"age\"]" } else { "" };
    let source = format!("{KEY}\ntypes = {{ age = \"integer\" }}\ntolerate = 0.06{mark}");
    let check = "[[check]]\ntable = \"people_clean\"\nthat = \"age < 87\"\notherwise = \"reject\"\ntolerate = 0.1\n\n";
    let toml = PROJECT.replacen(KEY, &source, 1).replacen("[examples]", &format!("{check}[examples]"), 1);
    folder.write("ropeway.toml", &toml);
    folder.run(&["run", "--quiet"]).expect(0);
    folder
}

#[test]
fn a_run_shows_the_rows_that_it_left_out_and_why() {
    let folder = run(false);
    let page = folder.run(&["show"]).expect(0).stdout;
    for part in [
        "Rows in quarantine",
        "people: 15 rows",
        "data/people.csv:21",
        "ancient",
        "and 5 more: `ropeway show --quarantine people`",
        "Rows that fail a check",
        "people_clean: age < 87: ",
        "age=87",
    ] {
        assert!(page.contains(part), "`{part}` is not in:\n{page}");
    }
    let shown = folder.run(&["show", "r1", "--json"]).expect(0).json();
    let quarantine = &shown["quarantine"]["people"];
    assert_eq!((&quarantine["total"], quarantine["rows"].as_array().unwrap().len()), (&json!(15), 10));
    let first = &quarantine["rows"][0];
    assert_eq!((&first["file"], &first["line"]), (&json!("data/people.csv"), &json!(21)));
    assert_eq!((&first["column"], &first["value"]), (&json!("age"), &json!("ancient")));
    assert!(!first["reason"].as_str().unwrap().is_empty());
    assert_eq!(shown["rejected"]["people_clean"][0]["row"]["age"], 87);

    let all = folder.run(&["show", "--quarantine", "people", "--json"]).expect(0).json();
    assert_eq!((&all["total"], all["rows"].as_array().unwrap().len()), (&json!(15), 15));
    let all = folder.run(&["show", "--quarantine", "people"]).expect(0).stdout;
    assert_eq!(all.matches("ancient").count(), 15, "{all}");
    folder.fails(&["show", "--quarantine", "peple"], 1, &["made no source or table `peple`", "`people`"]);
    folder.run(&["show", "--quarantine", "people", "--profile", "people"]).expect(2);
}

#[test]
fn what_ended_a_run_can_be_looked_at_row_by_row() {
    let folder = run(false);
    // A source of which too much is rejected, and a table whose check stops the run.
    folder.edit("ropeway.toml", "tolerate = 0.06", "tolerate = 0.01");
    let ended = folder.run(&["run", "--json"]).expect(3).json();
    assert_eq!(ended["sources"]["people"]["quarantined"], 15, "{ended}");
    let all = folder.run(&["show", "--quarantine", "people", "--json"]).expect(0).json();
    assert_eq!((&all["total"], all["rows"].as_array().unwrap().len()), (&json!(15), 15));
    assert!(folder.run(&["show"]).expect(0).stdout.contains("people: 15 rows"));
    folder.edit("ropeway.toml", "tolerate = 0.01", "tolerate = 0.06");
    folder.edit("ropeway.toml", "otherwise = \"reject\"", "otherwise = \"stop\"");
    folder.edit("ropeway.toml", "tolerate = 0.1", "tolerate = 0.001");
    folder.run(&["run", "--quiet"]).expect(3);
    let page = folder.run(&["show"]).expect(0).stdout;
    assert!(page.contains("people_clean: age < 87: ") && page.contains("age=87"), "{page}");
    // It is not taken for done.
    let again = folder.run(&["run", "--json"]).expect(3).json();
    assert_eq!(again["steps"].as_array().unwrap().last().unwrap()["state"], "failed", "{again}");
}

#[test]
fn the_profile_of_a_table_is_shown() {
    let folder = run(false);
    let page = folder.run(&["show", "r1", "--profile", "people_clean"]).expect(0).stdout;
    for part in
        ["people_clean in run r1", "age  integer: 0 missing", "50% ", "city  text: 0 missing, 3 distinct", "Bern"]
    {
        assert!(page.contains(part), "`{part}` is not in:\n{page}");
    }
    assert!(page.contains('█'), "{page}");
    let profile = folder.run(&["show", "--profile", "people_clean", "--json"]).expect(0).json();
    assert_eq!((&profile["table"], &profile["columns"][1]["name"]), (&json!("people_clean"), &json!("age")));
    assert_eq!(profile["columns"][1]["values"]["number"]["histogram"]["counts"].as_array().unwrap().len(), 20);
}

#[test]
fn personal_values_stay_masked_also_those_that_were_recorded_before() {
    let marked = run(true);
    let later = run(false);
    later.write("ropeway.toml", later.read("ropeway.toml").replacen(KEY, &format!("{KEY}\npersonal = [\"age\"]"), 1));
    for folder in [marked, later] {
        let views: [&[&str]; 4] = [
            &["show", "r1"],
            &["show", "r1", "--json"],
            &["show", "r1", "--quarantine", "people"],
            &["show", "r1", "--profile", "people_clean"],
        ];
        for view in views {
            let shown = folder.run(view).expect(0).stdout;
            assert!(!shown.contains("ancient") && !shown.contains("age=87"), "{view:?}\n{shown}");
            assert!(shown.contains("***") || view.contains(&"--profile"), "{view:?}\n{shown}");
        }
        let profile = folder.run(&["show", "r1", "--profile", "people_clean", "--json"]).expect(0).json();
        assert_eq!(profile["columns"][1]["values"], json!(null));
    }
}

#[test]
fn where_too_much_is_rejected_that_is_told_and_not_what_fails_on_the_rest() {
    // Of those whose age is a number some are 20 years old, and the time at which they are known divides by zero.
    let toml = PROJECT.replacen(
        KEY,
        &format!("{KEY}\ntypes = {{ age = \"integer\" }}\ntolerate = 0.01\nknown_at = \"joined + 1 / (age - 31) * INTERVAL '1 day'\""),
        1,
    );
    let folder = project(table(|id| if id % 20 == 19 { "ancient".into() } else { age(id) }, gone));
    folder.write("ropeway.toml", &toml);
    folder.fails(&["run", "--quiet"], 3, &["too-many-rejected", "15 of 300"]);
    let all = folder.run(&["show", "--quarantine", "people", "--json"]).expect(0).json();
    assert_eq!((&all["total"], all["rows"].as_array().unwrap().len()), (&json!(15), 15));
    // The control: with the rejected rows tolerated, the rest is what fails.
    folder.write("ropeway.toml", toml.replacen("tolerate = 0.01", "tolerate = 0.1", 1));
    folder.fails(&["run", "--quiet"], 1, &["zero"]);
    // And so for a check that fails on a value.
    let check = "[[check]]\ntable = \"people\"\nthat = \"1 / (age - 31) < 2\"\n\n[examples]";
    let toml = toml.replacen(" + 1 / (age - 31) * INTERVAL '1 day'", "", 1).replacen("[examples]", check, 1);
    folder.write("ropeway.toml", &toml);
    folder.fails(&["run", "--quiet"], 3, &["too-many-rejected"]);
    folder.write("ropeway.toml", toml.replacen("tolerate = 0.01", "tolerate = 0.1", 1));
    folder.fails(&["run", "--quiet"], 1, &["zero"]);
}
