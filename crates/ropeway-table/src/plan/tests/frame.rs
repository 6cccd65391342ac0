//! Known-at through window functions.

use ropeway_vocab::Timing;

use super::known_at::known;
use crate::TablePlan;
use crate::fixture::{all, definitions, known_hours, plan};

#[test]
fn a_window_function_is_known_with_the_latest_row_that_it_reads() {
    let over = |function: &str| known(&format!("SELECT id, {function} AS w FROM flights WHERE id < 4"));
    let hours = |hours: [i64; 4]| hours.map(Some).to_vec();
    let own = hours([1, 2, 3, 4]);
    assert_eq!(over("lag(dep_delay) OVER (ORDER BY sched)"), own);
    assert_eq!(over("lag(dep_delay, 2) OVER (ORDER BY sched)"), own);
    assert_eq!(over("lead(dep_delay, -1) OVER (ORDER BY sched)"), own);
    assert_eq!(over("row_number() OVER (ORDER BY sched)"), own);
    assert_eq!(over("avg(dep_delay) OVER (ORDER BY sched RANGE INTERVAL '1 hour' PRECEDING)"), own);
    assert_eq!(over("lag(dep_delay) IGNORE NULLS OVER (ORDER BY sched DESC)"), hours([4; 4]));
    assert_eq!(over("rank() OVER (ORDER BY sched DESC, id)"), hours([4; 4]));
    assert_eq!(over("ntile(2) OVER (ORDER BY sched)"), hours([4; 4]));
    assert_eq!(over("row_number() OVER ()"), hours([4; 4]));
    assert_eq!(over("sum(dep_delay) OVER ()"), hours([4; 4]));
    assert_eq!(over("sum(dep_delay) FILTER (WHERE id = 0) OVER ()"), hours([4; 4]));
    assert_eq!(over("max(dep_delay) OVER (PARTITION BY id % 2)"), hours([3, 3, 4, 4]));
    // What it reads of itself counts, too, where its frame leaves it out.
    assert_eq!(over("sum(dep_delay) OVER (ORDER BY sched ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING)"), own);
    assert_eq!(
        known(
            "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY id % 2 ORDER BY sched DESC) AS n FROM flights WHERE \
             id < 4) WHERE n = 1"
        ),
        [Some(3), Some(4)]
    );
    // A row that is never known makes those that read it so.
    let with_never = known("SELECT id, lag(dep_delay) OVER (ORDER BY sched) AS w FROM flights WHERE id < 6");
    assert_eq!(with_never, [None, None, Some(1), Some(2), Some(3), Some(4)]);
    let of_planes = plan(&[("t", "SELECT tailnum, row_number() OVER (ORDER BY tailnum) AS n FROM planes")]);
    assert_eq!(of_planes.timing("t").unwrap(), &Timing::Static);
}

#[test]
fn that_no_row_follows_is_known_at_no_time() {
    let over = |function: &str| known(&format!("SELECT id, {function} AS w FROM flights WHERE id < 4"));
    assert_eq!(over("lead(dep_delay) OVER (ORDER BY sched)"), [None, Some(2), Some(3), Some(4)]);
    assert_eq!(over("lead(dep_delay, 2, 0) OVER (ORDER BY sched)"), [None, None, Some(3), Some(4)]);
    assert_eq!(over("lag(dep_delay, -1) OVER (ORDER BY sched)"), [None, Some(2), Some(3), Some(4)]);
    // The same said backwards.
    assert_eq!(over("lag(dep_delay) OVER (ORDER BY sched DESC)"), [None, Some(2), Some(3), Some(4)]);
    let backwards = "count(*) OVER (ORDER BY sched DESC ROWS 2 PRECEDING)";
    assert_eq!(over(backwards), [None, None, Some(3), Some(4)]);
    let following = "max(dep_delay) OVER (ORDER BY sched ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING)";
    assert_eq!(over(following), [None, None, Some(3), Some(4)]);
    let both = "max(dep_delay) OVER () - lead(dep_delay) OVER (ORDER BY sched)";
    assert_eq!(over(both), [None, Some(4), Some(4), Some(4)]);
    // A table may state by when one must have come.
    let mut definitions = definitions(&[]);
    let sql = "SELECT id, sched, lead(dep_delay) OVER (ORDER BY sched) AS next FROM flights WHERE id < 4";
    let mut table = crate::fixture::table(sql);
    table.settings.known_at = Some("sched + INTERVAL '3 hours'".to_string());
    definitions.tables.insert("t".to_string(), table);
    let relation = all(&TablePlan::new(definitions).unwrap()).remove("t").unwrap();
    let mut hours = known_hours(&relation);
    hours.sort_unstable();
    assert_eq!(hours, [Some(3), Some(4), Some(5), Some(6)]);
}

#[test]
fn that_nothing_comes_in_a_span_is_known_when_it_is_over() {
    let over = |function: &str| known(&format!("SELECT id, {function} AS w FROM flights WHERE id < 4"));
    let hours = |hours: [i64; 4]| hours.map(Some).to_vec();
    let after = hours([3, 4, 5, 6]);
    assert_eq!(
        over("count(*) OVER (ORDER BY sched RANGE BETWEEN CURRENT ROW AND INTERVAL '2 hours' FOLLOWING)"),
        after
    );
    assert_eq!(over("count(*) OVER (ORDER BY sched DESC RANGE INTERVAL '2 hours' PRECEDING)"), after);
    let day = "count(*) OVER (ORDER BY sched::DATE RANGE BETWEEN CURRENT ROW AND INTERVAL '2 days' FOLLOWING)";
    assert_eq!(over(day), hours([73, 74, 75, 76]));
    // With a row of it that is known later than it ends, then.
    let wide =
        "count(*) OVER (ORDER BY sched RANGE BETWEEN CURRENT ROW AND INTERVAL '2 hours' FOLLOWING), max(id) OVER ()";
    assert_eq!(over(wide), hours([4, 4, 5, 6]));
    // Behind the current row nothing is waited for, and of groups and numbers nobody knows.
    assert_eq!(
        over("count(*) OVER (ORDER BY sched DESC RANGE BETWEEN CURRENT ROW AND INTERVAL '2 hours' FOLLOWING)"),
        hours([1, 2, 3, 4])
    );
    assert_eq!(over("count(*) OVER (ORDER BY id RANGE BETWEEN CURRENT ROW AND 2 FOLLOWING)"), [None; 4]);
    assert_eq!(over("count(*) OVER (ORDER BY id GROUPS BETWEEN CURRENT ROW AND 2 FOLLOWING)"), [None; 4]);
    assert_eq!(over("count(*) OVER (ORDER BY id GROUPS 2 PRECEDING)"), hours([1, 2, 3, 4]));
}

#[test]
fn later_rows_stand_where_the_order_puts_them() {
    let over = |function: &str| known(&format!("SELECT id, {function} AS w FROM flights WHERE id < 4"));
    let hours = |hours: [i64; 4]| hours.map(Some).to_vec();
    // A key that is the same in the whole partition orders nothing, and an expression may go either way.
    let lag = "lag(1, 1, 0) OVER (PARTITION BY id < 9 ORDER BY";
    assert_eq!(over(&format!("{lag} id < 9, sched DESC)")), [None, Some(2), Some(3), Some(4)]);
    assert_eq!(over(&format!("{lag} id < 9, sched)")), hours([1, 2, 3, 4]));
    assert_eq!(over(&format!("{lag} -date_part('epoch', sched))")), [None, Some(2), Some(3), Some(4)]);
    assert_eq!(over(&format!("{lag} -id)")), [None, Some(2), Some(3), Some(4)]);
    assert_eq!(over("lead(1, 1, 0) OVER ()"), [None, Some(2), Some(3), Some(4)]);
    assert_eq!(over("lead(1, 1, 0) OVER (PARTITION BY id < 9 ORDER BY id < 9)"), [None, Some(2), Some(3), Some(4)]);
    // Backwards, what follows is the past.
    assert_eq!(over("lead(dep_delay) OVER (ORDER BY sched DESC)"), hours([1, 2, 3, 4]));
    let past = "avg(dep_delay) OVER (ORDER BY sched DESC ROWS BETWEEN CURRENT ROW AND 3 FOLLOWING)";
    assert_eq!(over(past), hours([1, 2, 3, 4]));
    // Whether one ever comes is known when one has come.
    let ever = "count(*) OVER (ORDER BY sched ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)";
    assert_eq!(over(ever), [None, Some(4), Some(4), Some(4)]);
    let ever = "count(*) OVER (ORDER BY sched DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING)";
    assert_eq!(over(ever), [None, None, Some(4), Some(4)]);
    // Two functions that count off the same rows.
    let two = "lead(dep_delay) OVER (ORDER BY sched), avg(dep_delay) OVER (ORDER BY sched ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)";
    assert_eq!(over(two), [None, Some(2), Some(3), Some(4)]);
}
