//! Which rows of two runs are those of the same examples: by key, or by what they hold where a key came or went.

use std::cmp::Ordering;

use crate::losses::LossRow;

/// Fewer examples of both say nothing.
const FEWEST: usize = 20;

/// The examples of both runs.
#[derive(Debug)]
pub(super) struct Pairs {
    /// The places of each in the first run and in the second.
    pub places: Vec<(usize, usize)>,
    /// What is to be known of them, where they are not all examples of both in the same folds.
    pub note: Option<String>,
}

/// Pairs the rows of two runs, called by their ids. `relabelled` says that labels mean something else by now.
///
/// # Errors
/// Why they are not comparable.
pub(super) fn pairs(
    then: &[LossRow],
    now: &[LossRow],
    (before, after): (&str, &str),
    relabelled: bool,
) -> Result<Pairs, String> {
    let by_key = Found::by(then, now, |row| Some(row.key));
    let by_content = Found::by(then, now, |row| row.content);
    let (found, by) = if by_content.examples > by_key.examples {
        (by_content, "what they hold, since their keys are others")
    } else {
        (by_key, "key")
    };
    let Found { places, examples } = found;
    let (only_then, only_now) = (then.len() - examples, now.len() - examples);
    let alone = format!("{only_then} of {before} alone, {only_now} of {after} alone");
    let others = examples - places.len();
    if others > 0 && relabelled {
        return Err(format!("{others} of {examples} examples have another label, and labels are defined otherwise"));
    }
    if places.len() < FEWEST {
        let labels = if others > 0 { format!(", of which {others} have another label") } else { String::new() };
        return Err(format!(
            "they were measured on other examples: {alone}, {examples} of both{labels}; run {before} again on the data as it is now"
        ));
    }
    let weights = places.iter().filter(|(i, j)| then[*i].weight != now[*j].weight).count();
    if weights > 0 {
        return Err(format!("{weights} of {} examples have another weight", places.len()));
    }
    let folds = places.iter().filter(|(i, j)| then[*i].fold != now[*j].fold).count();
    let said = [
        (only_then + only_now > 0).then(|| format!("left out are {alone}")),
        (others > 0).then(|| format!("{others} of both are left out, which have another label")),
        (only_then + only_now + folds > 0).then(|| {
            "each is answered by models that had not seen it and learned from other rows, which is in the difference, too".to_owned()
        }),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    let note = (!said.is_empty() || by != "key").then(|| {
        let by = format!("paired by {by}");
        [vec![by], said].concat().join("; ")
    });
    Ok(Pairs { places, note })
}

/// Examples of both runs by one way of telling them.
struct Found {
    /// Where those with the same label stand, in the order of what tells them apart.
    places: Vec<(usize, usize)>,
    /// How many there are, whatever their labels.
    examples: usize,
}

impl Found {
    /// Those alike in `name`; of several with one name as many as both have.
    fn by(then: &[LossRow], now: &[LossRow], name: impl Fn(&LossRow) -> Option<u64>) -> Self {
        let sorted = |rows: &[LossRow]| {
            let named = rows.iter().enumerate().filter_map(|(at, row)| Some(((name(row)?, order(row.label)), at)));
            let mut all: Vec<((u64, u64), usize)> = named.collect();
            all.sort_unstable();
            all
        };
        let (then, now) = (sorted(then), sorted(now));
        Self { places: merged(&then, &now, |key| key), examples: merged(&then, &now, |(name, _)| (name, 0)).len() }
    }
}

/// A number in the order of the labels.
fn order(label: f64) -> u64 {
    let bits = label.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The places of what both lists have, which are sorted.
fn merged(
    then: &[((u64, u64), usize)],
    now: &[((u64, u64), usize)],
    part: impl Fn((u64, u64)) -> (u64, u64),
) -> Vec<(usize, usize)> {
    let (mut i, mut j, mut both) = (0, 0, Vec::new());
    while let (Some((a, row)), Some((b, other))) = (then.get(i), now.get(j)) {
        match part(*a).cmp(&part(*b)) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => {
                both.push((*row, *other));
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    both
}
