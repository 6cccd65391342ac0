//! Windows over integers of all 64 bits against sums in 128 bits and squares taken apart into doubles: neither
//! knows how the kernel adds.

use std::collections::BTreeSet;

use super::*;

/// Often beside an end of the range, or beside 2^53, where doubles begin to skip integers.
fn integer(rng: &mut Rng) -> i64 {
    let near = rng.below(40) as i64;
    match rng.below(6) {
        0 => i64::MAX - near,
        1 => i64::MIN + near,
        2 => (1 << 53) + near,
        3 => -(1 << 53) - near,
        4 => near - 20,
        _ => i64::from_ne_bytes(rng.below(u64::MAX).to_ne_bytes()),
    }
}

/// `sum / count`, rounded once: in as many bits as fit, the lowest of them set where something is left over.
fn mean(sum: i128, count: usize) -> f64 {
    let magnitude = sum.unsigned_abs();
    let shift = magnitude.leading_zeros().min(100);
    let (scaled, count) = (magnitude << shift, count as u128);
    let quotient = ((scaled / count) | u128::from(scaled % count != 0)) as f64 * 2_f64.powi(-(shift as i32));
    if sum < 0 { -quotient } else { quotient }
}

/// The deviation from doubles alone: each integer is the exact sum of two.
fn deviation(values: &[i64]) -> Option<f64> {
    let mut moments = Moments::new();
    for value in values {
        let (high, low) = ((value >> 32) as f64 * 4_294_967_296.0, (value & 0xffff_ffff) as f64);
        moments.count += 1;
        for part in [high, low] {
            moments.sum.add(part);
            moments.squares.add_product(part, part);
        }
        moments.squares.add_product(2.0 * high, low);
    }
    moments.stddev_sample()
}

fn brute(values: &[i64], aggregate: Aggregate) -> Option<Value> {
    let sum = values.iter().map(|value| i128::from(*value)).sum::<i128>();
    match aggregate {
        Aggregate::Count => Some(Value::integer(values.len() as i64)),
        Aggregate::CountDistinct => Some(Value::integer(values.iter().collect::<BTreeSet<_>>().len() as i64)),
        Aggregate::Sum => Some(Value::float(sum as f64)),
        Aggregate::Avg => Some(Value::float(mean(sum, values.len()))),
        Aggregate::Stddev => deviation(values).map(Value::float),
        Aggregate::Min => values.iter().min().copied().map(Value::integer),
        Aggregate::Max => values.iter().max().copied().map(Value::integer),
        Aggregate::Last => values.last().copied().map(Value::integer),
    }
}

#[test]
fn windows_over_integers_equal_brute_force_to_the_last_bit() {
    let mut rng = Rng::new(22);
    for round in 0..120 {
        let count = if round % 10 == 0 { 600 } else { rng.below(150) as usize };
        let facts = facts(&mut rng, count, integer);
        for aggregate in ALL {
            let parts = [1, 2, 7, count.max(1)][round % 4];
            let new = Timeline::new(aggregate, ColumnType::Integer);
            let timeline = timeline(&facts, new, parts, &mut rng, Value::integer);
            for _ in 0..40 {
                let at = rng.below(2 * count as u64 + 4) as i64 - 1;
                let over = rng.below(2 * count as u64 + 3) as i64;
                let got = timeline.answer(at, Span::from_micros(over), Rule::STRICT);
                let values = seen(&facts, at, over);
                let expected = (!values.is_empty()).then(|| brute(&values, aggregate));
                assert_eq!(got, expected, "{aggregate:?} of {values:?} in {parts} parts");
            }
        }
    }
}
