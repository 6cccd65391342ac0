//! The kernels against brute force: every window and as-of answer is recomputed by looking at every fact,
//! on random data with ties, missing times, late arrivals, NaN, infinities and values from 1e-300 to 1e300,
//! however the facts were cut into inserts. Answers must be equal to the last bit.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use ropeway_stat::{ExactSum, Moments, Rng};
use ropeway_vocab::{ColumnType, Span};

use super::{Aggregate, AsOf, Dated, Fact, Timeline, Value};
use crate::rule::Rule;

mod integers;

const ALL: [Aggregate; 8] = [
    Aggregate::Count,
    Aggregate::CountDistinct,
    Aggregate::Sum,
    Aggregate::Avg,
    Aggregate::Stddev,
    Aggregate::Min,
    Aggregate::Max,
    Aggregate::Last,
];

/// A fact as the oracle knows it: its known-at (or never), its rank in canonical order, its value (or none).
#[derive(Debug, Clone, Copy)]
struct Raw<T> {
    known_at: Option<i64>,
    rank: u32,
    value: Option<T>,
}

fn number(rng: &mut Rng, wild: bool) -> f64 {
    let sign = if rng.below(2) == 0 { 1.0 } else { -1.0 };
    match rng.below(if wild { 14 } else { 8 }) {
        0 => sign * 0.0,
        1..=4 => (rng.below(7) as f64) - 3.0,
        5..=7 => sign * rng.unit(),
        8 => sign * 1e300 * rng.unit(),
        9 => sign * 1e-300 * rng.unit(),
        10 => f64::NAN,
        11 => sign * f64::INFINITY,
        12 => sign * f64::from_bits(1 + rng.below(1 << 50)),
        _ => sign * 10_f64.powi(rng.below(600) as i32 - 300),
    }
}

fn facts<T>(rng: &mut Rng, count: usize, value: impl Fn(&mut Rng) -> T) -> Vec<Raw<T>> {
    let times = 1 + rng.below(2 * count as u64 + 1);
    let mut ranks: Vec<u32> = (0..count as u32).collect();
    rng.shuffle(&mut ranks);
    ranks
        .into_iter()
        .map(|rank| Raw {
            known_at: (rng.below(12) > 0).then(|| rng.below(times) as i64),
            rank,
            value: (rng.below(9) > 0).then(|| value(rng)),
        })
        .collect()
}

/// The values that an example sees by looking at every fact, oldest first.
fn seen<T: Copy>(facts: &[Raw<T>], at: i64, over: i64) -> Vec<T> {
    let mut seen: Vec<(i64, u32, T)> = facts
        .iter()
        .filter_map(|f| Some((f.known_at?, f.rank, f.value?)))
        .filter(|(known_at, ..)| *known_at < at && at - over <= *known_at)
        .collect();
    seen.sort_by_key(|(known_at, rank, _)| (*known_at, *rank));
    seen.into_iter().map(|(.., value)| value).collect()
}

fn brute(facts: &[Raw<f64>], aggregate: Aggregate, at: i64, over: i64) -> Option<Option<Value>> {
    let values = seen(facts, at, over);
    let nan = values.iter().any(|v| v.is_nan());
    let extreme = |best: Option<f64>| Some(if nan { f64::NAN } else { best? });
    let backwards = || values.iter().rev().copied();
    let answer = match aggregate {
        Aggregate::Count => Some(Value::integer(values.len() as i64)),
        Aggregate::CountDistinct => {
            let different: BTreeSet<u64> =
                values.iter().map(|v| if v.is_nan() { 1 } else { (v + 0.0).to_bits() }).collect();
            Some(Value::integer(different.len() as i64))
        }
        Aggregate::Sum => Some(Value::float(backwards().collect::<ExactSum>().round())),
        Aggregate::Avg => backwards().collect::<Moments>().mean().map(Value::float),
        Aggregate::Stddev => backwards().collect::<Moments>().stddev_sample().map(Value::float),
        Aggregate::Min => extreme(values.iter().copied().min_by(f64::total_cmp)).map(Value::float),
        Aggregate::Max => extreme(values.iter().copied().max_by(f64::total_cmp)).map(Value::float),
        Aggregate::Last => values.last().copied().map(Value::float),
    };
    (!values.is_empty()).then_some(answer)
}

/// What the window step hands to the kernel for a value.
fn prepared(aggregate: Aggregate, value: f64) -> Value {
    match aggregate {
        Aggregate::Min if value.is_nan() => Value::Number(0),
        Aggregate::CountDistinct => Value::float(value + 0.0),
        _ => Value::float(value),
    }
}

fn bits(answer: Option<Option<Value>>) -> Option<Option<u64>> {
    answer.map(|value| {
        value.map(|v| match v {
            Value::Number(0) => f64::NAN.to_bits(),
            other => other.as_float().to_bits(),
        })
    })
}

/// Inserts the facts in `parts` random pieces; rows are numbered in the order of arrival, their canonical
/// order is the rank.
fn timeline<T: Copy>(
    facts: &[Raw<T>],
    new: Timeline,
    parts: usize,
    rng: &mut Rng,
    prepared: impl Fn(T) -> Value,
) -> Timeline {
    let mut arrival: Vec<usize> = (0..facts.len()).collect();
    if parts == 1 {
        arrival.sort_by_key(|i| facts[*i].known_at);
    } else {
        rng.shuffle(&mut arrival);
    }
    let order = |a: u32, b: u32| -> Ordering { facts[a as usize].rank.cmp(&facts[b as usize].rank) };
    let mut timeline = new;
    for piece in arrival.chunks(facts.len().div_ceil(parts).max(1)) {
        let mut piece: Vec<Fact> = piece
            .iter()
            .filter_map(|i| {
                let raw = facts[*i];
                Some(Fact { known_at: raw.known_at?, row: *i as u32, value: prepared(raw.value?) })
            })
            .collect();
        piece.sort_by(|a, b| a.known_at.cmp(&b.known_at).then_with(|| order(a.row, b.row)));
        timeline.insert(piece, &order);
    }
    timeline
}

#[test]
fn windows_equal_brute_force_to_the_last_bit() {
    let mut rng = Rng::new(20);
    for round in 0..120 {
        let count = if round % 10 == 0 { 600 } else { rng.below(150) as usize };
        let wild = rng.below(3) > 0;
        let facts = facts(&mut rng, count, |rng| number(rng, wild));
        for aggregate in ALL {
            let parts = [1, 2, 7, count.max(1)][round % 4];
            let new = Timeline::new(aggregate, ColumnType::Float);
            let timeline = timeline(&facts, new, parts, &mut rng, |value| prepared(aggregate, value));
            for _ in 0..40 {
                let at = rng.below(2 * count as u64 + 4) as i64 - 1;
                let over = rng.below(2 * count as u64 + 3) as i64;
                let got = timeline.answer(at, Span::from_micros(over), Rule::STRICT);
                let expected = brute(&facts, aggregate, at, over);
                assert_eq!(bits(got), bits(expected), "{aggregate:?} at {at} over {over} in {parts} parts: {facts:?}");
            }
        }
    }
}

#[test]
fn a_loosened_rule_sees_one_microsecond_more() {
    let facts = [Raw { known_at: Some(10), rank: 0, value: Some(1.0) }];
    let new = Timeline::new(Aggregate::Count, ColumnType::Float);
    let timeline = timeline(&facts, new, 1, &mut Rng::new(1), Value::float);
    let see = |at, rule| timeline.answer(at, Span::from_micros(5), rule).is_some();
    assert!(!see(10, Rule::STRICT) && see(11, Rule::STRICT) && see(15, Rule::STRICT) && !see(16, Rule::STRICT));
    assert!(see(10, Rule::LOOSENED_BY_ONE_MICROSECOND) && !see(9, Rule::LOOSENED_BY_ONE_MICROSECOND));
}

#[test]
fn as_of_rows_equal_brute_force() {
    let mut rng = Rng::new(21);
    for round in 0..200 {
        let count = rng.below(120) as usize;
        let times = 1 + rng.below(100);
        let mut ranks: Vec<u32> = (0..count as u32).collect();
        rng.shuffle(&mut ranks);
        let rows: Vec<Dated> = (0..count)
            .map(|row| {
                let as_of = rng.below(times) as i64;
                let late = if rng.below(3) == 0 { rng.below(60) as i64 } else { 1 };
                Dated { as_of, known_at: as_of + late - i64::from(rng.below(20) == 0) * 5, row: row as u32 }
            })
            .collect();
        let order = |a: u32, b: u32| ranks[a as usize].cmp(&ranks[b as usize]);
        let mut as_of = AsOf::default();
        for piece in rows.chunks([1, 3, 1000][round % 3]) {
            as_of.insert(piece.to_vec(), &order);
        }
        for _ in 0..60 {
            let at = rng.below(times + 20) as i64 - 5;
            let within = (rng.below(3) > 0).then(|| rng.below(30) as i64);
            let expected = rows
                .iter()
                .filter(|r| r.as_of <= at && r.known_at < at && within.is_none_or(|w| r.as_of >= at - w))
                .max_by_key(|r| (r.as_of, r.known_at, ranks[r.row as usize]))
                .map(|r| r.row);
            let found = as_of.find(at, within.map(Span::from_micros), Rule::STRICT);
            assert_eq!(found.map(|(row, _)| row), expected);
        }
    }
}
