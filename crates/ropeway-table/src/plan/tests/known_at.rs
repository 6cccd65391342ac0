//! Known-at travels through SQL with the plan.

use std::sync::Arc;

use arrow::array::ArrayRef;
use ropeway_vocab::{ColumnType, KNOWN_AT, Timing};

use crate::fixture::{all, batch, definitions, known_hours, plan, run, source, sources};
use crate::{Definitions, RowTimes, TablePlan};

/// The known-at in hours of a table's rows, sorted.
pub(super) fn known(sql: &str) -> Vec<Option<i64>> {
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
fn a_date_is_known_from_its_midnight_in_the_zone_of_its_source() {
    let days: ArrayRef = Arc::new(arrow::array::Date32Array::from(vec![None, Some(0), Some(1)]));
    let hours = |zone: Option<&str>, change: &dyn Fn(&mut ropeway_source::SourceSettings)| {
        let mut definitions = Definitions::default();
        let days_of = source(&[("day", ColumnType::Date)], |s| {
            s.zone = zone.map(str::to_string);
            change(s);
        });
        definitions.sources.insert("d".to_string(), days_of);
        let plan = TablePlan::new(definitions).unwrap();
        let made = plan.source("d", vec![batch(vec![("day", Arc::clone(&days))])], RowTimes::Stated).unwrap();
        let mut hours = known_hours(&made);
        hours.sort_unstable();
        hours
    };
    let at = |sql: &str, zone| hours(zone, &|s| s.known_at = Some(sql.to_string()));
    assert_eq!(at("day", None), [None, Some(0), Some(24)]);
    assert_eq!(at("day", Some("America/New_York")), [None, Some(5), Some(29)]);
    assert_eq!(at("day + INTERVAL '30 hours'", None), [None, Some(30), Some(54)], "hours are not dropped");
    assert_eq!(at("INTERVAL '1 day' + day - INTERVAL '1 hour'", Some("Asia/Tokyo")), [None, Some(14), Some(38)]);
    let after = |s: &mut ropeway_source::SourceSettings| {
        s.time = Some("day".to_string());
        s.known_after = "1 day".parse().ok();
    };
    assert_eq!(hours(Some("America/New_York"), &after), [None, Some(29), Some(53)]);
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
