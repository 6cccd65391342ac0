//! How the numbers of a column are written, by evidence: marks, units, negatives. Where `1.234` may be either, the rest of
//! the file decides, and it is said.

use std::collections::BTreeMap;

use crate::propose::cells::{Cells, is_plain};
use crate::propose::either::{as_large, differs, in_groups};
use crate::settings::{DecimalMark, Negative, NumberSpelling, ThousandsMark};
use crate::value::number;
use crate::value::written::{Written, without_cents};

/// So many of a hundred values have to be numbers.
const MOST: u64 = 95;
/// Signs and codes of money, and the percent sign: what needs no other evidence to be a unit.
pub(super) const UNITS: [&str; 24] = [
    "€", "$", "£", "¥", "%", "₹", "₩", "₽", "zł", "kr", "Fr.", "US$", "EUR", "USD", "GBP", "CHF", "JPY", "SEK", "NOK",
    "DKK", "PLN", "CAD", "AUD", "R$",
];

/// What a column of numbers is by evidence.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// How they are written; the default where nothing needs to be said.
    pub(super) spelling: NumberSpelling,
    pub(super) fit: u64,
    pub(super) of: u64,
    pub(super) why: String,
    /// The spelling that fits as well, where marks tell nothing.
    pub(super) either: Option<NumberSpelling>,
    /// Whether nothing in the file told which of the two it is.
    pub(super) undecided: bool,
    /// Whether some number has decimals by a plain point.
    pub(super) plain_point: bool,
    /// Whether cells of numbers with decimals stand beside them.
    pub(super) beside_cells: bool,
    /// Of two readings the one in which a mark stands between thousands, as the numbers without a mark show: whether it is that with a
    /// decimal comma.
    pub(super) in_groups: Option<bool>,
    /// Of two readings the one in which texts are about as large as these cells: whether it is that with a decimal comma.
    pub(super) as_large: Option<bool>,
}

impl Found {
    /// Whether texts stand beside cells of numbers, and nothing tells which of two numbers, a thousand times apart, they are.
    pub(super) fn is_open(&self) -> bool {
        self.undecided && self.beside_cells
    }
}

/// The ways in which marks are used, the plain one first.
fn marks() -> Vec<NumberSpelling> {
    use {DecimalMark as D, ThousandsMark as T};
    let of = |decimal, thousands| NumberSpelling { decimal, thousands, ..NumberSpelling::default() };
    vec![
        of(None, None),
        of(Some(D::Comma), None),
        of(None, Some(T::Comma)),
        of(Some(D::Comma), Some(T::Point)),
        of(None, Some(T::Space)),
        of(Some(D::Comma), Some(T::Space)),
        of(None, Some(T::Apostrophe)),
        of(Some(D::Comma), Some(T::Apostrophe)),
        of(None, Some(T::Underscore)),
    ]
}

/// The spelling of a column, where nearly all of its values are numbers, the `missing` ones aside.
pub(super) fn found(cells: &Cells, missing: &dyn Fn(&str) -> bool) -> Option<Found> {
    let counts: BTreeMap<&str, u64> = cells.texts().into_iter().filter(|(value, _)| !missing(value)).collect();
    let numbers: u64 = cells.numbers.values().sum();
    let of = counts.values().sum::<u64>() + numbers;
    let with_digits = counts.iter().filter(|(value, _)| value.bytes().any(|byte| byte.is_ascii_digit()));
    let digits = with_digits.map(|(_, rows)| *rows).sum::<u64>() + numbers;
    if of == 0 || digits * 100 < of * MOST || counts.keys().any(|value| number::looks_like_code(value)) {
        return None;
    }
    let around = Around::of(&counts, of)?;
    let mut best: Vec<(NumberSpelling, u64)> = Vec::new();
    for marks in marks() {
        let spelling = NumberSpelling { unit: around.units.clone(), negative: around.negative, ..marks };
        let fit = match Written::of(&spelling) {
            None => counts.iter().filter(|(value, _)| is_plain(value)).map(|(_, rows)| rows).sum(),
            Some(written) => {
                counts.iter().filter(|(value, _)| written.plain(value).is_ok()).map(|(_, rows)| rows).sum()
            }
        };
        match best.first() {
            Some((_, most)) if fit < *most => {}
            Some((_, most)) if fit == *most => best.push((spelling, fit)),
            _ => best = vec![(spelling, fit)],
        }
    }
    let (spelling, fit) = best.first()?.clone();
    // Nobody knows whether a number without a sign is a percentage.
    let fit = if spelling.unit.iter().any(|unit| unit == "%") { fit } else { fit + numbers };
    if fit * 100 < of * MOST {
        return None;
    }
    let groups_of_three = |mark: char| counts.keys().any(|value| value.contains(mark));
    let either = best.iter().skip(1).map(|(spelling, _)| spelling).find(|other| {
        let (a, b) = (&spelling, *other);
        // Another reading only counts where a mark that occurs would mean something else.
        differs(a, b) && (groups_of_three('.') || groups_of_three(','))
    });
    let fits =
        |value: &str| Written::of(&spelling).map_or_else(|| is_plain(value), |written| written.plain(value).is_ok());
    let why = sentence(&counts, &spelling, &fits, (fit, of));
    let plain_point = spelling.decimal.is_none() && counts.keys().any(|value| value.contains('.'));
    let (either, beside_cells) = (either.cloned(), numbers > 0);
    let as_large = either.as_ref().and_then(|either| as_large(&counts, cells, [&spelling, either]));
    let in_groups = either.as_ref().and_then(|either| in_groups(&counts, [&spelling, either]));
    Some(Found { spelling, fit, of, why, either, undecided: false, plain_point, beside_cells, in_groups, as_large })
}

fn sentence(
    counts: &BTreeMap<&str, u64>,
    spelling: &NumberSpelling,
    fits: &dyn Fn(&str) -> bool,
    (fit, of): (u64, u64),
) -> String {
    let telling = |value: &&&str| (value.chars().filter(|c| !c.is_ascii_digit()).count(), value.len());
    let longest = counts.keys().filter(|value| fits(value)).max_by_key(telling);
    let example = longest.map_or_else(String::new, |value| format!(", for example `{value}`"));
    // The one that stands there most often.
    let odd = counts.iter().filter(|(value, _)| !fits(value)).max_by_key(|(_, rows)| **rows);
    let odd = odd.map_or_else(String::new, |(value, _)| format!("; `{value}` is none"));
    let mut what = match spelling.decimal {
        Some(DecimalMark::Comma) => "a decimal comma".to_owned(),
        _ => "a decimal point".to_owned(),
    };
    if let Some(mark) = spelling.thousands {
        let mark = match mark {
            ThousandsMark::Point => "points",
            ThousandsMark::Comma => "commas",
            ThousandsMark::Space => "spaces",
            ThousandsMark::Apostrophe => "apostrophes",
            ThousandsMark::Underscore => "underscores",
        };
        what = format!("{what} and {mark} between thousands");
    }
    if !spelling.unit.is_empty() {
        what = format!("{what} and `{}`", spelling.unit.join("` or `"));
    }
    if spelling.negative.is_some() {
        what.push_str(", negative ones as in accounts");
    }
    format!("{fit} of {of} values are numbers with {what}{example}{odd}")
}

/// What stands around the digits of a column.
struct Around {
    units: Vec<String>,
    negative: Option<Negative>,
}

impl Around {
    /// Nothing where what stands around them is no unit.
    fn of(counts: &BTreeMap<&str, u64>, of: u64) -> Option<Self> {
        let (mut units, mut cents): (BTreeMap<String, u64>, BTreeMap<String, u64>) = Default::default();
        let (mut parentheses, mut trailing) = (0, 0);
        for (value, rows) in counts {
            let mut value = *value;
            if let Some(inside) = value.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
                parentheses += rows;
                value = inside;
            }
            if let Some((rest, mark)) = without_cents(value) {
                *cents.entry(mark.to_owned()).or_default() += rows;
                value = rest;
            }
            if value.ends_with('-') && value.bytes().any(|byte| byte.is_ascii_digit()) {
                trailing += rows;
            }
            let (before, after) = around(value);
            // A word before a number makes it a code; only money is written so.
            if !before.is_empty() && !UNITS.contains(&before)
                || after.contains(|c: char| c == '_' || c.is_ascii_digit())
            {
                return None;
            }
            for unit in [before, after].into_iter().filter(|unit| !unit.is_empty()) {
                *units.entry(unit.to_owned()).or_default() += rows;
            }
        }
        let with: u64 = units.values().sum();
        let known = |unit: &str| UNITS.contains(&unit);
        // What is no money needs to stand in nearly all values, and a letter that is joined to them makes a code.
        let letter = |unit: &str| unit.len() == 1 && unit.bytes().all(|byte| byte.is_ascii_uppercase());
        let one = units.len() == 1 && with * 10 >= of * 9 && !units.keys().any(|unit| letter(unit));
        units.retain(|unit, _| known(unit) || one);
        let money = units.keys().filter(|unit| known(unit) && *unit != "%").count();
        // Euros and dollars in one column are no numbers that may be compared.
        let same = |a: &str, b: &str| {
            [("€", "EUR"), ("$", "USD"), ("£", "GBP"), ("$", "US$")]
                .iter()
                .any(|pair| *pair == (a, b) || *pair == (b, a))
        };
        let names: Vec<&String> = units.keys().collect();
        let mixed = money > 1 && names.iter().any(|a| names.iter().any(|b| a != b && !same(a, b)));
        if mixed || units.len() > 2 {
            return None;
        }
        let negative = match (parentheses, trailing) {
            (0, 0) => None,
            (parentheses, trailing) if parentheses >= trailing => Some(Negative::Parentheses),
            _ => Some(Negative::Trailing),
        };
        Some(Self { units: units.into_keys().chain(cents.into_keys()).collect(), negative })
    }
}

/// What stands before the first and after the last digit, signs and spaces aside.
pub(super) fn around(value: &str) -> (&str, &str) {
    let is_edge = |c: char| c.is_whitespace() || matches!(c, '-' | '+' | '\u{2212}' | '\u{a0}' | '\u{202f}');
    let first = value.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let last = value.rfind(|c: char| c.is_ascii_digit()).map_or(value.len(), |at| at + 1);
    let before = value[..first].trim_matches(is_edge).trim_end_matches(['.', ',']);
    (if before == "Fr" { &value[..first] } else { before }.trim_matches(is_edge), value[last..].trim_matches(is_edge))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Option<Found> {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        found(&Cells { name: "x".into(), values, ..Cells::default() }, &|value| value == "NA")
    }

    fn json(spelling: &NumberSpelling) -> String {
        serde_json::to_string(spelling).unwrap()
    }

    #[test]
    fn spellings_are_told_by_their_values() {
        let check = |values: &[&str], want: &str| assert_eq!(json(&of(values).unwrap().spelling), want, "{values:?}");
        check(&["1", "2.5", "-3", "NA"], "{}");
        check(&["1,5", "2"], r#"{"decimal":","}"#);
        check(&["1.234,56", "12,00"], r#"{"decimal":",","thousands":"."}"#);
        check(&["1,234.56", "12.00"], r#"{"thousands":","}"#);
        check(&["12,34,567.00", "45,000.50", "7"], r#"{"thousands":","}"#);
        check(&["₹1,27,084.50", "₹ 9,12,000.00"], r#"{"thousands":",","unit":["₹"]}"#);
        check(&["1\u{a0}234,56", "7"], r#"{"decimal":",","thousands":" "}"#);
        check(&["1'234.50", "7"], r#"{"thousands":"'"}"#);
        check(&["12,50 €", "1.012,50 €", "-3 €"], r#"{"decimal":",","thousands":".","unit":["€"]}"#);
        check(&["12.5%", "3 %"], r#"{"unit":["%"]}"#);
        check(&["$1,200.50", "($30.00)"], r#"{"thousands":",","unit":["$"],"negative":"parentheses"}"#);
        check(&["12.50-", "3.00"], r#"{"negative":"trailing"}"#);
        check(&["12 kg", "7.5 kg", "3 kg"], r#"{"unit":["kg"]}"#);
        check(&["1450.-", "343.-", "12.50"], r#"{"unit":[".-"]}"#);
        check(&["1'450.–", "343.–", "7.–"], r#"{"thousands":"'","unit":[".–"]}"#);
        check(&["CHF 1'450.-", "CHF 343.50"], r#"{"thousands":"'","unit":["CHF",".-"]}"#);
        check(&["1.450,--", "343,50", "-7,--"], r#"{"decimal":",","thousands":".","unit":[",--"]}"#);
    }

    #[test]
    fn an_example_of_numbers_is_one_and_what_is_none_is_named_as_such() {
        let mut values: Vec<String> = (10..400).map(|i| format!("{i},5")).collect();
        values.extend(["1.234,56", "auf Anfrage", "auf Anfrage", "?"].map(str::to_owned));
        let cells = Cells { name: "x".into(), values, ..Cells::default() };
        let why = found(&cells, &|_| false).unwrap().why;
        let with = "391 of 394 values are numbers with a decimal comma and points between thousands";
        assert_eq!(why, format!("{with}, for example `1.234,56`; `auf Anfrage` is none"));
        let why = of(&["1,5", "2"]).unwrap().why;
        assert_eq!(why, "2 of 2 values are numbers with a decimal comma, for example `1,5`");
    }

    #[test]
    fn what_is_no_number_is_left_alone() {
        for values in [
            &["a1", "b2", "c3"][..],
            &["00501", "10001"],
            &["5 €", "5 $"],
            &["12-3", "4-5"],
            &["term_36", "term_60"],
            &["C123", "C7"],
            &["C491040", "491041", "491042"],
            &["79323P", "85048", "79323P", "85049"],
            &["79323P", "85048P"],
            &["name 17", "name 18"],
            &["12x", "13", "14", "15", "16", "17", "18", "19", "20", "21"],
            &["3 kg", "5 lb"],
            &["2024-01-02"],
            &["x"],
            &[],
        ] {
            assert_eq!(of(values), None, "{values:?}");
        }
    }

    #[test]
    fn numbers_without_a_mark_tell_that_it_stands_between_thousands() {
        let with = |bare: &[&str]| {
            let marked: Vec<String> = (0..30).map(|i| format!("{}.{:03}", 1 + i % 7, i * 37 % 1_000)).collect();
            of(&marked.iter().map(String::as_str).chain(bare.iter().copied()).collect::<Vec<_>>()).unwrap().in_groups
        };
        assert_eq!(with(&["985", "12", "7"]), Some(true));
        assert_eq!(with(&["985", "12", "1007"]), None, "a thousand without its mark");
        assert_eq!(with(&[]), None);
        assert_eq!(with(&["0.5", "12", "7", "8"]), None, "decimals that end early");
    }

    #[test]
    fn where_both_readings_fit_the_other_one_is_told() {
        let found = of(&["1.234", "5.678"]).unwrap();
        assert_eq!(json(&found.spelling), "{}");
        assert_eq!(json(&found.either.unwrap()), r#"{"decimal":",","thousands":"."}"#);
        let found = of(&["1,234", "5,678"]).unwrap();
        assert_eq!(json(&found.spelling), r#"{"decimal":","}"#);
        assert_eq!(json(&found.either.unwrap()), r#"{"thousands":","}"#);
        assert_eq!(of(&["1.234", "5.67"]).unwrap().either, None);
        assert_eq!(of(&["1", "5"]).unwrap().either, None);
    }
}
