//! Steps of the recipe, overridden by the project: what they change, what `show --recipe` says that they learned, and what is
//! refused.

use serde_json::Value;

use crate::ropeway::Folder;

const ROWS: usize = 1_500;

/// A place below `of` for a row and a purpose.
fn draw(row: usize, purpose: u64, of: u64) -> usize {
    let mut z = (row as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ purpose.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 29)) % of) as usize
}

/// Reviews that are good or not by single words among others, and bought late or not by the month.
fn reviews(recipe: &str) -> Folder {
    let folder = Folder::new();
    let mut text = "id,review,weight,bought,good,late\n".to_owned();
    for row in 0..ROWS {
        let word = ["excellent", "fine", "awful", "broken", "lovely"][draw(row, 1, 5)];
        let filler = ["box", "parcel", "shop", "price", "colour"][draw(row, 2, 5)];
        let good = ["excellent", "fine", "lovely"].contains(&word) != (draw(row, 3, 17) == 0);
        let weight = if row % 50 == 0 { String::new() } else { draw(row, 4, 101).to_string() };
        let month = 1 + draw(row, 5, 12);
        let late = (month > 6) != (draw(row, 6, 9) == 0);
        text.push_str(&format!("{row},The {filler} no {row} was {word}!,{weight},2024-{month:02}-11,{good},{late}\n"));
    }
    folder.write("reviews.csv", text);
    folder.write(
        "ropeway.toml",
        format!(
            "[project]\nname = \"reviews\"\n[source.reviews]\npath = \"reviews.csv\"\nkey = [\"id\"]\nstatic = true\nnull = [\"\"]\n\
             [examples]\ntable = \"reviews\"\nlabel = \"good\"\nrequest = [\"review\", \"weight\", \"bought\"]\n\
             [learn]\nmetric = \"roc_auc\"\n[learn.tune]\ntrials = 2\n[learn.boosted]\nrounds = 60\n{recipe}"
        ),
    );
    folder
}

/// The same with a label that the date tells, so that the model reads features whatever becomes of the text.
fn seasons(recipe: &str) -> Folder {
    let folder = reviews(recipe);
    folder.edit("ropeway.toml", "label = \"good\"", "label = \"late\"");
    folder
}

/// The figure of each candidate in validation.
fn figure(report: &Value, candidate: &str) -> f64 {
    let line = report["leaderboard"].as_array().unwrap().iter().find(|line| line["candidate"] == candidate).unwrap();
    line["validation"]["roc_auc"]["value"].as_f64().unwrap()
}

fn recipe(folder: &Folder) -> Vec<Value> {
    folder.run(&["show", "--recipe", "--json"]).expect(0).json()["steps"].as_array().unwrap().clone()
}

#[test]
fn words_of_free_text_are_learned_from_where_the_recipe_says_so() {
    // The control: whole reviews are levels that never come back.
    let report = reviews("").run(&["run", "--json"]).expect(0).json();
    for learner in ["linear", "boosted"] {
        assert!(figure(&report, learner) < 0.6, "{learner}: {}", report["leaderboard"]);
    }
    let folder = reviews("[recipe.feature.review]\nencode = \"words\"\nbuckets = 64\n");
    let report = folder.run(&["run", "--json"]).expect(0).json();
    for learner in ["linear", "boosted"] {
        assert!(figure(&report, learner) > 0.85, "{learner}: {}", report["leaderboard"]);
    }
    let steps = recipe(&folder);
    let review: Vec<&Value> = steps.iter().filter(|step| step["feature"] == "review").collect();
    assert!(review.len() == 1 && review[0]["step"] == "words" && review[0]["learned"]["buckets"] == 64, "{review:?}");
    // Of a new text, too, and of one that is missing.
    folder.write("new.csv", "id,review,weight,bought\n1,It is EXCELLENT.,3,2024-05-01\n2,awful,3,2024-05-01\n3,,,\n");
    folder.run(&["predict", "reviews", "--in", "new.csv", "--out", "said.jsonl"]).expect(0);
    let said: Vec<Value> = folder.read("said.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let probability = |at: usize| said[at]["probability"].as_f64().unwrap();
    assert!(probability(0) > 0.8 && probability(1) < 0.2, "{said:?}");
    assert!((0.0..=1.0).contains(&probability(2)));
}

#[test]
fn init_learns_from_the_words_of_free_text() {
    let folder = reviews("");
    std::fs::remove_file(folder.path().join("ropeway.toml")).unwrap();
    folder.run(&["init", "reviews.csv", "--label", "good"]).expect(0);
    folder.edit("ropeway.toml", "trials = ", "trials = 2 # ");
    let report = folder.run(&["run", "--json"]).expect(0).json();
    assert!(figure(&report, "boosted") > 0.85, "{}", report["leaderboard"]);
    let written = folder.read("ropeway.toml");
    assert!(written.contains("[recipe.feature.\"review\"]"), "{written}");
    folder.edit("ropeway.toml", "encode = \"words\"", "encode = \"hashing\"");
    // What is left is the length of the text, and whether a gate passes by it does not matter here.
    let control = folder.run(&["run", "--json"]).json();
    assert!(figure(&control, "boosted") < figure(&report, "boosted") - 0.1, "{}", control["leaderboard"]);
}

#[test]
fn of_thousands_of_words_the_frequent_ones_are_told_apart() {
    // A word that tells stands in 13 texts, fewer than a leaf has by default.
    let folder = reviews("min_data_in_leaf = [5, 8]\n\n[recipe.feature.review]\nencode = \"words\"\n");
    let mut text = "id,review,weight,bought,good,late\n".to_owned();
    for row in 0..ROWS {
        let (praise, filler) = (draw(row, 1, 60), |at: u64| draw(row, 10 + at, 200_000));
        let fillers: Vec<String> = (0..12).map(|at| format!("filler{}", filler(at))).collect();
        let good = (praise % 2 == 0) != (draw(row, 3, 17) == 0);
        text += &format!("{row},{} word{praise},3,2024-01-11,{good},false\n", fillers.join(" "));
    }
    folder.write("reviews.csv", text);
    let report = folder.run(&["run", "--json"]).expect(0).json();
    // The first bytes of a package say its format: earlier builds know no more than 4,096 buckets, and refuse it.
    let format =
        |report: &Value| std::fs::read(folder.path().join(report["model"]["package"].as_str().unwrap())).unwrap()[8];
    assert_eq!(format(&report), 2);
    // The control: as many buckets as there are of words that tell. Of the others hardly one stands in three texts.
    folder.edit("ropeway.toml", "encode = \"words\"", "encode = \"words\"\nbuckets = 64");
    let control = folder.run(&["run", "--json"]).expect(0).json();
    assert_eq!(format(&control), 1);
    for learner in ["linear", "boosted"] {
        assert!(figure(&report, learner) > 0.8, "{learner}: {}", report["leaderboard"]);
        assert!(figure(&control, learner) < 0.65, "{learner}: {}", control["leaderboard"]);
    }
}

#[test]
fn what_each_step_learned_is_shown() {
    let settings = "[recipe.number]\nimpute = { constant = -5 }\nclip = { quantile = 0.1 }\nscale = \"min_max\"\n\
                    [recipe.text]\nencode = \"frequency\"\nimpute = { constant = \"none\" }\n[recipe.date]\ndates = \"cyclic\"\n";
    let folder = seasons(&format!("{settings}[recipe.feature.weight]\nclip = \"none\"\n"));
    folder.run(&["run"]).expect(0);
    let steps = recipe(&folder);
    let of = |feature: &str, step: &str| {
        let found = steps.iter().find(|s| s["feature"] == feature && s["step"] == step);
        found.unwrap_or_else(|| panic!("{feature} {step}: {steps:?}"))["learned"].clone()
    };
    let weight = of("weight", "number");
    assert_eq!(weight["missing_is"], -5.0, "the constant of the kind");
    assert_eq!(weight["low"], Value::Null, "no bounds, as the feature says");
    assert_eq!(of("bought", "cyclic")["part"], "month");
    assert!(of("review", "frequency")["shares"].as_object().unwrap().is_empty(), "each review is there once");
    assert_eq!(of("review", "impute")["missing_is"], "none");
    let shown = folder.run(&["show", "--recipe"]).expect(0).stdout;
    assert!(shown.contains("missing is none"), "{shown}");
    assert!(shown.contains("weight") && shown.contains("missing is -5"), "{shown}");
}

#[test]
fn a_long_text_that_was_learned_is_cut_where_it_is_printed() {
    let long = "a parcel that came late and whose box was open, so that half of it was gone".to_owned();
    let filled = format!("[recipe.text]\nimpute = {{ constant = \"{long}\" }}\nencode = \"words\"\n");
    let folder = seasons(&filled);
    folder.run(&["run", "--quiet"]).expect(0);
    let printed = folder.run(&["show", "--recipe"]).expect(0).stdout;
    assert!(printed.contains("missing is a parcel that came") && !printed.contains("half of it"), "{printed}");
    assert!(recipe(&folder).iter().any(|step| step["learned"]["missing_is"] == long.as_str()));
}

#[test]
fn values_of_personal_features_are_not_shown_and_another_recipe_is_another_search() {
    let folder = seasons("[recipe.text]\nencode = \"ordinal\"\n");
    folder.edit("ropeway.toml", "static = true", "static = true\npersonal = [\"review\"]");
    folder.run(&["run"]).expect(0);
    let steps = recipe(&folder);
    let review = steps.iter().find(|step| step["feature"] == "review" && step["step"] == "ordinal").unwrap();
    assert_eq!(review["learned"], serde_json::json!({ "personal": true }));
    let executed = |report: &Value| {
        let steps = report["steps"].as_array().unwrap().iter().filter(|step| step["state"] == "executed");
        steps.map(|step| step["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let again = folder.run(&["run", "--json"]).expect(0).json();
    assert_eq!(executed(&again), [""; 0], "nothing changed");
    folder.edit("ropeway.toml", "\"ordinal\"", "\"hashing\"");
    let changed = executed(&folder.run(&["run", "--json"]).expect(0).json());
    assert!(
        changed.contains(&"learn:linear".to_owned()) && changed.contains(&"learn:boosted".to_owned()),
        "{changed:?}"
    );
    assert!(!changed.contains(&"learn:baseline".to_owned()) && !changed.contains(&"split".to_owned()), "{changed:?}");
}

#[test]
fn steps_that_cannot_be_done_are_refused_before_anything_runs() {
    let refused = |recipe: &str, says: &[&str]| {
        reviews(recipe).fails(&["check"], 1, says);
    };
    refused("[recipe.feature.reviw]\nencode = \"words\"\n", &["unknown-feature", "did you mean `review`?"]);
    let two = "[recipe.feature.review]\nencode = \"words\"\n";
    refused(
        &format!("{two}[recipe.feature.wight]\nclip = \"none\"\n"),
        &["[recipe.feature.wight]\n   |                 ^"],
    );
    refused(
        &format!("{two}[recipe.feature.\"wei ght\"]\nclip = \"none\"\n"),
        &["\"wei ght\"]\n   |                 ^"],
    );
    refused("[recipe.feature.weight]\nencode = \"words\"\n", &["recipe-step", "recipe.text"]);
    refused("[recipe.text]\nimpute = \"mean\"\n", &["recipe-step", "recipe.number"]);
    refused("[recipe.number]\nimpute = { constant = \"none\" }\n", &["recipe-step", "recipe.text"]);
    refused("[recipe.text]\nimpute = { constant = [1] }\n", &["a number or a text"]);
    refused("[recipe.text]\nimpute = { constant = \"\" }\n", &["out-of-range", "not empty"]);
    refused("[recipe.number]\nclip = { quantile = 0.7 }\n", &["out-of-range", "between 0 and 0.5"]);
    refused("[recipe.number]\nscale = \"maxabs\"\n", &["maxabs"]);
    reviews("[recipe.number]\nscale = \"robust\"\n").run(&["check"]).expect(0);
}
