//! `spellings`: levels of a column of text that differ by case or blanks alone, such as `Benzin`, `benzin` and `benzin `.

use std::collections::BTreeMap;

use ropeway_source::{Blanks, Case, TextSpelling, boolean_word};
use ropeway_stat::ValueCount;

use super::{Code, Finding, identifier, key, list, personal, text};
use crate::column::shortened;
use crate::seen::Column;

/// Levels that are shown, with their spellings.
const SHOWN: usize = 3;
/// Letters from which a word is a word: `m` and `M` may be a month and a minute. A `no` is one, too.
const WORD: usize = 3;
/// Of a shorter one the rarer case is a slip where it has up to so many of a hundred rows.
const SLIPS: u64 = 10;

const TRIM: TextSpelling = TextSpelling { blanks: Some(Blanks::Trim), case: None };
const BOTH: TextSpelling = TextSpelling { blanks: Some(Blanks::Trim), case: Some(Case::Lower) };

/// The spellings of one level, the most frequent first.
type Level<'a> = Vec<(&'a str, u64)>;

/// The levels that have several spellings, and how they are brought together where they are clearly the same. What identifies
/// rows, is about people or holds sentences has no levels.
pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    if column.unique() {
        return None;
    }
    let both = levels(column.texts(), BOTH);
    if both.is_empty() || !has_levels(column) {
        return None;
    }
    let blanks = both.iter().flatten().any(|(text, _)| TRIM.read(text) != *text);
    let cased: Vec<Level<'_>> = both.iter().map(|level| by_case(level)).filter(|level| level.len() > 1).collect();
    let same = are_same(&cased);
    // Where people vary the case they will vary blanks, too, if not in these rows.
    let all = if cased.is_empty() { TRIM } else { BOTH };
    let unites = match (same, blanks) {
        (true, _) => Some(all),
        (false, true) => Some(TRIM),
        (false, false) => None,
    };
    let rows: u64 = both.iter().map(|level| level[1..].iter().map(|(_, rows)| rows).sum::<u64>()).sum();
    let values = both.iter().flatten().map(|(text, rows)| ValueCount { value: shortened(text), count: *rows });
    let mut finding = Finding::new(Code::Spellings, &[column.name], (rows, column.rows), evidence(&both))
        .values(values.take(20).collect());
    finding.text = unites;
    Some(finding.decide(decision(unites, same, all)))
}

fn has_levels(column: &Column<'_>) -> bool {
    [key::repeated, identifier::find, list::find, text::find, personal::find].iter().all(|find| find(column).is_none())
}

/// The levels of which a column has several spellings, those of most rows first.
fn levels<'a>(texts: &[(&'a str, u64)], by: TextSpelling) -> Vec<Level<'a>> {
    let mut all: BTreeMap<String, Level<'a>> = BTreeMap::new();
    for (text, rows) in texts {
        all.entry(by.read(text).into_owned()).or_default().push((text, *rows));
    }
    let mut several: Vec<Level<'a>> =
        all.into_iter().filter(|(level, spellings)| !level.is_empty() && spellings.len() > 1).map(|(_, s)| s).collect();
    for level in &mut several {
        level.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    }
    several.sort_by_key(|level| std::cmp::Reverse(level.iter().map(|(_, rows)| rows).sum::<u64>()));
    several
}

/// The spellings of a level that differ by case, whatever their blanks.
fn by_case<'a>(level: &Level<'a>) -> Level<'a> {
    let mut all: Level<'a> = Vec::new();
    for (text, rows) in level {
        match all.iter_mut().find(|(known, _)| TRIM.read(known) == TRIM.read(text)) {
            Some((_, count)) => *count += rows,
            None => all.push((text, *rows)),
        }
    }
    all
}

/// Whether spellings that differ by case are of one word each. Words are, as people write one; of short ones and of codes such
/// as `85123a` the rarer case has to be rare over all of them, as slips are.
fn are_same(cased: &[Level<'_>]) -> bool {
    let (words, short): (Vec<&Level<'_>>, Vec<&Level<'_>>) = cased.iter().partition(|level| is_word(level));
    let sum = |level: &Level<'_>| level.iter().map(|(_, rows)| rows).sum::<u64>();
    let rarer = |level: &Level<'_>| level.iter().map(|(_, rows)| *rows).min().unwrap_or(0);
    let pair = |level: &Level<'_>| level.len() == 2 && level.iter().all(|(text, _)| is_lower(text) || is_upper(text));
    let (slips, all): (u64, u64) = (short.iter().map(|of| rarer(of)).sum(), short.iter().map(|of| sum(of)).sum());
    words.into_iter().all(is_written) && short.into_iter().all(pair) && slips * 100 <= all * SLIPS
}

fn is_word(level: &Level<'_>) -> bool {
    level.first().is_some_and(|(text, _)| {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        letters >= WORD || letters > 1 && boolean_word(text.trim()).is_some()
    })
}

/// In small letters, in capitals or with capitals at the beginnings, and one way of its own at most (`iPhone`).
fn is_written(level: &Level<'_>) -> bool {
    let usual = |text: &str| is_lower(text) || is_upper(text) || text.split_whitespace().all(is_capitalised);
    level.iter().filter(|(text, _)| !usual(text)).count() <= 1
}

fn is_lower(text: &str) -> bool {
    !text.chars().any(char::is_uppercase)
}

fn is_upper(text: &str) -> bool {
    !text.chars().any(char::is_lowercase)
}

fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars().skip_while(|c| !c.is_alphabetic());
    letters.next().is_none_or(|_| letters.all(|c| !c.is_uppercase()))
}

fn evidence(levels: &[Level<'_>]) -> String {
    let level = |level: &Level<'_>| {
        let shown: Vec<String> =
            level.iter().take(4).map(|(text, rows)| format!("`{}` {rows}", shortened(text))).collect();
        shown.join(", ") + if level.len() > 4 { ", ..." } else { "" }
    };
    let shown: Vec<String> = levels.iter().take(SHOWN).map(level).collect();
    let more = levels.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let (values, all) = (levels.iter().map(Vec::len).sum::<usize>(), levels.len());
    let all = if all == 1 { "one level".to_owned() } else { format!("{all} levels") };
    format!("{values} values are {all} but for case or blanks, with their rows: {}{more}", shown.join("; "))
}

fn decision(unites: Option<TextSpelling>, same: bool, all: TextSpelling) -> String {
    match (unites, same) {
        (Some(text), true) => {
            format!(
                "read as one, here and in requests, by `text = {}` of the column: take it out where they differ",
                toml(text)
            )
        }
        (Some(text), false) => format!(
            "blanks are left out by `text = {}` of the column; what differs by case stays apart, since it may mean another \
             thing: `text = {}` brings it together",
            toml(text),
            toml(all)
        ),
        (None, _) => format!(
            "stay apart, since the case of so short a text may mean another thing: `text = {}` of the column brings them together",
            toml(all)
        ),
    }
}

/// The setting as the project file writes it.
pub fn toml(text: TextSpelling) -> String {
    let blanks = text.blanks.map(|Blanks::Trim| "blanks = \"trim\"");
    let case = text.case.map(|case| match case {
        Case::Lower => "case = \"lower\"",
        Case::Upper => "case = \"upper\"",
    });
    format!("{{ {} }}", blanks.into_iter().chain(case).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn united(texts: &[(&str, u64)]) -> (usize, bool) {
        let levels = levels(texts, BOTH);
        let cased: Vec<Level<'_>> = levels.iter().map(by_case).filter(|level| level.len() > 1).collect();
        (levels.len(), are_same(&cased))
    }

    #[test]
    fn words_are_the_same_whatever_their_case_and_short_codes_are_not() {
        let check = |texts: &[(&str, u64)], want| assert_eq!(united(texts), want, "{texts:?}");
        check(&[("Benzin", 80), ("benzin", 3), ("BENZIN ", 1), ("Diesel", 9)], (1, true));
        check(&[("New York", 80), ("new  york", 3), ("NEW YORK", 70)], (1, true));
        check(&[("iPhone", 8), ("iphone", 8), ("Größe", 1), ("GRÖSSE", 1)], (1, true));
        check(&[("AA", 40), ("Aa", 40), ("aa", 20)], (1, false));
        check(&[("M", 50), ("m", 50)], (1, false));
        check(&[(" no", 464), ("NO", 141), ("yes", 240), ("Yes ", 121), ("pending", 51)], (2, true));
        check(&[("M", 95), ("m", 5), ("F", 90), ("f", 2)], (2, true));
        check(&[("A", 50), ("A ", 50)], (1, true));
        check(&[("aBcD", 5), ("AbCd", 5)], (1, false));
        check(&[("a", 5), ("b", 5)], (0, true));
        assert_eq!(toml(BOTH), "{ blanks = \"trim\", case = \"lower\" }");
    }

    #[test]
    fn the_evidence_names_levels_with_their_rows() {
        let texts = [("Benzin", 80), ("benzin", 3), ("x", 1), ("Diesel", 2), ("diesel ", 1)];
        assert_eq!(
            evidence(&levels(&texts, BOTH)),
            "4 values are 2 levels but for case or blanks, with their rows: `Benzin` 80, `benzin` 3; `Diesel` 2, `diesel ` 1"
        );
    }
}
