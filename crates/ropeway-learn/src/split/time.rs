//! Parting by time: the holdout is the latest share, folds expand as in scikit-learn's `TimeSeriesSplit`, and
//! equal times stay together.

use ropeway_vocab::{Instant, Problem, Result};

use super::Parts;

/// The latest `share` of the rows.
pub fn holdout(at: &[i64], rows: &[u32], share: f64) -> Result<Parts> {
    let ordered = in_time_order(at, rows);
    let wanted = ((1.0 - share) * ordered.len() as f64).floor() as usize;
    let cut = boundary(at, &ordered, wanted).ok_or_else(|| {
        Problem::invalid("split", "all labelled examples have the same time, so none is later than another")
            .remedy("look at `at` in `[examples]`, or use by = \"random\" in `[split]`")
    })?;
    Ok(Parts { train: ascending(&ordered[..cut]), judge: ascending(&ordered[cut..]) })
}

/// The rows from an instant on.
pub fn holdout_from(at: &[i64], rows: &[u32], from: Instant) -> Result<Parts> {
    let (judge, train): (Vec<u32>, Vec<u32>) = rows.iter().copied().partition(|row| at[*row as usize] >= from.micros());
    if judge.is_empty() || train.is_empty() {
        let side = if judge.is_empty() { "before" } else { "after" };
        return Err(Problem::invalid(
            "split",
            format!("all labelled examples lie {side} {from}, where the holdout begins"),
        )
        .remedy("write a `from` in `[split] holdout` that lies between them"));
    }
    Ok(Parts { train, judge })
}

/// `count` stretches of equal length at the end, each judged by what is trained on all rows before it.
pub fn folds(at: &[i64], rows: &[u32], count: usize) -> Result<Vec<Parts>> {
    let ordered = in_time_order(at, rows);
    let length = ordered.len() / (count + 1);
    let mut bounds = Vec::with_capacity(count + 1);
    for fold in 0..count {
        bounds.push(boundary(at, &ordered, ordered.len() - (count - fold) * length).unwrap_or(0));
    }
    bounds.push(ordered.len());
    if bounds[0] == 0 || bounds.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(Problem::invalid("split", format!("too few different times for {count} folds by time"))
            .remedy("lower `count` of `[split] folds`, or use by = \"random\""));
    }
    Ok(bounds
        .windows(2)
        .map(|pair| Parts { train: ascending(&ordered[..pair[0]]), judge: ascending(&ordered[pair[0]..pair[1]]) })
        .collect())
}

fn in_time_order(at: &[i64], rows: &[u32]) -> Vec<u32> {
    let mut ordered = rows.to_vec();
    ordered.sort_by_key(|row| (at[*row as usize], *row));
    ordered
}

/// The cut nearest to `wanted` that separates different times and leaves neither side empty; the earlier of two
/// equally near ones.
fn boundary(at: &[i64], ordered: &[u32], wanted: usize) -> Option<usize> {
    let time = |i: usize| at[ordered[i] as usize];
    let separates = |cut: usize| cut > 0 && cut < ordered.len() && time(cut - 1) != time(cut);
    let below = (1..=wanted.min(ordered.len().saturating_sub(1))).rev().find(|cut| separates(*cut));
    let above = (wanted.max(1)..ordered.len()).find(|cut| separates(*cut));
    match (below, above) {
        (Some(below), Some(above)) => Some(if wanted - below <= above - wanted { below } else { above }),
        (below, above) => below.or(above),
    }
}

fn ascending(rows: &[u32]) -> Vec<u32> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    rows
}
