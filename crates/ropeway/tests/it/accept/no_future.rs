//! Demonstration 1, No future: what would see the future is refused before any training, with the path it took and the
//! remedy; the clean project is accepted, and the experiment finds nothing. Control: the rule loosened by one
//! microsecond, passed into the same proof, is caught.

use ropeway_feature::Rule;
use ropeway_project::{Project, SectionSpec};
use ropeway_registry::GateSettings;

use super::flights;
use crate::ropeway::Folder;

/// Edits the clean project, expects `check` to refuse it and to say all this, and puts it back.
#[track_caller]
fn refused(folder: &Folder, edits: &[(&str, &str)], says: &[&str]) {
    let clean = folder.read("ropeway.toml");
    for (from, to) in edits {
        folder.edit("ropeway.toml", from, to);
    }
    let ended = folder.run(&["check"]).expect(3).says("--> ropeway.toml:").says("remedy: ");
    says.iter().fold(ended, |ended, text| ended.says(text));
    let told = folder.run(&["check", "--json"]).expect(3).json();
    assert_eq!(told["status"], "refused");
    assert!(told["problem"]["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{told}");
    let trained = folder.run(&["run", "--sample", "5%", "--quiet"]).expect(3);
    says.iter().fold(trained, |ended, text| ended.says(text));
    folder.write("ropeway.toml", &clean);
}

#[test]
fn what_would_see_the_future_is_refused_with_its_path_and_the_remedy() {
    let folder = flights();
    folder.run(&["check"]).expect(0);
    // `dep_delay` in a derived feature, among the request columns, and under another name two SQL tables deep.
    refused(
        &folder,
        &[("[derive]", "[derive]\nlost = \"dep_delay * 2\"")],
        &[
            "[derive] lost",
            "`dep_delay`",
            "flights_clean.dep_delay (tables/flights_clean.sql:3)",
            "<- flights.dep_delay",
        ],
    );
    refused(
        &folder,
        &[("\"sched_at\"]", "\"sched_at\", \"dep_delay\"]")],
        &["request names `dep_delay`", "flights_clean.dep_delay", "<- flights.dep_delay"],
    );
    folder.write("tables/slips.sql", "SELECT *, dep_delay + 0 AS slip\nFROM flights_clean\n");
    folder
        .write("tables/habits.sql", "SELECT *, CASE WHEN slip > 5 THEN 'late' ELSE 'fine' END AS habit\nFROM slips\n");
    refused(
        &folder,
        &[
            (
                "[[check]]",
                "[table.slips]\nsql = \"tables/slips.sql\"\n\n[table.habits]\nsql = \"tables/habits.sql\"\n\n[[check]]",
            ),
            ("[examples]\ntable = \"flights_clean\"", "[examples]\ntable = \"habits\""),
            ("\"sched_at\"]", "\"sched_at\", \"habit\"]"),
        ],
        &["`habit`", "habits.habit (tables/habits.sql:1)", "slips.slip (tables/slips.sql:1)", "<- flights.dep_delay"],
    );
    // An exact lookup into the flights' own outcomes.
    for on in ["tailnum", "time_hour\", \"carrier\", \"flight"] {
        let own = format!(
            "[lookup.own]\ntable = \"flights_clean\"\non = [\"{on}\"]\ntake = [\"arr_delay\"]\n\n[lookup.plane]"
        );
        refused(
            &folder,
            &[("[lookup.plane]", &own)],
            &["[lookup.own] looks exactly into `flights_clean`", "flights_clean.arr_delay", "<- flights.arr_delay"],
        );
    }
    // A table that states an earlier time than its inputs have.
    refused(
        &folder,
        &[("[table.flights_clean]", "[table.flights_clean]\nknown_at = \"time_hour\"")],
        &["states an earlier known-at than its inputs have", "336776 rows", "known_at = \"time_hour\""],
    );
    // A lookup into a table that is neither static nor timed.
    refused(
        &folder,
        &[("planes.csv.gz\"\nnull = [\"NA\"]\nstatic = true", "planes.csv.gz\"\nnull = [\"NA\"]")],
        &["[lookup.plane]: table `planes` is neither static nor timed", "static = true"],
    );
    folder.run(&["check"]).expect(0);
}

#[test]
fn a_table_may_state_a_later_time() {
    let folder = flights();
    let later = "known_at = \"time_hour + (minute + dep_delay + air_time + 90) * INTERVAL '1 minute'\"";
    folder.edit("ropeway.toml", "[table.flights_clean]", &format!("[table.flights_clean]\n{later}"));
    folder.run(&["check"]).expect(0);
}

#[test]
fn another_future_changes_no_example() {
    let folder = flights();
    let proof = folder.run(&["check", "--prove", "--json"]).expect(0).json()["proof"].clone();
    assert_eq!(proof["differing"], 0);
    assert!(proof["times"].as_array().unwrap().len() >= 5, "{proof}");
    for counted in ["examples", "values", "overwritten", "added", "removed"] {
        assert!(proof[counted].as_u64().unwrap() > 10_000, "{counted}: {proof}");
    }
}

/// The control of the proof.
#[test]
fn a_rule_loosened_by_one_microsecond_is_caught_by_the_same_proof() {
    let folder = flights();
    let project = Project::load_with(folder.path(), &[SectionSpec::list::<GateSettings>("gate")]).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let loosened = Some(Rule::LOOSENED_BY_ONE_MICROSECOND);
    let report = runtime.block_on(ropeway_run::check_with(&project, loosened)).unwrap();
    assert!(!report.holds());
    let proof = report.proof.unwrap();
    assert!(proof.differing > 0);
    // It is the examples at the very time from which on the future is another one that see it.
    for difference in &proof.differences {
        assert_eq!(difference.at, Some(difference.time), "{difference:?}");
    }
}
