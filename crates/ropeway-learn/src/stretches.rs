//! Rows in order, parted so that each part counts as much as any other.

use std::ops::Range;

use ropeway_stat::Grain;

/// The places of each of so many parts: those of the rows, by their weights, that end within it. Parts without a row are left
/// out. Of rows that count alike, part `i` of `n` holds the places from `i * rows / n` to `(i + 1) * rows / n`.
pub fn stretches(weights: impl Iterator<Item = f64> + Clone, parts: u32) -> Vec<Range<usize>> {
    let (all, grain): (f64, _) = (weights.clone().sum(), Grain::of(f64::from(parts)));
    let mut found: Vec<(u32, Range<usize>)> = Vec::new();
    let mut seen = 0.0;
    for (place, weight) in weights.enumerate() {
        seen += weight;
        // Sums that are rounded decide nothing.
        let part = (grain.rounded(seen * f64::from(parts) / all).ceil() as u32).clamp(1, parts);
        match found.last_mut() {
            Some((known, range)) if *known == part => range.end = place + 1,
            _ => found.push((part, place..place + 1)),
        }
    }
    found.into_iter().map(|(_, range)| range).collect()
}

#[cfg(test)]
mod tests {
    use super::stretches;

    #[test]
    fn each_part_counts_as_much() {
        for rows in [1, 7, 10, 95, 1_000] {
            let expect: Vec<_> = (0..10).map(|part| part * rows / 10..(part + 1) * rows / 10).collect();
            let expect: Vec<_> = expect.into_iter().filter(|range| !range.is_empty()).collect();
            assert_eq!(stretches(std::iter::repeat_n(1.0, rows), 10), expect, "{rows}");
        }
        assert_eq!(stretches([4.0, 1.0, 1.0, 1.0, 1.0].into_iter(), 2), [0..1, 1..5]);
        for unit in [0.1, 1.0 / 3.0, 1.0 / 49.0, 0.7e-9] {
            let expect: Vec<_> = (0..10).map(|part| 7 * part..7 * part + 7).collect();
            assert_eq!(stretches(std::iter::repeat_n(unit, 70), 10), expect, "{unit}");
        }
        assert!(stretches(std::iter::empty(), 3).is_empty());
    }
}
