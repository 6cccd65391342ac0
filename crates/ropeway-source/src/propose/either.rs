//! Where `1.234` may be one and a fraction or more than a thousand: what the other values of its column tell.

use std::collections::BTreeMap;

use crate::propose::cells::Cells;
use crate::settings::{DecimalMark, NumberSpelling, ThousandsMark};
use crate::value::written::Written;

/// So many different numbers with a mark, of which none has decimals that end early, and so many without one, tell thousands.
const MARKED: usize = 20;
const BARE: usize = 3;
/// Of two readings, a thousand times apart, whether it is that with a decimal comma in which a mark stands between thousands: where
/// all numbers from a thousand on have the mark with three digits behind each, and all others are whole and smaller. Decimals that are
/// cut where they end in 0 would have two digits in one of ten numbers, and others have decimals in all.
pub(super) fn in_groups(counts: &BTreeMap<&str, u64>, readings: [&NumberSpelling; 2]) -> Option<bool> {
    let digits = |value: &str| value.bytes().filter(u8::is_ascii_digit).count();
    let (marked, bare): (Vec<&str>, Vec<&str>) = counts.keys().partition(|value| value.contains(['.', ',']));
    let enough =
        marked.len() >= MARKED && bare.len() >= BARE && bare.iter().all(|value| (1..=3).contains(&digits(value)));
    let grouped = |of: &&&NumberSpelling| of.thousands.is_some();
    readings.iter().find(grouped).filter(|_| enough).map(|of| of.decimal == Some(DecimalMark::Comma))
}

/// Of two readings, a thousand times apart, whether it is that with a decimal comma in which the middle one of the texts lies within
/// a tenth and the tenfold of the middle one of the cells.
pub(super) fn as_large(texts: &BTreeMap<&str, u64>, cells: &Cells, readings: [&NumberSpelling; 2]) -> Option<bool> {
    let middle = |mut sizes: Vec<f64>| {
        sizes.sort_by(f64::total_cmp);
        sizes.get(sizes.len() / 2).copied().filter(|size| *size > 0.0)
    };
    let size = |plain: &str| plain.parse().ok().map(f64::abs);
    let of_cells = middle(cells.numbers.keys().filter_map(|value| size(value)).collect())?;
    let near = |spelling: &&&NumberSpelling| {
        let written = Written::of(spelling);
        let read = |value: &&str| match &written {
            None => size(value),
            Some(written) => written.plain(value).ok().and_then(|plain| size(&plain)),
        };
        let of_texts = middle(texts.keys().filter_map(read).collect());
        of_texts.is_some_and(|size| (size / of_cells).log10().abs() <= 1.0)
    };
    readings.iter().find(near).map(|spelling| spelling.decimal == Some(DecimalMark::Comma))
}

/// Whether a point or comma means another thing in the two.
pub(super) fn differs(a: &NumberSpelling, b: &NumberSpelling) -> bool {
    let role = |spelling: &NumberSpelling, mark: char| {
        let comma = spelling.decimal == Some(DecimalMark::Comma);
        match mark {
            '.' if !comma => 'd',
            ',' if comma => 'd',
            '.' if spelling.thousands == Some(ThousandsMark::Point) => 't',
            ',' if spelling.thousands == Some(ThousandsMark::Comma) => 't',
            _ => ' ',
        }
    };
    ['.', ','].iter().any(|mark| {
        let (a, b) = (role(a, *mark), role(b, *mark));
        a != b && a != ' ' && b != ' '
    })
}
