//! Letters with accents in plain ones.

/// The letters that are written for one with an accent; an accent that stands alone is written by none.
pub fn ascii_letters(c: char) -> Option<&'static str> {
    let lower = c.to_lowercase().next()?;
    if ('\u{300}'..='\u{36f}').contains(&lower) {
        return Some("");
    }
    const LETTERS: [(&str, &str); 26] = [
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("ß", "ss"),
        ("æ", "ae"),
        ("œ", "oe"),
        ("àáâãåąă", "a"),
        ("çćč", "c"),
        ("ďđ", "d"),
        ("èéêëęě", "e"),
        ("ğ", "g"),
        ("ìíîïı", "i"),
        ("ł", "l"),
        ("ñńň", "n"),
        ("òóôõøő", "o"),
        ("řŕ", "r"),
        ("śšşș", "s"),
        ("ťțţ", "t"),
        ("ùúûůű", "u"),
        ("ýÿ", "y"),
        ("źżž", "z"),
        ("þ", "th"),
        ("ð", "d"),
        ("ĺľ", "l"),
        ("ķ", "k"),
        ("ģ", "g"),
    ];
    LETTERS.iter().find(|(of, _)| of.contains(lower)).map(|(_, letters)| *letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_written_as_typists_without_them_do() {
        assert_eq!(
            ['ü', 'É', 'ł', 'x', '\u{301}'].map(ascii_letters),
            [Some("ue"), Some("e"), Some("l"), None, Some("")]
        );
    }
}
