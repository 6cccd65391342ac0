//! What columns and rows depend on.

use ropeway_vocab::ColumnType;

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
    assert!(distinct.later_known_rows("t").unwrap().is_empty(), "every flight has a row");
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
    let found: Vec<String> = plan.later_known_rows("t").unwrap().into_iter().map(|dep| dep.column).collect();
    assert_eq!(found, ["dep_delay"]);
    assert!(
        crate::fixture::plan(&[("t", "SELECT id FROM flights WHERE carrier = 'AA'")])
            .later_known_rows("t")
            .unwrap()
            .is_empty()
    );
    let join = crate::fixture::plan(&[("t", "SELECT f.id AS x FROM flights f JOIN weather w ON w.time = f.sched")]);
    is((values(&join, "x"), ahead(&join, "x")), &["flights.id"], true);
    assert_eq!(join.later_known_rows("t").unwrap()[0].column, "time");
    let limit = crate::fixture::plan(&[("t", "SELECT id AS x FROM flights ORDER BY dep_delay LIMIT 3")]);
    assert_eq!(limit.later_known_rows("t").unwrap()[0].column, "dep_delay");
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

/// Whether `x` is known ahead where rows are found by their `id`.
fn ahead_by_id(tables: &[(&str, &str)]) -> bool {
    let schema = plan(tables).schema_by("t", &["id".to_string()]).unwrap();
    schema.column("x").unwrap().known_ahead
}

#[test]
fn whatever_pairs_a_row_with_an_outcome_picks_what_stands_beside_it() {
    let pairs = "SELECT f.*, v.x FROM flights f CROSS JOIN (VALUES (0), (1)) v (x)";
    let twice = "SELECT *, 0 AS x FROM flights UNION ALL SELECT *, 1 FROM flights";
    let twice = twice.replace('*', "id, sched, dep_delay");
    for sql in [
        "SELECT f.id, v.x FROM (SELECT DISTINCT id % 2 AS x FROM flights) v JOIN flights f ON f.dep_delay = v.x",
        "SELECT f.id, v.x FROM flights f JOIN (SELECT DISTINCT id % 2 AS x FROM flights) v ON f.dep_delay = v.x",
        "SELECT f.id, v.x FROM (SELECT DISTINCT id % 2 AS x FROM flights) v LEFT JOIN flights f ON f.dep_delay = v.x",
        "SELECT f.id, c.carrier AS x FROM flights f, planes p, (SELECT DISTINCT id, carrier FROM flights) c \
         WHERE p.seats = f.dep_delay AND c.id = p.seats",
        &format!("SELECT id, x FROM ({pairs}) j WHERE x = dep_delay"),
        &format!("SELECT id, x FROM ({pairs}) j ORDER BY x = dep_delay LIMIT 3"),
        &format!("SELECT id, x FROM ({twice}) u WHERE x = dep_delay"),
        &format!(
            "SELECT id, x FROM ({twice}) u WHERE EXISTS (SELECT 1 FROM flights f WHERE f.id = u.id AND f.dep_delay = u.x)"
        ),
        &format!("{pairs} QUALIFY row_number() OVER (PARTITION BY f.id ORDER BY abs(v.x - f.dep_delay)) = 1"),
        &format!(
            "SELECT id, x FROM ({pairs}) u GROUP BY id, x HAVING max(CASE WHEN x = dep_delay THEN 1 ELSE 0 END) = 1"
        ),
        &format!("SELECT id, sched, x FROM ({pairs}) u INTERSECT SELECT id, sched, dep_delay FROM flights"),
    ] {
        assert!(!ahead_by_id(&[("t", sql)]), "{sql}");
    }
    assert!(!ahead_by_id(&[("a", pairs), ("t", "SELECT id, x FROM a WHERE x = dep_delay")]));
    assert!(!ahead_by_id(&[
        ("a", "VALUES (0), (1)"),
        ("b", "SELECT column1 AS x FROM a"),
        ("t", "SELECT f.id, b.x FROM b JOIN flights f ON b.x = f.dep_delay")
    ]));
    // What a key takes in has a row of its own for each, and a filter of them pairs outcomes all the same.
    let schema = |sql: &str| plan(&[("t", sql)]).schema_by("t", &["id".to_string(), "x".to_string()]).unwrap();
    assert!(!schema(&format!("SELECT id, x FROM ({pairs}) j WHERE x = dep_delay")).column("x").unwrap().known_ahead);
    let offered =
        format!("SELECT j.id, j.x, w.temp FROM ({pairs}) j LEFT JOIN weather w ON w.time = j.sched AND w.temp = j.x");
    assert!(schema(&offered).column("x").unwrap().known_ahead);
    assert!(!schema(&format!("{offered} WHERE w.temp IS NOT NULL")).column("x").unwrap().known_ahead);
}

#[test]
fn rows_that_may_still_come_are_not_known_ahead() {
    let (last, next) =
        ("max(sched) OVER (PARTITION BY carrier)", "lead(sched) OVER (PARTITION BY carrier ORDER BY sched)");
    for sql in [
        &format!("SELECT id, {last} AS x FROM flights"),
        &format!("SELECT id, {next} AS x FROM flights"),
        "SELECT f.id, l.x FROM flights f JOIN (SELECT carrier, max(sched) AS x FROM flights GROUP BY carrier) l USING (carrier)",
        "SELECT f.id, g.sched AS x FROM flights f JOIN flights g ON g.id = f.id + 1",
        "SELECT f.id, g.id IS NULL AS x FROM flights f LEFT JOIN flights g ON g.id = f.id + 1",
        "SELECT f.id, (SELECT max(sched) FROM flights) AS x FROM flights f",
    ] {
        let mut definitions = crate::fixture::definitions(&[("t", sql)]);
        let told = |definitions| {
            let plan = TablePlan::new(definitions).unwrap();
            plan.schema_by("t", &["id".to_string()]).unwrap().column("x").unwrap().known_ahead
        };
        assert!(told(definitions.clone()), "all flights of a timetable are known: {sql}");
        definitions.sources.get_mut("flights").unwrap().settings.planned = false;
        assert!(!told(definitions), "{sql}");
    }
}

/// Orders of two years, and a log of their versions.
fn years(sql: &str, key: &str, column: &str) -> (bool, Vec<String>) {
    let mut definitions = crate::fixture::definitions(&[("t", sql)]);
    let columns = [
        ("id", ColumnType::Integer),
        ("ver", ColumnType::Integer),
        ("x", ColumnType::Integer),
        ("o", ColumnType::Integer),
    ];
    for (name, path, own) in
        [("a", "a.csv", "id"), ("b", "b.csv", "id"), ("again", "./a.csv", "id"), ("log", "log.csv", "ver")]
    {
        let of_year = crate::fixture::source(&columns, |s| {
            s.path = path.to_string();
            s.key = vec![own.to_string()];
            s.known_ahead = ["id", "ver", "x"].map(str::to_string).to_vec();
            s.known_at = Some("to_timestamp(o)".to_string());
        });
        definitions.sources.insert(name.to_string(), of_year);
    }
    let plan = TablePlan::new(definitions).unwrap();
    let ahead = plan.schema_by("t", &[key.to_string()]).unwrap().column(column).unwrap().known_ahead;
    let rows = plan.later_known_rows("t").unwrap().into_iter().map(|dep| format!("{}.{}", dep.source, dep.column));
    (ahead, rows.collect())
}

#[test]
fn years_glued_together_are_one_table() {
    for sql in [
        "SELECT * FROM a UNION ALL SELECT * FROM b",
        "SELECT * FROM a UNION SELECT * FROM b",
        "SELECT * FROM a WHERE o > 0 UNION ALL SELECT * FROM b WHERE o > 0",
        "SELECT * FROM (SELECT * FROM a UNION ALL SELECT * FROM b) u WHERE o > 0",
        "SELECT id, x, o, 2023 AS year FROM a UNION ALL SELECT id, x, o, 2024 FROM b",
    ] {
        assert!(years(sql, "id", "x").0, "{sql}");
    }
    let year = |sql: &str| years(sql, "id", "year").0;
    assert!(year("SELECT id, x, o, 2023 AS year FROM a UNION ALL SELECT id, x, o, 2024 FROM b"));
    assert!(!year("SELECT id, x, o, 1 AS year FROM a WHERE o = 1 UNION ALL SELECT id, x, o, 0 FROM b WHERE o = 0"));
    // Two names of one file are the same rows twice.
    assert!(!year(
        "SELECT * FROM (SELECT id, o, 1 AS year FROM a UNION ALL SELECT id, o, 0 FROM again) u WHERE year = o"
    ));
    // Looked into beside another table, a row of them may still come.
    assert!(
        !years(
            "SELECT f.id, u.x FROM flights f JOIN (SELECT * FROM a UNION ALL SELECT * FROM b) u ON u.id = f.id",
            "id",
            "x"
        )
        .0
    );
}

#[test]
fn a_filter_picks_one_of_several_rows_of_a_key() {
    for sql in [
        "SELECT * FROM log QUALIFY row_number() OVER (PARTITION BY id ORDER BY ver DESC) = 1",
        "SELECT l.* FROM log l JOIN (SELECT id, max(ver) AS ver FROM log GROUP BY id) m ON m.id = l.id AND m.ver = l.ver",
        "SELECT * FROM log WHERE o = 1",
        "SELECT DISTINCT id, x, o FROM log WHERE o = 1",
        "SELECT id, x, max(o) AS o FROM log GROUP BY id, x HAVING max(o) = 1",
    ] {
        let (ahead, rows) = years(sql, "id", "x");
        assert!(!ahead, "{sql}");
        assert!(!rows.is_empty(), "{sql}");
    }
    // Of one row of each key, it chooses examples.
    let latest = "SELECT * FROM log QUALIFY row_number() OVER (PARTITION BY id ORDER BY ver DESC) = 1";
    assert_eq!(years(latest, "ver", "x"), (true, vec!["log.*".to_string()]));
    assert!(years("SELECT * FROM log WHERE x > 1", "id", "x").0);
    assert!(years("SELECT id, min(x) AS m, max(o) AS o, id AS x FROM log GROUP BY id HAVING max(o) = 1", "id", "x").0);
    assert!(years("SELECT * FROM a WHERE o = 1", "id", "x").0);
}

#[test]
fn a_filter_of_its_own_outcomes_picks_nothing_beside_a_row() {
    let pairs = "SELECT f.*, v.x FROM flights f CROSS JOIN (VALUES (0), (1)) v (x)";
    for sql in [
        "SELECT id, sched AS x FROM flights WHERE dep_delay IS NOT NULL ORDER BY dep_delay LIMIT 3",
        "SELECT f.id, p.seats AS x FROM flights f LEFT JOIN planes p USING (tailnum) WHERE f.dep_delay > 0",
        "SELECT f.id, p.seats AS x FROM planes p JOIN flights f USING (tailnum) WHERE f.dep_delay > 0",
        "SELECT f.id, p.seats AS x FROM flights f JOIN weather w ON w.time = f.sched JOIN planes p USING (tailnum)",
        "SELECT f.id, f.sched AS x FROM flights f JOIN weather w ON w.time = f.sched WHERE w.temp > f.dep_delay",
        "SELECT f.id, f.sched AS x FROM weather w JOIN flights f ON w.time = f.sched",
        "SELECT id, x FROM (SELECT id, sched AS x, dep_delay FROM flights WHERE id < 5 UNION ALL \
         SELECT column1, arrow_cast('2024-01-01T00:00:00Z', 'Timestamp(Microsecond, Some(\"UTC\"))'), 1 FROM (VALUES (77))) u WHERE dep_delay > 0",
        &format!("{pairs} WHERE f.dep_delay > 0"),
        "SELECT id, sched AS x FROM flights QUALIFY row_number() OVER (PARTITION BY carrier ORDER BY dep_delay) = 1",
        "SELECT id, max(sched) AS m, id AS x FROM flights GROUP BY id HAVING max(dep_delay) > 0",
    ] {
        assert!(ahead_by_id(&[("t", sql)]), "{sql}");
    }
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
