//! How to reach a person: mail, telephone, street, machine; and what people are called.

use std::net::IpAddr;

/// A mail address: one `@` between a name and a domain with a dot.
pub(super) fn is_mail(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let plain = |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '@');
    plain(name) && plain(domain) && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
}

/// An address of version 4 or 6.
pub(super) fn is_ip(text: &str) -> bool {
    (text.contains('.') || text.matches(':').count() >= 2) && text.parse::<IpAddr>().is_ok()
}

/// 7 to 15 digits (E.164) with the marks that people put between them.
pub(super) fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let marks = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '+' | 'x'));
    (7..=15).contains(&digits) && marks && text.rfind('+').is_none_or(|at| at == 0)
}

/// A telephone number that says so itself: with the code of a country, or of an area in brackets.
pub(super) fn is_dialled(text: &str) -> bool {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let country = text.strip_prefix('+').is_some_and(|rest| !rest.starts_with('0') && digits(rest) >= 9);
    let area = text.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let area = area.is_some_and(|(area, rest)| (2..=5).contains(&digits(area)) && digits(rest) >= 5);
    is_phone(text) && !text.contains('.') && (country || area)
}

/// A number and a word that streets are called by.
pub(super) fn is_street(text: &str) -> bool {
    const STREETS: [&str; 27] = [
        "street",
        "st",
        "st.",
        "road",
        "rd",
        "rd.",
        "avenue",
        "ave",
        "ave.",
        "lane",
        "ln",
        "drive",
        "dr",
        "dr.",
        "boulevard",
        "blvd",
        "way",
        "court",
        "square",
        "rue",
        "via",
        "viale",
        "calle",
        "plaza",
        "piazza",
        "weg",
        "chemin",
    ];
    const ENDS: [&str; 9] = ["strasse", "straße", "str.", "gasse", "allee", "platz", "weg", "straat", "laan"];
    let lower = text.to_lowercase();
    let number = lower.contains(|c: char| c.is_ascii_digit());
    let street = lower
        .split([' ', ','])
        .any(|word| STREETS.contains(&word) || ENDS.iter().any(|end| word.len() > end.len() && word.ends_with(end)));
    number && street && lower.contains(' ')
}

/// A street that has a name, and the number of a house before or behind it: `12 Main Street`, `Hauptstr. 95a`; a town, with its
/// postal code, may stand before it or behind it, after a comma or on a line of its own.
pub(super) fn is_house(text: &str) -> bool {
    is_bare_house(text) || text.split([',', ';', '\n']).any(|part| is_bare_house(part.trim()))
}

fn is_bare_house(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let house = |word: &&str| {
        let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
        (1..=5).contains(&(word.len() - rest.len()))
            && rest.chars().count() <= 1
            && rest.chars().all(char::is_alphabetic)
    };
    let named = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
    };
    // The word for the street alone (`500 Way`) is no name of one, unless it is written as one word with it.
    let names = words.iter().filter(|word| named(word)).count();
    let joined = words.iter().any(|word| named(word) && word.chars().count() >= 7);
    is_street(text) && (words.first().is_some_and(house) || words.last().is_some_and(house)) && (names >= 2 || joined)
}

/// Two to four words that begin with a capital letter, as people are called.
pub(super) fn is_full_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let name = |word: &&str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '.'))
    };
    (2..=4).contains(&words.len()) && words.iter().all(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_from_what_looks_like_it() {
        assert!(is_mail("a.b@example.org") && !is_mail("a@b") && !is_mail("at @ noon.today"));
        assert!(is_ip("192.168.0.1") && is_ip("2001:db8::1") && !is_ip("1.2.3") && !is_ip("12:30"));
        assert!(
            is_phone("+41 44 668 18 00")
                && is_phone("(555) 123-4567")
                && !is_phone("123")
                && !is_phone("2024-01-01 10:00:00")
        );
        assert!(
            is_street("12 Main Street")
                && is_street("Hauptstraße 5")
                && !is_street("First Street")
                && !is_street("12 apples")
        );
        for street in
            ["657 Main Street", "Hauptstr. 95", "Lindenweg 189a", "Via Roma 12", "12 Rue de la Paix", "9 Elm St"]
                .into_iter()
                .chain(["Meierstr. 12, 12345 Berlin", "10115 Berlin, Meierstraße 12", "Calle Mayor 12, Madrid"])
        {
            assert!(is_house(street), "{street}");
        }
        for other in [
            "500 GB Drive",
            "3 Way",
            "First Street",
            "King Street Station",
            "12 apples",
            "Drive 5",
            "Weg 3",
            "12345 Berlin, Paris",
            "",
        ] {
            assert!(!is_house(other), "{other}");
        }
        for phone in ["+49 123 4567890", "(602) 759-7096", "+41446681800", "(030) 123456"] {
            assert!(is_dialled(phone), "{phone}");
        }
        for other in ["549-754-4236", "(1234567)", "+1234567", "+123.4567891", "(12) 5", "2024-01-01", ""] {
            assert!(!is_dialled(other), "{other}");
        }
        assert!(is_full_name("Ada Lovelace") && !is_full_name("Ada") && !is_full_name("new york"));
    }
}
