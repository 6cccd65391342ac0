//! What is told by rows that come later: that they are there, or not.

use ropeway_vocab::ColumnType;

use crate::TablePlan;

/// Orders, their returns, offers of which one may be accepted, and static vendors and customers, seen by the order: whether
/// `x` is known ahead, and what chooses the orders.
fn orders(sql: &str) -> (bool, Vec<String>) {
    let mut definitions = crate::fixture::definitions(&[("t", sql)]);
    for (name, columns, ahead) in [
        ("orders", ["id", "customer", "o"], 2),
        ("later", ["id", "customer", "o"], 2),
        ("returns", ["id", "customer", "o"], 2),
        ("offers", ["id", "vendor", "o"], 2),
        ("vendors", ["vendor", "x", "y"], 0),
        ("customers", ["customer", "x", "y"], 0),
    ] {
        let source = crate::fixture::source(&columns.map(|column| (column, ColumnType::Integer)), |s| {
            s.path = format!("{name}.csv");
            s.known_ahead = columns[..ahead].iter().map(|column| (*column).to_string()).collect();
            s.is_static = ahead == 0;
            s.known_at = (ahead > 0).then(|| "to_timestamp(o)".to_string());
            s.key = if name == "offers" { vec!["id".into(), "vendor".into()] } else { vec![columns[0].to_string()] };
        });
        definitions.sources.insert(name.to_string(), source);
    }
    let plan = TablePlan::new(definitions).unwrap();
    let key = ["id".to_string()];
    let rows = plan.later_known_rows("t", &key, &[]).unwrap().into_iter();
    let ahead = plan.schema_by("t", &key).unwrap().column("x").unwrap().known_ahead;
    (ahead, rows.map(|dep| format!("{}.{}", dep.source, dep.column)).collect())
}

#[test]
fn a_union_knows_what_its_branches_picked() {
    let back = |of: &str| {
        format!("SELECT o.id, o.customer, r.id IS NOT NULL AS x FROM {of} o LEFT JOIN returns r ON r.id = o.id")
    };
    let offers = "SELECT o.id, c.vendor AS x, o.o FROM orders o JOIN offers c ON c.id = o.id";
    for sql in [
        format!("{} UNION ALL {}", back("orders"), back("later")),
        format!("{} UNION {}", back("orders"), back("later")),
        format!("WITH a AS ({}) SELECT * FROM a UNION ALL SELECT id, customer, false FROM later", back("orders")),
        // One branch has the returned orders, the other the rest, in a constant or beside a row.
        "SELECT id, customer, 1 AS x FROM returns UNION ALL SELECT o.id, o.customer, 0 FROM orders o \
         LEFT JOIN returns r ON r.id = o.id WHERE r.id IS NULL"
            .to_string(),
        "SELECT o.id, v.x FROM orders o RIGHT JOIN returns r ON r.id = o.id CROSS JOIN vendors v WHERE v.vendor = 1 \
         UNION ALL SELECT o.id, v.x FROM orders o LEFT JOIN returns r ON r.id = o.id CROSS JOIN vendors v \
         WHERE v.vendor = 0 AND r.id IS NULL"
            .to_string(),
        // Several rows of one key in a branch, of which one is picked behind the union.
        format!("SELECT u.id, u.x FROM ({offers} UNION ALL SELECT id, 0, o FROM later) u WHERE u.x = u.o"),
        format!("SELECT u.id, u.x FROM ({offers} UNION ALL SELECT id, 0, o FROM later) u JOIN returns r ON r.id = u.x"),
    ] {
        assert!(!orders(&sql).0, "{sql}");
    }
    let year = |of: &str, join: &str| format!("SELECT o.id, o.customer AS x FROM {of} o {join}");
    for join in ["JOIN customers c USING (customer)", "LEFT JOIN customers c USING (customer)", ""] {
        let sql = format!("{} UNION ALL {}", year("orders", join), year("later", join));
        assert_eq!(orders(&sql), (true, vec![]), "{sql}");
    }
}

#[test]
fn rows_that_choose_examples_by_being_there_are_told() {
    let rows = |sql: &str| orders(sql).1;
    let by_return = ["returns.*"];
    for sql in [
        "SELECT o.id, o.customer AS x FROM orders o JOIN returns r ON r.id = o.id",
        "SELECT o.id, o.customer AS x FROM orders o LEFT SEMI JOIN returns r ON r.id = o.id",
        "SELECT o.id, o.customer AS x FROM orders o LEFT ANTI JOIN returns r ON r.id = o.id",
        "SELECT o.id, o.customer AS x FROM orders o LEFT JOIN returns r ON r.id = o.id WHERE r.id IS NULL",
        "SELECT o.id, o.customer AS x FROM orders o LEFT JOIN returns r ON r.id = o.id WHERE r.customer IS NOT NULL",
        "SELECT o.id, o.customer AS x FROM orders o JOIN returns r ON r.id = o.id \
         UNION ALL SELECT id, customer FROM later",
    ] {
        assert_eq!(rows(sql), by_return, "{sql}");
    }
    // Nothing is left out, whatever stands beside a row.
    for sql in [
        "SELECT o.id, o.customer AS x FROM orders o LEFT JOIN returns r ON r.id = o.id AND r.o > o.o",
        "SELECT o.id, o.customer AS x FROM orders o LEFT JOIN (SELECT * FROM returns WHERE o > 0) r ON r.id = o.id",
        "SELECT o.id, o.customer AS x FROM orders o JOIN customers c USING (customer)",
    ] {
        assert!(rows(sql).is_empty(), "{sql}: {:?}", rows(sql));
    }
}

#[test]
fn what_is_left_out_of_an_optional_side_leaves_the_other_as_it_is() {
    let spine = |side: &str| {
        let sql = format!(
            "SELECT c.customer AS id, v.vendor AS x, count(r.id) AS n FROM customers c CROSS JOIN vendors v \
             LEFT JOIN {side} ON r.customer = c.customer AND r.vendor = v.vendor GROUP BY c.customer, v.vendor"
        );
        let mut definitions = crate::fixture::definitions(&[("t", &sql)]);
        for (name, columns) in [
            ("customers", ["customer", "y", "z"]),
            ("vendors", ["vendor", "y", "z"]),
            ("r", ["id", "customer", "vendor"]),
        ] {
            let source = crate::fixture::source(&columns.map(|column| (column, ColumnType::Integer)), |s| {
                s.path = format!("{name}.csv");
                s.is_static = name != "r";
                s.known_at = (name == "r").then(|| "to_timestamp(id)".to_string());
            });
            definitions.sources.insert(name.to_string(), source);
        }
        let plan = TablePlan::new(definitions).unwrap();
        let schema = plan.schema_by("t", &["id".to_string(), "x".to_string()]).unwrap();
        (schema.column("x").unwrap().known_ahead, schema.column("n").unwrap().known_ahead)
    };
    for side in ["r", "(SELECT * FROM r WHERE id > 3) r", "(SELECT r.* FROM r JOIN customers USING (customer)) r"] {
        assert_eq!(spine(side), (true, false), "{side}");
    }
}

#[test]
fn the_order_that_steps_left_behind_may_hang_on_any_column() {
    let sum = "sum(o) OVER (PARTITION BY id ORDER BY o)";
    for x in [
        "row_number() OVER (PARTITION BY customer)",
        "lag(id) OVER (PARTITION BY customer)",
        "first_value(id) OVER (PARTITION BY customer)",
        "count(*) OVER (PARTITION BY customer ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
    ] {
        let deps = |sql: &str| {
            let mut definitions = crate::fixture::definitions(&[("t", sql)]);
            let columns = ["id", "customer", "o"].map(|column| (column, ColumnType::Integer));
            let source = crate::fixture::source(&columns, |s| {
                s.key = vec!["id".to_string()];
                s.known_ahead = vec!["id".to_string(), "customer".to_string()];
                s.known_at = Some("to_timestamp(o)".to_string());
                s.planned = true;
            });
            definitions.sources.insert("orders".to_string(), source);
            TablePlan::new(definitions).unwrap().schema("t").unwrap().column("x").unwrap().known_ahead
        };
        assert!(!deps(&format!("SELECT id, {x} AS x, {sum} AS s FROM orders")), "{x}");
        let ordered = x.replace("customer", "customer ORDER BY id");
        assert!(deps(&format!("SELECT id, {ordered} AS x, {sum} AS s FROM orders")), "{ordered}");
    }
}

#[test]
fn a_row_is_there_with_its_time_and_not_with_the_key_of_another() {
    let mut definitions =
        crate::fixture::definitions(&[("t", "SELECT a.id, o.at, o.x FROM orders o JOIN accepted a ON a.id = o.id")]);
    for (name, columns) in [("orders", ["id", "at", "x"]), ("accepted", ["id", "y", "z"])] {
        let source = crate::fixture::source(&columns.map(|column| (column, ColumnType::Integer)), |s| {
            s.path = format!("{name}.csv");
            s.key = vec!["id".to_string()];
            s.known_ahead =
                if name == "orders" { columns.map(str::to_string).to_vec() } else { vec!["id".to_string()] };
            s.known_at = Some("to_timestamp(id)".to_string());
        });
        definitions.sources.insert(name.to_string(), source);
    }
    let plan = TablePlan::new(definitions).unwrap();
    let chosen = |at: &[String]| -> Vec<String> {
        let rows = plan.later_known_rows("t", &["id".to_string()], at).unwrap();
        rows.into_iter().map(|dep| format!("{}.{}", dep.source, dep.column)).collect()
    };
    assert_eq!(chosen(&[]), ["orders.*"]);
    assert_eq!(chosen(&["at".to_string()]), ["accepted.*", "orders.*"]);
    assert_eq!(chosen(&["id".to_string()]), ["orders.*"]);
}

#[test]
fn pairs_that_rows_leave_out_are_a_choice_and_pairs_that_outcomes_leave_out_are_not() {
    let known = |having: &str| {
        let sql = format!(
            "SELECT c.customer AS id, v.vendor AS x FROM customers c CROSS JOIN vendors v \
             JOIN offers f ON f.id = c.customer AND f.vendor = v.vendor GROUP BY c.customer, v.vendor HAVING {having}"
        );
        let (_, rows) = orders(&sql);
        let mut definitions = crate::fixture::definitions(&[("t", &sql)]);
        for (name, columns) in [
            ("offers", ["id", "vendor", "o"]),
            ("vendors", ["vendor", "x", "y"]),
            ("customers", ["customer", "x", "y"]),
        ] {
            let source = crate::fixture::source(&columns.map(|column| (column, ColumnType::Integer)), |s| {
                s.path = format!("{name}.csv");
                s.is_static = name != "offers";
                s.known_ahead = if s.is_static { Vec::new() } else { vec!["id".into(), "vendor".into()] };
                s.known_at = (!s.is_static).then(|| "to_timestamp(o)".to_string());
            });
            definitions.sources.insert(name.to_string(), source);
        }
        let plan = TablePlan::new(definitions).unwrap();
        let key = ["id".to_string(), "x".to_string()];
        let ahead = plan.schema_by("t", &key).unwrap().column("x").unwrap().known_ahead;
        (ahead, !plan.later_known_rows("t", &key, &[]).unwrap().is_empty(), !rows.is_empty())
    };
    assert_eq!(known("count(*) > 1"), (true, true, true));
    assert_eq!(known("max(f.o) > 1"), (false, true, true));
}

#[test]
fn rows_of_equal_order_come_by_a_key_that_may_be_later_known() {
    let ahead_in = |sql: &str, key: &str| {
        let mut definitions = crate::fixture::definitions(&[("t", sql)]);
        let columns = ["id", "day", "receipt"].map(|column| (column, ColumnType::Integer));
        let source = crate::fixture::source(&columns, |s| {
            s.key = vec![key.to_string()];
            s.known_ahead = vec!["id".to_string(), "day".to_string()];
            s.known_at = Some("to_timestamp(receipt)".to_string());
            s.planned = true;
        });
        definitions.sources.insert("orders".to_string(), source);
        TablePlan::new(definitions).unwrap().schema("t").unwrap().column("x").unwrap().known_ahead
    };
    let ahead = |x: &str, key: &str| ahead_in(&format!("SELECT id, {x} AS x FROM orders"), key);
    for x in [
        "row_number() OVER (ORDER BY day)",
        "lag(id) OVER (ORDER BY day)",
        "first_value(id) OVER (ORDER BY day)",
        "sum(id) OVER (ORDER BY day ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
    ] {
        assert!(ahead(x, "id") && !ahead(x, "receipt"), "{x}");
    }
    let first = "SELECT day, first_value(id ORDER BY day) AS x FROM orders GROUP BY day";
    assert!(ahead_in(first, "id") && !ahead_in(first, "receipt"));
    for x in ["rank() OVER (ORDER BY day)", "sum(id) OVER (ORDER BY day)"] {
        assert!(ahead(x, "receipt"), "{x}");
    }
}

#[test]
fn a_subquery_that_reads_nothing_beside_it_ties_nothing() {
    let (_, rows) = orders(
        "SELECT o.id, o.customer AS x FROM orders o LEFT JOIN returns r ON r.id = o.id \
         WHERE o.customer IN (SELECT customer FROM customers) AND o.id > (SELECT min(vendor) FROM vendors)",
    );
    assert!(rows.is_empty(), "{rows:?}");
}
