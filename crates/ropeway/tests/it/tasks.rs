//! Labels of several classes and labels that are numbers, the whole way: figures against what predictions of the held-out rows
//! give, decisions by cost, files against HTTP, explanations, gates, and labels that are none.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::ropeway::Folder;
use crate::served::Server;

const ROWS: usize = 1_200;
const KINDS: [&str; 3] = ["calm", "rain", "storm"];

/// A number in [0, 1) for a row and a purpose.
fn draw(row: usize, purpose: u64) -> f64 {
    let mut z = (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ purpose.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 29)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// One row: what is known of it, its kind and its amount, which is never negative.
fn row(row: usize) -> (f64, &'static str, &'static str, f64) {
    let (pressure, season) = (draw(row, 1), ["dry", "wet"][usize::from(draw(row, 2) > 0.6)]);
    let score = 2.0 * pressure + if season == "wet" { 0.8 } else { 0.0 } + draw(row, 3);
    let kind = KINDS[usize::from(score > 1.3) + usize::from(score > 2.6)];
    (pressure, season, kind, (10.0 * score + 6.0 * draw(row, 4)).max(0.0))
}

fn project(label: &str, learn: &str, more: &str) -> Folder {
    let folder = Folder::new();
    let mut text = "day,pressure,season,kind,amount\n".to_owned();
    for number in 0..ROWS {
        let (pressure, season, kind, amount) = row(number);
        let kind = if number % 97 == 0 { "" } else { kind };
        text.push_str(&format!("{number},{pressure},{season},{kind},{amount}\n"));
    }
    folder.write("days.csv", text);
    folder.write(
        "ropeway.toml",
        format!(
            "[project]\nname = \"days\"\n[source.days]\npath = \"days.csv\"\nkey = [\"day\"]\nstatic = true\nnull = [\"\"]\n\
             [examples]\ntable = \"days\"\nlabel = \"{label}\"\nrequest = [\"pressure\", \"season\"]\n[learn]\n{learn}\n\
             [learn.tune]\ntrials = 2\n[learn.boosted]\nrounds = 60\n{more}"
        ),
    );
    folder
}

pub fn classes(more: &str) -> Folder {
    project("kind", "task = \"multiclass\"", more)
}

pub fn number(more: &str) -> Folder {
    project("amount", "task = \"regression\"", more)
}

/// The rows whose labels `query` hides: those of the holdout.
fn held_out(folder: &Folder) -> Vec<usize> {
    let sql = "SELECT day FROM examples WHERE label IS NULL ORDER BY day";
    let answer = folder.run(&["query", sql, "--limit", "2000", "--json"]).expect(0).json();
    let rows = answer["rows"].as_array().unwrap();
    rows.iter().map(|row| row["day"].as_u64().unwrap() as usize).collect()
}

/// What `predict` says of every row, as JSON lines.
fn predictions(folder: &Folder) -> Vec<Value> {
    folder.run(&["predict", "days", "--in", "days.csv", "--out", "said.jsonl"]).expect(0);
    folder.read("said.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[track_caller]
fn near(found: &Value, expect: f64) {
    let found = found["value"].as_f64().unwrap_or(f64::NAN);
    assert!((found - expect).abs() < 1e-9, "{found} instead of {expect}");
}

#[test]
fn figures_of_classes_are_those_of_the_predictions() {
    let folder = classes("");
    let report = folder.run(&["run", "--final", "--json"]).expect(0).json();
    let said = predictions(&folder);
    let rows: Vec<usize> = held_out(&folder).into_iter().filter(|row| row % 97 != 0).collect();
    assert_eq!(report["examples"]["holdout"], rows.len());
    let (mut right, mut loss, mut second) = (0.0, 0.0, 0.0);
    for number in &rows {
        let said = &said[*number];
        let kind = row(*number).2;
        let of = |kind: &str| said[format!("probability_{kind}")].as_f64().unwrap();
        let all: f64 = KINDS.iter().map(|kind| of(kind)).sum();
        assert!((all - 1.0).abs() < 1e-9, "{said}");
        let best = KINDS.iter().copied().max_by(|a, b| of(a).total_cmp(&of(b))).unwrap();
        assert_eq!(said["predicted"], best);
        assert_eq!(said["probability"].as_f64().unwrap(), of(best));
        right += f64::from(best == kind);
        second += f64::from(KINDS.iter().filter(|other| of(other) > of(kind)).count() < 2);
        loss -= of(kind).ln();
    }
    let count = rows.len() as f64;
    let figures = &report["final"];
    near(&figures["accuracy"], right / count);
    near(&figures["log_loss"], loss / count);
    near(&figures["top_2_accuracy"], second / count);
    // Each class by counting, too.
    for class in report["classes"]["holdout"].as_array().unwrap() {
        let rows_of = |number: &&usize| row(**number).2 == class["class"];
        let decided = |number: &&usize| said[**number]["predicted"] == class["class"];
        let of_class: Vec<&usize> = rows.iter().filter(rows_of).collect();
        let right = of_class.iter().filter(|number| decided(number)).count() as f64;
        assert_eq!(class["rows"], of_class.len());
        assert_eq!(class["decided"][class["class"].as_str().unwrap()].as_f64().unwrap(), right);
        assert!((class["recall"].as_f64().unwrap() - right / of_class.len() as f64).abs() < 1e-12, "{class}");
        let called = rows.iter().filter(decided).count() as f64;
        assert!((class["precision"].as_f64().unwrap() - right / called).abs() < 1e-12, "{class}");
    }
    assert_eq!(report["classes"]["validation"].as_array().unwrap().len(), KINDS.len());
    for metric in ["macro_f1", "weighted_f1", "micro_f1", "macro_roc_auc", "mcc", "brier", "balanced_accuracy"] {
        let figure = &figures[metric];
        assert!(figure["low"].as_f64() < figure["high"].as_f64(), "{metric}: {figure}");
    }
    // The metric of the task decides, and the baseline is beaten beyond its interval.
    let board = report["leaderboard"].as_array().unwrap();
    let of = |position: usize| &board[position]["validation"]["log_loss"];
    assert_eq!(board[2]["candidate"], "baseline");
    assert!(of(0)["value"].as_f64() <= of(1)["value"].as_f64());
    assert!(of(0)["high"].as_f64() < of(2)["low"].as_f64(), "{board:?}");
    assert_eq!(report["decision"]["classes"], json!(KINDS));
}

#[test]
fn what_is_dear_to_miss_is_decided_for_more_often() {
    let count = |more: &str| {
        let folder = classes(more);
        let report = folder.run(&["run", "--final", "--json"]).expect(0).json();
        let said = predictions(&folder);
        let mut cost = 0.0;
        let rows: Vec<usize> = held_out(&folder).into_iter().filter(|row| row % 97 != 0).collect();
        for number in &rows {
            let (kind, decided) = (row(*number).2, said[*number]["predicted"].as_str().unwrap());
            cost += match (kind, decided) {
                ("storm", "calm" | "rain") if !more.is_empty() => 20.0,
                (kind, decided) => f64::from(kind != decided),
            };
        }
        near(&report["final"]["expected_cost"], cost / rows.len() as f64);
        said.iter().filter(|said| said["predicted"] == "storm").count()
    };
    let (even, dear) = (count(""), count("[costs_of_error]\nmatrix.storm = { calm = 20.0, rain = 20.0 }\n"));
    assert!(dear > even + 50, "{dear} and {even}");
    let folder = classes("[costs_of_error]\nmatrix.strom = { calm = 20.0 }\n");
    folder.fails(&["run"], 1, &["`strom`", "did you mean `storm`?"]);
}

#[test]
fn figures_of_numbers_are_those_of_the_predictions() {
    let folder =
        number("[[gate]]\nthat = \"holdout.r2.low >= 0.5\"\n[[gate]]\nthat = \"holdout.rmse.value <= 0.001\"\n");
    let report = folder.run(&["run", "--final", "--json"]).expect(3).json();
    let said = predictions(&folder);
    let rows = held_out(&folder);
    let of = |number: usize, name: &str| said[number][name].as_f64().unwrap();
    let mean = |each: &dyn Fn(usize) -> f64| rows.iter().map(|row| each(*row)).sum::<f64>() / rows.len() as f64;
    let error = |number: usize| of(number, "predicted") - row(number).3;
    let figures = &report["final"];
    near(&figures["rmse"], mean(&|row| error(row).powi(2)).sqrt());
    near(&figures["mae"], mean(&|row| error(row).abs()));
    near(&figures["mean_error"], mean(&error));
    let within = |number: usize| {
        let label = row(number).3;
        f64::from(of(number, "predicted_low") <= label && label <= of(number, "predicted_high"))
    };
    near(&figures["interval_coverage"], mean(&within));
    let covered = mean(&within);
    assert!((0.84..=0.96).contains(&covered), "nine of ten are promised: {covered}");
    assert!(rows.iter().all(|row| of(*row, "decision") == of(*row, "predicted")), "both sides cost the same");
    let passed: Vec<&Value> = report["gates"].as_array().unwrap().iter().map(|gate| &gate["passed"]).collect();
    assert_eq!(passed, [&json!(true), &json!(false)]);
    assert_eq!(report["leaderboard"][2]["candidate"], "baseline");

    let dear = number("[costs_of_error]\nunder = 9.0\nover = 1.0\n");
    dear.run(&["run", "--quiet"]).expect(0);
    let said = predictions(&dear);
    let enough = (0..ROWS).filter(|number| said[*number]["decision"].as_f64().unwrap() >= row(*number).3).count();
    assert!((0.86..0.97).contains(&(enough as f64 / ROWS as f64)), "{enough} of {ROWS}");
}

#[test]
fn labels_that_mape_cannot_divide_by_are_told() {
    let found = |label: &str| {
        let folder = project(label, "task = \"regression\"\nlearners = [\"linear\"]", "");
        let report = folder.run(&["run", "--json"]).expect(0).json();
        let findings = report["findings"].as_array().cloned().unwrap_or_default();
        let told = findings.into_iter().find(|found| found["code"] == "mape-near-zero");
        (folder, report, told)
    };
    let (folder, report, told) = found("CASE WHEN day % 10 = 0 THEN 0 ELSE amount + 1 END");
    let told = told.unwrap();
    let message = told["message"].as_str().unwrap();
    assert!(message.contains("120 of the 1200 labels that models are judged by are 0 or less than 1%"), "{message}");
    let mape = report["leaderboard"][0]["validation"]["mape"]["value"].as_f64().unwrap();
    assert!(mape > 1e12, "{mape}");
    // What people read has the power of ten, and the reason.
    let ended = folder.run(&["run"]).expect(0);
    let text = ended.stdout + &ended.stderr;
    assert!(text.contains("mape says nothing here"), "{text}");
    let page = folder.read(report["places"]["report"].as_str().unwrap());
    assert!(page.contains("mape says nothing here") && page.contains(&format!("{mape:.2e}")), "the page");
    assert!(!page.contains(&format!("{mape:.0}")), "the page");
    folder.run(&["why", "mape-near-zero"]).expect(0);
    assert!(found("CASE WHEN day % 10 = 0 THEN 0.05 ELSE 6 + amount END").2.is_some(), "near it is told, too");
    // The control: labels far from 0.
    assert_eq!(found("amount + 1").2, None);
}

#[test]
fn a_server_says_what_a_file_says_and_explains_it() {
    for (folder, names) in [(classes(""), &["class", "probability"][..]), (number(""), &["value", "low", "high"][..])] {
        folder.run(&["run", "--quiet"]).expect(0);
        let said = predictions(&folder);
        let server = Server::start(folder.path(), &[]);
        let examples: Vec<Value> = (0..20)
            .map(|number| json!({"pressure": said[number]["pressure"], "season": said[number]["season"]}))
            .collect();
        let body = json!({"examples": examples, "explain": true});
        let answer = server.post("/v1/models/days/predict", &body);
        assert_eq!(answer.status, 200, "{}", answer.body);
        let answer: Value = serde_json::from_str(&answer.body).unwrap();
        for (number, told) in answer["predictions"].as_array().unwrap().iter().enumerate() {
            let in_file = match names[0] {
                "class" => ["predicted", "probability"].as_slice(),
                _ => &["predicted", "predicted_low", "predicted_high"],
            };
            for (name, column) in names.iter().zip(in_file) {
                assert_eq!(told[name], said[number][column], "{name} of row {number}");
            }
            let why = &told["explanation"];
            let parts = why["features"].as_array().unwrap().iter().map(|part| part["contribution"].as_f64().unwrap());
            let sum = why["bias"].as_f64().unwrap() + parts.sum::<f64>();
            assert!((sum - why["raw"].as_f64().unwrap()).abs() < 1e-9, "{why}");
        }
        let models: Value = serde_json::from_str(&server.get("/v1/models").body).unwrap();
        let task = &models["models"][0]["task"];
        assert_eq!(task, if names[0] == "class" { "multiclass" } else { "regression" }, "{models}");
    }
}

#[test]
fn each_class_has_an_explanation_of_its_own() {
    let folder = classes("");
    folder.run(&["run", "--quiet"]).expect(0);
    let mut raw = BTreeMap::new();
    for kind in KINDS {
        let why = folder.run(&["explain", "days", "--key", "5", "--class", kind, "--json"]).expect(0).json();
        assert_eq!(why["explained"], kind);
        raw.insert(kind, why["raw"].as_f64().unwrap());
        assert!(why["probabilities"][kind].is_number(), "{why}");
    }
    let decided = folder.run(&["explain", "days", "--key", "5", "--json"]).expect(0).json();
    assert_eq!(decided["explained"], decided["class"]);
    assert_eq!(decided["raw"].as_f64().unwrap(), raw[decided["class"].as_str().unwrap()]);
    folder.fails(&["explain", "days", "--key", "5", "--class", "strom"], 1, &["`strom`", "did you mean `storm`?"]);
    let page = folder.run(&["explain", "days", "--key", "5"]).expect(0).stdout;
    assert!(page.contains("decided ") && page.contains("raw score of "), "{page}");
    assert!(page.contains("softmax over the scores of all classes"), "{page}");
}

#[test]
fn a_label_that_its_task_cannot_take_is_refused_before_anything_runs() {
    let check = |label: &str, learn: &str, says: &[&str]| {
        project(label, learn, "").fails(&["check"], 1, says);
    };
    check("kind", "task = \"binary\"", &["ropeway.toml:10", "label is text", "= 'bad'"]);
    check("kind", "task = \"regression\"", &["label is no number"]);
    check("amount", "task = \"multiclass\"", &["regression"]);
    check(
        "amount",
        "task = \"regression\"\nmetric = \"roc_auc\"",
        &["`roc_auc` is no metric of a regression label", "rmse"],
    );
    check("amount", "task = \"regression\"\nmetric = \"interval_width\"", &["neither more nor less"]);
    number("[[gate]]\nthat = \"holdout.roc_auc.low >= 0.5\"\n").fails(&["check"], 1, &["`roc_auc` is not measured"]);
    // Each value a class of its own.
    let folder = project("kind || day", "task = \"multiclass\"", "");
    folder.fails(&["run"], 1, &["1187 different values", "200 classes"]);
    let folder = project("CASE WHEN kind <> '' THEN 'x' END", "task = \"multiclass\"", "");
    folder.fails(&["run"], 1, &["the label is `x` for all 1187"]);
    let folder = project("3.5", "task = \"regression\"", "");
    folder.fails(&["run"], 1, &["the label is 3.5 for all 1200"]);
}
