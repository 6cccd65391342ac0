//! Canonical order, digests and snapshots.

use ropeway_vocab::{ColumnType, Kind, TableSchema, Timing};

use super::Relation;
use crate::fixture::{batch, column, floats, hours, integers, texts};

fn schema(key: &[&str], timing: Timing) -> TableSchema {
    let columns = vec![column("a", ColumnType::Integer), column("b", ColumnType::Text), column("c", ColumnType::Float)];
    TableSchema { columns, timing, key: key.iter().map(|k| (*k).to_string()).collect() }
}

fn rows(order: &[usize]) -> arrow::array::RecordBatch {
    let a = [Some(2), None, Some(1), Some(2), Some(-5)];
    let b = [Some("x"), Some(""), None, Some("y"), Some("é")];
    let c = [Some(f64::NAN), Some(-0.0), None, Some(1e300), Some(0.1)];
    let known = [Some(1), None, Some(3), Some(1), Some(2)];
    let pick = |row: &usize| *row;
    batch(vec![
        ("a", integers(&order.iter().map(|r| a[pick(r)]).collect::<Vec<_>>())),
        ("b", texts(&order.iter().map(|r| b[pick(r)]).collect::<Vec<_>>())),
        ("c", floats(&order.iter().map(|r| c[pick(r)]).collect::<Vec<_>>())),
        (ropeway_vocab::KNOWN_AT, hours(&order.iter().map(|r| known[pick(r)]).collect::<Vec<_>>())),
    ])
}

#[test]
fn order_and_digest_depend_on_content_alone() {
    for key in [&[][..], &["a"][..], &["b", "a"][..]] {
        let straight = Relation::new(schema(key, Timing::Timed), &[rows(&[0, 1, 2, 3, 4])]).unwrap();
        let shuffled = Relation::new(schema(key, Timing::Timed), &[rows(&[3, 1]), rows(&[4, 0, 2])]).unwrap();
        assert_eq!(straight.digest(), shuffled.digest(), "{key:?}");
        assert_eq!(straight.to_parquet().unwrap(), shuffled.to_parquet().unwrap());
    }
}

#[test]
fn a_key_orders_ascending_with_missing_first() {
    let relation = Relation::new(schema(&["a"], Timing::Timed), &[rows(&[0, 1, 2, 3, 4])]).unwrap();
    use arrow::array::AsArray;
    let a: Vec<Option<i64>> =
        relation.column("a").unwrap().as_primitive::<arrow::datatypes::Int64Type>().iter().collect();
    assert_eq!(a, [None, Some(-5), Some(1), Some(2), Some(2)]);
    assert_eq!(relation.known_at().unwrap().iter().filter(Option::is_none).count(), 1);
}

#[test]
fn the_digest_sees_every_value_name_type_and_time() {
    let base = Relation::new(schema(&[], Timing::Timed), &[rows(&[0, 1, 2])]).unwrap().digest();
    let check = |relation: Relation| assert_ne!(base, relation.digest());
    check(Relation::new(schema(&[], Timing::Timed), &[rows(&[0, 1])]).unwrap());
    check(Relation::new(schema(&[], Timing::Timed), &[rows(&[0, 1, 4])]).unwrap());
    check(Relation::new(schema(&[], Timing::Static), &[rows(&[0, 1, 2])]).unwrap());
    let mut renamed = schema(&[], Timing::Timed);
    renamed.columns[0].name = "z".to_string();
    let columns = rows(&[0, 1, 2]).columns().to_vec();
    let named = batch(vec![
        ("z", columns[0].clone()),
        ("b", columns[1].clone()),
        ("c", columns[2].clone()),
        ("__known_at", columns[3].clone()),
    ]);
    let renamed = Relation::new(renamed, &[named]).unwrap();
    let order = Relation::new(schema(&[], Timing::Timed), &[rows(&[0, 1, 2])]).unwrap();
    assert_eq!(renamed.batch().columns(), order.batch().columns(), "names do not change the order");
    check(renamed);
}

#[test]
fn order_bytes_compare_as_the_order_does() {
    for key in [&[][..], &["a"][..]] {
        let relation = Relation::new(schema(key, Timing::Timed), &[rows(&[0, 1, 2, 3, 4])]).unwrap();
        let bytes = relation.order_bytes().unwrap();
        assert_eq!(bytes.len(), 5);
        assert!((1..5).all(|row| bytes.row(row - 1) < bytes.row(row)), "{key:?}");
    }
}

#[test]
fn a_snapshot_reads_back_and_damage_is_seen() {
    let relation = Relation::new(schema(&["a"], Timing::Timed), &[rows(&[0, 1, 2, 3, 4])]).unwrap();
    let bytes = relation.to_parquet().unwrap();
    let back = Relation::from_parquet(bytes.clone(), relation.schema().clone()).unwrap();
    assert_eq!(back.digest(), relation.digest());
    let cut = bytes[..bytes.len() - 9].to_vec();
    assert_eq!(Relation::from_parquet(cut, relation.schema().clone()).unwrap_err().kind(), Kind::Corrupt);
    let mut other = relation.schema().clone();
    other.columns[0].ty = ColumnType::Text;
    assert_eq!(Relation::from_parquet(bytes, other).unwrap_err().kind(), Kind::Corrupt);
    let none = Relation::empty(schema(&[], Timing::Static));
    assert_eq!(
        Relation::from_parquet(none.to_parquet().unwrap(), none.schema().clone()).unwrap().digest(),
        none.digest()
    );
}

#[test]
fn rows_of_other_columns_are_refused() {
    let strange = batch(vec![("a", integers(&[Some(1)]))]);
    assert_eq!(Relation::new(schema(&[], Timing::Static), &[strange]).unwrap_err().code(), "missing-column");
    let typed = batch(vec![("a", texts(&[Some("1")])), ("b", texts(&[None])), ("c", floats(&[None]))]);
    assert_eq!(Relation::new(schema(&[], Timing::Static), &[typed]).unwrap_err().code(), "column-type");
}

#[test]
fn many_rows_on_two_threads_give_the_digests_of_one() {
    let n = 40_000_i64;
    let a: Vec<Option<i64>> = (0..n).map(|i| (i % 11 > 0).then_some(i * 7_919 % 1_000)).collect();
    let c: Vec<Option<f64>> = (0..n).map(|i| Some(i as f64 / 7.0)).collect();
    let b: Vec<Option<&str>> = (0..n).map(|i| Some(["p", "q"][(i % 2) as usize])).collect();
    let whole = batch(vec![("a", integers(&a)), ("b", texts(&b)), ("c", floats(&c))]);
    let one = Relation::new(schema(&[], Timing::Static), std::slice::from_ref(&whole)).unwrap();
    let parts: Vec<_> = (0..40).rev().map(|i| whole.slice(i * 1_000, 1_000)).collect();
    let many = Relation::new(schema(&[], Timing::Static), &parts).unwrap();
    assert_eq!(one.digest(), many.digest());
}
