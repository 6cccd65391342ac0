//! SQL and settings that cannot be, each with its place and remedy.

use ropeway_vocab::Problem;

use crate::fixture::{all, check, definitions, plan, problem, refusal, source};
use crate::{Reference, TablePlan};

/// The code, the place as `line:column`, and a piece of the advice or message.
fn says(problem: &Problem, code: &str, at: &str, piece: &str) {
    assert_eq!(problem.code(), code, "{problem}");
    let place =
        problem.place().map(|p| format!("{}:{}", p.line.unwrap_or(0), p.column.unwrap_or(0))).unwrap_or_default();
    assert_eq!(place, at, "{problem}");
    assert!(problem.to_string().contains(piece), "{problem}");
    assert!(problem.advice().is_some(), "{problem}");
}

#[test]
fn sql_that_is_no_select_is_refused_with_its_line() {
    says(&refusal("SELECT id\nFROM flights WHERE"), "sql-syntax", "2:19", "mend");
    says(&refusal("SELECT id\n FRM flights x"), "sql-syntax", "2:6", "mend");
    says(&refusal("SELECT id,\n FRM flights"), "unknown-column", "1:8", "FROM");
    says(&refusal("DELETE FROM flights"), "sql-not-select", "1:1", "SELECT");
    says(&refusal("SELECT 1 AS a;\nSELECT 2 AS a"), "sql-many", "2:1", "one SELECT");
    says(&refusal("  -- nothing\n"), "sql-empty", "1:3", "SELECT");
    says(&refusal("CREATE TABLE x AS SELECT 1"), "sql-not-select", "1:1", "SELECT");
    says(&refusal("SELECT 'open FROM flights"), "sql-syntax", "1:8", "mend");
}

#[test]
fn unknown_names_are_shown_with_the_nearest() {
    says(&refusal("SELECT id\nFROM flihgts"), "unknown-table", "2:6", "`flights`");
    says(&refusal("SELECT id,\n  dep_dely\nFROM flights"), "unknown-column", "2:3", "`dep_delay`");
    says(&refusal("SELECT f.carier FROM flights f"), "unknown-column", "1:8", "`carrier`");
    says(&refusal("SELECT uper(carrier) AS c FROM flights"), "unknown-function", "1:8", "`upper`");
    says(
        &refusal("SELECT var_(id) AS v FROM flights"),
        "unknown-function",
        "1:8",
        "did you mean `var_pop` or `var_samp`?",
    );
    says(&refusal("SELECT variance(id) AS v FROM flights"), "unknown-function", "1:8", "did you mean `var`?");
    says(&refusal("SELECT stdd(id) AS v FROM flights"), "unknown-function", "1:8", "did you mean `stddev`?");
    says(&refusal("SELECT id FROM flights JOIN planes USING (tailnm)"), "unknown-column", "1:43", "tailnum");
    says(&refusal("SELECT tailnum FROM flights, planes"), "ambiguous-column", "1:8", "in front");
    says(&refusal("SELECT c.user FROM clicks c"), "unknown-function", "1:8", "double quotes");
    assert_eq!(refusal("SELECT id FROM other.flights").code(), "unknown-table");
}

#[test]
fn functions_that_answer_differently_each_time_are_refused() {
    for function in ["now()", "random()", "uuid()", "current_date", "current_timestamp", "current_date()"] {
        let sql = format!("SELECT id,\n {function} AS x FROM flights");
        says(&refusal(&sql), "volatile-function", "2:2", "differently");
    }
}

#[test]
fn reserved_and_repeated_names_are_refused() {
    says(&refusal("SELECT id,\n 1 AS __x FROM flights"), "reserved-name", "2:7", "underscores");
    says(&refusal("SELECT __known_at FROM flights"), "reserved-name", "1:8", "underscores");
    says(&refusal("SELECT id, carrier AS id FROM flights"), "ambiguous-column", "1:8", "AS");
    says(
        &refusal("SELECT f.tailnum, p.tailnum FROM flights f JOIN planes p ON f.id = p.seats"),
        "duplicate-column",
        "1:1",
        "AS",
    );
}

#[test]
fn types_that_no_column_can_hold_are_refused_with_a_remedy() {
    says(&refusal("SELECT id,\n sched - sched AS d\nFROM flights"), "column-type", "2:1", "date_part('epoch'");
    let problem = refusal("SELECT id,\n carrier + INTERVAL '1 day' AS x\nFROM flights");
    assert!(problem.place().is_some(), "{problem}");
    assert!(refusal("SELECT sum(carrier) AS x FROM flights").place().is_some());
}

#[test]
fn a_circle_of_tables_is_shown() {
    let problem = problem(&[("a", "SELECT id FROM b"), ("b", "SELECT id\nFROM c"), ("c", "SELECT id FROM a")]);
    says(&problem, "cycle", "1:16", "a -> b -> c -> a");
    assert_eq!(crate::fixture::problem(&[("a", "SELECT 1 AS x FROM a")]).code(), "cycle");
}

#[test]
fn source_settings_that_contradict_themselves_are_refused() {
    let with = |change: &dyn Fn(&mut ropeway_source::SourceSettings)| {
        let mut definitions = definitions(&[]);
        definitions.sources.insert(
            "x".to_string(),
            source(&[("t", ropeway_vocab::ColumnType::Timestamp), ("n", ropeway_vocab::ColumnType::Integer)], |s| {
                change(s)
            }),
        );
        TablePlan::new(definitions).unwrap_err()
    };
    let static_and_timed = with(&|s| {
        s.is_static = true;
        s.known_at = Some("t".into());
    });
    assert_eq!(static_and_timed.code(), "source-time");
    assert_eq!(with(&|s| s.known_after = "1 hour".parse().ok()).code(), "source-time");
    assert_eq!(with(&|s| s.known_at = Some("n".into())).code(), "known-at-type");
    says(&with(&|s| s.known_at = Some("t + m * INTERVAL '1 minute'".into())), "unknown-column", "1:5", "`n`");
    assert!(with(&|s| s.key = vec!["tt".into()]).to_string().contains("did you mean `t`"));
    assert!(with(&|s| s.known_ahead = vec!["nn".into()]).to_string().contains("did you mean `n`"));
}

#[test]
fn checks_name_one_condition_over_columns_that_exist() {
    let with = |settings| {
        let mut definitions = definitions(&[]);
        definitions.checks.push(settings);
        TablePlan::new(definitions).unwrap_err()
    };
    assert!(with(check(|_| ())).to_string().contains("0 conditions"));
    let two = check(|c| {
        c.that = Some("id > 0".into());
        c.unique = Some(vec!["id".into()]);
    });
    assert!(with(two).to_string().contains("2 conditions"));
    says(&with(check(|c| c.that = Some("idd > 0".into()))), "unknown-column", "1:1", "`id`");
    assert!(with(check(|c| c.that = Some("id + 1".into()))).to_string().contains("not true or false"));
    assert!(with(check(|c| c.not_null = Some(vec!["ids".into()]))).to_string().contains("`id`"));
    assert!(
        with(check(|c| c.matches = Some([("carrier".to_string(), "[".to_string())].into_iter().collect())))
            .to_string()
            .contains("regular expression")
    );
    assert!(with(check(|c| c.rows = Some("lots".into()))).advice().is_some());
    let reference = |columns: &[&str], table: &str, to: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|n| (*n).to_string()).collect();
        check(|c| c.references = Some(Reference { columns: owned(columns), table: table.into(), to: owned(to) }))
    };
    assert_eq!(with(reference(&["tailnum"], "plans", &[])).code(), "unknown-table");
    assert!(with(reference(&["tailnum"], "planes", &["seats"])).to_string().contains("never equal"));
    assert!(with(check(|c| c.table = "flihts".into())).to_string().contains("`flights`"));
}

#[test]
fn a_stated_known_at_needs_inputs_that_carry_one() {
    let mut definitions = definitions(&[("t", "SELECT carrier, sched FROM flights LIMIT 3")]);
    definitions.tables.get_mut("t").unwrap().settings.known_at = Some("sched".to_string());
    let problem = TablePlan::new(definitions).unwrap_err();
    assert_eq!(problem.code(), "known-at-unfounded");
    assert!(problem.to_string().contains("LIMIT"), "{problem}");
}

#[test]
fn clauses_that_would_be_passed_over_are_refused() {
    for (sql, clause) in [
        ("SELECT id FROM flights PREWHERE id > 3", "PREWHERE"),
        ("SELECT id FROM flights TABLESAMPLE (10)", "TABLESAMPLE"),
        ("SELECT id FROM flights START WITH id = 1 CONNECT BY PRIOR id = id", "CONNECT BY"),
        ("SELECT id FROM flights WITH (NOLOCK)", "a hint"),
        ("SELECT id FROM flights FOR UPDATE", "FOR UPDATE"),
        ("SELECT TOP 3 id FROM flights", "TOP"),
        ("SELECT x.id FROM (SELECT id FROM flights SORT BY id) x", "SORT BY"),
        ("WITH a AS (SELECT id FROM flights TABLESAMPLE (10)) SELECT id FROM a", "TABLESAMPLE"),
    ] {
        let problem = refusal(sql);
        assert_eq!((problem.code(), problem.place().is_some()), ("unsupported-clause", true), "{sql}: {problem}");
        assert!(problem.to_string().contains(clause), "{sql}: {problem}");
    }
}

#[test]
fn what_the_engine_cannot_execute_is_refused_before_there_are_rows() {
    let exists = "EXISTS (SELECT 1 FROM planes g WHERE g.tailnum = f.tailnum)";
    let count = "(SELECT count(*) FROM planes g WHERE g.seats > f.id AND g.tailnum = f.tailnum)";
    let one = "(SELECT g.seats FROM planes g WHERE g.tailnum = f.tailnum LIMIT 1)";
    for (item, what) in [
        (exists, "a correlated subquery (EXISTS) in the columns of a SELECT, which reads `f.tailnum`"),
        ("EXISTS (SELECT 1 FROM clicks)", "a subquery (EXISTS) in the columns of a SELECT"),
        ("carrier IN (SELECT page FROM clicks)", "a subquery (IN) in the columns of a SELECT"),
        (count, "a correlated subquery in the columns of a SELECT, which reads `f.id` and `f.tailnum`"),
        (one, "a correlated subquery in the columns of a SELECT"),
    ] {
        let problem = refusal(&format!("SELECT id,\n  {item} AS x\nFROM flights f"));
        assert_eq!(problem.code(), "sql-unsupported", "{problem}");
        assert_eq!(problem.place().and_then(|place| place.line), Some(2), "{problem:?}");
        assert!(problem.what().contains(what), "{item}: {problem}");
        assert!(problem.advice().unwrap().contains("LEFT JOIN found"), "{problem}");
    }
    for (sql, what) in [
        ("SELECT id FROM flights f LIMIT (SELECT count(*) FROM planes)", "a subquery in LIMIT"),
        ("SELECT x.n FROM flights f, LATERAL (SELECT count(*) AS n FROM planes g WHERE g.seats > f.id) x", "`f.id`"),
        (
            "SELECT a.id FROM flights a JOIN clicks b ON EXISTS (SELECT 1 FROM planes g WHERE g.seats > a.id)",
            "(EXISTS) in ",
        ),
        ("SELECT l.d FROM flights f, LATERAL (SELECT f.dep_delay AS d) l", "(LATERAL)"),
    ] {
        let problem = refusal(sql);
        assert_eq!((problem.code(), problem.place().is_some()), ("sql-unsupported", true), "{sql}: {problem}");
        assert!(problem.to_string().contains(what), "{sql}: {problem}");
        assert!(!problem.to_string().contains("nullif"), "{problem}");
    }
}

#[test]
fn what_turns_out_to_be_missing_in_the_engine_has_no_remedy_for_values() {
    for (sql, at, what) in [
        ("SELECT id,\n string_agg(carrier, tailnum) OVER (ORDER BY id) AS x FROM flights", "2:2", "delimiter"),
        ("SELECT\n lag(id, id) OVER (ORDER BY id) AS x FROM flights", "1:1", "Literal"),
    ] {
        let problem = match TablePlan::new(definitions(&[("t", sql)])) {
            Ok(plan) => crate::fixture::run(plan.all(crate::fixture::sources(), false)).unwrap_err(),
            Err(problem) => problem,
        };
        says(&problem, "sql-unsupported", at, what);
        assert!(!problem.to_string().contains("nullif"), "{problem}");
    }
    let relations = all(&plan(&[]));
    let asked = "SELECT EXISTS (SELECT 1 FROM planes p WHERE p.tailnum = f.tailnum) FROM flights f";
    says(&crate::fixture::run(crate::query(asked, &relations)).unwrap_err(), "sql-unsupported", "1:8", "(EXISTS)");
}

#[test]
fn subqueries_that_are_joins_or_single_values_are_executed() {
    for sql in [
        "SELECT id FROM flights f WHERE EXISTS (SELECT 1 FROM planes g WHERE g.tailnum = f.tailnum AND g.seats > f.id)",
        "SELECT id FROM flights f WHERE id > 3 OR tailnum NOT IN (SELECT tailnum FROM planes)",
        "SELECT id, (SELECT max(seats) FROM planes) AS most FROM flights",
        "SELECT id, (SELECT max(seats) FROM planes g WHERE g.tailnum = f.tailnum) AS most FROM flights f",
        "SELECT id, 1 / (id - id) AS x, 1 / 0 AS y FROM flights",
    ] {
        plan(&[("t", sql)]);
    }
}

#[test]
fn tables_of_many_relations_together_are_planned_within_a_runtime() {
    let four = "SELECT a.seats FROM planes a JOIN planes b ON a.tailnum = b.tailnum JOIN planes c ON a.tailnum = c.tailnum \
                JOIN planes d ON a.tailnum = d.tailnum";
    let names: Vec<String> = (0..40).map(|number| format!("t{number}")).collect();
    let tables: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), four)).collect();
    let plan = crate::fixture::run(async { crate::fixture::plan(&tables) });
    assert_eq!(plan.order().len(), 44);
}
