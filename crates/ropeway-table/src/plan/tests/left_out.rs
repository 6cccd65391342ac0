//! What filters and joins by later-known columns leave out, counted on ten flights of which every fifth was cancelled.

use crate::LeftOut;
use crate::fixture::{all, plan, run};

/// What the SQL of one table leaves out: column, line, rows.
fn check(sql: &str, expected: &[(&str, u64, LeftOut)]) {
    let plan = plan(&[("before", "SELECT * FROM flights WHERE id < 8"), ("t", sql)]);
    let rows = run(plan.left_out("t", &all(&plan))).unwrap();
    let choosers = plan.choosers("t").unwrap().into_iter().zip(rows);
    let found: Vec<(String, u64, LeftOut)> = choosers
        .map(|(found, rows)| (format!("{}.{}", found.source, found.column), found.place.line.unwrap(), rows))
        .collect();
    let expected: Vec<_> = expected.iter().map(|(column, line, rows)| ((*column).to_owned(), *line, *rows)).collect();
    assert_eq!(found, expected, "{sql}");
}

#[test]
fn a_filter_counts_with_the_conditions_that_read_the_column() {
    check("SELECT id FROM flights WHERE id > 3", &[]);
    check("SELECT id FROM flights WHERE dep_delay IS NOT NULL", &[("flights.dep_delay", 1, Some((2, 10)))]);
    check(
        "SELECT id, dep_delay\nFROM flights\nWHERE id > 3\n  AND dep_delay > 1",
        &[("flights.dep_delay", 4, Some((6, 10)))],
    );
    check(
        "SELECT id FROM before\nWHERE dep_delay >= 0 AND air_time > 58",
        &[("flights.air_time", 2, Some((5, 8))), ("flights.dep_delay", 2, Some((1, 8)))],
    );
    check(
        "SELECT carrier FROM flights GROUP BY carrier\nHAVING avg(dep_delay) > 100",
        &[("flights.dep_delay", 2, Some((3, 3)))],
    );
}

#[test]
fn a_join_counts_with_the_rows_that_find_no_match() {
    check("SELECT f.id FROM flights f JOIN planes p USING (tailnum)", &[]);
    check(
        "SELECT f.id FROM flights f\nJOIN planes p ON f.tailnum = p.tailnum AND f.dep_delay > 2",
        &[("flights.dep_delay", 2, Some((8, 10)))],
    );
    check(
        "SELECT f.id FROM planes p LEFT JOIN flights f ON f.tailnum = p.tailnum AND f.dep_delay > 2",
        &[("flights.dep_delay", 1, Some((8, 10)))],
    );
    check(
        "SELECT f.id FROM (SELECT * FROM flights WHERE air_time > 57) f JOIN planes p ON f.tailnum = p.tailnum",
        &[("flights.air_time", 1, Some((5, 10)))],
    );
    check("SELECT f.id FROM flights f, flights g WHERE f.dep_delay < g.id", &[("flights.dep_delay", 1, None)]);
}

#[test]
fn a_join_counts_the_side_whose_rows_it_does_not_multiply() {
    // Each flight has one plane at most; a plane has many flights.
    for (sql, line) in [
        ("SELECT f.id FROM planes p\nJOIN flights f ON f.tailnum = p.tailnum AND f.dep_delay > 0", 2),
        ("SELECT f.id FROM flights f\nJOIN planes p ON\nf.tailnum = p.tailnum AND f.dep_delay > 0", 3),
    ] {
        check(sql, &[("flights.dep_delay", line, Some((5, 10)))]);
    }
    // No flight is left out: whether its plane is beside it is what the columns of the plane say.
    check("SELECT f.id FROM planes p RIGHT JOIN flights f ON f.tailnum = p.tailnum AND f.dep_delay > 2", &[]);
    check("SELECT f.id FROM flights f LEFT JOIN planes p ON f.tailnum = p.tailnum AND f.dep_delay > 2", &[]);
    // Flights of one carrier are paired with each other: neither side's rows stay what they are.
    check("SELECT f.id FROM flights f JOIN flights g ON f.carrier = g.carrier", &[]);
    check(
        "SELECT f.id FROM flights f JOIN flights g ON f.carrier = g.carrier AND f.dep_delay >= g.dep_delay",
        &[("flights.dep_delay", 1, None)],
    );
}

#[test]
fn rows_that_a_join_multiplied_are_not_counted_as_rows() {
    check(
        "SELECT f.id FROM flights f JOIN flights g ON f.carrier = g.carrier WHERE f.dep_delay > 2",
        &[("flights.dep_delay", 1, None)],
    );
    check(
        "SELECT f.id FROM planes p LEFT JOIN flights f ON f.tailnum = p.tailnum WHERE f.dep_delay > 2",
        &[("flights.dep_delay", 1, None)],
    );
    check(
        "SELECT f.id FROM planes p JOIN flights f ON f.tailnum = p.tailnum\nWHERE f.dep_delay > 2",
        &[("flights.dep_delay", 2, Some((6, 8)))],
    );
    // What was grouped after a join is counted in groups.
    check(
        "SELECT carrier FROM (SELECT f.carrier, max(f.dep_delay) AS d FROM flights f JOIN flights g\n\
         ON f.carrier = g.carrier GROUP BY f.carrier) c\nWHERE c.d > 5",
        &[("flights.dep_delay", 3, Some((2, 3)))],
    );
}

#[test]
fn set_operations_count_rows_of_their_left_side() {
    let left = "SELECT carrier, dep_delay >= 0 AS known FROM flights";
    let right = "SELECT carrier, dep_delay > 4 AS known FROM flights WHERE id < 7";
    // The right side has (AA, true), (WN, true) and (UA, null), which are three, three and one of the left side's rows.
    check(&format!("{left}\nINTERSECT {right}"), &[("flights.dep_delay", 2, Some((3, 10)))]);
    check(&format!("{left}\nEXCEPT {right}"), &[("flights.dep_delay", 2, Some((7, 10)))]);
    check(
        "SELECT id FROM flights WHERE dep_delay > 4\nUNION ALL\nSELECT id FROM flights WHERE dep_delay < 2",
        &[("flights.dep_delay", 3, Some((6, 10))), ("flights.dep_delay", 1, Some((8, 10)))],
    );
}
