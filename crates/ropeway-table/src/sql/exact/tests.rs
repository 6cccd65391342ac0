//! Exact aggregates against sums known by hand and against the moments that windows use.

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{Float64Type, Int64Type};
use ropeway_stat::Moments;
use ropeway_vocab::{ColumnType, Problem, Result};

use crate::fixture::{batch, floats, integers, plan, run, source, texts};
use crate::{Definitions, Relation, TablePlan, query};

/// Numbers that a sum in doubles gets wrong, in two groups.
const XS: [Option<f64>; 8] = [Some(1e300), Some(1.0), Some(-1e300), None, Some(0.1), Some(0.1), Some(2.5), Some(-0.0)];
const NS: [Option<i64>; 8] = [Some(1 << 53), Some(1), Some(1), Some(-7), None, Some(3), Some((1 << 53) + 1), Some(3)];

fn numbers() -> BTreeMap<String, Relation> {
    let mut definitions = Definitions::default();
    let columns =
        [("i", ColumnType::Integer), ("g", ColumnType::Text), ("x", ColumnType::Float), ("n", ColumnType::Integer)];
    definitions.sources.insert("t".to_string(), source(&columns, |s| s.is_static = true));
    let rows = batch(vec![
        ("i", integers(&(0..8).map(Some).collect::<Vec<_>>())),
        ("g", texts(&["a", "a", "a", "a", "b", "b", "b", "b"].map(Some))),
        ("x", floats(&XS)),
        ("n", integers(&NS)),
    ]);
    let plan = TablePlan::new(definitions).unwrap();
    run(plan.all(BTreeMap::from([("t".to_string(), vec![rows])]), false)).unwrap()
}

fn answer(sql: &str) -> Result<RecordBatch> {
    let batches = run(query(sql, &numbers()))?;
    Ok(concat_batches(&batches[0].schema(), &batches).unwrap())
}

fn doubles(column: &ArrayRef) -> Vec<Option<f64>> {
    column.as_primitive::<Float64Type>().iter().collect()
}

fn moments(values: &[Option<f64>]) -> Moments {
    values.iter().flatten().copied().collect()
}

#[test]
fn sums_and_means_round_once() {
    let rows = answer("SELECT sum(x), avg(x), sum(n), avg(n) FROM t GROUP BY g ORDER BY g").unwrap();
    assert_eq!(doubles(rows.column(0)), [Some(1.0), Some(moments(&XS[4..]).sum.round())]);
    assert_eq!(doubles(rows.column(1)), [Some(1.0 / 3.0), moments(&XS[4..]).mean()]);
    let sums: Vec<_> = rows.column(2).as_primitive::<Int64Type>().iter().collect();
    assert_eq!(sums, [Some((1 << 53) + 2 - 7), Some((1 << 53) + 7)]);
    // A quarter of 2^53 - 5, and a third of 2^53 + 7: each integer as it is, one rounding.
    assert_eq!(doubles(rows.column(3)), [Some(2_251_799_813_685_246.8), Some(3_002_399_751_580_333.0)]);
    let all = answer("SELECT sum(x) AS s, avg(x) FROM t").unwrap();
    assert_eq!(doubles(all.column(0)), [Some(moments(&XS).sum.round())]);
    assert_eq!(all.schema().field(1).name(), "avg(x)", "as it is written");
}

#[test]
fn deviations_are_those_of_windows() {
    let sql = "SELECT stddev(x), var_samp(x), stddev_pop(x), var_pop(x) FROM t WHERE g = 'b'";
    let rows = answer(sql).unwrap();
    let truth = moments(&XS[4..]);
    let expected =
        [truth.stddev_sample(), truth.variance_sample(), truth.stddev_population(), truth.variance_population()];
    for (column, expected) in rows.columns().iter().zip(expected) {
        assert_eq!(doubles(column)[0].map(f64::to_bits), expected.map(f64::to_bits));
    }
    let one = answer("SELECT stddev_samp(x), var_pop(x), stddev(n) FROM t WHERE i = 1").unwrap();
    assert_eq!(one.columns().iter().map(|column| doubles(column)[0]).collect::<Vec<_>>(), [None, Some(0.0), None]);
}

#[test]
fn any_nan_gives_nan() {
    let figures = "stddev(v), var_samp(v), stddev_pop(v), var_pop(v), avg(v), sum(v)";
    for values in ["('NaN')", "('NaN'), (1.0)"] {
        let sql = format!("SELECT {figures} FROM (SELECT CAST(w AS DOUBLE) AS v FROM (VALUES {values}) AS x(w))");
        let rows = answer(&sql).unwrap();
        assert!(rows.columns().iter().all(|column| doubles(column)[0].is_some_and(f64::is_nan)), "{values}");
    }
}

#[test]
fn what_left_a_frame_leaves_nothing_behind() {
    let sql = "SELECT sum(x) OVER (ORDER BY i ROWS 1 PRECEDING), avg(x) OVER (ORDER BY i ROWS 1 PRECEDING), \
               stddev(x) OVER (ORDER BY i ROWS 1 PRECEDING), sum(n) OVER (ORDER BY i ROWS 1 PRECEDING) FROM t ORDER BY i";
    let rows = answer(sql).unwrap();
    for at in 0..XS.len() {
        let frame = moments(&XS[at.saturating_sub(1)..=at]);
        let sum = (frame.count > 0).then(|| frame.sum.round());
        let seen = |column: usize| doubles(rows.column(column))[at].map(f64::to_bits);
        assert_eq!((seen(0), seen(1)), (sum.map(f64::to_bits), frame.mean().map(f64::to_bits)), "row {at}");
        assert_eq!(seen(2), frame.stddev_sample().map(f64::to_bits), "row {at}");
    }
    let sums: Vec<_> = rows.column(3).as_primitive::<Int64Type>().iter().collect();
    assert_eq!(sums[3..6], [Some(-6), Some(-7), Some(3)]);
}

#[test]
fn distinct_numbers_count_once() {
    let sql =
        "SELECT sum(DISTINCT n), avg(DISTINCT x), sum(x), sum(DISTINCT n) FILTER (WHERE n < 100) FROM t WHERE g = 'b'";
    let rows = answer(sql).unwrap();
    assert_eq!(rows.column(0).as_primitive::<Int64Type>().value(0), (1 << 53) + 4);
    assert_eq!(doubles(rows.column(1)), [moments(&[Some(0.1), Some(2.5), Some(0.0)]).mean()]);
    assert_eq!(doubles(rows.column(2)), [Some(moments(&XS[4..]).sum.round())]);
    assert_eq!(rows.column(3).as_primitive::<Int64Type>().value(0), 3);
    let frames = answer("SELECT sum(DISTINCT n) OVER (ORDER BY i ROWS 2 PRECEDING) FROM t ORDER BY i").unwrap();
    let sums: Vec<_> = frames.column(0).as_primitive::<Int64Type>().iter().collect();
    assert_eq!(sums[2..5], [Some((1 << 53) + 1), Some(-6), Some(-6)]);
}

#[test]
fn nothing_has_no_sum_and_filters_are_kept() {
    let rows = answer("SELECT sum(x), avg(n), sum(n) FILTER (WHERE n > 100) FROM t WHERE i > 100").unwrap();
    assert!(rows.columns().iter().all(|column| column.is_null(0)));
    let rows = answer("SELECT sum(n) FILTER (WHERE n < 100) FROM t GROUP BY g ORDER BY g").unwrap();
    let sums: Vec<_> = rows.column(0).as_primitive::<Int64Type>().iter().collect();
    assert_eq!(sums, [Some(-5), Some(6)]);
    let none = answer("SELECT g, sum(x) FROM t WHERE i > 100 GROUP BY g").unwrap();
    assert_eq!(none.num_rows(), 0);
}

#[test]
fn other_types_are_the_engines() {
    let rows = answer("SELECT sum(CAST(i AS DECIMAL(10, 2))), avg(CAST(i AS DECIMAL(10, 2))) FROM t").unwrap();
    assert_eq!(rows.column(0).as_primitive::<arrow::datatypes::Decimal128Type>().value(0), 2_800);
    let small = answer("SELECT sum(CAST(x AS REAL)), avg(CAST(i AS SMALLINT)) FROM t WHERE i > 4").unwrap();
    assert_eq!(doubles(small.column(0)), [Some(f64::from(0.1_f32) + 2.5)]);
    assert_eq!(doubles(small.column(1)), [Some(6.0)]);
    let refused: Problem = answer("SELECT sum(g) FROM t").unwrap_err();
    assert!(refused.to_string().contains("sum takes numbers"), "{refused}");
}

#[test]
fn a_sum_of_integers_never_wraps() {
    let problem = answer("SELECT sum(n * 512) FROM t").unwrap_err();
    assert!(problem.to_string().contains("9223372036854776832"), "{problem}");
    assert!(problem.to_string().contains("cast them to double"), "{problem}");
    // What is beyond in between is none of its business.
    let ends =
        "SELECT sum(v) FROM (VALUES (9223372036854775807), (9223372036854775807), (-9223372036854775807)) AS w(v)";
    assert_eq!(answer(ends).unwrap().column(0).as_primitive::<Int64Type>().value(0), i64::MAX);
}

#[test]
fn tables_of_the_plan_use_them() {
    let made = plan(&[("late", "SELECT carrier, avg(dep_delay * 0.1) AS m FROM flights GROUP BY carrier")]);
    let relation = crate::fixture::all(&made).remove("late").unwrap();
    let rows = relation.batch();
    let truth: Moments = [0_i64, 3, 6].iter().map(|delay| *delay as f64 * 0.1).collect();
    let carriers = rows["carrier"].as_string::<i32>();
    let at = carriers.iter().position(|carrier| carrier == Some("AA")).unwrap();
    assert_eq!(doubles(&rows["m"])[at], truth.mean());
}
