//! The lists of names, one a file: words in lower case, lines that begin with `#` apart.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The words of such a file.
pub(in crate::finding::personal) fn words(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_ascii_whitespace)
}

/// Words of which one is looked up.
pub(in crate::finding::personal) type Words = LazyLock<HashSet<&'static str>>;

macro_rules! lists {
    ($($name:ident = $file:literal),* $(,)?) => {
        $(pub(super) static $name: Words = LazyLock::new(|| words(include_str!($file)).collect());)*
    };
}

lists! {
    GIVEN = "given.txt",
    SURNAMES = "surnames.txt",
    SURNAMES_OF_WORDS = "surnames_of_words.txt",
    SURNAMES_IN_FRONT = "surnames_in_front.txt",
    VIETNAMESE = "vietnamese.txt",
    FIRMS = "firms.txt",
    PLACES = "places.txt",
    ENDINGS = "endings.txt",
    PATRONYMICS = "patronymics.txt",
    GIVEN_OF_SCRIPTS = "given_of_scripts.txt",
    SURNAMES_OF_SCRIPTS = "surnames_of_scripts.txt",
    CHINESE = "chinese.txt",
    JAPANESE = "japanese.txt",
    KOREAN = "korean.txt",
    ENDINGS_OF_THINGS = "endings_of_things.txt",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::words::plain_word;

    #[test]
    fn words_of_lists_are_written_as_they_are_looked_up() {
        for list in [&GIVEN, &SURNAMES, &SURNAMES_OF_WORDS, &SURNAMES_IN_FRONT, &ENDINGS] {
            assert!(list.len() > 10);
            for word in list.iter() {
                assert_eq!(*word, plain_word(word));
            }
        }
    }
}
