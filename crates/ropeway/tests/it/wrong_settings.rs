//! Settings that read well and cannot be: `ropeway check` says so, with the line of the project file and what to do.

use crate::people;
use crate::ropeway::Folder;
use crate::shop;

/// The place of `needle` in the project file, as a problem shows it.
fn place(folder: &Folder, needle: &str) -> String {
    let text = folder.read("ropeway.toml");
    let at = text.find(needle).unwrap_or_else(|| panic!("no {needle}"));
    let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
    format!("ropeway.toml:{}:{}", text[..at].matches('\n').count() + 1, at - start + 1)
}

/// Edits the shop's project file, and expects a problem at `at` that says all this.
#[track_caller]
fn refused(from: &str, to: &str, at: &str, says: &[&str]) {
    let shop = shop::folder();
    shop.edit("ropeway.toml", from, to);
    let place = place(&shop, at);
    let ended = shop.fails(&["check"], 1, says);
    assert!(ended.stderr.contains(&place), "{place} is not in:\n{}", ended.stderr);
}

#[test]
fn a_check_that_cannot_be_is_told_with_its_line() {
    let that = "that = \"amount >= 0\"";
    // The second check, so that the first one's line would be wrong.
    let second = |check: &str| format!("{that}\n\n[[check]]\ntable = \"orders\"\n{check}");
    let forms = "write `between 1 and 10`, `>= 1`, `<= 10` or `5`";
    let cases: [(&str, &str, &[&str]); 12] = [
        ("that = \"amount > 0\"\ntolerate = 7", "7", &["`tolerate = 7` is not a share", "from 0 to 1"]),
        ("rows = \"many\"", "\"many\"", &["`rows = \"many\"` is not a number of rows", forms]),
        ("rows = \"betwen 1 and 3\"", "\"betwen", &[forms]),
        (
            "fresh = { column = \"country\", within = \"1 day\" }",
            "{ column",
            &["`country` is a text", "name a timestamp"],
        ),
        ("fresh = { column = \"plased\", within = \"1 day\" }", "{ column", &["`plased`", "`placed`"]),
        ("in = { country = [1, 2] }", "{ country", &["`in` allows 1 in `country`, which is a text", "in quotes"]),
        ("in = { amount = [\"x\"] }", "{ amount", &["`in` allows 'x' in `amount`", "without quotes"]),
        (
            "in = { returned = [1] }",
            "{ returned",
            &["`in` allows 1 in `returned`, which is a boolean", "true and false"],
        ),
        ("in = { placed = [\"never\"] }", "{ placed", &["`in` allows 'never' in `placed`", "2013-01-31T12:00:00Z"]),
        ("matches = { amount = \"^a\" }", "{ amount", &["`matches` needs a text column", "`that`"]),
        ("unique = [\"idd\"]", "[\"idd", &["`idd`", "`id`"]),
        ("unique = [\"id\"]\nnot_null = [\"id\"]", "[\"id\"]\n\n[examples", &["states 2 conditions", "exactly one"]),
    ];
    for (check, at, says) in cases {
        let to = second(check);
        // The value stands behind the part of the file that the edit leaves as it was.
        let shop = shop::folder();
        shop.edit("ropeway.toml", that, &to);
        let text = shop.read("ropeway.toml");
        let from = text.find("table = \"orders\"\n").unwrap();
        let offset = from + text[from..].find(at).unwrap();
        let line = text[..offset].matches('\n').count() + 1;
        let ended = shop.fails(&["check"], 1, says);
        assert!(ended.stderr.contains(&format!("ropeway.toml:{line}:")), "{check}: line {line}:\n{}", ended.stderr);
    }
}

#[test]
fn a_cost_that_cannot_be_is_named() {
    let costs = |costs: &str| format!("[costs_of_error]\n{costs}\n\n[split]");
    let both = costs("false_negative = 1.0\nfalse_positive = -2.0");
    refused(
        "[split]",
        &both,
        "false_positive",
        &["`[costs_of_error] false_positive` is out of its range", "not negative"],
    );
    let none = costs("false_negative = 0.0\nfalse_positive = 0.0");
    refused("[split]", &none, "costs_of_error", &["one of the costs is more than 0"]);
    for other in ["under = 3.0", "over = 0.5", "matrix.a = { b = 3.0 }"] {
        let key = other.split([' ', '.']).next().unwrap();
        let says = [format!("`[costs_of_error] {key}` is no cost of a binary label"), "`false_negative` and".into()];
        refused("[split]", &costs(other), other, &[&says[0], &says[1]]);
    }
}

#[test]
fn what_no_run_could_end_with_is_told_by_check() {
    let huge = "[costs_of_error]\nfalse_negative = 1e308\n\n[split]";
    refused(
        "[split]",
        huge,
        "false_negative = 1e308",
        &["`[costs_of_error] false_negative` is out of its range", "larger unit"],
    );
    refused("over = \"30 days\"", "over = \"0 hours\"", "\"0 hours\"", &["[window.returned_30d] is no time at all"]);
    let shop = shop::folder();
    let seen = "EXISTS (SELECT 1 FROM visits v WHERE v.country = o.country AND v.seen > o.placed)";
    shop.write("tables/orders_clean.sql", format!("SELECT o.*,\n  {seen} AS seen\nFROM orders o\n"));
    for command in ["check", "run"] {
        let says = ["a correlated subquery (EXISTS)", "`o.country`", "tables/orders_clean.sql:2:3", "LEFT JOIN"];
        let ended = shop.fails(&[command], 1, &says);
        assert!(!ended.stderr.contains("nullif"), "{}", ended.stderr);
    }
}

#[test]
fn a_group_that_examples_do_not_have_is_told_by_check() {
    let group = |name: &str| format!("holdout = {{ by = \"group\", share = 0.2, group = [\"{name}\"] }}");
    let (from, folds) = ("holdout = { by = \"time\", share = 0.2 }", "folds = { by = \"time\", count = 2 }");
    let shop = |name: &str| {
        let shop = shop::folder();
        shop.edit("ropeway.toml", from, &group(name));
        shop.edit("ropeway.toml", folds, "folds = { count = 2 }");
        shop
    };
    shop("contry").fails(&["check"], 1, &["`group` of [split] names `contry`", "did you mean `country`?"]);
    shop("nothing_like_it").fails(
        &["check"],
        1,
        &["`nothing_like_it`, which is no column of table", "it may name id, "],
    );
    // `placed` is neither key, nor request, nor feature.
    for known in ["id", "placed", "country", "country_zone", "large"] {
        shop(known).run(&["check"]).expect(0);
    }
}

#[test]
fn a_gate_on_no_metric_lists_the_metrics() {
    let gate = "[[gate]]\nthat = \"holdout.foo.low >= 0.1\"\n\n[split]";
    refused("[split]", gate, "\"holdout.foo", &["metric `foo` is not known", "known are average_precision, roc_auc"]);
}

#[test]
fn a_path_of_the_command_line_starts_at_the_current_folder() {
    let shop = shop::folder();
    for (command, says) in [
        (&["init", "no.csv", "--label", "x", "-C", "new"][..], "the path is relative to the current folder"),
        (&["predict", "no.ropeway", "--in", "a.csv", "--out", "b.csv"], "at the current folder on the command line"),
    ] {
        let ended = shop.run(command);
        assert!(ended.code != 0, "{command:?}");
        assert!(ended.stderr.contains(says), "{}", ended.stderr);
    }
}

#[test]
fn a_listed_run_has_one_short_line_and_a_shown_one_the_real_count() {
    let folder = people::project(people::table(people::age, people::gone));
    // Three in four fail a check that warns; then a check stops the run.
    let checks = "[[check]]\ntable = \"people_clean\"\nthat = \"id % 4 = 0\"\notherwise = \"warn\"\n\n\
                  [[check]]\ntable = \"people\"\nthat = \"age < 20\"\notherwise = \"warn\"\n\n[examples]";
    folder.edit("ropeway.toml", "[examples]", checks);
    folder.edit("ropeway.toml", "[derive]\n", "[derive]\nwrong = \"10 / CAST(age - age AS BIGINT) > 1\"\n");
    folder.run(&["run"]).expect(1);
    let shown = folder.run(&["show", "--json"]).expect(0).json();
    let found = shown["checks"].as_array().unwrap().iter().find(|check| check["that"] == "id % 4 = 0").unwrap();
    let failed = found["failed"].as_u64().unwrap();
    assert!(failed > 100, "{found}");
    let page = folder.run(&["show"]).expect(0).stdout;
    assert!(page.contains(&format!("people_clean: id % 4 = 0: {failed} rows, warned")), "{page}");
    assert!(page.contains(&format!("and {} more", failed - 5)), "{page}");

    folder.edit("ropeway.toml", "that = \"id % 4 = 0\"\notherwise = \"warn\"", "that = \"id % 4 = 0\"");
    folder.run(&["run"]).expect(3);
    let listed = folder.run(&["runs"]).expect(0).stdout;
    let line = listed.lines().find(|line| line.starts_with("r2")).unwrap();
    assert!(line.contains("refused") && line.contains("fails its check `id % 4 = 0`"), "{listed}");
    assert!(line.chars().count() < 170 && !line.contains("{\""), "{listed}");
}

#[test]
fn a_setting_of_a_source_that_its_files_do_not_bear_out_is_told_with_its_line() {
    let cases: [(&str, &str, &str, &[&str]); 5] = [
        ("key = [\"id\"]", "key = [\"idd\"]", "\"idd\"", &["`key` names the column `idd`", "`id`"]),
        ("key = [\"id\"]", "key = [\"id\"]\ntypes = { amuont = \"float\" }", "amuont", &["`types`", "`amount`"]),
        ("key = [\"id\"]", "key = [\"id\"]\npersonal = [\"contry\"]", "\"contry\"", &["`personal`", "`country`"]),
        ("data/orders.csv", "data/ordres.csv", "\"data/ordres.csv\"", &["data/ordres.csv", "check the path"]),
        ("data/orders.csv", "tables", "\"tables\"", &["is a folder", "glob"]),
    ];
    for (from, to, at, says) in cases {
        refused(from, to, at, says);
    }
}

#[test]
fn an_unknown_key_is_told_with_the_table_that_it_stands_in() {
    let shop = shop::folder();
    shop.edit("ropeway.toml", "trials = ", "trails = ");
    shop.fails(&["check"], 1, &["`trails` is not a key of [learn.tune]", "`trials`"]);
}

#[test]
fn a_wrong_metric_is_told_with_its_line_and_those_that_can_be_chosen() {
    let set = |metric: &str| format!("[learn]\nmetric = \"{metric}\"");
    let at = |metric: &str| format!("metric = \"{metric}\"");
    refused("[learn]", &set("interval_width"), &at("interval_width"), &["neither more nor less", "roc_auc"]);
    refused("[learn]", &set("rmse"), &at("rmse"), &["`rmse` is no metric of a binary label", "roc_auc"]);
    refused("[learn]", &set("averge_precision"), "\"averge", &["did you mean \"average_precision\"?"]);
    let shop = shop::folder();
    shop.edit("ropeway.toml", "[learn]", &set("nonsense"));
    let ended = shop.fails(&["check"], 1, &["`metric` cannot be `nonsense`", "\"roc_auc\"", "\"mae\""]);
    for never in ["mean_error", "interval_coverage", "interval_width"] {
        assert!(!ended.stderr.contains(never), "{}", ended.stderr);
    }
    // The control: one that can be chosen.
    shop.edit("ropeway.toml", "nonsense", "roc_auc");
    shop.run(&["check"]).expect(0);
}

#[test]
fn a_window_counts_as_its_problem_says() {
    refused("\"count(returned)\"", "\"count\"", "count\"", &["one call of an aggregate function", "count(*)"]);
    let shop = shop::folder();
    shop.edit("ropeway.toml", "\"count(returned)\"", "\"count(*)\"");
    shop.run(&["check"]).expect(0);
}
