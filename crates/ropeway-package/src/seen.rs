//! What a model saw of its features while it was trained, and what comes that is unlike it: values that are missing though
//! they never were, levels of a text that no training row had, and numbers outside their range. Such rows are scored, and a
//! caller should know.

use std::collections::{BTreeMap, HashSet};

use arrow::array::{Array, AsArray, RecordBatch};
use ropeway_table::{ColumnProfile, Profile};
use serde_json::Value;

use crate::contents::Contents;
use crate::range::{OutOfRange, Outside, Range};

/// Features, and values of one, that a warning names; of more it says how many.
const NAMED: usize = 3;
/// Features with numbers outside their range that have a line each.
const LINES: usize = 5;
/// Different values of a feature that are counted one by one.
const COUNTED: usize = 1_000;
/// Characters of a value in a warning.
const CHARS: usize = 40;
/// Rows in which a feature is always missing, before that is told of one that is missing now and then in training too.
const TELLING: u64 = 10;
/// Rows that a level has in training, where the model pools it as rare, are fewer than this.
const RARE: u64 = 50;
/// The share of training rows with rare levels above which a value that the model does not know says nothing.
const RARE_SHARE: f64 = 0.05;

/// What a model saw of each feature that it reads.
#[derive(Debug, Clone)]
pub struct Seen(Vec<Known>);

#[derive(Debug, Clone)]
struct Known {
    name: String,
    personal: bool,
    /// The share of training rows without it.
    missing: f64,
    levels: Option<Levels>,
    range: Option<Range>,
}

#[derive(Debug, Clone)]
struct Levels {
    names: HashSet<String>,
    /// Whether no training row had another.
    whole: bool,
}

/// What is unlike the training rows in the rows looked at.
#[derive(Debug, Clone, Default)]
pub struct Unfamiliar {
    rows: u64,
    features: Vec<Strange>,
}

#[derive(Debug, Clone, Default)]
struct Strange {
    missing: u64,
    /// Rows with a level that is not known.
    rows: u64,
    /// The first such levels with their rows.
    levels: BTreeMap<String, u64>,
    outside: Outside,
}

impl Seen {
    /// What the model of a package saw.
    pub fn of(contents: &Contents) -> Self {
        let learned = contents.model.recipe.learned();
        let known = |profile: &ColumnProfile| {
            let steps = learned.iter().filter(|step| step.feature == profile.name);
            let mut of_recipe = steps.filter_map(|step| {
                let learned = &step.learned.learned;
                let names = learned.get("levels")?.as_array()?.iter();
                let names = names.filter_map(|name| name.as_str().map(str::to_owned)).collect();
                Some(Levels { names, whole: learned.get("rare").and_then(Value::as_bool) != Some(true) })
            });
            Known {
                name: profile.name.clone(),
                personal: contents.plan.features().iter().any(|one| one.name == profile.name && one.personal),
                missing: if profile.rows == 0 { 1.0 } else { profile.missing as f64 / profile.rows as f64 },
                levels: profiled(profile).or_else(|| of_recipe.find(|one| speaks(one, profile))),
                range: Range::of(profile),
            }
        };
        let read = |profile: &&ColumnProfile| contents.model.features().iter().any(|(name, _)| *name == profile.name);
        Self(contents.profile.iter().filter(read).map(known).collect())
    }

    /// Looks at the features of some rows.
    pub fn look(&self, features: &RecordBatch) -> Unfamiliar {
        let strange = |known: &Known| {
            let mut strange = Strange::default();
            let Some(column) = features.column_by_name(&known.name) else { return strange };
            strange.missing = column.null_count() as u64;
            strange.outside = known.range.map(|range| range.outside(column)).unwrap_or_default();
            if let (Some(levels), Some(texts)) = (&known.levels, column.as_string_opt::<i32>()) {
                let odd = texts.iter().flatten().filter(|text| !levels.names.contains(*text));
                odd.for_each(|text| strange.add(text, 1));
            }
            strange
        };
        Unfamiliar { rows: features.num_rows() as u64, features: self.0.iter().map(strange).collect() }
    }

    /// What to say of it, in a bearable length; no value of a personal feature.
    pub fn warnings(&self, found: &Unfamiliar) -> Vec<String> {
        let both = || self.0.iter().zip(&found.features);
        let missing = |never: bool| {
            let told = move |(known, strange): (&Known, &Strange)| known.missing(strange, found.rows, never);
            both().filter_map(told).collect()
        };
        let strange = |whole: bool| {
            let is = move |known: &Known| known.levels.as_ref().is_some_and(|levels| levels.whole == whole);
            both()
                .filter(move |(known, strange)| is(known) && strange.rows > 0)
                .map(|(known, strange)| known.told(strange))
        };
        let lines = [
            ("never missing in training", named(missing(true), "; ")),
            ("missing in every row", named(missing(false), "; ")),
            ("never seen in training", named(strange(true).collect(), "; ")),
            ("rare in training or never seen", named(strange(false).collect(), "; ")),
        ];
        let outside = self.out_of_range(found);
        let more = match outside.len().saturating_sub(LINES) {
            0 => None,
            1 => Some("outside the range of training: 1 more column".to_owned()),
            more => Some(format!("outside the range of training: {more} more columns")),
        };
        let lines = lines.into_iter().filter_map(|(what, of)| Some(format!("{what}: {}", of?)));
        lines.chain(outside.iter().take(LINES).map(|one| one.told(found.rows))).chain(more).collect()
    }

    /// Numbers outside their range in training, those of most rows first; nothing of a personal feature.
    pub fn out_of_range(&self, found: &Unfamiliar) -> Vec<OutOfRange> {
        let all = self.0.iter().zip(&found.features).filter(|(_, strange)| strange.outside.rows > 0);
        let all = all.filter_map(|(known, strange)| Some(known.range?.report(&known.name, &strange.outside)));
        let mut all: Vec<OutOfRange> = all.collect();
        all.sort_by_key(|one| std::cmp::Reverse(one.rows));
        all
    }
}

impl Known {
    /// Where it is missing though it `never` was, or else always though it was there.
    fn missing(&self, strange: &Strange, rows: u64, never: bool) -> Option<String> {
        let share = self.missing * 100.0;
        match never {
            true => (self.missing == 0.0 && strange.missing > 0)
                .then(|| format!("`{}` ({} of {} without it)", self.name, strange.missing, counted(rows))),
            false => (share > 0.0 && share < 100.0 && strange.missing == rows && rows >= TELLING)
                .then(|| format!("`{}` ({share:.1}% of the training rows are without it)", self.name)),
        }
    }

    fn told(&self, strange: &Strange) -> String {
        if self.personal {
            return format!("`{}` ({})", self.name, counted(strange.rows));
        }
        let mut levels: Vec<(&String, &u64)> = strange.levels.iter().collect();
        levels.sort_by_key(|(_, rows)| std::cmp::Reverse(**rows));
        let first = levels.iter().take(NAMED);
        let mut told: Vec<String> =
            first.map(|(level, rows)| format!("{} ({})", shown(level), counted(**rows))).collect();
        let rest = strange.rows - levels.iter().take(NAMED).map(|(_, rows)| **rows).sum::<u64>();
        if rest > 0 {
            told.push(format!("others ({})", counted(rest)));
        }
        format!("`{}` = {}", self.name, told.join(", "))
    }
}

impl Unfamiliar {
    /// Adds what was found in other rows.
    pub fn add(&mut self, other: Self) {
        if self.features.is_empty() {
            *self = other;
            return;
        }
        self.rows += other.rows;
        for (mine, other) in self.features.iter_mut().zip(other.features) {
            mine.missing += other.missing;
            mine.outside.add(other.outside);
            let one_by_one: u64 = other.levels.values().sum();
            other.levels.iter().for_each(|(level, rows)| mine.add(level, *rows));
            mine.rows += other.rows - one_by_one;
        }
    }
}

impl Strange {
    fn add(&mut self, level: &str, rows: u64) {
        self.rows += rows;
        if let Some(count) = self.levels.get_mut(level) {
            *count += rows;
        } else if self.levels.len() < COUNTED {
            self.levels.insert(level.to_owned(), rows);
        }
    }
}

/// The levels of a profile that lists all of them.
fn profiled(profile: &ColumnProfile) -> Option<Levels> {
    let Some(Profile::Text(text)) = &profile.values else { return None };
    (text.top.len() as u64 == text.distinct)
        .then(|| Levels { names: text.top.iter().map(|top| top.value.clone()).collect(), whole: true })
}

/// Whether a value beyond the levels that a recipe kept says something: not where many training rows have such values too.
fn speaks(levels: &Levels, profile: &ColumnProfile) -> bool {
    let distinct = match &profile.values {
        Some(Profile::Text(text)) => text.distinct,
        _ => return levels.whole,
    };
    let rare = distinct.saturating_sub(levels.names.len() as u64) * RARE;
    levels.whole || rare as f64 <= RARE_SHARE * profile.rows as f64
}

fn counted(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

fn shown(level: &str) -> String {
    let short: String = level.chars().take(CHARS).collect();
    let more = if level.chars().nth(CHARS).is_some() { "…" } else { "" };
    format!("\"{}{more}\"", short.escape_debug())
}

fn named(all: Vec<String>, between: &str) -> Option<String> {
    let more = all.len().saturating_sub(NAMED);
    let first = all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(between);
    match (all.is_empty(), more) {
        (true, _) => None,
        (_, 0) => Some(first),
        (_, 1) => Some(format!("{first}{between}and 1 more column")),
        (_, more) => Some(format!("{first}{between}and {more} more columns")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, StringArray};
    use ropeway_table::profile_columns;
    use ropeway_vocab::{ColumnSpec, ColumnType};

    use super::*;

    fn batch(texts: &[String]) -> RecordBatch {
        let column: ArrayRef = Arc::new(StringArray::from_iter_values(texts));
        RecordBatch::try_from_iter([("x", column)]).unwrap()
    }

    fn profile(texts: &[String]) -> ColumnProfile {
        let column = ColumnSpec { name: "x".into(), ty: ColumnType::Text, known_ahead: true, personal: false };
        profile_columns(&[column], &batch(texts)).remove(0)
    }

    /// So many levels with a hundred rows each, and so many with one.
    fn levels(often: usize, once: usize) -> Vec<String> {
        let often = (0..often).flat_map(|level| vec![format!("often {level}"); 100]);
        often.chain((0..once).map(|level| format!("once {level}"))).collect()
    }

    fn kept(often: usize) -> Levels {
        Levels { names: (0..often).map(|level| format!("often {level}")).collect(), whole: false }
    }

    #[test]
    fn a_level_beyond_those_kept_speaks_only_where_few_training_rows_have_such() {
        assert!(profiled(&profile(&levels(9, 1))).is_some_and(|levels| levels.whole && levels.names.len() == 10));
        assert!(profiled(&profile(&levels(10, 1))).is_none(), "the profile does not list all");
        assert!(speaks(&kept(11), &profile(&levels(11, 1))));
        assert!(!speaks(&kept(11), &profile(&levels(11, 90))), "many rows of the training have a rare level too");
    }

    #[test]
    fn what_is_found_in_parts_is_what_is_found_in_one() {
        let known = |personal| Known { name: "x".into(), personal, missing: 0.0, levels: Some(kept(2)), range: None };
        let texts: Vec<String> = (0..3_000).map(|row| format!("odd {}", row % 1_500)).collect();
        let seen = Seen(vec![known(false)]);
        let whole = seen.look(&batch(&texts));
        let mut parts = Unfamiliar::default();
        texts.chunks(700).for_each(|chunk| parts.add(seen.look(&batch(chunk))));
        assert_eq!((whole.features[0].rows, parts.features[0].rows), (3_000, 3_000));
        let told = seen.warnings(&parts);
        assert!(
            told[0].starts_with("rare in training or never seen: `x` = \"odd ")
                && told[0].ends_with("others (2994 rows)"),
            "{told:?}"
        );
        assert_eq!(told.len(), 1);
        let hidden = Seen(vec![known(true)]).warnings(&parts);
        assert_eq!(hidden, ["rare in training or never seen: `x` (3000 rows)"]);
    }
}
