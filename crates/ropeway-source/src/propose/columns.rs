//! How each column is to be read, and what of it the columns share.

use std::collections::{BTreeMap, BTreeSet};

use ropeway_vocab::{ColumnType, DAY_MICROS};

use crate::propose::Decision;
use crate::propose::cells::{Cells, is_plain};
use crate::propose::shape::{plural, quoted};
use crate::propose::{dates, missing, numbers};
use crate::settings::{ColumnReading, DecimalMark, NumberSpelling, SourceSettings, ThousandsMark};
use crate::value::number;
use crate::value::pattern::Dates;
use crate::value::written::Written;
use crate::value::zone::{Zone, ZoneCounts};

/// What was found of a column.
enum What {
    Numbers(Box<numbers::Found>),
    Dates(dates::Found),
    Boolean(String),
    Code(String),
    Text,
}

/// Says how the columns are read in the settings of their source.
pub(super) fn choose(all: &[Cells], settings: &mut SourceSettings, decisions: &mut Vec<Decision>) {
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
    for (cells, what) in all.iter().zip(&found) {
        column(cells, what, settings, &words, decisions);
    }
}

fn look(cells: &Cells, day_first: Option<bool>) -> What {
    let timed = matches!(cells.said, Some(ColumnType::Date | ColumnType::Timestamp | ColumnType::Boolean));
    if cells.values.is_empty() || timed {
        return What::Text;
    }
    let is_missing = |value: &str| missing::is_word(value);
    if cells.said.is_none_or(|ty| ty == ColumnType::Text || ty == ColumnType::Integer)
        && let Some(found) = dates::found(cells, &is_missing, day_first)
    {
        return What::Dates(found);
    }
    if let Some(found) = numbers::found(cells, &is_missing) {
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
        Some(code) if cells.values.iter().all(|value| number::looks_whole(value) || missing::is_word(value)) => {
            What::Code(format!("a number does not begin with 0 as `{code}` does: it is a code, and"))
        }
        _ => What::Text,
    }
}

/// Whether whole numbers that a file itself holds as text are identifiers.
fn is_code(cells: &Cells) -> bool {
    let Some(first) = cells.values.first() else { return false };
    let alike = cells.values.iter().all(|value| value.len() == first.len() && number::looks_whole(value));
    let name = cells.name.to_lowercase();
    let last = name.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let named = name.ends_with("id")
        || ["code", "zip", "plz", "phone", "tel", "nr", "no", "number", "key", "sku"].contains(&last);
    cells.values.iter().all(|value| number::looks_whole(value))
        && (named || alike && first.len() > 4 && cells.values.len() > 1)
}

/// The two words of a column of booleans.
fn booleans(cells: &Cells) -> Option<String> {
    let words: BTreeSet<String> =
        cells.values.iter().filter(|value| !missing::is_word(value)).map(|value| value.to_lowercase()).collect();
    let both = words.iter().filter_map(|word| number::boolean(word).ok()).collect::<BTreeSet<_>>().len() == 2;
    let spelled = words.iter().all(|word| number::boolean(word).is_ok() && word.chars().all(char::is_alphabetic));
    (words.len() == 2 && both && spelled).then(|| words.into_iter().collect::<Vec<_>>().join("` and `"))
}

/// What columns with a day beyond twelve tell of those without.
fn day_first(found: &[What]) -> Option<bool> {
    let (mut first, mut second) = (0, 0);
    for what in found {
        if let What::Dates(dates::Found { either: None, ways, .. }) = what {
            first += ways.iter().filter(|way| way.starts_with("%d") && way.contains("%m")).count();
            second += ways.iter().filter(|way| way.starts_with("%m")).count();
        }
    }
    (first != second && first.min(second) == 0).then_some(first > 0)
}

/// Whether a comma stands before decimals.
fn is_comma(spelling: &NumberSpelling) -> bool {
    spelling.decimal == Some(DecimalMark::Comma)
}

/// Lets the columns whose marks tell decide for those where both readings fit.
fn settle_marks(found: &mut [What], semicolons: bool) {
    let (mut commas, mut points) = (0, 0);
    for what in found.iter() {
        if let What::Numbers(found) = what
            && found.either.is_none()
        {
            commas += u64::from(is_comma(&found.spelling));
            let groups = found.spelling.thousands == Some(ThousandsMark::Comma);
            points += u64::from(!is_comma(&found.spelling) && (groups || found.plain_point));
        }
    }
    let comma = match (commas, points) {
        (0, 0) if semicolons => {
            Some((true, "fields are separated by semicolons, as where commas stand before decimals"))
        }
        (0, 0) => None,
        (commas, points) if commas > points => Some((true, "the other columns have a decimal comma")),
        (commas, points) if points > commas => Some((false, "the other columns have a decimal point")),
        _ => None,
    };
    for what in found {
        let What::Numbers(found) = what else { continue };
        let Some(either) = found.either.clone() else { continue };
        let told = comma.is_some();
        let (comma, why) =
            comma.unwrap_or((false, "nothing in the file tells, and points before decimals are the usual ones"));
        if is_comma(&found.spelling) != comma {
            found.either = Some(std::mem::replace(&mut found.spelling, either));
            found.plain_point = false;
        }
        if told && found.spelling == NumberSpelling::default() {
            // As the rest of the file has it, and as numbers are usually written: nothing to decide.
            found.either = None;
        }
        let how = if comma { "a decimal comma" } else { "a decimal point" };
        found.why = format!(
            "{} of {} values are numbers by either reading of their marks; {how} was chosen: {why}",
            found.fit, found.of
        );
    }
}

/// The marks that all columns share which have any: then they are said once.
fn shared_marks(found: &[What]) -> Option<(NumberSpelling, u64)> {
    let mut marks: Option<NumberSpelling> = None;
    let mut columns = 0;
    for what in found {
        let What::Numbers(found) = what else { continue };
        if found.plain_point {
            return None;
        }
        let own = NumberSpelling { unit: Vec::new(), negative: None, ..found.spelling.clone() };
        if own == NumberSpelling::default() {
            continue;
        }
        columns += 1;
        match &mut marks {
            None => marks = Some(own),
            Some(marks)
                if marks.decimal == own.decimal && (marks.thousands == own.thousands || own.thousands.is_none()) => {}
            Some(marks) if marks.decimal == own.decimal && marks.thousands.is_none() => *marks = own,
            Some(_) => return None,
        }
    }
    marks.filter(|_| columns > 1).map(|marks| (marks, columns))
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
            cells
                .values
                .iter()
                .map(String::as_str)
                .filter(|value| missing::is_word(value) && !words.contains_key(*value)),
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
    words: &BTreeSet<String>,
    decisions: &mut Vec<Decision>,
) {
    let mut own = ColumnReading::default();
    let of = cells.values.len() as u64;
    let mut decide = |setting: &str, value: String, why: String, fit: (u64, u64), other: Option<String>| {
        let column = Some(cells.name.clone());
        decisions.push(Decision { setting: setting.to_owned(), column, value, why, fit: fit.0, of: fit.1, other });
    };
    let declared = match what {
        What::Numbers(found) => {
            let other = found.either.as_ref().map(toml);
            if !covered(found, settings) {
                own.number = Some(found.spelling.clone());
                decide("column.number", toml(&found.spelling), found.why.clone(), (found.fit, found.of), other);
            } else if other.is_some() {
                decide("", String::new(), found.why.clone(), (found.fit, found.of), other);
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
        What::Boolean(both) => {
            let usual = both == "false` and `true" && !cells.typed;
            (!usual).then(|| (ColumnType::Boolean, format!("all of its {of} values are `{both}`")))
        }
        What::Code(code) => {
            decide("", String::new(), format!("{code} stays text"), (of, of), None);
            None
        }
        What::Text => None,
    };
    if let Some((ty, why)) = declared {
        settings.types.insert(cells.name.clone(), ty);
        decide("types", quoted(ty.name()), why, (of, of), None);
    }
    let nulls = own_nulls(cells, what, words);
    if !nulls.is_empty() {
        let spelled = nulls.iter().map(|(value, ..)| value.clone());
        own.null = Some(settings.null.iter().cloned().chain(spelled).collect());
    }
    for (value, count, why) in nulls {
        let why = format!("`{value}` stands in {}; {why}", plural(count, "row"));
        decide("column.null", quoted(&value), why, (count, of), None);
    }
    if own != ColumnReading::default() {
        settings.column.insert(cells.name.clone(), own);
    }
}

/// What stands for a missing value in this column alone: the value, its rows, and why.
fn own_nulls(cells: &Cells, what: &What, words: &BTreeSet<String>) -> Vec<(String, u64, String)> {
    let text = matches!(what, What::Text | What::Code(_));
    let own = missing::words(cells, text).into_iter().filter(|(word, _)| !words.contains(word));
    let own = own.map(|(word, count)| (word, count, "it is how people write a missing value".to_owned()));
    own.chain(sentinels(cells, what)).collect()
}

/// Whether the spelling of the source reads the numbers of a column as they are meant.
fn covered(found: &numbers::Found, settings: &SourceSettings) -> bool {
    let (own, all) = (&found.spelling, &settings.number);
    let marks = own.decimal == all.decimal && (own.thousands == all.thousands || own.thousands.is_none());
    let bare = *own == NumberSpelling::default() && !found.plain_point;
    own.unit.is_empty() && own.negative.is_none() && (marks || bare)
}

fn number_type(cells: &Cells, found: &numbers::Found) -> ColumnType {
    let written = Written::of(&found.spelling);
    let plain = |value: &String| written.as_ref().map_or_else(|| value.clone(), |w| w.plain(value).unwrap_or_default());
    let whole =
        cells.values.iter().filter(|value| !missing::is_word(value)).all(|value| number::looks_whole(&plain(value)));
    if whole { ColumnType::Integer } else { ColumnType::Float }
}

fn sentinels(cells: &Cells, what: &What) -> Vec<(String, u64, String)> {
    match what {
        What::Numbers(found) => {
            let written = Written::of(&found.spelling);
            let read = |value: &str| match &written {
                None => is_plain(value).then(|| value.parse().ok()).flatten(),
                Some(written) => written.plain(value).ok().and_then(|plain| plain.parse().ok()),
            };
            missing::numbers(cells, &read)
        }
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
