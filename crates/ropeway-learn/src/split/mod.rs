//! Parting the labelled examples into holdout and folds: by time with a purge, at random, or by group. A part
//! depends on the examples and the seed alone, never on the order of the input.

mod gap;
mod group;
mod least;
mod purge;
mod random;
mod time;

pub use least::{least_of_class, least_rows};
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use crate::Population;
use crate::settings::{SplitBy, SplitSettings};
use crate::target::Target;

/// One fold. Rows are positions in the population, ascending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fold {
    /// The rows to train on, without the purged.
    pub train: Vec<u32>,
    /// The rows to validate on.
    pub valid: Vec<u32>,
    /// Training rows left out since their label was not yet known when validation begins.
    pub purged: u32,
    /// Training rows left out by the gap before validation and the window before that.
    #[serde(default)]
    pub apart: u32,
}

/// Holdout and folds. Rows are positions in the population, ascending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The rows kept aside.
    pub holdout: Vec<u32>,
    /// The other rows, without the purged.
    pub train: Vec<u32>,
    /// Rows left out of `train` since their label was not yet known when the holdout begins.
    pub purged: u32,
    /// Rows left out of `train` by the gap before the holdout.
    #[serde(default)]
    pub apart: u32,
    /// The folds of `train`.
    pub folds: Vec<Fold>,
}

impl Split {
    /// The validation rows of all folds, ascending, each once.
    pub fn validated(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = self.folds.iter().flat_map(|fold| fold.valid.iter().copied()).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

/// Two parts that together are all rows: the earlier or larger one, and the one to judge by.
struct Parts {
    train: Vec<u32>,
    judge: Vec<u32>,
}

/// Parts the population.
///
/// Equal `at` stay together, groups stay whole, random parts have the population's share of each class. Time folds
/// expand: each validates on the stretch after all it trains on.
///
/// # Errors
/// Settings out of range, a split by time without times, too few rows, times or groups, or a part with one class.
pub fn split(settings: &SplitSettings, population: &Population, seed: u64) -> Result<Split> {
    population.check()?;
    settings.check(population.at.is_some())?;
    check_settings(settings, population)?;
    parted(settings, population, seed)
        .map_err(|problem| least::told(problem, population, settings.folds.count as usize))
}

fn parted(settings: &SplitSettings, population: &Population, seed: u64) -> Result<Split> {
    let (holdout_by, folds_by) = settings.resolved(population.at.is_some());
    let rows: Vec<u32> = (0..u32::try_from(population.rows()).unwrap_or(u32::MAX)).collect();
    let share = settings.holdout.share();
    let parts = match holdout_by {
        SplitBy::Time => match settings.holdout.from()? {
            Some(from) => time::holdout_from(times(population)?, &rows, from)?,
            None => time::holdout(times(population)?, &rows, share)?,
        },
        SplitBy::Random => random::holdout(population, &rows, share, seed),
        SplitBy::Group => group::holdout(groups(population)?, &rows, share, seed)?,
    };
    let (train, apart) = gap::kept(population, parts.train, &parts.judge, (settings.holdout.gap, None));
    let (train, purged) = purge::purge(population, holdout_by, train, &parts.judge);
    enough(population, (&parts.judge, 0), For::Judging, "the holdout", "change `share` of `[split] holdout`")?;
    enough(
        population,
        (&train, purged),
        For::Training,
        "the part before the holdout",
        "lower `share` of `[split] holdout`",
    )?;

    let count = settings.folds.count as usize;
    let parted = match folds_by {
        SplitBy::Time => time::folds(times(population)?, &train, count)?,
        SplitBy::Random => random::folds(population, &train, count, seed),
        SplitBy::Group => group::folds(groups(population)?, &train, count, seed)?,
    };
    let mut folds = Vec::with_capacity(count);
    for (index, fold) in parted.into_iter().enumerate() {
        let (train, apart) =
            gap::kept(population, fold.train, &fold.judge, (settings.folds.gap, settings.folds.window));
        let (train, purged) = purge::purge(population, folds_by, train, &fold.judge);
        let name = |part: &str| format!("the {part} part of fold {} of {count}", index + 1);
        let remedy = "lower `count` of `[split] folds`, or collect more examples";
        enough(population, (&train, purged), For::Training, &name("training"), remedy)?;
        enough(population, (&fold.judge, 0), For::Judging, &name("validation"), remedy)?;
        folds.push(Fold { train, valid: fold.judge, purged, apart });
    }
    Ok(Split { holdout: parts.judge, train, purged, apart, folds })
}

fn check_settings(settings: &SplitSettings, population: &Population) -> Result<()> {
    let share = settings.holdout.share();
    if !(share > 0.0 && share < 1.0) {
        return Err(Problem::invalid("split", format!("the holdout's share is {share}"))
            .remedy("`share` of `[split] holdout` lies between 0 and 1, for example 0.2"));
    }
    let count = settings.folds.count as usize;
    if count < 2 {
        return Err(Problem::invalid("split", format!("{count} folds"))
            .remedy("`count` of `[split] folds` is at least 2, for example 5"));
    }
    least::check_rows(population.rows(), count)
}

/// What a part is for.
#[derive(Clone, Copy, PartialEq)]
enum For {
    /// Something is told apart by it: it has two labels, of two classes both.
    Training,
    /// Something is measured by it.
    Judging,
}

/// Rows that stay, and how many were purged, are enough for what they are for.
fn enough(
    population: &Population,
    (rows, purged): (&[u32], u32),
    purpose: For,
    part: &str,
    remedy: &str,
) -> Result<()> {
    let first = rows.first().map(|row| population.label[*row as usize]);
    let several = rows.iter().any(|row| Some(population.label[*row as usize]) != first);
    if several || (first.is_some() && purpose == For::Judging && population.target != Target::Binary) {
        return Ok(());
    }
    if rows.is_empty() && purged > 0 {
        let what = format!("{part} has no example: none of its {purged} labels was known when what follows it begins");
        return Err(Problem::invalid("labels-not-known", what).remedy(
            "purged are labels that become known too late, and those that never do: state `known_at` of the examples' table, by when \
             a label is settled, or collect examples over a longer time",
        ));
    }
    let mut what = match first {
        None => format!("{part} has no example"),
        Some(label) => format!("the label is {} for all {} examples of {part}", population.name(label), rows.len()),
    };
    if purged > 0 {
        what.push_str(&format!(" ({purged} more were purged: their labels were not known in time)"));
    }
    Err(Problem::invalid("one-class", what).remedy(remedy))
}

fn times(population: &Population) -> Result<&[i64]> {
    population.at.as_deref().ok_or_else(|| {
        Problem::invalid("split", "a split by time needs a prediction time, and the examples have none")
            .remedy("add `at` to `[examples]`, or use by = \"random\" in `[split]`")
    })
}

fn groups(population: &Population) -> Result<&[u64]> {
    population.group.as_deref().ok_or_else(|| {
        Problem::invalid("split-group", "a split by group names no group")
            .remedy("add the columns that make the group, for example group = [\"customer\"]")
    })
}

/// A place in a random order that depends on the seed and the row's own hash alone (the finalizer of splitmix64,
/// Steele et al. 2014), so that adding a row moves no other.
fn place(seed: u64, hash: u64) -> u64 {
    let mut z = hash ^ seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x2545_F491_4F6C_DD1D);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests;
