//! A column that is filled in for one class alone, or left empty for one alone, however seldom: a reason that is written down
//! of customers who left, and not of each of them. And a single level, or a word, that is of one class
//! alone.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use ropeway_stat::{LevelOfClass, OneClass, Usual, levels_of_one_class};
use ropeway_vocab::ColumnType;

use super::{Known, LOOK};
use crate::column::{shortened, show};
use crate::finding::{Code, Finding, personal, text};
use crate::measure::Target;
use crate::seen::{Column, Kept, Seen, cell_of, number};
use crate::tally::MISSING;

/// Different texts of which words are held against the classes.
const TEXTS: usize = 20_000;
/// Fewer different texts, or of fewer words, are categories, each of which is looked at as a whole.
const PHRASES: u64 = 20;
const WORDS: f64 = 2.0;
/// The most frequent numbers of a label that are asked about, each of a hundredth of the rows.
const NUMBERS: usize = 3;

/// How improbable a level has to be among the others of its column, so that the column is left out for it where suspects are.
const SURELY: f64 = 0.002;
/// What a person has to decide of a level that is less sure.
const LOOK_CLOSER: &str = "stays, also with `--drop-suspects`: among the other levels of the column a strong one may be so by chance, \
                           and only you know whether it is written with the outcome";

/// Classes that something may be of alone: that of each row, and what they are called.
type Classes<'a> = (&'a [Option<usize>], &'a [String]);

/// What was seen, and in how many rows of how many with a label.
pub(super) fn find(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>) -> Option<(String, usize, usize)> {
    match &known.target {
        Target::Classes(of, names) => {
            let alone = filled(seen, column, known, (of, names))?;
            Some(said(&alone, known, names))
        }
        Target::Numbers(of) => known.frequent.iter().copied().find_map(|one| {
            let classes: Vec<Option<usize>> = of.iter().map(|x| x.map(|x| usize::from(x == one))).collect();
            let names = [format!("not {one}"), one.to_string()];
            let alone = filled(seen, column, known, (&classes, &names))?;
            // Most rows have another number, and what is filled in for some of them says little.
            (alone.class == 1 || alone.is_whole_class()).then(|| said(&alone, known, &names))
        }),
    }
}

/// The numbers that many rows of a label have, most first.
pub(super) fn frequent(target: &Target) -> Vec<f64> {
    let Target::Numbers(of) = target else { return Vec::new() };
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    of.iter().flatten().for_each(|x| *counts.entry((x + 0.0).to_bits()).or_default() += 1);
    let all: usize = counts.values().sum();
    let mut many: Vec<(usize, u64)> = counts.into_iter().map(|(bits, rows)| (rows, bits)).collect();
    many.retain(|(rows, _)| rows * 100 >= all && *rows >= super::missing::ENOUGH);
    many.sort_unstable_by_key(|(rows, bits)| (Reverse(*rows), *bits));
    many.into_iter().take(NUMBERS).map(|(_, bits)| f64::from_bits(bits)).collect()
}

/// The rows with a value, or without one, or with another number than 0, where these are of one class.
fn filled(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>, classes: Classes<'_>) -> Option<OneClass> {
    let kinds: &[Usual] = if column.is_number() { &[Usual::Nothing, Usual::Zero] } else { &[Usual::Nothing] };
    kinds.iter().find_map(|usual| {
        let differs = |cell: u64| match usual {
            Usual::Nothing => cell != MISSING,
            _ => number(cell).is_some_and(|number| number != 0.0),
        };
        of_one_class((seen, column), known, classes, (usual, &differs), 2 * kinds.len())
    })
}

fn said(alone: &OneClass, known: &Known<'_>, names: &[String]) -> (String, usize, usize) {
    let said = alone.said(&known.label.column, &names[alone.class]);
    (format!("it {said}"), alone.rows, alone.all)
}

/// What was seen of the rows in which a column is other than usual, where so many kinds of rows are asked about.
fn of_one_class(
    (seen, column): (&Seen<'_>, &Column<'_>),
    known: &Known<'_>,
    (of, names): Classes<'_>,
    (usual, differs): (&Usual, &dyn Fn(u64) -> bool),
    kinds: usize,
) -> Option<OneClass> {
    let tests = (seen.columns.len() * names.len() * kinds) as f64;
    let group = |row: usize| Some(known.groups.as_ref()?.of.get(row).copied()?? as u64);
    let rows = seen.spread(column).iter().zip(of).enumerate();
    let rows = rows.filter_map(|(row, (cell, class))| Some(((*class)?, differs(*cell), group(row))));
    OneClass::find(rows, names.len(), usual, tests)
}

/// `leak-level`: a single level of a text or of a boolean is of one class alone, or a word of a text.
pub(super) fn level(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>) -> Option<Finding> {
    let classes = known.classes()?;
    if !matches!(column.ty, ColumnType::Text | ColumnType::Boolean) || personal::find(column).is_some() {
        return None;
    }
    let rows = seen.spread(column).iter().zip(classes.0).filter(|(cell, _)| **cell != MISSING);
    let rows = rows.filter_map(|(cell, class)| Some(((*class)?, *cell)));
    let (levels, looked) = levels_of_one_class(rows, classes.1.len());
    let alone = levels.into_iter().find_map(|LevelOfClass { level, chance }| {
        let usual = Usual::Not(name(column, level)?);
        Some((of_one_class((seen, column), known, classes, (&usual, &|cell| cell == level), looked)?, chance))
    });
    let (alone, chance) = alone.or_else(|| word(seen, column, known, classes))?;
    let (said, rows, of) = said(&alone, known, classes.1);
    let found = Finding::new(Code::LeakLevel, &[column.name], (rows as u64, of as u64), said);
    Some(if chance <= SURELY { found.decide(LOOK) } else { found.weak().decide(LOOK_CLOSER) })
}

/// The rows that have a word, where these are of one class.
fn word(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>, classes: Classes<'_>) -> Option<(OneClass, f64)> {
    let texts = words(column)?;
    let cells = seen.spread(column).iter().zip(classes.0);
    let rows = cells.filter_map(|(cell, class)| Some(((*class)?, texts.get(cell)?)));
    let words = rows.flat_map(|(class, words)| words.iter().map(move |word| (class, word.as_str())));
    let (words, looked) = levels_of_one_class(words, classes.1.len());
    words.into_iter().find_map(|LevelOfClass { level: word, chance }| {
        let has = |cell| texts.get(&cell).is_some_and(|words| words.contains(word));
        let usual = Usual::Without(shortened(word));
        Some((of_one_class((seen, column), known, classes, (&usual, &has), looked)?, chance))
    })
}

/// The words of each text by its cell, in small letters; none where these are names. Notes of a form may be few
/// different ones.
fn words(column: &Column<'_>) -> Option<HashMap<u64, HashSet<String>>> {
    if column.distinct < PHRASES || text::words_each(column)? < WORDS {
        return None;
    }
    let texts = &column.texts()[..column.texts().len().min(TEXTS)];
    let words = |text: &str| -> HashSet<String> {
        let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().nth(1).is_some());
        parts.map(str::to_lowercase).collect()
    };
    Some(texts.iter().map(|(text, _)| (cell_of(text), words(text))).collect())
}

/// What a level is called, by its cell.
fn name(column: &Column<'_>, level: u64) -> Option<String> {
    match &column.kept {
        Kept::Texts(values) => {
            let (text, _) = values.iter().find(|(text, _)| cell_of(text) == level)?;
            Some(shortened(text))
        }
        Kept::Numbers(_, values) => {
            let (_, bits, _) = values.iter().find(|(x, ..)| x.to_bits() == level)?;
            Some(show(*bits, column.ty))
        }
    }
}
