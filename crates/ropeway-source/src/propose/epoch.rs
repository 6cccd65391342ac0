//! Counts since 1970: taken for times by the name of their column, or by what the values show. A number of ten digits may as well
//! be an identifier or an amount, so that values have to show more than that they lie in a time that people write of.

use std::collections::BTreeMap;

use ropeway_vocab::name_words;

use super::cells::Cells;

/// Days of 1990 and 2040, between which counts in a column that is called a time are taken for times.
const NAMED: std::ops::Range<i64> = 7_305..25_567;
/// Days from 1990 to 2027: what values alone have to lie between.
const LIKELY: std::ops::Range<i64> = 7_305..20_819;
/// So many different values have to speak.
const SPEAKING: usize = 20;
const UNITS: [(&str, i64); 3] =
    [("epoch_seconds", 1), ("epoch_milliseconds", 1_000), ("epoch_microseconds", 1_000_000)];
/// Names of moments, as whole words.
const MOMENTS: [&str; 12] =
    ["ts", "at", "start", "started", "end", "ended", "begin", "seen", "expires", "expiry", "modified", "published"];
/// Words in the names of identifiers and amounts.
const OTHERS: [&str; 40] = [
    "id",
    "ids",
    "uid",
    "no",
    "nr",
    "num",
    "number",
    "code",
    "key",
    "phone",
    "tel",
    "mobile",
    "fax",
    "isbn",
    "ean",
    "upc",
    "gtin",
    "sku",
    "barcode",
    "account",
    "iban",
    "ssn",
    "tax",
    "vat",
    "serial",
    "amount",
    "price",
    "revenue",
    "sales",
    "cost",
    "total",
    "sum",
    "balance",
    "salary",
    "income",
    "value",
    "population",
    "bytes",
    "size",
    "cap",
];

/// Whether a column is called a moment.
pub(super) fn is_moment(name: &str) -> bool {
    name_words(name).iter().any(|word| MOMENTS.contains(&word.as_str()))
}

/// Whether a column is called an identifier or an amount.
pub(super) fn is_other(name: &str) -> bool {
    name_words(name).iter().any(|word| OTHERS.contains(&word.as_str()) || word.ends_with("id"))
}

/// The unit of a column that is called a time.
pub(super) fn named(counts: &BTreeMap<&str, u64>) -> Option<(&'static str, String)> {
    let whole = |value: &&str| value.split('.').next().and_then(|whole| whole.parse().ok());
    let (way, _) = UNITS.into_iter().find(|(_, unit)| {
        let range = NAMED.start * 86_400 * unit..NAMED.end * 86_400 * unit;
        counts.keys().all(|value| whole(value).is_some_and(|count: i64| range.contains(&count)))
    })?;
    let why = format!(
        "count {} since 1970 and lie between 1990 and 2040, and the name of the column speaks of a time",
        called(way)
    );
    Some((way, why))
}

/// The unit of a column whose values alone show that they are times: they lie within the years that are likely, over more than
/// a day, and are whole minutes or seconds in a finer unit, or of a length that other numbers seldom have.
pub(super) fn by_values(name: &str, counts: &BTreeMap<&str, u64>) -> Option<(&'static str, String)> {
    let (way, unit, values) = likely(name, counts)?;
    // Of as many numbers by chance one in sixty is a whole minute.
    let whole = |of: i64| values.iter().filter(|value| *value % of == 0).count() * 100 >= values.len() * 95;
    let round = whole(60 * unit) && !whole(10_000 * unit);
    let shown = match (round, unit) {
        (true, _) => "all of them are whole minutes",
        (false, 1) => return None,
        (false, _) => "few other numbers have so many digits",
    };
    let why = format!("count {} since 1970: {}, and {shown}", called(way), years(&values, unit));
    Some((way, why))
}

/// What is to be said of a column of numbers that may be times, where nothing tells.
pub(super) fn perhaps(cells: &Cells) -> Option<String> {
    let counts = cells.counts().into_iter().collect();
    if by_values(&cells.name, &counts).is_some() {
        return None;
    }
    let (way, unit, values) = likely(&cells.name, &counts)?;
    Some(format!(
        "stays a number, though it may count {} since 1970 ({}): if so, say dates = [\"{way}\"] and type \"timestamp\" for it",
        called(way),
        years(&values, unit)
    ))
}

/// The unit in which all values lie within the likely years and over more than a day, of a column that is called neither
/// an identifier nor an amount.
fn likely(name: &str, counts: &BTreeMap<&str, u64>) -> Option<(&'static str, i64, Vec<i64>)> {
    if counts.len() < SPEAKING || is_other(name) {
        return None;
    }
    let values: Vec<i64> = counts.keys().map(|value| value.parse().ok()).collect::<Option<_>>()?;
    let (low, high) = (*values.iter().min()?, *values.iter().max()?);
    let of = |(way, unit): (&'static str, i64)| {
        let day = 86_400 * unit;
        if low < LIKELY.start * day || high >= LIKELY.end * day {
            return None;
        }
        // Numbers one after the other are counted, not timed.
        let apart = high - low > day && (high - low) / (values.len() as i64) > 10;
        apart.then_some((way, unit))
    };
    let (way, unit) = UNITS.into_iter().find_map(of)?;
    Some((way, unit, values))
}

fn called(way: &str) -> &str {
    way.trim_start_matches("epoch_")
}

/// The years between which counts lie.
fn years(values: &[i64], unit: i64) -> String {
    let year = |count: Option<&i64>| 1970 + count.map_or(0, |count| (count / unit) * 4 / (86_400 * 1_461));
    let (first, last) = (year(values.iter().min()), year(values.iter().max()));
    if first == last { format!("they lie in {first}") } else { format!("they lie from {first} to {last}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_tell_where_they_can_and_names_of_other_things_are_none() {
        let check = |name: &str, value: fn(i64) -> i64, want: Option<&str>, open: bool| {
            let values: Vec<String> = (0..200).map(|row| value(row).to_string()).collect();
            let cells = Cells { name: name.into(), values, ..Cells::default() };
            let counts = cells.counts().into_iter().collect();
            assert_eq!(by_values(name, &counts).map(|(way, _)| way), want, "{name}");
            assert_eq!(perhaps(&cells).is_some(), open, "{name}");
        };
        check("x", |row| 1_704_067_200_000 + row * 7_654_321, Some("epoch_milliseconds"), false);
        check("x", |row| 1_704_067_200_000_000 + row * 7_654_321_987, Some("epoch_microseconds"), false);
        check("x", |row| 1_704_067_200 + row * 3_600, Some("epoch_seconds"), false);
        // Seconds that nothing else shows to be such.
        check("x", |row| 1_704_067_200 + row * 7_643, None, true);
        check("customer_id", |row| 1_704_067_200_000 + row * 7_654_321, None, false);
        check("marketCap", |row| 1_704_067_200_000 + row * 7_654_321, None, false);
        // One after the other, within a day, beyond the years.
        check("x", |row| 1_704_067_200 + row, None, false);
        check("x", |row| 1_704_067_200 + row * 60, None, false);
        check("x", |row| 9_704_067_200 + row * 7_643, None, false);
        // As far apart as integers can lie.
        check("x", |row| if row == 0 { i64::MIN } else { i64::MAX - row }, None, false);
        // Amounts in round millions.
        check("x", |row| 1_200_000_000 + row * 1_000_000, None, true);
    }

    #[test]
    fn moments_are_whole_words() {
        assert!(is_moment("ts") && is_moment("event_ts") && is_moment("lastSeen") && is_moment("Start"));
        assert!(!is_moment("cats") && !is_moment("starters") && !is_moment("flat"));
    }
}
