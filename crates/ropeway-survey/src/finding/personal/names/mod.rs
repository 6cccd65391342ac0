//! Whole names of people, as they are written in several languages: with capital letters, by initials, with the family in front,
//! and in scripts that have no capitals or no blanks. A list never knows all of them, so that of a column it is asked which share
//! is written so, and of which share a part is known.

mod cased;
mod east_asian;
mod lists;
#[cfg(test)]
mod tests;
mod uncased;

pub(super) use cased::is_given_alone;
pub(super) use lists::{Words, words};

use std::collections::HashSet;

use crate::seen::Column;

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Words with capital letters.
    Capitals,
    /// A family, and the first letter of what is given.
    Initials,
    /// Words of a script without capital letters.
    Words,
    /// A given name and that of a family, of which nearly each has its own.
    Thai,
    /// Two to four characters, that of the family in front.
    Chinese,
    /// A family, and one to three characters of what is given.
    Japanese,
    /// Three syllables, that of the family in front.
    Korean,
}

impl Form {
    const ALL: [Self; 7] =
        [Self::Capitals, Self::Initials, Self::Words, Self::Thai, Self::Chinese, Self::Japanese, Self::Korean];

    /// The share of the values of a column that have to be written so, and of which a part has to be known: less where the list holds
    /// fewer of the names that there are, more where what it holds begins other words, too.
    const fn least(self) -> (f64, f64) {
        match self {
            Self::Capitals | Self::Words => (0.7, 0.6),
            Self::Initials => (0.7, 0.3),
            Self::Chinese => (0.75, 0.75),
            Self::Thai => (0.9, 0.25),
            Self::Japanese => (0.9, 0.3),
            Self::Korean => (0.9, 0.85),
        }
    }

    /// Whether one character may be a family.
    const fn is_of_characters(self) -> bool {
        matches!(self, Self::Chinese | Self::Japanese | Self::Korean)
    }
}

/// A text that is written as a name of a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) form: Form,
    /// Whether a part of it is known.
    pub(super) known: bool,
}

/// The name that a text is written as; `han` says of which language Chinese characters are.
pub(super) fn read(text: &str, han: Form) -> Option<Name> {
    const LONGEST: usize = 120;
    let text = text.trim();
    let first = text.chars().find(|c| c.is_alphabetic()).filter(|_| text.len() <= LONGEST)?;
    if first.is_uppercase() {
        return cased::read(text);
    }
    match first {
        'a'..='z' => None,
        '\u{e00}'..='\u{e7f}' => uncased::read_thai(text),
        '\u{ac00}'..='\u{d7a3}' => east_asian::read_korean(text),
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' => east_asian::read(text, han),
        _ => uncased::read(text),
    }
}

/// Whether it may be one name, given or of a family: letters alone, the first a capital one where the script has such.
pub(super) fn is_single(text: &str) -> bool {
    let letters = |word: &str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '.'));
    let capital = text.chars().next().is_some_and(|first| first.is_alphabetic() && !first.is_lowercase());
    capital && text.split_whitespace().count() <= 3 && text.split_whitespace().all(letters)
}

/// How much of a column is names of people.
pub(super) struct Share {
    /// The share that is written as such a name is.
    pub(super) written: f64,
    /// The share of which a part is known.
    pub(super) known: f64,
    /// Both of what has capital letters alone.
    pub(super) capitals: (f64, f64),
    /// Whether both are enough.
    pub(super) people: bool,
}

/// Of fewer families, characters begin words of one kind: `方案一`, `方案二`.
const FAMILIES: usize = 3;

/// Of a column of texts, with Chinese characters read as that language writes them that says more.
pub(super) fn share(column: &Column<'_>) -> Share {
    let chinese = share_if(column, Form::Chinese);
    let may_be_japanese = || {
        column
            .texts()
            .iter()
            .any(|(text, _)| read(text, Form::Japanese).is_some_and(|name| name.form == Form::Japanese))
    };
    if chinese.people || !may_be_japanese() { chinese } else { share_if(column, Form::Japanese) }
}

fn share_if(column: &Column<'_>, han: Form) -> Share {
    let mut rows = [(0_u64, 0_u64); Form::ALL.len()];
    let mut all = 0;
    let mut families = HashSet::new();
    for (text, own) in column.texts() {
        all += own;
        if let Some(name) = read(text, han) {
            let (written, known) = &mut rows[name.form as usize];
            *written += own;
            *known += if name.known { *own } else { 0 };
            families.extend(text.trim().chars().next().filter(|_| name.known && name.form.is_of_characters()));
        }
    }
    if families.len() < FAMILIES {
        let of_characters = Form::ALL.into_iter().filter(|form| form.is_of_characters());
        of_characters.for_each(|form| rows[form as usize].1 = 0);
    }
    let share = |rows: u64| rows as f64 / all.max(1) as f64;
    // Each form has its part of what is asked for, so that a column may have names of several.
    let mut enough = (0.0, 0.0);
    for (form, (written, known)) in Form::ALL.into_iter().zip(rows) {
        let least = form.least();
        enough.0 += share(written) / least.0;
        enough.1 += share(known) / least.1;
    }
    let sum = |of: &[(u64, u64)]| {
        let add = |sum: (u64, u64), one: &(u64, u64)| (sum.0 + one.0, sum.1 + one.1);
        let (written, known) = of.iter().fold((0, 0), add);
        (share(written), share(known))
    };
    let ((written, known), capitals) = (sum(&rows), sum(&rows[..=Form::Initials as usize]));
    let people =
        enough.0 >= 1.0 && enough.1 >= 1.0 || are_many_initials(column, share(rows[Form::Initials as usize].0));
    Share { written, known, capitals, people }
}

/// Whether initials stand before as many different words as only families are, of which the list may know none.
fn are_many_initials(column: &Column<'_>, share: f64) -> bool {
    const NEARLY_ALL: f64 = 0.9;
    /// Chapters and classes are counted by letters, each of which has one word; people have any two.
    const DIFFERENT: usize = 8;
    const EACH: usize = 2;
    if share < NEARLY_ALL {
        return false;
    }
    let mut pairs: Vec<(char, String)> =
        column.texts().iter().filter_map(|(text, _)| cased::initial_and_family(text)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let different = |mut of: Vec<&str>| {
        of.sort_unstable();
        of.dedup();
        of.len()
    };
    let families = different(pairs.iter().map(|(_, family)| family.as_str()).collect());
    let letters = pairs.chunk_by(|one, other| one.0 == other.0).count();
    letters >= DIFFERENT && families >= DIFFERENT && pairs.len() >= EACH * letters.min(families)
}
