//! How each column is to be read, and what of it the columns share.

use std::collections::{BTreeMap, BTreeSet};

use ropeway_vocab::{ColumnType, DAY_MICROS};

use crate::propose::beginnings::Beginnings;
use crate::propose::cells::{Cells, is_plain};
use crate::propose::marks::{covered, settle_marks, shared_marks};
use crate::propose::shape::quoted;
use crate::propose::{Decision, Missing};
use crate::propose::{dates, epoch, missing, mixed, numbers, ways};
use crate::said::plural;
use crate::settings::{ColumnReading, NumberSpelling, SourceSettings};
use crate::value::boolean::are_a_pair;
use crate::value::missing::says_missing;
use crate::value::number;
use crate::value::pattern::Dates;
use crate::value::written::Written;
use crate::value::zone::{Zone, ZoneCounts};

/// Why a text stands for a missing value that no list has.
const TEXT: &str = "a text in so many rows where all others are numbers or dates stands for no value";

/// What was found of a column.
pub(super) enum What {
    Numbers(Box<numbers::Found>),
    Dates(dates::Found),
    Boolean([String; 2]),
    Code(String),
    Text,
}

/// Whether a value is read.
pub(super) type Reads<'a> = Box<dyn Fn(&str) -> bool + 'a>;

impl What {
    /// Whether two readings fit and nothing in the values decides: the person who knows has to hear which was chosen.
    fn is_open(&self) -> bool {
        match self {
            Self::Numbers(found) => found.is_open(),
            Self::Dates(found) => found.either.is_some() || found.aloud,
            _ => false,
        }
    }

    /// Which values of a column it reads, where it is one of numbers or dates.
    pub(super) fn reads<'a>(&self, cells: &'a Cells) -> Option<Reads<'a>> {
        match self {
            Self::Numbers(found) => {
                let number = read_number(cells, found);
                Some(Box::new(move |value| number(value).is_some()))
            }
            Self::Dates(found) => {
                let dates = Dates::of(&found.ways).ok()??;
                let read = move |value: &str| dates.timestamp(value, &Zone::default(), &mut ZoneCounts::default());
                Some(Box::new(move |value| read(value).is_ok()))
            }
            _ => None,
        }
    }
}

/// Reads the numbers of a column as they are found to be written.
fn read_number<'a>(cells: &'a Cells, found: &numbers::Found) -> impl Fn(&str) -> Option<f64> + use<'a> {
    let written = Written::of(&found.spelling);
    move |value| match &written {
        _ if cells.numbers.contains_key(value) => value.parse().ok(),
        None => is_plain(value).then(|| value.parse().ok()).flatten(),
        Some(written) => written.plain(value).ok().and_then(|plain| plain.parse().ok()),
    }
}

/// Says how the columns are read in the settings of their source; what stands for a missing value in each of them.
pub(super) fn choose(
    files: &mut Beginnings,
    settings: &mut SourceSettings,
    decisions: &mut Vec<Decision>,
) -> Vec<Missing> {
    let mut aside = files.set_aside();
    let all = &files.all;
    let mut found: Vec<What> = all.iter().map(|cells| look(cells, None)).collect();
    let day_first = day_first(&found);
    if day_first.is_some() {
        for (what, cells) in found.iter_mut().zip(all) {
            if matches!(what, What::Dates(dates::Found { either: Some(_), .. })) {
                *what = look(cells, day_first);
            }
        }
    }
    settle_marks(&mut found, settings.delimiter.as_deref() == Some(";"));
    let shared = shared_marks(&found);
    if let Some((marks, columns)) = &shared {
        settings.number = marks.clone();
        let why = format!("the numbers of {} are written so", plural(*columns, "column"));
        decisions.push(Decision::file("number", toml(marks), why, *columns, all.len() as u64));
    }
    let words = shared_words(all, &found, settings, decisions);
    let mut missing = Vec::new();
    for (cells, what) in all.iter().zip(&found) {
        let mut nulls = nulls(cells, what);
        nulls.extend(
            aside.remove(&cells.name).into_iter().flatten().map(|(value, rows)| (value, rows, TEXT.to_owned())),
        );
        missing.extend(nulls.iter().map(|(value, rows, _)| Missing {
            column: cells.name.clone(),
            value: value.clone(),
            rows: *rows,
        }));
        let own = nulls.into_iter().filter(|(value, ..)| !words.contains(value)).collect();
        column(cells, what, settings, own, decisions);
        decisions.extend(files.told(cells, what));
        let told = match what {
            // Counts since 1970 are numbers, and nothing else is looked at for them.
            What::Numbers(_) => epoch::perhaps(cells).map(|why| (why, 0)),
            What::Text => mixed::told(&cells.counts()),
            _ => None,
        };
        decisions.extend(told.map(|(why, fit)| {
            let told = Decision::file("", String::new(), why, fit, cells.values.len() as u64).aloud();
            Decision { column: Some(cells.name.clone()), ..told }
        }));
    }
    missing
}

pub(super) fn look(cells: &Cells, day_first: Option<bool>) -> What {
    let timed = matches!(cells.said, Some(ColumnType::Date | ColumnType::Timestamp | ColumnType::Boolean));
    if cells.values.is_empty() || timed {
        return What::Text;
    }
    if cells.said.is_none_or(|ty| ty == ColumnType::Text || ty == ColumnType::Integer)
        && let Some(found) = dates::found(cells, &says_missing, day_first)
    {
        return What::Dates(found);
    }
    if let Some(found) = numbers::found(cells, &says_missing) {
        if cells.typed && cells.said.is_none_or(|ty| ty == ColumnType::Text) && is_code(cells) {
            return What::Code(format!(
                "`{}` is an identifier by its name or its equal length, and it",
                cells.values[0]
            ));
        }
        return What::Numbers(Box::new(found));
    }
    if let Some(words) = booleans(cells) {
        return What::Boolean(words);
    }
    match cells.values.iter().find(|value| number::looks_like_code(value)) {
        Some(code) if cells.values.iter().all(|value| number::looks_whole(value) || says_missing(value)) => {
            What::Code(format!("a number does not begin with 0 as `{code}` does: it is a code, and"))
        }
        _ => What::Text,
    }
}

/// Whether whole numbers that a file itself holds as text are identifiers.
fn is_code(cells: &Cells) -> bool {
    let Some(first) = cells.values.first() else { return false };
    let alike = cells.values.iter().all(|value| value.len() == first.len() && number::looks_whole(value));
    cells.values.iter().all(|value| number::looks_whole(value))
        && (is_called_code(&cells.name) || alike && first.len() > 4 && cells.values.len() > 1)
}

/// Whether a column is called as identifiers are.
pub(super) fn is_called_code(name: &str) -> bool {
    let name = name.to_lowercase();
    let last = name.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    name.ends_with("id") || ["code", "zip", "plz", "phone", "tel", "nr", "no", "number", "key", "sku"].contains(&last)
}

/// The two words of a column of booleans.
fn booleans(cells: &Cells) -> Option<[String; 2]> {
    let words: BTreeSet<String> =
        cells.values.iter().filter(|value| !says_missing(value)).map(|value| value.to_lowercase()).collect();
    let [one, other]: [String; 2] = words.into_iter().collect::<Vec<_>>().try_into().ok()?;
    are_a_pair(&one, &other).then_some([one, other])
}

/// What columns with a day beyond twelve tell of those without.
fn day_first(found: &[What]) -> Option<bool> {
    let (mut first, mut second) = (0, 0);
    for what in found {
        if let What::Dates(dates::Found { either: None, ways, .. }) = what {
            let orders: Vec<bool> = ways.iter().filter_map(|way| ways::day_first(way)).collect();
            first += orders.iter().filter(|day_first| **day_first).count();
            second += orders.iter().filter(|day_first| !**day_first).count();
        }
    }
    (first != second && first.min(second) == 0).then_some(first > 0)
}

/// Spellings of a missing value for all columns, and those that a column has to keep as values.
fn shared_words(
    all: &[Cells],
    found: &[What],
    settings: &mut SourceSettings,
    decisions: &mut Vec<Decision>,
) -> BTreeSet<String> {
    let mut rows: BTreeMap<String, (u64, Vec<&str>)> = BTreeMap::new();
    let mut kept: BTreeSet<&str> = BTreeSet::new();
    for (cells, what) in all.iter().zip(found) {
        let text = matches!(what, What::Text | What::Code(_));
        let words = missing::words(cells, text);
        kept.extend(
            cells.values.iter().map(String::as_str).filter(|value| says_missing(value) && !words.contains_key(*value)),
        );
        for (word, count) in words {
            let entry = rows.entry(word).or_default();
            entry.0 += count;
            entry.1.push(&cells.name);
        }
    }
    let mut shared = BTreeSet::new();
    for (word, (count, columns)) in rows {
        if kept.contains(word.as_str()) {
            continue;
        }
        settings.null.push(word.clone());
        let shown: Vec<String> = columns.iter().take(4).map(|name| format!("`{name}`")).collect();
        let more = if columns.len() > 4 { " and more" } else { "" };
        let why =
            format!("`{word}` stands in {} of {}{more}, where it is no value", plural(count, "row"), shown.join(", "));
        let of = all.iter().map(|cells| cells.values.len() as u64).max().unwrap_or(0);
        decisions.push(Decision::file("null", quoted(&word), why, count, of));
        shared.insert(word);
    }
    shared
}

fn column(
    cells: &Cells,
    what: &What,
    settings: &mut SourceSettings,
    nulls: Vec<missing::Spelled>,
    decisions: &mut Vec<Decision>,
) {
    let mut own = ColumnReading::default();
    let of = cells.values.len() as u64;
    let open = what.is_open();
    let mut decide = |setting: &str, value: String, why: String, fit: (u64, u64), other: Option<String>| {
        let (column, aloud) = (Some(cells.name.clone()), open && (other.is_some() || setting == "column.dates"));
        decisions.push(Decision { column, other, aloud, ..Decision::file(setting, value, why, fit.0, fit.1) });
    };
    let declared = match what {
        What::Numbers(found) => {
            let other = found.either.as_ref().map(toml);
            own.number = Some(found.spelling.clone()).filter(|_| !covered(found, settings));
            if own.number.is_some() || other.is_some() {
                let setting = if own.number.is_some() { "column.number" } else { "" };
                let value = own.number.as_ref().map_or_else(String::new, toml);
                decide(setting, value, found.why.clone(), (found.fit, found.of), other);
            }
            let text = cells.typed && cells.said.is_none_or(|ty| ty == ColumnType::Text);
            let why = || format!("{} of its {of} values are numbers, written as text", found.fit);
            text.then(|| (number_type(cells, found), why()))
        }
        What::Dates(found) => {
            let usual = found.ways == ["iso"];
            if !usual {
                own.dates = Some(found.ways.clone());
                let other = found.either.as_ref().map(|ways| list(ways));
                decide("column.dates", list(&found.ways), found.why.clone(), (found.fit, found.of), other);
            }
            let what = if found.ty == ColumnType::Date { "days" } else { "times" };
            let why = format!("{} of its {} values are {what}", found.fit, found.of);
            (cells.said.is_some() || !usual).then_some((found.ty, why))
        }
        What::Boolean([one, other]) => {
            let usual = (one.as_str(), other.as_str()) == ("false", "true") && !cells.typed;
            (!usual).then(|| (ColumnType::Boolean, format!("all of its {of} values are `{one}` and `{other}`")))
        }
        What::Code(code) => {
            decide("", String::new(), format!("{code} stays text"), (of, of), None);
            None
        }
        What::Text => None,
    };
    if let Some((ty, why)) = declared {
        settings.types.insert(cells.name.clone(), ty);
        let words = if let What::Boolean(words) = what { words.to_vec() } else { Vec::new() };
        let told = Decision::file("types", quoted(ty.name()), why, of, of);
        decisions.push(Decision { column: Some(cells.name.clone()), words, ..told });
    }
    if !nulls.is_empty() {
        let spelled = nulls.iter().map(|(value, ..)| value.clone());
        own.null = Some(settings.null.iter().cloned().chain(spelled).collect());
    }
    decisions.extend(nulls.into_iter().map(|null| told_missing(cells, null)));
    if own != ColumnReading::default() {
        settings.column.insert(cells.name.clone(), own);
    }
}

fn told_missing(cells: &Cells, (value, count, why): missing::Spelled) -> Decision {
    let aloud = why == TEXT;
    let why = format!("`{value}` stands in {}; {why}", plural(count, "row"));
    let told = Decision::file("column.null", quoted(&value), why, count, cells.values.len() as u64);
    Decision { column: Some(cells.name.clone()), aloud, ..told }
}

/// What stands for a missing value in a column: the value, its rows, and why.
fn nulls(cells: &Cells, what: &What) -> Vec<missing::Spelled> {
    let text = matches!(what, What::Text | What::Code(_));
    let words = missing::words(cells, text).into_iter();
    let words = words.map(|(word, count)| (word, count, "it is how people write a missing value".to_owned()));
    words.chain(sentinels(cells, what)).collect()
}

fn number_type(cells: &Cells, found: &numbers::Found) -> ColumnType {
    let written = Written::of(&found.spelling);
    let plain = |value: &String| written.as_ref().map_or_else(|| value.clone(), |w| w.plain(value).unwrap_or_default());
    let whole =
        cells.values.iter().filter(|value| !says_missing(value)).all(|value| number::looks_whole(&plain(value)));
    if whole { ColumnType::Integer } else { ColumnType::Float }
}

fn sentinels(cells: &Cells, what: &What) -> Vec<missing::Spelled> {
    match what {
        What::Numbers(found) => missing::numbers(cells, &read_number(cells, found)),
        What::Dates(found) => {
            let Ok(Some(dates)) = Dates::of(&found.ways) else { return Vec::new() };
            let read = |value: &str| dates.timestamp(value, &Zone::default(), &mut ZoneCounts::default()).ok();
            missing::days(cells, &|value| read(value).map(|at| at.div_euclid(DAY_MICROS)))
        }
        _ => Vec::new(),
    }
}

/// The spelling of numbers as the project file writes it.
fn toml(spelling: &NumberSpelling) -> String {
    let value = serde_json::to_value(spelling).unwrap_or_default();
    let members = value.as_object().into_iter().flatten().map(|(key, value)| format!("{key} = {value}"));
    format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
}

fn list(ways: &[String]) -> String {
    format!("[{}]", ways.iter().map(|way| quoted(way)).collect::<Vec<_>>().join(", "))
}
