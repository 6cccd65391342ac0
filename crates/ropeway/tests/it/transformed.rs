//! Numbers that are learned as logarithms: chosen where the metric prefers them, brought back as it asks, never below 0, with
//! contributions that add up on their scale. Prices that are sums and not products are the control.

use serde_json::Value;

use crate::ropeway::Folder;

const ROWS: usize = 1_500;

/// A number in [0, 1) for a row and a purpose.
fn draw(row: usize, purpose: u64) -> f64 {
    let mut z = (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ purpose.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 29)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Normal enough.
fn error(row: usize) -> f64 {
    (0..12).map(|part| draw(row, 10 + part)).sum::<f64>() - 6.0
}

/// What is known of a row: a size, and whether it is new.
fn known(row: usize) -> (f64, bool) {
    (draw(row, 1), draw(row, 2) > 0.6)
}

/// What moves the price multiplies it.
fn product(row: usize) -> f64 {
    let (size, new) = known(row);
    (3.0 + 3.0 * size + if new { 0.7 } else { 0.0 } + 0.6 * error(row)).exp()
}

/// What moves the price is added to it.
fn sum(row: usize) -> f64 {
    let (size, new) = known(row);
    100.0 + 300.0 * size + if new { 70.0 } else { 0.0 } + 8.0 * error(row)
}

fn homes(price: impl Fn(usize) -> f64) -> Folder {
    let folder = Folder::new();
    let mut text = "home,size,new,price\n".to_owned();
    for row in 0..ROWS {
        let (size, new) = known(row);
        text.push_str(&format!("{row},{size},{new},{}\n", price(row)));
    }
    folder.write("homes.csv", text);
    folder
}

fn project(price: impl Fn(usize) -> f64, learn: &str) -> Folder {
    let folder = homes(price);
    folder.write(
        "ropeway.toml",
        format!(
            "[project]\nname = \"homes\"\n[source.homes]\npath = \"homes.csv\"\nkey = [\"home\"]\nstatic = true\n\
             [examples]\ntable = \"homes\"\nlabel = \"price\"\nrequest = [\"size\", \"new\"]\n\
             [learn]\ntask = \"regression\"\n{learn}\n[learn.tune]\ntrials = 4\n[learn.boosted]\nrounds = 60\n\
             [learn.linear]\nstrength = [1.0]\n"
        ),
    );
    folder
}

const BOTH: &str = "target_transform = [\"identity\", \"log\"]\nlearners = [\"linear\"]\n";
const LOG: &str = "target_transform = [\"log\"]\nlearners = [\"linear\"]\n";

fn said(folder: &Folder) -> Vec<Value> {
    folder.run(&["predict", "homes", "--in", "homes.csv", "--out", "said.jsonl"]).expect(0);
    folder.read("said.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn values(folder: &Folder) -> Vec<f64> {
    said(folder).iter().map(|said| said["predicted"].as_f64().unwrap()).collect()
}

fn figure(report: &Value, learner: &str, metric: &str) -> f64 {
    let lines = report["leaderboard"].as_array().unwrap();
    let line = lines.iter().find(|line| line["candidate"] == learner).unwrap();
    line["validation"][metric]["value"].as_f64().unwrap()
}

/// The first bytes of a package say its format.
fn format(folder: &Folder, report: &Value) -> u8 {
    let path = folder.path().join(report["model"]["package"].as_str().unwrap());
    std::fs::read(path).unwrap()[8]
}

#[test]
fn logarithms_are_taken_where_they_predict_better_and_nothing_is_said_below_zero() {
    let learn = format!("metric = \"mae\"\n{BOTH}");
    let folder = project(product, &learn);
    let report = folder.run(&["run", "--json"]).expect(0).json();
    assert_eq!(report["decision"]["target_transform"], "log");
    assert_eq!(format(&folder, &report), 2);
    for said in said(&folder) {
        let of = |field: &str| said[field].as_f64().unwrap();
        let (low, high) = (of("predicted_low"), of("predicted_high"));
        assert!(0.0 < low && low < of("predicted") && of("predicted") < high, "{said}");
    }
    let shown = folder.run(&["show"]).expect(0).stdout;
    assert!(shown.contains("learned as log(label)"), "{shown}");
    // The controls: learned as it is, a price is predicted below 0; prices that are sums are learned as they are.
    folder.edit("ropeway.toml", "[\"identity\", \"log\"]", "[\"identity\"]");
    let plain = folder.run(&["run", "--json"]).expect(0).json();
    assert!(figure(&report, "linear", "mae") < 0.85 * figure(&plain, "linear", "mae"), "{}", plain["leaderboard"]);
    assert!(values(&folder).iter().any(|value| *value < 0.0));
    assert_eq!((plain["decision"].get("target_transform"), format(&folder, &plain)), (None, 1));
    let sums = project(sum, &learn).run(&["run", "--json"]).expect(0).json();
    assert_eq!(sums["decision"].get("target_transform"), None, "{}", sums["decision"]);
}

#[test]
fn means_are_brought_back_by_smearing_and_medians_as_they_are() {
    let folder = project(product, &format!("metric = \"mae\"\n{LOG}"));
    let median = folder.run(&["run", "--json"]).expect(0).json();
    let middle = values(&folder);
    folder.edit("ropeway.toml", "metric = \"mae\"", "metric = \"rmse\"");
    let mean = folder.run(&["run", "--json"]).expect(0).json();
    // Duan's estimate, from the rows that were learned from.
    let sql = "SELECT home FROM examples WHERE label IS NOT NULL";
    let answer = folder.run(&["query", sql, "--limit", "2000", "--json"]).expect(0).json();
    let learned: Vec<usize> =
        answer["rows"].as_array().unwrap().iter().map(|row| row["home"].as_u64().unwrap() as usize).collect();
    let smear = learned.iter().map(|row| product(*row) / middle[*row]).sum::<f64>() / learned.len() as f64;
    assert!(learned.len() < ROWS && smear > 1.15, "{smear}");
    for (value, middle) in values(&folder).into_iter().zip(middle) {
        assert!((value / middle / smear - 1.0).abs() < 1e-9, "{value} {middle} {smear}");
    }
    // That medians fall short of means is told, with what to do where sums count.
    let biased = |report: &Value| {
        report["findings"].as_array().unwrap().iter().find(|found| found["code"] == "biased-mean").cloned()
    };
    let found = biased(&median).unwrap_or_else(|| panic!("{}", median["findings"]));
    assert!(
        found["message"].as_str().unwrap().contains("too low") && found["remedy"].as_str().unwrap().contains("rmse"),
        "{found}"
    );
    assert_eq!(biased(&mean), None);
    let off = |report: &Value| report["leaderboard"][0]["validation"]["mean_error"].clone();
    let (mean, median) = (off(&mean), off(&median));
    assert!(mean["low"].as_f64().unwrap() < 0.0 && mean["high"].as_f64().unwrap() > 0.0, "{mean}");
    assert!(median["high"].as_f64().unwrap() < 0.0, "medians lie below means: {median}");
}

#[test]
fn contributions_add_up_to_the_logarithm_and_are_told_as_factors() {
    for (transform, learner) in [("log", "linear"), ("log", "boosted"), ("log1p", "boosted")] {
        let learn = format!("target_transform = [\"{transform}\"]\nlearners = [\"{learner}\"]\n");
        let folder = project(product, &learn);
        folder.run(&["run"]).expect(0);
        let why = folder.run(&["explain", "homes", "--key", "7", "--json"]).expect(0).json();
        let why = if why["explanation"].is_object() { &why["explanation"] } else { &why };
        let parts = why["features"].as_array().unwrap().iter().map(|feature| feature["contribution"].as_f64().unwrap());
        let sum = why["bias"].as_f64().unwrap() + parts.sum::<f64>();
        let value = why["value"].as_f64().unwrap();
        let raw = if transform == "log" { value.ln() } else { value.ln_1p() };
        assert!(why["scale"] == transform && (sum - raw).abs() < 1e-9, "{sum} {raw} {why}");
        assert!((why["raw"].as_f64().unwrap() - sum).abs() < 1e-9);
        let page = folder.run(&["explain", "homes", "--key", "7"]).expect(0).stdout;
        assert!(page.contains("factor") && page.contains("logarithm of"), "{page}");
    }
}

/// A price that follows a power of the size, which spreads over orders of magnitude.
#[test]
fn a_model_of_logarithms_learns_far_skewed_features_as_theirs() {
    let folder = project(product, &format!("metric = \"mae\"\n{LOG}"));
    let mut text = "home,size,new,price\n".to_owned();
    for row in 0..ROWS {
        let size = 80.0 * (1.2 * error(row + 10_000)).exp();
        text.push_str(&format!("{row},{size},{},{}\n", known(row).1, size.powf(0.7) * (0.2 * error(row)).exp()));
    }
    folder.write("homes.csv", text);
    let report = folder.run(&["run", "--json"]).expect(0).json();
    let shown = folder.run(&["show", "--recipe", "--json"]).expect(0).stdout;
    assert!(shown.contains("logarithm_of_1_plus_multiples_of"), "{shown}");
    assert_eq!(format(&folder, &report), 2);
    let why = folder.run(&["explain", "homes", "--key", "7", "--json"]).expect(0).json();
    let why = if why["explanation"].is_object() { &why["explanation"] } else { &why };
    let parts = why["features"].as_array().unwrap().iter().map(|feature| feature["contribution"].as_f64().unwrap());
    let (sum, value) = (why["bias"].as_f64().unwrap() + parts.sum::<f64>(), why["value"].as_f64().unwrap());
    assert!((sum - value.ln()).abs() < 1e-9, "{why}");
    // The control: a scale that is set holds.
    let toml = folder.read("ropeway.toml");
    folder.write("ropeway.toml", format!("{toml}[recipe.number]\nscale = \"standard\"\n"));
    let plain = folder.run(&["run", "--json"]).expect(0).json();
    assert!(figure(&report, "linear", "mae") < 0.7 * figure(&plain, "linear", "mae"), "{}", plain["leaderboard"]);
    assert!(!folder.run(&["show", "--recipe", "--json"]).expect(0).stdout.contains("logarithm_of"));
}

#[test]
fn labels_that_have_no_logarithm_are_refused_with_their_count() {
    let some = |row: usize| if row % 100 == 7 { 0.0 } else { product(row) };
    let refused = ["15 of 1500 labels are 0", "log1p"];
    let folder = project(some, LOG);
    folder.fails(&["run"], 1, &refused);
    folder.edit("ropeway.toml", "\"log\"", "\"log1p\"");
    folder.run(&["run"]).expect(0);
    let below = |row: usize| if row % 100 == 7 { -5.0 } else { product(row) };
    project(below, LOG).fails(&["run"], 1, &["15 of 1500 labels are 0 or less", "-5"]);
    let classes = project(product, LOG);
    classes.edit("ropeway.toml", "task = \"regression\"", "task = \"binary\"");
    classes.edit("ropeway.toml", "label = \"price\"", "label = \"price > 100\"");
    classes.fails(&["check"], 1, &["target_transform", "a binary label is none"]);
}

#[test]
fn init_proposes_logarithms_of_skewed_positive_labels_alone() {
    let written = |price: &dyn Fn(usize) -> f64| {
        let folder = homes(price);
        folder.run(&["init", "homes.csv", "--label", "price"]).expect(0);
        folder.run(&["check"]).expect(0);
        folder.read("ropeway.toml")
    };
    assert!(written(&product).contains("target_transform = [\"identity\", \"log\"]"));
    let zeros = |row: usize| if row % 100 == 7 { 0.0 } else { product(row) + 1.0 };
    assert!(written(&zeros).contains("target_transform = [\"identity\", \"log1p\"]"));
    // The controls: sums, and the same with a debt among them.
    assert!(!written(&sum).contains("target_transform"));
    assert!(!written(&|row| if row == 7 { -5.0 } else { product(row) }).contains("target_transform"));
}
