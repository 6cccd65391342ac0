//! What columns and rows depend on.

use crate::TablePlan;
use crate::fixture::plan;

fn values(plan: &TablePlan, column: &str) -> Vec<String> {
    let lineage = plan.lineage("t", column, &[]).unwrap();
    lineage.values.iter().map(|dep| format!("{}.{}", dep.source, dep.column)).collect()
}

fn ahead(plan: &TablePlan, column: &str) -> bool {
    plan.schema("t").unwrap().column(column).unwrap().known_ahead
}

/// The columns that a column `x` of this SQL depends on, and whether it is known ahead.
fn x(sql: &str) -> (Vec<String>, bool) {
    let plan = plan(&[("t", sql)]);
    (values(&plan, "x"), ahead(&plan, "x"))
}

fn is(found: (Vec<String>, bool), values: &[&str], ahead: bool) {
    assert_eq!((found.0.iter().map(String::as_str).collect::<Vec<_>>(), found.1), (values.to_vec(), ahead));
}

#[test]
fn a_value_depends_on_what_it_is_computed_from() {
    is(x("SELECT sched + INTERVAL '1 hour' AS x FROM flights"), &["flights.sched"], true);
    is(x("SELECT CASE WHEN dep_delay > 0 THEN id END AS x FROM flights"), &["flights.dep_delay", "flights.id"], false);
    is(x("SELECT 1 AS x FROM flights"), &[], true);
    is(x("SELECT a.y AS x FROM (SELECT id + 1 AS y FROM flights) a WHERE a.y > 0"), &["flights.id"], true);
}

#[test]
fn what_a_branch_of_a_union_leaves_out_shows_in_its_literals() {
    let late = "SELECT 1 AS x FROM flights WHERE dep_delay > 15 UNION ALL SELECT 0 FROM flights WHERE dep_delay <= 15";
    let later = |sql: &str| {
        let (values, ahead) = x(sql);
        assert!(values.contains(&"flights.dep_delay".to_string()) && !ahead, "{sql}: {values:?}");
    };
    later(late);
    later(&late.replace("UNION ALL", "UNION"));
    later(&format!("SELECT l.x FROM flights f JOIN ({late}) l ON f.id = l.x"));
    let two = plan(&[("a", late), ("t", "SELECT x FROM a")]);
    assert!(!ahead(&two, "x"));
    assert!(x("SELECT id AS x FROM flights UNION ALL SELECT 0 FROM flights").1, "without a filter nothing is told");
}

#[test]
fn how_many_rows_stay_of_equal_ones_depends_on_what_makes_them_equal() {
    // Of a flight with one value of the column, one row stays; of a flight with another one, two.
    let both = |joint: &str| format!("SELECT id, dep_delay AS d FROM flights {joint} SELECT id, 0.0 FROM flights");
    let counted = |rows: &str| format!("SELECT id, count(*) AS x FROM ({rows}) r GROUP BY id");
    for rows in [
        both("UNION"),
        format!("SELECT DISTINCT id, d FROM ({}) b", both("UNION ALL")),
        format!("SELECT id, d FROM ({}) b GROUP BY id, d", both("UNION ALL")),
        format!("SELECT id, max(d) AS m FROM ({}) b GROUP BY id, d > 0", both("UNION ALL")),
    ] {
        for sql in [
            counted(&rows),
            format!("SELECT id, count(*) OVER (PARTITION BY id) AS x FROM ({rows}) r"),
            format!("SELECT f.id, c.x FROM flights f JOIN ({}) c ON f.id = c.id", counted(&rows)),
        ] {
            let (values, ahead) = x(&sql);
            assert!(values.contains(&"flights.dep_delay".to_string()) && !ahead, "{sql}: {values:?}");
        }
    }
    assert!(
        x(&counted(&both("UNION").replace("dep_delay", "sched").replace("0.0", "sched"))).1,
        "a plan of the flights"
    );
    let distinct = plan(&[("t", "SELECT DISTINCT id, dep_delay FROM flights")]);
    assert!(distinct.later_known_rows("t", &[], &[]).unwrap().is_empty(), "every flight has a row");
    assert!(ahead(&distinct, "id"), "which value it is does not depend on the others");
    let across = plan(&[
        (
            "a",
            "SELECT DISTINCT id, dep_delay > 0 AS late FROM (SELECT * FROM flights UNION ALL SELECT * FROM flights) f",
        ),
        ("t", "SELECT id, count(*) AS x FROM a GROUP BY id"),
    ]);
    assert!(!ahead(&across, "x"));
}

#[test]
fn a_path_goes_two_tables_deep_and_names_files_and_lines() {
    let plan = plan(&[
        ("flights_a", "SELECT id,\n\n  dep_delay * 2 AS delay2\nFROM flights"),
        ("t", "SELECT id,\n  -delay2 AS slip\nFROM flights_a"),
    ]);
    let lineage = plan.lineage("t", "slip", &[]).unwrap();
    assert_eq!(lineage.values.len(), 1);
    assert_eq!(
        lineage.values[0].path,
        ["t.slip (tables/t.sql:2)", "flights_a.delay2 (tables/t.sql:3)", "flights.dep_delay"]
    );
    assert!(!lineage.values[0].known_ahead && !ahead(&plan, "slip") && ahead(&plan, "id"));
}

#[test]
fn filters_and_joins_decide_rows_and_not_values() {
    let plan = plan(&[("t", "SELECT id AS x FROM flights WHERE dep_delay IS NOT NULL AND carrier = 'AA'")]);
    is((values(&plan, "x"), ahead(&plan, "x")), &["flights.id"], true);
    let found: Vec<String> = plan.later_known_rows("t", &[], &[]).unwrap().into_iter().map(|dep| dep.column).collect();
    assert_eq!(found, ["dep_delay"]);
    assert!(
        crate::fixture::plan(&[("t", "SELECT id FROM flights WHERE carrier = 'AA'")])
            .later_known_rows("t", &[], &[])
            .unwrap()
            .is_empty()
    );
    let join = crate::fixture::plan(&[("t", "SELECT f.id AS x FROM flights f JOIN weather w ON w.time = f.sched")]);
    is((values(&join, "x"), ahead(&join, "x")), &["flights.id"], true);
    assert_eq!(join.later_known_rows("t", &[], &[]).unwrap()[0].column, "time");
    let limit = crate::fixture::plan(&[("t", "SELECT id AS x FROM flights ORDER BY dep_delay LIMIT 3")]);
    assert_eq!(limit.later_known_rows("t", &[], &[]).unwrap()[0].column, "dep_delay");
}

#[test]
fn a_column_picked_by_a_later_known_value_is_later_known() {
    let seats = "SELECT p.seats AS x FROM flights f JOIN planes p ON p.seats = f.dep_delay";
    is(x(seats), &["flights.dep_delay", "planes.*", "planes.seats"], false);
    is(
        x("SELECT p.seats AS x FROM planes p, flights f WHERE p.seats = f.dep_delay"),
        &["flights.dep_delay", "planes.*", "planes.seats"],
        false,
    );
    is(
        x("SELECT p.seats AS x FROM planes p JOIN flights f ON p.seats < f.dep_delay"),
        &["flights.dep_delay", "planes.*", "planes.seats"],
        false,
    );
    is(
        x("SELECT p.seats AS x FROM flights f LEFT JOIN planes p USING (tailnum)"),
        &["flights.tailnum", "planes.*", "planes.seats", "planes.tailnum"],
        true,
    );
    is(
        x("SELECT p.seats AS x FROM flights f LEFT JOIN planes p USING (tailnum) WHERE f.dep_delay > 0"),
        &["flights.tailnum", "planes.*", "planes.seats", "planes.tailnum"],
        true,
    );
}

#[test]
fn a_lateral_side_sees_what_stands_beside_it() {
    for (from, known_later) in [
        ("LEFT JOIN LATERAL (SELECT p.seats FROM planes p WHERE p.seats = f.dep_delay) l ON true", true),
        (
            "LEFT JOIN LATERAL (SELECT p.seats FROM planes p WHERE p.tailnum = CASE WHEN f.dep_delay > 15 THEN 'N1' ELSE 'N2' END) l ON true",
            true,
        ),
        (", LATERAL (SELECT p.seats FROM planes p WHERE f.dep_delay > 15) l", true),
        (", LATERAL (SELECT max(p.seats) AS seats FROM planes p) l", false),
    ] {
        let (values, ahead) = x(&format!("SELECT l.seats AS x FROM flights f {from}"));
        assert_eq!((values.contains(&"flights.dep_delay".to_string()), ahead), (known_later, !known_later), "{from}");
    }
    let deep =
        "SELECT l.seats AS s FROM flights f, LATERAL (SELECT p.seats FROM planes p WHERE p.seats = f.dep_delay) l";
    assert!(!ahead(&plan(&[("a", deep), ("t", "SELECT s AS x FROM a")]), "x"));
    let picked = "SELECT p.seats AS x FROM planes p, LATERAL (SELECT id FROM flights f WHERE f.dep_delay = p.seats) l";
    assert!(!x(picked).1, "the rows of the lateral side pick the static one");
}

#[test]
fn an_aggregate_depends_on_its_rows_and_groups() {
    is(x("SELECT carrier, count(*) AS x FROM flights GROUP BY carrier"), &["flights.*", "flights.carrier"], true);
    is(
        x("SELECT carrier, count(*) AS x FROM flights WHERE dep_delay > 0 GROUP BY carrier"),
        &["flights.*", "flights.carrier", "flights.dep_delay"],
        false,
    );
    is(
        x("SELECT carrier, max(id) AS x FROM flights GROUP BY carrier"),
        &["flights.*", "flights.carrier", "flights.id"],
        true,
    );
    is(x("SELECT carrier AS x, avg(dep_delay) AS d FROM flights GROUP BY carrier"), &["flights.carrier"], true);
    // Rows of a source that knows nothing ahead are themselves later known.
    is(x("SELECT count(*) AS x FROM clicks"), &["clicks.*"], false);
    is(x("SELECT count(*) AS x FROM planes"), &["planes.*"], true);
}

#[test]
fn windows_and_subqueries_depend_on_all_they_read() {
    let (deps, ahead) = x("SELECT row_number() OVER (PARTITION BY carrier ORDER BY dep_delay) AS x FROM flights");
    assert!(deps.contains(&"flights.dep_delay".to_string()) && !ahead);
    is(x("SELECT (SELECT max(temp) FROM weather) AS x FROM flights"), &["weather.*", "weather.temp"], false);
    let (deps, _) = x("SELECT (SELECT count(*) FROM weather w WHERE w.time = f.sched) AS x FROM flights f");
    assert!(deps.contains(&"weather.time".to_string()) && deps.contains(&"flights.sched".to_string()), "{deps:?}");
}

#[test]
fn personal_values_stay_personal() {
    let plan = plan(&[("t", "SELECT upper(p.owner) AS o, p.seats FROM planes p")]);
    let schema = plan.schema("t").unwrap();
    assert!(schema.column("o").unwrap().personal && !schema.column("seats").unwrap().personal);
}

#[test]
fn up_and_downstream_follow_the_references() {
    let plan = plan(&[
        ("c", "SELECT id FROM b"),
        ("b", "SELECT a.id FROM a JOIN planes USING (tailnum)"),
        ("a", "SELECT id, tailnum FROM flights"),
    ]);
    assert_eq!(plan.downstream("flights").unwrap(), ["a", "b", "c"]);
    assert_eq!(plan.upstream("b").unwrap(), ["flights", "planes", "a", "b"]);
    assert_eq!(plan.inputs("b").unwrap(), ["a", "planes"]);
    assert!(plan.schema("bb").unwrap_err().to_string().contains("did you mean"));
}

#[test]
fn comments_and_white_space_do_not_change_the_normalized_text() {
    let text = |sql: &str| plan(&[("t", sql)]).normalized("t").unwrap().to_string();
    let one = text("SELECT id FROM flights WHERE id > 1");
    assert_eq!(one, text("-- a comment\nselect   id\nfrom flights /* here */ where id > 1"));
    assert_ne!(one, text("SELECT id FROM flights WHERE id > 2"));
    assert_ne!(one, text("SELECT id FROM flights WHERE id > 1.0"));
    assert_ne!(
        text("SELECT id - (dep_delay - 1) AS x FROM flights"),
        text("SELECT id - dep_delay - 1 AS x FROM flights")
    );
    let filter = |sql: &str| text(&format!("SELECT id FROM flights WHERE {sql}"));
    assert_ne!(filter("NOT (id > 0 OR dep_delay > 0)"), filter("NOT id > 0 OR dep_delay > 0"));
}
