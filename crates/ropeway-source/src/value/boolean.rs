//! Booleans by word, in the languages in which people write them.

const NOT_BOOLEAN: &str = "is not a boolean (true, false, t, f, yes, no, y, n, 1, 0)";

/// The words of a language for yes and for no, in small letters; a word means the same in all of them.
const PAIRS: &[(&[&str], &[&str])] = &[
    (&["true", "t"], &["false", "f"]),
    (&["1"], &["0"]),
    (&["yes", "y"], &["no", "n"]),
    (&["on"], &["off"]),
    // German, Dutch, Swedish and Danish, Norwegian.
    (&["ja", "j"], &["nein", "nee", "nej", "nei", "n"]),
    (&["wahr"], &["falsch"]),
    (&["waar"], &["onwaar"]),
    // French.
    (&["oui", "o"], &["non", "n"]),
    (&["vrai"], &["faux"]),
    // Spanish, Italian, Portuguese.
    (&["si", "sí", "sì", "s"], &["no", "n"]),
    (&["verdadero", "vero", "verdadeiro"], &["falso"]),
    (&["sim", "s"], &["não", "nao", "n"]),
    // Polish, Czech, Hungarian, Romanian, Finnish, Turkish.
    (&["tak", "t"], &["nie", "n"]),
    (&["prawda"], &["fałsz"]),
    (&["ano"], &["ne"]),
    (&["igen"], &["nem"]),
    (&["igaz"], &["hamis"]),
    (&["da"], &["ne", "nu"]),
    (&["kyllä", "kylla"], &["ei"]),
    (&["evet"], &["hayır", "hayir"]),
    (&["doğru"], &["yanlış"]),
    // Slovak, Estonian, Latvian, Lithuanian, Icelandic, Albanian, Basque.
    (&["áno"], &["nie"]),
    (&["jah"], &["ei"]),
    (&["jā"], &["nē"]),
    (&["taip"], &["ne"]),
    (&["já"], &["nei"]),
    (&["po"], &["jo"]),
    (&["bai"], &["ez"]),
    // Russian, Bulgarian and Serbian, Ukrainian, Greek.
    (&["да"], &["нет", "не"]),
    (&["так"], &["ні"]),
    (&["истина"], &["ложь"]),
    (&["ναι"], &["όχι", "οχι"]),
    // Chinese, Japanese, Korean.
    (&["是"], &["否"]),
    (&["有"], &["无", "無"]),
    (&["はい"], &["いいえ"]),
    (&["○", "〇", "◯"], &["×"]),
    (&["예", "네"], &["아니오", "아니요"]),
    // Arabic, Persian, Hebrew, Hindi, Thai, Vietnamese, Indonesian and Malay.
    (&["نعم"], &["لا"]),
    (&["بله", "بلی"], &["خیر", "نه"]),
    (&["כן"], &["לא"]),
    (&["हाँ", "हां"], &["नहीं"]),
    (&["ใช่"], &["ไม่ใช่", "ไม่"]),
    (&["có"], &["không"]),
    (&["ya"], &["tidak"]),
    // Ticks and crosses.
    (&["✓", "✔", "☑", "✅"], &["✗", "✘", "☐", "❌", "✕", "✖"]),
];

/// A boolean: true/false, t/f, yes/no, y/n in any case, 1/0, the words of other languages, ticks and crosses.
pub(crate) fn boolean(text: &str) -> Result<bool, &'static str> {
    let lower = if text.is_ascii() { None } else { Some(lower(text)) };
    let is = |word: &&str| word.eq_ignore_ascii_case(lower.as_deref().unwrap_or(text));
    for (yes, no) in PAIRS {
        if yes.iter().any(is) {
            return Ok(true);
        }
        if no.iter().any(is) {
            return Ok(false);
        }
    }
    Err(NOT_BOOLEAN)
}

/// Emoji may be followed by a mark that says how they are drawn.
fn lower(text: &str) -> String {
    text.trim_end_matches('\u{fe0f}').to_lowercase()
}

/// The boolean that a word means; digits mean numbers.
pub fn boolean_word(text: &str) -> Option<bool> {
    let text = text.trim();
    boolean(text).ok().filter(|_| !text.bytes().any(|byte| byte.is_ascii_digit()))
}

/// Whether two words are the yes and the no of one language: `on` and `no` are not.
pub(crate) fn are_a_pair(one: &str, other: &str) -> bool {
    let (one, other) = (lower(one.trim()), lower(other.trim()));
    let (one, other) = (one.as_str(), other.as_str());
    PAIRS.iter().any(|(yes, no)| yes.contains(&one) && no.contains(&other) || yes.contains(&other) && no.contains(&one))
}

/// Whether a text spells a boolean out: what types are inferred from. `1`, `f` and `no` may mean something else.
pub(crate) fn spells_boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans() {
        for text in ["true", "TRUE", "t", "Yes", "y", "1", "Ja", "OUI", "sí", "on", "Tak", "KYLLÄ", "Evet", "ano", "✔️"]
        {
            assert_eq!(boolean(text), Ok(true), "{text}");
        }
        for text in
            ["false", "F", "no", "N", "0", "Nein", "non", "off", "nie", "EI", "Hayır", "HAYIR", "NEM", "✗", "❌"]
        {
            assert_eq!(boolean(text), Ok(false), "{text}");
        }
        assert_eq!(boolean("2"), Err(NOT_BOOLEAN));
    }

    #[test]
    fn words_of_one_language_are_a_pair_and_none_means_both() {
        assert!(are_a_pair("Nie", "tak") && are_a_pair("✓", "✗") && are_a_pair("S", "n"));
        for (yes, no) in [("Áno", "Nie"), ("Так", "Ні"), ("Да", "Не"), ("ΝΑΙ", "ΟΧΙ"), ("是", "否"), ("はい", "いいえ")]
        {
            assert!(are_a_pair(yes, no) && boolean(yes) == Ok(true) && boolean(no) == Ok(false), "{yes} {no}");
        }
        assert!(!are_a_pair("on", "no") && !are_a_pair("ja", "no") && !are_a_pair("yes", "y"));
        let noes: Vec<&str> = PAIRS.iter().flat_map(|(_, no)| no.iter().copied()).collect();
        let both = PAIRS.iter().flat_map(|(yes, _)| yes.iter()).find(|yes| noes.contains(*yes));
        assert_eq!(both, None);
    }
}
