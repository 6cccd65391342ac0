//! New rows pass through row-wise tables as in batch, and others say why they do not.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::fixture::{HOUR, check, definitions, flights, plan, run, sources};
use crate::{Otherwise, Relation, RowTimes, RowWise, TablePlan};

const TABLES: [(&str, &str); 4] = [
    ("clean", "SELECT id, carrier, tailnum, dep_delay * 2 AS d FROM flights WHERE id <> 5"),
    ("wide", "SELECT c.id, c.d, p.seats FROM clean c LEFT JOIN big p USING (tailnum)"),
    ("big", "SELECT tailnum, max(seats) AS seats FROM planes GROUP BY tailnum"),
    ("both", "SELECT id AS n FROM clean UNION ALL SELECT seats FROM flights f JOIN planes USING (tailnum)"),
];

fn reason(sql: &str) -> (String, u64) {
    match plan(&[("t", sql)]).row_wise("t", "flights").unwrap() {
        RowWise::No { reason, place } => (reason, place.line.unwrap_or(0)),
        RowWise::Yes => panic!("{sql} counts as row-wise"),
    }
}

#[test]
fn what_looks_at_many_rows_is_named_with_its_line() {
    let says = |sql: &str, piece: &str, line: u64| {
        let (reason, at) = reason(sql);
        assert!(reason.contains(piece) && at == line, "{sql}: {reason} at {at}");
    };
    says("SELECT carrier, count(*) AS n\nFROM flights\nGROUP BY carrier", "aggregates", 3);
    says("SELECT max(id) AS n\nFROM flights", "aggregates", 1);
    says("SELECT DISTINCT carrier\nFROM flights", "DISTINCT", 1);
    says("SELECT id,\n row_number() OVER (ORDER BY id) AS n FROM flights", "OVER", 2);
    says("SELECT id FROM flights\nORDER BY id\nLIMIT 3", "LIMIT", 3);
    says("SELECT f.id, w.temp FROM flights f\nJOIN weather w ON w.time = f.sched", "not static", 2);
    says("SELECT a.id FROM flights a\nJOIN flights b USING (id)", "each other", 2);
    says("SELECT f.id, p.seats FROM flights f\nRIGHT JOIN planes p USING (tailnum)", "other side", 2);
    says("SELECT id FROM flights\nWHERE id IN (SELECT max(id) FROM flights)", "subquery", 2);
}

#[test]
fn checks_that_hold_rows_against_each_other_are_named() {
    let with = |change: &dyn Fn(&mut crate::CheckSettings)| {
        let mut definitions = definitions(&TABLES);
        definitions.checks = vec![check(|settings| {
            settings.otherwise = Otherwise::Reject;
            change(settings);
        })];
        TablePlan::new(definitions).unwrap().check_between_rows("flights", "flights").unwrap()
    };
    let unique = |columns: &[&str]| Some(columns.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(with(&|check| check.unique = unique(&["tailnum"])).as_deref(), Some("unique (tailnum)"));
    assert_eq!(with(&|check| check.unique = unique(&["tailnum", "id"])), None, "the key is unique already");
    assert_eq!(with(&|check| check.that = Some("id > 0".to_string())), None);
    let to = |table: &str| {
        Some(crate::settings::Reference {
            columns: vec!["tailnum".to_string()],
            table: table.to_string(),
            to: vec!["tailnum".to_string()],
        })
    };
    assert_eq!(with(&|check| check.references = to("planes")), None);
    assert!(with(&|check| check.references = to("flights")).is_some());
    let warns = |check: &mut crate::CheckSettings| {
        check.unique = unique(&["tailnum"]);
        check.otherwise = Otherwise::Warn;
    };
    assert_eq!(with(&warns), None);
}

#[test]
fn a_table_is_row_wise_only_if_those_between_are() {
    let plan = plan(&[("a", "SELECT carrier, max(id) AS id FROM flights GROUP BY carrier"), ("t", "SELECT id FROM a")]);
    assert!(matches!(plan.row_wise("t", "flights").unwrap(), RowWise::No { .. }));
    assert!(plan.row_wise("t", "weather").unwrap().is_yes(), "weather's rows never reach it");
}

#[test]
fn pushed_rows_equal_those_of_a_batch() {
    let plan = plan(&TABLES);
    let before = run(plan.all(sources(), false)).unwrap();
    for table in ["clean", "wide", "both"] {
        assert!(plan.row_wise(table, "flights").unwrap().is_yes(), "{table}");
    }
    let statics: BTreeMap<String, Relation> =
        ["planes", "big"].map(|name| (name.to_string(), before[name].clone())).into_iter().collect();
    let (old, new) = (flights(20).slice(0, 10), flights(20).slice(10, 10));
    let pushed = run(plan.push("flights", new.clone(), RowTimes::Stated, &statics)).unwrap();
    assert_eq!(pushed.keys().collect::<Vec<_>>(), ["both", "clean", "flights", "wide"]);
    let mut given = sources();
    given.insert("flights".to_string(), vec![old, new]);
    let whole = run(plan.all(given, false)).unwrap();
    for (name, rows) in &pushed {
        let both: Vec<RecordBatch> = vec![before[name].concat(), rows.concat()];
        let joined = Relation::new(rows.schema().clone(), &both).unwrap();
        assert_eq!(joined.digest(), whole[name].digest(), "{name}");
    }
}

#[test]
fn pushed_rows_carry_their_arrival() {
    let plan = plan(&TABLES);
    let before = run(plan.all(sources(), false)).unwrap();
    let arrivals = RowTimes::Arrivals(vec![Some(99 * HOUR), None]);
    let pushed = run(plan.push("flights", flights(2), arrivals, &before)).unwrap();
    assert_eq!(crate::fixture::known_hours(&pushed["clean"]).iter().max(), Some(&Some(99)));
}

#[test]
fn a_pushed_row_that_fails_a_check_is_named() {
    let mut definitions = definitions(&TABLES);
    definitions.checks.push(check(|c| {
        c.table = "clean".to_string();
        c.that = Some("d < 3".to_string());
    }));
    definitions.checks.push(check(|c| {
        c.that = Some("id < 0".to_string());
        c.otherwise = Otherwise::Warn;
    }));
    let plan = TablePlan::new(definitions).unwrap();
    let statics = run(crate::fixture::plan(&TABLES).all(sources(), false)).unwrap();
    assert!(run(plan.push("flights", flights(2), RowTimes::Stated, &statics)).is_ok());
    let problem = run(plan.push("flights", flights(3), RowTimes::Stated, &statics)).unwrap_err();
    assert_eq!(problem.code(), "check-failed");
    assert!(problem.to_string().contains("`d < 3`") && problem.to_string().contains("\"id\":2"), "{problem}");
}
