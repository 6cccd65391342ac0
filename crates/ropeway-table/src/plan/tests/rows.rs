//! Rows of tables: equal for any partitioning and order of the input.

use std::collections::BTreeMap;

use arrow::array::{AsArray, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::{Float64Type, Int64Type, TimestampMicrosecondType};
use ropeway_vocab::{ColumnType, Digest};

use crate::fixture::{HOUR, all, flights, integers, plan, run, sources};

const TABLES: [(&str, &str); 6] = [
    ("rowwise", "SELECT id, upper(carrier) AS c, dep_delay * 0.1 AS d, sched FROM flights WHERE id % 3 <> 1"),
    ("joined", "SELECT f.id, f.dep_delay, p.seats FROM flights f LEFT JOIN planes p USING (tailnum)"),
    (
        "grouped",
        "SELECT carrier, avg(dep_delay * 0.1) AS m, stddev(dep_delay / 3.0) AS s, count(*) AS n FROM flights GROUP BY carrier",
    ),
    ("ranked", "SELECT id, row_number() OVER (PARTITION BY carrier ORDER BY dep_delay) AS r FROM flights"),
    ("cut", "SELECT id, dep_delay FROM flights ORDER BY dep_delay LIMIT 7"),
    ("both", "SELECT id, carrier FROM flights UNION ALL SELECT id, c FROM rowwise"),
];

fn digests(partitions: usize, order: impl Fn(usize) -> Vec<u32>, pieces: usize) -> BTreeMap<String, Digest> {
    let plan = plan(&TABLES).with_partitions(partitions);
    let mut given = sources();
    let rows = flights(5_000);
    let rows = take_record_batch(&rows, &UInt32Array::from(order(5_000))).unwrap();
    let piece = rows.num_rows().div_ceil(pieces);
    let batches = (0..pieces).map(|i| rows.slice(i * piece, piece.min(rows.num_rows() - i * piece))).collect();
    given.insert("flights".to_string(), batches);
    run(plan.all(given, false)).unwrap().into_iter().map(|(name, relation)| (name, relation.digest())).collect()
}

#[test]
fn digests_do_not_depend_on_partitions_or_the_order_of_the_input() {
    let straight = digests(1, |n| (0..n as u32).collect(), 1);
    assert_eq!(straight, digests(7, |n| (0..n as u32).collect(), 3));
    assert_eq!(straight, digests(7, |n| (0..n as u32).rev().collect(), 5));
    assert_eq!(straight, digests(2, |n| (0..n as u32).map(|i| (i * 7_919) % n as u32).collect(), 2));
}

#[test]
fn types_come_out_as_the_logical_ones() {
    let sql = "SELECT date_part('hour', sched) AS hour, CAST(id AS INT) AS i, CAST(dep_delay AS DECIMAL(10, 2)) AS d, \
               carrier || '!' AS t, CAST(sched AS DATE) AS day, id > 1 AS b, date_trunc('day', sched) AS ts, \
               CAST(id AS REAL) AS r FROM flights";
    let plan = plan(&[("t", sql)]);
    let types: Vec<ColumnType> = plan.schema("t").unwrap().columns.iter().map(|c| c.ty).collect();
    use ColumnType::{Boolean, Date, Float, Integer, Text, Timestamp};
    assert_eq!(types, [Integer, Integer, Float, Text, Date, Boolean, Timestamp, Float]);
    let made = all(&plan);
    assert_eq!(made["t"].batch().schema().as_ref(), &plan.schema("t").unwrap().arrow());
}

#[test]
fn numbers_times_intervals_are_exact() {
    let sql = "SELECT id, sched + (dep_delay + air_time) * INTERVAL '1 minute' AS a, sched + INTERVAL '90 seconds' * id AS b, \
               sched - 1.5 * INTERVAL '1 hour' AS c FROM flights WHERE id = 3";
    let made = all(&plan(&[("t", sql)]));
    let at = |name: &str| made["t"].column(name).unwrap().as_primitive::<TimestampMicrosecondType>().value(0);
    assert_eq!((at("a"), at("b"), at("c")), (4 * HOUR, 3 * HOUR + 3 * 90_000_000, 3 * HOUR / 2));
}

#[test]
fn a_failure_on_the_data_names_the_file() {
    let plan = plan(&[("t", "SELECT id / (id - 3) AS x FROM flights")]);
    let problem = run(plan.all(sources(), false)).unwrap_err();
    assert_eq!(problem.code(), "sql-run");
    assert_eq!(problem.place().map(|p| p.file.as_str()), Some("tables/t.sql"), "{problem}");
}

#[test]
fn equal_rows_of_a_key_are_one_and_different_ones_stay() {
    let plan = plan(&[]);
    let one = flights(4);
    let relation = plan.source("flights", vec![one.clone(), one.clone()], crate::RowTimes::Stated).unwrap();
    assert_eq!((relation.rows(), relation.collapsed()), (4, 4));
    assert_eq!(relation.digest(), plan.source("flights", vec![one], crate::RowTimes::Stated).unwrap().digest());
    assert_eq!(relation.shared_keys().unwrap(), None);
    let weather = sources()["weather"].clone();
    let twice = [weather.clone(), weather].concat();
    assert_eq!(plan.source("weather", twice, crate::RowTimes::Stated).unwrap().rows(), 8, "no key: rows may repeat");
}

#[test]
fn keys_that_different_rows_share_are_counted() {
    let plan = plan(&[]);
    let one = flights(4);
    let mut columns: Vec<_> = one.slice(1, 2).columns().to_vec();
    columns[one.schema().index_of("dep_delay").unwrap()] = integers(&[Some(50), None]);
    let other = RecordBatch::try_new(one.schema(), columns).unwrap();
    let both = plan.source("flights", vec![one, other], crate::RowTimes::Stated).unwrap();
    let shared = both.shared_keys().unwrap().unwrap();
    assert_eq!((shared.keys, shared.rows, both.rows()), (2, 4, 6));
    assert_eq!(serde_json::to_string(&shared.first).unwrap(), "{\"id\":1}");
    assert_eq!(shared.differ, ["dep_delay"]);
}

#[test]
fn queries_see_relations_with_their_hidden_time() {
    let made = all(&plan(&[("t", "SELECT carrier, id FROM flights")]));
    let rows = run(crate::query("SELECT count(*) AS n, count(__known_at) AS k FROM t", &made)).unwrap();
    assert_eq!(rows[0].column(0).as_primitive::<Int64Type>().value(0), 10);
    assert_eq!(rows[0].column(1).as_primitive::<Int64Type>().value(0), 8);
    assert_eq!(run(crate::query("SELECT * FROM weather WHERE false", &made)).unwrap()[0].num_rows(), 0);
    let mean = run(crate::query("SELECT avg(id) FROM t", &made)).unwrap();
    assert_eq!(mean[0].column(0).as_primitive::<Float64Type>().value(0), 4.5);
    assert!(run(crate::query("SELECT * FROM wether", &made)).unwrap_err().to_string().contains("`weather`"));
    assert_eq!(run(crate::query("DROP TABLE t", &made)).unwrap_err().code(), "sql-not-select");
    let names = |sql: &str| -> Vec<String> {
        let batches = run(crate::query(sql, &made)).unwrap();
        batches[0].schema().fields().iter().map(|field| field.name().clone()).collect()
    };
    assert_eq!(names("SELECT * FROM t"), ["carrier", "id", "known_at"]);
    assert_eq!(names("SELECT __known_at FROM t WHERE known_at IS NULL"), ["known_at"]);
    assert_eq!(names("SELECT * EXCEPT (__known_at) FROM t ORDER BY __KNOWN_AT"), ["carrier", "id"]);
    let own = all(&plan(&[("t", "SELECT carrier, id AS known_at FROM flights")]));
    let rows = run(crate::query("SELECT * FROM t WHERE known_at = 1 AND __known_at IS NOT NULL", &own)).unwrap();
    assert_eq!((rows[0].num_columns(), rows[0].schema().field(2).name().as_str()), (3, "__known_at"));
    for function in ["now()", "current_date", "random()"] {
        let problem = run(crate::query(&format!("SELECT id,\n {function} FROM t"), &made)).unwrap_err();
        assert_eq!((problem.code(), problem.place().and_then(|place| place.line)), ("volatile-function", Some(2)));
        assert!(problem.to_string().contains("write the value itself"), "{problem}");
    }
    assert!(run(crate::query("COPY t TO '/tmp/x'", &made)).is_err());
}

#[test]
fn names_of_any_case_and_with_spaces_work_in_double_quotes() {
    let mut definitions = crate::fixture::definitions(&[
        ("Wide Table", "SELECT \"Dep Delay\" AS \"D.x\", \"At\" FROM \"Raw\""),
        ("t", "SELECT w.\"D.x\" * 2 AS \"twice As\" FROM \"Wide Table\" w JOIN \"Raw\" r ON r.\"At\" = w.\"At\""),
    ]);
    let raw = crate::fixture::source(&[("Dep Delay", ColumnType::Integer), ("At", ColumnType::Timestamp)], |s| {
        s.known_at = Some("\"At\" + \"Dep Delay\" * INTERVAL '1 hour'".to_string());
        s.key = vec!["At".to_string()];
    });
    definitions.sources.insert("Raw".to_string(), raw);
    let plan = crate::TablePlan::new(definitions).unwrap();
    let mut given = sources();
    let rows = crate::fixture::batch(vec![
        ("Dep Delay", crate::fixture::integers(&[Some(2), Some(3)])),
        ("At", crate::fixture::hours(&[Some(10), Some(11)])),
    ]);
    given.insert("Raw".to_string(), vec![rows]);
    let made = run(plan.all(given, false)).unwrap();
    assert_eq!((made["t"].rows(), made["t"].known_at().is_some()), (2, true));
}

#[test]
fn instants_far_from_today_compare_and_add() {
    let sql = "SELECT id, sched > TIMESTAMP '2013-01-01' AS a, sched >= '2013-01-01T00:00:00Z' AS b, sched < TIMESTAMP '2013-01-01T00:00:00Z' AS c, \
               sched + INTERVAL '1 year' AS d, date_part('year', sched) AS f, CAST(sched AS DATE) AS g, \
               sched - INTERVAL '2 hours' AS h FROM flights WHERE sched <> TIMESTAMP '2013-01-01'";
    let plan = plan(&[("t", sql)]);
    let mut given = sources();
    let far = flights(3);
    let mut columns = far.columns().to_vec();
    columns[3] = crate::fixture::hours(&[Some(24 * 365 * 1_500), Some(-24 * 365 * 1_500), Some(0)]);
    given.insert("flights".to_string(), vec![arrow::array::RecordBatch::try_new(far.schema(), columns).unwrap()]);
    let made = run(plan.all(given, false)).unwrap();
    let mut after: Vec<Option<bool>> = made["t"].column("a").unwrap().as_boolean().iter().collect();
    after.sort_unstable();
    assert_eq!(after, [Some(false), Some(false), Some(true)]);
}
