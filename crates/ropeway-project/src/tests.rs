//! Behaviour of the project file as a whole: the flagship's sketch loads, and each slip is located and explained.

use std::path::Path;

use ropeway_vocab::{Place, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Project, SectionSpec, schema};

const SKETCH: &str = include_str!("sketch.toml");

/// A stand-in for the section that the binary registers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Gate {
    /// What must hold.
    that: String,
}

const SECTIONS: [SectionSpec; 1] = [SectionSpec::list::<Gate>("gate")];

fn load(text: &str) -> Result<Project, Vec<Problem>> {
    Project::from_text(Path::new("."), text.to_owned(), &SECTIONS)
}

/// Replaces `from`, which must be there, and expects one problem at the line and column of `at` in the changed text.
fn check(from: &str, to: &str, at: &str, what: &str, remedy: &str) {
    assert!(SKETCH.contains(from), "{from}");
    let text = SKETCH.replacen(from, to, 1);
    let problems = load(&text).expect_err(to);
    assert_eq!(problems.len(), 1, "{problems:?}");
    let problem = &problems[0];
    assert!(problem.what().contains(what), "{problem}");
    assert!(problem.advice().unwrap_or_default().contains(remedy), "{problem}");
    let expected = Place::at_offset("ropeway.toml", &text, text.find(at).unwrap_or_else(|| panic!("no {at}")));
    assert_eq!(problem.place(), Some(&expected), "{problem}");
}

#[test]
fn the_sketch_of_the_design_loads() {
    let project = load(SKETCH).unwrap();
    assert_eq!((project.name(), project.seed()), ("flight-delays", 7));
    assert_eq!(project.settings.source.keys().collect::<Vec<_>>(), ["flights", "weather", "planes"]);
    assert_eq!(project.features().lookup["plane"].take, ["manufacturer", "seats", "year"]);
    let gates: Vec<Gate> = project.section("gate").unwrap().unwrap();
    assert_eq!(gates[0].that, "holdout.average_precision.low >= 0.40");
    assert_eq!(project.section::<Vec<Gate>>("nothing").unwrap(), None);
}

#[test]
fn a_slip_in_a_value_names_the_nearest_one() {
    check("over = \"7 days\"", "over = \"7 dyas\"", "\"7 dyas\"", "is not a span of time", "did you mean `days`?");
    let month = "a month has no fixed length; write it in days, for example \"30 days\"";
    check("over = \"7 days\"", "over = \"1 month\"", "\"1 month\"", "is not a span of time", month);
    check("otherwise = \"reject\"", "otherwise = \"rejekt\"", "\"rejekt\"", "cannot be `rejekt`", "\"reject\"");
    check("by = \"time\", share", "by = \"tim\", share", "\"tim\"", "`by` cannot be `tim`", "\"time\"");
}

#[test]
fn a_wrong_type_says_what_is_needed() {
    check("trials = 20", "trials = 2.5", "2.5", "`trials` must be a whole number", "`trials`");
    check("static = true", "static = \"yes\"", "\"yes\"", "`static` must be true or false", "dimension");
    check("on = [\"origin\"]", "on = 3", "3\nas_of", "`on` has none of the forms", "Request columns to match");
}

#[test]
fn names_that_must_exist_or_differ_are_checked_across_sections() {
    check(
        "table = \"weather_clean\"\non",
        "table = \"wether\"\non",
        "\"wether\"",
        "no source or table named",
        "`weather`",
    );
    check(
        "[table.weather_clean]",
        "[table.weather]",
        "weather]\nsql",
        "is the name of a source already",
        "`weather_clean`",
    );
    check(
        "[window.carrier_late_7d]",
        "[window.plane_year]",
        "plane_year]",
        "two features are named `plane_year`",
        "rename",
    );
    check("day_of_week =", "label =", "label = \"date", "a feature cannot be named `label`", "choose another");
    check("[lookup.plane]", "[lookup.\"a b\"]", "\"a b\"]", "`a b` cannot be the name of a lookup", "letters");
    check("name = \"flight-delays\"", "name = \"a/b\"", "\"a/b\"", "cannot be the name of a project", "letters");
}

#[test]
fn a_column_stands_once_in_a_key() {
    let remedy = "each column of the key once";
    let examples = "[examples]\nkey = [\"carrier\", \"origin\", \"carrier\"]\n";
    let twice = "\"carrier\"]\ntable = \"flights_clean\"";
    check("[examples]\n", examples, twice, "`key` of [examples] names `carrier` twice", remedy);
    let source = "\"flight\", \"flight\"]";
    check("\"flight\"]\nknown", &format!("{source}\nknown"), "\"flight\"]\nknown", "`key` of [source.flights]", remedy);
}

#[test]
fn numbers_out_of_range_stand_on_their_line() {
    check("share = 0.2", "share = 1.5", "1.5", "the holdout's `share` is 1.5", "0.2");
    check("trials = 20", "trials = 0", "tune]", "out of its range", "at least 1");
    check(
        "false_negative = 5.0",
        "false_negative = -5.0",
        "false_negative = -5.0",
        "false_negative` is out of its range",
        "not negative",
    );
    let huge = "false_negative` is out of its range";
    check("false_negative = 5.0", "false_negative = 1e308", "false_negative = 1e308", huge, "larger unit");
    check("over = \"7 days\"", "over = \"0 days\"", "\"0 days\"", "is no time at all", "7 days");
}

#[test]
fn a_project_without_time_cannot_use_time() {
    let text = SKETCH.replacen("at = \"sched_at - INTERVAL '2 hours'\"\n", "", 1);
    let codes: Vec<&str> = load(&text).unwrap_err().iter().map(Problem::code).collect();
    assert_eq!(codes, ["lookup-needs-time", "window-needs-time", "split-needs-time", "split-needs-time"]);
}

#[test]
fn a_missing_section_is_named_with_an_example_of_it() {
    let problems = load("[project]\nname = \"x\"\n[source.a]\npath = \"a.csv\"\n").unwrap_err();
    assert!(problems[0].what().contains("no [examples] section"), "{problems:?}");
    assert!(problems[0].advice().unwrap().contains("label"));
    let problems = load("").unwrap_err();
    assert!(problems[0].what().contains("no [source] section"), "{problems:?}");
}

#[test]
fn a_problem_of_a_crate_below_is_given_its_line() {
    let project = load(SKETCH).unwrap();
    let line = |needle: &str| Some(Place::at_offset("ropeway.toml", SKETCH, SKETCH.find(needle).unwrap()));
    let located = |problem: Problem| project.located(problem).place().cloned();
    let named = |what: &str| located(Problem::invalid("x", what));
    assert_eq!(named("[lookup.weather]: table `x` is untimed"), line("weather]\ntable"));
    assert_eq!(
        named("`known_ahead` of source `flights` names column `dest`, which"),
        line("\"dest\", \"tailnum\", \"distance\"]")
    );
    assert_eq!(named("[lookup.plane] looks exactly into `planes`, whose `seats` is"), line("\"seats\", \"year\""));
    assert_eq!(named("nothing that is named"), None);
    let inside = |file: &str, sql: &str, column: u64| {
        located(Problem::invalid("x", "y").at(Place::at_line(file, sql, 1, column)))
    };
    assert_eq!(inside("[derive] day_of_week", "date_part('dow', sched_at)", 18), line("sched_at)\"\n\n[split"));
    assert_eq!(inside("check of `flights_clean`", "distance BETWEEN 1 AND 6000", 1), line("distance BETWEEN"));
    assert_eq!(
        inside("[window.carrier_late_7d] value", "CASE WHEN arr_delay > 15 THEN 1.0 ELSE 0.0 END", 11),
        line("arr_delay > 15 THEN")
    );
    let elsewhere = Place::line("tables/a.sql", 3);
    assert_eq!(located(Problem::invalid("x", "[derive] day_of_week").at(elsewhere.clone())), Some(elsewhere));
}

#[test]
fn definitions_hold_sql_columns_and_paths_that_do_not_travel() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[project]\nname = \"x\"\n[source.a]\npath = \"a.csv\"\n[table.t]\nsql = \"t.sql\"\n[examples]\ntable = \"t\"\nlabel = \"y\"\nrequest = [\"x\"]\n";
    std::fs::write(folder.path().join("a.csv"), "x,y\n1,true\n2,false\n").unwrap();
    let project = Project::from_text(folder.path(), text.to_owned(), &[]).unwrap();
    std::fs::write(folder.path().join("t.sql"), " \n").unwrap();
    let problem = project.definitions().unwrap_err();
    assert_eq!(problem.code(), "sql-empty");
    std::fs::write(folder.path().join("t.sql"), "SELECT * FROM a").unwrap();
    let definitions = project.definitions().unwrap();
    assert_eq!(definitions.sources["a"].settings.path, "a.csv", "by their files two sources are told to be the same");
    assert_eq!(definitions.without_paths().sources["a"].settings.path, "");
    assert_eq!(definitions.sources["a"].columns.len(), 2);
    assert_eq!(definitions.tables["t"].sql_text, "SELECT * FROM a");
}

#[test]
fn a_folder_inside_a_project_says_where_the_project_is() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ropeway.toml"), SKETCH).unwrap();
    let below = folder.path().join("data");
    std::fs::create_dir(&below).unwrap();
    assert!(Project::load(&below).unwrap_err().advice().unwrap().contains("-C"));
    std::fs::write(folder.path().join("ropeway.toml"), b"[project]\nname = \"\xff\"").unwrap();
    let problem = Project::load(folder.path()).unwrap_err();
    assert_eq!((problem.code(), problem.place().and_then(|place| place.line)), ("not-utf8", Some(2)));
}

#[test]
fn the_schema_covers_every_section_and_refuses_others() {
    let schema = schema(&SECTIONS);
    let sections: Vec<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    for section in [
        "project", "source", "table", "check", "examples", "lookup", "window", "derive", "split", "recipe", "learn",
        "accept", "gate",
    ] {
        assert!(sections.contains(&section), "{section}");
    }
    assert_eq!(schema["additionalProperties"], false);
    let text = schema.to_string();
    let references: Vec<&str> =
        text.split("\"#/definitions/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(!references.is_empty());
    for reference in references {
        assert!(schema["definitions"].get(reference).is_some(), "{reference} is not defined");
    }
    assert!(!text.contains("#/$defs/"));
}
