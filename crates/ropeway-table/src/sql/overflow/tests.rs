//! Integers at the edge of 64 bits, in expressions over rows and in SQL.

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::Int64Type;
use ropeway_vocab::{ColumnSpec, ColumnType, Problem, Result};

use crate::fixture::{batch, column, integers, plan, run, source};
use crate::{Definitions, Relation, RowExpr, TablePlan, query};

const MAX: i64 = i64::MAX;
const MIN: i64 = i64::MIN;
const NS: [Option<i64>; 5] = [Some(1), Some(MAX), None, Some(MIN), Some(-2)];

fn columns() -> Vec<ColumnSpec> {
    [column("i", ColumnType::Integer), column("n", ColumnType::Integer)].to_vec()
}

fn rows() -> RecordBatch {
    batch(vec![("i", integers(&(0..5).map(Some).collect::<Vec<_>>())), ("n", integers(&NS))])
}

fn whole(column: &ArrayRef) -> Vec<Option<i64>> {
    column.as_primitive::<Int64Type>().iter().collect()
}

fn relations() -> BTreeMap<String, Relation> {
    let mut definitions = Definitions::default();
    let columns = [("i", ColumnType::Integer), ("n", ColumnType::Integer)];
    definitions.sources.insert("t".to_string(), source(&columns, |s| s.is_static = true));
    let plan = TablePlan::new(definitions).unwrap();
    run(plan.all(BTreeMap::from([("t".to_string(), vec![rows()])]), false)).unwrap()
}

fn answer(sql: &str) -> Result<RecordBatch> {
    let batches = run(query(sql, &relations()))?;
    Ok(concat_batches(&batches[0].schema(), &batches).unwrap())
}

#[track_caller]
fn overflows(problem: &Problem) {
    assert_eq!(problem.code(), "sql-run", "{problem}");
    assert!(problem.what().contains("is beyond the range of its type"), "{problem}");
    assert!(problem.advice().unwrap().contains("CAST(x AS DOUBLE)"), "{problem}");
}

#[test]
fn an_expression_over_a_row_does_not_wrap_around() {
    for (sql, row, words) in [
        ("n + 1", 1, "9223372036854775807 + 1"),
        ("1 + n", 1, "1 + 9223372036854775807"),
        ("n - 1", 3, "-9223372036854775808 - 1"),
        ("n * 2", 1, "9223372036854775807 * 2"),
        ("n * i", 3, "-9223372036854775808 * 3"),
        ("-n", 3, "0 - -9223372036854775808"),
        ("CASE WHEN i > 0 THEN n + i ELSE 0 END", 1, "9223372036854775807 + 1"),
        ("coalesce(n + 1, 0)", 1, "9223372036854775807 + 1"),
        ("n + 1 > 0", 1, "9223372036854775807 + 1"),
        ("9223372036854775807 + 1", 0, "9223372036854775807 + 1"),
    ] {
        let problem = RowExpr::compile_in("[derive] v", sql, &columns()).unwrap().eval(&rows()).unwrap_err();
        overflows(&problem);
        assert!(problem.what().starts_with(&format!("row {row}: [derive] v: ")), "{sql}: {problem}");
        assert!(problem.what().contains(words), "{sql}: {problem}");
    }
    let abs = RowExpr::compile("abs(n)", &columns()).unwrap().eval(&rows()).unwrap_err();
    assert!(abs.what().contains("row 3") && abs.advice().unwrap().contains("AS DOUBLE"), "{abs}");
}

#[test]
fn what_fits_has_its_value() {
    for (sql, expected) in [
        ("n - 1 + 1", [Some(1), Some(MAX), None, None, Some(-2)]),
        ("n * -1", [Some(-1), Some(-MAX), None, None, Some(2)]),
        ("-n", [Some(-1), Some(-MAX), None, None, Some(2)]),
    ] {
        let given = rows();
        let keep = [0, 1, 2, 4];
        let value = RowExpr::compile(sql, &columns()).unwrap();
        let each = keep.map(|row| whole(&value.eval(&given.slice(row, 1)).unwrap())[0]);
        assert_eq!(each, keep.map(|row| expected[row]), "{sql}");
        let made = answer(&format!("SELECT {sql} AS v FROM t WHERE i <> 3 ORDER BY i")).unwrap();
        assert_eq!(whole(made.column(0)), each, "{sql}");
    }
    let floats = RowExpr::compile("-(n * 2.0)", &columns()).unwrap().eval(&rows()).unwrap();
    assert_eq!(floats.null_count(), 1);
}

#[test]
fn no_clause_of_sql_wraps_around() {
    for (sql, line) in [
        ("SELECT i,\n n + 1 AS v FROM t", 2),
        ("SELECT i,\n -n AS v FROM t", 2),
        ("SELECT i FROM t\nWHERE n - 1 < 0", 2),
        ("SELECT a.i FROM t a JOIN t b\nON a.n * 2 = b.n", 2),
        ("SELECT a.i FROM t a JOIN t b\nON a.i = b.i AND\na.n + b.n > 3", 3),
        ("SELECT\nmax(n + 1) AS v FROM t", 2),
        ("SELECT\nsum(n * 2) AS v FROM t", 2),
        ("SELECT count(*) FILTER (WHERE\nn - 1 > 0) AS v FROM t", 2),
        ("SELECT\nn + 1 AS v, count(*) AS c FROM t GROUP BY n + 1", 2),
        ("SELECT i % 2 AS v FROM t GROUP BY i % 2\nHAVING max(n) + 1 > 0", 1),
        ("SELECT i,\nmax(n * 2) OVER (ORDER BY i) AS v FROM t", 2),
        ("SELECT i FROM t\nORDER BY n + 1", 2),
        ("SELECT i FROM t WHERE i IN (\nSELECT n + 1 FROM t)", 2),
        ("SELECT i FROM t a WHERE EXISTS (SELECT 1 FROM t b WHERE\na.n + 1 = b.n)", 1),
        ("WITH x AS (SELECT i, n FROM t)\nSELECT x.n + x.n AS v FROM x", 2),
        ("SELECT i FROM t UNION ALL\nSELECT n + n FROM t", 2),
        ("SELECT 9223372036854775807 + 1 AS v FROM t", 1),
        ("SELECT i FROM t WHERE 9223372036854775807 + i > 5", 1),
        ("SELECT -(-9223372036854775807 - i) AS v FROM t", 1),
    ] {
        let problem = answer(sql).unwrap_err();
        overflows(&problem);
        assert_eq!(problem.place().and_then(|place| place.line), Some(line), "{sql}: {problem}");
    }
}

#[test]
fn columns_keep_their_names_and_types() {
    let made =
        answer("SELECT n + 1, -i, i * i, i + 0.5, sum(i + 1) OVER (ORDER BY i) FROM t WHERE n < 5 AND n > -5").unwrap();
    let names: Vec<String> = made.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names[..4], ["n + 1", "-i", "i * i", "i + 0.5"], "{names:?}");
    let grouped = answer("SELECT i % 2 + 1 AS k, count(*) AS c FROM t GROUP BY ROLLUP (i % 2 + 1) ORDER BY k").unwrap();
    assert_eq!(whole(grouped.column(0)), [Some(1), Some(2), None]);
    let limited =
        answer("SELECT i, lag(i, 1 + 1) OVER (ORDER BY i) AS l FROM t ORDER BY i LIMIT 1 + 2 OFFSET 2 - 1").unwrap();
    assert_eq!(whole(limited.column(1)), [None, Some(0), Some(1)]);
}

#[test]
fn a_table_says_where_and_no_personal_value() {
    let sql = "SELECT id,\n       id + 9223372036854775807 AS v\nFROM flights";
    for partitions in [1, 3] {
        let plan = plan(&[("t", sql)]).with_partitions(partitions);
        let problem = run(plan.all(crate::fixture::sources(), false)).unwrap_err();
        overflows(&problem);
        // The first of the rows, whichever partition is the fastest.
        assert!(problem.what().contains(": 1 + 9223372036854775807 is beyond"), "{problem}");
        let place = problem.place().unwrap();
        assert_eq!((place.file.as_str(), place.line, place.column), ("tables/t.sql", Some(2), Some(8)), "{problem}");
    }
    let mut personal = columns();
    personal[1].personal = true;
    let problem = RowExpr::compile("n + 1", &personal).unwrap().eval(&rows()).unwrap_err();
    overflows(&problem);
    assert!(!problem.to_string().contains("9223372036854775807"), "{problem}");
}

#[test]
fn functions_of_sums_order_rows() {
    let few = "(SELECT * FROM t WHERE i < 3 AND n IS NOT NULL) f";
    for order in [
        "abs(n - i)",
        "abs(i - 1)",
        "abs(-i)",
        "power(i + 1, 2)",
        "CAST(abs(i - 2) AS DOUBLE)",
        "round((i - 2) / 2.0)",
        "to_timestamp(0) + i * INTERVAL '1 hour'",
        "date_trunc('day', to_timestamp(0) + (i + 1) * INTERVAL '1 hour')",
    ] {
        for window in ["ORDER BY", "PARTITION BY i % 2 ORDER BY", "PARTITION BY i % 2 ORDER BY i,"] {
            answer(&format!("SELECT i, row_number() OVER ({window} {order}) AS w FROM {few}")).unwrap();
        }
        answer(&format!("SELECT i FROM {few} ORDER BY {order} LIMIT 2")).unwrap();
    }
}
