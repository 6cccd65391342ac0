//! What pairs values with a row, seen from its key.

use ropeway_vocab::ColumnType;

use crate::TablePlan;
use crate::fixture::plan;

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
        &format!("SELECT id, sched, x FROM ({pairs}) u EXCEPT SELECT id, sched, dep_delay FROM flights"),
        "SELECT f.id, p.seats AS x FROM flights f LEFT JOIN planes p ON f.dep_delay > 0",
        "SELECT f.id, p.seats AS x FROM planes p RIGHT JOIN flights f ON f.dep_delay > 0",
        "SELECT f.id, p.seats AS x FROM planes p FULL JOIN flights f ON f.dep_delay > 0",
        "SELECT f.id, p.x FROM flights f LEFT JOIN (SELECT 1 AS x) p ON f.dep_delay > 0",
        "SELECT f.id, p.x FROM flights f LEFT JOIN (VALUES (1)) p (x) ON f.dep_delay > 0",
        "SELECT id, x FROM (SELECT f.id, v.x, f.dep_delay, row_number() OVER (PARTITION BY f.id ORDER BY f.id) \
         AS n FROM flights f CROSS JOIN (VALUES (0), (1)) v (x)) j WHERE n = dep_delay",
        "SELECT f.id, count(p.x) AS x FROM flights f LEFT JOIN (SELECT 1 AS x) p ON f.dep_delay > 0 GROUP BY f.id",
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
    let rows =
        plan.later_known_rows("t", &[], &[]).unwrap().into_iter().map(|dep| format!("{}.{}", dep.source, dep.column));
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
    assert!(!year(
        "SELECT id, v.year FROM a CROSS JOIN (VALUES (1)) v (year) WHERE o = 1 \
         UNION ALL SELECT id, v.year FROM b CROSS JOIN (VALUES (0)) v (year) WHERE o = 0"
    ));
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
fn a_row_of_another_source_may_still_come() {
    let ahead = |sql: &str, planned: bool| {
        let mut definitions = crate::fixture::definitions(&[("t", sql)]);
        for (name, columns, key) in [
            ("orders", ["id", "customer", "o"], "id"),
            ("customers", ["customer", "segment", "o"], "customer"),
            ("returns", ["id", "segment", "o"], "id"),
        ] {
            let source = crate::fixture::source(&columns.map(|column| (column, ColumnType::Integer)), |s| {
                s.key = vec![key.to_string()];
                s.known_ahead = columns[..2].iter().map(|column| (*column).to_string()).collect();
                s.known_at = Some("to_timestamp(o)".to_string());
                s.planned = planned;
            });
            definitions.sources.insert(name.to_string(), source);
        }
        let plan = TablePlan::new(definitions).unwrap();
        plan.schema_by("t", &["id".to_string()]).unwrap().column("segment").unwrap().known_ahead
    };
    // A key of both sides does not say that the other is there.
    let both = |planned: bool| {
        let mut definitions = crate::fixture::definitions(&[(
            "t",
            "SELECT r.id, r.x, c.id AS other, c.segment FROM lines r JOIN returns c ON c.id = r.id",
        )]);
        for (name, columns, key) in
            [("lines", ["id", "x", "o"], vec!["id", "x"]), ("returns", ["id", "segment", "o"], vec!["id"])]
        {
            let source = crate::fixture::source(&columns.map(|column| (column, ColumnType::Integer)), |s| {
                s.key = key.iter().map(|key| (*key).to_string()).collect();
                s.known_ahead = columns[..2].iter().map(|column| (*column).to_string()).collect();
                s.known_at = Some("to_timestamp(o)".to_string());
                s.planned = planned;
            });
            definitions.sources.insert(name.to_string(), source);
        }
        let plan = TablePlan::new(definitions).unwrap();
        let schema = plan.schema_by("t", &["other".to_string(), "x".to_string()]).unwrap();
        (schema.column("x").unwrap().known_ahead, schema.column("segment").unwrap().known_ahead)
    };
    assert_eq!((both(false), both(true)), ((true, false), (true, true)));
    for from in [
        "r.id, c.segment FROM orders r JOIN customers c USING (customer)",
        "r.id, c.segment FROM customers c JOIN orders r ON c.customer = r.customer",
        "r.id, c.segment FROM orders r LEFT JOIN returns c ON c.id = r.id",
        "r.id, c.segment FROM orders r LEFT JOIN (SELECT id, 1 AS segment FROM returns) c ON c.id = r.id",
        "coalesce(c.id, r.id) AS id, c.id IS NULL AS segment FROM orders r LEFT JOIN returns c ON c.id = r.id",
    ] {
        assert!(!ahead(&format!("SELECT {from}"), false), "{from}");
        assert!(ahead(&format!("SELECT {from}"), true), "{from}");
    }
}
