//! Which sources read a column.

use crate::TablePlan;
use crate::fixture::definitions;

/// The sources that read `columns` of a table of this SQL whose rows are found by `key`.
#[track_caller]
fn check(sql: &str, columns: &[&str], key: &[&str], expect: &[&str]) {
    let mut definitions = definitions(&[("t", sql)]);
    for (name, source) in &mut definitions.sources {
        source.settings.null = vec![name.clone()];
    }
    let plan = TablePlan::new(definitions).unwrap();
    let read_by: Vec<_> = plan.read_by("t", columns, key).unwrap().into_iter().map(|(settings, _)| settings).collect();
    let names: Vec<&str> = read_by.iter().map(|settings| settings.null[0].as_str()).collect();
    assert_eq!(names, expect, "{sql}");
}

#[test]
fn a_column_is_read_by_the_source_that_it_comes_from() {
    let joined = "SELECT f.id, f.sched, f.tailnum, p.seats, coalesce(p.owner, f.carrier) AS owner, 1 AS one \
                  FROM planes p JOIN flights f ON f.tailnum = p.tailnum";
    check(joined, &["tailnum"], &["id"], &["flights"]);
    check(joined, &["seats"], &["id"], &["planes"]);
    check(&joined.replace(" JOIN", " RIGHT JOIN"), &["seats"], &[], &["planes"]);
    check("SELECT tailnum FROM flights", &["tailnum"], &[], &["flights"]);
}

#[test]
fn of_several_sources_those_of_the_key_count() {
    let joined = "SELECT f.id, f.sched, coalesce(p.owner, f.carrier) AS owner, 1 AS one FROM planes p JOIN flights f \
                  ON f.tailnum = p.tailnum";
    check(joined, &["owner"], &["id"], &["flights"]);
    check(joined, &["one"], &["id"], &["flights"]);
    check(joined, &[], &["id"], &["flights"]);
    // Without a key those that make the rows, which a side does not that an outer join adds.
    check(joined, &["owner"], &[], &["flights", "planes"]);
    check(&joined.replace(" JOIN", " RIGHT JOIN"), &["owner"], &[], &["flights"]);
    let union = "SELECT id AS k, tailnum AS x FROM flights UNION ALL SELECT seats, tailnum FROM planes";
    check(union, &["x"], &["k"], &["flights", "planes"]);
    check("SELECT 1 AS one", &["one"], &[], &[]);
}

#[test]
fn a_column_that_sql_only_carries_is_told_from_one_that_it_makes() {
    let check = |sql: &str, column: &str, want: bool| {
        let plan = TablePlan::new(definitions(&[("t", sql)])).unwrap();
        assert_eq!(plan.passes_on("t", column), want, "{sql}");
    };
    check("SELECT * FROM flights", "tailnum", true);
    check("SELECT DISTINCT tailnum AS x FROM flights WHERE id > 0 ORDER BY x LIMIT 3", "x", true);
    check("WITH f AS (SELECT tailnum AS y FROM flights) SELECT y AS x FROM f", "x", true);
    check("SELECT f.id, p.owner AS x FROM flights f LEFT JOIN planes p ON f.tailnum = p.tailnum", "x", true);
    check("SELECT tailnum AS x FROM flights UNION ALL SELECT tailnum FROM planes", "x", true);
    check("SELECT tailnum AS x, count(*) AS n FROM flights GROUP BY tailnum", "x", true);
    check("SELECT tailnum AS x, row_number() OVER (ORDER BY id) AS n FROM flights", "x", true);
    check("SELECT tailnum AS x, count(*) AS n FROM flights GROUP BY tailnum", "n", false);
    check("SELECT upper(tailnum) AS x FROM flights", "x", false);
    check("WITH f AS (SELECT upper(tailnum) AS y FROM flights) SELECT y AS x FROM f", "x", false);
    check("SELECT tailnum AS x FROM flights UNION ALL SELECT lower(tailnum) FROM planes", "x", false);
    check("SELECT 'a' AS x FROM flights", "x", false);
    check("SELECT tailnum AS x FROM flights", "y", false);
}
