//! Names in scripts with capital letters: Latin, Cyrillic, Greek, Armenian.

use super::lists::{
    ENDINGS, FIRMS, GIVEN, PATRONYMICS, PLACES, SURNAMES, SURNAMES_IN_FRONT, SURNAMES_OF_WORDS, VIETNAMESE,
};
use super::{Form, Name};
use crate::finding::words::plain_word;

/// What stands before a name, between its parts or behind it.
const BESIDE: &str = "Dr. Dr Prof. Prof Ing. Mag. Dipl.-Ing. Mr. Mr Mrs. Mrs Ms. Ms Miss Herr Frau M. Mme Mlle Sr. Sra. Sig. Dra. Pan Pani \
     г-н г-жа von van de der den del da do dos das di la le el al y e zu ter ten bin binti ibn af Jr. Jr II III MD PhD";

/// The words of a name, the given ones in front of what stood before a comma.
fn parts(text: &str) -> Vec<&str> {
    let (family, given) = text.split_once(',').map_or(("", text), |(family, given)| (family, given));
    let all = || given.split_whitespace().chain(family.split_whitespace());
    let beside = |word: &&str| BESIDE.split_ascii_whitespace().any(|own| own == *word);
    let own: Vec<&str> = all().filter(|word| !beside(word)).collect();
    // `M.` is a title, and of `M. Brown` what is known of the given name.
    if own.len() >= 2 { own } else { all().filter(|word| !beside(word) || initials(word).is_some()).collect() }
}

/// The first of the letters that stand for names, each a capital one: `J.`, `J.-P.`, `И.И.`, `J`; and whether a dot follows.
fn initials(word: &str) -> Option<(char, bool)> {
    let mut pieces = word.split(['.', '-']).filter(|piece| !piece.is_empty());
    let single = |piece: &str| {
        let mut letters = piece.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
    };
    let first = word.chars().next()?;
    pieces.all(single).then_some((first, word.contains('.'))).filter(|_| first.is_alphabetic())
}

/// A word that begins with a capital letter, and has no digits.
fn is_capital(word: &str) -> bool {
    let letter = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.' | '\u{300}'..='\u{36f}');
    word.chars().next().is_some_and(char::is_uppercase) && word.chars().all(letter)
}

fn is_of_firm(word: &str) -> bool {
    let word = word.to_lowercase();
    let word = word.trim_end_matches('.');
    FIRMS.contains(word) || word.ends_with("straße") || word.ends_with("strasse")
}

/// The name that a text with a capital letter in front is written as.
pub(super) fn read(text: &str) -> Option<Name> {
    let parts = parts(text);
    let whole = (2..=4).contains(&parts.len()) && parts.iter().all(|word| is_capital(word));
    if !whole || parts.iter().any(|word| is_of_firm(word)) {
        return None;
    }
    let short = parts.iter().filter(|word| initials(word).is_some()).count();
    let outer = [parts.first(), parts.last()].into_iter().flatten().any(|word| initials(word).is_some());
    // `John F. Kennedy` has one, too, and is no worse known for it.
    if outer || short == parts.len() {
        return by_initials(&parts);
    }
    let words: Vec<String> = parts.iter().map(|word| plain_word(&word.to_lowercase())).collect();
    Some(Name { form: Form::Capitals, known: is_vietnamese(&parts) || is_known(&parts, &words) })
}

/// Two to four words of one syllable, that of the family in front.
fn is_vietnamese(parts: &[&str]) -> bool {
    const SYLLABLE: usize = 7;
    VIETNAMESE.contains(parts[0].to_lowercase().as_str())
        && parts.iter().all(|word| word.chars().count() <= SYLLABLE && !word.contains('.'))
}

/// Whether the words of it, here also in lower case and plain letters, hold a part that is known where it has to stand.
fn is_known(parts: &[&str], words: &[String]) -> bool {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    if is_given(first) || SURNAMES_IN_FRONT.contains(first.as_str()) || words.iter().any(|word| is_patronymic(word)) {
        return true;
    }
    if PLACES.contains(first.as_str()) {
        return false;
    }
    let capitals = |word: &str| word.chars().count() >= 2 && word.chars().all(|c| !c.is_lowercase());
    let family_in_front = is_family(first) || capitals(parts[0]) && !capitals(parts[1]);
    family_in_front && is_given(&words[1]) || of_either(last, |part| SURNAMES.contains(part))
}

/// A family and initials before or behind it.
fn by_initials(parts: &[&str]) -> Option<Name> {
    let (short, long): (Vec<&str>, Vec<&str>) = parts.iter().partition(|word| initials(word).is_some());
    let at_one_end = parts[..short.len()] == short[..] || parts[long.len()..] == short[..];
    let words = !long.is_empty() && long.len() <= 2 && long.iter().all(|word| word.chars().count() >= 2);
    if !at_one_end || !words {
        return None;
    }
    let known = long.iter().any(|word| is_family_behind_initial(&plain_word(&word.to_lowercase())));
    let dotted = short.iter().all(|word| initials(word).is_some_and(|(_, dotted)| dotted));
    // `Vitamin C` and `Hall B` are written so, too.
    let sure = || long.iter().any(|word| SURNAMES.contains(plain_word(&word.to_lowercase()).as_str()));
    (dotted || sure()).then_some(Name { form: Form::Initials, known })
}

/// The initial and the family of what is written so.
pub(super) fn initial_and_family(text: &str) -> Option<(char, String)> {
    let parts = parts(text);
    let initial = parts.iter().find_map(|word| initials(word)).map(|(initial, _)| initial)?;
    let family = parts.iter().rfind(|word| initials(word).is_none())?;
    Some((initial, plain_word(&family.to_lowercase())))
}

fn is_given(word: &str) -> bool {
    word.split('-').next().is_some_and(|first| GIVEN.contains(first))
}

/// Whether it is of that kind, or one of its parts is (`Müller-Lang`).
fn of_either(word: &str, is: impl Fn(&str) -> bool) -> bool {
    is(word) || word.contains('-') && word.split('-').any(is)
}

fn ends_among(word: &str, endings: &super::Words) -> bool {
    /// What stands before the ending.
    const STEM: usize = 2;
    let long = |ending: &str| word.chars().count() >= ending.chars().count() + STEM;
    endings.iter().any(|ending| word.ends_with(ending) && long(ending))
}

fn is_patronymic(word: &str) -> bool {
    ends_among(word, &PATRONYMICS)
}

fn is_family(word: &str) -> bool {
    of_either(word, |part| SURNAMES.contains(part) || SURNAMES_OF_WORDS.contains(part) || ends_among(part, &ENDINGS))
}

fn is_family_behind_initial(word: &str) -> bool {
    is_family(word) || SURNAMES_IN_FRONT.contains(word) || VIETNAMESE.contains(word)
}

/// Whether it is one given name that is known, or two.
pub(in crate::finding::personal) fn is_given_alone(text: &str) -> bool {
    let mut words = text.split([' ', '-']).filter(|word| !word.is_empty());
    words.clone().count() <= 2 && words.next().is_some_and(|first| is_given(&plain_word(&first.to_lowercase())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> Option<bool> {
        read(text).map(|name| name.known)
    }

    #[test]
    fn people_are_told_from_firms_streets_and_places() {
        for name in ["Anna Schmidt", "Müller, Hans-Peter", "Dr. Sabine von Hagen", "Jean-Luc Picard", "José Garcia"]
            .into_iter()
            .chain(["Kovács János", "SMITH John", "SMITH JOHN", "Иванов Иван Иванович", "Петров Иван", "Zdeněk Král"])
            .chain(["J. Smith", "Smith, J.", "J.-P. Dubois", "Иванов И. И.", "М. Иванова", "J Smith", "M. Brown"])
            .chain([
                "Nguyễn Văn An",
                "Lê Minh Tuấn",
                "Nguyen Van An",
                "Γιώργος Παπαδόπουλος",
                "Wang Wei",
                "K. Horáková",
            ])
        {
            assert_eq!(known(name), Some(true), "{name}");
        }
        for other in [
            "San Francisco",
            "New York",
            "Martin Luther Street",
            "Charles Schwab Corp",
            "Blue Widget",
            "Anna",
            "John F Kennedy Intl",
            "Thomas Cook Ltd",
            "Product 12",
            "Virginia Beach",
            "",
        ]
        .into_iter()
        .chain([
            "E. coli",
            "S. aureus",
            "B. Class",
            "T. Rex",
            "A. Version",
            "Vitamin C",
            "Model T",
            "T Shirt",
            "Plan B",
            "Hall B",
        ])
        .chain([
            "Santa Maria",
            "Saint Martin",
            "Fort Collins",
            "Port Arthur",
            "Нижний Новгород",
            "Dr. Oetker",
            "Hà",
        ]) {
            assert_ne!(known(other), Some(true), "{other}");
        }
    }
}
