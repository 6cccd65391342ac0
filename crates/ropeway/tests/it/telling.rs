//! A feature that gives the label away: `init` says what to look at, and `run` names it.

use serde_json::Value;

use crate::ropeway::Folder;
use crate::shop;

/// Flights of which it is asked whether they are late; the arrival is filled in afterwards.
fn flights(arrival: impl Fn(u32) -> u32) -> Folder {
    let folder = Folder::new();
    let mut text = String::from("flight,distance,carrier,arrival,late\n");
    for id in 0..600_u32 {
        let late = id.wrapping_mul(2_654_435_761) >> 16 & 7 < 2;
        let (distance, carrier) = (200 + id * 37 % 901, ["AA", "UA", "DL"][id as usize % 3]);
        text += &format!("{id},{distance},{carrier},{},{late}\n", arrival(if late { 60 + id % 40 } else { id % 58 }));
    }
    folder.write("flights.csv", text);
    folder
}

fn coded<'a>(report: &'a Value, code: &str) -> Vec<&'a Value> {
    report["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code).collect()
}

fn finding(report: &Value) -> Option<&Value> {
    coded(report, "feature-tells-all").first().copied()
}

#[test]
fn a_feature_that_ranks_as_well_as_all_is_named() {
    let folder = flights(|delay| delay);
    let started = folder.run(&["init", "flights.csv", "--label", "late"]).expect(0).stdout;
    for text in [
        "leak-separates arrival: alone it tells `late`",
        "each request column must be known when you ask",
        "Look at `arrival`, `distance`, `carrier`;",
    ] {
        assert!(started.contains(text), "`{text}` is not in:\n{started}");
    }
    folder.edit("ropeway.toml", "trials = ", "trials = 1 # ");
    let ended = folder.run(&["run", "--json"]).expect(0);
    let ended = ended.says("finding[feature-tells-all]: `arrival` alone ranks the labels with a ROC AUC of 1.000");
    let report = ended.json();
    let found = finding(&report).unwrap_or_else(|| panic!("{report}"));
    assert_eq!(found["column"], "examples.arrival");
    assert!(found["remedy"].as_str().unwrap().contains("take it and its like out of `request`"));
    // Found again where nothing is executed.
    let again = folder.run(&["run", "--json"]).expect(0).json();
    assert_eq!(finding(&again), Some(found));
    let page = folder.run(&["show"]).expect(0).stdout;
    assert!(page.contains("`arrival` alone ranks the labels"), "{page}");
}

#[test]
fn a_leak_that_was_accepted_is_not_told_again_and_stands_in_the_report() {
    let folder = flights(|delay| delay);
    folder.run(&["init", "flights.csv", "--label", "late"]).expect(0);
    folder.edit("ropeway.toml", "trials = ", "trials = 1 # ");
    let run = |accepted: &str, instead: &str| {
        folder.edit("ropeway.toml", accepted, instead);
        let report = folder.run(&["run", "--json"]).expect(0).json();
        (finding(&report).is_some(), folder.read(&format!(".ropeway/reports/{}.html", report["run"].as_str().unwrap())))
    };
    // Of another column, which is nothing to this one.
    let (told, page) = run("[examples]", "[accept]\nleak-separates = [\"carrier\"]\n\n[examples]");
    assert!(told && page.contains("Accepted"));
    let (told, page) = run("\"carrier\"]\n\n", "\"arrival\"]\n\n");
    assert!(!told);
    let accepted = &page[page.find("<h3>Accepted</h3>").unwrap()..];
    assert!(accepted.contains("leak-separates") && accepted.contains("arrival"), "{accepted}");
}

#[test]
fn honest_features_are_no_finding() {
    let shop = shop::trained();
    assert_eq!(finding(&shop.run(&["run", "--json"]).expect(0).json()), None);
    // As above, with an arrival that says nothing.
    let folder = flights(|delay| delay % 7);
    folder.run(&["init", "flights.csv", "--label", "late"]).expect(0);
    folder.edit("ropeway.toml", "trials = ", "trials = 1 # ");
    // Nothing can be learned from it, which the gate that `init` writes says.
    assert_eq!(finding(&folder.run(&["run", "--json"]).expect(3).json()), None);
}

/// Deliveries of what was ordered, complete where both are equal; `err` of a hundred are taken down wrongly.
fn deliveries(err: u32) -> Folder {
    let folder = Folder::new();
    let mut text = String::from("no,ordered,delivered,complete\n");
    for id in 0..1_500_u32 {
        let dice = id.wrapping_mul(2_654_435_761) >> 16;
        let (ordered, less) = (1 + dice % 9, (dice / 9 % 3).saturating_sub(1));
        let complete = (less == 0) != (dice / 32 % 100 < err);
        text += &format!("{id},{ordered},{},{complete}\n", ordered.saturating_sub(less));
    }
    folder.write("deliveries.csv", text);
    folder.run(&["init", "deliveries.csv", "--label", "complete"]).expect(0);
    folder.edit("ropeway.toml", "trials = ", "trials = 4 # ");
    folder
}

#[test]
fn features_that_compute_the_label_together_are_told_of_until_that_is_accepted() {
    let folder = deliveries(0);
    let report = folder.run(&["run", "--json"]).expect(0).json();
    let found = coded(&report, "nearly-perfect");
    assert!(found.len() == 1 && finding(&report).is_none(), "{report}");
    assert!(found[0]["message"].as_str().unwrap().contains("do several together compute it"), "{found:?}");
    folder.run(&["why", "nearly-perfect"]).expect(0);
    folder.edit("ropeway.toml", "[examples]", "[accept]\nnearly-perfect = [\"label\"]\n\n[examples]");
    assert!(coded(&folder.run(&["run", "--json"]).expect(0).json(), "nearly-perfect").is_empty());
    // Labels with honest slips.
    assert!(coded(&deliveries(5).run(&["run", "--json"]).expect(0).json(), "nearly-perfect").is_empty());
}

/// Parcels by their size; `handed` is filled in on delivery.
fn parcels(label: &str, handed: &str) -> Value {
    let folder = Folder::new();
    let mut text = String::from("parcel,size,weight,handed,days,outcome\n");
    for id in 0..600_u32 {
        let place = id.wrapping_mul(2_654_435_761) >> 16;
        let (days, outcome) = (place % 40, ["door", "shop", "back"][place as usize / 40 % 3]);
        let handed = match handed {
            "days" => (days + 3).to_string(),
            "outcome" => format!("code {}", (place / 40 % 3 + 2) % 3),
            _ => (id * 37 % 11).to_string(),
        };
        text += &format!("{id},{},{},{handed},{days},{outcome}\n", id * 7 % 31, id * 13 % 97);
    }
    folder.write("parcels.csv", text);
    let task = if label == "days" { "regression" } else { "multiclass" };
    folder.write(
        "ropeway.toml",
        format!(
            "[project]\nname = \"parcels\"\n[source.parcels]\npath = \"parcels.csv\"\nkey = [\"parcel\"]\nstatic = true\n\
             [examples]\ntable = \"parcels\"\nlabel = \"{label}\"\nrequest = [\"size\", \"weight\", \"handed\"]\n\
             [learn]\ntask = \"{task}\"\n[learn.tune]\ntrials = 1\n[learn.boosted]\nrounds = 60\n"
        ),
    );
    folder.run(&["run", "--json"]).expect(0).json()
}

#[test]
fn a_feature_that_gives_a_number_or_one_of_several_classes_away_is_named() {
    for (label, says) in [("days", "% of the variance of the label"), ("outcome", "with a mean ROC AUC of 1.000")] {
        let report = parcels(label, label);
        let found = finding(&report).unwrap_or_else(|| panic!("{report}"));
        assert_eq!(found["column"], "examples.handed");
        assert!(found["message"].as_str().unwrap().contains(says), "{found}");
        assert_eq!(finding(&parcels(label, "nothing")), None, "the control");
    }
}

/// Members of whom a quarter left, with a reason and a fee where `written` says so; `group` is a line of `[split]`.
fn members(written: fn(member: u32, left: bool) -> bool, group: &str) -> Folder {
    let folder = Folder::new();
    let mut text = String::from("member,club,age,visits,reason,fee,active\n");
    for id in 0..800_u32 {
        let place = id.wrapping_mul(2_654_435_761) >> 16;
        let left = place % 4 == 0;
        let (reason, fee) = if written(id, left) { ("price", 9.5) } else { ("", 0.0) };
        let visits = place / 4 % 9 + if left { 0 } else { 3 };
        text += &format!("{id},{},{},{visits},{reason},{fee},{}\n", id / 50, 18 + id * 37 % 61, !left);
    }
    folder.write("members.csv", text);
    folder.write(
        "ropeway.toml",
        format!(
            "[project]\nname = \"members\"\n[source.members]\npath = \"members.csv\"\nkey = [\"member\"]\nstatic = true\n\
             [examples]\ntable = \"members\"\nlabel = \"NOT active\"\nrequest = [\"age\", \"visits\", \"reason\", \"fee\"]\n\
             [learn]\nlearners = [\"linear\"]\n{group}"
        ),
    );
    folder
}

fn some(member: u32, left: bool) -> bool {
    left && member * 7 % 10 < 3
}

#[test]
fn features_that_are_filled_in_for_a_part_of_one_class_alone_are_named() {
    let folder = members(some, "");
    let ended = folder.run(&["run", "--json"]).expect(0);
    let ended = ended.says("finding[leak-missing]: `reason` has a value in ");
    let report = ended.json();
    let found = coded(&report, "leak-missing");
    assert_eq!(found.len(), 2, "{report}");
    for (found, (column, has)) in found.iter().zip([("reason", "has a value"), ("fee", "is not 0")]) {
        let message = found["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("`{column}` {has} in ")), "{message}");
        assert!(message.contains("rows, and in all of these `NOT active` is `true`, as in "), "{message}");
        assert_eq!(found["column"], format!("examples.{column}"));
        assert!(found["remedy"].as_str().unwrap().contains("take it and its like out of `request`"), "{found}");
    }
    // Of no other code, and the model errs as before: what one feature says of all examples does not show this.
    assert_eq!(finding(&report), None);
    // Found again where nothing is executed.
    let again = folder.run(&["run", "--json"]).expect(0).json();
    assert_eq!(coded(&again, "leak-missing"), found);
}

#[test]
fn a_level_of_a_feature_that_one_class_alone_has_is_named() {
    let folder = members(some, "");
    folder.write("members.csv", folder.read("members.csv").replace(",,0", ",open,0"));
    let ended = folder.run(&["run", "--json"]).expect(0);
    let ended = ended
        .says("finding[leak-level]: `reason` is `price` in ")
        .says("in all of these `NOT active` is `true`, as in ");
    assert_eq!(coded(&ended.json(), "leak-level").len(), 1);
}

#[test]
fn the_answer_and_the_last_lines_of_a_run_say_what_the_figures_hang_on() {
    let folder = members(some, "");
    let doubt = "The figures are true only if `reason` and `fee` are known when a prediction is asked for";
    let ended = folder.run(&["run"]).expect(0);
    assert!(
        ended.stdout.lines().last().is_some_and(|last| last.starts_with(&format!("Mind: {doubt}"))),
        "{}",
        ended.stdout
    );
    folder.run(&["report", "--out", "report.html"]).expect(0);
    let page = folder.read("report.html");
    let answer = page.split("<p class=\"answer\">").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(answer.contains(doubt) && answer.contains("<a href=\"#findings\">"), "{answer}");
    // Without the suspects nothing is doubted.
    folder.edit("ropeway.toml", ", \"reason\", \"fee\"]", "]");
    let ended = folder.run(&["run"]).expect(0);
    assert!(!ended.stdout.contains("The figures are true only if"), "{}", ended.stdout);
}

#[test]
fn features_that_are_filled_in_for_any_class_are_not_named() {
    // At random; for most of one class and some of the other.
    for written in [|member, _| member * 7 % 10 < 3, |member, left| member * 7 % 10 < if left { 6 } else { 1 }] {
        let report = members(written, "").run(&["run", "--json"]).expect(0).json();
        assert_eq!(coded(&report, "leak-missing"), Vec::<&Value>::new());
    }
    // All those with a reason are of two clubs, of which the examples are alike.
    let two = |member: u32, left: bool| left && member < 100;
    let named =
        |split: &str| coded(&members(two, split).run(&["run", "--json"]).expect(0).json(), "leak-missing").len();
    assert_eq!((named(""), named("[split]\ngroup = [\"club\"]\n")), (2, 0));
}
