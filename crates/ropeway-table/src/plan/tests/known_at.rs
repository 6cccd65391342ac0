//! Known-at travels through SQL with the plan.

use ropeway_vocab::{KNOWN_AT, Timing};

use crate::fixture::{all, definitions, known_hours, plan, run, sources};
use crate::{RowTimes, TablePlan};

/// The known-at in hours of a table's rows, sorted.
fn known(sql: &str) -> Vec<Option<i64>> {
    let plan = plan(&[("t", sql)]);
    assert_eq!(plan.timing("t").unwrap(), &Timing::Timed, "{sql}");
    let made = all(&plan);
    let mut hours = known_hours(&made["t"]);
    hours.sort_unstable();
    hours
}

/// Flight `i` is known at hour `i + 1`; flights 4 and 9 never.
const FLIGHTS: [Option<i64>; 10] = [None, None, Some(1), Some(2), Some(3), Some(4), Some(6), Some(7), Some(8), Some(9)];

#[test]
fn sources_know_their_time() {
    let plan = plan(&[]);
    let made = all(&plan);
    let mut hours = known_hours(&made["flights"]);
    hours.sort_unstable();
    assert_eq!(hours, FLIGHTS);
    let mut hours = known_hours(&made["weather"]);
    hours.sort_unstable();
    assert_eq!(hours, [Some(1), Some(2), Some(3), Some(31)]);
    assert_eq!(plan.timing("planes").unwrap(), &Timing::Static);
    assert!(made["planes"].known_at().is_none());
    assert!(matches!(plan.timing("clicks").unwrap(), Timing::Untimed(reason) if reason.contains("clicks")));
}

#[test]
fn projection_filter_alias_and_order_pass_it_on() {
    assert_eq!(known("SELECT id, dep_delay AS d FROM flights"), FLIGHTS);
    assert_eq!(known("SELECT * FROM flights"), FLIGHTS);
    assert_eq!(
        known("SELECT x.id FROM (SELECT * FROM flights WHERE id < 3) AS x ORDER BY x.id"),
        [Some(1), Some(2), Some(3)]
    );
    assert_eq!(
        known("WITH a AS (SELECT id FROM flights), b AS (SELECT id FROM a WHERE id > 7) SELECT * FROM b"),
        [None, Some(9)]
    );
    assert_eq!(
        known("SELECT id FROM flights WHERE tailnum IN (SELECT tailnum FROM planes WHERE seats > 120)"),
        [None, Some(2), Some(6)]
    );
}

#[test]
fn the_hidden_column_is_not_seen_by_sql() {
    let plan = plan(&[("t", "SELECT * FROM flights"), ("u", "SELECT count(*) AS n FROM t")]);
    let names: Vec<&str> = plan.schema("t").unwrap().columns.iter().map(|c| c.name.as_str()).collect();
    assert!(!names.contains(&KNOWN_AT) && names.len() == 6, "{names:?}");
}

#[test]
fn a_join_has_the_later_of_both_sides() {
    // Weather of hour 0, 1, 2 is known at 1, 2, 3; flight i at i + 1.
    assert_eq!(
        known("SELECT f.id, w.temp FROM flights f JOIN weather w ON f.sched = w.time"),
        [Some(1), Some(2), Some(3)]
    );
    // Later: the weather of hour 30, known at 31.
    assert_eq!(
        known("SELECT f.id, w.temp FROM flights f CROSS JOIN weather w WHERE f.id = 0"),
        [Some(1), Some(2), Some(3), Some(31)]
    );
    // What is never known stays so.
    assert_eq!(known("SELECT f.id, w.temp FROM flights f CROSS JOIN weather w WHERE f.id = 4"), [None; 4]);
    // A static side adds nothing, whichever side it is on.
    assert_eq!(
        known("SELECT f.id, p.seats FROM flights f JOIN planes p ON f.tailnum = p.tailnum WHERE f.id < 4"),
        [Some(1), Some(2), Some(3)]
    );
    assert_eq!(
        known("SELECT f.id, p.seats FROM planes p RIGHT JOIN flights f USING (tailnum) WHERE f.id < 4"),
        [Some(1), Some(2), Some(3), Some(4)]
    );
    // A table joined with itself.
    assert_eq!(
        known("SELECT a.id, b.id AS next FROM flights a JOIN flights b ON b.id = a.id + 1 WHERE a.id < 4"),
        [None, Some(2), Some(3), Some(4)]
    );
}

#[test]
fn that_no_partner_comes_is_known_at_no_time() {
    let hours = |alone: usize| [vec![None; alone], vec![Some(1), Some(2), Some(3)]].concat();
    assert_eq!(known("SELECT f.id, w.temp FROM flights f LEFT JOIN weather w ON f.sched = w.time"), hours(7));
    assert_eq!(known("SELECT f.id, w.temp FROM weather w RIGHT JOIN flights f ON f.sched = w.time"), hours(7));
    assert_eq!(known("SELECT f.id, w.temp FROM flights f FULL JOIN weather w ON f.sched = w.time"), hours(8));
    // Nor that of a partner that is never known.
    let never = "SELECT w.temp, f.id FROM weather w LEFT JOIN flights f ON f.id = 4 WHERE w.temp = 1.5";
    assert_eq!(known(never), [None]);
    assert_eq!(known("SELECT w.temp FROM weather w LEFT JOIN flights f ON f.id = 400 WHERE w.temp = 1.5"), [None]);
    // A static side has no partner to come.
    let planes = "SELECT f.id, p.seats FROM flights f LEFT JOIN planes p ON p.tailnum = 'no such plane'";
    assert_eq!(known(planes), FLIGHTS);
}

#[test]
fn a_table_may_state_by_when_a_partner_must_have_come() {
    let mut definitions = definitions(&[]);
    let sql =
        "SELECT f.id, f.sched, w.temp FROM flights f LEFT JOIN weather w ON f.sched = w.time WHERE dep_delay >= 0";
    let mut table = crate::fixture::table(sql);
    table.settings.known_at = Some("sched + INTERVAL '3 hours'".to_string());
    definitions.tables.insert("t".to_string(), table);
    let relation = all(&TablePlan::new(definitions).unwrap()).remove("t").unwrap();
    let expected: Vec<Option<i64>> = [0, 1, 2, 3, 5, 6, 7, 8].iter().map(|hour| Some(hour + 3)).collect();
    let mut hours = known_hours(&relation);
    hours.sort_unstable();
    assert_eq!(hours, expected);
}

#[test]
fn a_group_is_known_when_its_last_row_is() {
    assert_eq!(
        known("SELECT carrier, avg(dep_delay) AS d FROM flights WHERE id < 4 GROUP BY carrier"),
        [Some(2), Some(3), Some(4)]
    );
    assert_eq!(known("SELECT carrier, count(*) AS n FROM flights GROUP BY carrier ORDER BY n"), [None, None, Some(9)]);
    assert_eq!(known("SELECT max(dep_delay) AS d FROM flights WHERE id < 3"), [Some(3)]);
    assert_eq!(known("SELECT carrier FROM flights WHERE id < 4 GROUP BY carrier HAVING count(*) > 1"), [Some(4)]);
}

#[test]
fn a_static_union_inside_a_statement_adds_no_time() {
    for side in [
        "SELECT 1 AS id, 'a' AS word UNION ALL SELECT 2, 'b'",
        "SELECT 1 AS id, 'a' AS word UNION SELECT 2, 'b'",
        "VALUES (1, 'a'), (2, 'b')",
        "SELECT DISTINCT CAST(seats AS BIGINT) % 3 AS id, 'p' AS word FROM planes WHERE seats > 0 UNION ALL SELECT 1, 'c' FROM planes",
        "SELECT id, row_number() OVER (ORDER BY id) AS word FROM (SELECT 2 AS id) two",
    ] {
        let side = side
            .strip_prefix("VALUES")
            .map_or(side.to_string(), |rows| format!("SELECT * FROM (VALUES{rows}) v (id, word)"));
        let found = known(&format!("SELECT f.id, b.word FROM flights f JOIN ({side}) b ON f.id = b.id"));
        assert!(!found.is_empty() && found.iter().all(|hour| matches!(hour, Some(1..=3))), "{side}: {found:?}");
    }
}

#[test]
fn equal_rows_are_known_with_the_first_of_them() {
    assert_eq!(known("SELECT DISTINCT id % 2 AS odd FROM flights WHERE id < 4"), [Some(1), Some(2)]);
    // Flights 4 and 9 are never known; another one of their kind is.
    assert_eq!(
        known("SELECT DISTINCT id % 5 AS k FROM flights WHERE id > 3"),
        [None, Some(6), Some(7), Some(8), Some(9)]
    );
    let both = "SELECT id FROM flights WHERE id IN (1, 2) UNION SELECT id FROM flights WHERE id IN (2, 3)";
    assert_eq!(known(both), [Some(2), Some(3), Some(4)]);
}

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

#[test]
fn a_static_row_without_a_timed_partner_has_the_time_that_is_stated() {
    let sql =
        "SELECT p.seats, count(f.id) AS n FROM planes p LEFT JOIN flights f ON f.id = p.seats - 1000 GROUP BY p.seats";
    assert_eq!(known(sql), [None; 3], "that no flight comes is known at no time");
    assert!(matches!(
        plan(&[("t", "SELECT p.seats, f.id FROM planes p LEFT JOIN flights f ON f.id = p.seats")]).open_time("t"),
        Ok(Some(_))
    ));
    assert!(matches!(
        plan(&[("t", "SELECT p.seats, f.id FROM flights f LEFT JOIN planes p ON f.id = p.seats")]).open_time("t"),
        Ok(None)
    ));
    let stated = |sql: &str| {
        let mut definitions = definitions(&[("t", sql)]);
        definitions.tables.get_mut("t").unwrap().settings.known_at = Some("to_timestamp(7200)".to_string());
        let made = run(TablePlan::new(definitions).unwrap().all(sources(), false));
        made.map(|made| known_hours(&made["t"]))
    };
    assert_eq!(stated(sql).unwrap(), [Some(2); 3]);
    assert!(stated(&sql.replace("p.seats - 1000", "0")).is_ok());
    assert!(stated(&sql.replace("p.seats - 1000", "3")).is_err(), "flight 3 is known in the fourth hour");
}

#[test]
fn union_all_passes_each_branch() {
    let sql = "SELECT id, dep_delay AS d FROM flights WHERE id < 2 UNION ALL SELECT id, air_time FROM flights WHERE id = 8 \
               UNION ALL SELECT 0, temp FROM weather WHERE temp = 1.5";
    assert_eq!(known(sql), [Some(1), Some(1), Some(2), Some(9)]);
}

#[test]
fn what_cannot_carry_it_says_why() {
    let untimed = |sql: &str, piece: &str| match plan(&[("t", sql)]).timing("t").unwrap() {
        Timing::Untimed(reason) => assert!(reason.contains(piece), "{sql}: {reason}"),
        other => panic!("{sql}: {other:?}"),
    };
    untimed("SELECT DISTINCT ON (carrier) carrier, id FROM flights ORDER BY carrier, id", "DISTINCT");
    untimed("SELECT id FROM flights ORDER BY id LIMIT 3", "LIMIT");
    untimed("SELECT id FROM flights WHERE id IN (SELECT count(*) FROM weather)", "subquery");
    untimed("SELECT f.id, c.page FROM flights f JOIN clicks c ON f.carrier = c.visitor", "clicks");
    untimed("SELECT tailnum FROM flights UNION ALL SELECT tailnum FROM planes", "static");
    untimed("SELECT f.id FROM flights f LEFT SEMI JOIN weather w ON f.sched = w.time", "JOIN");
    let two = plan(&[("a", "SELECT carrier FROM flights LIMIT 3"), ("t", "SELECT carrier FROM a")]);
    assert!(
        matches!(two.timing("t").unwrap(), Timing::Untimed(reason) if reason.contains("`a`") && reason.contains("LIMIT"))
    );
    assert_eq!(plan(&[("t", "SELECT DISTINCT seats FROM planes LIMIT 1")]).timing("t").unwrap(), &Timing::Static);
}

#[test]
fn a_table_may_state_a_later_time_and_never_an_earlier() {
    let stated = |sql: &str, known_at: &str| {
        let mut definitions = definitions(&[("t", sql)]);
        definitions.tables.get_mut("t").unwrap().settings.known_at = Some(known_at.to_string());
        let plan = TablePlan::new(definitions).unwrap();
        run(plan.all(sources(), false)).map(|made| {
            let mut hours = known_hours(&made["t"]);
            hours.sort_unstable();
            hours
        })
    };
    let sql = "SELECT id, sched FROM flights WHERE id < 3";
    assert_eq!(stated(sql, "sched + INTERVAL '5 hours'").unwrap(), [Some(5), Some(6), Some(7)]);
    let problem = stated(sql, "CASE WHEN id = 1 THEN sched ELSE sched + INTERVAL '5 hours' END").unwrap_err();
    assert_eq!(problem.code(), "known-at-earlier");
    assert!(problem.to_string().contains("in 1 of 3 rows"), "{problem}");
    // A missing stated time is later than any; a time where the inputs have none is earlier.
    assert_eq!(stated(sql, "NULLIF(sched, sched)").unwrap(), [None; 3]);
    assert!(stated("SELECT sched FROM flights WHERE id = 4", "sched + INTERVAL '100 days'").is_err());
    // A static table that states a time becomes timed.
    assert_eq!(stated("SELECT seats, to_timestamp(3600) AS t FROM planes", "t").unwrap(), [Some(1); 3]);
}

#[test]
fn arrivals_are_later_and_exact_times_replace() {
    let plan = plan(&[]);
    let flights = sources()["flights"].clone();
    let hour = crate::fixture::HOUR;
    let mut arrivals = vec![None; 10];
    arrivals[0] = Some(5 * hour);
    arrivals[3] = Some(0);
    arrivals[4] = Some(5 * hour);
    let relation = plan.source("flights", flights.clone(), RowTimes::Arrivals(arrivals)).unwrap();
    assert_eq!(known_hours(&relation)[..5], [Some(5), Some(2), Some(3), Some(4), None]);
    let exact = RowTimes::Exact((0..10).map(|i| (i > 0).then_some(i * hour)).collect());
    assert_eq!(known_hours(&plan.source("flights", flights, exact).unwrap())[..3], [None, Some(1), Some(2)]);
}
