//! `list`: several values in one cell, joined by a mark, perhaps in brackets and quotes.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use ropeway_vocab::ColumnType;

use super::{Code, Finding, ValueCount};
use crate::seen::Column;

const MARKS: [char; 4] = ['|', ';', ',', '/'];
/// Texts that are looked at.
const LOOKED_AT: usize = 2_000;
/// Items of which it is learned whether a list has them.
const ITEMS: usize = 12;
/// A vector has no more numbers.
const NUMBERS: usize = 32;
/// So many lists whose numbers hardly repeat are enough: whole numbers and those of few decimals come again in more of them.
const DIFFERENT: usize = 20;
/// An item that is learned from is in one of so many lists.
const ONE_IN: u64 = 50;

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    if column.ty != ColumnType::Text || column.distinct < 5 || column.share_of(super::object::is_object) > 0.5 {
        return None;
    }
    let texts: Vec<(&str, u64)> = column.texts().iter().map(|(text, rows)| (*text, *rows)).take(LOOKED_AT).collect();
    let bare: Vec<&str> = texts.iter().map(|(text, _)| *text).collect();
    if let Some(mark) = bracketed(&bare) {
        let evidence = format!("{} rows hold a list in brackets", column.rows_of(|text| inside(text).is_some()));
        return Some(of_items(column, &texts, mark, &evidence));
    }
    let mark = MARKS.into_iter().find(|mark| is_list(&bare, *mark))?;
    let rows = column.rows_of(|text| text.contains(mark));
    let evidence = format!("{rows} rows hold several values with `{mark}` between them");
    // Prose has commas and strokes, too.
    if matches!(mark, '|' | ';') {
        return Some(of_items(column, &texts, mark, &evidence));
    }
    let decision = "stays as one text: split it in the table's SQL, for example with `contains(column, 'value')`";
    Some(Finding::new(Code::List, &[column.name], (rows, column.rows), evidence).decide(decision))
}

/// How many numbers each of the lists has, where all have as many and there are many different ones: a vector, a place.
fn vector(texts: &[(&str, u64)], mark: char) -> Option<usize> {
    let numbers = |text: &str| {
        let numeric = items(text, mark).all(|item| item.parse::<f64>().is_ok());
        numeric.then(|| items(text, mark).count())
    };
    let count = numbers(texts.first()?.0).filter(|count| (2..=NUMBERS).contains(count))?;
    // Codes of few kinds may come as many in each row, too.
    let all: HashSet<&str> = texts.iter().flat_map(|(text, _)| items(text, mark)).collect();
    let alike = texts.iter().all(|(text, _)| numbers(text) == Some(count));
    (alike && all.len() > texts.len().min(DIFFERENT) * count / 2).then_some(count)
}

/// The finding of lists that are learned from by their items: the most frequent ones are its values.
fn of_items(column: &Column<'_>, texts: &[(&str, u64)], mark: char, evidence: &str) -> Finding {
    if let Some(count) = vector(texts, mark) {
        let rows: u64 = texts.iter().map(|(_, rows)| rows).sum();
        let evidence = format!("{evidence}, of {count} numbers each");
        let decision = format!("learned from by each of the {count} numbers; `[derive]` says how");
        let finding = Finding::new(Code::List, &[column.name], (rows, column.rows), evidence).decide(decision);
        return Finding { mark: Some(mark), numbers: Some(count), ..finding };
    }
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let mut all = 0;
    for (text, rows) in texts {
        all += rows;
        // Each once a list.
        for item in items(text, mark).collect::<BTreeSet<_>>() {
            *counts.entry(item).or_default() += rows;
        }
    }
    let different = counts.len();
    let mut values: Vec<ValueCount> = counts
        .into_iter()
        .filter(|(_, rows)| rows * ONE_IN >= all && *rows < all)
        .map(|(item, count)| ValueCount { value: item.to_owned(), count })
        .collect();
    values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    values.truncate(ITEMS);
    let least = if (texts.len() as u64) < column.distinct { "at least " } else { "" };
    let evidence = format!("{evidence}, of {least}{different} different items");
    let whether = match values.len() {
        0 => String::new(),
        1 => " and whether it has the most frequent one".to_owned(),
        most => format!(" and whether it has each of the {most} most frequent ones"),
    };
    let decision = format!("learned from by the number of its items{whether}; `[derive]` says how");
    let rows = column.rows_of(|text| items(text, mark).nth(1).is_some());
    let finding = Finding::new(Code::List, &[column.name], (rows, column.rows), evidence);
    Finding { mark: Some(mark), ..finding.decide(decision).values(values) }
}

/// The items of a list, without quotes; none of an empty one.
fn items(text: &str, mark: char) -> impl Iterator<Item = &str> {
    let items = inside(text).unwrap_or(text).split(mark);
    items.map(|item| item.trim().trim_matches(['"', '\''])).filter(|item| !item.is_empty())
}

/// What stands between the brackets of a text.
fn inside(text: &str) -> Option<&str> {
    let text = text.trim();
    let pairs = [('[', ']'), ('{', '}'), ('(', ')')];
    pairs.into_iter().find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))
}

/// The mark between the items, where nearly all texts stand in brackets and a third of them have several items, which are no
/// sentences, or stand in quotes.
fn bracketed(texts: &[&str]) -> Option<char> {
    let lists: Vec<&str> = texts.iter().filter_map(|text| inside(text)).collect();
    if lists.len() * 10 < texts.len() * 9 || lists.iter().any(|list| list.contains(['[', '{', '('])) {
        return None;
    }
    let several = |mark: char| lists.iter().filter(|list| list.contains(mark)).count() * 3 >= lists.len();
    let mark = [',', ';', '|'].into_iter().find(|mark| several(*mark))?;
    let short = |item: &str| item.split_whitespace().count() <= 3 || item.trim().starts_with(['"', '\'']);
    lists.iter().all(|list| list.split(mark).all(short)).then_some(mark)
}

/// Whether texts are made of the same few items: at least a third hold the mark, no item is a sentence, and items come in
/// several texts each. Numbers are items between a mark that stands in no number.
fn is_list(texts: &[&str], mark: char) -> bool {
    let joined: Vec<&&str> = texts.iter().filter(|text| text.contains(mark)).collect();
    if joined.len() * 3 < texts.len() || joined.len() < 3 {
        return false;
    }
    let mut items: HashSet<&str> = HashSet::new();
    let mut all = 0_usize;
    for item in joined.iter().flat_map(|text| text.trim_matches(['[', ']', '{', '}']).split(mark)) {
        let item = item.trim().trim_matches(['"', '\'']);
        if item.split_whitespace().count() > 3 || mark != '|' && item.parse::<f64>().is_ok() {
            return false;
        }
        all += 1;
        items.insert(item);
    }
    items.len() * 2 <= all && items.len() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_make_a_list_whatever_stands_in_them() {
        let check = |texts: &[&str], want: Option<char>| assert_eq!(bracketed(texts), want, "{texts:?}");
        check(&["[1, 2, 3]", "[4]", "[]", "[1,5]"], Some(','));
        check(&["['a', 'b']", "['c d e f', 'b']"], Some(','));
        check(&["{1;2}", "{3;4;5}"], Some(';'));
        check(&["(red)", "(blue)", "(green)"], None);
        check(&["[[1,2],[3,4]]", "[[5,6]]"], None);
        check(&["a", "b", "[1,2]"], None);
        check(&["(see the note on page four, it says so)", "(see the note, all of it)"], None);
    }

    #[test]
    fn as_many_numbers_in_each_that_hardly_repeat_are_a_vector() {
        let check = |texts: &[&str], want: Option<usize>| {
            let texts: Vec<(&str, u64)> = texts.iter().map(|text| (*text, 1)).collect();
            assert_eq!(vector(&texts, ','), want, "{texts:?}");
        };
        check(&["[0.1, 0.2]", "[1, -3.5]"], Some(2));
        check(&["[0.1, 0.2]", "[1]"], None);
        check(&["[1, 2]", "[2, 1]", "[1, 2]"], None);
        check(&["[a, b]", "[c, d]"], None);
    }

    #[test]
    fn items_are_bare_and_an_empty_list_has_none() {
        let check = |text, mark, want: &[&str]| assert_eq!(items(text, mark).collect::<Vec<_>>(), want, "{text}");
        check("['a', 'b c']", ',', &["a", "b c"]);
        check("a|b||", '|', &["a", "b"]);
        check("[]", ',', &[]);
    }
}
