//! Checks that reject rows choose them, as filters in SQL do.

use std::collections::BTreeMap;

use ropeway_vocab::Timing;

use crate::fixture::{batch, check, definitions, hours, integers, texts};
use crate::settings::Reference;
use crate::{CheckSettings, Otherwise, RowTimes, TablePlan};

const LATE: (&str, &str) = ("late", "SELECT tailnum, id FROM flights WHERE dep_delay > 3");

fn planned(checks: Vec<CheckSettings>) -> TablePlan {
    let mut definitions = definitions(&[LATE, ("f", "SELECT id, tailnum, sched, dep_delay FROM flights")]);
    definitions.checks = checks;
    TablePlan::new(definitions).unwrap()
}

fn references(table: &str, column: &str, to: &str, target: &str, otherwise: Otherwise) -> CheckSettings {
    check(|check| {
        check.table = table.to_string();
        check.references =
            Some(Reference { columns: vec![column.to_string()], table: to.to_string(), to: vec![target.to_string()] });
        check.otherwise = otherwise;
    })
}

fn later(plan: &TablePlan, table: &str) -> Vec<String> {
    let deps = plan.later_known_rows(table, &[], &[]).unwrap();
    assert!(deps.iter().all(|dep| dep.by_check == dep.path.iter().any(|step| step.starts_with("check of "))));
    deps.into_iter().map(|dep| format!("{}.{}", dep.source, dep.column)).collect()
}

#[test]
fn rows_depend_on_what_a_rejecting_check_reads() {
    let that = |otherwise: Otherwise| {
        check(|check| {
            check.that = Some("dep_delay < 3 OR id > 2".to_string());
            check.otherwise = otherwise;
        })
    };
    let plan = planned(vec![that(Otherwise::Reject)]);
    assert_eq!(later(&plan, "flights"), ["flights.dep_delay"]);
    assert_eq!(later(&plan, "f"), ["flights.dep_delay"], "tables over it, too");
    assert_eq!(plan.timing("f").unwrap(), &Timing::Timed, "a row's own values are known when it is");
    for kept in [Otherwise::Warn, Otherwise::Stop] {
        assert_eq!(later(&planned(vec![that(kept)]), "f"), Vec::<String>::new());
    }
}

#[test]
fn a_reference_to_what_becomes_known_over_time_is_remembered() {
    for table in ["planes", "f"] {
        let plan = planned(vec![references(table, "tailnum", "late", "tailnum", Otherwise::Reject)]);
        let dep = plan.later_reference(table).unwrap().unwrap();
        assert_eq!((dep.source.as_str(), dep.column.as_str()), ("flights", "dep_delay"), "{table}");
        assert_eq!(dep.path[0], format!("check of {table}: (tailnum) references late (tailnum)"));
        assert!(!matches!(plan.timing(table).unwrap(), Timing::Untimed(_)), "{table}: labels keep their time");
    }
    let warned = planned(vec![references("planes", "tailnum", "late", "tailnum", Otherwise::Warn)]);
    assert_eq!(warned.later_reference("planes").unwrap(), None);
    let ahead = planned(vec![references("planes", "tailnum", "flights", "tailnum", Otherwise::Reject)]);
    assert_eq!(ahead.later_reference("planes").unwrap(), None, "which flights there are is known ahead");
    let statics = planned(vec![references("f", "tailnum", "planes", "tailnum", Otherwise::Reject)]);
    assert_eq!((statics.timing("f").unwrap(), statics.later_reference("f").unwrap()), (&Timing::Timed, None));

    // Tables over it, too: by their rows, or by the values of a side that may be missing.
    let of = |sql: &str| {
        let mut definitions = definitions(&[LATE, ("t", sql)]);
        definitions.checks = vec![references("planes", "tailnum", "late", "tailnum", Otherwise::Reject)];
        TablePlan::new(definitions).unwrap().later_reference("t").unwrap().is_some()
    };
    assert!(of("SELECT f.id FROM flights f JOIN planes p USING (tailnum) WHERE f.dep_delay > 0"));
    assert!(of("SELECT f.id, p.seats FROM flights f LEFT JOIN planes p USING (tailnum)"));
    assert!(!of("SELECT id FROM flights WHERE dep_delay > 0"));
}

#[test]
fn of_equal_keys_the_first_known_row_stays() {
    let mut definitions = definitions(&[]);
    definitions.checks = vec![check(|check| {
        check.unique = Some(vec!["tailnum".to_string()]);
        check.otherwise = Otherwise::Reject;
        check.tolerate = Some(1.0);
    })];
    let plan = TablePlan::new(definitions).unwrap();
    // In canonical order the first of both is flight 0; flight 1 is known before it.
    let rows = batch(vec![
        ("id", integers(&[Some(0), Some(1), Some(2)])),
        ("carrier", texts(&[Some("AA"); 3])),
        ("tailnum", texts(&[Some("N1"); 3])),
        ("sched", hours(&[Some(5), Some(1), Some(0)])),
        ("dep_delay", integers(&[Some(0), Some(0), None])),
        ("air_time", integers(&[Some(60), Some(60), None])),
    ]);
    let relation = plan.source("flights", vec![rows], RowTimes::Stated).unwrap();
    let checked = plan.checked("flights", relation, &BTreeMap::new()).unwrap();
    let ids = checked.relation.column("id").unwrap();
    assert_eq!(format!("{ids:?}"), format!("{:?}", integers(&[Some(1)])));
    assert_eq!(later(&plan, "flights"), ["flights.air_time", "flights.dep_delay", "flights.known_at"]);
}

#[test]
fn a_unique_check_picks_the_partner_that_is_known_first() {
    let sql =
        "SELECT f.id, f.sched, f.dep_delay, w.time AS x, w.temp FROM flights f JOIN weather w ON w.time >= f.sched";
    let ahead = |sql: &str, key: &[&str], unique: bool| {
        let mut definitions = definitions(&[("t", sql)]);
        definitions.sources.get_mut("weather").unwrap().settings.known_ahead = vec!["time".to_string()];
        definitions.sources.get_mut("weather").unwrap().settings.planned = true;
        definitions.tables.get_mut("t").unwrap().settings.key = key.iter().map(|key| (*key).to_string()).collect();
        let unique = unique.then(|| {
            check(|check| {
                check.table = "t".to_string();
                check.unique = Some(vec!["id".to_string()]);
                check.otherwise = Otherwise::Reject;
            })
        });
        definitions.checks.extend(unique);
        let plan = TablePlan::new(definitions).unwrap();
        plan.schema_by("t", &["id".to_string()]).unwrap().column("x").unwrap().known_ahead
    };
    assert!(ahead(sql, &[], false));
    assert!(!ahead(sql, &[], true), "it is known with the weather which hour comes first");
    let hidden = sql.replace(", w.temp FROM", " FROM");
    assert!(ahead(&hidden, &[], false) && !ahead(&hidden, &[], true), "also where its time is not shown");
    // A dimension has no time; which of its rows stays is decided by the key.
    let seats =
        "SELECT f.id, f.sched, p.seats AS x, abs(p.seats - f.dep_delay) AS z FROM flights f CROSS JOIN planes p";
    assert!(ahead(seats, &["id", "x"], true));
    assert!(!ahead(seats, &["z", "id", "x"], true));
}
