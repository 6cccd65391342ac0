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

fn finding(report: &Value) -> Option<&Value> {
    report["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "feature-tells-all")
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
