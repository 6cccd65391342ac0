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
        "SELECT f.id FROM flights f LEFT JOIN planes p ON f.tailnum = p.tailnum AND f.dep_delay > 2",
        &[("flights.dep_delay", 1, Some((0, 10)))],
    );
    check(
        "SELECT f.id FROM (SELECT * FROM flights WHERE air_time > 57) f JOIN planes p ON f.tailnum = p.tailnum",
        &[("flights.air_time", 1, Some((5, 10)))],
    );
    check("SELECT f.id FROM flights f, flights g WHERE f.dep_delay < g.id", &[("flights.dep_delay", 1, None)]);
}
