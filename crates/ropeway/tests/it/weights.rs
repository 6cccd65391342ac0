//! Weights by column, for every task: an example of weight 2 counts as two equal examples do, in fits and in figures. The same
//! table with its rows repeated is the reference; weights of other rows, or none, are the control.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::ropeway::Folder;

/// Two are held out, and two are judged in each of four folds.
const MONTHS: usize = 12;
/// Rows of a month: a multiple of three, so that each month counts as much. So few are not calibrated: whether that helps is told by
/// how many rows say so, and not by what they count.
const FEW: usize = 12;
const MANY: usize = 90;
const KINDS: [&str; 3] = ["calm", "rain", "storm"];
const TASKS: [(&str, &str); 3] = [("binary", "kind = 'storm'"), ("multiclass", "kind"), ("regression", "amount")];

/// A number in [0, 1) for a row and a purpose.
fn draw(row: usize, purpose: u64) -> f64 {
    let mut z = (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ purpose.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 29)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// How much a row counts. Those that count more have another truth.
fn weight(row: usize) -> usize {
    1 + row % 3
}

/// A row without what it counts.
fn line(row: usize, month: usize) -> String {
    let (pressure, season) = (draw(row, 1), ["dry", "wet"][usize::from(draw(row, 2) > 0.6)]);
    let turned = if weight(row) == 3 { 1.0 - pressure } else { pressure };
    let score = 2.0 * turned + if season == "wet" { 0.8 } else { 0.0 } + draw(row, 3);
    let kind = KINDS[usize::from(score > 1.3) + usize::from(score > 2.3)];
    let amount = 10.0 * score + 6.0 * draw(row, 4);
    format!("2024-{:02}-15,{pressure},{season},{kind},{amount}", 1 + row / month)
}

/// A table of so many rows a month, in which each stands so many times, with these columns behind it.
fn table(month: usize, columns: &str, times: impl Fn(usize) -> usize, more: impl Fn(usize) -> String) -> String {
    let mut text = format!("row,copy,month,pressure,season,kind,amount{columns}\n");
    for row in 0..MONTHS * month {
        for copy in 0..times(row) {
            let _ = writeln!(text, "{row},{copy},{}{}", line(row, month), more(row));
        }
    }
    text
}

fn project((task, label): (&str, &str), table: &str, learn: &str) -> Folder {
    let folder = Folder::new();
    let costs = match task {
        "binary" => "false_negative = 2.0",
        "regression" => "under = 2.0",
        _ => "",
    };
    folder.write("days.csv", table);
    folder.write(
        "ropeway.toml",
        format!(
            "[project]\nname = \"days\"\n[source.days]\npath = \"days.csv\"\nkey = [\"row\", \"copy\"]\nstatic = true\n\
             null = [\"\"]\n[examples]\ntable = \"days\"\nat = \"month\"\nlabel = \"{label}\"\n\
             request = [\"pressure\", \"season\"]\n[derive]\nsquare = \"pressure * pressure\"\n\
             [split]\nholdout = {{ by = \"time\", share = 0.16 }}\nfolds = {{ by = \"time\", count = 4 }}\n\
             [costs_of_error]\n{costs}\n\
             [learn]\ntask = \"{task}\"\n{learn}\n[learn.tune]\ntrials = 2\n[learn.boosted]\nrounds = 20\n"
        ),
    );
    folder
}

const LINEAR: &str = "learners = [\"linear\"]";
const BY_WEIGHT: &str = "weight = \"counts\"\nlearners = [\"linear\"]";

fn weighted(month: usize, task: (&str, &str)) -> Folder {
    project(task, &table(month, ",counts", |_| 1, |row| format!(",{}", weight(row))), BY_WEIGHT)
}

fn run(folder: &Folder) -> Value {
    folder.run(&["run", "--final", "--json", "--quiet"]).expect(0).json()
}

/// What the model says of the first rows, asked without what they count.
fn said(folder: &Folder) -> Vec<Value> {
    folder.write("ask.csv", table(FEW, "", |row| usize::from(row < 60), |_| String::new()));
    folder.run(&["predict", "days", "--in", "ask.csv", "--out", "said.jsonl"]).expect(0);
    folder.read("said.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The numbers of an object by their paths.
fn numbers(of: &Value, path: &str, into: &mut Vec<(String, f64)>) {
    match of {
        Value::Number(number) => into.push((path.to_owned(), number.as_f64().unwrap())),
        Value::Object(fields) => fields.iter().for_each(|(name, of)| numbers(of, &format!("{path}/{name}"), into)),
        Value::Array(items) => items.iter().enumerate().for_each(|(i, of)| numbers(of, &format!("{path}/{i}"), into)),
        _ => {}
    }
}

/// The greatest difference between the numbers of two objects, and where.
fn far(found: &Value, expect: &Value) -> (f64, String) {
    let (mut a, mut b) = (Vec::new(), Vec::new());
    numbers(found, "", &mut a);
    numbers(expect, "", &mut b);
    assert_eq!(a.len(), b.len(), "{found}\n{expect}");
    let apart = a.into_iter().zip(b).map(|((path, a), (_, b))| ((a - b).abs() / b.abs().max(1.0), path));
    apart.fold((0.0, String::new()), |most, one| if one.0 > most.0 { one } else { most })
}

/// All that is said of how good the linear model is: on validation and holdout, with intervals, and of each class.
fn figures(report: &Value) -> Value {
    let board = report["leaderboard"].as_array().unwrap();
    let linear = board.iter().find(|candidate| candidate["candidate"] == "linear").unwrap();
    let mut of_holdout = report["final"].clone();
    of_holdout.as_object_mut().unwrap().remove("looks");
    json!([linear["validation"], of_holdout, report["decision"]["threshold"], report["classes"]])
}

#[test]
fn a_row_of_weight_two_counts_as_two_rows_in_fits_and_figures() {
    for task in TASKS {
        let weights = weighted(FEW, task);
        let rows = project(task, &table(FEW, "", weight, |_| String::new()), LINEAR);
        let plain = project(task, &table(FEW, "", |_| 1, |_| String::new()), LINEAR);
        // As many weights of each size, on other rows of the month.
        let others = project(task, &table(FEW, ",counts", |_| 1, |row| format!(",{}", weight(row + 1))), BY_WEIGHT);
        let [of_weights, of_rows, of_plain, of_others] = [&weights, &rows, &plain, &others].map(run);
        let (most, path) = far(&figures(&of_weights), &figures(&of_rows));
        assert!(most < 1e-5, "{task:?}: {path} differs by {most}");
        let [a, b, c, d] = [&weights, &rows, &plain, &others].map(|folder| Value::from(said(folder)));
        let (most, path) = far(&a, &b);
        assert!(most < 1e-6, "{task:?}: {path} differs by {most}");
        for (control, told) in [(&of_plain, &c), (&of_others, &d)] {
            assert!(far(&a, told).0 > 1e-2 && far(&of_weights["final"], &control["final"]).0 > 1e-2, "{task:?}");
        }
        // Rows are counted as rows, and what they count stands beside it.
        let examples = &of_weights["examples"];
        assert_eq!((&examples["train"], &examples["holdout"]), (&json!(10 * FEW), &json!(2 * FEW)));
        let expect = json!({ "column": "counts", "zero": 0, "train": 20.0 * FEW as f64, "holdout": 4.0 * FEW as f64 });
        assert_eq!(examples["weight"], expect);
        assert!(of_plain["examples"].get("weight").is_none());
    }
}

#[test]
fn every_learner_reads_weights_and_everything_shown_says_so() {
    let folder = weighted(MANY, TASKS[0]);
    folder.edit("ropeway.toml", LINEAR, "learners = [\"linear\", \"boosted\"]");
    let before = run(&folder);
    let checked = folder.run(&["check"]).expect(0);
    assert!(checked.stdout.contains("counts as much as `counts` says"), "{}", checked.stdout);
    let shown = folder.run(&["show", "r1"]).expect(0).stdout;
    assert!(shown.contains("fits and figures are weighted by `counts`"), "{shown}");
    assert!(shown.contains("sum up to 1,800, those held out to 360"), "{shown}");
    let page = folder.read(before["places"]["report"].as_str().unwrap());
    assert!(page.contains("Fits and figures are weighted by counts"), "the page says it");
    assert!(page.contains("Rows count by their weight"), "the charts say it");
    // The examples have them, under a name of their own; a request does not.
    folder.run(&["examples", "--out", "examples.csv"]).expect(0);
    let head = folder.read("examples.csv").lines().next().unwrap().to_owned();
    assert_eq!(head, "row,copy,at,part,fold,pressure,season,square,label,label_known_at,weight");
    assert_eq!(said(&folder).len(), 60);
    // Where they show something about a person, they are shown as little as any such column.
    folder.edit("ropeway.toml", "static = true", "static = true\npersonal = [\"counts\"]");
    folder.run(&["examples", "--out", "examples.csv"]).expect(0);
    assert!(folder.read("examples.csv").lines().next().unwrap().ends_with(",label_known_at"));
    folder.run(&["examples", "--out", "examples.csv", "--personal"]).expect(0);
    assert!(folder.read("examples.csv").lines().next().unwrap().ends_with(",label_known_at,weight"));
    folder.edit("ropeway.toml", "\npersonal = [\"counts\"]", "");
    // Equal weights are none: every candidate has the figures of a table without.
    folder.write("days.csv", table(MANY, ",counts", |_| 1, |_| ",1".into()));
    let even = run(&folder);
    let plain = project(TASKS[0], &table(MANY, "", |_| 1, |_| String::new()), "learners = [\"linear\", \"boosted\"]");
    let plain = run(&plain);
    for candidate in ["baseline", "linear", "boosted"] {
        let of = |report: &Value| {
            let board = report["leaderboard"].as_array().unwrap();
            board.iter().find(|found| found["candidate"] == candidate).unwrap()["validation"].clone()
        };
        assert!(far(&of(&even), &of(&plain)).0 < 1e-9, "{candidate}");
        assert!(far(&of(&even), &of(&before)).0 > 1e-3, "{candidate} does not read weights");
    }
}

#[test]
fn an_example_of_weight_zero_is_none() {
    let left_out = |row: usize| row % 3 == 2;
    let zero = project(
        TASKS[2],
        &table(MANY, ",counts", |_| 1, |row| format!(",{}", if left_out(row) { "0" } else { "1.0" })),
        BY_WEIGHT,
    );
    let without = project(TASKS[2], &table(MANY, "", |row| usize::from(!left_out(row)), |_| String::new()), LINEAR);
    let (found, expect) = (run(&zero), run(&without));
    assert!(far(&figures(&found), &figures(&expect)).0 < 1e-9);
    assert_eq!((&found["examples"]["labelled"], &found["examples"]["weight"]["zero"]), (&json!(1_080), &json!(360)));
    assert_eq!(found["examples"]["train"], expect["examples"]["train"]);
    let shown = zero.run(&["show", "r1"]).expect(0).stdout;
    assert!(shown.contains("360 of weight 0 do not count"), "{shown}");
    let told = zero.run(&["query", "SELECT part, count(*) AS n FROM examples GROUP BY part ORDER BY part", "--json"]);
    let parts: Vec<Value> = told.expect(0).json()["rows"].as_array().unwrap().clone();
    assert!(parts.contains(&json!({ "part": "weightless", "n": 360 })), "{parts:?}");
}

#[test]
fn what_cannot_weigh_is_refused_with_where_and_what_to_do() {
    let of = |value: &'static str| {
        let one = move |row: usize| if row == 7 { format!(",{value}") } else { ",1".to_owned() };
        project(TASKS[0], &table(MANY, ",counts", |_| 1, one), BY_WEIGHT)
    };
    for (value, says) in
        [("", "missing"), ("-1", "-1"), ("inf", "inf"), ("NaN", "missing"), ("1e300", "1"), ("1e-300", "0.0")]
    {
        let folder = of(value);
        folder.edit("ropeway.toml", "null = [\"\"]", "null = [\"\"]\ntypes = { counts = \"float\" }");
        let ended = folder.fails(&["run", "--quiet"], 1, &["weight-value", "\"row\":7", says]);
        assert!(ended.stderr.contains("COALESCE"), "{}", ended.stderr);
    }
    let zeros = project(TASKS[0], &table(MANY, ",counts", |_| 1, |_| ",0".into()), BY_WEIGHT);
    zeros.fails(&["run", "--quiet"], 1, &["weight-value", "0: none counts"]);
    // A label that is not known needs no weight.
    let unlabelled = of("");
    unlabelled.edit(
        "ropeway.toml",
        "label = \"kind = 'storm'\"",
        "label = \"CASE WHEN row <> 7 THEN kind = 'storm' END\"",
    );
    assert_eq!(run(&unlabelled)["examples"]["labelled"], 1_079);
    let named = |column: &str, says: &[&str]| {
        let folder = weighted(MANY, TASKS[2]);
        folder.edit("ropeway.toml", "weight = \"counts\"", &format!("weight = \"{column}\""));
        folder.fails(&["check"], 1, says);
    };
    named("count", &["unknown-column", "`count`", "did you mean `counts`?", "ropeway.toml"]);
    named("amount", &["weight-column", "the label"]);
    named("row", &["weight-column", "the key"]);
    named("kind", &["weight-column", "text, and no number", "CAST"]);
    let ended = weighted(MANY, TASKS[2]);
    ended.edit("ropeway.toml", "weight =", "wieght =");
    ended.fails(&["check"], 1, &["wieght", "weight"]);
}

fn state<'a>(report: &'a Value, step: &str) -> &'a str {
    let found = report["steps"].as_array().unwrap().iter().find(|found| found["name"] == step);
    found.unwrap_or_else(|| panic!("no step {step} in {report}"))["state"].as_str().unwrap()
}

#[test]
fn another_weight_executes_what_stands_on_it_and_nothing_else() {
    let columns = |row: usize| format!(",{},{}", weight(row), weight(row + 1));
    let folder = project(TASKS[1], &table(MANY, ",counts,others", |_| 1, columns), BY_WEIGHT);
    let first = run(&folder);
    folder.edit("ropeway.toml", "weight = \"counts\"", "weight = \"others\"");
    let second = run(&folder);
    for step in ["examples", "split", "learn:baseline", "learn:linear", "evaluate:linear", "model", "package", "final"]
    {
        assert_eq!(state(&second, step), "executed", "{step}");
    }
    for step in ["source:days", "derive:square"] {
        assert_eq!(state(&second, step), "cached", "{step}");
    }
    let why_not = second["since_last"]["moved"]["why_not"].as_str().unwrap_or_default().to_owned();
    assert!(why_not.contains("another weight"), "{}", second["since_last"]);
    folder.edit("ropeway.toml", "weight = \"others\"", "weight = \"counts\"");
    let again = run(&folder);
    assert!(again["steps"].as_array().unwrap().iter().all(|step| step["state"] == "cached"), "{}", again["steps"]);
    assert_eq!(figures(&again), figures(&first));
    // One weight in the file is another table, and the feature of another column still is the same.
    folder.edit("days.csv", ",1,2\n", ",5,2\n");
    let changed = run(&folder);
    for (step, expected) in [("learn:linear", "executed"), ("final", "executed"), ("derive:square", "cached")] {
        assert_eq!(state(&changed, step), expected, "{step}");
    }
    // Two runs with the same weights are compared by these.
    folder.edit("ropeway.toml", "square = \"pressure * pressure\"", "square = \"pressure * pressure * pressure\"");
    let compared = run(&folder);
    let moved = &compared["since_last"]["moved"];
    let after = moved["after"].as_f64().unwrap_or_else(|| panic!("{moved}"));
    let linear =
        compared["leaderboard"].as_array().unwrap().iter().find(|found| found["candidate"] == "linear").unwrap();
    let loss = linear["validation"]["log_loss"]["value"].as_f64().unwrap();
    assert!((after - loss).abs() < 1e-9, "the mean loss is the weighted metric: {after} {loss}");
}

#[test]
fn weights_keep_samples_groups_and_random_folds() {
    let folder = weighted(MANY, TASKS[0]);
    folder.edit("ropeway.toml", "at = \"month\"\n", "");
    folder.edit("ropeway.toml", "by = \"time\", share = 0.16", "by = \"group\", group = [\"row\"], share = 0.2");
    folder.edit("ropeway.toml", "by = \"time\", count = 4", "by = \"group\", count = 3");
    let report = folder.run(&["run", "--sample", "50%", "--json", "--quiet"]).expect(0).json();
    let examples = &report["examples"];
    let (rows, weight) = (examples["train"].as_f64().unwrap(), examples["weight"]["train"].as_f64().unwrap());
    assert!((1.7..2.3).contains(&(weight / rows)) && (330.0..550.0).contains(&rows), "{examples}");
}

#[test]
fn weights_of_another_size_than_rows_are_told() {
    let told = |scale: f64| {
        let folder = project(
            TASKS[1],
            &table(FEW, ",counts", |_| 1, |row| format!(",{}", weight(row) as f64 * scale)),
            BY_WEIGHT,
        );
        let report = run(&folder);
        report["findings"].as_array().unwrap().iter().find(|found| found["code"] == "weight-scale").cloned()
    };
    let (none, small, large) = (told(1.0), told(1e-3), told(1e3));
    assert!(none.is_none());
    for (found, says) in [(small, "sum up to 0.2400"), (large, "sum up to 240000")] {
        let found = found.unwrap();
        let message = found["message"].as_str().unwrap();
        assert!(
            message.contains(says) && found["remedy"].as_str().unwrap().contains("divide `counts` by its mean"),
            "{found}"
        );
    }
}
