//! Letters with accents in plain ones, and the words of names.

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

/// Whether it is written over, under or within the letter before it, and is no letter of its own: accents, the signs that take the
/// vowel of an Indian letter away, marks of tone, joiners.
const fn is_mark(c: char) -> bool {
    let of_india = matches!(c, '\u{900}'..='\u{d7f}') && matches!(c as u32 & 0x7f, 0x3c | 0x4d);
    of_india
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{dca}' | '\u{e47}'..='\u{e4e}')
        || matches!(c, '\u{1039}' | '\u{103a}' | '\u{200c}' | '\u{200d}')
}

/// Whether it is a letter of the Latin script, with or without accent.
const fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// The words of a name in lower case: `customerId`, `customer_id` and `Customer ID` have two, and `患者ID` has, of two scripts.
pub fn name_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        if is_mark(c) && before.is_alphanumeric() {
            words.last_mut().into_iter().for_each(|word| word.push(c));
            continue;
        }
        if !c.is_alphanumeric() {
            before = ' ';
            continue;
        }
        let other_script = c.is_alphabetic() && before.is_alphabetic() && is_latin(c) != is_latin(before);
        let begins = !before.is_alphanumeric()
            || c.is_uppercase() && before.is_lowercase()
            || c.is_numeric() != before.is_numeric()
            || other_script;
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words
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

    #[test]
    fn words_are_told_however_they_are_joined() {
        let check = |name: &str, want: &[&str]| assert_eq!(name_words(name), want, "{name}");
        check("customerId", &["customer", "id"]);
        check("Customer ID", &["customer", "id"]);
        check("e-mail_2", &["e", "mail", "2"]);
        check("pm2.5", &["pm", "2", "5"]);
        check("startTime_of-day 2", &["start", "time", "of", "day", "2"]);
        check("latest", &["latest"]);
        check("клиентId", &["клиент", "id"]);
        check("患者ID", &["患者", "id"]);
        check("顧客番号2", &["顧客番号", "2"]);
        check("العميل_id", &["العميل", "id"]);
        check("ग्राहक संख्या", &["ग्राहक", "संख्या"]);
        check("ลูกค้า", &["ลูกค้า"]);
        check("pre\u{301}nom", &["pre\u{301}nom"]);
    }
}
