//! What the name of a column says.

use ropeway_vocab::ascii_letters;
pub(crate) use ropeway_vocab::name_words as words;

/// The words of a name with plain letters.
pub(crate) fn plain_words(name: &str) -> Vec<String> {
    words(name).iter().map(|word| plain_word(word)).collect()
}

/// A word in lower case with plain letters.
pub(crate) fn plain_word(word: &str) -> String {
    word.chars().map(plain).collect()
}

/// A letter as those write it who leave its accent away; some languages write two in its place.
fn plain(c: char) -> String {
    const GREEK: [(char, char); 8] =
        [('ά', 'α'), ('έ', 'ε'), ('ή', 'η'), ('ί', 'ι'), ('ό', 'ο'), ('ύ', 'υ'), ('ώ', 'ω'), ('ς', 'σ')];
    let greek = || GREEK.iter().find(|(of, _)| *of == c).map_or(c, |(_, plain)| *plain);
    ascii_letters(c).map_or_else(|| greek().to_string(), str::to_owned)
}

/// The name in plain letters, word by word.
pub(crate) fn plain_name(name: &str) -> String {
    plain_words(name).join(" ")
}

/// Whether the name holds one of these words.
pub(crate) fn has(name: &str, among: &[&str]) -> bool {
    words(name).iter().any(|word| among.contains(&word.as_str()))
}

/// Whether the name holds these words one after the other, or written as one.
pub(crate) fn has_phrase(name: &str, phrase: &str) -> bool {
    holds_phrase(&spaced(name), phrase)
}

/// The words of a name with a space around each, for `holds_phrase`.
pub(crate) fn spaced(name: &str) -> String {
    format!(" {} ", words(name).join(" "))
}

/// Whether a name that is `spaced` holds these words one after the other, or written as one.
pub(crate) fn holds_phrase(spaced: &str, phrase: &str) -> bool {
    let holds = |phrase: &str| spaced.contains(&format!(" {phrase} "));
    holds(phrase) || phrase.contains(' ') && holds(&phrase.replace(' ', ""))
}

/// Whether the name ends with one of these, or with the number of it.
pub(crate) fn ends_so(name: &str, phrases: &[&str]) -> bool {
    let words = words(name);
    let own = words.iter().rposition(|word| {
        let counts = word.bytes().all(|byte| byte.is_ascii_digit());
        !counts && !matches!(word.as_str(), "nr" | "no" | "num" | "number" | "id" | "code" | "nummer" | "numero")
    });
    let joined = format!(" {}", words[..own.map_or(0, |at| at + 1)].join(" "));
    phrases.iter().any(|phrase| {
        joined.ends_with(&format!(" {phrase}")) || joined.ends_with(&format!(" {}", phrase.replace(' ', "")))
    })
}

/// Whether what the name says is whether there is one.
pub(crate) fn asks_whether(name: &str) -> bool {
    words(name).first().is_some_and(|first| matches!(first.as_str(), "has" | "is" | "hat" | "ist"))
}

/// Whether it names one of several things that may have one name: a storm, a street, a subject of a session.
pub(crate) fn names_one_of(name: &str) -> bool {
    let street = words(name).iter().any(|word| word.ends_with("strasse") || word.ends_with("straße"));
    street
        || has(
            name,
            &["name", "street", "address", "road", "rue", "calle", "via", "rua", "adresse", "nom", "nombre", "nome"],
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_are_about() {
        assert!(has_phrase("fake_first_name", "first name") && has_phrase("FIRSTNAME", "first name"));
        assert!(!has_phrase("first_named", "first name"));
    }
}
